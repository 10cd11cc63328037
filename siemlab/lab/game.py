"""The missions' part of a lab: questions, what is known, what happened, how far one has come."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from siemlab.errors import QuerySyntaxError
from siemlab.lab.page import Page
from siemlab.lab.places import progress_file
from siemlab.lab.unanswered import Unanswered

if TYPE_CHECKING:
    from siemlab.baseline import Baseline
    from siemlab.lab.report import Report
    from siemlab.missions import Mission, Question
    from siemlab.store.base import Hit
    from siemlab.widgets import Discover, MissionBar, QuestionBox, Timeline, Trail
    from siemlab.widgets.question_play import Play

__all__ = ["Game"]


class Game:
    """What a lab knows of missions. It is a part of `Lab`, which brings language, team and logs."""

    lang: str
    team: str | None

    if TYPE_CHECKING:

        @cached_property
        def baseline(self) -> Baseline:
            """What is known to be legitimate at the company."""

        def _tell(self, en: str, ja: str) -> None: ...

    def question(self, question_id: str, answer: Any = None) -> QuestionBox:
        """Return a question, to be answered where it is put last in a cell; or answer it by code.

        Parameters
        ----------
        question_id
            ``"L1-A.3"``.
        answer
            The answer: a number, a text, a time, several in a set or list; a tuple where the
            question has several parts. None leaves it to the learner.

        Returns
        -------
        QuestionBox
            ``box.right`` says whether it is solved.

        Raises
        ------
        MissionFileError
            There is no such question, or no key for the team.

        Examples
        --------
        >>> from siemlab import Lab
        >>> Lab(store="sample", quiet=True).question("A.1")
        Traceback (most recent call last):
        ...
        siemlab.errors.MissionFileError: there is no mission "A"; ...
        """
        from siemlab.widgets import QuestionBox

        question = self._question(question_id)
        play = self._play
        box = QuestionBox(question, play.ledger, play.missions, lang=self.lang, play=play)
        return box if answer is None else box.answer(*_texts(question, answer))

    def answer(self, question_id: str) -> Any:
        """Return the answer of a question that is solved, or was shown.

        Parameters
        ----------
        question_id
            ``"L1-A.3"``.

        Returns
        -------
        str, list of str, or tuple
            A list where the question asks for several values, a tuple where it has several parts.
            While it is open ``"?"``, with a line that says so: a search for that finds nothing.

        Raises
        ------
        MissionFileError
            There is no such question, or no key for the team.
        """
        from siemlab.lab.told import answer_of

        question = self._question(question_id)
        found = answer_of(question, self._play.progress().question(question.id))
        if found is not None:
            return found
        self._tell(
            f"{question_id} is still open. Answer it, then run this cell again.",
            f"{question_id} はまだ解けていません。回答してから、このセルを再実行してください。",
        )
        return Unanswered(question_id, len(question.parts))

    def known(self, group: str) -> tuple[str, ...]:
        """Return the addresses of a group that is known to be good, to be excluded.

        Parameters
        ----------
        group
            Its id: ``"office"``, ``"monitoring"``, ``"company-aws"``...

        Raises
        ------
        QuerySyntaxError
            There is no such group; the error lists those that there are.

        Examples
        --------
        >>> from siemlab import Lab
        >>> Lab(store="sample", quiet=True).known("monitoring")
        ('192.0.2.0/26',)
        """
        groups = {each.id: each.values for each in self.baseline.exclusions}
        if group in groups:
            return tuple(groups[group])
        listed = ", ".join(groups)
        raise QuerySyntaxError(
            f"there is no group {group!r} of what is known; there are {listed}",
            f"{group!r} というグループはありません。使えるもの: {listed}",
        )

    def briefing(self, mission_id: str) -> Page:
        """Return how a mission begins.

        Parameters
        ----------
        mission_id
            ``"L1-A"``.

        Raises
        ------
        MissionFileError
            There is no such mission, or no key for the team.
        """
        from siemlab.lab.told import briefing_page

        return briefing_page(self._mission(mission_id), self.lang)

    def sheet(self) -> Page:
        """Return the known-good sheet of the company, with the identifiers of the team.

        Examples
        --------
        >>> from siemlab import Lab
        >>> print(str(Lab(store="sample", quiet=True).sheet()).splitlines()[0])
        # Known-good sheet of Sazanami Tabi K.K.
        """
        from siemlab.baseline import known_good_markdown

        return Page(known_good_markdown(self.lang, self._identifiers))

    @cached_property
    def _identifiers(self) -> dict[str, str] | None:
        if self.team is None:
            return None
        from siemlab.datasets import Plan, sheet_identifiers

        return sheet_identifiers(Plan.of("small", team=self.team).world)

    def happened(self, mission_id: str) -> Page:
        """Return what really happened, with the answers that one has found or was shown.

        Parameters
        ----------
        mission_id
            ``"L1-A"``.

        Raises
        ------
        MissionFileError
            There is no such mission, or no key for the team.
        """
        from siemlab.lab.told import happened_page

        return happened_page(self._mission(mission_id), self._play.progress(), self.lang)

    def log_next(self, mission_id: str) -> Page:
        """Return what to log next, so that one would have seen more.

        Parameters
        ----------
        mission_id
            ``"L1-A"``.

        Raises
        ------
        MissionFileError
            There is no such mission, or no key for the team.
        """
        from siemlab.lab.told import log_next_page

        return log_next_page(self._mission(mission_id), self._play.progress(), self.lang)

    def progress(self, mission_id: str | None = None) -> MissionBar | Page:
        """Return how far one has come in a mission, as a live bar; or in all of them, as a table.

        Parameters
        ----------
        mission_id
            ``"L1-A"``; None for all missions.

        Raises
        ------
        MissionFileError
            There is no such mission, or no key for the team.
        """
        play = self._play
        if mission_id is None:
            from siemlab.lab.told import progress_page

            return progress_page(play.missions, play.progress(), self.lang)
        from siemlab.widgets import MissionBar

        mission = self._mission(mission_id)
        return MissionBar(mission, play.ledger, play.missions, lang=self.lang, play=play)

    def timeline(
        self, of: str | Iterable[Hit] | None = None, *, tz: str = "Asia/Tokyo", title: str = ""
    ) -> Timeline:
        """Return documents on one axis, oldest first.

        Parameters
        ----------
        of
            Hits, such as ``events.newest(20)``; else the documents that were picked in this lab's
            Discovers, under the title of a mission where its id is given.
        tz
            The zone of times.
        title
            Said above it.

        Raises
        ------
        MissionFileError
            There is no such mission.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> len(lab.timeline(lab.events("log-aws-waf-*").newest(3))), len(lab.timeline())
        (3, 0)
        """
        from siemlab.widgets import Timeline

        if of is None or isinstance(of, str):
            hits = self._picked()
            title = title or (self._mission(of).title[self.lang] if of else "")
        else:
            hits = tuple(getattr(of, "hits", of))
        return Timeline(hits, tz, self.lang, title)

    def report(self, mission_id: str) -> Report:
        """Return the report of a mission: what was found, how, and what it was worth.

        Parameters
        ----------
        mission_id
            ``"L1-A"``.

        Returns
        -------
        Report
            Shown in a notebook; ``save("report.md")`` or ``save("report.ipynb")`` writes it.

        Raises
        ------
        MissionFileError
            There is no such mission, or no key for the team.
        """
        from siemlab.lab.report import Report

        return Report(
            self._mission(mission_id),
            self._play.progress(),
            self.timeline(),
            tuple(trail for trail in self._trails() if len(trail) > 1 or trail.picked),
            self.lang,
        )

    @cached_property
    def _play(self) -> Play:
        from siemlab.missions import load_missions
        from siemlab.score import Ledger
        from siemlab.widgets.question_play import Play

        team = self.team or ""
        return Play(Ledger(progress_file(team)), load_missions(team))

    def _mission(self, mission_id: str) -> Mission:
        from siemlab.missions import load_mission

        missions = {mission.id: mission for mission in self._play.missions}
        # One that is not among them is not there, or its key is too old: the error says so.
        return missions.get(mission_id) or load_mission(mission_id, self.team or "")

    def _question(self, question_id: str) -> Question:
        return self._mission(question_id.rpartition(".")[0]).question(question_id)

    @cached_property
    def _widgets(self) -> list[weakref.ref[Discover]]:
        return []

    def _noted(self, discover: Discover) -> Discover:
        """Remember a Discover, for timeline and report, as long as it lives."""
        self._widgets.append(weakref.ref(discover))
        return discover

    def _trails(self) -> list[Trail]:
        return [found.trail for ref in self._widgets if (found := ref()) is not None]

    def _picked(self) -> tuple[Hit, ...]:
        """Return what was picked in this lab, each document once."""
        hits = (hit for trail in self._trails() for hit in trail.picked)
        return tuple({(hit.index, hit.id): hit for hit in hits}.values())


def _texts(question: Question, answer: Any) -> tuple[str, ...]:
    """Return the text of each part, as a learner would type it."""
    from siemlab.check import as_text

    if len(question.parts) == 1:
        return (as_text(answer),)
    parts = answer if isinstance(answer, (tuple, list)) else (answer,)
    if len(parts) != len(question.parts):
        raise QuerySyntaxError(
            f"{question.id} has {len(question.parts)} parts; give a tuple with one value for each",
            f"{question.id} の答えは {len(question.parts)} つあります。タプルで渡してください",
        )
    return tuple(as_text(part) for part in parts)
