"""Security Hub: copies that agree with their finding, controls, and what Macie found."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from siemlab.logs.securityhub import SECURITYHUB
from siemlab.normalize import Document as Read
from siemlab.normalize import normalize
from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.findings_oracle import FindingOracle
from siemlab.simulate.calendar import MINUTE, Day, millis
from siemlab.simulate.checks import (
    Check,
    check_account,
    check_bucket,
    check_function,
    check_group,
    check_host,
    check_user,
    check_vpc,
)
from siemlab.simulate.control_list import controls
from siemlab.simulate.guardduty import finding
from siemlab.simulate.macie import Detection, Sensitive, bucket_public, sensitive_data
from siemlab.simulate.run import store_records
from siemlab.simulate.securityhub import control
from siemlab.simulate.stage import Records
from siemlab.simulate.threats import THREATS
from tests.simulate.findings import (
    BUCKET,
    GROUP,
    HOST,
    START,
    Document,
    documents,
    example,
    stage,
    world,
)

ORACLES = {"now": ServiceModels.installed, "late 2022": ServiceModels.late_2022}

CHECKS = {
    "EC2.19": check_group(world(), "EC2.19", GROUP),
    "4.1": check_group(world(), "4.1", GROUP),
    "EC2.8": check_host(world(), "EC2.8", HOST),
    "EC2.6": check_vpc(world(), "EC2.6", "sz-prod"),
    "S3.9": check_bucket(world(), "S3.9", "sz-prod-analytics-export"),
    "IAM.5": check_user(world(), "IAM.5", "k-tanabe"),
    "Lambda.1": check_function(world(), "Lambda.1", "sz-prod-booking-notify"),
    "CloudTrail.1": check_account(world(), "CloudTrail.1", "sz-prod"),
}
PASSPORTS = Sensitive(
    BUCKET,
    "rosters/2022-12-16_hokkaido.csv",
    (
        Detection("PERSONAL_INFORMATION", "NAME", 120),
        Detection("FINANCIAL_INFORMATION", "CREDIT_CARD_NUMBER", 9),
    ),
    "text/csv",
    14_400,
    START,
)


def sent(records: Records) -> list[Document]:
    """The EventBridge events as they go to the SIEM."""
    batches = next(iter(records.batches.values()))
    return [json.loads(row) for batch in batches for row in batch.rows.records()]


def all_findings() -> list[Document]:
    """A copy of each finding type, a result of each kind of check, and Macie's."""
    place = stage()
    for kind in THREATS:
        finding(place, example(kind))
    for check in CHECKS.values():
        control(place, check, "FAILED", START)
    sensitive_data(place, "weekly", [PASSPORTS], START)
    bucket_public(place, BUCKET, START)
    return documents(place.records, "securityhub")


@pytest.mark.parametrize("models", ORACLES)
def test_all_findings_have_the_shape_that_the_service_gives_them(models: str) -> None:
    oracle = FindingOracle(ORACLES[models]())
    problems = [oracle.problems("securityhub", found) for found in all_findings()]
    assert len(problems) > len(THREATS)
    assert [found for found in problems if found] == []


def test_the_siem_reads_every_type_and_takes_it_apart(tmp_path: Path) -> None:
    place = stage()
    for kind in THREATS:
        finding(place, example(kind))
    bucket_public(place, BUCKET, START)
    list(store_records(world(), Day(date(2022, 11, 12), "dense"), place.records, tmp_path))
    read = list(normalize([tmp_path]))
    assert {type(each) for each in read} == {Read}
    found = [each for each in read if isinstance(each, Read)]
    threats = [each.source for each in found if each.source["event"]["module"] == "guardduty"]
    places = Counter(each.index[: len("log-aws-guardduty")] for each in found)
    assert len({each.id for each in found}) == len(found)
    assert len(threats) == 2 * places["log-aws-guardduty"] == len(found) - 1
    assert all(each["ThreatPurpose"] and each["ThreatFamilyName"] for each in threats)


TYPES = {
    "Impact:IAMUser/AnomalousBehavior": "TTPs/Impact/IAMUser-AnomalousBehavior",
    "CryptoCurrency:EC2/BitcoinTool.B!DNS": (
        "TTPs/Command and Control/CryptoCurrency:EC2-BitcoinTool.B!DNS"
    ),
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS": (
        "Effects/Data Exfiltration/UnauthorizedAccess:IAMUser-"
        "InstanceCredentialExfiltration.OutsideAWS"
    ),
    "PenTest:IAMUser/KaliLinux": "TTPs/PenTest:IAMUser/KaliLinux",
    "Impact:S3/AnomalousBehavior.Delete": "TTPs/Impact:S3-AnomalousBehavior.Delete",
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_finding_type_is_called_as_security_hub_calls_it(kind: str) -> None:
    place = stage()
    finding(place, example(kind))
    assert {found["Types"][0] for found in documents(place.records, "securityhub")} == {TYPES[kind]}


@pytest.mark.parametrize("kind", THREATS)
def test_each_update_has_its_copy_one_to_five_minutes_later(kind: str) -> None:
    place = stage()
    acts, copied = finding(place, example(kind))
    originals = documents(place.records, "guardduty")
    copies = documents(place.records, "securityhub")
    assert [each["arn"] for each in originals] == [each["Id"] for each in copies]
    assert [each["updatedAt"] for each in originals] == [each["UpdatedAt"] for each in copies]
    counts = [each["ProductFields"]["aws/guardduty/service/count"] for each in copies]
    assert counts == [str(each["service"]["count"]) for each in originals]
    delays = copied.at - acts.at
    assert MINUTE <= delays.min() <= delays.max() <= 5 * MINUTE


def test_findings_of_all_regions_come_from_the_home_region_of_the_administrator() -> None:
    place = stage()
    spec = example("Recon:EC2/PortProbeUnprotectedPort")
    finding(place, type(spec)(**{**vars(spec), "region": "us-west-2"}))
    streams = [each for each in place.records.batches if each.log_type == SECURITYHUB.name]
    assert [(each.account, each.region) for each in streams] == [("123456789012", "ap-northeast-1")]
    assert {each["Region"] for each in documents(place.records, "securityhub")} == {"us-west-2"}


def test_no_two_events_have_the_same_id() -> None:
    place = stage()
    for number in range(3):
        control(place, CHECKS["EC2.19"], "FAILED", START + number * MINUTE)
    events = sent(place.records)
    assert len({event["id"] for event in events}) == 3
    assert len({event["detail"]["findings"][0]["Id"] for event in events}) == 1


def result(check: Check, status: str, since: int = 0) -> Document:
    """The finding of a check."""
    place = stage()
    control(place, check, "FAILED" if status == "FAILED" else "PASSED", START, since)
    return documents(place.records, "securityhub")[0]


@pytest.mark.parametrize("control_id", CHECKS)
def test_a_failure_is_new_and_a_pass_is_resolved(control_id: str) -> None:
    failed, passed = (result(CHECKS[control_id], status) for status in ("FAILED", "PASSED"))
    assert failed["Id"] == passed["Id"]
    assert (failed["Compliance"]["Status"], passed["Compliance"]["Status"]) == ("FAILED", "PASSED")
    assert (failed["Workflow"]["Status"], passed["Workflow"]["Status"]) == ("NEW", "RESOLVED")
    assert failed["Severity"]["Label"] == controls()[control_id].severity
    assert passed["Severity"]["Label"] == "INFORMATIONAL"
    assert failed["Title"].startswith(f"{control_id} ")


def test_a_failure_tells_since_when_it_has_been_one() -> None:
    since = millis("2022-03-08T01:46:00Z")
    found = result(CHECKS["IAM.5"], "FAILED", since)
    assert found["FirstObservedAt"] == "2022-03-08T01:46:00.000Z"
    assert found["UpdatedAt"] == "2022-11-12T14:47:09.000Z"


def test_a_cis_check_is_named_after_its_rule_and_a_best_practice_after_its_control() -> None:
    cis, best = result(CHECKS["4.1"], "FAILED"), result(CHECKS["EC2.19"], "FAILED")
    assert cis["GeneratorId"].endswith("cis-aws-foundations-benchmark/v/1.2.0/rule/4.1")
    assert best["GeneratorId"].endswith("best-practices/v/1.0.0/EC2.19")
    assert cis["ProductFields"]["RuleId"] == "4.1"
    assert best["ProductFields"]["ControlId"] == "EC2.19"


def test_macie_tells_of_several_kinds_of_data_and_of_personal_data_alone() -> None:
    place = stage()
    personal = Sensitive(
        BUCKET, "passport/index.csv", PASSPORTS.detections[:1], "text/csv", 9, START
    )
    sensitive_data(place, "weekly", [PASSPORTS, personal], START)
    found = documents(place.records, "securityhub")
    assert [each["Types"][0].rpartition("-")[2] for each in found] == ["Multiple", "Personal"]
    assert {each["Severity"]["Label"] for each in found} == {"HIGH"}
    keys = [each["Resources"][1]["Id"] for each in found]
    assert keys == [f"arn:aws:s3:::{BUCKET}/{each.key}" for each in (PASSPORTS, personal)]


def test_macie_tells_that_a_bucket_is_public() -> None:
    place = stage()
    bucket_public(place, "sz-prod-partner-exchange", START)
    found = documents(place.records, "securityhub")[0]
    assert found["Types"] == [
        "Software and Configuration Checks/AWS Security Best Practices/"
        "Policy:IAMUser-S3BucketPublic"
    ]
    assert found["Resources"][0]["Id"] == "arn:aws:s3:::sz-prod-partner-exchange"
