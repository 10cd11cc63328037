"""Keeps documents and answers queries: three engines behind one contract, `Store`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from siemlab.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from siemlab.store.base import Store

__all__ = ["ENGINES", "open_store"]

ENGINES: Final = ("duckdb", "opensearch", "pandas")
"""The names of the engines: the embedded one, any server, and the plain reference."""


def open_store(
    target: str | Path | None = None, *, engine: str | None = None, **options: Any
) -> Store:
    """Return an open store.

    Parameters
    ----------
    target
        A folder, or the URL of an OpenSearch server. None: a store in memory (``pandas``).
    engine
        One of `ENGINES`; where None, a URL means ``opensearch``, a folder ``duckdb``.
    **options
        What the engine takes besides: ``template`` and ``read_only`` (``duckdb``), ``template``
        (``pandas``), credentials (``opensearch``).

    Returns
    -------
    Store
        The store; close it when done.

    Raises
    ------
    StoreError
        When there is no such engine, the engine needs a target, or the target cannot be opened.

    Examples
    --------
    >>> from siemlab.query.value import Query
    >>> open_store().count(Query())
    0
    """
    text = None if target is None else str(target)
    if engine is None:
        url = text is not None and text.startswith(("http://", "https://"))
        engine = "opensearch" if url else "pandas" if text is None else "duckdb"
    if engine not in ENGINES:
        raise StoreError(
            f"there is no engine {engine!r}; there are {', '.join(ENGINES)}",
            f"エンジン {engine!r} はありません。使えるのは {', '.join(ENGINES)} です",
        )
    if engine == "pandas":
        from siemlab.store.pandas import PandasStore

        return PandasStore(text, **options)
    if text is None:
        raise StoreError(
            f"the engine {engine} needs a folder or a URL to open",
            f"エンジン {engine} にはフォルダーまたは URL を指定してください",
        )
    if engine == "duckdb":
        from siemlab.store.duckdb import DuckDBStore

        return DuckDBStore(text, **options)
    from siemlab.store.opensearch import OpenSearchStore

    return OpenSearchStore(text, **options)
