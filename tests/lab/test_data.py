"""Preparing a team's data: once, whole or not at all, by one kernel at a time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple

import pytest

from siemlab.datasets import Plan
from siemlab.errors import MissionFileError, StoreError
from siemlab.lab import Lab
from siemlab.lab.data import is_ready, prepare
from siemlab.lab.opening import written_by
from siemlab.lab.places import progress_file, small_logs, small_store
from siemlab.store import open_store

pytestmark = pytest.mark.slow

MONTH = "2022-01"  # thin days


@pytest.fixture
def short(monkeypatch):
    """A month instead of thirteen, in this process."""
    _shorten(monkeypatch)


def _shorten(patch):
    patch.setattr("siemlab.lab.data._plan", lambda team: Plan.of("small", team=team, month=MONTH))
    patch.setattr("siemlab.lab.data._jobs", lambda: 1)


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """A folder with a month of team t07, prepared."""
    folder = tmp_path_factory.mktemp("stores")
    with pytest.MonkeyPatch.context() as patch:
        _shorten(patch)
        prepare("t07", lambda *_: None, folder=folder)
    return folder


def left(folder):
    """Return what lies there besides locks."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_a_team_without_data_gets_it_and_is_told_how_long_it_takes(
    short, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("SIEMLAB_STORES", str(tmp_path))
    with Lab("ja", team="t07") as lab:
        count = lab.events().count()
        assert count > 100
    first, last = capsys.readouterr().out.splitlines()
    assert "分ほどかかります" in first
    assert last.startswith("チーム t07 のログ: ")
    assert left(tmp_path) == ["small-t07", "store-small-t07"]
    with Lab(team="t07") as lab:
        assert lab.events().count() == count
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Logs of team t07: ")


def test_the_store_has_the_places_of_the_companys_own_geoip(month):
    with Lab(store=month / "store-small-t07", quiet=True) as lab:
        assert lab.events().exists("source.geo.country_iso_code").count() > 0
        assert lab.events().exists("source.as.number").count() > 0


def test_it_holds_what_one_load_of_all_logs_would_hold(month, tmp_path):
    from siemlab.lab.data import _by_index, _documents

    class Bar:
        def update(self):
            pass

    whole = open_store(tmp_path / "whole", engine="duckdb")
    logs = month / "small-t07"
    objects = [found for group in _by_index(logs) for found in group]
    whole.add(_documents(objects, logs, Bar()))
    with Lab(store=month / "store-small-t07", quiet=True) as lab:
        parts = [(i.name, i.documents, i.first, i.last) for i in lab.indexes()]
        fields = list(lab.events().fields())
    assert parts == [(i.name, i.documents, i.first, i.last) for i in whole.indexes()]
    assert fields == list(Lab(store=whole, quiet=True).events().fields())
    whole.close()


def test_data_that_many_share_is_only_read(month, monkeypatch, tmp_path):
    shared = tmp_path / "shared"
    shutil.copytree(month / "store-small-t07", shared / "store-small-t07")
    monkeypatch.setenv("SIEMLAB_STORES", str(shared))
    with Lab(team="t07", quiet=True) as lab:
        assert lab.events().count() > 100
    assert left(shared) == ["store-small-t07"]


def test_what_a_shared_folder_lacks_lies_with_ones_own_data(monkeypatch, tmp_path):
    monkeypatch.setattr("siemlab.lab.places._data", lambda: tmp_path / "own")
    monkeypatch.setenv("SIEMLAB_STORES", str(tmp_path))
    assert small_store("t07") == tmp_path / "store-small-t07"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert small_store("t07") == tmp_path / "own/store-small-t07"
    (tmp_path / "store-small-t07").mkdir()
    assert small_store("t07") == tmp_path / "store-small-t07"
    assert small_logs(small_store("")) == tmp_path / "own/small"


def test_a_load_that_is_interrupted_leaves_no_store_and_the_days_are_kept(short, tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("siemlab.lab.data._documents", stop)
        with pytest.raises(KeyboardInterrupt):
            prepare("t07", lambda *_: None, folder=tmp_path)
    assert left(tmp_path) == ["small-t07"]
    built = (tmp_path / "small-t07/days/2022-01-01.json").stat().st_mtime_ns
    (tmp_path / ".store-small-t07.part-killed").mkdir()  # as a kill -9 leaves it
    store = prepare("t07", lambda *_: None, folder=tmp_path)
    assert written_by(store) == "duckdb"
    assert (tmp_path / "small-t07/days/2022-01-01.json").stat().st_mtime_ns == built
    assert left(tmp_path) == ["small-t07", "store-small-t07"]


@pytest.fixture
def next_version(monkeypatch, tmp_path):
    """Another version of siemlab, whose data sets have another content."""
    (tmp_path / "published").mkdir()
    (tmp_path / "published/small.json").write_text("{}")
    monkeypatch.setattr("siemlab.published.MANIFESTS", tmp_path / "published")


def test_logs_of_another_version_are_made_anew_and_that_is_said(
    short, month, next_version, tmp_path
):
    folder = tmp_path / "stores"
    shutil.copytree(month, folder)
    (folder / "small-t07/bucket/AWSLogs/old.json.gz").write_bytes(b"")
    (folder / "store-small-t07/old").write_text("")
    said = []
    store = prepare("t07", lambda en, ja: said.append((en, ja)), folder=folder)
    assert "of team t07 are of another version" in said[0][0]
    assert "作り直します" in said[0][1]
    assert [path for path in folder.rglob("old*") if path.name.startswith("old")] == []
    assert left(folder) == ["small-t07", "store-small-t07"]
    assert is_ready(store)
    said.clear()
    assert prepare("t07", lambda en, ja: said.append((en, ja)), folder=folder) == store
    assert said == []


def test_old_logs_that_many_share_are_opened_and_that_is_said(
    month, next_version, monkeypatch, tmp_path
):
    shutil.copytree(month / "store-small-t07", tmp_path / "store-small-t07")
    monkeypatch.setattr(os, "access", lambda *_: False)
    said = []
    store = prepare("t07", lambda en, ja: said.append((en, ja)), folder=tmp_path)
    assert store == tmp_path / "store-small-t07"
    [(en, ja)] = said
    assert "of another version of siemlab" in en
    assert "siemlab prepare" in ja


def test_without_a_published_manifest_any_store_will_do(month, monkeypatch, tmp_path):
    monkeypatch.setattr("siemlab.published.MANIFESTS", tmp_path)
    assert is_ready(month / "store-small-t07")


SLOW = """
import sys, time
from pathlib import Path
import siemlab.lab.data as data

def make(team, store, tell, jobs, lang):
    print("making", flush=True)
    time.sleep(float(sys.argv[2]))
    store.mkdir()
    (store / "manifest.json").write_text("{}")
    (store / data.MADE_FROM).write_text(data.content_of("small"))

data._make = make
data.prepare("t07", lambda en, ja: print(en, flush=True), folder=Path(sys.argv[1]))
print("ready", flush=True)
"""


def kernel(folder, seconds):
    args = [sys.executable, "-c", SLOW, str(folder), str(seconds)]
    return subprocess.Popen(args, stdout=subprocess.PIPE, text=True)


def test_a_second_kernel_waits_and_finds_the_data_ready(tmp_path):
    first = kernel(tmp_path, 4)
    assert first.stdout.readline() == "making\n"
    second = kernel(tmp_path, 0)
    said = second.communicate(timeout=60)[0].splitlines()
    assert said == ["Another notebook is preparing these logs; this one waits for it.", "ready"]
    assert first.communicate(timeout=60)[0] == "ready\n"


def test_a_kernel_that_is_killed_lets_the_next_one_go_on(tmp_path):
    first = kernel(tmp_path, 600)
    assert first.stdout.readline() == "making\n"
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    begun = time.monotonic()
    assert kernel(tmp_path, 0).communicate(timeout=60)[0] == "making\nready\n"
    assert time.monotonic() - begun < 30


def test_a_disk_without_room_is_said_before_anything_is_built(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 9, 200_000_000))
    with pytest.raises(StoreError, match=r"room for 0\.2 GB") as raised:
        prepare("t07", lambda *_: None, folder=tmp_path)
    assert "空きは 0.2 GB" in raised.value.message("ja")
    assert left(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="set SIEMLAB_STORES"):
        prepare("t07", lambda *_: None, folder=tmp_path / "file" / "below")


@pytest.mark.parametrize("team", ["../x", "T07", "a b", "base", "x" * 40])
def test_what_can_be_no_team_is_refused_before_anything_is_made(team, monkeypatch, tmp_path):
    monkeypatch.setenv("SIEMLAB_STORES", str(tmp_path))
    for door in (lambda: Lab(team=team), lambda: small_store(team), lambda: progress_file(team)):
        with pytest.raises(MissionFileError, match="can be no team"):
            door()
    assert left(tmp_path) == []


def test_a_store_that_is_named_is_opened_for_a_team_as_it_is(lab):
    assert Lab(team="t07", store=lab.store, quiet=True).store is lab.store
    assert Lab(team="t07", store=lab.store, quiet=True).on("pandas").team == "t07"


def test_a_url_in_the_environment_is_asked_and_nothing_is_prepared(monkeypatch, tmp_path):
    monkeypatch.setenv("SIEMLAB_STORES", str(tmp_path))
    monkeypatch.setenv("SIEMLAB_STORE", "http://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9"):
        Lab(team="t07")
    monkeypatch.delenv("SIEMLAB_STORE")
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", "http://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9"):
        Lab(team="t07", engine="opensearch")
    assert left(tmp_path) == []


@pytest.mark.opensearch
def test_an_empty_server_says_how_the_teams_logs_come_into_it(empty_opensearch, monkeypatch):
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", empty_opensearch)
    with pytest.raises(StoreError, match="siemlab build small --team t07") as raised:
        Lab(team="t07", engine="opensearch")
    assert "--geoip-city data/small-t07/geo/GeoLite2-City.mmdb" in str(raised.value)
