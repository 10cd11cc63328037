"""Days of Japan."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from siemlab.simulate.calendar import Day, days_between, jst_date, millis

dates = st.dates(date(2021, 12, 1), date(2023, 2, 28))


def test_a_day_begins_at_15_00_utc_of_the_day_before() -> None:
    assert Day(date(2022, 1, 1), "thin").start == millis("2021-12-31T15:00:00Z")


@given(dates)
def test_days_follow_each_other_without_a_gap(day: date) -> None:
    assert Day(day, "thin").end == Day(day + timedelta(days=1), "dense").start


@given(dates, st.integers(0, 86_399_999))
def test_a_time_lies_in_the_day_of_its_date(day: date, offset: int) -> None:
    moment = Day(day, "thin").start + offset
    assert jst_date(moment) == day
    assert Day(day, "thin").holds(moment)
    assert not Day(day + timedelta(days=1), "thin").holds(moment)


def test_a_clock_time_is_one_of_japan() -> None:
    assert Day(date(2022, 11, 12), "dense").at("23:47:09") == millis("2022-11-12T14:47:09Z")


@given(dates, st.integers(0, 40))
def test_days_between_include_both_ends(first: date, count: int) -> None:
    last = first + timedelta(days=count)
    found = list(days_between(first, last))
    assert (found[0], found[-1], len(found)) == (first, last, count + 1)
