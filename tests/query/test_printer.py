"""Printing a tree, and a whole query, as a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from siemlab.errors import QuerySyntaxError
from siemlab.query import Query, parse_query_string, to_text
from siemlab.query.syntax import Group, Words
from tests.query.trees import any_texts, trees

CASES = Path(__file__).parents[1] / "cases" / "query" / "cases.ndjson"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a:(x && \"y z\" !w) n:[7 TO *}", '(a:x AND a:"y z" NOT a:w) OR n:>=7'),
        ("a b OR c", "a OR b OR c"),
        ("a b", r"a\ b"),
        ("+a -b c", "+a NOT b c"),
        ("a OR b AND c OR d", "a OR b AND c OR d"),
        (r"f:x\:y", r"f:x\:y"),
        (r"f:\AND", r"f:\AND"),
        ("f:{* TO 7}", "f:<7"),
        ("f:[a TO b}", "f:[a TO b}"),
        ('f:["a b" TO "c\\\\d"]', r'f:["a b" TO "c\u005cd"]'),
        ("f:*", "_exists_:f"),
        ("*", "*:*"),
        (r"user.\*:v", r"user.\*:v"),
        ("f:a*b", "f:a*b"),
        (r"f:/a\/b/", r"f:/a\/b/"),
        ("f:x\\\ny", r"f:x\u000ay"),
        ('_exists_:""', '_exists_:""'),
    ],
)  # fmt: skip
def test_a_tree_prints_as_a_short_text(text: str, printed: str) -> None:
    assert to_text(parse_query_string(text)) == printed


@given(trees)
@settings(max_examples=500, deadline=None)
def test_what_is_printed_reads_as_the_same_tree(tree: Group) -> None:
    assert parse_query_string(to_text(tree)) == tree


@given(any_texts)
@settings(max_examples=500, deadline=None)
def test_a_text_that_can_be_read_prints_as_one_that_reads_the_same(text: str) -> None:
    try:
        tree = parse_query_string(text)
    except QuerySyntaxError:
        assume(False)
    assert parse_query_string(to_text(tree)) == tree


def test_the_texts_of_the_real_server_print_as_texts_that_read_the_same() -> None:
    differ, read = [], 0
    for line in filter(None, CASES.read_text(encoding="utf-8").split("\n")):
        case = json.loads(line)
        try:
            tree = parse_query_string(case["text"] or "")
        except QuerySyntaxError:
            continue
        read += 1
        if parse_query_string(to_text(tree)) != tree:
            differ.append(case["id"])
    assert differ == []
    assert read > 700


@pytest.mark.parametrize(
    ("query", "lucene"),
    [
        (Query(), "*:*"),
        (Query().lucene("a b"), "a b"),
        (Query().lucene("a b").exists("f"), "(a b) AND _exists_:f"),
        (Query().lucene("f:a").missing("f"), "f:a AND NOT _exists_:f"),
        (Query().lucene("f:a OR f:b").include("g", 7), '(f:a OR f:b) AND g:"7"'),
        (Query().lucene("NOT f:a").include("g", True), '(NOT f:a) AND g:"true"'),
        (Query().include("f", ["a", 'b"c']), r'f:("a" OR "b\"c")'),
        (Query().exclude("f", "*"), 'NOT f:"*"'),
        (Query().between("n", -7, None), "n:[-7 TO *}"),
        (Query().not_between("f", "a b", "c"), 'NOT f:["a b" TO c}'),
        (Query().include("labels.my key", "v"), r'labels.my\ key:"v"'),
        (Query().include("f", "a").disable(0), "*:*"),
        (Query().lucene(" ").exists("f"), "NOT *:* AND _exists_:f"),
        (Query().include("f", 12345678.0), 'f:"1.2345678E7"'),
        (
            Query().time("2023-02-01", None, tz="Asia/Tokyo"),
            "@timestamp:[2023-01-31T15:00:00.000Z TO *}",
        ),
    ],
)
def test_a_whole_query_is_one_text(query: Query, lucene: str) -> None:
    assert query.to_lucene() == lucene
    parse_query_string(lucene)


def test_a_text_that_cannot_be_read_cannot_be_printed_as_part_of_a_query() -> None:
    with pytest.raises(QuerySyntaxError):
        Query().lucene("f:(a").exists("f").to_lucene()


def test_a_value_of_a_filter_never_becomes_syntax() -> None:
    value = r'x" OR *:* OR "' + "\\"
    (clause,) = parse_query_string(Query().include("f", value).to_lucene()).clauses
    assert clause.node == parse_query_string(to_text(clause.node)).clauses[0].node
    assert getattr(clause.node, "text", None) == value
    assert not isinstance(clause.node, Words)
