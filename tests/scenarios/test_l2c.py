"""L2-C, "Ransom note on a Saturday"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from siemlab.datasets.plan import Plan
from siemlab.query import Query
from siemlab.scenarios import Truth
from siemlab.simulate.ids import account_of_key
from tests.scenarios.told import Tell, Told, count

CLOUDTRAIL, FINDINGS = Query("log-aws-cloudtrail-*"), Query("log-aws-guardduty-*")
OBJECTS, HUB = Query("log-aws-s3accesslog-*"), Query("log-aws-securityhub-*")
NIGHT = ("2023-01-21", "2023-01-21T12:00", "Asia/Tokyo")
CUSTOMER_KEY = "requestParameters.x-amz-server-side-encryption-customer-algorithm"
BATCH = "10.20.10.41"
TEAMS = ("kawasemi", "t07", "t42")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Plan.of("small").story("L2-C")[1]


@pytest.mark.parametrize(
    ("row", "log_type", "done", "logged"),
    [
        pytest.param("1", "cloudtrail", 1, 1, id="the role, seen in its own account alone"),
        pytest.param("2", "cloudtrail", 36, 36, id="five questions to each of seven buckets"),
        pytest.param("3", "cloudtrail", 2, 2, id="versioning"),
        pytest.param("6", "cloudtrail", 214, 214, id="stolen papers"),
        pytest.param("6", "s3accesslog", 214, 0, id="in no access log any more"),
        pytest.param("7", "cloudtrail", 1286, 1286, id="encrypted papers"),
        pytest.param("8 list", "cloudtrail", 12, 12, id="lists of versions"),
        pytest.param("8", "cloudtrail", 38, 38, id="calls that delete"),
        pytest.param("8", "s3accesslog", 9458, 9458, id="calls, and each key"),
        pytest.param("9", "cloudtrail", 3, 2, id="notes that CloudTrail has"),
        pytest.param("9", "s3accesslog", 3, 2, id="notes that access logs have"),
        pytest.param("12", "s3accesslog", 31, 31, id="files that strangers fetch"),
    ],
)
def test_a_row_leaves_what_it_should(
    truth: Truth, row: str, log_type: str, done: int, logged: int
) -> None:
    assert count(truth, row, log_type) == (done, logged)


def test_no_call_deletes_more_than_a_thousand_keys(truth: Truth) -> None:
    [row] = [row for row in truth.rows if row.name == "8"]
    line = next(acts for acts in row.acts if acts.log_type == "s3accesslog")
    keys = [name.partition(" ") for name in line.ids if " " in name]
    assert len({key for _, _, key in keys}) == len(keys) == truth.facts["keys_deleted"]
    calls = [request for request, _, _ in keys]
    assert 1 <= max(calls.count(request) for request in {*calls}) <= 1000


def test_the_key_carries_its_account_and_outlives_what_is_done_with_it(truth: Truth) -> None:
    assert account_of_key(str(truth.facts["key"])) == "444455556666"
    rows = {row.name: row for row in truth.rows}
    begun = int(rows["1"].acts[0].at[0])
    assert int(rows["11"].acts[-1].at[-1]) - begun < 7_200_000


# --- the analyst's path --------------------------------------------------------------------------


def solve(told: Told) -> dict[str, object]:
    """Answer the questions from the logs alone, step by step."""
    alarms = told.found(FINDINGS.time(*NIGHT))
    grave = next(alarm for alarm in alarms if float(alarm["severity"]) >= 7)
    bucket = grave["resource"]["s3BucketDetails"][0]["name"]
    [opened] = told.found(CLOUDTRAIL.time(*NIGHT).include("event.action", "PutBucketPolicy"))
    session = CLOUDTRAIL.time(*NIGHT).include("user.name", opened["user"]["name"])
    impostor = told.excluding(session, "private-networks", "company-aws")
    [key] = told.values(impostor, "user.id")
    [intruder] = told.values(impostor, "source.ip")
    mine = CLOUDTRAIL.time("2023-01-20", None, "Asia/Tokyo").include("source.ip", intruder)
    [taken] = told.found(mine.include("event.action", "AssumeRole"))
    order: dict[str, str] = {}
    for call in told.found(mine.include("readOnly", False).exclude("event.outcome", "failure")):
        order.setdefault(call["event"]["action"], call["@timestamp"])
    return {
        "F1": (grave["type"], bucket),
        "F2": opened["user"]["name"],
        "F3": key,
        "F4": intruder,
        "F5": taken["userIdentity"]["accountId"],
        "F7": [name for name in order if name != "DeleteBucketPublicAccessBlock"],
        "F8": encrypted(told),
        "F9": notes(told, mine, intruder),
        **deleted(told),
        "F13": fetched(told, bucket),
        "F14": dried_up(told, mine),
    }


def encrypted(told: Told) -> dict[str, int]:
    """Return what was written with a key of the writer's own, besides the partner's files."""
    return told.values(told.excluding(CLOUDTRAIL.exists(CUSTOMER_KEY), "partner"), "event.action")


def notes(told: Told, mine: Query, intruder: str) -> tuple[set[str], int]:
    """Return the note's name, and in how many buckets either log has it."""
    events = told.found(mine.include("event.action", "PutObject"))
    lines = told.found(
        OBJECTS.include("source.ip", intruder).include("Operation", "REST.PUT.OBJECT")
    )
    parameters = [event["requestParameters"] for event in events]
    found = {(each["bucketName"], each["key"]) for each in parameters}
    assert found != found | {(line["Bucket"], line["Key"]) for line in lines}
    found |= {(line["Bucket"], line["Key"]) for line in lines}
    return {key for _, key in found}, len({name for name, _ in found})


def deleted(told: Told) -> dict[str, object]:
    """Answer how much was deleted, and what of it is still there behind a marker."""
    lines = OBJECTS.include("Bucket", "sz-prod-db-backup")
    lines = lines.include("Operation", "BATCH.DELETE.OBJECT").exclude("source.ip", BATCH)
    marked, gone = lines.missing("VersionId"), lines.exists("VersionId")
    with_markers = [
        prefix
        for prefix in ("pg", "config", "ddl", "wal", "audit")
        if told.store.count(marked.lucene(rf"Key:{prefix}\/*"))
        and not told.store.count(gone.lucene(rf"Key:{prefix}\/*"))
    ]
    return {"F10": told.store.count(lines), "F11": with_markers}


def fetched(told: Told, bucket: str) -> int:
    """Return how often strangers fetched files of a bucket."""
    lines = OBJECTS.include("Bucket", bucket).missing("Requester")
    lines = lines.include("Operation", "REST.GET.OBJECT")
    lines = lines.include("http.response.status_code", "200")
    return told.store.count(told.excluding(lines, "research-scanners"))


def dried_up(told: Told, mine: Query) -> tuple[int, bool]:
    """Return how much each log of the papers has from ten minutes after the call on."""
    [call] = told.found(mine.include("event.action", "PutBucketLogging"))
    later = (at_of(call).replace(second=0).timestamp() + 600) * 1000
    span = (datetime.fromtimestamp(later / 1000).astimezone(), None)
    lines = OBJECTS.include("Bucket", "sz-prod-customer-docs").time(*span)
    events = CLOUDTRAIL.include("requestParameters.bucketName", "sz-prod-customer-docs")
    events = events.include("eventCategory", "Data").time(*span)
    return told.store.count(lines), told.store.count(events) > 0


def at_of(document: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(document["@timestamp"])


def answers(told: Told) -> dict[str, object]:
    facts = told.truth.facts
    return {
        "F1": ("Policy:S3/BucketAnonymousAccessGranted", "sz-prod-partner-exchange"),
        "F2": facts["session"],
        "F3": facts["key"],
        "F4": facts["intruder"],
        "F5": "888877776666",
        "F7": str(facts["order"]).split(", "),
        "F8": {"CopyObject": facts["objects_encrypted"]},
        "F9": ({facts["note"]}, 3),
        "F10": facts["keys_deleted"],
        "F11": ["pg", "config"],
        "F13": facts["anonymous_downloads"],
        "F14": (0, True),
    }


@pytest.mark.slow
def test_an_analyst_finds_every_answer(tell: Tell) -> None:
    told = tell("L2-C")
    assert solve(told) == answers(told)
    facts = told.truth.facts
    assert (facts["objects_encrypted"], facts["keys_deleted"]) == (1286, 9420)
    assert facts["anonymous_downloads"] == 31


@pytest.mark.slow
@pytest.mark.parametrize("team", TEAMS)
def test_another_team_finds_its_own_answers_on_the_same_path(tell: Tell, team: str) -> None:
    told, plain = tell("L2-C", team, background=False), Plan.of("small").story("L2-C")[1]
    assert solve(told) == answers(told)
    assert [row.name for row in told.truth.rows] == [row.name for row in plain.rows]
    for name in ("key", "session", "intruder", "keys_deleted"):
        assert told.truth.facts[name] != plain.facts[name], name


@pytest.mark.slow
def test_the_address_is_that_of_the_intruder_of_december(tell: Tell) -> None:
    told, earlier = tell("L2-C"), tell("L1-C")
    intruder = told.truth.facts["intruder"]
    calls = CLOUDTRAIL.include("source.ip", intruder)
    assert earlier.store.count(calls) > 0
    changed = CLOUDTRAIL.include("event.action", "UpdateAssumeRolePolicy")
    [change] = earlier.found(changed)
    document = change["requestParameters"]["policyDocument"]
    assert str(told.truth.facts["foreign_account"]) in document


@pytest.mark.slow
def test_an_open_bucket_is_told_of_and_then_closed(tell: Tell) -> None:
    told = tell("L2-C")
    checks = [
        (each["Title"].partition(" ")[0], each["Compliance"]["Status"])
        for each in told.found(HUB.time(*NIGHT))
        if each["ProductName"] == "Security Hub"
        and each["Resources"][0]["Id"].endswith("sz-prod-partner-exchange")
    ]
    opened = [("S3.2", "FAILED"), ("S3.8", "FAILED"), ("S3.2", "PASSED"), ("S3.8", "PASSED")]
    assert checks == opened
    [public] = told.found(HUB.time(*NIGHT).include("ProductName", "Macie"))
    assert public["Types"] == [
        "Software and Configuration Checks/AWS Security Best Practices/"
        "Policy:IAMUser-S3BucketPublic"
    ]


@pytest.mark.slow
def test_every_decoy_is_there_and_a_click_removes_it(tell: Tell) -> None:
    told = tell("L2-C")
    clicks = {exclusion.id for exclusion in told.plan.world.baseline.exclusions}
    for decoy, (there, left) in zip(told.truth.decoys, told.decoys().values(), strict=True):
        assert there, decoy.name
        assert decoy.removed_by not in clicks or not left, decoy.name
