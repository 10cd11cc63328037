"""L1-B, "The open door"."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from siemlab.datasets.plan import Plan
from siemlab.query import Query
from siemlab.scenarios import Truth
from siemlab.simulate.calendar import MINUTE, millis
from tests.scenarios.told import Tell, Told, count, plan_of

CLOUDTRAIL, FLOWS = Query("log-aws-cloudtrail-*"), Query("log-aws-vpcflowlogs-*")
FINDINGS, SECURE = Query("log-aws-guardduty-*"), Query("log-linux-secure-*")
HUB, FIREWALL = Query("log-aws-securityhub-*"), Query("log-aws-waf-*")
TEAMS = ("kawasemi", "t07", "t42")
TEST = ("2022-11-24T13:00", "2022-11-24T15:00", "Asia/Tokyo")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Plan.of("small").story("L1-B")[1]


@pytest.mark.parametrize(
    ("row", "log_type", "records"),
    [
        pytest.param("5 named", "vpcflowlogs", 2, id="a named scanner: in and out"),
        pytest.param("6", "vpcflowlogs", 2 * 4312, id="first guesser: in and out, none cut in two"),
        pytest.param("6", "linux-secure", 2 * 4300, id="twelve of them ask for no password"),
        pytest.param("7", "vpcflowlogs", 2 * 2874, id="second guesser"),
        pytest.param("7", "linux-secure", 2 * 2874, id="second guesser's passwords"),
        pytest.param("8", "linux-secure", 2 * 96, id="patient guesser"),
        pytest.param("9", "linux-secure", 4, id="in, opened, out, closed"),
        pytest.param("11", "route53resolver", 1, id="a lookup before the download"),
        pytest.param(
            "12", "vpcflowlogs", 2 * 4 + 2 * 14, id="two hosts answer, the database does not"
        ),
        pytest.param("controls failed", "securityhub", 2, id="EC2.19 and CIS 4.1 fail"),
        pytest.param("controls passed", "securityhub", 2, id="EC2.19 and CIS 4.1 pass"),
    ],
)
def test_a_row_has_its_records(truth: Truth, row: str, log_type: str, records: int) -> None:
    assert count(truth, row, log_type)[0] == records


def test_the_patient_guesser_tries_every_200_seconds_or_so(truth: Truth) -> None:
    [row] = [row for row in truth.rows if row.name == "8"]
    [lines] = [acts for acts in row.acts if acts.log_type == "linux-secure"]
    gaps = np.diff(np.sort(lines.at)[::2]) // 1000
    assert {170 < gap < 230 for gap in gaps.tolist()} == {True}


def test_the_door_stands_open_from_the_first_call_to_the_second(truth: Truth) -> None:
    world = Plan.of("small").world
    opened, closed = int(truth.facts["start"]), int(truth.facts["closed"])
    assert world.is_affected("ssh open", "sz-prod-bastion-01", opened)
    assert not world.is_affected("ssh open", "sz-prod-bastion-01", opened - 1)
    assert not world.is_affected("ssh open", "sz-prod-bastion-01", closed)


@pytest.mark.parametrize("team", TEAMS)
def test_counts_have_one_factor_for_the_whole_story(team: str) -> None:
    facts = plan_of(team).story("L1-B")[1].facts
    rates = [
        int(facts[name]) / page
        for name, page in (("attempts_1", 4312), ("attempts_2", 2874), ("attempts_intruder", 96))
    ]
    assert {0.79 < rate < 1.21 for rate in rates} == {True}
    assert max(rates) - min(rates) < 0.02
    assert facts["attempts_1"] > facts["attempts_2"] > facts["attempts_intruder"]


# --- the analyst's path --------------------------------------------------------------------------


def at_ssh(told: Told) -> Query:
    return (
        FLOWS.include("destination.ip", "10.20.0.10")
        .include("destination.port", "22")
        .include("event.action", "ACCEPT")
    )


def solve(told: Told) -> dict[str, object]:
    """Answer the questions from the logs alone, step by step."""
    grave = [
        alarm
        for alarm in told.found(FINDINGS.include("rule.id", "UnauthorizedAccess:EC2/SSHBruteForce"))
        if alarm["severity"] == 8
    ]
    known = ("office", "monitoring", "research-scanners", "private-networks")
    strangers = told.excluding(at_ssh(told), *known).exclude("source.ip", "198.51.100.160/27")
    first = min(told.found(strangers), key=lambda flow: int(flow["start"]))
    changes = CLOUDTRAIL.include("event.module", "ec2.amazonaws.com")
    before = (int(first["start"]) - 3600, int(first["start"]))
    opened = told.found(
        changes.include("event.action", "AuthorizeSecurityGroupIngress").time(
            *(datetime.fromtimestamp(second, UTC) for second in before)
        )
    )[-1]
    group = opened["requestParameters"]["groupId"]
    [closed] = told.found(
        changes.include("event.action", "RevokeSecurityGroupIngress").lucene(f'"{group}"')
    )
    failures = told.excluding(SECURE.include("event.outcome", "failure"), "monitoring")
    accepted = SECURE.include("event.action", "Accepted")
    traveler = told.found(accepted.include("source.ip", opened["source"]["ip"]))
    strange = told.excluding(accepted, "office").exclude("source.ip", "198.51.100.160/27")
    [break_in] = told.found(strange)
    probed = FLOWS.include("source.ip", "10.20.0.10").include("event.action", "REJECT")
    minutes = (at(closed["eventTime"]) - at(opened["eventTime"])) // MINUTE
    return {
        "B1": {
            (alarm["resource"]["instanceDetails"]["instanceId"], role(alarm)) for alarm in grave
        },
        "B2": (first["source"]["ip"], int(first["start"])),
        "B3": (opened["eventName"], opened["source"]["ip"]),
        "B4": ({line["user"]["name"] for line in traveler}, opened["user"]["name"]),
        "B5": next(iter(told.values(failures, "source.ip"))),
        "B6": (break_in["source"]["ip"], break_in["user"]["name"], break_in["@timestamp"][:19]),
        "B8": told.values(probed, "destination.ip") | told.values(probed, "destination.port"),
        "B10": minutes,
    }


def role(alarm: dict[str, object]) -> object:
    return alarm["service"]["resourceRole"]  # type: ignore[index]


def at(text: str) -> int:
    return millis(text)


def answers(told: Told) -> dict[str, object]:
    facts = told.truth.facts
    # The host's clock shows Japan's time without a zone, and the loader takes it for UTC.
    clock = datetime.fromtimestamp(int(facts["broke_in"]) / 1000 + 9 * 3600, UTC)
    return {
        "B1": {(facts["instance"], "ACTOR")},
        "B2": (facts["first_stranger"], int(facts["first_accepted"]) // 1000),
        "B3": ("AuthorizeSecurityGroupIngress", facts["opened_from"]),
        "B4": ({"hamada"}, "y-hamada@sazanami-tabi.example"),
        "B5": facts["guesser_1"],
        "B6": (facts["intruder"], "deploy", clock.strftime("%Y-%m-%dT%H:%M:%S")),
        "B8": {"10.20.20.30": 14, "5432": 14},
        "B10": facts["minutes_open"],
    }


@pytest.mark.slow
def test_an_analyst_finds_every_answer(tell: Tell) -> None:
    told = tell("L1-B")
    assert solve(told) == answers(told)


@pytest.mark.slow
def test_the_page_has_these_answers(tell: Tell) -> None:
    found = solve(tell("L1-B"))
    assert found["B2"] == ("198.19.44.17", millis("2022-11-24T11:06:10Z") // 1000)
    assert found["B6"] == ("198.51.100.77", "deploy", "2022-11-25T03:22:41")
    assert found["B10"] == 795


@pytest.mark.slow
def test_guardduty_names_the_fast_guessers_and_never_the_patient_one(tell: Tell) -> None:
    told = tell("L1-B")
    alarms = told.found(FINDINGS.time("2022-11-24", "2022-11-26"))
    named = [
        alarm["service"]["action"]["networkConnectionAction"]["remoteIpDetails"]["ipAddressV4"]
        for alarm in alarms
        if alarm["type"].endswith("SSHBruteForce") and role(alarm) == "TARGET"
    ]
    facts = told.truth.facts
    assert (named[0], named[-1]) == (facts["guesser_1"], facts["guesser_2"])
    assert facts["intruder"] not in str(alarms)


@pytest.mark.slow
def test_twelve_addresses_of_the_noise_come_in_when_the_door_is_open(tell: Tell) -> None:
    told = tell("L1-B")
    assert len(told.values(at_ssh(told).include("source.ip", "198.19.0.0/16"), "source.ip")) == 12


@pytest.mark.slow
def test_mihari_is_the_top_talker_until_it_is_excluded(tell: Tell) -> None:
    told = tell("L1-B")
    assert next(iter(told.values(at_ssh(told), "source.ip"))) == "192.0.2.10"
    left = told.excluding(at_ssh(told), "monitoring")
    assert next(iter(told.values(left, "source.ip"))) == told.truth.facts["guesser_1"]


@pytest.mark.slow
@pytest.mark.parametrize("query", [FLOWS, FIREWALL], ids=["flow logs", "web ACL"])
def test_the_announced_test_is_there_and_one_click_removes_it(tell: Tell, query: Query) -> None:
    told = tell("L1-B")
    tested = query.time(*TEST).include("source.ip", "192.0.2.64/28")
    assert told.store.count(tested) > 20
    assert told.store.count(told.excluding(tested, "pen-tester")) == 0


@pytest.mark.slow
def test_the_group_fails_its_controls_and_passes_them_in_the_morning(tell: Tell) -> None:
    told = tell("L1-B")
    group = str(told.truth.facts["group"])
    states = [
        check["Compliance"]["Status"]
        for check in told.found(HUB.time("2022-11-24T10:00Z", "2022-11-25T10:00Z"))
        if check["Title"].startswith("EC2.19") and group in str(check["Resources"])
    ]
    assert (states[0], states[-1]) == ("FAILED", "PASSED")


@pytest.mark.slow
@pytest.mark.parametrize("team", TEAMS)
def test_another_team_finds_its_own_answers_on_the_same_path(tell: Tell, team: str) -> None:
    told, plain = tell("L1-B", team, background=False), Plan.of("small").story("L1-B")[1]
    assert solve(told) == answers(told)
    assert [row.name for row in told.truth.rows] == [row.name for row in plain.rows]
    for name in ("instance", "intruder", "guesser_1", "opened_from", "first_stranger", "group"):
        assert told.truth.facts[name] != plain.facts[name], name


@pytest.mark.slow
def test_every_decoy_is_there_and_a_click_removes_it(tell: Tell) -> None:
    told = tell("L1-B")
    clicks = {exclusion.id for exclusion in told.plan.world.baseline.exclusions}
    for decoy in told.truth.decoys:
        there, left = told.decoys()[decoy.name]
        assert there, decoy.name
        assert decoy.removed_by not in clicks or not left, decoy.name
