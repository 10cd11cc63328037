"""A mission and a team's key: texts filled in, each part with its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from siemlab.errors import MissionFileError
from siemlab.missions.keys import TeamKey
from siemlab.missions.mission import Mission, Moment, Option, Part, PartKey, Question, Text
from siemlab.missions.slots import SlotError, fill, tell

__all__ = ["fill_answers", "with_key"]

T = TypeVar("T", str, Text)


def with_key(mission: Mission, key: TeamKey) -> Mission:
    """Return a mission with the texts filled in for a team, and the key of each question.

    Parameters
    ----------
    mission
        A mission as its file has it.
    key
        The team's key.

    Raises
    ------
    MissionFileError
        The key lacks a fact that a text needs, or a question.

    Examples
    --------
    >>> text = Text("A tour of {rooms} rooms", "{rooms} 部屋の見学")
    >>> tour = Mission("L0", "", 0, 30, text, text, (), (), text)
    >>> with_key(tour, TeamKey("", {"L0": {"rooms": 3}}, {})).title.en
    'A tour of 3 rooms'
    """
    try:
        return _Filling(mission, key).mission()
    except SlotError as error:
        raise _old(mission, key.team, error.en, error.ja) from None


def fill_answers(text: T, answers: Mapping[str, str]) -> T:
    """Return a text of what happened with the answers that are known; ``…`` for the others.

    Parameters
    ----------
    text
        `Moment.at`, or a text of `Mission.happened` or `Mission.log_next`, in one language or in
        both, of a mission with a key.
    answers
        By number, ``"3"``, or number and part, ``"6a"``.

    Examples
    --------
    >>> fill_answers("{answer[3]}, then {answer[4]}", {"3": "192.0.2.7"})
    '192.0.2.7, then …'
    >>> fill_answers(Text("From {answer[3]}", "{answer[3]} から"), {"3": "192.0.2.7"})["ja"]
    '192.0.2.7 から'
    """
    if isinstance(text, Text):
        return Text(tell(text.en, answers), tell(text.ja, answers))
    return tell(text, answers)


class _Filling:
    """One mission, being filled for one team."""

    def __init__(self, mission: Mission, key: TeamKey) -> None:
        self.source = mission
        self.key = key
        self.given = key.given.get(mission.id, {})

    def mission(self) -> Mission:
        source = self.source
        return replace(
            source,
            title=self.text(source.title),
            briefing=self.text(source.briefing),
            questions=tuple(self.question(each) for each in source.questions),
            happened=tuple(self.moment(each) for each in source.happened),
            log_next=self.text(source.log_next, later=True),
            team=self.key.team,
            given=dict(self.given),
        )

    def text(self, text: Text, *, later: bool = False) -> Text:
        return Text(
            fill(text.en, self.given, "en", later=later),
            fill(text.ja, self.given, "ja", later=later),
        )

    def maybe(self, text: Text | None) -> Text | None:
        return self.text(text) if text else None

    def moment(self, moment: Moment) -> Moment:
        at = fill(moment.at, self.given, "en", later=True)
        return replace(moment, at=at, text=self.text(moment.text, later=True))

    def question(self, question: Question) -> Question:
        keys = self.key.questions.get(question.id, ())
        if len(keys) != len(question.parts):
            raise _old(
                self.source,
                self.key.team,
                f"it holds {len(keys)} of the {len(question.parts)} parts of {question.id}",
                f"{question.id} は {len(question.parts)} 項目、キーには {len(keys)} 項目",
            )
        return replace(
            question,
            prompt=self.text(question.prompt),
            parts=tuple(map(self.part, question.parts, keys)),
            hints=tuple(self.text(hint) for hint in question.hints),
            foils={name: self.text(foil) for name, foil in question.foils.items()},
            states={name: self.text(words) for name, words in question.states.items()},
            key_point=self.maybe(question.key_point),
            team=self.key.team,
        )

    def part(self, part: Part, key: PartKey) -> Part:
        options = tuple(self.option(each) for each in part.options)
        return replace(part, label=self.maybe(part.label), options=options, key=key)

    def option(self, option: Option) -> Option:
        return replace(option, text=self.text(option.text), note=self.maybe(option.note))


def _old(mission: Mission, team: str, en: str, ja: str) -> MissionFileError:
    command = f"siemlab prove {mission.id} --keys" + (f" --team {team}" if team else "")
    return MissionFileError(
        f"the team's key does not fit this mission ({en}): make it again with `{command}`",
        f"チームのキーがこのミッションと合いません（{ja}）。`{command}` で作り直してください",
        file=f"{mission.stem}.yaml",
    )
