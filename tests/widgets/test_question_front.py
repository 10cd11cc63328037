"""What can be told of the page side of questions without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from siemlab.widgets import front
from siemlab.widgets.question_words import PHASES, WORDS

FOLDER = Path(front.__file__).parent
CHAPTERS = ("question", "mission")
MODULES = {"question": ("dom", "link", "question"), "mission": ("dom", "mission")}
STYLE = front.style("question")
UNSAFE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    r"|DOMParser|createContextualFragment|setTimeout\(\s*[\"'`]"
)
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠点]")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_stays_short_and_makes_no_markup_of_text(name: str) -> None:
    text = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    assert UNSAFE.findall(text) == []
    assert len(text.splitlines()) <= 400
    assert max(map(len, text.splitlines())) <= 130


@pytest.mark.parametrize("chapters", MODULES.values(), ids=MODULES)
def test_a_module_is_one_and_asks_nothing_of_another_machine(chapters: tuple[str, ...]) -> None:
    module = front.script(*chapters)
    assert module.count("export ") == 1
    assert "import " not in re.sub(r"//.*|important", "", module)
    assert set(re.findall(r"https?://[^\s\"']+", module)) == {"http://www.w3.org/2000/svg"}
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", module, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def test_the_style_asks_nothing_and_follows_the_theme() -> None:
    assert re.findall(r"https?:|url\(|@import", STYLE) == []
    rules = STYLE[STYLE.index(".siem-question *,") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []
    for name in re.findall(r"var\((--siem-[\w-]+)", STYLE):
        assert f"{name}:" in STYLE
    for given in re.findall(r"var\(--jp-[^)]*\)", STYLE):
        assert "," in given, f"{given} has no fallback"


def test_every_class_of_the_page_is_styled_or_stands_for_a_state() -> None:
    text = "".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in CHAPTERS)
    used = set(
        re.findall(r"siem-[a-z]+(?:-[a-z]+)*(?![\w$-])", re.sub(r"siem-\w*-?\$\{", "", text))
    )
    styled = set(re.findall(r"\.(siem-[a-z-]+[a-z])", STYLE))
    assert used - styled <= {"siem-answer", "siem-mission"}


def test_every_word_is_there_in_both_languages_with_the_same_gaps() -> None:
    def gaps(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [word for word, (en, ja) in WORDS.items() if gaps(en) != gaps(ja)] == []
    assert [word for word, (en, _) in WORDS.items() if JAPANESE.search(en)] == []
    assert [word for word, (_, ja) in (WORDS | PHASES).items() if not JAPANESE.search(ja)] == []


def test_no_word_is_left_over() -> None:
    folder = FOLDER.parent
    files = [*folder.glob("question*.py"), *folder.glob("mission*.py")]
    code = "".join(f.read_text("utf-8") for f in files if f.name != "question_words.py")
    quoted = set(re.findall(r'"(\w+)"', code))
    families = ("try_", "state_")
    unused = {word for word in WORDS if word not in quoted and not word.startswith(families)}
    assert unused == set()
