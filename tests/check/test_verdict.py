"""A verdict is right, wrong, wrong in a known way, or says what is wanted; and it is calm."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.check import check
from siemlab.errors import MissionFileError
from siemlab.missions import Part, Text, reading_text
from tests.check.asking import OPTIONS, question

RUNNER = Text("The runner is in your answer.", "ビルド用のホストが回答に入っています。")
IPS = Part("ip", many=True, example="192.0.2.7")
ADDRESSES = question(
    (IPS, {"198.51.100.23", "198.51.100.41"}),
    foils={
        "runner": {"198.51.100.23", "198.51.100.41", "192.0.2.9"},
        "kept:source.ip": {"198.51.100.23", "203.0.113.9"},
        "gone": {"198.51.100.23"},
    },
    said={"runner": RUNNER},
)
TIME = Part(
    "time", example="01:00", zone="Asia/Tokyo", days=("2022-11-12", "2022-11-13"), tolerance=60
)
PAIR = question((Part("ip", example="192.0.2.7"), "198.51.100.23"), (TIME, "2022-11-13 02:20 JST"))


def test_a_right_answer_is_right_in_any_spelling() -> None:
    verdict = check(ADDRESSES, "198.51.100.41、１９８．５１．１００．２３")
    assert verdict.right
    assert verdict.parts == ("right",)
    assert verdict.shown == "198.51.100.23, 198.51.100.41"


def test_a_foil_of_the_author_has_the_authors_sentence() -> None:
    verdict = check(ADDRESSES, "198.51.100.23, 198.51.100.41, 192.0.2.9")
    assert (verdict.kind, verdict.text) == ("foil", RUNNER)


def test_a_foil_of_another_reading_has_its_stock_sentence() -> None:
    verdict = check(ADDRESSES, "198.51.100.23, 203.0.113.9")
    assert (verdict.kind, verdict.text) == ("foil", reading_text("kept:source.ip"))
    assert "source.ip" in verdict.text.ja


def test_a_foil_whose_sentence_is_gone_is_still_explained_calmly() -> None:
    assert check(ADDRESSES, "198.51.100.23").text == check(ADDRESSES, "192.0.2.1").text


def test_a_wrong_answer_is_told_so_calmly_and_its_value_is_no_hint() -> None:
    verdict = check(ADDRESSES, "192.0.2.1")
    assert verdict.kind == "wrong"
    assert "198.51" not in verdict.text.en + verdict.text.ja


def test_what_cannot_be_read_says_what_is_wanted_and_that_it_cost_nothing() -> None:
    verdict = check(ADDRESSES, "the office")
    assert (verdict.kind, verdict.shown, verdict.canonical) == ("unreadable", "", ())
    assert "such as 192.0.2.7. This cost nothing." in verdict.text.en
    assert "例: 192.0.2.7" in verdict.text.ja
    assert "減点はありません" in verdict.text.ja


def test_the_note_of_an_option_is_told_after_it_was_chosen_wrongly() -> None:
    asked = question((Part("choice", options=OPTIONS), "existed"))
    assert check(asked, "existed").right
    assert check(asked, "made").text == OPTIONS[0].note
    assert check(asked, "c").kind == "wrong"


def test_of_several_options_nothing_is_said_of_one() -> None:
    asked = question((Part("choices", options=OPTIONS), ["existed", "borrowed"]))
    assert check(asked, "c, b").right
    assert check(asked, "made, existed").text != OPTIONS[0].note


@pytest.mark.parametrize(
    "answer",
    ["198.51.100.23; 02:20", "198.51.100.23、02:20:59", ("198.51.100.23", "11/12 17:19:01Z")],
)
def test_a_pair_is_right_when_both_are(answer: str | tuple[str, ...]) -> None:
    assert check(PAIR, answer).right


def test_a_pair_says_which_part_is_right_already() -> None:
    verdict = check(PAIR, ("198.51.100.23", "02:22"))
    assert (verdict.kind, verdict.parts) == ("wrong", ("right", "wrong"))
    assert verdict.text.en.endswith("Right already: Part 1.")
    assert verdict.text.ja.endswith("「その 1」は正解です。")


def test_a_pair_says_which_part_cannot_be_read() -> None:
    verdict = check(PAIR, ("198.51.100.23", "at night"))
    assert (verdict.kind, verdict.parts) == ("unreadable", ("right", "unreadable"))
    assert verdict.text.en.startswith("Part 2: this wants a time")
    assert verdict.text.ja.startswith("「その 2」: 時刻")


@pytest.mark.parametrize("answer", ["198.51.100.23", ("a", "b", "c"), ()])
def test_another_number_of_values_cannot_be_read(answer: str | tuple[str, ...]) -> None:
    verdict = check(PAIR, answer)
    assert verdict.kind == "unreadable"
    assert "2 values" in verdict.text.en
    assert "2 つの値" in verdict.text.ja


def test_an_answer_within_the_tolerance_is_right_even_beside_a_foil() -> None:
    asked = question((TIME, "2022-11-13 02:20:30 JST"), foils={"utc": "2022-11-13 02:21:00 JST"})
    assert check(asked, "02:21").right
    assert check(asked, "02:22").kind == "foil"


def test_another_teams_answer_has_another_digest() -> None:
    assert not check(replace(ADDRESSES, team="t08"), "198.51.100.23, 198.51.100.41").right


def test_a_question_without_a_key_cannot_be_judged() -> None:
    part = replace(ADDRESSES.parts[0], key=None)
    with pytest.raises(MissionFileError, match="siemlab prove --keys"):
        check(replace(ADDRESSES, parts=(part,)), "192.0.2.7")


def test_spellings_of_one_wrong_answer_have_one_canonical_form() -> None:
    asked = question((Part("iam-name", example="someone"), "akiyama"))
    role = "arn:aws:iam::210987654321:role/SZ-app"
    assert check(asked, role).canonical == check(asked, "sz-APP").canonical == ("sz-app",)


@given(st.text(max_size=80))
def test_a_hostile_text_gets_a_printable_verdict(text: str) -> None:
    asked = question((Part("text", example="a name"), "akiyama"))
    verdict = check(asked, (text,))
    assert (verdict.text.en + verdict.text.ja + verdict.shown).isprintable()
