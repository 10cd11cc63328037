"""L1-C, "Console at 3 a.m."."""

from __future__ import annotations

import json

import pytest

from siemlab.datasets.plan import Plan
from siemlab.query import Query
from siemlab.scenarios import Truth
from siemlab.scenarios.actors import actors_of
from tests.scenarios.told import Tell, Told

CLOUDTRAIL, FINDINGS = Query("log-aws-cloudtrail-*"), Query("log-aws-guardduty-*")
TEAMS = ("kawasemi", "t07", "t42")
NIGHT = ("2022-12-09T00:00", "2022-12-09T06:00", "Asia/Tokyo")
MORNING = ("2022-12-09T09:40", "2022-12-09T10:00", "Asia/Tokyo")
FIVE = [
    *("CreateUser", "CreateLoginProfile", "CreateAccessKey", "AttachUserPolicy"),
    "UpdateAssumeRolePolicy",
]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Plan.of("small").story("L1-C")[1]


@pytest.mark.parametrize(
    ("row", "calls"),
    [
        pytest.param("1", 23, id="failed sign-ins"),
        pytest.param("2", 1, id="the one that works"),
        pytest.param("3", 12, id="a look around"),
        pytest.param("9", 2, id="what the boundary forbids"),
        pytest.param("10", 9, id="who am I, which buckets, and where is each of the seven"),
    ],
)
def test_a_row_has_its_calls(truth: Truth, row: str, calls: int) -> None:
    [found] = [each for each in truth.rows if each.name == row]
    assert sum(len(acts) for acts in found.acts if acts.log_type == "cloudtrail") == calls


def test_there_are_two_findings_and_none_about_the_sign_in(truth: Truth) -> None:
    kinds = [row.name for row in truth.rows if row.kind == "finding"]
    assert kinds == ["Discovery:IAMUser/AnomalousBehavior", "Persistence:IAMUser/AnomalousBehavior"]


def test_the_server_is_the_one_that_comes_back_with_the_ransom_note() -> None:
    plan = Plan.of("small", team="t07")
    assert plan.story("L1-C")[1].facts["server"] == actors_of(plan.world)["intruder's server"]


# --- the analyst's path --------------------------------------------------------------------------


def solve(told: Told) -> dict[str, object]:
    """Answer the questions from the logs alone, step by step."""
    logins = CLOUDTRAIL.include("event.action", "ConsoleLogin")
    bare = (
        logins.time("2022-12-05", "2022-12-11", "Asia/Tokyo")
        .include("event.outcome", "success")
        .include("additionalEventData.MFAUsed", "No")
        .include("userIdentity.type", "IAMUser")
    )
    [odd] = told.found(told.excluding(bare, "office"))
    user, address = odd["user"]["name"], odd["source"]["ip"]
    failed = logins.time(*NIGHT).include("source.ip", "198.51.100.64/27")
    failed = failed.include("responseElements.ConsoleLogin", "Failure")
    names = told.values(failed, "user.name")
    shown = CLOUDTRAIL.time(*NIGHT).include("user.name", user).include("source.ip", address)
    [session] = told.values(shown.exists("user.id"), "user.id")
    writes = CLOUDTRAIL.include("user.id", session).include("readOnly", False)
    writes = writes.exclude("event.action", "ConsoleLogin")
    steps = told.found(writes.missing("error.code"))
    made = steps[0]["requestParameters"]["userName"]
    key = next(step for step in steps if step["eventName"] == "CreateAccessKey")
    new_key = key["responseElements"]["accessKey"]["accessKeyId"]
    used = CLOUDTRAIL.include("user.id", new_key)
    undone = CLOUDTRAIL.time(*MORNING).include("user.name", "y-sudo").include("readOnly", False)
    changed = [step for step in steps if step["eventName"] == "UpdateAssumeRolePolicy"]
    trust = json.loads(changed[0]["requestParameters"]["policyDocument"])
    return {
        "C1": told.store.count(told.excluding(bare, "office")),
        "C2": (user, address),
        "C4": (sum(names.values()), len(names) - 1),
        "C5": names["HIDDEN_DUE_TO_SECURITY_REASONS"],
        "C6": steps[0]["eventName"],
        "C7": (made, new_key),
        "C8": (*told.values(used, "source.ip"), "S3 Browser" in str(told.found(used)[0])),
        "C9": {*told.values(writes.exists("error.code"), "event.action")},
        "C10": [step["eventName"] for step in steps],
        "C11": (
            changed[0]["requestParameters"]["roleName"],
            trust["Statement"][0]["Principal"]["AWS"],
            {*told.values(undone, "event.action")} - {"ConsoleLogin", "CheckMfa"},
        ),
    }


def answers(told: Told) -> dict[str, object]:
    facts = told.truth.facts
    return {
        "C1": 1,
        "C2": ("k-tanabe", facts["intruder"]),
        "C4": (23, 3),
        "C5": 9,
        "C6": "CreateUser",
        "C7": (facts["made_user"], facts["made_key"]),
        "C8": (facts["server"], True),
        "C9": {"DeactivateMFADevice", "UpdateLoginProfile"},
        "C10": FIVE,
        "C11": (
            "sz-batch-ec2-role",
            "arn:aws:iam::888877776666:root",
            {
                "UpdateLoginProfile",
                "DeleteAccessKey",
                "DeleteLoginProfile",
                "DetachUserPolicy",
                "DeleteUser",
            },
        ),
    }


@pytest.mark.slow
def test_an_analyst_finds_every_answer(tell: Tell) -> None:
    told = tell("L1-C")
    assert solve(told) == answers(told)


@pytest.mark.slow
def test_the_intruder_looks_like_osaka_and_is_no_office(tell: Tell) -> None:
    told = tell("L1-C")
    address = told.truth.facts["intruder"]
    login = told.found(CLOUDTRAIL.include("source.ip", address).time(*NIGHT))[-1]
    assert login["source"]["geo"]["city_name"] == "Osaka"
    assert login["source"]["as"]["organization"]["name"] == "EXAMPLE-RESIDENTIAL"


@pytest.mark.slow
def test_the_finding_lists_the_five_calls(tell: Tell) -> None:
    told = tell("L1-C")
    kind = "Persistence:IAMUser/AnomalousBehavior"
    [alarm] = told.found(FINDINGS.include("rule.id", kind).time(*NIGHT))
    listed = alarm["service"]["additionalInfo"]["anomalies"]["anomalousAPIs"]
    assert listed == f"iam.amazonaws.com:[{' , '.join(f'{name}:success' for name in FIVE)}]"
    assert (alarm["region"], alarm["severity"]) == ("us-east-1", 5)


@pytest.mark.slow
@pytest.mark.parametrize("team", TEAMS)
def test_another_team_finds_its_own_answers_on_the_same_path(tell: Tell, team: str) -> None:
    told, plain = tell("L1-C", team, background=False), Plan.of("small").story("L1-C")[1]
    assert solve(told) == answers(told)
    assert [row.name for row in told.truth.rows] == [row.name for row in plain.rows]
    for name in ("intruder", "made_user", "made_key", "server", "session_key"):
        assert told.truth.facts[name] != plain.facts[name], name


@pytest.mark.slow
def test_every_decoy_is_there_and_a_click_removes_it(tell: Tell) -> None:
    told = tell("L1-C")
    clicks = {exclusion.id for exclusion in told.plan.world.baseline.exclusions}
    for decoy in told.truth.decoys:
        there, left = told.decoys()[decoy.name]
        assert there, decoy.name
        assert decoy.removed_by not in clicks or not left, decoy.name
