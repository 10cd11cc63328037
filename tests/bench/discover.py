"""How fast Discover answers a click in a real browser, over a million documents.

    python tests/bench/discover.py                   a million documents: load, then measure
    python tests/bench/discover.py 100000            fewer
    python tests/bench/discover.py --store FOLDER    a store that is loaded already

A click is timed inside the page, from the click to the second frame after the rows are drawn.
Message sizes are those of the frames on the kernel's socket. Exit status 1: a target is missed.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from siemlab.store import open_store
from tests.bench.synthetic import documents
from tests.browser.discovering import (
    OPEN,
    RUN,
    Widget,
    chromium,
    jupyter_module,
    patiently,
    write_notebook,
)

CLICKS = 40
PAUSE = 700  # milliseconds between two clicks; meanwhile the coverage of the fields is counted
SETUP = """
from siemlab import Lab
from siemlab.widgets import Discover
lab = Lab(store={store!r}, quiet=True)
"""
CELL = """
d = Discover(lab.store, pattern="log-aws-cloudtrail-*",
             columns=["user.name", "event.action", "source.ip"])
d
"""

# Click a control and tell when its answer is painted; what the view says of the engine.
CLICK = """async ([key, part, turn]) => {
  const root = document.querySelector('section.siem-discover');
  const fitting = [...root.querySelectorAll('[data-key]')]
    .filter(one => new RegExp(key).test(one.dataset.key));
  const named = fitting.map(one => [one.getAttribute('aria-label'), one]);
  const different = [...new Map(named).values()];
  const node = different[turn % different.length];
  const drawn = new Promise(done => {
    const listen = event => {
      if (!event.detail.parts.includes(part)) return;
      root.removeEventListener('siemlab:drawn', listen);
      requestAnimationFrame(() => requestAnimationFrame(() => done(event.detail)));
    };
    root.addEventListener('siemlab:drawn', listen);
  });
  const start = performance.now();
  node.click();
  const detail = await drawn;
  return {ms: performance.now() - start, took: detail.took_ms, total: detail.total};
}"""
CLOSE = """async key => [...document.querySelectorAll('section.siem-discover [data-key]')]
  .find(one => new RegExp(key).test(one.dataset.key)).click()"""
OPENED = """async () => {
  window.jupyterapp.shell.activateById(window.notebook.id);
  window.notebook.content.activeCellIndex = 1;
  window.drawn = [];
  const start = performance.now();
  window.jupyterapp.commands.execute('notebook:run-cell');
  while (!window.drawn.some(one => one.parts.includes('rows'))) {
    await new Promise(done => setTimeout(done, 10));
  }
  return performance.now() - start;
}"""
MEMORY = """
import resource as r
print(max(r.getrusage(who).ru_maxrss for who in (r.RUSAGE_SELF, r.RUSAGE_CHILDREN)))
"""


def main() -> int:
    """Measure, print the table, and tell by the exit status whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--store", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="discover-") as folder:
        store = given.store or loaded(Path(folder) / "store", given.count)
        figures = measured(store, Path(folder))
    return table(figures, given.count)


def loaded(folder: Path, count: int) -> Path:
    """Load made-up CloudTrail events into a store of the embedded engine."""
    started = time.monotonic()
    store = open_store(folder)
    store.add(documents(count))
    store.close()
    print(f"loaded {count:,} documents in {time.monotonic() - started:.0f} s", flush=True)
    return folder


def measured(store: Path, folder: Path) -> dict[str, Any]:
    """Open Discover in JupyterLab, click in turns, and return what was measured."""
    (folder / "notebooks").mkdir()
    (folder / "home").mkdir()
    write_notebook(folder / "notebooks" / "bench.ipynb", SETUP.format(store=str(store)), CELL)
    with (
        jupyter_module().Jupyter(folder / "notebooks", folder / "home") as server,
        page_of(server) as (page, frames),
    ):
        page.evaluate(patiently(OPEN), "bench.ipynb")
        page.evaluate(patiently(RUN))
        opening = [page.evaluate(patiently(OPENED)) for _ in range(3)]
        widget = Widget(page)
        widget.settle()
        page.wait_for_timeout(3 * PAUSE)
        tops = timed_tops(widget)
        clicks = timed_clicks(widget, frames)
        memory = int(widget.python(MEMORY)) / 1024
    return {"opening": opening, "clicks": clicks, "memory": memory, "tops": tops}


@contextmanager
def page_of(server: Any) -> Iterator[tuple[Any, list[int]]]:
    """A page on JupyterLab, and the sizes of what its sockets receive."""
    frames: list[int] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))),
        )
        page.goto(f"{server.url}/lab?token={server.token}&reset", wait_until="domcontentloaded")
        page.wait_for_function("() => window.jupyterapp", timeout=120_000)
        yield page, frames


def timed_clicks(widget: Widget, frames: list[int]) -> list[dict[str, float]]:
    """Keep or drop one value after the other, as fast as a person reads; never the same twice.

    Each is undone before the next; that is not measured, for its answer may be remembered.
    """
    found = []
    for turn in range(CLICKS):
        sign = r"^row:.*\|[+]$" if turn % 4 == 0 else r"^row:.*\|-$"
        frames.clear()
        one = widget.page.evaluate(patiently(CLICK), [sign, "total", turn])
        widget.page.wait_for_timeout(PAUSE)
        found.append({**one, "bytes": max(frames, default=0)})
        widget.page.evaluate(patiently(CLICK), ["^undo$", "total", 0])
        widget.page.wait_for_timeout(PAUSE)
    return found


def timed_tops(widget: Widget) -> list[float]:
    """Milliseconds until the top values of fields are painted."""
    found = []
    for name in ("event.module", "event.action", "user.name", "source.ip", "cloud.region"):
        key = rf"^fields\|{re.escape(name)}$"
        found.append(widget.page.evaluate(patiently(CLICK), [key, "top", 0])["ms"])
        widget.page.evaluate(patiently(CLOSE), key)
        widget.page.wait_for_timeout(PAUSE)
    return found


def table(figures: dict[str, Any], count: int) -> int:
    """Print each figure beside its target; 1 where one is missed."""
    times = [one["ms"] for one in figures["clicks"]]
    engine = [one["took"] for one in figures["clicks"]]
    rows = [
        ("click to painted rows, median", median(times), 250, "ms"),
        ("click to painted rows, 95th percentile", quantiles(times, n=20)[-1], 400, "ms"),
        ("of it Python and engine, median", median(engine), 50, "ms"),
        ("opening the widget, median of 3", median(figures["opening"]), 1500, "ms"),
        ("click to painted top values, median of 5", median(figures["tops"]), 250, "ms"),
        (
            "largest message of a click",
            max(one["bytes"] for one in figures["clicks"]) / 1000,
            200,
            "kB",
        ),
        ("memory of the kernel or its helper, peak", figures["memory"], 1000, "MB"),
    ]
    print(f"\nDiscover in Chromium, {count:,} documents, {len(times)} clicks")
    for label, value, target, unit in rows:
        said = "ok" if value <= target else "MISSED"
        print(f"{label:50}{value:9.0f} {unit:3} target {target:6} {said}")
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"(this process: {here:.0f} MB)")
    return int(any(value > target for _, value, target, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
