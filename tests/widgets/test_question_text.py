"""The little Markdown of a mission's texts."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.widgets.question_text import blocks_of, html_of_blocks, one_line
from tests.widgets.conftest import HOSTILE

TAGS = re.compile(r"</?(?:p|ul|li|strong|em|code)>")

ROWS = {
    "words": ("one two", [("p", [["text", "one two"]])]),
    "two paragraphs": ("one\n\ntwo", [("p", [["text", "one"]]), ("p", [["text", "two"]])]),
    "a broken line": ("one\ntwo", [("p", [["text", "one two"]])]),
    "a broken line of Japanese": ("請求\n明細", [("p", [["text", "請求明細"]])]),
    "a list": ("- one\n* two", [("li", [["text", "one"]]), ("li", [["text", "two"]])]),
    "code": ("a `b*c*` d", [("p", [["text", "a "], ["code", "b*c*"], ["text", " d"]])]),
    "bold in Japanese": (
        "これは**鍵**です",
        [("p", [["text", "これは"], ["strong", "鍵"], ["text", "です"]])],
    ),
    "stress": ("*not* 2*3*4", [("p", [["em", "not"], ["text", " 2*3*4"]])]),
    "a lone mark": ("a ** b ` c", [("p", [["text", "a ** b ` c"]])]),
    "a link": ("[x](http://evil.example/)", [("p", [["text", "[x](http://evil.example/)"]])]),
    "a wildcard": ("log-aws-*", [("p", [["text", "log-aws-*"]])]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), ROWS.values(), ids=ROWS)
def test_a_text_becomes_blocks(text: str, expected: list[object]) -> None:
    assert [(block["kind"], block["runs"]) for block in blocks_of(text)] == expected


@pytest.mark.parametrize("text", [text[:500] for text in HOSTILE.values()], ids=HOSTILE)
def test_a_hostile_text_is_shown_as_it_is_typed(text: str) -> None:
    shown = html_of_blocks(blocks_of(text))
    assert not re.search(r"<(?!/?(?:p|ul|li|strong|em|code)>)", shown)
    assert "\u202e" not in shown
    assert "\x1b" not in shown


@given(st.text(max_size=80))
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    shown = TAGS.sub("", html_of_blocks(blocks_of(text)))
    assert "<" not in shown
    assert ">" not in shown
    html.unescape(shown).encode()  # no half character is left


@given(st.text(max_size=80))
def test_a_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
