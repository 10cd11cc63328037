"""What the calls of S3 have in common: hosts, sizes, how they fail.

S3 has its own request ids, writes the user agent in square brackets, and says in
``additionalEventData`` how a request was signed and how much went over the wire.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import only_reads
from siemlab.simulate.shapes import Hole

__all__ = ["ADDITIONAL", "BUCKET", "HOST", "S3_XMLNS", "denied", "missing", "on_bucket", "s3"]

HOST = f"{Hole('bucket')}.s3.{Hole('region')}.amazonaws.com"
"""The host of a bucket."""

S3_XMLNS = {"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/"}

ADDITIONAL = {
    "SignatureVersion": "SigV4",
    "CipherSuite": Hole("cipher"),
    "bytesTransferredIn": Hole("bytes_in", raw=True),
    "AuthenticationMethod": "AuthHeader",
    "x-amz-id-2": Hole("host_id"),
    "bytesTransferredOut": Hole("bytes_out", raw=True),
}
"""``bytes_in`` and ``bytes_out`` have defaults."""

BUCKET = {
    "accountId": Hole("account"),
    "type": "AWS::S3::Bucket",
    "ARN": f"arn:aws:s3:::{Hole('bucket')}",
}
"""A bucket as ``resources`` names it."""


def denied() -> Fault:
    """Return how S3 refuses: until 2024 it did not say why."""
    return Fault("AccessDenied", "Access Denied", defaults={"bytes_out": 243})


def missing(code: str, text: str, size: int) -> Fault:
    """Return how S3 says that a bucket has no such configuration, in so many bytes."""
    return Fault(code, text, defaults={"bytes_out": size})


def s3(
    name: str,
    request: dict[str, Any],
    response: Any = None,
    *,
    sizes: tuple[int, int] = (0, 0),
    faults: tuple[Fault, ...] = (),
    **more: Any,
) -> Call:
    """Return a call of S3.

    Parameters
    ----------
    name, request, response
        As of a `Call`.
    sizes
        How many bytes go in and out, unless whoever makes the call knows better.
    faults
        How it fails besides being refused.
    more
        Further parameters of a `Call`.
    """
    kinds = {fault.code for fault in faults}
    more = {
        "read_only": only_reads(name),
        "host": HOST,
        "additional": ADDITIONAL,
        "defaults": {"bytes_in": sizes[0], "bytes_out": sizes[1]},
        **more,
    }
    return Call(
        service="s3",
        name=name,
        request=request,
        response=response,
        faults=faults if "AccessDenied" in kinds else (*faults, denied()),
        request_id="s3",
        brackets=True,
        **more,
    )


def on_bucket(
    name: str,
    flag: str = "",
    sizes: tuple[int, int] = (0, 0),
    body: dict[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
) -> Call:
    """Return a call about a bucket.

    Parameters
    ----------
    name
        As the log has it: ``PutBucketLifecycle``.
    flag
        The flag in the address: ``lifecycle``; empty for none.
    sizes
        As of `s3`.
    body
        What is sent, by the name of its outermost element.
    faults
        How it fails besides being refused, and besides there being no such bucket.
    """
    request: dict[str, Any] = {"bucketName": Hole("bucket"), "Host": HOST, **(body or {})}
    if flag:
        request[flag] = ""
    no_bucket = missing("NoSuchBucket", "The specified bucket does not exist", 331)
    return s3(name, request, sizes=sizes, faults=(*faults, no_bucket), resources=[BUCKET])
