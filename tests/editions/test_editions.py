"""One text source per mission becomes its notebooks, the same bytes at each build."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from siemlab.editions import build_editions
from siemlab.editions.master import HEADINGS
from siemlab.errors import MissionFileError


def text(en: str, ja: str, tags: str = "") -> str:
    line = f":tags: [{tags}]\n" if tags else ""
    return f":::{{en}}\n{line}{en}\n:::\n:::{{ja}}\n{line}{ja}\n:::\n\n"


def code(source: str, tags: str = "") -> str:
    line = f":tags: [{tags}]\n" if tags else ""
    return f"```{{code-cell}} python\n{line}{source}\n```\n\n"


HEAD = "---\nmission: tour\n---\n% for authors only\n\n"
TITLE = text("# A tour", "# 見学")
PARAMETERS = code('lang = "{lang}"\nsize = 3', "parameters")
SECTIONS = "".join(
    text(f"## {en}", f"## {ja}") for en, ja in zip(HEADINGS["en"], HEADINGS["ja"], strict=True)
)
TOUR = HEAD + TITLE + PARAMETERS + SECTIONS


@pytest.fixture
def master(tmp_path: Path) -> Path:
    folder = tmp_path / "master"
    folder.mkdir()
    return folder


def write(master: Path, source: str) -> None:
    (master / "tour.md").write_text(source, encoding="utf-8")


def build(master: Path, source: str) -> dict[str, nbformat.NotebookNode]:
    write(master, source)
    build_editions(master, master.parent)
    return {
        edition: nbformat.read(master.parent / edition / "tour.ipynb", as_version=4)
        for edition in ("en", "ja", "solutions", "instructor")
    }


def sources(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell["source"] for cell in notebook["cells"]]


def test_a_master_becomes_an_english_a_japanese_and_a_solution_edition(master: Path) -> None:
    editions = build(master, TOUR)
    assert sources(editions["en"])[0] == "# A tour"
    assert sources(editions["ja"])[0] == "# 見学"
    assert sources(editions["solutions"])[0] == "# A tour\n\n# 見学"
    assert sources(editions["instructor"])[0] == "# A tour\n\n# 見学"


def test_the_code_cells_of_both_languages_differ_in_the_language_alone(master: Path) -> None:
    editions = build(master, TOUR + code('print("{lang}", size)'))
    code_cells = {
        lang: [cell["source"] for cell in editions[lang]["cells"] if cell["cell_type"] == "code"]
        for lang in editions
    }
    assert code_cells["ja"] == ['lang = "ja"\nsize = 3', 'print("{lang}", size)']
    assert code_cells["en"] == ['lang = "en"\nsize = 3', 'print("{lang}", size)']
    assert code_cells["solutions"] == code_cells["en"]


def test_japanese_lines_are_joined_without_a_blank(master: Path) -> None:
    japanese = "ログを読み、\n数えます。\n\n* 一つ目の\n  続き\n* `top` は\nASCII"
    editions = build(master, TOUR + text("Read\nand count.", japanese))
    assert sources(editions["en"])[-1] == "Read\nand count."
    assert (
        sources(editions["ja"])[-1] == "ログを読み、数えます。\n\n* 一つ目の続き\n* `top` は\nASCII"
    )


def test_a_solution_is_in_the_solution_edition_only(master: Path) -> None:
    tail = code("answer = ...", "learner") + code("assert answer == 42", "solution")
    editions = build(master, TOUR + tail + text("It was 42.", "42 でした。", "solution"))
    for lang in ("en", "ja"):
        assert "answer = ..." in sources(editions[lang])
        assert "42" not in "".join(sources(editions[lang]))
    assert "answer = ..." not in sources(editions["solutions"])
    assert "assert answer == 42" in sources(editions["solutions"])


def test_the_instructors_edition_has_the_solution_and_cells_of_its_own(master: Path) -> None:
    tail = (
        code("mine = 1", "learner") + code("assert 42", "solution") + code("show()", "instructor")
    )
    editions = build(master, TOUR + tail + text("Pause here.", "ここで一息。", "instructor"))
    told = sources(editions["instructor"])
    assert told[-3:] == ["assert 42", "show()", "Pause here.\n\nここで一息。"]
    for edition in ("en", "ja", "solutions"):
        assert "show()" not in sources(editions[edition])
        assert "Pause here." not in "".join(sources(editions[edition]))


def test_a_proof_is_in_no_edition(master: Path) -> None:
    editions = build(master, TOUR + code('prove("TOUR.1", 42)', "proof"))
    assert all("prove" not in "".join(sources(notebook)) for notebook in editions.values())


def test_a_cell_has_the_same_id_in_every_edition(master: Path) -> None:
    editions = build(master, TOUR + code("1", "learner") + code("2", "solution") + code("3"))
    last = {edition: notebook["cells"][-1]["id"] for edition, notebook in editions.items()}
    assert set(last.values()) == {"tour-11"}
    assert [cell["id"] for cell in editions["en"]["cells"]][:2] == ["tour-1", "tour-2"]


def test_notebooks_hold_no_output_and_end_with_one_newline(master: Path) -> None:
    build(master, TOUR)
    raw = (master.parent / "ja" / "tour.ipynb").read_bytes()
    assert raw.endswith(b"}\n")
    assert "見学".encode() in raw
    notebook = json.loads(raw)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    assert "edit that" in notebook["metadata"]["siemlab"]["generated"]


def test_a_second_build_changes_nothing(master: Path) -> None:
    build(master, TOUR)
    assert build_editions(master, master.parent, check=True) == []
    assert build_editions(master, master.parent) == []


def test_a_check_tells_what_would_change_and_writes_nothing(master: Path) -> None:
    build(master, TOUR)
    notebook = master.parent / "en" / "tour.ipynb"
    notebook.write_text("edited by hand", encoding="utf-8")
    assert build_editions(master, master.parent, check=True) == [notebook]
    assert notebook.read_text(encoding="utf-8") == "edited by hand"


def test_the_notebooks_of_a_mission_that_is_gone_go_too_and_a_copy_of_them_stays(
    master: Path,
) -> None:
    build(master, TOUR)
    mine = master.parent / "en" / "tour-Copy1.ipynb"
    mine.write_bytes((master.parent / "en" / "tour.ipynb").read_bytes())
    (master / "tour.md").rename(master / "walk.md")
    (master / "walk.md").write_text(TOUR.replace("tour", "walk", 1), encoding="utf-8")
    build_editions(master, master.parent)
    assert sorted(path.name for path in mine.parent.iterdir()) == [
        "tour-Copy1.ipynb",
        "walk.ipynb",
    ]


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        pytest.param("# A tour\n", 1, "begin the file with three lines", id="no front matter"),
        pytest.param(TOUR.replace("tour", "trip", 1), 1, "mission: tour", id="another name"),
        pytest.param(HEAD + "Hello\n" + TITLE, 6, "is in no block", id="stray text"),
        pytest.param(HEAD + ":::{en}\nHello\n", 6, "has no end", id="open block"),
        pytest.param(HEAD + ":::{en}\n\n:::\n", 6, "is empty", id="empty block"),
        pytest.param(HEAD + ":::{en}\nHello\n:::\n", 6, "right after it", id="no Japanese"),
        pytest.param(
            HEAD + ":::{ja}\nやあ\n:::\n:::{en}\nHi\n:::\n", 6, "right after it", id="ja first"
        ),
        pytest.param(
            HEAD + ":::{en}\n:tags: [solution]\nHi\n:::\n:::{ja}\nやあ\n:::\n",
            6,
            "the same tags",
            id="tags differ",
        ),
        pytest.param(HEAD + code("x = 1", "soluton"), 7, 'called "soluton"', id="unknown tag"),
        pytest.param(HEAD + code("x = 1\ny = ("), 8, "is no Python", id="broken code"),
        pytest.param(HEAD + code("x = (", "solution"), 8, "is no Python", id="tagged code"),
        pytest.param(HEAD + TITLE + SECTIONS, 0, '"parameters"', id="no parameters"),
        pytest.param(
            HEAD + TITLE + code('lang = "{lang}"\nx = 1; y = 2', "parameters") + SECTIONS,
            13,
            "one assignment a line",
            id="two assignments on a line",
        ),
        pytest.param(
            TOUR.replace("## Answer", "## Answers"), 0, "in this order", id="another heading"
        ),
        pytest.param(TOUR.replace("# 見学", "見学"), 0, 'in "ja"', id="no title"),
    ],
)
def test_a_wrong_master_is_refused_with_its_place(
    master: Path, source: str, line: int, sentence: str
) -> None:
    write(master, source)
    with pytest.raises(MissionFileError) as caught:
        build_editions(master, master.parent)
    assert (caught.value.file, caught.value.line) == ("tour.md", line)
    assert sentence in str(caught.value)
    assert caught.value.message("ja") != caught.value.message("en")
    assert not (master.parent / "en").exists()


def test_a_mission_is_named_in_small_letters(master: Path) -> None:
    (master / "Tour_1.md").write_text("---\nmission: Tour_1\n---\n", encoding="utf-8")
    with pytest.raises(MissionFileError, match="small letters"):
        build_editions(master, master.parent)


def test_a_folder_without_a_mission_says_so(master: Path) -> None:
    with pytest.raises(MissionFileError, match="no mission lies here"):
        build_editions(master, master.parent)


# --- questions -----------------------------------------------------------------------------------

ASKED = {
    number: code(f'lab.question("TOUR.{number}")', "learner")
    + code(f'assert lab.question("TOUR.{number}", answer=1).right', "solution")
    for number in (1, 2)
}
CONTENT = """\
id: TOUR
level: 0
minutes: 5
title: {en: A tour, ja: 見学}
briefing: {en: Look around., ja: 見て回ります。}
questions:
"""
QUESTION = """\
  - number: NUMBER
    value: 10
    phase: analysis
    techniques: []
    prompt: {en: "How many?", ja: 何件ですか。}
    parts:
      - {type: count, example: "12"}
    hints:
      - {en: Here., ja: ここです。}
      - {en: Not that., ja: それ以外です。}
      - {en: This field., ja: このフィールドです。}
"""
ENDING = """\
happened: []
log_next: {en: All of it., ja: すべてです。}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    questions = "".join(QUESTION.replace("NUMBER", str(number)) for number in (1, 2))
    (folder / "tour.yaml").write_text(CONTENT + questions + ENDING, encoding="utf-8")
    return folder


def test_a_mission_that_asks_its_questions_in_order_is_built(master: Path, content: Path) -> None:
    write(master, TOUR + ASKED[1] + ASKED[2])
    assert build_editions(master, master.parent, content=content)


@pytest.mark.parametrize(
    ("asked", "sentence", "shown"),
    [
        pytest.param(
            ASKED[1], 'cells of a learner the question "TOUR.2"', "", id="one is not asked"
        ),
        pytest.param(
            ASKED[2] + ASKED[1], '"TOUR.1" comes next', 'question("TOUR.2")', id="in disorder"
        ),
        pytest.param(
            ASKED[1] + ASKED[2] + ASKED[2], "once too often", 'question("TOUR.2")', id="twice"
        ),
        pytest.param(
            ASKED[1] + code('lab.question("TOUR.2")', "learner"),
            'cells of a solution the question "TOUR.2"',
            "",
            id="not answered",
        ),
    ],
)
def test_a_mission_asks_each_of_its_questions_once_and_in_order(
    master: Path, content: Path, asked: str, sentence: str, shown: str
) -> None:
    write(master, TOUR + asked)
    with pytest.raises(MissionFileError, match=sentence) as caught:
        build_editions(master, master.parent, content=content)
    assert caught.value.file == "tour.md"
    lines = (TOUR + asked).splitlines()
    assert not shown or shown in lines[caught.value.line - 1]
