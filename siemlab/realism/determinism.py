"""R8: the same data set is the same, however it was built. A hash over what is in its objects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from siemlab.errors import SiemlabError
from siemlab.normalize import Refused
from siemlab.normalize.decompress import Limits, decompress
from siemlab.normalize.sources import LogObject, open_sources

__all__ = ["content_hash", "object_hash"]


def object_hash(found: LogObject) -> str:
    """Return the SHA-256 of an object's plain bytes: how they were packed does not matter.

    Parameters
    ----------
    found
        The object.

    Examples
    --------
    >>> import gzip, io
    >>> one = LogObject("a.json.gz", "b", lambda: io.BytesIO(gzip.compress(b"{}", 1)))
    >>> other = LogObject("a.json", "b", lambda: io.BytesIO(b"{}"))
    >>> object_hash(one) == object_hash(other)
    True
    """
    digest = hashlib.sha256()
    with found.open() as stream:
        for piece in decompress(stream, Limits()):
            digest.update(piece)
    return digest.hexdigest()


def content_hash(sources: Iterable[str | Path]) -> str:
    """Return a hash of a tree of objects: of their keys, and of what is in them.

    Parameters
    ----------
    sources
        Files, folders, archives, as ``siemlab load`` takes them.

    Returns
    -------
    str
        64 hexadecimal digits: SHA-256 over the lines ``key sha256-of-plain-content``, sorted.

    Raises
    ------
    SiemlabError
        A source does not exist, or an object cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> content_hash([tempfile.mkdtemp()])[:16]
    'e3b0c44298fc1c14'
    """
    lines = []
    for found in open_sources(sources):
        if isinstance(found, Refused):
            raise SiemlabError(found.error.message("en"), found.error.message("ja"))
        lines.append(f"{found.key} {object_hash(found)}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
