"""Discover in a real JupyterLab: a notebook of one cell, and what a person does in it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = ROOT / "tests" / "output"
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
  window.drawn = [];
  document.addEventListener('siemlab:drawn', event => window.drawn.push(event.detail));
}"""

RUN = """async () => {
  window.jupyterapp.shell.activateById(window.notebook.id);
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
  return window.notebook.content.widgets
    .filter(cell => cell.model.type === 'code')
    .map(cell => cell.model.outputs.toJSON());
}"""

PYTHON = """async code => {
  const future = window.notebook.sessionContext.session.kernel.requestExecute({code});
  let text = '';
  future.onIOPub = message => {
    const content = message.content;
    if (message.header.msg_type === 'stream') text += content.text;
    if (message.header.msg_type === 'error') text += `${content.ename}: ${content.evalue}`;
  };
  await future.done;
  return text;
}"""


def patiently(script: str, seconds: int = 180) -> str:
    """Return the script with an end to its patience: the browser itself has none."""
    late = f"new Error('JupyterLab took more than {seconds} seconds')"
    timer = f"new Promise((_, fail) => setTimeout(() => fail({late}), {seconds * 1000}))"
    return f"given => Promise.race([({script})(given), {timer}])"


def jupyter_module() -> Any:
    """Return the module that starts JupyterLab; it is no package's, for it is also a script."""
    spec = importlib.util.spec_from_file_location("jupyter_server_of_tests", HERE / "jupyter.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, without a window."""
    installed = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        yield browser
        browser.close()


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook of code cells."""
    listed = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {
        "cells": listed,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(whole), encoding="utf-8")


@dataclass
class Widget:
    """The Discover of an open notebook, and all that the page complained of or asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, server: Any, path: str, **context: Any) -> Widget:
        """Open a notebook in a new page and run it."""
        given: dict[str, Any] = {"viewport": {"width": 1280, "height": 1000}, "locale": "en-US"}
        made = browser.new_context(**{**given, **context})
        made.set_default_timeout(15_000)
        page = made.new_page()
        widget = cls(page)
        page.on("pageerror", lambda error: widget.errors.append(str(error)))
        page.on("request", lambda sent: widget.requests.append(sent.url))
        page.goto(
            f"{server.url}/lab?token={server.token}&reset",
            wait_until="domcontentloaded",
            timeout=120_000,
        )
        page.wait_for_function("() => window.jupyterapp", timeout=120_000)
        page.evaluate(patiently(OPEN), path)
        widget.run_again()
        return widget

    def run_again(self) -> None:
        """Run all cells: Discover is then as if nothing had been done yet."""
        outputs = self.page.evaluate(patiently(RUN))
        failed = [one for cell in outputs for one in cell if one["output_type"] == "error"]
        assert failed == [], failed[0]["evalue"]
        self.root.locator("table.siem-documents").wait_for()
        self.root.locator("ul.siem-fields").last.locator("li").first.wait_for()  # counted later
        self.settle()

    def close(self) -> None:
        """Close the page and its context."""
        self.page.context.close()

    @property
    def root(self) -> Locator:
        return self.page.locator("section.siem-discover").first

    def settle(self) -> None:
        """Wait until nothing is under way any more."""
        quiet = """() => {
          const root = document.querySelector('section.siem-discover');
          const busy = !root || root.getAttribute('aria-busy') !== 'false';
          window.quiet = busy ? 0 : (window.quiet ?? 0) + 1;
          return window.quiet > 3;
        }"""
        self.page.evaluate("() => { window.quiet = 0; }")
        self.page.wait_for_function(quiet)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Do something that Python answers, and wait for the answer to be drawn."""
        before = self.page.evaluate("() => window.drawn.length")
        yield
        self.page.wait_for_function("before => window.drawn.length > before", arg=before)
        self.settle()

    def click(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Click a button by its name, and wait for the answer."""
        with self.step():
            self.button(name, within=within, exact=exact).click()

    def button(self, name: str, *, within: Locator | None = None, exact: bool = True) -> Locator:
        """The first button of a name."""
        return (within or self.root).get_by_role("button", name=name, exact=exact).first

    @property
    def total(self) -> int:
        """The hits that the status line tells of."""
        words = self.root.get_by_role("status").first.inner_text().split()
        return int(words[0].replace(",", ""))

    @property
    def pills(self) -> list[str]:
        """The texts of the filters."""
        return self.root.locator(".siem-pill > .siem-text").all_inner_texts()

    @property
    def heads(self) -> list[str]:
        """The columns of the documents, that of the buttons first."""
        heads = self.root.locator("table.siem-documents > thead th").all_inner_texts()
        return [head.removesuffix("×").strip() for head in heads]

    def column(self, name: str) -> list[str]:
        """The cells of a column, as they are read."""
        at = self.heads.index(name) + 1
        row = "table.siem-documents > tbody > tr:not(.siem-detail)"
        cells = self.root.locator(f"{row} > td:nth-child({at}) .siem-text")
        return cells.all_inner_texts()

    def python(self, code: str) -> str:
        """Run code in the notebook's kernel; what it prints, or how it failed."""
        return str(self.page.evaluate(patiently(PYTHON), code)).strip()

    def focused(self) -> str:
        """The name of the control that has the focus."""
        return str(
            self.page.evaluate(
                "() => document.activeElement.getAttribute('aria-label')"
                " ?? document.activeElement.labels?.[0]?.firstChild.textContent"
                " ?? document.activeElement.textContent"
            )
        )

    def picture(self, name: str) -> None:
        """Keep the widget as a picture, for people to look at."""
        PICTURES.mkdir(exist_ok=True)
        before = self.page.viewport_size
        tall = self.root.evaluate("root => Math.ceil(root.getBoundingClientRect().height)")
        self.page.set_viewport_size({"width": 1280, "height": min(6000, int(tall) + 700)})
        self.page.evaluate(
            "() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0;"
            " document.querySelector('.jp-WindowedPanel-outer').scrollTop = 1e6; }"
        )
        self.page.mouse.move(5, 5)
        self.page.wait_for_timeout(400)
        self.root.screenshot(path=PICTURES / name)
        if before:
            self.page.set_viewport_size(before)

    def elsewhere(self) -> list[str]:
        """What was asked of another machine."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob"}
            and urlsplit(url).hostname not in LOOPBACK
        ]
