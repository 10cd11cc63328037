"""What a JSON value becomes in a field: the typed, searchable value, by the field's type.

Text stays text for ``keyword`` and ``text``; an address is a number of 128 bits, IPv4 mapped into
IPv6; a date is milliseconds since 1970; a point on the map is only True.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import orjson

from siemlab.store.addresses import address, address_text
from siemlab.store.dates import parse, to_utc
from siemlab.store.numeric import FLOATS, INTEGERS, NEGATIVE_ZERO, as_float, indexed_integer
from siemlab.store.plan import Scalar

__all__ = [
    "KEYWORDS",
    "LEAF_TYPES",
    "STRINGS",
    "TEXTS",
    "converter",
    "json_text",
    "moment",
    "same",
    "shown",
]

KEYWORDS: Final = frozenset({"keyword"})
TEXTS: Final = frozenset({"text", "match_only_text"})
STRINGS: Final = KEYWORDS | TEXTS
LEAF_TYPES: Final = frozenset(
    {*KEYWORDS, *TEXTS, *INTEGERS, *FLOATS, "boolean", "date", "geo_point", "ip"}
)
"""The field types that hold values and that siemlab knows."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Logs write times like 2023-01-01T09:30:59.123Z, and many of one minute follow each other.
_MINUTE: Final = re.compile(r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):", re.ASCII)
_MINUTE_LENGTH: Final = 17
_SECONDS: Final = re.compile(r"([0-5]\d)(?:\.(\d{3}))?Z", re.ASCII)
_ISO: Final = ("strict_date_optional_time", "date_optional_time")
_BOOLEANS: Final = {"true": True, "false": False, "": False}
_POINT = re.compile(
    r"\s*-?\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?\s*(,\s*-?\d+(\.\d+)?\s*)?"
    r"|[0-9b-hjkmnp-z]+|(?i:POINT)\s*\(\s*-?\d+(\.\d+)?\s+-?\d+(\.\d+)?\s*\)",
)


def json_text(value: str | float) -> str:
    """Return a scalar as text, as the server reads it from JSON.

    Examples
    --------
    >>> json_text(7), json_text(1e-7), json_text(True)
    ('7', '1e-7', 'true')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # A server keeps a number in a keyword as it is written in JSON, which is how it is sent.
    return orjson.dumps(value).decode() if isinstance(value, float) else str(value)


def converter(kind: str, formats: tuple[str, ...] = ()) -> Callable[[Any], Scalar]:
    """Return the function from a JSON scalar to the value of a field.

    The function raises ValueError where the field cannot hold the value.

    Parameters
    ----------
    kind
        The field's type.
    formats
        The formats of a date field.

    Examples
    --------
    >>> converter("long")("7.9"), converter("keyword")(7), converter("boolean")("")
    (7, '7', False)
    """
    if kind in INTEGERS:
        return lambda value: indexed_integer(kind, _no_boolean(value))
    if kind in FLOATS:
        return lambda value: as_float(kind, _no_boolean(value))
    if kind == "date":
        return lambda value: _date(json_text(value), formats)
    return {"ip": _address, "boolean": _boolean, "geo_point": _point}.get(kind, json_text)


def shown(kind: str, value: Scalar) -> str | int | float | bool | datetime:
    """Return a value as an aggregation's key: addresses as text, dates as aware UTC times.

    A date beyond the years 1 to 9999 stays a number.

    Examples
    --------
    >>> print(shown("ip", 1), shown("date", 0))
    ::1 1970-01-01 00:00:00+00:00
    """
    if kind == "ip":
        return address_text(int(value))
    if kind == "date":
        return moment(int(value)) or int(value)
    return -0.0 if kind in FLOATS and value == NEGATIVE_ZERO else value


def moment(millis: int | None) -> datetime | None:
    """Return a time as aware UTC; None for none, and beyond the years 1 to 9999.

    Examples
    --------
    >>> print(moment(0), moment(10**15))
    1970-01-01 00:00:00+00:00 None
    """
    try:
        return None if millis is None else _EPOCH + timedelta(milliseconds=millis)
    except OverflowError:
        return None


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same; 1, 1.0 and true are three.

    Examples
    --------
    >>> same({"n": [1]}, {"n": [1]}), same({"n": [1]}, {"n": [True]})
    (True, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _no_boolean(value: str | float) -> str | float:
    if isinstance(value, bool):
        raise ValueError(value)
    return value


def _date(text: str, formats: tuple[str, ...]) -> int:
    seconds = _SECONDS.fullmatch(text, _MINUTE_LENGTH) if formats[0] in _ISO else None
    minute = None if seconds is None else _minute(text[:_MINUTE_LENGTH])
    if seconds is not None and minute is not None:
        return minute + int(seconds[1]) * 1000 + int(seconds[2] or 0)
    written = parse(text, formats)
    millis = to_utc(written.local, written.zone)
    if not -(2**63) <= millis < 2**63:
        raise ValueError(text)
    return millis


@lru_cache(maxsize=10_000)
def _minute(text: str) -> int | None:
    """Return a minute's first millisecond; None where the text is no minute of the calendar."""
    found = _MINUTE.fullmatch(text)
    day = None if found is None else _day(found[1])
    if found is None or day is None:
        return None
    return day + int(found[2]) * 3_600_000 + int(found[3]) * 60_000


@lru_cache(maxsize=1_000)
def _day(text: str) -> int | None:
    try:
        return parse(text, _ISO[:1]).local
    except ValueError:
        return None


def _address(value: str | float) -> int:
    return address(json_text(value))


def _boolean(value: str | float) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _BOOLEANS:
        return _BOOLEANS[value]
    raise ValueError(value)


def _point(value: object) -> bool:
    if isinstance(value, str) and _POINT.fullmatch(value):
        return True
    if isinstance(value, dict):
        value = [value.get("lon"), value.get("lat")]
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise ValueError(value)
    for part in value:
        if isinstance(part, bool) or not isinstance(part, str | int | float):
            raise ValueError(value)
        as_float("double", part)
    return True
