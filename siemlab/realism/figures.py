"""What a test of truth says: figures, each with its threshold and a verdict, and violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["NOTHING", "Figure", "Verdict", "Violation", "Violations", "failed", "share"]

Verdict = Literal["pass", "fail", "told", "not run"]
"""``told``: reported without a threshold; ``not run``: something that the test needs is missing."""

NOTHING = "nothing to judge"
"""The value of a figure whose test found no record that it is for."""

KEPT = 10  # violations of a rule that are kept whole


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report.

    Parameters
    ----------
    test
        The test it belongs to, ``R4``.
    name
        What it is, in English and Japanese.
    value, threshold
        As they are shown; the threshold is empty where none holds.
    verdict
        What it means.
    share
        The figure between 0 and 1, where a bar helps.

    Examples
    --------
    >>> figure = Figure("R4", ("read-only events", "読み取りイベント"), "80.2 %", "70-95 %", "pass")
    >>> figure.name[0], figure.verdict
    ('read-only events', 'pass')
    """

    test: str
    name: tuple[str, str]
    value: str
    threshold: str = ""
    verdict: Verdict = "told"
    share: float | None = None


class Violation(NamedTuple):
    """A record that breaks a rule: where it lies, and what is wrong with it."""

    rule: str
    key: str
    number: int
    what: str

    def __str__(self) -> str:
        """Return place and reason in one line."""
        place = f"{self.key}, record {self.number}" if self.number else self.key
        return f"{self.rule}: {place}: {self.what}"


class Violations:
    """Counts what was checked and what broke a rule; keeps the first of each kind.

    Examples
    --------
    >>> found = Violations()
    >>> found.checked("a", 3)
    >>> found.add("a", "x.json.gz", 2, "the key is of another account")
    >>> found.count("a"), [str(violation) for violation in found.kept]
    (1, ['a: x.json.gz, record 2: the key is of another account'])
    """

    def __init__(self) -> None:
        self.kept: list[Violation] = []
        self._broken: Counter[str] = Counter()
        self._checked: Counter[str] = Counter()

    def checked(self, rule: str, how_many: int = 1) -> None:
        """Count records that a rule was applied to."""
        self._checked[rule] += how_many

    def add(self, rule: str, key: str, number: int, what: str) -> None:
        """Note a violation.

        Parameters
        ----------
        rule
            The rule that is broken.
        key, number
            The object and the record in it, 0 where the object as a whole is meant.
        what
            What is wrong.
        """
        self._broken[rule] += 1
        if self._broken[rule] <= KEPT:
            self.kept.append(Violation(rule, key, number, what))

    def count(self, rule: str = "") -> int:
        """Return how often a rule was broken; without one, how often any was."""
        return self._broken[rule] if rule else self._broken.total()

    def applied(self, rule: str = "") -> int:
        """Return how many records a rule was applied to; without one, all of them together."""
        return self._checked[rule] if rule else self._checked.total()

    def figure(self, test: str, rule: str, name: tuple[str, str]) -> Figure:
        """Return a rule's figure: no violation may be; what was never applied is only told.

        Parameters
        ----------
        test
            The test that the rule belongs to.
        rule
            The rule.
        name
            What it says, in English and Japanese.
        """
        applied, broken = self._checked[rule], self._broken[rule]
        if not applied and not broken:
            return Figure(test, name, NOTHING, "0")
        verdict: Verdict = "fail" if broken else "pass"
        return Figure(test, name, f"{broken:,} of {applied:,}", "0", verdict)


def share(part: float, whole: float) -> float:
    """Return a part of a whole, 0 of nothing.

    Examples
    --------
    >>> share(1, 4), share(0, 0)
    (0.25, 0.0)
    """
    return part / whole if whole else 0.0


def failed(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures that keep a data set from being called true: failed, or not run.

    Examples
    --------
    >>> failed([Figure("R8", ("hash", "ハッシュ"), "ab12")])
    []
    """
    return [figure for figure in figures if figure.verdict in ("fail", "not run")]
