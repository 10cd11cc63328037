"""The widget without a page: messages in, parts of the view out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from siemlab.baseline import Exclusion
from siemlab.errors import QuerySyntaxError, SiemlabError
from siemlab.query import Filter, Query
from siemlab.store.base import FieldInfo, Hit, Store
from siemlab.store.catalog import chosen
from siemlab.widgets.answers import ASKS, Asked
from siemlab.widgets.around import document
from siemlab.widgets.events import DiscoverEvent
from siemlab.widgets.exports import from_share
from siemlab.widgets.frame import frame_view
from siemlab.widgets.labels import label_of
from siemlab.widgets.recent import Recent
from siemlab.widgets.reduce import reduce
from siemlab.widgets.saved import SavedSearches
from siemlab.widgets.spans import quick_ends
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.trail import Trail
from siemlab.widgets.values import moment
from siemlab.widgets.view import error_of, fields_view, top_view, view_of

__all__ = ["Desk"]

_ALWAYS: Final = frozenset({"seq", "total", "top", "took_ms", "error"})
"""Parts that are sent after every search, whether they changed or not."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_SEARCHES: Final = frozenset({"text", "time", "pattern"})


class Desk:
    """Where one person investigates: state and store, moved by messages from the page.

    Parameters
    ----------
    store
        The store that answers.
    state
        Where to begin.
    exclusions
        The one-click exclusions that are offered.
    saved
        The saved searches.
    replayed
        The steps that are shown one after the other, for a class; empty for none.
    folder
        Where exports are written; the current folder where None.
    clock
        The time, for the trail.

    Examples
    --------
    >>> from siemlab.store import open_store
    >>> desk = Desk(open_store(), DiscoverState.start(Query("log-aws-*")))
    >>> view = desk.handle({"seq": 1, "kind": "include", "field": "user.name", "value": "alice"})
    >>> view["seq"], view["total"], desk.state.query.pills()
    (1, 0, ['user.name: alice'])
    """

    def __init__(
        self,
        store: Store,
        state: DiscoverState,
        *,
        exclusions: Iterable[Exclusion] = (),
        saved: SavedSearches | None = None,
        replayed: tuple[int, ...] = (),
        folder: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store = Recent(store)
        self.state = state
        self.exclusions = tuple(exclusions)
        self.saved = SavedSearches(None) if saved is None else saved
        self.folder = folder
        self.replayed = replayed
        self.view: dict[str, Any] = {}
        self._clock = clock
        self._error: dict[str, Any] | None = None
        self._documents: dict[tuple[str, str], Hit] = {}

    @property
    def trail(self) -> Trail:
        """The trail, with the documents that were picked."""
        picked = (self._document(index, name) for index, name in self.state.picked)
        return Trail(self.state, tuple(hit for hit in picked if hit is not None))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are shown."""
        return tuple(self.view.get("columns", ()))

    def handle(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parts of the view that a message changes; nothing is raised for bad input.

        Parameters
        ----------
        message
            ``{seq, kind, ...}``: an event of `KINDS`, ``ask``, ``save``, ``open``, ``step``, or
            ``many`` with ``events``, of which only the last state is searched for.

        Returns
        -------
        dict
            Plain JSON with the ``seq`` of the message.
        """
        before = self.state
        told: dict[str, Any] = {"seq": message.get("seq", 0)}
        several = message.get("kind") == "many"
        messages = list(message.get("events", ())) if several else [message]
        asked = [one for one in messages if one.get("kind") == "ask"]
        errors: list[SiemlabError] = []
        self._try(self._take, [one for one in messages if one not in asked], told, errors)
        if self._asks_anew(before, message.get("kind")):
            told |= self.refresh()
        elif self.state != before:
            told |= self._changed(self._framed())
        self._try(self._answer, asked, told, errors)  # about what is looked at now
        if errors:
            told["error"] = self.view["error"] = error_of(errors[-1], self.state.lang)
        elif "error" not in told and any(told.keys() - {"seq"}):
            told |= self._changed({"error": self._error})
        return told

    @staticmethod
    def _try(
        do: Callable[[Any, dict[str, Any]], None],
        messages: Iterable[Any],
        told: dict[str, Any],
        errors: list[SiemlabError],
    ) -> None:
        for one in messages:
            try:
                do(one, told)
            except SiemlabError as error:
                errors.append(error)

    def must(self, message: Mapping[str, Any]) -> None:
        """Do what a message says; the view is as before until `refresh`.

        Raises
        ------
        SiemlabError
            When it cannot be done.
        """
        self._take(message, {})

    def refresh(self, *, whole: bool = False) -> dict[str, Any]:
        """Search for what is looked at; return the parts of the view that are not as before.

        Parameters
        ----------
        whole
            Return every part, of documents that came since as well.
        """
        if whole:
            self.store.forget()
        view = view_of(self.store, self.state, exclusions=self.exclusions)
        failed = view["error"] is not None
        self._error = view["error"]
        self.state = self.state.counted(None if failed else view["total"])
        parts = self._changed({**view, **self._framed()})
        if whole:
            return {name: part for name, part in self.view.items() if name != "seq"}
        return parts | {name: view[name] for name in _ALWAYS & view.keys()}

    def later(self) -> Iterator[dict[str, Any]]:
        """Yield the parts that may come after the documents: fields, then what exclusions do.

        Each is one search or a few; a newer click makes the rest of no use.
        """
        if self._error is not None:
            return
        query, total = self.state.query, self.view.get("total", 0)
        found: list[FieldInfo] = []
        counted = []
        try:
            for part in self._parts(query):
                found += self.store.fields(part)
                yield {}
            yield self._changed({"fields": fields_view(found, total, self.state.lang)})
            for known in self.exclusions:
                counted.append({"id": known.id, **self._effect(known, total)})
                yield {}
        except SiemlabError:
            return  # the next search will say
        if counted:
            effects = {one.pop("id"): one for one in counted}
            shown = [one | effects[one["id"]] for one in self.view["exclusions"]]
            yield self._changed({"exclusions": shown})

    def _parts(self, query: Query) -> list[Query]:
        """Return the query for each index apart, so that a click between them need not wait."""
        names = chosen(query.pattern, [index.name for index in self.store.indexes()])
        return [replace(query, pattern=name) for name in names] if len(names) > 1 else [query]

    def _effect(self, known: Exclusion, total: int) -> dict[str, int]:
        """Return how many documents there are before and after an exclusion."""
        query = self.state.query
        pill = Filter(known.field, "is one of", tuple(known.values), True)
        if pill in query.active:
            others = tuple(other for other in query.filters if other != pill)
            return {"before": self.store.count(replace(query, filters=others)), "after": total}
        more = replace(query, filters=(*query.filters, pill))
        return {"before": total, "after": self.store.count(more)}

    def _take(self, message: Any, told: dict[str, Any]) -> None:
        kind = message.get("kind") if isinstance(message, Mapping) else None
        if kind == "save":
            self.saved.save(str(message.get("name", "")), self.state.look)
            told |= self._changed({"saved": self.saved.names()})
        elif kind == "step":
            self._step(message.get("step"))
        else:
            self.state = reduce(self.state, self._event(message))

    def _answer(self, message: Mapping[str, Any], told: dict[str, Any]) -> None:
        what = str(message.get("what"))
        if what == "view":
            told |= self.refresh(whole=True)
        elif what == "top":
            name = str(message.get("field", ""))
            told.setdefault("top", {})[name] = self._top(name)
        elif what in ASKS:
            asked = Asked(self.store, self.state, self.columns, self.trail, self.folder)
            told.setdefault("answers", {})[what] = ASKS[what](asked, message)

    def _top(self, name: str) -> dict[str, Any]:
        total = self.view.get("total", 0)
        try:
            return top_view(self.store, self.state.query, name, total)
        except SiemlabError as error:
            told = error_of(error, self.state.lang)
            return {"values": [], "total": total, "error": told["message"], "hint": told["hint"]}

    def _event(self, message: Any) -> DiscoverEvent:
        """Return the event of a message, with all that is looked up here and not in `reduce`."""
        given = {**message} if isinstance(message, Mapping) else {}
        given["at"] = moment(self._clock())
        look = _LOOKS.get(str(given.get("kind")))
        return DiscoverEvent.of(given if look is None else {**given, **look(self, given)})

    def _quick(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Look up when a quick range ends: at the newest document, for logs are from long ago."""
        if not given.get("quick"):
            return {"quick": ""}
        ends = quick_ends(str(given["quick"]), self.state.query, self.store.indexes())
        start, end = (None if one is None else moment(one) for one in ends)
        return {"from": start, "to": end}

    def _exclusion(self, given: Mapping[str, Any]) -> dict[str, Any]:
        for known in self.exclusions:
            if known.id == given.get("id"):
                label = known.ja if self.state.lang == "ja" else known.en
                return {"field": known.field, "values": list(known.values), "label": label}
        return {}

    def _moment(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Write a moment as its field takes it: some dates are seconds since 1970, not ISO."""
        value = given.get("value")
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            return {}
        since = datetime.fromisoformat(value).timestamp()
        for text in (value, f"{since:.0f}", f"{1000 * since:.0f}"):
            try:
                self.store.count(
                    Query(self.state.query.pattern).include(str(given.get("field", "")), text)
                )
            except QuerySyntaxError:
                continue
            return {"value": text}
        return {}

    def _pill(self, given: Mapping[str, Any]) -> dict[str, Any]:
        at, pills = given.get("index"), self.state.query.pills()
        fits = isinstance(at, int) and 0 <= at < len(pills)
        return {"label": pills[at]} if fits and isinstance(at, int) else {}

    def _open(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if isinstance(given.get("text"), str):
            look = from_share(given["text"])
        else:
            look = self.saved.load(str(given.get("name", "")))
        return {"look": look.to_dict()}

    def _column(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is shown now is what a column is added to, or taken from."""
        return {"shown": list(self.columns)}

    def _step(self, number: Any) -> None:
        if self.replayed and isinstance(number, int):
            at = min(max(number, 0), len(self.replayed) - 1)
            self.state = reduce(self.state, DiscoverEvent("jump", {"step": self.replayed[at]}))

    def _replay(self) -> dict[str, Any] | None:
        if not self.replayed:
            return None
        steps, before = [], None
        for number in self.replayed:
            step = self.state.steps[number]
            label = label_of(step, self.state.lang)
            steps.append({"label": label, "before": before, "after": step.hits})
            before = step.hits
        now = self.state.now
        position = self.replayed.index(now) if now in self.replayed else len(steps) - 1
        return {"position": position, "steps": steps}

    def _framed(self) -> dict[str, Any]:
        """Return what a view says without a search."""
        parts = frame_view(self.state, self.exclusions)
        parts["replay"] = self._replay()
        try:
            parts["saved"] = self.saved.names()
        except SiemlabError:
            parts["saved"] = []
        return parts

    def _asks_anew(self, before: DiscoverState, kind: Any) -> bool:
        if self.state.look != before.look or self.state.size != before.size:
            return True
        if kind in _SEARCHES:  # the same search again: there may be new documents, or a server
            self.store.forget()
            return True
        return not self.view

    def _changed(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """Keep parts; return those that differ from what was there."""
        differing = {
            name: part
            for name, part in parts.items()
            if name not in self.view or self.view[name] != part
        }
        self.view |= differing
        return differing

    def _document(self, index: str, name: str) -> Hit | None:
        key = (index, name)
        if key not in self._documents:
            times = (r["time"] for r in self.view.get("rows", ()) if (r["index"], r["id"]) == key)
            try:
                self._documents[key] = document(self.store, index, name, next(times, ""))
            except SiemlabError:
                return None
        return self._documents[key]


_LOOKS: Mapping[str, Callable[[Desk, Mapping[str, Any]], dict[str, Any]]] = {
    "time": Desk._quick,
    "include": Desk._moment,
    "exclude": Desk._moment,
    "exclusion": Desk._exclusion,
    "pill": Desk._pill,
    "open": Desk._open,
    "column": Desk._column,
}
