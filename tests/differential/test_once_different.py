"""Questions that engines once answered differently: the real server is the judge of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from siemlab.normalize.document import Document
from siemlab.query import Query
from siemlab.store import open_store
from siemlab.store.base import Store
from tests.differential.engines import Question, answers, difference, fill

_TYPES = {
    "@id": "keyword",
    "@timestamp": "date",
    "when": "date",
    "k": "keyword",
    "m": "text",
    "f": "float",
    "d": "double",
    "i": "integer",
    "_tag": "keyword",
    "place": "geo_point",
}
_TEMPLATE = {
    "settings": {"index": {"number_of_shards": 1, "mapping": {"ignore_malformed": True}}},
    "mappings": {"properties": {name: {"type": kind} for name, kind in _TYPES.items()}},
}
_FAR = 1_676_376_000_000_000  # microseconds, where milliseconds are due
_SOURCES = [
    {"@timestamp": ["2023-02-01", "2023-02-02"], "k": "データの一覧", "f": -0.0, "d": -0.0},
    {"@timestamp": ["2023-02-01", "2023-03-12T12:00Z"], "k": "ÿx", "f": 0.0, "d": 0.0, "i": 0},
    {"@timestamp": "2023-02-01", "k": 1e-7, "f": -1.5, "d": 1e308, "i": -7, "m": ""},
    {"@timestamp": None, "k": "y", "_tag": "hidden", "m": "...", "when": "+12345-01-01"},
    {"k": "hidden", "m": "hidden words", "when": _FAR, "place": "35.68,139.77"},
    {"k": "x\x7fy", "m": "データの一覧", "when": "-0005-01-01", "i": 7},
]
_EVERY = Query("once-*")


@pytest.fixture(scope="module")
def stores(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    folder = tmp_path_factory.mktemp("once")
    opened = [
        open_store(template=_TEMPLATE),
        open_store(folder, engine="duckdb", template=_TEMPLATE),
        open_store(opensearch_url, engine="opensearch", template=_TEMPLATE),
    ]
    names = ["once-a", "once-b"]
    documents = [
        Document(names[at % 2], f"d{at}", {"@id": f"d{at}", **source})
        for at, source in enumerate([*_SOURCES, *_SOURCES])
    ]
    documents.append(Document("once-far", "far", {"@id": "far", "@timestamp": _FAR}))
    assert [fill(store, documents) for store in opened] == [[]] * 3
    yield opened
    for store in opened:
        store.close()


@pytest.mark.parametrize(
    "text",
    [
        *("k:データ*覧", "k:タ?", "k:ÿ?", "k:x\x7f*y", "k:/データ.*/", "m:データ*覧"),
        *("m:**", "m:***", "NOT m:**", "m:?*"),
        *("hidden", '"hidden"', "*:hidden", "_tag:hidden", r"_t\*:hidden", "_exists_:_tag"),
        *(r"_exists_:_t\*", "_exists_:_tag*", "_tag:*", r"\*tag:hidden", r"NOT _t\*:*"),
        *(r"_exists_:\*d", r"_exists_:_s\*", r"_exists_:_n\*", r"_exists_:\*x", r"_exists_:\*t\*"),
        *("f:0", r"f:\-0", "f:<0", "f:>=0", r"f:[* TO \-0]", "f:{-0.0 TO *}", "d:0.0", 'd:"-0.0"'),
        *("d:<1e309", "d:>-1e309", "d:[-Infinity TO Infinity]", "d:1e309", "f:<1e39"),
        *("i:>=NaN", "i:<=NaN", "i:>NaN", "i:NaN", "i:>-0.5", "i:<0.5"),
        *(r"k:1e\-7", "k:1e*", r"k:1e\-07"),
    ],
)
def test_a_text(stores: list[Store], text: str) -> None:
    _agree(stores, Question(_EVERY.lucene(text), "f", 10, "1M", "Asia/Tokyo", 3))


@pytest.mark.parametrize(
    "query",
    [
        _EVERY.include("f", 0.0),
        _EVERY.include("f", -0.0),
        _EVERY.between("d", -0.0, "1e309"),
        _EVERY.between("i", "NaN", 5),
        _EVERY.exclude("k", 1e-7),
    ],
    ids=repr,
)
def test_a_filter(stores: list[Store], query: Query) -> None:
    _agree(stores, Question(query, "k", 10, "1y", "UTC", 3))


@pytest.mark.parametrize(
    "pattern",
    [
        *("once-a,-once-a", "-once-a,once-*", "once-*,-once-a", "once-a,-once-*,once-b", "-once-a"),
        *("once-*,-*a,once-a", "once-a,", "once-*,,"),
    ],
)
def test_an_index_pattern(stores: list[Store], pattern: str) -> None:
    _agree(stores, Question(Query(pattern), "k", 10, "1y", "UTC", 3))


@pytest.mark.parametrize("tz", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("interval", ["1h", "1d", "1w", "1M", "1q", "1y", "999999999d"])
@pytest.mark.parametrize("pattern", ["once-a,once-b", "once-far"])
def test_times_that_are_several_or_far_away(
    stores: list[Store], pattern: str, interval: str, tz: str
) -> None:
    _agree(stores, Question(Query(pattern), "@timestamp", 10, interval, tz, 3))


@pytest.mark.parametrize("field", ["when", "place", "f", "d", "_tag"])
@pytest.mark.parametrize("size", [0, 1, 10])
def test_the_most_frequent_values(stores: list[Store], field: str, size: int) -> None:
    _agree(stores, Question(_EVERY, field, size, "1y", "UTC", 0))


def test_the_span_of_an_index(stores: list[Store]) -> None:
    pandas, duckdb, server = (
        [info for info in store.indexes() if info.name.startswith("once-")] for store in stores
    )
    assert pandas == duckdb == server


def test_a_value_of_another_type_makes_another_document(stores: list[Store]) -> None:
    reports = [
        [store.add([Document("once-again", "d", {"n": value})]) for value in (1, True, 1.0, 1.0)]
        for store in stores
    ]
    counts = [[(r.created, r.updated, r.unchanged) for r in each] for each in reports]
    assert counts == [[(1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 1)]] * 3


def _agree(stores: list[Store], question: Question) -> None:
    names = ("pandas", "duckdb", "opensearch")
    found = {name: answers(store, question) for name, store in zip(names, stores, strict=True)}
    assert not difference(question, found)
