"""The embedded engine among others: killed writers, many readers, races, damage."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store.base import Bucket
from siemlab.store.duckdb import DuckDBStore
from siemlab.store.duckdb_files import PARTS, IndexEntry, Manifest, StoreFiles

TRAIL = "log-aws-cloudtrail-2022-11"
EVERYTHING = Query("*")
SECONDS = 60


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIEMLAB_HOME", str(tmp_path / "home"))
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(folder)
    yield store
    store.close()


def documents(count: int, first: int = 0, word: str = "x") -> list[Document]:
    return [
        Document(TRAIL, f"{n:06}", {"@id": f"{n:06}", "n": n % 10, "word": word, "pad": "y" * 300})
        for n in range(first, first + count)
    ]


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python code in a process of its own; ``sys.argv[1:]`` are the arguments."""
    prelude = """
        import sys
        from siemlab.normalize.document import Document
        from siemlab.query.value import Query
        from siemlab.store.duckdb import DuckDBStore
        store = DuckDBStore(sys.argv[1])
    """
    text = textwrap.dedent(prelude) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", text, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    return out


def until(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def named_files(folder: Path) -> set[Path]:
    files = StoreFiles(folder)
    return {
        files.segment(index, segment.name, part)
        for index, entry in files.manifest().indexes.items()
        for segment in entry.segments
        for part in PARTS
    }


ADD = """
    count, first = int(sys.argv[2]), int(sys.argv[3])
    report = store.add(
        Document("log-aws-cloudtrail-2022-11", f"{n:06}",
                 {"@id": f"{n:06}", "n": n % 10, "word": "x", "pad": "y" * 300})
        for n in range(first, first + count)
    )
    print(report.created, report.updated)
"""

# --- kill -9 --------------------------------------------------------------------------------

MOMENTS = {
    "as soon as it holds the lock": "work",
    "while documents are spooled": "work/spool0/source.ndjson",
    "while rows are written": "work/spool0/docs.ndjson",
    "while a helper is at work": "work/spool0/helper*/docs.ndjson",
    "while Parquet is written": "work/spool0/docs.parquet",
    "when Parquet is nearly written": "work/spool0/source.parquet",
    "when a segment is in its place": "segments/*/*.source.parquet",
    "when the manifest is being written": ".manifest-*.part",
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_load_that_is_killed_leaves_the_store_as_it_was_or_complete(
    store: DuckDBStore, folder: Path, moment: str
) -> None:
    store.add(documents(100))
    before = named_files(folder)
    count = 24_000 if "helper" in moment else 4_000
    process = run(ADD, folder, count, 50)
    until(lambda: set(folder.glob(moment)) - before, process)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=SECONDS)

    found = store.count(EVERYTHING)
    assert found in (100, 50 + count)
    assert sum(bucket.count for bucket in store.top(EVERYTHING, "n")) == found
    assert sum(1 for _ in store.scan(EVERYTHING)) == found

    report = store.add(documents(10, first=90_000))
    assert report.created == 10
    assert store.count(EVERYTHING) == found + 10
    assert not (folder / "work").exists()
    assert not list(folder.glob(".manifest-*"))


def test_what_a_killed_load_left_is_removed_by_the_next_one(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(documents(10))
    torn = folder / "segments" / TRAIL / "0123456789abcdef0123456789abcdef.docs.parquet"
    torn.write_bytes(b"PAR1 torn")
    (folder / "work" / "spool0").mkdir(parents=True)
    (folder / ".manifest-999.part").write_bytes(b"{")
    store.add(documents(10, first=10))
    kept = {*named_files(folder)}
    retired = {path for path in folder.glob("segments/*/*") if path not in kept}
    assert torn not in retired
    assert store.count(EVERYTHING) == 20


def test_a_helper_ends_with_the_process_that_started_it(store: DuckDBStore, folder: Path) -> None:
    process = run(ADD, folder, 24_000, 0)
    until(lambda: list(folder.glob("work/spool0/helper*/docs.ndjson")), process)
    helpers = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=SECONDS)
    assert len(helpers) == 1
    deadline = time.monotonic() + SECONDS
    while any(alive(helper) for helper in helpers):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def children(parent: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(parent).children(recursive=True)]


def alive(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


# --- readers and writers together -----------------------------------------------------------


def test_readers_see_whole_loads_only_while_one_adds(store: DuckDBStore, folder: Path) -> None:
    store.add(documents(500))
    reader = """
        seen = []
        while not seen or seen[-1] != int(sys.argv[2]):
            counts = store.count(Query("*")), sum(b.count for b in store.top(Query("*"), "n", 99))
            seen.append(counts[0])
            assert counts[1] >= counts[0], counts
        print(*dict.fromkeys(seen))
    """
    readers = [run(reader, folder, 2_000) for _ in range(2)]
    writer = DuckDBStore(folder)
    for first in (500, 1_000, 1_500):
        writer.add(documents(500, first=first))
    for process in readers:
        assert set(map(int, finish(process).split())) <= {500, 1_000, 1_500, 2_000}


def test_a_scan_goes_on_over_what_it_began_with(store: DuckDBStore, folder: Path) -> None:
    store.add(documents(5_000))
    scan = store.scan(EVERYTHING)
    first = next(scan)
    DuckDBStore(folder).add(documents(5_000, word="changed"))
    rest = list(scan)
    assert {hit.source["word"] for hit in (first, *rest)} == {"x"}
    assert len(rest) == 4_999
    assert store.top(EVERYTHING, "word") == [Bucket("changed", 5_000)]


def test_two_writers_take_turns(store: DuckDBStore, folder: Path) -> None:
    writers = [run(ADD, folder, 1_500, first) for first in (0, 1_000)]
    reports = sorted(tuple(map(int, finish(process).split())) for process in writers)
    assert reports == [(1_000, 0), (1_500, 0)]
    assert store.count(EVERYTHING) == 2_500


def test_several_processes_may_make_the_same_cache_at_once(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(documents(3_000))
    assert not list(folder.glob("cache/*"))
    ask = 'print(store.count(Query("*").include("n", 3)))'
    readers = [run(ask, folder) for _ in range(3)]
    assert [finish(process) for process in readers] == ["300\n"] * 3
    assert len(list(folder.glob("cache/*"))) == 1


def test_segments_that_were_replaced_are_removed_when_nobody_can_be_in_them(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(documents(10))
    old = named_files(folder)
    store.add(documents(10, word="changed"))
    assert all(path.exists() for path in old)
    files = StoreFiles(folder)
    manifest = files.manifest()
    aged = tuple((index, name, when - 7_200) for index, name, when in manifest.retired)
    files.commit(Manifest(manifest.indexes, manifest.pins, aged))
    store.add(documents(1, first=99))
    assert not any(path.exists() for path in old)


# --- places and damage ----------------------------------------------------------------------


def test_where_the_store_takes_no_cache_the_users_own_folder_does(
    store: DuckDBStore, folder: Path, tmp_path: Path
) -> None:
    store.add(documents(10))
    (folder / "cache").write_text("a file where a folder should be")
    assert store.count(EVERYTHING) == 10
    assert len(list((tmp_path / "home" / "cache").glob("*.duckdb"))) == 1


def test_where_no_cache_can_be_made_the_error_says_what_to_set(
    store: DuckDBStore, folder: Path, tmp_path: Path
) -> None:
    store.add(documents(10))
    (folder / "cache").write_text("")
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match="SIEMLAB_HOME"):
        store.count(EVERYTHING)


@pytest.mark.parametrize("damage", [b"", b"no database", None], ids=["empty", "text", "flipped"])
def test_a_damaged_cache_is_made_anew(
    store: DuckDBStore, folder: Path, damage: bytes | None
) -> None:
    store.add(documents(3_000))
    assert store.count(EVERYTHING.include("n", 3)) == 300
    store.close()
    (cache,) = folder.glob("cache/*")
    whole = cache.read_bytes()
    flipped = whole[:20_000] + bytes(255 - byte for byte in whole[20_000:])
    cache.write_bytes(flipped if damage is None else damage)
    fresh = DuckDBStore(folder)
    assert fresh.count(EVERYTHING.include("n", 3)) == 300
    fresh.close()


def test_a_cache_that_goes_bad_while_it_is_open_does_no_harm(
    store: DuckDBStore, folder: Path
) -> None:
    store.add(documents(30_000))
    assert store.count(EVERYTHING) == 30_000
    (cache,) = folder.glob("cache/*")
    with cache.open("r+b") as file:
        file.seek(20_000)
        file.write(os.urandom(cache.stat().st_size - 20_000))
    assert store.count(EVERYTHING.include("n", 3)) == 3_000


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b'{"format": 99, "indexes": {}}', b'{"format": 1, "indexes": 7}'],
)
def test_a_damaged_manifest_is_named_with_what_to_do(
    store: DuckDBStore, folder: Path, text: bytes
) -> None:
    store.add(documents(10))
    (folder / "manifest.json").write_bytes(text)
    for ask in (lambda: store.count(EVERYTHING), lambda: store.add(documents(1))):
        with pytest.raises(StoreError, match=r"manifest\.json is damaged.*siemlab load") as found:
            ask()
        assert "siemlab load" in found.value.message("ja")


@pytest.mark.parametrize("part", PARTS)
def test_a_segment_that_is_gone_or_damaged_is_said_plainly(
    store: DuckDBStore, folder: Path, part: str
) -> None:
    store.add(documents(200))
    (path,) = folder.glob(f"segments/*/*.{part}.parquet")
    path.write_bytes(b"nonsense")

    def ask() -> None:
        """Ask what reads each of the four files."""
        store.count(EVERYTHING.include("rare", "x"))
        store.count(EVERYTHING.lucene("@message:x"))
        list(store.scan(EVERYTHING))

    with pytest.raises(StoreError, match=str(folder)):
        ask()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = DuckDBStore(tmp_path / "file" / "store")
    with pytest.raises(StoreError, match="cannot be written"):
        store.add(documents(1))
    with pytest.raises(StoreError, match="no store"):
        store.count(EVERYTHING)


def test_a_folder_with_signs_of_a_pattern_in_its_name_is_a_folder(
    folder: Path, tmp_path: Path
) -> None:
    store = DuckDBStore(tmp_path / "we[i]rd *? it's {a}")
    store.add(documents(10))
    store.add(documents(3, first=10))
    assert store.count(EVERYTHING) == 13
    assert len(store.newest(EVERYTHING)) == 13
    store.close()


def test_many_indexes_are_one_commit(store: DuckDBStore, folder: Path) -> None:
    spread = [
        Document(f"log-aws-cloudtrail-{year}-{month:02}", f"{year}{month}", {"n": month})
        for year in range(2020, 2024)
        for month in range(1, 13)
    ]
    assert store.add(spread).created == 48
    assert len(store.indexes()) == 48
    assert store.count(EVERYTHING.include("n", 12)) == 4
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert len(manifest["indexes"]) == 48


def test_a_manifest_reads_back_what_it_wrote() -> None:
    manifest = Manifest(
        {"log-a": IndexEntry({"mappings": {}})}, {"log": {}}, (("log-a", "s", 1.5),)
    )
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
