"""Cuts a query text into tokens, as Lucene's classic query parser does.

Three rules decide everything: the longest token wins, a backslash takes the next character along,
and after ``[``, ``{`` and ``^`` other tokens are known than elsewhere.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from siemlab.errors import QuerySyntaxError
from siemlab.query.mistakes import Mistake, mistake

__all__ = ["Kind", "Token", "tokens", "unescape"]


class Kind(Enum):
    """What a token is; the value is what an error message calls it."""

    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    PLUS = "+"
    MINUS = "-"
    OPEN = "("
    CLOSE = ")"
    COLON = ":"
    CARET = "^"
    NUMBER = "a number"
    FUZZY = "~"
    SIGN = "a sign by itself"
    WORD = "a word"
    STAR = "*"
    PREFIX = "a word with * at its end"
    WILD = "a word with wildcards"
    QUOTED = "a text in quotes"
    REGEXP = "a regular expression"
    RANGE_OPEN = "["
    RANGE_CLOSE = "]"
    RANGE_TO = "TO"
    RANGE_QUOTED = "a range end in quotes"
    RANGE_WORD = "a range end"
    END = "the end"


class Token(NamedTuple):
    """A token: its kind, its characters as written, and where they start (from 0)."""

    kind: Kind
    image: str
    at: int


_BLANK = " \t\n\r\u3000"
_START = r"""(?:[^ \t\n\r\u3000+\-!():^\[\]"{}~*?\\/]|\\.)"""
_WORD = re.compile(rf"(?:{_START}|[*?])(?:{_START}|[-+*?])*", re.DOTALL)
_FUZZY = re.compile(rf"~(?:{_START}|[-+])*", re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SIGN = re.compile(rf"[-+!][{_BLANK}]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RANGE_WORD = re.compile(r"[^ \]}]+")
_WILDCARD = re.compile(r"\\.|[*?]", re.DOTALL)
_ADDRESS = re.compile(r"[0-9a-fA-F.:\\]*[0-9a-fA-F:]")
_PREFIX_LENGTH = re.compile(r"/[0-9]{1,3}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(u)|(.)|$)", re.DOTALL)

_SINGLE = {
    "(": Kind.OPEN,
    ")": Kind.CLOSE,
    ":": Kind.COLON,
    "^": Kind.CARET,
    "+": Kind.PLUS,
    "-": Kind.MINUS,
    "!": Kind.NOT,
    "[": Kind.RANGE_OPEN,
    "{": Kind.RANGE_OPEN,
}
_OPERATORS = {
    "AND": Kind.AND,
    "&&": Kind.AND,
    "OR": Kind.OR,
    "||": Kind.OR,
    "NOT": Kind.NOT,
    "*": Kind.STAR,
}


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query text, with one of kind ``END`` as the last.

    Parameters
    ----------
    text
        The query text.

    Returns
    -------
    list of Token
        In the order of the text; blanks between them are left out.

    Raises
    ------
    QuerySyntaxError
        Where no token can start: an open quote, a lone slash, a stray bracket.

    Examples
    --------
    >>> [token.kind.name for token in tokens('n:[7 TO *] AND "a b"')]
    ['WORD', 'COLON', 'RANGE_OPEN', 'RANGE_WORD', 'RANGE_TO', 'RANGE_WORD', 'RANGE_CLOSE',
     'AND', 'QUOTED', 'END']
    """
    found: list[Token] = []
    at = 0
    read = _read
    while at < len(text):
        if text[at] in _BLANK and read is not _read_number and not _wider(text, at, read):
            at += 1
            continue
        token = read(text, at, found)
        found.append(token)
        at += len(token.image)
        if token.kind is Kind.RANGE_OPEN:
            read = _read_range
        elif token.kind is Kind.CARET:
            read = _read_number
        elif token.kind in (Kind.RANGE_CLOSE, Kind.NUMBER):
            read = _read
    found.append(Token(Kind.END, "", len(text)))
    return found


def _wider(text: str, at: int, read: object) -> bool:
    # Inside a range only a space ends a word: a tab with something behind it belongs to the word.
    return read is _read_range and text[at] != " " and len(_range_word(text, at)) > 1


def _read(text: str, at: int, before: list[Token]) -> Token:
    char = text[at]
    if match := _SIGN.match(text, at):
        return Token(Kind.SIGN, match[0], at)
    if kind := _SINGLE.get(char):
        return Token(kind, char, at)
    if char == '"':
        if match := _QUOTED.match(text, at):
            return Token(Kind.QUOTED, match[0], at)
        raise mistake(Mistake.OPEN_QUOTE, text, at)
    if char == "/":
        end = _closing(text, at, "/")
        if end < 0:
            raise _open_slash(text, at, before)
        return Token(Kind.REGEXP, text[at : end + 1], at)
    if char == "~" and (match := _FUZZY.match(text, at)):
        return Token(Kind.FUZZY, match[0], at)
    if match := _WORD.match(text, at):
        return Token(_kind(match[0]), match[0], at)
    raise mistake(Mistake.LONE_BACKSLASH if char == "\\" else Mistake.STRAY_BRACKET, text, at)


def _open_slash(text: str, at: int, before: list[Token]) -> QuerySyntaxError:
    address = before[-1] if before and before[-1].kind is Kind.WORD else None
    prefix = _PREFIX_LENGTH.match(text, at)
    if address and prefix and _ADDRESS.fullmatch(address.image):
        cidr = address.image.replace("\\", "") + prefix[0]
        return mistake(Mistake.CIDR, text, at, cidr)
    return mistake(Mistake.OPEN_SLASH, text, at)


def _kind(word: str) -> Kind:
    if kind := _OPERATORS.get(word):
        return kind
    wildcards = [match.start() for match in _WILDCARD.finditer(word) if match[0][0] != "\\"]
    if not wildcards:
        return Kind.WORD
    # Only one star, at the end, behind something: this one form has its escapes taken off.
    return Kind.PREFIX if wildcards == [len(word) - 1] and word[-1] == "*" else Kind.WILD


def _read_number(text: str, at: int, before: list[Token]) -> Token:
    if match := _NUMBER.match(text, at):
        return Token(Kind.NUMBER, match[0], at)
    raise mistake(Mistake.BOOST, text, at)


def _read_range(text: str, at: int, before: list[Token]) -> Token:
    if text[at] in "]}":
        return Token(Kind.RANGE_CLOSE, text[at], at)
    word = _range_word(text, at)
    if text[at] == '"':
        quoted = text[at : _closing(text, at, '"') + 1]
        if len(quoted) > 2 and len(quoted) >= len(word):
            return Token(Kind.RANGE_QUOTED, quoted, at)
    return Token(Kind.RANGE_TO if word == "TO" else Kind.RANGE_WORD, word, at)


def _range_word(text: str, at: int) -> str:
    match = _RANGE_WORD.match(text, at)
    return match[0] if match else ""


def _closing(text: str, at: int, mark: str) -> int:
    """Return where the mark opened at ``at`` closes, -1 if nowhere.

    A mark behind a backslash closes only if no other one does.
    """
    last = -1
    end = text.find(mark, at + 1)
    while end >= 0:
        if text[end - 1] != "\\":
            return end
        last = end
        end = text.find(mark, end + 1)
    return last


def unescape(image: str, text: str, at: int) -> str:
    r"""Return the characters that are meant: backslashes taken off, ``\u0041`` turned into ``A``.

    Parameters
    ----------
    image
        The characters as written.
    text, at
        The whole query text and where the image starts in it, for the message.

    Raises
    ------
    QuerySyntaxError
        For a ``\u`` without four hexadecimal digits, or a backslash at the end.

    Examples
    --------
    >>> unescape(r"arn\:aws\u003a", "", 0)
    'arn:aws:'
    """
    if "\\" not in image:
        return image

    def meant(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[3]:
            return match[3]
        raise mistake(
            Mistake.UNICODE_ESCAPE if match[2] else Mistake.LONE_BACKSLASH,
            text,
            at + match.start(),
        )

    plain = _ESCAPE.sub(meant, image)
    # Two escapes may be the halves of one character; a half by itself is replaced, as by Lucene.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
