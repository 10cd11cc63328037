"""Every mission on the base data: learners' editions run unsolved, solutions are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks.running import FOLDER, MISSIONS, environment, run_all, solution_is_right

pytestmark = [pytest.mark.mission, pytest.mark.parametrize("mission", MISSIONS)]


def test_learners_editions_run_from_top_to_bottom_unsolved(
    mission: str, base: Path, tmp_path: Path
) -> None:
    notebooks = [FOLDER / lang / f"{mission}.ipynb" for lang in ("en", "ja")]
    places = {"SIEMLAB_STORES": str(base), "SIEMLAB_PROGRESS": str(tmp_path / "progress")}
    run_all(notebooks, tmp_path, environment(**places))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_solution_is_right(mission: str, lang: str, base: Path, tmp_path: Path) -> None:
    solution_is_right(mission, tmp_path, lang, "", SIEMLAB_STORES=str(base))
