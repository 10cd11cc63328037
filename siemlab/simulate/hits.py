"""Requests of many visitors at once: columns that several crowds fill, and bursts in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl

from siemlab.simulate.asked import Requests
from siemlab.simulate.calendar import MINUTE
from siemlab.simulate.rng import Ints

__all__ = ["Hits", "bursts", "together"]

IDLE = MINUTE  # after which a balancer closes a connection


@dataclass(frozen=True, eq=False)
class Hits:
    """Requests, a value in each column for each; see `Requests` for what the columns mean."""

    at: Ints
    connection: Ints
    client: pl.Series
    path: pl.Series
    query: pl.Series
    method: pl.Series
    version: pl.Series
    agent: pl.Series
    referrer: pl.Series
    status: Ints
    target_status: Ints
    sent: Ints
    received: Ints
    wait: Ints
    blocked: pl.Series
    counted: pl.Series

    def __len__(self) -> int:
        return len(self.at)


def together(crowds: Sequence[Hits]) -> tuple[Ints, Requests]:
    """Return the times and the requests of several crowds; each keeps its own connections.

    Parameters
    ----------
    crowds
        The requests of each.
    """
    numbers: list[Ints] = []
    base = 0
    for crowd in crowds:
        numbers.append(crowd.connection + base)
        base += int(crowd.connection.max()) + 1 if len(crowd) else 0
    columns: dict[str, Any] = {"connection": np.concatenate(numbers)}
    for name in (field.name for field in fields(Hits) if field.name not in ("at", "connection")):
        parts = [getattr(crowd, name) for crowd in crowds]
        columns[name] = (
            pl.concat(parts) if isinstance(parts[0], pl.Series) else np.concatenate(parts)
        )
    return np.concatenate([crowd.at for crowd in crowds]), Requests(**columns)


def bursts(starts: Ints, lengths: Ints, gaps: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the times of bursts, whose burst each is, and on which connection it comes.

    Parameters
    ----------
    starts, lengths
        When each burst begins, epoch milliseconds, and how many requests it has.
    gaps
        The time before each request, milliseconds; that before a burst's first does not count.

    Examples
    --------
    >>> at, burst, connection = bursts(np.array([0, 500]), np.array([3, 1]),
    ...                                np.array([9, 100, 90_000, 9]))
    >>> at.tolist(), burst.tolist(), connection.tolist()
    ([0, 100, 90100, 500], [0, 0, 0, 1], [0, 0, 1, 2])
    """
    burst = np.repeat(np.arange(len(starts)), lengths)
    firsts = np.cumsum(lengths) - lengths
    is_first = np.zeros(len(burst), dtype=np.bool_)
    is_first[firsts] = True
    waited = np.where(is_first, 0, gaps)
    passed = np.cumsum(waited)
    at = starts[burst] + passed - passed[firsts][burst]
    return at, burst, np.cumsum(is_first | (waited > IDLE)) - 1
