"""Keeps what was refused, with the reason: one JSON object a line."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from siemlab.cli.language import Say
from siemlab.cli.output import json_line
from siemlab.normalize.document import Refused

__all__ = ["Refusals"]

_SHOWN = 5
"""How many refusals are told on standard error; the file holds all of them."""

_IN_MEMORY = 1 << 20
"""Bytes of refusals that are held in memory before a temporary file takes them."""


class Refusals:
    """Takes refusals while a command runs; `keep` makes a file of them at the end.

    So a command that is stopped half-way leaves no file about a load that never was.

    Parameters
    ----------
    say
        The voice of the run: the first refusals are told at once.
    """

    def __init__(self, say: Say) -> None:
        self._say = say
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - see close
            max_size=_IN_MEMORY
        )
        self.count = 0

    def take(self, refused: Refused, *, quiet: bool = False) -> None:
        """Take a record that normalization refused; when quiet, do not tell it."""
        error = refused.error
        self._note("" if quiet else error.message(self._say.lang))
        self._write(
            file=error.file,
            record=error.record,
            field=error.field,
            reason=error.en,
            reason_ja=error.ja,
            raw=refused.raw,
        )

    def take_stored(self, refusals: Iterable[tuple[str, str, str]]) -> None:
        """Take documents that a store refused: index, id and reason."""
        for index, name, reason in refusals:
            self._note(f"{index}, {name}: {reason}")
            self._write(_index=index, _id=name, reason=reason, reason_ja=reason)

    def _note(self, line: str) -> None:
        self.count += 1
        if line and self.count <= _SHOWN:
            self._say.note(f"refused: {line}", f"取り込めません: {line}")
        elif self.count == _SHOWN + 1:
            self._say.note("refused: ... and more", "取り込めません: ...ほか")

    def _write(self, **parts: str | int) -> None:
        self._file.write(json_line(parts))

    def keep(self, path: Path) -> None:
        """Write all refusals to a file, and say where it is.

        Parameters
        ----------
        path
            The file; missing folders are made.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file.seek(0)
        with path.open("wb") as target:
            shutil.copyfileobj(self._file, target)
        if self.count:
            self._say.note(f"refused records kept in {path}", f"取り込めなかったもの: {path}")

    def close(self) -> None:
        """Let go of the temporary file."""
        self._file.close()
