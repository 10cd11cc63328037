"""Documents on their way into a store: lines of JSON on disk, in a file for each index."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from siemlab.store.duckdb_rows import Lines

__all__ = ["Spool", "Spools", "dump", "equal", "load"]

_MOST_KEPT_BACK: Final = 32 << 20
# orjson reads an integer beyond 64 bits as a float; Python's own reader, three times slower, does
# not. Such a one has at least nineteen digits in a row.
_LONG_NUMBER: Final = b"0" * 19
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")


def dump(source: dict[str, Any]) -> bytes:
    r"""Return a document as one line of strict JSON, without the line's end.

    NaN and infinity become null, half of a surrogate pair becomes U+FFFD.

    Raises
    ------
    ValueError, TypeError, RecursionError
        When it is no JSON: a value of another type, or nested without end.

    Examples
    --------
    >>> dump({"n": 2**70, "x": float("nan")})
    b'{"n": 1180591620717411303424, "x": null}'
    """
    try:
        return orjson.dumps(source)
    except TypeError:
        text = json.dumps(source, ensure_ascii=False)
        if "NaN" in text or "Infinity" in text:
            text = json.dumps(json.loads(text, parse_constant=lambda _: None), ensure_ascii=False)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def load(line: bytes | str) -> dict[str, Any]:
    """Return the document of a line that `dump` made, integers of any length exact."""
    raw = line.encode() if isinstance(line, str) else line
    try:
        exact = _LONG_NUMBER in raw.translate(_ZEROS)
        document: dict[str, Any] = json.loads(raw) if exact else orjson.loads(raw)
    except orjson.JSONDecodeError:  # nested deeper than it goes
        document = json.loads(raw)
    return document


def equal(one: bytes, other: bytes) -> bool:
    """Whether two lines hold the same document, but for ``event.ingested``.

    Examples
    --------
    >>> equal(b'{"a":1,"event.ingested":"x"}', b'{"event":{"ingested":"y"},"a":1}')
    False
    >>> equal(b'{"a":1,"event":{"ingested":"x"}}', b'{"event":{"ingested":"y"},"a":1}')
    True
    """
    if one == other:
        return True
    first, second = _lasting(load(one)), _lasting(load(other))
    return first == second and json.dumps(first, sort_keys=True) == json.dumps(
        second, sort_keys=True
    )


def _lasting(document: dict[str, Any]) -> dict[str, Any]:
    event = document.get("event")
    if isinstance(event, dict):
        event.pop("ingested", None)
    document.pop("event.ingested", None)
    return document


class Spool:
    """The documents of one index: their ids in one file, their JSON in another.

    Parameters
    ----------
    folder
        An empty folder of its own.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.ids = Lines(folder / "ids.ndjson")
        self.source = Lines(folder / "source.ndjson")
        self._starts = array("Q")
        self._end = 0

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, name: str, line: bytes) -> int:
        """Add a document; return how many bytes it took."""
        key = orjson.dumps({"i": name}, option=orjson.OPT_APPEND_NEWLINE)
        self.ids.write(key)
        self.source.write(line + b"\n")
        self._starts.append(self._end)
        self._end += len(line) + 1
        return len(key) + len(line) + 1

    def flush(self) -> None:
        """Put all of it on disk."""
        self.ids.flush()
        self.source.flush()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield the documents, id and line, in the order they came."""
        for _, document in self.part(0, len(self)):
            yield document

    def part(self, first: int, end: int) -> Iterator[tuple[int, tuple[str, bytes]]]:
        """Yield some documents with their numbers, from one to before another."""
        self.flush()
        with self.ids.path.open("rb") as ids, self.source.path.open("rb") as source:
            source.seek(self.start(first))
            lines = zip(islice(ids, first, end), source, strict=False)
            for number, (key, line) in enumerate(lines, first):
                yield number, (orjson.loads(key)["i"], line[:-1])

    def start(self, number: int) -> int:
        """Return where in the file of lines a document begins, or the next one will."""
        return self._starts[number] if number < len(self._starts) else self._end

    def copy(self, path: Path, number: int) -> Lines:
        """Return a new file of lines that begins with the lines before a number."""
        self.flush()
        lines = Lines(path, self.source.longest)
        left = self.start(number)
        with self.source.path.open("rb") as source, path.open("wb") as target:
            while left:
                chunk = source.read(min(left, 1 << 20))
                target.write(chunk)
                left -= len(chunk)
        return lines

    def lines(self, numbers: list[int]) -> Iterator[bytes]:
        """Yield the lines of some documents, by their numbers from 0."""
        with self.source.path.open("rb") as source:
            for number in numbers:
                source.seek(self._starts[number])
                yield source.readline()[:-1]


class Spools:
    """The spools of a load, by index, in little memory however many there are.

    Parameters
    ----------
    folder
        Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept_back = 0
        self._spools: dict[str, Spool] = {}

    def add(self, index: str, name: str, line: bytes) -> None:
        """Add a document to an index's spool."""
        self._kept_back += self.of(index).add(name, line)
        if self._kept_back > _MOST_KEPT_BACK:
            self.flush()

    def of(self, index: str) -> Spool:
        """Return the spool of an index."""
        spool = self._spools.get(index)
        if spool is None:
            spool = Spool(self._folder / f"spool{len(self._spools)}")
            self._spools[index] = spool
        return spool

    def indexes(self) -> list[str]:
        """Return the indexes that have a spool."""
        return list(self._spools)

    def flush(self) -> None:
        """Put all of it on disk."""
        for spool in self._spools.values():
            spool.flush()
        self._kept_back = 0
