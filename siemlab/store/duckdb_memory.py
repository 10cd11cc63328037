"""What the engine remembers of its last answers: totals of conditions, and pages of documents.

A click in Discover asks for a histogram, a total and the newest documents; the next click mostly
finds the same documents. To read one of them, its whole page has to be decompressed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from siemlab.store.duckdb_source import PAGE, sources
from siemlab.store.duckdb_view import Target

__all__ = ["Memory"]

_TOTALS: Final = 64
_PAGES: Final = 4
_LARGEST_PAGE: Final = 16_000_000  # characters; a page of larger documents is not kept
_FEW: Final = 2  # pages that are read as a whole for an answer; of more, only what is asked for

_Key = tuple[tuple[str, str], ...]


class Memory:
    """Totals and pages, by the tables they are of: a table never changes under its name."""

    def __init__(self) -> None:
        self._totals: OrderedDict[_Key, int] = OrderedDict()
        self._pages: OrderedDict[tuple[str, int], dict[int, str]] = OrderedDict()

    def forget(self) -> None:
        """Let go of all."""
        self._totals.clear()
        self._pages.clear()

    def total(self, targets: Sequence[Target]) -> int | None:
        """Return how many documents match; None where it was not asked for lately."""
        return self._totals.get(_key(targets))

    def keep_total(self, targets: Sequence[Target], total: int) -> None:
        """Remember how many documents match."""
        _put(self._totals, _key(targets), total, _TOTALS)

    def sources(
        self, connection: Any, table: str, rids: Sequence[int]
    ) -> Iterable[tuple[int, str]]:
        """Return row number and JSON text of documents, in no order.

        Parameters
        ----------
        connection, table, rids
            See `siemlab.store.duckdb_source.sources`.
        """
        found: dict[int, str] = {}
        for page in {rid // PAGE for rid in rids}:
            found |= self._pages.get((table, page), {})
        left = [rid for rid in rids if rid not in found]
        pages = sorted({rid // PAGE for rid in left})
        if len(pages) > _FEW:
            pages = []
            found |= dict(sources(connection, table, left))
        for page in pages:
            whole = dict(sources(connection, table, range(page * PAGE, (page + 1) * PAGE)))
            found |= whole
            if sum(map(len, whole.values())) <= _LARGEST_PAGE:
                _put(self._pages, (table, page), whole, _PAGES)
        return [(rid, found[rid]) for rid in rids]


def _key(targets: Sequence[Target]) -> _Key:
    return tuple((target.index.layout.docs, repr(target.where)) for target in targets)


def _put(kept: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
