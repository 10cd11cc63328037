"""Connections to the engine: always with limits, never with anything fetched from a network."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import duckdb

__all__ = ["ANSWER_MEMORY", "LOAD_MEMORY", "THREADS", "connect", "files", "literal", "parquet"]

ANSWER_MEMORY: Final = "256MB"
# A million documents in one index: with half of it, the sort of their rare fields finds no memory.
LOAD_MEMORY: Final = "1GB"
THREADS: Final = 2


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
    _spare_pandas()
    folder = spill or Path(tempfile.gettempdir()) / f"siemlab-{os.getuid()}-{os.getpid()}"
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory,
            "temp_directory": str(folder),
            "threads": str(THREADS),
        },
    )
    connection.execute("SET parquet_metadata_cache = true")
    return connection


class _Pandas(ModuleType):
    """Stands for pandas where the engine only wants to know whether a value is ``NaT``.

    Anything else that it ever asks for (a user may turn an answer into a frame) is pandas' own.
    """

    NaT = object()
    NA = object()

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module("pandas"), name)


@cache
def _spare_pandas() -> None:
    """Keep the engine from importing pandas for the first parameter of a process.

    It compares each parameter with ``pandas.NaT``; the import costs half a second and 60 MB, for
    values that never are one. What it once got under the name it keeps.
    """
    if "pandas" in sys.modules:
        return
    sys.modules["pandas"] = _Pandas("pandas")
    try:
        duckdb.connect(":memory:").execute("SELECT ?", (0,)).close()
    finally:
        del sys.modules["pandas"]


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
