"""The reference engine: loading, the policy for clashes, its files, and its code for learners."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.errors import StoreError, UnknownFieldError
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store import open_store
from siemlab.store.base import Bucket, Store
from siemlab.store.pandas import PandasStore, explain

TRAIL = "log-aws-cloudtrail-2022-11"


def documents(*sources: dict[str, Any], index: str = TRAIL) -> list[Document]:
    """Make documents with ids 0, 1, 2..."""
    return [Document(index, str(number), source) for number, source in enumerate(sources)]


def test_a_pandas_store_is_a_store() -> None:
    assert isinstance(PandasStore(), Store)


def test_loading_twice_changes_nothing_and_a_new_version_replaces_the_old() -> None:
    store = PandasStore()
    first = store.add(documents({"user": {"name": "alice"}}, {"event": {"severity": 1}}))
    again = store.add(documents({"user": {"name": "alice"}}, {"event": {"severity": 1.0}}))
    assert (first.created, first.updated, first.unchanged) == (2, 0, 0)
    assert (again.created, again.updated, again.unchanged) == (0, 1, 1)
    assert store.count(Query()) == 2


def test_within_one_load_the_last_version_of_a_document_stays() -> None:
    store = PandasStore()
    twice = [Document(TRAIL, "1", {"user.name": name}) for name in ("alice", "bob")]
    report = store.add(twice)
    assert (report.documents, report.created, report.updated) == (2, 1, 1)
    assert store.top(Query(), "user.name") == [Bucket("bob", 1)]


def test_clashing_paths_are_pinned_whatever_the_order() -> None:
    sources = [
        {"requestParameters": {"thing": "a.txt"}},
        {"requestParameters": {"thing": {"id": 7}}},
        {"requestParameters": {"marks": [True, "x"]}},
    ]
    for order in (sources, sources[::-1]):
        store = PandasStore()
        report = store.add(documents(*order))
        assert (report.spilled, report.refusals) == ((), ())
        assert report.pins == {
            "log-aws-cloudtrail": {
                "requestParameters.marks": ("bool", "str"),
                "requestParameters.thing": ("object", "str"),
            }
        }
        assert store.count(Query().include("requestParameters.thing", "a.txt")) == 1
        assert store.count(Query().include("requestParameters.marks", True)) == 1
        assert store.count(Query().exists("requestParameters.thing.id")) == 0


def test_a_pin_of_an_earlier_load_holds_for_a_later_month() -> None:
    store = PandasStore()
    store.add(documents({"requestParameters.k": "a"}, {"requestParameters.k": 1}))
    report = store.add(documents({"requestParameters.k": 5}, index="log-aws-cloudtrail-2022-12"))
    assert (report.pins, report.refused) == ({}, 0)
    (info,) = [info for info in store.fields(Query()) if info.name == "requestParameters.k"]
    assert (info.types, info.documents) == (("keyword",), 3)


def test_a_document_that_its_index_refuses_goes_to_the_spill_index() -> None:
    store = PandasStore()
    store.add(documents({"requestParameters": {"thing": {"id": 7}}}))
    refused = Document(
        TRAIL, "late", {"requestParameters.thing": "a", "source": {"ip": "10.0.0.5"}}
    )
    report = store.add([refused])
    assert report.spilled == ((f"{TRAIL}-spill", "late"),)
    assert (report.created, report.refused) == (1, 0)
    (hit,) = store.newest(Query().include("source.ip", "10.0.0.0/8"))
    assert (hit.index, hit.source) == (f"{TRAIL}-spill", refused.source)
    assert store.count(Query("log-aws-cloudtrail-*")) == 2


def test_what_the_spill_index_refuses_too_is_reported_with_its_reason() -> None:
    store = PandasStore()
    report = store.add(documents({"source": "no object"}, {"source": {"ip": "::1"}}))
    assert report.documents == report.created + report.updated + report.unchanged + report.refused
    ((index, name, reason),) = report.refusals
    assert (index, name) == (TRAIL, "0")
    assert "concrete value" in reason


def test_a_given_template_is_taken_exactly() -> None:
    template = {"mappings": {"properties": {"n": {"type": "long"}}}}
    store = open_store(template=template)
    report = store.add(documents({"n": 1, "t": "2023-01-01"}, {"n": "abc"}, index="anything"))
    assert [name for _, name, _ in report.refusals] == ["1"]
    assert report.pins == {}
    types = {info.name: info.types for info in store.fields(Query("*"))}
    assert types == {"n": ("long",), "t": ("date",)}


def test_progress_adds_up() -> None:
    done: list[int] = []
    PandasStore().add(documents(*({"n": number} for number in range(2_345))), progress=done.append)
    assert (sum(done), len(done)) == (2_345, 3)


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "folder"])
def test_an_interrupted_load_leaves_the_store_as_it_was(tmp_path: Path, on_disk: bool) -> None:
    folder = tmp_path / "store" if on_disk else None
    store = PandasStore(folder)
    store.add(documents({"user.name": "alice"}))

    def broken() -> Iterator[Document]:
        yield Document(TRAIL, "9", {"brand": {"new": 1}})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add(broken())
    assert store.count(Query()) == 1
    store.add(documents({"brand": "a text after all"}, index=TRAIL.replace("11", "12")))
    assert store.count(Query().include("brand", "a text after all")) == 1


def test_a_folder_keeps_documents_mappings_and_pins(tmp_path: Path) -> None:
    sources = [{"requestParameters.k": "a", "@id": "x"}, {"requestParameters.k": {"b": 1}}]
    before = PandasStore(tmp_path)
    before.add(documents(*sources))
    before.add([Document(TRAIL, "0", {"requestParameters.k": "changed", "n": 2**70})])
    after = PandasStore(tmp_path)
    assert list(after.scan(Query())) == list(before.scan(Query()))
    assert after.fields(Query()) == before.fields(Query())
    report = after.add(
        documents({"requestParameters": {"k": 7}}, index="log-aws-cloudtrail-2022-12")
    )
    assert report.refused == 0


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    PandasStore(tmp_path).add(documents({"a": 1}))
    (load,) = tmp_path.glob("*.gz")
    load.write_bytes(load.read_bytes()[:-12])
    with pytest.raises(StoreError, match=load.name):
        PandasStore(tmp_path)
    load.write_bytes(gzip.compress(b"no json\n"))
    with pytest.raises(StoreError, match=load.name):
        PandasStore(tmp_path)


def test_a_file_that_no_state_names_does_not_count(tmp_path: Path) -> None:
    PandasStore(tmp_path).add(documents({"a": 1}))
    (tmp_path / "load-000002.ndjson.gz").write_bytes(b"cut off while it was written")
    store = PandasStore(tmp_path)
    store.add(documents({"a": 1}, {"a": 2}))
    assert PandasStore(tmp_path).count(Query()) == 2


@pytest.mark.parametrize(
    "field", ["@message", "source.geo.location", "@log_s3key"], ids=["text", "point", "no values"]
)
def test_a_field_that_cannot_be_aggregated_says_so_in_both_languages(field: str) -> None:
    store = PandasStore()
    store.add(documents({"@message": "a"}))
    with pytest.raises(UnknownFieldError, match=field) as error:
        store.top(Query(), field)
    assert field in error.value.message("ja")


def test_indexes_that_type_a_field_differently_are_counted_together() -> None:
    store = PandasStore()
    store.add(documents({"x": 7}, index="log-aws-waf-2022-11"))
    store.add(documents({"x": "7"}, {"x": "a"}, index="log-aws-elb-2022-11"))
    counts = {(type(bucket.key), bucket.key): bucket.count for bucket in store.top(Query(), "x")}
    assert counts == {(int, 7): 1, (str, "7"): 1, (str, "a"): 1}
    (info,) = store.fields(Query())
    assert (info.types, info.documents) == (("keyword", "long"), 3)


def test_a_document_with_a_value_twice_counts_once_in_its_bucket() -> None:
    store = PandasStore()
    times = ["2022-11-01T00:10:00Z", "2022-11-01T00:20:00Z", "2022-11-01T02:00:00Z"]
    store.add(documents({"n": [7, 7, 8], "@timestamp": times}))
    assert store.top(Query(), "n") == [Bucket(7, 1), Bucket(8, 1)]
    assert [bucket.count for bucket in store.histogram(Query(), "1h")] == [1, 0, 1]


def test_hits_become_a_frame_with_dotted_columns() -> None:
    store = PandasStore()
    store.add(
        documents(
            {"@timestamp": "2022-11-01T00:00:00Z", "a": {"b": [1, 2]}, "o": [{"x": 1}, {"x": 2}]},
            {"c": None},
        )
    )
    frame = store.newest(Query()).to_pandas()
    assert list(frame.columns) == ["_index", "_id", "@timestamp", "a.b", "c", "o.x"]
    assert frame["o.x"].tolist() == [[1, 2], None]
    assert list(store.newest(Query()).to_pandas(["a.b", "nosuch"]).columns)[2:] == ["a.b", "nosuch"]


def test_an_unknown_engine_and_a_missing_target_are_refused() -> None:
    with pytest.raises(StoreError, match="no engine"):
        open_store(engine="sqlite")
    with pytest.raises(StoreError, match="folder or a URL"):
        open_store(engine="duckdb")


SOURCES = [
    {
        "@timestamp": "2022-11-12T01:00:00Z",
        "event": {"action": "CreateUser", "severity": 5},
        "source": {"ip": "10.0.0.5"},
        "user": {"name": ["alice", 'it\'s "me"']},
        "@message": "Access denied for alice",
    },
    {
        "@timestamp": "2022-11-13T01:00:00Z",
        "event": {"action": "AttachRolePolicy", "severity": 8},
        "source": {"ip": "AWS Internal"},
        "@message": "denied access",
    },
    {"event": {"action": "ListBuckets"}, "source": {"ip": "::1"}, "error": {"code": "x\\y"}},
]
QUERIES = [
    Query(),
    Query().include("user.name", 'it\'s "me"'),
    Query().include("event.action", ["CreateUser", "ListBuckets"]),
    Query().exclude("source.ip", "10.0.0.0/8"),
    Query().between("event.severity", 5, 8),
    Query().exists("user").missing("error.code"),
    Query().time("2022-11-12", "2022-11-13", tz="Asia/Tokyo"),
    Query().lucene("event.action:(Create* OR Attach*) AND NOT user.name:bob"),
    Query().lucene('@message:"access denied" OR error.code:"x\\\\y"'),
    Query().lucene("@message:alice OR nosuch:x"),
    Query().lucene("@message:den* AND @message:[a TO b]"),
    Query().lucene("event.action:/.*Role.*/"),
    Query().lucene("alice"),
    Query().lucene("NOT *:*"),
    Query().lucene("source.ip:[10.0.0.0 TO *] OR @timestamp:>=2022-11-13"),
]


@pytest.mark.parametrize("query", QUERIES, ids=[str(number) for number in range(len(QUERIES))])
def test_the_code_for_learners_runs_and_finds_the_same(query: Query) -> None:
    store = PandasStore()
    store.add(documents(*SOURCES))
    names = {"documents": store.newest(Query()).to_pandas()}
    exec(explain(query), names)
    assert sorted(names["found"]["_id"]) == sorted(hit.id for hit in store.scan(query))


VALUES = st.sampled_from(["a", "b", "", 7, None, True, ["a", "b"], []])


@given(st.lists(VALUES, max_size=8), st.sampled_from(["a", "7", ""]))
def test_include_and_exclude_part_the_documents(values: list[Any], asked: str) -> None:
    store = PandasStore()
    store.add(documents(*({"user": {"name": value}} for value in values)))
    inside = {hit.id for hit in store.scan(Query().include("user.name", asked))}
    outside = {hit.id for hit in store.scan(Query().exclude("user.name", asked))}
    assert inside | outside == {str(number) for number in range(len(values))}
    assert not inside & outside
