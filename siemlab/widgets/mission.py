"""MissionBar: how far a learner has come in a mission; live while its questions are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import anywidget
import traitlets

from siemlab.charts.svg import words
from siemlab.missions import Mission
from siemlab.score import Ledger
from siemlab.widgets.front import script, style
from siemlab.widgets.mission_view import mission_view
from siemlab.widgets.question_play import Play
from siemlab.widgets.question_text import one_line

__all__ = ["MissionBar"]


class MissionBar(anywidget.AnyWidget):
    """A bar with a piece for each question of a mission: solved, shown, or open.

    Parameters
    ----------
    mission
        The mission.
    ledger
        Keeps what the learner does.
    missions
        All missions, with keys.
    lang
        ``"en"`` or ``"ja"``.
    clock
        Says what time it is.
    play
        What boxes and bars share: those with one `Play` change together.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from siemlab.missions import Part, Question, Text
    >>> text = Text("How many?", "何件ですか。")
    >>> five = Question("L1-A", 5, 40, "analysis", (), text, (Part("count"),), (text,) * 3)
    >>> one = Mission("L1-A", "", 1, 45, text, text, (five,), (), text)
    >>> with TemporaryDirectory() as folder:
    ...     MissionBar(one, Ledger(Path(folder) / "base.jsonl"), [one])
    Mission L1-A: How many? (1 question, 40 points)
    """

    _esm = script("dom", "mission")
    _css = style("question")

    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        mission: Mission,
        ledger: Ledger,
        missions: Iterable[Mission],
        *,
        lang: str = "en",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        play: Play | None = None,
    ) -> None:
        self.mission = mission
        self.lang = lang
        self._play = play or Play(ledger, missions, clock=clock)
        super().__init__()
        self.refresh()
        self._play.watch(self)

    def refresh(self) -> None:
        """Draw the bar as the ledger has it now."""
        self.view = mission_view(self.mission, self._play.progress(), self.lang)

    def __repr__(self) -> str:
        """Return which mission it is, and its questions: the same however far one has come."""
        count = len(self.mission.questions)
        title = one_line(self.mission.title[self.lang])
        value = sum(question.value for question in self.mission.questions)
        if self.lang == "ja":
            return f"Mission {self.mission.id}: {title}（{count} 問、{value} 点）"
        noun = "question" if count == 1 else "questions"
        return f"Mission {self.mission.id}: {title} ({count} {noun}, {value} points)"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget; which mission it is, for where no widget can be."""
        bundle = super()._repr_mimebundle_(**options)
        data, more = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        shown = {"text/plain": repr(self), "text/html": f"<p>{words(repr(self))}</p>"}
        return {**data, **shown}, more
