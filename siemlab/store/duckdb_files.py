"""The files of an embedded store: its manifest, its segments, and the lock of the one who writes.

::

    STORE/manifest.json                           what is in the store; replaced as a whole
    STORE/segments/INDEX/HASH.docs.parquet        a row per document: id, time, the common fields
    STORE/segments/INDEX/HASH.fields.parquet      a row per value of the rarer fields
    STORE/segments/INDEX/HASH.words.parquet       a row per long text: its words
    STORE/segments/INDEX/HASH.source.parquet      a row per document: its JSON text
    STORE/cache/INDEX-HASH-VERSION.duckdb         made from the segments on first use
    STORE/work/                                   what a load has not committed yet

Segments never change; a load writes new ones and then, in one step, the manifest that names them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from siemlab.errors import StoreError
from siemlab.locks import alone
from siemlab.store.duckdb_engine import parquet

__all__ = ["PARTS", "IndexEntry", "Manifest", "Segment", "StoreFiles", "Tables"]

PARTS: Final = ("docs", "fields", "words", "source")
_FORMAT: Final = 1
# A reader may still be in a file that the newest manifest no longer names.
_GRACE_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Segment:
    """What one load (or a merge of several) put into an index.

    ``rid`` is the number of its first row; the others follow without a gap. ``columns`` says
    which fields have a column of their own: field to the column's name, and whether it holds
    lists. ``same`` are fields whose one value is the document's id everywhere, so that no column
    was needed, and the name it would have.
    ``first`` and ``last`` are milliseconds of ``@timestamp``, None without any.
    """

    name: str
    rid: int
    documents: int
    first: int | None
    last: int | None
    columns: dict[str, tuple[str, bool]]
    same: dict[str, str]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An index in the manifest: its mapping as a body, its segments, and the next row number."""

    mapping: dict[str, Any]
    segments: tuple[Segment, ...] = ()
    next_rid: int = 0

    @property
    def digest(self) -> str:
        """What the content is, in 16 hexadecimal digits: equal for equal segments."""
        names = "\n".join(segment.name for segment in self.segments)
        return hashlib.blake2b(names.encode(), digest_size=8).hexdigest()

    @property
    def documents(self) -> int:
        """How many documents the index has."""
        return sum(segment.documents for segment in self.segments)

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The first and the last ``@timestamp`` in milliseconds, None without any."""
        firsts = [segment.first for segment in self.segments if segment.first is not None]
        lasts = [segment.last for segment in self.segments if segment.last is not None]
        return (min(firsts), max(lasts)) if firsts and lasts else (None, None)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The committed content of a store.

    ``pins`` are the fields whose values clashed, by index family and path (`siemlab.store.pins`).
    ``retired`` are segments that were replaced, as index, name and time: a reader may still be in
    them, so a later writer removes them.
    """

    indexes: dict[str, IndexEntry] = field(default_factory=dict)
    pins: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    retired: tuple[tuple[str, str, float], ...] = ()

    def changed(
        self, changes: dict[str, IndexEntry], pins: dict[str, dict[str, dict[str, Any]]], now: float
    ) -> Manifest:
        """Return the manifest with some indexes replaced or added, at a time in seconds."""
        retired = [item for item in self.retired if item[2] > now - _GRACE_SECONDS]
        for index, entry in changes.items():
            before = self.indexes.get(index, IndexEntry({})).segments
            kept = {segment.name for segment in entry.segments}
            retired += [(index, s.name, now) for s in before if s.name not in kept]
        return Manifest({**self.indexes, **changes}, pins, tuple(retired))

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        indexes = {name: asdict(entry) for name, entry in sorted(self.indexes.items())}
        body = {"format": _FORMAT, "indexes": indexes, "pins": self.pins, "retired": self.retired}
        return orjson.dumps(body, option=orjson.OPT_INDENT_2)

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Return the manifest of a JSON text.

        Raises
        ------
        ValueError, KeyError, TypeError
            When it is damaged, or of another format.
        """
        body = orjson.loads(data)
        if body["format"] != _FORMAT:
            raise ValueError(f"format {body['format']}")
        indexes = {name: _entry(entry) for name, entry in body["indexes"].items()}
        retired = tuple((str(i), str(name), float(when)) for i, name, when in body["retired"])
        return cls(indexes, dict(body["pins"]), retired)


def _entry(body: dict[str, Any]) -> IndexEntry:
    segments = tuple(_segment(segment) for segment in body["segments"])
    return IndexEntry(dict(body["mapping"]), segments, int(body["next_rid"]))


def _segment(body: dict[str, Any]) -> Segment:
    columns = {path: (str(name), bool(many)) for path, (name, many) in body["columns"].items()}
    values = {**body, "columns": columns}
    return Segment(**values)


class Tables(NamedTuple):
    """Some segments of an index as tables of the engine: calls that read their files."""

    docs: str
    fields: str
    words: str
    source: str


class StoreFiles:
    """Paths below a store, and what makes changing them safe.

    Parameters
    ----------
    path
        The folder of the store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._manifest_path = path / "manifest.json"
        self._seen: tuple[int, int, int] | None = None
        self._manifest = Manifest()

    def exists(self) -> bool:
        """Whether there is a store."""
        return self._manifest_path.exists()

    def manifest(self) -> Manifest:
        """Return the last committed manifest; read again only when it was replaced.

        Raises
        ------
        StoreError
            When there is no store, or its manifest cannot be read.
        """
        try:
            status = self._manifest_path.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                self._manifest = Manifest.from_bytes(self._manifest_path.read_bytes())
                self._seen = seen
        except (FileNotFoundError, NotADirectoryError):
            raise self._no_store() from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(error) from error
        except OSError as error:
            raise StoreError(
                f"the store at {self.path} cannot be read: {error.strerror}",
                f"{self.path} のストアを読めません: {error.strerror}",
            ) from error
        return self._manifest

    def commit(self, manifest: Manifest) -> None:
        """Replace the manifest in one step, on disk before this returns."""
        part = self.path / f".manifest-{os.getpid()}.part"
        with part.open("wb") as file:
            file.write(manifest.to_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._manifest_path)
        sync_folder(self.path)

    def segment(self, index: str, name: str, part: str) -> Path:
        """Return the path of a part of a segment."""
        return self.folder(index) / f"{name}.{part}.parquet"

    def folder(self, index: str) -> Path:
        """Return the folder of an index's segments; the name of an index can be one of a folder."""
        return self.path / "segments" / index

    def tables(self, index: str, segments: Sequence[Segment]) -> Tables | None:
        """Return segments of an index as tables of the engine; None without any."""
        if not segments:
            return None
        return Tables(
            *(parquet(self.segment(index, s.name, part) for s in segments) for part in PARTS)
        )

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Hold the store's lock, and give a folder for work that is gone afterwards.

        Yields
        ------
        Path
            An empty folder on the same file system as the segments.

        Raises
        ------
        StoreError
            When the folder cannot be written.
        """
        try:
            (self.path / "segments").mkdir(parents=True, exist_ok=True)
            lock = (self.path / ".lock").open("ab")
        except OSError as error:
            raise StoreError(
                f"the store at {self.path} cannot be written: {error.strerror}",
                f"{self.path} のストアに書き込めません: {error.strerror}",
            ) from error
        with lock, alone(lock):
            self._sweep()
            work = self.path / "work"
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what a writer that died left behind, and segments long since replaced."""
        shutil.rmtree(self.path / "work", ignore_errors=True)
        for part in self.path.glob(".manifest-*.part"):
            part.unlink(missing_ok=True)
        manifest = self.manifest() if self.exists() else Manifest()
        named = {
            (index, s.name) for index, entry in manifest.indexes.items() for s in entry.segments
        }
        oldest = time.time() - _GRACE_SECONDS
        named |= {(index, name) for index, name, when in manifest.retired if when > oldest}
        known = {self.segment(index, name, part) for index, name in named for part in PARTS}
        for path in (self.path / "segments").glob("*/*"):
            if path not in known:
                path.unlink(missing_ok=True)

    def _no_store(self) -> StoreError:
        return StoreError(
            f"there is no store at {self.path}; make one with: siemlab load SOURCE --into"
            f" {self.path}",
            f"{self.path} にストアがありません。次のように作ってください:"
            f" siemlab load SOURCE --into {self.path}",
        )

    def _damaged(self, error: Exception) -> StoreError:
        return StoreError(
            f"{self._manifest_path} is damaged ({error}); move the folder away and load the logs"
            " again with: siemlab load",
            f"{self._manifest_path} が壊れています（{error}）。フォルダーを移動し、siemlab load で"
            "ログを読み込み直してください",
        )


def sync_folder(path: Path) -> None:
    """Make the names in a folder last through a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
