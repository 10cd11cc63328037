"""The members of a zip archive as log objects."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, cast

from siemlab.normalize.decompress import Limits
from siemlab.normalize.document import Refused
from siemlab.normalize.sources.object import LogObject, climbs, refuse_archive, refuse_climbing

__all__ = ["read_zip"]

WINDOWS = 0
"""What a member says of where it was packed: on a file system of DOS or Windows."""


def read_zip(path: Path, bucket: str, limits: Limits) -> Iterator[LogObject | Refused]:
    """Go through the files in a zip.

    Parameters
    ----------
    path
        The archive. It stays open until the last member was asked for.
    bucket
        The name to give to what it stands for.
    limits
        How far a member may expand.

    Yields
    ------
    LogObject | Refused
        Refused: names that climb out; the archive, when it is none.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        yield refuse_archive(path.name, error)
        return
    with archive:
        for member in archive.infolist():
            name = member.orig_filename
            if member.create_system == WINDOWS:  # PowerShell's Compress-Archive writes a\b
                name = name.replace("\\", "/")
            if climbs(name):
                yield refuse_climbing(name)
            elif not name.endswith("/"):
                opener = partial(_open_zip, archive, path, member, limits)
                yield LogObject(name, bucket, opener, member.file_size)


def _open_zip(
    archive: zipfile.ZipFile, path: Path, member: zipfile.ZipInfo, limits: Limits
) -> BinaryIO:
    try:
        handle = archive if archive.fp else zipfile.ZipFile(path)
        return cast(BinaryIO, _Guarded(handle.open(member), member.compress_size, limits))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise OSError(str(error)) from error


class _Guarded(io.RawIOBase):
    """A zip member that may not expand beyond the limits, whatever is packed in it."""

    def __init__(self, member: IO[bytes], packed: int, limits: Limits) -> None:
        super().__init__()
        self._member = member
        self._most = max(limits.free, limits.ratio * packed)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._member.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise OSError(str(error)) from error
        self._most -= len(data)
        if self._most < 0:
            raise OSError("the archive's member expands too far")
        return data

    def close(self) -> None:
        self._member.close()
        super().close()
