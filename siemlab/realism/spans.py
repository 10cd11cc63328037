"""Sets of times, kept small: which days are covered, when a source was turned off."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Hashable

__all__ = ["DAY", "JST", "Spans", "Times", "day_number"]

DAY = 86_400
"""Seconds."""

JST = 9 * 3600
"""Seconds that Japan is ahead of UTC."""


def day_number(when: int) -> int:
    """Return the number of the day in Japan that a time (epoch seconds) lies in.

    Examples
    --------
    >>> day_number(1668697200 - 1), day_number(1668697200)  # 2022-11-17T15:00:00Z
    (19313, 19314)
    """
    return (when + JST) // DAY


class Times:
    """Points in time under keys, and whether one of them lies near another.

    Examples
    --------
    >>> times = Times()
    >>> times.add("hana", 100)
    >>> times.within("hana", 90, 110), times.within("hana", 101, 110), times.first("hana")
    (True, False, 100)
    """

    def __init__(self) -> None:
        self._times: defaultdict[Hashable, list[int]] = defaultdict(list)
        self._is_sorted = True

    def __contains__(self, key: Hashable) -> bool:
        return key in self._times

    def __len__(self) -> int:
        return len(self._times)

    def add(self, key: Hashable, when: int) -> None:
        """Note a time under a key."""
        self._times[key].append(when)
        self._is_sorted = False

    def within(self, key: Hashable, start: int, end: int) -> bool:
        """Tell whether a key has a time from ``start`` to ``end``, both included."""
        times = self._sorted(key)
        at = bisect.bisect_left(times, start)
        return at < len(times) and times[at] <= end

    def count(self, key: Hashable, start: int, end: int) -> int:
        """Return how many times of a key lie from ``start`` to ``end``, both included."""
        times = self._sorted(key)
        return bisect.bisect_right(times, end) - bisect.bisect_left(times, start)

    def first(self, key: Hashable) -> int | None:
        """Return the first time of a key."""
        times = self._sorted(key)
        return times[0] if times else None

    def _sorted(self, key: Hashable) -> list[int]:
        if not self._is_sorted:
            for times in self._times.values():
                times.sort()
            self._is_sorted = True
        return self._times.get(key, [])


class Spans:
    """Intervals under keys, and whether a time lies in one of them.

    Examples
    --------
    >>> spans = Spans()
    >>> spans.add("203.0.113.7", 100, 160)
    >>> spans.holds("203.0.113.7", 130), spans.holds("203.0.113.7", 170)
    (True, False)
    >>> spans.holds("203.0.113.7", 170, slack=10)
    True
    """

    def __init__(self) -> None:
        self._spans: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        self._longest: dict[Hashable, int] = {}
        self._is_sorted = True

    def __contains__(self, key: Hashable) -> bool:
        return key in self._spans

    def add(self, key: Hashable, start: int, end: int) -> None:
        """Note an interval under a key, both ends included."""
        self._spans[key].append((start, end))
        self._longest[key] = max(self._longest.get(key, 0), end - start)
        self._is_sorted = False

    def holds(self, key: Hashable, when: int, slack: int = 0) -> bool:
        """Tell whether a time lies in an interval of a key, or ``slack`` seconds beside one."""
        if not self._is_sorted:
            for spans in self._spans.values():
                spans.sort()
            self._is_sorted = True
        spans = self._spans.get(key, [])
        at = bisect.bisect_right(spans, (when + slack, 1 << 62))
        earliest = when - slack - self._longest.get(key, 0)
        while at and spans[at - 1][0] >= earliest:
            at -= 1
            if spans[at][1] >= when - slack:
                return True
        return False
