"""Values of documents as plain JSON that is small enough for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from siemlab.store.frames import flat

__all__ = ["LONGEST", "cell", "fields_of", "moment", "pretty", "shown", "sound", "time_of"]

LONGEST: Final = 2000
"""Characters of a value that are sent; the whole of it is sent when it is asked for."""

_EXACT: Final = 2**53  # what a number of JavaScript holds exactly
_MOST: Final = 20  # values of one field that a cell shows


def moment(time: datetime) -> str:
    """Return a time as ISO text in UTC.

    Examples
    --------
    >>> moment(datetime(2022, 11, 14, 9, tzinfo=UTC))
    '2022-11-14T09:00:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sound(text: str) -> str:
    r"""Return a text that any message can hold: half a surrogate pair is written out.

    Examples
    --------
    >>> sound("half " + chr(0xD83D))
    'half \\ud83d'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def shown(value: Any, longest: int = LONGEST) -> Any:
    """Return a value as plain JSON: a long text cut, with its length.

    Parameters
    ----------
    value
        A value of a document, or the key of a bucket.
    longest
        How many characters are left of a text.

    Returns
    -------
    Any
        Text, number, boolean or None; ``{"text", "length"}`` for a text that was cut.

    Examples
    --------
    >>> shown("abcdef", 3), shown(2**60), shown(True)
    ({'text': 'abc', 'length': 6}, '1152921504606846976', True)
    """
    if isinstance(value, str):
        text = sound(value)
        return text if len(text) <= longest else {"text": text[:longest], "length": len(text)}
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        fine = abs(value) < _EXACT  # which no NaN is
        return value if fine else str(value)
    if isinstance(value, datetime):
        return moment(value)
    return shown(json.dumps(value, ensure_ascii=False, default=str), longest)


def cell(value: Any, longest: int = LONGEST) -> list[Any]:
    """Return the values that a field has in one document, as plain JSON.

    Parameters
    ----------
    value
        What `flat` says of the field; None where the document has none.
    longest
        How many characters are left of a text.

    Examples
    --------
    >>> cell(["a", "b"]), cell(None)
    (['a', 'b'], [])
    >>> cell([*range(30)])[-1]
    {'text': '… (+10)', 'length': 0}
    """
    if value is None:
        return []
    several = value if isinstance(value, list) else [value]
    found = [shown(one, longest) for one in several[:_MOST] if one is not None]
    left = len(several) - _MOST
    return [*found, {"text": f"… (+{left:,})", "length": 0}] if left > 0 else found


def fields_of(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as dotted field names and their values, ``@timestamp`` first."""
    found = flat(dict(source))
    return {name: found[name] for name in sorted(found, key=lambda n: (n != "@timestamp", n))}


def time_of(source: Mapping[str, Any]) -> str:
    """Return the time of a document as ISO text in UTC; empty where it has none.

    Examples
    --------
    >>> time_of({"@timestamp": "2022-11-14T18:00:00+09:00"})
    '2022-11-14T09:00:00.000Z'
    """
    given = source.get("@timestamp")
    if isinstance(given, list):
        given = given[0] if given else None
    try:
        time = datetime.fromisoformat(str(given))
        return moment(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def pretty(source: Any, longest: int = LONGEST) -> str:
    """Return a document as JSON text with indents, its long texts cut.

    Examples
    --------
    >>> print(pretty({"user": {"name": "alice"}}))
    {
      "user": {
        "name": "alice"
      }
    }
    """
    return json.dumps(_trimmed(source, longest), ensure_ascii=False, indent=2, default=str)


def _trimmed(value: Any, longest: int) -> Any:
    if isinstance(value, dict):
        return {sound(str(name)): _trimmed(inner, longest) for name, inner in value.items()}
    if isinstance(value, list):
        return [_trimmed(inner, longest) for inner in value]
    if not isinstance(value, str):
        return value
    text = sound(value)
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,})"
