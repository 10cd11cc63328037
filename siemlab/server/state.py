"""What is known of a server that was started: the record it leaves, and whether it still lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import psutil

__all__ = ["Record", "ServerStatus", "living"]


@dataclass(frozen=True, slots=True)
class Record:
    """The file ``server.json``: which process answers where, since when (aware UTC)."""

    pid: int
    port: int
    java: str
    version: str
    started: datetime

    @classmethod
    def read(cls, path: Path) -> Record | None:
        """Read it back; None where there is none, or what is there is no such record."""
        try:
            kept: dict[str, Any] = orjson.loads(path.read_bytes())
            started = datetime.fromisoformat(kept.pop("started"))
            return cls(**kept, started=started)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def write(self, path: Path) -> None:
        """Write it, whole or not at all."""
        draft = path.with_suffix(".part")
        draft.write_bytes(orjson.dumps(self, option=orjson.OPT_INDENT_2))
        draft.replace(path)


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """Whether a server runs, and where.

    ``state`` is ``"running"``, ``"starting"`` (its process lives, but does not answer yet),
    ``"stopped"``, or ``"gone"`` (it was started, and its process died). ``documents`` and
    ``memory`` (bytes) are of a running server. ``log`` is the file to read.
    """

    state: str
    url: str
    home: Path
    log: Path
    pid: int | None = None
    version: str = ""
    java: str = ""
    started: datetime | None = None
    documents: int | None = None
    memory: int | None = None

    @property
    def running(self) -> bool:
        """Whether it answers."""
        return self.state == "running"

    def message(self, lang: str = "en") -> str:
        """Return one sentence for the reader, in English or Japanese.

        Examples
        --------
        >>> here = Path("/home/you/opensearch")
        >>> status = ServerStatus("gone", "http://127.0.0.1:9201", here, here / "server.log", 4711)
        >>> print(status.message())
        not running (process 4711 is gone; /home/you/opensearch/server.log)
        """
        return (_JAPANESE if lang == "ja" else _ENGLISH)[self.state].format(self=self)


_ENGLISH = {
    "running": "OpenSearch {self.version} runs at {self.url}, process {self.pid}, "
    "{self.documents:,} documents",
    "starting": "OpenSearch is starting, process {self.pid}; it does not answer at {self.url} yet "
    "({self.log})",
    "stopped": "not running",
    "gone": "not running (process {self.pid} is gone; {self.log})",
}
_JAPANESE = {
    "running": "OpenSearch {self.version} が {self.url} で動作中です（プロセス {self.pid}、"
    "{self.documents:,} 件）",
    "starting": "OpenSearch は起動中です（プロセス {self.pid}）。{self.url} はまだ応答しません"
    "（{self.log}）",
    "stopped": "停止しています",
    "gone": "停止しています（プロセス {self.pid} は終了しました。{self.log}）",
}


def living(pid: int, home: Path) -> psutil.Process | None:
    """Return the process of a server, if it lives and its command line holds its home.

    A number alone proves nothing: after a restart of the machine it belongs to someone else.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or str(home) not in process.cmdline():
            return None
    except psutil.Error:
        return None
    return process
