"""One JSON value from a text: strictly, or quickly where the quick way is proven to be the same.

The standard library's decoder reads value after value and says where each ends. msgspec is faster,
but keeps the last of two equal keys and says nothing of it. `quick` finds out whether that could
have happened. msgspec also writes values in a third of the time, and the same text, but for
fractions that are very large or very small.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import msgspec

__all__ = [
    "MOST_LEVELS",
    "FaultError",
    "balanced_end",
    "end_of",
    "is_deep",
    "quick",
    "strict",
    "twice",
    "written",
]

# Genuine AWS records have up to 25 levels; engines and recursion give up at some hundred.
MOST_LEVELS = 100

MARK = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[{}\[\]"]')
QUOTE_TO_END = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*\\?')
CLOSED_BY = {"{": "}", "[": "]"}
QUOTE_OR_COLON = re.compile(rb"\\u00(?:22|3[aA])")

written = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""Write a value as ``@message`` shows it: ``", "`` and ``": "``, non-ASCII characters kept."""


class FaultError(ValueError):
    """A JSON value that reads well and is refused: what is wrong, in which field."""

    def __init__(self, en: str, ja: str, field: str = "") -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja
        self.field = field


def twice(key: str) -> FaultError:
    """Return the fault of a key that stands twice.

    Examples
    --------
    >>> twice("a").field
    'a'
    """
    shown = repr(key[:80])
    return FaultError(
        f"the key {shown} stands twice in one object",
        f"キー {shown} が 1 つのオブジェクトに 2 回あります",
        key,
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise twice(next(key for key in keys if keys.count(key) > 1))
    return made


def _constant(name: str) -> Any:
    raise FaultError(f"{name} is no JSON number", f"{name} は JSON の数値ではありません")


def _fraction(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise FaultError(
            f"the number {digits[:40]} is too large", f"数値 {digits[:40]} が大きすぎます"
        )
    return number


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise FaultError("a number has thousands of digits", "数値の桁数が多すぎます") from None


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_float=_fraction,
    parse_int=_whole,
)
_LENIENT = json.JSONDecoder(parse_int=len, parse_float=len)


def strict(text: str, at: int) -> tuple[Any, int]:
    """Read one value as JSON is defined, without what readers disagree about.

    Parameters
    ----------
    text
        The text.
    at
        Where the value begins; no white space.

    Returns
    -------
    tuple[Any, int]
        The value, and where it ends.

    Raises
    ------
    FaultError
        A key twice in one object, NaN, infinity.
    json.JSONDecodeError
        No JSON, or not all of it.
    RecursionError
        Far too deep.

    Examples
    --------
    >>> strict('[1] [2]', 4)
    ([2], 7)
    >>> strict('{"a":1,"a":2}', 0)
    Traceback (most recent call last):
        ...
    siemlab.normalize.jsonvalue.FaultError: the key 'a' stands twice in one object
    """
    return _STRICT.raw_decode(text, at)


def end_of(text: str, at: int) -> int:
    """Return where a value ends that `strict` refuses.

    Parameters
    ----------
    text, at
        As for `strict`.

    Raises
    ------
    json.JSONDecodeError, RecursionError
        As for `strict`.

    Examples
    --------
    >>> end_of('{"a":NaN}]', 0)
    9
    """
    return _LENIENT.raw_decode(text, at)[1]


def balanced_end(text: str, at: int, stop: int) -> int:
    r"""Find where the brackets that open here are closed, whatever stands between them.

    Parameters
    ----------
    text
        The text.
    at
        The place of a ``{`` or ``[``.
    stop
        Where to look no further.

    Returns
    -------
    int
        The place behind the last bracket; 0 when that is not before ``stop``; -1 when brackets or
        quotes do not pair off.

    Examples
    --------
    >>> balanced_end('{"a":tru,"b":"}"} {}', 0, 20)
    17
    >>> balanced_end('{"a":[', 0, 6), balanced_end('{"a":[}', 0, 7)
    (0, -1)
    """
    waiting: list[str] = []
    for found in MARK.finditer(text, at, stop):
        mark = found[0]
        if mark in CLOSED_BY:
            waiting.append(CLOSED_BY[mark])
        elif mark in ("}", "]"):
            if not waiting or waiting.pop() != mark:
                return -1
            if not waiting:
                return found.end()
        elif mark == '"':
            return 0 if QUOTE_TO_END.fullmatch(text, found.start(), stop) else -1
    return 0


def is_deep(value: Any, message: str) -> bool:
    """Tell whether a value has more levels than `MOST_LEVELS`.

    Parameters
    ----------
    value
        A JSON value.
    message
        The value as text: with few brackets in it, nothing needs to be looked at.

    Examples
    --------
    >>> is_deep([[]], "[[]]")
    False
    """
    if message.count("{") + message.count("[") <= MOST_LEVELS:
        return False
    level = [value]
    for _ in range(MOST_LEVELS):
        below: list[Any] = []
        for item in level:
            if type(item) is dict:
                below += item.values()
            elif type(item) is list:
                below += item
        if not below:
            return False
        level = below
    return any(type(item) in (dict, list) for item in level)


def quick(text: str) -> tuple[Any, Sequence[str]] | None:
    """Read a JSON array with msgspec, if that is sure to give what `strict` gives.

    Parameters
    ----------
    text
        The text of a whole array.

    Returns
    -------
    tuple[list, Sequence[str]] | None
        The members and, for each, its text as ``@message`` shows it. ``None`` where only
        `strict` can tell: something is wrong, or something could be.

    Examples
    --------
    >>> quick('[{"a": 1}]'), quick('[{"a":1,"a":2}]')
    (([{'a': 1}], ['{"a": 1}']), None)
    """
    fractions = _Fractions()
    try:
        values = msgspec.json.Decoder(float_hook=fractions.read).decode(text)
        packed = [msgspec.json.encode(value) for value in values]
        if fractions.are_odd:
            messages = [written(value) for value in values]
        else:
            messages = [msgspec.json.format(value, indent=0).decode() for value in packed]
    except (msgspec.DecodeError, UnicodeEncodeError, OverflowError, RecursionError):
        return None
    return (values, messages) if _no_key_lost(text.encode(), packed) else None


class _Fractions:
    """Reads fractions, and remembers one that writers of JSON spell in different ways."""

    def __init__(self) -> None:
        self.are_odd = False

    def read(self, digits: str) -> float:
        number = float(digits)
        if math.isinf(number):
            raise msgspec.DecodeError
        if number and not 1e-4 <= abs(number) < 1e16:
            self.are_odd = True
        return number


def _no_key_lost(text: bytes, packed: list[bytes]) -> bool:
    """Prove that no key stood twice: the text is what its values are written as, or has its keys.

    ``":`` ends a key, or is the beginning or middle of a string. It comes out of the reading as
    often as it went in, unless it is escaped or spaced otherwise, or a key was lost with its value.
    """
    again = b"[%b]" % b",".join(packed)
    if again == text:
        return True
    text = msgspec.json.format(text, indent=-1)
    if again == text:
        return True
    if b"\\u00" in text and QUOTE_OR_COLON.search(text):
        return False
    return text.count(b'":') == again.count(b'":')
