"""What the calls of a service have in common: its hosts, its home, and how it refuses.

Holes of refusals: ``caller_arn`` is filled by the stage, ``reason`` says why (`no_policy`,
`BY_ORGANIZATION`, `no_boundary`) and is the missing policy unless given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from siemlab.simulate.call import REGIONAL_HOST, Call, Fault
from siemlab.simulate.shapes import Hole

__all__ = [
    "BY_ORGANIZATION",
    "Family",
    "items",
    "no_boundary",
    "no_policy",
    "only_reads",
    "throttled",
]

BY_ORGANIZATION = "with an explicit deny in a service control policy"
"""The ``reason`` of a refusal by a service control policy."""

READING = re.compile(
    "Get|List|Describe|Head|Lookup|Search|BatchGet|Query|Scan|Select|Simulate|Validate|Preview"
)


def no_policy(action: str) -> str:
    """Return the reason of a refusal where nothing allows it.

    Examples
    --------
    >>> no_policy("iam:GetUser")
    'because no identity-based policy allows the iam:GetUser action'
    """
    return f"because no identity-based policy allows the {action} action"


def no_boundary(action: str) -> str:
    """Return the reason of a refusal by a permissions boundary.

    Examples
    --------
    >>> no_boundary("iam:DeactivateMFADevice")
    'because no permissions boundary allows the iam:DeactivateMFADevice action'
    """
    return f"because no permissions boundary allows the {action} action"


def only_reads(name: str) -> bool:
    """Tell whether a call's name says that it only reads.

    Examples
    --------
    >>> only_reads("ListUsers"), only_reads("CreateUser")
    (True, False)
    """
    return READING.match(name) is not None


def throttled(code: str = "ThrottlingException", text: str = "Rate exceeded") -> Fault:
    """Return how a call fails that is made too often: its request does not show."""
    return Fault(code, text, shows_request=False)


THROTTLED = throttled()


def items(*rows: Any) -> dict[str, Any]:
    """Return a list as EC2 writes it; an empty one has no items.

    Examples
    --------
    >>> items(), items({"value": "running"})
    ({}, {'items': [{'value': 'running'}]})
    """
    return {"items": list(rows)} if rows else {}


@dataclass(frozen=True, kw_only=True)
class Family:
    """A service, and what all of its calls share; calling it makes a `Call`.

    Parameters
    ----------
    service
        The event source without its domain.
    prefix
        What its actions begin with in policies, where that is not the service's name.
    home, host, api_version
        As of a `Call`.
    throttle
        How it fails when it is called too often.

    Examples
    --------
    >>> iam = Family(service="iam", home="us-east-1", host="iam.amazonaws.com")
    >>> call = iam("ListUsers", on="arn:aws:iam::111122223333:user/")
    >>> call.read_only, call.fault("AccessDenied").shows_request
    (True, False)
    """

    service: str
    prefix: str = ""
    home: str = ""
    host: str = REGIONAL_HOST
    api_version: str = ""
    throttle: Fault = THROTTLED

    def __call__(
        self,
        name: str,
        request: Any = None,
        response: Any = None,
        *,
        on: str = "*",
        faults: tuple[Fault, ...] = (),
        **more: Any,
    ) -> Call:
        """Return a call of this service.

        Parameters
        ----------
        name, request, response
            As of a `Call`.
        on
            The resource that a refusal names.
        faults
            How it fails besides being refused and being made too often.
        more
            Further parameters of a `Call`.
        """
        more = {
            "read_only": only_reads(name),
            "home": self.home,
            "host": self.host,
            "api_version": self.api_version,
            **more,
        }
        return Call(
            service=self.service,
            name=name,
            request=request,
            response=response,
            faults=(*faults, self.refusal(name, on), self.throttle),
            **more,
        )

    def refusal(self, name: str, on: str) -> Fault:
        """Return how the service refuses a call."""
        # A date behind the name is of the log's; policies do not have it.
        action = f"{self.prefix or self.service}:{re.sub(r'20[0-9_]{6,}(v[0-9])?$', '', name)}"
        text = f"User: {Hole('caller_arn')} is not authorized to perform: {action} on resource: "
        return Fault(
            "AccessDenied",
            f"{text}{on} {Hole('reason')}",
            shows_request=False,
            defaults={"reason": no_policy(action)},
        )
