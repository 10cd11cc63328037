"""The same clicks end at the same documents, counts and histogram on every engine."""

from __future__ import annotations

import pytest

from siemlab.baseline import load_baseline
from siemlab.normalize.document import Document
from siemlab.query import Query
from siemlab.store import open_store
from tests.widgets.conftest import filled
from tests.widgets.test_desk import Page

CLICKS = [
    ("include", {"field": "event.outcome", "value": "success"}),
    ("exclude", {"field": "cloud.region", "value": "us-east-1"}),
    ("exists", {"field": "source.ip"}),
    ("exclusion", {"id": "private-networks"}),
    ("text", {"text": "event.action:(Get* OR List*) AND NOT user.name:user001"}),
    ("time", {"from": "2023-01-10", "to": "2023-03-20", "tz": "Asia/Tokyo"}),
    ("pill", {"index": 1, "action": "negate"}),
    ("pill", {"index": 1, "action": "toggle"}),
    ("one_of", {"field": "user.name", "values": ["user000", "user002", "user003", "user004"]}),
    ("missing", {"field": "user_agent.name"}),
    ("between", {"field": "@timestamp", "low": "2023-01-15", "high": "2023-03-01"}),
    ("undo", {}),
    ("redo", {}),
    ("undo", {}),
    ("time", {"from": None, "to": None, "quick": "30d"}),
    ("jump", {"step": 5}),
]
PARTS = ("total", "histogram", "columns", "rows", "error", "state", "exclusions", "fields", "top")


def walked(store):
    """What the page shows after each click: everything but how long it took."""
    page = Page(store, Query("log-aws-cloudtrail-*"), exclusions=load_baseline().exclusions[:3])
    shown = []
    for kind, given in [("page", {}), *CLICKS]:
        page.send(kind, **given)
        page.send("ask", what="top", field="user.name")
        page.rest()
        shown.append({part: page.view[part] for part in PARTS})
    row = page.view["rows"][len(page.view["rows"]) // 2]
    shown.append(page.ask("around", index=row["index"], id=row["id"], size=4))
    shown.append(page.ask("source", index=row["index"], id=row["id"]))
    shown.append([(step["before"], step["after"]) for step in page.view["trail"]])
    return shown


@pytest.fixture(scope="module")
def reference(many):
    """The plain engine's answers; the path must find something to be worth walking."""
    shown = walked(filled(many))
    totals = [view["total"] for view in shown[:-3]]
    assert totals[0] == 1500
    assert min(totals) > 0
    assert len(set(totals)) > 7
    return shown


def test_clicks_on_the_embedded_engine_show_what_the_plain_one_shows(many, reference, tmp_path):
    store = filled(many, engine="duckdb", folder=tmp_path / "store")
    assert walked(store) == reference


@pytest.mark.opensearch
def test_clicks_on_a_server_show_what_the_plain_engine_shows(many, reference, empty_opensearch):
    store = open_store(empty_opensearch)
    store.add(many)
    assert walked(store) == reference


FLOWS = [
    Document(
        "log-aws-vpcflowlogs-2022-11",
        f"flow-{number}",
        {
            "@timestamp": f"2022-11-14T05:00:{number:02d}.{number:03d}Z",
            "start": 1668402000 + number % 3,
            "network": {"bytes": [40, 2**53 + 1, -1][number % 3], "type": ["ipv4", "ipv6"]},
            "source": {"ip": ["2001:db8::1", "10.0.0.1"][number % 2]},
            "flag": number % 2 == 0,
            "note": ["", " ", "a, b", '"', "東京"][number % 5],
        },
    )
    for number in range(20)
]


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_plus_finds_as_many_documents_as_stand_beside_it_and_minus_the_others(engine, tmp_path):
    page = Page(filled(FLOWS, engine=engine, folder=tmp_path / "store"))
    page.rest()
    clicked = 0
    for field in [field["name"] for field in page.view["fields"]]:
        top = page.send("ask", what="top", field=field)["top"][field]
        for row in top["values"]:
            page.send("include", field=field, value=row["value"])
            assert (field, page.view["error"]) == (field, None)
            assert (field, row["value"], page.view["total"]) == (field, row["value"], row["count"])
            page.send("exclude", field=field, value=row["value"])
            assert page.view["total"] == 20 - row["count"]
            page.send("jump", step=0)
            clicked += 1
    assert clicked >= 25
