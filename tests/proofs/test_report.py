"""The report of proofs: it merges teams, forgets what is old, and the committed one is current."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from siemlab.editions.master import read_master
from siemlab.errors import MissionFileError
from siemlab.missions import KEYS, read_team_key
from siemlab.proofs import Chosen, ProofReport, Proven, choose, is_current

from .toys import Toy


def proven(toy: Toy, team: str = "") -> tuple[Chosen, Proven]:
    found = replace(toy.prove(), team=team)
    path = toy.folder / "toy.md"
    return Chosen(path, read_master(path), toy.mission), found


def test_a_question_is_told_of_with_the_worst_of_its_teams(toy: Toy) -> None:
    chosen, found = proven(toy)
    other = replace(found, team="t07", foils={**found.foils, "TOY.2": found.foils["TOY.2"][:1]})
    report = ProofReport().adding(chosen, other).adding(chosen, found)
    mission = report.missions["TOY"]
    assert mission.teams == {"duckdb": ["base", "t07"]}
    first, second, third = mission.questions.values()
    assert (first.type, first.raw, first.truth, first.foils) == ("count", "1/1", "1/1", 2)
    assert first.readings > first.explained > 0
    assert (second.type, second.truth, second.foils) == ("ip (many)", "0/1", 1)
    assert (third.raw, third.readings, third.chance) == ("-", 0, 100)


def test_what_was_proven_of_an_older_state_is_forgotten(toy: Toy) -> None:
    chosen, found = proven(toy)
    report = ProofReport().adding(chosen, found)
    assert report.holds(chosen, "", ["duckdb"])
    assert not report.holds(chosen, "t07", ["duckdb"])
    assert not report.holds(chosen, "", ["duckdb", "opensearch"])
    toy.change("solution 1", "calls.count()", "calls.count() + 0")
    changed, again = proven(toy, "t07")
    assert not report.holds(changed, "", ["duckdb"])
    assert report.adding(changed, again).missions["TOY"].teams == {"duckdb": ["t07"]}


def test_prose_may_change_without_a_new_proof(toy: Toy) -> None:
    chosen, _ = proven(toy)
    toy.ask(1, prompt=toy.mission.questions[2].prompt)
    assert proven(toy)[0].stamp == chosen.stamp
    toy.ask(1, foils={})
    assert Chosen(chosen.path, chosen.master, toy.mission).stamp != chosen.stamp


def test_it_comes_back_from_its_file_and_holds_no_answer(toy: Toy, tmp_path: Path) -> None:
    report = ProofReport().adding(*proven(toy))
    report.write(tmp_path / "proofs.json")
    assert ProofReport.read(tmp_path / "proofs.json") == report
    text = (tmp_path / "proofs.json").read_text(encoding="utf-8") + report.markdown()
    for address in toy.prove().answer("TOY.2"):
        assert address not in text


def test_the_committed_report_tells_of_every_mission_as_it_is_now() -> None:
    report = ProofReport.read(Path("data/proofs.json"))
    old = [one.mission.id for one in choose() if not report.holds(one, "", ["duckdb"])]
    assert old == [], "siemlab prove --report data/proofs.json"


@pytest.mark.parametrize("file", sorted(KEYS.glob("*.json")), ids=lambda file: file.stem)
def test_the_keys_that_come_along_are_of_the_missions_as_they_are_now(file: Path) -> None:
    team = read_team_key(file).team
    old = [one.mission.id for one in choose() if not is_current(KEYS, one, team)]
    assert old == [], f"siemlab prove --keys --team {team or chr(39) * 2}"


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "proofs.json").write_text("[]", encoding="utf-8")
    with pytest.raises(MissionFileError, match=r"^proofs\.json"):
        ProofReport.read(tmp_path / "proofs.json")
