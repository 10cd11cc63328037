"""Every mission on the company's logs: learners' editions run unsolved, solutions are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks.running import FOLDER, MISSIONS, environment, run_all, solve
from tests.stores import Stores

BASE = pytest.mark.xdist_group("base")
TEAMS = pytest.mark.xdist_group("teams")
SERVER = pytest.mark.xdist_group("server")  # one worker loads one server


@BASE
@pytest.mark.mission
@pytest.mark.parametrize("mission", MISSIONS)
def test_learners_editions_of_a_mission_run_from_top_to_bottom_unsolved(
    mission: str, stores: Stores, tmp_path: Path
) -> None:
    notebooks = [FOLDER / lang / f"{mission}.ipynb" for lang in ("en", "ja")]
    places = {"SIEMLAB_STORES": str(stores("")), "SIEMLAB_PROGRESS": str(tmp_path / "progress")}
    run_all(notebooks, tmp_path, environment(**places))


@pytest.mark.mission
@pytest.mark.parametrize(
    ("team", "lang"),
    [
        pytest.param("", "en", id="base-en", marks=BASE),
        pytest.param("", "ja", id="base-ja", marks=BASE),
        pytest.param("t07", "ja", id="t07", marks=TEAMS),
        pytest.param("t13", "en", id="t13", marks=TEAMS),
    ],
)
@pytest.mark.parametrize("mission", MISSIONS)
def test_the_solution_of_a_mission_is_right(
    mission: str, team: str, lang: str, stores: Stores, tmp_path: Path
) -> None:
    places = {
        "SIEMLAB_STORES": str(stores(team)),
        "SIEMLAB_PROGRESS": str(tmp_path / "progress"),
    }
    solution, out = FOLDER / "solutions" / f"{mission}.ipynb", tmp_path / "out.ipynb"
    run = solve(solution, out, environment(**places), lang=lang, team=team)
    assert run.returncode == 0, run.stderr[-5000:]


@SERVER
@pytest.mark.mission
@pytest.mark.parametrize("mission", MISSIONS)
def test_the_solution_of_a_mission_is_right_on_a_real_opensearch(
    mission: str, small_opensearch: str, tmp_path: Path
) -> None:
    places = {
        "SIEMLAB_STORE": small_opensearch,
        "SIEMLAB_PROGRESS": str(tmp_path / "progress"),
    }
    solution, out = FOLDER / "solutions" / f"{mission}.ipynb", tmp_path / "out.ipynb"
    run = solve(solution, out, environment(small_opensearch, **places), lang="en", team="")
    assert run.returncode == 0, run.stderr[-5000:]
