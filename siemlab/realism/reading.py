"""Goes once through the raw records of a data set, and shows each to the tests that read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from siemlab.logs import LogType, recognize
from siemlab.logs.model import Record
from siemlab.normalize import Refused
from siemlab.normalize.framing import read_records
from siemlab.normalize.sources import LogObject, open_sources
from siemlab.realism.figures import Figure, Violation

__all__ = ["Check", "Seen", "read_tree", "run_checks"]


class Seen(NamedTuple):
    """A raw record, and the object it was read from. A test may look at it, never change it."""

    log_type: LogType
    key: str
    record: Record


class Check(Protocol):
    """A test of truth: sees records one by one, keeps sums instead of them, ends in figures."""

    @property
    def reads(self) -> frozenset[str]:
        """The names of the log types it reads."""
        ...

    def see(self, seen: Seen) -> None:
        """Take a record into account."""
        ...

    def figures(self) -> list[Figure]:
        """Return what was found, when all records have been seen."""
        ...

    @property
    def violations(self) -> list[Violation]:
        """The first records that broke a rule."""
        ...


def read_tree(
    sources: Iterable[str | Path], log_types: frozenset[str] | None = None
) -> Iterator[Seen | Refused]:
    """Read the raw records of some sources, object by object, in bounded memory.

    Parameters
    ----------
    sources
        Files, folders, archives, as ``siemlab load`` takes them.
    log_types
        The names of the types to read; all when left out.

    Yields
    ------
    Seen | Refused
        In the order of the keys, and of the records in each object.

    Raises
    ------
    SiemlabError
        A source does not exist.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> where = folder / "AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18"
    >>> where.mkdir(parents=True)
    >>> _ = (where / "a.json").write_text('{"Records": [{"eventID": "1"}]}')
    >>> [(seen.log_type.name, seen.record.raw) for seen in read_tree([folder])]
    [('cloudtrail', {'eventID': '1'})]
    """
    for found in open_sources(sources):
        if isinstance(found, Refused):
            yield found
            continue
        log_type = recognize(found.key)
        if isinstance(log_type, LogType) and (log_types is None or log_type.name in log_types):
            yield from _records(found, log_type)


def _records(found: LogObject, log_type: LogType) -> Iterator[Seen | Refused]:
    for record in read_records(found, log_type):
        yield Seen(log_type, found.key, record) if isinstance(record, Record) else record


def run_checks(
    sources: Iterable[str | Path],
    checks: Iterable[Check],
    step: Callable[[str], object] = lambda key: None,
) -> list[Refused]:
    """Show every record of some sources to the tests that read its type.

    Parameters
    ----------
    sources
        As for `read_tree`.
    checks
        The tests.
    step
        Told the key of each object that has begun, for a progress bar.

    Returns
    -------
    list[Refused]
        What could not be read at all.

    Raises
    ------
    SiemlabError
        A source does not exist.

    Examples
    --------
    >>> import tempfile
    >>> run_checks([tempfile.mkdtemp()], [])
    []
    """
    readers: defaultdict[str, list[Callable[[Seen], None]]] = defaultdict(list)
    for check in checks:
        for name in check.reads:
            readers[name].append(check.see)
    refused: list[Refused] = []
    last = ""
    for seen in read_tree(sources):
        if isinstance(seen, Refused):
            refused.append(seen)
            continue
        if seen.key != last:
            last = seen.key
            step(last)
        for see in readers[seen.log_type.name]:
            see(seen)
    return refused
