"""Records as JSON, compact and with all characters as they are, the way AWS writes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from siemlab.logs.keys import uuid

if TYPE_CHECKING:
    from siemlab.logs.model import Envelope

__all__ = ["encode_event", "encode_json", "whole_seconds"]

_SLOW = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def encode_json(raw: Mapping[str, Any], _envelope: Envelope | None = None) -> bytes:
    """Write a record as a JSON object; nothing stands around it.

    Parameters
    ----------
    raw
        The record.

    Examples
    --------
    >>> encode_json({"a": [1, None], "b": "日本"}).decode()
    '{"a":[1,null],"b":"日本"}'
    """
    import orjson

    try:
        return orjson.dumps(raw)
    except TypeError:  # a number of more than 64 bits
        return _SLOW.encode(raw).encode()


def encode_event(
    detail: Mapping[str, Any], envelope: Envelope, *, source: str, kind: str, resources: list[str]
) -> bytes:
    """Write an EventBridge event.

    Parameters
    ----------
    detail
        What it tells.
    envelope
        Its account, region and time; where the id is empty, one is made from the detail.
    source, kind
        Who sends it, and its ``detail-type``.
    resources
        The ARNs of what it is about.

    Examples
    --------
    >>> from siemlab.logs.model import Envelope
    >>> encode_event({"a": 1}, Envelope("7"), source="aws.config", kind="K", resources=[])
    b'{"version":"0","id":"7","detail-type":"K","source":"aws.config","account":"","time":"",...}'
    """
    made = envelope.id or _id_of(encode_json(detail))
    return encode_json(
        {
            "version": "0",
            "id": made,
            "detail-type": kind,
            "source": source,
            "account": envelope.account,
            "time": envelope.time,
            "region": envelope.region,
            "resources": resources,
            "detail": detail,
        }
    )


def _id_of(content: bytes) -> str:
    return uuid(hashlib.blake2b(content, digest_size=16).hexdigest())


def whole_seconds(time: str) -> str:
    """Return an ISO 8601 time as EventBridge writes it, which knows no fractions.

    Examples
    --------
    >>> whole_seconds("2022-11-18T07:00:01.123Z"), whole_seconds("2022-11-18T07:00:01Z")
    ('2022-11-18T07:00:01Z', '2022-11-18T07:00:01Z')
    """
    return f"{time[:19]}Z"
