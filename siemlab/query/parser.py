"""Reads a query text: Lucene's classic grammar, as OpenSearch's ``query_string`` uses it.

The shape of the answer is Lucene's, oddities included: AND makes the clauses on both its sides
required and OR changes nothing, so ``a OR b AND c`` asks for b and c; plain words that stand side
by side are one text; ``>=7`` compares only where it is one plain word.
"""

from __future__ import annotations

from siemlab.errors import QuerySyntaxError
from siemlab.query.lexer import Kind, Token, tokens, unescape
from siemlab.query.mistakes import Mistake, mistake
from siemlab.query.syntax import (
    Bound,
    Clause,
    Everything,
    Exists,
    Group,
    Node,
    Occur,
    Quoted,
    Range,
    Regexp,
    Wild,
    Wildcard,
    Words,
)

__all__ = ["MAX_CLAUSES", "MAX_DEPTH", "MAX_LENGTH", "parse_query_string"]

MAX_LENGTH = 32_000  # UTF-16 units, OpenSearch's search.query.max_query_string_length
MAX_CLAUSES = 1_024  # in one parenthesis, OpenSearch's indices.query.bool.max_clause_count
MAX_DEPTH = 100  # parentheses; far above what a person writes, far below Python's own limit

_JAVA_BLANKS = "".join(map(chr, range(0x21)))
_EXISTS = "_exists_"
_ALL = (None, "*")
_MODIFIERS = {Kind.PLUS: Occur.MUST, Kind.MINUS: Occur.MUST_NOT, Kind.NOT: Occur.MUST_NOT}
_OPERATORS = frozenset({Kind.AND, Kind.OR, *_MODIFIERS})
# Before these a plain word stands alone; before all others it joins the word before it.
_KEEPS_APART = frozenset({Kind.COLON, Kind.STAR, Kind.FUZZY, Kind.CARET, Kind.AND, Kind.OR})
_BARE = frozenset({Kind.WORD, Kind.SIGN, Kind.STAR, Kind.PREFIX, Kind.WILD, Kind.REGEXP})


def parse_query_string(text: str) -> Group:
    r"""Read a query text into a list of clauses.

    Parameters
    ----------
    text
        The text in Lucene's ``query_string`` syntax. A blank one matches nothing, as on the
        server (an empty search box, `Query.text`, is no query text at all).

    Returns
    -------
    Group
        The clauses; boosts are left out, as they change only an order by score.

    Raises
    ------
    QuerySyntaxError
        When it cannot be read; says where, and what to write instead.
    QueryNotSupportedError
        For fuzzy words, proximity, and parentheses nested more than 100 deep.

    Examples
    --------
    >>> for clause in parse_query_string('user.name:alice AND NOT source.ip:"10.0.0.0/8"').clauses:
    ...     print(clause.occur.name, clause.node)
    MUST Words(field='user.name', text='alice')
    MUST_NOT Quoted(field='source.ip', text='10.0.0.0/8')
    >>> parse_query_string("source.ip:10.0.0.0/8")
    Traceback (most recent call last):
    siemlab.errors.QuerySyntaxError: quote the CIDR: write "10.0.0.0/8"; ... (column 19)
      source.ip:10.0.0.0/8
                        ^
    """
    if not text.strip(_JAVA_BLANKS):
        return Group(())
    length = len(text) + sum(char > "\uffff" for char in text)
    if length > MAX_LENGTH:
        raise mistake(Mistake.TOO_LONG, "", -1, length, MAX_LENGTH)
    return _Parser(text).read()


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    @property
    def last(self) -> Token:
        return self.tokens[self.place - 1]

    def read(self) -> Group:
        if self.next.kind is Kind.END:
            raise self.error(Mistake.EMPTY)
        node = self.clauses(None)
        if self.next.kind is Kind.CLOSE:
            raise self.error(Mistake.STRAY_PARENTHESIS)
        return node if isinstance(node, Group) else Group((Clause(Occur.SHOULD, node),))

    def take(self, *kinds: Kind) -> Token | None:
        token = self.next
        if token.kind not in kinds:
            return None
        self.place += 1
        return token

    def error(
        self, kind: Mistake, *details: object, token: Token | None = None
    ) -> QuerySyntaxError:
        return mistake(kind, self.text, (token or self.next).at, *details)

    def clauses(self, field: str | None) -> Node:
        """Read clauses up to a closing parenthesis or the end."""
        found: list[Clause] = []
        while not found or self.next.kind not in (Kind.CLOSE, Kind.END):
            if self.joins(self.place + 1) and self.next.kind is Kind.WORD:
                found.append(Clause(Occur.SHOULD, self.joined(field)))
            else:
                conjunction = self.take(Kind.AND, Kind.OR) if found else None
                modifier = self.take(*_MODIFIERS)
                occur = _MODIFIERS[modifier.kind] if modifier else Occur.SHOULD
                node = self.clause(field)
                _add(found, node, occur, and_=bool(conjunction and conjunction.kind is Kind.AND))
            if len(found) > MAX_CLAUSES:
                raise self.error(Mistake.TOO_MANY, MAX_CLAUSES, token=self.last)
        single = len(found) == 1 and found[0].occur is Occur.SHOULD
        return found[0].node if single else Group(tuple(found))

    def joins(self, place: int) -> bool:
        """Tell whether a plain word stands there that joins the one before it."""
        return (
            place + 1 < len(self.tokens)
            and self.tokens[place].kind is Kind.WORD
            and self.tokens[place + 1].kind not in _KEEPS_APART
        )

    def joined(self, field: str | None) -> Node:
        words = [self.plain()]
        while self.joins(self.place):
            words.append(self.plain())
        return _words(field, " ".join(words))

    def plain(self) -> str:
        token = self.next
        self.place += 1
        return unescape(token.image, self.text, token.at)

    def clause(self, field: str | None) -> Node:
        """Read one clause behind its operators: a field, then a value or a parenthesis."""
        named = False
        if self.next.kind in (Kind.WORD, Kind.STAR) and self.after(1) is Kind.COLON:
            field = self.plain()
            self.place += 1
            named = True
        opening = self.take(Kind.OPEN)
        if opening is None:
            return self.term(field, named)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(Mistake.TOO_DEEP, MAX_DEPTH, token=opening)
        if self.next.kind is Kind.CLOSE:
            raise self.error(Mistake.NOTHING, token=opening)
        if self.next.kind is Kind.END:
            raise self.error(Mistake.OPEN_PARENTHESIS, token=opening)
        node = self.clauses(field)
        if self.take(Kind.CLOSE) is None:
            raise self.error(Mistake.OPEN_PARENTHESIS, token=opening)
        self.depth -= 1
        self.boost()
        return node

    def after(self, distance: int) -> Kind | None:
        place = self.place + distance
        return self.tokens[place].kind if place < len(self.tokens) else None

    def term(self, field: str | None, named: bool) -> Node:
        if self.next.kind in _BARE:
            return self.bare(field)
        if self.next.kind is Kind.QUOTED:
            return self.quoted(field)
        if self.next.kind is Kind.RANGE_OPEN:
            return self.range(field)
        raise self.unexpected(named)

    def bare(self, field: str | None) -> Node:
        token = self.next
        text = self.plain()  # also where it is not used: a broken escape is an error everywhere
        fuzzy = self.tail()
        if token.kind is Kind.STAR:
            return Everything() if field in _ALL else Exists(str(field))
        if token.kind is Kind.PREFIX:
            return Wild(field, (text[:-1], Wildcard.ANY))
        if token.kind is Kind.WILD:
            return Wild(field, _pattern(token.image))
        if token.kind is Kind.REGEXP:
            return Regexp(field, token.image[1:-1])
        if fuzzy:
            raise self.error(Mistake.FUZZY_WORD, token.image.strip(), token=fuzzy)
        # A lone sign is a word; its token holds the blank behind it.
        return _words(field, text[:1] if token.kind is Kind.SIGN else text)

    def quoted(self, field: str | None) -> Node:
        token = self.next
        self.place += 1
        text = unescape(token.image[1:-1], self.text, token.at + 1)
        fuzzy = self.tail()
        if fuzzy and fuzzy.image[1:].strip("0"):
            raise self.error(Mistake.PROXIMITY, token=fuzzy)
        return Exists(text) if field == _EXISTS else Quoted(field, text)

    def tail(self) -> Token | None:
        """Read a boost and a ``~`` in either order; return the latter."""
        fuzzy = self.take(Kind.FUZZY)
        if self.boost() and fuzzy is None:
            fuzzy = self.take(Kind.FUZZY)
        return fuzzy

    def boost(self) -> bool:
        if self.take(Kind.CARET) is None:
            return False
        if self.take(Kind.NUMBER) is None:
            raise self.error(Mistake.BOOST, token=self.last)
        return True

    def range(self, field: str | None) -> Node:
        opening = self.next
        self.place += 1
        low = self.end(opening)
        if self.take(Kind.RANGE_TO) is None:
            lower = self.next.image.upper() == "TO"
            raise self.unclosed(opening, Mistake.RANGE_TO if lower else Mistake.RANGE)
        high = self.end(opening)
        closing = self.take(Kind.RANGE_CLOSE)
        if closing is None:
            raise self.unclosed(opening, Mistake.RANGE)
        self.boost()
        return Range(field, _bound(low, opening.image == "["), _bound(high, closing.image == "]"))

    def end(self, opening: Token) -> str:
        token = self.take(Kind.RANGE_WORD, Kind.RANGE_QUOTED, Kind.RANGE_TO)
        if token is None:
            raise self.unclosed(opening, Mistake.RANGE)
        quoted = token.kind is Kind.RANGE_QUOTED
        return unescape(token.image[1:-1] if quoted else token.image, self.text, token.at + quoted)

    def unclosed(self, opening: Token, kind: Mistake) -> QuerySyntaxError:
        if self.next.kind is Kind.END:
            return self.error(Mistake.OPEN_RANGE, token=opening)
        return self.error(kind)

    def unexpected(self, named: bool) -> QuerySyntaxError:
        """Return the error for a token where a value was due."""
        token, before = self.next, self.last if self.place else None
        if named:
            return self.no_value(token)
        if token.kind is Kind.COLON:
            return self.colon(before)
        if token.kind in (Kind.FUZZY, Kind.CARET):
            return self.error(Mistake.FUZZY_TWICE if token.kind is Kind.FUZZY else Mistake.CARET)
        return self.no_clause(token, before)

    def no_clause(self, token: Token, before: Token | None) -> QuerySyntaxError:
        if before is not None and before.kind in _OPERATORS:
            if token.kind in _OPERATORS:
                return self.error(Mistake.OPERATOR_TWICE, token.image, before.image)
            return self.error(Mistake.OPERATOR_LAST, before.image, token=before)
        if token.kind is Kind.CLOSE:
            return self.error(Mistake.STRAY_PARENTHESIS)
        return self.error(Mistake.OPERATOR_FIRST, token.image)

    def no_value(self, token: Token) -> QuerySyntaxError:
        field = self.tokens[self.place - 2].image
        if token.kind in (Kind.PLUS, Kind.MINUS) or token.image == "!":
            after = self.tokens[self.place + 1].image
            return self.error(Mistake.SIGNED_VALUE, token.image, after)
        if token.kind in _OPERATORS:
            return self.error(Mistake.OPERATOR_VALUE, token.image)
        if token.kind is Kind.COLON:
            return self.error(Mistake.COLON)
        return self.error(Mistake.NO_VALUE, field, token=self.last)

    def colon(self, before: Token | None) -> QuerySyntaxError:
        if before is None or before.kind in _OPERATORS or before.kind is Kind.OPEN:
            return self.error(Mistake.COLON_FIRST)
        if before.kind is Kind.QUOTED:
            return self.error(Mistake.FIELD_QUOTED, before.image[1:-1])
        if before.kind in (Kind.PREFIX, Kind.WILD):
            escaped = before.image.replace("*", "\\*")
            return self.error(Mistake.FIELD_PATTERN, escaped, token=before)
        return self.error(Mistake.COLON)


def _add(found: list[Clause], node: Node, occur: Occur, *, and_: bool) -> None:
    if and_ and found[-1].occur is Occur.SHOULD:
        found[-1] = Clause(Occur.MUST, found[-1].node, found[-1].after_and)
    if and_ and occur is Occur.SHOULD:
        occur = Occur.MUST
    found.append(Clause(occur, node, and_))


def _words(field: str | None, text: str) -> Node:
    if field == _EXISTS:
        return Exists(text)
    if text[0] not in "<>" or len(text) == 1:
        return Words(field, text)
    inclusive = len(text) > 2 and text[1] == "="
    end = _bound(text[2:] if inclusive else text[1:], inclusive)
    return Range(field, end, None) if text[0] == ">" else Range(field, None, end)


def _bound(text: str, inclusive: bool) -> Bound | None:
    return None if text == "*" else Bound(text, inclusive)


def _pattern(image: str) -> tuple[str | Wildcard, ...]:
    r"""Cut a word with wildcards; here ``\u0041`` is a u and four digits, as in Lucene."""
    parts: list[str | Wildcard] = []
    run: list[str] = []
    chars = iter(image)
    for char in chars:
        if char in "*?":
            parts += ["".join(run)] if run else []
            parts.append(Wildcard(char))
            run = []
        else:
            run.append(next(chars) if char == "\\" else char)
    return (*parts, *(["".join(run)] if run else []))
