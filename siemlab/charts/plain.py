"""Makes hostile text safe to look at: an attacker chose the user agent, the name, the path."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "for_spreadsheet", "pad", "width"]

# Control characters (ESC starts a terminal's commands), marks that turn or hide text (format
# characters), halves of characters, and the ends of lines and paragraphs.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def clean(text: str) -> str:
    r"""Return a text in which control and direction characters are written out.

    Parameters
    ----------
    text
        Text of a log.

    Returns
    -------
    str
        One line without control characters, marks of direction, or invisible ones.

    Examples
    --------
    >>> print(clean("\x1b[2J" + "safe" + chr(0x202E) + "gpj.exe"))
    \x1b[2Jsafe\u202egpj.exe
    """
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _UNSAFE else char
        for char in text
    )


def for_spreadsheet(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Parameters
    ----------
    text
        Text of a log.

    Returns
    -------
    str
        The clean text, behind an apostrophe where it begins as formulas do.

    Examples
    --------
    >>> for_spreadsheet("=HYPERLINK(0)"), for_spreadsheet("10.0.0.1")
    ("'=HYPERLINK(0)", '10.0.0.1')
    """
    return f"'{clean(text)}" if _FORMULA.match(text) else clean(text)


def width(text: str) -> int:
    """Return how many columns a text takes in a terminal: wide characters take two.

    Examples
    --------
    >>> width("abc"), width("東京")
    (3, 4)
    """
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.combining(char) != 0 for char in text)
    return len(text) + wide - marks


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return a text filled up with blanks to a number of columns.

    Parameters
    ----------
    text
        Clean text.
    columns
        How wide it shall be.
    right
        Whether it stands at the right, as numbers do.

    Examples
    --------
    >>> pad("東京", 6) + "|", pad("7", 3, right=True)
    ('東京  |', '  7')
    """
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks
