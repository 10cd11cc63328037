"""Saved searches: names and looks in one file of the user's own."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from siemlab.errors import QuerySyntaxError, StoreError
from siemlab.widgets.state import Look

__all__ = ["SavedSearches", "default_file"]

_LONGEST = 120


def default_file() -> Path:
    """Return the file of the user's saved searches.

    It lies in ``SIEMLAB_HOME`` where that is set, else in the user's data folder.

    Examples
    --------
    >>> default_file().name
    'searches.json'
    """
    home = os.environ.get("SIEMLAB_HOME")
    if home:
        return Path(home).expanduser() / "searches.json"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "siemlab" / "searches.json"


class SavedSearches:
    """Searches by name, in a JSON file. Read anew each time: several notebooks may share it.

    Parameters
    ----------
    file
        The file; it is made with the first search. None keeps the searches in memory.

    Examples
    --------
    >>> searches = SavedSearches(None)
    >>> searches.save("first look", Look())
    >>> searches.names(), searches.load("first look") == Look()
    (['first look'], True)
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._kept: dict[str, object] = {}

    def names(self) -> list[str]:
        """Return the names, sorted.

        Raises
        ------
        StoreError
            When the file cannot be read.
        """
        return sorted(self._read())

    def save(self, name: str, look: Look) -> None:
        """Save a search under a name; an older one of that name is replaced.

        Raises
        ------
        QuerySyntaxError
            When the name is empty or longer than 120 characters.
        StoreError
            When the file cannot be read or written.
        """
        short = name.strip()
        if not short or len(short) > _LONGEST:
            raise QuerySyntaxError(
                f"a name of 1 to {_LONGEST} characters is needed to save a search",
                f"検索を保存するには 1 〜 {_LONGEST} 文字の名前が必要です",
            )
        self._write({**self._read(), short: look.to_dict()})

    def load(self, name: str) -> Look:
        """Return the search of a name.

        Raises
        ------
        StoreError
            When there is no such search, or the file cannot be read.
        QuerySyntaxError
            When what is saved there is no search.
        """
        found = self._read()
        if name not in found:
            raise StoreError(
                f"there is no saved search {name!r}; choose one from the list",
                f"保存した検索 {name!r} はありません。一覧から選んでください",
            )
        return Look.from_dict(found[name])

    def remove(self, name: str) -> None:
        """Remove a search; one that is not there is none to remove."""
        self._write({other: look for other, look in self._read().items() if other != name})

    def _read(self) -> dict[str, object]:
        if self._file is None or not self._file.exists():
            return dict(self._kept)
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise self._broken() from error
        if not isinstance(found, dict):
            raise self._broken()
        return found

    def _write(self, searches: dict[str, object]) -> None:
        if self._file is None:
            self._kept = searches
            return
        text = json.dumps(searches, ensure_ascii=False, indent=1)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(".part", "searches-", self._file.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(part).replace(self._file)
        except OSError as error:
            raise StoreError(
                f"cannot write {self._file} ({error.strerror}); set SIEMLAB_HOME to a folder that"
                " can be written",
                f"{self._file} に書き込めません（{error.strerror}）。"
                "SIEMLAB_HOME に書き込めるフォルダーを設定してください",
            ) from error

    def _broken(self) -> StoreError:
        return StoreError(
            f"the saved searches in {self._file} cannot be read; move the file away",
            f"保存した検索 {self._file} を読めません。ファイルを移動してください",
        )
