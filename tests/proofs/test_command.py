"""siemlab prove, on a mission of the sample logs."""

from __future__ import annotations

import contextlib
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siemlab.cli.program import program
from siemlab.lab.opening import open_target
from siemlab.missions import read_team_key
from siemlab.proofs import ProofReport

from .toys import CELLS, TRUE, master

MISSION = """\
id: TOY
level: 0
minutes: 5
title: {en: A toy, ja: 練習}
briefing: {en: Count., ja: 数えます。}
questions:
  - number: 1
    value: 10
    phase: analysis
    techniques: []
    prompt:
      en: "How many calls, failed ones included, until eleven in Japan (JST)?"
      ja: "日本時間の 11 時まで、失敗も含めて呼び出しは何件ですか。"
    parts:
      - {type: count, example: "12"}
    hints:
      - {en: Here., ja: ここです。}
      - {en: Not that., ja: それ以外です。}
      - {en: This field., ja: このフィールドです。}
    foils:
      half: {en: You took half of it., ja: 半分です。}
      other: {en: That is another one., ja: 別のものです。}
    states:
      utc: {en: "(JST)", ja: 日本時間}
      failed: {en: failed ones included, ja: 失敗も含めて}
happened: []
log_next: {en: All of it., ja: すべてです。}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cells = {name: CELLS[name] for name in ("start", "solution 1", "proof 1")}
    for name in ("master", "content", "keys"):
        (tmp_path / name).mkdir()
    (tmp_path / "content" / "toy.yaml").write_text(MISSION, encoding="utf-8")
    source = master(cells).replace("TRUTH", str(TRUE))
    (tmp_path / "master" / "toy.md").write_text(source, encoding="utf-8")
    monkeypatch.setenv("SIEMLAB_KEYS", str(tmp_path / "keys"))
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    places = ["--master", folder / "master", "--content", folder / "content"]
    return CliRunner().invoke(program, ["prove", *words, *map(str, places)])


def test_a_proven_mission_gets_a_key_and_then_agrees_with_it(folder: Path) -> None:
    assert run(folder, "TOY").exit_code == 1
    written = run(folder, "TOY", "--keys")
    assert (written.exit_code, written.stderr) == (0, "")
    assert "TOY.1" in read_team_key(folder / "keys" / "base.json").questions
    assert run(folder).exit_code == 0


def test_a_mission_that_is_not_proven_gets_no_key(folder: Path) -> None:
    path = folder / "master" / "toy.md"
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("len(early),", "7,"), encoding="utf-8")
    ended = run(folder, "toy", "--keys", "--lang", "ja")
    assert ended.exit_code == 1
    assert "≠" in ended.stdout
    assert "TOY.1 [raw]" in ended.stderr
    assert [*(folder / "keys").iterdir()] == []


def test_a_team_whose_key_is_current_is_not_proven_again(folder: Path) -> None:
    assert "TOY.1" in run(folder, "--keys").stdout
    again = run(folder, "--keys")
    assert (again.exit_code, again.output) == (0, "")
    assert "TOY.1" in run(folder).stdout  # without --keys they are compared
    path = folder / "master" / "toy.md"
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("calls.count()", "calls.count() + 0"), encoding="utf-8")
    assert "TOY.1" in run(folder, "--keys").stdout


def test_the_report_says_what_was_proven_and_it_is_not_proven_again(folder: Path) -> None:
    words = ["--report", str(folder / "proofs.json")]
    assert "TOY.1" in run(folder, *words).stdout
    report = ProofReport.read(folder / "proofs.json")
    assert report.missions["TOY"].teams == {"duckdb": ["base"]}
    again = run(folder, *words)
    assert (again.exit_code, again.output) == (0, "")
    assert "TOY.1" in run(folder, "--keys", *words).stdout


def test_ctrl_c_keeps_what_is_proven(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {name: CELLS[name] for name in ("start", "solution 1", "proof 1")}
    source = master(cells).replace("TRUTH", str(TRUE)).replace("TOY", "TWO")
    (folder / "master" / "two.md").write_text(
        source.replace("mission: toy", "mission: two").replace(
            "answer=calls.count()", "answer=stop()"
        ),
        encoding="utf-8",
    )
    yaml = MISSION.replace("id: TOY", "id: TWO")
    (folder / "content" / "two.yaml").write_text(yaml, encoding="utf-8")
    monkeypatch.setattr("builtins.stop", lambda: signal.raise_signal(signal.SIGINT), raising=False)
    ended = run(folder, "--keys")
    assert ended.exit_code == 130
    assert "the same command goes on" in ended.stderr
    assert [*read_team_key(folder / "keys" / "base.json").stamps] == ["TOY"]


def test_answers_are_shown_only_when_they_are_wanted(folder: Path) -> None:
    assert "answer" not in run(folder, "TOY", "--keys").stdout
    assert f" {TRUE}" in run(folder, "TOY", "--show").stdout


def test_both_engines_stand_side_by_side_in_the_table(
    folder: Path, empty_opensearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["load", "data/sample", "--into", empty_opensearch]
    assert CliRunner().invoke(program, words).exit_code == 0
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", empty_opensearch)
    ended = run(folder, "TOY", "--keys", "--engine", "duckdb,opensearch")
    assert (ended.exit_code, ended.stderr) == (0, "")
    [heading, row] = ended.stdout.splitlines()[1:3]
    assert heading.split()[2:6] == ["duckdb", "opensearch", "raw", "truth"]
    assert row.split()[2:6] == ["=", "=", "=", "="]


def test_an_empty_server_is_filled_for_the_proof_and_emptied_again(
    folder: Path, empty_opensearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", empty_opensearch)
    ended = run(folder, "TOY", "--keys", "--engine", "duckdb,opensearch")
    assert ended.exit_code == 0
    assert "it is filled with these logs" in ended.stderr
    assert ended.stdout.splitlines()[2].split()[2:6] == ["=", "=", "=", "="]
    with contextlib.closing(open_target(empty_opensearch)) as server:
        assert server.indexes() == []


def test_an_unknown_mission_is_told_with_those_that_there_are(folder: Path) -> None:
    ended = run(folder, "L9-Z")
    assert ended.exit_code == 1
    assert "l9-z" in ended.stderr
    assert "toy" in ended.stderr


def test_an_unknown_engine_is_refused(folder: Path) -> None:
    assert run(folder, "--engine", "sqlite").exit_code == 2
