"""Conversations of a story as flow records: so many, and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.baseline import load_baseline
from siemlab.scenarios.traffic import shares, unbroken, windows
from siemlab.simulate.calendar import HOUR, MINUTE
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World

BASTION, NOON = "sz-prod-bastion-01", 1669258800000


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(World(load_baseline(), seed=2022), Records(), "traffic")


def conversation(**more: object) -> Flows:
    return Flows(source="198.51.100.77", target="10.20.0.10", target_port=22, accepted=True, **more)


def test_what_is_unbroken_leaves_one_record_each_way(stage: Stage) -> None:
    at = NOON + np.sort(stage.rng.below(2000, HOUR))
    lasts = stage.rng.between(2000, 1, 9000)
    whole = unbroken(stage, BASTION, at, lasts)
    sizes = {"packets": 20, "size": 3000, "packets_back": 18, "size_back": 2800}
    assert len(flows(stage, whole, conversation(lasts=lasts, **sizes))) == 2 * len(at)
    assert len(flows(stage, at, conversation(lasts=lasts, **sizes))) > 2 * len(at)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 30 * MINUTE), st.integers(5 * MINUTE, 5 * HOUR))
def test_the_pieces_of_a_long_conversation_are_one_record_each_way(start: int, lasts: int) -> None:
    stage = Stage(World(load_baseline(), seed=2022), Records(), "traffic", start, lasts)
    since, until = NOON + start, NOON + start + lasts
    begins, lengths = windows(stage, BASTION, since, until)
    assert since <= begins.min()
    assert (begins + lengths).max() <= until
    assert (begins[1:] > (begins + lengths)[:-1]).all()
    pieces = conversation(lasts=lengths, packets=9, size=900, packets_back=8, size_back=800)
    assert len(flows(stage, begins, pieces)) == 2 * len(begins)


@pytest.mark.parametrize("count", [1, 2, 8, 90])
def test_shares_add_up(stage: Stage, count: int) -> None:
    parts = shares(stage, 8_400_000, count)
    assert parts.sum() == 8_400_000
    assert parts.min() > 0
