"""Hits as a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from siemlab.store.base import Hit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flat", "frame"]


def flat(source: dict[str, Any]) -> dict[str, Any]:
    """Return a document with dotted field names instead of objects in objects.

    Lists of objects become one list per field in them, as OpenSearch sees them.

    Examples
    --------
    >>> flat({"user": {"name": "alice"}, "items": [{"port": 22}, {"port": 80}]})
    {'user.name': 'alice', 'items.port': [22, 80]}
    """
    found: dict[str, Any] = {}
    for path, value in _leaves(source, ""):
        if path not in found:
            found[path] = value
            continue
        before = found[path]
        joined = before if isinstance(before, list) else [before]
        found[path] = [*joined, *(value if isinstance(value, list) else [value])]
    return found


def frame(hits: Iterable[Hit], fields: Iterable[str] | None = None) -> pd.DataFrame:
    """Return hits as a data frame.

    Parameters
    ----------
    hits
        The hits, in the order of the rows.
    fields
        The columns after ``_index`` and ``_id``, in this order; None: every field that a hit has,
        ``@timestamp`` first, then by name.

    Returns
    -------
    DataFrame
        One row per hit. Columns are dotted field names; values are as they were loaded (a list
        where a document holds several), missing ones None.

    Examples
    --------
    >>> frame([Hit("log-x", "1", {"user": {"name": "alice"}})])
      _index _id user.name
    0  log-x   1     alice
    """
    import pandas as pd

    listed = list(hits)
    rows = [flat(hit.source) for hit in listed]
    if fields is None:
        names = sorted({name for row in rows for name in row}, key=lambda n: (n != "@timestamp", n))
    else:
        names = list(fields)
    columns: dict[str, pd.Series[Any]] = {
        "_index": pd.Series([hit.index for hit in listed], dtype=object),
        "_id": pd.Series([hit.id for hit in listed], dtype=object),
    }
    for name in names:
        columns[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    return pd.DataFrame(columns)


def _leaves(source: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in source.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{path}.")
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            plain = [item for item in value if not isinstance(item, dict)]
            if plain:
                yield path, plain
            for item in value:
                if isinstance(item, dict):
                    yield from _leaves(item, f"{path}.")
        else:
            yield path, value
