"""What a document's values become under a mapping, and which documents are refused.

Every expectation was seen on a real OpenSearch 3.8.0 with ``ignore_malformed``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.store.dates import DEFAULT_FORMATS, parse, to_utc
from siemlab.store.mapping import Mapping, MappingClash
from siemlab.store.values import converter, shown

LENIENT = {"index": {"mapping": {"ignore_malformed": True}}}
KEYWORDS = [{"strings": {"match_mapping_type": "string", "mapping": {"type": "keyword"}}}]


def mapping(*, settings: dict[str, Any] = LENIENT, **fields: Any) -> Mapping:
    """Make a mapping from field names (two underscores for a dot) and types or bodies."""
    properties = {
        name.replace("__", "."): {"type": body} if isinstance(body, str) else body
        for name, body in fields.items()
    }
    mappings = {"dynamic_templates": KEYWORDS, "properties": properties}
    return Mapping({"settings": settings, "mappings": mappings})


def values_of(kind: str, value: Any, **extra: Any) -> list[Any]:
    """Return what a value becomes in a field of a type, printed as an aggregation prints it."""
    found = mapping(f={"type": kind, **extra}).index({"f": value})
    return [shown(kind, one) for one in found.get("f", [])]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("long", 7.9, [7]),
        ("long", -0.5, [0]),
        ("long", "7", [7]),
        ("long", "+7", [7]),
        ("long", "７", [7]),
        ("long", "1e18", [10**18]),
        ("long", " 7 ", []),
        ("long", "9f", []),
        ("long", "", []),
        ("long", True, []),
        ("long", 2**63 - 1, [2**63 - 1]),
        ("long", 2**63, []),
        ("long", "9223372036854775808", []),
        ("integer", " 8 ", [8]),
        ("integer", "9f", [9]),
        ("integer", "0x1p3", [8]),
        ("integer", "NaN", [0]),
        ("integer", "７", []),
        ("integer", 2147483647.5, []),
        ("short", 32767.9, [32767]),
        ("short", "32768", []),
        ("byte", 128, []),
        ("float", 0.1, [0.10000000149011612]),
        ("float", 16777217, [16777216.0]),
        ("float", " 2 ", [2.0]),
        ("float", "1e39", []),
        ("float", "NaN", []),
        ("half_float", 0.1, [0.0999755859375]),
        ("half_float", 65520, []),
        ("boolean", "", [False]),
        ("boolean", "true", [True]),
        ("boolean", "True", []),
        ("boolean", 1, []),
        ("ip", "::ffff:10.0.0.5", ["10.0.0.5"]),
        ("ip", "2001:DB8:0:0::1", ["2001:db8::1"]),
        ("ip", "010.0.0.1", []),
        ("ip", "10.0.0.0/8", []),
        ("ip", 5, []),
        ("keyword", 7, ["7"]),
        ("keyword", 1.5, ["1.5"]),
        ("keyword", True, ["true"]),
        ("keyword", "", [""]),
        ("keyword", None, []),
        ("keyword", [], []),
        ("keyword", [["a"], None, "b"], ["a", "b"]),
        ("keyword", {"a": 1}, []),
        ("text", {"a": 1}, []),
        ("geo_point", "1,2", [True]),
        ("geo_point", [1, 2], [True]),
        ("geo_point", [[1, 2], [3, 4]], [True, True]),
        ("geo_point", {"lat": "1", "lon": 2}, [True]),
        ("geo_point", {"lat": None, "lon": None}, []),
        ("geo_point", "TRUE", []),
    ],
)
def test_a_value_is_what_the_server_makes_of_it(kind: str, given: Any, expected: Any) -> None:
    found = values_of(kind, given)
    assert [(type(one), one) for one in found] == [(type(one), one) for one in expected]


ISO = ""


@pytest.mark.parametrize(
    ("formats", "given", "expected"),
    [
        (ISO, "2022-11-12T10:00:00.123999Z", "2022-11-12T10:00:00.123"),
        (ISO, "1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999"),
        (ISO, "2022-11-12T10:00:00,5+0900", "2022-11-12T01:00:00.500"),
        (ISO, "2022-11-12T10+09", "2022-11-12T01:00:00.000"),
        (ISO, "2022-11-12T10:00Asia/Tokyo", "2022-11-12T01:00:00.000"),
        (ISO, "2022-11T10:00", "2022-11-01T10:00:00.000"),
        (ISO, "2022-11-12T", "2022-11-12T00:00:00.000"),
        (ISO, 1668220000123.7, "2022-11-12T02:26:40.123"),
        (ISO, -1.5, "1969-12-31T23:59:59.998"),
        (ISO, 2022, "2022-01-01T00:00:00.000"),
        (ISO, True, None),
        (ISO, "12022-11-12", None),
        (ISO, "2022-02-30", None),
        (ISO, "2022-11-12T24:00", None),
        (ISO, "2022-11-12 10:00", None),
        (ISO, "2022-11-12t10:00:00z", None),
        (ISO, "2022-1-2", None),
        ("date_optional_time", "2022-1-2T3:4:5", "2022-01-02T03:04:05.000"),
        ("epoch_second", "1668220000.5", "2022-11-12T02:26:40.500"),
        ("epoch_second", -1.5, "1969-12-31T23:59:59.500"),
        ("epoch_second", "1e3", None),
        ("dd/MMM/yyyy:HH:mm:ss Z", "12/Nov/2022:10:20:30 +0900", "2022-11-12T01:20:30.000"),
        ("dd/MMM/yyyy:HH:mm:ss Z", "12/nov/2022:10:20:30 +0000", None),
        ("dd/MMM/yyyy:HH:mm:ss Z", "2/Nov/2022:10:20:30 +0000", None),
        ("dd/MMM/yyyy:HH:mm:ss Z", "12/Nov/2022:10:20:30 Z", None),
        ("MMM d, yyyy[,] h:mm:ss a", "Nov 12, 2022, 3:04:05 PM", "2022-11-12T15:04:05.000"),
        ("MMM d, yyyy[,] h:mm:ss a", "Sep 2, 2022 12:04:05 AM", "2022-09-02T00:04:05.000"),
        ("MMM d, yyyy[,] h:mm:ss a", "Nov 12, 2022 13:04:05 PM", None),
        ("epoch_millis||yyyy/MM/dd", "2022/11/12", "2022-11-12T00:00:00.000"),
    ],
)
def test_a_date_is_read_by_the_formats_of_its_field(
    formats: str, given: Any, expected: str | None
) -> None:
    found = values_of("date", given, **({"format": formats} if formats else {}))
    assert (
        found == []
        if expected is None
        else found[0].isoformat(timespec="milliseconds") == f"{expected}+00:00"
    )


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("a", "keyword"),
        ("2023", "keyword"),
        ("12345678901234", "keyword"),
        ("2023-02", "date"),
        ("2023-02-14T10:00:00+0900", "date"),
        ("2023/02/14", "date"),
        ("2023/02/14 10:00:00", "date"),
        ("2023/02/14 10:00:00 +0900", "keyword"),
        ("2023-02-30", "keyword"),
        ("-2023-01-01", "date"),
        (7, "long"),
        (2**70, "long"),
        (7.0, "float"),
        (True, "boolean"),
    ],
)
def test_a_new_field_gets_the_type_of_its_first_value(given: Any, kind: str) -> None:
    fields = mapping()
    fields.index({"a": {"new": given}})
    assert fields.fields["a.new"].type == kind


def test_without_a_template_a_text_becomes_text_with_a_keyword() -> None:
    fields = Mapping({})
    assert fields.index({"a": "x" * 257}) == {"a": ["x" * 257]}
    assert (fields.fields["a"].type, fields.fields["a.keyword"].ignore_above) == ("text", 256)


@pytest.mark.parametrize(
    "source",
    [
        {"x": [True, "a"]},
        {"x": [1, 2.5]},
        {"x": ["2023-01-01", "abc"]},
        {"x": [{"a": 1}, {"a": "s"}]},
        {"x": ["a", {"b": 1}]},
        {"o": "a scalar"},
        {"o": [{}, 5]},
        {"leaf.below": 1},
        {"leaf.below": []},
        {"nested.name": "x"},
        {"nested": "x"},
        {".a": 1},
        {"a..b": 1},
        {"": 1},
        {".": 1},
        {"c. .d": 1},
        {"long": "x" * 32_767},
        {"long": "あ" * 10_923},
    ],
    ids=str,
)
def test_the_server_refuses(source: dict[str, Any]) -> None:
    fields = mapping(o__a="long", leaf="keyword", nested="nested", long="keyword")
    before = set(fields.fields)
    with pytest.raises(MappingClash):
        fields.index(source)
    assert set(fields.fields) == before


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"a.": 1}, {"a": [1]}),
        ({"o": {"a": None}, "o.a": [3]}, {"o.a": [3]}),
        ({"o": [{"a": 1}, None, {"a": [2, 3]}]}, {"o.a": [1, 2, 3]}),
        ({"o.a": 1, "o": {"a": 2}}, {"o.a": [1, 2]}),
        ({"leaf": {"below": 1}}, {}),
        ({"leaf": [{"below": 1}, "z"]}, {"leaf": ["z"]}),
        ({"leaf.below": None}, {}),
        ({"nested": [{"name": "x", "more": 1}]}, {}),
        ({"off": "x"}, {}),
        ({"off": [1, {"a": 2}], "off.b": 3}, {}),
        ({"w": [[1, [2]]]}, {"w": [1, 2]}),
    ],
    ids=str,
)
def test_the_server_takes(source: dict[str, Any], expected: dict[str, Any]) -> None:
    off = {"type": "object", "enabled": False}
    fields = mapping(o__a="long", leaf="keyword", nested="nested", off=off)
    assert fields.index(source) == expected


def test_an_empty_object_is_an_object_from_then_on() -> None:
    fields = mapping()
    fields.index({"x": {}})
    assert fields.is_object("x")
    with pytest.raises(MappingClash, match="found a concrete value"):
        fields.index({"x": 1})


def test_a_refused_document_teaches_nothing() -> None:
    fields = mapping(o__a="long")
    with pytest.raises(MappingClash):
        fields.index({"new": 1, "deep": {"er": "x"}, "o": 5})
    assert fields.index({"new": "now a text"}) == {"new": ["now a text"]}
    assert not fields.is_object("deep")


def test_after_a_value_that_is_too_long_the_new_fields_stay_as_on_the_server() -> None:
    fields = mapping()
    with pytest.raises(MappingClash, match="immense"):
        fields.index({"x": "a" * 40_000, "y": 1})
    assert fields.fields["y"].type == "long"
    assert fields.index({"y": "text"}) == {}


def test_ignore_above_counts_utf_16_and_leaves_the_multi_field_alone() -> None:
    body = {"type": "keyword", "ignore_above": 3, "fields": {"text": {"type": "text"}}}
    fields = mapping(k=body)
    assert fields.index({"k": ["あいう", "😀a", "😀😀"]}) == {
        "k": ["あいう", "😀a"],
        "k.text": ["あいう", "😀a", "😀😀"],
    }


def test_a_field_that_only_looks_like_a_limit_is_kept_whole() -> None:
    assert values_of("text", "x" * 40_000) == ["x" * 40_000]


def test_without_ignore_malformed_a_wrong_value_refuses_the_document() -> None:
    fields = mapping(settings={}, n="long", k="keyword")
    with pytest.raises(MappingClash, match=r"failed to parse field \[n\]"):
        fields.index({"n": "abc"})
    with pytest.raises(MappingClash):
        fields.index({"k": {"a": 1}})


def test_too_many_fields_refuse_the_document_that_brings_them() -> None:
    fields = mapping(settings={**LENIENT, "index.mapping.total_fields.limit": 3}, a="long")
    fields.index({"o": {"b": 1}})
    with pytest.raises(MappingClash, match="Limit of total fields"):
        fields.index({"c": 1})
    assert fields.index({"a": 2, "o": {"b": 3}}) == {"a": [2], "o.b": [3]}


def test_nesting_beyond_twenty_is_refused() -> None:
    source: dict[str, Any] = {"b": 1}
    for _ in range(19):
        source = {"a": source}
    assert mapping().index(source) == {f"{'a.' * 19}b": [1]}
    with pytest.raises(MappingClash, match="depth"):
        mapping().index({"a": source})


def test_dynamic_false_and_strict_are_kept() -> None:
    closed = Mapping({"mappings": {"dynamic": False, "properties": {"a": {"type": "long"}}}})
    assert closed.index({"a": 1, "b": 2, "c.d": 3}) == {"a": [1]}
    strict = Mapping({"mappings": {"dynamic": "strict"}})
    with pytest.raises(MappingClash, match="strict"):
        strict.index({"b": 2})


def test_the_spill_index_has_a_template_of_its_own() -> None:
    index = "log-aws-cloudtrail-2022-11"
    source = {"requestParameters": {"a": [True, "x"]}, "source": {"ip": "10.0.0.5"}}
    with pytest.raises(MappingClash):
        Mapping.for_index(index).index(source)
    assert [*Mapping.for_index(f"{index}-spill").index(source)] == ["source.ip"]


def test_a_pin_decides_the_type_and_hides_objects() -> None:
    pins = {"requestParameters.key": {"type": "keyword"}}
    fields = Mapping.for_index("log-aws-cloudtrail-2022-11", pins)
    assert fields.index({"requestParameters": {"key": {"id": 1}}}) == {}
    assert fields.index({"requestParameters.key": 7}) == {"requestParameters.key": ["7"]}


def test_an_existing_path_takes_a_pin_only_where_it_makes_a_keyword_shorter() -> None:
    fields = mapping(k="keyword", n="long", o__a="long")
    assert fields.pin("k", {"type": "keyword", "ignore_above": 2})
    assert not fields.pin("n", {"type": "keyword"})
    assert not fields.pin("o", {"type": "keyword"})
    assert not fields.pin("n.below", {"type": "keyword"})
    assert fields.index({"k": ["ab", "abc"]}) == {"k": ["ab"]}


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)
)
SOURCES = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b", "c.d", "n"]), SCALARS, max_size=3),
    lambda inner: st.dictionaries(
        st.sampled_from(["a", "b", "o"]), inner | st.lists(SCALARS, max_size=3), max_size=3
    ),
    max_leaves=8,
)


@given(st.lists(SOURCES, max_size=6))
def test_a_mapping_read_back_indexes_the_same(sources: list[dict[str, Any]]) -> None:
    fields = mapping(n="ip")
    taken = []
    for source in sources:
        try:
            taken.append((source, fields.index(source)))
        except MappingClash:
            continue
    again = Mapping.from_body(json.loads(json.dumps(fields.to_body())))
    assert again.fields == fields.fields
    assert [again.index(source) for source, _ in taken] == [values for _, values in taken]


@pytest.mark.parametrize(
    "formats",
    [
        DEFAULT_FORMATS,
        ("date_optional_time",),
        ("strict_date_optional_time", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"),
        ("epoch_millis", "strict_date_optional_time"),
    ],
    ids=lambda formats: formats[0],
)
@pytest.mark.parametrize(
    "text",
    [
        "2023-01-01T09:30:59.123Z",
        "2023-01-01T09:30:59Z",
        "2024-02-29T23:59:59.999Z",
        "2023-02-29T00:00:00.000Z",
        "2023-01-01T24:00:00.000Z",
        "2023-01-01T09:60:00.000Z",
        "2023-01-01T09:30:60Z",
        "0000-01-01T00:00:00Z",
        "2023-01-01T09:30:59.12Z",
        "2023-01-01T09:30:59,123Z",
        "2023-01-01T09:30:59+09:00",
        "+12023-01-01T00:0000Z",
        "1672565459123",
    ],
)
def test_the_short_way_to_a_moment_ends_where_the_long_one_does(
    text: str, formats: tuple[str, ...]
) -> None:
    def long_way(date: str) -> int:
        written = parse(date, formats)
        return to_utc(written.local, written.zone)

    assert moment(converter("date", formats), text) == moment(long_way, text)


def moment(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        return None


def with_column() -> Mapping:
    fields = mapping(k="keyword", n="long", o__k="keyword")
    fields.give_columns({"k": "c1", "n": "c2", "gone": "c3", "o": "c4"})
    return fields


@pytest.mark.parametrize(
    ("source", "row", "values"),
    [
        pytest.param({"k": "a", "o": {"k": "b"}}, {"c1": "a"}, {"o.k": ["b"]}, id="a text"),
        pytest.param({"k": ["a", "b"]}, {}, {"k": ["a", "b"]}, id="several"),
        pytest.param({"k": "a", "n": 7}, {"c1": "a"}, {"n": [7]}, id="a number is no text"),
        pytest.param({"k": 7}, {}, {"k": ["7"]}, id="a number in a text field"),
    ],
)
def test_a_row_takes_texts_with_a_column_and_the_rest_are_values(
    source: dict[str, Any], row: dict[str, Any], values: dict[str, Any]
) -> None:
    taken: dict[str, Any] = {}
    assert with_column().index(source, taken) == values
    assert taken == row


def test_a_row_takes_the_first_of_two_spellings_of_a_field() -> None:
    fields = mapping(o__k="keyword")
    fields.give_columns({"o.k": "c1"})
    fields.index({"o.k": "", "o": {"k": ""}})
    row: dict[str, Any] = {}
    assert fields.index({"o.k": "a", "o": {"k": "b"}}, row) == {"o.k": ["b"]}
    assert row == {"c1": "a"}


def test_without_a_row_all_are_values() -> None:
    assert with_column().index({"k": "a", "n": 7}) == {"k": ["a"], "n": [7]}


@pytest.mark.parametrize("time", ["2023-02-28T24:00:00Z", "2023-02-28T09:60:00Z"])
def test_no_such_minute_is_no_date(time: str) -> None:
    assert values_of("date", "2023-02-28T09:59:00Z")
    assert values_of("date", time) == []
