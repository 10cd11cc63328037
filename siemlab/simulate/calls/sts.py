"""Calls of STS: who am I, and temporary credentials.

Holes: ``role_arn``, ``role_id`` (``AROA...``), ``role_name``, ``role_account`` (of the role),
``session`` (its name), ``access_key`` (the ``ASIA`` key that is issued), ``seconds`` (for how
long), ``external_id``; of a sign-in by SAML ``provider_arn``, ``subject``, ``issuer``,
``qualifier``. ``expires`` is an hour later unless given, as ``seconds`` is 3600.

The global endpoint is recorded in us-east-1; a regional one where it is.
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "ASSUME_ROLE",
    "ASSUME_ROLE_BY_INSTANCE",
    "ASSUME_ROLE_BY_SERVICE",
    "ASSUME_ROLE_EXTERNAL",
    "ASSUME_ROLE_WITH_SAML",
    "DECODE_AUTHORIZATION_MESSAGE",
    "GET_ACCESS_KEY_INFO",
    "GET_CALLER_IDENTITY",
    "GET_CALLER_IDENTITY_GLOBAL",
    "GET_SESSION_TOKEN",
    "SESSION_TOKEN",
]

_DUMMY = "TokensOfThisCompanyAreOneDummyTextBehindTheirSerialNumber0mJp"
SESSION_TOKEN = f"IQoJb3JpZ2luX2VjE{Hole('token_serial')}{_DUMMY * 11}"
"""The token that comes with a temporary key; it opens nothing."""

STS = Family(service="sts")

_CREDENTIALS = {
    "accessKeyId": Hole("access_key"),
    "sessionToken": SESSION_TOKEN,
    "expiration": Hole("expires"),
}
_USER = {
    "assumedRoleId": f"{Hole('role_id')}:{Hole('session')}",
    "arn": (
        f"arn:aws:sts::{Hole('role_account')}:assumed-role/{Hole('role_name')}/{Hole('session')}"
    ),
}
_ROLE = [
    {
        "accountId": Hole("role_account"),
        "type": "AWS::IAM::Role",
        "ARN": Hole("role_arn"),
    }
]

_TAKEN: dict[str, object] = {
    "roleArn": Hole("role_arn"),
    "roleSessionName": Hole("session"),
}
_LENGTH = {"durationSeconds": Hole("seconds", raw=True)}


def _assume(request: dict[str, object], response: dict[str, object]) -> Call:
    return Call(
        service="sts",
        name="AssumeRole",
        read_only=True,
        request=request,
        response=response,
        resources=_ROLE,
        faults=(
            Fault(
                "AccessDenied",
                f"User: {Hole('caller_arn')} is not authorized to perform: sts:AssumeRole "
                f"on resource: {Hole('role_arn')}",
                shows_request=False,
            ),
        ),
        defaults={"seconds": 3600},
    )


ASSUME_ROLE = _assume(
    {**_TAKEN, **_LENGTH}, {"credentials": _CREDENTIALS, "assumedRoleUser": _USER}
)
"""By a user or another role, within the account or from another."""

ASSUME_ROLE_EXTERNAL = _assume(
    {**_TAKEN, "externalId": Hole("external_id"), **_LENGTH},
    {"credentials": _CREDENTIALS, "assumedRoleUser": _USER},
)
"""By a partner, who has to name an external id."""

ASSUME_ROLE_BY_SERVICE = _assume(
    {**_TAKEN, **_LENGTH}, {"credentials": _CREDENTIALS, "assumedRoleUser": _USER}
)
"""By a service for itself (Config, RDS): `siemlab.simulate.callers.aws_service`."""

ASSUME_ROLE_BY_INSTANCE = _assume(dict(_TAKEN), {"credentials": _CREDENTIALS})
"""By EC2 for an instance, or by Lambda for a function: the answer is shorter."""

ASSUME_ROLE_WITH_SAML = Call(
    service="sts",
    name="AssumeRoleWithSAML",
    read_only=True,
    request={
        "roleArn": Hole("role_arn"),
        "principalArn": Hole("provider_arn"),
        "durationSeconds": Hole("seconds", raw=True),
    },
    response={
        "credentials": _CREDENTIALS,
        "assumedRoleUser": _USER,
        "subject": Hole("subject"),
        "subjectType": "persistent",
        "issuer": Hole("issuer"),
        "audience": "https://signin.aws.amazon.com/saml",
        "nameQualifier": Hole("qualifier"),
    },
    resources=[
        {
            "accountId": Hole("role_account"),
            "type": "AWS::IAM::Role",
            "ARN": Hole("role_arn"),
        },
        {
            "accountId": Hole("role_account"),
            "type": "AWS::IAM::SAMLProvider",
            "ARN": Hole("provider_arn"),
        },
    ],
    defaults={"seconds": 3600},
)
"""The sign-in of a person by way of IAM Identity Center."""

GET_CALLER_IDENTITY = STS("GetCallerIdentity")
"""At the regional endpoint."""

GET_CALLER_IDENTITY_GLOBAL = STS("GetCallerIdentity", home="us-east-1", host="sts.amazonaws.com")
"""At the global endpoint, which old programs and new thieves use."""

GET_ACCESS_KEY_INFO = STS("GetAccessKeyInfo", {"accessKeyId": Hole("access_key")})

GET_SESSION_TOKEN = STS(
    "GetSessionToken",
    {"durationSeconds": Hole("seconds", raw=True)},
    {"credentials": _CREDENTIALS},
    defaults={"seconds": 43200},
)

DECODE_AUTHORIZATION_MESSAGE = STS(
    "DecodeAuthorizationMessage", {"encodedMessage": Hole("encoded")}, read_only=True
)
