"""The files around the package: what they may hold, and that they agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".hypothesis",
    ".venv",
    "build",
    "dist",
    "output",
    "__pycache__",
    "siemlab.egg-info",
}
BUILT = {ROOT / "data" / path.name for path in (ROOT / "data").glob("*")} - {
    ROOT / "data" / "sample",
    ROOT / "data" / "README.md",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the project, none that is only built or installed."""
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache") or path in BUILT:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from files(path)
        elif path.is_file():
            yield path


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


REGISTRIES = (
    ("py" + "pi", "org"),
    ("python" + "hosted", "org"),
    ("npm" + "js", "org"),
    ("maven", "org"),
    ("maven.apache", "org"),
    ("ana" + "conda", "org"),
    ("crates", "io"),
    ("proxy.golang", "org"),
    ("deb.debian", "org"),
)


def test_no_file_names_a_registry() -> None:
    hosts = [".".join(parts) for parts in REGISTRIES]
    named = [(name, host) for name, text in texts() for host in hosts if host in text]
    assert named == []


def test_no_file_names_a_path_of_the_machine_that_it_was_written_on() -> None:
    home = Path.home().as_posix()
    places = [ROOT.as_posix() + "/", ROOT.parent.as_posix() + "/shared", "/opt/" + "wheels"]
    places += [f"{home}/"] if home != "/" else []
    named = [(name, place) for name, text in texts() for place in places if place in text]
    assert named == []


def test_pins_are_plain() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)] == []
    assert pins == sorted(pins, key=lambda pin: pin.split("==")[0])


def requirement(line: str) -> tuple[str, str]:
    """Return a requirement's name and version, without its extras."""
    found = re.match(r"([A-Za-z0-9_-]+)(?:\[[a-z0-9,-]*\])?\s*(.*)", line)
    assert found
    return found[1].lower(), found[2]


def required(*extras: str) -> dict[str, str]:
    optional = PROJECT["optional-dependencies"]
    lines = PROJECT["dependencies"] + [line for extra in extras for line in optional[extra]]
    return dict(requirement(line) for line in lines if not line.startswith("siemlab"))


def test_every_requirement_has_a_pin() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert set(required("opensearch", "s3", "dev")) - {pin.split("==")[0] for pin in pins} == set()


def learner_environment() -> dict[str, str]:
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    plain = [line for line in lines if isinstance(line, str)]
    pip = next(line["pip"] for line in lines if isinstance(line, dict))
    return dict(requirement(line) for line in plain + pip)


def test_the_learners_environment_asks_for_what_the_package_asks_for() -> None:
    environment = learner_environment()
    python = environment.pop("python")
    environment.pop("pip")
    assert PROJECT["requires-python"] == f">{python}"
    wanted = required()
    assert {name: environment.get(name) for name in wanted} == wanted
    more = {name: spec for name, spec in environment.items() if name not in wanted}
    assert more == {name: required("opensearch", "dev")[name] for name in more}
    assert set(more) == {"jupyterlab", "opensearch-py"}


def test_each_line_of_the_learners_environment_says_what_it_is_for() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\s+- [a-z]", line)]
    silent = [line for line in lines if not re.search(r"\s# \S", line)]
    assert silent == ["  - conda-forge"] + [line for line in lines if line.strip() == "- pip:"]


def test_binder_uses_the_learners_environment() -> None:
    link = ROOT / "binder" / "environment.yml"
    assert link.is_symlink()
    assert os.readlink(link) == "../environment.yml"
    assert link.read_bytes() == (ROOT / "environment.yml").read_bytes()


@pytest.mark.parametrize("name", [".ci/run", ".ci/system", "binder/postBuild"])
def test_a_script_is_sound_and_stops_at_the_first_failure(name: str) -> None:
    script = ROOT / name
    subprocess.run(["bash", "-n", script], check=True)
    assert os.access(script, os.X_OK)
    assert "\nset -euo pipefail\n" in script.read_text(encoding="utf-8")


def test_the_public_ci_runs_the_same_script() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert {"run": ".ci/run"} in jobs["test"]["steps"]
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert jobs["test"]["strategy"]["matrix"]["python"][0] == oldest


def test_every_target_of_the_makefile_is_short_and_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):(.*)\n((?:\t.*\n)*)", text, re.MULTILINE)
    named = {target for target, _, _ in targets}
    assert {"lab", "test", "check", "data", "opensearch", "bench", "differential"} <= named
    assert [target for target, head, _ in targets if "  ## " not in head] == []
    assert [target for target, _, lines in targets if len(lines.splitlines()) > 5] == []


def test_make_lists_the_targets() -> None:
    run = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make test" in run.stdout


def test_the_license_is_the_one_that_the_package_names() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
