"""Hypothesis strategies: queries as a learner makes them, and what can be clicked."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from siemlab.query import Query
from siemlab.widgets import DiscoverEvent, DiscoverState

FIELDS = st.sampled_from(["user.name", "source.ip", "event.outcome", "http.response.status_code"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = TEXT | st.integers(-(2**63), 2**63) | st.booleans() | st.floats(-1e9, 1e9)
MOMENTS = st.sampled_from(
    [None, "2022-11-12", "2022-11-12T09:30", "2022-11-14T00:00:00.123Z", "2022-11-30T12:00+09:00"]
)
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "+05:30", "America/New_York"])
PATTERNS = st.sampled_from(["log-*", "log-aws-cloudtrail-*", "log-aws-waf-*,log-linux-*"])
LUCENE = st.sampled_from(["", "user.name:alice", 'event.action:"a b" OR c', "東京*", "a:(b"])


def event(kind: str, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[DiscoverEvent]:
    return st.fixed_dictionaries(given).map(lambda values: DiscoverEvent(kind, values))


TIMES = st.tuples(MOMENTS, MOMENTS, ZONES).map(
    lambda ends: DiscoverEvent("time", {"from": ends[0], "to": ends[1], "tz": ends[2]})
)
STEPS = st.one_of(
    event("include", field=FIELDS, value=VALUES),
    event("exclude", field=FIELDS, value=VALUES),
    event("exists", field=FIELDS),
    event("missing", field=FIELDS),
    event("one_of", field=FIELDS, values=st.lists(VALUES, min_size=1, max_size=4)),
    event("between", field=FIELDS, low=st.none() | VALUES, high=VALUES, negate=st.booleans()),
    event("pattern", pattern=PATTERNS),
    event("text", text=LUCENE),
    event("column", field=FIELDS),
    event("exclusion", field=st.just("source.ip"), values=st.just(["10.0.0.0/8", "192.0.2.1"])),
    TIMES,
    event(
        "pill",
        index=st.integers(0, 5),
        action=st.sampled_from(["toggle", "negate", "remove", "pin"]),
    ),
    event(
        "pill",
        index=st.integers(0, 5),
        action=st.just("edit"),
        field=FIELDS,
        op=st.just("is one of"),
        values=st.lists(VALUES, min_size=1, max_size=3),
        negate=st.booleans(),
    ),
)
MOVES = st.one_of(
    event("undo"),
    event("redo"),
    event("page"),
    event("jump", step=st.integers(0, 12)),
    event("pick", index=st.just("log-x"), id=st.sampled_from(["a", "b", "c"])),
)
EVENTS = st.lists(STEPS | MOVES, max_size=12)
STARTS = st.tuples(PATTERNS, ZONES, st.sampled_from(["en", "ja"])).map(
    lambda given: DiscoverState.start(Query(given[0]), tz=given[1], lang=given[2])
)
