"""A timeline: picked moments on one axis, numbered, with the list of what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siemlab.charts.chart import Chart
from siemlab.charts.plain import clean
from siemlab.charts.scale import Span, here, ticks_in, wall
from siemlab.charts.svg import MARK, Drawing, element, label, shorten, words
from siemlab.charts.table import Table

__all__ = ["Mark", "timeline"]

_WIDE = 720
_DOT = 9
_ROW = 22
_LINE = 17


@dataclass(frozen=True)
class Mark:
    """A moment of a timeline.

    Parameters
    ----------
    time
        When; without a zone it is UTC.
    label
        What happened; log text is fine.
    lane
        The row of the picture that it stands in: a source, a person, an address.

    Examples
    --------
    >>> Mark(datetime(2022, 11, 14, 11), "GetObject", "s3accesslog").lane
    's3accesslog'
    """

    time: datetime
    label: str
    lane: str = ""


def timeline(
    marks: Iterable[Mark],
    *,
    title: str = "",
    tz: str = "UTC",
    lang: str = "en",
    width: float = _WIDE,
    listed: bool = True,
) -> Chart:
    """Return a chart of moments on one axis, oldest first.

    Parameters
    ----------
    marks
        The moments, in any order. Equal times keep theirs.
    title
        Said above it.
    tz
        The zone that times are shown in.
    lang
        The language of its words, ``"en"`` or ``"ja"``.
    width
        Its width, in pixels.
    listed
        Whether the drawing says below what each number is.

    Returns
    -------
    Chart
        A numbered dot per moment, a row per lane, and the list below.

    Examples
    --------
    >>> monday = datetime(2022, 11, 14, 11, 0, 5)
    >>> timeline([Mark(monday, "GetObject", "s3accesslog")], tz="Asia/Tokyo")
    #  time (Asia/Tokyo)    lane         what
    1  2022-11-14 20:00:05  s3accesslog  GetObject
    """
    shown = sorted(marks, key=lambda mark: here(mark.time, "UTC"))
    heads = ("#", f"時刻 ({tz})", "種類", "内容") if lang == "ja" else ()
    heads = heads or ("#", f"time ({tz})", "lane", "what")
    said = title or ("タイムライン" if lang == "ja" else "timeline")
    rows = tuple(
        (at, wall(mark.time, tz, seconds=True), mark.lane or None, mark.label)
        for at, mark in enumerate(shown, 1)
    )
    text = repr(Table(heads, rows, title)) if rows else f"{clean(said)}: -"
    return Chart(
        _specification(shown, heads, tz, width, title, lang),
        _draw(shown, said, tz, width, listed=listed),
        text,
    )


def _specification(
    marks: list[Mark], heads: tuple[str, ...], tz: str, width: float, title: str, lang: str
) -> dict[str, Any]:
    values = [
        {
            "at": at,
            "time": here(mark.time, tz).replace(tzinfo=None).isoformat(timespec="milliseconds"),
            "shown": wall(mark.time, tz, seconds=True),
            "lane": shorten(mark.lane, 200),
            "label": shorten(mark.label, 400),
        }
        for at, mark in enumerate(marks, 1)
    ]
    parse = {"parse": {"time": "utc:'%Y-%m-%dT%H:%M:%S.%L'"}}
    tips = zip(("at", "shown", "lane", "label"), heads, strict=True)
    return {
        **({"title": shorten(title, 200)} if title else {}),
        "width": width - 180,
        "height": {"step": 34},
        "data": {"values": values, "format": parse},
        "encoding": {
            "x": {
                "field": "time",
                "type": "temporal",
                "title": heads[1],
                "scale": {"type": "utc", "padding": 14},
                **ticks_in(lang),
            },
            "y": {"field": "lane", "type": "nominal", "title": None, "sort": None},
            "tooltip": [{"field": field, "type": "nominal", "title": head} for field, head in tips],
        },
        "layer": [
            {"mark": {"type": "circle", "size": 260, "color": MARK, "opacity": 0.9}},
            {
                "mark": {"type": "text", "color": "#fff", "fontSize": 10},
                "encoding": {"text": {"field": "at", "type": "nominal"}},
            },
        ],
    }


def _draw(marks: list[Mark], title: str, tz: str, width: float, *, listed: bool) -> Drawing:
    parts = [label(shorten(title, int(width / 7)), 8, 16, font_weight="bold")]
    if not marks:
        return Drawing(width, 30, "".join(parts), title)
    names = list(dict.fromkeys(mark.lane for mark in marks))
    left = 20 + 6.6 * min(max(map(len, names)), 24)
    span = Span(marks[0].time, marks[-1].time, tz, left + 14, width - 34)
    bottom = 28.0
    for lane in names:
        dots, rows = _lane(marks, lane, span, bottom)
        parts.append(label(shorten(lane, 24), left - 4, bottom + 15, text_anchor="end"))
        bottom += rows * _ROW + 8
        parts += [*dots, _rule(left, width - 8, bottom - 4)]
    parts.append(span.axis(bottom - 4))
    bottom += 36 if listed else 24
    for at, mark in enumerate(marks if listed else [], 1):
        where = wall(mark.time, tz, seconds=True)
        parts += [label(str(at), 28, bottom, text_anchor="end"), label(where, 40, bottom)]
        parts.append(label(shorten(mark.lane, 24), 190, bottom))
        parts.append(
            label(shorten(mark.label, int((width - 200 - left) / 6.4)), 190 + left, bottom)
        )
        bottom += _LINE
    return Drawing(width, bottom - 4, "".join(parts), title)


def _lane(marks: list[Mark], lane: str, span: Span, top: float) -> tuple[list[str], int]:
    """Return the dots of a lane, one below the other where they would touch, and its rows."""
    groups: list[tuple[float, list[int]]] = []
    for at, mark in enumerate(marks, 1):
        x = span.at(mark.time)
        if mark.lane == lane:
            if groups and x - groups[-1][0] < 2 * _DOT:
                groups[-1][1].append(at)
            else:
                groups.append((x, [at]))
    ends: list[float] = []
    parts = []
    for x, members in groups:
        text = _range(members)
        half = max(_DOT, 4 + 3.1 * len(text))
        row = next((row for row, end in enumerate(ends) if x - half > end + 2), len(ends))
        ends[row:] = [x + half, *ends[row + 1 :]]
        y = top + row * _ROW + _ROW / 2
        tips = [
            f"{wall(marks[at - 1].time, span.tz, seconds=True)} {marks[at - 1].label}"
            for at in members[:9]
        ]
        tip = element("title", words(" / ".join(shorten(tip, 200) for tip in tips)))
        pill = {"width": 2 * half, "height": 2 * _DOT, "rx": _DOT}
        parts.append(element("rect", tip, x=x - half, y=y - _DOT, fill=MARK, **pill))
        parts.append(_white(text, x, y + 3.5))
    return parts, len(ends)


def _range(members: list[int]) -> str:
    """Return the numbers of moments that share a dot."""
    first, last = members[0], members[-1]
    if last - first == len(members) - 1:
        return f"{first}" if first == last else f"{first}-{last}"
    return ",".join(map(str, members[:3])) + ("…" if len(members) > 3 else "")


def _rule(left: float, right: float, y: float) -> str:
    return element(
        "line", x1=left, x2=right, y1=y, y2=y, stroke="currentColor", stroke_opacity=0.25
    )


def _white(text: str, x: float, y: float) -> str:
    return element("text", words(text), x=x, y=y, fill="#fff", font_size=10, text_anchor="middle")
