"""What a view says without asking the store: state, trail, exclusions, picked documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from siemlab.baseline import Exclusion
from siemlab.query import Filter
from siemlab.query.timerange import TimeRange
from siemlab.widgets.labels import label_of
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.values import LONGEST, shown

__all__ = ["frame_view", "trail_view"]

_MOST_STEPS: Final = 300


def frame_view(state: DiscoverState, exclusions: Iterable[Exclusion] = ()) -> dict[str, Any]:
    """Return what a view says without asking the store: state, trail, exclusions, picks."""
    on = set(state.query.active)
    return {
        "state": _state(state),
        "trail": trail_view(state),
        "step": state.now,
        "can_undo": state.now > 0,
        "can_redo": bool(state.redo),
        "picked": [{"index": index, "id": name} for index, name in state.picked],
        "exclusions": [
            {
                "id": known.id,
                "label": known.ja if state.lang == "ja" else known.en,
                "active": Filter(known.field, "is one of", tuple(known.values), True) in on,
            }
            for known in exclusions
        ],
    }


def trail_view(state: DiscoverState) -> list[dict[str, Any]]:
    """Return the last 300 steps: number, label, hits before and after, when, whether it holds."""
    path = set(state.path)
    found = []
    for number in range(max(0, len(state.steps) - _MOST_STEPS), len(state.steps)):
        step = state.steps[number]
        before = state.steps[step.parent].hits if step.parent >= 0 else None
        found.append(
            {
                "step": number,
                "label": label_of(step, state.lang),
                "before": before,
                "after": step.hits,
                "at": step.at,
                "active": number in path,
            }
        )
    return found


def _state(state: DiscoverState) -> dict[str, Any]:
    look, query = state.look, state.query
    span = query.time_range or TimeRange(None, None, look.tz)
    shows = replace(span, tz=look.tz)
    return {
        "pattern": query.pattern,
        "time": {
            "from": shows.local(span.start) if span.start else None,
            "to": shows.local(span.end) if span.end else None,
            "tz": look.tz,
            "quick": look.quick or None,
        },
        "tz": look.tz,
        "text": query.text,
        "pills": [
            _pill(pill, pinned) for pill, pinned in zip(query.filters, look.pinned, strict=True)
        ],
        "columns": list(look.columns),
        "lang": state.lang,
    }


def _pill(pill: Filter, pinned: bool) -> dict[str, Any]:
    return {
        "field": pill.field,
        "op": pill.op,
        "values": [shown(value) for value in pill.values],
        "negate": pill.negate,
        "enabled": pill.enabled,
        "pinned": pinned,
        "label": str(replace(pill, enabled=True))[:LONGEST],
    }
