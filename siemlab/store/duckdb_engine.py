"""Connections to the engine: always with limits, never with anything fetched from a network."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import duckdb

__all__ = ["ANSWER_MEMORY", "LOAD_MEMORY", "connect", "files", "literal", "parquet"]

ANSWER_MEMORY: Final = "256MB"
LOAD_MEMORY: Final = "512MB"
_THREADS: Final = 2


def connect(memory: str, spill: Path | None = None) -> Any:
    """Return a connection to an empty database in memory.

    Parameters
    ----------
    memory
        How much the engine may take before it goes to disk, such as ``"256MB"``.
    spill
        The folder for what does not fit; one of this process in the system's temporary folder
        where None.
    """
    folder = spill or Path(tempfile.gettempdir()) / f"siemlab-{os.getuid()}-{os.getpid()}"
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory,
            "temp_directory": str(folder),
            "threads": str(_THREADS),
        },
    )
    connection.execute("SET parquet_metadata_cache = true")
    return connection


def literal(text: str | Path) -> str:
    """Return a text of our own, such as a path, as SQL; where no parameter can stand.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + str(text).replace("'", "''") + "'"


def files(paths: Iterable[Path]) -> str:
    """Return paths as a list in SQL, none of them read as a pattern.

    Examples
    --------
    >>> files([Path("/a[1]/b.parquet")])
    "['/a[[]1]/b.parquet']"
    """
    return f"[{', '.join(literal(_exact(str(path))) for path in paths)}]"


def parquet(paths: Iterable[Path]) -> str:
    """Return the call that reads Parquet files as one table; a column may be missing in some."""
    return f"read_parquet({files(paths)}, union_by_name = true)"


def _exact(path: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)
