"""Small SVG drawings: escaped text, colors that follow the theme of JupyterLab, nothing to load."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from siemlab.charts.plain import clean, width

__all__ = ["BAR", "MARK", "Drawing", "element", "label", "number", "shorten", "words"]

INK = "var(--jp-ui-font-color1,#333)"
PAPER = "var(--jp-layout-color0,#fff)"
BAR = "#5b8db8"
"""The color of bars: three to one against a light page and against a dark one."""
MARK = "#b5532f"
"""The color of what was picked."""

_FONT = "var(--jp-ui-font-family,system-ui,sans-serif)"
_NOT_XML = re.compile("[\ufffe\uffff]")


def words(text: str) -> str:
    r"""Return a text as it stands in a drawing: clean, escaped, without what XML forbids.

    Examples
    --------
    >>> words('<script>"x"' + chr(0x202E))
    '&lt;script&gt;&quot;x&quot;\\u202e'
    """
    return html.escape(_NOT_XML.sub("\ufffd", clean(text)))


def number(value: float) -> str:
    """Return a coordinate, short.

    Examples
    --------
    >>> number(12.0), number(3.14159)
    ('12', '3.1')
    """
    return f"{value:.1f}".removesuffix(".0")


def element(tag: str, *children: str, **attributes: str | float) -> str:
    """Return an element; its children are elements, or `words`.

    Parameters
    ----------
    tag
        Its name.
    *children
        Markup that is safe already.
    **attributes
        Values are escaped; ``_`` in a name stands for ``-``.

    Examples
    --------
    >>> element("rect", element("title", words("a<b")), x=1, fill_opacity=0.5)
    '<rect x="1" fill-opacity="0.5"><title>a&lt;b</title></rect>'
    """
    shown = "".join(
        f" {name.rstrip('_').replace('_', '-')}="
        f'"{words(value) if isinstance(value, str) else number(value)}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{shown}>{''.join(children)}</{tag}>" if children else f"<{tag}{shown}/>"


def label(text: str, x: float, y: float, **attributes: str | float) -> str:
    """Return a text at a place, in the color of the page's text.

    Examples
    --------
    >>> label("3 < 4", 10, 20, text_anchor="end")
    '<text x="10" y="20" fill="currentColor" text-anchor="end">3 &lt; 4</text>'
    """
    return element("text", words(text), x=x, y=y, fill="currentColor", **attributes)


def shorten(text: str, columns: int) -> str:
    """Return a text cut to a number of columns; wide characters take two.

    Examples
    --------
    >>> shorten("abcdefgh", 5), shorten("東京都千代田区", 7)
    ('abcd…', '東京都…')
    """
    text = clean(text[: columns * 8])
    if width(text) <= columns:
        return text
    kept = text[:columns]
    while width(kept) > columns - 1:
        kept = kept[:-1]
    return f"{kept}…"


@dataclass(frozen=True)
class Drawing:
    """A drawing of some size, which can stand alone or inside another one.

    Parameters
    ----------
    width, height
        Its size, in pixels.
    body
        Its elements.
    title
        What it shows, for those who do not see it.
    """

    width: float
    height: float
    body: str
    title: str

    def svg(self) -> str:
        """Return the drawing as an SVG document.

        Examples
        --------
        >>> Drawing(20, 10, label("a", 1, 9), "letter").svg()[:50]
        '<svg xmlns="http://www.w3.org/2000/svg" width="20"'
        """
        style = f"color:{INK};background:{PAPER};font-family:{_FONT};font-size:11px;max-width:100%"
        return element(
            "svg",
            element("title", words(shorten(self.title, 200))),
            element("rect", width=self.width, height=self.height, style=f"fill:{PAPER}"),
            self.body,
            xmlns="http://www.w3.org/2000/svg",
            width=self.width,
            height=self.height,
            viewBox=f"0 0 {number(self.width)} {number(self.height)}",
            role="img",
            color="#333",
            style=style,
        )

    def at(self, x: float, y: float) -> str:
        """Return the drawing as a part of another one."""
        return element("g", self.body, transform=f"translate({number(x)} {number(y)})")
