"""Remarks on texts that can be read and probably mean something else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from siemlab.errors import QuerySyntaxError
from siemlab.query import notes
from tests.query.trees import any_texts


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("f:a OR f:b AND f:c", 12, "AND and OR are mixed"),
        ("f:a && (f:b OR f:c AND f:d)", 20, "AND and OR are mixed"),
        ("f:a and f:b", 5, "the operator is written in capitals: AND"),
        ("not f:b", 1, "the operator is written in capitals: NOT"),
        ("f:a Or f:b", 5, "the operator is written in capitals: OR"),
        ("a:b AND c &&d", 11, "set apart by blanks"),
        ("f:a^2", 4, "a boost"),
        ("f:a*~", 5, "~ does nothing here"),
        ("user.name:alice smith", 17, 'user.name:"alice smith"'),
        ("user.name:(alice bob)", 18, '"alice bob" is one value here'),
        ("n:>= 7", 3, "compares only when the value follows at once"),
        ('t:>"2023-02-14"', 3, "compares only when the value follows at once"),
        ("t:2023/02/14", 7, "a slash inside a value"),
        ("f:'x'", 3, "single quotes are part of the word"),
        ("_exists_:labels.*", 10, "_exists_ knows no wildcards"),
    ],
)
def test_a_note_says_what_the_text_really_asks(text: str, column: int, part: str) -> None:
    (note,) = notes(text)
    assert note.column == column
    assert part in note.message("en")
    assert note.message("ja") not in ("", note.message("en"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "f:a AND f:b AND NOT f:c",
        "(f:a AND f:b) OR (f:c AND f:d)",
        "f:(a OR b) AND f:c",
        'user.name:"alice smith"',
        "alice smith",
        "and:x",
        "f:and",
        "n:(>=7 AND <10)",
        r"url.path:\/etc*",
        "f:/x.*/ OR f:y",
        "a:b c:d",
    ],
)
def test_a_plain_text_has_no_notes(text: str) -> None:
    assert notes(text) == ()


def test_notes_come_in_the_order_of_the_text() -> None:
    found = [note.column for note in notes("f:a^2 and f:(b c) OR f:d AND f:e")]
    assert found == sorted(found)
    assert len(found) == 4


@given(any_texts)
@settings(max_examples=300, deadline=None)
def test_notes_are_found_or_the_text_is_refused(text: str) -> None:
    try:
        found = notes(text)
    except QuerySyntaxError:
        return
    assert all(1 <= note.column <= len(text) for note in found)
