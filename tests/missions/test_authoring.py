"""A mission is added by following docs/authoring.md alone: the one that the page shows."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import siemlab.missions
from siemlab.cli.program import program
from siemlab.editions import build_editions
from siemlab.missions import digest, load_missions, unseal

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")


def shown(fence: str, kind: str) -> str:
    """Return the one block of the page that is fenced so."""
    [block] = re.findall(rf"^{fence}{kind}\n(.*?)^{fence}$", PAGE, re.DOTALL | re.MULTILINE)
    return str(block)


@dataclass(frozen=True)
class Checkout:
    """The folders of siemlab that an author touches, with the page's two files added."""

    folder: Path

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def master(self) -> Path:
        return self.folder / "master"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    shutil.copytree(Path(siemlab.missions.__file__).parent / "content", made.content)
    made.master.mkdir()
    shutil.copy(ROOT / "notebooks" / "master" / "first-look.md", made.master)
    (made.content / "my-mission.yaml").write_text(shown("```", "yaml"), encoding="utf-8")
    (made.master / "my-mission.md").write_text(shown("````", "markdown"), encoding="utf-8")
    return made


def test_the_page_names_both_files_as_they_are_called() -> None:
    assert "# siemlab/missions/content/my-mission.yaml" in PAGE
    assert "% notebooks/master/my-mission.md" in PAGE


def test_the_mission_is_loaded_beside_the_others(checkout: Checkout) -> None:
    before = {mission.id for mission in load_missions()}
    after = {mission.id: mission for mission in load_missions(folder=checkout.content)}
    assert after.keys() - before == {"MY-MISSION"}
    assert len(after["MY-MISSION"].questions) == 3


def test_its_four_editions_are_built(checkout: Checkout, tmp_path: Path) -> None:
    build_editions(checkout.master, tmp_path, content=checkout.content)
    sources = {
        edition: (tmp_path / edition / "my-mission.ipynb").read_text(encoding="utf-8")
        for edition in ("en", "ja", "solutions", "instructor")
    }
    for edition, source in sources.items():
        assert "foil(" not in source, "a proof is in no edition"
        assert ('answer=\\"names\\"' in source) is (edition in ("solutions", "instructor"))
        assert ("mistyped" in source) is (edition == "instructor")
    cells = json.loads(sources["ja"])["cells"]
    asked = [line for cell in cells for line in cell["source"] if line.startswith("lab.question")]
    assert asked == [f'lab.question("MY-MISSION.{number}")' for number in (1, 2, 3)]


@pytest.mark.slow
def test_the_commands_of_the_page_prove_it_and_make_its_key(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIEMLAB_KEYS", str(tmp_path))
    commands = re.findall(r"^\$ siemlab (prove my-mission.*?) +#", PAGE, re.MULTILINE)
    assert len(commands) == 2
    folders = ["--master", str(checkout.master), "--content", str(checkout.content)]
    for command in reversed(commands):  # the keys first: without them, --show says that they lack
        run = CliRunner().invoke(program, [*command.split(), *folders], catch_exceptions=False)
        assert run.exit_code == 0, run.output
    [mission] = load_missions("", folder=checkout.content)
    seen = []
    for question in mission.questions:
        for at, part in enumerate(question.parts):
            assert part.key is not None
            seen.append(unseal(part.key.sealed, "", question.id, at))
    assert seen == ["6", "192.0.2.200, 203.0.113.77", "names"]
    assert "203.0.113" not in (tmp_path / "base.json").read_text(encoding="utf-8")
    [count] = mission.questions[0].parts
    assert count.key is not None
    assert digest("6", "", "MY-MISSION.1") in count.key.right
    assert mission.briefing["en"].startswith("Monday, 14 November 2022.")
    assert "（月）" in mission.briefing["ja"]
