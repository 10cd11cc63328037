"""A second process for a large load: it indexes a later part of an index's documents.

What a field is, its first document decides, and here two processes look for it at once. So the
helper's part counts only if both learned the same about every field that both met, and the helper
met no document that the index refuses; otherwise the part is done again, in order.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

import orjson

from siemlab.store.duckdb_rows import Column, Lines, Rows
from siemlab.store.duckdb_spool import Spool, load
from siemlab.store.mapping import Mapping, MappingClash

__all__ = ["Helper", "main"]

_FIELD_LIMIT: Final = "mapping.total_fields.limit"
_DEFAULT_LIMIT: Final = 1_000
_STOP: Final = b"s"
_PAUSE: Final = 0.01  # seconds, until there may be more documents


class Helper:
    """The second process, as the first one sees it; leaving the ``with`` block ends it.

    Parameters
    ----------
    spool
        The documents of the index.
    first
        The number of the first of those that the helper does.
    rid
        The row number of that one.
    mapping
        What is known of the fields so far.
    columns
        The columns of the rows.
    growing
        Whether documents still arrive. Then the helper goes on until `rows` is called; else to
        the last one.
    """

    def __init__(
        self,
        spool: Spool,
        first: int,
        rid: int,
        mapping: Mapping,
        columns: dict[str, Column],
        *,
        growing: bool = False,
    ) -> None:
        self._folder = spool.folder / f"helper{first}"
        self._folder.mkdir()
        self._columns = columns
        self._fields = mapping.fields
        job = {
            "columns": {path: tuple(column) for path, column in columns.items()},
            "first": first,
            "folder": str(self._folder),
            "growing": growing,
            "ids": str(spool.ids.path),
            "mapping": mapping.to_body(),
            "rid": rid,
            "source": str(spool.source.path),
            "start": spool.start(first),
        }
        (self._folder / "job.json").write_bytes(orjson.dumps(job))
        # It lives as long as its standard input is open: no longer than this process.
        self._process = subprocess.Popen(  # noqa: S603 -- our own module, a path of our own
            [sys.executable, "-m", "siemlab.store.duckdb_helper", str(self._folder / "job.json")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Helper:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def rows(self, mapping: Mapping) -> Rows | None:
        """Wait for the rows, and let the mapping know what the helper learned.

        Parameters
        ----------
        mapping
            The mapping that the first process has now.

        Returns
        -------
        Rows or None
            The rows; None where the part must be done again. Then the mapping is as it was.
        """
        assert self._process.stdin is not None  # noqa: S101 -- it was asked for
        with suppress(OSError):  # it may have come to its end
            self._process.stdin.write(_STOP)
            self._process.stdin.flush()
        self._process.wait()
        result = self._folder / "result.json"
        if self._process.returncode or not result.exists():
            return None
        done = orjson.loads(result.read_bytes())
        if not _learn(mapping, done["mapping"]):
            return None
        rows = Rows(self._folder, self._fields, self._columns)
        rows.documents = done["documents"]
        rows.many, rows.unlike = set(done["many"]), set(done["unlike"])
        rows.files = {
            table: [Lines(Path(path), longest)] for table, (path, longest) in done["files"].items()
        }
        return rows


def _learn(mapping: Mapping, body: dict[str, Any]) -> bool:
    """Add to a mapping the fields of another one; return False where they do not go together."""
    mine = mapping.to_body()
    theirs = body["mappings"]["properties"]
    if not _agree(mine["mappings"]["properties"], theirs):
        return False
    new = list(_new(mine["mappings"]["properties"], theirs, ""))
    added = sum(_size({path: field}) for path, field in new)
    if new and _size(mine["mappings"]["properties"]) + added > _limit(mine["settings"]):
        return False
    return all(mapping.pin(path, field) for path, field in new)


def _agree(mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
    for name in mine.keys() & theirs.keys():
        one, other = dict(mine[name]), dict(theirs[name])
        if not _agree(one.pop("properties", {}), other.pop("properties", {})):
            return False
        # An object with and one without fields differ in the word "type" only.
        if one.pop("type", "object") != other.pop("type", "object") or one != other:
            return False
    return True


def _new(
    mine: dict[str, Any], theirs: dict[str, Any], prefix: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in theirs.items():
        if name not in mine:
            yield prefix + name, field
        else:
            inner = field.get("properties", {})
            yield from _new(mine[name].get("properties", {}), inner, f"{prefix}{name}.")


def _size(properties: dict[str, Any]) -> int:
    """Return how many fields there are, objects and multi-fields included."""
    return sum(
        1 + len(field.get("fields", {})) + _size(field.get("properties", {}))
        for field in properties.values()
    )


def _limit(settings: Any) -> int:
    """Return how many fields an index may have, however its settings are nested."""
    found = [
        value
        for path, value in _leaves(settings, "")
        if path.removeprefix("index.") == _FIELD_LIMIT
    ]
    return int(found[0]) if found else _DEFAULT_LIMIT


def _leaves(settings: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(settings, dict):
        for name, value in settings.items():
            yield from _leaves(value, f"{prefix}.{name}" if prefix else name)
    else:
        yield prefix, settings


def main(job_file: Path, stop: threading.Event) -> None:
    """Do a job: read documents, write rows, and last of all ``result.json``.

    Parameters
    ----------
    job_file
        What to do, as `Helper` wrote it.
    stop
        Set when no more documents are to be waited for, and, where they still arrive, to be read.
    """
    job = orjson.loads(job_file.read_bytes())
    mapping = Mapping.from_body(job["mapping"])
    columns = {path: Column(*column) for path, column in job["columns"].items()}
    folder = Path(job["folder"])
    rows = Rows(folder, mapping.fields, columns)
    mapping.give_columns(rows.texts)
    with open(job["ids"], "rb") as ids, open(job["source"], "rb") as source:
        for _ in range(job["first"]):
            ids.readline()
        source.seek(job["start"])
        for rid, (key, line) in enumerate(
            _documents(ids, source, job["growing"], stop), job["rid"]
        ):
            row: dict[str, Any] = {}
            try:
                values = mapping.index(load(line), row)
            except MappingClash:
                return
            rows.add(rid, orjson.loads(key)["i"], values, row)
    rows.close()
    result = {
        "documents": rows.documents,
        "files": {
            table: (str(lines.path), lines.longest) for table, (lines,) in rows.files.items()
        },
        "many": sorted(rows.many),
        "mapping": mapping.to_body(),
        "unlike": sorted(rows.unlike),
    }
    (folder / "result.json").write_bytes(orjson.dumps(result))


def _documents(
    ids: BinaryIO, source: BinaryIO, growing: bool, stop: threading.Event
) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and lines; from files that grow, until told to stop."""
    if not growing:
        yield from zip(ids, source, strict=True)
        return
    while not stop.is_set():
        places = ids.tell(), source.tell()
        key, line = ids.readline(), source.readline()
        if key.endswith(b"\n") and line.endswith(b"\n"):
            yield key, line
        else:  # what is there of them is not all yet
            ids.seek(places[0])
            source.seek(places[1])
            time.sleep(_PAUSE)


def _listen(stop: threading.Event) -> None:
    """Hear what the first process says, and end when it does."""
    # Not through sys.stdin: a thread that waits there holds a lock that the interpreter, at its
    # own end, wants and dies for.
    if os.read(0, 1) == _STOP:
        stop.set()
        os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    gc.disable()  # rows come and go, nothing of them in circles: a tenth of the time
    told = threading.Event()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    main(Path(sys.argv[1]), told)
