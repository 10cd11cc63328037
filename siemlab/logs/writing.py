"""How a log type is written: genuine AWS files below the keys that AWS gives them.

A `Stream` is one source that delivers objects. A `Delivery` is one object of it; the log type's
`Writer` says what it is called and what stands around its records. Records come as `Rows`, which
are put in order, cut into objects and rendered without looking at any one of them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from siemlab.logs.rows import Frame, Lines, Rows, concat

if TYPE_CHECKING:
    from siemlab.logs.model import Envelope, LogType

__all__ = [
    "Delivery",
    "Encode",
    "Frame",
    "Head",
    "Lines",
    "Rhythm",
    "Rows",
    "Stream",
    "Writer",
    "concat",
    "packed",
    "render",
    "store_object",
]

FAST, PLAIN = 1, 6  # levels of isal and of zlib that pack JSON about as tightly


@dataclass(frozen=True)
class Stream:
    """One source that delivers objects: all of its records go to one series of files.

    Parameters
    ----------
    log_type
        The type's name.
    account, region
        Where it runs, as the key shows them.
    name
        What delivers, where that is part of the key: the bucket, the VPC id, the balancer
        (``app/NAME/<16 hex>``), the web ACL, the Firehose stream, the resource type of Config.
    part
        The flow log's id (``fl-...``), the balancer node's address, the organization's id
        (``o-...``) of a trail, where the key has one.

    Examples
    --------
    >>> Stream("alb", "111122223333", "ap-northeast-1", "app/web/0a1b2c3d4e5f6071").name
    'app/web/0a1b2c3d4e5f6071'
    """

    log_type: str
    account: str
    region: str
    name: str = ""
    part: str = ""


@dataclass(frozen=True)
class Delivery:
    """One object of a stream.

    Parameters
    ----------
    stream
        Who delivers it.
    time
        The object's stamp: UTC, whole seconds.
    token
        32 hex digits, from which the key takes its random part.
    begin
        The time of the oldest record, where the key shows one (Config history); left out, it is as
        long before ``time`` as the service takes from delivery to delivery.

    Examples
    --------
    >>> from datetime import UTC
    >>> stream = Stream("waf", "111122223333", "us-east-1", "web")
    >>> Delivery(stream, datetime(2022, 11, 18, 7, 5, tzinfo=UTC), "0f" * 16).begin is None
    True
    """

    stream: Stream
    time: datetime
    token: str
    begin: datetime | None = None


class Encode(Protocol):
    """Write a record: the fields that a reader got out, as bytes without what stands between."""

    def __call__(self, raw: Mapping[str, Any], envelope: Envelope = ..., /) -> bytes:
        """Return the record's bytes.

        Parameters
        ----------
        raw
            The record's fields. What is read from the bytes is equal to it.
        envelope
            What stands around it; where the type has one and it is empty, it is made from the
            record.
        """


@dataclass(frozen=True)
class Rhythm:
    """When a service delivers what it recorded, and in which order; times are seconds.

    Parameters
    ----------
    every
        How often it writes an object.
    least, most
        How long it takes, at least and at most, until a record can be in one.
    disorder
        By how much the order in an object may differ from the order of time.
    largest
        The most records in one object.
    longest
        The most seconds that one object may hold where fewer are wanted than the service writes.
    enough
        With how many records an object then does not wait any longer (0: it always does); twice
        as many go into two.
    """

    every: int = 300
    least: int = 5
    most: int = 60
    disorder: int = 0
    largest: int = 100_000
    longest: int = 3600
    enough: int = 0

    def packed(self, seconds: int) -> int:
        """Return how often to write an object, where one in so many seconds would do."""
        return max(self.every, min(seconds, self.longest))


Head = bytes | Callable[[Delivery], bytes]
"""What an object begins with: the same in all of them, or made of the delivery."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Writer:
    """How objects of a log type are written.

    Parameters
    ----------
    key
        The S3 key of a delivery.
    encode
        One record's bytes.
    head, between, tail
        What stands before, between and behind the records of an object.
    compressed
        Whether the service packs the object with gzip.
    rhythm
        When the service delivers.

    Examples
    --------
    >>> from siemlab.logs.cloudtrail import CLOUDTRAIL
    >>> CLOUDTRAIL.writer.head, CLOUDTRAIL.writer.encode({"eventID": "1"})
    (b'{"Records":[', b'{"eventID":"1"}')
    """

    key: Callable[[Delivery], str]
    encode: Encode
    head: Head = b""
    between: bytes = b"\n"
    tail: bytes = b"\n"
    compressed: bool = True
    rhythm: Rhythm = Rhythm()


def render(log_type: LogType, rows: Rows, start: int, stop: int, delivery: Delivery) -> bytes:
    r"""Return the plain content of one object.

    Parameters
    ----------
    log_type
        Its writer says what stands around the records.
    rows, start, stop
        The records, and which of them the object holds.
    delivery
        Whose object it is.

    Examples
    --------
    >>> from datetime import UTC
    >>> from siemlab.logs.guardduty import GUARDDUTY
    >>> stream = Stream(GUARDDUTY.name, "111122223333", "us-east-1")
    >>> delivery = Delivery(stream, datetime(2022, 11, 18, tzinfo=UTC), "0f" * 16)
    >>> render(GUARDDUTY, Lines([b"{}", b"[]", b"1"]), 0, 2, delivery)
    b'{}\n[]\n'
    """
    writer = log_type.writer
    head = writer.head if isinstance(writer.head, bytes) else writer.head(delivery)
    return b"".join((head, rows.join(start, stop, writer.between), writer.tail))


def store_object(root: Path, key: str, content: bytes, compressed: bool) -> str:
    """Write an object below a folder, whole or not at all.

    Parameters
    ----------
    root
        The folder that stands for the bucket.
    key
        The object's key, as `Writer.key` makes it.
    content
        Its plain content.
    compressed
        Whether to pack it: with a gzip header that names no file and no time, so that equal
        content gives equal bytes wherever the same library packs it.

    Returns
    -------
    str
        The SHA-256 of the plain content, in hex digits.

    Examples
    --------
    >>> import tempfile
    >>> store_object(Path(tempfile.mkdtemp()), "a/b.gz", b"{}", compressed=True)[:8]
    '44136fa3'
    """
    path = f"{root}/{key}"
    data = packed(content) if compressed else content
    try:
        _write(path, data)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    return hashlib.sha256(content).hexdigest()


def _write(path: str, data: bytes) -> None:
    # Plain calls: a data set has a million files, and Path takes as long as the system does.
    partial = f"{path}.part"
    with open(partial, "wb", buffering=0) as file:
        file.write(data)
    os.replace(partial, path)


def packed(content: bytes) -> bytes:
    """Pack a content with gzip: equal content gives equal bytes.

    Parameters
    ----------
    content
        The plain content.

    Examples
    --------
    >>> import gzip
    >>> gzip.decompress(packed(b"{}"))
    b'{}'
    """
    try:
        from isal import igzip_lib
    except ImportError:  # no wheel for this machine: slower, and the same content
        import gzip

        return gzip.compress(content, PLAIN, mtime=0)
    small: bytes = igzip_lib.compress(content, FAST, igzip_lib.COMP_GZIP)
    return small
