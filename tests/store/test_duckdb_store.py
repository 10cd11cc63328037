"""The embedded engine: what lies on disk, loading, replacing, and answers over its layout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siemlab.errors import StoreError, UnknownFieldError
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store import open_store
from siemlab.store.base import Bucket, FieldInfo, Store
from siemlab.store.duckdb import DuckDBStore
from siemlab.store.duckdb_files import StoreFiles
from siemlab.store.pandas import PandasStore

TRAIL = "log-aws-cloudtrail-2022-11"
EVERYTHING = Query("*")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(folder)
    yield store
    store.close()


def documents(*sources: dict[str, Any], index: str = TRAIL, first: int = 0) -> list[Document]:
    """Make documents with ids 0, 1, 2... that are also their ``@id``."""
    return [
        Document(index, str(number), {"@id": str(number), **source})
        for number, source in enumerate(sources, first)
    ]


def users(*names: str, first: int = 0) -> list[Document]:
    return documents(*({"user": {"name": name}} for name in names), first=first)


def ids(store: Store, query: Query = EVERYTHING) -> list[str]:
    return [hit.id for hit in store.newest(query)]


# --- what lies on disk ----------------------------------------------------------------------


def test_a_duckdb_store_is_a_store_and_a_folder_opens_as_one(folder: Path) -> None:
    opened = open_store(folder)
    assert isinstance(opened, Store)
    assert isinstance(opened, DuckDBStore)


def test_a_store_is_a_manifest_and_four_parquet_files_per_segment(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(users("alice", "bob"))
    store.count(EVERYTHING)
    names = sorted(path.name.partition(".")[2] for path in folder.glob("segments/*/*"))
    assert names == [f"{part}.parquet" for part in ("docs", "fields", "source", "words")]
    assert [path.name for path in folder.glob("segments/*")] == [TRAIL]
    (cache,) = folder.glob("cache/*")
    assert cache.name.startswith(f"{TRAIL}-")
    assert cache.name.endswith(f"-{duckdb.__version__}.duckdb")
    assert not (folder / "work").exists()


def test_the_documents_can_be_read_from_parquet_by_anyone(store: DuckDBStore, folder: Path) -> None:
    store.add(documents({"note": "ネットワーク \u0000 ' -- "}))
    (path,) = folder.glob("segments/*/*.source.parquet")
    (row,) = duckdb.sql(f"SELECT rid, source FROM '{path}'").fetchall()
    assert row == (0, '{"@id":"0","note":"ネットワーク \\u0000 \' -- "}')


def test_a_common_field_has_a_column_and_a_rare_one_has_rows(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(
        documents(*({"common": n % 3, **({"rare": "x"} if n == 70 else {})} for n in range(99)))
    )
    (segment,) = StoreFiles(folder).manifest().indexes[TRAIL].segments
    assert set(segment.columns) == {"common"}
    assert set(segment.same) == {"@id"}
    assert store.top(EVERYTHING, "rare") == [Bucket("x", 1)]
    assert store.top(EVERYTHING, "common", 1) == [Bucket(0, 33)]


def test_a_text_that_is_different_everywhere_gets_no_column(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(documents(*({"requestID": f"r{n}", "kind": f"k{n % 5}"} for n in range(300))))
    (segment,) = StoreFiles(folder).manifest().indexes[TRAIL].segments
    assert set(segment.columns) == {"kind"}
    assert store.count(EVERYTHING.include("requestID", "r7")) == 1
    assert store.top(EVERYTHING, "requestID", 2) == [Bucket("r0", 1), Bucket("r1", 1)]


# --- loading --------------------------------------------------------------------------------


def test_adding_the_same_documents_twice_changes_nothing(store: DuckDBStore, folder: Path) -> None:
    first = store.add(users("alice", "bob"))
    manifest = StoreFiles(folder).manifest()
    again = store.add(users("alice", "bob"))
    assert (first.created, first.updated, first.unchanged) == (2, 0, 0)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert StoreFiles(folder).manifest() == manifest
    assert store.count(EVERYTHING) == 2


def test_the_time_of_loading_makes_no_difference(store: DuckDBStore) -> None:
    for spelled in ({"event": {"ingested": "2022-11-01"}}, {"event": {"ingested": "2022-11-02"}}):
        report = store.add(documents(spelled))
    assert (report.updated, report.unchanged) == (0, 1)


@pytest.mark.parametrize("other", [{"n": 1.5}, {"n": True}, {"n": "1"}, {"n": 1, "m": None}, {}])
def test_another_value_type_or_field_is_a_change(store: DuckDBStore, other: dict[str, Any]) -> None:
    store.add(documents({"n": 1}))
    report = store.add(documents(other))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)


def test_a_new_form_of_a_document_replaces_the_old_one(store: DuckDBStore) -> None:
    store.add(users("alice", "bob", "carol"))
    report = store.add([*users("bob"), *users("dave", first=3)])
    assert (report.documents, report.created, report.updated, report.unchanged) == (2, 1, 1, 0)
    assert store.top(EVERYTHING, "user.name") == [
        Bucket("bob", 2),
        Bucket("carol", 1),
        Bucket("dave", 1),
    ]
    assert ids(store) == ["0", "1", "2", "3"]


def test_within_one_load_the_last_form_of_a_document_stays(store: DuckDBStore) -> None:
    twice = [*users("alice"), *users("alice"), *users("bob")]
    report = store.add(twice)
    assert (report.documents, report.created, report.updated, report.unchanged) == (3, 1, 1, 1)
    assert store.top(EVERYTHING, "user.name") == [Bucket("bob", 1)]


def test_a_change_and_back_again_in_one_load_leaves_the_document(store: DuckDBStore) -> None:
    store.add(users("alice"))
    report = store.add([*users("bob"), *users("alice")])
    assert (report.updated, report.unchanged) == (2, 0)
    assert store.top(EVERYTHING, "user.name") == [Bucket("alice", 1)]


def test_many_small_loads_leave_few_segments_and_all_documents(
    store: DuckDBStore, folder: Path
) -> None:
    for number in range(30):
        store.add(documents({"load": number % 4, "list": ["a", str(number)]}, first=number))
    entry = StoreFiles(folder).manifest().indexes[TRAIL]
    assert len(entry.segments) <= 6
    assert entry.documents == store.count(EVERYTHING) == 30
    assert store.top(EVERYTHING, "list", 2) == [Bucket("a", 30), Bucket("0", 1)]
    assert [bucket.count for bucket in store.top(EVERYTHING, "load")] == [8, 8, 7, 7]


def test_a_later_small_load_may_have_lists_where_there_were_single_values(
    store: DuckDBStore,
) -> None:
    first = [{"tag": "a", "ip": "10.0.0.1", "@timestamp": "2022-11-01T00:00:00Z"}] * 5
    second = {
        "tag": ["a", "b"],
        "ip": ["10.0.0.1", "::1"],
        "source": {"ip": ["10.0.0.1", "::1", "no address"]},
        "@timestamp": ["2022-11-02", "2022-11-03"],
        "@id": ["x", "y"],
    }
    store.add(documents(*first))
    store.add(documents(second, {"tag": None}, first=5))
    assert store.top(EVERYTHING, "tag") == [Bucket("a", 6), Bucket("b", 1)]
    assert store.top(EVERYTHING, "source.ip") == [Bucket("::1", 1), Bucket("10.0.0.1", 1)]
    assert store.count(EVERYTHING.include("@id", "y")) == 1
    assert store.count(EVERYTHING.include("@id", "4")) == 1
    assert store.count(EVERYTHING.missing("tag")) == 1
    days = store.histogram(EVERYTHING, "1d")
    assert [(bucket.key, bucket.count) for bucket in days] == [
        (datetime(2022, 11, day, tzinfo=UTC), count) for day, count in ((1, 5), (2, 1), (3, 1))
    ]
    assert ids(store) == ["5", "0", "1", "2", "3", "4", "6"]


def test_a_document_that_its_index_refuses_is_found_in_the_spill_index(store: DuckDBStore) -> None:
    report = store.add(documents({"source": {"ip": "10.0.0.1"}}, {"source": "text"}))
    assert (report.created, report.spilled) == (1, ())
    assert [(index, name) for index, name, _ in report.refusals] == [(TRAIL, "1")]


def test_a_spilled_document_that_fits_later_leaves_the_spill_index(store: DuckDBStore) -> None:
    store.add(documents({"requestParameters": {"a": {"b": 1}}}))
    clash = {"requestParameters": {"a": "text"}, "user": {"name": "alice"}}
    spilled = store.add(documents(clash, first=1))
    assert spilled.spilled == ((f"{TRAIL}-spill", "1"),)
    assert store.count(Query("log-aws-cloudtrail-*").include("user.name", "alice")) == 1
    again = store.add(documents(clash, first=1))
    assert (again.created, again.unchanged) == (0, 1)
    store.add(documents({"user": {"name": "bob"}}, first=1))
    assert store.top(EVERYTHING, "user.name") == [Bucket("bob", 1)]
    assert [info.name for info in store.indexes()] == [TRAIL]


def test_a_new_form_that_spills_takes_the_old_one_out_of_its_index(store: DuckDBStore) -> None:
    store.add(documents({"requestParameters": {"a": {"b": 1}}}, {"user": {"name": "alice"}}))
    store.add(documents({"requestParameters": {"a": "text"}, "user": {"name": "bob"}}, first=1))
    assert store.top(EVERYTHING, "user.name") == [Bucket("bob", 1)]
    assert [(info.name, info.documents) for info in store.indexes()] == [
        (TRAIL, 1),
        (f"{TRAIL}-spill", 1),
    ]


@pytest.mark.parametrize(
    "index", ["", ".", "..", "../up", "a/b", "Big", "-a", "a b", "a*", "a\x00b", "é" * 200]
)
def test_an_index_that_no_server_would_make_is_refused_and_touches_nothing(
    store: DuckDBStore, folder: Path, index: str
) -> None:
    report = store.add([Document(index, "1", {"a": 1}), *users("alice", first=7)])
    assert [(refused[0], refused[1]) for refused in report.refusals] == [(index, "1")]
    assert report.created == 1
    assert [path.name for path in folder.glob("segments/*")] == [TRAIL]
    assert sorted(path.name for path in folder.parent.iterdir()) == ["store"]


def test_progress_counts_every_document(store: DuckDBStore) -> None:
    steps: list[int] = []
    store.add(documents(*({"n": n} for n in range(2_300))), progress=steps.append)
    assert steps == [1000, 1000, 300]


def test_a_store_that_is_only_read_refuses_documents(store: DuckDBStore, folder: Path) -> None:
    store.add(users("alice"))
    reader = DuckDBStore(folder, read_only=True)
    assert reader.count(EVERYTHING) == 1
    with pytest.raises(StoreError, match="reading only"):
        reader.add(users("bob"))
    reader.close()


def test_an_exception_while_documents_come_leaves_the_store_as_it_was(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(users("alice"))
    before = sorted(folder.rglob("*"))

    def interrupted() -> Iterator[Document]:
        yield from users("bob", first=1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add(interrupted())
    assert sorted(folder.rglob("*")) == before
    assert store.count(EVERYTHING) == 1


@pytest.mark.parametrize("count", [20_500, 42_000])
def test_two_processes_index_a_large_load_as_one_would(
    folder: Path, tmp_path: Path, count: int
) -> None:
    def source(number: int) -> dict[str, Any]:
        common = {"n": number, "user.name": f"u{number % 9}", "@message": f"no {number % 11} x"}
        late = {f"requestParameters.k{number % 700}": [number % 5, 7]} if number > 9000 else {}
        return {**common, **late, **({"tag": ["a", "b"]} if number % 1000 == 0 else {})}

    together, alone = DuckDBStore(folder), DuckDBStore(tmp_path / "alone")
    everything = documents(*map(source, range(count)))
    together.add(everything)
    for start in range(0, count, 12_000):
        alone.add(everything[start : start + 12_000])
    for ask in (
        EVERYTHING,
        EVERYTHING.lucene('@message:"no 3" AND user.name:u1'),
        EVERYTHING.include("tag", "b"),
        EVERYTHING.include("requestParameters.k650", 7),
    ):
        assert together.count(ask) == alone.count(ask) > 0
        assert together.fields(ask) == alone.fields(ask)
        assert ids(together, ask) == ids(alone, ask)
    (segment,) = StoreFiles(folder).manifest().indexes[TRAIL].segments
    assert segment.documents == count
    together.close()
    alone.close()


@pytest.mark.parametrize(
    ("late", "why"),
    [
        ({"source": {"ip": {"no": "leaf"}}, "requestParameters": "text"}, "a refusal"),
        ({"requestParameters": {"ratio": 0.5}}, "another type of number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_helper_must_not_decide_is_done_again_in_order(
    store: DuckDBStore, late: dict[str, Any], why: str
) -> None:
    sources: list[dict[str, Any]] = [{"n": number} for number in range(20_200)]
    sources[5_000] = {"requestParameters": {"ratio": 1}}
    sources[20_100] = late
    report = store.add(documents(*sources))
    assert report.created + report.refused == 20_200, why
    known = {info.name: info.types for info in store.fields(EVERYTHING)}
    assert known["requestParameters.ratio"] == ("long",)


def test_a_clash_that_comes_late_undoes_what_was_done_ahead(store: DuckDBStore) -> None:
    sources: list[dict[str, Any]] = [{"odd": {"in": number % 2}} for number in range(24_000)]
    sources[23_999] = {"odd": "text"}
    report = store.add(documents(*sources))
    assert report.pins == {"log-aws-cloudtrail": {"odd": ("object", "str")}}
    assert (report.created, report.refused) == (24_000, 0)
    assert store.count(EVERYTHING.include("odd", "text")) == 1
    assert "odd.in" not in {info.name for info in store.fields(EVERYTHING)}


# --- answers --------------------------------------------------------------------------------


def test_the_store_that_is_not_there_is_named_with_what_to_do(folder: Path) -> None:
    store = DuckDBStore(folder)
    for ask in (store.indexes, lambda: store.count(EVERYTHING)):
        with pytest.raises(StoreError, match="siemlab load") as found:
            ask()
        assert str(folder) in str(found.value)
        assert "siemlab load" in found.value.message("ja")


def test_an_index_pattern_that_fits_nothing_finds_nothing(store: DuckDBStore) -> None:
    store.add(users("alice"))
    nothing = Query("log-aws-waf-*")
    assert store.count(nothing) == 0
    assert store.top(nothing, "user.name") == []
    assert store.histogram(nothing) == []
    assert (store.newest(nothing).total, len(store.newest(nothing))) == (0, 0)
    assert list(store.scan(nothing)) == []
    assert store.fields(nothing) == []


def test_indexes_tell_their_documents_and_times(store: DuckDBStore) -> None:
    store.add(documents({"@timestamp": "2022-11-03T00:00:00.5Z"}, {"@timestamp": "2022-11-02"}, {}))
    store.add(documents({"a": 1}, index="log-other"))
    first, other = store.indexes()
    assert (first.name, first.documents, other.documents) == (TRAIL, 3, 1)
    assert first.first == datetime(2022, 11, 2, tzinfo=UTC)
    assert first.last == datetime(2022, 11, 3, 0, 0, 0, 500_000, tzinfo=UTC)
    assert (other.first, other.last) == (None, None)


def test_several_indexes_are_answered_as_one(store: DuckDBStore) -> None:
    for month in range(1, 13):
        when = [f"2022-{month:02}-{day:02}T12:00:00Z" for day in (1, 28)]
        index = f"log-aws-cloudtrail-2022-{month:02}"
        sources = [{"@timestamp": time, "m": month % 3, "@message": f"in {time}"} for time in when]
        store.add(documents(*sources, index=index, first=month * 10))
    trail = Query("log-aws-cloudtrail-*")
    assert store.count(trail) == 24
    assert store.count(trail.time("2022-03-15", "2022-05-02")) == 4
    assert store.top(trail, "m") == [Bucket(0, 8), Bucket(1, 8), Bucket(2, 8)]
    assert [bucket.count for bucket in store.histogram(trail, "1M", "Asia/Tokyo")] == [2] * 12
    assert [bucket.count for bucket in store.histogram(trail, "1q", "America/New_York")] == [6] * 4
    assert ids(store, trail)[:3] == ["121", "120", "111"]
    assert [hit.id for hit in store.scan(trail)] == ids(store, trail)
    assert store.count(trail.lucene('@message:"28t12"')) == 12


def test_indexes_that_disagree_about_a_type_show_both(store: DuckDBStore) -> None:
    store.add(documents({"x": "7"}, {"x": "b"}))
    store.add(documents({"x": 7}, {"x": 7}, index="log-aws-cloudtrail-2022-12"))
    assert store.top(EVERYTHING, "x") == [Bucket(7, 2), Bucket("7", 1), Bucket("b", 1)]
    assert FieldInfo("x", ("keyword", "long"), 4) in store.fields(EVERYTHING)


@pytest.mark.parametrize("field", ["@message", "source.geo.location"])
def test_a_text_or_a_place_cannot_be_aggregated(store: DuckDBStore, field: str) -> None:
    store.add(documents({"@message": "a", "source": {"geo": {"location": "1,2"}}}))
    assert store.count(EVERYTHING.exists(field)) == 1
    with pytest.raises(UnknownFieldError, match="cannot be aggregated"):
        store.top(EVERYTHING, field)


def test_times_before_1970_have_their_own_buckets(store: DuckDBStore) -> None:
    times = ["1969-12-31T23:59:59.999Z", "1969-12-31T01:00:00Z", "1970-01-01T00:00:00Z"]
    store.add(documents(*({"@timestamp": time} for time in times)))
    days = store.histogram(EVERYTHING, "1d")
    assert [bucket.count for bucket in days] == [2, 1]
    assert [bucket.count for bucket in store.histogram(EVERYTHING, "12h", "Asia/Tokyo")] == [
        1,
        0,
        2,
    ]


# --- what is remembered ---------------------------------------------------------------------


def at(hour: int, *names: str, first: int = 0) -> list[Document]:
    time = {"@timestamp": f"2022-11-14T{hour:02}:30:00Z"}
    return documents(*({"user": {"name": name}, **time} for name in names), first=first)


def test_what_is_remembered_is_forgotten_once_documents_come(store: DuckDBStore) -> None:
    alices = EVERYTHING.include("user.name", "alice")
    store.add(at(9, "alice", "bob"))
    assert [len(store.histogram(alices)), store.count(alices), len(store.newest(alices))] == [1] * 3
    store.add(at(10, "bob", "alice", "alice"))
    assert ids(store, alices) == ["1", "2"]
    assert store.newest(alices).total == store.count(alices) == 2
    assert [bucket.count for bucket in store.histogram(alices)] == [2]


def test_a_histogram_tells_the_total_only_where_each_document_has_one_time(
    store: DuckDBStore,
) -> None:
    def total_after_histogram() -> int:
        store.histogram(EVERYTHING)
        return store.count(EVERYTHING)

    store.add(at(9, "alice", "bob"))
    assert total_after_histogram() == 2
    store.add(users("nobody", "noone", first=2))  # without a time
    assert total_after_histogram() == 4
    times = ["2022-11-14T09:30:00Z", "2022-11-14T11:30:00Z"]
    store.add(documents({"@timestamp": times}, first=4))
    assert [bucket.count for bucket in store.histogram(EVERYTHING)] == [3, 0, 1]
    assert total_after_histogram() == 5
    store.add(documents({"@timestamp": "2022-11-14"}, index="log-other"))
    assert total_after_histogram() == 6


def test_documents_that_lie_together_are_read_together_and_then_not_again(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(documents(*({"n": number} for number in range(60))))
    assert len(store.newest(EVERYTHING.include("n", 7))) == 1
    (path,) = folder.glob("segments/*/*.source.parquet")
    path.write_bytes(b"")
    assert [hit.source["n"] for hit in store.newest(EVERYTHING.include("n", [3, 58]))] == [3, 58]
    store.close()
    with pytest.raises(StoreError, match="cannot be read"):
        store.newest(EVERYTHING.include("n", 7))


# --- addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize("several", [False, True], ids=["one in a document", "lists of them"])
def test_one_long_address_makes_a_column_of_short_ones_long(
    store: DuckDBStore, *, several: bool
) -> None:
    def sources(*addresses: str) -> list[dict[str, Any]]:
        return [{"source": {"ip": [one, "10.9.9.9"] if several else one}} for one in addresses]

    queries = {
        net: EVERYTHING.include("source.ip", net)
        for net in ("10.0.0.0/30", "::/0", "2001:db8::/32", "::/64", "2001:db8::7")
    }
    others = [EVERYTHING.exclude("source.ip", net) for net in queries]
    v4 = [f"10.0.0.{number}" for number in range(60)]
    store.add(documents(*sources(*v4)))
    assert "::UBIGINT" in store.explain(queries["10.0.0.0/30"])
    assert [store.count(query) for query in queries.values()] == [4, 60, 0, 60, 0]
    assert [store.count(query) for query in others] == [56, 0, 60, 0, 60]
    store.add(documents(*sources("2001:db8::7"), first=60))
    assert "::UHUGEINT" in store.explain(queries["10.0.0.0/30"])
    in_64 = 61 if several else 60
    assert [store.count(query) for query in queries.values()] == [4, 61, 1, in_64, 1]
    assert [store.count(query) for query in others] == [57, 0, 60, 61 - in_64, 60]
    top = [bucket.key for bucket in store.top(EVERYTHING, "source.ip", 100)]
    assert set(top) == {*v4, "2001:db8::7", *(["10.9.9.9"] if several else [])}


def test_explain_shows_the_columns_of_this_store_and_no_value_in_the_statement(
    store: DuckDBStore,
) -> None:
    store.add(users(*("alice", "bob") * 40))
    text = store.explain(EVERYTHING.include("user.name", "x'; DROP TABLE docs; --"))
    statement, _, rest = text.partition("\n--")
    assert "DROP" not in statement
    assert "user.name" in rest
    assert """parameter 1: "x'; DROP TABLE docs; --\"""" in rest


# --- hostile names and values ---------------------------------------------------------------

HOSTILE = [
    "quote ' and \" and `",
    "; DROP TABLE docs; --",
    "a\u0000b",
    "line\nbreak\r\n",
    "\u2028\u202e\ufeff",
    "%_\\",
    "\U0001f600 日本語 ﾊﾝｶｸ",
    "\x01word\x01\x02",
    "$1 ? :name {}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_names_and_values_are_data_and_nothing_else(store: DuckDBStore, text: str) -> None:
    name = f"x{text}".replace(".", "")
    sources = [
        {name: text, "common": text, "list": [text, "b"], "@message": text},
        {"common": "other", "@message": "other"},
        *({"common": "third"} for _ in range(30)),
    ]
    store.add(documents(*sources))
    for field in (name, "common", "list"):
        assert store.count(EVERYTHING.include(field, text)) == 1
        assert store.count(EVERYTHING.exclude(field, text)) == 31
        assert Bucket(text, 1) in store.top(EVERYTHING, field)
    assert name in {info.name for info in store.fields(EVERYTHING)}
    assert store.newest(EVERYTHING.include(name, text)).hits[0].source == {"@id": "0", **sources[0]}
    assert store.count(EVERYTHING.missing(name)) == 31


def test_half_a_surrogate_pair_and_not_a_number_become_what_json_can_hold(
    store: DuckDBStore,
) -> None:
    store.add(documents({"a": "x\ud800", "n": float("nan"), "big": 2**70, "pair": "\ud83d\ude00"}))
    (hit,) = store.newest(EVERYTHING)
    assert hit.source == {"@id": "0", "a": "x\ufffd", "n": None, "big": 2**70, "pair": "\U0001f600"}
    assert store.count(EVERYTHING.include("big", str(2**70))) == 1


def test_a_value_of_a_megabyte_is_kept_and_its_words_are_found(store: DuckDBStore) -> None:
    long = "word " * 200_000 + "needle"
    report = store.add(documents({"@message": long}, {"note": long}))
    assert report.refused == 0
    assert store.count(EVERYTHING.lucene("@message:needle")) == 1
    assert store.newest(EVERYTHING.lucene("@message:needle")).hits[0].source["@message"] == long
    assert sorted(len(str(hit.source)) > 10**6 for hit in store.scan(EVERYTHING)) == [True, True]


def test_an_object_nested_without_end_is_refused_and_the_rest_is_loaded(store: DuckDBStore) -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}
    report = store.add([Document(TRAIL, "deep", deep), *users("alice")])
    assert [name for _, name, _ in report.refusals] == ["deep"]
    assert store.count(EVERYTHING) == 1


# --- properties -----------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.sampled_from(["", "a", "b", "10.0.0.1", "7", "2022-11-03T04:05:06Z", "Two Words"]),
    st.integers(-3, 3),
    st.sampled_from([True, 7.9, 2**63]),
)
FIELDS = ("user.name", "source.ip", "event.severity", "event.created", "k", "@message", "labels.x")
SOURCES = st.dictionaries(
    st.sampled_from(FIELDS), st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=4
)
LOADS = st.lists(
    st.lists(st.tuples(st.integers(0, 6), SOURCES), max_size=8), min_size=1, max_size=4
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(LOADS)
def test_however_documents_come_in_the_answers_are_those_of_the_reference(
    tmp_path_factory: pytest.TempPathFactory, loads: list[list[tuple[int, dict[str, Any]]]]
) -> None:
    store, reference = DuckDBStore(tmp_path_factory.mktemp("store")), PandasStore()
    for load in loads:
        arrived = [Document(TRAIL, str(number), source) for number, source in load]
        reports = [engine.add(arrived) for engine in (store, reference)]
        totals = [(r.documents, r.created + r.updated + r.unchanged + r.refused) for r in reports]
        assert totals[0] == totals[1] == (len(load), len(load))
    assert {hit.id for hit in store.scan(EVERYTHING)} == {
        hit.id for hit in reference.scan(EVERYTHING)
    }
    store.close()


def test_the_engine_answers_a_process_that_has_no_pandas_without_importing_it(
    folder: Path, store: DuckDBStore
) -> None:
    import subprocess

    store.add(users("alice"))
    code = (
        "import sys\n"
        "from siemlab.query.value import Query\n"
        "from siemlab.store import open_store\n"
        f"store = open_store({str(folder)!r})\n"
        "assert store.count(Query('*').include('user.name', 'alice')) == 1\n"
        "assert 'pandas' not in sys.modules and 'numpy' not in sys.modules\n"
        "import duckdb\n"
        "print(duckdb.sql('SELECT 7 AS n').df()['n'].sum())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "7\n"
