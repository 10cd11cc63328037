"""The days of a simulation: a day of Japan, from 15:00Z to 15:00Z, is the unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from siemlab.baseline import JST

__all__ = ["DAY", "HOUR", "JST", "MINUTE", "SECOND", "Day", "days_between", "jst_date", "millis"]

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Density = Literal["thin", "dense"]


@dataclass(frozen=True)
class Day:
    """A day of Japan.

    Parameters
    ----------
    date
        The date in Japan.
    density
        ``dense``: everything happens. ``thin``: only what `Behavior.thin` marks: findings,
        sign-ins, IAM changes, the calendar.
    eve
        Whether the next day is dense and this one is not: sessions that reach into it begin here.
    busy
        From 1 on for a day on which more than usual goes on, and what that is; 0 for all others.

    Examples
    --------
    >>> day = Day(date(2022, 10, 3), "dense")
    >>> day.start, day.end - day.start == DAY
    (1664722800000, True)
    >>> day.at("09:00") - day.start == 9 * HOUR
    True
    """

    date: date
    density: Density
    eve: bool = False
    busy: int = 0

    @property
    def start(self) -> int:
        """Midnight in Japan, epoch milliseconds."""
        return millis(datetime(self.date.year, self.date.month, self.date.day, tzinfo=JST))

    @property
    def end(self) -> int:
        """The next midnight in Japan, epoch milliseconds."""
        return self.start + DAY

    @property
    def dense(self) -> bool:
        """Whether everything happens on this day."""
        return self.density == "dense"

    def at(self, clock: str) -> int:
        """Return a clock time of Japan on this day, epoch milliseconds."""
        hours, minutes, *seconds = (int(part) for part in clock.split(":"))
        return self.start + hours * HOUR + minutes * MINUTE + sum(seconds) * SECOND

    def holds(self, time: int) -> bool:
        """Tell whether a time (epoch milliseconds) lies in this day."""
        return self.start <= time < self.end


def millis(time: datetime | str) -> int:
    """Return a time as epoch milliseconds; a text is ISO 8601 with its zone.

    Examples
    --------
    >>> millis("2022-11-12T14:47:09Z")
    1668264429000
    """
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return round(moment.astimezone(UTC).timestamp() * 1000)


def jst_date(time: int) -> date:
    """Return the date in Japan of a time in epoch milliseconds."""
    return datetime.fromtimestamp(time / 1000, JST).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the dates from ``first`` to ``last``, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
