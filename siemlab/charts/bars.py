"""Charts of counts: over time, and of the most frequent values."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from siemlab.charts.chart import Chart, Counted
from siemlab.charts.plain import clean
from siemlab.charts.scale import Span, count_ticks, here, ticks_in, wall
from siemlab.charts.svg import BAR, Drawing, element, label, shorten, words
from siemlab.charts.table import Table, text_of

__all__ = ["histogram", "top_bar"]

_WIDE = 720
_HIGH = 200
_LINE = 22
"""Height of a bar of a value, in pixels."""
_ROWS = 48
"""Rows that the text of a chart shows at most."""

_LONGEST = 400
"""Columns of a value that a chart keeps; one sees fewer, the rest shows when it is pointed at."""

_Row = tuple[Any, int]


def histogram(
    buckets: Iterable[Counted],
    *,
    title: str = "",
    tz: str = "UTC",
    lang: str = "en",
    width: float = _WIDE,
) -> Chart:
    """Return a chart of counts over time.

    Parameters
    ----------
    buckets
        Times and counts, in order, as ``store.histogram`` and ``events.histogram`` return them.
    title
        What is counted; log text is fine.
    tz
        The zone that times are shown in.
    lang
        The language of its words, ``"en"`` or ``"ja"``.
    width
        Its width, in pixels.

    Returns
    -------
    Chart
        A bar per bucket, from its time to that of the next one.

    Examples
    --------
    >>> from datetime import UTC
    >>> from types import SimpleNamespace
    >>> hours = [datetime(2022, 11, 14, hour, tzinfo=UTC) for hour in (0, 1, 2)]
    >>> rows = [SimpleNamespace(key=hour, count=2 * n) for n, hour in enumerate(hours)]
    >>> histogram(rows, tz="Asia/Tokyo")
    time (Asia/Tokyo)  count
    2022-11-14 09:00       0
    2022-11-14 10:00       2  ███████████████
    2022-11-14 11:00       4  ██████████████████████████████
    """
    rows: list[tuple[datetime, int]] = [(here(row.key, tz), row.count) for row in buckets]
    heads = ("時刻", "件数") if lang == "ja" else ("time", "count")
    axis = f"{heads[0]} ({tz})"
    said = title or (f"{axis} / {heads[1]}")
    ends = [moment for moment, _ in rows[1:]]
    ends += [rows[-1][0] + _gap([moment for moment, _ in rows])] if rows else []
    text = _table((axis, heads[1]), [(wall(time, tz), count) for time, count in rows], title, lang)
    spec = _over_time(rows, ends, (axis, heads[1]), width, lang)
    drawing = _draw_over_time(rows, ends, tz, said, width)
    return Chart(_titled(spec, title), drawing, text)


def _gap(moments: Sequence[datetime]) -> timedelta:
    """Return how long the last bucket is taken to be: as long as the shortest one."""
    gaps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    return min(gaps, default=timedelta(hours=1))


def _over_time(
    rows: list[tuple[datetime, int]],
    ends: list[datetime],
    heads: tuple[str, str],
    width: float,
    lang: str,
) -> dict[str, Any]:
    """Return the specification. Wall clocks are given as UTC, else each browser used its own."""
    values = [
        {"from": _clock(start), "to": _clock(end), "count": count}
        for (start, count), end in zip(rows, ends, strict=True)
    ]
    axis, counts = heads
    time = {"type": "temporal", "scale": {"type": "utc"}, **ticks_in(lang)}
    shown = {"type": "temporal", "format": "%Y-%m-%d %H:%M:%S", "formatType": "utc"}
    return {
        "width": width - 80,
        "height": _HIGH - 60,
        "data": {
            "values": values,
            "format": {
                "parse": {
                    "from": "utc:'%Y-%m-%dT%H:%M:%S.%L'",
                    "to": "utc:'%Y-%m-%dT%H:%M:%S.%L'",
                }
            },
        },
        # A rectangle from edge to edge: a bar with two ends would lie on its side.
        "mark": {"type": "rect", "color": BAR, "stroke": "#fff", "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "from", "title": axis, **time},
            "x2": {"field": "to"},
            "y": {"field": "count", "type": "quantitative", "title": counts},
            "y2": {"datum": 0},
            "tooltip": [
                {"field": "from", "title": axis, **shown},
                {"field": "count", "type": "quantitative", "title": counts},
            ],
        },
    }


def _clock(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _draw_over_time(
    rows: list[tuple[datetime, int]], ends: list[datetime], tz: str, title: str, width: float
) -> Drawing:
    if not rows:
        return Drawing(width, 40, label(title, 8, 24), title)
    ticks = count_ticks(max(count for _, count in rows))
    left, top, bottom = 14 + 7.0 * len(f"{ticks[-1]:,}"), 28.0, _HIGH - 26.0
    span = Span(rows[0][0], ends[-1], tz, left, width - 12)
    unit = (bottom - top) / ticks[-1]
    parts = [label(shorten(title, int(width / 7)), 8, 16, font_weight="bold")]
    for count in ticks:
        y = bottom - count * unit
        parts.append(_rule(left, width - 12, y))
        parts.append(label(f"{count:,}", left - 5, y + 4, text_anchor="end"))
    for (start, count), end in zip(rows, ends, strict=True):
        x, wide = span.at(start), max(span.at(end) - span.at(start) - 1, 0.5)
        tip = element("title", words(f"{wall(start, tz)}: {count:,}"))
        y = bottom - count * unit
        shape = {"x": x, "y": y, "width": wide, "height": count * unit}
        parts.append(element("rect", tip, fill=BAR, **shape) if count else "")
    parts.append(span.axis(bottom))
    return Drawing(width, _HIGH, "".join(parts), title)


def _rule(left: float, right: float, y: float) -> str:
    return element("line", x1=left, x2=right, y1=y, y2=y, stroke="currentColor", stroke_opacity=0.2)


def top_bar(
    buckets: Iterable[Counted],
    *,
    field: str = "",
    title: str = "",
    lang: str = "en",
    width: float = _WIDE,
) -> Chart:
    """Return a chart of the most frequent values.

    Parameters
    ----------
    buckets
        Values and counts, as ``store.top`` and ``events.top`` return them; log text is fine.
    field
        The field that was counted.
    title
        Said above the bars; the field where empty.
    lang
        The language of its words, ``"en"`` or ``"ja"``.
    width
        Its width, in pixels.

    Returns
    -------
    Chart
        A bar per value, in the order given.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> users = [SimpleNamespace(key="alice", count=6), SimpleNamespace(key="<b>bob", count=3)]
    >>> chart = top_bar(users, field="user.name")
    >>> chart
    user.name  count
    alice          6  ██████████████████████████████
    <b>bob         3  ███████████████
    >>> "&lt;b&gt;bob" in chart.svg, "<b>" in chart.svg
    (True, False)
    """
    rows = [(shorten(text_of(row.key), _LONGEST), row.count) for row in buckets]
    counts = "件数" if lang == "ja" else "count"
    said = title or field or counts
    text = _table((field or ("値" if lang == "ja" else "value"), counts), rows, title, lang)
    names = _distinct([value for value, _ in rows])
    spec = {
        "width": width - 320,
        "height": {"step": _LINE},
        "data": {
            "values": [
                {"value": name, "count": count}
                for name, (_, count) in zip(names, rows, strict=True)
            ]
        },
        "mark": {"type": "bar", "color": BAR},
        "encoding": {
            "y": {
                "field": "value",
                "type": "nominal",
                "sort": None,
                "title": None,
                "axis": {"labelLimit": 280},
            },
            "x": {"field": "count", "type": "quantitative", "title": counts},
            "tooltip": [
                {"field": "value", "type": "nominal", "title": shorten(field, 200) or "value"},
                {"field": "count", "type": "quantitative", "title": counts},
            ],
        },
    }
    return Chart(_titled(spec, said), _draw_top(rows, said, width), text)


def _distinct(names: list[str]) -> list[str]:
    """Return the names, made different where two are the same once they are cut."""
    seen: dict[str, int] = {}
    for at, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[at] = f"{name} ({seen[name]})"
    return names


def _draw_top(rows: list[tuple[str, int]], title: str, width: float) -> Drawing:
    left = width * 0.4
    room = width - left - 70
    most = max((count for _, count in rows), default=0) or 1
    parts = [label(shorten(title, int(width / 7)), 8, 16, font_weight="bold")]
    for at, (value, count) in enumerate(rows):
        y = 28 + at * _LINE
        long = room * count / most
        whole = element("title", words(f"{value}: {count:,}"))
        shown = shorten(value, int(left / 6.6))
        parts += [
            label(shown, left - 6, y + 14, text_anchor="end"),
            element("rect", whole, x=left, y=y + 2, width=long, height=_LINE - 5, fill=BAR),
            label(f"{count:,}", left + long + 5, y + 14),
        ]
    return Drawing(width, 36 + len(rows) * _LINE, "".join(parts), title)


def _table(heads: tuple[str, str], rows: list[_Row], title: str, lang: str) -> str:
    """Return the rows as text, in as many lines as one still reads."""
    if not rows:
        return f"{clean(title)}: {'0 件' if lang == 'ja' else 'none'}".removeprefix(": ")
    text = repr(Table(heads, tuple(rows[:_ROWS]), title, bars=1))
    more = len(rows) - _ROWS
    if more <= 0:
        return text
    return f"{text}\n{f'... ほか {more:,} 行' if lang == 'ja' else f'... {more:,} more'}"


def _titled(spec: dict[str, Any], title: str) -> dict[str, Any]:
    """Return a specification with a title, as text: a list or an object would mean something."""
    return {"title": shorten(title, 200), **spec} if title else spec
