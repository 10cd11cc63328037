"""Which fields clash, and what they are pinned to."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.store.mapping import Mapping, MappingClash
from siemlab.store.pins import Scan, family_of, merge_pins

INDEX = "log-aws-cloudtrail-2022-11"
FAMILY = "log-aws-cloudtrail"
KEYWORD = {"type": "keyword"}
SHORT = {"type": "keyword", "ignore_above": 8191}
KANJI = "\u6f22" * 10_923  # 32,769 bytes: three too many


def pins_of(*sources: dict[str, Any], index: str = INDEX) -> dict[str, Any]:
    scan = Scan()
    for source in sources:
        scan.see(index, source)
    return scan.pins(family_of(index))


CLASHES = {
    "a text and an object": ([{"x": "a"}, {"x": {"y": 1}}], {"x": KEYWORD}),
    "a number and a text": ([{"x": 1}, {"x": "a"}], {"x": KEYWORD}),
    "a number and a boolean": ([{"x": 1}, {"x": True}], {"x": KEYWORD}),
    "a boolean and a text in one list": ([{"x": [True, "a"]}], {"x": KEYWORD}),
    "a text and an object in one list": ([{"x": ["a", {"y": 1}]}], {"x": KEYWORD}),
    "lists in lists": ([{"x": [[1], ["a"]]}], {"x": KEYWORD}),
    "an empty object counts as one": ([{"x": {}}, {"x": "a"}], {"x": KEYWORD}),
    "dots mean objects": ([{"x.y": 1}, {"x": {"y": "a"}}], {"x.y": KEYWORD}),
    "an object by its dot": ([{"x": "a"}, {"x.y": 1}], {"x": KEYWORD}),
    "only the topmost": ([{"x": {"y": 1}}, {"x": {"y": "a"}}, {"x": 2}], {"x": KEYWORD}),
    "inside a list of objects": ([{"x": [{"y": 1}, {"y": "a"}]}], {"x.y": KEYWORD}),
    "beyond long": ([{"x": 2**63}], {"x": KEYWORD}),
    "beyond long, below zero, in a list": ([{"x": [1, -(2**63) - 1]}], {"x": KEYWORD}),
    "beyond long after a small one": ([{"x": 1}, {"x": 2**64}], {"x": KEYWORD}),
    "too many bytes": ([{"x": KANJI}], {"x": SHORT}),
    "too many bytes after a short one": ([{"x": "a"}, {"x": KANJI}], {"x": SHORT}),
    "too many bytes and a number": ([{"x": 1}, {"x": KANJI}], {"x": SHORT}),
    "a whole number and a fraction in one list": ([{"x": [1, 0.5]}], {"x": {"type": "double"}}),
    "the same in a list of objects": ([{"x": [{"y": 0.5}, {"y": 1}]}], {"x.y": {"type": "double"}}),
    "a date and another text in one list": ([{"x": ["2022-11-12", "soon"]}], {"x": KEYWORD}),
    "dates of two forms in one list": ([{"x": ["2022-11-12", "2022/11/12"]}], {"x": KEYWORD}),
    "a mixed list after an even one": ([{"x": [1]}, {"x": [1, 0.5]}], {"x": {"type": "double"}}),
    "half a surrogate pair has bytes, too": ([{"x": "\ud800" * 20_000}], {"x": SHORT}),
}
HARMONIES = {
    "equal kinds": [{"x": "a"}, {"x": "b"}],
    "a whole number and a fraction": [{"x": 1}, {"x": 0.5}],
    "a date and another text": [{"x": "2022-11-12T00:00:00Z"}, {"x": "soon"}],
    "nothing at all": [{"x": None}, {"x": []}, {"x": "a"}, {"x": [None]}],
    "the largest long": [{"x": 2**63 - 1}, {"x": -(2**63)}],
    "exactly as many bytes as fit": [{"x": "\u6f22" * 10_922}],
    "addresses in a list": [{"x": ["10.0.0.1", "::1", "2022"]}],
    "a date with its time and one without": [{"x": ["2022-11-12", "2022-11-12T01:02:03Z"]}],
    "objects of other fields": [{"x": {"y": 1}}, {"x": {"z": "a"}}],
}


@pytest.mark.parametrize(("sources", "pins"), CLASHES.values(), ids=CLASHES.keys())
def test_a_clash_is_pinned(sources: list[dict[str, Any]], pins: dict[str, Any]) -> None:
    assert pins_of(*sources) == pins
    assert pins_of(*reversed(sources)) == pins


@pytest.mark.parametrize("sources", HARMONIES.values(), ids=HARMONIES.keys())
def test_what_fits_together_is_left_alone(sources: list[dict[str, Any]]) -> None:
    assert pins_of(*sources) == {}


def test_a_field_of_the_template_keeps_its_type() -> None:
    assert pins_of({"source": {"ip": "AWS Internal"}}, {"source": {"ip": 7}}) == {}
    assert (
        pins_of({"requestParameters": {"maxResults": 1}}, {"requestParameters.maxResults": "a"})
        == {}
    )


def test_a_keyword_of_the_template_gets_a_limit_where_a_value_is_too_long() -> None:
    pins = pins_of({"userAgent": KANJI, "requestParameters": {"filter": KANJI}})

    assert pins == {
        "requestParameters.filter": {**SHORT, "fields": {"text": {"type": "text"}}},
        "userAgent": SHORT,
    }


def test_what_lies_below_a_leaf_of_the_template_is_not_indexed_and_not_pinned() -> None:
    below = {"requestParameters": {"filter": {"a": 1}}}

    assert pins_of(below, {"requestParameters": {"filter": {"a": "b"}}}) == {}


def test_a_pin_above_a_field_of_the_template_is_left_out_and_those_below_are_found() -> None:
    sources = [
        {"configuration": {"rules": "none"}},
        {"configuration": {"rules": {"statement": "x", "other": 1}}},
        {"configuration": {"rules": {"other": "y"}}},
    ]

    pins = pins_of(*sources, index="log-aws-config-2022-11")

    assert pins == {"configuration.rules.other": KEYWORD}


def test_months_of_one_family_are_looked_at_together_and_families_apart() -> None:
    scan = Scan()
    scan.see("log-aws-waf-2022-11", {"x": 1})
    scan.see("log-aws-waf-2022-12", {"x": "a"})
    scan.see("log-aws-elb-2022-12", {"x": True})

    assert scan.families() == ["log-aws-elb", "log-aws-waf"]
    assert scan.pins("log-aws-waf") == {"x": KEYWORD}
    assert scan.pins("log-aws-elb") == {}
    assert scan.pins("log-aws-never") == {}


def test_the_kinds_are_told_for_the_report() -> None:
    scan = Scan()
    scan.see(INDEX, {"x": [1, "a", {"y": 1}], "big": 2**64, "long": KANJI, "fine": 1})

    assert scan.kinds(FAMILY) == {
        "big": ("integer beyond long", "num"),
        "long": ("long string", "str"),
        "x": ("num", "object", "str"),
    }


def test_templates_of_one_s_own_decide() -> None:
    mapped = {
        "template": {"mappings": {"properties": {"x": {"properties": {"y": {"type": "long"}}}}}}
    }
    template = {
        "component_template": {},
        "index_template": {"t": {"index_patterns": ["*"], **mapped}},
    }
    scan = Scan(template)
    for source in ({"x": {"y": 1}, "z": 1}, {"x": {"y": "a"}, "z": "b"}):
        scan.see("any", source)

    assert scan.pins("any") == {"z": KEYWORD}


@pytest.mark.parametrize(
    ("index", "family"),
    [
        ("log-aws-waf-2022-11", "log-aws-waf"),
        ("log-aws-waf-2022-11-spill", "log-aws-waf-2022-11-spill"),
        ("log-aws-waf", "log-aws-waf"),
        ("log-2022-11-2022-12", "log-2022-11"),
        ("log-٢٠٢٢-11", "log-٢٠٢٢-11"),
    ],
)
def test_the_family_is_the_name_without_its_month(index: str, family: str) -> None:
    assert family_of(index) == family


def test_older_pins_stay_and_those_below_a_new_one_go() -> None:
    old = {"a.b": KEYWORD, "ab": KEYWORD, "c": KEYWORD}
    new = {"a": KEYWORD, "c": SHORT, "c.d": KEYWORD}

    assert merge_pins(old, new) == {"a": KEYWORD, "ab": KEYWORD, "c": SHORT}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats(-1e9, 1e9)
    | st.sampled_from(["", "a", "2022-11-12", "7", KANJI]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=3)
    ),
    max_leaves=6,
)
SOURCES = st.lists(
    st.dictionaries(st.sampled_from(["x", "y"]), VALUES, max_size=3),
    min_size=1,
    max_size=6,
)


@given(SOURCES, st.randoms(use_true_random=False))
def test_pinned_no_document_is_refused_in_any_order(
    sources: list[dict[str, Any]], chance: random.Random
) -> None:
    # No dots in keys: `x.a` beside a plain value of `x` is refused whatever `x` is, and spills.
    pins = pins_of(*sources)
    shuffled = chance.sample(sources, len(sources))
    assert pins_of(*shuffled) == pins

    mapping = Mapping.for_index(INDEX, pins)
    for source in shuffled:
        try:
            mapping.index(source)
        except MappingClash as clash:
            raise AssertionError(f"{source} was refused: {clash.reason}, with {pins}") from clash
