"""One day of the company, from what everybody does to the files that AWS would deliver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from siemlab.logs import LOG_TYPES
from siemlab.logs.writing import render, store_object
from siemlab.simulate.behaviors import BEHAVIORS
from siemlab.simulate.calendar import Day
from siemlab.simulate.delivery import deliver
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World

__all__ = ["StoredFile", "simulate", "store_records"]

TYPES = {log_type.name: log_type for log_type in LOG_TYPES}


class StoredFile(NamedTuple):
    """A file that was written: its key, how many records it holds, the hash of its content."""

    log_type: str
    key: str
    records: int
    sha256: str


def simulate(world: World, day: Day) -> Records:
    """Return what all sources recorded of the background on one day.

    Parameters
    ----------
    world
        The company, its state, and the seed.
    day
        The day; a thin one has only what happens all year.

    Examples
    --------
    >>> from datetime import date
    >>> from siemlab.baseline import load_baseline
    >>> world = World(load_baseline(), seed=2022)
    >>> records = simulate(world, Day(date(2022, 10, 5), "thin"))
    >>> {stream.log_type for stream in records.batches} >= {"cloudtrail", "securityhub"}
    True
    """
    records = Records()
    for behavior in BEHAVIORS:
        if behavior.acts_on(day):
            behavior.act(Stage(world, records, behavior.name, day.date.isoformat()), day)
    return records


def store_records(
    world: World, day: Day, records: Records, root: Path, packing: int = 0
) -> Iterator[StoredFile]:
    """Write records as the files that AWS would deliver, and yield each file.

    Parameters
    ----------
    world
        Whose records they are.
    day
        The day on which they were made; it names the draws of the delivery.
    records
        The records.
    root
        The folder that stands for the bucket.
    packing
        Seconds that one file may hold, where fewer files are wanted than the services write.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from siemlab.baseline import load_baseline
    >>> world, day = World(load_baseline(), seed=2022), Day(date(2022, 10, 5), "thin")
    >>> files = list(store_records(world, day, simulate(world, day), Path(tempfile.mkdtemp())))
    >>> files[0].key.startswith("AWSLogs/")
    True
    """
    odd = day.date.toordinal() % 2 == 1
    for stream, batches in records.batches.items():
        log_type = TYPES[stream.log_type]
        writer = log_type.writer
        # The logical names, not the identifiers, would be the same for all teams; but files are
        # the team's own, so the stream itself may name the draws.
        rng = world.rng("delivery", *vars(stream).values(), day.date.isoformat())
        for parcel in deliver(stream, batches, writer.rhythm, rng, packing=packing, odd=odd):
            content = render(log_type, parcel.rows, parcel.start, parcel.stop, parcel.delivery)
            key = writer.key(parcel.delivery)
            sha256 = store_object(root, key, content, writer.compressed)
            yield StoredFile(stream.log_type, key, parcel.stop - parcel.start, sha256)
