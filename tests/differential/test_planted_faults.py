"""A test that finds nothing proves nothing: ten faults in the SQL compiler, each must be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from siemlab.query import Query
from siemlab.query.syntax import Clause, Group, Node, Occur, Wildcard
from siemlab.query.timerange import zone
from siemlab.store import bind, duckdb_sql
from siemlab.store import plan as p
from siemlab.store.duckdb_sql import Sql
from tests.differential.documents import drawn
from tests.differential.engines import found
from tests.differential.queries import queries
from tests.differential.sets import Engines, filled

pytestmark = pytest.mark.slow

EXAMPLES = 500
_COLUMN, _ONE_OF, _BETWEEN = duckdb_sql._column, duckdb_sql._one_of, duckdb_sql._between
_BOUND = duckdb_sql._bound


def _case_insensitive(value: str, values: tuple[Any, ...], mark: str) -> Sql:
    test = _ONE_OF(value, values, mark)
    if not all(isinstance(one, str) for one in values):
        return test
    return Sql(test.text.replace(value, f"lower({value})"), tuple(one.lower() for one in values))


def _unequal_for_not(leaf: Any, place: Any, *, wanted: bool) -> Sql:
    if wanted or not place.many or isinstance(leaf, p.Exists):
        return _COLUMN(leaf, place, wanted=wanted)
    inner = duckdb_sql._value_test(leaf, "x", place.kind)
    other = f"len(list_filter({place.column}, lambda x: NOT {inner.text})) > 0"
    return Sql(f"({place.column} IS NULL OR {other})", inner.params)


def _no_null_guard(leaf: Any, place: Any, *, wanted: bool) -> Sql:
    test = _COLUMN(leaf, place, wanted=True)
    if wanted or isinstance(leaf, p.Exists):
        return _COLUMN(leaf, place, wanted=wanted)
    return Sql(f"NOT ({test.text})", test.params)


def _closed_ends(leaf: Any, value: str, kind: str) -> Sql:
    test = _BETWEEN(leaf, value, kind)
    return Sql(test.text.replace(f"{value} < ", f"{value} <= "), test.params)


def _v4_not_mapped(value: Any, kind: str) -> Any:
    mapped = isinstance(value, int) and kind in ("address", "hex") and value >> 32 == 0xFFFF
    return _BOUND(value & 0xFFFFFFFF if mapped else value, kind)


def _unescaped_star(value: str, values: tuple[Any, ...], mark: str) -> Sql:
    if len(values) == 1 and isinstance(values[0], str) and "*" in values[0]:
        parts = values[0].split("*")
        pattern = [part for text in parts for part in (Wildcard.ANY, text) if part != ""][1:]
        return duckdb_sql._like(value, tuple(pattern) or (Wildcard.ANY,))
    return _ONE_OF(value, values, mark)


def _everyday_precedence(text: str) -> Group:
    """Read AND as binding more tightly than OR, as most languages do."""

    def regrouped(node: Node) -> Node:
        if not isinstance(node, Group):
            return node
        runs: list[list[Clause]] = []
        for clause in node.clauses:
            part = replace(clause, node=regrouped(clause.node))
            if clause.after_and:
                runs[-1].append(part)
            else:
                runs.append([part])
        if len(runs) == 1:
            return Group(tuple(runs[0]))
        return Group(tuple(Clause(Occur.SHOULD, Group(tuple(run))) for run in runs))

    group = regrouped(_PARSE(text))
    assert isinstance(group, Group)
    return group


_PARSE = bind.parse_query_string


def _empty_is_missing(leaf: Any, place: Any, *, wanted: bool) -> Sql:
    test = _COLUMN(leaf, place, wanted=wanted)
    if not isinstance(leaf, p.Exists) or place.kind != "text":
        return test
    empty = f"list_contains({place.column}, '')" if place.many else f"{place.column} = ''"
    if wanted:
        return Sql(f"({test.text} AND NOT {empty})")
    return Sql(f"({test.text} OR {empty})")


def _all_for_any(leaf: Any, place: Any, *, wanted: bool) -> Sql:
    test = _COLUMN(leaf, place, wanted=True)
    if not place.many or isinstance(leaf, p.Exists):
        return _COLUMN(leaf, place, wanted=wanted)
    inner = duckdb_sql._value_test(leaf, "x", place.kind)
    length = f"len({place.column})"
    text = f"len(list_filter({place.column}, lambda x: {inner.text})) = {length}"
    test = Sql(text, inner.params)
    return test if wanted else Sql(f"({place.column} IS NULL OR NOT ({text}))", test.params)


FAULTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "keyword in any case": (duckdb_sql, "_one_of", _case_insensitive),
    "<> for NOT": (duckdb_sql, "_column", _unequal_for_not),
    "no guard against NULL": (duckdb_sql, "_column", _no_null_guard),
    "open ends closed": (duckdb_sql, "_between", _closed_ends),
    "IPv4 not mapped into IPv6": (duckdb_sql, "_bound", _v4_not_mapped),
    "* not escaped": (duckdb_sql, "_one_of", _unescaped_star),
    "everyday precedence": (bind, "parse_query_string", _everyday_precedence),
    "zone ignored": (bind, "zone", lambda name: zone("UTC")),
    "empty text is missing": (duckdb_sql, "_column", _empty_is_missing),
    "all values for any value": (duckdb_sql, "_column", _all_for_any),
}


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    with filled(tmp_path_factory.mktemp("faults"), [1]) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def right(engines: Engines) -> list[tuple[Query, Any]]:
    """What the reference engine answers to each query."""
    asked = drawn(queries(engines.patterns[0]), EXAMPLES, 1)
    return [(query, found(engines.stores["pandas"], query)) for query in asked]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_within_500_examples(
    fault: str,
    engines: Engines,
    right: list[tuple[Query, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    duckdb = engines.stores["duckdb"]
    assert any(found(duckdb, query) != answer for query, answer in right)


def test_without_a_fault_nothing_is_found(engines: Engines, right: list[tuple[Query, Any]]) -> None:
    duckdb = engines.stores["duckdb"]
    assert [query for query, answer in right if found(duckdb, query) != answer] == []
