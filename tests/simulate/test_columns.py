"""Columns made all at once say what a loop over their rows would say."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.logs.rows import BLOCK, Frame
from siemlab.logs.vpcflowlogs import FIELDS, vpc_rows, vpc_rows_of_kinds
from siemlab.simulate.fillers import FILLERS
from siemlab.simulate.objects import access, anonymous
from siemlab.simulate.rng import Rng
from siemlab.simulate.shapes import json_text
from tests.simulate.recorded import T0, rows_of, staged

texts = st.text(st.characters(exclude_categories=["Cs"]))
flags = st.sampled_from([0, 2, 3, 18])


def doubled(base: int, flips: int, longest: int) -> int:
    """A length that doubles for each pair of bits that is 00, until one is not."""
    for shift in range(0, 16, 2):
        if flips >> shift & 3:
            break
        base *= 2
    return min(base, longest)


@given(seed=st.integers(0, 99), typical=st.integers(1, 10**6), longest=st.integers(1, 10**8))
def test_a_length_doubles_with_each_chance_of_four(seed: int, typical: int, longest: int) -> None:
    rng = Rng(seed, "x")
    base = rng.between(50, max(1, typical // 4), max(1, typical * 3 // 2)).tolist()
    flips = [int(word) for word in rng.raw(50)]
    expected = [doubled(*each, longest) for each in zip(base, flips, strict=True)]
    assert Rng(seed, "x").rare_long(50, typical, longest).tolist() == expected


@given(st.lists(texts, max_size=8))
def test_texts_are_escaped_together_as_each_alone(given_texts: list[str]) -> None:
    assert [json.loads(b'"' + text + b'"') for text in json_text(given_texts)] == given_texts


@pytest.mark.parametrize("text", ['","', '\\","', '"', "\\", ",", "", "\n"])
def test_what_looks_like_the_border_of_two_texts_stays_inside(text: str) -> None:
    assert len(json_text([text, text])) == 2


def test_a_host_id_is_56_bytes_in_base64() -> None:
    made = FILLERS["host_id"](Rng(1, "x"), np.arange(3))
    assert [base64.b64decode(text).hex() for text in made] == Rng(1, "x").hexes(3, 112)


@pytest.mark.parametrize("key", ["a/b-1_~.txt", "日本/é.pdf", 'a b"c%', "a+b&c=d"])
def test_keys_are_percent_encoded_as_urls_are(key: str) -> None:
    stage, records = staged()
    stranger = anonymous(stage.world.account("sz-prod"), "192.0.2.131", "curl/7.79")
    access(stage, T0, stranger, bucket="sz-prod-partner-exchange", operation="GetObject", keys=key)
    [line] = rows_of(records, "s3accesslog")
    assert (line["Key"], line["RequestURI_key"]) == (quote(key), f"/{quote(key)}")


@given(st.lists(st.tuples(st.integers(0, 1), flags, st.integers(0, 65535)), min_size=1))
def test_flow_records_of_kinds_are_those_of_columns(rows: list[tuple[int, int, int]]) -> None:
    kinds: list[dict[str, Any]] = [
        {"action": "ACCEPT", "tcp_flags": flag, "interface_id": f"eni-{face}", "az_id": None}
        for face, flag, _ in rows
    ]
    ports = [port for *_, port in rows]
    columns = {name: [kind[name] for kind in kinds] for name in kinds[0]}
    made = vpc_rows_of_kinds(kinds, np.arange(len(rows)), {"srcport": ports})
    assert made.records() == vpc_rows({**columns, "srcport": ports}).records()
    assert len(made.records()[0].split(b" ")) == len(FIELDS)


COUNT = 2 * BLOCK + 9
NUMBERED = Frame(pl.DataFrame({"number": np.arange(COUNT), "text": ["a"] * COUNT}))


@settings(max_examples=40, deadline=None)
@given(start=st.integers(0, COUNT), length=st.integers(0, COUNT))
def test_a_file_may_begin_and_end_in_any_block_of_lines(start: int, length: int) -> None:
    stop = min(start + length, COUNT)
    expected = b"\n".join(b"%d a" % number for number in range(start, stop))
    assert NUMBERED.join(start, stop, b"\n") == expected
    assert NUMBERED.join(start, stop, b"; ") == expected.replace(b"\n", b"; ")
