"""The calendar: announced changes and trips, holidays, and the hours at which people work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

__all__ = ["DAY_KINDS", "JST", "Change", "DayKind", "Rota", "changes_of", "day_bounds"]

JST = timezone(timedelta(hours=9), "JST")
WEEK = timedelta(days=7)
DayKind = Literal["weekday", "weekend", "holiday"]
DAY_KINDS: tuple[DayKind, ...] = ("weekday", "weekend", "holiday")


@dataclass(frozen=True)
class Change:
    """An entry of the change calendar, or a trip.

    Parameters
    ----------
    id
        ``CHG-2231``, ``TR-118``.
    kind
        ``change`` or ``travel``.
    what_en, what_ja
        What is announced.
    start, end
        From when to when, UTC, half-open; of a weekly entry: its first time.
    who
        The person, host or firm that does it.
    where_en, where_ja
        The addresses, accounts or city.
    weekly, until
        Whether it comes back every seven days, and until when.
    """

    id: str
    kind: Literal["change", "travel"]
    what_en: str
    what_ja: str
    start: datetime
    end: datetime
    who: str
    where_en: str
    where_ja: str
    weekly: bool = False
    until: datetime | None = None

    @property
    def where(self) -> str:
        """Where it happens, in English."""
        return self.where_en

    def occurrences(self, start: datetime, end: datetime) -> tuple[Change, ...]:
        """Return the entry's times that touch a span, each as an entry that is not weekly.

        Parameters
        ----------
        start, end
            The span, half-open.
        """
        if not self.weekly:
            return (self,) if self.start < end and start < self.end else ()
        found = []
        count = max(0, (start - self.end) // WEEK)
        while (begin := self.start + count * WEEK) < end:
            if start < self.end + count * WEEK and (self.until is None or begin < self.until):
                shift = count * WEEK
                found.append(
                    replace(self, start=begin, end=self.end + shift, weekly=False, until=None)
                )
            count += 1
        return tuple(found)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day in Japan begins and ends, UTC.

    Examples
    --------
    >>> [str(bound) for bound in day_bounds(date(2022, 11, 24))]
    ['2022-11-23 15:00:00+00:00', '2022-11-24 15:00:00+00:00']
    """
    start = datetime.combine(day, time(), JST).astimezone(UTC)
    return start, start + timedelta(days=1)


def changes_of(entries: tuple[Change, ...], day: date) -> tuple[Change, ...]:
    """Return what a calendar has for a day in Japan, weekly entries as the day's own, by start.

    Parameters
    ----------
    entries
        The calendar.
    day
        The day.
    """
    start, end = day_bounds(day)
    found = [change for entry in entries for change in entry.occurrences(start, end)]
    return tuple(sorted(found, key=lambda change: (change.start, change.id)))


@dataclass(frozen=True)
class Rota:
    """How busy each hour of a day in Japan is, from 0 to 1000.

    Parameters
    ----------
    name
        Whose hours: ``office``, ``customers``, ``batch``...
    weekday, weekend, holiday
        24 figures each, the first for 0:00 to 0:59 JST.
    """

    name: str
    weekday: tuple[int, ...]
    weekend: tuple[int, ...]
    holiday: tuple[int, ...]

    def of(self, kind: DayKind) -> tuple[int, ...]:
        """Return the 24 figures of a kind of day."""
        return {"weekday": self.weekday, "weekend": self.weekend, "holiday": self.holiday}[kind]
