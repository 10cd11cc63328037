"""Whatever an object holds: each record is a document, refused or skipped; nothing is raised."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siemlab.logs import LOG_TYPES, LogType, recognize
from siemlab.normalize import Document, Refused, Skipped, Tally, normalize_object

from .conftest import GOLDEN, Case, log_object

INDEX = re.compile(r"log-(?:aws|linux)-[a-z0-9]+-[0-9]{4}-[0-9]{2}")
JUNK: list[Any] = [
    *(None, "", "-", "null", "[]", {}, [], [""], 0, -1, 1, False, True, 1.5, 1e300, 10**30),
    *("x", "a{b", "10.0.0.1", "::1", "日本", "\x00", "i-0123456789abcdef0", "2022-11-18T07:00:01Z"),
    *(
        {"a": 1},
        {"a": {"b": [None, {"c": ""}]}},
        [{"a": None}],
        ["a", 1, None],
        [[1]],
        "x" * 40_000,
    ),
]
RAW_JUNK = [b"\x00", b"\xff", b"\n", b"\r\n", b"{", b"}", b"[", b"]", b'"', b",", b":", b" ", b"-"]


def checked(key: str, data: bytes) -> Tally:
    """Normalize an object, and see that each outcome is what it should be."""
    tally = Tally()
    for outcome in normalize_object(log_object(key, data)):
        tally.see(outcome)
        if isinstance(outcome, Document):
            assert INDEX.fullmatch(outcome.index)
            assert 0 < len(outcome.id.encode()) <= 512
            assert outcome.source["@message"]
            json.dumps(outcome.source, allow_nan=False).encode()
            json.dumps(outcome.source, ensure_ascii=False).encode()
        elif isinstance(outcome, Refused):
            assert outcome.error.file == key
            assert outcome.error.record > 0
            assert len(outcome.raw) <= 4096
            outcome.raw.encode()
            assert outcome.error.message("ja") != outcome.error.message("en")
        else:
            assert isinstance(outcome, Skipped)
    total = tally.total
    assert total.read == total.documents + total.refused + total.skipped
    return tally


def cases_of(log_type: LogType) -> list[Case]:
    return [case for case in GOLDEN if recognize(case.key) is log_type and len(case.plain) < 60_000]


@pytest.mark.parametrize("log_type", LOG_TYPES, ids=lambda kind: kind.name)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_bytes_changed_anywhere_end_no_file(log_type: LogType, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_of(log_type)))
    raw = bytearray(case.plain)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.sampled_from([0, 1, 1, 7, 300]))
        raw[at : at + length] = data.draw(st.sampled_from(RAW_JUNK) | st.binary(max_size=3))
    checked(case.key, bytes(raw))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    found = [path] if path else []
    for name, below in items:
        found += paths(below, (*path, name))
    return found


def objects_of(case: Case) -> list[Any]:
    text, at, found = case.plain.decode("utf-8", "ignore").strip(), 0, []
    while at < len(text):
        value, at = json.JSONDecoder().raw_decode(text, at)
        found.append(value)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


@pytest.mark.parametrize(
    "log_type",
    [kind for kind in LOG_TYPES if kind.framing in ("json", "cloudwatch")],
    ids=lambda kind: kind.name,
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_values_changed_anywhere_end_no_file(log_type: LogType, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_of(log_type)))
    value = copy.deepcopy(data.draw(st.sampled_from(objects_of(case))))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(value)))
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
        else:
            del holder[path[-1]]
        if not paths(value):
            break
    checked(case.key, json.dumps(value).encode())


def ids_of(key: str, data: bytes) -> list[str]:
    found = normalize_object(log_object(key, data))
    return [one.id for one in found if isinstance(one, Document)]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.name)
def test_a_golden_file_cut_anywhere_keeps_what_came_before(case: Case) -> None:
    data = case.plain
    whole = ids_of(case.key, data)
    for end in range(20, len(data), max(1, len(data) // 12)):
        ids = ids_of(case.key, data[:end])
        # The record at the cut may still read well: a line of text is only shorter then.
        before = ids[:-1]
        assert before == whole[: len(before)]
        checked(case.key, data[:end])


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('ab"\\é:, ', max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["x", "y", "ü", 'q"', "b\\"]), VALUES), max_size=4),
    st.booleans(),
)
def test_the_message_is_the_record_as_python_writes_it(records: Any, compact: bool) -> None:
    records = [
        {"eventID": "1", "eventTime": "2022-11-18T07:00:01Z", **record} for record in records
    ]
    separators = (",", ":") if compact else (", ", ": ")
    text = json.dumps({"Records": records}, ensure_ascii=compact, separators=separators)
    key = "AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18/a.json"
    found = list(normalize_object(log_object(key, text.encode())))
    assert [one.source["@message"] for one in found if isinstance(one, Document)] == [
        json.dumps(record, ensure_ascii=False) for record in records
    ]


@settings(max_examples=100, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_is_written_as_python_writes_it_however_it_came(number: float) -> None:
    for text in {repr(number), orjson.dumps(number).decode(), f"{number:.17e}"}:
        data = f'{{"Records":[{{"eventID":"1","eventTime":"2022-11-18T07:00:01Z","x":{text}}}]}}'
        key = "AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18/a.json"
        (one,) = normalize_object(log_object(key, data.encode()))
        assert isinstance(one, Document)
        assert one.source["@message"].endswith(f'"x": {number!r}}}')
        assert one.source["x"] == number
