"""The little Markdown of a mission's texts: paragraphs, lists, bold, code; all else is text.

A page makes nodes of the runs and HTML is escaped here, so that a text can hold what it likes.
"""

from __future__ import annotations

import html
import re
from typing import Any, Final, TypeAlias

from siemlab.charts.plain import clean

__all__ = ["Block", "blocks_of", "html_of_blocks", "one_line"]

Block: TypeAlias = dict[str, Any]
"""``kind``: ``"p"`` or ``"li"``; ``runs``: pairs of ``"text"``, ``"strong"``, ``"em"`` or
``"code"`` and a text."""

_RUNS: Final = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>[^*\s](?:[^*]*[^*\s])?)\*\*"
    r"|(?<![\w*])\*(?P<em>[^*\s](?:[^*]*[^*\s])?)\*(?![\w*])"
)
_ITEM: Final = re.compile(r"[-*] +(?=\S)")
_TAGS: Final = {"strong": "strong", "em": "em", "code": "code"}


def blocks_of(text: str) -> list[Block]:
    r"""Return the paragraphs and list items of a text.

    Parameters
    ----------
    text
        Markdown as authors of missions write it. What is no bold, code or list is text: links,
        images and HTML are shown as they are typed.

    Examples
    --------
    >>> for block in blocks_of("Look at `user.id`.\n\n- **one** key\n- <b>"):
    ...     print(block["kind"], block["runs"])
    p [['text', 'Look at '], ['code', 'user.id'], ['text', '.']]
    li [['strong', 'one'], ['text', ' key']]
    li [['text', '<b>']]
    """
    found: list[Block] = []
    fresh = True
    for line in text.splitlines():
        stripped = line.strip()
        item = _ITEM.match(stripped)
        if not stripped:
            fresh = True
        elif item or fresh or not found:
            kind = "li" if item else "p"
            found.append({"kind": kind, "text": stripped[item.end() :] if item else stripped})
            fresh = False
        else:
            found[-1]["text"] = _joined(found[-1]["text"], stripped)
    return [{"kind": block["kind"], "runs": _runs(block["text"])} for block in found]


def one_line(text: str) -> str:
    r"""Return a text on one line, without what shows nothing.

    Examples
    --------
    >>> one_line("How many\n  calls" + chr(7) + "?")
    'How many calls\\x07?'
    """
    return clean(" ".join(text.split()))


def html_of_blocks(blocks: list[Block]) -> str:
    r"""Return blocks as HTML, every text escaped.

    Parameters
    ----------
    blocks
        What `blocks_of` returns.

    Examples
    --------
    >>> html_of_blocks(blocks_of("**a** < `b`\n\n- <script>"))
    '<p><strong>a</strong> &lt; <code>b</code></p><ul><li>&lt;script&gt;</li></ul>'
    """
    parts = []
    for block in blocks:
        inner = "".join(_tagged(kind, text) for kind, text in block["runs"])
        parts.append(f"<ul><li>{inner}</li></ul>" if block["kind"] == "li" else f"<p>{inner}</p>")
    return "".join(parts).replace("</ul><ul>", "")


def _tagged(kind: str, text: str) -> str:
    shown = html.escape(clean(text))
    tag = _TAGS.get(kind)
    return f"<{tag}>{shown}</{tag}>" if tag else shown


def _joined(before: str, after: str) -> str:
    """Return two lines as one; between two Japanese characters no blank belongs."""
    wide = before[-1] > "\u2e7f" and after[0] > "\u2e7f"
    return f"{before}{'' if wide else ' '}{after}"


def _runs(text: str) -> list[list[str]]:
    runs: list[list[str]] = []
    done = 0
    for match in _RUNS.finditer(text):
        if match.start() > done:
            runs.append(["text", text[done : match.start()]])
        kind = str(match.lastgroup)
        runs.append([kind, match[kind]])
        done = match.end()
    if done < len(text):
        runs.append(["text", text[done:]])
    return runs
