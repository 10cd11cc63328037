"""QuestionBox and MissionBar without a browser: acts go in, the view comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from siemlab.missions import Mission
from siemlab.widgets.question import QuestionBox
from siemlab.widgets.question_view import Told, as_read, question_view
from tests.widgets.conftest import HOSTILE
from tests.widgets.question_toys import FOIL, Table, hostile, mission

RIGHT = "198.51.100.7, 203.0.113.9"
SHORT = {name: text[:1_500] for name, text in HOSTILE.items()}


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path / "base.jsonl")


@pytest.fixture
def again(tmp_path: Path) -> Callable[[], Table]:
    """A new kernel on the same progress."""
    return lambda: Table(tmp_path / "base.jsonl")


def click(box: QuestionBox, kind: str, **given: Any) -> dict[str, Any]:
    """Send an event as the page does; the status that it is answered with."""
    seq = int(box.view["seq"]) + 1
    box.event = {"seq": seq, "kind": kind, **given}
    assert box.view["seq"] == seq
    json.dumps(box.view, allow_nan=False)
    return box.view["status"] or {}


def kinds(box: QuestionBox) -> list[str]:
    return [one["kind"] for one in box.view["tries"]]


def test_a_learner_comes_from_a_wrong_format_over_a_foil_and_a_hint_to_the_answer(
    table: Table,
) -> None:
    box = table.box()
    assert box.view["worth"] == "40 点"
    told = click(box, "try", texts=["the office"])
    assert told["kind"] == "unreadable"
    assert told["head"] == "回答として読み取れません"
    assert box.view["worth"] == "40 点"
    table.clock.wait(seconds=10)
    told = click(box, "try", texts=["198.51.100.7 203.0.113.9 192.0.2.50"])
    assert (told["kind"], told["text"]) == ("foil", FOIL.ja)
    assert box.view["buttons"]["hint"]["label"] == "ヒント 1 / 3 を開く"
    click(box, "hint", number=1)
    assert [one["title"] for one in box.view["hints"]] == ["ヒント 1"]
    assert box.view["worth"] == "残り 36 点（満点 40 点）"
    table.clock.wait(seconds=10)
    assert not box.right
    assert click(box, "try", texts=[RIGHT])["kind"] == "right"
    assert box.right
    assert box.view["worth"] == "36 / 40 点"
    assert box.view["answer"] == RIGHT
    assert box.view["key_point"]
    assert box.view["buttons"] == {"submit": None, "hint": None, "show": None}
    assert kinds(box) == ["unreadable", "foil", "right"]


def test_a_new_kernel_shows_what_was_solved_hinted_and_tried(
    table: Table, again: Callable[[], Table]
) -> None:
    box = table.box()
    click(box, "hint", number=1)
    click(box, "try", texts=["192.0.2.1"])
    table.clock.wait(seconds=10)
    click(box, "try", texts=[RIGHT])
    later = again().box()
    assert later.right
    same = ("worth", "hints", "tries", "answer", "state", "done", "buttons")
    assert {name: later.view[name] for name in same} == {name: box.view[name] for name in same}
    assert later.view["status"]["head"] == "正解です"


def test_two_boxes_and_the_bar_agree_after_an_act(table: Table) -> None:
    one, other, bar = table.box(), table.box(), table.bar()
    click(one, "try", texts=[RIGHT])
    assert other.view["state"] == "solved"
    assert bar.view["questions"][0]["state"] == "solved"
    assert bar.view["points"] == "40 / 200 点"
    assert bar.view["summary"] == "5 問中 正解 1、答えを表示 0、未解答 4"
    assert one.view["status"]["text"]


def test_boxes_of_two_kernels_agree_once_the_page_looks(
    table: Table, again: Callable[[], Table]
) -> None:
    one, other = table.box(), again().box()
    click(one, "try", texts=[RIGHT])
    assert click(other, "look")["kind"] == "right"


def test_a_hint_that_two_pages_click_on_is_bought_once(table: Table) -> None:
    box = table.box()
    click(box, "hint", number=1)
    click(box, "hint", number=1)
    assert len(box.view["hints"]) == 1
    for number in (2, 3):
        table.clock.wait(seconds=1)
        click(box, "hint", number=number)
    assert box.view["buttons"]["hint"] is None
    click(box, "hint", number=4)
    assert len(box.view["hints"]) == 3


def test_the_answer_is_shown_for_no_points_after_all_hints_and_not_before(table: Table) -> None:
    box = table.box()
    assert not box.view["buttons"]["show"]["enabled"]
    click(box, "show")
    assert box.view["state"] != "shown"
    assert box.view["answer"] == ""
    for number in (1, 2, 3):
        table.clock.wait(seconds=1)
        click(box, "hint", number=number)
    assert box.view["buttons"]["show"]["enabled"]
    assert click(box, "show")["kind"] == "shown"
    assert box.view["answer"] == RIGHT
    assert box.view["worth"] == "0 / 40 点"
    assert not box.right


def test_the_answer_may_be_shown_after_twenty_minutes(table: Table) -> None:
    box = table.box()
    assert box.view["again"] == 901
    table.clock.wait(minutes=16)
    click(box, "look")
    assert box.view["again"] == 241
    table.clock.wait(minutes=5)
    click(box, "look")
    assert box.view["buttons"]["show"]["enabled"]
    assert box.view["again"] is None


def test_the_time_on_a_question_counts_from_when_the_one_before_is_done(table: Table) -> None:
    first, second = table.box(1), table.box(2)
    assert first.standing.opened == table.clock.now
    assert second.standing.opened is None
    table.clock.wait(minutes=30)
    click(first, "try", texts=[RIGHT])
    assert second.standing.opened == table.clock.now


def test_a_try_too_soon_is_told_the_seconds_and_not_counted(table: Table) -> None:
    box = table.box()
    click(box, "try", texts=["192.0.2.1"])
    table.clock.wait(seconds=1)
    told = click(box, "try", texts=[RIGHT])
    assert told["kind"] == "wait"
    assert "4 秒" in told["text"]
    assert kinds(box) == ["wrong"]
    assert not box.right
    refused = table.ledger.events()[-1]
    assert (refused.kind, refused.texts) == ("refused", (RIGHT,))


def test_a_hint_is_written_down_with_its_number(table: Table) -> None:
    box = table.box()
    click(box, "hint", number=1)
    click(box, "hint", number=2)
    hints = [event.number for event in table.ledger.events() if event.kind == "hint"]
    assert hints == [1, 2]


@pytest.mark.parametrize("texts", [[""], ["  \n"], []], ids=["empty", "blank", "none"])
def test_nothing_filled_in_is_no_try(table: Table, texts: list[str]) -> None:
    box = table.box()
    assert click(box, "try", texts=texts)["head"] == "まだ入力されていません"
    assert kinds(box) == []


@pytest.mark.parametrize("texts", [None, 7, [7], {"a": 1}, [None]], ids=str)
def test_a_message_that_no_page_sends_does_nothing(table: Table, texts: object) -> None:
    box = table.box()
    click(box, "try", texts=texts)
    click(box, "open the door")
    click(box, "hint", number="1")
    click(box, "many", events="none")
    assert kinds(box) == []
    assert box.view["hints"] == []


def test_clicks_made_while_the_kernel_was_busy_come_as_one_message(table: Table) -> None:
    box = table.box()
    click(box, "many", events=[{"kind": "hint", "number": 1}, {"kind": "try", "texts": [RIGHT]}])
    assert box.view["worth"] == "36 / 40 点"


@pytest.mark.parametrize(
    ("number", "texts"),
    [
        (2, ["create"]),
        (3, ["create, stop"]),
        (4, ["list, create, delete"]),
        (5, ["203.0.113.9", "21:05"]),
    ],
    ids=["choice", "choices", "order", "pair"],
)
def test_every_shape_of_answer_is_taken_as_the_page_sends_it(
    table: Table, number: int, texts: list[str]
) -> None:
    box = table.box(number)
    assert click(box, "try", texts=texts)["kind"] == "right"
    assert box.answer(*texts).right


def test_options_are_read_by_their_text_in_tries_and_answer(table: Table) -> None:
    box = table.box(4)
    click(box, "try", texts=["list, create, delete"])
    assert box.view["answer"].split(" → ")[0] == "バケットの一覧が取得された"
    assert box.view["tries"][0]["text"] == box.view["answer"]


def test_the_view_has_a_control_for_each_part() -> None:
    boxes = [Table(Path("none.jsonl"), "en").mission.questions[at] for at in range(5)]
    standing = Table(Path("none.jsonl")).play.progress().question
    views = [question_view(one, standing(one.id)) for one in boxes]
    drawn = [[part["kind"] for part in view["parts"]] for view in views]
    assert drawn == [["text"], ["choice"], ["choices"], ["order"], ["text", "text"]]
    assert views[0]["parts"][0]["placeholder"] == "e.g. 192.0.2.7, 192.0.2.8"
    assert views[0]["parts"][0]["many"]
    assert views[4]["parts"][1]["help"] == "Time zone: Asia/Tokyo"
    assert views[1]["parts"][0]["letters"] == ["A", "B", "C", "D"]
    assert views[3]["parts"][0]["places"] == ["Place 1", "Place 2", "Place 3"]
    assert views[0]["tags"] == "Analysis · T1078.004"


def test_a_question_without_a_key_says_so_and_takes_no_answer(table: Table) -> None:
    from dataclasses import replace

    question = mission().questions[0]
    bare = replace(question, parts=tuple(replace(part, key=None) for part in question.parts))
    view = question_view(bare, table.play.progress().question(bare.id), lang="ja")
    assert view["status"]["head"] == "この問題の採点データがありません"
    assert not view["buttons"]["submit"]["enabled"]


def test_the_view_is_the_same_for_the_same_standing(table: Table) -> None:
    question = table.mission.questions[0]
    standing = table.play.progress().question(question.id)
    told = Told("wrong", "a", "b")
    assert question_view(question, standing, told=told) == question_view(
        question, standing, told=told
    )


def test_by_code_the_last_answer_counts_also_once_the_question_is_solved(table: Table) -> None:
    box = table.box()
    assert box.answer(RIGHT).right
    assert not box.answer("192.0.2.1").right
    assert box.view["state"] == "solved"
    assert kinds(box) == ["right"]


def test_a_disk_that_takes_nothing_leaves_the_box_usable_and_says_so(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(event: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(table.play.ledger, "append", refuse)
    box, bar = table.box(), table.bar()
    assert click(box, "try", texts=[RIGHT])["kind"] == "right"
    assert box.view["state"] == "solved"
    assert "Read-only file system" in box.view["warning"]
    assert box.view["warning"].startswith("進捗を保存できません")
    assert bar.view["questions"][0]["state"] == "solved"


def test_a_ledger_that_cannot_be_read_is_a_new_start_that_says_so(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(table.play.ledger, "events", refuse)
    box = table.box()
    assert box.view["warning"].startswith("これまでの進捗を読めません")
    assert click(box, "hint", number=1) == {}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_text_forms_say_what_is_asked_and_never_how_far_one_is(
    tmp_path: Path, lang: str
) -> None:
    table = Table(tmp_path / "base.jsonl", lang)
    box, bar = table.box(), table.bar()
    before = [one._repr_mimebundle_()[0] for one in (box, bar)]
    box.answer(RIGHT)
    after = [one._repr_mimebundle_()[0] for one in (box, bar)]
    for form in ("text/plain", "text/html"):
        assert [one[form] for one in before] == [one[form] for one in after]
    prompt = table.mission.questions[0].prompt[lang]
    assert before[0]["text/plain"] == f"Question L9-T.1: {prompt}"
    assert "<code>source.ip</code>" in before[0]["text/html"]
    assert before[1]["text/plain"].startswith("Mission L9-T: ")
    assert "application/vnd.jupyter.widget-view+json" in before[0]


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
def test_hostile_texts_stay_text(tmp_path: Path, text: str) -> None:
    asked: Mission = hostile(text)
    table = Table(tmp_path / "base.jsonl", given=asked)
    box, bar = table.box(), table.bar()
    click(box, "try", texts=[text, text])
    click(box, "hint", number=1)
    for one in (box, bar):
        bundle = one._repr_mimebundle_()[0]
        assert "<script" not in bundle["text/html"]
        assert "<img" not in bundle["text/html"]
        assert "<svg" not in bundle["text/html"]
        assert "\u202e" not in bundle["text/plain"] + bundle["text/html"]
        assert "\x1b" not in bundle["text/plain"] + bundle["text/html"]
    for one in box.view["tries"]:
        assert len(one["text"]) <= 2_000


def test_what_was_said_is_forgotten_once_another_box_has_solved_it(table: Table) -> None:
    one, other = table.box(), table.box()
    click(one, "try", texts=["192.0.2.1"])
    table.clock.wait(seconds=10)
    click(other, "try", texts=[RIGHT])
    assert one.view["status"]["kind"] == "right"


def test_a_very_long_answer_is_refused_and_costs_nothing(table: Table) -> None:
    box = table.box()
    assert click(box, "try", texts=["1" * 1_000_000])["kind"] == "unreadable"
    assert len(json.dumps(box.view)) < 10_000
    assert len(table.ledger.path.read_text()) < 10_000


def test_the_same_answer_again_is_not_counted_and_says_so(table: Table) -> None:
    box = table.box()
    for _ in range(2):
        click(box, "try", texts=["192.0.2.1"])
        table.clock.wait(seconds=10)
    assert kinds(box) == ["wrong", "again"]
    assert box.view["worth"] == "40 点"


def test_a_hint_leaves_what_was_said_of_the_last_try(table: Table) -> None:
    box = table.box()
    click(box, "try", texts=["192.0.2.1"])
    assert click(box, "hint", number=1)["kind"] == "wrong"


def test_an_answer_with_another_number_of_parts_is_read_as_it_is() -> None:
    question = mission().questions[1]
    assert as_read(question, ["create", "x"]) == "create; x"
    assert as_read(question, ["nothing known"]) == "nothing known"
    assert as_read(question, ["create"]) == "A user was created"


def test_values_on_lines_of_their_own_are_read_in_a_row(table: Table) -> None:
    box = table.box()
    click(box, "try", texts=["198.51.100.7\n 203.0.113.9\n"])
    assert box.view["answer"] == box.view["tries"][0]["text"] == RIGHT
