"""One field, one value: what a value or a range in a query means for a field of some type.

Every function raises ValueError where the field cannot hold the value. The query text then
matches nothing there, a filter is an error; that is for the caller to decide.
"""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from siemlab.query.filters import Value, plain_text
from siemlab.query.syntax import Wildcard
from siemlab.store import plan as p
from siemlab.store.addresses import address, network
from siemlab.store.analysis import lower, words
from siemlab.store.dates import resolve
from siemlab.store.numeric import (
    FLOATS,
    INTEGERS,
    as_double,
    as_float,
    as_integer,
    has_fraction,
    signed_zero,
)
from siemlab.store.tree import FieldType
from siemlab.store.values import KEYWORDS, TEXTS

__all__ = ["Clock", "Ends", "between", "either", "term", "wild"]

_BOOLEANS: Final = {"true": True, "false": False}


class Clock:
    """What a date in a query is read by: the present, and a zone for dates that name none.

    Parameters
    ----------
    now
        The present, in milliseconds since 1970.
    zone
        The zone of the query text; filters do not move by it.
    """

    __slots__ = ("now", "zone")

    def __init__(self, now: int, zone: tzinfo | None = None) -> None:
        self.now = now
        self.zone = zone


class Ends:
    """The ends of a range as they are written; None is open."""

    __slots__ = ("high", "include_high", "include_low", "low")

    def __init__(
        self,
        low: Value | None,
        high: Value | None,
        *,
        include_low: bool = True,
        include_high: bool = True,
    ) -> None:
        self.low = low
        self.high = high
        self.include_low = include_low
        self.include_high = include_high


def either(parts: list[p.Plan]) -> p.Plan:
    """Return the plan that at least one part matches, as short as it can be said.

    Examples
    --------
    >>> either([p.Nothing(), p.Exists("a")])
    Exists(field='a')
    """
    real = tuple(part for part in parts if not isinstance(part, p.Nothing))
    if not real:
        return p.Nothing()
    return real[0] if len(real) == 1 else p.Any(real)


def term(name: str, field: FieldType, value: Value, clock: Clock, *, phrase: bool) -> p.Plan | None:
    """Return the plan for a field that has a value.

    Parameters
    ----------
    name, field
        The field.
    value
        The value of a filter, or a text from a query.
    clock
        The present; the zone moves nothing here.
    phrase
        Of a text field: all words side by side, instead of any of them.

    Returns
    -------
    Plan or None
        None where the text holds no word.

    Raises
    ------
    ValueError
        When the field cannot hold the value.

    Examples
    --------
    >>> term("source.port", FieldType("integer"), "443", Clock(0), phrase=True)
    OneOf(field='source.port', values=(443,))
    """
    kind = field.type
    if kind in TEXTS:
        return _words(name, words(plain_text(value)), phrase=phrase)
    if kind == "ip" and "/" in plain_text(value):
        return p.Between(name, *network(plain_text(value)))
    if kind == "date":
        return _dates(name, field, Ends(value, value), Clock(clock.now))
    if kind in INTEGERS:
        return _integer(name, kind, _numeral(value))
    if kind == "geo_point":
        raise ValueError(kind)
    return p.OneOf(name, (_exactly(kind, value),))


def between(name: str, field: FieldType, ends: Ends, clock: Clock) -> p.Plan:
    """Return the plan for a field that has a value between two ends.

    Parameters
    ----------
    name, field
        The field.
    ends
        The ends; text of a text field must be in lower case already.
    clock
        The present, and the zone of dates that name none.

    Raises
    ------
    ValueError
        When the field cannot hold an end, or has no ranges.

    Examples
    --------
    >>> between("n", FieldType("long"), Ends("7.5", None), Clock(0))
    Between(field='n', low=8, high=None, include_low=True, include_high=True)
    """
    kind = field.type
    if kind in INTEGERS:
        return _integers(name, kind, ends)
    if kind == "date":
        return _dates(name, field, ends, clock)
    if kind == "boolean":
        return _booleans(name, ends)
    if kind == "geo_point":
        raise ValueError(kind)
    low, high = (None if end is None else _end(kind, end) for end in (ends.low, ends.high))
    if kind in TEXTS:
        low_text, high_text = (None if end is None else str(end) for end in (low, high))
        return p.WordBetween(name, low_text, high_text, ends.include_low, ends.include_high)
    return p.Between(name, low, high, ends.include_low, ends.include_high)


def wild(name: str, field: FieldType, pattern: tuple[str | Wildcard, ...]) -> p.Plan | None:
    """Return the plan for a field that has a value, or a word, like a pattern.

    Only keywords and texts do. A word with a lone ``*`` at its end is analyzed in a text field:
    ``aws-cli*`` is ``aws`` or ``cli*``.

    Returns
    -------
    Plan or None
        None where the pattern holds no word.

    Examples
    --------
    >>> wild("m", FieldType("text"), ("AWS-cli", Wildcard.ANY)).parts[0]
    WordIn(field='m', words=('aws',))
    """
    if field.type in KEYWORDS:
        return p.Like(name, pattern)
    if field.type not in TEXTS:
        return p.Nothing()
    prefix = pattern[0]
    if len(pattern) != 2 or pattern[1] is not Wildcard.ANY or isinstance(prefix, Wildcard):
        return p.WordLike(
            name, tuple(part if isinstance(part, Wildcard) else lower(part) for part in pattern)
        )
    found = words(prefix)
    if not found:
        return None
    last = p.WordLike(name, (found[-1], Wildcard.ANY))
    return p.Any((p.WordIn(name, found[:-1]), last)) if len(found) > 1 else last


def _words(name: str, found: tuple[str, ...], *, phrase: bool) -> p.Plan | None:
    if not found:
        return None
    if phrase and len(found) > 1:
        return p.Phrase(name, found)
    return p.WordIn(name, found)


def _boolean(value: Value) -> bool:
    text = plain_text(value)
    if text not in _BOOLEANS:
        raise ValueError(value)
    return _BOOLEANS[text]


def _numeral(value: Value) -> str | int | float:
    return plain_text(value) if isinstance(value, bool) else value


def _exactly(kind: str, value: Value) -> p.Scalar:
    if kind == "ip":
        return address(plain_text(value))
    if kind == "boolean":
        return _boolean(value)
    return as_float(kind, _numeral(value)) if kind in FLOATS else plain_text(value)


def _integer(name: str, kind: str, number: str | float) -> p.Plan:
    if has_fraction(number):
        return p.Nothing()
    whole = as_integer(_asked_as(kind), number)
    low, high = INTEGERS[kind]
    return p.OneOf(name, (whole,)) if low <= whole <= high else p.Nothing()


def _asked_as(kind: str) -> str:
    """Return the type whose limits a query keeps: a byte or short is asked as an integer."""
    return "long" if kind == "long" else "integer"


def _end(kind: str, value: Value) -> p.Scalar:
    if kind == "double":  # the only type whose bounds may be infinite
        return signed_zero(as_double(_numeral(value)))
    exact = _exactly(kind, value)
    # A half_float must be able to hold the bound, which is then compared without its rounding.
    return as_float("float", _numeral(value)) if kind == "half_float" else exact


def _integers(name: str, kind: str, ends: Ends) -> p.Plan:
    low = high = None
    if ends.low is not None:
        number = _numeral(ends.low)
        low = as_integer(_asked_as(kind), number)
        fraction = has_fraction(number)
        if (fraction and as_double(number) > 0) or (not fraction and not ends.include_low):
            low += 1
    if ends.high is not None:
        number = _numeral(ends.high)
        high = as_integer(_asked_as(kind), number)
        fraction = has_fraction(number)
        if (fraction and as_double(number) < 0) or (not fraction and not ends.include_high):
            high -= 1
    return _span(name, low, high)


def _span(name: str, low: int | None, high: int | None) -> p.Plan:
    if low is not None and high is not None and low >= high:
        return p.OneOf(name, (low,)) if low == high else p.Nothing()
    return p.Between(name, low, high)


def _dates(name: str, field: FieldType, ends: Ends, clock: Clock) -> p.Plan:
    low = high = None
    if ends.low is not None:
        low = _instant(field, ends.low, clock, round_up=not ends.include_low)
        low += not ends.include_low
    if ends.high is not None:
        high = _instant(field, ends.high, clock, round_up=ends.include_high)
        high -= not ends.include_high
    return _span(name, low, high)


def _instant(field: FieldType, value: Value, clock: Clock, *, round_up: bool) -> int:
    return resolve(
        plain_text(value), field.formats, now=clock.now, round_up=round_up, zone=clock.zone
    )


def _booleans(name: str, ends: Ends) -> p.Plan:
    low = None if ends.low is None else _boolean(ends.low)
    high = None if ends.high is None else _boolean(ends.high)
    fitting = tuple(
        value
        for value in (False, True)
        if (low is None or value > low or (ends.include_low and value == low))
        and (high is None or value < high or (ends.include_high and value == high))
    )
    return p.OneOf(name, fitting) if fitting else p.Nothing()
