"""The report and the command: all tests over a folder, each figure beside its threshold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siemlab.cli.program import program
from siemlab.errors import SiemlabError, StoreError
from siemlab.realism import Figure, Report, Violation, open_folder, verify
from siemlab.realism.figures import NOTHING, failed
from siemlab.realism.report import TITLES

from .conftest import COMPANY, GENUINE, ROOT, Event, api_call

KEY = (
    f"AWSLogs/{COMPANY}/CloudTrail/us-east-1/2022/11/18/{COMPANY}_CloudTrail_us-east-1"
    "_20221118T0705Z_abcdefghijklmnop.json.gz"
)


def folder_of(root: Path, events: list[Event]) -> Path:
    (root / KEY).parent.mkdir(parents=True)
    (root / KEY).write_bytes(gzip.compress(json.dumps({"Records": events}).encode()))
    return root


def verdict_of(report: Report, test: str) -> set[str]:
    return {figure.verdict for figure in report.figures if figure.test == test}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("good"), [api_call(number) for number in range(3)])


@pytest.fixture(scope="module")
def report(good: Path) -> Report:
    return verify([good])


def test_logs_without_a_fault_are_true(report: Report) -> None:
    assert report.is_true, report.failed
    assert report.violations == ()
    assert report.counts == {"cloudtrail": 3}


def test_every_test_has_its_figures(report: Report) -> None:
    asked = {figure.test for figure in report.figures}
    assert asked >= TITLES.keys() - {"R3", "R3b"}  # which need more records than these


FAULTS: dict[str, tuple[str, Event]] = {
    "no such call": ("R1", {"eventName": "GetUsers"}),
    "too young": (
        "R1b",
        {"eventSource": "bedrock.amazonaws.com", "eventName": "ListFoundationModels"}
        | {"requestParameters": None},
    ),
    "contradiction": ("R5", {"recipientAccountId": "111122223333"}),
    "somebody": ("R9", {"sourceIPAddress": "8.8.8.8"}),
}


@pytest.mark.parametrize(("test", "changes"), FAULTS.values(), ids=FAULTS)
def test_a_fault_fails_its_test_and_is_shown(test: str, changes: Event, tmp_path: Path) -> None:
    found = verify([folder_of(tmp_path, [api_call(0), api_call(1, **changes)])])
    assert "fail" in verdict_of(found, test)
    assert not found.is_true
    assert any(violation.number == 2 for violation in found.violations)


def test_a_record_that_the_loader_refuses_fails(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, [api_call(0)])
    (folder / KEY).write_bytes(gzip.compress(b'{"Records":[null]}'))
    assert "fail" in verdict_of(verify([folder]), "R7")


def test_without_its_tools_a_test_is_not_run_and_the_logs_are_not_called_true(
    good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIEMLAB_BOTOCORE_2022", str(tmp_path))
    found = verify([good])
    assert verdict_of(found, "R1b") == verdict_of(found, "R2b") == {"not run"}
    assert [figure.test for figure in found.failed] == ["R1b", "R2b"]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_report_is_a_table_in_both_languages(report: Report, lang: str) -> None:
    page = report.markdown(lang)
    at = ("en", "ja").index(lang)
    rows = [line for line in page.splitlines() if line.startswith("| |")]
    assert len(rows) == len(report.figures)
    assert {line.count("|") for line in rows} == {7}
    assert all(figure.name[at] in page for figure in report.figures)
    assert TITLES["R5"][at] in page


def test_text_of_a_record_cannot_break_out_of_the_report() -> None:
    hostile = Violation("R1", "a`b\n# Hello", 1, "<script>\x1b[31m")
    page = Report((), (hostile,), {}).markdown()
    [line] = [line for line in page.splitlines() if line.startswith("- ")]
    assert line.startswith("- `R1: a'b # Hello")
    assert "\x1b" not in page


def test_what_failed_or_was_not_run_counts_and_what_is_told_does_not() -> None:
    words = ("a", "あ")
    figures = [Figure("R1", words, NOTHING), Figure("R1", words, "1", "0", "fail")]
    figures.append(Figure("R2", words, "", "", "not run"))
    assert failed(figures) == figures[1:]


def siemlab(*args: object) -> Result:
    return CliRunner().invoke(program, [str(arg) for arg in args], prog_name="siemlab")


def test_the_command_shows_the_figures_and_writes_the_report(good: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    result = siemlab("verify", good, "--report", file)
    assert result.exit_code == 0, result.output
    assert "calls that can be" in result.stdout
    assert file.read_text(encoding="utf-8").startswith("# Realism report\n")


def test_a_report_written_as_json_is_read_back(good: Path, report: Report, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    assert siemlab("verify", good, "--report", file).exit_code == 0
    assert Report.read(file).table() == report.table()
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(SiemlabError, match="is no report"):
        Report.read(file)


def test_the_command_says_what_failed_and_where(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, [api_call(0, eventName="GetUsers")])
    result = siemlab("verify", folder, "--lang", "ja")
    assert result.exit_code == 3
    assert "不合格" in result.stdout
    assert "has no operation GetUsers" in result.stderr


def test_a_folder_that_is_not_there_is_a_wrong_use(tmp_path: Path) -> None:
    assert siemlab("verify", tmp_path / "nowhere").exit_code == 2


def test_of_logs_of_others_nothing_is_taken_for_known(tmp_path: Path) -> None:
    found = open_folder(tmp_path)
    assert (found.inventory.accounts, found.labels.event_ids) == (None, {})


def test_a_damaged_plan_of_a_data_set_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"name": "small"}', encoding="utf-8")
    with pytest.raises(StoreError, match=r"plan\.json is no plan"):
        open_folder(tmp_path)


def test_the_sample_is_not_taken_for_true() -> None:
    found = verify([ROOT / "data" / "sample"])
    assert {figure.test for figure in found.failed} >= {"R1", "R6"}


def test_genuine_logs_fail_only_what_genuine_logs_of_others_must(genuine: Path) -> None:
    found = verify([genuine], inventory=GENUINE)
    # They are of 2023, and of somebody.
    assert {figure.test for figure in found.failed} == {"R1b", "R9"}
