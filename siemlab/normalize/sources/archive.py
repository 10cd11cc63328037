"""Log objects in a zip or tar archive of a folder tree, read as a stream and never extracted.

An archive is hostile until proven otherwise: its member names are data. A name that would leave
the folder it stands for is refused, and so are links and devices; nothing is written anywhere.
"""

from __future__ import annotations

import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from siemlab.errors import LogFormatError
from siemlab.normalize.decompress import Limits, decompress, packing
from siemlab.normalize.document import Refused
from siemlab.normalize.sources.disk import TOP, key_of_file, recognized
from siemlab.normalize.sources.object import LogObject
from siemlab.normalize.sources.tars import read_tar
from siemlab.normalize.sources.zips import read_zip

__all__ = ["count_members", "is_archive", "read_archive"]

BLOCK = 512  # a tar's first header, which holds its magic word
SUFFIXES = re.compile(r"\.(zip|tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz))$", re.IGNORECASE)


def is_archive(path: Path) -> bool:
    """Tell whether a file is an archive of a tree rather than a log object.

    Parameters
    ----------
    path
        A file. What lies below an ``AWSLogs`` folder and is of a known type is a log object,
        however it is packed.

    Returns
    -------
    bool
        By the first bytes: a zip, or a tar, packed or not.
    """
    try:
        key, _ = key_of_file(path.absolute())
        if key.startswith(TOP + "/") and recognized(key):
            return False
        with path.open("rb") as stream:
            head = stream.read(BLOCK)
            if packing(head) == "zip":
                return True
            stream.seek(0)
            plain = _beginning(stream)
    except OSError:
        return False
    return plain[257:262] == b"ustar" or bool(SUFFIXES.search(path.name) and _is_tar(path))


def _beginning(stream: BinaryIO) -> bytes:
    plain = b""
    try:
        for piece in decompress(stream, nested=True):
            plain += piece
            if len(plain) >= BLOCK:
                break
    except LogFormatError:
        pass
    return plain


def _is_tar(path: Path) -> bool:
    """Tell a tar of the oldest kind, which has no magic word, by its checksum."""
    try:
        return tarfile.is_tarfile(path)
    except (OSError, EOFError, zlib.error):
        return False


def read_archive(path: Path, limits: Limits) -> Iterator[LogObject | Refused]:
    """Go through the members of an archive, in their order.

    Parameters
    ----------
    path
        A zip or tar.
    limits
        How far it may expand. Members that are packed once more are held to the same limits
        when they are read.

    Returns
    -------
    Iterator[LogObject | Refused]
        The files. Their bucket is the archive's name without its suffix. Refused: names that
        climb out, links, devices, encrypted members, and the broken rest of an archive.
    """
    bucket = SUFFIXES.sub("", path.name)
    with path.open("rb") as stream:
        kind = packing(stream.read(BLOCK))
    return (read_zip if kind == "zip" else read_tar)(path, bucket, limits)


def count_members(path: Path) -> int | None:
    """Count the files in an archive, where that is cheap.

    Parameters
    ----------
    path
        A zip or tar.

    Returns
    -------
    int | None
        As many as a zip's directory names; ``None`` for a tar, and for what is broken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(not member.is_dir() for member in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        return None
