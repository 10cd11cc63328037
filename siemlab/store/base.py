"""The contract of an engine, and the values that its answers are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from siemlab.normalize.document import Document

if TYPE_CHECKING:
    import pandas as pd

    from siemlab.query.value import Query

__all__ = ["Bucket", "FieldInfo", "Hit", "Hits", "IndexInfo", "LoadReport", "Store"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A row of a terms aggregation or a histogram: a key and how many documents it holds.

    Keys are what the server prints: text, numbers, booleans; dates are aware UTC ``datetime``;
    addresses are text (``"10.0.0.5"``, IPv6 in its short form).
    """

    key: str | int | float | bool | datetime
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching document: its index, its id, and its fields as they were loaded."""

    index: str
    id: str
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A leaf field of the searched indexes, and in how many matching documents it has a value.

    ``types`` are more than one when indexes differ.
    """

    name: str
    types: tuple[str, ...]
    documents: int


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """An index: how many documents, and the span of their ``@timestamp`` (aware UTC)."""

    name: str
    documents: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Hits:
    """The newest matching documents and how many match in all (always exact)."""

    total: int
    hits: tuple[Hit, ...]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def to_pandas(self, fields: Iterable[str] | None = None) -> pd.DataFrame:
        """Return one row per hit; columns are dotted field names, ``_index`` and ``_id`` first."""
        from siemlab.store.frames import frame

        return frame(self.hits, fields)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of the documents that were added.

    ``documents`` = ``created`` + ``updated`` + ``unchanged`` + ``refused``. ``pins`` lists the
    clashing paths that were pinned to ``keyword``, by index family, with the kinds of value seen;
    ``spilled`` the ids that went to a spill index; ``refusals`` what even that refused: index, id
    and reason.
    """

    documents: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    spilled: tuple[tuple[str, str], ...] = ()
    refusals: tuple[tuple[str, str, str], ...] = ()
    pins: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """How many documents no index took."""
        return len(self.refusals)


@runtime_checkable
class Store(Protocol):
    """Keeps documents and answers queries. Every engine gives the same answers.

    Times are aware UTC. A query's index pattern that no index fits matches nothing. Order is
    ``@timestamp`` descending, missing last, then ``@id`` ascending.
    """

    def add(
        self, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Add documents: all of them are there afterwards, or, when interrupted, none.

        ``progress`` is called with the number of documents done since its last call.
        """
        ...

    def count(self, query: Query) -> int:
        """How many documents match."""
        ...

    def top(self, query: Query, field: str, size: int = 10) -> list[Bucket]:
        """The most frequent values of a field; ties by key, ascending by code point."""
        ...

    def histogram(self, query: Query, interval: str = "1h", tz: str | None = None) -> list[Bucket]:
        """Documents over ``@timestamp``. Empty buckets between the first and the last are there.

        ``interval``: ``30s 5m 1h 3h 12h`` fixed, ``1d 1w 1M 1q 1y`` calendar units. ``tz`` is the
        query's own zone where None.
        """
        ...

    def newest(self, query: Query, size: int = 500) -> Hits:
        """The newest matching documents."""
        ...

    def scan(self, query: Query) -> Iterator[Hit]:
        """Every matching document, newest first, in bounded memory."""
        ...

    def fields(self, query: Query) -> list[FieldInfo]:
        """The fields that matching documents have, sorted by name."""
        ...

    def indexes(self) -> list[IndexInfo]:
        """The indexes, sorted by name, spill indexes included."""
        ...

    def explain(self, query: Query) -> str:
        """The query in this engine's own language: SQL, DSL, pandas code."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
