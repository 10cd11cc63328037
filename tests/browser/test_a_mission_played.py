"""A whole mission in a real JupyterLab, as a learner in Japanese plays it: L1-A on its own logs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from siemlab.missions import Mission as Content
from siemlab.missions import Question, load_missions, unseal
from tests.browser.discovering import PICTURES, ROOT, patiently
from tests.browser.test_missions import RESTART, Mission

pytestmark = [pytest.mark.browser, pytest.mark.mission]

PLACES = "import os\nos.environ |= {places!r}"
PATIENCE = 6_000  # milliseconds: between two answers to a question lie five seconds
SIZE = {"width": 1280, "height": 1400}


class Played(Mission):
    """The notebook of a real mission."""

    def box(self, number: int) -> Locator:
        return self.page.get_by_role("region", name=re.compile(rf"問題 L1-A\.{number}$"))

    def wait(self) -> None:
        """Let the time pass after which another try is taken."""
        self.page.wait_for_timeout(PATIENCE)

    def submit(self, number: int) -> Locator:
        """Press the button; the place that then says what became of it."""
        self.box(number).get_by_role("button", name="回答する").click()
        return self.box(number).get_by_role("status")


@pytest.fixture(scope="module")
def content() -> Content:
    [mission] = [each for each in load_missions("") if each.id == "L1-A"]
    return mission


@pytest.fixture
def opened(browser: Browser, lab_server: Any, base: Path, tmp_path: Path) -> Iterator[Played]:
    """The committed notebook, on the base data, with nothing done yet."""
    places = {"SIEMLAB_STORES": str(base), "SIEMLAB_PROGRESS": str(tmp_path)}
    notebook = json.loads((ROOT / "notebooks" / "ja" / "l1-a.ipynb").read_text(encoding="utf-8"))
    first = {"cell_type": "code", "id": "places", "metadata": {}, "execution_count": None}
    notebook["cells"].insert(
        0, first | {"outputs": [], "source": PLACES.format(places=places).splitlines(True)}
    )
    (Path(lab_server.root) / "l1-a.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    played = Played.open(browser, lab_server, "l1-a.ipynb", locale="ja-JP", viewport=SIZE)
    yield played
    assert played.errors == []
    assert played.elsewhere() == []
    played.close()


def answers(question: Question) -> list[str]:
    """The answers of a question: what its key holds sealed."""
    return [
        unseal(part.key.sealed, question.team, question.id, at)
        for at, part in enumerate(question.parts)
        if part.key
    ]


def fill(box: Locator, question: Question, texts: list[str]) -> None:
    """Fill in each part in the way that it asks for."""
    for at, (part, text) in enumerate(zip(question.parts, texts, strict=True)):
        if not part.options:
            box.locator(f"[data-key='part|{at}']").fill(text)
            continue
        ids = [option.id for option in part.options]
        for place in (ids.index(one) for one in text.split(", ")):
            box.locator(f"[data-key='part|{at}{f'|{place}' if place else ''}']").check()


def test_a_mission_is_played_to_its_end(opened: Played, content: Content) -> None:
    third = content.questions[2]
    # What cannot be read costs nothing, and says what is wanted.
    fill(opened.box(3), third, ["社内以外のアドレス"])
    expect(opened.submit(3)).to_contain_text("減点はありません")
    # A known wrong answer says which step to look at again: the company's own host is in it.
    opened.wait()
    fill(opened.box(3), third, [f"{answers(third)[0]}、203.0.113.141"])
    expect(opened.submit(3)).to_contain_text("除いてください")
    opened.box(3).get_by_role("button", name="ヒント 1 / 3 を開く").click()
    expect(opened.box(3).locator(".siem-hints > li")).to_have_count(1)
    opened.keep("played-ja-foil", opened.box(3))
    opened.wait()
    for question in content.questions:
        fill(opened.box(question.number), question, answers(question))
        expect(opened.submit(question.number)).to_contain_text("正解です")
    opened.keep("played-ja-solved", opened.box(1), opened.box(8), opened.box(10))
    # The kernel is started anew, all cells run: everything is as it was, and the story is told.
    opened.page.evaluate(patiently(RESTART))
    opened.run_again()
    for question in content.questions:
        status = opened.box(question.number).get_by_role("status")
        expect(status).to_contain_text("正解です")
    lost = round(third.value * 0.1)
    whole = sum(question.value for question in content.questions)
    expect(opened.bar.first).to_contain_text(f"{whole - lost} / {whole} 点")
    told = opened.page.locator(".jp-RenderedMarkdown", has_text="出来事").last
    expect(told).to_contain_text(answers(third)[0].split(", ")[0])
    expect(told).not_to_contain_text("…")
    PICTURES.mkdir(exist_ok=True)
    told.scroll_into_view_if_needed()
    opened.page.screenshot(path=PICTURES / "played-ja-told.png")
    report = opened.python("print(lab.report('L1-A').to_markdown())")
    assert f"{whole - lost}" in report
    assert answers(third)[0].split(", ")[0] in report
