"""The class that stands in a notebook: code does what clicks do, and it shows without a page."""

from __future__ import annotations

import asyncio
import json
import re
import time
from datetime import UTC, datetime

import pytest

from siemlab.baseline import load_baseline
from siemlab.errors import QuerySyntaxError, StoreError
from siemlab.query import Query
from siemlab.widgets import Discover
from tests.widgets.conftest import filled, small

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def opened(store, **options):
    return Discover(store, clock=lambda: NOW, **options)


def clicks(d, *messages):
    """What the page sends, and the views it gets back."""
    views = []
    d.observe(lambda change: views.append(change["new"]), "view")
    for seq, message in enumerate(messages, 1):
        d.event = {"seq": seq, **message}
    return views


def test_a_click_is_answered_with_its_number(store):
    d = opened(store)
    views = clicks(d, {"kind": "include", "field": "user.name", "value": "alice"})
    assert {view["seq"] for view in views} == {1}
    assert views[0]["total"] == 16
    assert any("fields" in view for view in views)


def test_code_does_what_a_click_does(store):
    by_click, by_code = opened(store), opened(store)
    clicks(by_click, {"kind": "exclude", "field": "event.outcome", "value": "success"})
    by_code.do("exclude", field="event.outcome", value="success")
    assert by_click.state == by_code.state
    assert by_code.df()["event.outcome"].unique().tolist() == ["failure"]
    assert len(by_code.df()) == 30


def test_code_that_cannot_be_done_raises_and_changes_nothing(store):
    d = opened(store)
    before = d.state
    with pytest.raises(QuerySyntaxError, match="no time"):
        d.do("time", **{"from": "soon", "to": None})
    with pytest.raises(QuerySyntaxError, match="no event"):
        d.do("explode")
    assert d.state == before


def test_a_page_that_waits_is_answered_even_when_an_engine_breaks(store):
    class Broken:
        broken = False

        def __getattr__(self, name):
            if Broken.broken:
                raise ZeroDivisionError
            return getattr(store, name)

    d = opened(Broken())
    Broken.broken = True
    with pytest.raises(ZeroDivisionError):
        d.event = {"seq": 7, "kind": "exists", "field": "user.name"}
    assert d.view["seq"] == 7
    assert d.view["error"]["message"] == "an unexpected error"


def test_a_second_page_of_the_same_widget_is_answered_too(store):
    d = opened(store)
    clicks(d, {"kind": "exists", "field": "user.name"}, {"kind": "undo"})
    d.event = {"seq": 1, "kind": "redo"}
    assert d.view["seq"] == 2


def test_what_is_shown_without_a_page_is_stable_and_says_the_query(store):
    shown = [repr(opened(store, query=Query("log-*").exists("user.name"))) for _ in range(2)]
    assert shown == ["Discover log-*: 48 hits, filters: user.name: exists"] * 2
    assert repr(opened(store, lang="ja")) == "Discover log-*: 60 件"


def test_every_way_of_showing_is_in_the_bundle(store):
    d = opened(store, pattern="log-aws-elb-*")
    data, _ = d._repr_mimebundle_()
    assert data["text/plain"] == "Discover log-aws-elb-*: 20 hits"
    assert data["text/html"].count("<tr>") == 11
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_query_that_cannot_be_read_shows_its_error(store):
    d = opened(store, query=Query("log-*").lucene("(a"))
    assert "a parenthesis is not closed" in repr(d)


def test_there_is_no_other_language(store):
    with pytest.raises(StoreError, match="no language 'fr'"):
        Discover(store, lang="fr")


def test_the_page_gets_plain_json_and_nothing_else(store):
    d = opened(store, exclusions=load_baseline().exclusions)
    views = clicks(d, {"kind": "include", "field": "user.name", "value": "alice"}, {"kind": "undo"})
    for view in [d.whole_view, *views]:
        assert json.loads(json.dumps(view, allow_nan=False)) == view


def test_in_a_kernel_coverage_is_counted_when_nothing_else_is_to_do(store):
    async def kernel():
        d = opened(store, exclusions=load_baseline().exclusions)
        assert "fields" not in d.whole_view
        views = clicks(d, {"kind": "exists", "field": "user.name"})
        assert not any("fields" in view for view in views)
        for _ in range(200):
            await asyncio.sleep(0.02)
            if "before" in d.whole_view["exclusions"][0]:
                break
        return d, views

    d, views = asyncio.run(kernel())
    assert {field["share"] for field in d.whole_view["fields"]} >= {1.0}
    assert len([view for view in views if "fields" in view]) == 1
    assert d.whole_view["exclusions"][2]["before"] == 48


def test_a_newer_click_makes_the_older_counting_of_no_use(store):
    async def kernel():
        d = opened(store)
        views = clicks(
            d,
            {"kind": "exists", "field": "user.name"},
            {"kind": "include", "field": "user.name", "value": "alice"},
        )
        for _ in range(200):
            await asyncio.sleep(0.02)
            if any("fields" in view for view in views):
                break
        return [view for view in views if "fields" in view]

    counted = asyncio.run(kernel())
    assert len(counted) == 1
    assert next(f for f in counted[0]["fields"] if f["name"] == "@id")["documents"] == 16


def test_nothing_comes_between_a_click_in_a_thread_and_its_answer(store):
    class Slow:
        seconds = 0.0

        def __getattr__(self, name):
            time.sleep(Slow.seconds)
            return getattr(store, name)

    async def kernel():
        d = opened(Slow(), exclusions=load_baseline().exclusions)
        views = clicks(d, {"kind": "exists", "field": "user.name"})
        Slow.seconds = 0.05
        click = {"seq": 2, "kind": "include", "field": "user.name", "value": "alice"}
        await asyncio.to_thread(setattr, d, "event", click)
        return [view for view in views if view["seq"] == 2]

    answers = asyncio.run(kernel())
    assert answers[0]["total"] == 16
    assert len([view for view in answers if "fields" in view]) == 1


@pytest.fixture
def investigated(store):
    d = opened(store, tz="Asia/Tokyo")
    d.do("include", field="user.name", value="bob")
    d.do("undo")
    d.do("include", field="user.name", value="alice")
    d.do("exclude", field="event.outcome", value="success")
    d.do("text", text="event.action:Do1")
    d.do("pick", index="log-aws-elb-2022-11", id="id-033")
    d.do("pick", index="log-aws-elb-2022-11", id="id-021")
    return d


def test_an_investigation_becomes_a_cell(investigated):
    assert investigated.trail.to_code().splitlines() == [
        "from siemlab import Query",
        "",
        "query = Query('log-*')  # 60 hits",
        "query = query.include('user.name', 'alice')  # 16 hits",
        "query = query.exclude('event.outcome', 'success')  # 8 hits",
        "query = query.lucene('event.action:Do1')  # 4 hits",
    ]


def test_an_investigation_becomes_a_timeline_in_its_zone(investigated):
    lines = investigated.trail.timeline().splitlines()
    assert lines[0] == "| time (Asia/Tokyo) | index | what | id |"
    assert [line.split(" | ")[0] for line in lines[2:]] == [
        "| 2022-11-14 09:21:00",
        "| 2022-11-14 09:33:00",
    ]
    assert "`Do1 · failure · alice · 10.0.0.5`" in lines[3]


def test_an_investigation_becomes_a_report(investigated):
    report = investigated.trail.report()
    assert "| 2 | 2026-11-24 18:00:00 | `exclude event.outcome: success` | 16 | 8 |" in report
    assert report.count("\n## ") == 3
    assert "query = query.lucene('event.action:Do1')" in report


def test_an_investigation_is_replayed_step_by_step(investigated, store):
    d = Discover.replay(store, investigated.trail.to_json())
    seen = [(d.whole_view["replay"]["position"], d.whole_view["total"])]
    for position in range(1, 4):
        clicks(d, {"kind": "step", "step": position})
        seen.append((d.whole_view["replay"]["position"], d.whole_view["total"]))
    assert seen == [(0, 60), (1, 16), (2, 8), (3, 4)]
    assert d.query == investigated.query
    steps = d.whole_view["replay"]["steps"]
    assert [(step["before"], step["after"]) for step in steps] == [
        (None, 60),
        (60, 16),
        (16, 8),
        (8, 4),
    ]


def test_an_investigation_is_saved_in_a_file_and_replayed_from_it(investigated, store, tmp_path):
    file = investigated.trail.save(tmp_path / "trail.json")
    d = Discover.replay(store, file)
    d.do("jump", step=investigated.state.now)
    assert d.query == investigated.query
    assert d.state.picked == investigated.state.picked


def test_a_file_that_is_no_trail_is_refused(store, investigated, tmp_path):
    with pytest.raises(StoreError, match=r"cannot read the trail none\.json"):
        Discover.replay(store, tmp_path / "none.json")
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(QuerySyntaxError, match="not a search of Discover"):
        Discover.replay(store, tmp_path / "other.json")
    with pytest.raises(StoreError, match="name a file in a folder of your own"):
        investigated.trail.save(tmp_path / "nowhere" / "trail.json")


def test_a_replay_on_other_logs_counts_anew(investigated):
    d = Discover.replay(filled(small(10)), investigated.trail.to_json())
    clicks(d, {"kind": "step", "step": 1})
    assert d.whole_view["total"] == 3
    assert d.whole_view["replay"]["steps"][1]["after"] == 3


def test_no_line_of_the_page_makes_markup_of_text(store):
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", Discover._esm)
