"""What the calls of EC2 have in common: filters, refusals, trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import items, only_reads, throttled
from siemlab.simulate.shapes import Hole

__all__ = ["LIMITED", "PAGE", "ec2", "filters", "instance_items", "missing", "refused"]

PAGE = {"maxResults": 1000}
"""How the console asks: a thousand at once."""

LIMITED = throttled("Client.RequestLimitExceeded", "Request limit exceeded.")
"""How EC2 says that it is called too often."""

DRY_RUN = Fault("Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.")


def refused(encoded: bool = True) -> Fault:
    """Return how EC2 refuses: only for actions on single resources it encodes the reason."""
    text = "You are not authorized to perform this operation."
    tail = f" Encoded authorization failure message: {Hole('encoded')}"
    return Fault("Client.UnauthorizedOperation", text + tail if encoded else text)


def ec2(
    name: str,
    request: Any = None,
    response: Any = None,
    *,
    faults: tuple[Fault, ...] = (),
    encoded: bool | None = None,
    **more: Any,
) -> Call:
    """Return a call of EC2.

    Parameters
    ----------
    name, request, response
        As of a `Call`.
    faults
        How it fails besides being refused, being made too often, and being a trial only.
    encoded
        Whether a refusal says why, in code; if None, all but lists do.
    more
        Further parameters of a `Call`.
    """
    reads = only_reads(name)
    common = (refused(not reads if encoded is None else encoded), LIMITED, DRY_RUN)
    return Call(
        service="ec2",
        name=name,
        read_only=reads,
        request=request,
        response=response,
        faults=(*faults, *common),
        **more,
    )


def filters(**wanted: object) -> dict[str, Any]:
    """Return a ``filterSet``: names (with ``_`` for ``-``) and the one value of each.

    Examples
    --------
    >>> filters(vpc_id="vpc-0a1")
    {'items': [{'name': 'vpc-id', 'valueSet': {'items': [{'value': 'vpc-0a1'}]}}]}
    """
    return items(
        *(
            {"name": name.replace("_", "-"), "valueSet": items({"value": value})}
            for name, value in wanted.items()
        )
    )


def instance_items(instances: Sequence[str]) -> bytes:
    """Return what fills the hole ``instances``: a list of instance ids.

    Examples
    --------
    >>> instance_items(["i-0a1", "i-0b2"])
    b'[{"instanceId":"i-0a1"},{"instanceId":"i-0b2"}]'
    """
    return msgspec.json.encode([{"instanceId": instance} for instance in instances])


def missing(code: str, what: str, hole: str) -> Fault:
    """Return how a call fails that names what is not there (any more)."""
    return Fault(f"Client.Invalid{code}.NotFound", f"The {what} '{Hole(hole)}' does not exist")
