"""A real JupyterLab in a real browser: a learner opens the notebook and runs it all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.discovering import (
    LOOPBACK,
    OPEN,
    PICTURES,
    ROOT,
    chromium,
    jupyter_module,
    patiently,
)

pytestmark = pytest.mark.browser

NO_SERVER = "http://127.0.0.1:9"
RUN = """async () => {
  window.jupyterapp.shell.activateById(window.notebook.id);
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
  return window.notebook.content.widgets
    .filter(cell => cell.model.type === 'code')
    .map(cell => ({
      source: cell.model.sharedModel.getSource(),
      count: cell.model.executionCount,
      outputs: cell.model.outputs.toJSON(),
    }));
}"""

HEIGHT = """() => {
  const outer = window.notebook.content.node.querySelector('.jp-WindowedPanel-outer');
  const cells = window.notebook.content.widgets.map(cell => cell.node.offsetHeight);
  window.notebook.content.activeCellIndex = 0;
  outer.scrollTop = 0;
  return cells.reduce((sum, height) => sum + height, 0) + 250;
}"""


@dataclass
class Lesson:
    """What happened when a notebook was opened and run from top to bottom."""

    page: Page
    cells: list[dict[str, Any]]
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Every text that cells printed or showed."""
        outputs = [output for cell in self.cells for output in cell["outputs"]]
        shown = [output.get("data", {}).get("text/plain", "") for output in outputs]
        return "\n".join("".join(text) for text in [*(o.get("text", "") for o in outputs), *shown])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    home = folder / "home"
    home.mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SIEMLAB_OPENSEARCH", NO_SERVER)
        with jupyter_module().Jupyter(folder / "notebooks", home) as running:
            yield running


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with chromium() as browser:
        made = browser.new_context(viewport={"width": 1200, "height": 900}, locale="ja-JP")
        made.set_default_timeout(120_000)
        yield made


@pytest.fixture(scope="module", params=["en", "ja"])
def lesson(
    request: pytest.FixtureRequest, server: Any, context: BrowserContext
) -> Iterator[Lesson]:
    page = context.new_page()
    learned = Lesson(page, [])
    page.on("pageerror", lambda error: learned.errors.append(str(error)))
    page.on("request", lambda sent: learned.requests.append(sent.url))
    page.goto(f"{server.url}/lab?token={server.token}&reset", wait_until="domcontentloaded")
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate(patiently(OPEN), f"{request.param}/first-look.ipynb")
    learned.cells = page.evaluate(patiently(RUN))
    keep_picture(page, f"first-look-{request.param}.png")
    yield learned
    page.close()


def keep_picture(page: Page, name: str) -> None:
    """Keep the whole notebook as a picture, for people to look at."""
    PICTURES.mkdir(exist_ok=True)
    page.set_viewport_size({"width": 1200, "height": int(page.evaluate(HEIGHT))})
    page.evaluate(HEIGHT)
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / name)
    page.set_viewport_size({"width": 1200, "height": 900})


def test_every_cell_runs_and_none_fails(lesson: Lesson) -> None:
    assert len(lesson.cells) > 10
    assert [cell["source"] for cell in lesson.cells if not cell["count"]] == []
    kinds = {output["output_type"] for cell in lesson.cells for output in cell["outputs"]}
    assert "execute_result" in kinds
    assert "error" not in kinds
    complaints = [
        output["text"]
        for cell in lesson.cells
        for output in cell["outputs"]
        if output.get("name") == "stderr"
    ]
    assert complaints == []


def test_the_page_itself_has_no_error(lesson: Lesson) -> None:
    assert lesson.errors == []


def test_nothing_is_asked_of_another_machine(lesson: Lesson) -> None:
    assert lesson.requests
    elsewhere = [
        url
        for url in lesson.requests
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).hostname not in LOOPBACK
    ]
    assert elsewhere == []


def test_tables_are_tables_on_the_page(lesson: Lesson) -> None:
    assert lesson.page.locator(".jp-OutputArea-output table").count() >= 5
    first = lesson.page.locator(".jp-OutputArea-output table").first
    assert "log-aws-cloudtrail-2022-11" in first.inner_text()


def test_the_notebook_says_that_no_opensearch_answers_and_how_to_start_one(lesson: Lesson) -> None:
    assert NO_SERVER in lesson.text()
    assert "siemlab opensearch up" in lesson.text()
