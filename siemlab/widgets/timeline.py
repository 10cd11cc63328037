"""The timeline: picked documents on one axis, for a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siemlab.charts import Chart, Mark, timeline
from siemlab.charts.scale import wall
from siemlab.charts.table import Table, text_of
from siemlab.query.timerange import zone
from siemlab.store.base import Hit
from siemlab.widgets.markdown import code, table
from siemlab.widgets.values import fields_of, time_of

__all__ = ["Timeline", "told"]

_TOLD = (
    "event.action",
    "event.outcome",
    "user.name",
    "source.ip",
    "destination.ip",
    "url.path",
    "rule.name",
    "error.code",
)
"""What is said of a document, where it has it."""


def told(hit: Hit) -> str:
    """Return what a document is about, in one line.

    Parameters
    ----------
    hit
        The document.

    Examples
    --------
    >>> told(Hit("log-x", "1", {"event": {"action": "ConsoleLogin"}, "user": {"name": "root"}}))
    'ConsoleLogin · root'
    """
    values = fields_of(hit.source)
    words = [text_of(values[name]) for name in _TOLD if values.get(name) is not None]
    return " · ".join(words) or text_of(values.get("@message"))


@dataclass(frozen=True, repr=False)
class Timeline:
    """Documents on one axis, oldest first; those without a time are left out.

    In a notebook it is a picture and a table that says the same.

    Parameters
    ----------
    hits
        The documents: ``events.newest(20)``, or those picked in Discover.
    tz
        The zone of times.
    lang
        ``"en"`` or ``"ja"``.
    title
        Said above it.

    Examples
    --------
    >>> source = {"@timestamp": "2022-11-14T11:00:05Z", "@log_type": "s3accesslog"}
    >>> source["event"] = {"action": "REST.GET.OBJECT"}
    >>> found = Timeline((Hit("log-aws-s3accesslog-2022-11", "a1", source),), tz="Asia/Tokyo")
    >>> found
    #  time (Asia/Tokyo)    lane         what
    1  2022-11-14 20:00:05  s3accesslog  REST.GET.OBJECT
    >>> print(found.to_markdown().splitlines()[0])
    | # | time (Asia/Tokyo) | log | what | id |
    """

    hits: tuple[Hit, ...]
    tz: str = "UTC"
    lang: str = "en"
    title: str = ""

    def __post_init__(self) -> None:
        zone(self.tz)
        dated = [(time_of(hit.source), hit) for hit in _listed(self.hits)]
        dated = sorted(((time, hit) for time, hit in dated if time), key=lambda one: one[0])
        object.__setattr__(self, "hits", tuple(hit for _, hit in dated))

    def __len__(self) -> int:
        return len(self.hits)

    @property
    def chart(self) -> Chart:
        """The picture, in every form."""
        return self._picture(listed=True)

    def _picture(self, *, listed: bool) -> Chart:
        marks = [Mark(_time(hit), told(hit), _lane(hit)) for hit in self.hits]
        return timeline(marks, title=self.title, tz=self.tz, lang=self.lang, listed=listed)

    def to_svg(self) -> str:
        """Return the picture as an SVG document, for a report or for GitHub."""
        return self.chart.svg

    def to_markdown(self) -> str:
        """Return the documents as a table in Markdown; log text stands in it as code."""
        ja = self.lang == "ja"
        if not self.hits:
            return "ドキュメントはまだ選ばれていません。" if ja else "No documents were picked yet."
        heads = (
            (f"時刻 ({self.tz})", "ログ", "内容") if ja else (f"time ({self.tz})", "log", "what")
        )
        rows = [
            (
                str(at),
                wall(_time(hit), self.tz, seconds=True),
                code(_lane(hit)),
                code(told(hit)),
                code(hit.id),
            )
            for at, hit in enumerate(self.hits, 1)
        ]
        found = table(["#", *heads, "ID" if ja else "id"], rows)
        return f"### {code(self.title)}\n\n{found}" if self.title else found

    def __repr__(self) -> str:
        """Return the documents as text; the same for the same documents."""
        return repr(self.chart)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Return the picture and the table; and as a drawing, as Markdown, and as text."""
        return {
            "text/html": f"{self._picture(listed=False).svg}{self._table()._repr_html_()}",
            "image/svg+xml": self.to_svg(),
            "text/markdown": self.to_markdown(),
            "text/plain": repr(self),
        }

    def _table(self) -> Table:
        heads = ("#", "時刻", "ログ", "内容") if self.lang == "ja" else ("#", "time", "log", "what")
        rows = tuple(
            (at, wall(_time(hit), self.tz, seconds=True), _lane(hit), told(hit))
            for at, hit in enumerate(self.hits, 1)
        )
        return Table((heads[0], f"{heads[1]} ({self.tz})", *heads[2:]), rows)


def _listed(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(hits)


def _time(hit: Hit) -> datetime:
    return datetime.fromisoformat(time_of(hit.source))


def _lane(hit: Hit) -> str:
    """Return the kind of log; of a document that says none, its index."""
    return text_of(hit.source.get("@log_type") or hit.index)
