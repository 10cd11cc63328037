"""Queries in three forms at once: filters, a Lucene text out of its grammar, a time range."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from siemlab.query import Filter, Query, TimeRange
from tests.differential.catalog import BY_TYPE, FIELDS, INSTANTS, KINDS, PATTERNS, WORDS, ZONES
from tests.differential.engines import Question

__all__ = ["queries", "questions"]

Draw = Callable[[st.SearchStrategy[Any]], Any]

_SPECIAL = re.compile(r'[+\-!(){}\[\]^"~*?:\\/&|<>=\s]')
_CALENDAR = ("1w", "1M", "1q", "1y")
_SHORT = ("*", "*:*", "?", "...", '"..."', '@message:"!"', "a b", "@message:**")
_UNKNOWN = ("user.nam", "User.name", "nosuch", "threat.enrichments.indicator.name")


def _escaped(text: str) -> str:
    if text in ("AND", "OR", "NOT"):
        return f"\\{text}"
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text) or '""'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@st.composite
def _value(draw: Draw, field: str) -> Any:
    """Draw a value that a field may have, as JSON has it; now and then one of another type."""
    kind = KINDS[FIELDS.get(field, "keyword")]
    form = draw(st.integers(0, 15))
    if form == 0:
        kind = KINDS[draw(st.sampled_from([*KINDS]))]
    pools = [kind.values[:5], kind.values[:5], kind.values, kind.asked or kind.values]
    value = draw(st.sampled_from(kind.malformed if form == 1 else draw(st.sampled_from(pools))))
    return "x" if isinstance(value, dict) else value


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@st.composite
def _wildcards(draw: Draw, text: str) -> str:
    """Draw a pattern that fits, or nearly fits, a text."""
    at = draw(st.integers(0, len(text)))
    to = draw(st.integers(at, len(text)))
    mark = draw(st.sampled_from(["*", "*", "?", "**", "?*"]))
    return _escaped(text[:at]).strip('"') + mark + _escaped(text[to:]).strip('"')


@st.composite
def _range(draw: Draw, one: str, other: str) -> str:
    low, high = (
        draw(st.sampled_from(["*", _quoted(end), _quoted(end), re.sub(r"[\s\]}]", "", end) or "x"]))
        for end in (one, other)
    )
    return f"{draw(st.sampled_from('[{'))}{low} TO {high}{draw(st.sampled_from(']}'))}"


@st.composite
def _operand(draw: Draw, field: str) -> str:
    """Draw what may stand behind a field's name."""
    value = _as_text(draw(_value(field)))
    form = draw(st.integers(0, 11))
    if form <= 2:
        return _escaped(value)
    if form <= 4:
        return _quoted(value)
    if form == 5:
        return str(draw(_wildcards(value)))
    if form == 6:
        return str(draw(_range(value, _as_text(draw(_value(field))))))
    if form <= 8:
        return str(draw(st.sampled_from([">", ">=", "<", "<="]))) + _escaped(value)
    if form == 9:
        return "*"
    if form == 10 and value.isalnum() and value.isascii():
        return draw(st.sampled_from([f"/{value}/", f"/{value[:1]}.*/", "/[a-z]+/", f"/{value}|x/"]))
    inside = draw(st.lists(_operand(field), min_size=1, max_size=3))
    glue = draw(_glue)
    return f"({glue.join(inside)})"


_glue = st.sampled_from(
    [" ", " ", " OR ", " OR ", " AND ", " || ", " && ", " AND NOT ", " -", " +", " OR NOT "]
)
_named = st.sampled_from(
    [name for kind in BY_TYPE for name in (*BY_TYPE[kind], *BY_TYPE[kind][:1] * 2)]
)


@st.composite
def _clause(draw: Draw) -> str:
    """Draw one clause: mostly a field and its value."""
    form = draw(st.integers(0, 19))
    if form <= 11:
        field = draw(_named)
        return f"{_escaped(field)}:{draw(_operand(field))}"
    if form == 12:
        name = draw(st.one_of(_named, st.sampled_from(["user", "labels", "source", *_UNKNOWN])))
        return f"_exists_:{_escaped(name)}"
    if form == 13:
        name = draw(st.sampled_from([*PATTERNS, *_UNKNOWN]))
        return f"{_escaped(name)}:{draw(_operand('user.name'))}"
    if form == 14:
        field = draw(_named)
        return f"{field}:{_as_text(draw(_value(field)))}"  # nothing escaped: often an error
    if form == 15:
        return str(draw(st.sampled_from(_SHORT)))
    if form == 16:
        return f"@timestamp:{draw(_operand('labels.when'))}"
    if form == 17:
        return " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    return str(draw(_operand(draw(_named))))


@st.composite
def _group(draw: Draw, parts: st.SearchStrategy[str]) -> str:
    clauses = draw(st.lists(parts, min_size=1, max_size=4))
    text = draw(st.sampled_from(["", "", "", "NOT ", "+", "-", "!"])) + clauses[0]
    for clause in clauses[1:]:
        text += draw(_glue) + clause
    return f"({text})" if draw(st.booleans()) else text


@st.composite
def _broken(draw: Draw, text: str) -> str:
    """Take a character out, or put one in."""
    at = draw(st.integers(0, max(len(text) - 1, 0)))
    if draw(st.booleans()):
        return text[:at] + text[at + 1 :]
    return text[:at] + draw(st.sampled_from('()[]{}":\\/+-!^&|* ')) + text[at:]


@st.composite
def texts(draw: Draw) -> str:
    """Draw a query text; one in twelve is broken by a character."""
    text = draw(st.recursive(_clause(), _group, max_leaves=5))
    return str(draw(_broken(text))) if draw(st.integers(0, 11)) == 0 else str(text)


@st.composite
def _pill(draw: Draw) -> Filter:
    field = draw(_named)
    if draw(st.integers(0, 11)) == 0:
        field = draw(st.sampled_from([*_UNKNOWN, "@timestamp", "user_agent.original.text"]))
    op = draw(st.sampled_from(["is", "is", "is one of", "is between", "exists"]))
    if op == "is":
        values: tuple[Any, ...] = (draw(_value(field)),)
    elif op == "is one of":
        values = tuple(draw(st.lists(_value(field), min_size=1, max_size=3)))
    elif op == "is between":
        values = (draw(st.none() | _value(field)), draw(st.none() | _value(field)))
    else:
        values = ()
        field = draw(st.sampled_from([field, field, "user", "labels.*"]))
    disabled = draw(st.integers(0, 9)) == 0
    return Filter(field, op, values, draw(st.booleans()), not disabled)


@st.composite
def _span(draw: Draw) -> TimeRange:
    ends = sorted([draw(st.sampled_from(INSTANTS)), draw(st.sampled_from(INSTANTS))])
    start, end = (draw(st.sampled_from([moment, moment, moment[:10], None])) for moment in ends)
    return TimeRange.of(start, end, draw(st.sampled_from(ZONES)))


@st.composite
def queries(draw: Draw, pattern: str = "log-*") -> Query:
    """Draw a query: a text, up to three filters, a time range, or some of these."""
    parts = draw(st.sampled_from(["text"] * 4 + ["pills"] * 3 + ["time", "time", ""]))
    parts += draw(st.sampled_from([""] * 6 + [" text", " pills", " time", " text pills time"]))
    text = draw(texts()) if "text" in parts else ""
    pills = draw(st.lists(_pill(), min_size=1, max_size=2)) if "pills" in parts else []
    span = draw(_span()) if "time" in parts else None
    if span is None and draw(st.booleans()):
        span = TimeRange(None, None, draw(st.sampled_from(ZONES)))  # a zone for dates in the text
    return Query(pattern, span, tuple(pills), text)


_AGGREGATED = [*FIELDS, *FIELDS, "@timestamp", "user_agent.original.text", "nosuch", "user"]


@st.composite
def questions(draw: Draw, patterns: list[str]) -> Question:
    """Draw a query with all that is asked about what it finds."""
    query = draw(queries(draw(st.sampled_from(patterns))))
    span = query.time_range
    short = bool(span and span.start and span.end and span.start.year >= 2023)
    return Question(
        query,
        top=draw(st.sampled_from(_AGGREGATED)),
        size=draw(st.sampled_from([1, 3, 10, 1000])),
        interval=draw(st.sampled_from([*(["1h", "12h", "1d"] if short else []), *_CALENDAR])),
        tz=draw(st.sampled_from([None, "UTC", "Asia/Tokyo", "Asia/Tokyo", "America/New_York"])),
        newest=draw(st.sampled_from([0, 1, 5, 300])),
    )
