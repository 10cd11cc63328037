"""R3b: does the number of records give the incident's day away?"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime

from siemlab.baseline import JST
from siemlab.errors import LogFormatError
from siemlab.realism.figures import Figure, Verdict, Violation
from siemlab.realism.labels import Labels
from siemlab.realism.reading import Seen

__all__ = ["VolumeCheck", "day_of"]

HEAVY = ("alb", "cloudtrail", "route53resolver", "s3accesslog", "vpcflowlogs", "waf")
DENSE = 3  # sources that write on a day on which everything is logged
HIGHEST = 0.95


def day_of(seen: Seen) -> date | None:
    """Return the day (JST) of a record; None where its time cannot be read.

    Parameters
    ----------
    seen
        The record.
    """
    try:
        moment: datetime = seen.log_type.time(seen.record, seen.key).time
    except LogFormatError:
        return None
    return moment.astimezone(JST).date()


class VolumeCheck:
    """Counts the records of each source and day.

    Parameters
    ----------
    labels
        Which records belong to a story, and which days.
    """

    reads = frozenset(HEAVY)

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._days: defaultdict[str, Counter[date]] = defaultdict(Counter)
        self._incident: set[date] = set(labels.days)

    def see(self, seen: Seen) -> None:
        """Count a record."""
        day = day_of(seen)
        if day is None:
            return
        name = seen.log_type.name
        self._days[name][day] += 1
        if name == "cloudtrail" and day not in self._incident and self._labels.of(seen):
            self._incident.add(day)

    def dense_days(self) -> set[date]:
        """Return the days on which most sources write; all, where no day has so many."""
        sources = Counter(day for days in self._days.values() for day in days)
        dense = {day for day, count in sources.items() if count >= DENSE}
        return dense or set(sources)

    def figures(self) -> list[Figure]:
        """Return, for each source, where the fullest incident day stands among the dense days."""
        dense = self.dense_days()
        return [self._of_source(name, dense) for name in HEAVY if self._of(name, dense)]

    @property
    def violations(self) -> list[Violation]:
        """None: no single record is too many."""
        return []

    def _of(self, name: str, dense: set[date]) -> set[date]:
        quiet = {day for day in self._incident if (name, day) in self._labels.loud}
        return (self._incident & dense & self._days[name].keys()) - quiet

    def _of_source(self, name: str, dense: set[date]) -> Figure:
        counts = {day: self._days[name][day] for day in sorted(dense)}
        highest = max(self._of(name, dense), key=lambda day: (counts[day], day))
        below = sum(count < counts[highest] for count in counts.values()) / len(counts)
        verdict: Verdict = "pass" if below <= HIGHEST else "fail"
        if len(counts) < 20:  # no percentile of so few
            verdict = "told"
        words = (
            f"{name}: dense days below the fullest incident day ({highest})",
            f"{name}: 最も件数の多い事件の日（{highest}）より少ない日の割合",
        )
        return Figure("R3b", words, f"{below:.1%}", f"<= {HIGHEST:.0%}", verdict, below)
