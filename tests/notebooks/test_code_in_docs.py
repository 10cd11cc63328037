"""The Python that docs show runs as it stands there, on the sample logs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/learner.md", "docs/instructor.md")


def blocks(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIEMLAB_STORE", str(tmp_path / "none"))  # so that it opens the samples
    names: dict[str, object] = {}
    for block in blocks(page):
        exec(compile(block, page, "exec"), names)
    assert "lab" in names
    assert "226" in capsys.readouterr().out
    names["lab"].close()  # type: ignore[attr-defined]  # a Lab


def test_the_five_moves_of_both_languages_are_the_same_moves() -> None:
    moves = [re.sub(r'\s*#.*|lang="ja"', "", block) for block in blocks("docs/learner.md")]
    assert len(moves) == 2
    assert moves[0] == moves[1]
