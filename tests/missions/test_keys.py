"""A team's key fills a mission's texts and holds no answer in plain text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from siemlab.errors import MissionFileError
from siemlab.missions import (
    READINGS,
    Mission,
    PartKey,
    TeamKey,
    digest,
    fill_answers,
    load_mission,
    load_missions,
    read_team_key,
    reading_text,
    seal,
    unseal,
    with_key,
    write_team_key,
)

from .test_reading import GOOD, read

ANSWERS = {"TOUR.1": ("42",), "TOUR.2": ("2022-11-14T09:30:00+09:00", "b")}
NOW = "2022-11-14T00:05:00Z"


def key_of(team: str) -> TeamKey:
    questions = {
        name: tuple(
            PartKey((digest(answer, team, name, at),), {}, seal(answer, team, name, at), 57)
            for at, answer in enumerate(answers)
        )
        for name, answers in ANSWERS.items()
    }
    return TeamKey(team, {"TOUR": {"now": NOW}}, questions)


@pytest.fixture
def tour(tmp_path: Path) -> Mission:
    return read(tmp_path, GOOD)


def test_texts_are_filled_in_the_time_of_japan(tour: Mission) -> None:
    filled = with_key(tour, key_of("t07"))
    assert filled.briefing.en == "It is 09:05."
    assert filled.briefing.ja == "9 時 05 分です。"
    assert (filled.team, filled.questions[1].team) == ("t07", "t07")
    assert filled.happened[0].at == "09:05"
    assert all(part.key for question in filled.questions for part in question.parts)


def test_answers_are_told_once_they_are_known(tour: Mission) -> None:
    filled = with_key(tour, key_of(""))
    text = filled.happened[0].text
    assert fill_answers(text, {})["ja"] == "… でした。"
    assert fill_answers(text, {"2a": "{09:30}"})["en"] == "It was {09:30}."
    assert fill_answers(filled.log_next, {})["en"] == "Log {more}."


def test_a_fact_cannot_bring_a_slot_of_its_own(tour: Mission) -> None:
    text = replace(tour.log_next, en="{word} {answer[1]}", ja="{word}、{answer[1]}")
    key = replace(key_of(""), given={"TOUR": {"now": NOW, "word": "{answer[2]}"}})
    filled = with_key(replace(tour, log_next=text), key)
    assert fill_answers(filled.log_next, {"1": "42", "2": "secret"})["en"] == "{answer[2]} 42"


@pytest.mark.parametrize(
    ("slot", "lang", "text"),
    [
        ("{now:%A}, {now:%-d} {now:%B}", "en", "Monday, 14 November"),
        ("{now:%B}{now:%-d}日（{now:%a}）", "ja", "11月14日（月）"),
        ("{calls:,}", "en", "12,345"),
        ("{calls}", "ja", "12345"),
        ("{word}", "en", "harbor"),
    ],
)
def test_a_slot_is_written_as_it_says(tour: Mission, slot: str, lang: str, text: str) -> None:
    title = replace(tour.title, en=slot, ja=slot)
    given = {"now": NOW, "calls": 12_345, "word": "harbor"}
    key = replace(key_of(""), given={"TOUR": given})
    assert with_key(replace(tour, title=title), key).title[lang] == text


@pytest.mark.parametrize("slot", ["{then:%H:%M}", "{now}", "{now:,}", "{calls:%H}", "{word:,}"])
def test_a_fact_that_is_missing_or_does_not_fit_names_the_command(tour: Mission, slot: str) -> None:
    title = replace(tour.title, en=slot, ja=slot)
    given = {"now": NOW, "calls": 12_345, "word": "harbor"}
    key = replace(key_of("t07"), given={"TOUR": given})
    with pytest.raises(MissionFileError, match=r"`siemlab prove TOUR --keys --team t07`") as caught:
        with_key(replace(tour, title=title), key)
    assert "キー" in caught.value.ja


def test_a_key_without_a_question_or_a_part_names_the_command(tour: Mission) -> None:
    key = key_of("")
    fewer = {"TOUR.1": key.questions["TOUR.1"], "TOUR.2": key.questions["TOUR.2"][:1]}
    for questions in (fewer, {"TOUR.1": key.questions["TOUR.1"]}):
        with pytest.raises(MissionFileError, match=r"TOUR.2.*siemlab prove TOUR --keys"):
            with_key(tour, replace(key, questions=questions))


def test_a_key_is_kept_as_json_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = tmp_path / "t07.json"
    write_team_key(path, key_of("t07"))
    once = path.read_bytes()
    key = read_team_key(path)
    assert key == key_of("t07")
    write_team_key(path, replace(key, questions=dict(reversed(key.questions.items()))))
    assert path.read_bytes() == once


def test_a_key_holds_no_answer_in_plain_text(tmp_path: Path) -> None:
    write_team_key(tmp_path / "t07.json", key_of("t07"))
    text = (tmp_path / "t07.json").read_text(encoding="utf-8")
    assert "09:30" not in text
    assert '"b"' not in text


def test_the_same_answer_looks_different_for_each_team_question_and_part() -> None:
    places = [("", "TOUR.1", 0), ("t07", "TOUR.1", 0), ("", "TOUR.2", 0), ("", "TOUR.1", 1)]
    assert len({digest("42", *place) for place in places}) == 4
    assert len({seal("42", *place) for place in places}) == 4


@pytest.mark.parametrize("text", ["", "42", "資料/a+b.xlsx", "x" * 10_000])
def test_what_is_sealed_is_unsealed(text: str) -> None:
    assert unseal(seal(text, "t07", "TOUR.1"), "t07", "TOUR.1") == text


def test_a_damaged_seal_names_the_command() -> None:
    for damaged in ("!", seal("資料", "", "TOUR.1", 1)):
        with pytest.raises(MissionFileError, match="siemlab prove --keys"):
            unseal(damaged, "", "TOUR.1")


BROKEN = {
    "no json": "{",
    "another team": json.dumps({"team": "t08", "given": {}, "questions": {}}),
    "an unknown field": json.dumps({"team": "t07", "given": {}, "questions": {}, "x": 1}),
    "a list": "[]",
    "markup": json.dumps({"team": "t07", "given": {"L0": {"a": "<img>"}}, "questions": {}}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_key_of_the_team_is_refused(tmp_path: Path, what: str) -> None:
    (tmp_path / "t07.json").write_text(BROKEN[what], encoding="utf-8")
    with pytest.raises(MissionFileError, match=r"^t07\.json") as caught:
        read_team_key(tmp_path / "t07.json")
    assert caught.value.ja != caught.value.en


def test_an_unknown_team_is_told_how_to_make_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIEMLAB_KEYS", raising=False)
    with pytest.raises(MissionFileError, match=r"`siemlab prove --keys --team blue`"):
        load_missions("blue", folder=Path("nowhere"))


@pytest.mark.parametrize("team", ["../t07", "base", "T07", "a b", "x" * 33, "-x", "t07/"])
def test_what_can_be_no_team_is_refused(team: str) -> None:
    with pytest.raises(MissionFileError, match="can be no team"):
        load_missions(team)


def test_keys_of_ones_own_come_first_and_missions_without_a_key_are_left_out(
    tmp_path: Path, tour: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, keys = tmp_path / "content", tmp_path / "keys"
    content.mkdir()
    keys.mkdir()
    read(content, GOOD)
    read(content, GOOD.replace("id: TOUR", "id: SECOND"), "second.yaml")
    monkeypatch.setenv("SIEMLAB_KEYS", str(keys))
    write_team_key(keys / "base.json", key_of(""))
    [mission] = load_missions("", folder=content)
    assert (mission.id, mission.team, mission.given) == ("TOUR", "", {"now": NOW})
    assert [each.id for each in load_missions(folder=content)] == ["SECOND", "TOUR"]


def test_a_key_that_is_too_old_for_one_mission_leaves_the_others_playable(
    tmp_path: Path, tour: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(tmp_path, GOOD.replace("id: TOUR", "id: SECOND"), "second.yaml")
    monkeypatch.setattr("siemlab.missions.loading.CONTENT", tmp_path)
    monkeypatch.setenv("SIEMLAB_KEYS", str(tmp_path))
    key = key_of("")
    second = {"SECOND.1": key.questions["TOUR.1"]}  # its second question was asked later
    given = {**key.given, "SECOND": {"now": NOW}}
    write_team_key(
        tmp_path / "base.json", replace(key, given=given, questions={**key.questions, **second})
    )
    assert [mission.id for mission in load_missions("")] == ["TOUR"]
    assert load_mission("TOUR", "").team == ""
    with pytest.raises(MissionFileError, match="`siemlab prove SECOND --keys`"):
        load_mission("SECOND", "")
    with pytest.raises(MissionFileError, match='no mission "THIRD"; there are SECOND, TOUR'):
        load_mission("THIRD", "")


def test_every_reading_has_a_sentence_in_both_languages() -> None:
    for name in READINGS:
        text = reading_text(f"{name}source.ip" if name.endswith(":") else name)
        assert text is not None
        assert "{" not in text.en + text.ja
        assert ("source.ip" in text.en) is ("source.ip" in text.ja) is name.endswith(":")
        assert any("\u3040" <= letter <= "\u309f" for letter in text.ja)


@pytest.mark.parametrize("name", ["", "kept", "kept:", "utc:x", "runner-kept"])
def test_what_is_no_reading_has_no_stock_sentence(name: str) -> None:
    assert reading_text(name) is None
