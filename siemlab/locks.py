"""One lock for all that several kernels or commands write at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

__all__ = ["alone"]


@contextmanager
def alone(
    file: IO[str] | IO[bytes] | int, busy: Callable[[], None] | None = None
) -> Iterator[None]:
    """Let nobody else hold a file meanwhile; who comes later waits.

    The lock falls when the file is closed, so a process that dies leaves none behind. Windows has
    no such lock: there, on a learner's own machine, one at a time does this.

    Parameters
    ----------
    file
        An open file, or the descriptor of one, or of a folder.
    busy
        Is called before a wait.

    Examples
    --------
    >>> from tempfile import TemporaryFile
    >>> with TemporaryFile() as file, alone(file):
    ...     file.write(b"mine")
    4
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if busy is not None:
            busy()
        fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
