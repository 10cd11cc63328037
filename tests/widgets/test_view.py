"""What a view shows is what the store says, however one got there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siemlab.errors import SiemlabError
from siemlab.query import Query
from siemlab.store.base import IndexInfo
from siemlab.store.intervals import bucket_edges
from siemlab.widgets.spans import bars, ends_of, interval_of, patterns_of
from siemlab.widgets.values import cell, shown
from tests.widgets.conftest import START, filled, small
from tests.widgets.drawing import EVENTS
from tests.widgets.test_desk import Page


@pytest.fixture(scope="module")
def crowd():
    return filled(small(400))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_after_any_clicks_the_page_shows_what_the_store_answers(crowd, events):
    page = Page(crowd)
    for event in events:
        page.send(**event.to_dict())
    state = page.desk.state
    page.send("ask", what="view")
    try:
        expected = crowd.newest(state.query, state.size)
    except SiemlabError:
        assert page.view["error"]["message"]
        assert page.view["rows"] == []
        return
    assert page.view["error"] is None
    assert page.view["total"] == expected.total
    assert [row["id"] for row in page.view["rows"]] == [hit.id for hit in expected]
    assert sum(bar["count"] for bar in page.view["histogram"]["bars"]) == expected.total


@pytest.mark.parametrize("tz", ["UTC", "Asia/Tokyo", "America/New_York", "+05:45"])
@pytest.mark.parametrize("span", [("2022-11-14T00:10", "2022-11-14T05:07"), (None, None)])
def test_bars_follow_each_other_and_each_narrows_to_what_it_counts(crowd, tz, span):
    page = Page(crowd, Query("log-*").time(*span), tz=tz)
    drawn = page.view["histogram"]["bars"]
    assert [bar["to"] for bar in drawn[:-1]] == [bar["from"] for bar in drawn[1:]]
    assert 20 <= len(drawn) <= 101
    for bar in drawn[::9]:
        page.send("zoom", **{"from": bar["from"], "to": bar["to"]})
        assert page.view["total"] == bar["count"]
        page.send("undo")


@given(st.integers(1, 250 * 365 * 86_400_000))
def test_any_span_up_to_centuries_has_a_readable_number_of_bars(millis):
    first = round(START.timestamp() * 1000)
    interval = interval_of(START, START + timedelta(milliseconds=millis))
    drawn = len(bucket_edges(first, first + millis, interval)) - 1
    assert drawn <= 102 or interval == "1y"


def index(name, first=None, last=None):
    return IndexInfo(name, 1, first, last)


def test_a_query_looks_from_the_first_to_the_last_document_of_its_indexes():
    early, late = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2023))
    indexes = [index("log-a-2020", early, early), index("log-b-2023", late, late), index("log-c")]
    assert ends_of(Query("log-*"), indexes) == (early, late)
    assert ends_of(Query("log-b-*"), indexes) == (late, late)
    assert ends_of(Query("log-c"), indexes) == (None, None)
    assert ends_of(Query("log-*").time("2021"), indexes)[0] == datetime(2021, 1, 1, tzinfo=UTC)


def test_a_span_without_documents_has_no_bars():
    assert bars([], "1h", "UTC", (START, START + timedelta(days=1))) == []


def test_patterns_to_choose_from_are_one_for_each_kind_of_index():
    names = ["log-aws-elb-2022-10", "log-aws-elb-2022-11", "log-x", "other-2023-01-05"]
    assert patterns_of(names) == ["log-*", "log-aws-elb-*", "log-x", "other-*"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x" * 2001, {"text": "x" * 2000, "length": 2001}),
        ("x" * 2000, "x" * 2000),
        (2**53, "9007199254740992"),
        (-(2**53) + 1, -(2**53) + 1),
        (float("nan"), "nan"),
        (True, True),
        (None, None),
        ({"a": [1]}, '{"a": [1]}'),
        (datetime(2022, 11, 14, 9, tzinfo=UTC), "2022-11-14T09:00:00.000Z"),
        ("half \ud83d", "half \\ud83d"),
    ],
)
def test_a_value_is_plain_json_that_a_page_reads_exactly(value, expected):
    assert shown(value) == expected


def test_a_cell_shows_twenty_values_and_says_how_many_more():
    assert len(cell([*range(25)])) == 21
    assert cell([*range(25)])[-1]["text"] == "… (+5)"
    assert cell([None, "a"]) == ["a"]
