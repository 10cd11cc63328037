"""The view of a state: what the page draws, as plain JSON. It is computed once for each state."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from siemlab.baseline import Exclusion
from siemlab.ecs import field
from siemlab.errors import QuerySyntaxError, SiemlabError
from siemlab.query import Query
from siemlab.query.notes import notes
from siemlab.query.timerange import TimeRange
from siemlab.store.base import FieldInfo, Hit, Hits, IndexInfo, Store
from siemlab.store.frames import flat
from siemlab.widgets.frame import frame_view
from siemlab.widgets.spans import bars, ends_of, interval_of, patterns_of
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.values import LONGEST, cell, moment, shown, sound, time_of

__all__ = [
    "USUAL_COLUMNS",
    "columns_of",
    "error_of",
    "fields_view",
    "row_view",
    "top_view",
    "view_of",
]

USUAL_COLUMNS: Final = (
    "event.module",
    "event.action",
    "event.outcome",
    "user.name",
    "source.ip",
    "destination.ip",
    "rule.name",
)
"""Shown of a document where nobody says which; those that no hit has are left out."""

_SUMMARY: Final = 8  # fields of a document's one line
_ROOM: Final = 120_000  # bytes that the rows may take in a message
_TOP: Final = 10
_MOST_FIELDS: Final = 1000  # the most frequent ones are listed, as far as a message takes them
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def view_of(
    store: Store,
    state: DiscoverState,
    *,
    exclusions: Iterable[Exclusion] = (),
    indexes: Sequence[IndexInfo] | None = None,
    top: Iterable[str] = (),
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """Return what Discover shows of a state, as plain JSON.

    Parameters
    ----------
    store
        The store that answers.
    state
        What is looked at.
    exclusions
        The one-click exclusions that are offered.
    indexes
        The indexes of the store, where they are known already.
    top
        The fields whose most frequent values are wanted.
    clock
        Seconds, for ``took_ms``.

    Returns
    -------
    dict
        ``state``, ``total``, ``took_ms``, ``histogram``, ``columns``, ``rows``, ``top``,
        ``trail``, ``exclusions``, ``error`` and so on. A query that cannot be answered has an
        ``error`` and no documents; nothing is raised. The coverage of fields is `fields_view`.

    Examples
    --------
    >>> from siemlab.store import open_store
    >>> view = view_of(open_store(), DiscoverState.start(Query("log-aws-waf-*")))
    >>> view["total"], view["state"]["pattern"], view["error"]
    (0, 'log-aws-waf-*', None)
    """
    started = clock()
    tell = frame_view(state, exclusions)
    try:
        known = store.indexes() if indexes is None else indexes
        histogram = _histogram(store, state, known)
        found = store.newest(state.query, state.size)
        tops = {name: top_view(store, state.query, name, found.total) for name in top}
    except SiemlabError as error:
        return {**tell, **_nothing(state, error), "took_ms": _since(started, clock)}
    values = [flat(hit.source) for hit in found]
    columns = columns_of(state, values)
    return {
        **tell,
        "total": found.total,
        "histogram": histogram,
        "columns": list(columns),
        "rows": _rows(found, values, columns),
        "top": tops,
        "patterns": patterns_of(index.name for index in known),
        "error": None,
        "notes": _notes(state),
        "took_ms": _since(started, clock),
    }


def fields_view(found: Iterable[FieldInfo], total: int, lang: str = "en") -> list[dict[str, Any]]:
    """Return fields as the page lists them: types, coverage, and meaning in one language.

    Parameters
    ----------
    found
        What the store says of them; a field that comes several times is added up.
    total
        How many documents match.
    lang
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> fields_view([FieldInfo("x.y", ("long",), 3), FieldInfo("x.y", ("ip",), 1)], 8)
    [{'name': 'x.y', 'types': ['ip', 'long'], 'documents': 4, 'share': 0.5}]
    """
    counts: Counter[str] = Counter()
    types: dict[str, set[str]] = {}
    for info in found:
        if len(info.name) > LONGEST:
            continue  # no page can list it
        counts[info.name] += info.documents
        types.setdefault(info.name, set()).update(info.types)
    if len(counts) > _MOST_FIELDS:
        counts = Counter(dict(counts.most_common(_MOST_FIELDS)))
    rows = []
    for name in sorted(counts):
        share = round(counts[name] / total, 4) if total else 0
        row: dict[str, Any] = {"name": sound(name), "types": sorted(types[name])}
        row |= {"documents": counts[name], "share": share}
        known = field(name)
        if known is not None:
            row[f"meaning_{lang}"] = known.meaning(lang)
        rows.append(row)
    return rows


def top_view(store: Store, query: Query, name: str, total: int) -> dict[str, Any]:
    """Return the most frequent values of a field, each with its share of all hits.

    Parameters
    ----------
    store, query, name
        Whom is asked what, and the field.
    total
        How many documents match.

    Raises
    ------
    SiemlabError
        When the store cannot answer, or the field cannot be counted.
    """
    rows = [
        {
            "value": shown(bucket.key),
            "count": bucket.count,
            "share": round(bucket.count / total, 6) if total else 0,
        }
        for bucket in store.top(query, name, _TOP)
    ]
    return {"values": rows, "total": total}


def columns_of(state: DiscoverState, values: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the columns that are shown: those chosen, else the usual ones that documents have.

    Parameters
    ----------
    state
        What is looked at.
    values
        The documents, as dotted names and values.
    """
    if state.look.columns:
        return state.look.columns
    usual = set(USUAL_COLUMNS)
    having = set().union(*(one.keys() & usual for one in values))
    return tuple(name for name in USUAL_COLUMNS if name in having)


def error_of(error: SiemlabError, lang: str) -> dict[str, Any]:
    """Return an error as the page shows it: sentence, column in the query text, and hint."""
    text = error.ja if lang == "ja" else error.en
    sentence, _, hint = text.partition("。" if lang == "ja" else "; ")
    column = error.column if isinstance(error, QuerySyntaxError) else 0
    message = f"{sentence}。" if lang == "ja" and hint else sentence
    return {"message": message, "column": column, "hint": hint}


def row_view(
    hit: Hit, values: Mapping[str, Any], columns: Sequence[str], longest: int = LONGEST
) -> dict[str, Any]:
    """Return a document as a row: where it lies, when it was, and its cells.

    Parameters
    ----------
    hit
        The document.
    values
        The same as dotted names and values.
    columns
        The fields of the cells; without any, the row has a ``summary`` of its first fields.
    longest
        How many characters are left of a value.
    """
    row: dict[str, Any] = {
        "index": hit.index,
        "id": sound(hit.id),
        "time": time_of(hit.source),
        "cells": [cell(values.get(name), longest) for name in columns],
    }
    if not columns:
        told = [name for name in sorted(values) if not name.startswith("@")][:_SUMMARY]
        row["summary"] = [
            {"field": name, "value": one}
            for name in told
            for one in cell(values[name], min(longest, 200))[:1]
        ]
    return row


def _rows(
    found: Hits, values: Sequence[Mapping[str, Any]], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the rows, their texts cut as short as the message needs."""
    for longest in (LONGEST, 500, 150, 60):
        rows = [
            row_view(hit, one, columns, longest) for hit, one in zip(found, values, strict=True)
        ]
        if len(json.dumps(rows, ensure_ascii=False).encode()) <= _ROOM:
            break
    return rows


def _histogram(store: Store, state: DiscoverState, indexes: Sequence[IndexInfo]) -> dict[str, Any]:
    """Return the bars; none where times lie so far apart that even years are too many."""
    ends = ends_of(state.query, indexes)
    tz = state.look.tz
    span = state.query.time_range or TimeRange(None, None)
    for interval in (interval_of(*ends), "1y"):
        try:
            drawn = bars(store.histogram(state.query, interval, tz), interval, tz, ends)
        except (ValueError, OverflowError):  # too many bars; or the text, as the documents will say
            continue
        return {"interval": interval, "bars": [_bar(bar, span) for bar in drawn]}
    return {"interval": "", "bars": []}


def _bar(bar: tuple[int, int, int], span: TimeRange) -> dict[str, Any]:
    """Return a bar with its ends as text; the first and the last one keep to the time range."""
    start, end, count = bar
    if span.start is not None:
        start = max(start, round(span.start.timestamp() * 1000))
    if span.end is not None:
        end = min(end, round(span.end.timestamp() * 1000))
    return {"from": _iso(start), "to": _iso(end), "count": count}


def _iso(millis: int) -> str:
    try:
        return moment(_EPOCH + timedelta(milliseconds=millis))
    except OverflowError:
        return ""


def _nothing(state: DiscoverState, error: SiemlabError) -> Mapping[str, Any]:
    return {
        "total": 0,
        "histogram": {"interval": "", "bars": []},
        "columns": list(state.look.columns),
        "rows": [],
        "top": {},
        "error": error_of(error, state.lang),
        "notes": [],
    }


def _notes(state: DiscoverState) -> list[dict[str, Any]]:
    """Return what the query text probably does not mean."""
    found = notes(state.query.text) if state.query.text else ()
    return [{"column": note.column, "message": note.message(state.lang)} for note in found]


def _since(started: float, clock: Callable[[], float]) -> float:
    return round(1000 * (clock() - started), 1)
