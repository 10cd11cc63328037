"""Values that say nothing go, and texts that are too long for a term are cut."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.normalize.prune import SAYS_NOTHING, prune, truncate

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(["", "-", "null", "[]", "a", "--", "nul", " "]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), JSON)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (None, ...),
        ("", ...),
        ("-", ...),
        ("null", ...),
        ("[]", ...),
        ({}, ...),
        ([], ...),
        ([""], ...),
        ({"a": {"b": None}}, ...),
        ({"a": {"b": None}, "c": 0}, {"c": 0}),
        (["-"], ["-"]),
        (["", ""], ["", ""]),
        ([None], [None]),
        ([{}], [{}]),
        ([{"a": ""}, {"b": 1}], [{}, {"b": 1}]),
        ([[{"a": ""}], []], [[{"a": ""}], []]),
        (False, False),
        (0, 0),
        ("{}", "{}"),
        (" ", " "),
    ],
    ids=repr,
)
def test_what_says_nothing_goes_but_not_out_of_lists(value: Any, left: Any) -> None:
    document = {"x": value, "kept": 1}
    assert prune(document) is False
    assert document == ({"kept": 1} if left is ... else {"x": left, "kept": 1})


def plainly_pruned(value: Any) -> Any:
    """The same rule as a plain copy: what `prune` does in place."""
    if isinstance(value, list):
        return [plainly_pruned(item) if isinstance(item, dict) else item for item in value]
    if not isinstance(value, dict):
        return value
    pruned = {name: plainly_pruned(item) for name, item in value.items()}
    return {
        name: item
        for name, item in pruned.items()
        if item is not None
        and not (isinstance(item, str) and item in SAYS_NOTHING)
        and item not in ({}, [], [""])
    }


@given(OBJECTS)
def test_pruning_in_place_is_pruning_a_copy_and_once_is_enough(document: dict[str, Any]) -> None:
    expected = plainly_pruned(document)
    prune(document)
    assert document == expected
    again = copy.deepcopy(document)
    prune(again)
    assert again == document


CUT = "<<TRUNCATED>>"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a" * 70_000, "a" * 32_753 + CUT),
        ("a" * 32_766, "a" * 32_753 + CUT),
        ("a" * 32_765, "a" * 32_765),
        ("é" * 16_383, "é" * 16_376 + CUT),
        ("é" * 16_382, "é" * 16_382),
        ("日" * 16_383, "日" * 10_917 + CUT),
        ("日" * 12_000, "日" * 12_000),
        ("😀" * 16_383, "😀" * 8_188 + CUT),
    ],
    ids=lambda text: f"{text[0]}{len(text)}",
)
def test_a_long_text_of_a_long_document_is_cut_to_whole_characters(text: str, left: str) -> None:
    document = {"x": {"y": text}, "filler": ["." * 70_000]}
    assert prune(document) is (len(text) >= 16_383)
    truncate(document)
    assert document["x"] == {"y": left}


def test_texts_in_lists_and_the_message_stay_whole() -> None:
    document = {"@message": "m" * 70_000, "x": ["a" * 70_000, {"y": "b" * 70_000}]}
    before = copy.deepcopy(document)
    truncate(document)
    assert document == before


@pytest.mark.parametrize("spare", [0, 1])
def test_a_document_is_long_by_its_json_with_every_other_character_escaped(spare: int) -> None:
    document = {"x": "a" * 33_000, "filler": ""}
    room = 65_536 - len(json.dumps(document)) - spare
    document["filler"] = "é" * (room // 6) + "." * (room % 6)
    truncate(document)
    assert document["x"].endswith(CUT) is (spare == 0)
