"""How fast the engines answer at a million documents, beside pandas and a real OpenSearch.

    python tests/bench/store.py                 a million documents, about ten minutes
    python tests/bench/store.py 100000          fewer
    python tests/bench/store.py --no-pandas     without pandas

Each engine lives in a process of its own, so that memory is its own, too. All load the same file
of NDJSON; their answers are compared first, then they are asked in turns, and each figure is the
median of some turns. No question comes twice in the same words: no total is remembered.
pandas is what a user would write by hand, with pyarrow's columns: the fixed fields, and one column
for the one dynamic key that is asked for. Exit status 1: a target is missed.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from statistics import median
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from siemlab.normalize.document import Document
from siemlab.query import Query, TimeRange
from siemlab.server import OpenSearchServer
from siemlab.store import open_store
from siemlab.store.base import Store
from tests.bench.synthetic import documents

TURNS = 7
INDEX = "log-aws-cloudtrail-2023"
KEY = "requestParameters.parameter3Name3"
NET = "198.51.0.0/17"
COUNT = (
    Query("log-aws-cloudtrail-*")
    .time("2023-01-15", "2023-03-01")
    .include("event.module", "s3.amazonaws.com")
    .exclude("user.name", "user000")
    .include("cloud.region", ["us-east-1", "ap-northeast-1"])
)
EVERY = Query("log-aws-cloudtrail-*")
END_OF_DATA = TimeRange.of(None, "2023-06-01")
MOMENT, MOMENTS = timedelta(milliseconds=1), itertools.count()
QUERIES: dict[str, tuple[str, Query, Any, float]] = {
    # name: (what is asked, the query, its argument, target in ms at a million documents)
    "count, 4 conditions": ("count", COUNT, None, 10),
    "top 20, filtered": ("top", COUNT, "user.name", 15),
    "histogram 1h, 90 days": ("histogram", EVERY.include("event.outcome", "failure"), "1h", 20),
    "newest 500 whole": ("newest", COUNT, 500, 30),
    "user-agent wildcard": ("count", EVERY.lucene("user_agent.original:*Terraform*"), None, 10),
    "exclude a CIDR": ("count", EVERY.exclude("source.ip", NET), None, 20),
    "exists and missing": ("count", EVERY.exists("error.code").missing("source.ip"), None, 10),
    "dynamic key equal": ("count", EVERY.include(KEY, "value-3-1"), None, 10),
    "phrase, common": ("count", EVERY.lucene('@message:"not authorized"'), None, 1000),
    "phrase, rare": ("count", EVERY.lucene('@message:"user399 is not authorized"'), None, 300),
}
REFRESH = ("user.name", "event.action", "event.module", "source.ip", "cloud.region")


def anew(query: Query) -> Query:
    """Return a query for the same documents: its time ends a little later, where there are none."""
    span = query.time_range or END_OF_DATA
    return replace(query, time_range=replace(span, end=span.end + next(MOMENTS) * MOMENT))


class Engine:
    """An engine of siemlab, asked by the names of `QUERIES`."""

    def __init__(self, open_it: Callable[[], Store], file: Path) -> None:
        self._store = open_it()
        self._store.add(read(file))

    def ask(self, name: str) -> Any:
        if name == "Discover refresh":
            hits = anew(COUNT)
            self._store.count(hits)
            self._store.histogram(hits, "1h")
            for field in REFRESH:
                self._store.top(hits, field, 20)
            return len(self._store.newest(hits, 50))
        if name == "field side bar":
            return len(self._store.fields(EVERY))
        verb, asked, argument, _ = QUERIES[name]
        query = anew(asked)
        if verb == "count":
            return self._store.count(query)
        if verb == "top":
            return [(b.key, b.count) for b in self._store.top(query, argument, 20)]
        if verb == "histogram":
            return sum(b.count for b in self._store.histogram(query, argument))
        return [hit.id for hit in self._store.newest(query, argument)]


class Pandas:
    """What a user would write by hand: a frame with pyarrow's columns, and masks."""

    FIELDS = ("event.module", "event.outcome", "user.name", "cloud.region", "user_agent.original")

    def __init__(self, file: Path) -> None:
        import pandas as pd

        columns: dict[str, list[Any]] = {name: [] for name in (*self.FIELDS, "source.ip", "key")}
        columns |= {name: [] for name in ("time", "id", "error.code", "@message", "_source")}
        for document in read(file):
            source = document.source
            for name in self.FIELDS:
                first, second = name.split(".")
                columns[name].append(source[first][second])
            columns["source.ip"].append(source["source"].get("ip"))
            columns["key"].append(source["requestParameters"].get(KEY.split(".")[1]))
            columns["error.code"].append(source.get("error", {}).get("code"))
            columns["time"].append(source["@timestamp"])
            columns["id"].append(document.id)
            columns["@message"].append(source["@message"])
            columns["_source"].append(orjson.dumps(source).decode())
        frame = pd.DataFrame({n: pd.array(c, dtype="string[pyarrow]") for n, c in columns.items()})
        frame["time"] = pd.to_datetime(frame["time"], format="ISO8601", utc=True)
        self._frame = frame

    def _hits(self) -> Any:
        import pandas as pd

        f = self._frame
        start, end = (pd.Timestamp(day, tz="UTC") for day in ("2023-01-15", "2023-03-01"))
        return f[
            (f["time"] >= start)
            & (f["time"] < end)
            & (f["event.module"] == "s3.amazonaws.com")
            & (f["user.name"] != "user000")
            & f["cloud.region"].isin(["us-east-1", "ap-northeast-1"])
        ]

    def ask(self, name: str) -> Any:
        match name:
            case "count, 4 conditions":
                return len(self._hits())
            case "top 20, filtered":
                counts = self._hits()["user.name"].value_counts()
                return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:20]
            case "histogram 1h, 90 days":
                hits = self._frame[self._frame["event.outcome"] == "failure"]
                return int(hits.groupby(hits["time"].dt.floor("h")).size().sum())
            case "newest 500 whole":
                newest = self._hits().sort_values(["time", "id"], ascending=[False, True])[:500]
                return [orjson.loads(text)["@id"] for text in newest["_source"]]
        return int(self._mask(name).sum())

    def _mask(self, name: str) -> Any:
        f = self._frame
        match name:
            case "user-agent wildcard":
                return f["user_agent.original"].str.contains("Terraform", regex=False)
            case "exclude a CIDR":
                net = ip_network(NET)
                inside = f["source.ip"].map(lambda ip: ip_address(ip) in net, na_action="ignore")
                return ~inside.fillna(False).astype(bool)
            case "exists and missing":
                return f["error.code"].notna() & f["source.ip"].isna()
            case "dynamic key equal":
                return f["key"] == "value-3-1"
        common = name == "phrase, common"
        words = "not authorized" if common else "user399 is not authorized"
        return f["@message"].str.contains(words, regex=False)


def read(file: Path) -> Iterator[Document]:
    """Yield the documents of the file."""
    with file.open("rb") as lines:
        for line in lines:
            source = orjson.loads(line)
            yield Document(INDEX, source["@id"], source)


def serve(kind: str, target: str, file: Path, pipe: Any) -> None:
    """Load the file, then answer until told to stop."""
    start = time.perf_counter()
    if kind == "pandas":
        engine: Any = Pandas(file)
    else:
        engine = Engine(lambda: open_store(target, engine=kind), file)
        engine.ask("count, 4 conditions")
    pipe.send((time.perf_counter() - start, peak()))
    if kind == "duckdb":  # what it takes to answer is measured in a process that did not load
        pipe.close()
        return
    answer_all(engine, pipe)


def answer(target: str, pipe: Any) -> None:
    """Answer from a store that is loaded."""
    start = time.perf_counter()
    engine = Engine.__new__(Engine)
    engine._store = open_store(target, engine="duckdb")
    engine.ask("count, 4 conditions")
    pipe.send((time.perf_counter() - start, peak()))
    answer_all(engine, pipe)


def answer_all(engine: Any, pipe: Any) -> None:
    while (name := pipe.recv()) is not None:
        start = time.perf_counter()
        found = engine.ask(name)
        pipe.send(((time.perf_counter() - start) * 1000, found, peak()))


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def started(target: Callable[..., None], *arguments: Any) -> tuple[Any, float, float]:
    """Start an engine; return its pipe, the seconds until it was ready, and its memory."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=target, args=(*arguments, there), daemon=True
    )
    process.start()
    there.close()
    seconds, memory = here.recv()
    return here, seconds, memory


def row(what: str, figure: str, target: str, ok: bool | None) -> bool:
    mark = {True: "yes", False: "NO", None: ""}[ok]
    print(f"{what:<44}{figure:>34}  {target:<26}{mark}", flush=True)
    return ok is not False


def main() -> int:
    """Run the table; return the exit status."""
    parser = argparse.ArgumentParser(description="How fast the engines load and answer.")
    parser.add_argument("count", nargs="?", type=int, default=1_000_000, help="documents")
    parser.add_argument("--no-pandas", action="store_true", help="leave pandas out")
    options = parser.parse_args()
    count = options.count
    folder = Path(tempfile.mkdtemp(prefix="siemlab-bench-"))
    server = OpenSearchServer(home=folder / "server", port=9290)
    try:
        file = folder / "documents.ndjson"
        with file.open("wb") as lines:
            lines.writelines(orjson.dumps(d.source) + b"\n" for d in documents(count))
        url = str(server.up().url)
        kinds = ("opensearch",) if options.no_pandas else ("pandas", "opensearch")
        return 0 if table(count, folder, file, {"opensearch": url}, kinds) else 1
    finally:
        server.down()
        shutil.rmtree(folder, ignore_errors=True)


def table(
    count: int, folder: Path, file: Path, targets: dict[str, str], rivals: tuple[str, ...]
) -> bool:
    scale = count / 1_000_000
    store = str(folder / "store")
    _, load, load_memory = started(serve, "duckdb", store, file)
    disk = sum(f.stat().st_size for f in Path(store).rglob("*") if f.is_file()) / 1e6
    pipes, loads, memories = {}, {"duckdb": load}, {}
    pipes["duckdb"], first, _ = started(answer, store)
    for kind in rivals:
        pipes[kind], loads[kind], memories[kind] = started(serve, kind, targets.get(kind, ""), file)
    print(f"{count:,} documents, milliseconds: {' / '.join(pipes)}")
    good, memory = answers(pipes)
    for pipe in pipes.values():
        pipe.send(None)
    times = loads["opensearch"] / load
    rows = [
        ("load, s", " / ".join(f"{seconds:.1f}" for seconds in loads.values()), "", None),
        at_least("load, times faster than OpenSearch", times, 2 if scale >= 1 else 3),
        at_most("load, s at a million", load / scale, 32),
        at_most("load, peak memory, MB", load_memory, 750),
        at_most("answers, peak memory, MB", memory, 400),
        at_most("disk, MB at a million", disk / scale, 350),
        at_most("open to first answer, s", first, 0.3),
    ]
    if "pandas" in memories:
        rows.append(("load of pandas, peak memory, MB", f"{memories['pandas']:.0f}", "", None))
    return all([good, *(row(*one) for one in rows)])


def at_most(what: str, figure: float, target: float) -> tuple[str, str, str, bool]:
    return what, f"{figure:.2f}", f"<= {target:g}", figure <= target


def at_least(what: str, figure: float, target: float) -> tuple[str, str, str, bool]:
    return what, f"{figure:.2f}", f">= {target:g}", figure >= target


def answers(pipes: dict[str, Any]) -> tuple[bool, float]:
    """Print a row for each thing asked; return whether all are well, and duckdb's memory."""
    good, memory = True, 0.0
    targets = {name: target for name, (*_, target) in QUERIES.items()}
    for name, target in {**targets, "Discover refresh": 50, "field side bar": 150}.items():
        some = {kind: pipe for kind, pipe in pipes.items() if name in QUERIES or kind != "pandas"}
        figures, found, memory = in_turns(some, name)
        if any(answer != found["duckdb"] for answer in found.values()):
            good &= row(name, "answers differ", str(found)[:80], False)
            continue
        shown = " / ".join(f"{figures[kind]:.1f}" if kind in figures else "-" for kind in pipes)
        good &= row(name, shown, f"<= {target:g} ms", figures["duckdb"] <= target)
    return good, memory


def in_turns(pipes: dict[str, Any], name: str) -> tuple[dict[str, float], dict[str, Any], float]:
    """Ask the engines one after the other, some times; return medians, answers, duckdb's memory."""
    times: dict[str, list[float]] = {kind: [] for kind in pipes}
    found: dict[str, Any] = {}
    memory = 0.0
    for turn in range(TURNS + 1):
        for kind, pipe in pipes.items():
            pipe.send(name)
            milliseconds, found[kind], used = pipe.recv()
            if turn:  # the first warms up
                times[kind].append(milliseconds)
            if kind == "duckdb":
                memory = used
    return {kind: median(some) for kind, some in times.items()}, found, memory


if __name__ == "__main__":
    sys.exit(main())
