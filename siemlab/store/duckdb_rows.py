"""Typed values of documents as lines of JSON, which the engine turns into tables by itself.

Which fields get a column of their own is decided per index, from its first documents: those that
many documents have. A text that is different in nearly every document is better off among the
rare fields, where it is sorted. A later load keeps to the columns that the index has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from siemlab.store.analysis import words
from siemlab.store.duckdb_layout import kind_of, rare
from siemlab.store.duckdb_sql import SEPARATOR, VALUE_SEPARATOR
from siemlab.store.plan import Scalar
from siemlab.store.tree import FieldType

__all__ = ["ID", "TIME", "Column", "Lines", "Rows", "choose"]

TIME: Final = "@timestamp"
ID: Final = "@id"

_SAMPLE: Final = 2_000
_COMMON = 0.05  # of the documents have a field that gets a column
_MOST_COLUMNS = 120
_ALL_DIFFERENT = 0.6  # of the values: then a text is looked up, never grouped
_FLUSH = 1 << 20
_KEYS: Final = {"text": "t", "whole": "w", "real": "d"}

_Row = tuple[int, str, Mapping[str, list[Scalar]]]


class Column(NamedTuple):
    """A field's column: its name (``c7``, ``w1`` in the table of words), and what it holds.

    ``same``: the value has been the document's id so far, and the column stays empty.
    """

    name: str
    kind: str
    same: bool = False

    @property
    def many(self) -> str:
        """The name under which a line gives several values."""
        return f"m{self.name}"

    @property
    def gone(self) -> str:
        """The name under which a line says that a field that is the id elsewhere is missing."""
        return f"z{self.name}"


def choose(sample: Iterable[_Row], types: Mapping[str, FieldType]) -> dict[str, Column]:
    """Return the fields that get a column, from a sample of an index's documents.

    Parameters
    ----------
    sample
        Row number, id and typed values of some documents.
    types
        The type of each field.
    """
    seen: Counter[str] = Counter()
    same: Counter[str] = Counter()
    different: dict[str, set[Scalar]] = {}
    total = 0
    for _, name, values in sample:
        total += 1
        for path, found in values.items():
            seen[path] += 1
            same[path] += found == [name]
            different.setdefault(path, set()).update(found)
    chosen: dict[str, Column] = {}
    for path, count in seen.most_common(_MOST_COLUMNS):
        kind = kind_of(types[path].type)
        unique = len(different[path]) > max(_ALL_DIFFERENT * count, 100)
        if path == TIME or (count < _COMMON * total and path != ID):
            continue
        if same[path] == total and kind == "text":
            chosen[path] = Column("c", kind, same=True)
        elif kind == "words":
            chosen[path] = Column("w" if unique else "c", kind)
        elif not unique or kind != "text" or path == ID:
            chosen[path] = Column("c", kind)
    return {
        path: column._replace(name=f"{column.name}{number}")
        for number, (path, column) in enumerate(sorted(chosen.items()), 1)
    }


@dataclass(slots=True)
class Lines:
    """A file of JSON lines, written in pieces; ``longest`` is the longest line so far."""

    path: Path
    longest: int = 0
    _buffer: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, row: dict[str, Any]) -> None:
        """Add a line that holds an object."""
        self.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def write(self, line: bytes) -> None:
        """Add a line, its end included."""
        self._buffer.append(line)
        self._size += len(line)
        if len(line) > self.longest:
            self.longest = len(line)
        if self._size > _FLUSH:
            self.flush()

    def flush(self) -> None:
        """Put into the file what was kept back; the file exists afterwards."""
        with self.path.open("ab") as file:
            file.writelines(self._buffer)
        self._buffer.clear()
        self._size = 0


class Rows:
    """Writes the rows of one segment, as lines for ``docs``, ``words`` and ``fields``.

    Parameters
    ----------
    folder
        Where the files go.
    types
        The types of the index's fields; it may grow while documents are added.
    columns
        The columns that the index has; chosen from the first documents where None.

    Attributes
    ----------
    columns
        The columns, once they are chosen.
    many
        The fields of them that had several values in a document.
    unlike
        The fields that were thought to be the id, and were not in some document.
    """

    def __init__(
        self, folder: Path, types: Mapping[str, FieldType], columns: dict[str, Column] | None
    ) -> None:
        self.docs = Lines(folder / "docs.ndjson")
        self.words = Lines(folder / "words.ndjson")
        self.fields = Lines(folder / "fields.ndjson")
        self.columns: dict[str, Column] = columns or {}
        self.many: set[str] = set()
        self.unlike: set[str] = set()
        self.documents = 0
        self._types = types
        self._sample: list[_Row] | None = [] if columns is None else None
        self._same: list[str] = [path for path, column in self.columns.items() if column.same]

    def add(self, rid: int, name: str, values: Mapping[str, list[Scalar]]) -> None:
        """Add a document.

        Parameters
        ----------
        rid
            Its row number in the index.
        name
            Its id.
        values
            Its typed values.
        """
        self.documents += 1
        if self._sample is None:
            self._write(rid, name, values)
            return
        self._sample.append((rid, name, values))
        if len(self._sample) >= _SAMPLE:
            self._decide()

    def close(self) -> None:
        """Write what is left."""
        self._decide()
        for lines in (self.docs, self.words, self.fields):
            lines.flush()

    def _decide(self) -> None:
        if self._sample is None:
            return
        sample, self._sample = self._sample, None
        self.columns = choose(sample, self._types)
        self._same = [path for path, column in self.columns.items() if column.same]
        for row in sample:
            self._write(*row)

    def _write(self, rid: int, name: str, values: Mapping[str, list[Scalar]]) -> None:
        row: dict[str, Any] = {"r": rid, "i": name}
        texts: dict[str, Any] = {"r": rid}
        columns = self.columns
        for path, found in values.items():
            column = columns.get(path)
            if column is None:
                if path == TIME:
                    self._time(row, found)
                else:
                    self._rare(rid, path, found)
            elif column.kind == "words":
                target = texts if column.name[0] == "w" else row
                target[column.name] = _joined(found)
            elif len(found) == 1 and column.kind != "address":
                if not column.same or found[0] != name:
                    row[column.name] = found[0]
                    if column.same:
                        self.unlike.add(path)
            else:
                self._column(row, path, column, found)
        for path in self._same:
            if path not in values:
                row[columns[path].gone] = True
                self.unlike.add(path)
        self.docs.add(row)
        self.words.add(texts)

    def _column(
        self, row: dict[str, Any], path: str, column: Column, found: list[Scalar]
    ) -> None:
        if column.kind == "address":
            found = [f"{value:032x}" for value in found]
        distinct = list(dict.fromkeys(found))
        if len(distinct) == 1 and not column.same:
            row[column.name] = distinct[0]
            return
        row[column.many] = distinct
        self.many.add(path)
        if column.same:
            self.unlike.add(path)

    def _time(self, row: dict[str, Any], found: list[Scalar]) -> None:
        if self._types[TIME].type != "date":
            self._rare(row["r"], TIME, found)
            return
        row["a"] = max(found)
        if len(set(found)) > 1:
            row["ma"] = list(dict.fromkeys(found))
            self.many.add(TIME)

    def _rare(self, rid: int, path: str, found: list[Scalar]) -> None:
        place = rare(self._types[path].type)
        if place.kind == "words":
            found = [_joined(found)]
        elif place.kind == "hex":
            found = [f"{value:032x}" for value in found]
        for number, value in enumerate(dict.fromkeys(found)):
            line = {"f": path, _KEYS[place.column]: value, "r": rid}
            if number:
                line["l"] = 0  # not the first of its document
            self.fields.add(line)


def _joined(texts: Iterable[Scalar]) -> str:
    """Return the words of a field's texts, as conditions on ``words`` look for them."""
    between = f"{SEPARATOR}{VALUE_SEPARATOR}{SEPARATOR}"
    joined = between.join(
        _words_of(text) if len(text) < 500 else SEPARATOR.join(words(text)) for text in map(str, texts)
    )
    return f"{SEPARATOR}{joined}{SEPARATOR}"


@lru_cache(maxsize=10_000)
def _words_of(text: str) -> str:
    return SEPARATOR.join(words(text))
