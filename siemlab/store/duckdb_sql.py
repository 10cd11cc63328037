"""A plan as a condition in SQL: readable text, and every value a bound parameter.

A condition is true exactly for the documents that are asked for; where a document has no value
it may be NULL, which a WHERE takes as false. Therefore what is *not* asked for is compiled from
the inside out (``(c1 = ?) IS NOT TRUE``) and never by a NOT around something that may be NULL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from siemlab.query.syntax import Wildcard
from siemlab.store import plan as p
from siemlab.store.analysis import SEPARATOR
from siemlab.store.duckdb_layout import KINDS, Layout, Place

__all__ = ["VALUE_SEPARATOR", "Sql", "condition"]

#: Between two values of a field, as if it were a word: no phrase goes across.
VALUE_SEPARATOR = "\x02"

_FEW = 50
# Of a LIKE that begins with a text, the engine makes a range that ends where the last byte of this
# text is one higher, and fails where no character ends in such a byte (DuckDB 1.5.6: "タ_").
# With an ESCAPE it makes none.
_LAST_BYTES = (b"\x7f", b"\xbf")
_FEW_TEXTS = 20  # in a column in which each row differs, more of them would cost more
_ADDRESSES = ("address", "address64")
_LAST_SHORT = 2**64 - 1
_TRUE_TEXT, _FALSE_TEXT = "true", "false"


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and the parameters of its question marks, in their order."""

    text: str
    params: tuple[Any, ...] = ()

    @classmethod
    def join(cls, glue: str, pieces: Iterable[Sql]) -> Sql:
        """Return pieces as one, with a text between them."""
        every = list(pieces)
        params = tuple(value for piece in every for value in piece.params)
        return cls(glue.join(piece.text for piece in every), params)


_TRUE, _FALSE = Sql(_TRUE_TEXT), Sql(_FALSE_TEXT)
_Leaf = (
    p.Exists
    | p.OneOf
    | p.Between
    | p.Like
    | p.Matches
    | p.WordIn
    | p.WordBetween
    | p.WordLike
    | p.Phrase
)
_LEAVES = get_args(_Leaf)


def condition(plan: p.Plan, layout: Layout) -> Sql:
    """Return the condition that is true for the rows of ``docs`` that a plan matches.

    Parameters
    ----------
    plan
        The plan, bound to the index.
    layout
        Where the index keeps its fields. A field without a place matches nothing.

    Examples
    --------
    >>> layout = Layout({"user.name": Place("text", "docs", "c1")})
    >>> condition(p.Not(p.OneOf("user.name", ("alice",))), layout)
    Sql(text='(c1 = ?) IS NOT TRUE', params=('alice',))
    """
    return _Compiler(layout).compile(plan, wanted=True)


class _Compiler:
    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def compile(self, plan: p.Plan, *, wanted: bool) -> Sql:
        match plan:
            case p.Everything() | p.Nothing():
                found = _TRUE if isinstance(plan, p.Everything) == wanted else _FALSE
            case p.Not(part):
                found = self.compile(part, wanted=not wanted)
            case p.All(parts):
                # Not all of them: one of them not.
                join = _both if wanted else _either
                found = join(self.compile(part, wanted=wanted) for part in parts)
            case p.Any(parts):
                join = _either if wanted else _both
                found = join(self._any(parts, wanted=wanted))
            case _:
                found = self._leaf(plan, wanted=wanted)
        return found

    def _any(self, parts: Sequence[p.Plan], *, wanted: bool) -> list[Sql]:
        """Compile alternatives; those that ask rare fields the same become one look-up.

        A word without a field is asked of every field there is, hundreds of them.
        """
        pieces: list[Sql] = []
        alike: dict[Sql, list[str]] = {}
        for part in parts:
            place = self._layout.places.get(part.field) if isinstance(part, _LEAVES) else None
            if isinstance(part, _LEAVES) and place is not None and place.table == "fields":
                test = _value_test(part, place.column, place.kind)
                alike.setdefault(test, []).append(part.field)
            else:
                pieces.append(self.compile(part, wanted=wanted))
        pieces += [self._rare(names, test, wanted=wanted) for test, names in alike.items()]
        return pieces

    def _leaf(self, leaf: _Leaf, *, wanted: bool) -> Sql:
        place = self._layout.places.get(leaf.field)
        if place is None:
            return _FALSE if wanted else _TRUE
        if place.table == "fields":
            test = _value_test(leaf, place.column, place.kind)
            return self._rare([leaf.field], test, wanted=wanted)
        if place.table == "words" and not isinstance(leaf, p.Exists):
            return self._rows(self._layout.words, _column(leaf, place, wanted=True), wanted=wanted)
        return _column(leaf, place, wanted=wanted)

    def _rare(self, names: list[str], test: Sql, *, wanted: bool) -> Sql:
        if len(names) == 1:
            which = Sql("field = ?", (names[0],))
        elif len(names) <= _FEW:
            which = Sql(f"field IN ({', '.join('?' * len(names))})", tuple(names))
        else:
            which = Sql("field IN (SELECT unnest(?::VARCHAR[]))", (names,))
        where = which if test == _TRUE else Sql.join(" AND ", (which, test))
        return self._rows(self._layout.fields, where, wanted=wanted)

    def _rows(self, table: str, where: Sql, *, wanted: bool) -> Sql:
        rows = f"(SELECT rid FROM {table} WHERE {where.text})"
        if not wanted:
            return Sql(f"rid NOT IN {rows}", where.params)
        # Without a verdict this is a join, for which the engine may hash a million documents.
        return _weighed(Sql(f"rid IN {rows}", where.params), "IS TRUE")


def _both(parts: Iterable[Sql]) -> Sql:
    pieces = [part for part in parts if part != _TRUE]
    if _FALSE in pieces:
        return _FALSE
    return _grouped(" AND ", pieces) if pieces else _TRUE


def _either(parts: Iterable[Sql]) -> Sql:
    pieces = [part for part in parts if part != _FALSE]
    if _TRUE in pieces:
        return _TRUE
    return _grouped(" OR ", pieces) if pieces else _FALSE


def _grouped(glue: str, pieces: list[Sql]) -> Sql:
    if len(pieces) == 1:
        return pieces[0]
    joined = Sql.join(glue, pieces)
    return Sql(f"({joined.text})", joined.params)


def _column(leaf: _Leaf, place: Place, *, wanted: bool) -> Sql:
    column = place.column
    if isinstance(leaf, p.Exists):
        return Sql(f"{column} IS {'NOT ' if wanted else ''}NULL")
    inner = _value_test(leaf, "x" if place.many else column, place.kind)
    if inner == _FALSE:
        return _FALSE if wanted else _TRUE
    test = _any_of_list(leaf, place, inner) if place.many else inner
    if not wanted:
        return _weighed(test, "IS NOT TRUE")
    # Then the engine looks at each different value of a column of texts, and not at every row.
    few = isinstance(leaf, p.OneOf) and 1 < len(leaf.values) <= _FEW_TEXTS
    return _weighed(test, "IS TRUE") if few and place.kind == "text" and not place.many else test


def _any_of_list(leaf: _Leaf, place: Place, inner: Sql) -> Sql:
    if isinstance(leaf, p.OneOf) and len(leaf.values) == 1:
        return Sql(f"list_contains({place.column}, {_mark(place.kind)})", inner.params)
    text = f"len(list_filter({place.column}, lambda x: {inner.text})) > 0"
    return Sql(text, inner.params)


def _weighed(test: Sql, verdict: str) -> Sql:
    inside = test.text if test.text.startswith("(") else f"({test.text})"
    return Sql(f"{inside} {verdict}", test.params)


def _value_test(leaf: _Leaf, value: str, kind: str) -> Sql:
    """Return the condition on one value: a column, or a variable of a list."""
    if kind == "address64":
        leaf = _short(leaf)
    match leaf:
        case p.Exists():
            found = _TRUE
        case p.OneOf(_, values):
            found = _one_of(value, tuple(_bound(item, kind) for item in values), _mark(kind))
        case p.Between():
            found = _between(leaf, value, kind)
        case p.Like(_, pattern):
            found = _like(value, pattern)
        case p.Matches(_, regex) if kind != "words":
            found = Sql(f"regexp_full_match({value}, ?)", (regex,))
        case _:
            found = _word_test(leaf, value)
    return found


def _word_test(
    leaf: p.Matches | p.WordIn | p.WordBetween | p.WordLike | p.Phrase, value: str
) -> Sql:
    """Return the condition on the words of one text."""
    match leaf:
        case p.Matches(_, regex):
            found = _any_word(Sql("regexp_full_match(w, ?)", (regex,)), value)
        case p.WordBetween():
            found = _any_word(_between(leaf, "w", "text"), value)
        case p.WordIn(_, words):
            found = _either(_contains(value, (word,)) for word in words)
        case p.Phrase(_, words):
            found = _contains(value, words) if words else _FALSE
        case p.WordLike(_, pattern):
            found = _word_like(value, pattern)
    return found


def _short(leaf: _Leaf) -> _Leaf:
    """Return a condition on addresses as one on those that have no more than 64 bits."""
    match leaf:
        case p.OneOf(field, values):
            return p.OneOf(field, tuple(value for value in values if int(value) <= _LAST_SHORT))
        case p.Between(field, low, high, low_too, _) if high is None or int(high) > _LAST_SHORT:
            if low is not None and int(low) > _LAST_SHORT:
                return p.OneOf(field, ())
            return p.Between(field, low, None, low_too)
    return leaf


def _bound(value: p.Scalar, kind: str) -> Any:
    if kind == "hex":
        return f"{value:032x}"
    return int(value) if kind in ("whole", *_ADDRESSES) else value


def _mark(kind: str) -> str:
    """Return the mark of a parameter; the engine takes an address for another type."""
    return f"?::{KINDS[kind]}" if kind in _ADDRESSES else "?"


def _one_of(value: str, values: tuple[Any, ...], mark: str) -> Sql:
    if not values:
        return _FALSE
    if len(values) == 1:
        return Sql(f"{value} = {mark}", values)
    return Sql(f"{value} IN ({', '.join([mark] * len(values))})", values)


def _between(leaf: p.Between | p.WordBetween, value: str, kind: str) -> Sql:
    ends = []
    if leaf.low is not None:
        sign = ">=" if leaf.include_low else ">"
        ends.append(Sql(f"{value} {sign} {_mark(kind)}", (_bound(leaf.low, kind),)))
    if leaf.high is not None:
        sign = "<=" if leaf.include_high else "<"
        ends.append(Sql(f"{value} {sign} {_mark(kind)}", (_bound(leaf.high, kind),)))
    return _both(ends) if ends else Sql(f"{value} IS NOT NULL")


def _contains(value: str, words: Iterable[str]) -> Sql:
    """Return the condition that words stand side by side.

    The engine looks for a text by its first character, and the separator is everywhere; so what
    follows it is searched for first, in two thirds of the time.
    """
    text = f"{SEPARATOR.join(words)}{SEPARATOR}"
    both = f"(contains({value}, ?) AND contains({value}, ?))"
    return Sql(both, (text, f"{SEPARATOR}{text}"))


def _any_word(test: Sql, value: str) -> Sql:
    """Return the condition that a word of a text fits a test of ``w``."""
    words = f"string_split({value}, chr(1))"
    real = "w NOT IN ('', chr(2))"
    text = f"len(list_filter({words}, lambda w: {real} AND {test.text})) > 0"
    return Sql(text, test.params)


def _like(value: str, pattern: tuple[str | Wildcard, ...]) -> Sql:
    """Return a wildcard pattern in the form that the engine answers fastest."""
    match pattern:
        case () | (str(),):
            found = Sql(f"{value} = ?", pattern or ("",))
        case (Wildcard.ANY,):
            found = Sql(f"{value} IS NOT NULL")
        case (str(text), Wildcard.ANY):
            found = Sql(f"starts_with({value}, ?)", (text,))
        case (Wildcard.ANY, str(text)):
            found = Sql(f"ends_with({value}, ?)", (text,))
        case (Wildcard.ANY, str(text), Wildcard.ANY):
            found = Sql(f"contains({value}, ?)", (text,))
        case _:
            shown = {Wildcard.ANY: "%", Wildcard.ONE: "_"}
            parts = [shown[x] if isinstance(x, Wildcard) else _escaped(x) for x in pattern]
            odd = any("\\" in part for part in parts) or parts[0].encode()[-1:] in _LAST_BYTES
            escape = r" ESCAPE '\'" if odd else ""
            found = Sql(f"{value} LIKE ?{escape}", ("".join(parts),))
    return found


def _escaped(text: str) -> str:
    return re.sub(r"[\\%_]", r"\\\g<0>", text)


def _word_like(value: str, pattern: tuple[str | Wildcard, ...]) -> Sql:
    """Return the condition that one word fits: a wildcard must not run over the word's end."""
    inside = "[^\x01\x02]"
    if {*pattern} == {Wildcard.ANY}:
        pattern = (Wildcard.ONE, Wildcard.ANY)  # between two separators may be no word at all
    shown = {Wildcard.ANY: f"{inside}*", Wildcard.ONE: inside}
    parts = [shown[part] if isinstance(part, Wildcard) else _quoted(part) for part in pattern]
    whole = Sql(f"regexp_matches({value}, ?)", (f"{SEPARATOR}{''.join(parts)}{SEPARATOR}",))
    literals = [part for part in pattern if isinstance(part, str)]
    if not literals:
        return whole
    longest = Sql(f"contains({value}, ?)", (max(literals, key=len),))
    return _both([longest, whole])


def _quoted(text: str) -> str:
    """Return a text as a regular expression of RE2 that finds just it."""
    return "".join(
        char if char.isalnum() or ord(char) >= 128 else f"\\x{{{ord(char):02x}}}" for char in text
    )
