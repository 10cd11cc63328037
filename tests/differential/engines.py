"""The same questions to several engines, and where their answers differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siemlab.errors import QueryNotSupportedError, SiemlabError
from siemlab.normalize.document import Document
from siemlab.query import Query
from siemlab.store.base import Bucket, Store

__all__ = ["MAPPING", "Question", "answers", "difference", "fill", "found", "parted"]

MAPPING: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "cases" / "query" / "mapping.json").read_text("utf-8")
)
REFUSED = "refused"
ERROR = "error"


@dataclass(frozen=True)
class Question:
    """All that one example asks."""

    query: Query
    top: str
    size: int
    interval: str
    tz: str | None
    newest: int

    def __repr__(self) -> str:
        return (
            f"{self.query!r}\n    top {self.top} {self.size}, histogram {self.interval} "
            f"{self.tz}, newest {self.newest}"
        )


def fill(store: Store, documents: Sequence[Document]) -> list[str]:
    """Add documents; return the ids that were refused."""
    return sorted(name for _, name, _ in store.add(documents).refusals)


def answers(store: Store, question: Question) -> dict[str, Any]:
    """Ask a store everything; an error stands in the place of an answer."""
    query, size = question.query, question.size
    return {
        "ids": found(store, query),
        "count": _asked(lambda: store.count(query)),
        "top": _asked(lambda: _buckets(store.top(query, question.top, size))),
        "histogram": _asked(
            lambda: _buckets(store.histogram(query, question.interval, question.tz))
        ),
        "newest": _asked(lambda: _newest(store, query, question.newest)),
        "fields": _asked(
            lambda: [(field.name, field.types, field.documents) for field in store.fields(query)]
        ),
    }


def found(store: Store, query: Query) -> Any:
    """Return the places of the documents that a query finds, in their order."""
    return _asked(lambda: [(hit.index, hit.id) for hit in store.scan(query)])


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except QueryNotSupportedError:
        return REFUSED
    except SiemlabError:
        return ERROR


def _buckets(buckets: Sequence[Bucket]) -> list[tuple[str, Any, int]]:
    return [(type(bucket.key).__name__, bucket.key, bucket.count) for bucket in buckets]


def _newest(store: Store, query: Query, size: int) -> tuple[int, list[Any]]:
    hits = store.newest(query, size)
    return hits.total, [(hit.index, hit.id, hit.source) for hit in hits]


def difference(question: Question, given: dict[str, dict[str, Any]]) -> str:
    """Return where engines differ; empty where they agree, or where the difference is known.

    Known are: the embedded engines decline a regular expression that OpenSearch answers; and the
    server does not notice an unusable value of a filter when another part of the query rules out
    the whole index, so it finds nothing where the others say what is wrong.
    """
    engines = list(given)
    if any(answer["ids"] == REFUSED for answer in given.values()):
        declined = "/" in question.query.text
        return "" if declined else f"refused: {question!r}"
    server = given.get("opensearch")
    first = given[engines[0]]
    if server and first["ids"] == ERROR and server["ids"] == [] and len(_parts(question)) > 1:
        given = {name: answer for name, answer in given.items() if answer is not server}
    for name in given:
        for part, expected in first.items():
            got = given[name][part]
            if got != expected:
                return (
                    f"{question!r}\n  {part} differs\n  {engines[0]}: {_short(expected)}"
                    f"\n  {name}: {_short(got)}{_apart(expected, got)}"
                )
    return _whole(question, first)


def _parts(question: Question) -> list[object]:
    query = question.query
    parts = [*query.active, query.text, query.time_range]
    return [part for part in parts if part]


def _short(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) < 500 else f"{text[:500]}..."


def _apart(one: Any, other: Any) -> str:
    if not isinstance(one, list) or not isinstance(other, list):
        return ""
    return f"\n  only in the first: {[x for x in one if x not in other][:5]}" + (
        f"\n  only in the second: {[x for x in other if x not in one][:5]}"
    )


def _whole(question: Question, answer: dict[str, Any]) -> str:
    """Return in what an answer contradicts itself."""
    if answer["ids"] == ERROR:
        return ""
    total, newest = answer["newest"]
    if not len(answer["ids"]) == answer["count"] == total:
        return f"{question!r}\n  ids, count and newest disagree on the number of hits"
    if [hit[:2] for hit in newest] != answer["ids"][: question.newest]:
        return f"{question!r}\n  newest is not the beginning of scan"
    return ""


def parted(store: Store, query: Query) -> str:
    """Return whether the last filter and its opposite part what the rest of the query finds."""
    if not query.filters or not query.filters[-1].enabled:
        return ""
    rest, opposite = query.without(-1), query.invert(-1)
    try:
        numbers = [store.count(one) for one in (rest, query, opposite)]
    except SiemlabError:
        return ""
    return "" if numbers[0] == numbers[1] + numbers[2] else f"{query!r}: {numbers}"
