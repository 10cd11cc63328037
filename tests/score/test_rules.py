"""What a solved question pays, and how long to wait: every row of the design's table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.score import PRICES, payout
from siemlab.score.rules import is_guessable, pause

NOON = datetime(2022, 11, 24, 12, tzinfo=UTC)
ONE, TWO, ALL = PRICES[0], sum(PRICES[:2]), sum(PRICES)


@pytest.mark.parametrize(
    ("value", "hints", "wrong", "paid"),
    [
        (20, 0, 0, 20),
        (60, ONE, 2, 48),
        (150, TWO, 1, 105),
        (150, 0, 4, 105),
        (150, 0, 8, 75),
        (150, ALL, 6, 38),
        (10, ALL, 9, 3),
    ],
)
def test_a_solved_question_pays_as_the_design_says(
    value: int, hints: int, wrong: int, paid: int
) -> None:
    assert payout(value, hints, wrong) == paid


def test_hints_cost_ten_twenty_and_thirty_per_cent() -> None:
    assert [payout(100, price, 0) for price in (ONE, TWO, ALL)] == [90, 70, 40]


def test_the_first_wrong_answer_costs_where_a_guess_is_cheap() -> None:
    assert payout(100, 0, 1) == 100
    assert payout(100, 0, 1, first_free=False) == 90
    assert [is_guessable(domain) for domain in (49, 50, None)] == [True, False, False]


@pytest.mark.parametrize(("wrong", "paid"), [(0, 50), (1, 20), (2, 0), (9, 0)])
def test_a_choice_has_two_tries(wrong: int, paid: int) -> None:
    assert payout(50, 0, wrong, choice=True) == paid


def test_a_hint_lowers_what_a_choice_pays_too() -> None:
    assert [payout(100, ONE, wrong, choice=True) for wrong in (0, 1, 2)] == [90, 36, 0]


@given(
    st.integers(10, 150),
    st.sampled_from((0, ONE, TWO, ALL)),
    st.integers(0, 12),
    st.booleans(),
    st.booleans(),
)
def test_more_help_and_more_mistakes_never_pay_more(
    value: int, hints: int, wrong: int, choice: bool, first_free: bool
) -> None:
    def paid(price: int, mistakes: int) -> int:
        return payout(value, price, mistakes, choice=choice, first_free=first_free)

    assert 0 <= paid(hints, wrong + 1) <= paid(hints, wrong) <= value
    assert paid(ALL, wrong) <= paid(hints, wrong)
    assert choice or paid(hints, wrong) * 100 >= value * 25 - 50


@pytest.mark.parametrize(
    ("wrong", "seconds"),
    [(1, 5), (5, 5), (6, 60), (7, 120), (8, 240), (9, 300), (20, 300)],
)
def test_waits_grow_after_six_counted_wrong_answers(wrong: int, seconds: int) -> None:
    tries = [(NOON, True)] * wrong
    assert pause(tries, NOON) == seconds
    assert pause(tries, NOON + timedelta(seconds=seconds - 0.5)) == 1
    assert pause(tries, NOON + timedelta(seconds=seconds)) == 0


def test_answers_that_are_not_counted_wait_five_seconds_only() -> None:
    assert pause([(NOON, False)] * 20, NOON) == 5


def test_a_clock_that_was_set_back_makes_nobody_wait_longer() -> None:
    assert pause([(NOON, True)], NOON - timedelta(days=1)) == 5
