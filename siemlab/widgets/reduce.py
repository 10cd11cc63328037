"""The widget without a browser: a state and an event in, the next state out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from siemlab.errors import QuerySyntaxError
from siemlab.query import Filter, Query, TimeRange
from siemlab.query.filters import scalars
from siemlab.widgets.events import DiscoverEvent
from siemlab.widgets.state import PAGE, DiscoverState, Look, Step

__all__ = ["reduce"]

_MOST = 500  # documents that one view shows


def reduce(state: DiscoverState, event: DiscoverEvent) -> DiscoverState:
    """Return the state after an event. Pure: no clock, no store, and ``state`` stays as it was.

    Parameters
    ----------
    state
        What is looked at.
    event
        What is done.

    Returns
    -------
    DiscoverState
        The next state; the same one where the event changes nothing.

    Raises
    ------
    QuerySyntaxError
        When a value, a time, an index pattern, or the number of a filter or step is none.

    Examples
    --------
    >>> start = DiscoverState.start(Query("log-aws-cloudtrail-*"))
    >>> click = DiscoverEvent("exclude", {"field": "user.name", "value": "alice"})
    >>> after = reduce(start, click)
    >>> after.query.pills()
    ['NOT user.name: alice']
    >>> reduce(after, DiscoverEvent("undo")).query == start.query
    True
    """
    if event.kind in _MOVES:
        return _MOVES[event.kind](state, event.given)
    look = _CHANGES[event.kind](state.look, event.given)
    if look == state.look:
        return state
    steps = (*state.steps, Step(event, look, state.now))
    return replace(state, steps=steps, now=len(state.steps), redo=(), size=PAGE)


# What moves along the trail, or changes only what is seen


def _undo(state: DiscoverState, given: Mapping[str, Any]) -> DiscoverState:
    parent = state.steps[state.now].parent
    if parent < 0:
        return state
    return replace(state, now=parent, redo=(*state.redo, state.now), size=PAGE)


def _redo(state: DiscoverState, given: Mapping[str, Any]) -> DiscoverState:
    if not state.redo:
        return state
    return replace(state, now=state.redo[-1], redo=state.redo[:-1], size=PAGE)


def _jump(state: DiscoverState, given: Mapping[str, Any]) -> DiscoverState:
    to = given["step"]
    if not 0 <= to < len(state.steps):
        raise QuerySyntaxError(
            f"there is no step {to}; the trail has {len(state.steps)}, counted from 0",
            f"手順 {to} はありません。0 から数えて {len(state.steps)} 個あります",
        )
    if to == state.now:
        return state
    path = state.path
    undone = tuple(reversed(path[path.index(to) + 1 :])) if to in path else ()
    # Back on the same path, what lies ahead can be redone, as after as many undos.
    return replace(state, now=to, redo=(*state.redo, *undone) if undone else (), size=PAGE)


def _page(state: DiscoverState, given: Mapping[str, Any]) -> DiscoverState:
    return replace(state, size=min(state.size + PAGE, _MOST))


def _pick(state: DiscoverState, given: Mapping[str, Any]) -> DiscoverState:
    one = (given["index"], given["id"])
    kept = tuple(other for other in state.picked if other != one)
    return replace(state, picked=kept if one in state.picked else (*kept, one))


_MOVES: dict[str, Callable[[DiscoverState, Mapping[str, Any]], DiscoverState]] = {
    "undo": _undo,
    "redo": _redo,
    "jump": _jump,
    "page": _page,
    "pick": _pick,
}

# What changes the look: each of these is a step


def _pattern(look: Look, given: Mapping[str, Any]) -> Look:
    return replace(look, query=replace(look.query, pattern=given["pattern"].strip()))


def _time(look: Look, given: Mapping[str, Any]) -> Look:
    tz = str(given.get("tz") or look.tz)
    ends = [_end(given[name]) for name in ("from", "to")]
    span = TimeRange.of(ends[0], ends[1], tz)
    if span.start and span.end and span.start > span.end:
        raise QuerySyntaxError(
            "the time range ends before it starts; exchange its ends",
            "期間の終了が開始より前です。開始と終了を入れ替えてください",
        )
    quick = str(given.get("quick") or "")
    query = replace(look.query, time_range=span)
    return replace(look, query=query, tz=tz, quick=quick)


def _end(text: str | None) -> str | None:
    return None if text is None or not text.strip() else text.strip()


def _text(look: Look, given: Mapping[str, Any]) -> Look:
    return replace(look, query=look.query.lucene(given["text"].strip()))


def _column(look: Look, given: Mapping[str, Any]) -> Look:
    name = given["field"]
    shown = look.columns or tuple(str(column) for column in given.get("shown") or ())
    kept = tuple(column for column in shown if column != name)
    return replace(look, columns=kept if name in shown else (*shown, name))


def _include(look: Look, given: Mapping[str, Any]) -> Look:
    return _with(look, _equal(given["field"], given["value"], negate=False))


def _exclude(look: Look, given: Mapping[str, Any]) -> Look:
    return _with(look, _equal(given["field"], given["value"], negate=True))


def _exists(look: Look, given: Mapping[str, Any]) -> Look:
    return _with(look, Filter(given["field"], "exists"))


def _missing(look: Look, given: Mapping[str, Any]) -> Look:
    return _with(look, Filter(given["field"], "exists", negate=True))


def _one_of(look: Look, given: Mapping[str, Any]) -> Look:
    return _with(look, _several(given["field"], given["values"], negate=bool(given.get("negate"))))


def _between(look: Look, given: Mapping[str, Any]) -> Look:
    ends = (given.get("low"), given.get("high"))
    return _with(look, Filter(given["field"], "is between", ends, bool(given.get("negate"))))


def _exclusion(look: Look, given: Mapping[str, Any]) -> Look:
    """Switch an exclusion on, or, where it is on, take it away."""
    pill = _several(given["field"], given["values"], negate=True)
    at = _place(look.query, pill)
    if at is not None and look.query.filters[at] == pill:
        return _without(look, at)
    return _with(look, pill)


def _open(look: Look, given: Mapping[str, Any]) -> Look:
    """Open a saved search; pinned filters stay in front of its own."""
    opened = Look.from_dict(given["look"])
    marks = zip(look.query.filters, look.pinned, strict=True)
    pinned = tuple(pill for pill, mark in marks if mark and pill not in opened.query.filters)
    query = replace(opened.query, filters=(*pinned, *opened.query.filters))
    return replace(opened, query=query, pinned=(*([True] * len(pinned)), *opened.pinned))


def _pill(look: Look, given: Mapping[str, Any]) -> Look:
    at, action = given["index"], given["action"]
    filters = look.query.filters
    if not 0 <= at < len(filters) or action not in _ACTIONS:
        raise QuerySyntaxError(
            f"there is no filter {at} to {action}; the query has {len(filters)}, counted from 0",
            f"フィルター {at} に {action} は行えません。0 から数えて {len(filters)} 個あります",
        )
    return _ACTIONS[action](look, at, given)


def _toggle(look: Look, at: int, given: Mapping[str, Any]) -> Look:
    pill = look.query.filters[at]
    return _changed(look, at, replace(pill, enabled=not pill.enabled))


def _negate(look: Look, at: int, given: Mapping[str, Any]) -> Look:
    pill = look.query.filters[at]
    return _changed(look, at, replace(pill, negate=not pill.negate))


def _edit(look: Look, at: int, given: Mapping[str, Any]) -> Look:
    before = look.query.filters[at]
    field, op = str(given.get("field", before.field)), given.get("op", before.op)
    values, negate = list(given.get("values", before.values)), bool(given.get("negate"))
    if op == "is one of":
        pill = _several(field, values, negate=negate)
    else:
        pill = Filter(field, op, tuple(values), negate)
    return _changed(look, at, replace(pill, enabled=before.enabled))


def _remove(look: Look, at: int, given: Mapping[str, Any]) -> Look:
    return _without(look, at)


def _pin(look: Look, at: int, given: Mapping[str, Any]) -> Look:
    marks = look.pinned
    return replace(look, pinned=(*marks[:at], not marks[at], *marks[at + 1 :]))


_ACTIONS: dict[str, Callable[[Look, int, Mapping[str, Any]], Look]] = {
    "toggle": _toggle,
    "negate": _negate,
    "edit": _edit,
    "remove": _remove,
    "pin": _pin,
}

_CHANGES: dict[str, Callable[[Look, Mapping[str, Any]], Look]] = {
    "pattern": _pattern,
    "time": _time,
    "zoom": _time,
    "text": _text,
    "include": _include,
    "exclude": _exclude,
    "exists": _exists,
    "missing": _missing,
    "one_of": _one_of,
    "between": _between,
    "pill": _pill,
    "column": _column,
    "exclusion": _exclusion,
    "open": _open,
}

# Filters


def _equal(field: str, value: Any, *, negate: bool) -> Filter:
    if isinstance(value, list):
        return _several(field, value, negate=negate)
    return Filter(field, "is", (value,), negate)


def _several(field: str, values: list[Any], *, negate: bool) -> Filter:
    return Filter(field, "is one of", scalars(field, values) or (), negate)


def _place(query: Query, pill: Filter) -> int | None:
    """Return where a filter on the same field and values stands, negated or off as it may be."""
    for at, other in enumerate(query.filters):
        if replace(other, negate=pill.negate, enabled=True) == pill:
            return at
    return None


def _with(look: Look, pill: Filter) -> Look:
    """Add a filter; where it is there already it is switched on, and turned as it must be."""
    at = _place(look.query, pill)
    if at is not None:
        return _changed(look, at, pill)
    query = replace(look.query, filters=(*look.query.filters, pill))
    return replace(look, query=query, pinned=(*look.pinned, False))


def _changed(look: Look, at: int, pill: Filter) -> Look:
    filters = look.query.filters
    return replace(
        look, query=replace(look.query, filters=(*filters[:at], pill, *filters[at + 1 :]))
    )


def _without(look: Look, at: int) -> Look:
    marks = look.pinned
    return replace(look, query=look.query.without(at), pinned=(*marks[:at], *marks[at + 1 :]))
