"""A build: the same in any order and number of processes, and to be gone on with."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from siemlab.datasets import Plan, build, read_manifest
from siemlab.datasets import plan as plan_module
from siemlab.datasets.build import build_day
from siemlab.datasets.record import DayRecord
from siemlab.errors import StoreError
from siemlab.simulate.calendar import Day

SMALL = Plan.of("small")
DENSE = Day(date(2022, 10, 5), "dense")
THIN = Day(date(2022, 2, 10), "thin")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan of four days."""
    monkeypatch.setattr(plan_module, "FIRST_DAY", date(2022, 10, 1))
    monkeypatch.setattr(plan_module, "LAST_DAY", date(2022, 10, 4))
    return replace(SMALL)


def built(into: Path, day: Day, plan: Plan = SMALL) -> DayRecord:
    (into / "days").mkdir(parents=True)
    return build_day(plan, into, day)


def files(root: Path) -> dict[str, bytes]:
    found = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*"))}
    return {name: path.read_bytes() for name, path in found.items() if path.is_file()}


@pytest.mark.slow
def test_a_day_is_the_same_whatever_was_built_before(tmp_path: Path) -> None:
    alone = built(tmp_path / "a", DENSE)
    built(tmp_path / "b", THIN)
    after = build_day(replace(SMALL), tmp_path / "b", DENSE)
    assert alone == after
    assert alone.counts["cloudtrail"] > 1000


@pytest.mark.slow
def test_another_seed_is_another_world(tmp_path: Path) -> None:
    one = built(tmp_path / "a", THIN)
    other = built(tmp_path / "b", THIN, replace(SMALL, seed=7))
    assert one.hashes != other.hashes


@pytest.mark.slow
def test_a_team_has_the_same_counts_and_other_content(tmp_path: Path) -> None:
    one = built(tmp_path / "a", DENSE)
    other = built(tmp_path / "b", DENSE, replace(SMALL, team="t07"))
    assert one.counts == other.counts
    assert all(one.hashes[name] != other.hashes[name] for name in ("cloudtrail", "vpcflowlogs"))


@pytest.mark.slow
def test_two_processes_build_what_one_does(tmp_path: Path) -> None:
    plan = replace(SMALL, month="2022-02")
    one = build(plan, tmp_path / "one", jobs=1)
    two = build(plan, tmp_path / "two", jobs=2)
    assert one == two
    assert read_manifest(tmp_path / "two" / "manifest.json") == one


@pytest.mark.slow
def test_a_build_goes_on_where_it_was_stopped(tmp_path: Path, short: Plan) -> None:
    done: list[int] = []

    def stop(count: int) -> None:
        done.append(count)
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(short, tmp_path / "stopped", progress=stop)
    assert done == [1, 2]
    rest: list[int] = []
    manifest = build(short, tmp_path / "stopped", progress=rest.append)
    assert rest == [3, 4]
    assert manifest == build(short, tmp_path / "whole")
    assert files(tmp_path / "stopped") == files(tmp_path / "whole")


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_and_the_same_command_goes_on(tmp_path: Path) -> None:
    into = tmp_path / "set"
    command = [
        str(Path(sys.executable).with_name("siemlab")),
        "build",
        "small",
        "--month",
        "2022-02",
    ]
    command += ["--jobs", "2", "--into", str(into)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while len(list(into.glob("days/*.json"))) < 2:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "goes on with it" in said
    assert not list(into.rglob("*.part"))
    kept = len(list(into.glob("days/*.json")))
    assert 2 <= kept < 28
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert len(list(into.glob("days/*.json"))) == 28


def test_a_folder_with_another_data_set_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps({"name": "medium"}))
    with pytest.raises(StoreError, match="another data set"):
        build(SMALL, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="not empty"):
        build(SMALL, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_disk_without_room_is_noticed_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 10**6))
    with pytest.raises(StoreError, match="room for 1 MB"):
        build(SMALL, tmp_path / "set")
    assert not list((tmp_path / "set").glob("days/*"))


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "small"}')
    with pytest.raises(StoreError, match=r"manifest\.json is no manifest"):
        read_manifest(tmp_path / "manifest.json")
