"""A half-open span of time, and the zone in which a learner reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from siemlab.errors import QuerySyntaxError

__all__ = ["Moment", "TimeRange", "instant", "zone"]

Moment = str | date | datetime

_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)")
_NAME = re.compile(r"(?!posix|right|localtime)[A-Za-z][\w+-]*(/[A-Za-z0-9][\w+-]*)*", re.ASCII)
_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d\d)?", re.ASCII)
_MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """Return the time zone of a name: ``"UTC"``, ``"Asia/Tokyo"``, ``"+09:00"``.

    Parameters
    ----------
    name
        A name of the IANA database, or an offset of hours and minutes up to 18 hours.

    Returns
    -------
    tzinfo
        The zone, daylight saving included where it has any.

    Raises
    ------
    QuerySyntaxError
        When there is no such zone.

    Examples
    --------
    >>> print(datetime(2023, 2, 1, tzinfo=zone("Asia/Tokyo")).astimezone(zone("UTC")))
    2023-01-31 15:00:00+00:00
    >>> print(zone("-05:30"))
    UTC-05:30
    """
    if name in ("UTC", "Z"):
        return UTC
    if match := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset <= timedelta(hours=18):
            return timezone(-offset if match[1] == "-" else offset)
    elif _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise QuerySyntaxError(
        f'there is no time zone {name!r}; write for example "Asia/Tokyo", "UTC" or "+09:00"',
        f"タイムゾーン {name!r} はありません。"
        "「Asia/Tokyo」「UTC」「+09:00」のように書いてください",
    )


def instant(moment: Moment, tz: str = "UTC") -> datetime:
    """Return a moment as an aware UTC time.

    Parameters
    ----------
    moment
        Text (``"2023"``, ``"2023-02"``, ``"2023-02-14"``, ``"2023-02-14T12:00"``, with or without
        an offset), a date, or a time. Parts that are missing are the first possible: a bare date
        is the start of that day.
    tz
        The zone of moments that name none. Of an hour that comes twice (clocks go back) the first
        is meant; an hour that does not exist (clocks go forward) is moved on by the jump.

    Returns
    -------
    datetime
        Aware, in UTC, in whole milliseconds (a fraction of one is rounded up, which changes
        nothing for a half-open range over times kept in milliseconds).

    Raises
    ------
    QuerySyntaxError
        When this is no time, or lies outside the years 1 to 9999.

    Examples
    --------
    >>> print(instant("2023-02-01", "Asia/Tokyo"))
    2023-01-31 15:00:00+00:00
    >>> print(instant("2023-02-01T09:00:00+09:00"))
    2023-02-01 00:00:00+00:00
    """
    parsed = _read(moment)
    aware = parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=zone(tz))
    try:
        utc = aware.astimezone(UTC)
        extra = timedelta(microseconds=utc.microsecond) % _MILLISECOND
        return utc + (_MILLISECOND - extra) if extra else utc
    except OverflowError:
        raise _not_a_time(moment) from None


def _read(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        # A subclass (the time stamp of a data frame) may hold nanoseconds or be "no time".
        return _read(moment.isoformat()) if type(moment) is not datetime else moment
    if isinstance(moment, date):
        return datetime.combine(moment, time.min)
    if not isinstance(moment, str):
        raise _not_a_time(moment)
    text = moment.strip()
    if _YEAR_OR_MONTH.fullmatch(text):
        text = f"{text}-01-01"[:10]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _not_a_time(moment) from None


def _not_a_time(moment: object) -> QuerySyntaxError:
    return QuerySyntaxError(
        f'{moment!r} is no time; write for example "2023-02-14" or "2023-02-14T12:00:00"',
        f"{moment!r} は時刻として読めません。"
        "「2023-02-14」や「2023-02-14T12:00:00」のように書いてください",
    )


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From ``start`` (included) up to ``end`` (excluded); None is an open end.

    Parameters
    ----------
    start, end
        Aware times; kept in UTC and whole milliseconds.
    tz
        The zone that dates without an offset in the query text are read in, and that days of a
        histogram begin in.

    Raises
    ------
    QuerySyntaxError
        When a time has no zone, or the zone is unknown.

    Examples
    --------
    >>> day = TimeRange.of("2023-02-14", "2023-02-15", "Asia/Tokyo")
    >>> print(day)
    2023-02-14 00:00 to 2023-02-15 00:00 (Asia/Tokyo)
    >>> print(day.start)
    2023-02-13 15:00:00+00:00
    """

    start: datetime | None
    end: datetime | None
    tz: str = "UTC"

    def __post_init__(self) -> None:
        zone(self.tz)
        for name in ("start", "end"):
            moment = getattr(self, name)
            if moment is None:
                continue
            if not isinstance(moment, datetime) or moment.tzinfo is None:
                raise QuerySyntaxError(
                    f"the {name} of a time range must be a time with a zone; use Query.time()",
                    f"時間範囲の {name} にはタイムゾーン付きの時刻が必要です。"
                    "Query.time() を使ってください",
                )
            object.__setattr__(self, name, instant(moment))

    @classmethod
    def of(cls, start: Moment | None, end: Moment | None, tz: str = "UTC") -> TimeRange:
        """Return the range between two moments as a learner writes them (see `instant`)."""
        zone(tz)
        return cls(
            None if start is None else instant(start, tz),
            None if end is None else instant(end, tz),
            tz,
        )

    def local(self, moment: datetime) -> str:
        """Return a moment in this range's zone, as short as it can be read back exactly."""
        try:
            there = moment.astimezone(zone(self.tz))
        except OverflowError:
            return moment.isoformat()
        naive = there.replace(tzinfo=None, fold=0)
        unique = naive.replace(tzinfo=zone(self.tz)).astimezone(UTC) == moment
        if unique and naive.time() == time.min:
            return naive.date().isoformat()
        shown = naive if unique else there
        exact = "milliseconds" if shown.microsecond else "seconds" if shown.second else "minutes"
        return shown.isoformat(timespec=exact)

    def __str__(self) -> str:
        ends = ["..." if end is None else _clock(self.local(end)) for end in (self.start, self.end)]
        return f"{ends[0]} to {ends[1]} ({self.tz})"


def _clock(text: str) -> str:
    return f"{text} 00:00" if len(text) == len("2023-02-14") else text.replace("T", " ")
