"""The parser of query texts against Lucene's classic grammar."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings

from siemlab.errors import QueryNotSupportedError, QuerySyntaxError, SiemlabError
from siemlab.query.parser import MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH, parse_query_string
from siemlab.query.syntax import (
    Bound,
    Clause,
    Everything,
    Exists,
    Group,
    Node,
    Occur,
    Quoted,
    Range,
    Regexp,
    Wild,
    Wildcard,
    Words,
)
from tests.query.trees import any_texts

CASES = Path(__file__).parents[1] / "cases" / "query" / "cases.ndjson"
ANY, ONE = Wildcard.ANY, Wildcard.ONE


def shape(text: str) -> str:
    """Return which clauses are required, wished for and prohibited: ``+a b -c``."""

    def of(node: Node) -> str:
        if isinstance(node, Group):
            inside = " ".join(f"{clause.occur.value}{of(clause.node)}" for clause in node.clauses)
            return f"({inside})"
        return node.text.replace(" ", "_") if isinstance(node, Words) else type(node).__name__

    return of(parse_query_string(text))[1:-1]


def only(text: str) -> Node:
    """Return the one node of a text."""
    (clause,) = parse_query_string(text).clauses
    assert clause.occur is Occur.SHOULD
    return clause.node


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("f:a OR f:b AND f:c", "a +b +c"),
        ("f:a AND f:b OR f:c", "+a +b c"),
        ("f:a OR NOT f:b", "a -b"),
        ("NOT f:a OR NOT f:b", "-a -b"),
        ("f:a AND NOT f:b AND f:c", "+a -b +c"),
        ("f:a f:b AND f:c", "a +b +c"),
        ("+f:a OR +f:b", "+a +b"),
        ("f:a AND -f:b", "+a -b"),
        ("f:a AND (f:b OR f:c)", "+a +(b c)"),
        ("((f:a))", "a"),
        ("(f:a OR f:b)", "a b"),
        ("(NOT f:a)", "-a"),
        ("f:a && !f:b || f:c", "+a -b c"),
        ("f:a AND(f:b)", "+a +b"),
        ("f:a - f:b", "a - b"),
        ("NOT - f:b", "-- b"),
        ("f:a &&f:b", "a b"),
    ],
)
def test_and_makes_its_neighbors_required_and_or_changes_nothing(text: str, clauses: str) -> None:
    assert shape(text) == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("alice smith", "alice_smith"),
        ("a b c d", "a_b_c_d"),
        ("a b AND c", "a +b +c"),
        ("a AND b c", "+a +b c"),
        ("a AND b c d", "+a +b c_d"),
        ("NOT a b c", "-a b_c"),
        ("a b^2 c", "a b c"),
        ("a b c:d", "a_b d"),
        ("a b NOT c", "a_b -c"),
        ('a b "c"', "a_b Quoted"),
        ("a b *", "a b Everything"),
        ("a b c*", "a_b Wild"),
        ("f:a b", "a b"),
        ("f:(a b)", "a_b"),
        ("a\u3000b\tc\nd", "a_b_c_d"),
        ("a\u00a0b", "a\u00a0b"),
        (r"a\ b", "a_b"),
        ("and or not", "and_or_not"),
    ],
)
def test_plain_words_side_by_side_are_one_text(text: str, clauses: str) -> None:
    assert shape(text) == clauses


@pytest.mark.parametrize(
    ("text", "node"),
    [
        (r"f:x\*y", Words("f", "x*y")),
        (r"f:\AND", Words("f", "AND")),
        (r"f:\u6771\u4eac", Words("f", "東京")),
        (r"f:\uD83D\uDE00", Words("f", "😀")),
        (r"f:\uD83D", Words("f", "\ufffd")),
        (r'f:"a\"b\\"', Quoted("f", 'a"b\\')),
        ('f:""', Quoted("f", "")),
        (r'f:"*"', Quoted("f", "*")),
        (r"labels.a\:b:v", Words("labels.a:b", "v")),
        (r"user\*:v", Words("user*", "v")),
        (r"my\ key:v", Words("my key", "v")),
        ("*:v", Words("*", "v")),
        ("f : v", Words("f", "v")),
        ("f:(g:v)", Words("g", "v")),
        ("f:x-y+z", Words("f", "x-y+z")),
        ("f:x&&y", Words("f", "x&&y")),
        ("'f':x", Words("'f'", "x")),
        ("f:x^2", Words("f", "x")),
        ("(f:x)^0.5", Words("f", "x")),
        ('"a b"~0', Quoted(None, "a b")),
        ("+ ", Words(None, "+")),
    ],
)
def test_escapes_quotes_and_field_names_say_what_is_meant(text: str, node: Node) -> None:
    assert only(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("f:*", Exists("f")),
        ("*", Everything()),
        ("*:*", Everything()),
        (r"\*:*", Everything()),
        ("_exists_:f", Exists("f")),
        ('_exists_:"a b"', Exists("a b")),
        (r"_exists_:labels.\*", Exists("labels.*")),
        ("_exists_:>x", Exists(">x")),
        ("_exists_:labels.*", Wild("_exists_", ("labels.", ANY))),
        ("f:**", Wild("f", (ANY, ANY))),
        ("f:?", Wild("f", (ONE,))),
        ("f:a*b?", Wild("f", ("a", ANY, "b", ONE))),
        (r"f:a\*b*", Wild("f", ("a*b", ANY))),
        (r"f:\**", Wild("f", ("*", ANY))),
        (r"f:\u0041*", Wild("f", ("A", ANY))),
        (r"f:\u0041?", Wild("f", ("u0041", ONE))),
        ("f:a*~2", Wild("f", ("a", ANY))),
        ("f:/a.*b/", Regexp("f", "a.*b")),
        (r"f:/a\/b/", Regexp("f", r"a\/b")),
        ("f://", Regexp("f", "")),
        ("/x/~", Regexp(None, "x")),
    ],
)
def test_wildcards_and_regular_expressions(text: str, node: Node) -> None:
    assert only(text) == node


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("f:[7 TO 8}", Bound("7", True), Bound("8", False)),
        ("f:{7 TO *]", Bound("7", False), None),
        ("f:[* TO *]", None, None),
        ('f:["*" TO "a b"]', None, Bound("a b", True)),
        (r'f:["a\"b" TO \*]', Bound('a"b', True), None),
        ("f:[TO TO TO]", Bound("TO", True), Bound("TO", True)),
        ("f:[2023-02-14T12:00:00Z TO now-1d/d]^2", *(Bound(text, True) for text in (
            "2023-02-14T12:00:00Z", "now-1d/d"))),
        ("f:>=7", Bound("7", True), None),
        ("f:>7", Bound("7", False), None),
        ("f:<=7", None, Bound("7", True)),
        ("f:<7", None, Bound("7", False)),
        (r"f:\>7", Bound("7", False), None),
        ("f:>=", Bound("=", False), None),
        (r"f:>\*", None, None),
        (r"f:>=\-7", Bound("-7", True), None),
        ("f:(>=7 <10)", Bound("7 <10", True), None),
        ("f:<>", None, Bound(">", False)),
    ],
)  # fmt: skip
def test_ranges_and_comparisons(text: str, low: Bound | None, high: Bound | None) -> None:
    assert only(text) == Range("f", low, high)


def test_a_comparison_without_a_field_is_one_over_all_fields() -> None:
    assert only(">=7") == Range(None, Bound("7", True), None)
    assert only(">") == Words(None, ">")


def test_a_comparison_needs_one_plain_word() -> None:
    assert parse_query_string('n:>"7"').clauses == (
        Clause(Occur.SHOULD, Words("n", ">")),
        Clause(Occur.SHOULD, Quoted(None, "7")),
    )
    assert parse_query_string("n:>= 7").clauses[0].node == Range("n", Bound("=", False), None)


@pytest.mark.parametrize("blank", ["", " ", " \t\n\r "])
def test_a_blank_text_matches_nothing(blank: str) -> None:
    assert parse_query_string(blank) == Group(())


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("source.ip:10.0.0.0/8", 19, 'quote the CIDR: write "10.0.0.0/8"'),
        (r"ip:2001\:db8\:\:/32", 17, 'quote the CIDR: write "2001:db8::/32"'),
        ("f:x/y", 4, "a slash starts a regular expression"),
        ("f:x:y", 4, "put the value in quotes"),
        ("t:2023-02-14T12:00", 16, "put the value in quotes"),
        ("f:-7", 3, 'a value that begins with - must be in quotes, or written with \\-: "-7"'),
        ("f:!x", 3, '"!x"'),
        ("f:AND", 3, 'as a value write "AND"'),
        ("f:", 2, "a value is missing after the colon"),
        ("f: OR g:x", 4, "OR is an operator"),
        (":x", 1, "a field name must stand before the colon"),
        ("f::x", 3, "a second colon"),
        ('"f":x', 4, "a field name is written without quotes: f:"),
        ("user*:x", 1, "in a field name the wildcard is written \\*: user\\*:"),
        ("(a OR b", 1, "a parenthesis is not closed"),
        ("a OR (", 6, "a parenthesis is not closed"),
        ("a)", 2, "this parenthesis closes nothing"),
        (")", 1, "this parenthesis closes nothing"),
        ("a ()", 3, "a parenthesis with nothing in it"),
        ("AND a", 1, "AND needs a clause on both sides"),
        ("a AND", 3, "AND needs a clause after it"),
        ("a && || b", 6, "|| cannot stand after &&"),
        ("NOT NOT a", 5, "NOT cannot stand after NOT"),
        ("(a OR) b", 4, "OR needs a clause after it"),
        ("a -", 3, "- needs a clause after it"),
        ('"abc', 1, "a quotation mark is not closed"),
        ("a]", 2, "this bracket closes nothing"),
        ("a\\", 2, "a backslash stands at the end"),
        ("a\\u12", 2, "four hexadecimal digits"),
        ("x\\u12g4*", 2, "four hexadecimal digits"),
        ("a^", 2, "^ must be followed by a number"),
        ("a^ 2", 3, "^ must be followed by a number"),
        ("a^-1", 3, "^ must be followed by a number"),
        ("^2", 1, "^ must stand directly behind"),
        ("(a)^2^3", 6, "^ must stand directly behind"),
        ("~", 1, "~ cannot stand here"),
        ("n:[7 to 8]", 6, "TO must be upper case"),
        ("n:[7 8]", 6, "a range is written [low TO high]"),
        ("n:{x}", 5, "a range is written [low TO high]"),
        ("n:[7 TO 8", 3, "a range is not closed"),
        ("n:[7\tTO 8]", 9, "a range is written [low TO high]"),
        ("n:[a\\ TO b]", 5, "a backslash stands at the end"),
        ("\u3000", 2, "there is nothing to search for"),
    ],
)
def test_an_error_names_the_column_and_what_to_write(text: str, column: int, hint: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query_string(text)
    error = caught.value
    assert hint in error.message("en")
    assert (error.column, error.text) == (column, text)
    assert error.ja != error.en
    assert not isinstance(error, QueryNotSupportedError)


@pytest.mark.parametrize(
    ("text", "column"),
    [("alise~", 6), ("alise~1", 6), ("f:x~~", 4), ('"a b"~2', 6), ("x^2~1", 4), ('"a"~0.5', 4)],
)
def test_fuzzy_words_and_proximity_are_refused(text: str, column: int) -> None:
    with pytest.raises(QueryNotSupportedError) as caught:
        parse_query_string(text)
    assert caught.value.column == column


def test_parentheses_may_be_nested_a_hundred_deep_and_no_deeper() -> None:
    assert shape("(" * MAX_DEPTH + "f:a" + ")" * MAX_DEPTH) == "a"
    deep = "+(" * MAX_DEPTH + "f:a" + ")" * MAX_DEPTH
    assert shape(deep).count("(") == MAX_DEPTH - 1  # the innermost holds one plain clause
    for depth in (MAX_DEPTH + 1, 1_000, 10_000):
        with pytest.raises(QueryNotSupportedError, match="nested more than 100 deep"):
            parse_query_string("(" * depth + "f:a" + ")" * depth)


def test_too_many_clauses_are_refused_with_a_way_out() -> None:
    words = [f'"{number}"' for number in range(MAX_CLAUSES + 1)]
    assert len(parse_query_string(" ".join(words[1:])).clauses) == MAX_CLAUSES
    with pytest.raises(QueryNotSupportedError, match="include"):
        parse_query_string(" ".join(words))


def test_a_text_longer_than_the_server_takes_is_refused() -> None:
    assert only("x" * MAX_LENGTH) == Words(None, "x" * MAX_LENGTH)
    assert only("😀" * (MAX_LENGTH // 2))
    for text in ("x" * (MAX_LENGTH + 1), "😀" * (MAX_LENGTH // 2 + 1)):
        with pytest.raises(QuerySyntaxError, match="32,000"):
            parse_query_string(text)


@pytest.mark.parametrize(
    "piece",
    ["a ", '"', '"a" ', "(", "/x", "\\u0041", "[a TO ", "a:", "*", "\\/", "[\t"],
    ids=["words", "quotes", "texts", "open", "slashes", "escapes", "ranges", "fields", "stars",
         "escaped", "tabs"],
)  # fmt: skip
def test_time_grows_with_the_length_of_a_text_and_not_with_its_square(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = 9.0
        for _ in range(5):
            start = time.perf_counter()
            with suppress(QuerySyntaxError):
                parse_query_string(text)
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(MAX_LENGTH) < 24 * seconds(MAX_LENGTH // 8) + 0.005


@given(any_texts)
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused_with_an_error_of_ours(text: str) -> None:
    try:
        assert isinstance(parse_query_string(text), Group)
    except SiemlabError as refused:
        said = [refused.message("en"), refused.message("ja")]
    else:
        said = ["read"]
    assert all(said)


def _cases() -> list[dict[str, object]]:
    lines = CASES.read_text(encoding="utf-8").split("\n")
    return [case for case in map(json.loads, filter(None, lines)) if case["text"] is not None]


def test_every_case_of_the_real_server_is_read_or_refused_as_there() -> None:
    wrong = []
    for case in _cases():
        refused: object = False
        try:
            parse_query_string(str(case["text"]))
        except QueryNotSupportedError:
            refused = case.get("may_refuse") or "error" in case["expect"]  # type: ignore[operator]
        except QuerySyntaxError:
            refused = "error" in case["expect"]  # type: ignore[operator]
        else:
            # Other parts of a query (a filter's value, a zone) may be what the server refused.
            alone = not case["filters"] and not case.get("time")
            refused = not (alone and "error" in case["expect"])  # type: ignore[operator]
        if not refused:
            wrong.append(case["id"])
    assert wrong == []
