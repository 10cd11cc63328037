"""Where the buckets of a histogram begin: fixed and calendar intervals, in any time zone.

All times here are milliseconds since 1970 (UTC), as the server counts them. The rules are those of
OpenSearch's ``date_histogram``: weeks start on Monday; days, months, quarters and years at local
midnight; fixed intervals count from local midnight of 1970, so that ``3h`` and ``12h`` buckets keep
to the clock on the wall; an hour that comes twice has two buckets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from siemlab.errors import QuerySyntaxError
from siemlab.query.timerange import zone

__all__ = ["LARGEST_HISTOGRAM", "Rounding", "bucket_edges", "rounding"]

LARGEST_HISTOGRAM: Final = 50_000

_FIXED = re.compile(r"([1-9][0-9]{0,8})(ms|s|m|h|d)", re.ASCII)
_MILLISECONDS: Final = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_MONTHS: Final = {"1M": 1, "1q": 3, "1y": 12}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH: Final = datetime(1970, 1, 1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rounding:
    """The buckets of one interval in one zone.

    ``floor`` gives the start of the bucket that holds a time, ``after`` the start of the bucket
    that follows the one that starts at a time. ``width`` is the length of every bucket, in
    milliseconds, where all are equally long; None where they are not.
    """

    floor: Callable[[int], int]
    after: Callable[[int], int]
    width: int | None


def rounding(interval: str, tz: str = "UTC") -> Rounding:
    """Return the buckets of an interval.

    Parameters
    ----------
    interval
        ``1d 1w 1M 1q 1y`` are a day, week, month, quarter and year of the calendar; all others,
        such as ``30s 5m 1h 12h 24h``, have a fixed length.
    tz
        The zone in which days begin.

    Returns
    -------
    Rounding
        How to find a bucket's start, and the next one's.

    Raises
    ------
    QuerySyntaxError
        There is no such interval, or no such zone.

    Examples
    --------
    >>> days = rounding("1d", "Asia/Tokyo")
    >>> days.floor(0) == -9 * 3_600_000
    True
    >>> rounding("1M").width is None
    True
    """
    where = zone(tz)
    steady = where.utcoffset(None)
    offset = None if steady is None else _milliseconds(steady)
    if interval in _MONTHS:
        return _calendar(partial(_month, months=_MONTHS[interval]), where)
    if interval in ("1d", "1w"):
        if offset is None:
            return _calendar(_week if interval == "1w" else _day, where)
        # 1970 began on a Thursday; its Monday lies three days before.
        days, first = (7, 3) if interval == "1w" else (1, 0)
        return _even(days * _MILLISECONDS["d"], -offset - first * _MILLISECONDS["d"])
    found = _FIXED.fullmatch(interval)
    if not found:
        raise QuerySyntaxError(
            f"{interval!r} is no interval; give 30s, 5m, 1h, 1d, 1w, 1M, 1q or 1y",
            f"{interval!r} は間隔ではありません。"
            "30s、5m、1h、1d、1w、1M、1q、1y のように書いてください",
        )
    width = int(found[1]) * _MILLISECONDS[found[2]]
    if offset is not None:
        return _even(width, -offset)
    return Rounding(partial(_fixed_floor, width, where), partial(_fixed_after, width, where), None)


def bucket_edges(first: int, last: int, interval: str, tz: str = "UTC") -> list[int]:
    """Return the starts of all buckets from a first to a last time, and the end of the last one.

    Parameters
    ----------
    first, last
        The first and the last time that must lie in a bucket, in milliseconds.
    interval, tz
        See `rounding`.

    Returns
    -------
    list of int
        Milliseconds, ascending; one more than there are buckets.

    Raises
    ------
    QuerySyntaxError
        There would be more than 50,000 buckets, or one beyond the years of a calendar; or see
        `rounding`.

    Examples
    --------
    >>> bucket_edges(0, 7_200_000, "1h")
    [0, 3600000, 7200000, 10800000]
    """
    buckets = rounding(interval, tz)
    try:
        return _edges(first, last, interval, buckets)
    except OverflowError:
        raise QuerySyntaxError(
            f"a bucket of {interval} would lie beyond the years 1 to 9999 (some programs write "
            "microseconds where milliseconds are due); give a time range or a shorter interval",
            f"{interval} の区間が西暦 1～9999 年の外に出ます（ミリ秒の欄にマイクロ秒が書かれた"
            "データかもしれません）。時間範囲を指定するか、間隔を短くしてください",
        ) from None


def _edges(first: int, last: int, interval: str, buckets: Rounding) -> list[int]:
    edges = [buckets.floor(first)]
    while edges[-1] <= last:
        if len(edges) > LARGEST_HISTOGRAM:
            raise QuerySyntaxError(
                f"more than {LARGEST_HISTOGRAM:,} buckets of {interval}; choose a longer interval "
                "or a shorter time range",
                f"{interval} では区間が {LARGEST_HISTOGRAM:,} を超えます。"
                "間隔を長くするか、時間範囲を短くしてください",
            )
        edges.append(buckets.after(edges[-1]))
    return edges


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _even(width: int, start: int) -> Rounding:
    return Rounding(lambda time: time - (time - start) % width, lambda time: time + width, width)


def _local(time: int, where: tzinfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=time)).astimezone(where)


def _instant(local: datetime, where: tzinfo) -> int:
    """Return the first instant that a local time stands for; in a gap, where the gap begins."""
    aware = local.replace(tzinfo=where, fold=0)
    time = _milliseconds(aware - _EPOCH)
    if _local(time, where).replace(tzinfo=None) == local:
        return time
    # fold=0 in a gap takes the offset before it, fold=1 the one after it.
    other = _milliseconds(local.replace(tzinfo=where, fold=1) - _EPOCH)
    return _transition(min(time, other) - 1, max(time, other), where)


def _transition(before: int, after: int, where: tzinfo) -> int:
    """Return the first instant in ``(before, after]`` with the offset that ``after`` has."""
    offset = _local(after, where).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if _local(middle, where).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _fixed_floor(width: int, where: tzinfo, time: int) -> int:
    here = _local(time, where)
    local = _milliseconds(here.replace(tzinfo=None) - _LOCAL_EPOCH)
    start = _LOCAL_EPOCH + timedelta(milliseconds=local - local % width)
    folds = (start.replace(tzinfo=where, fold=fold) for fold in (1, 0))
    for start_here in folds:
        found = _milliseconds(start_here - _EPOCH)
        exists = _local(found, where).replace(tzinfo=None) == start
        if not exists:
            return _instant(start, where)
        if found <= time:
            if _local(found, where).utcoffset() == here.utcoffset():
                return found
            # The clocks were changed in between: the bucket that holds the last moment before.
            return _fixed_floor(width, where, _transition(found, time, where) - 1)
    raise AssertionError("unreachable")


def _fixed_after(width: int, where: tzinfo, time: int) -> int:
    ahead = time + width
    if _local(ahead, where).utcoffset() == _local(time, where).utcoffset():
        found = _fixed_floor(width, where, ahead)
        if found == ahead:
            return found
    # The clocks are changed nearby: buckets there may be shorter or longer.
    while (found := _fixed_floor(width, where, ahead)) <= time:
        ahead += width
    while (earlier := _fixed_floor(width, where, found - 1)) > time:
        found = earlier
    return found


Truncate = Callable[[datetime], tuple[datetime, datetime]]


def _calendar(truncate: Truncate, where: tzinfo) -> Rounding:
    def floor(time: int) -> int:
        return _instant(truncate(_local(time, where).replace(tzinfo=None))[0], where)

    def after(time: int) -> int:
        return _instant(truncate(_local(time, where).replace(tzinfo=None))[1], where)

    return Rounding(floor, after, None)


def _day(local: datetime) -> tuple[datetime, datetime]:
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + _DAY


def _week(local: datetime) -> tuple[datetime, datetime]:
    start = _day(local)[0] - local.weekday() * _DAY
    return start, start + 7 * _DAY


def _month(local: datetime, months: int) -> tuple[datetime, datetime]:
    midnight = _day(local)[0]
    first = midnight.replace(month=(local.month - 1) // months * months + 1, day=1)
    ahead = first.month - 1 + months
    if first.year + ahead // 12 > MAXYEAR:
        raise OverflowError(first)
    return first, first.replace(year=first.year + ahead // 12, month=ahead % 12 + 1)
