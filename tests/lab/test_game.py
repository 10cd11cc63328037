"""The missions' part of the lab: what a notebook of a mission asks it for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from siemlab.errors import MissionFileError, QuerySyntaxError
from siemlab.lab import Lab

from .tiny import RIGHT, TOKYO


@pytest.fixture
def patient(monkeypatch):
    """A learner who waits long enough between two answers."""
    monkeypatch.setattr("siemlab.widgets.question.wait", lambda *_: 0)


def test_a_question_is_answered_by_code_with_plain_values(learner):
    lab = learner()
    for name, answer in RIGHT.items():
        assert lab.question(name, answer=answer).right
    assert lab.progress().markdown.count("3 / 3") == 1


def test_a_wrong_answer_by_code_is_not_right(learner):
    assert not learner().question("L9-T.1", answer={"192.0.2.1"}).right


def test_without_an_answer_the_question_waits_for_the_learner(learner):
    box = learner("ja").question("L9-T.2")
    assert not box.right
    assert repr(box) == "Question L9-T.2: 誰が、いつ（日本時間）ですか。"


@pytest.mark.parametrize("answer", ["alice", ("alice",), ("alice", "20:06", 3)])
def test_an_answer_with_too_few_or_too_many_parts_is_refused(learner, answer):
    with pytest.raises(QuerySyntaxError, match="has 2 parts"):
        learner().question("L9-T.2", answer=answer)


def test_a_question_or_mission_that_is_not_there_is_refused_with_those_that_are(learner):
    with pytest.raises(MissionFileError, match=r"L9-T\.1, L9-T\.2"):
        learner().question("L9-T.9")
    for name in ("L1-X.1", "nonsense", ""):
        with pytest.raises(MissionFileError, match="there are L9-T") as raised:
            learner().question(name)
    assert "使えるもの: L9-T" in raised.value.message("ja")


def test_an_open_answer_is_a_question_mark_that_finds_nothing_and_says_why(learner, capsys):
    lab = learner("ja")
    waiting = lab.answer("L9-T.2")
    assert waiting == "?"
    assert "L9-T.2 はまだ解けていません" in capsys.readouterr().out
    user, time = waiting
    assert user == time == waiting[0] == waiting[-1] == "?"
    events = lab.events("log-aws-cloudtrail-*")
    for value in (waiting, waiting[1], lab.answer("L9-T.1"), ["192.0.2.1", waiting]):
        assert events.include("source.ip", value).count() == 0
        assert events.exclude("source.ip", value).count() == events.count()
    assert "answer: L9-T.2" in repr(events.include("source.ip", waiting))


def test_a_solved_answer_is_spelled_as_the_logs_spell_it(learner):
    lab = learner()
    lab.question("L9-T.1").answer("203.0.113.9、198.51.100.7")
    lab.question("L9-T.2").answer("alice.smith", "20:06")
    lab.question("L9-T.3").answer("A key is made, The key is used, The key is gone")
    assert lab.answer("L9-T.1") == ["198.51.100.7", "203.0.113.9"]
    assert lab.answer("L9-T.2") == ("Alice.Smith", "2022-11-14 20:06:10")
    assert lab.answer("L9-T.3") == ["made", "used", "gone"]


def test_progress_survives_a_new_kernel_and_each_team_has_its_own(learner, missions):
    learner().question("L9-T.1", answer=RIGHT["L9-T.1"])
    assert learner().answer("L9-T.1") == ["198.51.100.7", "203.0.113.9"]
    assert learner(team="t07").answer("L9-T.1") == "?"
    learner(team="t07").question("L9-T.1", answer=RIGHT["L9-T.1"])
    kept = sorted(path.name for path in (missions / "progress").iterdir())
    assert kept == ["base.jsonl", "t07.jsonl"]


def test_a_team_without_a_key_is_told_which_command_makes_one(learner):
    with pytest.raises(MissionFileError, match="siemlab prove --keys --team t19"):
        learner(team="t19").question("L9-T.1")


def test_what_is_known_is_a_tuple_to_exclude(learner):
    lab = learner()
    assert lab.known("company-aws")
    assert lab.events().exclude("source.ip", lab.known("office")).count() < lab.events().count()
    with pytest.raises(QuerySyntaxError, match="there are office, operations-hosts") as raised:
        lab.known("offices")
    assert "使えるもの: office" in raised.value.message("ja")


def test_the_briefing_is_filled_with_the_facts_of_the_team(learner):
    assert "It is 21:30. A key is used from **two** places." in str(learner().briefing("L9-T"))
    page = learner("ja").briefing("L9-T")
    assert page._repr_markdown_() == str(page)
    assert repr(page).splitlines()[0] == "### 2 か所のキー"
    assert "3 問 ・ 120 点" in repr(page)


def test_the_sheet_names_what_the_team_alone_has(learner):
    instances = {team: _web_host(learner(team=team)) for team in ("", "t07")}
    assert instances[""].startswith("i-")
    assert instances[""] != instances["t07"]
    assert str(learner("ja").sheet()).startswith("# さざなみ旅株式会社")


def test_without_a_team_the_sheet_has_no_identifiers(lab):
    assert _web_host(Lab(store=lab.store, quiet=True)) == ""


def _web_host(lab):
    rows = [
        row
        for row in str(lab.sheet()).splitlines()
        if "`sz-prod-web-01`" in row or "sz-prod-web-01 |" in row
    ]
    found = re.search(r"\bi-[0-9a-f]{17}\b", "\n".join(rows))
    return found[0] if found else ""


def test_what_happened_tells_only_what_was_found(learner):
    lab = learner()
    page = str(lab.happened("L9-T"))
    assert "… makes a key \\| at …." in page
    assert "3 values are still hidden" in page
    lab.question("L9-T.2", answer=RIGHT["L9-T.2"])
    page = str(lab.happened("L9-T"))
    assert "| `Alice.Smith` makes a key \\| at `2022-11-14 20:06:10`. |" in page
    assert "1 value is still hidden" in page
    assert "[T1087](https://attack.mitre.org/techniques/T1087/)" in page
    lab.question("L9-T.1", answer=RIGHT["L9-T.1"])
    assert "hidden" not in str(lab.happened("L9-T"))
    assert "検知" in str(learner("ja").happened("L9-T"))


def test_what_was_shown_is_told_too_and_pays_nothing(learner):
    lab = learner()
    box = lab.question("L9-T.1")
    for _ in range(3):
        box.hint()
    box.show()
    assert "`198.51.100.7`, `203.0.113.9`" in str(lab.happened("L9-T"))
    assert "| 0 / 3 | 1 | 0 / 120 |" in str(lab.progress())


def test_what_to_log_next_is_filled_as_well(learner):
    lab = learner()
    assert "Log the calls of …." in str(lab.log_next("L9-T"))
    lab.question("L9-T.2", answer=RIGHT["L9-T.2"])
    assert "Log the calls of `Alice.Smith`." in str(lab.log_next("L9-T"))


def test_the_bar_of_a_mission_follows_its_questions(learner):
    lab = learner()
    bar = lab.progress("L9-T")
    lab.question("L9-T.1", answer=RIGHT["L9-T.1"])
    assert bar.view["questions"][0]["state"] == "solved"


def test_the_timeline_has_what_was_picked_in_this_lab_once(learner):
    lab = learner()
    assert len(lab.timeline()) == 0
    for _ in range(2):
        discover = lab.discover("log-aws-waf-*")
        row = lab.events("log-aws-waf-*").newest(1).hits[0]
        discover.do("pick", index=row.index, id=row.id)
    assert [hit.id for hit in lab.timeline().hits] == [row.id]
    assert lab.timeline("L9-T").title == "A key in two places"
    assert len(learner().timeline()) == 0


def test_the_timeline_takes_hits_of_any_kind(learner):
    lab = learner("ja")
    newest = lab.events("log-aws-waf-*").newest(3)
    assert lab.timeline(newest).hits == lab.timeline(list(newest.hits)).hits
    assert lab.timeline(newest, tz="UTC").tz == "UTC"


def test_a_time_may_be_off_by_the_tolerance(learner, patient):
    lab = learner()
    right = datetime(2022, 11, 14, 20, 6, 10, tzinfo=TOKYO)
    assert not lab.question("L9-T.2", answer=("Alice.Smith", right + timedelta(hours=9))).right
    assert lab.question("L9-T.2", answer=("Alice.Smith", right + timedelta(seconds=50))).right
