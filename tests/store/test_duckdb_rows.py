"""Which column a value goes to does not change what is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from siemlab.normalize.document import Document
from siemlab.query import Query
from siemlab.store import duckdb_index, duckdb_rows, open_store

INDEX = "log-aws-cloudtrail-2022-11"
USUAL = [
    {"@id": f"{number}", "eventID": f"{number}", "user": {"name": "alice"}, "n": 1, "w": "x"}
    for number in range(4)
]
FIELDS = ("@id", "eventID", "user.name", "n", "w", "source.ip")


def ways(path: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a field that is missing, single, a list, or spelled in two ways."""
    given = st.none() | values | st.lists(values, max_size=3)
    first, _, second = path.partition(".")
    if not second:
        return st.just({}) | given.map(lambda value: {path: value})
    nested = given.map(lambda value: {first: {second: value}})
    dotted = given.map(lambda value: {path: value})
    both = st.tuples(nested, dotted).map(lambda two: two[0] | two[1])
    return st.just({}) | nested | dotted | both


TEXT = st.sampled_from(["", "alice", "bob", "7", "x" * 300])
DOCUMENT = st.tuples(
    ways("@id", TEXT),
    ways("eventID", TEXT),
    ways("user.name", TEXT | st.integers(0, 9) | st.booleans()),
    ways("n", st.integers(0, 9) | TEXT),
    ways("w", TEXT),
    ways("source.ip", st.sampled_from(["10.0.0.5", "::1", "AWS Internal"])),
)


def answers(engine: str, path: Path, documents: list[Document]) -> Any:
    store = open_store(str(path), engine=engine)
    report = store.add(documents)
    query = Query(f"{INDEX}*")
    found = [
        [(store.top(query, field, 50), store.count(query.exists(field))) for field in FIELDS],
        report.created,
        report.spilled,
    ]
    store.close()
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(rest=[({"user": {"name": "alice"}, "user.name": "bob"},)])
@given(rest=st.lists(DOCUMENT, min_size=1, max_size=12))
def test_documents_behind_the_sample_are_found_as_pandas_finds_them(
    rest: list[tuple[dict[str, Any], ...]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (duckdb_index, duckdb_rows):
        monkeypatch.setattr(module, "SAMPLE", len(USUAL))
    sources = [*USUAL, *({k: v for part in parts for k, v in part.items()} for parts in rest)]
    documents = [Document(INDEX, str(number), source) for number, source in enumerate(sources)]
    folder = tmp_path_factory.mktemp("store")
    embedded, reference = (answers(e, folder / e, documents) for e in ("duckdb", "pandas"))
    assert embedded == reference
