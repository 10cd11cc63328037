"""QuestionBox: a question of a mission, answered in the notebook and told about at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import anywidget
import traitlets

from siemlab.check import check
from siemlab.errors import MissionFileError
from siemlab.missions import Mission, Question, unseal
from siemlab.score import Ledger, Standing, wait
from siemlab.widgets.front import script, style
from siemlab.widgets.question_play import Play
from siemlab.widgets.question_text import blocks_of, html_of_blocks, one_line
from siemlab.widgets.question_view import Told, as_read, question_view
from siemlab.widgets.question_words import speaker

__all__ = ["QuestionBox"]

_LONGEST: Final = 2_001
"""Characters of an answer that are kept; one more than is read, so that it is still too long."""


class QuestionBox(anywidget.AnyWidget):
    """A question with a control for each part of its answer, hints, and what became of tries.

    Everything done in it goes to the ledger, and what it shows is made from there: after a
    restart of the kernel it stands as it was left.

    Parameters
    ----------
    question
        The question.
    ledger
        Keeps what the learner does.
    missions
        All missions, with keys.
    lang
        ``"en"`` or ``"ja"``.
    clock
        Says when something is done.
    play
        What boxes and bars share: those with one `Play` change together.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from siemlab.missions import Mission, Part, Text
    >>> text = Text("How many?", "何件ですか。")
    >>> five = Question("L1-A", 5, 40, "analysis", (), text, (Part("count"),), (text,) * 3)
    >>> one = Mission("L1-A", "", 1, 45, text, text, (five,), (), text)
    >>> with TemporaryDirectory() as folder:
    ...     QuestionBox(five, Ledger(Path(folder) / "base.jsonl"), [one])
    Question L1-A.5: How many?
    """

    _esm = script("dom", "link", "question")
    _css = style("question")

    event = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        question: Question,
        ledger: Ledger,
        missions: Iterable[Mission],
        *,
        lang: str = "en",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        play: Play | None = None,
    ) -> None:
        self.question = question
        self.lang = lang
        self._play = play or Play(ledger, missions, clock=clock)
        self._told: Told | None = None
        self._last: bool | None = None
        self._seq = 0
        self._lock = threading.RLock()  # a kernel may answer clicks in a thread beside its cells
        super().__init__()
        self._play.begin(question)
        self.refresh()
        self._play.watch(self)

    @property
    def standing(self) -> Standing:
        """How the learner stands with the question."""
        return self._play.progress().question(self.question.id)

    @property
    def right(self) -> bool:
        """Whether the last answer given here is right; where none was, whether it is solved."""
        return self.standing.state == "solved" if self._last is None else self._last

    def answer(self, *texts: str) -> QuestionBox:
        """Answer by code, as the button does.

        Parameters
        ----------
        *texts
            One text for each part.

        Returns
        -------
        QuestionBox
            This box: ``assert box.answer("12").right``.
        """
        with self._lock:
            self._try(tuple(texts))
            self.refresh()
        return self

    def hint(self) -> None:
        """Open the next hint, as its button does."""
        with self._lock:
            self._hint(self.standing.hints + 1)
            self.refresh()

    def show(self) -> None:
        """Show the answer for no points, where that may be done already."""
        with self._lock:
            self._show()
            self.refresh()

    def refresh(self) -> None:
        """Draw the box as the ledger has it now."""
        with self._lock:
            standing = self.standing
            view = question_view(
                self.question,
                standing,
                lang=self.lang,
                told=self._told,
                answer=self._found(standing),
                warning=self._warning(),
            )
            again = self._play.again(standing)
            self.view = {**view, "again": again, "seq": self._seq}

    def __repr__(self) -> str:
        """Return what is asked: the same before and after it was answered."""
        return f"Question {self.question.id}: {one_line(self.question.prompt[self.lang])}"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget; what is asked, for where no widget can be."""
        bundle = super()._repr_mimebundle_(**options)
        data, more = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        title = blocks_of(f"**{speaker(self.lang)('title', id=self.question.id)}**")
        shown = html_of_blocks(title + blocks_of(self.question.prompt[self.lang]))
        return {**data, "text/plain": repr(self), "text/html": f"<div>{shown}</div>"}, more

    @traitlets.observe("event")
    def _clicked(self, change: dict[str, Any]) -> None:
        message = change["new"]
        if not message:
            return
        with self._lock:
            seq = message.get("seq")
            if isinstance(seq, int):
                self._seq = max(self._seq, seq)  # two pages of one box count apart
            events = message.get("events") if message.get("kind") == "many" else [message]
            try:
                for event in events if isinstance(events, list) else []:
                    self._handle(event)
            except Exception:
                say = speaker(self.lang)
                self._told = Told("warn", say("unexpected"))
                raise
            finally:
                self.refresh()  # the page waits for an answer in any case

    def _handle(self, event: Mapping[str, Any]) -> None:
        kind = event.get("kind")
        if kind == "try":
            texts = event.get("texts")
            if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
                self._try(tuple(texts))
        elif kind == "hint":
            self._hint(event.get("number"))
        elif kind == "show":
            self._show()

    def _try(self, texts: tuple[str, ...]) -> None:
        say, standing = speaker(self.lang), self.standing
        # Half a character, which a page can send, is nothing that a file can hold.
        texts = tuple(text[:_LONGEST].encode(errors="replace").decode() for text in texts)
        if not any(text.strip() for text in texts):
            self._told = Told("wait", say("empty"), say("empty_text"))
            self._last = False
            return
        seconds = wait(standing, self._play.clock())
        if seconds > 0 and not standing.done:
            text = say("wait_text", n=seconds)
            self._told = Told("wait", say("wait"), text)
            self._last = False
            self._play.act("refused", self.question, texts)
            return
        verdict = check(self.question, texts)
        self._last = verdict.right
        self._told = None  # of what is right the standing says it, and the points with it
        if not verdict.right:
            self._told = Told(verdict.kind, say(verdict.kind), verdict.text[self.lang])
        if not standing.done:
            self._play.act("try", self.question, texts)

    def _hint(self, number: object) -> None:
        standing = self.standing
        # Two pages may click on the same hint: it is bought once.
        if not isinstance(number, int) or number != standing.hints + 1:
            return
        if number > len(self.question.hints):
            return
        self._play.act("hint", self.question, number=number)

    def _show(self) -> None:
        if self.standing.may_show:  # which a question that is done may not
            self._told = None
            self._play.act("show", self.question)

    def _found(self, standing: Standing) -> str:
        """Return the answer, in the learner's own words where it was found."""
        question = self.question
        if standing.state == "solved":
            return as_read(question, standing.tries[-1].texts, self.lang)
        if standing.state != "shown":
            return ""
        try:
            texts = [
                unseal(part.key.sealed, question.team, question.id, at) if part.key else "?"
                for at, part in enumerate(question.parts)
            ]
        except MissionFileError as error:
            return error.message(self.lang)
        return as_read(question, texts, self.lang)

    def _warning(self) -> str:
        said = self._play.said(self.lang)
        return speaker(self.lang)(said[0], **said[1]) if said else ""
