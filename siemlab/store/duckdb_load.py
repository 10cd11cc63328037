"""Adding documents to a store: one load is one commit.

Twice over the documents: first they go to disk as they are and a scan looks for values that
clash; then each index gets a new segment. A new segment takes in those that are not larger than
itself, and those that hold a document it replaces, so an index never has more than a few.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from siemlab.normalize.document import Document
from siemlab.store.base import LoadReport
from siemlab.store.duckdb_engine import LOAD_MEMORY, connect
from siemlab.store.duckdb_files import IndexEntry, Manifest, StoreFiles
from siemlab.store.duckdb_index import IndexWriter
from siemlab.store.duckdb_repeats import find_repeats
from siemlab.store.duckdb_spool import Spools, dump
from siemlab.store.indexer import Indexer
from siemlab.store.pins import family_of

__all__ = ["add"]

_SPILL: Final = "-spill"
_STEP: Final = 1_000
# What OpenSearch takes as the name of an index; it can also be the name of a folder.
_INDEX_NAME: Final = re.compile(r"(?![-_+])(?!\.{1,2}\Z)[^A-Z\\/*?\"<>| ,#:\x00-\x1f]+")
_LONGEST_NAME: Final = 255 - len(_SPILL)


def add(
    store: StoreFiles,
    documents: Iterable[Document],
    *,
    template: dict[str, Any] | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Add documents to a store: all of them, or none where this is interrupted.

    Parameters
    ----------
    store
        The files of the store; made where there are none.
    documents
        What to add.
    template
        A mapping for every index; None: siemlab's own templates, with scan, pins and spill.
    progress
        Called with the number of documents read since its last call.

    Raises
    ------
    StoreError
        When the folder cannot be written, or holds a damaged store.
    """
    with store.writing() as work:
        run = _Load(store, work, template)
        try:
            run.read(documents, progress or (lambda _: None))
            return run.write()
        finally:
            run.close()


class _Load:
    def __init__(self, store: StoreFiles, work: Path, template: dict[str, Any] | None) -> None:
        self._store = store
        self._work = work
        self._manifest = store.manifest() if store.exists() else Manifest()
        entries = self._manifest.indexes
        state = {
            "mappings": {index: entry.mapping for index, entry in entries.items()},
            "pins": self._manifest.pins,
        }
        self._indexer = Indexer(state, template=template)
        self._spools = Spools(work)
        self._connection = connect(LOAD_MEMORY, work / "spill")
        self._counts: Counter[str] = Counter()
        self._writer = IndexWriter(
            store, self._connection, self._indexer, self._spools, self._counts
        )
        self._unread: list[tuple[str, str, str]] = []

    def close(self) -> None:
        self._writer.close()
        self._connection.close()

    def read(self, documents: Iterable[Document], progress: Callable[[int], None]) -> None:
        """Put all documents on disk, and look at them."""
        done = 0
        for document in documents:
            try:
                _must_be_a_name(document.index)
                line = dump(document.source)
                self._spools.add(document.index, document.id, line)
                self._indexer.see(document)
            except (ValueError, TypeError, RecursionError) as error:
                self._unread.append((document.index, document.id, str(error)))
            done += 1
            if done == _STEP:
                progress(done)
                done = 0
                self._look_ahead(document.index)
        if done:
            progress(done)
        self._spools.flush()

    def _look_ahead(self, index: str) -> None:
        if index in self._spools.indexes():
            self._writer.look_ahead(index)

    def write(self) -> LoadReport:
        """Make the new segments, and commit."""
        self._indexer.pin()
        changes: dict[str, IndexEntry] = {}
        for base in sorted({name.removesuffix(_SPILL) for name in self._spools.indexes()}):
            changes |= self._pair(base)
        for index, mapping in self._indexer.mappings.items():
            if index in changes or family_of(index) in self._indexer.kinds:
                entry = changes.get(index) or self._entry(index)
                changes[index] = replace(entry, mapping=mapping.to_body())
        manifest = self._manifest.changed(changes, self._indexer.pins, time.time())
        self._store.commit(manifest)
        return self._report()

    def _pair(self, base: str) -> dict[str, IndexEntry]:
        """Write an index and then its spill index: a document is in one of them."""
        changes: dict[str, IndexEntry] = {}
        elsewhere: list[Path] = []
        for index in (base, base + _SPILL):
            entry = self._entry(index)
            arrived = index in self._spools.indexes()
            if arrived or (elsewhere and entry.segments):
                spool = self._spools.of(index)
                repeats = find_repeats(
                    self._connection, self._store.tables(index, entry.segments), spool, elsewhere
                )
                changes[index] = self._writer.write(index, entry, repeats)
                elsewhere.append(spool.ids.path)
        return changes

    def _entry(self, index: str) -> IndexEntry:
        return self._manifest.indexes.get(index, IndexEntry({}))

    def _report(self) -> LoadReport:
        refusals = (*self._unread, *self._indexer.refusals)
        return LoadReport(
            documents=self._counts.total() + len(refusals),
            created=self._counts["created"],
            updated=self._counts["updated"],
            unchanged=self._counts["unchanged"],
            spilled=tuple(self._indexer.spilled),
            refusals=refusals,
            pins=self._indexer.kinds,
        )


def _must_be_a_name(index: str) -> None:
    if not _INDEX_NAME.fullmatch(index) or len(index.encode()) > _LONGEST_NAME:
        raise ValueError(f"invalid index name [{index}]")
