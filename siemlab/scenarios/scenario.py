"""What a scenario is: a story with knobs, and the truth of what really happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from siemlab.simulate.calendar import Day, days_between
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import Effect, World

__all__ = ["Decoy", "Knobs", "Row", "Scenario", "Truth"]

RowKind = Literal["attack", "response", "finding", "benign"]


@dataclass(frozen=True)
class Knobs:
    """What differs from team to team in a story.

    Parameters
    ----------
    start
        T0, epoch milliseconds.
    factor
        What counts of objects and attempts are multiplied by, per mille: one factor for the story,
        so that rankings hold.
    names
        Addresses, user names, file names ... by what they are in the story: ``"scanner"``.

    Examples
    --------
    >>> knobs = Knobs(start=1668264429000, factor=1200, names={"scanner": "198.51.100.23"})
    >>> knobs.times(600), knobs["scanner"], knobs.after("0:31") - knobs.start
    (720, '198.51.100.23', 31000)
    """

    start: int
    factor: int = 1000
    names: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.names[name]

    def times(self, count: int) -> int:
        """Return a count at this team's factor."""
        return count * self.factor // 1000

    def after(self, offset: str) -> int:
        """Return the time at an offset after T0: ``"12:02"`` is 12 minutes and 2 seconds."""
        minutes, _, seconds = offset.partition(":")
        return self.start + (int(minutes) * 60 + int(seconds or 0)) * 1000


@dataclass(frozen=True)
class Row:
    """A row of a story: what was done, and what recorded it.

    Parameters
    ----------
    name
        The row's number in the story, or a finding's name.
    kind
        ``attack``; ``response`` of the company's people; a ``finding`` about it; ``benign``: part
        of the story, but harmless.
    acts
        What the stage recorded; an act that no log shows is there too, with ``logged`` False.
    """

    name: str
    kind: RowKind
    acts: tuple[Acts, ...]


@dataclass(frozen=True)
class Decoy:
    """Everyday life that looks like a part of the story, and what takes it out of the way.

    Parameters
    ----------
    name
        What it is.
    log_type
        The log in which it stands.
    where
        Field and value (or CIDR) that find it.
    since, until
        When, epoch milliseconds, half-open.
    removed_by
        The id of the one-click exclusion that removes it, or the field whose include leaves it out.
    """

    name: str
    log_type: str
    where: Mapping[str, str]
    since: int
    until: int
    removed_by: str


@dataclass(frozen=True)
class Truth:
    """What really happened.

    Parameters
    ----------
    scenario
        The scenario's name.
    rows
        All that the story did, in its order.
    decoys
        What only looks like it.
    facts
        What a question may ask for: addresses, keys, names, times (epoch milliseconds), counts.
    """

    scenario: str
    rows: tuple[Row, ...]
    decoys: tuple[Decoy, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def acts(self, *kinds: RowKind) -> Iterator[Acts]:
        """Yield what rows of some kinds did; of all kinds when none is named."""
        for row in self.rows:
            if not kinds or row.kind in kinds:
                yield from row.acts

    def ids(self, log_type: str, *kinds: RowKind) -> frozenset[str]:
        """Return the ids of the records of a log that rows of some kinds left."""
        return frozenset(
            identifier
            for acts in self.acts(*kinds)
            if acts.log_type == log_type
            for identifier, logged in zip(acts.ids, acts.logged.tolist(), strict=True)
            if logged
        )


@dataclass(frozen=True)
class Scenario:
    """One incident story.

    Parameters
    ----------
    name
        ``L1-A``.
    title_en, title_ja
        Its title.
    level
        1 or 2.
    account
        The name of the account that it is about.
    first, last
        The days of Japan that it may touch for any team, with a day and a half before T0 and a day
        after its last row.
    knobs
        What is the team's own, from the world.
    effects
        What it changes in the world.
    story
        Acts on the stage, and tells what really happened.
    """

    name: str
    title_en: str
    title_ja: str
    level: int
    account: str
    first: date
    last: date
    knobs: Callable[[World], Knobs]
    effects: Callable[[World, Knobs], tuple[Effect, ...]]
    story: Callable[[Stage, Knobs], Truth]

    def days(self) -> list[date]:
        """Return its days."""
        return list(days_between(self.first, self.last))

    def touches(self, day: Day) -> bool:
        """Tell whether a day is one of its days."""
        return self.first <= day.date <= self.last
