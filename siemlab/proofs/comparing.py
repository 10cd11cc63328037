"""Are two answers the same? And which parts of an answer a proof can speak of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from siemlab.check import canonical
from siemlab.missions import Part, Question

__all__ = ["by_part", "calculable", "same", "spelled"]


def calculable(part: Part) -> bool:
    """Tell whether a part's answer is computed from logs.

    Examples
    --------
    >>> calculable(Part("count")), calculable(Part("choice"))
    (True, False)
    """
    return not part.chosen


def by_part(question: Question, value: Any) -> list[Any]:
    """Return an answer's value for each part; None where it says nothing of it.

    Parameters
    ----------
    question
        The question.
    value
        A value, or a tuple with one for each part. Where the other parts are choices, the value
        of the one that is computed may stand alone.

    Raises
    ------
    ValueError
        The tuple has not as many values as the question has parts.

    Examples
    --------
    >>> from siemlab.missions import Text
    >>> text = Text("Why?", "なぜですか。")
    >>> parts = (Part("count"), Part("choice"))
    >>> question = Question("L1-A", 1, 30, "analysis", (), text, parts, (text,) * 3)
    >>> by_part(question, 4), by_part(question, (4, "regions"))
    ([4, None], [4, 'regions'])
    """
    parts = question.parts
    if len(parts) == 1:
        return [value[0] if isinstance(value, tuple) and len(value) == 1 else value]
    if value is None:
        return [None] * len(parts)
    computed = [part for part in parts if calculable(part)]
    if not isinstance(value, tuple) and len(computed) == 1:
        return [value if part is computed[0] else None for part in parts]
    if isinstance(value, tuple) and len(value) == len(parts):
        return list(value)
    if isinstance(value, tuple) and len(value) == len(computed):
        rest = iter(value)
        return [next(rest) if calculable(part) else None for part in parts]
    raise ValueError(f"{question.id} has {len(parts)} parts: give a tuple with one value for each")


def spelled(part: Part, value: Any) -> str:
    """Return a value in its one spelling; empty where there is none."""
    return "" if value is None else canonical(part, value)


def same(part: Part, one: Any, other: Any) -> bool:
    """Tell whether two values of a part are one answer, within its tolerance.

    Examples
    --------
    >>> same(Part("count", tolerance=2), 10, 12), same(Part("count"), 10, 12)
    (True, False)
    """
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs((one - other).total_seconds()) <= part.tolerance
    if part.tolerance and isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= part.tolerance
    return spelled(part, one) == spelled(part, other)
