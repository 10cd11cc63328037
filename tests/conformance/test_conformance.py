"""Every engine answers as a real OpenSearch did: the golden cases, and that they can fail."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance_suite import CASES, INDEX, documents, failure, read_lines

from siemlab.query.value import Query
from siemlab.store import open_store
from siemlab.store.analysis import words
from siemlab.store.base import Store
from siemlab.store.mapping import Mapping

MAPPING: dict[str, Any] = json.loads((CASES / "mapping.json").read_text(encoding="utf-8"))
GROUPS: dict[str, list[dict[str, Any]]] = defaultdict(list)
for _case in read_lines(CASES / "cases.ndjson"):
    GROUPS[_case["id"].rpartition("-")[0]].append(_case)


@pytest.fixture(scope="module")
def stores() -> Iterator[dict[str, Store]]:
    """The open stores of this module, by engine, each with the golden documents."""
    opened: dict[str, Store] = {}
    yield opened
    for store in opened.values():
        store.close()


@pytest.fixture(
    params=["duckdb", "pandas", pytest.param("opensearch", marks=pytest.mark.opensearch)]
)
def store(
    request: pytest.FixtureRequest,
    stores: dict[str, Store],
    tmp_path_factory: pytest.TempPathFactory,
) -> Store:
    """A store of each engine in turn."""
    engine = request.param
    if engine not in stores:
        target = None
        if engine == "opensearch":
            target = request.getfixturevalue("opensearch_url")
            _delete(target)
        elif engine == "duckdb":
            target = str(tmp_path_factory.mktemp("conformance") / "store")
        stores[engine] = open_store(target, engine=engine, template=MAPPING)
        report = stores[engine].add(documents(CASES / "documents.ndjson"))
        assert (report.documents, report.created, report.refused) == (181, 181, 0)
    return stores[engine]


def _delete(url: str) -> None:
    from opensearchpy import OpenSearch

    with OpenSearch(url, timeout=60) as client:
        client.indices.delete(index=f"{INDEX}*", params={"ignore_unavailable": "true"})


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_store_answers_as_the_server_did(store: Store, group: str) -> None:
    wrong = {case["id"]: failure(case, store) for case in GROUPS[group]}
    assert {name: reason for name, reason in wrong.items() if reason} == {}


def test_the_suite_has_all_cases() -> None:
    assert sum(map(len, GROUPS.values())) == 1042


@pytest.mark.parametrize(
    "change",
    [
        {"expect": {"ids": ["e001"]}},
        {"expect": {"error": True}},
        {"top": {"field": "labels.n", "size": 3, "buckets": [[7.0, 14]]}},
        {"newest": ["c001"]},
        {"histogram": {"interval": "1d", "tz": "UTC", "buckets": []}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_wrong_answer_is_a_failure(change: dict[str, Any]) -> None:
    store = open_store(template=MAPPING)
    store.add(documents(CASES / "documents.ndjson"))
    (case,) = [case for case in GROUPS["values"] if case["id"] == "values-01"]
    assert failure(case, store) == ""
    assert failure({**case, **change}, store) != ""


def test_the_runner_counts_and_tells_failure_by_its_exit_code(tmp_path: Path) -> None:
    good = GROUPS["values"][0]
    bad = {**good, "id": "values-00", "expect": {"ids": []}}
    cases = tmp_path / "cases.ndjson"
    cases.write_text("".join(json.dumps(case) + "\n" for case in (good, bad)), encoding="utf-8")
    run = [sys.executable, str(Path(__file__).with_name("run.py")), str(cases)]
    files = [str(CASES / "documents.ndjson"), str(CASES / "mapping.json")]
    done = subprocess.run(
        [*run, *files, "--engine", "pandas"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed"


def test_the_fields_get_the_types_that_the_server_gave_them() -> None:
    expected = json.loads((CASES / "fields.json").read_text(encoding="utf-8"))
    mapping = Mapping(MAPPING)
    for document in documents(CASES / "documents.ndjson"):
        mapping.index(document.source)
    objects = {name for name in expected if mapping.is_object(name)}
    assert objects == {"threat.enrichments"}
    found = {name: field.type for name, field in mapping.fields.items()}
    assert found == {name: kind for name, kind in expected.items() if name not in objects}


def test_a_stored_mapping_is_the_same_when_it_is_read_back() -> None:
    mapping = Mapping(MAPPING)
    rows = list(documents(CASES / "documents.ndjson"))
    values = [mapping.index(row.source) for row in rows]
    again = Mapping.from_body(json.loads(json.dumps(mapping.to_body())))
    assert again.fields == mapping.fields
    assert [again.index(row.source) for row in rows] == values


def test_texts_are_cut_into_the_words_of_the_server() -> None:
    rows = read_lines(CASES / "tokens.ndjson")
    wrong = [row["text"] for row in rows if list(words(row["text"])) != row["tokens"]]
    assert len(rows) > 50
    assert wrong == []


def test_a_store_knows_its_index(store: Store) -> None:
    (info,) = [info for info in store.indexes() if info.name == INDEX]
    assert info.documents == 181
    assert str(info.first) == "1900-01-01 00:00:00+00:00"
    assert store.count(Query("log-nosuch-*")) == 0
