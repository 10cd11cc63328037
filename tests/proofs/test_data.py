"""The days that a mission needs, for any team: built, loaded, and gone again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from siemlab.datasets import Plan
from siemlab.lab.places import sample_store
from siemlab.missions import Mission
from siemlab.proofs.data import (
    days_of,
    evidence_of_days,
    lies_here,
    sample_evidence,
    whole_evidence,
)
from siemlab.query import Query

from .toys import text

SAMPLE = Path("data/sample")
WORDS = text("A toy", "練習")
BARE = Mission("TOY", "", 0, 5, WORDS, WORDS, (), (), WORDS)


def test_a_story_needs_its_days_and_those_of_its_decoys() -> None:
    plan = Plan.of("small")
    story = [day.date for day in days_of(plan, replace(BARE, scenario="L1-A"))]
    assert {date(2022, 11, 11), date(2022, 11, 14)} <= {*story}
    assert len(story) < 20
    both = [day.date for day in days_of(plan, replace(BARE, scenario="L1-A", also=("L1-C",)))]
    assert {*story} < {*both}
    assert date(2022, 12, 9) in both


def test_a_mission_without_a_story_needs_every_day() -> None:
    plan = Plan.of("small")
    assert len(days_of(plan, BARE)) == len(plan.days())


def test_the_sample_is_opened_as_it_lies_there() -> None:
    with sample_evidence() as evidence:
        assert evidence.store.count(Query("log-*")) == 226
        assert (evidence.bucket / "AWSLogs").is_dir()


def test_a_data_set_that_lies_here_is_opened_as_a_whole(tmp_path: Path) -> None:
    assert not lies_here("", tmp_path)
    shutil.copytree(SAMPLE, tmp_path / "small" / "bucket")
    with sample_evidence() as sample:
        documents = sample.store.count(Query("log-*"))
    shutil.copytree(sample_store(SAMPLE), tmp_path / "store-small")
    assert lies_here("", tmp_path)
    with whole_evidence("", tmp_path, tell=lambda en, ja: None) as evidence:
        assert evidence.whole
        assert evidence.store.count(Query("log-*")) == documents
    assert lies_here("", tmp_path)


@pytest.mark.slow
def test_a_teams_days_are_built_loaded_and_gone_again(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    mission = replace(BARE, scenario="L1-A")

    def step(done: int, total: int) -> None:
        steps.append((done, total))

    with evidence_of_days("t07", mission, tmp_path, step) as evidence:
        key = str(evidence.facts("L1-A")["key"])
        calls = Query("log-aws-cloudtrail-*").include("user.id", key)
        assert evidence.store.count(calls) > 50
        assert evidence.bucket.is_relative_to(tmp_path)
        assert not evidence.whole
        assert steps[-1][0] == steps[-1][1] == len(steps)
    assert [*tmp_path.iterdir()] == []
