"""The native form of an index's ``docs``: made from its Parquet files on first use, read by many.

Parquet is what a store is made of; a native file answers two to three times faster. It is only a
copy: it may be deleted at any time, and one that is damaged is made again.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import duckdb

from siemlab.errors import StoreError
from siemlab.store.duckdb_engine import LOAD_MEMORY, connect, literal, parquet
from siemlab.store.duckdb_files import IndexEntry, Segment, StoreFiles
from siemlab.store.duckdb_layout import KINDS, Place, kind_of, rare
from siemlab.store.tree import FieldType

__all__ = ["cached", "number", "places", "short_columns"]

_TIME: Final = "@timestamp"
_MOST_DAYS: Final = 30  # a cache outside the store that nobody made anew since is removed
_NAME_LENGTH: Final = 150
_LAST_SHORT: Final = f"{2**64 - 1:032x}"
_ROW_GROUP: Final = 61_440  # half of the usual: two threads share a million rows evenly


def places(
    entry: IndexEntry, fields: Mapping[str, FieldType], short: Collection[str] = ()
) -> dict[str, Place]:
    """Return where each field of an index lies.

    Parameters
    ----------
    entry
        The index.
    fields
        The types of its fields.
    short
        The columns in which no address has more than 64 bits, see `short_columns`.
    """
    found = {path: rare(field.type) for path, field in fields.items()}
    if _TIME in fields and fields[_TIME].type == "date":
        found[_TIME] = Place("whole", "docs", "stamp")
    for path, (name, many) in _columns(entry).items():
        kind = "address64" if name in short else kind_of(fields[path].type)
        found[path] = Place(kind, "words" if name.startswith("w") else "docs", name, many)
    for path in _ids(entry):
        found[path] = Place("text", "docs", "id")
    return found


def short_columns(connection: Any, docs: str) -> set[str]:
    """Return the columns of a native file in which no address has more than 64 bits.

    Parameters
    ----------
    connection
        A connection to which the file is attached.
    docs
        The name of its table.
    """
    columns = connection.execute(f"SELECT * FROM {docs} LIMIT 0").description
    short = KINDS["address64"]
    return {name for name, kind, *_ in columns if str(kind) in (short, f"{short}[]")}


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
    path.unlink()
    connection = connect(LOAD_MEMORY)
    docs = [(s, parquet([store.segment(index, s.name, "docs")])) for s in entry.segments]
    try:
        short = _short(connection, docs, fields)
        selects = [_select(entry, segment, table, fields, short) for segment, table in docs]
        options = f"STORAGE_VERSION 'latest', ROW_GROUP_SIZE {_ROW_GROUP}"
        connection.execute(f"ATTACH {literal(path)} AS made ({options})")
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


def _short(
    connection: Any, docs: Iterable[tuple[Segment, str]], fields: Mapping[str, FieldType]
) -> set[str]:
    """Return the columns in which no address has more than 64 bits."""
    short: set[str] = set()
    long: set[str] = set()
    for segment, table in docs:
        greatest = {
            name: f"max({f'list_max({name})' if many else name})"
            for path, (name, many) in segment.columns.items()
            if kind_of(fields[path].type) == "address"
        }
        if greatest:
            found = connection.execute(f"SELECT {', '.join(greatest.values())} FROM {table}")
            for name, digits in zip(greatest, found.fetchall()[0], strict=True):
                (long if (digits or "") > _LAST_SHORT else short).add(name)
    return short - long


def _select(
    entry: IndexEntry,
    segment: Segment,
    table: str,
    fields: Mapping[str, FieldType],
    short: Collection[str],
) -> str:
    shown = ["rid", "id", "stamp"]
    for path, (name, many) in _columns(entry).items():
        if name.startswith("w"):
            shown.append(name)  # whether there is such a text; the text is in words
        else:
            kind = "address64" if name in short else kind_of(fields[path].type)
            shown.append(f"{_value(path, segment, kind, many=many)} AS {name}")
    return f"SELECT {', '.join(shown)} FROM {table}"


def _value(path: str, segment: Segment, kind: str, *, many: bool) -> str:
    """Return the expression for a field of one segment, as a list where any segment has lists."""
    name, lists = segment.columns.get(path, ("stamp" if path == _TIME else "id", False))
    value = name
    if kind in _NUMBERS:
        number_of = _NUMBERS[kind]
        value = f"list_transform({name}, lambda x: {number_of('x')})" if lists else number_of(name)
    if many and not lists:
        return f"CASE WHEN {name} IS NOT NULL THEN [{value}] END"
    return value


def number(digits: str) -> str:
    """Return the expression for the number that 32 hexadecimal digits stand for."""
    high = f"('0x' || left({digits}, 16))::UBIGINT"
    return f"({high}::UHUGEINT * 18446744073709551616::UHUGEINT + {_low(digits)})"


def _low(digits: str) -> str:
    return f"('0x' || right({digits}, 16))::UBIGINT"


_NUMBERS: Final = {"address": number, "address64": _low}
