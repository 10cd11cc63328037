"""The native form of an index's ``docs``: made from its Parquet files on first use, read by many.

Parquet is what a store is made of; a native file answers two to three times faster. It is only a
copy: it may be deleted at any time, and one that is damaged is made again.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from siemlab.errors import StoreError
from siemlab.store.duckdb_engine import LOAD_MEMORY, connect, literal, parquet
from siemlab.store.duckdb_files import IndexEntry, Segment, StoreFiles
from siemlab.store.duckdb_layout import Place, kind_of, rare
from siemlab.store.tree import FieldType

__all__ = ["cached", "number", "places"]

_TIME: Final = "@timestamp"
_MOST_DAYS: Final = 30  # a cache outside the store that nobody made anew since is removed
_NAME_LENGTH: Final = 150


def places(entry: IndexEntry, fields: Mapping[str, FieldType]) -> dict[str, Place]:
    """Return where each field of an index lies.

    Parameters
    ----------
    entry
        The index.
    fields
        The types of its fields.
    """
    found = {path: rare(field.type) for path, field in fields.items()}
    if _TIME in fields and fields[_TIME].type == "date":
        found[_TIME] = Place("whole", "docs", "stamp")
    for path, (name, many) in _columns(entry).items():
        kind = kind_of(fields[path].type)
        found[path] = Place(kind, "words" if name.startswith("w") else "docs", name, many)
    for path in _ids(entry):
        found[path] = Place("text", "docs", "id")
    return found


def cached(
    store: StoreFiles, index: str, entry: IndexEntry, fields: Mapping[str, FieldType]
) -> Path:
    """Return the native file of an index; it is made where there is none.

    Parameters
    ----------
    store, index, entry
        The index, with at least one segment.
    fields
        The types of its fields.

    Raises
    ------
    StoreError
        When there is no place for it, or a file of the store is damaged.
    """
    short = index.encode()[:_NAME_LENGTH].decode(errors="ignore")
    name = f"{short}-{entry.digest}-{duckdb.__version__}.duckdb"
    places_to_look = (store.path / "cache", _user_cache())
    # The engine takes what follows a question mark for options of the file.
    usable = [folder for folder in places_to_look if "?" not in str(folder)]
    for folder in usable:
        if (folder / name).exists():
            return folder / name
    for folder in usable:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(".part", f"{short}-", folder)
            os.close(handle)
            break
    else:
        raise StoreError(
            f"neither {places_to_look[0]} nor {places_to_look[1]} can be written; set SIEMLAB_HOME"
            " to a folder that can",
            f"{places_to_look[0]} にも {places_to_look[1]} にも書き込めません。"
            "書き込めるフォルダーを SIEMLAB_HOME に設定してください",
        )
    try:
        _build(Path(part), store, index, entry, fields)
        Path(part).replace(folder / name)
    finally:
        for leftover in (Path(part), Path(f"{part}.wal")):
            leftover.unlink(missing_ok=True)
    _tidy(folder, short, name, own=folder == places_to_look[0])
    return folder / name


def _user_cache() -> Path:
    home = os.environ.get("SIEMLAB_HOME")
    if home:
        return Path(home) / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "siemlab"


def _tidy(folder: Path, short: str, name: str, *, own: bool) -> None:
    """Remove caches of the same index that are of no more use; who reads one keeps it open."""
    oldest = time.time() - _MOST_DAYS * 86_400
    version = f"-{duckdb.__version__}.duckdb"
    for path in folder.glob("*.duckdb"):
        same = path.name.startswith(f"{short}-") and path.name.endswith(version)
        replaced = own and same and len(path.name) == len(name) and path.name != name
        with suppress(OSError):
            if replaced or path.stat().st_mtime < oldest:
                path.unlink()


def _columns(entry: IndexEntry) -> dict[str, tuple[str, bool]]:
    """Return the columns of the native file: field to name, and whether it holds lists."""
    columns: dict[str, tuple[str, bool]] = {}
    for segment in entry.segments:
        for path, (name, many) in segment.columns.items():
            columns[path] = (name, many or columns.get(path, (name, False))[1])
    return columns


def _ids(entry: IndexEntry) -> set[str]:
    """Return the fields that are the document's id in every segment."""
    columns = _columns(entry)
    return {path for segment in entry.segments for path in segment.same if path not in columns}


def _build(
    path: Path, store: StoreFiles, index: str, entry: IndexEntry, fields: Mapping[str, FieldType]
) -> None:
    selects = [_select(store, index, entry, segment, fields) for segment in entry.segments]
    path.unlink()
    connection = connect(LOAD_MEMORY)
    try:
        connection.execute(f"ATTACH {literal(path)} AS made (STORAGE_VERSION 'latest')")
        connection.execute(f"CREATE TABLE made.docs AS {' UNION ALL '.join(selects)}")
        connection.execute("DETACH made")
    except duckdb.Error as error:
        folder = store.folder(index)
        raise StoreError(
            f"a file in {folder} cannot be read ({_first_line(error)}); restore it, or move the"
            " store away and load the logs again",
            f"{folder} のファイルを読めません（{_first_line(error)}）。ファイルを元に戻すか、"
            "ストアを移動してログを読み込み直してください",
        ) from error
    finally:
        connection.close()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _select(
    store: StoreFiles,
    index: str,
    entry: IndexEntry,
    segment: Segment,
    fields: Mapping[str, FieldType],
) -> str:
    shown = ["rid", "id", "stamp"]
    for path, (name, many) in _columns(entry).items():
        if name.startswith("w"):
            shown.append(name)  # whether there is such a text; the text is in words
        else:
            value = _value(path, segment, kind_of(fields[path].type), many=many)
            shown.append(f"{value} AS {name}")
    table = parquet([store.segment(index, segment.name, "docs")])
    return f"SELECT {', '.join(shown)} FROM {table}"


def _value(path: str, segment: Segment, kind: str, *, many: bool) -> str:
    """Return the expression for a field of one segment, as a list where any segment has lists."""
    name, lists = segment.columns.get(path, ("stamp" if path == _TIME else "id", False))
    value = name
    if kind == "address":
        value = f"list_transform({name}, lambda x: {number('x')})" if lists else number(name)
    if many and not lists:
        return f"CASE WHEN {name} IS NOT NULL THEN [{value}] END"
    return value


def number(digits: str) -> str:
    """Return the expression for the number that 32 hexadecimal digits stand for."""
    high, low = (f"('0x' || {side}({digits}, 16))::UBIGINT" for side in ("left", "right"))
    return f"({high}::UHUGEINT * 18446744073709551616::UHUGEINT + {low})"
