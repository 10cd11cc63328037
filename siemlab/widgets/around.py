"""Single documents: one by its id, and those right before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from siemlab.errors import StoreError
from siemlab.query import Query
from siemlab.store.base import Hit, Store
from siemlab.widgets.values import time_of

__all__ = ["around", "document"]

_MOMENT: Final = timedelta(milliseconds=1)
_LONGEST: Final = timedelta(days=4000)
_MOST: Final = 2_000  # documents that are read to find the neighbors of one


def document(store: Store, index: str, name: str, time: str = "") -> Hit:
    """Return a document by its index and id.

    Parameters
    ----------
    store
        The store.
    index, name
        The index, and the id.
    time
        Its time (ISO, UTC), where it is known: then only that moment is searched.

    Raises
    ------
    StoreError
        When there is no such document.
    """
    query = Query(index)
    tries = [query.include("@id", name)]
    if time:
        start = datetime.fromisoformat(time)
        then = query.time(start, start + _MOMENT)
        tries = [then.include("@id", name), then, *tries]
    for attempt in tries:
        found = _among(store.newest(attempt, _MOST), name, index)
        if found is not None:
            return found
    found = _among(store.scan(query), name, index)
    if found is not None:
        return found
    raise StoreError(
        f"there is no document {name!r} in {index}; it may have been removed since",
        f"{index} にドキュメント {name!r} はありません。検索後に削除された可能性があります",
    )


def _among(hits: Iterable[Hit], name: str, index: str) -> Hit | None:
    return next((hit for hit in hits if hit.id == name and hit.index == index), None)


def around(store: Store, query: Query, anchor: Hit, size: int = 5) -> list[Hit]:
    """Return a document between those right before and right after it, newest first.

    Parameters
    ----------
    store
        The store.
    query
        Which documents count: index pattern and filters. Its time range does not.
    anchor
        The document.
    size
        How many on each side.

    Returns
    -------
    list of Hit
        Fewer where there are no more. A document without a time stands alone.
    """
    told = time_of(anchor.source)
    if not told:
        return [anchor]
    time = datetime.fromisoformat(told)
    everywhen = query.time()
    end = _enough(store, everywhen, time, size)
    after = store.newest(everywhen.time(time, end), _MOST).hits
    at = _position(after, anchor)
    newer = list(after[max(0, at - size) : at])
    before = store.newest(everywhen.time(None, time + _MOMENT), size + len(after) + 1).hits
    at = _position(before, anchor)
    older = [hit for hit in before[at : at + size + 1] if not _same(hit, anchor)][:size]
    return [*newer, anchor, *older]


def _enough(store: Store, query: Query, time: datetime, size: int) -> datetime:
    """Return a moment up to which there are enough documents after a time, and not too many."""
    low, high = _MOMENT, timedelta(seconds=1)
    while store.count(query.time(time, time + high)) <= size and high < _LONGEST:
        low, high = high, high * 8
    for _ in range(24):
        if high - low <= _MOMENT or store.count(query.time(time, time + high)) <= _MOST:
            break
        middle = low + (high - low) / 2
        enough = store.count(query.time(time, time + middle)) > size
        low, high = (low, middle) if enough else (middle, high)
    return time + high


def _position(hits: tuple[Hit, ...], anchor: Hit) -> int:
    return next((at for at, hit in enumerate(hits) if _same(hit, anchor)), len(hits))


def _same(one: Hit, other: Hit) -> bool:
    return one.id == other.id and one.index == other.index
