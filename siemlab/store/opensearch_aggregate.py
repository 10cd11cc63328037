"""Counting on a server, asked in the ways that are exact."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from siemlab.errors import UnknownFieldError
from siemlab.query.value import Query
from siemlab.store.addresses import address
from siemlab.store.aggregate import merged
from siemlab.store.base import Bucket, FieldInfo, IndexInfo
from siemlab.store.intervals import bucket_edges
from siemlab.store.opensearch_client import Connection
from siemlab.store.values import moment, shown

__all__ = ["fields", "histogram", "spans", "top"]

Key = str | int | float | bool | datetime

# A shard sends this many terms at least: then most answers are exact at the first try.
_SHARD_SIZES: Final = (1_000, 50_000)
_PAGE: Final = 10_000
_MORE_PARTS: Final = 16
_NAMES: Final = 50
_FILTERS: Final = 400
_INTEGERS: Final = frozenset({"byte", "short", "integer", "long", "unsigned_long"})
_FLOATS: Final = frozenset({"half_float", "float", "double", "scaled_float"})
_DATES: Final = frozenset({"date", "date_nanos"})


def top(
    connection: Connection, query: Query, clause: dict[str, Any], field: str, size: int
) -> list[Bucket]:
    """Return the most frequent values of a field, with exact counts; ties by key.

    A terms aggregation over several shards may be wrong. Where it cannot rule that out, it is
    asked again with more terms, and at last for all of them.

    Raises
    ------
    UnknownFieldError
        The field's type keeps no single values.
    """
    types = connection.field_types(query.pattern, field).get(field, {})
    for kind, facts in types.items():
        if not facts["aggregatable"] or kind in ("flat_object", "geo_point"):
            raise UnknownFieldError(
                f"{field} cannot be aggregated: it is of type {kind}",
                f"{field} は {kind} 型なので集計できません",
            )
    if size < 1 or not types:
        # Nothing to count, and yet a query that the server refuses is an error.
        connection.search(query.pattern, {"size": 0, "query": clause}, query=query)
        return []
    if len(types) > 1:
        return _across_types(connection, query, clause, field, types, size)
    (kind,) = types
    for shard_size in _SHARD_SIZES:
        terms = {"field": field, "size": size, "shard_size": max(shard_size, size)}
        found = _aggregate(connection, query, clause, {"terms": terms}, of=field)
        if found["doc_count_error_upper_bound"] == 0:
            return [
                _bucket(kind, bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]
            ]
    every = _every_value(connection, query, clause, field)
    largest = heapq.nsmallest(size, every, key=lambda item: (-item[1], _rank(kind, item[0])))
    return [_bucket(kind, key, count) for key, count in largest]


def histogram(
    connection: Connection, query: Query, clause: dict[str, Any], interval: str, tz: str
) -> list[Bucket]:
    """Return how many documents lie in each interval of ``@timestamp``.

    OpenSearch 3.8.0 can give wrong counts for ``date_histogram`` (some buckets of a filtered
    search over several segments, while the total is right), so it is not asked. Buckets of equal
    length are counted by ``histogram``, which is right, all others by ``date_range``, with the
    edges that `siemlab.store.intervals` knows.

    Raises
    ------
    QuerySyntaxError
        There is no such interval, or it makes too many buckets.
    """
    ends = {name: {name: {"field": "@timestamp"}} for name in ("min", "max")}
    body = {"size": 0, "query": clause, "aggs": ends}
    found = connection.search(query.pattern, body, query=query).get("aggregations", {})
    first, last = (found.get(name, {}).get("value") for name in ends)
    if first is None or last is None:
        bucket_edges(0, 0, interval, tz)  # a wrong interval is an error, hits or not
        return []
    edges = bucket_edges(int(first), int(last), interval, tz)
    widths = {high - low for low, high in pairwise(edges)}
    counts = (_even if len(widths) == 1 else _uneven)(connection, query, clause, edges)
    return [Bucket(shown("date", start), counts[start]) for start in edges[:-1]]


def fields(connection: Connection, query: Query, clause: dict[str, Any]) -> list[FieldInfo]:
    """Return the leaf fields in which matching documents have a value, and in how many."""
    types = connection.field_types(query.pattern)
    names = sorted(types)
    found: list[FieldInfo] = []
    for start in range(0, len(names), _FILTERS):
        some = names[start : start + _FILTERS]
        filters = [_has_value(name, types[name]) for name in some]
        coverage = _aggregate(connection, query, clause, {"filters": {"filters": filters}})
        for name, bucket in zip(some, coverage["buckets"], strict=True):
            if bucket["doc_count"]:
                found.append(FieldInfo(name, tuple(sorted(types[name])), bucket["doc_count"]))
    return found


def _has_value(name: str, types: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the clause for a value in a leaf field.

    What is a leaf in one index may be an object in another, where ``exists`` asks for the leaves
    in it; the server names the indexes of each type as soon as there are several.
    """
    exists = {"exists": {"field": name}}
    named = [facts.get("indices") for facts in types.values()]
    if None in named:
        return exists
    leaf = sorted({index for indices in named for index in indices or ()})
    return {"bool": {"filter": [exists, {"terms": {"_index": leaf}}]}}


def spans(connection: Connection, names: Sequence[str]) -> list[IndexInfo]:
    """Return the documents and the span of ``@timestamp`` of each of these indexes."""
    found: dict[str, IndexInfo] = {}
    ends = {name: {name: {"field": "@timestamp"}} for name in ("min", "max")}
    by_index = {"terms": {"field": "_index", "size": _NAMES}, "aggs": ends}
    for some in _slices(names):
        body = {"size": 0, "aggs": {"found": by_index}}
        answer = connection.search(",".join(some), body).get("aggregations", {})
        for bucket in answer.get("found", {"buckets": []})["buckets"]:
            first, last = (bucket[name]["value"] for name in ("min", "max"))
            found[bucket["key"]] = IndexInfo(
                bucket["key"],
                bucket["doc_count"],
                moment(None if first is None else int(first)),
                moment(None if last is None else int(last)),
            )
    return [found.get(name, IndexInfo(name, 0, None, None)) for name in sorted(names)]


def _aggregate(
    connection: Connection,
    query: Query,
    clause: dict[str, Any],
    aggregation: dict[str, Any],
    *,
    of: str = "",
) -> dict[str, Any]:
    body = {"size": 0, "query": clause, "aggs": {"found": aggregation}}
    answer = connection.search(query.pattern, body, query=query, of=of)
    found: dict[str, Any] = answer.get("aggregations", {}).get("found", {"buckets": []})
    return found


def _every_value(
    connection: Connection, query: Query, clause: dict[str, Any], field: str
) -> list[tuple[Any, int]]:
    """Return every value of a field and its documents.

    In as many parts as it takes for none to leave a value out. A composite aggregation would give
    them in pages, but counts a document twice that has a number or a date twice.
    """
    parts = 1
    while True:
        found = _in_parts(connection, query, clause, field, parts)
        if found is not None:
            return found
        parts *= _MORE_PARTS


def _in_parts(
    connection: Connection, query: Query, clause: dict[str, Any], field: str, parts: int
) -> list[tuple[Any, int]] | None:
    """Return every value of a field and its documents; None where a part holds too many."""
    found: list[tuple[Any, int]] = []
    for part in range(parts):
        terms: dict[str, Any] = {"field": field, "size": _PAGE, "shard_size": _PAGE}
        if parts > 1:
            terms["include"] = {"partition": part, "num_partitions": parts}
        answer = _aggregate(connection, query, clause, {"terms": terms}, of=field)
        if answer.get("sum_other_doc_count"):
            return None
        found += [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]
    return found


def _across_types(
    connection: Connection,
    query: Query,
    clause: dict[str, Any],
    field: str,
    types: dict[str, dict[str, Any]],
    size: int,
) -> list[Bucket]:
    """Count values of a field that indexes map differently: the server cannot merge these."""
    every: list[Bucket] = []
    for kind, facts in types.items():
        for some in _slices(facts["indices"]):
            part = replace(query, pattern=",".join(some))
            found = _every_value(connection, part, clause, field)
            every += [_bucket(kind, key, count) for key, count in found]
    return merged(every, size)


def _even(
    connection: Connection, query: Query, clause: dict[str, Any], edges: list[int]
) -> Counter[int]:
    width = edges[1] - edges[0]
    numeric = {
        "field": "@timestamp",
        "interval": width,
        "offset": edges[0] % width,
        "min_doc_count": 1,
    }
    found = _aggregate(connection, query, clause, {"histogram": numeric})
    return Counter({int(bucket["key"]): bucket["doc_count"] for bucket in found["buckets"]})


def _uneven(
    connection: Connection, query: Query, clause: dict[str, Any], edges: list[int]
) -> Counter[int]:
    counts: Counter[int] = Counter()
    for start in range(0, len(edges) - 1, _PAGE):
        some = edges[start : start + _PAGE + 1]
        ranges = [{"from": str(low), "to": str(high)} for low, high in pairwise(some)]
        by_date = {"field": "@timestamp", "format": "epoch_millis", "ranges": ranges}
        found = _aggregate(connection, query, clause, {"date_range": by_date})
        for bucket in found["buckets"]:
            counts[int(bucket["from"])] = bucket["doc_count"]
    return counts


def _slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield a few names at a time: they stand in a URL, which must not grow long."""
    for start in range(0, len(names), _NAMES):
        yield names[start : start + _NAMES]


def _rank(kind: str, key: Any) -> Any:
    """Return what a value is sorted by: an address by its number, all else by itself."""
    return address(key) if kind == "ip" else key


def _bucket(kind: str, key: Any, count: int) -> Bucket:
    return Bucket(_key(kind, key), count)


def _key(kind: str, key: Any) -> Key:
    if kind == "boolean":
        return bool(key)
    if kind in _DATES:
        return shown("date", int(key))
    if kind in _INTEGERS:
        return int(key)
    return float(key) if kind in _FLOATS else str(key)
