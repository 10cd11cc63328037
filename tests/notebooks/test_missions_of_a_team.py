"""Every mission on a team's own logs, in the embedded engine: its solution is right there, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks.running import MISSIONS, solution_is_right
from tests.stores import stored

pytestmark = [pytest.mark.mission, pytest.mark.parametrize("mission", MISSIONS)]


@pytest.fixture(scope="module")
def t07(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the team's store: what missions look at of its logs."""
    return stored("t07", tmp_path_factory.mktemp("t07"))


def test_the_solution_is_right(mission: str, t07: Path, tmp_path: Path) -> None:
    solution_is_right(mission, tmp_path, "ja", "t07", SIEMLAB_STORES=str(t07))
