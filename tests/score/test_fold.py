"""The fold: what was done becomes a score, by the keys and the rules of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.missions import Mission, Part, Question
from siemlab.score import Event, Progress, Standing, fold, wait
from tests.check.asking import OPTIONS, TEXT, question

START = datetime(2022, 11, 24, 1, tzinfo=UTC)
COUNT = question((Part("count", example="12"), 1286), foils={"utc": 1300}, number=1, value=60)
NAME = question((Part("iam-name", example="someone"), "akiyama"), number=2, value=40)
CHOICE = question((Part("choice", options=OPTIONS), "existed"), number=3, value=50)


def mission(*questions: Question) -> Mission:
    return Mission("L1-A", "L1-A", 1, 45, TEXT, TEXT, questions, (), TEXT, team="t07")


MISSION = mission(COUNT, NAME, CHOICE)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def did(minutes: float, kind: Any, number: int, *texts: str) -> Event:
    return Event(at(minutes), kind, f"L1-A.{number}", texts)


def progress(*events: Event, now: float = 0, of: Mission = MISSION) -> Progress:
    return fold(events, [of], at(now))


def standing(number: int, *events: Event, now: float = 0, of: Mission = MISSION) -> Standing:
    return progress(*events, now=now, of=of).question(f"L1-A.{number}")


def test_what_nobody_has_seen_is_unseen_and_pays_nothing() -> None:
    found = standing(1)
    assert (found.state, found.points, found.remaining, found.opened) == ("unseen", 0, 60, None)


def test_a_question_pays_only_when_it_is_solved() -> None:
    assert standing(1, did(0, "open", 1), did(1, "hint", 1)).points == 0
    solved = standing(1, did(0, "open", 1), did(1, "hint", 1), did(2, "try", 1, "1,286"))
    assert (solved.state, solved.points, solved.solved_at) == ("solved", 54, at(2))


def test_nothing_is_taken_from_a_total() -> None:
    wrong = [did(n, "try", 1, str(n)) for n in range(1, 12)]
    assert progress(did(0, "try", 2, "akiyama"), *wrong).points == 40


def test_what_cannot_be_read_and_repeats_are_not_counted() -> None:
    found = standing(
        2,
        did(0, "try", 2, "two words"),
        did(1, "try", 2, "sz-app"),
        did(2, "try", 2, "SZ-App"),
        did(3, "try", 2, "arn:aws:iam::210987654321:role/sz-app"),
    )
    assert [each.counted for each in found.tries] == [False, True, False, False]
    assert found.counted_wrong == 1


def test_a_foil_counts_as_a_wrong_answer() -> None:
    assert standing(1, did(0, "try", 1, "1300")).counted_wrong == 1


def test_the_first_wrong_answer_is_free_where_no_guess_can_be_lucky() -> None:
    events = did(0, "try", 1, "5"), did(1, "try", 1, "1286")
    assert standing(1, *events).points == 60
    small = question((Part("count", example="12"), 1286), number=1, domain=12)
    assert standing(1, *events, of=mission(small)).points == 54


def test_the_second_try_of_a_choice_pays_forty_per_cent_and_a_third_nothing() -> None:
    first, second, third = (did(n, "try", 3, text) for n, text in enumerate(["a", "c", "b"]))
    assert standing(3, third).points == 50
    assert standing(3, first, third).points == 20
    found = standing(3, first, second, third)
    assert (found.state, found.points) == ("solved", 0)


def test_choices_in_two_parts_are_paid_like_one_choice() -> None:
    part = (Part("choice", options=OPTIONS), "existed")
    both = mission(question(part, part, number=1, value=50))
    wrong, right = did(0, "try", 1, "a", "b"), did(1, "try", 1, "b", "b")
    assert standing(1, wrong, right, of=both).points == 20


def test_a_question_that_says_it_can_be_guessed_has_no_free_wrong_answer() -> None:
    events = did(0, "try", 1, "5"), did(1, "try", 1, "1286")
    assert standing(1, *events, of=mission(replace(COUNT, guessable=True))).points == 54


def test_the_first_hint_is_free_after_a_quarter_of_an_hour() -> None:
    opened = did(0, "open", 1)
    assert standing(1, opened, now=14).next_hint_price == 6
    assert standing(1, opened, now=15).next_hint_price == 0
    waited = standing(1, opened, did(15, "hint", 1), now=15)
    assert (waited.remaining, waited.next_hint_price) == (60, 12)


def test_a_hint_that_was_paid_for_stays_paid() -> None:
    assert standing(1, did(0, "open", 1), did(14, "hint", 1), now=90).remaining == 54


def test_a_hint_that_two_kernels_open_at_once_is_bought_once() -> None:
    first, second = (Event(at(n), "hint", "L1-A.1", number=1) for n in (1, 2))
    assert (standing(1, first, second).hints, standing(1, first, second).remaining) == (1, 54)
    assert standing(1, first, second, Event(at(3), "hint", "L1-A.1", number=2)).hints == 2


def test_an_answer_that_came_too_early_costs_nothing_and_prolongs_no_wait() -> None:
    events = did(0, "try", 1, "5"), did(0.05, "refused", 1, "6"), did(0.06, "refused", 1, "7")
    found = standing(1, *events, now=1)
    assert (found.counted_wrong, len(found.tries), found.remaining) == (1, 1, 60)
    assert wait(found, at(0.05)) == 2


def test_there_are_three_hints_to_buy_and_no_more() -> None:
    found = standing(1, *(did(n, "hint", 1) for n in range(5)))
    assert (found.hints, found.remaining, found.next_hint_price) == (3, 24, None)


def test_show_me_is_there_after_all_hints_or_twenty_minutes() -> None:
    assert not standing(1, did(0, "open", 1), now=19).may_show
    assert standing(1, did(0, "open", 1), now=20).may_show
    assert standing(1, *(did(n, "hint", 1) for n in range(3)), now=3).may_show
    assert not standing(1, now=100).may_show


def test_what_was_shown_pays_nothing_whatever_comes_after() -> None:
    found = standing(1, did(0, "open", 1), did(20, "show", 1), did(21, "try", 1, "1286"))
    assert (found.state, found.points, found.may_show) == ("shown", 0, False)


def test_what_comes_after_the_solution_costs_nothing() -> None:
    solved = did(0, "try", 1, "1286")
    found = standing(1, solved, did(1, "hint", 1), did(2, "try", 1, "5"), did(3, "show", 1))
    assert (found.state, found.points, len(found.tries)) == ("solved", 60, 1)


def test_a_mended_key_scores_every_try_anew() -> None:
    events = [did(0, "try", 1, "7"), did(1, "try", 1, "8"), did(2, "try", 1, "1300")]
    assert standing(1, *events).state == "open"
    mended = mission(question((Part("count", example="12"), 1300), number=1, value=100))
    found = standing(1, *events, of=mended)
    assert (found.state, found.points, found.solved_at) == ("solved", 90, at(2))


def test_a_question_that_is_gone_is_counted_as_left_out() -> None:
    events = did(0, "try", 1, "1286"), did(1, "try", 9, "1"), Event(START, "open", "L9.1")
    found = progress(*events)
    assert (found.points, found.left_out) == (60, 2)


def test_equal_scores_are_parted_by_the_last_solution_and_by_mistakes() -> None:
    found = progress(did(1, "try", 1, "7"), did(2, "try", 1, "1286"), did(5, "try", 2, "akiyama"))
    assert (found.points, found.last_solved, found.counted_wrong) == (100, at(5), 1)
    assert progress().last_solved is None


def test_a_missions_standings_come_in_the_order_of_its_questions() -> None:
    assert [one.question.number for one in progress().of("L1-A")] == [1, 2, 3]
    assert progress().of("L2-A") == ()


def test_the_next_answer_waits_five_seconds_and_longer_after_six_mistakes() -> None:
    assert wait(standing(1), at(0)) == 0
    assert wait(standing(1, did(0, "try", 1, "1")), at(0)) == 5
    six = [did(n, "try", 1, str(n)) for n in range(6)]
    assert wait(standing(1, *six), at(5)) == 60
    assert wait(standing(1, *six), at(6)) == 0


EVENTS = st.lists(
    st.builds(
        did,
        st.integers(0, 60),
        st.sampled_from(["open", "try", "hint", "show"]),
        st.integers(1, 4),
        st.sampled_from(["1286", "1300", "7", "akiyama", "b", "a", "what?"]),
    ),
    max_size=25,
)


@given(EVENTS, st.randoms())
def test_an_event_that_stands_there_twice_counts_once(events: list[Event], random: Any) -> None:
    again = list(events)
    for event in random.sample(events, len(events) // 2):
        again.insert(random.randint(again.index(event) + 1, len(again)), event)
    assert fold(again, [MISSION], at(61)) == fold(events, [MISSION], at(61))


@given(EVENTS)
def test_points_stay_between_nothing_and_the_value(events: list[Event]) -> None:
    for found in fold(events, [MISSION], at(61)).standings.values():
        assert 0 <= found.points <= found.remaining <= found.value
        assert found.next_hint_price is None or found.next_hint_price >= 0


@given(EVENTS)
def test_points_once_won_are_never_lost(events: list[Event]) -> None:
    totals = [fold(events[:end], [MISSION], at(61)).points for end in range(len(events) + 1)]
    assert totals == sorted(totals)


@pytest.mark.parametrize("team", ["t08", ""])
def test_another_teams_key_does_not_take_the_answer(team: str) -> None:
    other = replace(MISSION, questions=(replace(COUNT, team=team),))
    assert standing(1, did(0, "try", 1, "1286"), of=other).points == 0
