"""Conversations of a story that have to come out as so many flow records, or as long ones."""

from __future__ import annotations

import numpy as np

from siemlab.baseline.network import Interface
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.directory import directory
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage

__all__ = ["shares", "unbroken", "windows"]

MARGIN = 1500  # milliseconds that a conversation keeps away from a window's edge


def _window(stage: Stage, interface: str, more: tuple[Interface, ...]) -> tuple[int, int]:
    """Return length and phase of an interface's windows, seconds."""
    known = directory(stage.world.baseline, stage.world.ids, more)
    place = [found.name for found in known.interfaces].index(interface)
    return int(known.window[place]), int(known.phase[place])


def unbroken(
    stage: Stage, interface: str, at: Ints, lasts: Ints, more: tuple[Interface, ...] = ()
) -> Ints:
    """Return times near the given ones at which conversations fit into one window each.

    Parameters
    ----------
    stage
        Where.
    interface
        The interface whose records are to be whole.
    at, lasts
        When each begins, and how long it lasts, milliseconds.
    more
        Interfaces that the story made.
    """
    window, phase = _window(stage, interface, more)
    first = (at // SECOND - phase) // window
    last = (-(-(at + lasts) // SECOND) - phase) // window
    return np.where(first == last, at, at - lasts - MARGIN)


def windows(
    stage: Stage, interface: str, since: int, until: int, more: tuple[Interface, ...] = ()
) -> tuple[Ints, Ints]:
    """Cut a long conversation where the flow log cuts it: when each piece begins, how long it is.

    Parameters
    ----------
    stage
        Where.
    interface
        The interface that tells of it.
    since, until
        The conversation's beginning and end, epoch milliseconds.
    more
        Interfaces that the story made.
    """
    window, phase = _window(stage, interface, more)
    numbers = np.arange(
        (since // SECOND - phase) // window, (until // SECOND - phase) // window + 1
    )
    edges = (numbers * window + phase) * SECOND
    count = len(edges)
    begins = np.maximum(edges + stage.rng.below(count, 4 * SECOND), since)
    ends = np.minimum(edges + window * SECOND - MARGIN - stage.rng.below(count, 4 * SECOND), until)
    kept = ends > begins
    return begins[kept], (ends - begins)[kept]


def shares(stage: Stage, total: int, count: int) -> Ints:
    """Part a total into uneven parts, as people at a keyboard do.

    Parameters
    ----------
    stage
        Where.
    total, count
        What is parted, and into how many.
    """
    weights = stage.rng.rare_long(count, 100, 700)
    edges = np.cumsum(weights) * total // int(weights.sum())
    return np.diff(edges, prepend=0)
