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
    }
)

TABLE = {
    "everything": (p.Everything(), "true", ()),
    "nothing": (p.Nothing(), "false", ()),
    "a value": (p.OneOf("one", ("a",)), "c1 = ?", ("a",)),
    "several values": (p.OneOf("one", ("a", "b")), "c1 IN (?, ?)", ("a", "b")),
    "no values": (p.OneOf("one", ()), "false", ()),
    "a list": (p.OneOf("many", ("a",)), "list_contains(c2, ?)", ("a",)),
    "not": (p.Not(p.OneOf("one", ("a",))), "(c1 IS NULL OR NOT (c1 = ?))", ("a",)),
    "not not": (p.Not(p.Not(p.OneOf("one", ("a",)))), "c1 = ?", ("a",)),
    "exists": (p.Exists("one"), "c1 IS NOT NULL", ()),
    "missing": (p.Not(p.Exists("many")), "c2 IS NULL", ()),
    "a long text is there": (p.Exists("long"), "w6 IS NOT NULL", ()),
    "an unknown field": (p.OneOf("no", ("a",)), "false", ()),
    "not an unknown field": (p.Not(p.OneOf("no", ("a",))), "true", ()),
    "an address": (p.OneOf("ip", (1,)), "c3 = ?::UHUGEINT", (1,)),
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
        "rid IN (SELECT rid FROM fields WHERE field = ? AND text = ?)",
        ("rare", "a"),
    ),
    "no rare value": (
        p.Not(p.OneOf("rare.ip", (255,))),
        "rid NOT IN (SELECT rid FROM fields WHERE field = ? AND text = ?)",
        ("rare.ip", f"{255:032x}"),
    ),
    "a rare field": (
        p.Exists("rare"),
        "rid IN (SELECT rid FROM fields WHERE field = ?)",
        ("rare",),
    ),
    "rare fields asked alike": (
        p.Any((p.OneOf("rare", ("a",)), p.OneOf("one", ("a",)), p.OneOf("rare2", ("a",)))),
        "(c1 = ? OR rid IN (SELECT rid FROM fields WHERE field IN (?, ?) AND text = ?))",
        ("a", "rare", "rare2", "a"),
    ),
    "a word": (
        p.WordIn("long", ("a",)),
        "rid IN (SELECT rid FROM words WHERE contains(w6, ?))",
        ("\x01a\x01",),
    ),
    "a phrase": (p.Phrase("short", ("a", "b")), "contains(c5, ?)", ("\x01a\x01b\x01",)),
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
LEAVES = st.one_of(
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


def holds(plan: p.Plan, document: dict[str, list[str]]) -> bool:
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


def fits(leaf: Any, value: str) -> bool:
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


@settings(deadline=None)
@given(PLANS, st.lists(st.tuples(st.none() | TEXTS, st.lists(TEXTS, max_size=2)), max_size=4))
def test_a_condition_is_true_for_what_the_plan_means(
    plan: p.Plan, rows: list[tuple[str | None, list[str]]]
) -> None:
    with connect("64MB") as connection:
        connection.execute("CREATE TABLE docs (rid BIGINT, c1 VARCHAR, c2 VARCHAR[])")
        for rid, (one, many) in enumerate(rows):
            connection.execute("INSERT INTO docs VALUES (?, ?, ?)", (rid, one, many or None))
        where = condition(plan, LAYOUT)
        found = connection.execute(f"SELECT rid FROM docs WHERE {where.text}", where.params)
        answer = sorted(rid for (rid,) in found.fetchall())
    documents = [{"one": [] if one is None else [one], "many": many} for one, many in rows]
    assert answer == [rid for rid, document in enumerate(documents) if holds(plan, document)]


def test_explain_without_a_store_reads_like_a_statement_and_lists_its_values() -> None:
    query = (
        Query("log-aws-cloudtrail-*")
        .time("2022-11-12", "2022-11-13", tz="Asia/Tokyo")
        .include("event.module", "iam.amazonaws.com")
        .exclude("source.ip", "203.0.113.0/24")
        .lucene('event.action:Create* AND "access denied"')
    )
    assert explain(query) == EXPLAINED


EXPLAINED = r"""
SELECT count(*)
FROM docs
WHERE (stamp >= ? AND stamp < ?)
  AND c2 = ?
  AND (c3 IS NULL OR NOT (c3 >= ?::UHUGEINT AND c3 <= ?::UHUGEINT))
  AND (starts_with(c4, ?) AND rid IN (SELECT rid FROM words WHERE contains(w5, ?)))
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
-- parameter 7: '\x01access\x01denied\x01'
""".strip()


def test_a_value_never_leaves_its_comment() -> None:
    text = explain(Query().include("user.name", "a\nDROP TABLE docs; \u2028\r--"))
    assert not any(line.startswith("DROP") for line in text.splitlines())
