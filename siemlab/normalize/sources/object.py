"""One log object: bytes under a key, in a bucket."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from siemlab.errors import LogFormatError
from siemlab.normalize.document import Refused

__all__ = ["LogObject", "climbs", "refuse", "refuse_archive", "refuse_climbing"]

UNSAFE = re.compile(r"\A/|\A[A-Za-z]:|[\\\0]")


@dataclass(frozen=True, slots=True)
class LogObject:
    """A raw log object as S3 knows it: bucket, key, bytes.

    Parameters
    ----------
    key
        The S3 key, or the path below the folder that was given, with ``/`` between its parts.
    bucket
        The bucket, or the name of the folder.
    opener
        Opens the bytes; may be called more than once.
    size
        Bytes as stored, packed or not; ``None`` where unknown.

    Examples
    --------
    >>> import io
    >>> found = LogObject("AWSLogs/note.txt", "demo-log-bucket", lambda: io.BytesIO(b"hello"), 5)
    >>> with found.open() as stream:
    ...     stream.read()
    b'hello'
    """

    key: str
    bucket: str
    opener: Callable[[], BinaryIO] = field(repr=False, compare=False)
    size: int | None = None

    def open(self) -> BinaryIO:
        """Open the bytes from their beginning.

        Returns
        -------
        BinaryIO
            A stream to read, and to close when done.

        Raises
        ------
        OSError
            When the object cannot be read any more.
        """
        return self.opener()


def refuse(key: str, en: str, ja: str) -> Refused:
    r"""Refuse an object as a whole, by its key.

    Parameters
    ----------
    key
        The key as it was found; characters that no text can hold become ``\ufffd``.
    en, ja
        What is wrong, and what to do about it.

    Returns
    -------
    Refused
        With the key as its raw text.

    Examples
    --------
    >>> print(refuse("../x.gz", "the key climbs out of its folder", "").error)
    ../x.gz: the key climbs out of its folder
    """
    shown = key.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return Refused(LogFormatError(en, ja, file=shown), shown[:4096])


def climbs(key: str) -> bool:
    r"""Tell whether a name leads out of the folder that it stands below.

    Parameters
    ----------
    key
        The name as it was found.

    Returns
    -------
    bool
        True for absolute names, drives, ``..`` as a part, backslashes and NUL.

    Examples
    --------
    >>> climbs("AWSLogs/x..y.gz"), climbs("a/../../x"), climbs("/etc/x"), climbs("c:x")
    (False, True, True, True)
    """
    return bool(UNSAFE.search(key)) or ".." in key.split("/")


def refuse_climbing(key: str) -> Refused:
    """Refuse an object whose key `climbs`.

    Examples
    --------
    >>> print(refuse_climbing("../x.gz").error)
    ../x.gz: the key climbs out of its folder
    """
    return refuse(key, "the key climbs out of its folder", "キーがフォルダーの外を指しています")


def refuse_archive(name: str, error: Exception) -> Refused:
    """Refuse what is left of an archive, for an error that ends it.

    Examples
    --------
    >>> print(refuse_archive("logs.tar", EOFError("ends early")).error)
    logs.tar: the archive is broken (ends early)
    """
    return refuse(name, f"the archive is broken ({error})", f"アーカイブが壊れています（{error}）")
