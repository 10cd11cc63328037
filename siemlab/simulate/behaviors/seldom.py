"""What nobody looks at every day: calls that a log of a week holds once, if at all."""

from __future__ import annotations

from functools import lru_cache

from siemlab.simulate.behaviors.pages import read_calls
from siemlab.simulate.call import Call, holes_of
from siemlab.simulate.calls.catalog import NAMED
from siemlab.simulate.stock_names import FINDERS

__all__ = ["seldom"]

EVERYDAY = ("pages.yaml", "rounds.yaml", "scripts.yaml", "weekly.yaml")
SENSITIVE = frozenset(
    {
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "GetPasswordData",
        "GetSecretValue",
    }
)
"""What nobody does who only looks around."""


@lru_cache(maxsize=1)
def seldom() -> tuple[Call, ...]:
    """Return the calls that only look, and that no table of everyday calls names.

    Examples
    --------
    >>> {"GetServiceQuota", "GetCertificate"} <= {call.name for call in seldom()}
    True
    """
    everyday = {
        call.name
        for name in EVERYDAY
        for parts in read_calls(name).values()
        for calls in parts.values()
        if isinstance(calls, tuple)
        for call in calls
        if isinstance(call, Call)
    }
    return tuple(call for _, call in sorted(NAMED.items()) if _is_seldom(call, everyday))


def _is_seldom(call: Call, everyday: set[str]) -> bool:
    known = (hole in FINDERS or f"{call.service}.{hole}" in FINDERS for hole in holes_of(call))
    return (
        call.read_only
        and call.event_type == "AwsApiCall"
        and not call.data
        and call.name not in everyday | SENSITIVE
        and call.service not in ("sts", "identitystore")
        and all(known)
    )
