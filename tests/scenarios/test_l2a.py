"""L2-A, "Passport preview"."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
import pytest

from siemlab.datasets.plan import Plan
from siemlab.query import Query
from siemlab.scenarios import Truth
from tests.scenarios.told import Tell, Told, count

CLOUDTRAIL, FINDINGS = Query("log-aws-cloudtrail-*"), Query("log-aws-guardduty-*")
REQUESTS, FIREWALL = Query("log-aws-elb-*"), Query("log-aws-waf-*")
OBJECTS, HUB = Query("log-aws-s3accesslog-*"), Query("log-aws-securityhub-*")
DAY = ("2022-12-19", "2022-12-20", "Asia/Tokyo")
TEAMS = ("kawasemi", "t07", "t42")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Plan.of("small").story("L2-A")[1]


@pytest.mark.parametrize(
    ("row", "log_type", "done", "logged"),
    [
        pytest.param("1", "alb", 300, 300, id="the crawl"),
        pytest.param("2", "waf", 14, 14, id="probes that are stopped"),
        pytest.param("5", "alb", 1, 1, id="the keys"),
        pytest.param("9", "cloudtrail", 3, 3, id="three refusals"),
        pytest.param("10", "cloudtrail", 9, 9, id="nine looks at buckets"),
        pytest.param("11", "cloudtrail", 5, 5, id="five lists"),
        pytest.param("12", "cloudtrail", 618, 618, id="papers, refusals, and KMS's refusals"),
        pytest.param("12", "s3accesslog", 615, 615, id="papers and refusals"),
        pytest.param("13", "s3accesslog", 9, 9, id="files of the exchange"),
        pytest.param("13", "cloudtrail", 9, 0, id="of which CloudTrail knows nothing"),
        pytest.param("14", "s3accesslog", 89, 0, id="extracts that no access log shows"),
        pytest.param("14", "cloudtrail", 89, 0, id="nor CloudTrail"),
        pytest.param("17", "cloudtrail", 17, 17, id="refused after the containment"),
    ],
)
def test_a_row_leaves_what_it_should(
    truth: Truth, row: str, log_type: str, done: int, logged: int
) -> None:
    assert count(truth, row, log_type) == (done, logged)


def test_the_web_servers_get_other_keys_half_an_hour_after_the_revocation() -> None:
    plan = Plan.of("small")
    revoked = int(plan.story("L2-A")[1].facts["revoked_at"])
    for host in ("sz-prod-web-01", "sz-prod-web-02"):
        before = plan.world.session_at(host, "444455556666", revoked)
        after = plan.world.session_at(host, "444455556666", revoked + 30 * 60_000)
        assert before.since < revoked < before.until == after.since, host
        for session, delivery in ((before, "1.0"), (after, "2.0")):
            identity = plan.world.host_caller(host, session, "agent").identity
            context = msgspec.json.decode(identity)["sessionContext"]
            assert context["ec2RoleDelivery"] == delivery, host


# --- the analyst's path --------------------------------------------------------------------------


def solve(told: Told) -> dict[str, object]:
    """Answer the questions from the logs alone, step by step."""
    alarms = told.found(FINDINGS.time(*DAY))
    alarm = next(
        each
        for each in alarms
        if float(each["severity"]) >= 7 and "InstanceCredential" in each["type"]
    )
    used = alarm["resource"]["accessKeyDetails"]
    thief = alarm["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]["ipAddressV4"]
    calls = CLOUDTRAIL.time(*DAY).include("user.id", used["accessKeyId"])
    foreign = told.excluding(calls, "private-networks", "company-aws")
    managed = foreign.include("eventCategory", "Management")
    first = told.found(managed)[0]
    moment = datetime.fromisoformat(first["@timestamp"])
    asked = REQUESTS.time(moment - timedelta(minutes=10), moment)
    asked = told.excluding(asked, "customers", "monitoring", "research-scanners")
    answered = asked.include("http.response.status_code", "200").include("url.path", "/preview")
    scripts = [each for each in told.values(answered, "user_agent.original") if "Moz" not in each]
    fetched = told.found(answered.include("user_agent.original", scripts))
    target = fetched[-1]["url"]["query"].removeprefix("url=")
    stopped = FIREWALL.include("source.ip", fetched[-1]["source"]["ip"])
    stopped = stopped.include("event.action", "BLOCK")
    read = CLOUDTRAIL.time(*DAY).include("event.action", "GetObject").include("source.ip", thief)
    read = read.include("requestParameters.bucketName", "sz-prod-customer-docs")
    [change] = told.found(CLOUDTRAIL.time(*DAY).include("event.action", "PutRolePolicy"))
    contained = datetime.fromisoformat(change["@timestamp"])
    refused = read.include("event.outcome", "failure").time(DAY[0], contained, DAY[2])
    taken = OBJECTS.include("source.ip", thief).include("Operation", "REST.GET.OBJECT")
    denied = CLOUDTRAIL.time(contained, None).include("source.ip", thief)
    return {
        "D1": (used["userName"], alarm["severity"]),
        "D2": thief,
        "D3": told.store.count(managed),
        "D4": (first["event"]["action"], round(moment.timestamp() * 1000)),
        "D5": (fetched[-1]["url"]["path"], fetched[-1]["source"]["ip"]),
        "D6": str(ipaddress.ip_address(int(str(urlsplit(target).hostname)))),
        "D7": {
            group["terminatingRule"]["ruleId"]
            for each in told.found(stopped)
            if "169.254.169.254" in each["httpRequest"]["args"]
            for group in each["ruleGroupList"]
            if "terminatingRule" in group
        },
        "D8": int(fetched[-1]["http"]["response"]["bytes"]),
        "D9": told.store.count(read.include("event.outcome", "success")),
        "D10": told.store.count(refused),
        "D11": {*told.values(taken, "Bucket")} - {"sz-prod-customer-docs"},
        "D14": (
            round(contained.timestamp() * 1000),
            told.store.count(denied.include("error.code", "AccessDenied")),
        ),
        "D15": first["userIdentity"]["sessionContext"]["ec2RoleDelivery"],
    }


def answers(told: Told) -> dict[str, object]:
    facts = told.truth.facts
    return {
        "D1": (facts["role"], 8),
        "D2": facts["thief"],
        "D3": 15,
        "D4": ("GetCallerIdentity", facts["first_call_at"]),
        "D5": ("/preview", facts["prober"]),
        "D6": "169.254.169.254",
        "D7": {facts["rule"]},
        "D8": 1682,
        "D9": facts["objects_read"],
        "D10": 3,
        "D11": {facts["other_bucket"]},
        "D14": (facts["revoked_at"], 17),
        "D15": "1.0",
    }


@pytest.mark.slow
def test_an_analyst_finds_every_answer(tell: Tell) -> None:
    told = tell("L2-A")
    assert solve(told) == answers(told)
    assert told.truth.facts["objects_read"] == 612


@pytest.mark.slow
@pytest.mark.parametrize("team", TEAMS)
def test_another_team_finds_its_own_answers_on_the_same_path(tell: Tell, team: str) -> None:
    told, plain = tell("L2-A", team, background=False), Plan.of("small").story("L2-A")[1]
    assert solve(told) == answers(told)
    assert [row.name for row in told.truth.rows] == [row.name for row in plain.rows]
    for name in ("key", "thief", "prober", "first_call_at", "objects_read"):
        assert told.truth.facts[name] != plain.facts[name], name


@pytest.mark.slow
def test_each_object_is_read_once(tell: Tell) -> None:
    told = tell("L2-A")
    lines = OBJECTS.include("source.ip", told.truth.facts["thief"])
    lines = lines.include("Bucket", "sz-prod-customer-docs").include(
        "http.response.status_code", "200"
    )
    keys = told.values(lines.include("Operation", "REST.GET.OBJECT"), "Key", 1000)
    assert len(keys) == told.truth.facts["objects_read"]
    assert {*keys.values()} == {1}


@pytest.mark.slow
def test_extracts_of_bookings_leave_no_trace_of_their_reading(tell: Tell) -> None:
    told = tell("L2-A")
    bucket, thief = told.truth.facts["unlogged_bucket"], told.truth.facts["thief"]
    assert told.store.count(OBJECTS.include("Bucket", bucket)) == 0
    asked = CLOUDTRAIL.include("source.ip", thief)
    asked = asked.include("requestParameters.bucketName", bucket)
    assert {*told.values(asked, "event.action")} == {"GetBucketLocation"}


@pytest.mark.slow
def test_what_macie_found_is_older_than_the_theft(tell: Tell) -> None:
    told = tell("L2-A")
    found = told.found(HUB.include("ProductName", "Macie"))
    first = datetime.fromtimestamp(int(told.truth.facts["first_call_at"]) / 1000).astimezone()
    assert found
    assert all(datetime.fromisoformat(each["CreatedAt"]) < first for each in found)


@pytest.mark.slow
def test_every_decoy_is_there_and_a_click_removes_it(tell: Tell) -> None:
    told = tell("L2-A")
    clicks = {exclusion.id for exclusion in told.plan.world.baseline.exclusions}
    for decoy, (there, left) in zip(told.truth.decoys, told.decoys().values(), strict=True):
        assert there, decoy.name
        assert decoy.removed_by not in clicks or not left, decoy.name
