"""Whole documents by their row numbers, read where they lie and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["PAGE", "sources"]

PAGE = 2_048
"""How many documents are asked for at once: as many as lie together in a file."""


def sources(connection: Any, table: str, rids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield row number and JSON text of documents, in no order.

    Parameters
    ----------
    connection
        A connection that knows the table.
    table
        The table of ``rid`` and ``source``: its name, or the call that reads its files.
    rids
        Row numbers. Numbers near each other are read together, so ask in ascending order.
    """
    for start in range(0, len(rids), PAGE):
        page = list(rids[start : start + PAGE])
        yield from connection.execute(
            f"SELECT rid, source FROM {table} WHERE rid BETWEEN ? AND ?"
            " AND rid IN (SELECT unnest(?::BIGINT[]))",
            (min(page), max(page), page),
        ).fetchall()
