"""Genuine logs pass the tests: a test that real logs fail is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from siemlab.realism.bands import BandCheck
from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.botocore_oracle import CallOracle
from siemlab.realism.calls import CallCheck, EnvelopeCheck
from siemlab.realism.features import cloudtrail_row
from siemlab.realism.integrity import RULES, IntegrityCheck
from siemlab.realism.labels import Labels
from siemlab.realism.layout import LayoutCheck
from siemlab.realism.leak import CONTROLS, GATE_CONTROL, GATE_TLS, control_auc, null_auc
from siemlab.realism.mutations import GATED, LEAST, power
from siemlab.realism.reading import Check, run_checks

from .conftest import GENUINE, Event

# What of the genuine set is younger than December 2022.
YOUNGER = {
    ("account.amazonaws.com", "GetRegionOptStatus"),
    ("ec2.amazonaws.com", "CreateNatGateway"),
    ("ec2.amazonaws.com", "RunInstances"),
    ("notifications.amazonaws.com", "ListNotificationHubs"),
    ("rds.amazonaws.com", "CreateDBInstance"),
    ("rds.amazonaws.com", "CreateDBSnapshot"),
    ("ssm.amazonaws.com", "DescribeParameters"),
}


@pytest.fixture(scope="module")
def oracle() -> CallOracle:
    return CallOracle(ServiceModels.installed())


def verdicts(genuine: Path, check: Check) -> dict[str, str]:
    assert run_checks([genuine], [check]) == []
    return {figure.name[0]: figure.verdict for figure in check.figures()}


def test_every_genuine_call_is_one_that_can_be(genuine: Path, oracle: CallOracle) -> None:
    check = CallCheck(oracle, "R1", ("calls", "呼び出し"))
    assert verdicts(genuine, check) == {"calls": "pass"}
    assert check.violations == []


def test_genuine_calls_that_late_2022_did_not_know_are_those_that_are_younger(
    genuine_events: list[Event],
) -> None:
    old = CallOracle(ServiceModels.late_2022())
    found = {(one["eventSource"], one["eventName"]) for one in genuine_events if old.problems(one)}
    assert found == YOUNGER


def test_genuine_events_have_the_one_field_order_and_all_fields(genuine: Path) -> None:
    assert set(verdicts(genuine, EnvelopeCheck()).values()) == {"pass"}


def test_errors_planted_in_genuine_events_are_found(
    genuine_events: list[Event], oracle: CallOracle
) -> None:
    found = power(oracle, genuine_events)
    assert {name: found[name].share >= LEAST for name in GATED} == dict.fromkeys(GATED, True)
    assert all(found[name].planted > 500 for name in GATED)


def test_genuine_figures_lie_within_the_bands(genuine: Path) -> None:
    found = verdicts(genuine, BandCheck())
    assert [name for name, verdict in found.items() if verdict != "pass"] == []


def test_genuine_records_do_not_contradict_each_other(genuine: Path) -> None:
    check = IntegrityCheck(GENUINE)
    found = verdicts(genuine, check)
    assert len(found) == len(RULES)
    assert [str(violation) for violation in check.violations] == []
    assert set(found.values()) == {"pass"}


def test_genuine_keys_lie_where_cloudtrail_puts_them(genuine: Path) -> None:
    check = LayoutCheck()
    check.see_keys(path.relative_to(genuine).as_posix() for path in genuine.rglob("*.json"))
    assert check.violations == []


@pytest.mark.slow
def test_labels_that_mean_nothing_are_not_found_in_genuine_events(
    genuine_events: list[Event],
) -> None:
    rows = [cloudtrail_row(event) for event in genuine_events]
    found = null_auc(rows, draws=2)
    assert all(0.35 < value < 0.65 for value in found), found


@pytest.mark.parametrize("name", CONTROLS)
def test_an_artefact_planted_in_genuine_events_is_found(
    genuine_events: list[Event], name: str
) -> None:
    least = GATE_TLS if name == "missing tlsDetails" else GATE_CONTROL
    assert control_auc(genuine_events, name) >= least


def test_no_label_means_no_story() -> None:
    assert Labels().story_of_event == {}
