r"""Lucene's regular expressions in the dialect that Python's ``re`` and RE2 share.

Lucene's are always anchored; ``^`` and ``$`` are plain characters; a quoted part is literal. What
the others lack (``&`` intersection, ``<1-9>`` number ranges, ``@``, ``#``) is refused, save ``@``,
any text.
"""

from __future__ import annotations

import re
from typing import Final

from siemlab.errors import QueryNotSupportedError

__all__ = ["translate"]

_CLASSES: Final = {
    "d": "0-9",
    "w": "A-Za-z0-9_",
    "s": r" \t\n\r",
}
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}", re.ASCII)
_MOST_REPEATS: Final = 1000  # RE2's limit


def translate(pattern: str) -> str:
    r"""Return a regular expression to be matched against a whole text.

    Parameters
    ----------
    pattern
        The pattern in Lucene's dialect, without the slashes around it.

    Returns
    -------
    str
        The pattern; ``.`` also takes a line break.

    Raises
    ------
    QueryNotSupportedError
        When it cannot be read, or uses what siemlab does not answer.

    Examples
    --------
    >>> print(translate('al.*|"a.b"@'))
    (?s)(?:(?:a)(?:l)(?:(?:.)*)|(?:a\.b)(?:.*))
    """
    reader = _Reader(pattern)
    body = reader.alternatives()
    if reader.at < len(pattern):
        raise reader.refuse()
    return f"(?s)(?:{body})"


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def refuse(self) -> QueryNotSupportedError:
        return QueryNotSupportedError(
            f"siemlab does not answer this part of the regular expression /{self.pattern}/: "
            f"{self.pattern[self.at :][:20]!r}; it knows . | * + ? {{n,m}} [...] (...) \\d \\w \\s",
            f"正規表現 /{self.pattern}/ のこの部分は扱えません: "
            f"{self.pattern[self.at :][:20]!r}。使えるのは . | * + ? {{n,m}} [...] (...) "
            "\\d \\w \\s です",
        )

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        if self.at >= len(self.pattern):
            raise self.refuse()
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self) -> str:
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        return "|".join(branches)

    def branch(self) -> str:
        pieces = []
        while self.peek() not in ("", "|", ")"):
            pieces.append(self.repeated())
        if not pieces and self.pattern:  # Lucene reads an empty alternative as something else
            raise self.refuse()
        return "".join(pieces)

    def repeated(self) -> str:
        piece = f"(?:{self.atom()})"
        while True:
            sign = self.peek()
            if sign and sign in "*+?":
                self.at += 1
                piece = f"(?:{piece}{sign})"
            elif sign == "{":
                piece = f"(?:{piece}{self.counts()})"
            else:
                return piece

    def counts(self) -> str:
        match = _REPEAT.match(self.pattern, self.at)
        if match is None:
            raise self.refuse()
        least, most = int(match[1]), int(match[3] or match[1])
        if least > _MOST_REPEATS or most > _MOST_REPEATS or least > most:
            raise self.refuse()
        self.at = match.end()
        return match[0]

    def atom(self) -> str:
        char = self.peek()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == '"':
            return self.quoted()
        if char and char in "&<#*+?{":
            raise self.refuse()
        self.at += 1
        if char == "\\":
            return self.escaped()
        return {".": ".", "@": ".*"}.get(char, re.escape(char))

    def group(self) -> str:
        self.at += 1
        if self.peek() == ")":
            self.at += 1
            return ""
        body = self.alternatives()
        if self.take() != ")":
            raise self.refuse()
        return body

    def quoted(self) -> str:
        end = self.pattern.find('"', self.at + 1)
        if end < 0:
            raise self.refuse()
        text = self.pattern[self.at + 1 : end]
        self.at = end + 1
        return re.escape(text)

    def escaped(self) -> str:
        char = self.escape()
        if char.lower() in _CLASSES:
            return f"[{'^' if char.isupper() else ''}{_CLASSES[char.lower()]}]"
        return re.escape(char)

    def escape(self) -> str:
        """Return what stands behind a backslash: a class of characters, or a plain one."""
        char = self.take()
        if char.isascii() and char.isalpha() and char.lower() not in _CLASSES:
            raise self.refuse()  # Lucene has no \n or \t
        return char

    def char_class(self) -> str:
        self.at += 1
        negated = "^" if self.peek() == "^" else ""
        self.at += len(negated)
        parts: list[str] = []
        while self.peek() != "]":
            parts.append(self.class_part())
        self.at += 1
        if not parts:
            raise self.refuse()
        return f"[{negated}{''.join(parts)}]"

    def class_part(self) -> str:
        first = self.take()
        if first == "\\":
            first = self.escape()
            if first.lower() in _CLASSES:
                if first.isupper():
                    raise self.refuse()
                return _CLASSES[first.lower()]
        if self.peek() != "-":
            return _in_class(first)
        self.at += 1
        last = self.take()
        if last == "\\":
            last = self.escape()
            if last.lower() in _CLASSES:
                raise self.refuse()
        if last < first:
            raise self.refuse()
        return f"{_in_class(first)}-{_in_class(last)}"


def _in_class(char: str) -> str:
    return f"\\{char}" if char in r"\]^-[&~|" else char
