"""The reducer: what can be done can be undone, and what was done is code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.errors import QuerySyntaxError
from siemlab.query import Filter, Query
from siemlab.widgets import DiscoverEvent, DiscoverState, Trail, reduce
from siemlab.widgets.code import to_code
from siemlab.widgets.exports import from_share, share
from siemlab.widgets.state import PAGE
from tests.widgets.drawing import EVENTS, STARTS, STEPS

UNDO, REDO = DiscoverEvent("undo"), DiscoverEvent("redo")


def after(state: DiscoverState, *events: DiscoverEvent) -> DiscoverState:
    """The state after events; those that cannot be done change nothing, as on the page."""
    for event in events:
        try:
            state = reduce(state, event)
        except QuerySyntaxError:
            continue
    return state


def clicked(kind: str, **given: object) -> DiscoverEvent:
    return DiscoverEvent(kind, given)


def run(code: str) -> Query:
    """Run a cell as a notebook does, and return what stands under ``query`` then."""
    names: dict[str, Query] = {}
    exec(code, names)
    return names["query"]


@given(STARTS, EVENTS)
def test_any_events_undone_give_the_start(start, events):
    state = after(start, *events)
    for _ in state.steps:
        state = reduce(state, UNDO)
    assert state.look == start.look
    assert reduce(state, UNDO) == state


@given(STARTS, EVENTS, st.integers(0, 12))
def test_undone_and_redone_is_as_before(start, events, times):
    state = after(start, *events)
    back = after(state, *[UNDO] * times)
    undone = len(state.path) - len(back.path)
    assert after(back, *[REDO] * undone).look == state.look


@given(STARTS, EVENTS, STEPS)
def test_one_step_is_undone_by_one_undo(start, events, step):
    state = after(start, *events)
    moved = after(state, step)
    assert (moved == state) or reduce(moved, UNDO).look == state.look


@given(STARTS, EVENTS)
def test_no_step_is_ever_lost_and_each_can_be_jumped_to(start, events):
    state = start
    for event in events:
        longer = after(state, event)
        assert longer.steps[: len(state.steps)] == state.steps
        state = longer
    for number, step in enumerate(state.steps):
        assert reduce(state, clicked("jump", step=number)).look == step.look


@given(STARTS, EVENTS)
def test_a_state_goes_through_json(start, events):
    state = after(start, *events)
    again = DiscoverState.from_json(state.to_json())
    assert again == state
    assert again.query == state.query
    assert from_share(share(state.look)) == state.look


@settings(max_examples=200)
@given(STARTS, EVENTS)
def test_code_that_is_run_gives_the_same_query(start, events):
    state = after(start, *events)
    assert run(to_code(state.query)) == state.query
    assert run(Trail(state).to_code()) == state.query


@given(STARTS, EVENTS)
def test_events_on_a_state_leave_it_as_it_was(start, events):
    before = start.to_json()
    after(start, *events)
    assert start.to_json() == before


START = DiscoverState.start(Query("log-aws-cloudtrail-*"))
ALICE = {"field": "user.name", "value": "alice"}


def test_a_value_that_is_included_and_then_excluded_has_one_pill():
    state = after(START, clicked("include", **ALICE), clicked("exclude", **ALICE))
    assert state.query.pills() == ["NOT user.name: alice"]


def test_the_same_click_twice_is_one_step():
    state = after(START, clicked("include", **ALICE), clicked("include", **ALICE))
    assert len(state.steps) == 2


def test_a_click_on_a_value_whose_filter_is_off_switches_it_on():
    off = clicked("pill", index=0, action="toggle")
    state = after(START, clicked("include", **ALICE), off, clicked("include", **ALICE))
    assert state.query.pills() == ["user.name: alice"]


def test_a_value_that_is_a_number_is_not_the_text_of_it():
    state = after(
        START, clicked("include", field="n", value=1), clicked("include", field="n", value="1")
    )
    assert state.query.filters == (Filter("n", "is", (1,)), Filter("n", "is", ("1",)))


def test_an_exclusion_is_switched_on_and_off_again():
    office = clicked("exclusion", field="source.ip", values=["192.0.2.0/26"], id="office")
    assert after(START, office).query.pills() == ["NOT source.ip: is one of 192.0.2.0/26"]
    assert after(START, office, office).query == START.query


def test_a_step_after_an_undo_leaves_the_undone_one_on_the_trail():
    bob = clicked("include", field="user.name", value="bob")
    state = after(START, clicked("include", **ALICE), UNDO, bob)
    assert [step.look.query.pills() for step in state.steps] == [
        [],
        ["user.name: alice"],
        ["user.name: bob"],
    ]
    assert state.path == (0, 2)
    assert reduce(state, REDO) == state


def test_pinned_filters_stay_when_a_saved_search_is_opened():
    saved = DiscoverState.start(Query("log-aws-waf-*").exists("rule.name")).look.to_dict()
    state = after(
        START,
        clicked("include", **ALICE),
        clicked("exclude", field="source.ip", value="192.0.2.1"),
        clicked("pill", index=1, action="pin"),
        clicked("open", look=saved),
    )
    assert state.query.pattern == "log-aws-waf-*"
    assert state.query.pills() == ["NOT source.ip: 192.0.2.1", "rule.name: exists"]
    assert state.look.pinned == (True, False)


def test_the_first_column_is_added_to_those_that_are_shown():
    shown = ["event.action", "user.name"]
    state = after(START, clicked("column", field="source.ip", shown=shown))
    assert state.look.columns == ("event.action", "user.name", "source.ip")
    away = after(START, clicked("column", field="user.name", shown=shown))
    assert away.look.columns == ("event.action",)


def test_more_documents_are_no_step_and_the_next_step_shows_one_page_again():
    more = after(START, clicked("page"), clicked("page"))
    assert (more.size, len(more.steps)) == (3 * PAGE, 1)
    assert after(more, clicked("include", **ALICE)).size == PAGE


def test_a_document_is_picked_and_let_go():
    one = clicked("pick", index="log-x", id="1")
    assert after(START, one).picked == (("log-x", "1"),)
    assert after(START, one, one).picked == ()


def test_a_time_is_read_in_the_zone_that_comes_with_it():
    given = {"from": "2022-11-12", "to": "2022-11-13", "tz": "Asia/Tokyo"}
    state = after(START, DiscoverEvent("time", given))
    assert str(state.query.time_range) == "2022-11-12 00:00 to 2022-11-13 00:00 (Asia/Tokyo)"
    assert state.look.tz == "Asia/Tokyo"


REFUSED = {
    "a time that is none": {"kind": "time", "from": "yesterday", "to": None},
    "an end before the start": {"kind": "time", "from": "2023", "to": "2022"},
    "a zone that is none": {"kind": "time", "from": None, "to": None, "tz": "Mars"},
    "a value that is none": {"kind": "include", "field": "a", "value": None},
    "a value that is an object": {"kind": "include", "field": "a", "value": {"b": 1}},
    "no field": {"kind": "exists", "field": ""},
    "an empty list": {"kind": "one_of", "field": "a", "values": []},
    "a pattern with a blank": {"kind": "pattern", "pattern": "log aws"},
    "a filter that is not there": {"kind": "pill", "index": 7, "action": "remove"},
    "an action that is none": {"kind": "pill", "index": 0, "action": "explode"},
    "a step that is not there": {"kind": "jump", "step": 9},
    "a kind that is none": {"kind": "__init__"},
    "nothing": None,
    "a missing part": {"kind": "include", "field": "a"},
    "a flag for a number": {"kind": "jump", "step": True},
    "a search that is none": {"kind": "open", "look": {"query": {}}},
}


@pytest.mark.parametrize("message", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_done_is_said_in_both_languages(message):
    with pytest.raises(QuerySyntaxError) as caught:
        reduce(START, DiscoverEvent.of(message))
    assert caught.value.en != caught.value.ja


NO_STATES = {
    "no JSON": "{",
    "a list": "[]",
    "another object": "{}",
    "no steps": START.to_json().replace('"now": 0', '"now": 1'),
    "a parent that comes later": START.to_json().replace('"parent": -1', '"parent": 0'),
    "another language": START.to_json().replace('"lang": "en"', '"lang": "fr"'),
    "deep brackets": "[" * 100_000,
}


@pytest.mark.parametrize("text", NO_STATES.values(), ids=NO_STATES.keys())
def test_a_text_that_is_no_state_is_refused(text):
    with pytest.raises(QuerySyntaxError, match="not a search of Discover"):
        DiscoverState.from_json(text)
