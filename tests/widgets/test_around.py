"""A document by its id, and its neighbors in time, counted out by hand."""

from __future__ import annotations

import pytest

from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.query import Query
from siemlab.widgets.around import around, document
from tests.widgets.conftest import filled, small


def timed(name, time):
    return Document("log-x", name, {"@timestamp": time, "@id": name, "a": "b"})


CROWD = [timed(f"{n:02d}", "2022-11-14T00:00:00.000Z") for n in range(30)]
SPARSE = [
    timed("first", "2019-01-01T00:00:00Z"),
    timed("second", "2021-05-05T05:05:05Z"),
    timed("third", "2023-12-31T23:59:59.999Z"),
    Document("log-x", "timeless", {"a": "b", "@id": "timeless"}),
]


def neighbors(documents, name, size, query=None):
    store = filled(documents)
    anchor = document(store, documents[0].index, name)
    return [hit.id for hit in around(store, query or Query("log-x"), anchor, size)]


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("10", 2, ["08", "09", "10", "11", "12"]),
        ("00", 3, ["00", "01", "02", "03"]),
        ("29", 3, ["26", "27", "28", "29"]),
        ("15", 50, [f"{n:02d}" for n in range(30)]),
    ],
)
def test_in_a_crowd_of_one_moment_the_order_is_that_of_the_page(name, size, expected):
    assert neighbors(CROWD, name, size) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("first", ["second", "first"]),
        ("second", ["third", "second", "first"]),
        ("third", ["third", "second"]),
        ("timeless", ["timeless"]),
    ],
)
def test_neighbors_may_be_years_away(name, expected):
    assert neighbors(SPARSE, name, 1) == expected


def test_neighbors_are_those_of_the_whole_list_wherever_one_looks():
    documents = small(40)
    store = filled(documents)
    whole = [hit.id for hit in store.newest(Query("log-*"), 40)]
    for at, name in enumerate(whole):
        anchor = next(hit for hit in store.scan(Query("log-*")) if hit.id == name)
        found = [hit.id for hit in around(store, Query("log-*"), anchor, 3)]
        assert found == whole[max(0, at - 3) : at + 4]


def test_neighbors_may_be_those_that_the_filters_leave():
    store = filled(small(40))
    query = Query("log-*").include("user.name", "alice").time("2022", "2022-02")
    anchor = next(iter(store.newest(Query("log-*").include("user.name", "alice"), 3)))
    found = around(store, query, anchor, 2)
    assert [hit.source["user"]["name"] for hit in found] == ["alice"] * len(found)
    assert len(found) == 3


def test_a_document_without_a_field_for_its_id_is_found_too():
    store = filled([Document("log-x", "1", {"a": "b"}), Document("log-y", "1", {"a": "c"})])
    assert document(store, "log-y", "1").source == {"a": "c"}


def test_a_document_that_is_not_there_is_an_error():
    with pytest.raises(StoreError, match="there is no document 'nobody'"):
        document(filled(small(3)), "log-aws-elb-2022-11", "nobody")
