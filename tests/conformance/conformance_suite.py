"""What a case of the conformance suite asks, and whether a store answers as the real server did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from siemlab.errors import QueryNotSupportedError, SiemlabError, UnknownFieldError
from siemlab.normalize.document import Document
from siemlab.query.filters import Filter
from siemlab.query.timerange import zone
from siemlab.query.value import Query
from siemlab.store.base import Bucket, Store

INDEX = "log-aws-conformance-2023-02"
CASES = Path(__file__).parents[1] / "cases" / "query"

_OPS = {
    "is": "is",
    "is_one_of": "is one of",
    "between": "is between",
    "exists": "exists",
}


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the JSON objects of a file, one a line."""
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def documents(path: Path, index: str = INDEX) -> Iterator[Document]:
    """Yield the documents of a file of ``{"_id", "_source"}``, in order."""
    for row in read_lines(path):
        yield Document(index, row["_id"], row["_source"])


def failure(case: dict[str, Any], store: Store, index: str = INDEX) -> str:
    """Return what is wrong with a store's answer to a case; empty where nothing is."""
    wants_error = "error" in case["expect"]
    try:
        query = _query(case, index)
        found = sorted(hit.id for hit in store.scan(query))
        count = store.count(query)
    except QueryNotSupportedError as error:
        return "" if wants_error or case.get("may_refuse") else f"refused: {error}"
    except SiemlabError as error:
        return "" if wants_error else f"error: {error}"
    if wants_error:
        return f"{len(found)} ids, expected an error"
    expected = case["expect"]["ids"]
    if found != expected:
        missing = sorted(set(expected) - set(found))
        extra = sorted(set(found) - set(expected))
        return f"ids: missing {missing[:8]}, extra {extra[:8]}"
    if count != len(expected):
        return f"count {count}, expected {len(expected)}"
    return (
        _top(case.get("top"), store, query)
        or _histogram(case.get("histogram"), store, query)
        or _newest(case.get("newest"), store, query)
    )


def _query(case: dict[str, Any], index: str) -> Query:
    query = Query(pattern=index)
    if case["text"] is not None:
        # An empty box asks nothing, a blank text matches nothing; a case has a text.
        query = query.lucene(case["text"] or " ")
    span = case.get("time")
    if span is not None:
        query = query.time(span.get("from"), span.get("to"), tz=span.get("tz") or "UTC")
    for pill in case["filters"]:
        query = Query(query.pattern, query.time_range, (*query.filters, _filter(pill)), query.text)
    return query


def _filter(pill: dict[str, Any]) -> Filter:
    op = pill["op"]
    negate = op.startswith("not_") or op.startswith("is_not")
    name = op.removeprefix("not_") if op.startswith("not_") else op.replace("is_not", "is")
    values: tuple[Any, ...] = ()
    if name == "is":
        values = (pill["value"],)
    elif name == "is_one_of":
        if not pill["values"]:
            # The tool's own way to say that it has no such filter.
            raise QueryNotSupportedError("a filter of no values")
        values = tuple(pill["values"])
    elif name == "between":
        values = (pill.get("from"), pill.get("to"))
    return Filter(pill["field"], _OPS[name], values, negate)


def _top(expected: dict[str, Any] | None, store: Store, query: Query) -> str:
    if expected is None:
        return ""
    try:
        buckets = store.top(query, expected["field"], expected["size"])
    except UnknownFieldError as error:
        return "" if expected.get("error") else f"top: {error}"
    if expected.get("error"):
        return "top: expected an error"
    found = [[_printed(bucket), bucket.count] for bucket in buckets]
    wanted = [[key, count] for key, count in expected["buckets"]]
    return _difference("top", found, wanted)


def _printed(bucket: Bucket) -> Any:
    """Return a key as the server prints it."""
    if isinstance(bucket.key, datetime):
        return f"{bucket.key:%Y-%m-%dT%H:%M:%S}.{bucket.key.microsecond // 1000:03}Z"
    return bucket.key


def _histogram(expected: dict[str, Any] | None, store: Store, query: Query) -> str:
    if expected is None:
        return ""
    buckets = store.histogram(query, expected["interval"], tz=expected["tz"])
    found = [[_local(bucket.key, expected["tz"]), bucket.count] for bucket in buckets]
    return _difference("histogram", found, expected["buckets"])


def _local(moment: Any, tz: str) -> str:
    here = moment.astimezone(zone(tz))
    text = here.isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _newest(expected: list[str] | None, store: Store, query: Query) -> str:
    if expected is None:
        return ""
    hits = store.newest(query, len(expected))
    return _difference("newest", [hit.id for hit in hits], expected)


def _difference(what: str, found: list[Any], wanted: list[Any]) -> str:
    """Compare values and their types: 1, 1.0 and true are three keys."""
    if [_typed(row) for row in found] == [_typed(row) for row in wanted]:
        return ""
    pairs = enumerate(zip(found, wanted, strict=False))
    at = next((at for at, (one, other) in pairs if _typed(one) != _typed(other)), None)
    if at is None:
        return f"{what}: {len(found)} rows, expected {len(wanted)}"
    return f"{what}: row {at} is {found[at]}, expected {wanted[at]}"


def _typed(row: Any) -> Any:
    return [(type(part).__name__, part) for part in row] if isinstance(row, list) else row
