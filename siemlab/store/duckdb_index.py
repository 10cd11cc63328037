"""Writing what a load brings to one index: its documents under the mapping, as a new segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from siemlab.normalize.document import Document
from siemlab.store.duckdb_ahead import Ahead
from siemlab.store.duckdb_engine import parquet
from siemlab.store.duckdb_files import IndexEntry, Segment, StoreFiles
from siemlab.store.duckdb_helper import Helper
from siemlab.store.duckdb_layout import kind_of
from siemlab.store.duckdb_repeats import STATUS, Repeats
from siemlab.store.duckdb_rows import SAMPLE, Column, Lines, Rows
from siemlab.store.duckdb_segment import build_segment
from siemlab.store.duckdb_source import PAGE
from siemlab.store.duckdb_spool import Spool, Spools, load
from siemlab.store.indexer import Indexer
from siemlab.store.mapping import Mapping

__all__ = ["IndexWriter"]

_MANY: Final = 18_000  # of fewer documents, a second process costs more than it brings


class IndexWriter:
    """Writes the segments of a load, one index after the other.

    Parameters
    ----------
    store
        Where segments lie.
    connection
        A connection with memory for a load.
    indexer
        Places documents; it has seen all of them.
    spools
        The documents; what an index refuses is added to its spill index's spool.
    counts
        What became of the documents, by `STATUS`.
    """

    def __init__(
        self,
        store: StoreFiles,
        connection: Any,
        indexer: Indexer,
        spools: Spools,
        counts: Counter[str],
    ) -> None:
        self._store = store
        self._connection = connection
        self._indexer = indexer
        self._spools = spools
        self._counts = counts
        self._ahead: Ahead | None = None

    def write(self, index: str, entry: IndexEntry, repeats: Repeats) -> IndexEntry:
        """Return an index with the documents of its spool in it.

        Parameters
        ----------
        index, entry
            The index as it was.
        repeats
            Which documents it has already.
        """
        spool = self._spools.of(index)
        taken = _taken(entry, repeats)
        kept = tuple(segment for segment in entry.segments if segment not in taken)
        if not repeats.fresh and not taken:
            self._counts.update(STATUS[status] for status in repeats.status)
            return entry
        fields = self._indexer.mapping(index).fields
        rows = Rows(spool.folder, fields, _columns(kept[0], fields) if kept else None)
        batch = _Batch(spool, rows, entry.next_rid)
        if taken or any(repeats.skip):
            batch.drop(0)
        self._take_over(index, taken, repeats, batch)
        self._add_all(index, entry, repeats, batch)
        rows.close()
        if not rows.documents:
            return IndexEntry(entry.mapping, kept, batch.rid)
        new = build_segment(
            self._connection, self._store, index, rows, batch.lines(), entry.next_rid
        )
        return IndexEntry(entry.mapping, (*kept, new), batch.rid)

    def look_ahead(self, index: str) -> None:
        """Begin with an index while its documents arrive, if it is new and has many."""
        if self._ahead is None and index not in self._indexer.mappings:
            spool = self._spools.of(index)
            if len(spool) >= _MANY:
                self._ahead = Ahead(spool, self._indexer.draft(index))

    def close(self) -> None:
        """End what is still at work."""
        if self._ahead is not None:
            self._ahead.close()

    def _add_all(self, index: str, entry: IndexEntry, repeats: Repeats, batch: _Batch) -> None:
        """Add the documents of the spool; many of them with the help of a second process."""
        spool = self._spools.of(index)
        end = len(spool)
        add = partial(self._add, index, entry, repeats, batch)
        mapping = self._indexer.mapping(index)
        mapping.give_columns(batch.rows.texts)
        add(spool.part(0, SAMPLE))
        mapping.give_columns(batch.rows.texts)
        at = min(SAMPLE, end)
        if any(repeats.skip) or batch.copied:
            add(spool.part(at, end))
            return
        columns = batch.rows.columns
        ahead = self._ahead
        if ahead is not None and ahead.spool is spool:
            if ahead.fits(batch.rid, mapping, columns):
                add(spool.part(at, ahead.first))
                at = self._join(repeats, batch, ahead.first, ahead, mapping)
            ahead.close()
        if end - at >= _MANY and not batch.copied:
            middle = at + (end - at) * 11 // 20  # the helper has to start up first
            with Helper(spool, middle, batch.rid + middle - at, mapping, columns) as helper:
                add(spool.part(at, middle))
                at = self._join(repeats, batch, middle, helper, mapping)
        add(spool.part(at, end))

    def _join(
        self, repeats: Repeats, batch: _Batch, at: int, helper: Helper | Ahead, mapping: Mapping
    ) -> int:
        """Take in what a helper did from a document on; return the number of the next one."""
        rows = None if batch.copied else helper.rows(mapping)
        if rows is None:
            return at
        batch.join(rows)
        end = at + rows.documents
        self._counts.update(STATUS[status] for status in repeats.status[at:end])
        return end

    def _take_over(
        self, index: str, segments: list[Segment], repeats: Repeats, batch: _Batch
    ) -> None:
        mapping = self._indexer.mapping(index)
        gone = set(repeats.gone)
        for segment in segments:
            for rid, name, line in self._documents(index, segment):
                if rid not in gone:
                    batch.add(name, line, mapping.index(load(line)))

    def _add(
        self,
        index: str,
        entry: IndexEntry,
        repeats: Repeats,
        batch: _Batch,
        documents: Iterable[tuple[int, tuple[str, bytes]]],
    ) -> None:
        for number, (name, line) in documents:
            status = STATUS[repeats.status[number]]
            if repeats.skip[number]:
                self._counts[status] += 1
                continue
            row: dict[str, Any] = {}
            placed = self._indexer.place(Document(index, name, load(line)), row)
            if placed is not None and placed.index == index:
                self._counts[status] += 1
                batch.add(name, line, placed.values, row)
                continue
            batch.drop(number)
            if placed is not None:
                self._spools.add(placed.index, name, line)
            elif number in repeats.old:
                self._restore(index, entry, repeats.old[number], batch)

    def _restore(self, index: str, entry: IndexEntry, rid: int, batch: _Batch) -> None:
        """Keep the old form of a document whose new one no index takes."""
        segment = next(s for s in entry.segments if s.rid <= rid < s.rid + s.documents)
        for _, name, line in self._documents(index, segment, rid):
            batch.add(name, line, self._indexer.mapping(index).index(load(line)))

    def _documents(
        self, index: str, segment: Segment, only: int | None = None
    ) -> Iterator[tuple[int, str, bytes]]:
        """Yield row number, id and line of a segment's documents, in their order."""
        docs, source = (
            parquet([self._store.segment(index, segment.name, part)]) for part in ("docs", "source")
        )
        first = segment.rid if only is None else only
        end = segment.rid + segment.documents if only is None else only + 1
        for start in range(first, end, PAGE):
            span = (start, min(start + PAGE, end))
            page = self._connection.execute(
                f"SELECT rid, id, source FROM (SELECT rid, id FROM {docs}"
                " WHERE rid >= ? AND rid < ?) JOIN"
                f" (SELECT rid, source FROM {source} WHERE rid >= ? AND rid < ?)"
                " USING (rid) ORDER BY rid",
                span * 2,
            ).fetchall()
            for rid, name, text in page:
                yield rid, name, text.encode()


class _Batch:
    """The rows and the lines of a new segment, kept in step.

    As long as nothing is left out, the lines are those of the spool, and need no copy.
    """

    def __init__(self, spool: Spool, rows: Rows, rid: int) -> None:
        self.rid = rid
        self.rows = rows
        self._spool = spool
        self._copy: Lines | None = None

    @property
    def copied(self) -> bool:
        """Whether a document of the spool is left out, or one that is not of it was added."""
        return self._copy is not None

    def join(self, rows: Rows) -> None:
        """Add documents of the spool that are rows already."""
        self.rows.join(rows)
        self.rid += rows.documents

    def add(self, name: str, line: bytes, values: Any, row: dict[str, Any] | None = None) -> None:
        self.rows.add(self.rid, name, values, row)
        self.rid += 1
        if self._copy is not None:
            self._copy.write(line + b"\n")

    def drop(self, number: int) -> None:
        """Leave out a document of the spool."""
        if self._copy is None:
            self._copy = self._spool.copy(self._spool.folder / "kept.ndjson", number)

    def lines(self) -> Lines:
        lines = self._spool.source if self._copy is None else self._copy
        lines.flush()
        return lines


def _taken(entry: IndexEntry, repeats: Repeats) -> list[Segment]:
    """Return the segments that a new one takes in: those no larger than what it already has.

    So each segment is larger than all after it together, and there are few.
    """
    taken = [segment for segment in entry.segments if repeats.touch(segment)]
    size = repeats.fresh + sum(segment.documents for segment in taken)
    for segment in reversed(entry.segments):
        if segment not in taken and segment.documents <= size:
            taken.append(segment)
            size += segment.documents
    return sorted(taken, key=lambda segment: segment.rid)


def _columns(segment: Segment, fields: Any) -> dict[str, Column]:
    columns = {
        path: Column(name, kind_of(fields[path].type))
        for path, (name, _) in segment.columns.items()
        if name != "c0"
    }
    same = {path: Column(name, "text", same=True) for path, name in segment.same.items()}
    return columns | same
