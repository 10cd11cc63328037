"""What missions look at: days and kinds of log, each once however many look at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from siemlab.datasets import Plan
from siemlab.editions.master import Cell, Master
from siemlab.logs import LOG_TYPES
from siemlab.missions import Mission
from siemlab.proofs.days import days_of, kinds_of, needs_of

from .toys import text

PLAN = Plan.of("small")
WORDS = text("A toy", "練習")
BARE = Mission("TOY", "", 0, 5, WORDS, WORDS, (), (), WORDS)
ALL = {kind.name for kind in LOG_TYPES}


def master(*cells: tuple[str, str]) -> Master:
    """Return a master of code cells, each given by its tag and its code."""
    return Master(
        "toy",
        tuple(Cell(at, "code", {"en": code}, (tag,), at) for at, (tag, code) in enumerate(cells)),
    )


TRAIL = master(("solution", 'lab.events("log-aws-cloudtrail-*")'))
FINDINGS = master(("solution", 'lab.events("log-aws-guardduty-*,log-aws-waf-*")'))


def test_a_story_needs_its_days_and_those_of_its_decoys() -> None:
    story = [day.date for day in days_of(PLAN, ["L1-A"])]
    assert {date(2022, 11, 11), date(2022, 11, 14)} <= {*story}
    assert len(story) < 20
    both = [day.date for day in days_of(PLAN, ["L1-A", "L1-C"])]
    assert {*story} < {*both}
    assert date(2022, 12, 9) in both


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        pytest.param(TRAIL, {"cloudtrail"}, id="pattern"),
        pytest.param(FINDINGS, {"guardduty", "waf"}, id="several patterns"),
        pytest.param(master(("proof", 'raw("alb", "2022-11-14")')), {"alb"}, id="raw alone"),
        pytest.param(
            master(("proof", 'raw("alb")'), ("solution", 'lab.events("log-aws-waf-*")')),
            {"alb", "waf"},
            id="raw and pattern",
        ),
        pytest.param(master(("solution", "lab.events().count()")), ALL, id="all"),
        pytest.param(
            master(("learner", 'lab.events("log-aws-*")'), ("solution", '"log-aws-waf-*"')),
            {"waf"},
            id="what learners alone do is not proven",
        ),
    ],
)
def test_the_kinds_of_log_are_those_that_cells_name(cells: Master, kinds: set[str]) -> None:
    assert kinds_of(cells) == kinds


def test_a_day_that_two_missions_look_at_is_built_once_with_what_both_need() -> None:
    story = replace(BARE, scenario="L1-A")
    needs = needs_of(PLAN, [(story, TRAIL), (story, FINDINGS)])
    assert {*needs} == {*days_of(PLAN, ["L1-A"])}
    assert {*needs.values()} == {frozenset({"cloudtrail", "guardduty", "waf"})}


def test_a_mission_without_a_story_needs_the_quiet_week_and_the_findings_of_the_year() -> None:
    needs = {day.date: kinds for day, kinds in needs_of(PLAN, [(BARE, FINDINGS)]).items()}
    assert len(needs) == len(PLAN.days())
    assert needs[date(2022, 10, 5)] == {"guardduty", "waf"}
    assert needs[date(2022, 11, 13)] == {"guardduty"}
