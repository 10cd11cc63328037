from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from siemlab.charts.table import Table, text_of

HOSTILE = '<img src=x onerror="alert(1)">\x1b[2J\u202egpj'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, "-", id="missing"),
        pytest.param(False, "false", id="boolean"),
        pytest.param(1.5, "1.5", id="number"),
        pytest.param(datetime(2022, 11, 14, 1, tzinfo=UTC), "2022-11-14 01:00:00+00:00", id="time"),
        pytest.param(("a", None, True), "a, -, true", id="list"),
    ],
)
def test_a_value_is_shown_as_people_read_it(value, expected):
    assert text_of(value) == expected


def test_a_hostile_value_makes_no_element_and_no_control_character():
    table = Table((HOSTILE, "count"), ((HOSTILE, 1),), title=HOSTILE, bars=1)
    found = Tags()
    found.feed(table._repr_html_())
    assert found.tags <= {"p", "table", "thead", "tbody", "tr", "th", "td", "div"}
    for text in (repr(table), table._repr_html_()):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\\x1b[2J" in text


def test_columns_stand_under_each_other_whatever_their_script_is():
    table = Table(("名前", "n"), (("東京", 1), ("abcdef", 22)))
    assert repr(table) == "名前     n\n東京     1\nabcdef  22"


def test_a_long_cell_is_cut_in_text_and_whole_in_html():
    long = "x" * 500
    table = Table(("a",), ((long,),))
    assert repr(table).splitlines()[1] == "x" * 59 + "…"
    assert long in table._repr_html_()


def test_a_wide_text_is_cut_by_columns():
    assert repr(Table(("a",), (("漢" * 100,),))).splitlines()[1] == "漢" * 29 + "…"


def test_no_rows_and_no_counts_are_no_trouble():
    assert repr(Table(("a", "count"), (), bars=1)) == "a  count"
    assert repr(Table(("a", "count"), (("x", 0),), bars=1)) == "a  count\nx      0"


def test_the_smallest_count_still_has_a_bar():
    table = Table(("a", "count"), (("x", 100_000), ("y", 1)), bars=1)
    assert repr(table).splitlines()[2].endswith("1  █")
