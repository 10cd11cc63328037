"""The statements behind the answers: each over all the indexes that a query looks into, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from siemlab.store.duckdb_cache import number
from siemlab.store.duckdb_layout import Layout, Place
from siemlab.store.duckdb_sql import Sql
from siemlab.store.duckdb_view import Target

__all__ = ["buckets", "counting", "coverage", "order", "rare_coverage", "span", "top"]

_TIME: Final = "@timestamp"
_ID: Final = "@id"


def counting(targets: Sequence[Target]) -> Sql:
    """Return the statement for the number of documents: one row, one number."""
    parts = [_from("SELECT count(*) AS n", target) for target in targets]
    if len(parts) == 1:
        return parts[0]
    inner = Sql.join(" UNION ALL ", parts)
    return Sql(f"SELECT sum(n) FROM ({inner.text})", inner.params)


def top(targets: Sequence[Target], field: str, size: int | None) -> Sql:
    """Return the statement for a field's values and their documents, most frequent first.

    Parameters
    ----------
    targets
        Indexes in which the field has one and the same type.
    field
        The field.
    size
        How many rows; None for all.
    """
    values = _summed(
        "value", [_values(target, field, target.index.layout.places[field]) for target in targets]
    )
    text, params = f"{values.text} ORDER BY n DESC, value", values.params
    return Sql(text, params) if size is None else Sql(f"{text} LIMIT ?", (*params, size))


def _values(target: Target, field: str, place: Place) -> Sql:
    layout = target.index.layout
    column = place.column
    if place.table == "fields":
        value = number(column) if place.kind == "hex" else column
        where = _both(Sql("field = ?", (field,)), _hits(target))
        text = f"SELECT {value} AS value, count(*) AS n FROM {layout.fields}"
        return Sql(f"{text} WHERE {where.text} GROUP BY {column}", where.params)
    if place.many:
        inner = _from(f"SELECT unnest({column}) AS value", target)
        return Sql(
            f"SELECT value, count(*) AS n FROM ({inner.text}) GROUP BY value",
            inner.params,
        )
    where = _both(target.where, Sql(f"{column} IS NOT NULL"))
    text = f"SELECT {column} AS value, count(*) AS n FROM {layout.docs} WHERE {where.text}"
    return Sql(f"{text} GROUP BY {column}", where.params)


def span(targets: Sequence[Target]) -> Sql:
    """Return the statement for the first and the last time, in milliseconds: one row."""
    parts = []
    for target in _timed(targets):
        many = target.index.layout.places[_TIME].many
        first = "list_min(c0)" if many else "stamp"
        parts.append(_from(f"SELECT min({first}) AS a, max(stamp) AS b", target))
    inner = Sql.join(" UNION ALL ", parts)
    return Sql(f"SELECT min(a), max(b) FROM ({inner.text})", inner.params)


def buckets(targets: Sequence[Target], width: int, base: int, edges: Sequence[int] = ()) -> Sql:
    """Return the statement for documents by time: number of the bucket, and how many.

    Where an index has at most one time in a document, those without one are counted under NULL.

    Parameters
    ----------
    targets
        Indexes that have times.
    width, base
        Bucket 0 begins at ``base``, all are ``width`` milliseconds long; those before have
        negative numbers.
    edges
        Times at which several buckets are to become one. A document that has several times
        between two of them is counted once, in the bucket at the first one.
    """
    parts = []
    for target in _timed(targets):
        if target.index.layout.places[_TIME].many:
            times = _starts(edges) if edges else Sql("c0")
            numbers = f"list_transform({times.text}, lambda x: {_bucket('x', width, base)})"
            inner = _from(f"SELECT unnest(list_distinct({numbers})) AS bucket", target)
            text = f"SELECT bucket, count(*) AS n FROM ({inner.text}) GROUP BY bucket"
            parts.append(Sql(text, (*times.params, *inner.params)))
            continue
        rows = _from(f"SELECT {_bucket('stamp', width, base)} AS bucket, count(*) AS n", target)
        parts.append(Sql(f"{rows.text} GROUP BY bucket", rows.params))
    return _summed("bucket", parts)


def _starts(edges: Sequence[int]) -> Sql:
    """Return the last edge at or before each time of a document."""
    before = "list_filter(?::BIGINT[], lambda edge: edge <= time)"
    return Sql(f"list_transform(c0, lambda time: list_max({before}))", ([*edges],))


def _bucket(time: str, width: int, base: int) -> str:
    """Return the number of a time's bucket; ``//`` alone would round times before the base up."""
    since = f"({time} - ({base}))"
    before = f"({since} + 1) // {width} - 1"
    return f"CASE WHEN {since} >= 0 THEN {since} // {width} ELSE {before} END"


def _summed(key: str, parts: Sequence[Sql]) -> Sql:
    """Return the statement for the sum over all indexes, of statements for a key and its ``n``."""
    if len(parts) == 1:
        return parts[0]
    inner = Sql.join(" UNION ALL ", parts)
    text = f"SELECT {key}, sum(n) AS n FROM ({inner.text}) GROUP BY {key}"
    return Sql(text, inner.params)


def order(targets: Sequence[Target], size: int | None) -> Sql:
    """Return the statement for documents, newest first: number of the index, row, and id."""
    parts = []
    for at, target in enumerate(targets):
        tie = _tie(target.index.layout)
        parts.append(_from(f"SELECT {at} AS part, rid, id, stamp, {tie} AS tie", target))
    inner = Sql.join(" UNION ALL ", parts)
    text = f"SELECT part, rid, id FROM ({inner.text})"
    text += " ORDER BY stamp DESC NULLS LAST, tie NULLS LAST, id, part"
    return (
        Sql(text, inner.params) if size is None else Sql(f"{text} LIMIT ?", (*inner.params, size))
    )


def _tie(layout: Layout) -> str:
    place = layout.places.get(_ID)
    if place is None or place.table == "words":
        return "NULL::VARCHAR"
    if place.table == "fields":
        value = f"min({place.column}::VARCHAR)"
        rows = f"{layout.fields} f WHERE f.field = '{_ID}' AND f.rid = docs.rid"
        return f"(SELECT {value} FROM {rows})"
    return f"list_min({place.column})::VARCHAR" if place.many else f"{place.column}::VARCHAR"


def coverage(target: Target) -> tuple[list[str], Sql]:
    """Return the statement for how many documents have each field that has a column.

    Returns
    -------
    list of str, Sql
        The fields, and the statement for one row with a number for each of them.
    """
    placed = {
        path: place for path, place in target.index.layout.places.items() if place.table != "fields"
    }
    numbers = [f"count({place.column})" for place in placed.values()]
    return list(placed), _from(f"SELECT {', '.join(numbers) or 'count(*)'}", target)


def rare_coverage(target: Target) -> Sql:
    """Return the statement for how many documents have each other field: name and number a row."""
    hits = _hits(target)
    text = f"SELECT field, count(*) FROM {target.index.layout.fields}"
    return Sql(f"{text} WHERE lead AND {hits.text} GROUP BY field", hits.params)


def _timed(targets: Iterable[Target]) -> list[Target]:
    found = []
    for target in targets:
        place = target.index.layout.places.get(_TIME)
        if place is not None and place.table == "docs":
            found.append(target)
    return found


def _from(select: str, target: Target) -> Sql:
    text = f"{select} FROM {target.index.layout.docs}"
    if target.where.text == "true":
        return Sql(text)
    return Sql(f"{text} WHERE {target.where.text}", target.where.params)


def _hits(target: Target) -> Sql:
    """Return the condition that a row of another table belongs to a matching document."""
    if target.where.text == "true":
        return Sql("true")
    inner = _from("SELECT rid", target)
    return Sql(f"rid IN ({inner.text})", inner.params)


def _both(one: Sql, other: Sql) -> Sql:
    if one.text == "true":
        return other
    if other.text == "true":
        return one
    return Sql.join(" AND ", (one, other))
