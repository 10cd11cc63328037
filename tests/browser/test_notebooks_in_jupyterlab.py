"""A real JupyterLab in a real browser: a learner opens the notebook and runs it all."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = ROOT / "tests" / "output"
NO_SERVER = "http://127.0.0.1:9"
LOOPBACK = {"127.0.0.1", "localhost", "::1", None}
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []),
]

OPEN = """async path => {
  const app = window.jupyterapp;
  await app.restored;
  const panel = await app.commands.execute('docmanager:open', {path, factory: 'Notebook'});
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  app.shell.collapseLeft();
  app.shell.collapseRight();
  window.notebook = panel;
}"""

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


def patiently(script: str) -> str:
    """Return the script with an end to its patience: the browser itself has none."""
    late = "new Error('JupyterLab took more than three minutes')"
    timer = f"new Promise((_, fail) => setTimeout(() => fail({late}), 180_000))"
    return f"given => Promise.race([({script})(given), {timer}])"


def jupyter_module() -> Any:
    spec = importlib.util.spec_from_file_location("jupyter_server_of_tests", HERE / "jupyter.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


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
    installed = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        made = browser.new_context(viewport={"width": 1200, "height": 900}, locale="ja-JP")
        made.set_default_timeout(120_000)
        yield made
        browser.close()


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
