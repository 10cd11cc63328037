"""Hits as CSV and NDJSON, and a search as a text to share."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from siemlab.charts.plain import for_spreadsheet
from siemlab.charts.table import text_of
from siemlab.errors import StoreError
from siemlab.store.base import Hit
from siemlab.store.frames import flat
from siemlab.widgets.state import Look, refused

__all__ = ["csv_lines", "from_share", "ndjson_lines", "share", "write_export"]

# What shows nothing, ends a line, turns text around, or is half a character.
_UNSEEN = re.compile("[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_LONGEST_CELL = 32_000  # characters; a spreadsheet takes 32,767


def csv_lines(hits: Iterable[Hit], columns: Sequence[str]) -> Iterator[str]:
    r"""Yield hits as lines of CSV: the heading, then one line a document.

    No cell can be a formula of a spreadsheet, no control character survives, and a value takes one
    line.

    Parameters
    ----------
    hits
        The documents.
    columns
        The fields, after ``@timestamp``, ``_index`` and ``_id``.

    Examples
    --------
    >>> hit = Hit("log-x", "1", {"user": {"name": "=HYPERLINK(0)"}})
    >>> list(csv_lines([hit], ["user.name"]))
    ["'@timestamp,_index,_id,user.name\r\n", ",log-x,1,'=HYPERLINK(0)\r\n"]
    """
    asked = [name for name in columns if name not in ("@timestamp", "_index", "_id")]
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: Iterable[Any]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(["" if cell is None else _inert(cell) for cell in cells])
        return buffer.getvalue()

    yield line(["@timestamp", "_index", "_id", *asked])
    for hit in hits:
        values = flat(hit.source)
        known = (values.get(name) for name in asked)
        yield line([values.get("@timestamp"), hit.index, hit.id, *known])


def _inert(cell: Any) -> str:
    return for_spreadsheet(text_of(cell)[:_LONGEST_CELL])


def ndjson_lines(hits: Iterable[Hit]) -> Iterator[str]:
    r"""Yield hits as lines of JSON: the document with ``_index`` and ``_id`` in front.

    Parameters
    ----------
    hits
        The documents.

    Examples
    --------
    >>> list(ndjson_lines([Hit("log-x", "1", {"user": {"name": "a"}})]))
    ['{"_index": "log-x", "_id": "1", "_source": {"user": {"name": "a"}}}\n']
    """
    for hit in hits:
        whole = {"_index": hit.index, "_id": hit.id, "_source": hit.source}
        text = json.dumps(whole, ensure_ascii=False, default=str)
        yield _UNSEEN.sub(_written_out, text) + "\n"


def _written_out(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def write_export(lines: Iterable[str], folder: Path, name: str, suffix: str) -> Path:
    """Write an export into a new file, and return it. No file is overwritten.

    Parameters
    ----------
    lines
        What `csv_lines` or `ndjson_lines` yields.
    folder
        Where.
    name
        How it begins; what no file name should hold is left out.
    suffix
        ``".csv"``.

    Raises
    ------
    StoreError
        When it cannot be written.
    """
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "discover"
    for number in range(1, 10_000):
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}"
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.writelines(lines)
        except FileExistsError:
            continue
        except OSError as error:
            break_reason = error.strerror or str(error)
            raise StoreError(
                f"cannot write {path.name} here ({break_reason}); change to a folder that can"
                " be written",
                f"{path.name} を書き込めません（{break_reason}）。"
                "書き込めるフォルダーに移動してください",
            ) from None
        return path
    raise StoreError(
        f"there are too many files {stem}*{suffix} here; remove old exports",
        f"{stem}*{suffix} のファイルが多すぎます。古い書き出しを削除してください",
    )


def share(look: Look) -> str:
    """Return a search as a text to send to someone, who opens it with `from_share`.

    Parameters
    ----------
    look
        What is looked at.

    Examples
    --------
    >>> from_share(share(Look())) == Look()
    True
    """
    return json.dumps({"discover": 1, **look.to_dict()}, ensure_ascii=True)


def from_share(text: str) -> Look:
    """Return the search of a text that `share` made.

    Raises
    ------
    QuerySyntaxError
        When it is none.
    """
    try:
        given: Any = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise refused("JSON") from None
    if not isinstance(given, dict) or given.get("discover") != 1:
        raise refused("discover")
    return Look.from_dict(given)
