"""A query bound to an index: what is an error, what matches nothing, and what time zones move."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.errors import QueryNotSupportedError, QuerySyntaxError
from siemlab.query.filters import Filter, plain_text
from siemlab.query.syntax import Wildcard
from siemlab.query.value import Query
from siemlab.store import plan as p
from siemlab.store.analysis import _WORD, words
from siemlab.store.bind import bind
from siemlab.store.catalog import chosen
from siemlab.store.dates import DEFAULT_FORMATS, local_of, resolve, to_utc
from siemlab.store.lucene_regexp import translate
from siemlab.store.mapping import Mapping

TYPES = {
    "@timestamp": "date",
    "k": "keyword",
    "m": "text",
    "n": "long",
    "s": "short",
    "h": "half_float",
    "f": "float",
    "b": "boolean",
    "ip": "ip",
    "g": "geo_point",
    "o.a": "keyword",
    "o.b": "long",
    "epoch": "date",
}
MAPPING = Mapping(
    {"mappings": {"properties": {name: {"type": kind} for name, kind in TYPES.items()}}}
)
NOW = int(datetime(2023, 5, 17, 12, 34, 56, tzinfo=UTC).timestamp() * 1000)


def text(query: str, tz: str = "UTC") -> p.Plan:
    """Bind a query text."""
    return bind(Query().time(tz=tz).lucene(query), MAPPING, now=NOW)


def pill(field: str, op: Any, *values: Any) -> p.Plan:
    """Bind one filter."""
    return bind(Query(filters=(Filter(field, op, values),)), MAPPING, now=NOW)


def instant(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        ("n:7", p.OneOf("n", (7,))),
        ("n:7.9", p.Nothing()),
        ("n:abc", p.Nothing()),
        ("s:70000", p.Nothing()),
        ("n:{6.5 TO 7.5}", p.OneOf("n", (7,))),
        ("n:>=-0.5", p.Between("n", 0, None)),
        ("n:<99999999999999999999", p.Nothing()),
        ("h:>=0.1", p.Between("h", 0.10000000149011612, None)),
        ("h:<65520", p.Nothing()),
        ("f:0.1", p.OneOf("f", (0.10000000149011612,))),
        ("b:TRUE", p.Nothing()),
        ("b:[false TO *]", p.OneOf("b", (False, True))),
        ("k:[a TO b}", p.Between("k", "a", "b", include_high=False)),
        ("k:a*", p.Like("k", ("a", Wildcard.ANY))),
        ("n:7*", p.Nothing()),
        ("n:*", p.Exists("n")),
        ("m:aws-cli", p.WordIn("m", ("aws", "cli"))),
        ('m:"aws-cli"', p.Phrase("m", ("aws", "cli"))),
        ("m:*CLI", p.WordLike("m", (Wildcard.ANY, "cli"))),
        ("m:CLI*", p.WordLike("m", ("cli", Wildcard.ANY))),
        ("m:[A TO B]", p.WordBetween("m", "a", "b")),
        ("m:[* TO *]", p.WordBetween("m", None, None)),
        ('m:"..."', p.Nothing()),
        ("k:x AND m:...", p.OneOf("k", ("x",))),
        ("NOT m:...", p.Nothing()),
        ("NOT nosuch:x", p.Not(p.Nothing())),
        ("_exists_:o", p.Any((p.Exists("o.a"), p.Exists("o.b")))),
        ("_exists_:o.\\*", p.Any((p.Exists("o.a"), p.Exists("o.b")))),
        ("o.\\*:7", p.Any((p.OneOf("o.a", ("7",)), p.OneOf("o.b", (7,))))),
        ("o:7", p.Nothing()),
        ("g:1", p.Nothing()),
        ("ip:10.1.*", p.Nothing()),
        ('ip:"::ffff:10.0.0.0/104"', p.Nothing()),
        ("k:/a.|b/", p.Matches("k", translate("a.|b"))),
        ("m:/Ro.*/", p.Matches("m", translate("ro.*"))),
    ],
)
def test_a_text_is_lenient(query: str, plan: p.Plan) -> None:
    assert text(query) == plan


def test_an_and_next_to_a_dropped_clause_still_binds_its_other_neighbor() -> None:
    assert text('k:a OR m:"..." AND k:b') == text("k:a AND k:b")


def test_free_text_asks_every_field_by_its_type() -> None:
    plan = text("7")
    assert isinstance(plan, p.Any)
    assert {part.field for part in plan.parts} == {"k", "m", "n", "s", "h", "f", "o.a", "o.b"} | {
        "@timestamp",
        "epoch",
    }
    assert p.WordIn("m", ("7",)) in plan.parts
    assert p.OneOf("n", (7,)) in plan.parts


@pytest.mark.parametrize(
    ("field", "op", "values"),
    [
        ("n", "is", ("abc",)),
        ("n", "is", ("",)),
        ("n", "is", (True,)),
        ("n", "is", (2**63,)),
        ("n", "is between", (7, "")),
        ("f", "is", (1e39,)),
        ("b", "is", ("TRUE",)),
        ("b", "is", (1,)),
        ("ip", "is", ("AWS Internal",)),
        ("ip", "is", ("10.0.0.0/33",)),
        ("ip", "is", ("::ffff:10.0.0.5/128",)),
        ("ip", "is between", (10, None)),
        ("ip", "is one of", ("10.0.0.1", "x")),
        ("@timestamp", "is", ("yesterday",)),
        ("@timestamp", "is between", (1.6e12, None)),
        ("g", "is", ("1,2",)),
        ("g", "is between", ("1", None)),
    ],
)
def test_a_filter_that_its_field_cannot_hold_is_an_error(
    field: str, op: Any, values: tuple[Any, ...]
) -> None:
    with pytest.raises(QuerySyntaxError, match=field) as error:
        pill(field, op, *values)
    assert error.value.message("ja") != error.value.message("en")


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (pill("k", "is", 10), p.OneOf("k", ("10",))),
        (pill("k", "is", True), p.OneOf("k", ("true",))),
        (pill("k", "is", 1e30), p.OneOf("k", ("1.0E30",))),
        (pill("k", "is one of", "a", "b", "a"), p.OneOf("k", ("a", "b"))),
        (pill("s", "is", " 7 "), p.OneOf("s", (7,))),
        (pill("nosuch", "is", "x"), p.Nothing()),
        (pill("o.*", "is", "x"), p.Nothing()),
        (pill("o.*", "exists"), p.Any((p.Exists("o.a"), p.Exists("o.b")))),
        (pill("n", "is between", None, None), p.Exists("n")),
        (pill("m", "is between", "B", None), p.WordBetween("m", "B", None, include_high=False)),
        (pill("m", "is", "..."), p.Nothing()),
        (pill("n", "is between", 9, 7), p.Nothing()),
    ],
)
def test_a_filter_takes_what_the_server_takes(plan: p.Plan, expected: p.Plan) -> None:
    assert plan == expected


@pytest.mark.parametrize("query", ["_id:x", "_index:log-*", "k:/a&b/", "k:/<1-9>/", "k:/[b-a]/"])
def test_what_siemlab_does_not_answer_is_refused(query: str) -> None:
    with pytest.raises(QueryNotSupportedError):
        text(query)


def test_asking_for_the_existence_of_everything_is_an_error_as_on_the_server() -> None:
    with pytest.raises(QuerySyntaxError):
        text("_exists_:\\*")


@pytest.mark.parametrize(
    ("query", "tz", "low", "high"),
    [
        ("2023-02-01", "UTC", "2023-02-01T00:00Z", "2023-02-02T00:00Z"),
        ("2023-02-01", "Asia/Tokyo", "2023-01-31T15:00Z", "2023-02-01T15:00Z"),
        ('"2023-02-01"', "Asia/Tokyo", "2023-02-01T00:00Z", "2023-02-02T00:00Z"),
        ("2023-02", "UTC", "2023-02-01T00:00Z", "2023-02-02T00:00Z"),
        ("2023-02-01T12", "UTC", "2023-02-01T12:00Z", "2023-02-01T13:00Z"),
        ('["2023-02-01" TO "2023-02-01"]', "+09:00", "2023-01-31T15:00Z", "2023-02-01T15:00Z"),
        ("[2023-02-01||/M TO 2023-02-01||/M]", "UTC", "2023-02-01T00:00Z", "2023-03-01T00:00Z"),
        ("[now-1d/d TO now/d}", "Asia/Tokyo", "2023-05-15T15:00Z", "2023-05-16T15:00Z"),
        ("[now-1M TO now+1h}", "UTC", "2023-04-17T12:34:56Z", "2023-05-17T13:34:56Z"),
        ("[2024-01-31||+1M TO 2024-03-01||/w}", "UTC", "2024-02-29T00:00Z", "2024-02-26T00:00Z"),
        ("[36000 TO 37000}", "Asia/Tokyo", "1969-12-31T15:00:36Z", "1969-12-31T15:00:37Z"),
        ("2023-03-12", "America/New_York", "2023-03-12T05:00Z", "2023-03-13T04:00Z"),
    ],
)
def test_dates_are_rounded_and_moved_as_on_the_server(
    query: str, tz: str, low: str, high: str
) -> None:
    start, end = instant(low), instant(high) - 1
    expected = p.Between("@timestamp", start, end) if start < end else p.Nothing()
    assert text(f"@timestamp:{query}", tz) == expected


@pytest.mark.parametrize(
    ("query", "low", "high"),
    [
        (">2023-02-14", "2023-02-15T00:00Z", None),
        (">=2023-02-14", "2023-02-14T00:00Z", None),
        ("<2023-02-14", None, "2023-02-14T00:00Z"),
        ("<=2023-02-14", None, "2023-02-15T00:00Z"),
        (">2023-02-14T12\\:00\\:00Z", "2023-02-14T12:00:01Z", None),
        (">2023-02-14||\\/d", "2023-02-15T00:00Z", None),
    ],
)
def test_a_comparison_passes_whole_days_and_seconds(
    query: str, low: str | None, high: str | None
) -> None:
    ends = (low and instant(low), high and instant(high) - 1)
    assert text(f"@timestamp:{query}") == p.Between("@timestamp", *ends)


@pytest.mark.parametrize(
    "date", ["", "now+", "now-1", "now-1x", "now/2d", "nowhere", "||/d", "2023-02-14|/d"]
)
def test_broken_date_math_is_no_date(date: str) -> None:
    assert text(f'@timestamp:"{date}"') == p.Nothing()
    with pytest.raises(QuerySyntaxError):
        pill("@timestamp", "is", date)


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28)),
    st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe"]),
)
def test_an_instant_shown_on_a_clock_and_read_back_is_the_same_but_for_the_hour_that_comes_twice(
    moment: datetime, name: str
) -> None:
    utc = (
        (moment - datetime(1970, 1, 1)) // (datetime(1970, 1, 2) - datetime(1970, 1, 1)) * 86400000
    )
    zone = ZoneInfo(name)
    assert abs(to_utc(local_of(utc, zone), zone) - utc) <= 3_600_000


def test_zones_reach_beyond_the_years_that_python_knows() -> None:
    zone = ZoneInfo("Europe/London")
    far = resolve("+12023-07-01", DEFAULT_FORMATS, now=0)
    assert to_utc(far, zone) == far - 3_600_000


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_the_short_rules_for_ascii_cut_as_the_whole_rules_do(sample: str) -> None:
    assert list(words(sample)) == [word.lower() for word in _WORD.findall(sample)]


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("x" * 256, ("x" * 255, "x")),
        ("a, " + "x" * 256 + " _ b_ __", ("a", "x" * 255, "x", "b_")),
        ("👩‍👩‍👧 🇯🇵🇺🇸 1️⃣ # ©", ("👩‍👩‍👧", "🇯🇵", "🇺🇸", "1️⃣", "©")),
        ("สวัสดีครับ abc", ("สวัสดีครับ", "abc")),
        ('צה"ל a"b', ('צה"ל', "a", "b")),
        ("ＡＢ １２", ("ａｂ", "１２")),
        ("ΣΑΣ İ", ("σασ", "i")),
        ("ABC漢字かなカナ한국", ("abc", "漢", "字", "か", "な", "カナ", "한국")),
    ],
    ids=lambda value: str(value)[:12],
)
def test_words_beyond_the_golden_ones_are_those_of_the_server(
    sample: str, expected: tuple[str, ...]
) -> None:
    assert words(sample) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("log-*", ["log-a", "log-b", "log-b-spill"]),
        ("log-a,other", ["log-a", "other"]),
        ("log-*,-log-b*", ["log-a"]),
        ("*", ["log-a", "log-b", "log-b-spill", "other"]),
        ("LOG-*", []),
        ("log", []),
        ("log-a,-log-a", ["log-a"]),
        ("-log-a,log-*", ["log-a", "log-b", "log-b-spill"]),
    ],
)
def test_an_index_pattern_chooses_indexes(pattern: str, expected: list[str]) -> None:
    assert chosen(pattern, ["other", "log-b", "log-a", "log-b-spill"]) == expected


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.0, "0.0"), (0.001, "0.001"), (0.0001, "1.0E-4"), (1e7, "1.0E7"), (123456.75, "123456.75")],
)
def test_a_fraction_is_printed_as_java_does(number: float, shown: str) -> None:
    assert plain_text(number) == shown


@pytest.mark.parametrize(
    ("date", "same"),
    [
        ("2023-02-30", "2023-02-28"),
        ("2023-04-31", "2023-04-30"),
        ("2023-02-30T10", "2023-02-28T10"),
        ("2023-02-28T24:00:00.000Z", "2023-03-01T00:00:00.000Z"),
    ],
)
def test_a_date_that_is_rounded_up_may_be_a_little_beyond_its_month_or_day(
    date: str, same: str
) -> None:
    assert resolve(date, DEFAULT_FORMATS, now=0, round_up=True) == resolve(
        same, DEFAULT_FORMATS, now=0, round_up=True
    )
    with pytest.raises(ValueError, match=re.escape(date)):
        resolve(date, DEFAULT_FORMATS, now=0)


@pytest.mark.parametrize("date", ["2023-02-32", "2023-13-01", "2023-02-28T24", "2023-02-28T24:00"])
def test_a_date_far_beyond_is_none_even_when_rounded_up(date: str) -> None:
    with pytest.raises(ValueError, match=date):
        resolve(date, DEFAULT_FORMATS, now=0, round_up=True)
