"""What Discover shows, as a value: each step of an investigation, and which one is looked at.

A step is never lost. What is undone stays on the trail as a branch, and can be jumped to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from siemlab.errors import QuerySyntaxError
from siemlab.query import Query
from siemlab.query.timerange import zone
from siemlab.widgets.events import DiscoverEvent

__all__ = ["PAGE", "DiscoverState", "Look", "Step", "refused", "shaped"]

PAGE = 50
"""How many documents one page shows."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked and in which columns it is shown: the part of the state that steps change.

    Parameters
    ----------
    query
        Index pattern, time range, filters and text.
    columns
        The fields shown of a document; empty for the usual ones.
    pinned
        For each filter, whether it stays when a saved search is opened. Shorter means False.
    tz
        The zone that times are read and shown in.
    quick
        The quick range that the time came from (``"24h"``), for the chooser; empty for none.

    Raises
    ------
    QuerySyntaxError
        When there is no such zone.

    Examples
    --------
    >>> Look(Query("log-aws-waf-*"), tz="Asia/Tokyo").query.pattern
    'log-aws-waf-*'
    """

    query: Query = field(default_factory=Query)
    columns: tuple[str, ...] = ()
    pinned: tuple[bool, ...] = ()
    tz: str = "UTC"
    quick: str = ""

    def __post_init__(self) -> None:
        zone(self.tz)
        filters = len(self.query.filters)
        marks = (*self.pinned, *([False] * filters))[:filters]
        object.__setattr__(self, "pinned", marks)
        object.__setattr__(self, "columns", tuple(self.columns))

    def to_dict(self) -> dict[str, Any]:
        """Return the look as plain JSON values."""
        return {
            "query": json.loads(self.query.to_json()),
            "columns": list(self.columns),
            "pinned": list(self.pinned),
            "tz": self.tz,
            "quick": self.quick,
        }

    @classmethod
    def from_dict(cls, given: Any) -> Look:
        """Return the look that `to_dict` wrote.

        Raises
        ------
        QuerySyntaxError
            When it is none.
        """
        given = shaped(given, {"query": dict, "columns": list, "pinned": list})
        query = Query.from_json(json.dumps(given["query"]))
        columns, pinned = given["columns"], given["pinned"]
        if not all(isinstance(name, str) for name in columns):
            raise refused("columns")
        if not all(isinstance(mark, bool) for mark in pinned):
            raise refused("pinned")
        tz, quick = given.get("tz", "UTC"), given.get("quick", "")
        if not isinstance(tz, str) or not isinstance(quick, str):
            raise refused("tz")
        return cls(query, tuple(columns), tuple(pinned), tz, quick)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an investigation.

    Parameters
    ----------
    event
        What was done; None for the start.
    look
        What was looked at afterwards.
    parent
        The number of the step it followed; -1 for the start.
    hits
        How many documents it found; None while nobody counted, or where that failed.
    """

    event: DiscoverEvent | None
    look: Look
    parent: int = -1
    hits: int | None = None

    @property
    def at(self) -> str:
        """When it was done (ISO, UTC); empty where the event does not say."""
        return "" if self.event is None else self.event.at


@dataclass(frozen=True, slots=True)
class DiscoverState:
    """The state of a Discover: every step, the one looked at, and what is only seen.

    Parameters
    ----------
    steps
        All steps in the order they were made; the first is the start.
    now
        The number of the step that is looked at.
    redo
        The steps that were undone, the next one to redo last.
    size
        How many documents are shown.
    picked
        The documents on the timeline: index and id, in the order they were picked.
    lang
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> state = DiscoverState.start(Query("log-aws-waf-*"), lang="ja")
    >>> DiscoverState.from_json(state.to_json()) == state
    True
    """

    steps: tuple[Step, ...] = field(default=(Step(None, Look()),))
    now: int = 0
    redo: tuple[int, ...] = ()
    size: int = PAGE
    picked: tuple[tuple[str, str], ...] = ()
    lang: str = "en"

    @classmethod
    def start(
        cls,
        query: Query | None = None,
        *,
        columns: tuple[str, ...] = (),
        tz: str | None = None,
        lang: str = "en",
    ) -> DiscoverState:
        """Return the state of a Discover in which nothing was done yet.

        Parameters
        ----------
        query
            Where to begin; all documents where None.
        columns
            The fields shown of a document; empty for the usual ones.
        tz
            The zone of times; that of the query where None.
        lang
            ``"en"`` or ``"ja"``.
        """
        asked = Query() if query is None else query
        return cls((Step(None, Look(asked, columns, tz=tz or asked.tz)),), lang=lang)

    @property
    def look(self) -> Look:
        """What is looked at."""
        return self.steps[self.now].look

    @property
    def query(self) -> Query:
        """What is asked."""
        return self.look.query

    @property
    def path(self) -> tuple[int, ...]:
        """The numbers of the steps from the start to the one looked at."""
        found = [self.now]
        while self.steps[found[-1]].parent >= 0:
            found.append(self.steps[found[-1]].parent)
        return tuple(reversed(found))

    def counted(self, hits: int | None) -> DiscoverState:
        """Return the state with the number of documents that the present step found."""
        steps = list(self.steps)
        steps[self.now] = replace(steps[self.now], hits=hits)
        return replace(self, steps=tuple(steps))

    def to_json(self) -> str:
        """Return the state as a JSON text, which `from_json` reads back: an investigation."""
        whole = {
            "discover": 1,
            "steps": [
                {
                    "event": step.event and step.event.to_dict(),
                    "look": step.look.to_dict(),
                    "parent": step.parent,
                    "hits": step.hits,
                }
                for step in self.steps
            ],
            "now": self.now,
            "redo": list(self.redo),
            "size": self.size,
            "picked": [list(one) for one in self.picked],
            "lang": self.lang,
        }
        return json.dumps(whole, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> DiscoverState:
        """Return the state of a JSON text.

        Raises
        ------
        QuerySyntaxError
            When it is not what `to_json` writes.
        """
        try:
            given = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            raise refused("JSON") from None
        kinds = {"steps": list, "now": int, "redo": list, "size": int, "picked": list, "lang": str}
        given = shaped(given, kinds)
        steps = tuple(_step(one, at) for at, one in enumerate(given["steps"]))
        redo = tuple(given["redo"])
        known = range(len(steps))
        if not steps or any(type(at) is not int or at not in known for at in (given["now"], *redo)):
            raise refused("steps")
        if given["lang"] not in ("en", "ja"):
            raise refused("lang")
        picked = tuple(_pick(one) for one in given["picked"])
        return cls(steps, given["now"], redo, max(1, given["size"]), picked, given["lang"])


def _step(given: Any, at: int) -> Step:
    given = shaped(given, {"look": dict, "parent": int})
    event, hits, parent = given.get("event"), given.get("hits"), given["parent"]
    fine = parent == -1 if at == 0 else 0 <= parent < at
    if not fine or not (hits is None or type(hits) is int):
        raise refused("parent")
    happened = None if event is None else DiscoverEvent.of(event)
    return Step(happened, Look.from_dict(given["look"]), parent, hits)


def _pick(given: Any) -> tuple[str, str]:
    if isinstance(given, list) and len(given) == 2 and all(isinstance(x, str) for x in given):
        return (given[0], given[1])
    raise refused("picked")


def shaped(given: Any, kinds: Mapping[str, type]) -> dict[str, Any]:
    """Return an object of JSON in which certain keys are there and of certain kinds.

    Raises
    ------
    QuerySyntaxError
        When it is not.
    """
    if not isinstance(given, dict):
        raise refused("object")
    for name, kind in kinds.items():
        if not isinstance(given.get(name), kind) or (kind is int and type(given[name]) is bool):
            raise refused(name)
    return given


def refused(part: str) -> QuerySyntaxError:
    """Return the error for a text that is no search, trail or look of Discover."""
    return QuerySyntaxError(
        f"this is not a search of Discover ({part}); copy the whole text that it gave",
        f"Discover の検索ではありません（{part}）。表示されたテキスト全体をコピーしてください",
    )
