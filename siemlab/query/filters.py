"""A filter: what Discover shows as a pill below the search box."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from siemlab.errors import QuerySyntaxError

__all__ = ["Filter", "Op", "Value", "is_unicode", "plain_text", "scalar", "scalars"]

Value = str | int | float | bool
Op = Literal["is", "is one of", "is between", "exists"]

_Address = (
    ipaddress.IPv4Address  # an interface is an address, too
    | ipaddress.IPv6Address
    | ipaddress.IPv4Network
    | ipaddress.IPv6Network
)


def is_unicode(text: str) -> bool:
    """Tell whether a text can be written as UTF-8 (it holds no half of a surrogate pair).

    Examples
    --------
    >>> is_unicode("東京"), is_unicode(chr(0xD83D))
    (True, False)
    """
    return not any("\ud800" <= char <= "\udfff" for char in text)


def scalar(field: str, value: object) -> Value:
    """Return one value of a filter as plain text, number or boolean.

    Parameters
    ----------
    field
        The filter's field, for the message.
    value
        Text, a number, a boolean, an address or network of `ipaddress`, a date or time (one
        without a zone means UTC, as in Discover), or a scalar of NumPy.

    Returns
    -------
    str, int, float or bool
        The plain value.

    Raises
    ------
    QuerySyntaxError
        For everything else: None, NaN, infinity, bytes, lists.

    Examples
    --------
    >>> scalar("source.ip", ipaddress.ip_network("10.0.0.0/8"))
    '10.0.0.0/8'
    """
    if isinstance(value, _Address):
        return str(value)
    if isinstance(value, date) and (text := value.isoformat())[0].isdigit():
        return text  # the "no time" of a data frame is a date as well, and says "NaT"
    plain: object = value
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        plain = value.item()  # a scalar of NumPy
    if isinstance(plain, str):
        if is_unicode(plain):
            return str(plain)
    elif isinstance(plain, bool | int):
        return plain
    elif isinstance(plain, float) and math.isfinite(plain):
        return float(plain)
    raise QuerySyntaxError(
        f"{value!r} is no value that {field} can have; give text, a number, True or False "
        f"(documents without the field: .missing({field!r}))",
        f"{value!r} は {field} の値として使えません。文字列、数値、True/False を渡してください"
        f"（フィールドのない文書は .missing({field!r})）",
    )


def plain_text(value: Value) -> str:
    """Return a value as the server reads it where text is due: a fraction as Java prints it.

    Examples
    --------
    >>> plain_text(True), plain_text(7.5), plain_text(16777216.0)
    ('true', '7.5', '1.6777216E7')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, float):
        return str(value)
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return text if "e" not in text else f"{Decimal(text):f}"
    digits, _, exponent = f"{Decimal(repr(value)).normalize():e}".partition("e")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def scalars(field: str, values: object) -> tuple[Value, ...] | None:
    """Return the values of a collection, each once; None when ``values`` is a single one.

    Parameters
    ----------
    field
        The filter's field, for the message.
    values
        A list, tuple, set, column of a frame, or any other iterable of values. Texts and networks
        are single values.

    Raises
    ------
    QuerySyntaxError
        When the collection is empty, a mapping, or holds something that is no value.

    Examples
    --------
    >>> scalars("user.name", {"bob", "alice"})
    ('alice', 'bob')
    >>> scalars("user.name", "alice") is None
    True
    """
    if isinstance(values, str | bytes | Mapping | _Address) or not isinstance(values, Iterable):
        return None
    if getattr(values, "ndim", 1) == 0:
        return None  # a scalar of NumPy
    plain = [scalar(field, value) for value in values]
    if isinstance(values, set | frozenset):
        plain.sort(key=lambda value: (type(value).__name__, str(value)))
    if not plain:
        raise QuerySyntaxError(
            f"the list of values for {field} is empty: OpenSearch would answer with every "
            "document; leave the filter away if that is what you want",
            f"{field} の値のリストが空です。OpenSearch ではすべての文書に一致してしまいます。"
            "それが目的ならフィルターを付けないでください",
        )
    return tuple({(type(value), value): value for value in plain}.values())


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """One filter on one field.

    Parameters
    ----------
    field
        The field's full name, taken literally (no escapes).
    op
        What is asked: ``"is"``, ``"is one of"``, ``"is between"``, ``"exists"``.
    values
        One value for "is", at least one for "is one of", ``(low, high)`` for "is between" (low
        included, high excluded, None is open), none for "exists".
    negate
        The filter must not match: "is not", "does not exist" and so on.
    enabled
        False leaves the pill there and asks nothing.

    Raises
    ------
    QuerySyntaxError
        When the values do not fit the operator.

    Examples
    --------
    >>> str(Filter("source.ip", "is", ("203.0.113.0/24",), negate=True))
    'NOT source.ip: 203.0.113.0/24'
    >>> Filter("n", "is", (1,)) == Filter("n", "is", (True,))
    False
    """

    field: str
    op: Op
    values: tuple[Value | None, ...] = ()
    negate: bool = False
    enabled: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.field, str) or not self.field or not is_unicode(self.field):
            raise QuerySyntaxError(
                f"{self.field!r} is no field name; write for example 'source.ip'",
                f"{self.field!r} はフィールド名ではありません。'source.ip' のように書いてください",
            )
        if self.op not in get_args(Op):
            raise QuerySyntaxError(
                f"there is no filter {self.op!r}; there are {', '.join(get_args(Op))}",
                f"フィルター {self.op!r} はありません。{', '.join(get_args(Op))} のどれかです",
            )
        count = {"is": (1, 1), "is one of": (1, None), "is between": (2, 2), "exists": (0, 0)}
        least, most = count[self.op]
        given = tuple(self.values)
        if len(given) < least or (most is not None and len(given) > most):
            raise QuerySyntaxError(
                f'"{self.op}" on {self.field} got {len(given)} values',
                f"{self.field} の「{self.op}」に値が {len(given)} 個渡されました",
            )
        open_ends = self.op == "is between"
        values = tuple(
            None if value is None and open_ends else scalar(self.field, value) for value in given
        )
        object.__setattr__(self, "values", values)

    def _key(self) -> tuple[object, ...]:
        # 1, 1.0 and True are equal in Python and three different values in a keyword field.
        typed = tuple((type(value).__name__, value) for value in self.values)
        return (self.field, self.op, typed, self.negate, self.enabled)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Filter) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        """Return the pill as Discover writes it."""
        shown = ", ".join(_shown(value) for value in self.values)
        if self.op == "is between":
            low, high = self.values
            shown = (
                f"{'-∞' if low is None else _shown(low)} to {'∞' if high is None else _shown(high)}"
            )
        elif self.op == "is one of":
            shown = f"is one of {shown}"
        elif self.op == "exists":
            shown = "exists"
        pill = f"{'NOT ' if self.negate else ''}{self.field}: {shown}"
        return pill if self.enabled else f"({pill}) disabled"


def _shown(value: Value | None) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
