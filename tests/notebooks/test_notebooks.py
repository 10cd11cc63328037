"""Every mission: its shape, its learners' editions run, its solution is right."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from siemlab.editions.master import Master, read_master

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
MASTERS = sorted((FOLDER / "master").glob("*.md"))
MISSIONS = [path.stem for path in MASTERS]


@pytest.fixture(params=MASTERS, ids=MISSIONS)
def master(request: pytest.FixtureRequest) -> Master:
    return read_master(request.param)


def test_a_mission_has_25_to_45_cells_for_learners(master: Master) -> None:
    cells = [cell for cell in master.cells if "solution" not in cell.tags]
    assert 25 <= len(cells) <= 45


def test_a_code_cell_has_at_most_six_lines_and_prose_comes_before_code(master: Master) -> None:
    cells = [cell for cell in master.cells if "solution" not in cell.tags]
    long = [
        cell.line for cell in cells if cell.kind == "code" and cell.source["en"].count("\n") > 5
    ]
    assert long == []
    assert cells[0].kind == "text"
    texts = sum(cell.kind == "text" for cell in cells)
    assert texts >= len(cells) / 2


def test_every_code_cell_of_a_solution_asserts_something(master: Master) -> None:
    solutions = [c for c in master.cells if c.kind == "code" and "solution" in c.tags]
    assert len(solutions) >= 3
    assert [cell.line for cell in solutions if "assert " not in cell.source["en"]] == []


def literals(code: str) -> set[str]:
    """The texts and numbers that a solution asserts, each as it may be written; no short ones."""
    asserted = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assert)]
    parts = [part for node in asserted for part in ast.walk(node)]
    values = [part.value for part in parts if isinstance(part, ast.Constant)]
    texts = {value for value in values if isinstance(value, str)}
    for value in values:
        if isinstance(value, int):
            texts |= {str(value), f"{value:,}", f"{value:_}"}
    return {text for text in texts if len(text) >= 6}


def test_no_answer_stands_in_a_learners_edition(master: Master) -> None:
    answers = [c for c in master.cells if "solution" in c.tags and "answers ==" in c.source["en"]]
    assert len(answers) == 1
    given = literals(answers[0].source["en"])
    assert len(given) >= 2
    for lang in ("en", "ja"):
        text = (FOLDER / lang / f"{master.mission}.ipynb").read_text(encoding="utf-8")
        assert [answer for answer in given if answer in text] == []


NO_SERVER = "http://127.0.0.1:9"


def environment(opensearch: str = NO_SERVER) -> dict[str, str]:
    return os.environ | {"SIEMLAB_OPENSEARCH": opensearch, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@pytest.mark.notebook
def test_learners_editions_run_from_top_to_bottom(tmp_path: Path) -> None:
    config = tmp_path / "pytest.ini"  # not the project's own: nbval brings its own warnings
    config.write_text("[pytest]\n", encoding="utf-8")
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-c", config, f"--rootdir={ROOT}"),
            *("--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q"),
            *(FOLDER / lang / f"{mission}.ipynb" for mission in MISSIONS for lang in ("en", "ja")),
        ],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5000:]
    assert " passed" in run.stdout


def solve(
    notebook: Path, out: Path, lang: str, opensearch: str = NO_SERVER
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "papermill", notebook, out, "-p", "lang", lang, "--cwd", ROOT],
        env=environment(opensearch),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.notebook
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("mission", MISSIONS)
def test_the_solution_gives_the_answers(mission: str, lang: str, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    run = solve(FOLDER / "solutions" / f"{mission}.ipynb", out, lang)
    assert run.returncode == 0, run.stderr[-5000:]
    notebook: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert all(cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    text = json.dumps(notebook["cells"], ensure_ascii=False)
    assert ("件数" if lang == "ja" else "count") in text
    assert NO_SERVER in text


@pytest.mark.notebook
def test_the_first_notebook_gets_the_same_count_from_a_real_opensearch(
    empty_opensearch: str, tmp_path: Path
) -> None:
    siemlab = Path(sys.executable).with_name("siemlab")
    load = [siemlab, "load", ROOT / "data" / "sample"]
    subprocess.run([*load, "--into", empty_opensearch], check=True, capture_output=True)
    out = tmp_path / "out.ipynb"
    run = solve(FOLDER / "solutions" / "first-look.ipynb", out, "en", empty_opensearch)
    assert run.returncode == 0, run.stderr[-5000:]
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    asked = next(cell for cell in cells if "lab.opensearch()" in "".join(cell["source"]))
    printed = "".join(asked["outputs"][0]["text"]).splitlines()
    assert "226" in printed[0]
    assert printed[1] == "9 9"


@pytest.mark.notebook
def test_a_solution_with_a_wrong_answer_fails(tmp_path: Path) -> None:
    source = (FOLDER / "solutions" / "first-look.ipynb").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.ipynb"
    wrong.write_text(source.replace("1_048_576", "1_048_577"), encoding="utf-8")
    run = solve(wrong, tmp_path / "out.ipynb", "en")
    assert run.returncode != 0
    assert "AssertionError" in run.stderr
