"""Bytes become records: quickly where that is safe, surely everywhere, always in bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import math
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.logs import recognize
from siemlab.logs.model import NO_ENVELOPE, Envelope, LogType, Record
from siemlab.normalize import jsonframe, jsonvalue
from siemlab.normalize.decompress import Limits
from siemlab.normalize.document import Refused
from siemlab.normalize.framing import read_records
from siemlab.normalize.jsonvalue import MOST_LEVELS, FaultError, is_deep, quick, strict, written
from siemlab.normalize.sources import LogObject

LOGS = "AWSLogs/111122223333"
TRAIL = f"{LOGS}/CloudTrail/us-east-1/2022/11/18/a.json.gz"
GUARD = f"{LOGS}/GuardDuty/us-east-1/2022/11/18/a.jsonl.gz"
HUB = f"{LOGS}/SecurityHub/us-east-1/2022/11/18/07/hub-1-2022-11-18-07-00-00-x.gz"
FLOW = f"{LOGS}/vpcflowlogs/us-east-1/2022/11/18/111122223333_vpcflowlogs_us-east-1_fl-1_x.log.gz"
SECURE = f"{LOGS}/EC2/Linux/Secure/us-east-1/2022/11/18/07/secure-1-2022-11-18-07-00-00-x"


def read(key: str, data: bytes, limits: Limits | None = None) -> list[Record | Refused]:
    kind = recognize(key)
    assert isinstance(kind, LogType)
    return list(read_records(LogObject(key, "bucket", lambda: io.BytesIO(data)), kind, limits))


def summary(outcomes: list[Record | Refused]) -> list[Any]:
    """Fields of records, reasons of refusals."""
    return [one.raw if isinstance(one, Record) else one.error.en for one in outcomes]


def listed(*records: bytes) -> bytes:
    return b'{"Records":[' + b",".join(records) + b"]}"


# ---------------------------------------------------------------- white space and shapes


PRETTY = json.dumps({"Records": [{"a": 1}, {"a": [2, {"b": {}}]}]}, indent=2).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b'{"a":1}\n{"a":2}\n', [{"a": 1}, {"a": 2}], id="a line each"),
        pytest.param(b'{"a":1}{"a":2}{"a":3}', [{"a": 1}, {"a": 2}, {"a": 3}], id="in a row"),
        pytest.param(b' {"a":1} {"a":2}\n\n\t{"a":3} ', [{"a": n} for n in (1, 2, 3)], id="blanks"),
        pytest.param(b'{\n"a":\n1\n}\r\n{ "a" : 2 }', [{"a": 1}, {"a": 2}], id="over lines"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', [{"a": 1}], id="byte order mark"),
        pytest.param(b"", [], id="empty"),
        pytest.param(b"\n \r\n", [], id="nothing but white space"),
        pytest.param('{"a":"日本 😀"}'.encode(), [{"a": "日本 😀"}], id="not ASCII"),
        pytest.param(b'{"a":"\\ud83d\\ude00"}', [{"a": "😀"}], id="surrogate pair"),
        pytest.param(b'{"a":"x\\u0000y"}', [{"a": "x\0y"}], id="escaped NUL"),
        pytest.param(b'{"a":%d}' % 10**30, [{"a": 10**30}], id="more digits than 64 bits"),
        pytest.param(b'{"a":[1.0,-0,1E3,1e-400]}', [{"a": [1.0, 0, 1000.0, 0.0]}], id="numbers"),
        pytest.param(b"{}\n{}", [{}, {}], id="empty objects"),
    ],
)  # fmt: skip
def test_objects_follow_each_other_with_any_white_space(data: bytes, expected: list[Any]) -> None:
    assert summary(read(GUARD, data)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(listed(b'{"a":1}', b'{"b":2}'), [{"a": 1}, {"b": 2}], id="compact"),
        pytest.param(PRETTY, [{"a": 1}, {"a": [2, {"b": {}}]}], id="pretty"),
        pytest.param(b'{"Records":[]}', [], id="no records"),
        pytest.param(b'{"other":[{"a":1}]}', [], id="another key"),
        pytest.param(b"{}", [], id="no key"),
        pytest.param(listed(b'{"a":1}') * 3, [{"a": 1}] * 3, id="several objects"),
        pytest.param(
            b'{"v":"1","Records":[{"a":1}],"w":{"Records":[{"a":9}]}}',
            [{"a": 1}],
            id="entries around",
        ),
        pytest.param(
            b'{"Records":null}{"Records":{"a":1}}{"Records":[{"a":1}]}',
            ["the value is not a list of records"] * 2 + [{"a": 1}],
            id="no list",
        ),
        pytest.param(
            b'{"Records":[{"a":1}],"Records":[{"a":2}]}',
            [{"a": 1}, "the key 'Records' stands twice in one object"],
            id="the list twice",
        ),
        pytest.param(
            b'[{"a":1}]' + listed(b'{"a":1}'),
            ["the record is a list, not a JSON object", {"a": 1}],
            id="a list without its key",
        ),
    ],
)
def test_records_are_the_members_of_the_wrapper_key(data: bytes, expected: list[Any]) -> None:
    assert summary(read(TRAIL, data)) == expected


def test_the_message_is_the_record_written_again() -> None:
    first, second = read(GUARD, '{"b":1,"a":["é",null,1.50]}\n {"x" : {}}'.encode())
    assert first.message == '{"b": 1, "a": ["é", null, 1.5]}'  # type: ignore[union-attr]
    assert second.message == '{"x": {}}'  # type: ignore[union-attr]


EVENT = {
    "version": "0",
    "id": "7bf73129",
    "detail-type": "GuardDuty Finding",
    "account": "111122223333",
    "time": "2022-11-18T07:00:01Z",
    "region": "us-east-1",
    "resources": [],
}


@pytest.mark.parametrize("indent", [None, 1])
def test_an_eventbridge_event_gives_its_detail_and_keeps_its_facts(indent: int | None) -> None:
    data = json.dumps({**EVENT, "detail": {"id": "f1"}}, indent=indent).encode()
    (found,) = read(GUARD, data)
    assert isinstance(found, Record)
    assert found.raw == {"id": "f1"}
    assert found.message == '{"id": "f1"}'
    assert found.envelope == Envelope(
        "7bf73129", "111122223333", "us-east-1", "2022-11-18T07:00:01Z"
    )


def test_the_findings_of_an_event_are_records_of_their_own() -> None:
    event = {**EVENT, "detail": {"findings": [{"Id": "1"}, None, {"Id": "2"}]}}
    data = json.dumps(event).encode() + json.dumps({**EVENT, "detail": {}}).encode()
    outcomes = read(HUB, data)
    assert summary(outcomes) == [
        {"Id": "1"},
        "the record is null, not a JSON object",
        {"Id": "2"},
    ]
    assert outcomes[2].envelope.id == "7bf73129"  # type: ignore[union-attr]


def test_a_detail_type_without_resources_is_a_field_like_any_other() -> None:
    (found,) = read(GUARD, b'{"detail-type":"x","detail":{}}')
    assert summary([found]) == [{"detail-type": "x", "detail": {}}]
    assert found.envelope is NO_ENVELOPE  # type: ignore[union-attr]


def test_an_event_that_lacks_facts_is_read_without_them() -> None:
    (found,) = read(GUARD, b'{"detail-type":"x","resources":[],"id":7,"detail":{"a":1}}')
    assert found.envelope == Envelope()  # type: ignore[union-attr]


# ---------------------------------------------------------------- finding the way again


A, B = b'{"v":"1","n":1}', b'{"v":"1","n":2}'


@pytest.mark.parametrize(
    ("bad", "reason", "raw"),
    [
        (b'{"v":"1","n":tru}', "Expecting value", None),
        (b'{"v":"1","n":"open}', "this is no JSON", None),
        (b'{"v":"1","n":{"m":1}', "this is no JSON", None),
        (b'{"v":"1","n":[1,2}', "delimiter", None),
        (b"tru", "Expecting value", b"tru,"),
        (b"2 111122223333 eni-1", "no JSON", b"2 111122223333 eni-1,"),
        (b'{"v":"1","n":NaN}', "NaN is no JSON number", None),
        (b'{"v":"1","n":-Infinity}', "-Infinity is no JSON number", None),
        (b'{"v":"1","n":1e999}', "1e999 is too large", None),
        (b'{"v":"1","n":' + b"1" * 5000 + b"}", "thousands of digits", None),
        (b'{"v":"1","v":"2"}', "'v' stands twice", None),
        (b'{"v":"1","n":{"m":[{"o":1,"o":1}]}}', "'o' stands twice", None),
        (b'{"v":"1","\\u0076":2}', "'v' stands twice", None),
        (b'{"v":"1","n":":x","v":"\\u003ay"}', "'v' stands twice", None),
        (b'{"v":"1","n":"\xc3\x28"}', "no UTF-8", '{"v":"1","n":"�('.encode() + b'"}'),
        (b'{"v":"1","n":"\\udc00"}', "surrogate", None),
        (b'{"v":"1","n":"a\nb"}', "control character", None),
        (b'{"v":"1","n":"a\0b"}', "control character", None),
        (b'{"v":"1","n":"\\x41"}', "escape", None),
        (b'{"v":"1","n":01}', "delimiter", None),
        (b"[" * 5000 + b"]" * 5000, "100 levels", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["list", "lines", "row"])
def test_one_broken_record_is_refused_and_the_others_stay(
    bad: bytes, reason: str, raw: bytes | None, shape: str
) -> None:
    if shape == "list":
        outcomes = read(TRAIL, listed(A, bad, B))
    else:
        outcomes = read(GUARD, (b"\n" if shape == "lines" else b"").join((A, bad, B)))
    assert [type(one) for one in outcomes] == [Record, Refused, Record]
    first, refused, last = outcomes
    assert summary([first, last]) == [{"v": "1", "n": 1}, {"v": "1", "n": 2}]
    assert reason in refused.error.en  # type: ignore[union-attr]
    assert refused.error.record == 2  # type: ignore[union-attr]
    assert refused.error.file == (TRAIL if shape == "list" else GUARD)  # type: ignore[union-attr]
    shown = bad if raw is None else raw
    assert refused.raw.encode().startswith(shown.rstrip(b",")[:4096])  # type: ignore[union-attr]
    assert b'"n":2' not in refused.raw.encode()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "documents", "refused"),
    [
        (listed(A, B)[:-1], 2, 1),
        (listed(A, B)[:-2], 2, 1),
        (listed(A, B)[:-3], 1, 1),
        (listed(A, B) + b"}", 2, 1),
        (b'{"Records":[' + A + b",]}", 1, 1),
        (b'{"Records":[,' + A + b"]}", 1, 1),
        (b'{"Records":[' + A + b",," + B + b"]}", 2, 1),
        (b'{"Records":[' + A + b"}," + B + b"]}", 2, 1),
        (b'{"Records" [' + A + b"]}\n" + listed(B), 1, 1),
        (b'{"Records":[' + A + b'],"x":NaN}' + listed(B), 2, 1),
        (b'{"x":tru,"Records":[' + A + b"]}", 1, 1),
        (b'{"x":"y,"Records":[' + A + b"]}", 1, 1),
        (b"{7:[" + A + b"]}\n" + listed(B), 1, 1),
        (b"nonsense" + listed(A), 1, 1),
        (b"{", 0, 1),
    ],
)
def test_a_broken_list_costs_one_refusal(data: bytes, documents: int, refused: int) -> None:
    kinds = [type(one) for one in read(TRAIL, data)]
    assert (kinds.count(Record), kinds.count(Refused)) == (documents, refused)


def test_a_rest_that_cannot_be_read_is_one_refusal() -> None:
    rest = b'{"v":"1","n":"' + b"\x01" * 500_000
    *before, refused = read(TRAIL, b'{"Records":[' + A + b"," + rest)
    assert summary(before) == [{"v": "1", "n": 1}]
    assert len(refused.raw) == 4096  # type: ignore[union-attr]


@pytest.mark.parametrize("shape", ["list", "lines"])
def test_a_record_longer_than_the_limit_is_refused_and_the_next_one_found(shape: str) -> None:
    long = b'{"v":"1","n":"' + b"x" * 3_000_000 + b'"}'
    limits = Limits(record=1_000_000)
    if shape == "list":
        outcomes = read(TRAIL, listed(A, long, B), limits)
    else:
        outcomes = read(GUARD, b"\n".join((A, long, B)), limits)
    assert [type(one) for one in outcomes] == [Record, Refused, Record]
    assert "longer than 1,000,000 bytes" in outcomes[1].error.en  # type: ignore[union-attr]


def test_a_limit_below_the_window_holds_too() -> None:
    records = [b'{"v":"1","n":"%s"}' % (b"x" * size) for size in (10, 5_000, 10, 5_000, 10)]
    kinds = [type(one) for one in read(TRAIL, listed(*records), Limits(record=1000))]
    assert kinds == [Record, Refused, Record, Refused, Record]
    kinds = [type(one) for one in read(GUARD, b"\n".join(records), Limits(record=1000))]
    assert kinds == [Record, Refused, Record, Refused, Record]


def test_levels_are_counted_exactly() -> None:
    most = b'{"a":' + b"[" * (MOST_LEVELS - 1) + b"]" * (MOST_LEVELS - 1) + b"}"
    more = b'{"a":' + b"[" * MOST_LEVELS + b"]" * MOST_LEVELS + b"}"
    wide = b'{"a":[' + b"[],{}," * 500 + b"[]]}"
    kinds = [type(one) for one in read(GUARD, b"\n".join((most, more, wide)))]
    assert kinds == [Record, Refused, Record]
    assert not is_deep([[]], "[" * 1000)


def test_a_file_cut_between_records_says_so() -> None:
    data = gzip.compress(b'{"n":1}\n' * 3, 0)[:-30]
    *before, refused = read(GUARD, data)
    assert summary(before) == [{"n": 1}] * len(before)
    assert refused.error.en == "the file is cut off"  # type: ignore[union-attr]


def test_a_file_that_cannot_be_opened_is_refused() -> None:
    def fail() -> io.BytesIO:
        raise OSError("gone")

    kind = recognize(TRAIL)
    assert isinstance(kind, LogType)
    (refused,) = read_records(LogObject(TRAIL, "bucket", fail), kind)
    assert "gone" in refused.error.en  # type: ignore[union-attr]


def test_the_stream_is_closed_when_the_records_are_out() -> None:
    stream = io.BytesIO(A)
    kind = recognize(GUARD)
    assert isinstance(kind, LogType)
    assert len(list(read_records(LogObject(GUARD, "bucket", lambda: stream), kind))) == 1
    assert stream.closed


# ---------------------------------------------------------------- quickly, and just as surely


class Pairs(list):
    """The entries of a JSON object, where a key may stand twice."""


KEYS = st.sampled_from(["a", "b", ":a", "a:", '"', "\\", "é", "eventVersion", "findings"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='":,{}[]\\/ aé\u2028😀\n\0', max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(st.tuples(KEYS, inner), max_size=4).map(Pairs)  # keys may stand twice
    ),
    max_leaves=12,
)


def spelled(value: Any, style: Callable[[str], str], space: str) -> str:
    """Write JSON in one of the ways in which it can be written."""
    if isinstance(value, Pairs):
        entries = (
            f"{spelled(key, style, space)}{space}:{spelled(item, style, space)}"
            for key, item in value
        )
        return "{" + f",{space}".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ",".join(spelled(item, style, space) for item in value) + "]"
    if isinstance(value, str):
        return style(value)
    return json.dumps(value)


def escaping(escaped: str) -> Callable[[str], str]:
    """Write some characters as ``\\u`` escapes."""

    def style(text: str) -> str:
        letters = (
            f"\\u{ord(letter):04x}"
            if letter in escaped
            else json.dumps(letter, ensure_ascii=False)[1:-1]
            for letter in text
        )
        return '"' + "".join(letters) + '"'

    return style


STYLES = st.sampled_from([escaping(""), escaping(":"), escaping('"'), escaping("aé"), json.dumps])


def same(one: Any, other: Any) -> bool:
    """Equal, with 1, 1.0 and true apart, and keys in the same order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


@settings(max_examples=600, deadline=None)
@given(
    values=st.lists(VALUES, min_size=1, max_size=5),
    style=STYLES,
    space=st.sampled_from(["", " ", "\n"]),
)
def test_the_quick_way_gives_what_the_sure_way_gives_or_nothing(values, style, space) -> None:
    text = "[" + ",".join(spelled(value, style, space) for value in values) + "]"
    found = quick(text)
    try:
        expected, _ = strict(text, 0)
    except FaultError:
        assert found is None
    else:
        assert found is None or same(list(found[0]), expected)
        assert found is None or list(found[1]) == [written(value) for value in expected]


def test_the_quick_way_takes_logs_as_aws_writes_them() -> None:
    assert quick('[{"a":"é","b":[1,{"c":":"}]},{"a":"\\u0026"}]') is not None
    assert quick(json.dumps([{"a": 1.5, "b": "x: y"}], indent=2)) is not None


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(VALUES, max_size=8),
    style=STYLES,
    space=st.sampled_from(["", " ", "\n "]),
    shape=st.sampled_from(["list", "lines", "row"]),
    window=st.integers(4, 200),
)
def test_a_file_reads_alike_in_windows_of_any_size_quickly_or_surely(
    values, style, space, shape, window
) -> None:
    texts = [spelled(value, style, space) for value in values]
    joined = {"list": ",", "lines": "\n", "row": " "}[shape].join(texts)
    data = (f'{{"Records":[{joined}]}}' if shape == "list" else joined).encode()
    key = TRAIL if shape == "list" else GUARD
    usual = summary(read(key, data))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonframe, "quick", lambda _text: None)
        assert same(summary(read(key, data)), usual)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("siemlab.normalize.decompress.READ", window)
        patch.setattr("siemlab.normalize.jsonwalk.AT_ONCE", window)
        patch.setattr("siemlab.normalize.reading.Reading.more.__defaults__", (window,))
        assert same(summary(read(key, data)), usual)
    if shape == "list" or all(isinstance(value, Pairs) for value in values):
        assert len(usual) == len(values)


# ---------------------------------------------------------------- memory


class Endless(io.RawIOBase):
    """So many equal records in one list, made while they are read."""

    def __init__(self, begin: bytes, record: bytes, count: int, end: bytes) -> None:
        super().__init__()
        self._parts = self._make(begin, record, count, end)
        self._rest = b""

    @staticmethod
    def _make(begin: bytes, record: bytes, count: int, end: bytes) -> Iterator[bytes]:
        yield begin + record * 100
        for _ in range(count // 100 - 1):
            yield record * 100
        yield end

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (part := next(self._parts, b"")):
            self._rest += part
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


LONG = b'{"v":"1","n":{"m":[1,2]},"w":"%b"}' % (b"x" * 60)


@pytest.mark.parametrize(
    ("key", "begin", "record", "end"),
    [
        pytest.param(TRAIL, b'{"Records":[{}', b"," + LONG, b"]}", id="list"),
        pytest.param(TRAIL, b'{"Records":[{}', b"," + LONG[:-1] + b',"v":1}', b"]}", id="refused"),
        pytest.param(GUARD, b"", LONG + b"\n", b"", id="lines"),
        pytest.param(GUARD, b"", LONG, b"", id="row"),
        pytest.param(FLOW, b"a end\n", b"%b 2\n" % (b"x" * 60), b"", id="table"),
    ],
)
def test_memory_does_not_grow_with_the_file(key, begin, record, end) -> None:
    def peak_of(count: int) -> int:
        kind = recognize(key)
        assert isinstance(kind, LogType)
        found = LogObject(key, "bucket", lambda: Endless(begin, record, count, end))
        tracemalloc.start()
        number = sum(1 for _ in read_records(found, kind))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert number in (count, count + 1)
        return peak

    few, many = peak_of(15_000), peak_of(45_000)
    assert many < few * 1.2 + 500_000


# ---------------------------------------------------------------- lines and tables


def test_a_table_names_its_columns_by_its_first_line() -> None:
    outcomes = read(FLOW, b"account-id end\n1 2\r\n\n  3\t4  \n\n")
    assert summary(outcomes) == [{"account_id": "1", "end": "2"}, {"account_id": "3", "end": "4"}]
    assert outcomes[1].message == "3\t4"  # type: ignore[union-attr]


def test_a_header_that_stands_again_is_no_record() -> None:
    assert summary(read(FLOW, b"a end\n1 2\na end\n3 4")) == [
        {"a": "1", "end": "2"},
        {"a": "3", "end": "4"},
    ]


ROW = {"a": "1", "end": "2"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a end\n1\n1 2", ["the line has fewer than the first line's 2 columns", ROW]),
        (b"a end\n1 2 3\n1 2", ["the line has more than the first line's 2 columns", ROW]),
        (b"a a\n1 2\n", ["the first line names the column a twice"]),
        (b"\xff end\n1 2\n3 4", ["the line holds bytes that are no UTF-8"]
         + ["the first line, which names the columns, cannot be read"] * 2),
        (b"a end\n1 \xff\n1 2", ["the line holds bytes that are no UTF-8", {"a": "1", "end": "2"}]),
        (b"a end\n1 \0\n1 2", ["the line holds a NUL byte", {"a": "1", "end": "2"}]),
        (b"a end\r1 2\r3 4\r", [{"a": "1", "end": "2"}, {"a": "3", "end": "4"}]),
        (b"a end", []),
        (b"", []),
    ],
)  # fmt: skip
def test_lines_of_a_table_that_do_not_fit_are_refused(data: bytes, expected: list[Any]) -> None:
    assert summary(read(FLOW, data)) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_line_ends_are_found_however_the_bytes_arrive(size: int) -> None:
    data = "a end\r\n1 é\r\n\r\n3 4\r5 6\n7 8".encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("siemlab.normalize.decompress.READ", size)
        patch.setattr("siemlab.normalize.reading.Reading.more.__defaults__", (size,))
        found = summary(read(FLOW, data))
    assert [row["end"] for row in found] == ["é", "4", "6", "8"]


def test_a_long_line_is_refused_without_being_kept() -> None:
    data = b"a end\n" + b"x" * 3_000_000 + b"\n1 2\n" + b"y" * 3_000_000
    outcomes = read(FLOW, data, Limits(record=100_000))
    assert [type(one) for one in outcomes] == [Refused, Record, Refused]
    assert "longer than 100,000 bytes" in outcomes[0].error.en  # type: ignore[union-attr]


# ---------------------------------------------------------------- CloudWatch Logs


LINE = "Nov 18 07:00:01 web-01 sshd[7]: Accepted password for deploy from 198.51.100.7 port 22 ssh2"
LOG_EVENT = {"id": "1", "timestamp": 1668754801000, "message": LINE}


def message(*events: Any, **other: Any) -> bytes:
    outer = {
        "messageType": "DATA_MESSAGE",
        "owner": "111122223333",
        "logGroup": "/secure",
        "logStream": "i-0123456789abcdef0",
        "logEvents": list(events),
    }
    return json.dumps({**outer, **other}).encode()


def test_a_log_event_is_a_record_with_what_stands_around_it() -> None:
    (found,) = read(SECURE, message(LOG_EVENT))
    assert isinstance(found, Record)
    assert found.message == LINE
    assert found.raw["hostname"] == "web-01"
    assert found.envelope == Envelope(
        "1", "111122223333", "", "", "/secure", "i-0123456789abcdef0", 1668754801000
    )


def test_members_may_be_packed_one_by_one_and_the_order_of_keys_is_free() -> None:
    outer = json.loads(message(LOG_EVENT))
    turned = json.dumps(dict(sorted(outer.items()))).encode()
    data = gzip.compress(message(LOG_EVENT)) + gzip.compress(turned + b"\n" + message(LOG_EVENT))
    assert len(read(SECURE, data)) == 3


@pytest.mark.parametrize(
    "data",
    [
        message(LOG_EVENT, messageType="CONTROL_MESSAGE"),
        b'{"messageType":"DATA_MESSAGE"}',
        b'{"logEvents":[{}]}',
        message(),
    ],
)
def test_control_messages_and_objects_without_log_events_are_nothing(data: bytes) -> None:
    assert read(SECURE, data) == []


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (None, ""),
        ([], ""),
        ({**LOG_EVENT, "message": None}, "message"),
        ({**LOG_EVENT, "id": None}, "id"),
        ({**LOG_EVENT, "timestamp": "soon"}, "timestamp"),
        ({**LOG_EVENT, "timestamp": True}, "timestamp"),
        ({**LOG_EVENT, "message": LINE + "\0"}, "message"),
        ({**LOG_EVENT, "message": LINE + "\ud800"}, "message"),
        ({**LOG_EVENT, "message": "no syslog line"}, ""),
    ],
)
def test_an_event_that_is_none_is_refused_alone(event: Any, field: str) -> None:
    outcomes = read(SECURE, message(LOG_EVENT, event, LOG_EVENT))
    assert [type(one) for one in outcomes] == [Record, Refused, Record]
    assert outcomes[1].error.field == field  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "bad",
    [b"NaN", b'{"id":"1","id":"2"}', b'{"id":tru}', b'{"id":"1","message":"\xff"}', b"[" * 5000],
)
def test_a_broken_event_leaves_the_others_of_its_message(bad: bytes) -> None:
    event = json.dumps(LOG_EVENT).encode()
    begin, end = message().split(b"[]")
    data = begin + b"[" + event + b"," + bad + b"," + event + b"]" + end
    kinds = [type(one) for one in read(SECURE, data + message(LOG_EVENT))]
    assert kinds.count(Refused) == 1
    assert kinds[0] is Record
    assert kinds.count(Record) >= 2


def test_what_is_no_json_is_refused() -> None:
    export = b"2022-11-24T18:22:41.000Z Nov 25 03:22:41 web-01 sshd[7]: x\n" * 3
    assert [type(one) for one in read(SECURE, export)] == [Refused]
    assert summary(read(SECURE, b"[1] " + message(LOG_EVENT)))[0] == (
        "a message of CloudWatch Logs is a JSON object, and this is none"
    )
    assert summary(read(SECURE, message(logEvents={}))) == ["the log events are not a list"]


def test_nothing_but_this_module_decides_how_deep_is_too_deep() -> None:
    assert jsonvalue.MOST_LEVELS < 254, "orjson writes no more levels than that"
