"""What a query text probably does not mean: remarks on texts that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from siemlab.query.lexer import Kind, Token, tokens
from siemlab.query.parser import parse_query_string

__all__ = ["Note", "notes"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a query text: its column (from 1), in English and Japanese."""

    column: int
    en: str
    ja: str

    def message(self, lang: str = "en") -> str:
        """Return the remark in a language, ``"en"`` or ``"ja"``."""
        return self.ja if lang == "ja" else self.en


def notes(text: str) -> tuple[Note, ...]:
    """Return what a learner should know about a query text, although it is no error.

    Parameters
    ----------
    text
        The query text.

    Returns
    -------
    tuple of Note
        By column; empty where nothing is odd.

    Raises
    ------
    QuerySyntaxError
        When the text cannot be read at all.

    Examples
    --------
    >>> for note in notes("user.name:alice and event.outcome:failure"):
    ...     print(note.column, note.en)
    17 "and" is a search word here; the operator is written in capitals: AND
    """
    parse_query_string(text)
    found = [note for rule in _RULES for note in rule(tokens(text))]
    return tuple(sorted(found, key=lambda note: note.column))


def _note(token: Token, en: str, ja: str) -> Note:
    return Note(token.at + 1, en, ja)


def _mixed(found: Sequence[Token]) -> Iterator[Note]:
    seen: list[set[Kind]] = [set()]
    for token in found:
        if token.kind is Kind.OPEN:
            seen.append(set())
        elif token.kind is Kind.CLOSE:
            seen.pop()
        elif token.kind in (Kind.AND, Kind.OR) and token.kind not in seen[-1]:
            seen[-1].add(token.kind)
            if len(seen[-1]) == 2:
                yield _note(
                    token,
                    "AND and OR are mixed: AND makes the clauses on both its sides required and "
                    "OR then decides nothing; use parentheses",
                    "AND と OR が混ざっています。AND の両側の条件は必須になり、"
                    "OR は効かなくなります。括弧を使ってください",
                )


def _lower_case(found: Sequence[Token]) -> Iterator[Note]:
    for at, token in enumerate(found):
        upper = token.image.upper()
        named = at and found[at - 1].kind is Kind.COLON
        if token.kind is not Kind.WORD or named or found[at + 1].kind is Kind.COLON:
            continue
        if upper in ("AND", "OR", "NOT"):
            yield _note(
                token,
                f'"{token.image}" is a search word here; '
                f"the operator is written in capitals: {upper}",
                f"「{token.image}」は検索語として扱われます。"
                f"演算子は大文字で {upper} と書いてください",
            )
        elif token.image[:2] in ("&&", "||") or token.image[-2:] in ("&&", "||"):
            yield _note(
                token,
                "&& and || are operators only when set apart by blanks",
                "&& と || は前後に空白があるときだけ演算子になります",
            )


def _boosts(found: Sequence[Token]) -> Iterator[Note]:
    for token in found:
        if token.kind is Kind.CARET:
            yield _note(
                token,
                "a boost (^) changes an order by score, and hits are ordered by time: ignored",
                "ブースト（^）はスコア順にだけ影響します。結果は時刻順なので無視されます",
            )
        elif token.kind is Kind.FUZZY:
            yield _note(
                token,
                "~ does nothing here",
                "ここの ~ に効果はありません",
            )


def _words_without_field(found: Sequence[Token]) -> Iterator[Note]:
    for at, token in enumerate(found[2:-1], start=2):
        if (
            token.kind in (Kind.WORD, Kind.PREFIX, Kind.WILD)
            and token.image.lower() not in ("and", "or", "not")
            and any(char.isalnum() for char in token.image)
            and found[at + 1].kind is not Kind.COLON
            and found[at - 1].kind is Kind.WORD
            and found[at - 2].kind is Kind.COLON
            and found[at - 1].image not in _COMPARISONS
        ):
            field, before = found[at - 3].image, found[at - 1].image
            yield _note(
                token,
                f"this word is searched in all fields; {field} only has the word before it. "
                f'A value with a blank: {field}:"{before} {token.image}"',
                f"この語はすべてのフィールドから検索されます。{field} の値は直前の語だけです。"
                f'空白を含む値は {field}:"{before} {token.image}" と書いてください',
            )


def _joined_words(found: Sequence[Token]) -> Iterator[Note]:
    fields: list[str] = [""]
    for at, token in enumerate(found):
        if token.kind is Kind.OPEN:
            named = at >= 2 and found[at - 1].kind is Kind.COLON
            fields.append(found[at - 2].image if named else fields[-1])
        elif token.kind is Kind.CLOSE:
            fields.pop()
        elif token.kind is Kind.WORD and fields[-1] and _joins(found, at):
            yield _note(
                token,
                f'"{found[at - 1].image} {token.image}" is one value here; '
                "write OR between the words if either will do (a text field takes either)",
                f"「{found[at - 1].image} {token.image}」で一つの値になります。"
                "どちらか一方でよいなら間に OR を書いてください"
                "（text 型のフィールドではどちらかの語に一致します）",
            )


def _joins(found: Sequence[Token], at: int) -> bool:
    first = found[at - 1].kind is Kind.WORD and found[at - 2].kind not in (Kind.WORD, Kind.COLON)
    return first and found[at + 1].kind not in (Kind.COLON, Kind.AND, Kind.OR, Kind.CARET)


_COMPARISONS = (">", ">=", "<", "<=")


def _comparisons(found: Sequence[Token]) -> Iterator[Note]:
    for at, token in enumerate(found[:-1]):
        value = found[at + 1].kind in (Kind.WORD, Kind.QUOTED)
        if token.kind is Kind.WORD and token.image in _COMPARISONS and at and value:
            yield _note(
                token,
                f"{token.image} compares only when the value follows at once and without quotes: "
                f"{token.image}7, or a range [7 TO *]",
                f"{token.image} は直後に引用符なしの値が続くときだけ比較になります: "
                f"{token.image}7、または範囲 [7 TO *]",
            )


def _slashes(found: Sequence[Token]) -> Iterator[Note]:
    for at, token in enumerate(found):
        before = found[at - 1] if at else None
        if token.kind is not Kind.REGEXP or before is None or before.kind is not Kind.WORD:
            continue
        if before.at + len(before.image) == token.at:
            yield _note(
                token,
                "a slash inside a value starts a regular expression; "
                'put the value in quotes ("10.0.0.0/8") or write \\/',
                "値の中のスラッシュは正規表現の始まりになります。"
                '引用符で囲む（"10.0.0.0/8"）か \\/ と書いてください',
            )


def _single_quotes(found: Sequence[Token]) -> Iterator[Note]:
    for token in found:
        if token.kind is Kind.WORD and len(token.image) > 1 and token.image[0] == "'":
            yield _note(
                token,
                "single quotes are part of the word; use double quotes",
                "一重引用符は語の一部になります。二重引用符を使ってください",
            )


def _exists_patterns(found: Sequence[Token]) -> Iterator[Note]:
    for at, token in enumerate(found[2:], start=2):
        asked = found[at - 2].image == "_exists_" and found[at - 1].kind is Kind.COLON
        if asked and token.kind in (Kind.STAR, Kind.PREFIX, Kind.WILD, Kind.REGEXP):
            yield _note(
                token,
                "_exists_ knows no wildcards and finds nothing here; write \\* for them",
                "_exists_ ではワイルドカードが使えず、何も見つかりません。\\* と書いてください",
            )


_RULES: tuple[Callable[[Sequence[Token]], Iterator[Note]], ...] = (
    _mixed,
    _lower_case,
    _boosts,
    _words_without_field,
    _joined_words,
    _comparisons,
    _slashes,
    _single_quotes,
    _exists_patterns,
)
