"""Numbers as OpenSearch reads them: what a text or a JSON number becomes in a numeric field.

The server reads numbers with Java's own functions, each with habits of its own: a ``long`` takes
full-width digits and no blanks, an ``integer`` the other way round. Documents and queries go
through the same functions, so they are here once.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal
from typing import Final

__all__ = [
    "FLOATS",
    "INTEGERS",
    "NEGATIVE_ZERO",
    "as_double",
    "as_float",
    "as_integer",
    "has_fraction",
    "indexed_integer",
    "signed_zero",
]

INTEGERS: Final = {
    "long": (-(2**63), 2**63 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
}
"""The smallest and largest value of each whole-number type."""

FLOATS: Final = {"half_float": "<e", "float": "<f", "double": "<d"}
"""The types with a fraction, and their layout in memory."""

NEGATIVE_ZERO: Final = -5e-324
"""Stands for -0.0, which the server keeps apart from 0.0 and just below it: the greatest number
below zero, which no ``float`` can be."""

_JAVA_DOUBLE = re.compile(
    r"[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?"
    r"|0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?\d+[fFdD]?)",
    re.ASCII,
)
_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?")
_BLANKS = "".join(map(chr, range(33)))


def as_double(value: str | float) -> float:
    """Return a number, or that of a text as Java's ``Double.parseDouble`` reads it.

    Parameters
    ----------
    value
        A number; or digits, with blanks around, an exponent, ``f`` or ``d`` behind; ``NaN``;
        hexadecimal.

    Returns
    -------
    float
        The nearest double.

    Raises
    ------
    ValueError
        When it is no number.

    Examples
    --------
    >>> as_double(" 1e3 "), as_double("7f"), as_double("0x1p3")
    (1000.0, 7.0, 8.0)
    """
    if not isinstance(value, str):
        return float(value)
    text = value.strip(_BLANKS)
    if not _JAVA_DOUBLE.fullmatch(text):
        raise ValueError(text)
    if "x" in text or "X" in text:
        return float.fromhex(text.rstrip("fFdD"))
    return float(text.rstrip("fFdD") if text[-1] in "fFdD" else text)


def has_fraction(value: str | float) -> bool:
    """Tell whether a number has digits after the point; text is read as a double first.

    Raises
    ------
    ValueError
        When it is no number.

    Examples
    --------
    >>> has_fraction("7.0"), has_fraction(7.9)
    (False, True)
    """
    if isinstance(value, int):
        return False
    number = as_double(value)
    return not math.isfinite(number) or not number.is_integer()


def as_integer(kind: str, value: str | float) -> int:
    """Return a number of a whole-number type as a query sees it; a fraction is cut off.

    Parameters
    ----------
    kind
        ``long``, ``integer``, ``short`` or ``byte``.
    value
        A text or a number.

    Raises
    ------
    ValueError
        When it is no number, or beyond the type.

    Examples
    --------
    >>> as_integer("long", "7.9"), as_integer("long", "1e3"), as_integer("short", " 7 ")
    (7, 1000, 7)
    """
    low, high = INTEGERS[kind]
    if isinstance(value, str):
        if kind == "long":
            return _long(value)
        value = as_double(value)
        if math.isnan(value):  # it passes Java's comparisons and becomes 0
            return 0
    if not low <= value <= high:
        raise ValueError(value)
    return int(value)


def indexed_integer(kind: str, value: str | float) -> int:
    """Return a number of a whole-number type as a document holds it.

    It differs from `as_integer` only at the edge: a JSON number may lie beyond ``short`` or
    ``byte`` by a fraction.

    Raises
    ------
    ValueError
        When the field cannot hold it.

    Examples
    --------
    >>> indexed_integer("short", 32767.9)
    32767
    """
    if isinstance(value, float) and kind in ("short", "byte") and math.isfinite(value):
        value = int(value)
    return as_integer(kind, value)


def _long(text: str) -> int:
    if _WHOLE.fullmatch(text) and len(text) < 400:
        number = int(text)
    elif _DECIMAL.fullmatch(text):
        exact = Decimal(text)
        if exact.adjusted() > 19:
            raise ValueError(text)
        number = int(exact) if exact.adjusted() >= 0 else 0
    else:
        raise ValueError(text)
    low, high = INTEGERS["long"]
    if not low <= number <= high:
        raise ValueError(text)
    return number


def as_float(kind: str, value: str | float) -> float:
    """Return the nearest value that a ``float``, ``half_float`` or ``double`` field can hold.

    Raises
    ------
    ValueError
        When it is no number, or not finite in that type.

    Examples
    --------
    >>> as_float("float", "0.1"), as_float("half_float", 0.1), as_float("float", "-0")
    (0.10000000149011612, 0.0999755859375, -5e-324)
    """
    number = as_double(value)
    try:
        layout = FLOATS[kind]
        (rounded,) = struct.unpack(layout, struct.pack(layout, number))
    except OverflowError:
        raise ValueError(value) from None
    if not math.isfinite(rounded):
        raise ValueError(value)
    return signed_zero(float(rounded))


def signed_zero(number: float) -> float:
    """Return a number, `NEGATIVE_ZERO` for a zero with a minus.

    Examples
    --------
    >>> signed_zero(-0.0), signed_zero(0.0)
    (-5e-324, 0.0)
    """
    return NEGATIVE_ZERO if number == 0 and math.copysign(1, number) < 0 else number
