"""The rules: what a solved question pays, what a hint costs, how long to wait. All of it pure.

Nothing is ever taken from a total: a hint or a wrong answer lowers only what its own question
will pay, and an unsolved question pays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

__all__ = [
    "FREE_HINT",
    "LEAST",
    "PRICES",
    "SHOW",
    "SMALL_DOMAIN",
    "is_guessable",
    "pause",
    "payout",
]

PRICES = (10, 20, 30)
"""Per cent of a question's value that its hints cost, in their order."""

LEAST = 25
"""Per cent that a solved question pays at least."""

FREE_HINT = timedelta(minutes=15)
"""After so long on a question its first hint is free."""

SHOW = timedelta(minutes=20)
"""After so long on a question, or after all hints, the answer may be shown."""

SMALL_DOMAIN = 50
"""With fewer visible values than this, a first wrong answer is not free: it would be a guess."""

_WRONG, _MOST_WRONG = 10, 50
_CHOICE = (100, 40)
_BETWEEN = 5
_COOL = (60, 120, 240, 300)
_PATIENCE = 6


def payout(
    value: int, hints: int, wrong: int, *, choice: bool = False, first_free: bool = True
) -> int:
    """Return what a solved question pays.

    Parameters
    ----------
    value
        Its points.
    hints
        Per cent that the opened hints cost together: a sum of `PRICES`.
    wrong
        Counted wrong answers.
    choice
        Whether one option was to be chosen (in each part): then the second try pays 40 %, a later
        one nothing.
    first_free
        Whether the first wrong answer costs nothing.

    Examples
    --------
    >>> payout(60, 10, 2), payout(150, 30, 1), payout(150, 0, 8), payout(150, 60, 6)
    (48, 105, 75, 38)
    >>> [payout(20, 0, wrong, choice=True) for wrong in (0, 1, 2)]
    [20, 8, 0]
    """
    if choice:
        tried = _CHOICE[wrong] if wrong < len(_CHOICE) else 0
        return (value * tried * max(LEAST, 100 - hints) + 5_000) // 10_000  # a half goes up
    counted = max(0, wrong - 1) if first_free else wrong
    lost = hints + min(_MOST_WRONG, _WRONG * counted)
    return (value * max(LEAST, 100 - lost) + 50) // 100


def is_guessable(domain: int | None) -> bool:
    """Tell whether so few values can be seen that a first try would be a guess.

    Parameters
    ----------
    domain
        How many values a learner can see for the field; None where nobody can count them.

    Examples
    --------
    >>> is_guessable(12), is_guessable(400), is_guessable(None)
    (True, False, False)
    """
    return domain is not None and domain < SMALL_DOMAIN


def pause(tries: Sequence[tuple[datetime, bool]], now: datetime) -> int:
    """Return the seconds until the next answer to a question is taken; 0 when it is now.

    Five seconds between two answers; after six counted wrong ones 60, 120, 240, then 300.

    Parameters
    ----------
    tries
        When each answer was given, and whether it was counted as wrong; oldest first.
    now
        The time.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2022, 11, 24, 12, tzinfo=UTC)
    >>> pause([(noon, True)], noon), pause([(noon, True)] * 6, noon), pause([], noon)
    (5, 60, 0)
    """
    if not tries:
        return 0
    wrong = sum(counted for _, counted in tries)
    whole = _COOL[min(wrong - _PATIENCE, len(_COOL) - 1)] if wrong >= _PATIENCE else _BETWEEN
    left = whole - (now - tries[-1][0]).total_seconds()
    return min(whole, max(0, -int(-left // 1)))
