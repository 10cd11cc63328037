"""The rhythm of calls: how bursty they are, and how close together inside a burst."""

from __future__ import annotations

import array
import statistics
from itertools import pairwise

__all__ = ["Rhythm"]

BURST = 60  # seconds without a call of the same caller end a burst
DAY = 86_400
MORNING = 54_000  # a day in Japan begins at 15:00 UTC


class Rhythm:
    """The times of calls, by caller.

    Examples
    --------
    >>> rhythm = Rhythm()
    >>> for when in (100, 100, 100, 103, 4000, 4000):
    ...     rhythm.add("hana", when)
    >>> rhythm.values()["zero_gaps"]
    0.75
    """

    def __init__(self) -> None:
        self._callers: dict[str, int] = {}
        self._calls = array.array("q")  # caller and time, one after the other

    def add(self, caller: str, when: int) -> None:
        """Note a call.

        Parameters
        ----------
        caller
            Principal, agent and address.
        when
            Epoch seconds.
        """
        self._calls.append(self._callers.setdefault(caller, len(self._callers)))
        self._calls.append(when)

    def values(self) -> dict[str, float]:
        """Return burstiness (the median of the days) and the share of 0 s gaps inside bursts.

        Returns
        -------
        dict[str, float]
            ``burstiness`` B = (s - m) / (s + m) of the gaps between calls, and ``zero_gaps``; each
            is left out where there are too few calls.
        """
        calls = sorted(zip(self._calls[::2], self._calls[1::2], strict=True))
        gaps = [
            after[1] - before[1]
            for before, after in pairwise(calls)
            if before[0] == after[0] and after[1] - before[1] <= BURST
        ]
        found = {}
        if gaps:
            found["zero_gaps"] = gaps.count(0) / len(gaps)
        days = [_burstiness(times) for times in self._days() if len(times) > 100]
        if days:
            found["burstiness"] = statistics.median(days)
        return found

    def _days(self) -> list[list[int]]:
        days: dict[int, list[int]] = {}
        for when in self._calls[1::2]:
            days.setdefault((when - MORNING) // DAY, []).append(when)
        return list(days.values())


def _burstiness(times: list[int]) -> float:
    gaps = [after - before for before, after in pairwise(sorted(times))]
    mean, spread = statistics.fmean(gaps), statistics.pstdev(gaps)
    return (spread - mean) / (spread + mean) if mean else 1.0
