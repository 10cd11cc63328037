"""How the calls of the catalog fail in everyday life: refused, too many, or nothing there."""

from __future__ import annotations

import re

from siemlab.simulate.call import Call

__all__ = ["MISSING", "REFUSED", "THROTTLED", "failure"]

REFUSED = re.compile("AccessDenied|.*UnauthorizedOperation")
THROTTLED = re.compile("Throttl|.*RequestLimitExceeded|TooManyRequests")
MISSING = re.compile(
    "NoSuch(?!Bucket$)|.*NotFound|ResourceNotFound|.*DoesNotExist|InsightNotEnabled"
    "|.*NotDiscovered|InvalidAccess"
)


def failure(call: Call, kind: re.Pattern[str]) -> str:
    """Return the error code with which a call fails in a way; empty if it does not.

    Parameters
    ----------
    call
        The call.
    kind
        `REFUSED`, `THROTTLED` or `MISSING`.

    Examples
    --------
    >>> from siemlab.simulate.calls.iam import LIST_USERS
    >>> failure(LIST_USERS, REFUSED), failure(LIST_USERS, MISSING)
    ('AccessDenied', '')
    """
    return next((fault.code for fault in call.faults if kind.match(fault.code)), "")
