"""Sign-ins to the console.

Holes: ``mfa_arn`` (the device), ``provider_arn`` (of IAM Identity Center). A sign-in is recorded in
the region of its page. `siemlab.simulate.callers` has who signs in; there is no request id.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.shapes import Hole

__all__ = [
    "CHECK_MFA",
    "CONSOLE_HOME",
    "CONSOLE_LOGIN",
    "CONSOLE_LOGIN_FAILURE",
    "CONSOLE_LOGIN_FAILURE_UNKNOWN",
    "CONSOLE_LOGIN_MFA",
    "CONSOLE_LOGIN_ROLE",
    "GET_SIGNIN_TOKEN",
    "SWITCH_ROLE",
]

CONSOLE_HOME = (
    "https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true"
    f"&state=hashArgsFromTB_{Hole('region')}_{Hole('page_state')}"
)
"""Where a sign-in leads by default."""

GLOBAL_PAGE = "signin.aws.amazon.com"
REGIONAL_PAGE = f"{Hole('region')}.signin.aws.amazon.com"


def _event(
    name: str, outcome: str, additional: dict[str, Any], faults: tuple[Fault, ...] = ()
) -> Call:
    return Call(
        service="signin",
        name=name,
        read_only=False,
        response={name: outcome},
        additional=additional,
        event_type="AwsConsoleSignIn",
        request_id="none",
        host=REGIONAL_PAGE,
        faults=faults,
    )


_PAGE = {"LoginTo": CONSOLE_HOME, "MobileVersion": "No"}

CONSOLE_LOGIN = _event("ConsoleLogin", "Success", {**_PAGE, "MFAUsed": "No"})
"""By an IAM user without a second factor."""

CONSOLE_LOGIN_MFA = _event(
    "ConsoleLogin",
    "Success",
    {**_PAGE, "MFAIdentifier": Hole("mfa_arn"), "MFAUsed": "Yes"},
)
"""By an IAM user with a second factor."""

CONSOLE_LOGIN_ROLE = _event(
    "ConsoleLogin",
    "Success",
    {
        "MobileVersion": "No",
        "MFAUsed": "No",
        "SamlProviderArn": Hole("provider_arn"),
    },
)
"""By a person with a role of IAM Identity Center, who showed the second factor there."""

CONSOLE_LOGIN_FAILURE = _event(
    "ConsoleLogin",
    "Failure",
    {**_PAGE, "MFAUsed": "No"},
    (Fault("", "Failed authentication"),),
)
"""A wrong password of a user that exists."""

CONSOLE_LOGIN_FAILURE_UNKNOWN = _event(
    "ConsoleLogin",
    "Failure",
    {**_PAGE, "MFAUsed": "No"},
    (Fault("", "No username found in supplied account"),),
)
"""A name that no user has: the log hides it, for it could be a password."""

CHECK_MFA = _event("CheckMfa", "Success", {"MfaType": "Virtual MFA"})
"""The second factor is asked for, before the sign-in is complete."""

GET_SIGNIN_TOKEN = Call(
    service="signin",
    name="GetSigninToken",
    read_only=False,
    response={"GetSigninToken": "Success"},
    additional={"MobileVersion": "No", "MFAUsed": "No"},
    event_type="AwsConsoleSignIn",
    request_id="none",
    host=GLOBAL_PAGE,
)
"""A link to the console is made for somebody's temporary credentials."""

SWITCH_ROLE = _event(
    "SwitchRole",
    "Success",
    {
        "SwitchFrom": Hole("caller_arn"),
        "RedirectTo": "https://console.aws.amazon.com/console/home",
    },
)
"""A user of the console takes a role of another account."""
