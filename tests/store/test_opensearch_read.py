"""Asking a real OpenSearch, in the ways that are exact."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from opensearchpy import OpenSearch

from siemlab.errors import QuerySyntaxError, SiemlabError, StoreError, UnknownFieldError
from siemlab.normalize.document import Document
from siemlab.query.timerange import zone
from siemlab.query.value import Query
from siemlab.store.base import Bucket, FieldInfo, Store
from siemlab.store.opensearch import OpenSearchStore

START = datetime(2023, 11, 4, tzinfo=UTC)
MAPPING: dict[str, Any] = {
    "settings": {"index.mapping.ignore_malformed": True, "index.number_of_replicas": 0},
    "mappings": {
        "dynamic_templates": [
            {"strings": {"match_mapping_type": "string", "mapping": {"type": "keyword"}}}
        ],
        "properties": {
            "@id": {"type": "keyword"},
            "@timestamp": {"type": "date"},
            "@message": {"type": "text"},
            "ip": {"type": "ip"},
            "hidden": {"type": "keyword", "doc_values": False},
            "half": {"type": "half_float"},
            "flat": {"type": "flat_object"},
            "parts": {"type": "nested"},
        },
    },
}


def document(number: int, index: str = "log-a-2023-11", **source: Any) -> Document:
    stamp = (START + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
    return Document(index, f"d{number}", {"@id": f"d{number}", "@timestamp": stamp, **source})


def loaded(url: str, documents: list[Document]) -> OpenSearchStore:
    store = OpenSearchStore(url, template=MAPPING)
    report = store.add(documents)
    assert report.created == len(documents)
    return store


@pytest.fixture
def url(empty_opensearch: str) -> str:
    return empty_opensearch


def keys(buckets: list[Bucket]) -> list[tuple[object, int]]:
    return [(bucket.key, bucket.count) for bucket in buckets]


def test_it_is_a_store(opensearch_url: str) -> None:
    with OpenSearchStore(opensearch_url) as store:
        assert isinstance(store, Store)


def test_an_index_pattern_that_fits_no_index_matches_nothing(url: str) -> None:
    with OpenSearchStore(url) as store:
        for pattern in ("log-never-*", "log-never", "LOG-X", "log-never-*,nothing"):
            query = Query(pattern)
            assert store.count(query) == 0
            assert list(store.scan(query)) == []
            assert store.newest(query, 5_000).total == 0
            assert store.top(query, "user.name") == []
            assert store.histogram(query) == []
            assert store.fields(query) == []
        assert store.indexes() == []


def test_keys_have_the_type_of_their_field(url: str) -> None:
    sources = {
        "text": ("alice", "alice"),
        "whole": (7, 7),
        "fraction": (0.5, 0.5),
        "half": (0.1, 0.0999755859375),
        "yes": (True, True),
        "when": ("2022-11-12T00:00:00.123Z", datetime(2022, 11, 12, 0, 0, 0, 123_000, UTC)),
        "ip": ("2001:db8:0:0::1", "2001:db8::1"),
    }
    document_ = document(1, **{name: value for name, (value, _) in sources.items()})
    with loaded(url, [document_]) as store:
        for name, (_, key) in sources.items():
            ((found, count),) = keys(store.top(Query(), name))
            assert (found, type(found), count) == (key, type(key), 1)


@pytest.mark.parametrize("shard_sizes", [(20, 100), (20, 30), (20,)], ids=str)
def test_the_top_is_exact_where_the_server_alone_is_wrong(
    url: str, monkeypatch: pytest.MonkeyPatch, shard_sizes: tuple[int, ...]
) -> None:
    """Every index has its own favorites; what is rare in each of them is first in all."""
    monkeypatch.setattr("siemlab.store.opensearch_aggregate._SHARD_SIZES", shard_sizes)
    users = [f"own-{index}-{own}" for index in range(4) for own in range(60) for _ in range(2)]
    documents = [
        document(number, f"log-{user.split('-')[1]}-2023-11", user=user)
        for number, user in enumerate([*users, *(f"all-{index}" for index in range(4))])
    ]
    for common in documents[-4:]:
        common.source["user"] = "common"
    expected = Counter(doc.source["user"] for doc in documents)
    order = sorted(expected.items(), key=lambda item: (-item[1], item[0]))

    with loaded(url, documents) as store:
        for size in (1, 3, 10):
            assert keys(store.top(Query(), "user", size)) == order[:size]


def test_a_date_that_a_document_has_twice_counts_once_where_indexes_map_the_field_apart(
    url: str,
) -> None:
    twice = ["2023-02-01", "2023-02-01T00:00:00Z"]
    documents = [
        document(1, "log-1-2023-11", until=twice),
        document(2, "log-2-2023-11", until="soon"),
    ]
    with loaded(url, documents) as store:
        assert sorted(bucket.count for bucket in store.top(Query(), "until", 5)) == [1, 1]


def test_the_top_is_exact_when_every_value_has_to_be_counted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siemlab.store.opensearch_aggregate._SHARD_SIZES", (1,))
    monkeypatch.setattr("siemlab.store.opensearch_aggregate._PAGE", 7)
    chance = random.Random(3)
    documents = [
        document(
            number,
            f"log-{number % 3}-2023-11",
            ip=f"10.0.0.{chance.randrange(40)}",
            yes=chance.random() < 0.5,
            many=[chance.choice("abcdef"), chance.choice("abcdef")],
        )
        for number in range(300)
    ]
    many = Counter(value for doc in documents for value in set(doc.source["many"]))
    ips = Counter(doc.source["ip"] for doc in documents)
    with loaded(url, documents) as store:
        assert (
            keys(store.top(Query(), "many", 4))
            == sorted(many.items(), key=lambda item: (-item[1], item[0]))[:4]
        )
        assert (
            keys(store.top(Query(), "ip", 5))
            == sorted(ips.items(), key=lambda item: (-item[1], int(item[0].rpartition(".")[2])))[:5]
        )
        assert {key for key, _ in keys(store.top(Query(), "yes"))} == {True, False}


def test_indexes_that_map_a_field_differently_are_counted_together(url: str) -> None:
    documents = [
        document(1, "log-a-2023-11", x=7),
        document(2, "log-a-2023-11", x=7),
        document(3, "log-b-2023-11", x="7"),
        document(4, "log-b-2023-11", x="eight"),
    ]
    with loaded(url, documents) as store:
        found = keys(store.top(Query(), "x"))
        assert (found[0], sorted(map(str, found[1:]))) == ((7, 2), ["('7', 1)", "('eight', 1)"])
        assert store.fields(Query().exists("x"))[-1] == FieldInfo("x", ("keyword", "long"), 4)


@pytest.mark.parametrize("field", ["@message", "hidden", "flat", "flat.a"])
def test_a_field_without_single_values_cannot_be_aggregated(url: str, field: str) -> None:
    whole = document(1, **{"@message": "a", "hidden": "b", "flat": {"a": "c"}})
    refusal = pytest.raises(UnknownFieldError, match=f"{field} cannot be aggregated")
    with loaded(url, [whole]) as store, refusal:
        store.top(Query(), field)


def test_a_field_that_no_index_has_has_no_values(url: str) -> None:
    with loaded(url, [document(1, o={"p": 1})]) as store:
        for field in ("never", "o", "never.*"):
            assert store.top(Query(), field) == []


@pytest.mark.parametrize("tz", ["UTC", "Asia/Tokyo", "America/New_York", "+05:30"])
@pytest.mark.parametrize("interval", ["30m", "1h", "12h", "24h", "1d", "1w", "1M", "1q", "1y"])
def test_a_histogram_counts_what_counting_each_document_gives(
    histogram_store: OpenSearchStore, interval: str, tz: str
) -> None:
    """New York sets its clocks back in the middle of these documents."""
    query = Query("log-h-*").exclude("user", "u3").time("2023-11-04T03:00", "2023-11-07", tz=tz)
    moments = [
        datetime.fromisoformat(hit.source["@timestamp"]) for hit in histogram_store.scan(query)
    ]

    buckets = histogram_store.histogram(query, interval)

    starts = [bucket.key for bucket in buckets]
    held = Counter(max(start for start in starts if start <= moment) for moment in moments)
    assert sum(bucket.count for bucket in buckets) == len(moments) > 300
    assert {bucket.key: bucket.count for bucket in buckets if bucket.count} == held
    assert buckets[0].count > 0
    assert buckets[-1].count > 0
    if interval == "1d":
        assert {start.astimezone(zone(tz)).hour for start in starts} == {0}


@pytest.fixture(scope="module")
def histogram_store(opensearch_url: str) -> Iterator[OpenSearchStore]:
    chance = random.Random(1)
    store = OpenSearchStore(opensearch_url, template=MAPPING)
    for part in range(4):  # each a segment of its own: where date_histogram goes wrong
        store.add(
            document(chance.randrange(4_000), "log-h-2023-11", user=f"u{chance.randrange(5)}")
            for _ in range(part * 50, part * 50 + 200)
        )
    yield store
    store.close()


def test_a_histogram_of_a_wrong_interval_or_of_too_many_buckets_is_refused(url: str) -> None:
    with loaded(url, [document(0), document(100_000)]) as store:
        for interval in ("1x", "", "0h", "1.5h", "-1h", "1s"):
            with pytest.raises(QuerySyntaxError):
                store.histogram(Query(), interval)
        with pytest.raises(QuerySyntaxError):
            store.histogram(Query(), "1d", tz="Mars/Olympus")


def test_the_newest_come_first_ties_by_id_and_those_without_a_time_last(url: str) -> None:
    rows: list[tuple[str, dict[str, Any]]] = [
        ("b", {"@timestamp": "2023-01-02"}),
        ("a", {"@timestamp": "2023-01-02"}),
        ("c", {"@timestamp": "2023-01-01"}),
        ("several", {"@timestamp": ["2020-01-01", "2023-01-03"]}),
        ("z-none", {}),
        ("y-bad", {"@timestamp": "no time"}),
    ]
    documents = [
        Document(f"log-{at % 2}-2023-01", name, {"@id": name, **fields})
        for at, (name, fields) in enumerate(rows)
    ]
    ordered = ["several", "a", "b", "c", "y-bad", "z-none"]
    with loaded(url, documents) as store:
        assert [hit.id for hit in store.newest(Query())] == ordered
        assert [hit.id for hit in store.newest(Query(), 2)] == ordered[:2]
        assert [hit.id for hit in store.scan(Query())] == ordered


@pytest.mark.parametrize("shards", [1, 5])
@pytest.mark.parametrize("page", [2, 3, 1_000])
def test_documents_without_an_id_field_are_ordered_by_their_id_across_cuts_and_pages(
    url: str, monkeypatch: pytest.MonkeyPatch, page: int, shards: int
) -> None:
    monkeypatch.setattr("siemlab.store.opensearch._PAGE", page)
    names = [f"d{number:02}" for number in range(20)]
    shuffled = random.Random(5).sample(names, len(names))
    rows = [
        Document(f"log-{at % 3}-2023-01", name, {"@timestamp": "2023-01-02" if at % 7 else None})
        for at, name in enumerate(shuffled)
    ]
    timeless = sorted(one.id for one in rows if one.source["@timestamp"] is None)
    ordered = [name for name in names if name not in timeless] + timeless
    settings = {**MAPPING["settings"], "index.number_of_shards": shards}
    with OpenSearchStore(url, template={**MAPPING, "settings": settings}) as store:
        store.add(rows)
        assert [hit.id for hit in store.scan(Query())] == ordered
        for size in range(len(names) + 2):
            assert [hit.id for hit in store.newest(Query(), size)] == ordered[:size]


def test_more_than_one_page_is_read_in_the_same_order(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siemlab.store.opensearch._PAGE", 5)
    documents = [document(number // 3, f"log-{number % 2}-2023-11") for number in range(0, 60, 3)]
    documents += [Document("log-0-2023-11", f"x{n}", {"@id": f"x{n}"}) for n in range(7)]
    with loaded(url, documents) as store:
        whole = [hit.id for hit in store.scan(Query())]
        assert [hit.id for hit in store.newest(Query(), 23)] == whole[:23]
        assert sorted(whole) == sorted(doc.id for doc in documents)
        assert store.newest(Query(), 6).total == len(documents)
        assert store.newest(Query(), 0) == store.newest(Query(), -1)


def test_a_scan_shows_one_moment_and_lets_go_of_it_when_left(url: str) -> None:
    with loaded(url, [document(number) for number in range(1_500)]) as store:
        scan = store.scan(Query())
        next(scan)
        store.add([document(9_999)])
        assert len(list(scan)) == 1_499
        unfinished = store.scan(Query())
        next(unfinished)
        unfinished.close()
        with OpenSearch(url) as client:
            assert client.nodes.stats(metric="indices")["_nodes"]["failed"] == 0
            open_now = [
                node["indices"]["search"]["point_in_time_current"]
                for node in client.nodes.stats(metric="indices")["nodes"].values()
            ]
        assert open_now == [0]


def test_more_values_than_a_server_takes_clauses_are_asked_at_once(url: str) -> None:
    many = [f"u{number}" for number in range(6_000)]
    sources = [{"user": "u5999", "n": 7, "ip": "10.0.0.7"}, {"user": "nobody", "n": 8, "ip": "::1"}]
    documents = [document(number, **source) for number, source in enumerate(sources)]
    networks = ["10.0.0.0/8", *(f"172.16.{at // 250}.{at % 250}" for at in range(5_000))]
    with loaded(url, documents) as store:
        assert store.count(Query().include("user", many)) == 1
        assert store.count(Query().exclude("user", many)) == 1
        assert store.count(Query().include("n", list(range(7_000_000, 7_005_000)))) == 0
        assert store.count(Query().include("n", ["7", *range(100, 5_100)])) == 1
        assert store.count(Query().include("ip", networks)) == 1
        with pytest.raises(QuerySyntaxError):
            store.count(Query().include("ip", ["no address", *networks]))


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (Query().include("n", "abc"), QuerySyntaxError),
        (Query().include("ip", "AWS Internal"), QuerySyntaxError),
        (Query().between("@timestamp", "soon", None), QuerySyntaxError),
        (Query().lucene("(a"), QuerySyntaxError),
        (Query("_all_of_it"), StoreError),
    ],
    ids=["no number", "no address", "no date", "text", "a pattern that is no name"],
)
def test_what_the_server_cannot_read_is_an_error_and_never_half_an_answer(
    url: str, query: Query, error: type[SiemlabError]
) -> None:
    """Only one of the two indexes has these types: the other one alone would answer."""
    documents = [document(1, n=1), document(2, "log-b-2023-11", n="abc")]
    with loaded(url, documents) as store:
        for ask in (
            store.count,
            store.newest,
            store.histogram,
            lambda query: list(store.scan(query)),
            lambda query: store.top(query, "@id"),
        ):
            with pytest.raises(error):
                ask(query)


def test_fields_are_those_that_the_documents_have(url: str) -> None:
    documents = [
        document(
            1, user={"name": "alice"}, bad={"ip": "x"}, ip="AWS Internal", empty=[], none=None
        ),
        document(2, user={"name": ["a", "b"], "id": ""}, parts=[{"x": 1}]),
    ]
    with loaded(url, documents) as store:
        found = {info.name: info for info in store.fields(Query())}
        assert found["user.name"] == FieldInfo("user.name", ("keyword",), 2)
        assert found["user.id"].documents == 1
        assert sorted(found) == ["@id", "@timestamp", "bad.ip", "user.id", "user.name"]
        assert [i.name for i in store.fields(Query().include("@id", "d1"))] == [
            "@id",
            "@timestamp",
            "bad.ip",
            "user.name",
        ]


def test_fields_of_wide_documents_are_asked_in_parts(url: str) -> None:
    wide = {f"f{number:03}": number for number in range(900)}
    with loaded(url, [document(1, **wide)]) as store:
        assert [info.name for info in store.fields(Query())][2:] == sorted(wide)


def test_indexes_tell_documents_and_the_span_of_time(url: str) -> None:
    documents = [document(1), document(9), document(5, "other-2023", parts=[{"x": 1}, {"x": 2}])]
    with loaded(url, documents) as store, OpenSearch(url) as client:
        client.indices.create(index="log-empty")
        client.indices.create(index=".hidden", body={"settings": {"index.hidden": True}})

        one, empty, other = store.indexes()

    assert (one.name, one.documents) == ("log-a-2023-11", 2)
    assert one.first == START + timedelta(minutes=1)
    assert one.last == START + timedelta(minutes=9)
    assert (empty.name, empty.documents, empty.first) == ("log-empty", 0, None)
    assert (other.name, other.documents) == ("other-2023", 1)


def test_a_peculiar_server_is_described(url: str) -> None:
    wide = {f"f{number:03}": number for number in range(901)}
    with loaded(url, [document(1, flat={"a": 1}, **wide)]) as store:
        notes = " ".join(store.notes)

    assert "90" in notes
    assert "max_clause_count" in notes
    assert "flat_object fields cannot be aggregated: flat" in notes


def test_a_server_of_our_own_has_nothing_peculiar(url: str) -> None:
    with OpenSearchStore(url) as store:
        store.add([document(1, "log-aws-waf-2023-11")])
        assert store.notes == ()


def test_a_client_of_one_s_own_is_taken(url: str) -> None:
    with OpenSearch(url) as client, OpenSearchStore(client, template=MAPPING) as store:
        store.add([document(1)])
        assert store.count(Query()) == 1


def test_a_query_too_wide_for_a_server_says_to_name_the_field(url: str) -> None:
    body = {**MAPPING, "settings": {"index.mapping.total_fields.limit": 9_000}}
    with OpenSearchStore(url, template=body) as store:
        wide = {f"f{number:04}": "x" for number in range(4_200)}
        store.add([document(1, **wide)])
        with pytest.raises(StoreError, match="Name the field"):
            store.count(Query().lucene("benjamin"))
