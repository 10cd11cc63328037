"""A load ends alike on the real server and on the embedded engines: documents, pins, types."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch

from siemlab.normalize import LogObject, normalize_object
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store import open_store
from siemlab.store.base import LoadReport, Store
from siemlab.store.mapping import FieldType, Mapping

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
# Genuine logs may not be copied into the project: they lie beside the checkout, or nowhere.
REAL = ROOT.parent / "shared" / "real" / "cloudtrail"
ROWS = [  # without the nested objects: they are no leaf fields, and their leaves have rows too
    line.split("\t")
    for line in (CASES / "opensearch" / "expected-mapping.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#") and not line.endswith("\tnested")
]
REAL_INDEX = "log-aws-cloudtrail-2023-07"
ENGINES = ("opensearch", "duckdb", "pandas")

Sets = dict[str, list[Document]]


def normalized(key: str, file: Path) -> list[Document]:
    data = file.read_bytes()
    opened = LogObject(key, "demo-log-bucket", lambda: io.BytesIO(data), len(data))
    return [found for found in normalize_object(opened) if isinstance(found, Document)]


@pytest.fixture(scope="module")
def golden() -> Sets:
    """The documents of each golden set, by the set's name."""
    found = {}
    for key in sorted(CASES.glob("logs/*/*/key.txt")):
        name = "/".join(key.parts[-3:-1])
        found[name] = normalized(key.read_text("utf-8").rstrip("\n"), next(key.parent.glob("raw*")))
    assert len(found) > 50
    return found


@pytest.fixture(scope="module")
def real() -> list[Document]:
    files = sorted(REAL.glob("*.json"))
    if not files:
        reason = "the genuine CloudTrail files are missing: ../shared/real/cloudtrail/*.json"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return [document for file in files for document in normalized(f"cloudtrail/{file.name}", file)]


class Loads:
    """The same documents on every engine, and what the server made of their fields."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        targets = {"opensearch": url, "duckdb": str(folder), "pandas": None}
        self.stores: dict[str, Store] = {
            name: open_store(targets[name], engine=name) for name in ENGINES
        }

    def add(self, documents: list[Document]) -> dict[str, LoadReport]:
        return {name: store.add(documents) for name, store in self.stores.items()}

    def counts(self) -> dict[str, dict[str, int]]:
        return {
            name: {info.name: info.documents for info in store.indexes()}
            for name, store in self.stores.items()
        }

    def types(self, index: str) -> dict[str, FieldType]:
        with OpenSearch(self.url) as client:
            return Mapping.from_body(client.indices.get_mapping(index=index)[index]).fields


@pytest.fixture(scope="module")
def loads(
    opensearch_url: str, tmp_path_factory: pytest.TempPathFactory, golden: Sets
) -> Iterator[Loads]:
    with OpenSearch(opensearch_url, timeout=60) as client:
        client.indices.delete(index="*")
    loads = Loads(opensearch_url, tmp_path_factory.mktemp("store"))
    reports = loads.add([document for documents in golden.values() for document in documents])
    assert len({pinned(report) for report in reports.values()}) == 1
    assert {(report.spilled, report.refusals) for report in reports.values()} == {((), ())}
    yield loads
    for store in loads.stores.values():
        store.close()


def pinned(report: LoadReport) -> str:
    return repr(sorted((family, sorted(pins.items())) for family, pins in report.pins.items()))


def shown(fields: dict[str, FieldType], path: str) -> str:
    """Write a type as the table does."""
    field = fields[path]
    text = "+text" if f"{path}.text" in fields else ""
    return f"{field.type}{text}{'' if field.doc_values else '-nodv'}"


def test_golden_documents_are_counted_alike_on_every_engine(loads: Loads, golden: Sets) -> None:
    distinct = {(document.index, document.id) for some in golden.values() for document in some}
    expected = dict(Counter(index for index, _ in distinct))

    for engine, counts in loads.counts().items():
        golden_only = {name: count for name, count in counts.items() if name != REAL_INDEX}
        assert golden_only == expected, engine


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row[1].startswith("_count:") and row[0] != REAL_INDEX], ids=str
)
def test_every_document_of_a_golden_set_is_found_on_every_engine(
    loads: Loads, golden: Sets, row: list[str]
) -> None:
    index, name, count = row
    ids = {
        document.id for document in golden[name.removeprefix("_count:")] if document.index == index
    }

    assert len(ids) == int(count)
    for engine, store in loads.stores.items():
        assert ids <= {hit.id for hit in store.scan(Query(index))}, engine


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row[1][0] != "_" and row[0] != REAL_INDEX], ids=str
)
def test_a_field_of_the_golden_documents_has_its_type(loads: Loads, row: list[str]) -> None:
    index, path, expected = row
    assert shown(loads.types(index), path) == expected


def test_golden_documents_again_change_nothing(loads: Loads, golden: Sets) -> None:
    distinct = {(one.index, one.id): one for some in golden.values() for one in some}

    before = loads.counts()
    for engine, report in loads.add(list(distinct.values())).items():
        assert (report.created, report.refused) == (0, 0), engine

    assert loads.counts() == before


def test_genuine_documents_are_taken_counted_and_mapped_alike(
    loads: Loads, real: list[Document]
) -> None:
    reports = loads.add(real)

    for engine, report in reports.items():
        assert (report.created, report.spilled, report.refusals) == (1_769, (), ()), engine
    counts = loads.counts()
    assert {name: found[REAL_INDEX] for name, found in counts.items()} == dict.fromkeys(
        ENGINES, 1_769
    )
    types = loads.types(REAL_INDEX)
    wrong: dict[str, Any] = {}
    for index, path, expected in ROWS:
        leaf = index == REAL_INDEX and path[0] != "_"
        if leaf and shown(types, path) != expected:
            wrong[path] = (shown(types, path), expected)
    assert wrong == {}


def test_the_order_of_the_newest_is_the_same_on_every_engine(loads: Loads) -> None:
    """Findings and configuration items have no @id, and many of them one time."""
    for query in (Query(), Query("log-aws-config-*"), Query("log-aws-securityhub-*")):
        for size in (1, 3, 10, 100, 10_000):
            found = {
                engine: [(hit.index, hit.id) for hit in store.newest(query, size)]
                for engine, store in loads.stores.items()
            }
            assert found["duckdb"] == found["opensearch"], (query, size)
            assert found["pandas"] == found["opensearch"], (query, size)


def test_genuine_documents_have_the_same_fields_on_every_engine(
    loads: Loads, real: list[Document]
) -> None:
    query = Query(REAL_INDEX)
    fields = {engine: store.fields(query) for engine, store in loads.stores.items()}

    assert len(fields["opensearch"]) > 600
    assert fields["duckdb"] == fields["opensearch"]
    assert fields["pandas"] == fields["opensearch"]
