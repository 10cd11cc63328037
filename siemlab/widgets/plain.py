"""Discover where there is no widget: one stable line of text, and a small table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siemlab.charts.plain import clean
from siemlab.charts.table import Table, text_of
from siemlab.widgets.state import DiscoverState

__all__ = ["html_of", "line_of"]

_ROWS = 10


def line_of(state: DiscoverState, view: Mapping[str, Any]) -> str:
    """Return what is looked at, and how many documents that finds, on one line.

    Parameters
    ----------
    state
        The state.
    view
        Its view.

    Examples
    --------
    >>> from siemlab.query import Query
    >>> state = DiscoverState.start(Query("log-aws-waf-*").exclude("source.ip", "10.0.0.0/8"))
    >>> line_of(state, {"total": 1234})
    'Discover log-aws-waf-*: 1,234 hits, filters: NOT source.ip: 10.0.0.0/8'
    """
    query, ja = state.query, state.lang == "ja"
    error = view.get("error")
    if error:
        count = clean(str(error.get("message")))
    else:
        count = f"{view.get('total', 0):,} {'件' if ja else 'hits'}"
    parts = [count]
    if query.time_range:
        parts.append(str(query.time_range))
    if query.text:
        parts.append(f"{'検索' if ja else 'search'}: {query.text}")
    if query.filters:
        parts.append(f"{'フィルター' if ja else 'filters'}: {'; '.join(query.pills())}")
    return clean(f"Discover {query.pattern}: {', '.join(parts)}")


def html_of(state: DiscoverState, view: Mapping[str, Any]) -> str:
    """Return the newest documents as a table in HTML, every value escaped.

    Parameters
    ----------
    state
        The state.
    view
        Its view.

    Examples
    --------
    >>> row = {"time": "2022-11-14T09:00:00.000Z", "cells": [["<script>"]]}
    >>> "&lt;script&gt;" in html_of(DiscoverState(), {"columns": ["x"], "rows": [row]})
    True
    """
    heads = ("@timestamp", *view.get("columns", ()))
    rows = tuple(
        (row.get("time") or None, *(_cell(one) for one in row.get("cells", ())))
        for row in view.get("rows", ())[:_ROWS]
    )
    return Table(heads, rows, line_of(state, view))._repr_html_()


def _cell(values: list[Any]) -> Any:
    plain = [one["text"] + "…" if isinstance(one, dict) else one for one in values]
    return text_of(plain) if plain else None
