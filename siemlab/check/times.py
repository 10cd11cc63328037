"""Times as people write them: 20:06, 20時06分10秒, 11/24 20:06, an ISO time with a zone or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from siemlab.missions import Part

__all__ = ["moments"]

_TIME = re.compile(
    r"""
    (?:(?:(?P<year>\d{4})\s?[-/.年]\s?)?
       (?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?日?
       (?:\s?\([月火水木金土日]\))?[\sT,の]*)?
    (?P<half>午前|午後|am|pm)?\s*
    (?P<hour>\d{1,2})\s?(?::|時)\s?
    (?:(?P<minute>\d{1,2})\s?(?:分|:)?\s?(?:(?P<second>\d{1,2})(?:[.,]\d+)?\s?秒?)?)?
    \s*(?P<later>am|pm)?
    \s*\(?(?P<zone>z|utc|gmt|jst|日本時間|[+-]\d{2}:?\d{2})?\)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Nov 24, 2022 @ 20:06:10.000: as OpenSearch Dashboards shows a time.
_WORDY = re.compile(
    rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})[\s,@]+",
    re.IGNORECASE,
)
_NAMED = {
    "z": UTC,
    "utc": UTC,
    "gmt": UTC,
    "jst": timezone(timedelta(hours=9)),
    "日本時間": timezone(timedelta(hours=9)),
}
_AFTERNOON = ("午後", "pm")


def moments(text: str, part: Part) -> list[datetime]:
    """Return the moments that a text can mean, aware and in UTC; none when it is no time.

    Parameters
    ----------
    text
        A tidy text.
    part
        Says the zone of a text without one, and the days of a text without a date.

    Examples
    --------
    >>> part = Part("time", zone="Asia/Tokyo", days=("2022-11-24",))
    >>> [str(moment) for moment in moments("20時06分", part)]
    ['2022-11-24 11:06:00+00:00']
    """
    found = _TIME.fullmatch(_WORDY.sub(_numbers, text, count=1))
    if found is None:
        return []
    try:
        clock = _clock(found)
        zone = _zone(found["zone"], part.zone)
        if not found["day"]:
            return _of_days(clock, zone, part)
        return [
            datetime.combine(day, clock, zone).astimezone(UTC) for day in _days(found, part.days)
        ]
    except (ValueError, OverflowError):  # hour 25, 31 February, year 0
        return []


def _clock(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    half = (found["half"] or found["later"] or "").lower()
    if half:
        if hour > 12:
            raise ValueError
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0))


def _zone(name: str | None, usual: str) -> tzinfo:
    if not name:
        return ZoneInfo(usual)
    if name.lower() in _NAMED:
        return _NAMED[name.lower()]
    sign = -1 if name[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[-2:])))


def _numbers(found: re.Match[str]) -> str:
    month = _MONTHS.index(found["month"].lower()) + 1
    return f"{found['year']}-{month}-{found['day']} "


def _of_days(clock: time, zone: tzinfo, part: Part) -> list[datetime]:
    """Return the moments of a clock time that fall on the question's days, in its own zone."""
    days = [date.fromisoformat(day) for day in part.days]
    near = (timedelta(0), timedelta(days=-1), timedelta(days=1))  # a zone may be a day apart
    moments = [datetime.combine(day + step, clock, zone) for day in days for step in near]
    home = ZoneInfo(part.zone)
    kept = [each.astimezone(UTC) for each in moments if each.astimezone(home).date() in days]
    return list(dict.fromkeys(kept))


def _days(found: re.Match[str], days: tuple[str, ...]) -> Iterator[date]:
    """Yield the day that is named; where it has no year, that of the question's days."""
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        yield date(int(found["year"]), month, day)
        return
    years = sorted({date.fromisoformat(each).year for each in days})
    yield from (date(year, month, day) for year in years)
