"""What a dashboard shows of a state, as plain JSON: every panel of the same documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from siemlab.charts import Chart, dashboard, histogram, top_bar
from siemlab.charts.plain import clean
from siemlab.errors import SiemlabError
from siemlab.query import Query
from siemlab.store.base import IndexInfo, Store
from siemlab.widgets.panels import Board, Panel
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.values import shown
from siemlab.widgets.view import error_of, view_of

__all__ = ["board_view", "charts_of"]

_PARTS = ("state", "total", "histogram", "columns", "rows", "error", "can_undo", "can_redo")
_LONGEST = 300  # characters of a value; a dashboard shows many


def board_view(
    store: Store,
    state: DiscoverState,
    board: Board,
    *,
    indexes: Sequence[IndexInfo] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """Return what a dashboard shows of a state.

    Parameters
    ----------
    store
        The store that answers.
    state
        What is looked at.
    board
        The panels.
    indexes
        The indexes of the store, where they are known already.
    clock
        Seconds, for ``took_ms``.

    Returns
    -------
    dict
        ``state``, ``total``, ``histogram``, ``columns``, ``rows``, ``panels`` and ``error``. Each
        panel has its ``id``, ``kind``, ``title``, and its ``values`` or ``count``; one that cannot
        be answered (a field that is not counted) has an ``error`` of its own. Nothing is raised.

    Examples
    --------
    >>> from siemlab.normalize import Document
    >>> from siemlab.store import open_store
    >>> from siemlab.widgets.panels import load_board
    >>> store = open_store(engine="pandas")
    >>> source = {"@timestamp": "2022-11-14T09:00:00Z", "@log_type": "waf"}
    >>> _ = store.add([Document("log-aws-waf-2022-11", "1", source)])
    >>> found = board_view(store, DiscoverState.start(Query("log-*")), load_board("overview"))
    >>> found["total"], found["panels"][3]["values"]
    (1, [{'value': 'waf', 'count': 1, 'share': 1.0}])
    """
    started = clock()
    table = next((panel for panel in board.panels if panel.kind == "table"), None)
    columns, size = (table.columns, table.size) if table else ((), 1)
    steps = list(state.steps)
    looked = replace(state.look, columns=columns)
    steps[state.now] = replace(steps[state.now], look=looked)
    whole = view_of(store, replace(state, steps=tuple(steps), size=size), indexes=indexes)
    found = {part: whole.get(part) for part in _PARTS}
    found["panels"] = [
        {"id": panel.id, "kind": panel.kind, "title": panel.title(state.lang)}
        | _answer(store, state, panel, whole)
        for panel in board.panels
    ]
    return found | {"took_ms": round(1000 * (clock() - started), 1)}


def _answer(
    store: Store, state: DiscoverState, panel: Panel, whole: dict[str, Any]
) -> dict[str, Any]:
    """Return what a panel says; histogram and table stand in the view itself."""
    if whole["error"]:
        return {}
    query = _narrowed(state.query, panel)
    try:
        if panel.kind == "number":
            return _number(store, query, panel, whole["total"])
        if panel.kind == "top":
            return _top(store, query, panel, whole["total"])
    except SiemlabError as error:
        return {"error": error_of(error, state.lang)["message"]}
    return {}


def _narrowed(query: Query, panel: Panel) -> Query:
    return replace(query, filters=(*query.filters, *panel.only))


def _number(store: Store, query: Query, panel: Panel, total: int) -> dict[str, Any]:
    count = store.count(query) if panel.only else total
    only = [
        {"field": pill.field, "op": pill.op, "values": list(pill.values), "negate": pill.negate}
        for pill in panel.only
    ]
    return {"count": count, "share": round(count / total, 6) if total else 0, "only": only}


def _top(store: Store, query: Query, panel: Panel, total: int) -> dict[str, Any]:
    values = [
        {
            "value": shown(bucket.key, _LONGEST),
            "count": bucket.count,
            "share": round(bucket.count / total, 6) if total else 0,
        }
        for bucket in store.top(query, panel.field, panel.size)
    ]
    return {"field": panel.field, "values": values}


class _Row(NamedTuple):
    """A row of a view, as a chart takes it."""

    key: Any
    count: int  # type: ignore[assignment]  # a tuple's own method of this name is not used


def charts_of(view: dict[str, Any], board: Board) -> Chart:
    """Return a dashboard as one static chart, for a report, for GitHub, and as text.

    Parameters
    ----------
    view
        What `board_view` returned.
    board
        The board.

    Returns
    -------
    Chart
        The histogram over the whole width, then the top values, two side by side.

    Examples
    --------
    >>> from siemlab.store import open_store
    >>> from siemlab.widgets.panels import load_board
    >>> board = load_board("web")
    >>> empty = board_view(open_store(engine="pandas"), DiscoverState.start(), board)
    >>> print(repr(charts_of(empty, board)).splitlines()[0])
    WAF and load balancer: 0 hits...
    """
    lang, tz = view["state"]["lang"], view["state"]["tz"]
    hits = view["total"] or 0
    title = f"{board.title(lang)}: {_hits(hits, lang)}"
    numbers = [
        f"{panel['title']}: {panel['count']:,}" for panel in view["panels"] if "count" in panel
    ]
    wide, tops = [], []
    for panel in view["panels"]:
        if panel["kind"] == "histogram":
            bars = (view["histogram"] or {}).get("bars", [])
            times = [_Row(datetime.fromisoformat(bar["from"]), bar["count"]) for bar in bars]
            wide.append(histogram(times, title=panel["title"], tz=tz, lang=lang, width=896))
        elif panel.get("values"):
            rows = [_Row(_whole(row["value"]), row["count"]) for row in panel["values"]]
            tops.append(top_bar(rows, field=panel["title"], lang=lang, width=440))
    parts = [dashboard([chart], columns=1) for chart in wide]
    parts += [dashboard(tops)] if tops else []
    text = " / ".join([title, *map(clean, numbers)])
    return dashboard(parts, columns=1, title=text)


def _hits(count: int, lang: str) -> str:
    if lang == "ja":
        return f"{count:,} 件"
    return f"{count:,} {'hit' if count == 1 else 'hits'}"


def _whole(value: Any) -> Any:
    return f"{value['text']}…" if isinstance(value, dict) else value
