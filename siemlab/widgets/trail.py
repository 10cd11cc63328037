"""The trail of an investigation as code, as a timeline, and as a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from siemlab.errors import StoreError
from siemlab.query import Query
from siemlab.query.timerange import zone
from siemlab.store.base import Hit
from siemlab.widgets.code import move
from siemlab.widgets.labels import label_of
from siemlab.widgets.markdown import code, fenced, table
from siemlab.widgets.state import DiscoverState, Step
from siemlab.widgets.timeline import told
from siemlab.widgets.values import time_of

__all__ = ["Trail"]


@dataclass(frozen=True)
class Trail:
    """The steps that lead to what is looked at, and the documents that were picked.

    Parameters
    ----------
    state
        The state of the Discover.
    picked
        The picked documents.

    Examples
    --------
    >>> from siemlab.query import Query
    >>> from siemlab.widgets import DiscoverEvent, reduce
    >>> click = DiscoverEvent("include", {"field": "user.name", "value": "alice"})
    >>> state = reduce(DiscoverState.start(Query("log-aws-cloudtrail-*")), click).counted(12)
    >>> print(Trail(state).to_code())
    from siemlab import Query
    <BLANKLINE>
    query = Query('log-aws-cloudtrail-*')
    query = query.include('user.name', 'alice')  # 12 hits
    """

    state: DiscoverState
    picked: tuple[Hit, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps from the start to what is looked at."""
        return tuple(self.state.steps[number] for number in self.state.path)

    def __len__(self) -> int:
        return len(self.state.path)

    def to_code(self) -> str:
        """Return the investigation as a cell of a notebook: one line per step that asks anew."""
        lines = ["from siemlab import Query", ""]
        before: Query | None = None
        for step in self.steps:
            query = step.look.query
            if query == before:
                continue
            made = move(before, query)
            hits = "" if step.hits is None else f"  # {step.hits:,} hits"
            lines.append(f"query = {made}{hits}")
            before = query
        return "\n".join(lines)

    def timeline(self) -> str:
        """Return the picked documents, oldest first, as a table in Markdown.

        Times are in the zone that is looked at; the column's heading names it.
        """
        tz, ja = self.state.look.tz, self.state.lang == "ja"
        heads = ["時刻", "インデックス", "内容", "ID"] if ja else ["time", "index", "what", "id"]
        heads[0] = f"{heads[0]} ({tz})"
        rows = [
            (_local(time, tz), code(hit.index), code(told(hit)), code(hit.id))
            for time, hit in self._dated()
        ]
        if not rows:
            return "ドキュメントはまだ選ばれていません。" if ja else "No documents were picked yet."
        return table(heads, rows)

    def report(self) -> str:
        """Return a short report in Markdown: steps with hits before and after, timeline, code."""
        ja = self.state.lang == "ja"
        parts = _HEADS_JA if ja else _HEADS_EN
        heads = ["#", *parts["steps"]]
        return "\n\n".join(
            [
                f"# {parts['title']}",
                f"{parts['asked']}: {code(self.state.query.pattern)} ({self.state.look.tz})",
                f"## {parts['trail']}",
                table(heads, self._told_steps()),
                f"## {parts['timeline']}",
                self.timeline(),
                f"## {parts['code']}",
                fenced(self.to_code(), "python"),
            ]
        )

    def to_json(self) -> str:
        """Return the investigation as a JSON text, to be replayed with ``Discover.replay``."""
        return self.state.to_json()

    def save(self, file: str | Path) -> Path:
        """Write the investigation into a file, for ``Discover.replay``; return the file.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        path = Path(file).expanduser()
        try:
            path.write_text(self.to_json(), encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"cannot write {path} ({error.strerror}); name a file in a folder of your own",
                f"{path} に書き込めません（{error.strerror}）。"
                "自分のフォルダーのファイル名を指定してください",
            ) from None
        return path

    def _told_steps(self) -> list[tuple[str, ...]]:
        rows = []
        before: int | None = None
        for number, step in enumerate(self.steps):
            label = label_of(step, self.state.lang)
            counts = ["" if hits is None else f"{hits:,}" for hits in (before, step.hits)]
            when = _local(step.at, self.state.look.tz) if step.at else ""
            rows.append((str(number), when, code(label), *counts))
            before = step.hits
        return rows

    def _dated(self) -> list[tuple[str, Hit]]:
        return sorted(((time_of(hit.source), hit) for hit in self.picked), key=lambda one: one[0])

    def __repr__(self) -> str:
        """Return the steps, one a line, with the hits that each left."""
        lines = []
        for step in self.steps:
            hits = "" if step.hits is None else f": {step.hits:,}"
            lines.append(f"{label_of(step, self.state.lang)}{hits}")
        return "\n".join(lines)


_HEADS_EN = {
    "title": "Investigation",
    "asked": "Index pattern",
    "trail": "Steps",
    "steps": ("when", "step", "hits before", "hits after"),
    "timeline": "Timeline",
    "code": "As code",
}
_HEADS_JA = {
    "title": "調査の記録",
    "asked": "インデックスパターン",
    "trail": "手順",
    "steps": ("実施時刻", "手順", "前の件数", "後の件数"),
    "timeline": "タイムライン",
    "code": "コード",
}


def _local(time: str, tz: str) -> str:
    try:
        there = datetime.fromisoformat(time).astimezone(zone(tz))
    except (ValueError, OverflowError):
        return "-"
    return there.strftime("%Y-%m-%d %H:%M:%S")
