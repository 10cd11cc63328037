"""What every answer goes through first: one spelling of its characters, and its cutting up."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from siemlab.errors import AnswerFormatError

__all__ = ["Reading", "pieces", "tidy"]

LONGEST = 2000
"""Characters that an answer may have; the longest true one has far fewer."""

QUOTES = "\"'`“”‘’「」『』"
_SEPARATORS = re.compile(r"[,;、。\n\t]+|\s(?:and|と)\s|(?<=[!-~])(?:と|および)(?=[!-~])")
_DASHES = re.compile("[\u2010-\u2015\u2212]|(?<=[0-9])ー(?=[0-9])")
_BRACKETS = ("[]", "()", "{}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer was understood as.

    Parameters
    ----------
    candidates
        The canonical spellings that it may mean, the plainest first. A time within a tolerance
        has one for each second of it.
    shown
        The same for a person to read.

    Examples
    --------
    >>> Reading(("1286",), "1286").candidates[0]
    '1286'
    """

    candidates: tuple[str, ...]
    shown: str


def tidy(text: str) -> str:
    """Return a text in Unicode's compatible form, without control characters and outer quotes.

    Full-width digits and letters of a Japanese keyboard become plain ones.

    Parameters
    ----------
    text
        What was typed, or pasted from a log.

    Raises
    ------
    AnswerFormatError
        When it is longer than any answer.

    Examples
    --------
    >>> tidy(" 「１，２８６」 ")
    '1,286'
    """
    if len(text) > LONGEST:
        raise AnswerFormatError(
            f"this is longer than {LONGEST:,} characters; no answer is",
            f"{LONGEST:,} 文字を超えています。回答はもっと短いはずです",
        )
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c not in "\n\t" else c
        for c in plain
        if unicodedata.category(c) not in ("Cf", "Cs", "Cn", "Co")
    )
    return _DASHES.sub("-", plain).strip(QUOTES + " \n\t")


def pieces(text: str, *, blank: bool) -> list[str]:
    """Return the parts of a list that was typed, without empty ones.

    Parameters
    ----------
    text
        A tidy text.
    blank
        Whether a blank ends a part, too: not where a value may hold one.

    Examples
    --------
    >>> pieces("192.0.2.7、192.0.2.8 and 192.0.2.9", blank=True)
    ['192.0.2.7', '192.0.2.8', '192.0.2.9']
    """
    if text[:1] + text[-1:] in _BRACKETS:  # a list as Python or JSON prints it
        text = text[1:-1]
    found = _SEPARATORS.split(text)
    if blank:
        found = [part for each in found for part in each.split()]
    bare = [part.strip(QUOTES + " \n\t") for part in found]
    return [part for part in bare if part]
