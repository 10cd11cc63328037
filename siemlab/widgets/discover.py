"""Discover: histogram, fields, documents, and one click to keep or to drop a value."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anywidget
import traitlets

from siemlab.errors import StoreError
from siemlab.query import Query
from siemlab.store.base import Store
from siemlab.widgets.code import to_code
from siemlab.widgets.desk import Desk
from siemlab.widgets.events import DiscoverEvent
from siemlab.widgets.front import CHAPTERS, script, style
from siemlab.widgets.plain import html_of, line_of
from siemlab.widgets.reduce import reduce
from siemlab.widgets.saved import SavedSearches, default_file
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.trail import Trail

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Discover"]

_SOON: Final = 0.15
"""Seconds of rest after which coverage and exclusions are counted; a click comes first."""


class Discover(anywidget.AnyWidget):
    """A search that is narrowed by clicks; every click is also code.

    Parameters
    ----------
    store
        The store that answers.
    query
        Where to begin; all documents of ``pattern`` where None.
    pattern
        The index pattern, where there is no query.
    columns
        The fields shown of a document; empty for the usual ones.
    tz
        The zone of times; that of the query where None.
    lang
        ``"en"`` or ``"ja"``.
    page
        ``size``: ``"large"`` for the presentation view; ``theme``: ``"light"`` or ``"dark"``.
    **desk
        ``exclusions``: the one-click exclusions, as ``load_baseline().exclusions`` has them;
        ``saved``: the file of saved searches, else the user's own; ``folder``: where exports are
        written, else the current one; ``clock``: the time, for the trail.

    Raises
    ------
    StoreError
        When there is no such language.

    Examples
    --------
    >>> from siemlab.store import open_store
    >>> d = Discover(open_store(), pattern="log-aws-cloudtrail-*")
    >>> d.do("include", field="user.name", value="alice")
    >>> d
    Discover log-aws-cloudtrail-*: 0 hits, filters: user.name: alice
    >>> d.query
    Query('log-aws-cloudtrail-*').include('user.name', 'alice')
    >>> d.do("undo")
    >>> d.query
    Query('log-aws-cloudtrail-*')
    """

    _esm = script(*CHAPTERS)
    _css = style("discover")

    event = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        store: Store,
        query: Query | None = None,
        *,
        pattern: str = "log-*",
        columns: Iterable[str] = (),
        tz: str | None = None,
        lang: str = "en",
        page: Mapping[str, str] | None = None,
        **desk: Any,
    ) -> None:
        if lang not in ("en", "ja"):
            raise StoreError(
                f"there is no language {lang!r}; say 'en' or 'ja'",
                f"言語 {lang!r} はありません。'en' か 'ja' を指定してください",
            )
        asked = Query(pattern) if query is None else query
        start = DiscoverState.start(asked, columns=tuple(columns), tz=tz, lang=lang)
        searches = SavedSearches(desk.pop("saved", None) or default_file())
        self._desk = Desk(store, desk.pop("state", start), saved=searches, **desk)
        self._seq = 0
        self._searches = 0
        self._lock = threading.RLock()  # a kernel may answer clicks in a thread beside its cells
        super().__init__(page={"size": "normal", "theme": "auto", **(page or {}), "lang": lang})
        self._tell(self._desk.refresh(whole=True))

    @classmethod
    def replay(cls, store: Store, trail: str | Path, **options: Any) -> Discover:
        """Return a Discover that shows a saved trail one step at a time, for a class.

        Parameters
        ----------
        store
            The store that answers.
        trail
            The JSON text of ``d.trail.to_json()``, or a file that holds it.
        **options
            What `Discover` takes besides.

        Raises
        ------
        QuerySyntaxError
            When the text is no trail.
        StoreError
            When the file cannot be read.
        """
        state = DiscoverState.from_json(_read(trail) if isinstance(trail, Path) else trail)
        start = reduce(state, DiscoverEvent("jump", {"step": 0}))
        options = {"lang": state.lang, **options}
        return cls(store, state=start, replayed=state.path, **options)

    @property
    def state(self) -> DiscoverState:
        """The state: every step, and the one looked at."""
        return self._desk.state

    @property
    def query(self) -> Query:
        """What is asked, as a query to work on with."""
        return self._desk.state.query

    @property
    def trail(self) -> Trail:
        """The steps so far: ``to_code()``, ``timeline()``, ``report()``, ``to_json()``."""
        return self._desk.trail

    @property
    def whole_view(self) -> dict[str, Any]:
        """Everything that the page shows, as plain JSON values."""
        return dict(self._desk.view)

    def to_code(self) -> str:
        """Return code that builds the query."""
        return to_code(self.query)

    def df(self, size: int = 10_000, fields: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the newest documents as a data frame.

        Parameters
        ----------
        size
            How many at most.
        fields
            The columns; all fields that occur where None.
        """
        return self._desk.store.newest(self.query, size).to_pandas(fields)

    def do(self, kind: str, **given: Any) -> None:
        """Do by code what a click does.

        Parameters
        ----------
        kind
            ``include``, ``exclude``, ``exists``, ``missing``, ``one_of``, ``between``, ``time``,
            ``text``, ``pattern``, ``pill``, ``column``, ``exclusion``, ``open``, ``save``,
            ``undo``, ``redo``, ``jump``...
        **given
            What it needs: ``field="user.name", value="alice"``.

        Raises
        ------
        QuerySyntaxError, StoreError
            When there is no such thing to do, or it cannot be done.
        """
        with self._lock:
            self._desk.must({"kind": kind, **given})
            self._tell(self._desk.refresh())

    @traitlets.observe("event")
    def _clicked(self, change: dict[str, Any]) -> None:
        message = change["new"]
        if not message:
            return
        with self._lock:
            seq = message.get("seq")
            if isinstance(seq, int):
                self._seq = max(self._seq, seq)  # two pages of one widget count apart
            parts: dict[str, Any] = {"error": _unexpected(self._desk.state.lang)}
            try:
                parts = self._desk.handle(message)
            finally:
                self._tell(parts)  # the page waits for an answer in any case

    def _tell(self, parts: dict[str, Any]) -> None:
        """Send parts of the view; count coverage and exclusions when nothing else is to do."""
        self.view = {**parts, "seq": self._seq}
        if "total" not in parts:
            return
        self._searches += 1
        rest = self._desk.later()
        try:
            asyncio.get_running_loop().call_later(_SOON, self._go_on, rest, self._searches)
        except RuntimeError:  # no loop: nobody clicks, and nobody waits
            for more in rest:
                self._add(more)

    def _go_on(self, rest: Iterator[dict[str, Any]], search: int) -> None:
        """Count one thing more, then let a click come first; a newer search ends this one."""
        soon = _SOON
        if self._lock.acquire(blocking=False):  # else a click is being answered
            try:
                more = next(rest, None) if search == self._searches else None
                if more is None:
                    return
                self._add(more)
                soon = 0.01
            finally:
                self._lock.release()
        asyncio.get_running_loop().call_later(soon, self._go_on, rest, search)

    def _add(self, parts: dict[str, Any]) -> None:
        if parts:
            self.view = {**parts, "seq": self._seq}

    def __repr__(self) -> str:
        """Return what is looked at and how many hits it has: the same for the same logs."""
        return line_of(self._desk.state, self._desk.view)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget, with a line of text and a table for where no widget can be."""
        bundle = super()._repr_mimebundle_(**options)
        data, more = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        plain = {"text/plain": repr(self), "text/html": html_of(self._desk.state, self._desk.view)}
        return {**data, **plain}, more


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"cannot read the trail {file.name} ({type(error).__name__}); give the file that"
            " d.trail.save() wrote",
            f"操作の記録 {file.name} を読めません（{type(error).__name__}）。"
            "d.trail.save() で書いたファイルを指定してください",
        ) from None


def _unexpected(lang: str) -> dict[str, Any]:
    if lang == "ja":
        message, hint = (
            "予期しないエラーです",
            "詳細は Jupyter のログにあります。元に戻してください。",
        )
    else:
        message, hint = "an unexpected error", "the log of Jupyter has the details; undo the step"
    return {"message": message, "column": 0, "hint": hint}
