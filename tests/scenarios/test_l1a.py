"""L1-A, "Midnight bill"."""

from __future__ import annotations

from collections import Counter

import pytest

from siemlab.datasets.plan import Plan
from siemlab.query import Query
from siemlab.scenarios import Truth
from siemlab.simulate.ids import account_of_key
from tests.scenarios.told import Tell, Told, count

CLOUDTRAIL, FLOWS = Query("log-aws-cloudtrail-*"), Query("log-aws-vpcflowlogs-*")
FINDINGS, LOOKUPS = Query("log-aws-guardduty-*"), Query("log-aws-r53resolver-*")
TEAMS = ("kawasemi", "t07", "t42")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Plan.of("small").story("L1-A")[1]


@pytest.mark.parametrize(
    ("row", "calls"),
    [
        pytest.param("1", 1, id="the leak scanner"),
        pytest.param("3", 6, id="denied questions to IAM"),
        pytest.param("5", 35, id="a list of regions and two calls in each of 17"),
        pytest.param("7", 2, id="dry runs"),
        pytest.param("8", 9, id="failed starts"),
        pytest.param("9", 3, id="key pair, group, rule"),
        pytest.param("13", 18, id="protections against termination"),
        pytest.param("18", 1, id="the key is off"),
    ],
)
def test_a_row_has_its_calls(truth: Truth, row: str, calls: int) -> None:
    assert count(truth, row)[0] == calls


def test_eighteen_instances_mine_and_four_of_them_are_seen(truth: Truth) -> None:
    [lookups] = [row.acts for row in truth.rows if row.name == "15"]
    [talks] = [row.acts for row in truth.rows if row.name == "16"]
    assert len(lookups) == len(talks) == 18
    assert sum(acts.logged.all() for acts in lookups) == 4
    assert sum(acts.logged.all() for acts in talks) == 4
    assert not any(acts.logged.any() for acts in talks if not acts.logged.all())


def test_every_instance_has_a_finding_of_its_own(truth: Truth) -> None:
    mining = [row for row in truth.rows if row.name.startswith("mining")]
    ids = {row.acts[0].ids[0] for row in mining}
    assert len(mining) == len(ids) == 18
    # The publishing frequency of 15 minutes: a document each time that more was seen.
    assert all(len(row.acts[0]) > 8 for row in mining)


def test_the_key_is_dead_when_the_engineer_has_turned_it_off() -> None:
    plan = Plan.of("small")
    off = int(plan.story("L1-A")[1].facts["key_dead"])
    assert plan.world.is_affected("key dead", "ci-image-builder", off)
    assert not plan.world.is_affected("key dead", "ci-image-builder", off - 1)


def test_the_key_carries_its_account(truth: Truth) -> None:
    assert account_of_key(str(truth.facts["key"])) == "777788889999"


# --- the analyst's path --------------------------------------------------------------------------


def solve(told: Told) -> dict[str, object]:
    """Answer the questions from the logs alone, step by step."""
    weekend = ("2022-11-12", "2022-11-14", "Asia/Tokyo")
    alarms = told.found(FINDINGS.time("2022-11-12T21:00", "2022-11-14", "Asia/Tokyo"))
    grave = [alarm for alarm in alarms if float(alarm["severity"]) >= 7]
    key = grave[0]["resource"]["accessKeyDetails"]["accessKeyId"]
    calls = CLOUDTRAIL.time(*weekend).include("user.id", key)
    foreign = told.excluding(calls, "company-aws")
    starts = foreign.include("event.action", "RunInstances")
    good = told.found(starts.include("event.outcome", "success"))
    mining = (
        FLOWS.time(*weekend)
        .include("source.ip", "172.31.0.0/16")
        .exclude("destination.port", ["80", "443"])
        .exclude("destination.ip", "172.31.0.0/16")
    )
    pool = next(iter(told.values(mining, "destination.ip")))
    engineer = CLOUDTRAIL.time(*weekend).include("event.action", "TerminateInstances")
    return {
        "A1": grave[0]["type"],
        "A2": key,
        "A3": {*told.values(foreign, "source.ip")},
        "A4": told.found(foreign)[0]["user_agent"]["original"],
        "A5": told.store.count(
            calls.include("event.module", "iam.amazonaws.com")
            .include("readOnly", True)
            .exists("error.code")
        ),
        "A6": (
            len(Counter(each["awsRegion"] for each in good)),
            told.store.count(starts.include("event.outcome", "failure")),
        ),
        "A7": sum(
            int(item["minCount"])
            for each in good
            for item in each["requestParameters"]["instancesSet"]["items"]
        ),
        "A8": told.found(engineer.exists("error.code"))[0]["errorCode"],
        "A9": (pool, next(iter(told.values(mining, "destination.port")))),
        "A10": len(told.values(FLOWS.include("destination.ip", pool), "cloud.instance.id")),
    }


def answers(told: Told) -> dict[str, object]:
    facts = told.truth.facts
    return {
        "A1": "Impact:IAMUser/AnomalousBehavior",
        "A2": facts["key"],
        "A3": {facts["scanner"], facts["miner"]},
        "A4": facts["first_tool"],
        "A5": 6,
        "A6": (2, 11),
        "A7": 18,
        "A8": "Client.OperationNotPermitted",
        "A9": (facts["pool"], "14444"),
        "A10": 4,
    }


@pytest.mark.slow
def test_an_analyst_finds_every_answer(tell: Tell) -> None:
    told = tell("L1-A")
    assert solve(told) == answers(told)


@pytest.mark.slow
@pytest.mark.parametrize("team", TEAMS)
def test_another_team_finds_its_own_answers_on_the_same_path(tell: Tell, team: str) -> None:
    told, plain = tell("L1-A", team, background=False), Plan.of("small").story("L1-A")[1]
    assert solve(told) == answers(told)
    assert [row.name.split(" us-")[0] for row in told.truth.rows] == [
        row.name.split(" us-")[0] for row in plain.rows
    ]
    same = {"user", "first_tool", "regions", "instances", "failed_starts", "pool_port"}
    for name in ("key", "scanner", "miner", "pool", "key_pair"):
        assert told.truth.facts[name] != plain.facts[name], name
    for name in same:
        assert told.truth.facts[name] == plain.facts[name], name


@pytest.mark.slow
def test_nothing_of_the_region_abroad_is_in_our_flow_and_query_logs(tell: Tell) -> None:
    told = tell("L1-A")
    abroad = told.truth.facts["mining_region"]
    assert told.store.count(FLOWS.include("cloud.region", abroad)) == 0
    assert told.store.count(LOOKUPS.include("cloud.region", abroad)) == 0
    assert told.store.count(LOOKUPS.lucene("dns.question.name:*pool-hikari*")) > 100


@pytest.mark.slow
def test_every_decoy_is_there_and_a_click_removes_it(tell: Tell) -> None:
    told = tell("L1-A")
    clicks = {exclusion.id for exclusion in told.plan.world.baseline.exclusions}
    for decoy in told.truth.decoys:
        there, left = told.decoys()[decoy.name]
        assert there, decoy.name
        assert decoy.removed_by not in clicks or not left, decoy.name
