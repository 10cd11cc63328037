"""Careful looks into records that anybody may have written: a wrong kind is as good as nothing."""

from __future__ import annotations

from typing import Any

__all__ = ["integer", "mapping", "rows"]


def mapping(value: Any) -> dict[str, Any]:
    """Return a value if it is an object, else an empty one.

    Examples
    --------
    >>> mapping({"a": 1}), mapping("text"), mapping(None)
    ({'a': 1}, {}, {})
    """
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, none where it is no list.

    Examples
    --------
    >>> rows([{"a": 1}, "text"]), rows({"a": 1})
    ([{'a': 1}], [])
    """
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def integer(value: Any) -> int | None:
    """Return a whole number, written as one or as text, else None.

    Examples
    --------
    >>> integer("17"), integer(17), integer("-"), integer(None)
    (17, 17, None, None)
    """
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
