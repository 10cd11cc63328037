"""Plans as SQL: readable, with every value a parameter, and true exactly where they should be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.query.syntax import Wildcard
from siemlab.query.value import Query
from siemlab.store import plan as p
from siemlab.store.duckdb import explain
from siemlab.store.duckdb_engine import connect
from siemlab.store.duckdb_layout import Layout, Place
from siemlab.store.duckdb_sql import Sql, condition

ANY, ONE = Wildcard.ANY, Wildcard.ONE
LONG = 1 << 64  # an address that is one bit too long for a column of short ones
LAYOUT = Layout(
    {
        "one": Place("text", "docs", "c1"),
        "many": Place("text", "docs", "c2", many=True),
        "ip": Place("address", "docs", "c3"),
        "flag": Place("whole", "docs", "c4"),
        "short": Place("words", "docs", "c5"),
        "long": Place("words", "words", "w6"),
        "rare": Place("text", "fields", "text"),
        "rare2": Place("text", "fields", "text"),
        "rare.ip": Place("hex", "fields", "text"),
        "rare.n": Place("real", "fields", "real"),
        "ip4": Place("address64", "docs", "c7"),
        "ips": Place("address64", "docs", "c8", many=True),
    }
)

TABLE = {
    "everything": (p.Everything(), "true", ()),
    "nothing": (p.Nothing(), "false", ()),
    "a value": (p.OneOf("one", ("a",)), "c1 = ?", ("a",)),
    "several values": (p.OneOf("one", ("a", "b")), "(c1 IN (?, ?)) IS TRUE", ("a", "b")),
    "many values": (
        p.OneOf("one", tuple("abcdefghijklmnopqrstu")),
        f"c1 IN ({', '.join('?' * 21)})",
        tuple("abcdefghijklmnopqrstu"),
    ),
    "no values": (p.OneOf("one", ()), "false", ()),
    "a list": (p.OneOf("many", ("a",)), "list_contains(c2, ?)", ("a",)),
    "not": (p.Not(p.OneOf("one", ("a",))), "(c1 = ?) IS NOT TRUE", ("a",)),
    "not a list": (
        p.Not(p.OneOf("many", ("a", "b"))),
        "(len(list_filter(c2, lambda x: x IN (?, ?))) > 0) IS NOT TRUE",
        ("a", "b"),
    ),
    "none of no values": (p.Not(p.OneOf("many", ())), "true", ()),
    "not not": (p.Not(p.Not(p.OneOf("one", ("a",)))), "c1 = ?", ("a",)),
    "exists": (p.Exists("one"), "c1 IS NOT NULL", ()),
    "missing": (p.Not(p.Exists("many")), "c2 IS NULL", ()),
    "a long text is there": (p.Exists("long"), "w6 IS NOT NULL", ()),
    "an unknown field": (p.OneOf("no", ("a",)), "false", ()),
    "not an unknown field": (p.Not(p.OneOf("no", ("a",))), "true", ()),
    "an address": (p.OneOf("ip", (1,)), "c3 = ?::UHUGEINT", (1,)),
    "a short address": (p.OneOf("ip4", (1, LONG)), "c7 = ?::UBIGINT", (1,)),
    "an address too long": (p.OneOf("ips", (LONG,)), "false", ()),
    "none too long": (p.Not(p.Between("ip4", LONG, None)), "true", ()),
    "a range that ends too far": (p.Between("ip4", 7, LONG), "c7 >= ?::UBIGINT", (7,)),
    "a boolean": (p.OneOf("flag", (True,)), "c4 = ?", (1,)),
    "a range": (
        p.Between("ip", 1, 9, include_high=False),
        "(c3 >= ?::UHUGEINT AND c3 < ?::UHUGEINT)",
        (1, 9),
    ),
    "a prefix": (p.Like("one", ("a%", ANY)), "starts_with(c1, ?)", ("a%",)),
    "a suffix": (p.Like("one", (ANY, "a")), "ends_with(c1, ?)", ("a",)),
    "a part": (p.Like("one", (ANY, "a", ANY)), "contains(c1, ?)", ("a",)),
    "a pattern": (p.Like("one", ("a", ONE, "b", ANY)), "c1 LIKE ?", ("a_b%",)),
    "a pattern to escape": (
        p.Like("one", (ONE, "%_\\", ANY)),
        r"c1 LIKE ? ESCAPE '\'",
        (r"_\%\_\\%",),
    ),
    "a rare value": (
        p.OneOf("rare", ("a",)),
        "(rid IN (SELECT rid FROM fields WHERE field = ? AND text = ?)) IS TRUE",
        ("rare", "a"),
    ),
    "no rare value": (
        p.Not(p.OneOf("rare.ip", (255,))),
        "rid NOT IN (SELECT rid FROM fields WHERE field = ? AND text = ?)",
        ("rare.ip", f"{255:032x}"),
    ),
    "a rare field": (
        p.Exists("rare"),
        "(rid IN (SELECT rid FROM fields WHERE field = ?)) IS TRUE",
        ("rare",),
    ),
    "rare fields asked alike": (
        p.Any((p.OneOf("rare", ("a",)), p.OneOf("one", ("a",)), p.OneOf("rare2", ("a",)))),
        "(c1 = ? OR (rid IN (SELECT rid FROM fields WHERE field IN (?, ?) AND text = ?)) IS TRUE)",
        ("a", "rare", "rare2", "a"),
    ),
    "a word": (
        p.WordIn("long", ("a",)),
        "(rid IN (SELECT rid FROM words WHERE (contains(w6, ?) AND contains(w6, ?)))) IS TRUE",
        ("a\x01", "\x01a\x01"),
    ),
    "a phrase": (
        p.Phrase("short", ("a", "b")),
        "(contains(c5, ?) AND contains(c5, ?))",
        ("a\x01b\x01", "\x01a\x01b\x01"),
    ),
    "all and any": (
        p.All((p.Any((p.Nothing(), p.Exists("one"))), p.Everything(), p.Exists("ip"))),
        "(c1 IS NOT NULL AND c3 IS NOT NULL)",
        (),
    ),
    "not all": (
        p.Not(p.All((p.Exists("one"), p.Exists("ip")))),
        "(c1 IS NULL OR c3 IS NULL)",
        (),
    ),
}


@pytest.mark.parametrize(("plan", "text", "params"), TABLE.values(), ids=TABLE)
def test_a_plan_is_this_condition(plan: p.Plan, text: str, params: tuple[Any, ...]) -> None:
    assert condition(plan, LAYOUT) == Sql(text, params)


TEXTS = st.sampled_from(["", "a", "ab", "b", "a%b", "A", "é", "\U0001f600", "a\nb", "\x00"])
SHORT = st.sampled_from([0, 1, LONG - 2, LONG - 1])
ADDRESSES = SHORT | st.sampled_from([LONG, LONG + 1, 2**128 - 1])
LEAVES = st.one_of(
    st.builds(p.OneOf, st.sampled_from(["ip4", "ips"]), st.lists(ADDRESSES, max_size=3).map(tuple)),
    st.builds(
        p.Between,
        st.sampled_from(["ip4", "ips"]),
        st.none() | ADDRESSES,
        st.none() | ADDRESSES,
        st.booleans(),
        st.booleans(),
    ),
    st.builds(p.OneOf, st.just("one"), st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(p.OneOf, st.just("many"), st.lists(TEXTS, max_size=2).map(tuple)),
    st.builds(
        p.Between,
        st.just("one"),
        st.none() | TEXTS,
        st.none() | TEXTS,
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        p.Like,
        st.sampled_from(["one", "many"]),
        st.lists(TEXTS.filter(bool) | st.sampled_from([ANY, ONE]), max_size=3).map(tuple),
    ),
    st.builds(p.Exists, st.sampled_from(["one", "many", "no"])),
    st.sampled_from([p.Everything(), p.Nothing()]),
)
PLANS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(p.Not, inner),
        st.builds(p.All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(p.Any, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def holds(plan: p.Plan, document: dict[str, list[Any]]) -> bool:
    """What a plan means, said once more in the plainest way."""
    match plan:
        case p.Everything() | p.Nothing():
            return isinstance(plan, p.Everything)
        case p.Not(part):
            return not holds(part, document)
        case p.All(parts):
            return all(holds(part, document) for part in parts)
        case p.Any(parts):
            return any(holds(part, document) for part in parts)
    return any(fits(plan, value) for value in document.get(plan.field, []))


def fits(leaf: Any, value: Any) -> bool:
    match leaf:
        case p.OneOf(_, values):
            return value in values
        case p.Between(_, low, high, low_too, high_too):
            above = low is None or value > low or (low_too and value == low)
            return above and (high is None or value < high or (high_too and value == high))
        case p.Like(_, pattern):
            signs = {ANY: ".*", ONE: "."}
            regex = "".join(signs.get(part) or re.escape(part) for part in pattern)
            return re.fullmatch(regex, value, re.DOTALL) is not None
    return True


ROWS = st.fixed_dictionaries(
    {
        "one": st.lists(TEXTS, max_size=1),
        "many": st.lists(TEXTS, max_size=2),
        "ip4": st.lists(SHORT, max_size=1),
        "ips": st.lists(SHORT, max_size=2),
    }
)


@settings(deadline=None)
@given(PLANS, st.lists(ROWS, max_size=4))
def test_a_condition_is_true_for_what_the_plan_means(
    plan: p.Plan, rows: list[dict[str, list[Any]]]
) -> None:
    with connect("64MB") as connection:
        connection.execute(
            "CREATE TABLE docs (rid BIGINT, c1 VARCHAR, c2 VARCHAR[], c7 UBIGINT, c8 UBIGINT[])"
        )
        for rid, row in enumerate(rows):
            one, ip4 = ((row[name] or [None])[0] for name in ("one", "ip4"))
            values = (rid, one, row["many"] or None, ip4, row["ips"] or None)
            connection.execute("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", values)
        where = condition(plan, LAYOUT)
        found = connection.execute(f"SELECT rid FROM docs WHERE {where.text}", where.params)
        answer = sorted(rid for (rid,) in found.fetchall())
    assert answer == [rid for rid, row in enumerate(rows) if holds(plan, row)]


def test_explain_without_a_store_reads_like_a_statement_and_lists_its_values() -> None:
    query = (
        Query("log-aws-cloudtrail-*")
        .time("2022-11-12", "2022-11-13", tz="Asia/Tokyo")
        .include("event.module", "iam.amazonaws.com")
        .exclude("source.ip", "203.0.113.0/24")
        .lucene('event.action:Create* AND "access denied"')
    )
    assert explain(query) == EXPLAINED


WORDS = "(contains(w5, ?) AND contains(w5, ?))"
EXPLAINED = rf"""
SELECT count(*)
FROM docs
WHERE (stamp >= ? AND stamp < ?)
  AND c2 = ?
  AND (c3 >= ?::UHUGEINT AND c3 <= ?::UHUGEINT) IS NOT TRUE
  AND (starts_with(c4, ?) AND (rid IN (SELECT rid FROM words WHERE {WORDS})) IS TRUE)
-- stamp: @timestamp
-- c2: event.module
-- c3: source.ip
-- c4: event.action
-- w5: every field
-- parameter 1: 1668178800000
-- parameter 2: 1668265200000
-- parameter 3: 'iam.amazonaws.com'
-- parameter 4: 281474087547136
-- parameter 5: 281474087547391
-- parameter 6: 'Create'
-- parameter 7: 'access\x01denied\x01'
-- parameter 8: '\x01access\x01denied\x01'
""".strip()


def test_a_value_never_leaves_its_comment() -> None:
    text = explain(Query().include("user.name", "a\nDROP TABLE docs; \u2028\r--"))
    assert not any(line.startswith("DROP") for line in text.splitlines())
