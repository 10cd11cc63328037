"""The report of a mission: complete, in two languages, and harmless whatever the logs hold."""

from __future__ import annotations

import json
import re

import nbformat
import pytest

from siemlab.errors import StoreError
from siemlab.lab.page import Page, demoted, in_cell
from siemlab.widgets.markdown import code

from .tiny import HOSTILE, RIGHT


@pytest.fixture
def played(learner):
    """A lab in which two questions are solved, and one Discover was used."""

    def play(lang="en"):
        lab = learner(lang)
        lab.question("L9-T.1").answer("192.0.2.1")
        lab.question("L9-T.2", answer=RIGHT["L9-T.2"])
        discover = lab.discover("log-aws-waf-*")
        discover.do("include", field="event.action", value="BLOCK")
        row = lab.events("log-aws-waf-*").newest(1).hits[0]
        discover.do("pick", index=row.index, id=row.id)
        lab.discover("log-aws-cloudtrail-*")  # looked at, and left alone
        return lab

    return play


def test_the_report_has_findings_story_documents_score_coverage_and_path(played):
    text = played().report("L9-T").to_markdown()
    heads = [line for line in text.splitlines() if re.match("##? ", line)]
    assert heads == [
        "# Report: L9-T A key in two places",
        "## What was found",
        "## What happened",
        "## Picked documents",
        "## Phases and techniques",
        "## What to log next",
        "## How it was found (1)",
    ]
    assert "**60 of 120 points** (1 of 3 solved, 0 shown)" in text
    assert "| 1 | From which `source.ip` \\| address? | … | open | 1 | 0 | 0 / 40 |" in text
    assert "`Alice.Smith`; `2022-11-14 20:06:10` | solved | 1 | 0 | 60 / 60 |" in text
    assert "| Detection | 1 / 1 | [T1087](https://attack.mitre.org/techniques/T1087/) |" in text
    assert "| Analysis | 0 / 1 |  |" in text
    assert "query = query.include('event.action', 'BLOCK')  # 2 hits" in text
    assert "### Investigation" in text


def test_the_report_speaks_japanese(played):
    report = played("ja").report("L9-T")
    text = report.to_markdown()
    assert text.startswith("# 調査報告: L9-T 2 か所のキー")
    for head in ("分かったこと", "何が起きたか", "選んだドキュメント", "調査の道筋 (1)"):
        assert f"## {head}" in text
    assert "| 検知 | 1 / 1 |" in text
    assert repr(report) == text.rstrip("\n") == report._repr_markdown_().rstrip("\n")


def test_options_are_told_in_words(learner):
    lab = learner("ja")
    lab.question("L9-T.3", answer=RIGHT["L9-T.3"])
    assert "キーが作られる → キーが使われる → キーが消される" in str(lab.report("L9-T"))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_same_report_gives_the_same_notebook(played, tmp_path, lang):
    report = played(lang).report("L9-T")
    first, second = (report.save(tmp_path / f"{name}.ipynb") for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    notebook = nbformat.read(first, as_version=4)
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells][-2:] == ["markdown", "code"]
    names: dict[str, object] = {}
    exec(notebook.cells[-1].source, names)
    assert names["query"].pills() == ["event.action: BLOCK"]


def test_the_report_is_saved_as_markdown(played, tmp_path):
    report = played().report("L9-T")
    assert report.save(str(tmp_path / "r.md")).read_text(encoding="utf-8") == report.to_markdown()


def test_a_report_that_cannot_be_saved_says_why(played, tmp_path):
    report = played().report("L9-T")
    with pytest.raises(StoreError, match=r"\.md or \.ipynb"):
        report.save(tmp_path / "r.pdf")
    with pytest.raises(StoreError, match="No such file") as raised:
        report.save(tmp_path / "nowhere" / "r.md")
    assert "書き込めません" in raised.value.message("ja")


def test_what_a_log_says_is_only_ever_code(learner, tmp_path):
    lab = learner()
    discover = lab.discover("log-aws-waf-*")
    for value in (HOSTILE, "```\n# x", "[a](http://evil.example)", "\u202e\x1b[2J"):
        discover.do("exclude", field="user.name", value=value)
    report = lab.report("L9-T")
    text = report.to_markdown()
    plain = re.sub(r"(?s)^```+python\n.*?^```+$", "", text, flags=re.M)
    plain = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", plain)
    assert "onerror" in text
    for sign in ("<img", "](http://evil", "\u202e", "\x1b"):
        assert sign not in plain
    rows = [line for line in plain.splitlines() if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert cells <= {4, 5, 6, 7, 8}
    cell = json.loads(report.save(tmp_path / "r.ipynb").read_text(encoding="utf-8"))["cells"][-1]
    compile("".join(cell["source"]), "cell", "exec")


def test_an_answer_from_a_log_is_code_in_a_story_and_in_a_table(learner, monkeypatch):
    lab = learner()
    lab.question("L9-T.2", answer=RIGHT["L9-T.2"])
    monkeypatch.setattr("siemlab.lab.told.unseal", lambda *_: HOSTILE)
    for page in (lab.happened("L9-T"), lab.log_next("L9-T"), lab.report("L9-T")):
        assert code(HOSTILE) in str(page)
        assert "<img" not in str(page).replace(code(HOSTILE), "")


def test_headings_of_a_page_within_a_page_are_lower_but_not_those_in_code():
    page = "# a\n\n````python\n# b\n```\n# c\n````\n## d"
    assert demoted(page, 1) == "## a\n\n````python\n# b\n```\n# c\n````\n### d"


def test_a_page_reads_as_it_is_written():
    page = Page("# a\n")
    assert (str(page), repr(page), page._repr_markdown_()) == ("# a\n", "# a", "# a\n")
    assert in_cell("a\n b|c") == "a b\\|c"
