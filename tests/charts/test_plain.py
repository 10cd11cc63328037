import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.charts.plain import clean, for_spreadsheet, pad, width


@given(st.text())
def test_a_clean_text_has_no_character_that_a_terminal_obeys(text):
    shown = clean(text)
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in shown)
    assert not set(shown) & {*"\u200b\u200f\u2028\u202a\u202b\u202d\u202e\u2066\u2067\u2069\ufeff"}
    assert shown.encode().decode() == shown


def test_a_text_without_such_characters_stays_as_it_is():
    assert clean("東京 é 🗼 = ok") == "東京 é 🗼 = ok"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "＝1", "＠x"],
)
def test_a_spreadsheet_takes_no_text_of_a_log_for_a_formula(text):
    assert for_spreadsheet(text)[0] == "'"


@given(st.text())
def test_no_cell_begins_as_a_formula_does(text):
    assert for_spreadsheet(text).lstrip()[:1] not in set("=+-@＝＋－＠")


@pytest.mark.parametrize("text", ["10.0.0.1", "alice", "東京", "a=b", ""])
def test_a_harmless_text_stays_as_it_is_in_a_spreadsheet(text):
    assert for_spreadsheet(text) == text


def test_padding_counts_the_columns_of_a_terminal():
    assert width("e\u0301") == 1
    assert width(pad("東京", 10)) == 10
    assert pad("longer", 2) == "longer"
