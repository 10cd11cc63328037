"""What a second process does for a large load, it does as the first one would."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from siemlab.store.duckdb_ahead import Ahead
from siemlab.store.duckdb_helper import Helper
from siemlab.store.duckdb_rows import SAMPLE, Column, Rows
from siemlab.store.duckdb_spool import Spool, dump
from siemlab.store.mapping import Mapping

FIRST = 10
COLUMNS = {"n": Column("c1", "whole")}


def mapping() -> Mapping:
    return Mapping({"mappings": {"properties": {"n": {"type": "long"}}}})


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    made = Spool(tmp_path / "spool")
    fill(made, 0, 40)
    made.flush()
    return made


def fill(spool: Spool, first: int, end: int, **more: Any) -> None:
    for number in range(first, end):
        spool.add(f"{number}", dump({"n": number, **more}))


def lines(rows: Rows) -> list[bytes]:
    return [line for part in rows.files["docs"] for line in part.path.read_bytes().splitlines()]


def test_a_helper_does_the_documents_from_its_first_to_the_last(spool: Spool) -> None:
    with Helper(spool, FIRST, 110, mapping(), COLUMNS) as helper:
        rows = helper.rows(mapping())
    assert rows is not None
    assert rows.documents == 30
    assert lines(rows)[0] == b'{"r":110,"i":"10","c1":10}'
    assert lines(rows)[-1] == b'{"r":139,"i":"39","c1":39}'


def test_a_helper_among_documents_that_still_arrive_stops_at_a_whole_one(spool: Spool) -> None:
    with Helper(spool, FIRST, FIRST, mapping(), COLUMNS, growing=True) as helper:
        for start in range(40, 4_000, 40):
            fill(spool, start, start + 40)
            spool.flush()
            time.sleep(0.005)
        rows = helper.rows(mapping())
    assert rows is not None
    assert 0 < rows.documents <= 3_990
    assert lines(rows) == [
        b'{"r":%d,"i":"%d","c1":%d}' % (number, number, number)
        for number in range(FIRST, FIRST + rows.documents)
    ]


def test_what_a_helper_learns_the_first_process_knows_afterwards(spool: Spool) -> None:
    fill(spool, 40, 50, name="alice")
    spool.flush()
    known = mapping()
    with Helper(spool, FIRST, FIRST, known, COLUMNS) as helper:
        assert helper.rows(known) is not None
    assert known.fields["name"].type == "text"


def test_what_a_helper_learned_otherwise_does_not_count(spool: Spool) -> None:
    fill(spool, 40, 50, name="alice")
    spool.flush()
    known = mapping()
    with Helper(spool, FIRST, FIRST, known, COLUMNS) as helper:
        known.index({"name": 7})
        assert helper.rows(known) is None
    assert known.fields["name"].type == "long"


def test_a_document_that_the_index_refuses_ends_the_helper(spool: Spool) -> None:
    fill(spool, 40, 41, n={"no": "leaf"})
    spool.flush()
    with Helper(spool, FIRST, FIRST, mapping(), COLUMNS) as helper:
        assert helper.rows(mapping()) is None


@pytest.fixture
def sample(tmp_path: Path) -> Spool:
    made = Spool(tmp_path / "sample")
    fill(made, 0, SAMPLE)
    return made


def test_work_ahead_fits_only_what_it_began_with(sample: Spool) -> None:
    ahead = Ahead(sample, mapping())
    try:
        known = mapping()
        assert ahead.fits(SAMPLE, known, COLUMNS)
        assert not ahead.fits(SAMPLE + 1, known, COLUMNS)
        assert not ahead.fits(SAMPLE, known, {})
        known.index({"late": 1})
        assert not ahead.fits(SAMPLE, known, COLUMNS)
    finally:
        ahead.close()


def test_nothing_is_done_ahead_of_a_refusal_in_the_sample(sample: Spool) -> None:
    ahead = Ahead(sample, Mapping({"mappings": {"properties": {"n": {"type": "date"}}}}))
    ahead.close()
    never = Ahead(sample, Mapping({"mappings": {"properties": {"n.m": {"type": "long"}}}}))
    assert not never.fits(SAMPLE, mapping(), COLUMNS)
    assert never.rows(mapping()) is None
    never.close()
