"""Several charts as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from siemlab.charts.chart import Chart
from siemlab.charts.plain import clean
from siemlab.charts.svg import Drawing, label, shorten

__all__ = ["dashboard"]

_GAP = 16


def dashboard(charts: Sequence[Chart], *, columns: int = 2, title: str = "") -> Chart:
    """Return several charts side by side and below each other.

    Parameters
    ----------
    charts
        The charts, row by row.
    columns
        How many stand side by side.
    title
        Said above them.

    Returns
    -------
    Chart
        One chart of all.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from siemlab.charts import top_bar
    >>> one = top_bar([SimpleNamespace(key="alice", count=6)], field="user.name", width=300)
    >>> both = dashboard([one, one], title="Users")
    >>> both.drawing.width, len(both.spec["vconcat"][0]["hconcat"])
    (616.0, 2)
    """
    rows = [charts[at : at + columns] for at in range(0, len(charts), columns)]
    spec: dict[str, Any] = {
        **({"title": shorten(title, 200)} if title else {}),
        "vconcat": [{"hconcat": [chart.body for chart in row]} for row in rows],
        # Each panel has scales of its own: counts of one kind say nothing of another.
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
    }
    text = "\n\n".join([clean(title)] * bool(title) + [chart.text for chart in charts])
    return Chart(spec, _draw(rows, title), text)


def _draw(rows: list[Sequence[Chart]], title: str) -> Drawing:
    parts = [label(shorten(title, 90), 8, 18, font_weight="bold", font_size=14)] if title else []
    y, wide = (30.0 if title else 0.0), 0.0
    for row in rows:
        x = 0.0
        for chart in row:
            parts.append(chart.drawing.at(x, y))
            x += chart.drawing.width + _GAP
        wide = max(wide, x - _GAP)
        y += max(chart.drawing.height for chart in row) + _GAP
    return Drawing(wide, max(y - _GAP, 0.0), "".join(parts), title or "dashboard")
