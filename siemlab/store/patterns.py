"""Date patterns of Java, such as ``dd/MMM/yyyy:HH:mm:ss Z``, as regular expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from siemlab.errors import StoreError

__all__ = ["Parts", "Shape", "compile_pattern"]

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_LONG_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        (
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        1,
    )
}  # fmt: skip
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|(\[)|(\])|(.)", re.DOTALL)
_ZONES: Final = {
    "Z": r"[+-]\d{4}",
    "ZZ": r"[+-]\d{4}",
    "ZZZ": r"[+-]\d{4}",
    "ZZZZZ": r"Z|[+-]\d\d:\d\d(?::\d\d)?",
    "X": r"Z|[+-]\d\d(?:\d\d)?",
    "XX": r"Z|[+-]\d{4}",
    "XXX": r"Z|[+-]\d\d:\d\d",
    "xxx": r"[+-]\d\d:\d\d",
    "xx": r"[+-]\d{4}",
    "VV": r"Z|[+-]\d\d:\d\d|[A-Za-z][\w/+-]+",
}
_NUMBERS: Final = {
    "M": "month",
    "L": "month",
    "d": "day",
    "H": "hour",
    "h": "half",
    "m": "minute",
    "s": "second",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a date that fits a pattern; None where the pattern has no such part."""

    year: int
    month: int
    day: int
    hour: str | None
    minute: str | None
    second: str | None
    fraction: str | None
    zone: str | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A compiled pattern."""

    regex: re.Pattern[str]

    def match(self, text: str) -> Parts | None:
        """Return the parts of a text that fits as a whole, else None."""
        match = self.regex.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        month = found.get("month") or "1"
        number = _MONTHS.get(month) or _LONG_MONTHS.get(month) or int(month)
        return Parts(
            year=int(found.get("year") or 1970),
            month=number,
            day=int(found.get("day") or 1),
            hour=_hour(found),
            minute=found.get("minute"),
            second=found.get("second"),
            fraction=found.get("fraction"),
            zone=found.get("zone"),
        )


@lru_cache(maxsize=64)
def compile_pattern(pattern: str) -> Shape:
    """Return the shape of a Java date pattern.

    Raises
    ------
    StoreError
        When the pattern holds a letter that siemlab does not know.

    Examples
    --------
    >>> compile_pattern("MMM d, yyyy[,] h:mm:ss a").match("Nov 12, 2022, 3:04:05 PM").hour
    '15'
    """
    pieces = []
    for match in _TOKEN.finditer(pattern):
        quoted, letter, opening, closing, other = match.groups()
        if letter:
            pieces.append(_piece(match[0], pattern))
        elif opening or closing:
            pieces.append("(?:" if opening else ")?")
        else:
            text = (quoted.replace("''", "'") or "'") if quoted is not None else other
            pieces.append(re.escape(text))
    try:
        return Shape(re.compile("".join(pieces), re.ASCII))
    except re.error:
        raise _unknown(pattern) from None


def _piece(run: str, pattern: str) -> str:
    letter, width = run[0], len(run)
    if run in _ZONES:
        return f"(?P<zone>{_ZONES[run]})"
    if letter in "ML" and width >= 3:
        return f"(?P<month>{'|'.join(_MONTHS if width == 3 else _LONG_MONTHS)})"
    if letter in _NUMBERS and width <= 2:
        return rf"(?P<{_NUMBERS[letter]}>\d{{{width},2}})"
    if letter in "yu":
        years = r"\d{4}|-\d{4,9}|\+\d{5,9}" if width == 4 else rf"\d{{{width},4}}"
        return f"(?P<year>{years})"
    special = {"S" * width: rf"(?P<fraction>\d{{{width}}})", "a": "(?P<noon>AM|PM)"}
    if run not in special:
        raise _unknown(pattern)
    return special[run]


def _unknown(pattern: str) -> StoreError:
    return StoreError(
        f"siemlab cannot read dates of the format {pattern!r}; use strict_date_optional_time, "
        "epoch_millis, epoch_second, or a pattern of the letters y M d H h m s S a Z X",
        f"日付の書式 {pattern!r} は扱えません。strict_date_optional_time、epoch_millis、"
        "epoch_second、または y M d H h m s S a Z X の文字からなる書式を使ってください",
    )


def _hour(found: dict[str, str | None]) -> str | None:
    half = found.get("half")
    if half is None:
        return found.get("hour")
    if not 1 <= int(half) <= 12:
        return "99"  # no such hour: refused by the reader as any hour above 23
    return str(int(half) % 12 + (12 if found.get("noon") == "PM" else 0))
