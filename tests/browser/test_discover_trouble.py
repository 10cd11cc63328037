"""When something is in the way: a slow server, one that is gone, a kernel that was restarted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.discovering import Widget, patiently

pytestmark = pytest.mark.browser

CELL = """
import time
from siemlab import Lab
from siemlab.errors import StoreError
from siemlab.widgets import Discover

class Unsteady:
    '''A store that can be slow, or not answer at all.'''

    def __init__(self, store):
        self.store, self.seconds, self.gone, self.asked = store, 0, False, 0

    def __getattr__(self, name):
        answer = getattr(self.store, name)
        def ask(*given, **more):
            if name == "newest":
                self.asked += 1
                time.sleep(self.seconds)
            if self.gone:
                raise StoreError("the server does not answer; start it: siemlab opensearch up",
                                 "サーバーが応答しません。起動: siemlab opensearch up")
            return answer(*given, **more)
        return ask

store = Unsteady(Lab(store={store!r}, quiet=True).store)
d = Discover(store, pattern="log-aws-cloudtrail-*", columns=["user.name", "event.action"])
d
"""
RESTART = """async () => {
  await window.notebook.sessionContext.restartKernel();
  await window.notebook.sessionContext.session.kernel.info;
}"""
NAMES = ("NoSuchBucket", "AccessDenied", "ThrottlingException")


@pytest.fixture(scope="module")
def opened(browser: Browser, lab_server: Any, notebook: Any, logs: Path) -> Iterator[Widget]:
    path = notebook("trouble.ipynb", CELL.format(store=str(logs)))
    widget = Widget.open(browser, lab_server, path)
    yield widget
    assert widget.errors == []
    assert widget.elsewhere() == []
    widget.close()


@pytest.fixture
def widget(opened: Widget) -> Widget:
    opened.run_again()
    return opened


def test_a_slow_answer_is_told_of_and_the_page_stays_usable(widget: Widget) -> None:
    widget.python("store.seconds = 3")
    widget.root.get_by_label("Search (Lucene)").fill("event.action:Get*")
    widget.button("Search").click()
    assert widget.root.get_attribute("aria-busy") == "true"
    status = widget.root.get_by_role("status").first
    status.get_by_text("Still waiting").wait_for()
    widget.root.get_by_label("Find a field").fill("user.name")
    widget.settle()
    assert 0 < widget.total < 2000
    assert widget.root.get_by_label("Find a field").input_value() == "user.name"


def test_of_several_quick_clicks_none_is_lost_and_only_the_last_is_searched_for(
    widget: Widget,
) -> None:
    widget.python("store.seconds = 2; store.asked = 0")
    search = widget.root.get_by_label("Search (Lucene)")
    search.fill("event.outcome:failure")
    widget.button("Search").click()
    names = list(dict.fromkeys(widget.column("user.name")))[:3]
    for name in names:
        cell = widget.root.locator("td .siem-value").filter(has_text=name).first
        cell.hover()
        widget.button(f"Exclude user.name: {name}", within=cell).click()
    widget.settle()
    assert widget.pills == [f"NOT user.name: {name}" for name in names]
    assert not set(names) & set(widget.column("user.name"))
    assert widget.python("print(store.asked)") == "2"
    assert widget.python("print(d.query.text)") == "event.outcome:failure"


def test_a_server_that_is_gone_is_told_of_and_found_again(widget: Widget) -> None:
    widget.python("store.gone = True")
    widget.root.get_by_label("Search (Lucene)").fill("event.action:Get*")
    widget.click("Search")
    alert = widget.root.get_by_role("alert").inner_text()
    assert "the server does not answer" in alert
    assert "siemlab opensearch up" in alert
    widget.python("store.gone = False")
    widget.root.get_by_label("Search (Lucene)").fill("event.action:List*")
    widget.click("Search")
    assert widget.root.get_by_role("alert").count() == 0
    assert widget.total > 0


def test_after_a_restart_of_the_kernel_it_says_to_run_the_cell_again(widget: Widget) -> None:
    widget.page.evaluate(patiently(RESTART))
    status = widget.root.get_by_role("status").first
    widget.button("Undo").is_visible()
    status.get_by_text("Run this cell again").wait_for()
    # What is on the page can still be read, and running the cell again brings it back to life.
    assert widget.root.locator(".siem-documents > tbody > tr").count() == 50
    widget.run_again()
    assert widget.total == 2000
