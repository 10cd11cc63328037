"""Evaluates a plan over columns: one mask of rows per predicate, put together with & | ~.

A column is a Series of single values whose index is the row of the document; a document with
several values has several entries, one without any has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial, reduce
from operator import and_, or_
from typing import Any, Final

import numpy as np
import pandas as pd

from siemlab.query.syntax import Wildcard
from siemlab.store import plan as p
from siemlab.store.analysis import words

__all__ = ["Column", "Mask", "mask", "regex_of"]

Column = pd.Series
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_SIGNS: Final = {Wildcard.ANY: ".*", Wildcard.ONE: "."}


def mask(plan: p.Plan, column: Callable[[str], Column[Any]], rows: int) -> Mask:
    """Return which rows a plan matches.

    Parameters
    ----------
    plan
        The plan.
    column
        Returns the column of a field, empty where no document has a value.
    rows
        How many rows there are.

    Returns
    -------
    array of bool
        One per row.

    Examples
    --------
    >>> numbers = pd.Series([7, 8, 9], index=[0, 0, 2])
    >>> mask(p.Not(p.OneOf("n", (8,))), lambda name: numbers, 3).tolist()
    [False, True, True]
    """

    def rows_where(field: str, test: Callable[[Any], bool]) -> Mask:
        values = column(field)
        fitting = [row for row, value in zip(values.index, values, strict=True) if test(value)]
        found = np.zeros(rows, dtype=bool)
        found[fitting] = True
        return found

    def answer(plan: p.Plan) -> Mask:
        match plan:
            case p.Everything():
                return np.ones(rows, dtype=bool)
            case p.Nothing():
                return np.zeros(rows, dtype=bool)
            case p.All(parts):
                return reduce(and_, map(answer, parts), np.ones(rows, dtype=bool))
            case p.Any(parts):
                return reduce(or_, map(answer, parts), np.zeros(rows, dtype=bool))
            case p.Not(part):
                return ~answer(part)
            case _:
                return rows_where(plan.field, _test(plan))

    return answer(plan)


def regex_of(pattern: tuple[str | Wildcard, ...]) -> str:
    r"""Return a wildcard pattern as a regular expression for `re.fullmatch`.

    Examples
    --------
    >>> print(regex_of(("a.b", Wildcard.ANY)))
    (?s)a\.b.*
    """
    parts = (_SIGNS[part] if isinstance(part, Wildcard) else re.escape(part) for part in pattern)
    return f"(?s){''.join(parts)}"


def _test(plan: p.Plan) -> Callable[[Any], bool]:
    """Return the question that a predicate asks of a single value; a text is a tuple of words."""
    test: Callable[[Any], bool]
    match plan:
        case p.Exists():
            test = _always
        case p.OneOf(_, values):
            test = frozenset(values).__contains__
        case p.Between():
            test = partial(_lies_between, plan)
        case p.Like(_, pattern):
            test = _fits(regex_of(pattern))
        case p.Matches(_, regex):
            test = partial(_value_or_word, _fits(regex))
        case p.WordIn(_, words_asked):
            test = partial(_some_word, frozenset(words_asked).__contains__)
        case p.WordBetween():
            test = partial(_some_word, partial(_lies_between, plan))
        case p.WordLike(_, pattern):
            test = partial(_some_word, _fits(regex_of(pattern)))
        case p.Phrase(_, words_asked):
            test = partial(_side_by_side, words_asked)
        case _:
            raise AssertionError(plan)
    return test


def _always(value: Any) -> bool:
    return True


def _some_word(test: Callable[[str], bool], words_there: tuple[str, ...]) -> bool:
    return any(map(test, words_there))


def _value_or_word(test: Callable[[str], bool], value: str | tuple[str, ...]) -> bool:
    return _some_word(test, value) if isinstance(value, tuple) else test(value)


def _fits(regex: str) -> Callable[[str], bool]:
    compiled = re.compile(regex)
    return lambda text: compiled.fullmatch(text) is not None


def _lies_between(plan: p.Between | p.WordBetween, value: Any) -> bool:
    low, high = plan.low, plan.high
    above = low is None or value > low or (plan.include_low and value == low)
    return bool(above and (high is None or value < high or (plan.include_high and value == high)))


def _side_by_side(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(found[at : at + size] == wanted for at in range(len(found) - size + 1))


def analyzed(texts: list[Any]) -> list[Any]:
    """Return the values of a text field as their words, one tuple per value."""
    return [words(text) for text in texts]
