"""The fold: from the log of what was done to the score, with the keys and the values of today.

Answers are checked anew each time. So when a key is mended, or a question's value changed, every
score is right again without a line of the log being touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from siemlab.check import Verdict, check
from siemlab.missions import Mission, Question
from siemlab.score.ledger import Event
from siemlab.score.rules import FREE_HINT, PRICES, SHOW, is_guessable, pause, payout

__all__ = ["Progress", "Standing", "Try", "fold", "wait"]

State = Literal["unseen", "open", "solved", "shown"]


@dataclass(frozen=True, slots=True)
class Try:
    """One answer that was given.

    Parameters
    ----------
    at
        When.
    texts
        What was typed, one text for each part.
    verdict
        What is said of it today.
    counted
        Whether it lowers what the question pays.
    """

    at: datetime
    texts: tuple[str, ...]
    verdict: Verdict
    counted: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with one question.

    Parameters
    ----------
    question
        The question.
    now
        The time, on which a free hint and "show me" depend.
    state
        ``unseen``, ``open``, ``solved``, or ``shown``: the answer was asked for.
    opened
        When it was first seen.
    tries
        Every answer, oldest first, up to the one that solved it.
    hints
        How many hints are open.
    price
        Per cent that they cost together.
    solved_at
        When it was solved.
    """

    question: Question
    now: datetime
    state: State = "unseen"
    opened: datetime | None = None
    tries: tuple[Try, ...] = ()
    hints: int = 0
    price: int = 0
    solved_at: datetime | None = None

    @property
    def value(self) -> int:
        """The question's points."""
        return self.question.value

    @property
    def counted_wrong(self) -> int:
        """How many wrong answers count."""
        return sum(each.counted for each in self.tries)

    @property
    def remaining(self) -> int:
        """What it pays when it is solved with the next answer, or has paid."""
        return self._pays(self.price)

    @property
    def done(self) -> bool:
        """Whether it is solved, or its answer was shown."""
        return self.state in ("solved", "shown")

    @property
    def points(self) -> int:
        """What it has paid."""
        return self.remaining if self.state == "solved" else 0

    @property
    def next_hint_price(self) -> int | None:
        """Points that the next hint costs; None when all are open."""
        if self.hints >= len(self.question.hints):
            return None
        return self.remaining - self._pays(self.price + self.next_price)

    @property
    def next_price(self) -> int:
        """Per cent that the next hint costs: the first is free after a quarter of an hour."""
        if self.hints >= len(PRICES):
            return 0
        return 0 if self.hints == 0 and self._since(FREE_HINT, self.now) else PRICES[self.hints]

    @property
    def may_show(self) -> bool:
        """Whether the answer may be shown: after all hints, or after twenty minutes."""
        if self.done:
            return False
        return self.hints >= len(self.question.hints) or self._since(SHOW, self.now)

    def _pays(self, price: int) -> int:
        return payout(
            self.value,
            price,
            self.counted_wrong,
            choice=all(part.type == "choice" for part in self.question.parts),
            first_free=not self.question.guessable
            and not any(is_guessable(part.key.domain) for part in self.question.parts if part.key),
        )

    def _since(self, pause: timedelta, now: datetime) -> bool:
        return self.opened is not None and now - self.opened >= pause


@dataclass(frozen=True, slots=True)
class Progress:
    """How a learner stands with all missions.

    Parameters
    ----------
    standings
        By question id, in the order of missions and questions.
    left_out
        How many events are about questions that are not, or no longer, there.

    Examples
    --------
    >>> Progress({}).points
    0
    """

    standings: Mapping[str, Standing]
    left_out: int = field(default=0)

    @property
    def points(self) -> int:
        """All points."""
        return sum(each.points for each in self.standings.values())

    @property
    def last_solved(self) -> datetime | None:
        """When the last points were won: of two equal scores the earlier one is ahead."""
        return max(
            (one.solved_at for one in self.standings.values() if one.solved_at), default=None
        )

    @property
    def counted_wrong(self) -> int:
        """All counted wrong answers: the next thing that parts two equal scores."""
        return sum(each.counted_wrong for each in self.standings.values())

    def question(self, question_id: str) -> Standing:
        """Return the standing of one question.

        Parameters
        ----------
        question_id
            ``"L1-A.3"``.

        Raises
        ------
        KeyError
            There is no such question.
        """
        return self.standings[question_id]

    def of(self, mission_id: str) -> tuple[Standing, ...]:
        """Return the standings of one mission, in the order of its questions.

        Parameters
        ----------
        mission_id
            ``"L1-A"``.
        """
        return tuple(one for one in self.standings.values() if one.question.mission == mission_id)


def fold(events: Iterable[Event], missions: Iterable[Mission], now: datetime) -> Progress:
    """Return the progress that a log of events amounts to.

    Parameters
    ----------
    events
        What was done, in the order of the log. An event that stands there twice counts once.
    missions
        The missions, with the team's keys.
    now
        The time, aware.

    Examples
    --------
    >>> from datetime import UTC
    >>> fold([], [], datetime(2022, 11, 24, tzinfo=UTC)).points
    0
    """
    standings = {
        question.id: Standing(question, now)
        for mission in missions
        for question in mission.questions
    }
    left_out = 0
    for event in dict.fromkeys(events):
        if event.question in standings:
            standings[event.question] = _after(standings[event.question], event)
        else:
            left_out += 1
    return Progress(standings, left_out)


def wait(standing: Standing, now: datetime) -> int:
    """Return the seconds until the next answer to a question is taken; 0 when it is now.

    Parameters
    ----------
    standing
        How the learner stands with it.
    now
        The time.

    Examples
    --------
    >>> from datetime import UTC
    >>> from siemlab.missions import Part, Text
    >>> text, noon = Text("How many?", "何件ですか。"), datetime(2022, 11, 24, 12, tzinfo=UTC)
    >>> asked = Question("L1-A", 5, 40, "analysis", (), text, (Part("count"),), (text,) * 3)
    >>> wait(Standing(asked, noon), noon)
    0
    """
    return pause([(each.at, each.counted) for each in standing.tries], now)


def _after(standing: Standing, event: Event) -> Standing:
    """Return the standing after one event."""
    if standing.opened is None:
        standing = replace(standing, opened=event.at, state="open")
    if standing.done:
        return standing
    if event.kind == "show":
        return replace(standing, state="shown")
    if event.kind == "hint":
        known = event.number and event.number <= standing.hints  # two kernels opened one hint
        if known or standing.hints >= len(standing.question.hints):
            return standing
        cost = replace(standing, now=event.at).next_price
        return replace(standing, hints=standing.hints + 1, price=standing.price + cost)
    if event.kind == "try":
        return _tried(standing, event)
    return standing


def _tried(standing: Standing, event: Event) -> Standing:
    """Return the standing after an answer. A repeat and what cannot be read cost nothing."""
    verdict = check(standing.question, event.texts)
    seen = {each.verdict.canonical for each in standing.tries}
    counted = verdict.kind in ("wrong", "foil") and verdict.canonical not in seen
    tries = (*standing.tries, Try(event.at, event.texts, verdict, counted))
    if verdict.right:
        return replace(standing, tries=tries, state="solved", solved_at=event.at)
    return replace(standing, tries=tries)
