"""Log text in Markdown: always as code, so that it is no link, no image and no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from siemlab.charts.plain import clean

__all__ = ["code", "fenced", "table"]

_LONGEST = 300


def code(text: str) -> str:
    r"""Return a text as a code span that holds also within a table.

    Parameters
    ----------
    text
        Text of a log.

    Examples
    --------
    >>> print(code("![x](http://evil.example/)"), code("a|b`c"))
    `![x](http://evil.example/)` `` a\|b`c ``
    """
    line = clean(text[:_LONGEST]) + ("…" if len(text) > _LONGEST else "")
    if not line.strip():
        return ""
    fence = "`" * (_longest_run(line) + 1)
    gap = " " if "`" in line else ""
    return f"{fence}{gap}{line}{gap}{fence}".replace("|", "\\|")


def fenced(text: str, language: str = "") -> str:
    """Return lines as a block of code.

    Parameters
    ----------
    text
        The lines.
    language
        ``"python"``.

    Examples
    --------
    >>> print(fenced("x = 1", "python"))
    ```python
    x = 1
    ```
    """
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already.

    Parameters
    ----------
    heads
        The headings.
    rows
        The cells of each row.

    Examples
    --------
    >>> print(table(["a"], [["1"]]))
    | a |
    | --- |
    | 1 |
    """
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
