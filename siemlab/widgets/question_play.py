"""What the boxes and bars of one learner share: the ledger, and who wants to know of an act."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from siemlab.charts.plain import clean
from siemlab.errors import SiemlabError
from siemlab.missions import Mission, Question
from siemlab.score import Event, Ledger, Progress, Standing, fold
from siemlab.score.ledger import Kind
from siemlab.score.rules import FREE_HINT, SHOW

__all__ = ["Play"]


class Play:
    """Keeps every act in the ledger, and tells all who watch that something changed.

    Where the ledger cannot be written or read, acts are kept in memory and `warning` says so:
    a full disk is no reason to lose the thread.

    Parameters
    ----------
    ledger
        The learner's own.
    missions
        All missions, with keys.
    clock
        Says when something is done, aware.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from siemlab.missions import Part, Text
    >>> text = Text("How many?", "何件ですか。")
    >>> five = Question("L1-A", 5, 40, "analysis", (), text, (Part("count"),), (text,) * 3)
    >>> one = Mission("L1-A", "", 1, 45, text, text, (five,), (), text)
    >>> with TemporaryDirectory() as folder:
    ...     play = Play(Ledger(Path(folder) / "base.jsonl"), [one])
    ...     play.act("hint", five)
    ...     play.progress().question("L1-A.5").remaining
    36
    """

    def __init__(
        self,
        ledger: Ledger,
        missions: Iterable[Mission],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.ledger = ledger
        self.missions = tuple(missions)
        self.clock = clock
        self.warning: tuple[str, SiemlabError | OSError] | None = None
        """The word that says what cannot be done, and why."""
        self._kept: list[Event] = []
        self._watchers: weakref.WeakSet[Any] = weakref.WeakSet()

    def events(self) -> tuple[Event, ...]:
        """Return every act of the learner: what the ledger has, then what it would not take."""
        try:
            written = tuple(self.ledger.events())
        except (OSError, SiemlabError) as error:
            self.warning = ("unread", error)
            written = ()
        return (*written, *self._kept)

    def progress(self) -> Progress:
        """Return how the learner stands now."""
        return fold(self.events(), self.missions, self.clock())

    def begin(self, question: Question) -> None:
        """Note that the learner has come to a question; one that waits its turn is not begun.

        All questions of a notebook are drawn when all cells are run, but the time after which a
        hint is free counts from when the one before was done.
        """
        following = self._following(question.mission)
        if following and following.question.id == question.id and following.opened is None:
            self._write(Event(self.clock(), "open", question.id))

    def act(
        self, kind: Kind, question: Question, texts: tuple[str, ...] = (), number: int = 0
    ) -> None:
        """Keep an act, begin what comes next, and tell who watches.

        Parameters
        ----------
        kind
            ``"try"``, ``"refused"``, ``"hint"`` or ``"show"``.
        question
            The question it is about.
        texts
            The answer, one text per part.
        number
            Which hint it is.
        """
        self._write(Event(self.clock(), kind, question.id, texts, number))
        following = self._following(question.mission)
        if following and following.opened is None:
            self._write(Event(self.clock(), "open", following.question.id))
        for watcher in tuple(self._watchers):
            watcher.refresh()

    def again(self, standing: Standing) -> int | None:
        """Return after how many seconds a question looks different though nobody does anything.

        Parameters
        ----------
        standing
            How the learner stands with it.
        """
        if standing.done or standing.opened is None:
            return None
        passed = (self.clock() - standing.opened).total_seconds()
        changes = (FREE_HINT.total_seconds(), SHOW.total_seconds())
        left = [after - passed for after in changes if after > passed]
        return 1 + int(min(left)) if left else None

    def watch(self, watcher: Any) -> None:
        """Call ``watcher.refresh()`` after each act, as long as it lives."""
        self._watchers.add(watcher)

    def said(self, lang: str) -> tuple[str, dict[str, str]] | None:
        """Return what `warning` says: a word and what fills its gap; None where all is well."""
        if self.warning is None:
            return None
        word, error = self.warning
        if isinstance(error, SiemlabError):
            return word, {"why": clean(error.message(lang))}
        return word, {"why": clean(error.strerror or type(error).__name__)}

    def _following(self, mission: str) -> Standing | None:
        """Return the standing of a mission's first question that is neither solved nor shown."""
        return next((one for one in self.progress().of(mission) if not one.done), None)

    def _write(self, event: Event) -> None:
        try:
            self.ledger.append(event)
        except (OSError, SiemlabError) as error:
            self.warning = ("unsaved", error)
            self._kept.append(event)
