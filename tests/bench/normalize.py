"""How fast logs are normalized, beside the standard library's JSON, and in how much memory.

    python tests/bench/normalize.py

Ratios are measured in turns in one run, so that a busy machine slows both sides; each figure is the
best of some turns, in CPU time of this process. The records are those of the golden cases, each
with an id of its own, in one object as CloudTrail writes it. Exit status 1: a target is missed.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from siemlab.logs import LogType, recognize
from siemlab.logs.model import Record
from siemlab.normalize import Document, normalize_object
from siemlab.normalize.framing import read_records
from siemlab.normalize.sources import LogObject

__all__ = ["main"]

CASES = Path(__file__).resolve().parents[1] / "cases" / "logs"
PLACE = "AWSLogs/111122223333/{}/us-east-1/2022/11/18/111122223333_{}_us-east-1_x"
TRAIL = PLACE.format("CloudTrail", "CloudTrail")
FLOW = PLACE.format("vpcflowlogs", "vpcflowlogs")
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status"
)
TURNS = 5
written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # as AWS does
EVENTS, FLOWS = 10_000, 40_000
MEMORY_FACTOR = 8
MEMORY_GROWTH = 1.2


def log_object(key: str, data: bytes | str) -> LogObject:
    """An object of some bytes, or of the bytes in a file."""
    return LogObject(
        key, "logs", lambda: open(data, "rb") if isinstance(data, str) else io.BytesIO(data)
    )


def events() -> Iterator[dict[str, Any]]:
    """CloudTrail records without end, with ids of their own."""
    found: list[dict[str, Any]] = []
    for case in sorted((CASES / "cloudtrail").iterdir()):
        key = (case / "key.txt").read_text().rstrip()
        log_type = recognize(key)
        # Not what is left out, and not the two events that are long on purpose.
        if isinstance(log_type, LogType) and case.name not in ("own-logs", "long-strings"):
            data = next(case.glob("raw*")).read_bytes()
            records = read_records(log_object(key, data), log_type)
            found += [record.raw for record in records if isinstance(record, Record)]
    number = 0
    while True:
        for record in found:
            number += 1
            yield {**record, "eventID": f"00000000-0000-4000-8000-{number:012}"}


def flow_lines() -> Iterator[str]:
    """Flow records without end: some hosts, many remote addresses, times that go on."""
    rng = random.Random(1)
    hosts = [f"10.0.{rng.randrange(4)}.{rng.randrange(250)}" for _ in range(200)]
    remotes = [f"198.51.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(5000)]
    now = 1668754800
    while True:
        now += rng.random() < 0.05
        yield (
            f"2 111122223333 eni-{rng.randrange(40):017x} {rng.choice(remotes)} {rng.choice(hosts)}"
            f" {rng.randrange(1024, 65535)} {rng.choice((22, 53, 80, 443))} {rng.choice((6, 17))}"
            f" {rng.randrange(1, 90)} {rng.randrange(40, 99999)} {now} {now + rng.randrange(60)}"
            f" {rng.choice(('ACCEPT', 'ACCEPT', 'REJECT'))} OK"
        )


def some(items: Iterator[Any], count: int) -> list[Any]:
    return [next(items) for _ in range(count)]


def normalized(key: str, data: bytes | str) -> int:
    """Make all documents of an object, keep none, and count them."""
    return sum(isinstance(one, Document) for one in normalize_object(log_object(key, data)))


def best(*work: Callable[[], object]) -> list[float]:
    """CPU seconds of each piece of work, the best of some turns."""
    seconds = [float("inf")] * len(work)
    for _ in range(TURNS):
        for at, piece in enumerate(work):
            begun = time.process_time()
            piece()
            seconds[at] = min(seconds[at], time.process_time() - begun)
    return seconds


def there_and_back(texts: list[str]) -> None:
    for text in texts:
        json.dumps(json.loads(text))


def peak_memory(folder: Path, count: int) -> float:
    """Peak memory in MB, beyond what was there before, of normalizing a packed file of events."""
    file = folder / f"{count}.json.gz"
    with gzip.open(file, "wt", compresslevel=1) as out:
        out.write('{"Records":[')
        for number, record in zip(range(count), events(), strict=False):
            out.write(("," if number else "") + written(record))
        out.write("]}")
    tracemalloc.start()
    assert normalized(TRAIL + ".json.gz", str(file)) == count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def measures() -> Iterator[tuple[str, float, str, bool]]:
    """Name, figure, target, and whether it is met."""
    records = some(events(), EVENTS)
    texts = list(map(written, records))
    trail = f'{{"Records":[{",".join(texts)}]}}'.encode()
    flow = "\n".join([HEADER, *some(flow_lines(), FLOWS), "", ""]).encode()
    assert normalized(TRAIL + ".json", trail) == EVENTS
    assert normalized(FLOW + ".log", flow) == FLOWS
    plain, documents, flows = best(
        lambda: there_and_back(texts),
        lambda: normalized(TRAIL + ".json", trail),
        lambda: normalized(FLOW + ".log", flow),
    )
    speed = EVENTS / documents
    yield "CloudTrail, documents per CPU second", speed, ">= 15,000 (try 25,000)", speed >= 15_000
    ratio = documents / plain
    yield "CloudTrail, times json.loads + json.dumps", ratio, "<= 2.5", ratio <= 2.5
    speed = FLOWS / flows
    yield "VPC flow, records per CPU second", speed, ">= 60,000 (try 150,000)", speed >= 60_000
    with tempfile.TemporaryDirectory() as folder:
        small, large = (peak_memory(Path(folder), EVENTS * times) for times in (1, MEMORY_FACTOR))
    yield f"peak memory of {EVENTS:,} events, MB", small, "", True
    name = f"peak memory of {EVENTS * MEMORY_FACTOR:,} events, MB"
    yield name, large, f"<= {MEMORY_GROWTH} times that", large <= small * MEMORY_GROWTH


def main() -> int:
    """Print the table, and return the exit status."""
    all_met = True
    print(f"{'normalize':62}{'figure':>10}  {'target':26}ok")
    for name, figure, target, is_met in measures():
        shown = f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}"
        print(f"{name:62}{shown:>10}  {target:26}{'yes' if is_met else 'NO'}")
        all_met &= is_met
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main())
