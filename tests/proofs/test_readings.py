"""Ways to read a question wrongly, as changes of its query."""

from __future__ import annotations

import pytest

from siemlab.proofs.bench import ReadingStore
from siemlab.proofs.readings import misreadings
from siemlab.query import Query
from siemlab.store.base import Store

TRAIL = Query("log-aws-cloudtrail-*")
DAY = TRAIL.time("2022-11-14", "2022-11-15", tz="Asia/Tokyo")


def read(query: Query, foil: str) -> list[Query]:
    return [each.reading(query) for each in misreadings([query]) if each.foil == foil]


@pytest.mark.parametrize(
    ("query", "foil", "wanted"),
    [
        pytest.param(DAY, "utc", TRAIL.time("2022-11-14", "2022-11-15"), id="utc"),
        pytest.param(
            DAY, "end", TRAIL.time("2022-11-14", "2022-11-16", tz="Asia/Tokyo"), id="last day"
        ),
        pytest.param(
            DAY,
            "month-before",
            TRAIL.time("2022-10-14", "2022-10-15", tz="Asia/Tokyo"),
            id="a month before",
        ),
        pytest.param(
            TRAIL.time("2022-12-31", "2023-01-01", tz="Asia/Tokyo"),
            "month-after",
            TRAIL.time("2023-01-31", "2023-02-01", tz="Asia/Tokyo"),
            id="a month after, over the year's end",
        ),
        pytest.param(
            TRAIL.time("2022-12-31", "2023-01-01", tz="Asia/Tokyo"),
            "month-before",
            TRAIL.time("2022-11-30", "2022-12-01", tz="Asia/Tokyo"),
            id="a month that is shorter",
        ),
        pytest.param(DAY, "all-time", TRAIL, id="all time"),
        pytest.param(
            TRAIL, "only-success", TRAIL.include("event.outcome", "success"), id="success"
        ),
        pytest.param(
            TRAIL.include("event.outcome", "failure"),
            "missed:event.outcome",
            TRAIL,
            id="any outcome",
        ),
        pytest.param(
            TRAIL.exclude("source.ip", "10.0.0.0/8"), "kept:source.ip", TRAIL, id="an exclude kept"
        ),
        pytest.param(
            TRAIL.include("user.name", "bob"), "missed:user.name", TRAIL, id="an include missed"
        ),
        pytest.param(
            TRAIL.include("user.name", "a-b").lucene("x:1"),
            "substring",
            TRAIL.lucene("(x:1) AND user.name:*a\\-b*"),
            id="a part of the word",
        ),
        pytest.param(
            TRAIL.exclude("userIdentity.type", "AWSService").missing("userIdentity.invokedBy"),
            "services",
            TRAIL,
            id="services counted",
        ),
    ],
)
def test_a_reading_changes_the_query(query: Query, foil: str, wanted: Query) -> None:
    assert wanted in read(query, foil)


@pytest.mark.parametrize(
    ("query", "foil"),
    [
        pytest.param(TRAIL.time("2022-11-14", "2022-11-15"), "utc", id="utc is meant"),
        pytest.param(
            TRAIL.time("2022-11-14", "2022-11-14T12:00"), "end", id="no day ends the range"
        ),
        pytest.param(TRAIL, "all-time", id="all time is meant"),
        pytest.param(Query("log-aws-waf-*"), "only-success", id="not of a web firewall"),
        pytest.param(TRAIL.include("error.code", "X"), "only-success", id="errors are meant"),
        pytest.param(TRAIL.include("source.ip", "192.0.2.0/24"), "substring", id="an address"),
    ],
)
def test_a_reading_that_changes_nothing_is_none(query: Query, foil: str) -> None:
    assert read(query, foil) == []


def test_a_store_reads_wrongly_only_while_it_is_told_to(sample_store: Store) -> None:
    store = ReadingStore(sample_store)
    assert isinstance(store, Store)
    whole = store.count(TRAIL)
    store.reading = lambda query: query.include("event.outcome", "failure")
    assert store.count(TRAIL) < whole
    assert len([*store.scan(TRAIL)]) == store.newest(TRAIL).total == store.count(TRAIL)
    assert sum(row.count for row in store.histogram(TRAIL, "1d")) == store.count(TRAIL)
    store.reading = None
    assert store.count(TRAIL) == whole
