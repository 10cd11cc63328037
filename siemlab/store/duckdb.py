"""The embedded engine: a folder of Parquet files, answered by DuckDB in little memory.

``duckdb_files`` says what lies where, ``duckdb_layout`` which table has what, ``duckdb_sql`` makes
conditions of plans, ``duckdb_answers`` statements of conditions, ``duckdb_memory`` keeps what was
answered a moment ago, ``duckdb_load`` adds documents.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import duckdb

from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store.aggregate import merged, must_aggregate
from siemlab.store.base import Bucket, FieldInfo, Hit, Hits, IndexInfo, LoadReport
from siemlab.store.duckdb_answers import (
    buckets,
    counting,
    coverage,
    order,
    rare_coverage,
    span,
    top,
)
from siemlab.store.duckdb_explain import explain, statement
from siemlab.store.duckdb_files import StoreFiles
from siemlab.store.duckdb_load import add
from siemlab.store.duckdb_memory import Memory
from siemlab.store.duckdb_source import PAGE, sources
from siemlab.store.duckdb_spool import load
from siemlab.store.duckdb_sql import Sql
from siemlab.store.duckdb_view import Target, View, damaged
from siemlab.store.intervals import bucket_edges, rounding
from siemlab.store.values import moment, shown

__all__ = ["DuckDBStore", "explain"]

_TIME: Final = "@timestamp"

T = TypeVar("T")
_Row = tuple[int, int, str]  # number of the index, row, id
_Read = Callable[[str, Sequence[int]], Iterable[tuple[int, str]]]


class DuckDBStore:
    """Documents in a folder, answered by DuckDB. Many may read while one adds.

    Parameters
    ----------
    path
        The folder; the first `add` makes it.
    template
        A body of ``settings`` and ``mappings`` that every new index gets, exactly, instead of
        siemlab's templates, scan and spill.
    read_only
        Refuse `add`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = DuckDBStore(folder)
    ...     report = store.add([Document("log-aws-waf-2022-11", "1", {"user.name": ["a", "b"]})])
    ...     store.top(Query(), "user.name")
    ...     store.close()
    [Bucket(key='a', count=1), Bucket(key='b', count=1)]
    """

    def __init__(
        self,
        path: str | Path,
        *,
        template: dict[str, Any] | None = None,
        read_only: bool = False,
    ) -> None:
        self._files = StoreFiles(Path(path).expanduser().absolute())
        self._template = template
        self._read_only = read_only
        self._view = View(self._files)
        self._memory = Memory()

    def add(
        self, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Add documents: all of them are there afterwards, or, when interrupted, none.

        Parameters
        ----------
        documents
            The documents; one whose index and id are there already replaces the old one.
        progress
            Called with the number of documents read since its last call.

        Returns
        -------
        LoadReport
            What became of them.

        Raises
        ------
        StoreError
            When the store is open for reading only, cannot be written, or is damaged.
        """
        if self._read_only:
            raise StoreError(
                f"the store at {self._files.path} is open for reading only; open it without"
                " read_only to add documents",
                f"{self._files.path} のストアは読み取り専用で開かれています。"
                "追加するには read_only なしで開いてください",
            )
        return add(self._files, documents, template=self._template, progress=progress)

    def count(self, query: Query) -> int:
        """How many documents match.

        Raises
        ------
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; see `siemlab.store.bind.bind`.
        """
        return self._answer(query, lambda cursor, targets: _count(cursor, targets, self._memory))

    def top(self, query: Query, field: str, size: int = 10) -> list[Bucket]:
        """The most frequent values of a field; ties by key, ascending.

        Raises
        ------
        UnknownFieldError
            When the field cannot be aggregated.
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; see `siemlab.store.bind.bind`.
        """
        # Also where the query finds nothing: a text field has no most frequent values.
        mappings = [m for m in self._view.mappings(query.pattern) if field in m.fields]
        for mapping in mappings:
            must_aggregate(field, mapping.fields[field])
        several = len({mapping.fields[field].type for mapping in mappings}) > 1
        ask = _top_of_several_types if several else _top
        return self._answer(query, lambda cursor, targets: ask(cursor, targets, field, size))

    def histogram(self, query: Query, interval: str = "1h", tz: str | None = None) -> list[Bucket]:
        """Documents over ``@timestamp``. Empty buckets between the first and the last are there.

        Raises
        ------
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; no such interval or zone; too many buckets; see
            `siemlab.store.bind.bind`.
        """
        where = query.tz if tz is None else tz
        return self._answer(
            query,
            lambda cursor, targets: _histogram(cursor, targets, self._memory, interval, where),
        )

    def newest(self, query: Query, size: int = 500) -> Hits:
        """The newest matching documents, and how many match in all.

        Raises
        ------
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; see `siemlab.store.bind.bind`.
        """
        return self._answer(
            query, lambda cursor, targets: _newest(cursor, targets, self._memory, max(size, 0))
        )

    def scan(self, query: Query) -> Iterator[Hit]:
        """Every matching document, newest first, in bounded memory.

        Raises
        ------
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; see `siemlab.store.bind.bind`.
        """
        targets = self._answer(query, lambda _, targets: targets)
        if not targets:
            return
        with self._view.cursor() as ordered, self._view.cursor() as reading:
            try:
                _run(ordered, order(targets, None))
                while page := ordered.fetchmany(PAGE):
                    yield from _hits(targets, page, partial(sources, reading))
            except duckdb.Error as error:
                raise damaged(self._files, error) from error

    def fields(self, query: Query) -> list[FieldInfo]:
        """The fields that matching documents have, sorted by name.

        Raises
        ------
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; see `siemlab.store.bind.bind`.
        """
        counts = self._answer(query, _coverage)
        types: dict[str, set[str]] = {}
        for mapping in self._view.mappings(query.pattern):
            for path, field in mapping.fields.items():
                types.setdefault(path, set()).add(field.type)
        return [
            FieldInfo(path, tuple(sorted(types[path])), count)
            for path, count in sorted(counts.items())
            if count
        ]

    def indexes(self) -> list[IndexInfo]:
        """The indexes, sorted by name, spill indexes included.

        Raises
        ------
        StoreError
            When there is no store.
        """
        return [
            IndexInfo(name, entry.documents, *map(moment, entry.span))
            for name, entry in sorted(self._files.manifest().indexes.items())
            if entry.documents
        ]

    def explain(self, query: Query) -> str:
        """The query as SQL over the tables of the first index it looks into.

        Raises
        ------
        StoreError, QuerySyntaxError, QueryNotSupportedError
            When there is no store; see `siemlab.store.bind.bind`.
        """
        targets = self._answer(query, lambda _, targets: targets)
        if not targets:
            return explain(query)
        index = targets[0].index
        return statement(query, index.mapping, index.layout.places)

    def close(self) -> None:
        """Let go of files and connections; the next question opens them again."""
        self._view.close()
        self._memory.forget()

    def _answer(self, query: Query, ask: Callable[[Any, Sequence[Target]], T]) -> T:
        """Ask; where a file turns out to be damaged, once more with caches made anew."""
        try:
            return self._ask(query, ask)
        except duckdb.OutOfMemoryException as error:
            raise _too_much(error) from error
        except duckdb.Error:
            self._view.forget()
        try:
            return self._ask(query, ask)
        except duckdb.Error as error:
            raise damaged(self._files, error) from error

    def _ask(self, query: Query, ask: Callable[[Any, Sequence[Target]], T]) -> T:
        targets = self._view.targets(query)
        with self._view.cursor() as cursor:
            return ask(cursor, targets)


def _run(cursor: Any, statement: Sql) -> Any:
    return cursor.execute(statement.text, statement.params)


def _count(cursor: Any, targets: Sequence[Target], memory: Memory) -> int:
    if not targets:
        return 0
    total = memory.total(targets)
    if total is None:
        total = int(_run(cursor, counting(targets)).fetchall()[0][0])
        memory.keep_total(targets, total)
    return total


def _top(cursor: Any, targets: Sequence[Target], field: str, size: int) -> list[Bucket]:
    having = [target for target in targets if field in target.index.mapping.fields]
    if not having:
        return []
    kind = having[0].index.mapping.fields[field].type
    rows = _run(cursor, top(having, field, max(size, 0))).fetchall()
    return [Bucket(_key(kind, value), int(count)) for value, count in rows]


def _top_of_several_types(
    cursor: Any, targets: Sequence[Target], field: str, size: int
) -> list[Bucket]:
    kinds: dict[str, list[Target]] = {}
    for target in targets:
        known = target.index.mapping.fields.get(field)
        if known is not None:
            kinds.setdefault(known.type, []).append(target)
    every = (
        Bucket(_key(kind, value), int(count))
        for kind, some in kinds.items()
        for value, count in _run(cursor, top(some, field, None)).fetchall()
    )
    return merged(every, size)


def _key(kind: str, value: Any) -> Any:
    return bool(value) if kind == "boolean" else shown(kind, value)


def _histogram(
    cursor: Any, targets: Sequence[Target], memory: Memory, interval: str, tz: str
) -> list[Bucket]:
    rule = rounding(interval, tz)
    timed = [target for target in targets if _has_time(target)]
    if not timed:
        return []
    if rule.width is not None:
        counts = _buckets(cursor, targets, memory, rule.width, rule.floor(0))
        edges = bucket_edges(min(counts), max(counts), interval, tz) if counts else [0]
    else:
        first, last = _run(cursor, span(timed)).fetchall()[0]
        if first is None:
            return []
        edges = bucket_edges(first, last, interval, tz)
        # Buckets of unequal length: count in equal ones that no edge cuts, and add those up.
        sums: Counter[int] = Counter()
        even = _buckets(cursor, targets, memory, math.gcd(*edges), 0, *edges)
        for start, count in even.items():
            sums[edges[bisect_right(edges, start) - 1]] += count
        counts = dict(sums)
    return [Bucket(shown("date", start), counts.get(start, 0)) for start in edges[:-1]]


def _buckets(
    cursor: Any, targets: Sequence[Target], memory: Memory, width: int, base: int, *edges: int
) -> dict[int, int]:
    """Return start and documents of each bucket; the sum of all is the total, to remember."""
    timed = [target for target in targets if _has_time(target)]
    rows = _run(cursor, buckets(timed, width, base, edges)).fetchall()
    if timed == targets and not any(t.index.layout.places[_TIME].many for t in timed):
        memory.keep_total(targets, sum(int(count) for _, count in rows))
    return {base + number * width: int(count) for number, count in rows if number is not None}


def _has_time(target: Target) -> bool:
    field = target.index.mapping.fields.get(_TIME)
    return field is not None and field.type == "date"


def _newest(cursor: Any, targets: Sequence[Target], memory: Memory, size: int) -> Hits:
    if not targets:
        return Hits(0, ())
    total = _count(cursor, targets, memory)
    rows = _run(cursor, order(targets, size)).fetchall() if size else []
    return Hits(total, tuple(_hits(targets, rows, partial(memory.sources, cursor))))


def _hits(targets: Sequence[Target], rows: Sequence[_Row], read: _Read) -> Iterator[Hit]:
    """Yield the documents of rows, in their order."""
    wanted: dict[int, list[int]] = {}
    for part, rid, _ in rows:
        wanted.setdefault(part, []).append(rid)
    texts = {
        (part, rid): text
        for part, rids in wanted.items()
        for rid, text in read(targets[part].index.layout.source, sorted(rids))
    }
    for part, rid, name in rows:
        yield Hit(targets[part].index.name, name, load(texts[part, rid]))


def _coverage(cursor: Any, targets: Sequence[Target]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for target in targets:
        paths, numbers = coverage(target)
        counts.update(dict(zip(paths, _run(cursor, numbers).fetchall()[0], strict=False)))
        counts.update(dict(_run(cursor, rare_coverage(target)).fetchall()))
    return counts


def _too_much(error: Exception) -> StoreError:
    reason = str(error).partition("\n")[0]
    return StoreError(
        f"the answer needs more memory than the engine may take ({reason}); narrow the query, for"
        " example its time range",
        f"この検索には割り当て以上のメモリが必要です（{reason}）。"
        "時間範囲などで条件を絞り込んでください",
    )
