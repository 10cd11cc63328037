"""The days that a mission needs, for any team: built, loaded, and gone again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from siemlab.editions.master import Cell, Master
from siemlab.lab.data import MADE_FROM
from siemlab.lab.places import sample_store as place_of_sample
from siemlab.missions import Mission
from siemlab.proofs.data import (
    evidence_of_days,
    lies_here,
    sample_evidence,
    whole_evidence,
)
from siemlab.proofs.evidence import Evidence
from siemlab.published import content_of
from siemlab.query import Query
from siemlab.store.base import Store

from .toys import text

SAMPLE = Path("data/sample")
WORDS = text("A toy", "練習")
BARE = Mission("TOY", "", 0, 5, WORDS, WORDS, (), (), WORDS)


def test_the_sample_is_opened_as_it_lies_there() -> None:
    with sample_evidence() as evidence:
        assert evidence.store.count(Query("log-*")) == 226
        assert (evidence.bucket / "AWSLogs").is_dir()


def test_a_data_set_that_lies_here_is_opened_as_a_whole(tmp_path: Path) -> None:
    assert not lies_here("", tmp_path)
    shutil.copytree(SAMPLE, tmp_path / "small" / "bucket")
    with sample_evidence() as sample:
        documents = sample.store.count(Query("log-*"))
    shutil.copytree(place_of_sample(SAMPLE), tmp_path / "store-small")
    assert not lies_here("", tmp_path)  # nobody knows which version made it
    (tmp_path / "store-small" / MADE_FROM).write_text(content_of("small"), encoding="utf-8")
    assert lies_here("", tmp_path)
    with whole_evidence("", tmp_path, tell=lambda en, ja: None) as evidence:
        assert evidence.whole
        assert evidence.store.count(Query("log-*")) == documents
    assert lies_here("", tmp_path)


def test_a_story_tells_when_its_rows_left_records_act_by_act(sample_store: Store) -> None:
    evidence = Evidence("", sample_store, SAMPLE)
    [made], [shared] = evidence.rows("L2-B")["14"]
    assert made < shared
    assert str(shared.tzinfo) == "Asia/Tokyo"
    calls, *unlogged = evidence.rows("L1-A")["12"]
    assert calls
    assert not any(unlogged)  # machines in a region without logs
    assert evidence.rows("") == {}


@pytest.mark.slow
def test_a_teams_days_are_built_loaded_and_gone_again(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    mission = replace(BARE, scenario="L1-A")
    master = Master("toy", (Cell(1, "code", {"en": 'raw("cloudtrail")'}, ("proof",), 1),))

    def step(done: int, total: int) -> None:
        steps.append((done, total))

    with evidence_of_days("t07", [(mission, master)], tmp_path, step) as evidence:
        key = str(evidence.facts("L1-A")["key"])
        calls = Query("log-aws-cloudtrail-*").include("user.id", key)
        assert evidence.store.count(calls) > 50
        assert {info.name[:18] for info in evidence.store.indexes()} == {"log-aws-cloudtrail"}
        assert evidence.bucket.is_relative_to(tmp_path)
        assert not evidence.whole
        assert steps[-1][0] == steps[-1][1] == len(steps)
    assert [*tmp_path.iterdir()] == []
