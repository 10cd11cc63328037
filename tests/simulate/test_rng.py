"""Random numbers: the same everywhere, and a stream for each name."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.simulate.rng import Rng


def test_a_name_has_the_same_numbers_whoever_drew_before() -> None:
    first = Rng(7, "a").raw(5)
    Rng(7, "b").raw(1000)
    assert (Rng(7, "a").raw(5) == first).all()


@pytest.mark.parametrize(
    ("seed", "names"), [(8, ("a",)), (7, ("b",)), (7, ("a", "a")), (7, ("a\0a",))]
)
def test_another_seed_or_name_has_other_numbers(seed: int, names: tuple[str, ...]) -> None:
    assert (Rng(seed, *names).raw(4) != Rng(7, "a").raw(4)).all()


@given(st.integers(1, 2**31), st.integers(0, 2**32))
def test_below_stays_below_its_bound(bound: int, seed: int) -> None:
    drawn = Rng(seed, "bound").below(50, bound)
    assert drawn.min() >= 0
    assert drawn.max() < bound


@given(st.integers(-5000, 5000), st.integers(0, 5000))
def test_between_includes_both_ends(low: int, span: int) -> None:
    drawn = Rng(1, "ends").between(200, low, low + span)
    assert low <= drawn.min() <= drawn.max() <= low + span
    if span <= 4:
        assert set(drawn.tolist()) == set(range(low, low + span + 1))


def test_weights_decide_how_often_an_item_is_picked() -> None:
    drawn = Rng(1, "weights").picks(20_000, ["rare", "common", "never"], [1, 9, 0])
    assert "never" not in drawn
    assert 0.08 < drawn.count("rare") / len(drawn) < 0.12


def test_a_shuffle_is_a_permutation() -> None:
    assert sorted(Rng(1, "shuffle").shuffled(100).tolist()) == list(range(100))


def test_a_uuid_is_of_version_4_and_never_comes_twice() -> None:
    drawn = Rng(1, "uuid").uuids(2000)
    assert len(set(drawn)) == len(drawn)
    assert all(uuid.UUID(text).version == 4 and str(uuid.UUID(text)) == text for text in drawn)
    assert {text[19] for text in drawn} == set("89ab")


def test_long_lengths_are_rare_and_bounded() -> None:
    drawn = Rng(1, "long").rare_long(5000, 100, 5000)
    assert drawn.max() <= 5000
    assert 60 < np.median(drawn) < 160
    assert 0.02 < (drawn > 300).mean() < 0.15


@given(st.integers(1, 40), st.integers(1, 40))
def test_hexes_have_the_digits_asked_for(count: int, digits: int) -> None:
    drawn = Rng(1, "hex").hexes(count, digits)
    assert [len(text) for text in drawn] == [digits] * count
    assert all(set(text) <= set("0123456789abcdef") for text in drawn)
