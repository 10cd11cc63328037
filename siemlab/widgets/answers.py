"""What the page asks for besides the view: a document, its neighbors, code, exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from siemlab.errors import QuerySyntaxError
from siemlab.query import Query
from siemlab.store.base import Hit, Store
from siemlab.widgets.around import around, document
from siemlab.widgets.code import to_code
from siemlab.widgets.exports import csv_lines, ndjson_lines, share, write_export
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.trail import Trail
from siemlab.widgets.values import LONGEST, cell, fields_of, pretty, shown, sound
from siemlab.widgets.view import row_view

__all__ = ["ASKS", "Asked"]

_MOST_FIELDS: Final = 400
_WHOLE: Final = 150_000  # characters of one value, or of an export that is also sent as text
_EXPORTED: Final = 100_000  # documents
_NEIGHBORS: Final = 50


@dataclass(frozen=True)
class Asked:
    """What an answer is made from: store, state, the columns on the page, trail, and a folder."""

    store: Store
    state: DiscoverState
    columns: Sequence[str]
    trail: Trail
    folder: Path | None = None

    def document(self, message: Mapping[str, Any]) -> Hit:
        """Return the document that a message names."""
        names = (str(message.get(part, "")) for part in ("index", "id", "time"))
        return document(self.store, *names)


def _source(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of a document, and the document as JSON."""
    hit = asked.document(message)
    values = fields_of(hit.source)
    longest = 2000 if len(values) < 60 else 500
    fields = [
        {"field": sound(name[:LONGEST]), "value": cell(value, longest)}
        for name, value in islice(values.items(), _MOST_FIELDS)
    ]
    text = pretty(hit.source, longest)
    return {
        "index": hit.index,
        "id": hit.id,
        "fields": fields,
        "json": text if len(text) <= _WHOLE // 3 else f"{text[: _WHOLE // 3]}\n…",
    }


def _value(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    """One value, whole as far as a message takes it."""
    hit = asked.document(message)
    name, at = str(message.get("field", "")), message.get("at")
    value = fields_of(hit.source).get(name)
    if isinstance(value, list):
        value = value[at] if isinstance(at, int) and 0 <= at < len(value) else value
    text = value if isinstance(value, str) else str(value)
    given = shown(text, _WHOLE // 3)
    cut = given["text"] if isinstance(given, dict) else given
    return {
        "index": hit.index,
        "id": hit.id,
        "field": name,
        "at": at,
        "text": cut,
        "length": len(text),
    }


def _around(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    """The documents right before and after one, of the same indexes, whatever the filters are."""
    anchor = asked.document(message)
    size = message.get("size", 5)
    size = min(max(size, 1), _NEIGHBORS) if isinstance(size, int) else 5
    query = asked.state.query
    if not message.get("filtered"):
        query = Query(query.pattern)
    hits = around(asked.store, query, anchor, size)
    columns = list(asked.columns)
    rows = [row_view(hit, fields_of(hit.source), columns, 300) for hit in reversed(hits)]
    return {"index": anchor.index, "id": anchor.id, "columns": columns, "rows": rows}


def _show(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    """The query in every language that a learner may meet."""
    told = asked.state.query.explain()
    texts = {"lucene": told.lucene, "dsl": told.dsl, "sql": told.sql, "pandas": told.pandas}
    return {**texts, "code": to_code(asked.state.query)}


def _code(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": asked.trail.to_code()}


def _timeline(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": asked.trail.timeline()}


def _report(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": asked.trail.report()}


def _trail(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": asked.trail.to_json()}


def _share(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": share(asked.state.look)}


def _export(asked: Asked, message: Mapping[str, Any]) -> dict[str, Any]:
    """Write the hits, newest first, into a new file; a small one is also sent as text."""
    form = message.get("format")
    if form not in ("csv", "ndjson"):
        raise QuerySyntaxError(
            f"there is no export {form!r}; there are csv and ndjson",
            f"{form!r} への書き出しはできません。csv か ndjson を指定してください",
        )
    count = 0

    def hits() -> Any:
        nonlocal count
        for hit in islice(asked.store.scan(asked.state.query), _EXPORTED):
            count += 1
            yield hit

    lines = csv_lines(hits(), asked.columns) if form == "csv" else ndjson_lines(hits())
    folder = Path.cwd() if asked.folder is None else asked.folder
    path = write_export(lines, folder, asked.state.query.pattern, f".{form}")
    total = asked.store.count(asked.state.query)
    answer = {"file": path.name, "documents": count, "total": total, "format": form}
    if path.stat().st_size <= _WHOLE:
        answer["text"] = _read(path)
    return answer


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


ASKS: Final[Mapping[str, Callable[[Asked, Mapping[str, Any]], dict[str, Any]]]] = {
    "source": _source,
    "value": _value,
    "around": _around,
    "show": _show,
    "code": _code,
    "timeline": _timeline,
    "report": _report,
    "trail": _trail,
    "share": _share,
    "export": _export,
}
"""What can be asked for, and who answers."""
