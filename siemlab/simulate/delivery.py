"""How records come to be files: late, a few at a time, not in order, as each service does it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from siemlab.logs.writing import Delivery, Rhythm, Rows, Stream, concat
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.stage import Batch

__all__ = ["Parcel", "deliver"]

PARTS = 3
"""In how many steps an object waits for more records, where fewer objects are wanted."""


@dataclass(frozen=True)
class Parcel:
    """One object to deliver: its place, and which rows of the stream it holds."""

    delivery: Delivery
    rows: Rows
    start: int
    stop: int


def deliver(
    stream: Stream,
    batches: list[Batch],
    rhythm: Rhythm,
    rng: Rng,
    *,
    packing: int = 0,
    odd: bool = False,
) -> Iterator[Parcel]:
    """Yield the objects in which a stream's records are delivered.

    Parameters
    ----------
    stream
        The stream.
    batches
        All its records of a day, in any order.
    rhythm
        When the service delivers.
    rng
        Draws of this stream and day.
    packing
        Seconds that one object may hold, where fewer objects are wanted than the service writes.
    odd
        Whether the objects' stamps have odd seconds. The last records of a day and the first of the
        next may come in one slot, and not all keys have a random part: days take turns.
    """
    at = np.concatenate([batch.at for batch in batches])
    rows = concat([batch.rows for batch in batches])
    every = rhythm.packed(packing)
    waits = rhythm.enough and every > rhythm.every
    every = every // PARTS if waits else every
    arrived = at + rng.between(len(at), rhythm.least * SECOND, rhythm.most * SECOND)
    slots = arrived // (every * SECOND)
    slots = _closings(slots, rhythm.enough) if waits else slots
    order = np.lexsort((at + rng.below(len(at), rhythm.disorder * SECOND + 1), slots))
    rows, slots = rows.take(order), slots[order]
    starts = _starts(slots, 2 * rhythm.enough if waits else rhythm.largest)
    stops = [*starts[1:], len(slots)]
    tokens = rng.hexes(len(starts), 32)
    seconds = rng.below(len(starts), 25) * 2 + odd
    for start, stop, token, second in zip(starts, stops, tokens, seconds.tolist(), strict=True):
        stamp = (int(slots[start]) + 1) * every + second
        delivery = Delivery(stream, datetime.fromtimestamp(stamp, UTC), token)
        yield Parcel(delivery, rows, start, stop)


def _closings(slots: Ints, enough: int) -> Ints:
    """Return for each record the slot with which its object closes: when it is full, or late."""
    known, places, counts = np.unique(slots, return_inverse=True, return_counts=True)
    closings = known.copy()
    first, held = 0, 0
    for place, (slot, count) in enumerate(zip(known.tolist(), counts.tolist(), strict=True)):
        if not held or slot >= known[first] + PARTS:
            first, held = place, 0
        held += count
        closings[first : place + 1] = slot if held >= enough else known[first] + PARTS - 1
        held = 0 if held >= enough else held
    return closings[places]


def _starts(slots: Ints, largest: int) -> list[int]:
    """Return where a new file begins: with each slot, and after the most records of one."""
    if not len(slots):
        return []
    edges = [0, *(np.flatnonzero(np.diff(slots)) + 1).tolist(), len(slots)]
    found: list[int] = []
    for first, last in itertools.pairwise(edges):
        pieces = -(-(last - first) // largest)
        found += range(first, last, -(-(last - first) // pieces))
    return found
