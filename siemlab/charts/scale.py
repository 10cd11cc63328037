"""Where ticks stand: round counts, and round times of the reader's zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from siemlab.charts.svg import element, label
from siemlab.query.timerange import zone

__all__ = ["Span", "count_ticks", "here", "ticks_in", "wall"]

_MOST = 7
"""Labels that a time axis has room for."""

_STEPS = [
    timedelta(seconds=seconds)
    for seconds in (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200)
] + [timedelta(days=days) for days in (1, 2, 4, 7, 14)]
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 6000)
_EPOCH = datetime(1, 1, 1)
_JAPANESE = (
    "utcFormat(datum.value, {year: '%Y年', quarter: '%-m月', month: '%-m月', week: '%-m/%-d', "
    "date: '%-m/%-d', hours: '%-H時', minutes: '%H:%M', seconds: '%H:%M:%S', "
    "milliseconds: '.%L'})"
)


def here(moment: datetime, tz: str) -> datetime:
    """Return a moment in a zone; one without a zone is UTC.

    Examples
    --------
    >>> print(here(datetime(2022, 11, 14, 15, tzinfo=UTC), "Asia/Tokyo"))
    2022-11-15 00:00:00+09:00
    """
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(zone(tz))


def wall(moment: datetime, tz: str, *, seconds: bool = False) -> str:
    """Return what the wall clock of a zone shows, as short as it is exact.

    Parameters
    ----------
    moment
        A time; one without a zone is UTC.
    tz
        The zone.
    seconds
        Whether to show them where they are zero, too.

    Examples
    --------
    >>> wall(datetime(2022, 11, 14, 15, tzinfo=UTC), "Asia/Tokyo")
    '2022-11-15 00:00'
    >>> wall(datetime(2022, 11, 14, 15, 0, 7, tzinfo=UTC), "UTC")
    '2022-11-14 15:00:07'
    """
    there = here(moment, tz).replace(tzinfo=None)
    exact = (
        "milliseconds" if there.microsecond else "seconds" if seconds or there.second else "minutes"
    )
    return there.isoformat(sep=" ", timespec=exact)


def ticks_in(lang: str) -> dict[str, Any]:
    """Return what a time axis of Vega-Lite is told: it names months in English by itself.

    Examples
    --------
    >>> ticks_in("en"), "月" in ticks_in("ja")["axis"]["labelExpr"]
    ({}, True)
    """
    return {"axis": {"labelExpr": _JAPANESE}} if lang == "ja" else {}


def count_ticks(most: int) -> list[int]:
    """Return the counts that get a line: from 0 to at least ``most``, at most six of them.

    Examples
    --------
    >>> count_ticks(17), count_ticks(1), count_ticks(0)
    ([0, 5, 10, 15, 20], [0, 1], [0, 1])
    """
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * 5 >= most:
                return [*range(0, max(most, 1) + step, step)][: -(-max(most, 1) // step) + 1]
        power *= 10


class Span:
    """A time axis: from a moment to a later one, over some pixels.

    Parameters
    ----------
    start, end
        Its ends; made a minute wide where they are the same.
    tz
        The zone of its labels.
    left, right
        Where the ends lie, in pixels.

    Examples
    --------
    >>> day = datetime(2022, 11, 14, tzinfo=UTC)
    >>> axis = Span(day, day + timedelta(days=1), "UTC", 0, 240)
    >>> axis.at(day + timedelta(hours=6))
    60.0
    >>> [text for _, text in axis.ticks()]
    ['2022-11-14', '06:00', '12:00', '18:00', '11-15']
    """

    def __init__(self, start: datetime, end: datetime, tz: str, left: float, right: float) -> None:
        self.start, self.end = here(start, "UTC"), here(end, "UTC")
        if self.end <= self.start:
            half = timedelta(seconds=30)
            self.start, self.end = self.start - half, self.start + half
        self.tz = tz
        self.left, self.right = left, right

    def at(self, moment: datetime) -> float:
        """Return where a moment lies, in pixels."""
        share = (here(moment, "UTC") - self.start) / (self.end - self.start)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the round times of the axis: where, and how they read."""
        found: list[tuple[float, str]] = []
        before: datetime | None = None
        for clock in self._clocks():
            moment = clock.replace(tzinfo=zone(self.tz))
            if self.start <= moment <= self.end:
                found.append((self.at(moment), self._words(clock, before)))
                before = clock
        return found

    def axis(self, y: float) -> str:
        """Return the ticks and their texts as a drawing; a text that has no room is left out.

        Parameters
        ----------
        y
            Where the line is that the ticks hang from.

        Examples
        --------
        >>> span = Span(datetime(2022, 11, 14), datetime(2022, 11, 15), "UTC", 0, 300)
        >>> span.axis(9).count("<text")
        5
        """
        parts, free = [], self.left - 20
        for x, text in self.ticks():
            parts.append(element("line", x1=x, x2=x, y1=y, y2=y + 4, stroke="currentColor"))
            half = 3.4 * len(text)
            middle = min(max(x, self.left + half - 20), self.right + 10 - half)
            if middle - half >= free:
                parts.append(label(text, middle, y + 17, text_anchor="middle"))
                free = middle + half + 8
        return "".join(parts)

    def _clocks(self) -> Iterator[datetime]:
        """Yield round times of the wall clock, a few more than the axis has."""
        long = self.end - self.start
        first = here(self.start, self.tz).replace(tzinfo=None)
        step = next((step for step in _STEPS if long / step <= _MOST), None)
        if step is None:
            yield from self._months(first, long)
            return
        at = first - (first - _EPOCH) % step
        for turn in range(_MOST + 3):
            yield at + turn * step

    @staticmethod
    def _months(first: datetime, long: timedelta) -> Iterator[datetime]:
        step = next(step for step in _MONTHS if long / timedelta(days=30.4 * step) <= _MOST + 1)
        month = (first.year * 12 + first.month - 1) // step * step
        for turn in range(_MOST + 3):
            year, at = divmod(month + turn * step, 12)
            if 1 <= year <= datetime.max.year:
                yield datetime(year, at + 1, 1)

    @staticmethod
    def _words(clock: datetime, before: datetime | None) -> str:
        """Return a tick's text: the day where it changes, else the time of day."""
        if before is None or clock.year != before.year:
            day = clock.date().isoformat()
        elif clock.date() != before.date():
            day = f"{clock:%m-%d}"
        else:
            day = ""
        precise = f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"
        time = "" if day and precise == "00:00" else precise
        return f"{day} {time}".strip()
