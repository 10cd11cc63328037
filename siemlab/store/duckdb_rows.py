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

from siemlab.store.analysis import SEPARATOR, joined
from siemlab.store.duckdb_layout import Place, kind_of, rare
from siemlab.store.duckdb_sql import VALUE_SEPARATOR
from siemlab.store.plan import Scalar
from siemlab.store.tree import FieldType

__all__ = ["ID", "SAMPLE", "TABLES", "TIME", "Column", "Lines", "Rows", "choose"]

TIME: Final = "@timestamp"
ID: Final = "@id"

#: How many documents are looked at before the columns are chosen.
SAMPLE: Final = 2_000
#: The tables that have a file of lines each.
TABLES: Final = ("docs", "words", "fields")

_SHORT: Final = 500  # such a text may come again, as user agents do
_BETWEEN: Final = f"{SEPARATOR}{VALUE_SEPARATOR}{SEPARATOR}"
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
        self.longest = max(self.longest, len(line))
        if self._size > _FLUSH:
            self.flush()

    def flush(self) -> None:
        """Put into the file what was kept back; the file exists afterwards."""
        with self.path.open("ab") as file:
            file.write(b"".join(self._buffer))
        self._buffer.clear()
        self._size = 0


class Rows:
    """Writes the rows of one segment, as lines for ``docs``, ``words`` and ``fields``.

    Parameters
    ----------
    folder
        Where the files go; no other rows may write there.
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
        self.files: dict[str, list[Lines]] = {table: [] for table in TABLES}
        self.columns: dict[str, Column] = columns or {}
        self.many: set[str] = set()
        self.unlike: set[str] = set()
        self.documents = 0
        self._folder = folder
        self._types = types
        self._open()
        self._places: dict[str, Place] = {}
        self._sample: list[_Row] | None = [] if columns is None else None
        self._prepare()

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
        if len(self._sample) >= SAMPLE:
            self._decide()

    def join(self, others: Rows) -> None:
        """Take in closed rows of the same columns, that follow on these; more may follow."""
        self.close()
        for table, lines in others.files.items():
            self.files[table] += lines
        self.many |= others.many
        self.unlike |= others.unlike
        self.documents += others.documents
        self._open()

    def close(self) -> None:
        """Write what is left."""
        self._decide()
        for lines in (self._docs, self._words, self._fields):
            lines.flush()

    def _open(self) -> None:
        """Begin a file for each table."""
        for table, files in self.files.items():
            files.append(Lines(self._folder / f"{table}{len(files) or ''}.ndjson"))
        self._docs, self._words, self._fields = (self.files[table][-1] for table in TABLES)

    def _decide(self) -> None:
        if self._sample is None:
            return
        sample, self._sample = self._sample, None
        self.columns = choose(sample, self._types)
        self._prepare()
        for row in sample:
            self._write(*row)

    def _prepare(self) -> None:
        """Lay out what is looked at for every value of every document."""
        self._plain = {
            path: column.name
            for path, column in self.columns.items()
            if not column.same and column.kind not in ("address", "words")
        }
        self._same = [path for path, column in self.columns.items() if column.same]

    def _write(self, rid: int, name: str, values: Mapping[str, list[Scalar]]) -> None:
        row: dict[str, Any] = {"r": rid, "i": name}
        plain, columns = self._plain, self.columns
        for path, found in values.items():
            if path in plain and len(found) == 1:
                row[plain[path]] = found[0]
            elif path in columns:
                self._column(row, path, columns[path], found)
            elif path == TIME and self._types[TIME].type == "date":
                self._time(row, found)
            else:
                self._rare(rid, path, found)
        for path in self._same:
            if path not in values:
                row[columns[path].gone] = True
                self.unlike.add(path)
        self._docs.add(row)

    def _column(self, row: dict[str, Any], path: str, column: Column, found: list[Scalar]) -> None:
        if column.same and found == [row["i"]]:
            return
        if column.kind == "words":
            self._text(row, column.name, found)
            return
        if column.kind == "address":
            found = [_digits(value) for value in found]
        distinct = list(dict.fromkeys(found))
        if column.same:
            self.unlike.add(path)
        if len(distinct) == 1:
            row[column.name] = distinct[0]
        else:
            row[column.many] = distinct
            self.many.add(path)

    def _text(self, row: dict[str, Any], name: str, found: list[Scalar]) -> None:
        if name.startswith("w"):
            row[name] = True
            self._words.add({"r": row["r"], name: _joined(found)})
        else:
            row[name] = _joined(found)

    def _time(self, row: dict[str, Any], found: list[Scalar]) -> None:
        row["a"] = max(found)
        if len(set(found)) > 1:
            row["ma"] = list(dict.fromkeys(found))
            self.many.add(TIME)

    def _rare(self, rid: int, path: str, found: list[Scalar]) -> None:
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = rare(self._types[path].type)
        if place.kind == "words":
            found = [_joined(found)]
        elif place.kind == "hex":
            found = [_digits(value) for value in found]
        key = _KEYS[place.column]
        self._fields.add({"f": path, key: found[0], "r": rid})
        if len(found) > 1:  # what follows does not count the document again
            for value in list(dict.fromkeys(found))[1:]:
                self._fields.add({"f": path, key: value, "r": rid, "l": 0})


@lru_cache(maxsize=20_000)
def _digits(number: Scalar) -> str:
    return f"{number:032x}"


def _joined(texts: list[Scalar]) -> str:
    """Return the words of a field's texts, as conditions on ``words`` look for them."""
    line = _BETWEEN.join([_words_of(str(text)) for text in texts])
    return f"{SEPARATOR}{line}{SEPARATOR}"


def _words_of(text: str) -> str:
    return _short_words(text) if len(text) < _SHORT else joined(text)


@lru_cache(maxsize=10_000)
def _short_words(text: str) -> str:
    return joined(text)
