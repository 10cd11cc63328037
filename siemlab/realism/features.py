"""What a record shows of the program that wrote it: the form of its ids, times and numbers.

Nothing here says what happened. A real attack tool differs from a real background in which members
it has, and may; how an id or a time is written must not tell the two apart.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from siemlab.realism.calls import in_order

__all__ = ["FEATURES", "Row", "alb_row", "cloudtrail_row", "vpc_row"]

Row = tuple[float, ...]
"""The features of one record."""

UUID = 36  # characters
SDKS = ("aws-cli/", "aws-sdk-", "Boto3/", "[aws-cli/", "[aws-sdk-", "[Boto3/", "APN/", "Terraform/")


def _id(value: object) -> Row:
    """Return the form of a uuid: digits, capitals, version and variant, what it begins with."""
    if not isinstance(value, str) or len(value) != UUID:
        return (-1.0,) * 5
    digits = sum(map(str.isdigit, value))
    capitals = sum(map(str.isupper, value))
    try:
        return (digits, capitals, int(value[14], 16), int(value[19], 16), int(value[:8], 16))
    except ValueError:
        return (digits, capitals, -2.0, -2.0, -2.0)


def _kind(value: object) -> float:
    kinds: tuple[type, ...] = (bool, str, int, float, dict, list, type(None))
    return float(next((at for at, kind in enumerate(kinds) if isinstance(value, kind)), -1))


def _lacks_tls(event: Mapping[str, Any]) -> bool:
    """Tell whether a direct call by an SDK or the command line is without its TLS details."""
    agent, address = event.get("userAgent"), event.get("sourceIPAddress")
    if not isinstance(agent, str) or not isinstance(address, str):
        return False
    direct = agent.startswith(SDKS) and address[-1:].isdigit()
    return direct and "tlsDetails" not in event


def cloudtrail_row(event: Mapping[str, Any]) -> Row:
    """Return the features of a CloudTrail event.

    Parameters
    ----------
    event
        The raw record.

    Examples
    --------
    >>> len(cloudtrail_row({"eventID": "8feee4c2-5e27-4857-8475-bfa7e7b6d791"}))
    16
    """
    names = list(event)
    request = event.get("requestID")
    if not isinstance(request, str) or len(request) != UUID:
        # S3 and a few others have ids of another form, or none: which service was called is no
        # trace of the program that wrote the record, so an id that tells nothing stands in.
        digest = hashlib.sha256(str(event.get("eventID")).encode()).digest()
        request = str(uuid.UUID(bytes=digest[:16], version=4))
    return (
        float(in_order(dict(event))),
        float(names == sorted(names)),
        *_id(event.get("eventID")),
        *_id(request),
        float(len(str(event.get("eventTime")))),
        _kind(event.get("readOnly")),
        _kind(event.get("managementEvent")),
        float(_lacks_tls(event)),
    )


def vpc_row(flow: Mapping[str, Any]) -> Row:
    """Return the features of a flow record: how its numbers end, and what packets weigh.

    Examples
    --------
    >>> vpc_row({"bytes": "1500", "packets": "3", "srcport": "44123", "start": "1668754800"})
    (0.0, 1.0, 1.0, 0.0, 500.0)
    """
    try:
        size, packets = int(flow["bytes"]), int(flow["packets"])
        port, start = int(flow.get("srcport", 0)), int(flow.get("start", 0))
    except (KeyError, TypeError, ValueError):
        return (-1.0,) * 5
    mean = min(size / packets, 1600.0) if packets else -1.0
    return (float(size % 2), float(packets % 2), float(port % 2), float(start % 10), mean)


def alb_row(line: Mapping[str, Any]) -> Row:
    """Return the features of a load balancer's line: trace id, fractions, digits of the times.

    Examples
    --------
    >>> alb_row({"trace_id": "Root=1-639fe4b5-0a1b", "request_processing_time": "0.001"})[:3]
    (20.0, 8.0, 0.0)
    """
    trace = str(line.get("trace_id", ""))
    times = ("request_processing_time", "target_processing_time")
    fractions = [float(len(str(line.get(name, "")).partition(".")[2])) for name in times]
    stamp = str(line.get("timestamp", ""))
    return (
        float(len(trace)),
        float(len(trace.split("-")[1]) if trace.count("-") > 1 else -1),
        float(sum(map(str.isupper, trace.removeprefix("Root=")))),
        *fractions,
        float(len(stamp)),
        float(stamp.endswith("000Z")),
    )


FEATURES = {"alb": alb_row, "cloudtrail": cloudtrail_row, "vpcflowlogs": vpc_row}
"""The log types that are judged, each with what makes its features."""
