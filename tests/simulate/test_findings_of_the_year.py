"""The findings of everyday life over the whole year: few, harmless, and enough for Level 0."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from siemlab.baseline import load_baseline
from siemlab.realism.finding_joins import FindingJoin
from siemlab.realism.reading import Seen, read_tree
from siemlab.simulate.behaviors.classification import CLASSIFICATION
from siemlab.simulate.behaviors.controls import CONTROLS
from siemlab.simulate.behaviors.findings import FINDINGS
from siemlab.simulate.calendar import Day, days_between, jst_date, millis
from siemlab.simulate.posture import posture
from siemlab.simulate.run import store_records
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.threats import THREATS
from siemlab.simulate.world import Effect, World
from tests.simulate.findings import Document, documents, world

SEEDS = (2022, 7)
FIRST, LAST = date(2022, 1, 1), date(2023, 1, 31)
LEAD = 1.2
STORY_SPANS = (
    ("2022-11-11T15:00Z", "2022-11-14T15:00Z"),
    ("2022-11-22T15:00Z", "2022-11-26T15:00Z"),
    ("2022-12-06T15:00Z", "2022-12-10T15:00Z"),
    ("2022-12-16T15:00Z", "2022-12-20T15:00Z"),
    ("2023-01-08T15:00Z", "2023-01-15T15:00Z"),
    ("2023-01-18T15:00Z", "2023-01-22T15:00Z"),
)


@cache
def year(seed: int) -> Records:
    """All findings of a thin year."""
    records, place = Records(), World(load_baseline(), seed=seed)
    for day in days_between(FIRST, LAST):
        for behavior in (CLASSIFICATION, CONTROLS, FINDINGS):
            behavior.act(Stage(place, records, behavior.name, day.isoformat()), Day(day, "thin"))
    return records


@cache
def told(seed: int, log_type: str) -> tuple[Document, ...]:
    return tuple(documents(year(seed), log_type))


def in_2022(document: Document, name: str) -> bool:
    return jst_date(millis(document[name])).year == 2022


@pytest.mark.parametrize("seed", SEEDS)
def test_one_type_leads_by_documents_and_by_findings(seed: int) -> None:
    found = [each for each in told(seed, "guardduty") if in_2022(each, "updatedAt")]
    by_documents = Counter(each["type"] for each in found).most_common(2)
    by_findings = Counter({each["id"]: each["type"] for each in found}.values()).most_common(2)
    assert by_documents[0][0] == by_findings[0][0] == "Recon:EC2/PortProbeUnprotectedPort"
    # The miners of one story alone have 18 findings and some 190 documents.
    assert by_documents[0][1] >= LEAD * max(by_documents[1][1], 200)
    assert by_findings[0][1] >= LEAD * max(by_findings[1][1], 40)


@pytest.mark.parametrize("seed", SEEDS)
def test_security_hub_itself_sends_most_findings(seed: int) -> None:
    found = told(seed, "securityhub")
    documents_of = Counter(each["ProductName"] for each in found)
    ids_of: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        ids_of[each["ProductName"]].add(each["Id"])
    first = documents_of.most_common(1)[0][0]
    assert first == "Security Hub"
    # The stories add some 300 copies of about 40 findings.
    assert documents_of[first] >= LEAD * (documents_of["GuardDuty"] + 300)
    assert len(ids_of[first]) >= LEAD * (len(ids_of["GuardDuty"]) + 40)
    assert documents_of["Macie"] >= 5 * 55


@pytest.mark.parametrize("seed", SEEDS)
def test_two_documents_stand_before_the_year_in_utc_only_and_one_after_it(seed: int) -> None:
    minutes = Counter(each["updatedAt"][:16] for each in told(seed, "guardduty"))
    assert minutes["2021-12-31T16:10"] == 2
    assert minutes["2022-12-31T15:30"] == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_there_is_less_than_one_finding_a_day(seed: int) -> None:
    findings = {each["id"] for each in told(seed, "guardduty")}
    assert 0.5 <= len(findings) / 396 <= 1.0
    assert 350 <= len(told(seed, "guardduty")) <= 700


@pytest.mark.parametrize("seed", SEEDS)
def test_no_finding_of_everyday_life_is_high_in_the_days_of_a_story(seed: int) -> None:
    high = [each["updatedAt"] for each in told(seed, "guardduty") if each["severity"] >= 7]
    spans = [(millis(first), millis(last)) for first, last in STORY_SPANS]
    assert high
    assert not [each for each in high for first, last in spans if first <= millis(each) < last]


@pytest.mark.parametrize("seed", SEEDS)
def test_types_stand_in_their_era(seed: int) -> None:
    for each in told(seed, "guardduty"):
        assert THREATS[each["type"]].exists(millis(each["createdAt"])), each["type"]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_document_has_an_id_of_its_own(seed: int) -> None:
    known = Counter((each["id"], each["service"]["count"]) for each in told(seed, "guardduty"))
    assert max(known.values()) == 1


def test_in_the_week_of_the_miners_there_are_three_low_findings() -> None:
    week = [
        each
        for each in told(2022, "guardduty")
        if date(2022, 11, 7) <= jst_date(millis(each["createdAt"])) <= date(2022, 11, 13)
    ]
    assert Counter({each["id"]: each["type"] for each in week}.values()) == {
        "Recon:EC2/PortProbeUnprotectedPort": 1,
        "Policy:IAMUser/RootCredentialUsage": 1,
        "Policy:S3/BucketBlockPublicAccessDisabled": 1,
    }


def test_the_pen_tester_of_14_december_is_found_out_by_name_of_the_system() -> None:
    found = [
        each
        for each in told(2022, "guardduty")
        if each["type"] == "PenTest:IAMUser/KaliLinux" and each["createdAt"] > "2022-12"
    ]
    action = found[0]["service"]["action"]["awsApiCallAction"]
    assert found[0]["createdAt"].startswith("2022-12-14T0")
    assert action["remoteIpDetails"]["ipAddressV4"] == "192.0.2.70"
    assert found[0]["resource"]["accessKeyDetails"]["userName"] == "SZ-PentestRole"


def failures(control: str, resource: str, seed: int = 2022) -> list[Document]:
    return [
        each
        for each in told(seed, "securityhub")
        if each["Title"].startswith(f"{control} ")
        and each["Resources"][0]["Id"].endswith(resource)
        and each["Compliance"]["Status"] == "FAILED"
    ]


STANDING = {
    "no second factor of k-tanabe": ("IAM.5", "k-tanabe", "2022-03"),
    "old metadata service of web-01": (
        "EC2.8",
        world().ids.instance("sz-prod-web-01"),
        "2022-06",
    ),
    "old metadata service of web-02": (
        "EC2.8",
        world().ids.instance("sz-prod-web-02"),
        "2022-06",
    ),
    "no access log of the extracts": ("S3.9", "sz-prod-analytics-export", "2022-09"),
}


@pytest.mark.parametrize("case", STANDING)
def test_a_known_weakness_has_failed_since_its_month(case: str) -> None:
    control, resource, month = STANDING[case]
    found = failures(control, resource)
    assert len(found) >= 4
    assert {each["FirstObservedAt"][:7] for each in found} == {month}
    assert max(each["UpdatedAt"] for each in found) > "2022-12"


def test_the_metadata_service_passes_once_it_is_fixed() -> None:
    fixed = millis("2022-12-19T06:25:10Z")
    place = world().with_effects(
        (Effect("imdsv2", "sz-prod-web-01", fixed, millis("2023-02-01T00:00Z")),)
    )
    web = {each.check.subject: each for each in posture(place) if each.check.control == "EC2.8"}
    assert web["sz-prod-web-01"].status(fixed - 1) == "FAILED"
    assert web["sz-prod-web-01"].status(fixed) == "PASSED"
    assert web["sz-prod-web-02"].status(fixed) == "FAILED"


def test_an_open_door_fails_while_it_is_open() -> None:
    opened, closed = millis("2022-11-24T10:42:31Z"), millis("2022-11-24T23:58:00Z")
    place = world().with_effects((Effect("ssh open", "sz-prod-bastion-01", opened, closed),))
    for each in posture(place):
        if each.check.subject == "sz-prod-bastion-sg":
            during = "PASSED" if each.check.control == "4.2" else "FAILED"
            states = [each.status(at) for at in (opened - 1, opened, closed - 1, closed)]
            assert states == ["PASSED", during, during, "PASSED"]
            assert each.turns == ()


def test_macie_reports_every_sunday_at_the_end_of_its_job() -> None:
    days = {
        jst_date(millis(each["CreatedAt"]))
        for each in told(2022, "securityhub")
        if each["ProductName"] == "Macie"
    }
    sundays = {day for day in days_between(FIRST, LAST) if day.weekday() == 6}
    assert days == sundays
    assert date(2022, 12, 18) in days  # the job of 2022-12-17T16:00Z


def test_a_dense_day_has_the_findings_of_a_thin_one() -> None:
    for day in days_between(date(2022, 5, 1), date(2022, 5, 31)):
        rows = []
        for density in ("thin", "dense"):
            records = Records()
            stage = Stage(world(), records, FINDINGS.name, day.isoformat())
            FINDINGS.act(stage, Day(day, density))
            rows.append(documents(records, "guardduty"))
        assert json.dumps(rows[0]) == json.dumps(rows[1])


def test_what_a_finding_rests_on_is_in_the_other_logs_where_they_are_kept(tmp_path: Path) -> None:
    join = FindingJoin()
    for date_ in days_between(date(2022, 6, 27), date(2022, 7, 31)):
        day, records = Day(date_, "dense"), Records()
        FINDINGS.act(Stage(world(), records, FINDINGS.name, date_.isoformat()), day)
        list(store_records(world(), day, records, tmp_path))
    for seen in read_tree([tmp_path], join.reads):
        assert isinstance(seen, Seen)
        join.see(seen)
    join.close()
    assert [each.what for each in join.violations] == []
    assert {each.share for each in join.figures()} == {1.0}


def test_a_day_is_the_same_whichever_days_were_made_before_it() -> None:
    day = Day(date(2022, 9, 9), "thin")
    alone = Records()
    CONTROLS.act(Stage(world(), alone, CONTROLS.name, day.date.isoformat()), day)
    whole = [
        each
        for each in told(2022, "securityhub")
        if each["ProductName"] == "Security Hub" and day.holds(millis(each["UpdatedAt"]))
    ]
    assert documents(alone, "securityhub") == whole
