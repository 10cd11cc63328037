"""What is planned: which days, and how dense."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from siemlab.datasets import DATA_SETS, Plan
from siemlab.datasets.plan import FIRST_DAY, LAST_DAY, QUIET_WEEK
from siemlab.errors import SiemlabError
from siemlab.scenarios import SCENARIOS
from siemlab.simulate.calendar import days_between

SMALL = Plan.of("small")


def dense(plan: Plan) -> set[date]:
    return {day.date for day in plan.days() if day.dense}


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_a_data_set_has_every_day_once(name: str) -> None:
    assert [day.date for day in Plan.of(name).days()] == list(days_between(FIRST_DAY, LAST_DAY))


def test_the_days_of_every_story_and_the_quiet_week_are_dense() -> None:
    wanted = {day for scenario in SCENARIOS for day in scenario.days()}
    assert dense(SMALL) >= wanted | set(days_between(*QUIET_WEEK))


def test_as_many_dense_windows_are_without_a_story_as_would_hide_one() -> None:
    stories = {day for scenario in SCENARIOS for day in scenario.days()}
    quiet = sorted(dense(SMALL) - stories - set(days_between(*QUIET_WEEK)))
    windows = sum(1 for day in quiet if date.fromordinal(day.toordinal() - 1) not in quiet)
    assert windows >= 8
    assert len({day.month for day in quiet}) >= 8


def test_teams_have_the_same_dense_days() -> None:
    assert dense(replace(SMALL, team="t07")) == dense(SMALL)


def test_an_eve_is_a_thin_day_before_a_dense_one() -> None:
    days = SMALL.days()
    for day, following in pairwise(days):
        assert day.eve == (following.dense and not day.dense)


def test_one_month_can_be_built_alone() -> None:
    days = Plan.of("scale", month="2022-11").days()
    assert (days[0].date, days[-1].date) == (date(2022, 11, 1), date(2022, 11, 30))


def test_the_days_of_the_incidents_can_be_built_alone() -> None:
    plan = replace(SMALL, incidents_only=True)
    assert {day.date for day in plan.days()} == {
        day for scenario in SCENARIOS for day in scenario.days()
    }


def test_an_unknown_data_set_is_said_to_be_none() -> None:
    with pytest.raises(SiemlabError, match="there are medium, scale, small"):
        Plan.of("huge")
