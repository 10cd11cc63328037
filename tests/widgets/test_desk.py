"""Messages in, parts of the view out: the widget without a page."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from siemlab.baseline import load_baseline
from siemlab.errors import StoreError
from siemlab.query import Query
from siemlab.widgets import DiscoverState
from siemlab.widgets.desk import Desk
from siemlab.widgets.saved import SavedSearches
from tests.widgets.conftest import HOSTILE, filled, small

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIMIT = 200_000


class Page:
    """What a page does: it numbers its messages and puts the parts of the view together."""

    def __init__(self, store, query=None, **options):
        lang, tz = options.pop("lang", "en"), options.pop("tz", None)
        columns = tuple(options.pop("columns", ()))
        state = DiscoverState.start(query, lang=lang, tz=tz, columns=columns)
        self.desk = Desk(store, state, clock=lambda: NOW, **options)
        self.view, self.seq, self.sent = {}, 0, {}
        self.take(self.desk.refresh(whole=True))

    def take(self, parts):
        self.sent = json.loads(json.dumps(parts, ensure_ascii=False, allow_nan=False))
        assert len(json.dumps(parts, ensure_ascii=False).encode()) <= LIMIT
        self.view |= self.sent
        return self.sent

    def send(self, kind, **given):
        self.seq += 1
        sent = self.take(self.desk.handle({"seq": self.seq, "kind": kind, **given}))
        assert sent["seq"] == self.seq
        return sent

    def ask(self, what, **given):
        sent = self.send("ask", what=what, **given)
        return sent.get("answers", {}).get(what)

    def rest(self):
        for parts in self.desk.later():
            self.take(parts)


@pytest.fixture
def page(store):
    return Page(store)


def test_the_first_view_has_everything_that_is_drawn(page):
    assert page.view["total"] == 60
    assert page.view["rows"][0]["id"] == "id-059"
    assert page.view["state"]["pattern"] == "log-*"
    assert page.view["patterns"] == ["log-*", "log-aws-cloudtrail-*", "log-aws-elb-*"]
    assert sum(bar["count"] for bar in page.view["histogram"]["bars"]) == 60


def test_a_click_sends_only_what_changed(page):
    sent = page.send("pick", index="log-aws-elb-2022-11", id="id-000")
    assert sent.keys() == {"seq", "picked"}
    sent = page.send("include", field="user.name", value="alice")
    assert {"rows", "total", "state", "trail"} <= sent.keys()
    assert not {"patterns", "saved", "fields"} & sent.keys()


def test_pieces_put_together_are_the_whole_view(page):
    page.send("include", field="event.outcome", value="failure")
    page.send("column", field="user.name")
    page.send("undo")
    page.rest()
    whole = page.desk.handle({"seq": 9, "kind": "ask", "what": "view"})
    again = json.loads(json.dumps(whole))
    for part in ("seq", "took_ms"):
        again.pop(part)
    assert {name: page.view[name] for name in again} == again


def test_several_clicks_at_once_are_searched_for_once(store):
    counting = Counting(store)
    page = Page(counting)
    before = counting.asked
    clicks = [
        {"kind": "include", "field": "user.name", "value": "alice"},
        {"kind": "exclude", "field": "event.action", "value": "Do1"},
        {"kind": "exists", "field": "source.ip"},
    ]
    page.send("many", events=clicks)
    assert len(page.view["state"]["pills"]) == 3
    assert counting.asked == before + 2  # the documents, and the histogram
    assert [step["after"] for step in page.view["trail"]] == [60, None, None, page.view["total"]]


def test_the_trail_says_when_and_how_many_before_and_after(page):
    page.send("include", field="user.name", value="alice")
    page.send("exclude", field="event.outcome", value="success")
    steps = page.view["trail"]
    assert [step["label"] for step in steps] == [
        "start: log-*",
        "include user.name: alice",
        "exclude event.outcome: success",
    ]
    assert [(step["before"], step["after"]) for step in steps] == [(None, 60), (60, 16), (16, 8)]
    assert steps[2]["at"] == "2026-11-24T09:00:00.000Z"


def test_undo_redo_and_jump_say_whether_there_is_more(page):
    page.send("include", field="user.name", value="alice")
    assert (page.view["can_undo"], page.view["can_redo"]) == (True, False)
    page.send("undo")
    assert (page.view["can_undo"], page.view["can_redo"], page.view["total"]) == (False, True, 60)
    page.send("jump", step=1)
    assert page.view["total"] == 16


def test_what_is_asked_with_clicks_is_answered_about_what_they_lead_to(page):
    messages = [
        {"kind": "ask", "what": "top", "field": "event.outcome"},
        {"kind": "include", "field": "event.outcome", "value": "failure"},
    ]
    page.send("many", events=messages)
    top = page.view["top"]["event.outcome"]
    assert top["values"] == [{"value": "failure", "count": 30, "share": 1.0}]


def test_of_several_clicks_one_that_cannot_be_done_is_told_and_the_others_are_done(page):
    messages = [
        {"kind": "include", "field": "user.name", "value": None},
        {"kind": "include", "field": "event.outcome", "value": "failure"},
    ]
    page.send("many", events=messages)
    assert page.view["total"] == 30
    assert "None" in page.view["error"]["message"]


class Counting:
    """A store that counts its searches."""

    def __init__(self, store):
        self.store, self.asked = store, 0

    def __getattr__(self, name):
        def ask(*given):
            self.asked += 1
            return getattr(self.store, name)(*given)

        return ask


def test_what_was_seen_before_is_not_searched_for_again(store):
    counting = Counting(store)
    page = Page(counting)
    page.send("include", field="user.name", value="alice")
    asked = counting.asked
    for kind, given in [
        ("undo", {}),
        ("redo", {}),
        ("column", {"field": "@id"}),
        ("jump", {"step": 0}),
    ]:
        page.send(kind, **given)
    assert counting.asked == asked
    assert page.view["total"] == 60


def test_the_same_search_again_finds_what_is_new():
    store = filled(small(10))
    page = Page(store)
    store.add(small(20))
    page.send("text", text="")
    assert page.view["total"] == 20
    assert len(page.view["state"]["pills"]) == 0
    assert len(page.view["trail"]) == 1


ERRORS = {
    "a text that cannot be read": ({"kind": "text", "text": "user.name:(a"}, 11),
    "an unknown event": ({"kind": "explode"}, 0),
    "a time that is none": ({"kind": "time", "from": "soon", "to": None}, 0),
    "an unknown field of the id": ({"kind": "include", "field": "_id", "value": "1"}, 0),
    "no exclusion of that name": ({"kind": "exclusion", "id": "nobody"}, 0),
    "no search of that name": ({"kind": "open", "name": "nothing"}, 0),
    "a text that is no search": ({"kind": "open", "text": "{}"}, 0),
    "no document of that id": ({"kind": "ask", "what": "source", "index": "x", "id": "y"}, 0),
    "no such export": ({"kind": "ask", "what": "export", "format": "exe"}, 0),
    "an empty name": ({"kind": "save", "name": " "}, 0),
}


@pytest.mark.parametrize(("message", "column"), ERRORS.values(), ids=ERRORS.keys())
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_goes_wrong_is_said_in_place_and_the_next_click_works(store, message, column, lang):
    page = Page(store, lang=lang)
    sent = page.send(**message)
    assert sent["error"]["message"]
    assert sent["error"]["message"].isascii() == (lang == "en")
    assert sent["error"]["column"] == column
    page.send("undo")
    page.send("include", field="user.name", value="alice")
    assert page.view["error"] is None
    assert page.view["total"] == 16


def test_a_hint_says_what_to_do_next(page):
    page.send("text", text="source.ip:10.0.0.0/8")
    assert page.view["error"]["hint"]
    assert page.view["total"] == 0
    assert page.view["rows"] == []


def test_a_text_that_means_something_else_has_a_note(page):
    page.send("text", text="user.name:alice and event.outcome:failure")
    assert page.view["notes"][0]["column"] == 17


def test_a_store_that_does_not_answer_leaves_the_widget_usable(store):
    class Unsteady:
        gone = False

        def __getattr__(self, name):
            if Unsteady.gone:
                raise StoreError("no server", "サーバーなし")
            return getattr(store, name)

    page = Page(Unsteady())
    Unsteady.gone = True
    page.send("include", field="user.name", value="alice")
    page.rest()
    assert page.view["error"]["message"] == "no server"
    assert page.view["state"]["pills"][0]["label"] == "user.name: alice"
    Unsteady.gone = False
    page.send("exists", field="source.ip")
    assert page.view["error"] is None
    assert page.view["total"] == 16


def test_top_values_are_counted_when_they_are_asked_for(page):
    assert page.view["top"] == {}
    sent = page.send("ask", what="top", field="user.name")
    first = sent["top"]["user.name"]["values"][0]
    assert first == {"value": "alice", "count": 16, "share": 0.266667}
    assert page.send("undo")["seq"] == 2


def test_a_field_that_cannot_be_counted_says_so(store):
    documents = small(2)
    documents[0].source["@message"] = "words of a text"
    page = Page(filled(documents))
    sent = page.send("ask", what="top", field="@message")
    assert sent["top"]["@message"]["values"] == []
    assert sent["top"]["@message"]["error"]


def test_fields_have_coverage_and_meaning_in_the_language_of_the_page(store):
    page = Page(store, lang="ja")
    page.rest()
    fields = {field["name"]: field for field in page.view["fields"]}
    assert fields["user.name"]["share"] == 0.8
    assert fields["source.ip"]["types"] == ["ip"]
    assert not fields["source.ip"]["meaning_ja"].isascii()


def test_exclusions_say_what_each_removes(store):
    page = Page(store, exclusions=load_baseline().exclusions)
    page.rest()
    private = next(one for one in page.view["exclusions"] if one["id"] == "private-networks")
    assert (private["active"], private["before"], private["after"]) == (False, 60, 0)
    page.send("exclusion", id="private-networks")
    page.rest()
    private = next(one for one in page.view["exclusions"] if one["id"] == "private-networks")
    assert (private["active"], private["before"], private["after"]) == (True, 60, 0)
    assert page.view["trail"][-1]["label"] == "known good: Private networks"
    page.send("exclusion", id="private-networks")
    assert page.view["total"] == 60


QUICK = {
    "all": (None, None, 60),
    "15m": ("2022-11-14T00:44:00.001", "2022-11-14T00:59:00.001", 15),
    "1h": ("2022-11-13T23:59:00.001", "2022-11-14T00:59:00.001", 60),
}


@pytest.mark.parametrize(("quick", "expected"), QUICK.items(), ids=QUICK.keys())
def test_a_quick_range_ends_at_the_newest_document(page, quick, expected):
    page.send("time", **{"from": None, "to": None, "quick": quick, "tz": "UTC"})
    time = page.view["state"]["time"]
    assert (time["from"], time["to"], page.view["total"]) == expected
    assert time["quick"] == quick


def test_times_are_read_and_shown_in_the_chosen_zone(store):
    page = Page(store, tz="Asia/Tokyo")
    page.send("time", **{"from": "2022-11-14T09:10", "to": "2022-11-14T09:20"})
    assert page.view["total"] == 10
    page.send("time", **{"from": "2022-11-14T09:10", "to": "2022-11-14T09:20", "tz": "UTC"})
    assert page.view["total"] == 0


def test_a_bar_of_the_histogram_narrows_the_time_to_what_it_counts(page):
    for bar in page.view["histogram"]["bars"][:3]:
        page.send("zoom", **{"from": bar["from"], "to": bar["to"]})
        assert page.view["total"] == bar["count"]
        page.send("undo")


def test_more_documents_are_loaded_until_all_are_there(page):
    assert len(page.view["rows"]) == 50
    sent = page.send("page")
    assert len(sent["rows"]) == 60
    assert "histogram" not in sent


def test_a_document_opens_as_fields_and_as_json(page):
    row = page.view["rows"][0]
    source = page.ask("source", index=row["index"], id=row["id"])
    values = {field["field"]: field["value"] for field in source["fields"]}
    assert values["@id"] == ["id-059"]
    assert json.loads(source["json"])["event"]["action"] == "Do3"


def test_a_search_is_saved_opened_and_shared(store, tmp_path):
    searches = SavedSearches(tmp_path / "searches.json")
    page = Page(store, saved=searches)
    page.send("include", field="user.name", value="alice")
    page.send("save", name="アリス")
    assert page.view["saved"] == ["アリス"]
    text = page.ask("share")["text"]
    other = Page(store, saved=SavedSearches(tmp_path / "searches.json"))
    other.send("open", name="アリス")
    assert other.desk.state.query == page.desk.state.query
    third = Page(store)
    third.send("open", text=text)
    assert third.desk.state.query == page.desk.state.query


def test_show_as_gives_the_query_in_every_language(page):
    page.send("include", field="user.name", value="alice")
    shown = page.ask("show")
    assert shown["lucene"] == 'user.name:"alice"'
    assert shown.keys() == {"lucene", "dsl", "sql", "pandas", "code"}
    assert all("alice" in text for text in shown.values())


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_export_is_a_new_file_each_time(store, tmp_path, form):
    page = Page(store, folder=tmp_path)
    page.send("include", field="user.name", value="alice")
    first, second = (page.ask("export", format=form) for _ in range(2))
    assert first["documents"] == 16
    assert first["file"] != second["file"]
    assert (tmp_path / first["file"]).read_bytes().decode() == first["text"]


def test_a_long_value_is_cut_and_sent_whole_on_demand(hostile_store):
    page = Page(hostile_store, columns=["user_agent.original"])
    row = next(row for row in page.view["rows"] if row["id"] == "hostile-long")
    cut = row["cells"][0][0]
    assert cut["length"] == 1_000_000
    assert len(cut["text"]) <= 2000
    whole = page.ask("value", index=row["index"], id=row["id"], field="user_agent.original")
    assert whole["length"] == 1_000_000
    assert len(whole["text"]) >= 40_000


@pytest.mark.parametrize("name", HOSTILE.keys())
def test_hostile_values_come_through_as_they_are_and_can_be_clicked(hostile_store, name):
    page = Page(hostile_store, columns=["user_agent.original", "event.action"])
    row = next(row for row in page.view["rows"] if row["id"] == f"hostile-{name}")
    value = row["cells"][0][0]
    if isinstance(value, str) and "half" not in name:
        page.send("include", field="user_agent.original", value=value)
        assert name in [row["cells"][1][0] for row in page.view["rows"]]
        page.send("exclude", field="user_agent.original", value=value)
        assert name not in [row["cells"][1][0] for row in page.view["rows"]]
    for what in ("source", "around"):
        assert page.ask(what, index=row["index"], id=row["id"]) is not None


def test_a_query_that_names_no_index_finds_nothing_and_says_nothing_wrong(store):
    page = Page(store, Query("log-none-*"))
    page.rest()
    assert (page.view["total"], page.view["error"], page.view["fields"]) == (0, None, [])
    assert page.view["histogram"]["bars"] == []


FAR = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "+200000-01-01T00:00:00Z"]


@pytest.mark.parametrize("time", FAR)
def test_a_document_of_another_age_leaves_the_others_to_be_seen(time):
    documents = small(60)
    documents[0].source["@timestamp"] = time
    page = Page(filled(documents))
    page.rest()
    assert page.view["error"] is None
    assert page.view["total"] == 60
    assert len(page.view["rows"]) == 50


def test_a_document_with_several_times_is_counted_once():
    documents = small(60)
    for document in documents:
        document.source["@timestamp"] = [document.source["@timestamp"], "2022-11-14T00:59:30Z"]
    page = Page(filled(documents))
    assert page.view["total"] == 60
    assert len(page.view["rows"]) == 50


def test_names_and_ids_that_are_no_unicode_reach_the_page():
    documents = small(3)
    documents[0].source["key \ud83d"] = "x"
    page = Page(filled(documents))
    page.rest()
    row = next(row for row in page.view["rows"] if row["id"] == "id-000")
    source = page.ask("source", index=row["index"], id=row["id"])
    assert "key \\ud83d" in [field["field"] for field in source["fields"]]
