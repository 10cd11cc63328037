"""From lines of JSON to the Parquet files of a segment, inside the engine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Final

from siemlab.store.duckdb_engine import THREADS, files, literal, parquet
from siemlab.store.duckdb_files import PARTS, Segment, StoreFiles, sync_folder
from siemlab.store.duckdb_layout import KINDS
from siemlab.store.duckdb_rows import COLUMN_SEPARATOR, TIME, Column, Lines, Rows

__all__ = ["build_segment"]

_SMALLEST_OBJECT: Final = 1 << 16
_SOURCE_GROUP: Final = 2048  # rows that are read together: a document costs this many
_GROUP: Final = 30_720  # where more does not make an answer faster, but takes memory to write
_READ_AHEAD: Final = 8_000_000  # bytes; the engine would take four times as many
#: How each part is written; words cost less than half of the time that the source does.
_OPTIONS: Final = {
    "source": f"ROW_GROUP_SIZE {_SOURCE_GROUP}",
    "docs": f"PARQUET_VERSION v2, ROW_GROUP_SIZE {_GROUP}",
    "words": f"PARQUET_VERSION v2, ROW_GROUP_SIZE {_SOURCE_GROUP}, COMPRESSION_LEVEL 5",
    "fields": f"PARQUET_VERSION v2, ROW_GROUP_SIZE {_GROUP}",
}
_TIME_COLUMN: Final = "c0"


def build_segment(
    connection: Any, store: StoreFiles, index: str, rows: Rows, source: Lines, first_rid: int
) -> Segment:
    """Return the segment of the rows of a load, its files lying where they belong.

    Parameters
    ----------
    connection
        A connection with memory for a load.
    store, index
        Where the segment goes.
    rows
        The rows, closed.
    source
        The documents' JSON texts, a line each, in the order of the rows.
    first_rid
        The number of the first row.
    """
    folder = source.path.parent
    columns, same = _columns(rows)
    selects = {
        "docs": _docs(rows, columns),
        "words": _words(rows, columns),
        "fields": _fields(rows),
        "source": _source(source, first_rid),
    }
    # One after the other: two at once do not fit into the memory of a load.
    for part in PARTS:
        # Two threads sort no faster than one, and together may not find the memory for it.
        connection.execute(f"SET threads = {1 if part == 'fields' else THREADS}")
        connection.execute(
            f"COPY ({selects[part]}) TO {literal(folder / f'{part}.parquet')}"
            f" (FORMAT parquet, COMPRESSION zstd, {_OPTIONS[part]})"
        )
    earliest = f"list_min({_TIME_COLUMN})" if TIME in rows.many else "stamp"
    first, last = connection.execute(
        f"SELECT min({earliest}), max(stamp) FROM {parquet([folder / 'docs.parquet'])}"
    ).fetchall()[0]
    name = _move(store, index, folder)
    return Segment(name, first_rid, rows.documents, first, last, columns, same)


def _columns(rows: Rows) -> tuple[dict[str, tuple[str, bool]], dict[str, str]]:
    columns: dict[str, tuple[str, bool]] = {}
    same: dict[str, str] = {}
    for path, column in rows.columns.items():
        if column.same and path not in rows.unlike:
            same[path] = column.name
        else:
            columns[path] = (column.name, path in rows.many)
    if TIME in rows.many:
        columns[TIME] = (_TIME_COLUMN, True)
    return columns, same


def _docs(rows: Rows, columns: dict[str, tuple[str, bool]]) -> str:
    read = {"r": "BIGINT", "i": "VARCHAR", "a": "BIGINT"}
    shown = ["r AS rid", "i AS id", "a AS stamp"]
    if TIME in rows.many:
        read["ma"] = "BIGINT[]"
        both = "CASE WHEN ma IS NULL AND a IS NOT NULL THEN [a] ELSE ma END"
        shown.append(f"{both} AS {_TIME_COLUMN}")
    for path, column in rows.columns.items():
        if column.name.startswith("w"):
            read[column.name] = "BOOLEAN"  # whether the document has such a text
            shown.append(column.name)
        elif path in columns:
            many = columns[path][1]
            read |= _read(column, many=many)
            shown.append(f"{_value(column, many=many)} AS {column.name}")
    return f"SELECT {', '.join(shown)} FROM {_json(rows, 'docs', read)}"


def _read(column: Column, *, many: bool) -> dict[str, str]:
    kind = _parquet_type(column.kind)
    read = {column.name: kind}
    if many:
        read[column.many] = f"{kind}[]"
    if column.same:
        read[column.gone] = "BOOLEAN"
    return read


def _value(column: Column, *, many: bool) -> str:
    single = column.name
    if column.same:
        single = f"CASE WHEN {column.gone} THEN NULL ELSE coalesce({column.name}, i) END"
    if not many:
        return single
    return (
        f"CASE WHEN {column.many} IS NOT NULL THEN {column.many}"
        f" WHEN ({single}) IS NOT NULL THEN [{single}] END"
    )


def _words(rows: Rows, columns: dict[str, tuple[str, bool]]) -> str:
    names = [name for name, _ in columns.values() if name.startswith("w")]
    shown = "".join(f", CASE n WHEN '{name}' THEN w END AS {name}" for name in names)
    table = _lines(rows.files["words"], {"r": "BIGINT", "n": "VARCHAR", "w": "VARCHAR"})
    return f"SELECT r AS rid{shown} FROM {table}"


def _fields(rows: Rows) -> str:
    read = {"f": "VARCHAR", "t": "VARCHAR", "w": "BIGINT"}
    read |= {"d": "DOUBLE", "r": "BIGINT", "l": "BIGINT"}
    table = _json(rows, "fields", read)
    return (
        'SELECT f AS field, t AS "text", w AS whole, d AS "real", r AS rid, l IS NULL AS lead'
        f" FROM {table} ORDER BY f, t, w, d, r"
    )


def _source(lines: Lines, first_rid: int) -> str:
    table = _lines([lines], {"source": "VARCHAR"})
    return f"SELECT {first_rid} + row_number() OVER () - 1 AS rid, source FROM {table}"


def _lines(parts: list[Lines], columns: dict[str, str]) -> str:
    """Return lines as a table: what stands in them is taken as it is."""
    shown = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    longest = max([part.longest + 2 for part in parts] + [_SMALLEST_OBJECT])
    return (
        f"read_csv({files(part.path for part in parts)}, columns = {{{shown}}},"
        f" auto_detect = false, header = false, delim = {literal(COLUMN_SEPARATOR)},"
        f" quote = '', escape = '', max_line_size = {longest},"
        f" buffer_size = {max(_READ_AHEAD, 2 * longest)})"
    )


def _json(rows: Rows, table: str, columns: dict[str, str]) -> str:
    shown = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    lines = rows.files[table]
    longest = max([part.longest + 2 for part in lines] + [_SMALLEST_OBJECT])
    return (
        f"read_json({files(part.path for part in lines)}, format = 'newline_delimited',"
        f" columns = {{{shown}}}, maximum_object_size = {longest})"
    )


def _parquet_type(kind: str) -> str:
    return KINDS["hex" if kind == "address" else kind]


def _move(store: StoreFiles, index: str, folder: Path) -> str:
    """Move the files of a segment to where they stay, under a name made from their content."""
    digest = hashlib.blake2b(digest_size=16)
    for part in PARTS:
        with (folder / f"{part}.parquet").open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
            os.fsync(file.fileno())
    target = store.folder(index)
    target.mkdir(exist_ok=True)
    for part in PARTS:
        (folder / f"{part}.parquet").replace(store.segment(index, digest.hexdigest(), part))
    sync_folder(target)
    return digest.hexdigest()
