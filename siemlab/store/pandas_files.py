"""The reference engine's files: one gzip file of documents per load, and a state beside them.

A load is written to a new file first; it counts only once ``state.json`` names it, and that file is
replaced in one step. So a load that was interrupted leaves the store as it was.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from siemlab.errors import StoreError
from siemlab.store.base import Hit

__all__ = ["Files"]

_FORM = 1


class Files:
    """The folder of a store.

    Parameters
    ----------
    folder
        Where it lies; made where it does not exist.

    Raises
    ------
    StoreError
        When it cannot be made or read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = folder / "state.json"
        self._loads: list[str] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._body = json.loads(self._state.read_bytes()) if self._state.exists() else {}
        except (OSError, ValueError) as error:
            raise _broken(folder, error) from error
        if self._body and self._body.get("form") != _FORM:
            raise _broken(folder, "it was written by another version of siemlab")
        self._loads = list(self._body.get("loads", []))

    @property
    def indexer(self) -> dict[str, Any]:
        """The state of the indexer that was saved last."""
        return dict(self._body.get("indexer", {}))

    def read(self) -> Iterator[Hit]:
        """Yield what was loaded, in order; a later document replaces one of the same id.

        Raises
        ------
        StoreError
            When a file is missing or damaged.
        """
        for name in self._loads:
            try:
                with gzip.open(self._folder / name, "rt", encoding="utf-8") as lines:
                    for line in lines:
                        row = json.loads(line)
                        yield Hit(row["_index"], row["_id"], row["_source"])
            except (OSError, EOFError, ValueError, KeyError) as error:
                raise _broken(self._folder / name, error) from error

    def write(self, hits: Iterable[Hit], indexer: dict[str, Any]) -> None:
        """Save a load and the state after it.

        Raises
        ------
        StoreError
            When the disk does not take it; the store is then as it was.
        """
        name = f"load-{len(self._loads) + 1:06}.ndjson.gz"
        body = {"form": _FORM, "loads": [*self._loads, name], "indexer": indexer}
        fresh = self._state.with_suffix(".new")
        try:
            with gzip.open(self._folder / name, "wt", encoding="utf-8", compresslevel=1) as lines:
                for hit in hits:
                    row = {"_index": hit.index, "_id": hit.id, "_source": hit.source}
                    lines.write(json.dumps(row) + "\n")
            fresh.write_text(json.dumps(body), encoding="utf-8")
            os.replace(fresh, self._state)
        except OSError as error:
            raise _broken(self._folder, error) from error
        self._loads.append(name)


def _broken(place: Path, reason: object) -> StoreError:
    return StoreError(
        f"the store at {place} cannot be used: {reason}; load the logs into a new folder",
        f"{place} のストアを使えません: {reason}。新しいフォルダーにログを読み込んでください",
    )
