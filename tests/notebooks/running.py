"""Runs notebooks as people and CI do: nbval over learners' editions, papermill over solutions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from siemlab.missions.loading import CONTENT

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
MASTERS = sorted((FOLDER / "master").glob("*.md"))
MISSIONS = [path.stem for path in MASTERS if (CONTENT / f"{path.stem}.yaml").is_file()]
TOURS = [path.stem for path in MASTERS if path.stem not in MISSIONS]

NO_SERVER = "http://127.0.0.1:9"


def environment(opensearch: str = NO_SERVER, **more: str) -> dict[str, str]:
    return os.environ | {
        "SIEMLAB_OPENSEARCH": opensearch,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **more,
    }


def run_all(notebooks: list[Path], folder: Path, env: dict[str, str]) -> None:
    """Run learners' notebooks as they are, from top to bottom."""
    config = folder / "pytest.ini"  # not the project's own: nbval brings its own warnings
    config.write_text("[pytest]\n", encoding="utf-8")
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-c", config, f"--rootdir={ROOT}"),
            *("--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q"),
            *notebooks,
        ],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5000:]
    assert " passed" in run.stdout


def solve(
    notebook: Path, out: Path, env: dict[str, str], **parameters: str
) -> subprocess.CompletedProcess[str]:
    given = [word for name, value in parameters.items() for word in ("-r", name, value)]
    return subprocess.run(
        [sys.executable, "-m", "papermill", notebook, out, *given, "--cwd", ROOT],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def solution_is_right(mission: str, folder: Path, lang: str, team: str, **places: str) -> None:
    """Run a mission's solution, in which every answer is asserted."""
    env = environment(**{"SIEMLAB_PROGRESS": str(folder / "progress"), **places})
    solution = FOLDER / "solutions" / f"{mission}.ipynb"
    run = solve(solution, folder / "out.ipynb", env, lang=lang, team=team)
    assert run.returncode == 0, run.stderr[-5000:]
