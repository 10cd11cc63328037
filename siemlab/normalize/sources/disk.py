"""Log objects on disk: one file, or a folder tree."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from siemlab.logs import LogType, recognize
from siemlab.normalize.document import Refused
from siemlab.normalize.sources.object import LogObject, refuse

__all__ = ["count_files", "key_of_file", "read_file", "read_folder", "recognized"]

TOP = "AWSLogs"  # the folder that AWS makes, below a bucket and perhaps a prefix


def recognized(key: str) -> bool:
    """Tell whether a key is one of a log type that siemlab reads.

    Examples
    --------
    >>> recognized("AWSLogs/111122223333/CloudTrail/x.json.gz"), recognized("README.md")
    (True, False)
    """
    return isinstance(recognize(key), LogType)


def key_of_file(path: Path) -> tuple[str, str]:
    """Choose key and bucket for a single file, of which no folder says where the key begins.

    Parameters
    ----------
    path
        The file, absolute.

    Returns
    -------
    tuple[str, str]
        The key: from ``AWSLogs`` on where the path has it, else as few of the last parts as make
        the log type known, else the file's name. The bucket: the folder above it.

    Examples
    --------
    >>> key_of_file(Path("/home/me/demo/AWSLogs/111122223333/CloudTrail/x.json"))
    ('AWSLogs/111122223333/CloudTrail/x.json', 'demo')
    >>> key_of_file(Path("/home/me/CloudTrail/x.json"))
    ('CloudTrail/x.json', 'me')
    """
    parts = path.parts[1:]
    begin = len(parts) - 1
    if TOP in parts[:-1]:
        begin = parts.index(TOP)
    else:
        for start in range(len(parts) - 1, -1, -1):
            if recognized("/".join(parts[start:])):
                begin = start
                break
    return "/".join(parts[begin:]), parts[begin - 1] if begin else ""


def read_file(path: Path) -> Iterator[LogObject | Refused]:
    """Give the one log object that a file is.

    Parameters
    ----------
    path
        The file. It may be a link: who names a link means what it leads to.

    Yields
    ------
    LogObject | Refused
        The object; refused when it is no regular file.
    """
    key, bucket = key_of_file(Path(os.path.abspath(path)))
    yield _object(key, bucket, str(path))


def read_folder(root: Path) -> Iterator[LogObject | Refused]:
    """Go through a folder tree, in the order of the keys, as S3 lists them.

    Parameters
    ----------
    root
        The folder. It may be a link. A link below it counts where it leads to a file of the same
        tree, and is refused where it leads out; links to folders are never gone through.

    Yields
    ------
    LogObject | Refused
        The files; refused: links that leave the tree, pipes and devices, folders and files that
        cannot be read, names that are no UTF-8.

    Examples
    --------
    >>> [found.error.en for found in read_folder(Path("no-such-folder"))]
    ['cannot be read (No such file or directory)']
    """
    absolute = Path(os.path.abspath(root))
    prefix, bucket = "", absolute.name
    if TOP in absolute.parts:
        at = absolute.parts.index(TOP)
        prefix = "/".join(absolute.parts[at:]) + "/"
        bucket = absolute.parts[at - 1] if at > 1 else ""
    for found in _walk(str(absolute), prefix):
        if isinstance(found, Refused):
            yield found
        else:
            yield _object(found[0], bucket, found[1], str(absolute.resolve()))


def count_files(root: Path) -> int:
    """Count the files of a folder tree.

    Parameters
    ----------
    root
        The folder.

    Returns
    -------
    int
        As many as :func:`read_folder` yields.
    """
    return sum(1 for _ in _walk(os.path.abspath(root), ""))


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, str] | Refused]:
    """Yield key and path of everything that is no folder, sorted by key, without recursion."""
    waiting: list[tuple[str, str]] = [(prefix, folder)]
    while waiting:
        key, path = waiting.pop()
        if key and not key.endswith("/"):
            yield key, path
            continue
        try:
            with os.scandir(path) as entries:
                found = [
                    (
                        key + entry.name + ("/" if entry.is_dir(follow_symlinks=False) else ""),
                        entry.path,
                    )
                    for entry in entries
                ]
        except OSError as error:
            yield refuse(key or path, *_unreadable(error))
            continue
        waiting += sorted(found, key=lambda pair: os.fsencode(pair[0]), reverse=True)


def _object(key: str, bucket: str, path: str, inside: str = "") -> LogObject | Refused:
    try:
        key.encode()
        if inside and os.path.islink(path):
            target = os.path.realpath(path)
            if os.path.isdir(target):
                return refuse(
                    key,
                    "a link to a folder is not followed; name that folder as a source of its own",
                    "フォルダーへのリンクはたどりません。そのフォルダーを直接指定してください",
                )
            if os.path.commonpath([inside, target]) != inside:
                return refuse(
                    key,
                    "a link that leads out of its folder is not followed",
                    "フォルダーの外へ出るリンクはたどりません",
                )
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return refuse(key, "this is no regular file", "通常のファイルではありません")
    except UnicodeEncodeError:
        return refuse(
            key,
            "the name of the file is no UTF-8; rename it",
            "ファイル名が UTF-8 ではありません。改名してください",
        )
    except OSError as error:
        return refuse(key, *_unreadable(error))
    opener = cast("Callable[[], BinaryIO]", partial(open, path, "rb"))
    return LogObject(key, bucket, opener, status.st_size)


def _unreadable(error: OSError) -> tuple[str, str]:
    reason = error.strerror or str(error)
    return f"cannot be read ({reason})", f"読めません（{reason}）"
