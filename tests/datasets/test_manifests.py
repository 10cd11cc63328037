"""The data sets that siemlab offers come out as their committed manifests say."""

from __future__ import annotations

from pathlib import Path

import pytest

from siemlab.datasets import Plan, build, read_manifest
from siemlab.normalize import Document, Refused, Skipped, normalize

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[2] / "data"


def test_the_small_data_set_is_the_one_that_was_published(small: Path) -> None:
    assert read_manifest(small / "manifest.json") == read_manifest(DATA / "small.json")


def test_the_small_data_set_has_about_as_many_records_as_promised(small: Path) -> None:
    assert 1_000_000 <= read_manifest(small / "manifest.json").records <= 1_250_000


def test_every_record_of_a_month_is_a_document_or_a_call_of_the_siem_itself(tmp_path: Path) -> None:
    manifest = build(Plan.of("small", month="2022-05"), tmp_path / "set", jobs=2)
    found = list(normalize([tmp_path / "set" / "bucket"]))
    skipped = [one for one in found if isinstance(one, Skipped)]
    assert not [one for one in found if isinstance(one, Refused)]
    assert {one.reason for one in skipped} == {"the SIEM loader's own call"}
    documents = sum(isinstance(one, Document) for one in found)
    assert documents + sum(one.records for one in skipped) == manifest.records
