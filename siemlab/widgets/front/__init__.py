"""The page side of the widgets: plain JavaScript and CSS, joined here instead of by a build step.

An anywidget takes one ES module. The files of this folder are its chapters: each declares
functions, in the order of `CHAPTERS` below, and the last one exports what the widget is.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["CHAPTERS", "script", "style"]

CHAPTERS = (
    "words",
    "dom",
    "link",
    "values",
    "histogram",
    "fields",
    "bar",
    "documents",
    "side",
    "discover",
)
"""The files of Discover's module, in order."""

_HERE = Path(__file__).parent


def script(*chapters: str) -> str:
    """Return one ES module made of the named files, each under a line that names it.

    Examples
    --------
    >>> script("words", "dom").splitlines()[0]
    '// ---- words.js'
    """
    return "\n".join(f"// ---- {name}.js\n{_read(f'{name}.js')}" for name in chapters)


def style(name: str) -> str:
    """Return the style sheet of a widget.

    Examples
    --------
    >>> ".siem-discover" in style("discover")
    True
    """
    return _read(f"{name}.css")


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
