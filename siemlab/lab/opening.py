"""Opens a store by its folder or URL, whichever engine wrote it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siemlab.charts.plain import clean
from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.query.value import Query

if TYPE_CHECKING:
    from siemlab.store.base import Store

__all__ = ["in_memory", "is_url", "open_target", "written_by"]

_MARKS = (("manifest.json", "duckdb"), ("state.json", "pandas"))
"""The file that a folder holds once documents were added to it, and the engine that wrote it."""


def is_url(target: str | Path) -> bool:
    """Tell whether a target is a server.

    Examples
    --------
    >>> is_url("http://127.0.0.1:9201"), is_url("data/store")
    (True, False)
    """
    return str(target).lower().startswith(("http://", "https://"))


def written_by(folder: Path) -> str | None:
    """Return the engine that wrote a folder; None where it holds no store."""
    return next((engine for mark, engine in _MARKS if (folder / mark).is_file()), None)


def open_target(
    target: str | Path, *, engine: str | None = None, read_only: bool = True, **access: Any
) -> Store:
    """Open a store.

    Parameters
    ----------
    target
        A folder, or the URL of a server.
    engine
        ``"duckdb"``, ``"opensearch"`` or ``"pandas"``. None: the one that wrote the folder. A
        store of ``duckdb`` can be read with ``pandas``: its documents are copied into memory.
    read_only
        Whether nothing will be added: then there must be a store.
    **access
        How to get into a server: ``user``, ``password``, ``ca_certs``, ``aws_region``. Without
        a user, ``SIEMLAB_USER`` and ``SIEMLAB_PASSWORD`` count where both are set.

    Returns
    -------
    Store
        The store; close it when done.

    Raises
    ------
    StoreError
        When there is no such store, or another engine wrote it.
    """
    from siemlab.store import open_store

    if is_url(target):
        if engine not in (None, "opensearch"):
            raise StoreError(
                f"a URL is a server, and {engine} is none; leave the engine out",
                f"URL はサーバーを指します。{engine} は使えません。エンジンの指定をやめてください",
            )
        return open_store(str(target), engine="opensearch", **{**_account(), **access})
    folder = Path(target).expanduser()
    writer = written_by(folder)
    if read_only and writer is None:
        raise _no_store(folder)
    if engine in (None, writer) or writer is None:
        engine = engine or writer or "duckdb"
        options = {"read_only": read_only} if engine == "duckdb" else {}
        return open_store(folder, engine=engine, **options)
    if read_only and (engine, writer) == ("pandas", "duckdb"):
        return in_memory(open_target(folder))
    raise StoreError(
        f"{clean(str(folder))} is a store of {writer}, not of {engine}; leave the engine out, "
        "or take another folder",
        f"{clean(str(folder))} は {writer} のストアで、{engine} では使えません。"
        "エンジンの指定をやめるか、別のフォルダーを指定してください",
    )


def in_memory(store: Store) -> Store:
    """Return the documents of a store on the plain reference engine, in memory.

    Parameters
    ----------
    store
        The store to copy; it is not changed.
    """
    from siemlab.store import open_store

    copy = open_store(engine="pandas")
    copy.add(Document(hit.index, hit.id, hit.source) for hit in store.scan(Query("*")))
    return copy


def _account() -> dict[str, str]:
    account = {"user": "SIEMLAB_USER", "password": "SIEMLAB_PASSWORD"}
    found = {part: os.environ[name] for part, name in account.items() if os.environ.get(name)}
    return found if len(found) == len(account) else {}


def _no_store(folder: Path) -> StoreError:
    shown = clean(str(folder))
    return StoreError(
        f"there is no store at {shown}; load logs first: siemlab load FOLDER",
        f"{shown} にストアがありません。先に siemlab load FOLDER でログを取り込んでください",
    )
