"""Records ready to be written, many at once: put in order, cut, joined."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Order = NDArray[np.integer[Any]]

__all__ = ["Frame", "Lines", "Rows", "concat"]

NEWLINE = 10
BLOCK = 4096  # records that are rendered at once: files are joined one after another


class Rows(Protocol):
    """Rendered records, or columns from which they are rendered when they are joined."""

    def __len__(self) -> int:
        """Return how many records there are."""

    def take(self, order: Order) -> Rows:
        """Return the records at some places, in that order.

        Parameters
        ----------
        order
            Places, from 0.
        """

    def join(self, start: int, stop: int, between: bytes) -> bytes:
        """Return the bytes of some records.

        Parameters
        ----------
        start, stop
            From the first to before the second place.
        between
            What stands between two records.
        """

    def records(self) -> Sequence[bytes]:
        """Return the bytes of each record."""

    def followed_by(self, others: Sequence[Any]) -> Rows:
        """Return these records and those of others, one after another.

        Parameters
        ----------
        others
            Rows of the same kind.
        """


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """Records that are bytes already.

    Parameters
    ----------
    lines
        The bytes of each.

    Examples
    --------
    >>> import numpy as np
    >>> Lines([b"a", b"b", b"c"]).take(np.array([2, 0])).join(0, 2, b",")
    b'c,a'
    """

    lines: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.lines)

    def take(self, order: Order) -> Lines:
        """Return the records at some places, in that order."""
        return Lines([self.lines[at] for at in order.tolist()])

    def join(self, start: int, stop: int, between: bytes) -> bytes:
        """Return the bytes of some records."""
        return between.join(self.lines[start:stop])

    def records(self) -> Sequence[bytes]:
        """Return the bytes of each record."""
        return self.lines

    def followed_by(self, others: Sequence[Lines]) -> Lines:
        """Return these records and those of others, one after another."""
        return Lines([line for part in (self, *others) for line in part.lines])


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    r"""Records as columns, which become lines when they are joined, some thousands at once.

    Parameters
    ----------
    columns
        A column for each field, in the order of the line. Where a value is null, ``-`` is written.
    separator
        What stands between the fields of a line.

    Examples
    --------
    >>> import polars as pl
    >>> Frame(pl.DataFrame({"port": [22, None], "action": ["ACCEPT", "-"]})).join(0, 2, b"\n")
    b'22 ACCEPT\n- -'
    """

    columns: pl.DataFrame
    separator: str = " "

    def __len__(self) -> int:
        return self.columns.height

    def take(self, order: Order) -> Frame:
        """Return the records at some places, in that order."""
        return Frame(self.columns[order], self.separator)

    def join(self, start: int, stop: int, between: bytes) -> bytes:
        """Return the bytes of some records."""
        if stop <= start:
            return b""
        blocks = range(start // BLOCK, (stop - 1) // BLOCK + 1)
        lines = b"\n".join([self._lines(block, start, stop) for block in blocks])
        return lines if between == b"\n" else lines.replace(b"\n", between)

    def _lines(self, block: int, start: int, stop: int) -> bytes:
        text, begins = _rendered(self, block)
        first, count = block * BLOCK, len(begins) - 1
        return text[begins[max(start - first, 0)] : begins[min(stop - first, count)] - 1]

    def records(self) -> list[bytes]:
        """Return the bytes of each record."""
        return self.join(0, len(self), b"\n").split(b"\n") if len(self) else []

    def followed_by(self, others: Sequence[Frame]) -> Frame:
        """Return these records and those of others, one after another."""
        import polars as pl

        columns = [part.columns for part in (self, *others)]
        return Frame(pl.concat(columns, how="vertical_relaxed", rechunk=True), self.separator)


@lru_cache(maxsize=1)
def _rendered(frame: Frame, block: int) -> tuple[bytes, Order]:
    """Return the lines of a block, and where each begins; at last where they end."""
    import numpy as np

    out = io.BytesIO()
    frame.columns.slice(block * BLOCK, BLOCK).write_csv(
        out,
        include_header=False,
        separator=frame.separator,
        null_value="-",
        quote_style="never",
    )
    text = out.getvalue()
    newlines = np.flatnonzero(np.frombuffer(text, np.uint8) == NEWLINE)
    return text, np.concatenate(([0], newlines + 1))


def concat(parts: Sequence[Rows]) -> Rows:
    """Return the records of several parts, one part after another.

    Parameters
    ----------
    parts
        One or more, of one log type. Where kinds are mixed, all are rendered to lines.

    Examples
    --------
    >>> concat([Lines([b"a"]), Lines([b"b"])]).join(0, 2, b" ")
    b'a b'
    """
    first = parts[0]
    if all(type(part) is type(first) for part in parts):
        return first.followed_by(parts[1:])
    return Lines([record for part in parts for record in part.records()])
