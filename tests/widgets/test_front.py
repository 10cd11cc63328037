"""What can be told of the page side without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from siemlab.widgets import front

FOLDER = Path(front.__file__).parent
CHAPTERS = [FOLDER / f"{name}.js" for name in front.CHAPTERS]
MODULE = front.script(*front.CHAPTERS)
STYLE = front.style("discover")
WORD = re.compile(
    r'^  (\w+): \[\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)",?\s*\],$', re.MULTILINE
)
WORDS = {name: (en, ja) for name, en, ja in WORD.findall((FOLDER / "words.js").read_text("utf-8"))}
UNSAFE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    r"|DOMParser|createContextualFragment|setTimeout\(\s*[\"'`]"
)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.name)
def test_a_chapter_stays_short_and_makes_no_markup_of_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert UNSAFE.findall(text) == []
    assert len(text.splitlines()) <= 400
    assert max(map(len, text.splitlines())) <= 130


def test_the_module_is_one_and_asks_nothing_of_another_machine() -> None:
    assert MODULE.count("export ") == 1
    assert "import " not in re.sub(r"//.*|important", "", MODULE)
    addresses = set(re.findall(r"https?://[^\s\"']+", MODULE + STYLE))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert re.findall(r"url\(|@import", STYLE) == []


def test_functions_and_classes_of_all_chapters_have_names_of_their_own() -> None:
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", MODULE, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def test_every_word_is_there_in_both_languages_with_the_same_gaps() -> None:
    rows = re.findall(r"^  \w+: \[", (FOLDER / "words.js").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == len(WORDS)
    gaps = {
        name: [set(re.findall(r"\{\w+\}", text)) for text in both] for name, both in WORDS.items()
    }
    assert [name for name, (en, ja) in gaps.items() if en != ja] == []
    same = {name for name, (en, ja) in WORDS.items() if en == ja}
    assert same == {"title", "as_json", "trail_hits"}


def test_every_word_that_is_said_is_known_and_none_is_left_over() -> None:
    said = set(re.findall(r'say\("(\w+)"', MODULE))
    quoted = set(re.findall(r'"(\w+)"', MODULE.split("// ---- dom.js")[1]))
    families = ("quick_", "op_", "theme_", "as_")
    assert said <= set(WORDS)
    unused = {name for name in WORDS if name not in quoted and not name.startswith(families)}
    assert unused == set()


def test_colors_follow_the_theme() -> None:
    rules = STYLE[STYLE.index(".siem-discover *") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []
    for name in re.findall(r"var\((--siem-[\w-]+)", STYLE):
        assert f"{name}:" in STYLE
    for given in re.findall(r"var\(--jp-[^)]*\)", STYLE):
        assert "," in given, f"{given} has no fallback"
