"""Where raw logs lie: a file, a folder tree, a zip or tar of one, a bucket. Out come log objects.

A log object is what S3 calls an object: bytes under a key. Whatever the source is, the key is
the path below the folder that was given, so one set of rules says which log type it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from siemlab.errors import SiemlabError
from siemlab.normalize.decompress import Limits
from siemlab.normalize.document import Refused
from siemlab.normalize.sources.archive import count_members, is_archive, read_archive
from siemlab.normalize.sources.disk import count_files, read_file, read_folder
from siemlab.normalize.sources.object import LogObject
from siemlab.normalize.sources.s3 import is_s3, read_bucket

__all__ = ["LogObject", "count_objects", "open_sources"]


def open_sources(
    paths: Iterable[str | Path],
    *,
    endpoint_url: str | None = None,
    limits: Limits | None = None,
) -> Iterator[LogObject | Refused]:
    """Go through all log objects of some sources, one after another.

    Objects of an archive are best opened while it is their turn: an archive is read as a
    stream, forward, and nothing is ever written to disk.

    Parameters
    ----------
    paths
        Files, folders, zip or tar archives (``.gz``, ``.bz2``, ``.xz`` too),
        ``s3://bucket/prefix``.
    endpoint_url
        The address of an S3 that is not Amazon's; else ``AWS_ENDPOINT_URL`` counts.
    limits
        How far an archive may expand; the default limits when left out.

    Returns
    -------
    Iterator[LogObject | Refused]
        Objects in the order of their keys, and what was refused: unreadable files, links that
        leave the folder, archive members whose names climb out of it.

    Raises
    ------
    SiemlabError
        When a path does not exist. This is said before the first object is read.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "demo-log-bucket"
    >>> (folder / "AWSLogs").mkdir(parents=True)
    >>> _ = (folder / "AWSLogs" / "note.txt").write_bytes(b"hello")
    >>> [(found.bucket, found.key, found.size) for found in open_sources([folder])]
    [('demo-log-bucket', 'AWSLogs/note.txt', 5)]
    """
    named = [str(path) for path in paths]
    for path in named:
        # Empty is what an unset variable leaves: not the current folder, which is a dot.
        if not path or not (is_s3(path) or Path(path).exists()):
            shown = path or "''"
            raise SiemlabError(
                f"there is no such file or folder: {shown}; check the spelling",
                f"ファイルまたはフォルダーがありません: {shown}。名前を確認してください",
            )
    return _all_of(named, endpoint_url, limits or Limits())


def _all_of(
    paths: list[str], endpoint_url: str | None, limits: Limits
) -> Iterator[LogObject | Refused]:
    for path in paths:
        if is_s3(path):
            yield from read_bucket(path, endpoint_url=endpoint_url)
        elif Path(path).is_dir():
            yield from read_folder(Path(path))
        elif is_archive(Path(path)):
            yield from read_archive(Path(path), limits)
        else:
            yield from read_file(Path(path))


def count_objects(paths: Iterable[str | Path]) -> int | None:
    """Count the objects of some sources for a progress bar, where that is cheap.

    Parameters
    ----------
    paths
        As for :func:`open_sources`.

    Returns
    -------
    int | None
        How many there are; ``None`` when a source must be read through to know (tar, S3).

    Examples
    --------
    >>> count_objects(["s3://demo-log-bucket/AWSLogs/"]) is None
    True
    """
    total = 0
    for path in map(str, paths):
        if is_s3(path):
            return None
        if Path(path).is_dir():
            total += count_files(Path(path))
        elif is_archive(Path(path)):
            members = count_members(Path(path))
            if members is None:
                return None
            total += members
        else:
            total += 1
    return total
