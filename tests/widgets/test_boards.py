"""Dashboards: boards as data, what they show of a store, and clicks that reach every panel."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest

from siemlab import Lab, Query
from siemlab.ecs import field
from siemlab.errors import QuerySyntaxError, StoreError
from siemlab.normalize import Document
from siemlab.store import open_store
from siemlab.store.base import Store
from siemlab.widgets import BOARDS, Dashboard, DiscoverState, load_board
from siemlab.widgets.board_view import board_view, charts_of
from siemlab.widgets.panels import read_board

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIMIT = 200_000
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "a\u202eb\u0007",
    "x" * 1_000_000,
)


@pytest.fixture(scope="module")
def sample() -> Store:
    return Lab(store="sample", quiet=True).store


def dashboard(store: Store, board: str = "cloudtrail", **options: Any) -> Dashboard:
    return Dashboard(store, board, clock=lambda: NOON, **options)


def panel(shown: Dashboard, name: str) -> dict[str, Any]:
    return next(panel for panel in shown.view["panels"] if panel["id"] == name)


def click(shown: Dashboard, seq: int, kind: str, **given: Any) -> None:
    """Send an event as the page does."""
    shown.event = {"seq": seq, "kind": kind, **given}


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_has_four_to_eight_panels_in_both_languages_over_fields_that_are_known(
    name: str,
) -> None:
    board = load_board(name)
    assert 4 <= len(board.panels) <= 8
    assert {"histogram", "top", "table", "number"} == {panel.kind for panel in board.panels}
    for one in board.panels:
        assert one.en
        assert one.ja
        used = (one.field, *one.columns, *(pill.field for pill in one.only))
        assert [name for name in used if name and field(name) is None] == []


@pytest.mark.parametrize("name", BOARDS)
def test_every_panel_of_a_board_has_something_to_show_in_the_sample(
    sample: Store, name: str
) -> None:
    shown = dashboard(sample, name)
    assert shown.view["error"] is None
    assert shown.view["total"] > 0
    assert shown.view["rows"]
    assert [one["id"] for one in shown.view["panels"] if "error" in one] == []
    assert [one["id"] for one in shown.view["panels"] if one.get("values") == []] == []


def test_a_click_on_a_bar_includes_it_in_every_panel(sample: Store) -> None:
    shown = dashboard(sample)
    click(shown, 1, "include", field="user.name", value="dev-frank")
    query = Query("log-aws-cloudtrail-*").include("user.name", "dev-frank")
    assert shown.query == query
    assert shown.view["seq"] == 1
    assert shown.view["total"] == sample.count(query) == 9
    sources = [(row["value"], row["count"]) for row in panel(shown, "source")["values"]]
    assert sources == [(row.key, row.count) for row in sample.top(query, "source.ip", 8)]
    assert panel(shown, "refused")["count"] == sample.count(query.exists("error.code"))
    assert sum(bar["count"] for bar in shown.view["histogram"]["bars"]) == 9


def test_a_click_on_a_number_is_its_filter_everywhere(sample: Store) -> None:
    shown = dashboard(sample)
    count = panel(shown, "refused")["count"]
    assert panel(shown, "refused")["only"] == [
        {"field": "error.code", "op": "exists", "values": [], "negate": False}
    ]
    click(shown, 1, "exists", field="error.code")
    assert shown.view["total"] == count


def test_undo_and_redo_and_code(sample: Store) -> None:
    shown = dashboard(sample)
    start = shown.view["total"]
    shown.do("exclude", field="user.name", value="terraform")
    narrowed = shown.query
    click(shown, 2, "undo")
    assert shown.view["total"] == start
    assert (shown.view["can_undo"], shown.view["can_redo"]) == (False, True)
    click(shown, 3, "redo")
    assert shown.query == narrowed
    assert ".exclude('user.name', 'terraform')" in shown.to_code()
    assert "query.exclude('user.name', 'terraform')  # 29 hits" in shown.trail.to_code()


def test_another_board_keeps_time_and_filters(sample: Store) -> None:
    shown = dashboard(sample, "overview")
    click(shown, 1, "include", field="source.ip", value="203.0.113.99")
    click(shown, 2, "board", name="s3access")
    assert shown.board.name == "s3access"
    assert shown.query == Query("log-aws-s3accesslog-*").include("source.ip", "203.0.113.99")
    assert shown.view["total"] == 3
    assert shown.view["board"] == {"name": "s3access", "title": "S3 access logs"}


def test_what_was_clicked_while_python_was_busy_comes_as_one_message(sample: Store) -> None:
    shown = dashboard(sample)
    events = [
        {"kind": "include", "field": "user.name", "value": "dev-frank"},
        {"kind": "include", "field": "event.outcome", "value": "failure"},
    ]
    click(shown, 7, "many", events=events)
    assert shown.view["seq"] == 7
    assert len(shown.query.filters) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nonsense"},
        {"kind": "include", "field": "user.name"},
        {"kind": "include", "field": "user.name", "value": None},
        {"kind": "board", "name": "../../etc/passwd"},
        {"kind": "pill", "index": 9, "action": "remove"},
        {"kind": "many", "events": [{"kind": "jump", "step": -1}]},
    ],
    ids=lambda wrong: wrong["kind"],
)
def test_what_is_wrong_with_a_click_is_said_on_the_page_and_changes_nothing(
    sample: Store, wrong: dict[str, Any]
) -> None:
    shown = dashboard(sample, lang="ja")
    before = shown.query
    click(shown, 5, **wrong)
    assert shown.view["error"]["message"]
    assert shown.view["seq"] == 5
    assert shown.query == before
    click(shown, 6, "undo")
    assert shown.view["error"] is None


def test_by_code_the_same_mistake_is_raised(sample: Store) -> None:
    with pytest.raises(QuerySyntaxError):
        dashboard(sample).do("include", field="user.name")


def hostile_store(engine: str = "pandas") -> Store:
    store = open_store(engine=engine)
    store.add(
        Document(
            "log-aws-cloudtrail-2022-11",
            str(at),
            {
                "@timestamp": f"2022-11-14T09:00:0{at}Z",
                "user": {"name": text[:1000]},
                "event": {"action": text[:1000]},
                "user_agent": {"original": text},
            },
        )
        for at, text in enumerate(HOSTILE)
    )
    return store


def test_hostile_values_are_plain_json_and_a_message_stays_small() -> None:
    shown = dashboard(hostile_store())
    assert shown.view["total"] == len(HOSTILE)
    message = json.dumps(shown.view, allow_nan=False)
    assert len(message) < LIMIT
    drawing = ET.fromstring(shown.chart.svg)
    assert not {node.tag.rpartition("}")[2] for node in drawing.iter()} & {"script", "image"}


@pytest.mark.parametrize("name", BOARDS)
def test_a_message_is_small_for_every_board(sample: Store, name: str) -> None:
    assert len(json.dumps(dashboard(sample, name).view, ensure_ascii=False)) < LIMIT


@pytest.mark.parametrize("name", BOARDS)
def test_the_engines_show_the_same(sample: Store, name: str) -> None:
    board = load_board(name)
    state = DiscoverState.start(Query(board.pattern), tz="Asia/Tokyo")
    other = Lab(store="sample", quiet=True).on("pandas").store
    shown = [board_view(store, state, board, clock=lambda: 0.0) for store in (sample, other)]
    assert shown[0] == shown[1]


def test_a_real_opensearch_shows_the_same_after_the_same_clicks(
    sample: Store, empty_opensearch: str
) -> None:
    server = open_store(empty_opensearch, engine="opensearch")
    server.add(Document(hit.index, hit.id, hit.source) for hit in sample.scan(Query("*")))
    for name in BOARDS:
        shown = [dashboard(store, name, tz="Asia/Tokyo") for store in (sample, server)]
        for one in shown:
            one.do("include", field="source.ip", value="203.0.113.0/24")
            one.do("exclude", field="event.outcome", value="success")
        views = [{**one.view, "took_ms": 0} for one in shown]
        assert views[0] == views[1], name
    server.close()


class Absent:
    """A store whose server does not answer."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise StoreError("no server answers", "サーバーが応答しません")

        return refuse


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_absent_server_is_said_and_the_dashboard_goes_on(lang: str) -> None:
    shown = dashboard(Absent(), lang=lang)
    words = {"en": "no server answers", "ja": "サーバーが応答しません"}[lang]
    assert words in shown.view["error"]["message"]
    assert words in repr(shown)
    click(shown, 1, "include", field="user.name", value="alice")
    assert shown.query.pills() == ["user.name: alice"]
    assert "image/svg+xml" not in shown._repr_mimebundle_()[0]


def test_without_a_widget_there_is_a_drawing_and_a_text_that_stays_the_same(sample: Store) -> None:
    forms = [dashboard(sample, "guardduty")._repr_mimebundle_()[0] for _ in range(2)]
    assert forms[0]["text/plain"] == forms[1]["text/plain"]
    assert forms[0]["text/plain"].startswith("GuardDuty: 12 hits")
    assert forms[0]["image/svg+xml"].startswith("<svg ")


def test_the_static_chart_shows_every_panel_with_values(sample: Store) -> None:
    shown = dashboard(sample, "web", lang="ja")
    text = repr(charts_of(shown.view, shown.board))
    titles = [one["title"] for one in shown.view["panels"] if one.get("values")]
    assert [title for title in titles if title not in text] == []


def test_one_language_is_not_taken_for_another(sample: Store) -> None:
    with pytest.raises(StoreError):
        dashboard(sample, lang="fr")


# Boards of one's own

OWN = """
title: {en: Mine, ja: 自作}
pattern: log-aws-waf-*
panels:
  - {id: a, kind: top, field: source.ip, title: {en: A, ja: A}}
  - {id: n, kind: number, title: {en: N, ja: N}, only: [[exclude, event.action, [ALLOW, COUNT]]]}
"""


def test_a_board_of_ones_own_is_a_file(tmp_path: Path, sample: Store) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    shown = dashboard(sample, path)
    assert shown.view["board"] == {"name": "mine", "title": "Mine"}
    assert panel(shown, "n")["count"] == 2
    click(shown, 1, "board", name="web")
    assert shown.board.name == "web"


def test_a_field_that_cannot_be_counted_is_said_in_its_panel_only(sample: Store) -> None:
    text = OWN.replace("field: source.ip", 'field: "@message"')
    board = replace(read_board("mine", text), pattern="log-aws-waf-*")
    shown = board_view(sample, DiscoverState.start(Query(board.pattern)), board)
    assert shown["error"] is None
    assert "@message" in shown["panels"][0]["error"]
    assert shown["panels"][1]["count"] == 2


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("kind: top", "kind: pie", "its kind is one of"),
        ("field: source.ip, ", "", "a top needs field"),
        ("id: n", "id: a", "the same id"),
        ("id: a, ", "", "it needs an id"),
        ("{en: N, ja: N}", "{en: N}", "a title in en and ja"),
        ("title: {en: Mine, ja: 自作}", "title: Mine", "a title in en and ja"),
        ("pattern: log-aws-waf-*", "pattern: 3", "it needs a pattern"),
        ("pattern: log-aws-waf-*", "pattern: 'a b'", "index pattern"),
        ("exclude, ", "drop, ", "verbs are include"),
        ("exclude, event.action, [ALLOW, COUNT]", "exclude, event.action", "takes other values"),
        ("kind: number,", "kind: number, size: 999,", "cannot stand here: size"),
        ("kind: number,", "kind: number, colour: red,", "cannot stand here: colour"),
        ("panels:", "panels: {", "no YAML"),
    ],
    ids=lambda text: str(text)[:24],
)
def test_what_is_wrong_in_a_board_is_said_with_its_place(
    before: str, after: str, said: str
) -> None:
    assert before in OWN
    with pytest.raises(QuerySyntaxError) as caught:
        read_board("mine", OWN.replace(before, after, 1))
    assert said in caught.value.en
    assert caught.value.ja


def test_a_board_that_is_not_there_says_which_there_are() -> None:
    with pytest.raises(QuerySyntaxError, match="overview, cloudtrail"):
        load_board("nothing")


def test_clicks_of_two_threads_are_answered_one_after_the_other(sample: Store) -> None:
    class Slow:
        def __getattr__(self, name: str) -> Any:
            time.sleep(0.005)
            return getattr(sample, name)

    shown = dashboard(cast(Store, Slow()))
    clicks = [
        threading.Thread(target=shown.do, args=("include",), kwargs={"field": name, "value": "x"})
        for name in ("user.name", "event.action", "event.outcome")
    ]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(shown.query.pills()) == 3
    assert [step.hits for step in shown.state.steps][1:] == [0, 0, 0]
