r"""The words of a text field, as OpenSearch's standard analyzer cuts them.

The rules are the word boundaries of Unicode (UAX #29) with Lucene's additions: one word per kanji
and hiragana, runs of katakana, of Hangul, of the scripts of South East Asia, and emoji; what lies
between words is dropped. Then lower case, character by character. There are no stop words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import regex

__all__ = ["ASCII_SIGNS", "LONGEST_WORD", "SEPARATOR", "joined", "lower", "words"]

LONGEST_WORD: Final = 255
"""A longer word is cut into pieces of this many UTF-16 units."""

SEPARATOR: Final = "\x01"
"""Between words that are joined: no word holds it."""

_EXTEND = r"[\p{WB=Format}\p{WB=Extend}\p{WB=ZWJ}]*"


def _with_marks(chars: str) -> str:
    return f"(?:[{chars}]{_EXTEND})"


def _grammar() -> str:
    letter = _with_marks(r"\p{WB=ALetter}\p{WB=Hebrew_Letter}")
    hebrew = _with_marks(r"\p{WB=Hebrew_Letter}")
    digit = _with_marks(r"\p{WB=Numeric}\uFF10-\uFF19")
    katakana = _with_marks(r"\p{WB=Katakana}")
    joiner = _with_marks(r"\p{WB=ExtendNumLet}")
    in_word = _with_marks(r"\p{WB=MidLetter}\p{WB=MidNumLet}\p{WB=Single_Quote}")
    in_number = _with_marks(r"\p{WB=MidNum}\p{WB=MidNumLet}\p{WB=Single_Quote}")
    single, double = _with_marks(r"\p{WB=Single_Quote}"), _with_marks(r"\p{WB=Double_Quote}")
    kana_run = f"{katakana}(?:{joiner}*{katakana})*"
    word_run = (
        f"(?:{digit}(?:(?:{joiner}*|{in_number}){digit})*"
        f"|{letter}(?:(?:{joiner}*|{in_word}){letter}|(?<={hebrew}){double}{hebrew})*"
        f"(?:(?<={hebrew}){single})?)+"
    )
    word = f"{joiner}*(?:{kana_run}|{word_run})(?:{joiner}+(?:{kana_run}|{word_run}))*{joiner}*"
    flag = r"(?:\p{WB=Regional_Indicator}" + _EXTEND + r"){2}"
    keycap = r"[0-9#*]\uFE0F?\u20E3"
    picture = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}]" + _EXTEND
    emoji = rf"{picture}(?:(?<=\u200D){picture})*"
    asian = _with_marks(r"\p{LB=SA}") + "+"
    single_signs = _with_marks(r"\p{Script=Han}\p{Script=Hiragana}")
    return f"{keycap}|{word}|{flag}|{emoji}|{asian}|{single_signs}"


_WORD: Final = regex.compile(_grammar())

# Most log lines are plain ASCII, where the rules are short. What is neither letter nor digit nor a
# sign that may stand inside a word becomes a separator; then each such sign that does not stand
# inside one. In JSON few are left to look at once those between two separators are gone.
_SEPARATOR: Final = SEPARATOR.encode()
ASCII_SIGNS: Final = bytes(
    ord(chr(code).lower()) if code < 128 and (chr(code).isalnum() or chr(code) in "_.:',;") else 1
    for code in range(256)
)
_APART: Final = re.compile(rb"[.:',;](?<![a-z][.:'](?=[a-z]))(?<![0-9][.,;'](?=[0-9]))")
_HALF: Final = LONGEST_WORD // 2  # so many characters are not too many, whatever they are


def lower(text: str) -> str:
    """Return a text in lower case, each character by itself, as Lucene does it.

    Examples
    --------
    >>> lower("ΟΔΟΣ"), lower("STRASSE")
    ('οδοσ', 'strasse')
    """
    if text.isascii():
        return text.lower()
    return "".join(_lower_char(char) for char in text)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, in order.

    Examples
    --------
    >>> words("User roleName-1-3 signed in from 10.0.0.5")
    ('user', 'rolename', '1', '3', 'signed', 'in', 'from', '10.0.0.5')
    >>> words("ログイン失敗 iam:CreateUser")
    ('ログイン', '失', '敗', 'iam:createuser')
    """
    line = joined(text)
    return tuple(line.split(SEPARATOR)) if line else ()


def joined(text: str) -> str:
    r"""Return the words of a text in one, with `SEPARATOR` between them.

    Examples
    --------
    >>> joined("arn:aws:iam, 10.0.0.5")
    'arn:aws:iam\x0110.0.0.5'
    """
    if not text.isascii():
        found = [lower(word) for word in _WORD.findall(text)]
        return SEPARATOR.join(piece for word in found for piece in _pieces(word))
    signs = text.encode().translate(ASCII_SIGNS).replace(b"\1:\1", b"\1").replace(b"\1,\1", b"\1")
    signs = _APART.sub(_SEPARATOR, signs)
    while b"\1\1" in signs:
        signs = signs.replace(b"\1\1", b"\1")
    line = signs.decode().strip(SEPARATOR)
    ends = f"{SEPARATOR}{line}{SEPARATOR}"
    if f"{SEPARATOR}_" not in ends and not _has_long_word(ends):
        return line
    real = (word for word in line.split(SEPARATOR) if word.strip("_"))
    return SEPARATOR.join(piece for word in real for piece in _pieces(word))


def _has_long_word(line: str) -> bool:
    """Whether a word may be too long; of such a one, one of every few characters is a part."""
    return any(
        line.find(SEPARATOR, at) - line.rfind(SEPARATOR, 0, at) > _HALF
        for at in range(_HALF, len(line), _HALF)
    )


def _lower_char(char: str) -> str:
    small = char.lower()
    return small if len(small) == 1 else small[0]


def _pieces(word: str) -> list[str]:
    if len(word) <= _HALF:
        return [word]
    pieces, start, units = [], 0, 0
    for at, char in enumerate(word):
        size = 2 if char > "\uffff" else 1
        if units + size > LONGEST_WORD:
            pieces.append(word[start:at])
            start, units = at, 0
        units += size
    return [*pieces, word[start:]]
