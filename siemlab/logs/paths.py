"""Dotted paths into raw records: ``resource.instanceDetails.networkInterfaces.0.publicIp``."""

from __future__ import annotations

from typing import Any

__all__ = ["Path", "dig", "split_path"]

Path = tuple[str | int, ...]


def split_path(dotted: str) -> Path:
    """Return the steps of a dotted path; digits index lists.

    Examples
    --------
    >>> split_path("answers.0.Class")
    ('answers', 0, 'Class')
    """
    return tuple(int(step) if step.isdigit() else step for step in dotted.split("."))


def dig(value: Any, path: Path) -> Any:
    """Return the value at a path, or None where a step leads nowhere.

    Parameters
    ----------
    value
        A raw record, or any JSON value.
    path
        The steps, of `split_path`.

    Examples
    --------
    >>> dig({"a": [{"b": 7}]}, ("a", 0, "b"))
    7
    >>> dig({"a": "text"}, ("a", "b")) is None
    True
    """
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value
