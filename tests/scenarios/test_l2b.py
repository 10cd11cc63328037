"""L2-B, "Trusted pipeline"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from siemlab.datasets.plan import Plan
from siemlab.query import Query
from siemlab.scenarios import Truth
from siemlab.simulate.builds import builds_of
from siemlab.simulate.calendar import Day
from siemlab.simulate.ids import account_of_key
from tests.scenarios.told import Tell, Told, count

CLOUDTRAIL, FINDINGS = Query("log-aws-cloudtrail-*"), Query("log-aws-guardduty-*")
FLOWS, LOOKUPS = Query("log-aws-vpcflowlogs-*"), Query("log-aws-r53resolver-*")
HUB = Query("log-aws-securityhub-*")
SPAN = ("2023-01-09", "2023-01-16", "Asia/Tokyo")
RUNNER, RUNNERS_ADDRESS = "10.40.10.11", "203.0.113.141"
TEAMS = ("kawasemi", "t07", "t42")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Plan.of("small").story("L2-B")[1]


@pytest.mark.parametrize(
    ("row", "calls"),
    [
        pytest.param("4", 4, id="a look around in sz-dev"),
        pytest.param("5", 1, id="the refused role"),
        pytest.param("6", 1, id="a new key"),
        pytest.param("7", 3, id="the chain of roles, its second step seen twice"),
        pytest.param("8", 7, id="looks at functions"),
        pytest.param("10", 2, id="an address for all"),
        pytest.param("15", 1, id="EC2 tells"),
        pytest.param("16", 1, id="no more data events"),
        pytest.param("17", 2, id="two trails"),
        pytest.param("18", 1, id="no more flow logs"),
        pytest.param("19", 3, id="three attempts that fail"),
    ],
)
def test_a_row_has_its_calls(truth: Truth, row: str, calls: int) -> None:
    assert count(truth, row)[0] == calls


def test_the_environment_leaves_in_one_record_each_way(truth: Truth) -> None:
    assert count(truth, "1", "route53resolver")[0] == 1
    assert count(truth, "2", "vpcflowlogs")[0] == 2


def test_no_finding_speaks_of_leaked_credentials(truth: Truth) -> None:
    kinds = [row.name for row in truth.rows if row.kind == "finding"]
    assert "Exfiltration:IAMUser/AnomalousBehavior" in kinds
    assert not [kind for kind in kinds if "CredentialExfiltration" in kind]


def test_keys_carry_their_account(truth: Truth) -> None:
    for name in ("leaked_key", "new_key"):
        assert account_of_key(str(truth.facts[name])) == "777788889999"


def test_a_chain_of_roles_never_lasts_longer_than_an_hour(truth: Truth) -> None:
    rows = {row.name: row for row in truth.rows}
    for first, last in (("7", "11"), ("7b", "14"), ("7c", "19")):
        begun = min(int(acts.at.min()) for acts in rows[first].acts)
        assert int(rows[last].acts[0].at.max()) - begun < 3_600_000, first


# --- the analyst's path --------------------------------------------------------------------------


def at_of(document: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(document["@timestamp"])


def millis_of(document: dict[str, Any]) -> int:
    return round(at_of(document).timestamp() * 1000)


def solve(told: Told) -> dict[str, object]:
    """Answer the questions from the logs alone, step by step."""
    alarms = told.found(FINDINGS.time("2023-01-13", "2023-01-14", "Asia/Tokyo"))
    grave = next(alarm for alarm in alarms if float(alarm["severity"]) >= 8)
    calls = CLOUDTRAIL.time(*SPAN)
    item = "requestParameters.createVolumePermission.add.items.userId"
    shared = calls.include("event.action", "ModifySnapshotAttribute").exists(item)
    [sharing] = told.found(shared.exclude(item, "123456789012"))
    [stranger] = sharing["requestParameters"]["createVolumePermission"]["add"]["items"]
    intruder = sharing["source"]["ip"]
    told_by_ec2 = calls.include("eventType", "AwsServiceEvent").include(
        "serviceEventDetails.snapshotId", sharing["requestParameters"]["snapshotId"]
    )
    [proof] = told.found(told_by_ec2)
    mine = calls.include("source.ip", intruder)
    [database] = told.found(mine.include("event.action", "ModifyDBSnapshotAttribute"))
    return {
        "E1": (
            grave["resource"]["accessKeyDetails"]["userName"],
            grave["service"]["action"]["awsApiCallAction"]["api"],
        ),
        "E2": stranger["userId"],
        "E3": (proof["event"]["action"], millis_of(proof)),
        "E4": database["requestParameters"]["dBSnapshotIdentifier"],
        "E5": intruder,
        **chain(told, intruder),
        **code(told, mine),
        **leak(told),
        **blindness(told, mine),
    }


def chain(told: Told, intruder: str) -> dict[str, object]:
    """Answer what is asked about the roles that were taken."""
    taken = CLOUDTRAIL.time("2023-01-11", "2023-01-12", "Asia/Tokyo")
    taken = taken.include("event.action", "AssumeRole").include("event.outcome", "success")
    taken = taken.include("cloud.account.id", "444455556666")
    taken = taken.lucene("requestParameters.roleArn:*sz-ci-deploy-role")
    foreign = told.found(taken.exclude("source.ip", RUNNERS_ADDRESS))
    [record] = [each for each in foreign if each["source"]["ip"] == intruder]
    both = told.found(CLOUDTRAIL.include("sharedEventID", record["sharedEventID"]))
    [caller] = [each for each in both if each["userIdentity"]["type"] == "AssumedRole"]
    return {
        "E6": (told.store.count(taken), len(foreign)),
        "E7": (len(both), caller["cloud"]["account"]["id"]),
        "E8": record["userIdentity"]["type"],
    }


def code(told: Told, mine: Query) -> dict[str, object]:
    """Answer what is asked about functions and the secret."""
    [layered] = told.found(mine.exists("requestParameters.layers"))
    opened = mine.include("event.action", "AddPermission20150331v2")
    [permission] = told.found(opened.include("requestParameters.principal", "*"))
    reading = CLOUDTRAIL.time(*SPAN).include("event.action", "GetSecretValue")
    [read] = told.found(told.excluding(reading, "company-aws", "private-networks", "office"))
    return {
        "E9": layered["requestParameters"]["functionName"],
        "E9 layer": layered["requestParameters"]["layers"][0].split(":")[4],
        "E10": permission["requestParameters"]["functionName"],
        "E11": read["requestParameters"]["secretId"],
    }


def leak(told: Told) -> dict[str, object]:
    """Answer whence the keys came, and where they went."""
    calls = CLOUDTRAIL.time("2023-01-10", "2023-01-11", "Asia/Tokyo")
    calls = calls.include("cloud.account.id", "777788889999")
    [made] = told.found(
        told.excluding(calls, "company-aws", "office", "monitoring").include(
            "event.action", "CreateAccessKey"
        )
    )
    issued = calls.include("responseElements.credentials.accessKeyId", made["user"]["id"])
    [taken] = told.found(issued)
    begin = at_of(taken)
    near = (begin, begin + timedelta(minutes=2))
    asked = told.values(LOOKUPS.time(*near).include("source.ip", RUNNER), "dns.question.name", 200)
    before = LOOKUPS.time("2023-01-08", begin, "Asia/Tokyo").include("source.ip", RUNNER)
    fresh = [name for name in asked if name not in told.values(before, "dns.question.name", 500)]
    sent = FLOWS.time(begin, begin + timedelta(minutes=12)).include("source.ip", RUNNER)
    sent = sent.include("destination.ip", made["source"]["ip"])
    return {
        "E12": taken["requestParameters"]["roleSessionName"],
        "E13": (fresh, [int(each["source"]["bytes"]) > 40_000 for each in told.found(sent)]),
        "E13 address": made["source"]["ip"],
    }


def blindness(told: Told, mine: Query) -> dict[str, object]:
    """Answer what is asked about the last night."""
    night = mine.time("2023-01-14", "2023-01-15", "Asia/Tokyo").include("readOnly", False)
    sources = [f"{name}.amazonaws.com" for name in ("cloudtrail", "ec2", "guardduty", "config")]
    tried = night.include("event.module", sources)
    worked = [
        each["event"]["action"] for each in told.found(tried.include("event.outcome", "success"))
    ]
    [gone] = told.found(tried.include("event.action", "DeleteFlowLogs"))
    [back] = told.found(CLOUDTRAIL.time(*SPAN).include("event.action", "CreateFlowLogs"))
    dark = FLOWS.time(at_of(gone), at_of(back)).include("cloud.account.id", "444455556666")
    return {
        "E14": (told.store.count(tried), worked),
        "E15": round((millis_of(back) - millis_of(gone)) / 60_000),
        "E15 flows": told.store.count(dark),
    }


def answers(told: Told, *, background: bool = True) -> dict[str, object]:
    facts = told.truth.facts
    legal = builds_of(told.plan.world, Day(date(2023, 1, 11), "dense")) if background else ()
    deploys = sum(bool(build.target) for build in legal)
    return {
        "E1": (facts["role"], "ModifySnapshotAttribute"),
        "E2": "999999999999",
        "E3": ("SharedSnapshotVolumeCreated", facts["used_at"]),
        "E4": facts["database_snapshot"],
        "E5": facts["intruder"],
        "E6": (deploys + 1, 1),
        "E7": (2, "777788889999"),
        "E8": "AWSAccount",
        "E9": "sz-prod-payment-webhook",
        "E9 layer": "999999999999",
        "E10": "sz-prod-booking-notify",
        "E11": "prod/booking-db",
        "E12": "build-4471",
        "E13": ([facts["domain"]], [True]),
        "E13 address": facts["mirror"],
        "E14": (7, ["PutEventSelectors", "StopLogging", "DeleteFlowLogs"]),
        "E15": facts["minutes_without_flows"],
        "E15 flows": 0,
    }


@pytest.mark.slow
def test_an_analyst_finds_every_answer(tell: Tell) -> None:
    told = tell("L2-B")
    assert solve(told) == answers(told)
    assert told.truth.facts["minutes_without_flows"] == 428


@pytest.mark.slow
@pytest.mark.parametrize("team", TEAMS)
def test_another_team_finds_its_own_answers_on_the_same_path(tell: Tell, team: str) -> None:
    told, plain = tell("L2-B", team, background=False), Plan.of("small").story("L2-B")[1]
    assert solve(told) == answers(told, background=False)
    assert [row.name for row in told.truth.rows] == [row.name for row in plain.rows]
    for name in ("leaked_key", "new_key", "intruder", "mirror", "snapshot", "used_at"):
        assert told.truth.facts[name] != plain.facts[name], name


@pytest.mark.slow
def test_while_the_trail_is_off_there_are_no_data_events(tell: Tell) -> None:
    told = tell("L2-B")
    events = CLOUDTRAIL.include("eventCategory", "Data")
    [stopped] = told.found(CLOUDTRAIL.include("event.action", "StopLogging"))
    [started] = told.found(CLOUDTRAIL.include("event.action", "StartLogging"))
    assert told.store.count(events.time(at_of(stopped), at_of(started))) == 0
    assert told.store.count(events.time(at_of(started) + timedelta(minutes=10), None)) > 0


@pytest.mark.slow
def test_flow_logging_fails_at_its_next_check_and_is_well_at_the_one_after(tell: Tell) -> None:
    told = tell("L2-B")
    network = told.plan.world.ids.resource("vpc", "sz-prod")
    checks = [
        (each["UpdatedAt"][:16], each["Compliance"]["Status"])
        for each in told.found(HUB.time("2023-01-13T12:00", "2023-01-15T12:00"))
        if each["Title"].startswith("EC2.6") and network in each["Resources"][0]["Id"]
    ]
    assert ("2023-01-13T22:40", "FAILED") in checks
    assert checks[-1] == ("2023-01-14T22:40", "PASSED")


@pytest.mark.slow
def test_every_decoy_is_there_and_a_click_removes_it(tell: Tell) -> None:
    told = tell("L2-B")
    clicks = {exclusion.id for exclusion in told.plan.world.baseline.exclusions}
    for decoy, (there, left) in zip(told.truth.decoys, told.decoys().values(), strict=True):
        assert there, decoy.name
        assert decoy.removed_by not in clicks or not left, decoy.name
