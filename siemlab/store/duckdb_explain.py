"""Shows a query as SQL: over the tables of a store's index, or, without a store, of any.

Values stand below the statement, as the parameters that they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from siemlab.query.value import Query
from siemlab.store import plan as p
from siemlab.store.bind import bind, bind_with, present
from siemlab.store.catalog import Catalog
from siemlab.store.duckdb_layout import Layout, Place, kind_of
from siemlab.store.duckdb_sql import condition
from siemlab.store.mapping import Mapping as IndexMapping
from siemlab.store.tree import FieldType

__all__ = ["explain", "statement"]

_TIME: Final = "@timestamp"
_EVERY: Final = "every field"
_WIDEST: Final = 100


def explain(query: Query) -> str:
    """Return a query as SQL, without a store.

    Field types are those of siemlab's templates; a field outside them is a keyword.

    Parameters
    ----------
    query
        The query.

    Returns
    -------
    str
        The statement that counts the documents, which column holds which field, and the
        parameters.

    Raises
    ------
    QuerySyntaxError, QueryNotSupportedError
        See `siemlab.store.bind.bind`.

    Examples
    --------
    >>> print(explain(Query().include("user.name", "alice").missing("error.code")))
    SELECT count(*)
    FROM docs
    WHERE c1 = ?
      AND c2 IS NULL
    -- c1: user.name
    -- c2: error.code
    -- parameter 1: 'alice'
    """
    catalog = _Guess(IndexMapping.for_index(_index_like(query.pattern)))
    plan = bind_with(query, catalog, now=present())
    places: dict[str, Place] = {}
    for path in _fields(plan):
        kind = kind_of((catalog.named(path) or FieldType("keyword")).type)
        if path == _TIME:
            places[path] = Place("whole", "docs", "stamp")
        elif path == _EVERY or kind == "words":
            places.setdefault(path, Place("words", "words", f"w{len(places) + 1}"))
        else:
            places.setdefault(path, Place(kind, "docs", f"c{len(places) + 1}"))
    return _shown(plan, places)


def statement(query: Query, mapping: IndexMapping, places: Mapping[str, Place]) -> str:
    """Return a query as SQL over the tables of one index.

    Parameters
    ----------
    query
        The query.
    mapping
        The index's mapping.
    places
        Where its fields lie.

    Raises
    ------
    QuerySyntaxError, QueryNotSupportedError
        See `siemlab.store.bind.bind`.
    """
    return _shown(bind(query, mapping), places)


class _Guess(Catalog):
    """Fields by siemlab's templates; one outside them is a keyword, all of them are one text."""

    def named(self, name: str) -> FieldType | None:
        if name == _EVERY:
            return FieldType("text")
        return super().named(name) or FieldType("date" if name == _TIME else "keyword")

    def select(self, name: str | None) -> dict[str, FieldType]:
        if name is None or not name.strip("*"):
            return {_EVERY: FieldType("text")}
        return {name: self.named(name) or FieldType("keyword")}

    def exists(self, name: str) -> p.Plan:
        return p.Exists(name)


def _index_like(pattern: str) -> str:
    """Return a name that the pattern's indexes might have, to find their template by."""
    first = pattern.split(",", maxsplit=1)[0].strip()
    return first if "*" not in first else first.rstrip("*").rstrip("-") + "-2022-11"


def _fields(plan: p.Plan) -> Iterator[str]:
    match plan:
        case p.All(parts) | p.Any(parts):
            for part in parts:
                yield from _fields(part)
        case p.Not(part):
            yield from _fields(part)
        case p.Everything() | p.Nothing():
            return
        case _:
            yield plan.field


def _shown(plan: p.Plan, places: Mapping[str, Place]) -> str:
    layout = Layout(places)
    parts = plan.parts if isinstance(plan, p.All) else (plan,)
    conditions = [condition(part, layout) for part in parts]
    lines = ["SELECT count(*)", "FROM docs"]
    for number, part in enumerate(conditions):
        if part.text != "true" or len(conditions) > 1:
            lines.append(f"{'  AND' if number else 'WHERE'} {part.text}")
    for path in dict.fromkeys(_fields(plan)):
        place = places.get(path)
        if place is not None and place.table != "fields":
            lines.append(f"-- {place.column}: {_short(path)}")
    values = [value for part in conditions for value in part.params]
    lines += [f"-- parameter {at}: {_short(repr(value))}" for at, value in enumerate(values, 1)]
    return "\n".join(lines)


def _short(text: Any) -> str:
    """Return a text on one line: it stands in a comment, which must not end early."""
    line = text if text.isprintable() else ascii(text)[1:-1]
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 3]}..."
