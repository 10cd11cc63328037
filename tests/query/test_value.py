"""Query, TimeRange and Filter as values."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.errors import QuerySyntaxError
from siemlab.query import Filter, Query, TimeRange
from siemlab.query.timerange import instant, zone

ALL = (
    Query("log-aws-cloudtrail-*")
    .time("2022-11-12", "2022-11-14T09:30", tz="Asia/Tokyo")
    .include("user.name", ["alice", "bob"])
    .exclude("source.ip", "203.0.113.0/24")
    .exists("error.code")
    .missing("threat.matched.names")
    .between("network.bytes", 40, None)
    .not_between("event.risk_score", 0.5, 7.9)
    .include("flag", True)
    .disable(2)
    .lucene('event.action:(Create* OR "Attach")')
)


def test_each_step_returns_a_new_query_and_leaves_the_old_one_as_it_was() -> None:
    base = Query("log-*")
    narrowed = base.include("user.name", "alice")
    for step in (
        narrowed.exclude("user.name", "bob"),
        narrowed.time("2023-01-01"),
        narrowed.lucene("x"),
        narrowed.disable(0),
        narrowed.without(0),
    ):
        assert step != narrowed
    assert base == Query("log-*")
    assert narrowed.filters == (Filter("user.name", "is", ("alice",)),)


def test_queries_are_equal_by_value_and_can_be_keys() -> None:
    again = Query.from_json(ALL.to_json())
    assert again == ALL
    assert {ALL: 1}[again] == 1
    assert ALL.invert(0) != ALL


def test_a_query_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        ALL.text = "x"  # type: ignore[misc]


def test_one_true_and_1_0_are_three_values() -> None:
    queries = {Query().include("f", value) for value in (1, True, 1.0, "1")}
    assert len(queries) == 4
    assert Query().include("f", [1, True, 1]).filters[0].values == (1, True)


def test_a_query_shows_itself_as_code_that_makes_it() -> None:
    assert eval(repr(ALL)) == ALL
    assert (
        repr(Query().include("f", [1]).lucene("x"))
        == "Query('log-*').include('f', [1]).lucene('x')"
    )
    assert repr(ALL).startswith(
        "Query('log-aws-cloudtrail-*').time('2022-11-12', '2022-11-14T09:30', tz='Asia/Tokyo')"
    )


def test_pills_read_as_in_discover() -> None:
    assert ALL.pills() == [
        "user.name: is one of alice, bob",
        "NOT source.ip: 203.0.113.0/24",
        "(error.code: exists) disabled",
        "NOT threat.matched.names: exists",
        "network.bytes: 40 to ∞",
        "NOT event.risk_score: 0.5 to 7.9",
        "flag: true",
    ]


def test_a_filter_can_be_switched_off_and_on_inverted_and_removed() -> None:
    query = Query().include("a", 1).include("b", 2)
    assert query.disable(0).active == query.filters[1:]
    assert query.disable(-1).enable(1) == query
    assert query.invert(1).filters[1].negate
    assert query.without(0).filters == query.filters[1:]
    for position in (2, -3):
        with pytest.raises(QuerySyntaxError, match="there is no filter"):
            query.disable(position)


@pytest.mark.parametrize(
    ("value", "op", "values"),
    [
        ("alice", "is", ("alice",)),
        (["b", "a", "b"], "is one of", ("b", "a")),
        (("a",), "is one of", ("a",)),
        ({"b", "a"}, "is one of", ("a", "b")),
        (frozenset({2, 1}), "is one of", (1, 2)),
        ((name for name in "ab"), "is one of", ("a", "b")),
        (ipaddress.ip_address("::1"), "is", ("::1",)),
        (ipaddress.ip_network("10.0.0.0/8"), "is", ("10.0.0.0/8",)),
        ([ipaddress.ip_network("10.0.0.0/8"), "::1"], "is one of", ("10.0.0.0/8", "::1")),
        (date(2023, 2, 1), "is", ("2023-02-01",)),
        (datetime(2023, 2, 1, tzinfo=UTC), "is", ("2023-02-01T00:00:00+00:00",)),
        (np.int64(7), "is", (7,)),
        (np.float64(7.5), "is", (7.5,)),
        (np.bool_(True), "is", (True,)),
        (np.array(7), "is", (7,)),
        (np.array([7, 8]), "is one of", (7, 8)),
        (pd.Series(["a", "b"]), "is one of", ("a", "b")),
        (pd.Timestamp("2023-02-01T00:00Z"), "is", ("2023-02-01T00:00:00+00:00",)),
        ("", "is", ("",)),
        (10**30, "is", (10**30,)),
    ],
)
def test_a_collection_is_one_of_and_all_else_is(value: Any, op: str, values: Any) -> None:
    (pill,) = Query().include("f", value).filters
    assert (pill.op, pill.values, pill.negate) == (op, values, False)
    assert [type(one) for one in pill.values] == [type(one) for one in values]


def test_a_single_value_excluded_is_the_included_one_negated() -> None:
    assert Query().exclude("f", ["a"]) == Query().include("f", ["a"]).invert(0)


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), float("inf"), np.nan, pd.NaT, pd.NA, b"x", {"a": 1}, object(), [None],
     ["a", ["b"]], [float("nan")], [], (), set(), pd.Series([], dtype="object"), "\ud800",
     np.array([[1]])],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_a_hint(value: Any) -> None:
    for verb in (Query().include, Query().exclude):
        with pytest.raises(QuerySyntaxError) as caught:
            verb("user.name", value)
        assert "user.name" in caught.value.message("en")
        assert "user.name" in caught.value.message("ja")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Filter("f", "is", ()),
        lambda: Filter("f", "is", ("a", "b")),
        lambda: Filter("f", "is one of", ()),
        lambda: Filter("f", "is between", (1,)),
        lambda: Filter("f", "exists", ("x",)),
        lambda: Filter("f", "was", ("x",)),  # type: ignore[arg-type]
        lambda: Filter("f", "is", (None,)),
        lambda: Filter("", "exists"),
        lambda: Query("log aws"),
        lambda: Query(""),
        lambda: Query("log/aws"),
        lambda: Query().lucene(None),  # type: ignore[arg-type]
        lambda: Query().lucene("\udfff"),
        lambda: TimeRange(datetime(2023, 1, 1), None),
        lambda: TimeRange(None, None, "Asia/Edo"),
    ],
)
def test_a_part_that_cannot_be_is_refused_when_it_is_made(make: Any) -> None:
    with pytest.raises(QuerySyntaxError):
        make()


@pytest.mark.parametrize(
    ("moment", "tz", "utc"),
    [
        ("2023-02-01", "Asia/Tokyo", "2023-01-31T15:00:00"),
        ("2023-02", "UTC", "2023-02-01T00:00:00"),
        ("2023", "+09:00", "2022-12-31T15:00:00"),
        ("2023-02-14T12:00", "UTC", "2023-02-14T12:00:00"),
        (" 2023-02-14 12:00:30.25 ", "UTC", "2023-02-14T12:00:30.250000"),
        ("2023-02-14T12:00:00Z", "Asia/Tokyo", "2023-02-14T12:00:00"),
        ("2023-02-14T12:00:00+09:00", "UTC", "2023-02-14T03:00:00"),
        (date(2023, 2, 1), "Asia/Tokyo", "2023-01-31T15:00:00"),
        (datetime(2023, 2, 1, 9), "Asia/Tokyo", "2023-02-01T00:00:00"),
        (
            datetime(2023, 2, 1, 9, tzinfo=timezone(timedelta(hours=1))),
            "UTC",
            "2023-02-01T08:00:00",
        ),
        (pd.Timestamp("2023-02-01 09:00"), "Asia/Tokyo", "2023-02-01T00:00:00"),
        (pd.Timestamp("2023-02-01 09:00", tz="UTC"), "Asia/Tokyo", "2023-02-01T09:00:00"),
        ("2023-03-12T02:30", "America/New_York", "2023-03-12T07:30:00"),
        ("2023-11-05T01:30", "America/New_York", "2023-11-05T05:30:00"),
        ("2023-07-01", "Europe/Berlin", "2023-06-30T22:00:00"),
        ("2023-01-01", "Europe/Berlin", "2022-12-31T23:00:00"),
        ("1900-01-01", "UTC", "1900-01-01T00:00:00"),
        ("2023-02-14T12:00:00.0001Z", "UTC", "2023-02-14T12:00:00.001000"),
    ],
)
def test_a_moment_without_a_zone_is_local_to_the_zone_asked_for(
    moment: Any, tz: str, utc: str
) -> None:
    assert instant(moment, tz) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert Query().time(moment, tz=tz).time_range.start == instant(moment, tz)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "moment",
    ["yesterday", "2023-02-30", "2023-13", "", "12:00", "20230214T", 5, 1.5, object(), pd.NaT,
     "0001-01-01T00:00+09:00", "9999-12-31T23:00-09:00"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(moment: Any) -> None:
    with pytest.raises(QuerySyntaxError, match="is no time"):
        Query().time(moment)


@pytest.mark.parametrize(
    "name",
    ["Asia/Edo", "JST-9", "", "../etc/passwd", "/etc/passwd", "Asia", "posix/Asia/Tokyo",
     "localtime", "+19:00", "+9", "+09:60", "tzdata.zi", "asia tokyo"],
)  # fmt: skip
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(QuerySyntaxError, match="there is no time zone"):
        Query().time("2023-01-01", tz=name)


@pytest.mark.parametrize("pattern", ["", ",", ",log-a", "log-a,,log-b", "log a", "log-#"])
def test_what_no_server_takes_as_index_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(QuerySyntaxError, match="is no index pattern"):
        Query(pattern)


def test_the_end_of_a_time_range_is_excluded_and_a_bare_date_is_its_start() -> None:
    span = Query().time("2022-11-12", "2022-11-14", tz="Asia/Tokyo").time_range
    assert span is not None
    assert span.end == datetime(2022, 11, 13, 15, tzinfo=UTC)
    assert str(span) == "2022-11-12 00:00 to 2022-11-14 00:00 (Asia/Tokyo)"


def test_no_time_range_is_all_time_however_it_is_said() -> None:
    assert Query().time() == Query() == Query("log-*", TimeRange(None, None))
    assert Query().time(tz="Asia/Tokyo") != Query()
    assert Query().time(tz="Asia/Tokyo").tz == "Asia/Tokyo"
    assert Query().tz == "UTC"


def test_a_time_that_comes_twice_is_shown_so_that_it_can_be_read_back() -> None:
    twice = datetime(2023, 11, 5, 6, 30, tzinfo=UTC)  # 01:30 for the second time
    query = Query().time(twice, tz="America/New_York")
    assert eval(repr(query)) == query
    assert "-05:00" in repr(query)


_names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
_scalars = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
_ends = st.one_of(st.none(), _scalars)
_flags = {"negate": st.booleans(), "enabled": st.booleans()}
_filters = st.one_of(
    st.builds(Filter, _names, st.just("is"), st.tuples(_scalars), **_flags),
    st.builds(
        Filter, _names, st.just("is one of"),
        st.lists(
            _scalars, min_size=1, max_size=4, unique_by=lambda one: (type(one), one)
        ).map(tuple),
        **_flags,
    ),
    st.builds(Filter, _names, st.just("is between"), st.tuples(_ends, _ends), **_flags),
    st.builds(Filter, _names, st.just("exists"), **_flags),
)  # fmt: skip
_moments = st.none() | st.datetimes(
    datetime(1900, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)
)
_zones = st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "-03:30"])
queries = st.builds(
    Query,
    st.sampled_from(["log-*", "log-aws-waf-2023-02", "log-aws-*,log-gcp-*"]),
    st.none() | st.builds(TimeRange, _moments, _moments, _zones),
    st.lists(_filters, max_size=4).map(tuple),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)


@given(queries)
@settings(max_examples=300, deadline=None)
def test_json_and_code_give_the_same_query_back(query: Query) -> None:
    assert Query.from_json(query.to_json()) == query
    assert hash(Query.from_json(query.to_json())) == hash(query)
    assert eval(repr(query)) == query
    assert len(query.pills()) == len(query.filters)


_GOOD = json.loads(ALL.to_json())


@pytest.mark.parametrize(
    "bad",
    [
        "", "{", "[]", "null", "7", "NaN", "[" * 100_000,
        json.dumps({**_GOOD, "more": 1}),
        json.dumps({key: value for key, value in _GOOD.items() if key != "text"}),
        json.dumps({**_GOOD, "text": None}),
        json.dumps({**_GOOD, "pattern": ""}),
        json.dumps({**_GOOD, "time": {"start": "x", "end": None, "tz": "UTC"}}),
        json.dumps({**_GOOD, "time": {"start": None, "end": None, "tz": "Asia/Edo"}}),
        json.dumps({**_GOOD, "time": {"start": None}}),
        json.dumps({**_GOOD, "filters": {}}),
        json.dumps({**_GOOD, "filters": [7]}),
        json.dumps({**_GOOD, "filters": [{**_GOOD["filters"][0], "op": "was"}]}),
        json.dumps({**_GOOD, "filters": [{**_GOOD["filters"][0], "values": []}]}),
        json.dumps({**_GOOD, "filters": [{**_GOOD["filters"][0], "values": [[1]]}]}),
        json.dumps({**_GOOD, "filters": [{**_GOOD["filters"][0], "negate": 1}]}),
        json.dumps({**_GOOD, "filters": [{**_GOOD["filters"][0], "values": [float("inf")]}]}),
        b"\xff", 7, None,
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_query_is_refused(bad: Any) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        Query.from_json(bad)
    assert caught.value.message("ja") != caught.value.message("en")


@pytest.mark.parametrize("name", ["UTC", "Z", "Asia/Tokyo", "+09:00", "-05:30", "Etc/GMT+5"])
def test_zones_are_names_or_offsets(name: str) -> None:
    assert zone(name).utcoffset(datetime(2023, 1, 1)) is not None


@pytest.mark.parametrize("pattern", ["log-aws-cloudtrail-*", "log-aws-*", "log-*", "*", "other"])
def test_a_query_explains_itself_in_four_languages(pattern: str) -> None:
    explanation = replace(ALL, pattern=pattern).explain()
    assert '"query_string"' in explanation.dsl
    assert json.loads(explanation.dsl)
    assert "SELECT" in explanation.sql.upper()
    assert "user.name" in explanation.pandas
    shown = str(explanation)
    places = [
        shown.index(heading)
        for heading in ("Lucene query_string", "OpenSearch DSL", "SQL (DuckDB)", "pandas")
    ]
    assert places == sorted(places)


def test_a_query_that_cannot_be_read_cannot_be_explained() -> None:
    with pytest.raises(QuerySyntaxError):
        Query().lucene("f:(a").explain()
