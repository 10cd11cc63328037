"""The indexes of a store as the engine sees them now: attached, with names, ready to be asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from siemlab.errors import StoreError
from siemlab.query.value import Query
from siemlab.store.bind import bind, present
from siemlab.store.catalog import chosen
from siemlab.store.duckdb_cache import cached, places, short_columns
from siemlab.store.duckdb_engine import ANSWER_MEMORY, connect, literal
from siemlab.store.duckdb_files import IndexEntry, StoreFiles
from siemlab.store.duckdb_layout import Layout
from siemlab.store.duckdb_sql import Sql, condition
from siemlab.store.mapping import Mapping

__all__ = ["Opened", "Target", "View", "damaged"]


@dataclass(frozen=True, slots=True)
class Opened:
    """An index: its mapping, and its tables under the names that statements use."""

    name: str
    digest: str
    mapping: Mapping
    layout: Layout
    file: Path


@dataclass(frozen=True, slots=True)
class Target:
    """An index that a query looks into, and the condition on its documents."""

    index: Opened
    where: Sql


class View:
    """A connection that reads a store, at each query as it was last committed.

    Parameters
    ----------
    store
        The files of the store.
    """

    def __init__(self, store: StoreFiles) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._connection: Any = None
        self._opened: dict[str, Opened] = {}
        self._mappings: dict[str, tuple[dict[str, Any], Mapping]] = {}
        self._number = 0

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._opened.clear()

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """Give a connection for one answer."""
        with self._lock:
            cursor = self._connect().cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def targets(self, query: Query) -> list[Target]:
        """Return the indexes that a query may find something in, sorted by name.

        Parameters
        ----------
        query
            The query.

        Raises
        ------
        StoreError
            When there is no store, or it is damaged.
        QuerySyntaxError, QueryNotSupportedError
            See `siemlab.store.bind.bind`.
        """
        manifest = self._store.manifest()
        now = present()
        targets = []
        for name in chosen(query.pattern, manifest.indexes):
            entry = manifest.indexes[name]
            plan = bind(query, self._mapping(name, entry), now=now)
            if entry.segments and _overlaps(query, entry):
                opened = self._open(name, entry)
                where = condition(plan, opened.layout)
                if where.text != "false":
                    targets.append(Target(opened, where))
        return targets

    def mappings(self, pattern: str) -> list[Mapping]:
        """Return the mappings of the indexes that a pattern means."""
        indexes = self._store.manifest().indexes
        return [self._mapping(name, indexes[name]) for name in chosen(pattern, indexes)]

    def forget(self) -> None:
        """Close all, and remove the native files that were open: one of them may be damaged."""
        with self._lock:
            files = [opened.file for opened in self._opened.values()]
            self.close()
            for file in files:
                with suppress(OSError):
                    file.unlink()

    def _mapping(self, name: str, entry: IndexEntry) -> Mapping:
        known = self._mappings.get(name)
        if known is None or known[0] is not entry.mapping:
            known = (entry.mapping, Mapping.from_body(entry.mapping))
            self._mappings[name] = known
        return known[1]

    def _connect(self) -> Any:
        if self._connection is None:
            self._connection = connect(ANSWER_MEMORY)
        return self._connection

    def _open(self, name: str, entry: IndexEntry) -> Opened:
        with self._lock:
            mapping = self._mapping(name, entry)
            opened = self._opened.get(name)
            if opened is None or opened.digest != entry.digest or opened.mapping is not mapping:
                opened = self._attach(name, entry, mapping)
                self._opened[name] = opened
            return opened

    def _attach(self, name: str, entry: IndexEntry, mapping: Mapping) -> Opened:
        connection = self._connect()
        alias = f"i{self._number}"
        self._number += 1
        file = cached(self._store, name, entry, mapping.fields)
        try:
            connection.execute(f"ATTACH {literal(file)} AS {alias} (READ_ONLY)")
        except duckdb.Error:  # damaged: made anew
            file.unlink(missing_ok=True)
            file = cached(self._store, name, entry, mapping.fields)
            connection.execute(f"ATTACH {literal(file)} AS {alias} (READ_ONLY)")
        tables = self._store.tables(name, entry.segments)
        assert tables is not None  # noqa: S101 -- only indexes with segments are opened
        for part in ("fields", "words", "source"):
            connection.execute(
                f"CREATE VIEW {alias}_{part} AS SELECT * FROM {getattr(tables, part)}"
            )
        docs = f"{alias}.docs"
        layout = Layout(
            places(entry, mapping.fields, short_columns(connection, docs)),
            docs=docs,
            words=f"{alias}_words",
            fields=f"{alias}_fields",
            source=f"{alias}_source",
        )
        return Opened(name, entry.digest, mapping, layout, file)


def _overlaps(query: Query, entry: IndexEntry) -> bool:
    """Whether the index may have documents in the query's time."""
    span = query.time_range
    if span is None or (span.start is None and span.end is None):
        return True
    first, last = entry.span
    if first is None or last is None:
        return False
    before = span.end is not None and first >= span.end.timestamp() * 1000
    after = span.start is not None and last < span.start.timestamp() * 1000
    return not before and not after


def damaged(store: StoreFiles, error: Exception) -> StoreError:
    """Return the error of a store that cannot be read even with its caches made anew."""
    reason = str(error).partition("\n")[0]
    return StoreError(
        f"the store at {store.path} cannot be read ({reason}); if a file is missing or damaged,"
        " move the folder away and load the logs again with: siemlab load",
        f"{store.path} のストアを読めません（{reason}）。"
        "ファイルが欠けている、または壊れている場合はフォルダーを移動し、"
        "siemlab load でログを読み込み直してください",
    )
