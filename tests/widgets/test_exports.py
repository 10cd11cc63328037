"""Exports, reports and shared texts of hostile documents are inert."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from siemlab.errors import QuerySyntaxError, StoreError
from siemlab.query import Query
from siemlab.store.base import Hit
from siemlab.widgets import DiscoverState, Look, Trail
from siemlab.widgets.exports import csv_lines, from_share, ndjson_lines, share, write_export
from siemlab.widgets.markdown import code
from siemlab.widgets.plain import html_of, line_of
from siemlab.widgets.saved import SavedSearches
from siemlab.widgets.view import view_of
from tests.widgets.conftest import HOSTILE, hostile

HITS = [Hit(one.index, one.id, one.source) for one in hostile()]
COLUMNS = ["user_agent.original", "note", "=cmd()"]
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")


def test_no_cell_of_a_csv_is_a_formula_and_no_character_is_hidden():
    text = "".join(csv_lines(HITS, COLUMNS))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(HITS) + 1
    for row in rows:
        assert len(row) == 6
        for cell in row:
            assert not re.match(r"\s*[=+\-@＝＋－＠\t\r\n]", cell)
            assert not UNSEEN.search(cell)
            assert "\n" not in cell
            assert len(cell) <= 33_000


def test_a_csv_is_written_line_by_line_as_utf8(tmp_path):
    path = write_export(csv_lines(HITS, COLUMNS), tmp_path, "log-aws-*", ".csv")
    assert path.read_bytes().decode("utf-8").count("\r\n") == len(HITS) + 1


def test_each_line_of_ndjson_is_the_document_and_hides_nothing():
    lines = list(ndjson_lines(HITS))
    for line, hit in zip(lines, HITS, strict=True):
        assert line.endswith("\n")
        assert not UNSEEN.search(line)
        assert "\n" not in line[:-1]
        assert json.loads(line) == {"_index": hit.index, "_id": hit.id, "_source": hit.source}
        line.encode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c:d*?", "", "...", "東京", "x" * 300])
def test_an_export_stays_in_its_folder(tmp_path, name):
    path = write_export(["x\n"], tmp_path, name, ".csv")
    assert path.parent == tmp_path
    assert path.read_text() == "x\n"


def test_no_export_overwrites_another(tmp_path):
    paths = {write_export([str(n)], tmp_path, "x", ".csv") for n in range(3)}
    assert sorted(path.read_text() for path in paths) == ["0", "1", "2"]


def test_a_folder_that_is_not_there_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(StoreError, match="change to a folder"):
        write_export(["x"], tmp_path / "nowhere", "x", ".csv")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_log_text_in_markdown_is_code_and_nothing_else(text):
    span = code(text)
    assert "\n" not in span
    assert not UNSEEN.search(span)
    fence = re.match("`+", span)[0]
    assert span.endswith(fence)
    assert fence not in span[len(fence) : -len(fence)].replace("\\|", "|")
    assert not re.search(r"(?<!\\)\|", span)


def test_a_report_of_hostile_documents_has_no_markup_of_theirs():
    state = DiscoverState.start(Query("log-*"))
    report = Trail(state, tuple(HITS)).report()
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", report)
    assert "<" not in outside
    assert "![" not in outside
    assert "evil.example" not in outside
    assert not UNSEEN.search(report.replace("\n", ""))


def test_the_plain_forms_of_hostile_documents_are_escaped(hostile_store):
    state = DiscoverState.start(
        Query("log-*").exclude("x", "<img src=x>\u202e").exclude("event.action", "long"),
        columns=("user_agent.original",),
    )
    view = view_of(hostile_store, state)
    view["rows"].reverse()  # a page shows ten
    page = html_of(state, view)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert not UNSEEN.search(page)
    assert not UNSEEN.search(line_of(state, view))


def test_a_shared_text_is_plain_ascii_and_comes_back():
    look = Look(Query("log-*").include("x", "東京\u202e<b>"), ("a", "b"), tz="Asia/Tokyo")
    assert share(look).isascii()
    assert from_share(share(look)) == look


NO_SHARES = {
    "nothing": "",
    "a number": "7",
    "no search": '{"discover": 1}',
    "another version": share(Look()).replace('"discover": 1', '"discover": 2'),
    "a column that is a number": share(Look()).replace('"columns": []', '"columns": [1]'),
    "a mark that is a text": share(Look()).replace('"pinned": []', '"pinned": ["x"]'),
    "a zone that is none": share(Look()).replace('"UTC"', '"Mars"'),
    "a zone that is a number": share(Look()).replace('"UTC"', "1"),
    "a query that is none": share(Look()).replace('"filters": []', '"filters": [1]'),
}


@pytest.mark.parametrize("text", NO_SHARES.values(), ids=NO_SHARES.keys())
def test_a_text_that_is_no_search_is_refused(text):
    with pytest.raises(QuerySyntaxError):
        from_share(text)


def test_saved_searches_that_are_broken_say_which_file(tmp_path):
    file = tmp_path / "searches.json"
    file.write_text("[1]")
    with pytest.raises(StoreError, match=r"searches\.json"):
        SavedSearches(file).names()
    assert file.read_text() == "[1]"


def test_saved_searches_are_replaced_and_removed(tmp_path):
    searches = SavedSearches(tmp_path / "deep" / "searches.json")
    searches.save("a", Look())
    searches.save("a", Look(Query("log-x")))
    searches.save("b", Look())
    assert searches.load("a").query.pattern == "log-x"
    searches.remove("a")
    assert searches.names() == ["b"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["searches.json"]
