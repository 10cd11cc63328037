"""The main path through Discover by keyboard alone, in Japanese, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from siemlab.query import Query
from siemlab.store import open_store
from tests.browser.conftest import every_document
from tests.browser.discovering import Widget, patiently

pytestmark = pytest.mark.browser

CELL = """
from siemlab import Lab
from siemlab.widgets import Discover
lab = Lab("ja", store={store!r}, quiet=True)
d = Discover(lab.store, pattern="log-aws-cloudtrail-*", lang="ja",
             tz="Asia/Tokyo", columns=["user.name", "event.action"])
d
"""
DARK = """async () => {
  await window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'});
}"""
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
}"""


@pytest.fixture(scope="module")
def opened(browser: Browser, lab_server: Any, notebook: Any, logs: Path) -> Iterator[Widget]:
    path = notebook("keys.ipynb", CELL.format(store=str(logs)))
    widget = Widget.open(browser, lab_server, path, locale="ja-JP")
    widget.page.evaluate(patiently(DARK))
    widget.page.locator("body[data-jp-theme-light='false']").wait_for(state="attached")
    yield widget
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()


@pytest.fixture
def widget(opened: Widget) -> Widget:
    opened.run_again()
    return opened


def tab_to(widget: Widget, label: str, most: int = 400) -> None:
    """Press Tab until a control has the focus; the focus must be seen on the way."""
    for _ in range(most):
        if widget.focused().startswith(label):
            assert widget.page.evaluate(OUTLINE), f"the focus on {label} cannot be seen"
            return
        widget.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {label!r}")


def start(widget: Widget) -> None:
    """Put the focus on the first control; from here on it is the keyboard's."""
    widget.root.get_by_label("インデックスパターン").focus()


def test_the_main_path_by_keyboard_alone(widget: Widget) -> None:
    reference = open_store(engine="pandas")
    reference.add(every_document())
    asked = Query("log-aws-cloudtrail-*").lucene("event.action:Get*")
    keyboard = widget.page.keyboard
    start(widget)
    tab_to(widget, "検索（Lucene 構文）")
    # Letters that are commands of the notebook are letters here: b adds a cell, dd deletes one.
    cells = widget.page.evaluate("() => window.notebook.content.widgets.length")
    keyboard.type("bdd")
    assert widget.page.evaluate("() => window.notebook.content.widgets.length") == cells
    keyboard.press("Control+A")
    keyboard.type("event.action:Get*")
    with widget.step():
        keyboard.press("Enter")
    assert widget.total == reference.count(asked)
    # A field: its top values; the first of them is dropped.
    tab_to(widget, "event.module の上位の値")
    with widget.step():
        keyboard.press("Enter")
    first = str(reference.top(asked, "event.module", 1)[0].key)
    tab_to(widget, f"event.module: {first} を除外する")
    with widget.step():
        keyboard.press("Enter")
    asked = asked.exclude("event.module", first)
    assert widget.total == reference.count(asked)
    # The value is gone; the focus is on its field still.
    assert widget.focused().startswith("event.module の上位の値")


def test_the_histogram_is_narrowed_by_arrows_and_enter(widget: Widget) -> None:
    keyboard = widget.page.keyboard
    widget.root.get_by_label("フィールドを探す").focus()
    bars = widget.root.locator("rect.siem-bar")
    assert widget.root.locator("rect.siem-bar[tabindex='0']").count() == 1
    bars.last.focus()
    keyboard.press("Home")
    for _ in range(3):
        keyboard.press("ArrowRight")
    for _ in range(4):
        keyboard.press("Shift+ArrowRight")
    assert widget.root.locator(".siem-chosen").count() == 5
    labels = [bars.nth(at).get_attribute("aria-label") or "" for at in range(3, 8)]
    expected = sum(int(label.split(": ")[1].split(" 件")[0].replace(",", "")) for label in labels)
    with widget.step():
        keyboard.press("Enter")
    assert widget.total == expected


def test_a_document_is_opened_and_a_step_undone_by_keyboard(widget: Widget) -> None:
    keyboard = widget.page.keyboard
    bar = widget.root.locator("rect.siem-bar[tabindex='0']")
    bar.focus()
    tab_to(widget, "ドキュメント 1 の詳細")
    with widget.step():
        keyboard.press("Enter")
    assert widget.focused() == "ドキュメント 1 の詳細"
    keyboard.press("Tab")
    tab_to(widget, "このドキュメントだけ")
    with widget.step():
        keyboard.press("Enter")
    assert widget.total == 1
    undo = widget.button("元に戻す")
    undo.focus()
    with widget.step():
        keyboard.press("Enter")
    assert widget.total == 2000


def test_what_a_screen_reader_is_told(widget: Widget) -> None:
    tree = widget.root.aria_snapshot()
    for line in (
        '- region "Discover"',
        '- combobox "インデックスパターン"',
        '- textbox "検索（Lucene 構文）"',
        '- list "フィルター"',
        "- status:",
        '- table "ドキュメント（新しい順）"',
        '- button "元に戻す"',
    ):
        assert line in tree, tree[:4000]
    assert widget.root.get_attribute("aria-busy") == "false"
    assert widget.root.get_attribute("lang") == "ja"
    headers = widget.root.locator("table.siem-documents thead th[scope='col']")
    assert headers.count() == 4


def test_every_control_has_a_name(widget: Widget) -> None:
    nameless = widget.root.evaluate(
        """root => [...root.querySelectorAll('button, input, select, textarea, [role=button]')]
          .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim()
            || node.labels?.length))
          .map(node => node.outerHTML.slice(0, 200))"""
    )
    assert nameless == []


def test_text_can_be_read_in_the_dark_and_in_the_light(widget: Widget) -> None:
    contrast = """root => {
      const parse = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
      const light = text => {
        const linear = c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = parse(text).map(c => linear(c / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = getComputedStyle(root).backgroundColor;
      return [...root.querySelectorAll('.siem-text, .siem-note, .siem-name, .siem-share, strong')]
        .slice(0, 200)
        .map(node => [light(getComputedStyle(node).color), light(ground)])
        .map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05))
        .reduce((least, one) => Math.min(least, one), 99);
    }"""
    assert widget.root.evaluate(contrast) >= 4.5
    widget.picture("discover-ja-dark.png")
    widget.page.evaluate(patiently(DARK.replace("JupyterLab Dark", "JupyterLab Light")))
    widget.page.locator("body[data-jp-theme-light='true']").wait_for(state="attached")
    assert widget.root.evaluate(contrast) >= 4.5
    widget.page.evaluate(patiently(DARK))
