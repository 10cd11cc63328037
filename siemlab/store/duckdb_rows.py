"""Typed values of documents as lines of JSON, which the engine turns into tables by itself.

Which fields get a column of their own is decided per index, from its first documents: those that
many documents have. A text that is different in nearly every document is better off among the
rare fields, where it is sorted. A later load keeps to the columns that the index has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from siemlab.store.analysis import SEPARATOR, joined
from siemlab.store.duckdb_layout import Place, kind_of, rare
from siemlab.store.duckdb_sql import VALUE_SEPARATOR
from siemlab.store.duckdb_words import joined_all
from siemlab.store.plan import Scalar
from siemlab.store.tree import FieldType

__all__ = [
    "COLUMN_SEPARATOR",
    "ID",
    "SAMPLE",
    "TABLES",
    "TIME",
    "Column",
    "Lines",
    "Row",
    "Rows",
    "choose",
]

TIME: Final = "@timestamp"
ID: Final = "@id"

#: How many documents are looked at before the columns are chosen.
SAMPLE: Final = 2_000
#: The tables that have a file of lines each.
TABLES: Final = ("docs", "words", "fields")
#: Between row number, column and words in a line of ``words``, the one file that is no JSON.
COLUMN_SEPARATOR: Final = "\x03"

_SHORT: Final = 500  # such a text may come again, as user agents do
_BETWEEN: Final = f"{SEPARATOR}{VALUE_SEPARATOR}{SEPARATOR}"
_COMMON = 0.05  # of the documents have a field that gets a column
_MOST_COLUMNS = 120
_ALL_DIFFERENT = 0.6  # of the values: then a text is looked up, never grouped
_FLUSH = 1 << 20
_TOGETHER: Final = 256  # long texts whose words are looked for at once
_KEYS: Final = {"text": "t", "whole": "w", "real": "d"}

#: Row number, id, typed values, and what of them is in a row already.
Row = tuple[int, str, Mapping[str, list[Scalar]], dict[str, Any]]


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


def choose(sample: Iterable[Row], types: Mapping[str, FieldType]) -> dict[str, Column]:
    """Return the fields that get a column, from a sample of an index's documents.

    Parameters
    ----------
    sample
        Row number, id and typed values of some documents, and rows without any.
    types
        The type of each field.
    """
    ids: list[list[Scalar]] = []
    given: dict[str, list[list[Scalar]]] = {}
    for _, name, values, _ in sample:
        ids.append([name])
        for path, found in values.items():
            given.setdefault(path, []).append(found)
    chosen: dict[str, Column] = {}
    for path in sorted(given, key=lambda path: len(given[path]), reverse=True)[:_MOST_COLUMNS]:
        count = len(given[path])
        if path == TIME or (count < _COMMON * len(ids) and path != ID):
            continue
        kind = kind_of(types[path].type)
        different = len(set(chain.from_iterable(given[path])))
        unique = different > max(_ALL_DIFFERENT * count, 100)
        if given[path] == ids and kind == "text":
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
        self._long: list[tuple[int, str, list[str]]] = []
        self._sample: list[Row] | None = [] if columns is None else None
        self._prepare()

    @property
    def texts(self) -> dict[str, str]:
        """The fields whose first text a row may hold under the name of their column."""
        return {path: c.name for path, c in self.columns.items() if c.kind == "text"}

    def add(
        self,
        rid: int,
        name: str,
        values: Mapping[str, list[Scalar]],
        row: dict[str, Any] | None = None,
    ) -> None:
        """Add a document.

        Parameters
        ----------
        rid
            Its row number in the index.
        name
            Its id.
        values
            Its typed values, without those in its row.
        row
            Its row, with some of `texts` in it.
        """
        self.documents += 1
        begun = {} if row is None else row
        if self._sample is None:
            self._write(rid, name, values, begun)
            return
        self._sample.append((rid, name, values, begun))
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
        self._put_words()
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
            path for path, column in self.columns.items() if column.kind not in ("address", "words")
        }
        self._same = [(path, column) for path, column in self.columns.items() if column.same]

    def _write(
        self, rid: int, name: str, values: Mapping[str, list[Scalar]], row: dict[str, Any]
    ) -> None:
        row["r"], row["i"] = rid, name
        plain, columns = self._plain, self.columns
        for path, found in values.items():
            column = columns.get(path)
            if column is None:
                if path == TIME and self._types[TIME].type == "date":
                    self._time(row, found)
                else:
                    self._rare(rid, path, found)
            elif path in plain and len(found) == 1 and column.name not in row:
                row[column.name] = found[0]
            else:
                self._column(row, path, column, found)
        for path, column in self._same:
            self._same_as_id(row, path, column)
        self._docs.add(row)

    def _same_as_id(self, row: dict[str, Any], path: str, column: Column) -> None:
        """Leave out of a row what is the id, and say so where it is not."""
        value = row.get(column.name)
        if value == row["i"]:
            del row[column.name]
            return
        self.unlike.add(path)
        if value is None and column.many not in row:
            row[column.gone] = True

    def _column(self, row: dict[str, Any], path: str, column: Column, found: list[Scalar]) -> None:
        if column.name in row:  # the first of them is there already
            found = [row.pop(column.name), *found]
        if column.kind == "words":
            self._text(row, column.name, found)
            return
        if column.kind == "address":
            found = [_digits(value) for value in found]
        distinct = list(dict.fromkeys(found))
        if len(distinct) == 1:
            row[column.name] = distinct[0]
        else:
            row[column.many] = distinct
            self.many.add(path)

    def _text(self, row: dict[str, Any], name: str, found: list[Scalar]) -> None:
        if name.startswith("w"):
            row[name] = True
            self._long.append((row["r"], name, [str(text) for text in found]))
            if len(self._long) >= _TOGETHER:
                self._put_words()
        else:
            row[name] = _joined(found)

    def _put_words(self) -> None:
        """Write the words of the long texts that wait; no word holds what stands between."""
        found = iter(joined_all([text for *_, texts in self._long for text in texts]))
        for rid, name, texts in self._long:
            line = _line([next(found) for _ in texts])
            self._words.write(f"{rid}{COLUMN_SEPARATOR}{name}{COLUMN_SEPARATOR}{line}\n".encode())
        self._long.clear()

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
    return _line([_words_of(str(text)) for text in texts])


def _line(words: list[str]) -> str:
    return f"{SEPARATOR}{_BETWEEN.join(words)}{SEPARATOR}"


def _words_of(text: str) -> str:
    return _short_words(text) if len(text) < _SHORT else joined(text)


@lru_cache(maxsize=10_000)
def _short_words(text: str) -> str:
    return joined(text)
