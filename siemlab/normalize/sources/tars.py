"""The members of a tar archive, packed or not, as log objects."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from siemlab.errors import LogFormatError
from siemlab.normalize.decompress import WRITE, Limits, decompress
from siemlab.normalize.document import Refused
from siemlab.normalize.sources.object import (
    LogObject,
    climbs,
    refuse,
    refuse_archive,
    refuse_climbing,
)

__all__ = ["read_tar"]


class _Plain(io.RawIOBase):
    """What `decompress` yields, as the stream that tarfile wants."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__()
        self._packed = path.open("rb")
        self._pieces = decompress(self._packed, limits, nested=True)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, have = [self._rest], len(self._rest)
        while have < size:
            try:
                piece = next(self._pieces, b"")
            except LogFormatError as error:
                raise OSError(error.en) from error
            if not piece:
                break
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        self._rest = data[size:]
        return data[:size]

    def close(self) -> None:
        self._packed.close()
        super().close()


class _Turn:
    """Which member a forward reading stands at, so that it can be read without going back."""

    member: tarfile.TarInfo | None = None


def read_tar(path: Path, bucket: str, limits: Limits) -> Iterator[LogObject | Refused]:
    """Go through the files in a tar, forward.

    Parameters
    ----------
    path
        The archive.
    bucket
        The name to give to what it stands for.
    limits
        How far the archive as a whole may expand.

    Yields
    ------
    LogObject | Refused
        Refused: names that climb out, links, devices; the rest, when the archive is broken.
    """
    plain, turn = _Plain(path, limits), _Turn()
    try:
        with tarfile.open(fileobj=plain, mode="r|") as archive:
            for member in archive:
                turn.member = member
                found = _tar_member(member, bucket, partial(_open_tar, archive, path, turn, limits))
                if found:
                    yield found
                archive.members = []  # type: ignore[attr-defined]  # else tarfile keeps them all
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        yield refuse_archive(path.name, error)
    finally:
        turn.member = None
        plain.close()


def _tar_member(
    member: tarfile.TarInfo, bucket: str, open_member: Callable[[tarfile.TarInfo], BinaryIO]
) -> LogObject | Refused | None:
    name = member.name
    if climbs(name):
        return refuse_climbing(name)
    if member.isdir():
        return None
    if not member.isfile() or member.issparse():
        return refuse(
            name,
            "a link, device or sparse file in an archive is not followed",
            "アーカイブ内のリンク、デバイス、スパースファイルはたどりません",
        )
    return LogObject(name.removeprefix("./"), bucket, partial(open_member, member), member.size)


def _open_tar(
    archive: tarfile.TarFile, path: Path, turn: _Turn, limits: Limits, member: tarfile.TarInfo
) -> BinaryIO:
    if turn.member is member:
        turn.member = None
        found = archive.extractfile(member)
        if found is not None:
            return cast(BinaryIO, found)
    return _again(path, member, limits)


def _again(path: Path, member: tarfile.TarInfo, limits: Limits) -> BinaryIO:
    """Open a member whose turn is over: the archive is read once more up to it."""
    plain = _Plain(path, limits)
    left = member.offset_data
    while left and (data := plain.read(min(left, WRITE))):
        left -= len(data)
    return cast(BinaryIO, _Window(plain, member.size))


class _Window(io.RawIOBase):
    """The next so many bytes of a stream, as a stream of its own."""

    def __init__(self, stream: _Plain, size: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()
