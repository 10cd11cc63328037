"""A small table that looks well in a notebook and in a terminal, whatever text is in it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from siemlab.charts.plain import clean, pad, width

__all__ = ["Table", "text_of"]

_WIDEST = 60
"""Columns of a terminal that one cell takes at most; the rest is cut."""

_LONG = 10 * _WIDEST
"""Characters of a cell that are looked at before it is cut: log text may be a megabyte."""

_SHORT = 32
"""A value up to this length, such as a time, an address or a heading, stays on one line in HTML."""


def text_of(value: Any) -> str:
    """Return a value as people read it.

    Parameters
    ----------
    value
        A value of a document, or a key of a bucket.

    Returns
    -------
    str
        Times in ISO form, booleans as the server prints them, lists with commas, None as ``-``.

    Examples
    --------
    >>> text_of(True), text_of(None), text_of(["a", 1])
    ('true', '-', 'a, 1')
    """
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        digits = "milliseconds" if value.microsecond else "seconds"
        return value.isoformat(sep=" ", timespec=digits)
    if isinstance(value, (list, tuple)):
        return ", ".join(text_of(item) for item in value)
    return str(value)


@dataclass(frozen=True)
class Table:
    """Rows under headings, with a line above that says what they are.

    Parameters
    ----------
    headings
        One per column.
    rows
        The cells, values of any kind.
    title
        Said above the table, empty for nothing.
    bars
        The column of counts that is also drawn as bars, or None.

    Examples
    --------
    >>> Table(("source.ip", "count"), (("203.0.113.99", 15), ("10.0.1.21", 7)), bars=1)
    source.ip     count
    203.0.113.99     15  ██████████████████████████████
    10.0.1.21         7  ██████████████
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    title: str = ""
    bars: int | None = None
    _bar_width: int = field(default=30, repr=False)

    def __repr__(self) -> str:
        """Return the table as text; the same for the same values."""
        cells = [[self._cut(clean(text_of(cell)[:_LONG])) for cell in row] for row in self.rows]
        heads = [clean(heading) for heading in self.headings]
        wide = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
        numbers = [self._is_number(at) for at in range(len(heads))]
        lines = [clean(self.title)] if self.title else []
        lines.append(self._line(heads, wide, numbers))
        for row, line in zip(self.rows, cells, strict=True):
            bar = "" if self.bars is None else f"  {'█' * self._length(row)}"
            lines.append((self._line(line, wide, numbers, keep=bool(bar)) + bar).rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return the table as HTML; every value is escaped."""
        heads = "".join(_html_cell("th", head) for head in self.headings)
        extra = "" if self.bars is None else "<th></th>"
        rows = "".join(self._html_row(row) for row in self.rows)
        title = f"<p>{_escape(self.title)}</p>" if self.title else ""
        return f"{title}<table><thead><tr>{heads}{extra}</tr></thead><tbody>{rows}</tbody></table>"

    def _html_row(self, row: tuple[Any, ...]) -> str:
        cells = "".join(_html_cell("td", text_of(cell)) for cell in row)
        if self.bars is None:
            return f"<tr>{cells}</tr>"
        size = self._length(row) / self._bar_width * 12
        bar = f'<div style="background:#5b8db8;height:0.8em;width:{size:.1f}em"></div>'
        return f"<tr>{cells}<td>{bar}</td></tr>"

    def _length(self, row: Sequence[Any]) -> int:
        most = max(int(other[self.bars or 0]) for other in self.rows)
        count = int(row[self.bars or 0])
        return -(-count * self._bar_width // most) if most else 0

    def _is_number(self, column: int) -> bool:
        values = [row[column] for row in self.rows if row[column] is not None]
        return bool(values) and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in values
        )

    @staticmethod
    def _cut(text: str) -> str:
        if width(text) <= _WIDEST:
            return text
        while width(text) > _WIDEST - 1:
            text = text[: min(len(text) - 1, _WIDEST - 1)]
        return f"{text}…"

    @staticmethod
    def _line(cells: list[str], wide: list[int], numbers: list[bool], *, keep: bool = False) -> str:
        parts = zip(cells, wide, numbers, strict=True)
        line = "  ".join(pad(cell, columns, right=right) for cell, columns, right in parts)
        return line if keep else line.rstrip()


def _escape(text: str) -> str:
    return html.escape(clean(text))


def _html_cell(tag: str, text: str) -> str:
    wrap = "nowrap" if width(text) <= _SHORT else "pre-wrap;overflow-wrap:anywhere"
    return f'<{tag} style="text-align:left;white-space:{wrap}">{_escape(text)}</{tag}>'
