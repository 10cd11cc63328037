"""Time ranges of a view: where the histogram begins, how wide its bars are, what "last 24 h" is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from siemlab.query import Query
from siemlab.store.base import Bucket, IndexInfo
from siemlab.store.catalog import chosen
from siemlab.store.intervals import bucket_edges

__all__ = ["QUICK", "bars", "ends_of", "interval_of", "patterns_of", "quick_ends"]

QUICK: Final[dict[str, timedelta | None]] = {
    "all": None,
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
"""The quick ranges: each ends at the newest document, for logs are older than today."""

_MOST: Final = 100  # bars that a time range is cut into
_WIDTHS: Final = {
    "100ms": 0.1,
    "1s": 1,
    "5s": 5,
    "10s": 10,
    "30s": 30,
    "1m": 60,
    "5m": 300,
    "10m": 600,
    "30m": 1800,
    "1h": 3600,
    "3h": 10_800,
    "12h": 43_200,
    "1d": 86_400,
    "1w": 604_800,
    "1M": 2_629_800,
    "1q": 7_889_400,
    "1y": 31_557_600,
}  # seconds
_WIDEST: Final = 400  # bars that are filled up with empty ones


def ends_of(query: Query, indexes: Iterable[IndexInfo]) -> tuple[datetime | None, datetime | None]:
    """Return from when to when a query looks: its own ends, else those of its indexes.

    Parameters
    ----------
    query
        The query.
    indexes
        The indexes of the store.
    """
    span = query.time_range
    known = {index.name: index for index in indexes}
    found = [known[name] for name in chosen(query.pattern, known)]
    firsts = [index.first for index in found if isinstance(index.first, datetime)]
    lasts = [index.last for index in found if isinstance(index.last, datetime)]
    start = span.start if span and span.start else min(firsts, default=None)
    end = span.end if span and span.end else max(lasts, default=None)
    return start, end


def interval_of(start: datetime | None, end: datetime | None) -> str:
    """Return the narrowest interval that cuts a span into at most 100 bars.

    Examples
    --------
    >>> from datetime import UTC
    >>> day = datetime(2022, 11, 14, tzinfo=UTC)
    >>> interval_of(day, day + timedelta(days=1)), interval_of(day, day + timedelta(days=30))
    ('30m', '12h')
    """
    if start is None or end is None or end <= start:
        return "1h"
    seconds = (end - start).total_seconds()
    fine = (name for name, width in _WIDTHS.items() if seconds / width <= _MOST)
    return next(fine, "1y")


def bars(
    buckets: list[Bucket],
    interval: str,
    tz: str,
    ends: tuple[datetime | None, datetime | None],
) -> list[tuple[int, int, int]]:
    """Return bars from the start of a span to its end: start and end in milliseconds, and count.

    Parameters
    ----------
    buckets
        What the engine counted.
    interval, tz
        How wide they are, and in which zone days begin.
    ends
        The span that is looked at; the bars cover it, as long as they are not too many.
    """
    counts = {_millis(bucket.key): bucket.count for bucket in buckets}
    known = [*counts, *(_millis(end) for end in ends if end is not None)]
    if not counts:
        return []
    edges = bucket_edges(min(counts), max(counts), interval, tz)
    wide = bucket_edges(min(known), max(_last(known, ends), *counts), interval, tz)
    if len(wide) <= _WIDEST:
        edges = wide
    whole = [(a, b, counts.get(a, 0)) for a, b in pairwise(edges)]
    return whole if len(whole) <= _WIDEST else [bar for bar in whole if bar[2]][:_WIDEST]


def _last(known: list[int], ends: tuple[datetime | None, datetime | None]) -> int:
    """Return the last moment that is looked at; a range ends before its end."""
    return max(known) - (1 if ends[1] is not None and _millis(ends[1]) == max(known) else 0)


def _millis(moment: object) -> int:
    return round(moment.timestamp() * 1000) if isinstance(moment, datetime) else 0


def quick_ends(
    name: str, query: Query, indexes: Iterable[IndexInfo]
) -> tuple[datetime | None, datetime | None]:
    """Return the ends of a quick range: it ends right after the newest document.

    Parameters
    ----------
    name
        One of `QUICK`; every other name is all time.
    query
        The query whose indexes count.
    indexes
        The indexes of the store.
    """
    length = QUICK.get(name)
    _, last = ends_of(Query(query.pattern), indexes)
    if length is None or last is None:
        return None, None
    end = last + timedelta(milliseconds=1)
    return end - length, end


def patterns_of(names: Iterable[str]) -> list[str]:
    """Return the index patterns to choose from: all, and one for each kind of index.

    Examples
    --------
    >>> patterns_of(["log-aws-waf-2022-10", "log-aws-waf-2022-11", "log-linux-secure-2022-11"])
    ['log-*', 'log-aws-waf-*', 'log-linux-secure-*']
    """
    kinds = set()
    for name in names:
        parts = name.split("-")
        kept = [part for part in parts if not part.isdigit()]
        kinds.add("-".join([*kept, "*"]) if len(kept) < len(parts) else name)
    return ["log-*", *sorted(kinds - {"log-*"})]
