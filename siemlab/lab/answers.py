"""Answers that look well in a notebook and stay plain values: tuples of buckets, hits, fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, overload

from siemlab.charts.table import Table
from siemlab.query.timerange import zone
from siemlab.store.base import Bucket, FieldInfo, Hit, Hits, IndexInfo

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Buckets", "FieldList", "IndexList", "Listing", "NewestHits", "value_of"]

T = TypeVar("T")

USUAL_COLUMNS = (
    "@timestamp",
    "event.module",
    "event.action",
    "event.outcome",
    "user.name",
    "source.ip",
    "destination.ip",
)
"""Shown of a hit where nobody says which; those that no hit has are left out."""


def value_of(source: Mapping[str, Any], field: str) -> Any:
    """Return the value of a field of a document, or None.

    Parameters
    ----------
    source
        The document, nested, its keys dotted or not.
    field
        The dotted name.

    Returns
    -------
    Any
        What stands there; of a list of objects the list of their values.

    Examples
    --------
    >>> value_of({"user_agent": {"os.name": "Linux"}}, "user_agent.os.name")
    'Linux'
    >>> value_of({"resources": [{"ARN": "a"}, {"ARN": "b"}]}, "resources.ARN")
    ['a', 'b']
    """
    if field in source:
        return source[field]
    parts = field.split(".")
    for end in range(1, len(parts)):
        inner = source.get(".".join(parts[:end]))
        rest = ".".join(parts[end:])
        if isinstance(inner, Mapping):
            found = value_of(inner, rest)
        elif isinstance(inner, list):
            items = (value_of(item, rest) for item in inner if isinstance(item, Mapping))
            found = [item for item in items if item is not None] or None
        else:
            continue
        if found is not None:
            return found
    return None


class Listing(Sequence[T]):
    """A sequence of plain values that shows itself as a table."""

    values: tuple[T, ...]

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        return self.values[at]

    def __len__(self) -> int:
        return len(self.values)

    def table(self) -> Table:
        """Return the table that is shown."""
        raise NotImplementedError

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame: one row per value, its columns named after what they hold."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the table as text."""
        return repr(self.table())

    def _repr_html_(self) -> str:
        """Return the table as HTML, every value escaped."""
        return self.table()._repr_html_()


@dataclass(frozen=True, repr=False)
class Buckets(Listing[Bucket]):
    """The rows of a terms aggregation or a histogram.

    Parameters
    ----------
    values
        The buckets.
    field
        The field that was counted.
    tz
        The zone that times are shown in; the keys themselves are UTC.
    lang
        The language of headings.

    Examples
    --------
    >>> top = Buckets((Bucket("alice", 3), Bucket("bob", 1)), "user.name")
    >>> top
    user.name  count
    alice          3  ██████████████████████████████
    bob            1  ██████████
    >>> top[0].key, len(top)
    ('alice', 2)
    """

    values: tuple[Bucket, ...]
    field: str
    tz: str = "UTC"
    lang: str = "en"

    def table(self) -> Table:
        """Return one row per bucket."""
        heads = (self.field, "件数" if self.lang == "ja" else "count")
        rows = tuple((_there(bucket.key, self.tz), bucket.count) for bucket in self.values)
        return Table(heads, rows, bars=1)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per bucket, in two columns: the field, and ``count``."""
        import pandas as pd

        keys = [_there(bucket.key, self.tz) for bucket in self.values]
        return pd.DataFrame({self.field: keys, "count": [bucket.count for bucket in self.values]})


@dataclass(frozen=True, repr=False)
class IndexList(Listing[IndexInfo]):
    """The indexes of a store, with the number of documents and their span of time."""

    values: tuple[IndexInfo, ...]
    lang: str = "en"

    def table(self) -> Table:
        """Return one row per index."""
        english = ("index", "documents", "first", "last")
        japanese = ("インデックス", "ドキュメント数", "最初", "最後")
        rows = tuple((i.name, i.documents, i.first, i.last) for i in self.values)
        return Table(japanese if self.lang == "ja" else english, rows)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per index: ``index``, ``documents``, ``first``, ``last``."""
        import pandas as pd

        rows = [(i.name, i.documents, i.first, i.last) for i in self.values]
        return pd.DataFrame(rows, columns=["index", "documents", "first", "last"])


@dataclass(frozen=True, repr=False)
class FieldList(Listing[FieldInfo]):
    """The fields of matching documents: types, and how many documents have them."""

    values: tuple[FieldInfo, ...]
    lang: str = "en"

    def table(self) -> Table:
        """Return one row per field."""
        english = ("field", "type", "documents")
        japanese = ("フィールド", "型", "ドキュメント数")
        rows = tuple((f.name, f.types, f.documents) for f in self.values)
        return Table(japanese if self.lang == "ja" else english, rows)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per field: ``field``, ``type``, ``documents``."""
        import pandas as pd

        rows = [(f.name, ", ".join(f.types), f.documents) for f in self.values]
        return pd.DataFrame(rows, columns=["field", "type", "documents"])


@dataclass(frozen=True, repr=False)
class NewestHits(Hits):
    """The newest matching documents, shown in some columns; ``hits`` holds them whole.

    Parameters
    ----------
    columns
        The fields to show; empty for the usual ones that the hits have.
    tz
        The zone that ``@timestamp`` is shown in.
    lang
        The language of the title.
    """

    columns: tuple[str, ...] = ()
    tz: str = "UTC"
    lang: str = "en"

    def table(self) -> Table:
        """Return one row per hit."""
        columns = self.columns or tuple(
            field
            for field in USUAL_COLUMNS
            if any(value_of(hit.source, field) is not None for hit in self.hits)
        )
        heads = columns or ("_index", "_id")
        rows = tuple(tuple(self._cell(hit, field) for field in heads) for hit in self.hits)
        english = f"newest {len(self.hits):,} of {self.total:,}"
        japanese = f"{self.total:,} 件のうち新しい {len(self.hits):,} 件"
        return Table(heads, rows, japanese if self.lang == "ja" else english)

    def _cell(self, hit: Hit, field: str) -> Any:
        if field in ("_index", "_id"):
            return hit.index if field == "_index" else hit.id
        value = value_of(hit.source, field)
        return _there(_read(value), self.tz) if field == "@timestamp" else value

    def __repr__(self) -> str:
        """Return the table as text."""
        return repr(self.table())

    def _repr_html_(self) -> str:
        """Return the table as HTML, every value escaped."""
        return self.table()._repr_html_()


def _there(value: Any, tz: str) -> Any:
    """Return a time in a zone; what is no time, or has no zone, stays as it is."""
    aware = isinstance(value, datetime) and value.tzinfo is not None
    return value.astimezone(zone(tz)) if aware else value


def _read(value: Any) -> Any:
    """Return the time that a text says; what says none stays as it is."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
