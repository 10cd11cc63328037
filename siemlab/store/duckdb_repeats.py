"""Which documents of a load an index has already, and which come twice in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from siemlab.store.duckdb_engine import files
from siemlab.store.duckdb_files import Segment, Tables
from siemlab.store.duckdb_source import PAGE, sources
from siemlab.store.duckdb_spool import Spool, equal

__all__ = ["STATUS", "Repeats", "find_repeats"]

#: What becomes of a document, by its number in `Repeats.status`.
STATUS: Final = ("created", "updated", "unchanged")
_CREATED, _UPDATED, _UNCHANGED = range(3)


@dataclass(slots=True)
class Repeats:
    """What a load repeats.

    ``status`` has a number per document of the spool, see `STATUS`; ``skip`` is 1 where it need
    not be written. ``gone`` are rows of the index, ascending, that no longer hold; ``old`` the
    row that a document replaces.
    """

    status: bytearray
    skip: bytearray
    gone: list[int] = field(default_factory=list)
    old: dict[int, int] = field(default_factory=dict)

    @property
    def fresh(self) -> int:
        """How many documents are to be written."""
        return len(self.skip) - sum(self.skip)

    def touch(self, segment: Segment) -> bool:
        """Whether a row of a segment is gone."""
        at = bisect_left(self.gone, segment.rid)
        return at < len(self.gone) and self.gone[at] < segment.rid + segment.documents


def find_repeats(
    connection: Any, tables: Tables | None, spool: Spool, elsewhere: Sequence[Path]
) -> Repeats:
    """Return what the documents of a spool repeat.

    Parameters
    ----------
    connection
        A connection with memory for a load.
    tables
        What the index holds already; None where it is new.
    spool
        The documents.
    elsewhere
        Files of ids of documents that just went to the other index of the pair; this one must
        not keep an older form of them.
    """
    spool.flush()
    repeats = Repeats(bytearray(len(spool)), bytearray(len(spool)))
    connection.execute(
        "CREATE OR REPLACE TABLE ids AS SELECT row_number() OVER () - 1 AS n, i AS id"
        f" FROM {_ids([spool.ids.path])}"
    )
    last = _within(connection, spool, repeats)
    if tables is not None:
        _before(connection, tables, spool, repeats, last)
        if elsewhere:
            rows = connection.execute(
                f"SELECT rid FROM {tables.docs} WHERE id IN (SELECT i FROM {_ids(elsewhere)})"
                " AND id NOT IN (SELECT id FROM ids)"
            ).fetchall()
            repeats.gone += [rid for (rid,) in rows]
    connection.execute("DROP TABLE ids")
    repeats.gone.sort()
    return repeats


def _ids(paths: Sequence[Path]) -> str:
    return f"read_json({files(paths)}, format = 'newline_delimited', columns = {{i: 'VARCHAR'}})"


def _within(connection: Any, spool: Spool, repeats: Repeats) -> dict[int, int]:
    """Look at ids that come more than once; return the first number of each and its last."""
    several = connection.execute(
        "SELECT list(n ORDER BY n) FROM ids GROUP BY id HAVING count(*) > 1"
    ).fetchall()
    last: dict[int, int] = {}
    for (numbers,) in several:
        for earlier, later in pairwise(numbers):
            one, other = spool.lines([earlier, later])
            repeats.status[later] = _UNCHANGED if equal(one, other) else _UPDATED
            repeats.skip[earlier] = 1
        last[numbers[0]] = numbers[-1]
    return last


def _before(
    connection: Any, tables: Tables, spool: Spool, repeats: Repeats, last: dict[int, int]
) -> None:
    """Compare the documents with those that the index has under the same ids."""
    cursor = connection.cursor()
    cursor.execute(
        f"SELECT d.rid, i.n FROM {tables.docs} d"
        " JOIN (SELECT id, min(n) AS n FROM ids GROUP BY id) i USING (id) ORDER BY d.rid"
    )
    while page := cursor.fetchmany(PAGE):
        there = dict(sources(connection, tables.source, [rid for rid, _ in page]))
        lines = spool.lines([number for _, number in page])
        for (rid, number), line in zip(page, lines, strict=True):
            old = there[rid].encode()
            same = equal(old, line)
            repeats.status[number] = _UNCHANGED if same else _UPDATED
            final = last.get(number, number)
            if final != number:
                (line_then,) = spool.lines([final])
                same = equal(old, line_then)
            if same:
                repeats.skip[final] = 1
            else:
                repeats.gone.append(rid)
                repeats.old[final] = rid
    cursor.close()
