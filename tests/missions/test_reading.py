"""An author's mistake is refused with file, line and field, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from siemlab.errors import MissionFileError
from siemlab.missions import Mission, load_missions, read_mission

GOOD = """\
id: TOUR
level: 0
minutes: 10
title: {en: A tour, ja: 見学}
briefing: {en: "It is {now:%H:%M}.", ja: "{now:%-H} 時 {now:%M} 分です。"}
questions:
  - number: 1
    value: 20
    phase: analysis
    techniques: [T1078.004]
    prompt: {en: "How many calls (JST)?", ja: "何件ですか（日本時間）。"}
    parts:
      - type: count
        example: "12"
    hints:
      - {en: Where, ja: 場所}
      - {en: What not, ja: 除くもの}
      - {en: Which field, ja: フィールド}
    foils:
      all: {en: All of them., ja: 全部です。}
    states:
      utc: {en: JST, ja: 日本時間}
  - number: 2
    value: 20
    phase: analysis
    prompt: {en: "When (JST), and why?", ja: "いつ（日本時間）、なぜですか。"}
    parts:
      - type: time
        example: "09:30"
        zone: Asia/Tokyo
        days: [2022-11-14]
        label: {en: When, ja: いつ}
      - type: choice
        label: {en: Why, ja: なぜ}
        options:
          - {id: a, text: {en: First, ja: 一つ目}}
          - {id: b, text: {en: Second, ja: 二つ目}}
          - {id: c, text: {en: Third, ja: 三つ目}}
    hints:
      - {en: Where, ja: 場所}
      - {en: What not, ja: 除くもの}
      - {en: Which field, ja: フィールド}
happened:
  - at: "{now:%H:%M}"
    text: {en: "It was {answer[2a]}.", ja: "{answer[2a]} でした。"}
log_next: {en: "Log {{more}}.", ja: "もっと {{残す}} こと。"}
"""


def read(folder: Path, content: str | bytes, name: str = "tour.yaml") -> Mission:
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)
    return read_mission(folder / name)


def refused(folder: Path, content: str | bytes) -> MissionFileError:
    with pytest.raises(MissionFileError) as caught:
        read(folder, content)
    error = caught.value
    assert error.file == "tour.yaml"
    assert error.ja != error.en
    return error


def test_a_mission_is_read(tmp_path: Path) -> None:
    mission = read(tmp_path, GOOD)
    assert (mission.id, mission.stem, mission.team) == ("TOUR", "tour", None)
    assert [question.id for question in mission.questions] == ["TOUR.1", "TOUR.2"]
    time, choice = mission.question("TOUR.2").parts
    assert (time.zone, time.days, time.tolerance) == ("Asia/Tokyo", ("2022-11-14",), 60)
    assert [option.id for option in choice.options] == ["a", "b", "c"]
    assert mission.questions[0].states["utc"]["ja"] == "日本時間"


def test_a_question_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(MissionFileError, match=r"TOUR.1, TOUR.2"):
        read(tmp_path, GOOD).question("TOUR.9")


FIELDS = {  # what is replaced, by what, and where the error must point
    "an unknown field": ("    value: 20\n", "    valeu: 20\n", 8, "questions[0].valeu"),
    "a missing field": ("minutes: 10\n", "", 1, "minutes"),
    "a missing language": ("ja: 除くもの", "jp: 除くもの", 17, "questions[0].hints[1].jp"),
    "an empty text": ("ja: 場所", 'ja: " "', 16, "questions[0].hints[0].ja"),
    "a number as text": ("    value: 20\n", "    value: many\n", 8, "questions[0].value"),
    "an unknown phase": ("phase: analysis", "phase: analysing", 9, "questions[0].phase"),
    "an unknown type": ("type: count", "type: number", 13, "questions[0].parts[0].type"),
    "a gap in the numbers": ("number: 2", "number: 3", 23, "questions[1].number"),
    "two hints": ("      - {en: What not, ja: 除くもの}\n", "", 15, "questions[0].hints"),
    "no technique": ("T1078.004", "T1078.4", 10, "questions[0].techniques[0]"),
    "no example": ('        example: "12"\n', "", 13, "questions[0].parts[0].example"),
    "a time without zone": ("        zone: Asia/Tokyo\n", "", 28, "questions[1].parts[0].zone"),
    "a day that is none": ("[2022-11-14]", "[14 November]", 31, "questions[1].parts[0].days"),
    "a zone not said": ("When (JST),", "When,", 26, "questions[1].prompt.en"),
    "no label": ("        label: {en: When, ja: いつ}\n", "", 28, "questions[1].parts[0].label"),
    "two options of one id": ("id: b", "id: a", 35, "questions[1].parts[1].options"),
    "other words": ("{en: JST,", "{en: UTC,", 22, "questions[0].states.utc.en"),
    "a reading unknown": ("utc: {en", "zone: {en", 22, "questions[0].states.zone"),
    "a foil like a reading": ("      all: {", "      utc: {", 20, "questions[0].foils.utc"),
    "a typed clock time": ("How many calls", "At 12:30: how many", 11, "questions[0].prompt.en"),
    "a typed date": ("何件ですか", "１１月１４日は何件ですか", 11, "questions[0].prompt.ja"),
    "other slots": ("{now:%-H} 時 {now:%M} 分です。", "{then:%H} 時です。", 5, "briefing.ja"),
    "a lonely brace": ("It is {now:%H:%M}.", "It is {now.", 5, "briefing.en"),
    "a slot into Python": ("{now:%H:%M}.", "{now.__class__}.", 5, "briefing.en"),
    "an answer told too early": ("How many", "{answer[2a]}: how", 11, "questions[0].prompt.en"),
    "an answer of nothing": ("was {answer[2a]}", "was {answer[2c]}", 45, "happened[0].text.en"),
    "a typed time of what happened": ('at: "{now:%H:%M}"', 'at: "09:30"', 44, "happened[0].at"),
    "a scenario in level 0": ("level: 0", "level: 0\nscenario: L1-A", 3, "scenario"),
    "small letters": ("id: TOUR", "id: Tour", 1, "id"),
    "another name": ("id: TOUR", "id: TOWER", 1, "id"),
}  # fmt: skip


@pytest.mark.parametrize("what", FIELDS)
def test_a_mistake_is_named_with_line_and_field(tmp_path: Path, what: str) -> None:
    old, new, line, field = FIELDS[what]
    assert old in GOOD
    error = refused(tmp_path, GOOD.replace(old, new, 1))
    assert (error.line, error.field) == (line, field), str(error)
    assert f"tour.yaml, line {line}, {field}: " in str(error)
    assert f"{line} 行目" in error.message("ja")


FILES = {
    "a tab": (GOOD.replace("    value: 20", "\tvalue: 20", 1).encode(), 8),
    "a wrong indentation": (GOOD.replace("    value: 20", "  value: 20", 1).encode(), 8),
    "a key twice": (GOOD.replace("minutes: 10", "minutes: 10\nminutes: 20").encode(), 4),
    "aliases": (b"id: &a TOUR\nlevel: *a\n", 1),
    "an alias of itself": (b"id: TOUR\nquestions: &a [*a]\n", 2),
    "a bare brace": (GOOD.replace('"It is {now:%H:%M}."', "{{x}}").encode(), 5),
    "two documents": (GOOD.encode() + b"---\nid: TOUR\n", 47),
    "an unclosed quote": (b'id: "TOUR\n', 2),
    "nothing": (b"", 0),
    "a comment alone": (b"# later\n", 0),
    "a list": (b"- TOUR\n", 1),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), 1),
    "another encoding": (GOOD.encode("cp932"), 4),
    "a control character": (b"id: \x07TOUR\n", 0),
    "a deep nest": (b"id: " + b"[" * 5_000, 0),
    "too many bytes": (b"# " + b"x" * 1_000_001, 0),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path, what: str) -> None:
    content, line = FILES[what]
    error = refused(tmp_path, content)
    if line:
        assert error.line == line, str(error)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissionFileError, match=r"tour\.yaml: there is no such file"):
        read_mission(tmp_path / "tour.yaml")


def test_what_stands_in_code_may_be_typed(tmp_path: Path) -> None:
    mission = read(tmp_path, GOOD.replace("{en: Where,", '{en: "Write `12:30`",', 1))
    assert mission.questions[0].hints[0].en == "Write `12:30`"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    assert load_missions(folder=tmp_path)[0].minutes == 10
    read(tmp_path, GOOD.replace("minutes: 10", "minutes: 100"))
    assert load_missions(folder=tmp_path)[0].minutes == 100


def test_the_missions_of_the_package_are_sound() -> None:
    missions = load_missions()
    assert len({mission.id for mission in missions}) == len(missions)
    assert [mission.level for mission in missions] == sorted(m.level for m in missions)
