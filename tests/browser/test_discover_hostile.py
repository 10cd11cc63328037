"""Documents that try to be more than text are text everywhere, and nothing of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import HOSTILE
from tests.browser.discovering import Widget

pytestmark = pytest.mark.browser

CELL = """
from siemlab import Lab
from siemlab.widgets import Discover
lab = Lab(store={store!r}, quiet=True)
d = Discover(lab.store, columns=["user_agent.original", "requestParameters.note"])
d
"""
SEEN = {
    "bidi": r"invoice\u202egpj.exe\u2066\u2069\u200b",
    "control": r"bell\u0007 escape\u001b[31m nul\u0000 line\u2028end",
}
"""How a text is shown whose characters would show nothing, or something else."""
MADE = "script, img, svg:not(.siem-bars), iframe, object, embed, a[href]"


def shown(name: str) -> str:
    return SEEN.get(name, HOSTILE[name])


@pytest.fixture(scope="module")
def opened(browser: Browser, lab_server: Any, notebook: Any, hostile: Path) -> Iterator[Widget]:
    path = notebook("hostile.ipynb", CELL.format(store=str(hostile)))
    widget = Widget.open(browser, lab_server, path)
    yield widget
    widget.close()


@pytest.fixture
def widget(opened: Widget) -> Widget:
    opened.run_again()
    return opened


@pytest.fixture(autouse=True)
def nothing_ran(widget: Widget) -> Iterator[None]:
    """After each test: no script ran, no element was made of a text, no page was asked."""
    yield
    assert widget.page.evaluate("() => window.__pwned ?? null") is None
    assert widget.root.locator(MADE).count() == 0
    assert widget.errors == []
    assert widget.elsewhere() == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cell_shows_the_text_as_it_is_written(widget: Widget, name: str) -> None:
    assert shown(name) in widget.column("user_agent.original")
    assert shown(name) in widget.column("requestParameters.note")


def test_the_field_list_and_its_top_values_are_text(widget: Widget) -> None:
    names = widget.root.locator(".siem-fields li .siem-name").all_inner_texts()
    assert "requestParameters.key <script>window.__pwned = 1</script>" in names
    widget.click("Top values of user_agent.original", exact=False)
    values = widget.root.locator(".siem-top .siem-text").all_inner_texts()
    assert {shown("markup"), shown("image"), shown("bidi")} <= set(values)


@pytest.mark.parametrize("name", ["markup", "attribute", "bidi", "control", "formula"])
def test_a_filter_of_it_finds_its_document_and_its_pill_is_text(widget: Widget, name: str) -> None:
    cells = widget.root.locator("td .siem-value").filter(has_text=shown(name))
    cells.first.hover()
    with widget.step():
        cells.first.get_by_role("button").first.click()
    assert widget.total == 1
    assert shown(name) in widget.root.locator(".siem-pill > .siem-text").inner_text()
    widget.button("Trail").click()
    trail = widget.root.locator(".siem-trail").inner_text()
    assert "\u202e" not in trail
    widget.click("Code")
    code = widget.root.get_by_role("textbox", name="Code", exact=True).input_value()
    assert widget.python(f"exec({code!r}); print('ran')").endswith("ran")


@pytest.mark.parametrize("view", ["Table", "JSON"])
def test_the_details_are_text(widget: Widget, view: str) -> None:
    rows = widget.root.locator(".siem-documents > tbody > tr")
    at = next(n for n in range(rows.count()) if shown("image") in rows.nth(n).inner_text())
    toggle = rows.nth(at).get_by_role("button").first
    with widget.step():
        toggle.click()
    detail = widget.root.locator(".siem-detail")
    widget.button(view, within=detail).click()
    assert "<img src=x onerror=" in detail.inner_text()
    widget.picture(f"discover-hostile-{view.lower()}.png")


def test_a_value_of_a_megabyte_is_cut_and_shown_when_it_is_asked_for(widget: Widget) -> None:
    text = widget.root.locator("td .siem-value").filter(has_text="xxxxxxxxxx").first
    assert "1,000,003 characters" in text.inner_text()
    assert len(text.inner_text()) < 3_000
    assert widget.page.evaluate("() => window.notebook.node.textContent.length") < 200_000
    widget.click("Show the whole value", within=text)
    assert len(text.locator(".siem-text").inner_text()) == 50_000  # as much as a message takes
    assert "1,000,003 characters" in text.inner_text()
