"""Stores of a few made-up events, on every engine that needs no server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from siemlab.normalize.document import Document
from siemlab.store import open_store
from tests.bench.synthetic import documents

START = datetime(2022, 11, 14, tzinfo=UTC)
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "attribute": '"><svg onload=alert(1)>',
    "bidi": "invoice\u202egpj.exe\u2066",
    "control": "bell\x07 escape\x1b[2J",
    "formula": '=HYPERLINK("http://evil.example/","x")',
    "plus": "+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "fullwidth": "＝1+1",
    "lines": "a\nb\r\n=1+1",
    "markdown": "![x](http://evil.example/a.png) <b>`|`",
    "half": "half \ud83d",
    "long": "x" * 1_000_000,
}


def small(count: int = 60) -> list[Document]:
    """Some events: one a minute, three people, two indexes; every fifth has no user."""
    found = []
    for number in range(count):
        source = {
            "@timestamp": (START + timedelta(minutes=number)).isoformat(timespec="milliseconds"),
            "@id": f"id-{number:03d}",
            "event": {"action": f"Do{number % 4}", "outcome": ["success", "failure"][number % 2]},
            "source": {"ip": f"10.0.{number % 3}.{number % 7}"},
            "http": {"response": {"status_code": 200 + number % 3}},
        }
        if number % 5:
            source["user"] = {"name": ["alice", "bob", "carol"][number % 3]}
        index = "log-aws-cloudtrail-2022-11" if number % 3 else "log-aws-elb-2022-11"
        found.append(Document(index, f"id-{number:03d}", source))
    return found


def hostile() -> list[Document]:
    """One event for each hostile text, in a value and in a list."""
    return [
        Document(
            "log-aws-cloudtrail-2022-11",
            f"hostile-{name}",
            {
                "@timestamp": (START + timedelta(minutes=at)).isoformat(),
                "@id": f"hostile-{name}",
                "event": {"action": name},
                "user_agent": {"original": text},
                "note": [text, "second"],
            },
        )
        for at, (name, text) in enumerate(HOSTILE.items())
    ]


def filled(given, *, engine="pandas", folder=None):
    store = open_store(folder, engine=engine)
    store.add(given)
    return store


@pytest.fixture(scope="session")
def store():
    return filled(small())


@pytest.fixture(scope="session")
def hostile_store():
    return filled(hostile())


@pytest.fixture(scope="session")
def many():
    """Thousands of CloudTrail events of ninety days."""
    return list(documents(1_500))


@pytest.fixture(autouse=True)
def _home(monkeypatch, tmp_path):
    monkeypatch.setenv("SIEMLAB_HOME", str(tmp_path / "home"))
