"""Dates as OpenSearch reads them: the formats of a date field, missing parts, zones, date math.

A date is milliseconds since 1970 in UTC; the calendar is the proleptic Gregorian one, years
before 1 and after 9999 included.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from siemlab.query.timerange import zone as named_zone
from siemlab.store.patterns import compile_pattern

__all__ = [
    "DEFAULT_FORMATS",
    "DETECTED_FORMATS",
    "Written",
    "local_of",
    "parse",
    "resolve",
    "to_utc",
]

DEFAULT_FORMATS: Final = ("strict_date_optional_time", "epoch_millis")
"""The formats of a date field that names none."""

DETECTED_FORMATS: Final = ("yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd", "epoch_millis")
"""The formats of a dynamic field whose first value had slashes."""

_DAY: Final = 86_400_000
_LATEST: Final = 2**63 - 1
_NAIVE_EPOCH: Final = datetime(1970, 1, 1)
_CYCLE: Final = 146_097 * _DAY  # 400 years
_FIRST: Final = -719_161 * _DAY  # 0001-01-02
_LAST: Final = 2_932_895 * _DAY  # 9999-12-30

_TIME_PARTS = (
    r"(?:T(?:({two})(?::({two})(?::({two})(?:[.,](\d{{1,9}}))?)?)?"
    r"(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?|[A-Za-z][\w/+-]+)?)?)?"
)
_STRICT = re.compile(
    r"(\d{4}|-\d{4,9}|\+\d{5,9})(?:-(\d\d)(?:-(\d\d))?)?" + _TIME_PARTS.format(two=r"\d\d"),
    re.ASCII,
)
_LENIENT = re.compile(
    r"(-?\d{1,5})(?:-(\d\d?)(?:-(\d\d?))?)?" + _TIME_PARTS.format(two=r"\d\d?"), re.ASCII
)
_EPOCH_TEXT = re.compile(r"(-?)(\d{1,19})(?:\.(\d{0,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it is written: a moment on a clock whose zone may not be known.

    ``local`` is milliseconds since 1970 on that clock, missing parts at their start; ``slack``
    how many milliseconds the missing hours to milliseconds leave open; ``zone`` the zone that is
    written with it, None where none is.
    """

    local: int
    slack: int = 0
    zone: tzinfo | None = None


def parse(text: str, formats: tuple[str, ...], *, smart: bool = False) -> Written:
    """Return a date that fits one of the formats.

    Parameters
    ----------
    text
        The date.
    formats
        Names (``strict_date_optional_time``, ``epoch_millis``...) or patterns of Java
        (``dd/MMM/yyyy:HH:mm:ss Z``); the first that fits counts.
    smart
        Take 30 February for the month's last day, and 24:00:00.000 for the next day's beginning,
        as the server does where it rounds a date up.

    Raises
    ------
    ValueError
        When none fits.

    Examples
    --------
    >>> parse("2023-02", DEFAULT_FORMATS)
    Written(local=1675209600000, slack=86399999, zone=None)
    """
    for name in formats:
        written = _reader(name, smart)(text)
        if written is not None:
            return written
    raise ValueError(text)


def to_utc(local: int, zone: tzinfo | None) -> int:
    """Return the instant at which a clock in a zone shows a local time; None is UTC.

    A local time that the clock skips is moved on by the gap. One that comes twice is the earlier,
    except in zones whose standard time is UTC itself, where the server takes the later.

    Examples
    --------
    >>> to_utc(9 * 3_600_000, timezone(timedelta(hours=9)))
    0
    """
    if zone is None or zone is UTC:
        return local
    shown = _clock(local)[0].replace(tzinfo=zone)
    later = shown.replace(fold=1)
    if later.utcoffset() == timedelta(0) != shown.utcoffset():
        shown = later
    return local - _offset(shown)


def local_of(utc: int, zone: tzinfo | None) -> int:
    """Return what a clock in a zone shows at an instant, as milliseconds since 1970.

    Examples
    --------
    >>> local_of(0, timezone(timedelta(hours=9))) // 3_600_000
    9
    """
    if zone is None or zone is UTC:
        return utc
    return utc + _offset(_clock(utc)[0].replace(tzinfo=UTC).astimezone(zone))


def resolve(
    text: str,
    formats: tuple[str, ...],
    *,
    now: int,
    round_up: bool = False,
    zone: tzinfo | None = None,
) -> int:
    """Return the instant of a date in a query, date math included.

    Parameters
    ----------
    text
        A date in one of the formats, or ``now``; date math may follow: ``now-1d/d``,
        ``2023-02-01||+1M/M``.
    formats
        The formats of the field.
    now
        The present, milliseconds since 1970.
    round_up
        Whether missing parts, and rounding, mean the last millisecond instead of the first.
    zone
        The zone of a date that names none, and of rounding.

    Raises
    ------
    ValueError
        When it is no date.

    Examples
    --------
    >>> from siemlab.store.dates import DEFAULT_FORMATS as known
    >>> resolve("2023-02-01||/d", known, now=0, round_up=True) - resolve("2023-02-01", known, now=0)
    86399999
    """
    if text.startswith("now"):
        return _compute(text[3:], now, round_up, zone)
    date, bars, math = text.partition("||")
    ends = round_up and not bars
    written = parse(date, formats, smart=ends)
    start = to_utc(written.local + (written.slack if ends else 0), written.zone or zone)
    return _compute(math, start, round_up, zone) if bars else start


@lru_cache(maxsize=256)
def _reader(name: str, smart: bool) -> Callable[[str], Written | None]:
    known = {
        "strict_date_optional_time": _iso(_STRICT, smart),
        "date_optional_time": _iso(_LENIENT, smart),
        "epoch_millis": _epoch_millis,
        "epoch_second": _epoch_second,
    }
    return known.get(name) or _pattern(name, smart)


def _iso(shape: re.Pattern[str], smart: bool) -> Callable[[str], Written | None]:
    def read(text: str) -> Written | None:
        match = shape.fullmatch(text)
        if match is None:
            return None
        year, month, day, hour, minute, second, fraction, zone = match.groups()
        try:
            days = _days(int(year), int(month or 1), int(day or 1), smart)
            found = None if zone is None else _zone(zone)
        except ValueError:
            return None
        return _written(days, (hour, minute, second, fraction), found, smart)

    return read


def _epoch_millis(text: str) -> Written | None:
    match = _EPOCH_TEXT.fullmatch(text)
    if match is None or len(match[3] or "") > 6:
        return None
    sign, whole, fraction = match.groups()
    local = -int(whole) - bool((fraction or "").strip("0")) if sign else int(whole)
    # Rounded up, the server lets a negative number grow away from zero, to the millisecond before.
    slack = -1 if sign and not fraction else 0
    return Written(local, slack) if -_LATEST <= local <= _LATEST else None


def _epoch_second(text: str) -> Written | None:
    match = _EPOCH_TEXT.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    if sign and not int(whole):
        return None
    # The server adds the fraction to a negative number of seconds, too: -1.5 is -0.5.
    local = int(sign + whole) * 1000 + int((fraction or "").ljust(3, "0")[:3])
    return Written(local, 0 if fraction else 999) if -_LATEST <= local <= _LATEST else None


def _pattern(pattern: str, smart: bool) -> Callable[[str], Written | None]:
    shape = compile_pattern(pattern)

    def read(text: str) -> Written | None:
        parts = shape.match(text)
        if parts is None:
            return None
        try:
            days = _days(parts.year, parts.month, parts.day, smart)
            found = None if parts.zone is None else _zone(parts.zone)
        except ValueError:
            return None
        time = (parts.hour, parts.minute, parts.second, parts.fraction)
        return _written(days, time, found, smart)

    return read


def _written(
    days: int,
    time: tuple[str | None, str | None, str | None, str | None],
    zone: tzinfo | None,
    smart: bool,
) -> Written | None:
    hour, minute, second, fraction = time
    local = days * _DAY
    if hour is None:
        return Written(local, _DAY - 1, zone)
    if smart and int(hour) == 24 and fraction and not int(f"{minute}{second}{fraction}"):
        return Written(local + _DAY, 0, zone)
    if int(hour) > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    local += int(hour) * 3_600_000 + int(minute or 0) * 60_000 + int(second or 0) * 1000
    if fraction is not None:
        return Written(local + int(fraction.ljust(3, "0")[:3]), 0, zone)
    slack = 3_600_000 if minute is None else 60_000 if second is None else 1000
    return Written(local, slack - 1, zone)


@lru_cache(maxsize=4096)
def _days(year: int, month: int, day: int, smart: bool = False) -> int:
    """Return the days since 1970 of a civil date (the era algorithm of the Gregorian calendar)."""
    if smart and 1 <= month <= 12 and day <= 31:
        day = min(day, _month_length(year, month))
    if not 1 <= month <= 12 or not 1 <= day <= _month_length(year, month):
        raise ValueError(f"{year}-{month}-{day}")
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (
        era * 146_097
        + year_of_era * 365
        + year_of_era // 4
        - year_of_era // 100
        + (day_of_year - 719_468)
    )


def _month_length(year: int, month: int) -> int:
    return calendar.monthrange(2000 + year % 400, month)[1]


@lru_cache(maxsize=256)
def _zone(text: str) -> tzinfo:
    if text[0] in "+-":
        digits = text[1:].replace(":", "").ljust(6, "0")
        hours, minutes, seconds = (int(digits[at : at + 2]) for at in (0, 2, 4))
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if offset > timedelta(hours=18) or minutes > 59 or seconds > 59:
            raise ValueError(text)
        return timezone(-offset if text[0] == "-" else offset)
    return named_zone(text)


def _clock(millis: int) -> tuple[datetime, int]:
    """Return a naive time, and how many milliseconds it was moved to be in Python's years.

    The calendar repeats itself every 400 years, days of the week and clock changes included.
    """
    moved = 0
    if millis < _FIRST:
        moved = (millis - _FIRST) // _CYCLE * _CYCLE
    elif millis >= _LAST:
        moved = ((millis - _LAST) // _CYCLE + 1) * _CYCLE
    return _NAIVE_EPOCH + timedelta(milliseconds=millis - moved), moved


def _offset(shown: datetime) -> int:
    offset = shown.utcoffset() or timedelta(0)
    return offset // timedelta(milliseconds=1)


_STEP = re.compile(r"([+-])(\d{0,9})([yMwdhHms])|/1?([yMwdhHms])")


def _compute(math: str, start: int, round_up: bool, zone: tzinfo | None) -> int:
    moment, at = start, 0
    while at < len(math):
        step = _STEP.match(math, at)
        if step is None:
            raise ValueError(math)
        at = step.end()
        sign, count, unit, rounded = step.groups()
        if rounded:
            moment = to_utc(_floor(local_of(moment, zone), rounded), zone)
            if round_up:
                moment = _plus(moment, 1, rounded, zone) - 1
        else:
            moment = _plus(moment, int(f"{sign}{count or 1}"), unit, zone)
    return moment


def _floor(local: int, unit: str) -> int:
    if unit in "yM":
        clock, moved = _clock(local)
        day = clock.replace(hour=0, minute=0, second=0, microsecond=0, day=1)
        return moved + _millis(day.replace(month=1) if unit == "y" else day)
    size = _SIZES[unit]
    shift = 4 * _DAY if unit == "w" else 0  # 1970-01-05 was a Monday
    return (local - shift) // size * size + shift


def _plus(utc: int, count: int, unit: str, zone: tzinfo | None) -> int:
    if unit in "hHms":
        return utc + count * _SIZES[unit]
    local = local_of(utc, zone)
    if unit in "dw":
        return to_utc(local + count * _SIZES[unit], zone)
    clock, moved = _clock(local)
    months = clock.year * 12 + clock.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    day = min(clock.day, _month_length(year, month + 1))
    return to_utc(moved + _days(year, month + 1, day) * _DAY + local % _DAY, zone)


def _millis(clock: datetime) -> int:
    return (clock - _NAIVE_EPOCH) // timedelta(milliseconds=1)


_SIZES: Final = {
    "w": 7 * _DAY,
    "d": _DAY,
    "h": 3_600_000,
    "H": 3_600_000,
    "m": 60_000,
    "s": 1000,
}
