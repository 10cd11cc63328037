"""A mission in a real JupyterLab: a learner in Japanese, by mouse, by keyboard, after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import HOSTILE
from tests.browser.discovering import PICTURES, RUN, Widget, patiently

pytestmark = pytest.mark.browser

START = """
from pathlib import Path
from tests.widgets.question_toys import Table, hostile
table = Table(Path({file!r}), {lang!r}, given={given})
bar = table.bar()
bar
"""
RESTART = """async () => {
  await window.notebook.sessionContext.session.kernel.restart();
  await window.notebook.sessionContext.session.kernel.info;
}"""
THEME = """async theme => {
  await window.jupyterapp.commands.execute('apputils:change-theme', {theme});
}"""
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
}"""
CONTRAST = """root => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const curve = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const linear = c => curve(c / 255);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  return [...root.querySelectorAll('h4, p, span, strong, code, label, legend, button, summary')]
    .filter(node => node.textContent.trim() && !node.disabled && node.offsetParent)
    .map(node => [light(parse(getComputedStyle(node).color)), light(ground(node)), node])
    .map(([a, b, node]) => [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent])
    .sort((a, b) => a[0] - b[0])[0];
}"""


class Mission(Widget):
    """The boxes of an open notebook."""

    def run_again(self) -> None:
        """Run all cells."""
        outputs = self.page.evaluate(patiently(RUN))
        failed = [one for cell in outputs for one in cell if one["output_type"] == "error"]
        assert failed == [], failed[0]["evalue"]
        expect(self.page.locator(".siem-mission h4")).to_be_visible()
        for box in self.page.locator(".siem-question:not(.siem-mission)").all():
            expect(box.locator("h4")).to_be_visible()
            expect(box).to_have_attribute("aria-busy", "false")

    def box(self, number: int) -> Locator:
        return self.page.get_by_role(
            "region", name=re.compile(rf"(問題|Question) L9-\w\.{number}$")
        )

    @property
    def bar(self) -> Locator:
        return self.page.locator("section.siem-mission")

    def wait(self) -> None:
        """Let the time pass after which another try is taken."""
        assert self.python("table.clock.wait(seconds=10)") == ""

    def theme(self, name: str) -> None:
        self.page.evaluate(patiently(THEME), f"JupyterLab {name}")
        light = "true" if name == "Light" else "false"
        self.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")

    def keep(self, name: str, *shown: Locator) -> None:
        """Keep pictures, for people to look at."""
        PICTURES.mkdir(exist_ok=True)
        for at, one in enumerate(shown or (self.box(1),)):
            one.scroll_into_view_if_needed()
            one.screenshot(path=PICTURES / f"{name}{f'-{at + 1}' if shown[1:] else ''}.png")


def cells(file: Path, lang: str = "ja", given: str = "None", count: int = 5) -> list[str]:
    start = START.format(file=str(file), lang=lang, given=given)
    return [start, *(f"table.box({number})" for number in range(1, count + 1))]


@pytest.fixture
def opened(browser: Browser, lab_server: Any, notebook: Any, tmp_path: Path) -> Iterator[Mission]:
    """The mission of a learner who reads Japanese, with nothing done yet."""
    name = notebook("mission.ipynb", *cells(tmp_path / "progress" / "base.jsonl"))
    widget = Mission.open(browser, lab_server, name, locale="ja-JP")
    yield widget
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()


def test_a_learner_is_led_to_the_answer_and_finds_it_again_after_a_restart(
    opened: Mission,
) -> None:
    box, bar = opened.box(1), opened.bar
    opened.keep("mission-ja-new", bar, box, *(opened.box(number) for number in (2, 3, 4, 5)))
    answer = box.get_by_label("回答", exact=True)
    submit = box.get_by_role("button", name="回答する")
    status = box.get_by_role("status")
    # A wrong format says what is wanted, and costs nothing.
    answer.fill("オフィスの外")
    submit.click()
    expect(status).to_contain_text("減点はありません")
    expect(box.locator(".siem-worth")).to_have_text("40 点")
    # A foil says which step to look at again; what was typed is still there.
    opened.wait()
    answer.fill("198.51.100.7、203.0.113.9、192.0.2.50")
    submit.click()
    expect(status).to_contain_text("ビルド用のホストが回答に含まれています")
    expect(answer).to_have_value("198.51.100.7、203.0.113.9、192.0.2.50")
    # A hint says its price before it is opened.
    expect(box.locator(".siem-line")).to_contain_text(["回答する", "4 点減ります"])
    box.get_by_role("button", name="ヒント 1 / 3 を開く").click()
    expect(box.locator(".siem-hints > li")).to_have_count(1)
    expect(box.locator(".siem-worth")).to_have_text("残り 36 点（満点 40 点）")
    opened.keep("mission-ja-foil")
    # The right answer; the bar moves with it.
    opened.wait()
    answer.fill("203.0.113.9\n198.51.100.7")
    submit.click()
    expect(status).to_contain_text("正解です")
    expect(box.locator(".siem-key-point")).to_contain_text("調べる価値があります")
    expect(bar).to_contain_text("36 / 200 点")
    opened.keep("mission-ja-solved", bar, box)
    tries = box.locator(".siem-tries li").all_inner_texts()
    # The kernel is started anew: the box says so, and after "run all" all is as it was.
    opened.page.evaluate(patiently(RESTART))
    opened.run_again()
    expect(status).to_contain_text("正解です")
    assert box.locator(".siem-tries li").all_inner_texts() == tries
    expect(box.locator(".siem-hints > li")).to_have_count(1)
    expect(bar).to_contain_text("36 / 200 点")


def tab_to(widget: Mission, key: str, box: Locator) -> None:
    """Press Tab until a control of a box has the focus, which must be seen."""
    for _ in range(80):
        if box.locator(f"[data-key='{key}']:focus").count():
            assert widget.page.evaluate(OUTLINE), f"the focus on {key} cannot be seen"
            return
        widget.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {key!r}")


def test_every_shape_of_question_is_answered_by_keyboard_alone(opened: Mission) -> None:
    keyboard, page = opened.page.keyboard, opened.page
    count = page.evaluate("() => window.notebook.content.widgets.length")
    box = opened.box(1)
    box.locator("[data-key='part|0']").focus()
    # Letters that are commands of the notebook are letters here: b adds a cell, dd deletes one.
    keyboard.type("bdd")
    keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("回答として読み取れません")
    assert box.locator("[data-key='part|0']:focus").count() == 1
    opened.wait()
    keyboard.press("Control+A")
    keyboard.type("198.51.100.7")
    keyboard.press("Shift+Enter")
    keyboard.type("203.0.113.9")
    keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("正解です")
    # One of several: the arrows choose, and do not move the notebook's own cursor.
    box = opened.box(2)
    tab_to(opened, "part|0", box)
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("正解です")
    # Some of several: the space bar marks them.
    box = opened.box(3)
    tab_to(opened, "part|0", box)
    keyboard.press("Space")
    tab_to(opened, "part|0|3", box)
    keyboard.press("Space")
    tab_to(opened, "submit", box)
    keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("正解です")
    # An order: a list for each place.
    box = opened.box(4)
    for key, name in (("part|0", "バ"), ("part|0|1", "ユーザーが作"), ("part|0|2", "ユーザーが削")):
        tab_to(opened, key, box)
        box.locator(f"[data-key='{key}']").select_option(
            label=next(
                text
                for text in box.locator(f"[data-key='{key}'] option").all_inner_texts()
                if text.startswith(name)
            )
        )
    tab_to(opened, "submit", box)
    keyboard.press("Space")
    expect(box.get_by_role("status")).to_contain_text("正解です")
    # Two parts, and the answer shown in the end after all hints.
    box = opened.box(5)
    for number in (1, 2, 3):
        tab_to(opened, "hint", box)
        keyboard.press("Enter")
        expect(box.locator(".siem-hints > li")).to_have_count(number)
        opened.wait()
    tab_to(opened, "show", box)
    keyboard.press("Enter")
    expect(box.get_by_role("status")).to_contain_text("答えを表示しました")
    expect(opened.bar).to_contain_text("正解 4、答えを表示 1、未解答 0")
    assert page.evaluate("() => window.notebook.content.widgets.length") == count
    opened.keep("mission-ja-done", opened.bar, *(opened.box(n) for n in (2, 3, 4, 5)))


def test_what_a_screen_reader_is_told(opened: Mission) -> None:
    tree = opened.page.locator(".jp-NotebookPanel:visible").aria_snapshot()
    for line in (
        '- region "問題 L9-T.1"',
        '- textbox "回答"',
        '- group "回答"',
        '- radio "A. ユーザーが作成された"',
        '- checkbox "D. ログの記録が停止された"',
        '- combobox "1 番目"',
        '- textbox "アドレス"',
        '- button "回答する"',
        '- button "答えを見る" [disabled]',
        '- list "問題の一覧"',
    ):
        assert line in tree, tree[:6000]
    expect(opened.box(1)).to_have_attribute("lang", "ja")
    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll('.siem-question *')]
          .filter(node => node.matches('button, input, select, textarea'))
          .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim()
            || node.labels?.length))
          .map(node => node.outerHTML.slice(0, 200))"""
    )
    assert nameless == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_text_can_be_read_in_every_state(opened: Mission, theme: str) -> None:
    opened.theme(theme)
    box = opened.box(1)
    for text, said in (
        ("x", "読み取れません"),
        ("192.0.2.1", "不正解です"),
        ("198.51.100.7 203.0.113.9", "正解です"),
    ):
        box.get_by_label("回答", exact=True).fill(text)
        box.get_by_role("button", name="回答する").click()
        expect(box.get_by_role("status")).to_contain_text(said)
        least, words = box.evaluate(CONTRAST)
        assert least >= 4.5, words
        opened.wait()
    opened.keep(f"mission-ja-{theme.lower()}", opened.bar, box, opened.box(2))
    for shown in (opened.bar, opened.box(2), opened.box(4)):
        least, words = shown.evaluate(CONTRAST)
        assert least >= 4.5, words


def test_hostile_texts_are_text_on_the_page(
    browser: Browser, lab_server: Any, notebook: Any, tmp_path: Path
) -> None:
    text = " ".join(HOSTILE.values())
    listed = cells(tmp_path / "hostile.jsonl", "en", f"hostile({text!r})", 1)
    widget = Mission.open(browser, lab_server, notebook("hostile-mission.ipynb", *listed))
    box = widget.box(1)
    box.locator("textarea").fill(text)
    box.get_by_role("radio").first.check()
    box.get_by_role("button", name="Answer", exact=True).click()
    expect(box.locator(".siem-tries li")).to_have_count(1)
    box.get_by_role("button", name="Open hint 1 of 3").click()
    expect(box.locator(".siem-hints > li")).to_have_count(1)
    assert widget.page.evaluate("() => window.__pwned ?? null") is None
    assert widget.page.locator(".siem-question :is(script, img, svg, a)").count() == 0
    assert "\u202e" not in box.inner_text()
    widget.keep("mission-en-hostile", widget.bar, box)
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()
