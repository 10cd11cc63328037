"""The ledger: what a learner did, one event a line, only ever added to.

It survives a kernel's end, a closed page and a full disk: a line is written whole and flushed to
the disk before the widget says so, two kernels take turns, and a line that a crash cut short is
left out when it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal, get_args

import msgspec

from siemlab.errors import StoreError
from siemlab.locks import alone

__all__ = ["KINDS", "Event", "Ledger"]

Kind = Literal["open", "try", "refused", "hint", "show"]
KINDS: tuple[str, ...] = get_args(Kind)
"""What can happen: a question is seen, an answer given, or refused as it came too early, a hint
opened, the answer shown."""

_HEAD = b'{"at":"'

_LONGEST = 2001
"""Characters of a text that are kept: one more than an answer may have, so it stays too long."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a learner did.

    Parameters
    ----------
    at
        When, aware.
    kind
        One of `KINDS`.
    question
        The question's id.
    texts
        What was typed, one text for each part; empty but for a try and what was refused.
    number
        Which hint was opened, from 1; else 0.

    Examples
    --------
    >>> Event(datetime(2022, 11, 24, tzinfo=UTC), "try", "L1-A.3", ("192.0.2.7",)).kind
    'try'
    """

    at: datetime
    kind: Kind
    question: str
    texts: tuple[str, ...] = ()
    number: int = 0

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of an event says its zone")


class Ledger:
    """The file that holds what one learner, or one team, did.

    Parameters
    ----------
    path
        The file, ``base.jsonl``; it and its folder are made with the first event.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     ledger = Ledger(Path(folder) / "progress" / "base.jsonl")
    ...     ledger.append(Event(datetime(2022, 11, 24, tzinfo=UTC), "open", "L1-A.3"))
    ...     [event.kind for event in ledger.events()]
    ['open']
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def append(self, event: Event) -> None:
        """Write an event, and wait until the disk has it.

        Parameters
        ----------
        event
            What happened.

        Raises
        ------
        StoreError
            The file cannot be written.
        """
        # Half a character, which a page can send, is nothing that a file can hold.
        texts = tuple(text[:_LONGEST].encode(errors="replace").decode() for text in event.texts)
        line = msgspec.json.encode(replace(event, texts=texts))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file, alone(file):
                torn = not _ends_whole(file)
                file.write((b"\n" if torn else b"") + line + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(
                f"your progress cannot be written to {self.path}: {error.strerror}; set "
                "SIEMLAB_PROGRESS to a folder that you may write to",
                f"進捗を {self.path} に書き込めません（{error.strerror}）。書き込めるフォルダーを "
                "SIEMLAB_PROGRESS に指定してください",
            ) from error

    def events(self) -> list[Event]:
        """Return all events, in the order in which they were written; what is no event is left out.

        Raises
        ------
        StoreError
            The file is there, but cannot be read, or is no progress file at all.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(
                f"your progress cannot be read from {self.path}: {error.strerror}",
                f"進捗を {self.path} から読み取れません（{error.strerror}）",
            ) from error
        found = [event for line in lines for event in _read(line)]
        wrong = [at for at, line in enumerate(lines, 1) if line.strip() and not _is_ours(line)]
        if wrong and not any(map(_is_ours, lines)):
            raise StoreError(
                f"{self.path}, line {wrong[0]}: this is no progress file; move it away, and a "
                "new one is begun",
                f"{self.path} の {wrong[0]} 行目: 進捗ファイルではありません。別の場所へ移すと、"
                "新しいファイルが作られます",
            )
        return found


def _read(line: bytes) -> Iterator[Event]:
    """Yield the event of a line; none where it was cut short, or is of a kind not known here."""
    try:
        event = msgspec.json.decode(line, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    yield replace(event, at=event.at.astimezone(UTC))


def _is_ours(line: bytes) -> bool:
    """Tell whether a line is an event: cut short, perhaps, or of a kind of a later version."""
    if line.startswith(_HEAD) or (line and _HEAD.startswith(line)):
        return True
    try:
        content = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return isinstance(content, dict) and {"at", "kind", "question"} <= content.keys()


def _ends_whole(file: BinaryIO) -> bool:
    """Tell whether the last line has its end; a crash may have cut it."""
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
