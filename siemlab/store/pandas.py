"""The reference engine: plain, obvious and slow; every other engine must equal it.

Each field is a column of single values (see `siemlab.store.pandas_masks`); a query becomes a mask
of rows; counting, ordering and buckets are then what they say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store.aggregate import merged, must_aggregate
from siemlab.store.base import Bucket, FieldInfo, Hit, Hits, IndexInfo, LoadReport
from siemlab.store.bind import bind, present
from siemlab.store.catalog import chosen
from siemlab.store.indexer import Indexer
from siemlab.store.intervals import bucket_edges
from siemlab.store.mapping import Mapping
from siemlab.store.numeric import FLOATS, INTEGERS
from siemlab.store.pandas_explain import explain
from siemlab.store.pandas_files import Files
from siemlab.store.pandas_masks import Column, Mask, analyzed, mask
from siemlab.store.tree import Values
from siemlab.store.values import TEXTS, moment, same, shown

__all__ = ["PandasStore", "explain"]

_STEP: Final = 1000  # documents between two reports of progress
_DTYPES: Final = {
    **dict.fromkeys([*INTEGERS, "date"], "int64"),
    **dict.fromkeys(FLOATS, "float64"),
}


class _Index:
    """The documents of one index: row by row their sources and values."""

    def __init__(self, name: str, mapping: Mapping) -> None:
        self.name = name
        self.mapping = mapping
        self.rows: dict[str, int] = {}
        self.ids: list[str] = []
        self.sources: list[dict[str, Any]] = []
        self.values: list[Values] = []
        self._columns: dict[str, Column[Any]] = {}

    def put(self, document: str, source: dict[str, Any], values: Values) -> str:
        """Add or replace a document; tell whether it was created, updated or unchanged."""
        self._columns.clear()
        row = self.rows.get(document)
        if row is None:
            self.rows[document] = len(self.ids)
            self.ids.append(document)
            self.sources.append(source)
            self.values.append(values)
            return "created"
        unchanged = same(self.sources[row], source)
        self.sources[row], self.values[row] = source, values
        return "unchanged" if unchanged else "updated"

    def column(self, field: str) -> Column[Any]:
        """Return all values of a field, each under the row of its document."""
        column = self._columns.get(field)
        if column is None:
            pairs = [
                (row, value)
                for row, values in enumerate(self.values)
                for value in values.get(field, ())
            ]
            kind = self.mapping.fields[field].type if field in self.mapping.fields else "keyword"
            found = [value for _, value in pairs]
            texts = analyzed(found) if kind in TEXTS else found
            column = pd.Series(texts, [row for row, _ in pairs], dtype=_DTYPES.get(kind, "object"))
            self._columns[field] = column
        return column

    def distinct(self, field: str, rows: Mask) -> Counter[Any]:
        """Count, of these rows, in how many each value occurs."""
        column = self.column(field)
        kept = column[rows[column.index.to_numpy(dtype=int)]]
        pairs = set(zip(kept.index.tolist(), kept.tolist(), strict=True))
        return Counter(value for _, value in pairs)

    def hit(self, row: int) -> Hit:
        """Return a document as it was loaded."""
        return Hit(self.name, self.ids[row], self.sources[row])


class PandasStore:
    """Documents in memory, answered by pandas.

    Parameters
    ----------
    path
        A folder to keep the documents in; None: they are gone when the program ends.
    template
        A body of ``settings`` and ``mappings`` that every index gets, exactly, instead of siemlab's
        templates, scan and spill.

    Raises
    ------
    StoreError
        When the folder cannot be used.

    Examples
    --------
    >>> store = PandasStore()
    >>> report = store.add([Document("log-aws-waf-2022-11", "1", {"user.name": ["a", "b"]})])
    >>> store.top(Query(), "user.name")
    [Bucket(key='a', count=1), Bucket(key='b', count=1)]
    """

    def __init__(
        self, path: str | Path | None = None, *, template: dict[str, Any] | None = None
    ) -> None:
        self._template = template
        self._files = None if path is None else Files(Path(path))
        self._indexes: dict[str, _Index] = {}
        self._indexer = Indexer(self._files.indexer if self._files else None, template=template)
        for hit in self._files.read() if self._files else ():
            self._put(hit, self._indexer.mapping(hit.index).index(hit.source))

    def add(
        self, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Add documents: all of them are there afterwards, or, when interrupted, none.

        Parameters
        ----------
        documents
            The documents; one whose index and id are there already replaces the old one.
        progress
            Called with the number of documents done since its last call.

        Returns
        -------
        LoadReport
            What became of them.

        Raises
        ------
        StoreError
            When the folder does not take them.
        """
        before = self._indexer.state()
        try:
            total, placed = self._place(documents, progress)
            if self._files is not None and placed:
                hits = (hit for hit, _ in placed)
                self._files.write(hits, self._indexer.state())
        except BaseException:
            self._indexer = Indexer(before, template=self._template)
            for index in self._indexes.values():
                index.mapping = self._indexer.mapping(index.name)
            raise
        done = Counter(self._put(hit, values) for hit, values in placed)
        return LoadReport(
            documents=total,
            created=done["created"],
            updated=done["updated"],
            unchanged=done["unchanged"],
            spilled=tuple(self._indexer.spilled),
            refusals=tuple(self._indexer.refusals),
            pins=self._indexer.kinds,
        )

    def count(self, query: Query) -> int:
        """How many documents match.

        Raises
        ------
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        return sum(int(rows.sum()) for _, rows in self._matching(query))

    def top(self, query: Query, field: str, size: int = 10) -> list[Bucket]:
        """The most frequent values of a field; ties by key, ascending.

        Raises
        ------
        UnknownFieldError
            When the field cannot be aggregated.
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        counts: dict[str, Counter[Any]] = {}
        for index, rows in self._matching(query):
            kind = index.mapping.fields.get(field)
            if kind is not None:
                must_aggregate(field, kind)
                counts.setdefault(kind.type, Counter()).update(index.distinct(field, rows))
        if len(counts) > 1:
            every = (
                Bucket(shown(kind, value), count)
                for kind, counter in counts.items()
                for value, count in counter.items()
            )
            return merged(every, size)
        return [
            Bucket(shown(kind, value), count)
            for kind, counter in counts.items()
            for value, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))
        ][: max(size, 0)]

    def histogram(self, query: Query, interval: str = "1h", tz: str | None = None) -> list[Bucket]:
        """Documents over ``@timestamp``. Empty buckets between the first and the last are there.

        Raises
        ------
        QuerySyntaxError, QueryNotSupportedError
            When there is no such interval or zone; too many buckets; see `siemlab.store.bind.bind`.
        """
        where = query.tz if tz is None else tz
        times: list[list[int]] = []
        for index, rows in self._matching(query):
            for row in np.flatnonzero(rows):
                times.append(_times(index, int(row)))
        found = [time for some in times for time in some]
        edges = bucket_edges(min(found, default=0), max(found, default=0), interval, where)
        counts: Counter[int] = Counter()
        for some in times:  # a document counts once in a bucket, however many times it has there
            counts.update({bisect_right(edges, time) - 1 for time in some})
        starts = edges[:-1] if found else []
        return [Bucket(shown("date", start), counts[at]) for at, start in enumerate(starts)]

    def newest(self, query: Query, size: int = 500) -> Hits:
        """The newest matching documents, and how many match in all.

        Raises
        ------
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        found = self._ordered(query)
        return Hits(len(found), tuple(index.hit(row) for index, row in found[: max(size, 0)]))

    def scan(self, query: Query) -> Iterator[Hit]:
        """Every matching document, newest first.

        Raises
        ------
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        for index, row in self._ordered(query):
            yield index.hit(row)

    def fields(self, query: Query) -> list[FieldInfo]:
        """The fields that matching documents have, sorted by name.

        Raises
        ------
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        counts: Counter[str] = Counter()
        types: dict[str, set[str]] = {}
        for index, rows in self._matching(query):
            for name, field in index.mapping.fields.items():
                types.setdefault(name, set()).add(field.type)
            for row in np.flatnonzero(rows):
                counts.update(index.values[int(row)].keys())
        return [
            FieldInfo(name, tuple(sorted(types[name])), counts[name]) for name in sorted(counts)
        ]

    def indexes(self) -> list[IndexInfo]:
        """The indexes, sorted by name, spill indexes included."""
        infos = []
        for name in sorted(self._indexes):
            index = self._indexes[name]
            times = [time for row in range(len(index.ids)) for time in _times(index, row)]
            first, last = (moment(end(times, default=None)) for end in (min, max))
            infos.append(IndexInfo(name, len(index.ids), first, last))
        return infos

    def explain(self, query: Query) -> str:
        """The query as pandas code.

        Raises
        ------
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        return explain(query)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _place(
        self, documents: Iterable[Document], progress: Callable[[int], None] | None
    ) -> tuple[int, list[tuple[Hit, Values]]]:
        listed = list(documents)
        self._indexer.begin()
        for document in listed:
            self._indexer.see(document)
        self._indexer.pin()
        placed = []
        for done, document in enumerate(listed, 1):
            found = self._indexer.place(document)
            if found is not None:
                placed.append((Hit(found.index, found.id, found.source), found.values))
            if progress is not None and (done % _STEP == 0 or done == len(listed)):
                progress((done - 1) % _STEP + 1)
        return len(listed), placed

    def _put(self, hit: Hit, values: Values) -> str:
        index = self._indexes.get(hit.index)
        if index is None:
            index = _Index(hit.index, self._indexer.mapping(hit.index))
            self._indexes[hit.index] = index
        return index.put(hit.id, hit.source, values)

    def _matching(self, query: Query) -> list[tuple[_Index, Mask]]:
        now = present()
        found = []
        for name in chosen(query.pattern, self._indexes):
            index = self._indexes[name]
            plan = bind(query, index.mapping, now=now)
            found.append((index, mask(plan, index.column, len(index.ids))))
        return found

    def _ordered(self, query: Query) -> list[tuple[_Index, int]]:
        found = [
            (index, int(row))
            for index, rows in self._matching(query)
            for row in np.flatnonzero(rows)
        ]
        return sorted(found, key=lambda place: _age(*place))


def _age(index: _Index, row: int) -> tuple[Any, ...]:
    """Return what orders documents: newest first, without a time last, then by ``@id``."""
    times = _times(index, row)
    ids = [str(value) for value in index.values[row].get("@id", ())]
    return (not times, -max(times, default=0), not ids, min(ids, default=""), index.ids[row])


def _times(index: _Index, row: int) -> list[int]:
    field = index.mapping.fields.get("@timestamp")
    if field is None or field.type != "date":
        return []
    return [int(value) for value in index.values[row].get("@timestamp", ())]
