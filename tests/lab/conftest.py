"""A lab with the sample logs, in a data folder of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from siemlab.lab import Lab

from .tiny import write_keys, write_mission

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


@pytest.fixture(autouse=True)
def _neutral(monkeypatch, tmp_path):
    """No setting of the user's own, and no server at home."""
    for name in [*os.environ]:
        if name.startswith("SIEMLAB_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SIEMLAB_HOME", str(tmp_path / "home"))


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A checkout without any store, and its notebook folder as the current one."""
    shutil.copytree(SAMPLE, tmp_path / "data/sample")
    (tmp_path / "notebooks/en").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks/en")
    return tmp_path


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A lab that only reads."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(SAMPLE, folder / "data/sample")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with Lab(store="sample", quiet=True) as opened:
            yield opened
    finally:
        os.chdir(before)


@pytest.fixture
def missions(monkeypatch, tmp_path):
    """One tiny mission instead of the real ones, with keys of the base data and of t07."""
    content = write_mission(tmp_path / "content")
    monkeypatch.setattr("siemlab.missions.loading.CONTENT", content)
    monkeypatch.setenv("SIEMLAB_KEYS", str(write_keys(tmp_path / "keys", content, "", "t07")))
    monkeypatch.setenv("SIEMLAB_PROGRESS", str(tmp_path / "progress"))
    return tmp_path


@pytest.fixture
def learner(missions, lab):
    """A learner's own lab on the sample: ``learner("ja", team="t07")``."""

    def come(lang="en", team=""):
        return Lab(lang, team, store=lab.store, quiet=True)

    return come
