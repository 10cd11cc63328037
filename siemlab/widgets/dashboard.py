"""The dashboard: linked panels, where a click on a bar includes its value in all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from siemlab.charts import Chart
from siemlab.charts.plain import clean
from siemlab.errors import SiemlabError, StoreError
from siemlab.query import Query
from siemlab.store.base import Store
from siemlab.widgets.board_view import board_view, charts_of
from siemlab.widgets.code import to_code
from siemlab.widgets.events import DiscoverEvent
from siemlab.widgets.front import script, style
from siemlab.widgets.panels import BOARDS, Board, load_board
from siemlab.widgets.reduce import reduce
from siemlab.widgets.state import DiscoverState
from siemlab.widgets.trail import Trail
from siemlab.widgets.view import error_of

__all__ = ["Dashboard"]

_CHAPTERS = ("words", "dom", "link", "values", "histogram", "side", "board_words", "board")
_WIDGET = "application/vnd.jupyter.widget-view+json"


class Dashboard(anywidget.AnyWidget):
    """Panels that look at the same documents: counts over time, top values, a table, numbers.

    A click on a bar includes its value in every panel; the minus beside it excludes it. All of it
    is kept as a trail, as in `Discover`: ``dashboard.query`` is the query, ``dashboard.to_code()``
    the same as code.

    Parameters
    ----------
    store
        The store that answers.
    board
        One of ``overview``, ``cloudtrail``, ``guardduty``, ``vpcflow``, ``web``, ``s3access``; or
        the path of a YAML file with panels of your own.
    query
        Where to begin; everything of the board's indexes where None.
    tz
        The zone of times; that of the query where None.
    lang
        ``"en"`` or ``"ja"``.
    page
        ``size``: ``"large"`` for the presentation view; ``theme``: ``"light"`` or ``"dark"``.
    clock
        Says when a step was made.

    Raises
    ------
    QuerySyntaxError
        When there is no such board.
    StoreError
        When there is no such language.

    Examples
    --------
    >>> from siemlab import Lab
    >>> board = Dashboard(Lab(store="sample", quiet=True).store, "guardduty")
    >>> board.do("include", field="user.name", value="root")
    >>> print(repr(board).splitlines()[0])
    GuardDuty: 1 hit / findings of high severity: 0
    >>> board.query.pills()
    ['user.name: root']
    """

    _esm = script(*_CHAPTERS)
    _css = style("discover") + style("board")

    event = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    page = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        store: Store,
        board: str | Path = "overview",
        *,
        query: Query | None = None,
        tz: str | None = None,
        lang: str = "en",
        page: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if lang not in ("en", "ja"):
            raise StoreError(
                f"there is no language {lang!r}; say 'en' or 'ja'",
                f"言語 {lang!r} はありません。'en' か 'ja' を指定してください",
            )
        self._store, self._clock = store, clock
        self._lock = threading.RLock()  # a kernel may answer clicks in a thread beside its cells
        self._board = load_board(board)
        asked = replace(query or Query(), pattern=self._board.pattern)
        self._state = DiscoverState.start(asked, tz=tz, lang=lang)
        super().__init__(page={"size": "normal", "theme": "auto", **(page or {}), "lang": lang})
        self._show(0)
        self.observe(self._happened, "event")

    @property
    def state(self) -> DiscoverState:
        """What is looked at, and every step that led there."""
        return self._state

    @property
    def query(self) -> Query:
        """What is asked."""
        return self._state.query

    @property
    def board(self) -> Board:
        """The panels."""
        return self._board

    @property
    def trail(self) -> Trail:
        """The steps, as code and as a report."""
        return Trail(self._state)

    @property
    def chart(self) -> Chart:
        """The panels as a static chart: ``dashboard.chart.save("board.svg")``."""
        return charts_of(self._view, self._board)

    def to_code(self) -> str:
        """Return code that builds the query; ``trail.to_code()`` has every step of it."""
        return to_code(self.query)

    def do(self, kind: str, **given: Any) -> None:
        """Do by code what a click does.

        Parameters
        ----------
        kind
            ``include``, ``exclude``, ``zoom``, ``pill``, ``undo``...; ``board`` for another board.
        **given
            What the event says: ``field="user.name", value="alice"``.

        Raises
        ------
        QuerySyntaxError
            When there is no such event, or something that it needs is missing.
        """
        with self._lock:
            self._apply({"kind": kind, **given})
            self._show(self._seq)

    @property
    def _seq(self) -> int:
        return int(self.view.get("seq", 0))

    def _happened(self, change: Mapping[str, Any]) -> None:
        """Answer a message of the page; what is wrong with it is said there, not raised."""
        message = change["new"]
        seq = message.get("seq")
        if type(seq) is not int:
            return
        events = message.get("events") if message.get("kind") == "many" else [message]
        error = None
        with self._lock:
            for event in events if isinstance(events, list) else []:
                try:
                    self._apply(event)
                except SiemlabError as wrong:
                    error = error_of(wrong, self._state.lang)
            self._show(seq, error)

    def _apply(self, message: Mapping[str, Any]) -> None:
        if message.get("kind") == "ask":
            return  # a new page asks for the view that is there
        if message.get("kind") == "board":
            self._switch(str(message.get("name")))
            return
        event = DiscoverEvent.of({"at": self._clock().isoformat(timespec="seconds"), **message})
        self._state = reduce(self._state, event)

    def _switch(self, name: str) -> None:
        """Look at another board; time and filters stay."""
        board = self._board if name == self._board.name else load_board(name)
        event = DiscoverEvent("pattern", {"pattern": board.pattern})
        self._state, self._board = reduce(self._state, event), board

    def _show(self, seq: int, error: dict[str, Any] | None = None) -> None:
        """Compute the view once, and send it."""
        self._view = board_view(self._store, self._state, self._board)
        total = None if self._view["error"] else self._view["total"]
        self._state = self._state.counted(total)
        lang = self._state.lang
        names = dict.fromkeys((*BOARDS, self._board.name))
        boards = [
            {"name": name, "title": load_board(name).title(lang) if name in BOARDS else name}
            for name in names
        ]
        shown = self._view | {"error": error or self._view["error"]}
        self.view = {
            "seq": seq,
            **shown,
            "board": {"name": self._board.name, "title": self._board.title(lang)},
            "boards": boards,
        }

    def __repr__(self) -> str:
        """Return the panels as text; the same for the same documents."""
        if self._view["error"]:
            return clean(f"{self._board.title(self._state.lang)}: {self._view['error']['message']}")
        return repr(self.chart)

    def _repr_mimebundle_(self, **given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and for front ends without widgets a drawing and text."""
        bundle = super()._repr_mimebundle_(**given)
        data, meta = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        kept = {_WIDGET: data[_WIDGET]} if _WIDGET in data else {}
        still = {} if self._view["error"] else {"image/svg+xml": self.chart.svg}
        return {**kept, **still, "text/plain": repr(self)}, meta
