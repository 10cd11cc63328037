"""How fast the company's logs are made, from what everybody does to the files on disk.

    python tests/bench/simulate.py

Each behavior of a working day acts alone, and all that it records (the balancer's lines, the web
ACL's records and the flows of one visit) counts for the log type that it writes most; to its CPU
time comes that of ordering, rendering, packing and hashing the files. What the file system takes to
make a file differs much from machine to machine, and has a row of its own without a target: at
this volume a file of flows holds about a hundred records. The rival of the CloudTrail figure does
the obvious: a dictionary for each event, a copy of one of its kind with ids and a time of its own;
json.dumps, zlib at its usual level, the same files. All in one run; ratios are what to look
at. Exit status 1: a target is missed.
"""

from __future__ import annotations

import copy
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from siemlab.datasets import Plan
from siemlab.datasets.plan import DATA_SETS
from siemlab.logs.writing import packed, render
from siemlab.simulate.behaviors import BEHAVIORS
from siemlab.simulate.behaviors.visitors import VISITORS
from siemlab.simulate.calendar import Day
from siemlab.simulate.delivery import deliver
from siemlab.simulate.run import TYPES, simulate, store_records
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World

__all__ = ["main"]

WORKING_DAY = Day(date(2022, 10, 5), "dense")
SCALE = next(each for each in DATA_SETS if each.name == "scale")
LINES = {  # log type: whose records, and how many a CPU second
    "alb": ("visits: ALB, WAF and flows", 150_000),
    "s3accesslog": ("storage: access lines and data events", 150_000),
    "vpcflowlogs": ("flows", 700_000),
}
MEGABYTE = 1_000_000


def size(records: Records, log_type: str = "") -> int:
    """How many records there are, of one log type or all."""
    return sum(
        len(batch.at)
        for stream, batches in records.batches.items()
        for batch in batches
        if log_type in ("", stream.log_type)
    )


def acted(world: World) -> Iterator[tuple[str, float, Records]]:
    """Each behavior alone: the log type that it writes most, its CPU seconds, its records."""
    for behavior in BEHAVIORS:
        behavior.act(Stage(world, Records(), behavior.name, "bench"), WORKING_DAY)  # warm
        records = Records()
        before = time.process_time()
        behavior.act(Stage(world, records, behavior.name, "bench"), WORKING_DAY)
        seconds = time.process_time() - before
        types = {stream.log_type for stream in records.batches}
        if types:
            yield max(types, key=lambda name: size(records, name)), seconds, records


def made(world: World, records: Records) -> float:
    """CPU seconds of making the content of the files, packed and hashed."""
    before = time.process_time()
    for stream, batches in records.batches.items():
        log_type, rng = TYPES[stream.log_type], world.rng("bench")
        for parcel in deliver(stream, batches, log_type.writer.rhythm, rng, packing=SCALE.packing):
            content = render(log_type, parcel.rows, parcel.start, parcel.stop, parcel.delivery)
            log_type.writer.key(parcel.delivery)
            hashlib.sha256(content)
            if log_type.writer.compressed:
                packed(content)
    return time.process_time() - before


def stored(world: World, records: Records) -> tuple[float, int]:
    """CPU seconds of making the files, on the disk as well, and their number."""
    with tempfile.TemporaryDirectory() as folder:
        before = time.process_time()
        files = sum(1 for _ in store_records(world, WORKING_DAY, records, Path(folder)))
        return time.process_time() - before, files


def naive(world: World, records: Records) -> float:
    """Events a CPU second of who makes a dictionary for each and writes it with the library."""
    files = []
    for stream, batches in records.batches.items():
        log_type, rng = TYPES[stream.log_type], world.rng("bench")
        for parcel in deliver(stream, batches, log_type.writer.rhythm, rng):
            parcel_text = render(log_type, parcel.rows, parcel.start, parcel.stop, parcel.delivery)
            files.append(json.loads(parcel_text))
    with tempfile.TemporaryDirectory() as folder:
        before = time.process_time()
        for number, file in enumerate(files):
            made = {"Records": [_again(event) for event in file["Records"]]}
            packed = zlib.compress(json.dumps(made, separators=(",", ":")).encode(), 6)
            (Path(folder) / str(number)).write_bytes(packed)
        seconds = time.process_time() - before
    return sum(len(file["Records"]) for file in files) / seconds


def _again(event: dict[str, Any]) -> dict[str, Any]:
    """An event of the same kind, as it is made of a template."""
    made = copy.deepcopy(event)
    made["eventID"], made["requestID"] = str(uuid.uuid4()), str(uuid.uuid4())
    made["eventTime"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return made


def peak_memory(work: Callable[[], None]) -> int:
    """Peak memory in MB of a fresh process that does some work."""
    process = get_context("spawn").Process(target=work)
    process.start()
    process.join()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 // MEGABYTE


def a_day_of_scale() -> None:
    """Build a working day of the largest data set."""
    world = Plan.of("scale").world
    stored(world, simulate(world, WORKING_DAY))


def wall(jobs: int) -> float:
    """Seconds in which the small data set is built, by a fresh program."""
    program = Path(sys.executable).with_name("siemlab")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "build", "small", "--jobs", str(jobs), "--into", folder]
        before = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - before


def rates(world: World) -> Iterator[tuple[str, float, float]]:
    """Rows of the table: what, the figure, the target."""
    seconds: dict[str, float] = defaultdict(float)
    together: dict[str, Records] = defaultdict(Records)
    for log_type, spent, records in acted(world):
        seconds[log_type] += spent
        together[log_type].update(records)
    for log_type, records in together.items():
        made(world, records)  # warm
        seconds[log_type] += made(world, records)
    events = size(together["cloudtrail"]) / seconds["cloudtrail"]
    yield "CloudTrail, events a CPU second", events, 50_000
    trail = Records()
    for stream, batches in together["cloudtrail"].batches.items():
        if stream.log_type == "cloudtrail":
            trail.batches[stream] = batches
    yield "CloudTrail, times json.dumps and zlib", events / naive(world, trail), 5
    for log_type, (what, target) in LINES.items():
        rate = size(together[log_type]) / seconds[log_type]
        yield f"{what}, a CPU second", rate, target


def disk(world: World) -> float:
    """CPU microseconds that the file system takes for each file of a day of visits."""
    records = Records()
    VISITORS.act(Stage(world, records, VISITORS.name, "bench"), WORKING_DAY)
    made(world, records)
    content = made(world, records)
    seconds, files = stored(world, records)
    return (seconds - content) * 1e6 / files


def row(what: str, figure: float, target: float, *, at_most: bool = False) -> bool:
    """Print a row of the table; tell whether the target is met."""
    met = figure <= target if at_most else figure >= target
    sign = "<=" if at_most else ">="
    print(f"{what:45} {figure:>12,.1f}   {sign} {target:>9,}  {'yes' if met else 'NO'}", flush=True)
    return met


def main() -> int:
    """Print the table; return 1 when a target is missed."""
    met = [row(*each) for each in rates(Plan.of("scale").world)]
    print(
        f"{'CPU microseconds of the disk for each file':45} {disk(Plan.of('scale').world):>12,.1f}"
    )
    met.append(row("two processes, times one", wall(1) / wall(2), 1.7))
    memory = peak_memory(a_day_of_scale)
    met.append(row("a day of scale, peak memory, MB", memory, 1500, at_most=True))
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
