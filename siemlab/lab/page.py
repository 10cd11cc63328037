"""A page of Markdown: what a notebook shows as text, a terminal reads as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Page", "demoted", "in_cell"]

_HEADING = re.compile(r"#{1,6} ")
_FENCE = re.compile(r"`{3,}")


@dataclass(frozen=True, repr=False)
class Page:
    """A text in Markdown that a notebook shows set.

    Parameters
    ----------
    markdown
        The text; what came from a log or a learner stands in it as code.

    Examples
    --------
    >>> Page("## What we know")
    ## What we know
    """

    markdown: str

    def __str__(self) -> str:
        """Return the text."""
        return self.markdown

    def __repr__(self) -> str:
        """Return the text: the same for the same page."""
        return self.markdown.rstrip("\n")

    def _repr_markdown_(self) -> str:
        """Return the text, for a notebook to set."""
        return self.markdown


def demoted(markdown: str, levels: int) -> str:
    r"""Return a page with its headings some levels lower; what stands in a block of code stays.

    Parameters
    ----------
    markdown
        The page.
    levels
        How many.

    Examples
    --------
    >>> print(demoted("# a\n```\n# b\n```", 2))
    ### a
    ```
    # b
    ```
    """
    lines, fence = [], ""
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or (line == mark[0] and len(mark[0]) >= len(fence))):
            fence = "" if fence else mark[0]
        elif not fence and _HEADING.match(line):
            lines.append("#" * levels + line)
            continue
        lines.append(line)
    return "\n".join(lines)


def in_cell(text: str) -> str:
    r"""Return an author's Markdown as one line that a cell of a table can hold.

    Parameters
    ----------
    text
        Markdown of a mission.

    Examples
    --------
    >>> print(in_cell("a | b\n`c`"))
    a \| b `c`
    """
    return " ".join(text.replace("|", "\\|").split())
