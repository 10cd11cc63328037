"""What the docs say is there, and what is there stands in the docs."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

import siemlab
from siemlab.cli.program import program
from siemlab.editions import build_editions
from siemlab.logs import LOG_TYPES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")])
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
ROOMS = sorted(path.parent.name for path in (ROOT / "siemlab").glob("*/__init__.py"))
OFFERED = ["", ".errors", *(f".{room}" for room in ROOMS if room != "cli")]  # cli offers commands


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_as_a_fresh_build_makes_them(generator: ModuleType) -> None:
    for page, build in generator.PAGES.items():
        assert (ROOT / "docs" / page).read_text(encoding="utf-8") == build(), (
            f"make editions: {page}"
        )


def test_committed_notebooks_are_as_a_fresh_build_makes_them() -> None:
    folder = ROOT / "notebooks"
    assert build_editions(folder / "master", folder, check=True) == []


def commands(command: click.Command, path: str = "siemlab") -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, f"{path} {name}")
    else:
        yield path


@pytest.mark.parametrize("command", sorted(commands(program)))
def test_every_command_is_in_the_docs(command: str) -> None:
    assert command in TEXT


@pytest.mark.parametrize("room", OFFERED)
def test_every_public_name_of_a_room_is_in_the_docs(room: str) -> None:
    module = importlib.import_module(f"siemlab{room}")
    missing = [name for name in module.__all__ if not re.search(rf"\b{name}\b", TEXT)]
    assert missing == []


@pytest.mark.parametrize("kind", LOG_TYPES, ids=lambda kind: kind.name)
def test_every_log_type_is_in_the_docs(kind: object) -> None:
    page = (ROOT / "docs" / "log-types.md").read_text(encoding="utf-8")
    assert f"\n## {kind.name}\n" in page
    assert f"`{kind.index}-YYYY-MM`" in page


def test_the_readme_is_short_and_speaks_both_languages() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    assert "## 日本語" in lines
    assert "$ make lab" in "\n".join(lines)
    assert "$ make test" in "\n".join(lines)


def test_the_map_of_the_readme_names_what_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = text.split("## Where things are")[1].split("```")[1]
    names = re.findall(r"^(  )?([\w./-]+)\s{2,}", drawn, re.MULTILINE)
    assert len(names) > 10
    missing = [
        name for indent, name in names if not (ROOT / ("siemlab" if indent else "") / name).exists()
    ]
    assert missing == []
    assert {name.strip("/") for indent, name in names if indent} >= set(ROOMS)


def links() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target:
                yield page.relative_to(ROOT).as_posix(), target


def test_every_link_leads_somewhere() -> None:
    found = list(links())
    assert found
    assert [(page, to) for page, to in found if not ((ROOT / page).parent / to).exists()] == []


def test_every_page_of_docs_is_linked_from_the_readme_or_from_another_page() -> None:
    linked = {((ROOT / page).parent / target).resolve() for page, target in links()}
    assert [page.name for page in (ROOT / "docs").glob("*.md") if page not in linked] == []


@pytest.mark.parametrize("page", ["discover.md", "glossary.md", "learner.md"])
def test_what_learners_read_is_in_both_languages(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    japanese = len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]", text))
    assert japanese > 300
    assert len(re.findall(r"[A-Za-z]{3,}", text)) > 200


def test_the_version_is_in_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {siemlab.__version__}" in text or "## Unreleased" in text
