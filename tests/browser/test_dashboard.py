"""Dashboard, timeline and charts in a real JupyterLab: mouse, keyboard, two languages, hostile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.discovering import PICTURES, RUN, Widget, patiently

pytestmark = pytest.mark.browser

BOARD = """
from siemlab import Lab
lab = Lab(store={store!r}, lang={lang!r}, quiet=True)
board = lab.dashboard({board!r}, tz="Asia/Tokyo", page={page!r})
board
"""

CHARTS = """
from siemlab import Lab
from siemlab.charts import histogram, top_bar
from siemlab.widgets import Timeline
lab = Lab(store={store!r}, quiet=True)
events = lab.events("log-aws-cloudtrail-*")
lab.dashboard("cloudtrail")
"""


def cell(store: Path, board: str = "cloudtrail", lang: str = "en", **page: str) -> str:
    return BOARD.format(store=str(store), board=board, lang=lang, page=page)


@pytest.fixture(scope="module")
def opened(browser: Browser, lab_server: Any, notebook: Any, logs: Path) -> Iterator[Widget]:
    """The CloudTrail board, as it is at first."""
    widget = Board.open(browser, lab_server, notebook("board.ipynb", cell(logs)))
    yield widget
    widget.close()


@pytest.fixture
def board(opened: Widget) -> Iterator[Widget]:
    """The board with nothing done to it; what a test did is undone."""
    yield opened
    while opened.button("Undo").is_enabled():
        opened.click("Undo")
    assert opened.errors == []
    assert opened.elsewhere() == []


class Board(Widget):
    """The dashboard of an open notebook."""

    def run_again(self) -> None:
        """Run all cells: the dashboard is then as if nothing had been done yet."""
        outputs = self.page.evaluate(patiently(RUN))
        failed = [one for cell in outputs for one in cell if one["output_type"] == "error"]
        assert failed == [], failed[0]["evalue"]
        self.root.locator("section.siem-panel").first.wait_for()
        self.settle()


def panel(widget: Widget, title: str) -> Any:
    return widget.root.get_by_role("region", name=title, exact=True)


def test_a_click_on_a_bar_includes_it_in_every_panel(board: Widget) -> None:
    before = board.total
    bar = panel(board, "Who called").get_by_role("button", name=re.compile("^Include")).first
    named = re.fullmatch(r"Include user\.name: (\S+), ([\d,]+)", bar.get_attribute("aria-label"))
    assert named
    with board.step():
        bar.click()
    assert board.total == int(named[2].replace(",", "")) < before
    assert board.pills == [f"user.name: {named[1]}"]
    assert panel(board, "Who called").get_by_role("listitem").count() == 1
    assert board.python("print(board.query.pills(), board.view['total'])") == (
        f"['user.name: {named[1]}'] {board.total}"
    )


def test_the_minus_excludes_and_the_pill_can_be_turned_and_taken_away(board: Widget) -> None:
    before = board.total
    with board.step():
        panel(board, "APIs").get_by_role("button", name=re.compile("^Exclude")).first.click()
    without = board.total
    pill = board.pills[0]
    assert pill.startswith("NOT event.action: ")
    board.click(f"Invert: {pill}")
    assert board.total == before - without
    board.click(f"Disable: {board.pills[0]}")
    assert board.total == before
    board.click(f"Remove: {board.pills[0]}")
    assert board.pills == []


def test_a_number_is_a_filter_for_all_panels(board: Widget) -> None:
    figure = panel(board, "calls that failed").get_by_role("button")
    count = int(figure.inner_text().replace(",", ""))
    with board.step():
        figure.click()
    assert board.total == count
    assert board.pills == ["error.code: exists"]


def test_dragging_over_the_bars_narrows_the_time_everywhere(board: Widget) -> None:
    before = board.total
    box = board.root.locator("svg.siem-bars").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    with board.step():
        board.page.mouse.move(box["x"] + box["width"] * 0.3, y)
        board.page.mouse.down()
        board.page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
        board.page.mouse.up()
    assert 0 < board.total < before
    board.click("Remove the time limit")
    assert board.total == before


def test_another_board_keeps_the_filters(board: Widget) -> None:
    with board.step():
        panel(board, "Source addresses").get_by_role("button").first.click()
    pills = board.pills
    with board.step():
        board.root.get_by_role("combobox", name="Dashboard").select_option("vpcflow")
    assert panel(board, "Flows over time").is_visible()
    assert board.pills == pills
    board.click("Undo")
    with board.step():
        board.root.get_by_role("combobox", name="Dashboard").select_option("cloudtrail")


def test_everything_can_be_done_by_keyboard_and_the_focus_is_seen(board: Widget) -> None:
    board.root.get_by_role("combobox", name="Dashboard").focus()
    keys = board.page.keyboard
    for _ in range(40):
        keys.press("Tab")
        if board.focused().startswith("Include event.action"):
            break
    assert board.focused().startswith("Include event.action")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert board.page.evaluate(outline) == "solid"
    with board.step():
        keys.press("Enter")
    assert board.pills[0].startswith("event.action: ")
    assert board.focused().startswith("Include event.action"), "the focus stays on the bar"
    keys.press("Tab")
    with board.step():
        keys.press("Space")
    assert board.pills[0].startswith("NOT event.action: ")
    cells = "() => window.notebook.content.widgets.length"
    count = board.page.evaluate(cells)
    for key in ("b", "d", "d", "x"):
        keys.press(key)
    assert board.page.evaluate(cells) == count, "the notebook's shortcuts stay out"


def test_the_board_reads_well_without_being_seen(board: Widget) -> None:
    expect(board.root).to_match_aria_snapshot("""
      - region "Dashboard CloudTrail":
        - combobox "Dashboard"
        - button "Undo" [disabled]
        - list "Filters"
        - status:
          - paragraph: /hits/
        - region "calls that failed":
          - heading "calls that failed" [level=4]
          - button /Only these [\\d,]+. calls that failed/
        - region "Calls over time":
          - group /Documents over time/
        - region "APIs":
          - list:
            - listitem:
              - button /Include event.action. \\w+, [\\d,]+/
              - button /Exclude event.action. \\w+/
        - region "Newest calls":
          - group "Newest calls":
            - table:
              - rowgroup:
                - row /Time/:
                  - columnheader "Time (JST)"
                  - columnheader "event.module"
    """)


def test_large_type_and_a_theme_of_its_own(board: Widget) -> None:
    size = "root => parseFloat(getComputedStyle(root).fontSize)"
    before = board.root.evaluate(size)
    board.button("Large type").click()
    expect(board.button("Large type")).to_have_attribute("aria-pressed", "true")
    assert board.root.evaluate(size) > 1.3 * before
    board.root.get_by_role("combobox", name="Theme").select_option("dark")
    expect(board.root).to_have_css("background-color", "rgb(20, 24, 29)")
    board.root.get_by_role("combobox", name="Theme").select_option("auto")
    board.button("Large type").click()
    expect(board.root).not_to_have_class(re.compile("siem-large"))


def test_the_board_as_a_picture(board: Widget) -> None:
    board.picture("dashboard-en.png")


def test_the_board_in_japanese_and_dark(
    browser: Browser, lab_server: Any, notebook: Any, logs: Path
) -> None:
    source = cell(logs, "overview", "ja", theme="dark", size="large")
    widget = Board.open(browser, lab_server, notebook("board-ja.ipynb", source))
    status = widget.root.get_by_role("status").first
    expect(status).to_contain_text("件")
    expect(widget.root).to_have_attribute("aria-label", "ダッシュボード: 概要")
    with widget.step():
        widget.root.get_by_role("button", name=re.compile("を含める")).first.click()
    assert len(widget.pills) == 1
    ground = "root => getComputedStyle(root).backgroundColor"
    assert widget.root.evaluate(ground) == "rgb(20, 24, 29)"
    widget.picture("dashboard-ja-dark.png")
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()


def test_hostile_values_are_text_on_every_board_and_chart(
    browser: Browser, lab_server: Any, notebook: Any, hostile: Path
) -> None:
    more = CHARTS.format(store=str(hostile)).replace('lab.dashboard("cloudtrail")', "")
    path = notebook(
        "board-hostile.ipynb",
        cell(hostile),
        f"{more}\ntop_bar(events.top('user.name', 20), field='user.name', title='<b>top')",
        "Timeline(tuple(events.newest(20)), title='<script>window.__pwned = 9</script>')",
    )
    widget = Board.open(browser, lab_server, path)
    widget.page.locator(".jp-RenderedVegaCommon5 canvas").first.wait_for()
    assert widget.page.evaluate("() => window.__pwned") is None
    assert widget.root.locator("script, img, iframe, a").count() == 0
    bar = panel(widget, "Who called").get_by_role("button", name=re.compile("script")).first
    with widget.step():
        bar.click()
    assert widget.total == 1
    assert widget.pills[0].startswith("user.name: <script>")
    assert widget.page.evaluate("() => window.__pwned") is None
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()


def test_charts_are_drawn_by_jupyterlab_itself_and_the_timeline_is_a_picture_and_a_table(
    browser: Browser, lab_server: Any, notebook: Any, logs: Path
) -> None:
    path = notebook(
        "charts.ipynb",
        CHARTS.format(store=str(logs)),
        "histogram(events.histogram('1w', tz='Asia/Tokyo'), title='週ごと', tz='Asia/Tokyo')",
        "top_bar(events.top('event.action', 8), field='event.action')",
        "Timeline(tuple(events.newest(6)), tz='Asia/Tokyo', title='Newest')",
    )
    widget = Board.open(browser, lab_server, path)
    charts = widget.page.locator(".jp-RenderedVegaCommon5 canvas")
    charts.nth(1).wait_for()
    assert charts.count() == 2
    assert widget.page.locator(".vega-actions, summary").count() == 0
    picture = widget.page.locator(".jp-RenderedHTMLCommon svg")
    expect(picture).to_be_visible()
    assert widget.page.locator(".jp-RenderedHTMLCommon table tbody tr").count() == 6
    widget.page.locator(".jp-OutputArea").nth(3).screenshot(path=PICTURES / "timeline.png")
    widget.page.locator(".jp-OutputArea").nth(1).screenshot(path=PICTURES / "chart-histogram.png")
    widget.page.locator(".jp-OutputArea").nth(2).screenshot(path=PICTURES / "chart-top.png")
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()
