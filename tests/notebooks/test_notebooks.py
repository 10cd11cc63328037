"""Every notebook: its shape, its learners' editions run, its solution is right.

There are tours, on the sample logs, whose answers stand in their solutions; and missions, on the
company's logs, whose questions stand in siemlab/missions/content and whose answers are computed.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from siemlab.editions.build import EDITIONS
from siemlab.editions.master import Cell, Master, read_master
from siemlab.missions import Question, read_mission
from siemlab.missions.loading import CONTENT
from tests.notebooks.running import (
    FOLDER,
    MASTERS,
    MISSIONS,
    NO_SERVER,
    ROOT,
    TOURS,
    environment,
    run_all,
    solve,
)


@pytest.fixture(params=MASTERS, ids=[path.stem for path in MASTERS])
def master(request: pytest.FixtureRequest) -> Master:
    return read_master(request.param)


def tour(name: str) -> Master:
    return read_master(FOLDER / "master" / f"{name}.md")


def for_learners(master: Master) -> list[Cell]:
    return [cell for cell in master.cells if not EDITIONS["en"] & {*cell.tags}]


def test_a_mission_has_25_to_45_cells_for_learners(master: Master) -> None:
    assert 25 <= len(for_learners(master)) <= 45


def test_a_code_cell_has_at_most_six_lines_and_prose_comes_before_code(master: Master) -> None:
    cells = for_learners(master)
    long = [
        cell.line for cell in cells if cell.kind == "code" and cell.source["en"].count("\n") > 5
    ]
    assert long == []
    assert cells[0].kind == "text"


@pytest.mark.parametrize("name", TOURS)
def test_half_of_a_tours_cells_are_prose(name: str) -> None:
    cells = for_learners(tour(name))
    assert sum(cell.kind == "text" for cell in cells) >= len(cells) / 2


@pytest.mark.parametrize("name", TOURS)
def test_every_code_cell_of_a_tours_solution_asserts_something(name: str) -> None:
    solutions = [c for c in tour(name).cells if c.kind == "code" and "solution" in c.tags]
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


@pytest.mark.parametrize("name", TOURS)
def test_no_answer_of_a_tour_stands_in_a_learners_edition(name: str) -> None:
    cells = tour(name).cells
    answers = [c for c in cells if "solution" in c.tags and "answers ==" in c.source["en"]]
    assert len(answers) == 1
    given = literals(answers[0].source["en"])
    assert len(given) >= 2
    for lang in ("en", "ja"):
        text = (FOLDER / lang / f"{name}.ipynb").read_text(encoding="utf-8")
        assert [answer for answer in given if answer in text] == []


def answered(cell: Cell) -> Iterator[tuple[str, ast.expr]]:
    """The questions that a cell answers, and with what."""
    if cell.kind == "code":
        for node in ast.walk(ast.parse(cell.source["en"])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                named = {each.arg: each.value for each in node.keywords}
                if node.func.attr == "question" and "answer" in named:
                    yield ast.literal_eval(node.args[0]), named["answer"]


def written_down(answer: ast.expr) -> Iterator[object]:
    """What stands in an answer as it is, not computed."""
    if isinstance(answer, ast.Constant):
        yield answer.value
    elif isinstance(answer, (ast.Tuple, ast.List, ast.Set)):
        for part in answer.elts:
            yield from written_down(part)


@pytest.mark.parametrize("name", MISSIONS)
def test_a_missions_solution_computes_all_that_is_not_a_choice(name: str) -> None:
    mission = read_mission(CONTENT / f"{name}.yaml")
    for cell in tour(name).cells:
        for question_id, answer in answered(cell):
            assert f'assert lab.question("{question_id}"' in cell.source["en"], cell.line
            assert {*written_down(answer)} <= chosen(mission.question(question_id)), cell.line


def chosen(question: Question) -> set[object]:
    return {option.id for part in question.parts for option in part.options}


@pytest.mark.notebook
def test_learners_editions_of_tours_run_from_top_to_bottom(tmp_path: Path) -> None:
    notebooks = [FOLDER / lang / f"{name}.ipynb" for name in TOURS for lang in ("en", "ja")]
    run_all(notebooks, tmp_path, environment())


@pytest.mark.notebook
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", TOURS)
def test_the_solution_of_a_tour_gives_the_answers(name: str, lang: str, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    run = solve(FOLDER / "solutions" / f"{name}.ipynb", out, environment(), lang=lang)
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
    env = environment(empty_opensearch)
    run = solve(FOLDER / "solutions" / "first-look.ipynb", out, env, lang="en")
    assert run.returncode == 0, run.stderr[-5000:]
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    asked = next(cell for cell in cells if "lab.opensearch()" in "".join(cell["source"]))
    # a kernel may send what a cell prints in several pieces
    printed = "".join("".join(out["text"]) for out in asked["outputs"]).splitlines()
    assert "226" in printed[0]
    assert printed[1] == "9 9"


@pytest.mark.notebook
def test_a_solution_with_a_wrong_answer_fails(tmp_path: Path) -> None:
    source = (FOLDER / "solutions" / "first-look.ipynb").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.ipynb"
    wrong.write_text(source.replace("1_048_576", "1_048_577"), encoding="utf-8")
    run = solve(wrong, tmp_path / "out.ipynb", environment(), lang="en")
    assert run.returncode != 0
    assert "AssertionError" in run.stderr
