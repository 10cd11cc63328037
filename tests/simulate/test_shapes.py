"""JSON with holes: filled rows are the JSON that json would have written."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.simulate.shapes import Hole, compile_shape

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)


@given(values)
def test_a_shape_without_holes_is_its_own_json(value: Any) -> None:
    (row,) = compile_shape(value).rows(1, {})
    assert json.loads(row) == value
    assert row == json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@given(st.lists(texts, min_size=1, max_size=5), values)
def test_a_text_hole_holds_any_text(filling: list[str], other: Any) -> None:
    shape = compile_shape({"before": other, "x": f"[{Hole('x')}]", "after": [other]})
    rows = shape.rows(len(filling), {"x": filling})
    assert [json.loads(row)["x"] for row in rows] == [f"[{text}]" for text in filling]
    assert all(json.loads(row)["after"] == [other] for row in rows)


@given(st.lists(values, min_size=1, max_size=5))
def test_a_raw_hole_holds_any_json(filling: list[Any]) -> None:
    shape = compile_shape([1, Hole("x", raw=True), Hole("y")])
    column = [json.dumps(value).encode() for value in filling]
    rows = shape.rows(len(filling), {"x": column, "y": "same"})
    assert [json.loads(row) for row in rows] == [[1, value, "same"] for value in filling]


def test_one_value_fills_all_rows() -> None:
    shape = compile_shape({"a": Hole("a"), "n": Hole("n", raw=True)})
    assert shape.rows(2, {"a": 'q"', "n": 7}) == [b'{"a":"q\\"","n":7}'] * 2


def test_an_array_of_numbers_fills_row_by_row() -> None:
    shape = compile_shape({"n": Hole("n", raw=True)})
    assert shape.rows(3, {"n": np.arange(3)}) == [b'{"n":0}', b'{"n":1}', b'{"n":2}']


def test_a_column_of_another_length_is_named() -> None:
    with pytest.raises(ValueError, match="column 'a' has 3 rows, not 2"):
        compile_shape({"a": Hole("a")}).rows(2, {"a": ["1", "2", "3"]})


def test_a_hole_without_a_column_is_named() -> None:
    with pytest.raises(KeyError, match="user"):
        compile_shape({"a": Hole("user")}).rows(1, {})
