"""A mission's YAML in, a mission out: the shape by types, the rest by rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from siemlab.errors import MissionFileError
from siemlab.missions.mission import (
    Mission,
    Moment,
    Option,
    Part,
    PartType,
    Phase,
    Question,
    Text,
)
from siemlab.missions.places import Source, read_yaml
from siemlab.missions.rules import check_rules

__all__ = ["read_mission"]


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Text(_Strict):
    en: str
    ja: str


class _Option(_Strict):
    id: str
    text: _Text
    note: _Text | None = None


class _Part(_Strict):
    type: PartType
    many: bool = False
    example: str | int = ""
    field: str = ""
    label: _Text | None = None
    zone: str = ""
    days: list[str] = []
    tolerance: int | None = None
    options: list[_Option] = []


class _Question(_Strict):
    number: int
    value: int
    phase: Phase
    prompt: _Text
    parts: list[_Part]
    hints: list[_Text]
    techniques: list[str] = []
    foils: dict[str, _Text] = {}
    states: dict[str, _Text] = {}
    key_point: _Text | None = None
    guessable: bool = False


class _Moment(_Strict):
    at: str
    text: _Text
    phase: Phase | Literal[""] = ""
    techniques: list[str] = []


class _Mission(_Strict):
    id: str
    level: Literal[0, 1, 2]
    minutes: int
    title: _Text
    briefing: _Text
    questions: list[_Question]
    happened: list[_Moment]
    log_next: _Text
    scenario: str = ""
    also: list[str] = []


_MINUTE = 60


def read_mission(path: Path) -> Mission:
    """Read a mission and check all that can be checked without its data.

    Parameters
    ----------
    path
        The YAML file; docs/authoring.md explains it.

    Returns
    -------
    Mission
        Without a team's key: its texts still hold their slots.

    Raises
    ------
    MissionFileError
        When something is wrong with it. The error names file, line and field.

    Examples
    --------
    >>> read_mission(Path("nowhere.yaml"))
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: nowhere.yaml: there is no such file
    """
    source = read_yaml(path)
    try:
        found = msgspec.convert(source.value, _Mission)
    except msgspec.ValidationError as error:
        raise _wrong_shape(source, str(error)) from None
    if path.stem != found.id.lower():
        raise source.error(
            ("id",),
            f'the file of mission "{found.id}" is called {found.id.lower()}.yaml',
            f"ミッション「{found.id}」のファイル名は {found.id.lower()}.yaml にしてください",
        )
    for place, text in source.texts():
        if not text.strip():
            raise source.error(place, "is empty: write a text", "が空です。文章を書いてください")
    mission = _mission(found)
    check_rules(mission, source)
    return mission


def _wrong_shape(source: Source, sentence: str) -> MissionFileError:
    """Return msgspec's error with its place as line and field, in words for an author."""
    problem, _, place = sentence.partition(" - at `")
    path = source.path_of(place.rstrip("`"))
    if missing := re.match(r"Object missing required field `(.*)`", problem):
        return source.error(
            (*path, missing[1]), "is missing: add it", "がありません。追加してください"
        )
    if unknown := re.match(r"Object contains unknown field `(.*)`", problem):
        return source.error(
            (*path, unknown[1]),
            "is no field of a mission: look at its spelling, and at how far it is indented",
            "という項目はありません。綴りと字下げを確認してください",
        )
    return source.error(
        path,
        f"cannot be this: {problem[:1].lower()}{problem[1:]}. A text that looks like a number, a "
        "date or yes/no needs quotes",
        f"の値が正しくありません（{problem}）。数、日付、yes/no に見える文章は引用符で囲んで"
        "ください",
    )


def _text(given: _Text) -> Text:
    return Text(given.en.strip(), given.ja.strip())


def _mission(given: _Mission) -> Mission:
    return Mission(
        given.id,
        given.scenario,
        given.level,
        given.minutes,
        _text(given.title),
        _text(given.briefing),
        tuple(_question(given.id, each) for each in given.questions),
        tuple(
            Moment(each.at, _text(each.text), each.phase, tuple(each.techniques))
            for each in given.happened
        ),
        _text(given.log_next),
        tuple(given.also),
    )


def _question(mission: str, given: _Question) -> Question:
    return Question(
        mission,
        given.number,
        given.value,
        given.phase,
        tuple(given.techniques),
        _text(given.prompt),
        tuple(_part(each) for each in given.parts),
        tuple(_text(each) for each in given.hints),
        {name: _text(each) for name, each in given.foils.items()},
        {name: _text(each) for name, each in given.states.items()},
        _text(given.key_point) if given.key_point else None,
        guessable=given.guessable,
    )


def _part(given: _Part) -> Part:
    usual = _MINUTE if given.type == "time" else 0
    return Part(
        given.type,
        given.many,
        str(given.example),
        given.field,
        _text(given.label) if given.label else None,
        given.zone,
        tuple(given.days),
        usual if given.tolerance is None else given.tolerance,
        tuple(
            Option(each.id, _text(each.text), _text(each.note) if each.note else None)
            for each in given.options
        ),
    )
