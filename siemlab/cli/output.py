"""Answers on standard output: a table for people, NDJSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click
import orjson

from siemlab.charts.plain import clean, for_spreadsheet
from siemlab.charts.table import Table, text_of

__all__ = ["FORMATS", "json_line", "write_json", "write_table"]

FORMATS = ("table", "ndjson", "csv")

# Signs that a terminal obeys, and that JSON lets stand in a text: they are written as \uXXXX.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_SLOW = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=datetime.isoformat
)


def json_line(value: Any) -> bytes:
    r"""Return a value as one line of JSON that any reader reads back, and no terminal obeys.

    Parameters
    ----------
    value
        What orjson takes; a time has its zone.

    Returns
    -------
    bytes
        UTF-8, with a line end.

    Examples
    --------
    >>> json_line({"name": "東京" + chr(0x9B)}).decode()
    '{"name":"東京\\u009b"}\n'
    """
    try:
        line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a number of more than 64 bits
        line = f"{_SLOW.encode(value)}\n".encode()
    if line.isascii():
        return line
    text = line.decode()
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def write_json(values: Iterable[Any]) -> None:
    """Write one line of JSON per value on standard output."""
    stream = sys.stdout.buffer
    for value in values:
        stream.write(json_line(value))
    stream.flush()


def write_table(table: Table, kind: str) -> None:
    """Write a table on standard output.

    Parameters
    ----------
    table
        What to write.
    kind
        ``"table"``, ``"ndjson"`` (one object per row) or ``"csv"``.
    """
    if kind == "ndjson":
        write_json(dict(zip(table.headings, row, strict=True)) for row in table.rows)
    elif kind == "csv":
        click.echo(_csv(table), nl=False)
    else:
        click.echo(repr(table))


def _csv(table: Table) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    # A heading is what the asker wrote or we did, no log: "@timestamp" stays as it is.
    writer.writerow([clean(heading) for heading in table.headings])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return lines.getvalue()


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return clean(value.isoformat())
    return for_spreadsheet(text_of(value))
