"""The program, as a function and as a process, and a store with the sample."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from siemlab.cli.program import program

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
SIEMLAB = Path(sys.executable).with_name("siemlab")


@pytest.fixture(autouse=True)
def _neutral(monkeypatch, tmp_path):
    """No setting of the user's own, and a server's home where no server is."""
    for name in [*os.environ]:
        if name.startswith("SIEMLAB_") or name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SIEMLAB_STORE", str(tmp_path / "default-store"))
    monkeypatch.setenv("SIEMLAB_HOME", str(tmp_path / "home"))


@pytest.fixture
def siemlab():
    """Run the program in this process: ``siemlab("info", "--lang", "ja")``."""

    def run(*args, **settings):
        result = CliRunner().invoke(program, [*map(str, args)], prog_name="siemlab", **settings)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def process():
    """Run the program as a process of its own."""

    def run(*args, **settings):
        return subprocess.run(
            [SIEMLAB, *map(str, args)], capture_output=True, check=False, timeout=60, **settings
        )

    return run


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory):
    """The folder of a store with the sample; not to be written to."""
    folder = tmp_path_factory.mktemp("stores") / "sample"
    result = CliRunner().invoke(program, ["load", str(SAMPLE), "--into", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def logs(tmp_path):
    """Make a bucket of Route 53 query logs: ``logs("line", "line")``; None for a good record."""

    def make(*lines, name="a.log"):
        folder = tmp_path / "bucket/AWSLogs/111122223333/vpcdnsquerylogs/vpc-1/2022/11/18"
        folder.mkdir(parents=True, exist_ok=True)
        good = (
            '{"version":"1.100000","account_id":"111122223333","region":"ap-northeast-1",'
            '"vpc_id":"vpc-1","query_timestamp":"2022-11-18T07:00:%02dZ",'
            '"query_name":"example.com.","query_type":"A","query_class":"IN",'
            '"rcode":"NOERROR","answers":[],"srcaddr":"10.0.0.5","srcport":"53","transport":"UDP"}'
        )
        text = [good % (at % 60) if line is None else line for at, line in enumerate(lines)]
        (folder / name).write_bytes("\n".join(text).encode("utf-8", "surrogateescape"))
        return tmp_path / "bucket"

    return make
