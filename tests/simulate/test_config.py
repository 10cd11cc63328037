"""AWS Config: items after changes, snapshots that agree with the company, rules that run again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from siemlab.baseline.network import Rule
from siemlab.normalize import Document, normalize
from siemlab.simulate import resources as of
from siemlab.simulate.behaviors import images, pipeline
from siemlab.simulate.behaviors.configuration import CONFIGURATION
from siemlab.simulate.calendar import MINUTE, SECOND, Day, days_between, millis
from siemlab.simulate.config import Resource, Verdict, compliance, item, record, recorded
from siemlab.simulate.run import store_records
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World
from tests.simulate import findings
from tests.simulate.findings import GROUP, HOST, PROD, START, documents, stage, world

BASE = world().baseline
EVERY: dict[str, Resource] = {
    "VPC": of.vpc(world(), "sz-prod"),
    "default VPC": of.vpc(world(), "sz-dev-default-ap-northeast-1"),
    "subnet": of.subnet(world(), "sz-prod", "sz-prod-app-1a"),
    "security group": of.security_group(world(), GROUP),
    "instance": of.instance(world(), HOST),
    "volume": of.volume(world(), HOST),
    "interface": of.interface(world(), BASE.interfaces["sz-prod-nat-1a"]),
    "bucket": of.bucket(world(), "sz-prod-customer-docs"),
    "function": of.function(world(), "sz-prod-booking-notify"),
    "database": of.database(world(), "sz-prod-booking-db"),
    "balancer": of.load_balancer(world(), "sz-prod-alb"),
    "role": of.role(world(), BASE.role("sz-prod", "sz-batch-ec2-role")),
    "user": of.user(world(), "svc-backup"),
    "inventory": of.managed_inventory(world(), HOST),
    "association": of.association_compliance(world(), HOST, START),
}


def day_of(place: World, day: date) -> Records:
    """What Config records on a dense day."""
    records = Records()
    name = CONFIGURATION.name
    CONFIGURATION.act(Stage(place, records, name, day.isoformat()), Day(day, "dense"))
    return records


@pytest.mark.parametrize("name", EVERY)
def test_an_item_is_read_back_by_the_siem(name: str, tmp_path: Path) -> None:
    place = stage()
    item(place, EVERY[name], START)
    item(place, EVERY[name], START + 10 * MINUTE, "ResourceDeleted")
    list(store_records(world(), Day(date(2022, 11, 12), "dense"), place.records, tmp_path))
    read = list(normalize([tmp_path]))
    assert [type(each) for each in read] == [Document, Document]


@pytest.mark.parametrize("name", EVERY)
def test_config_sees_a_change_within_minutes(name: str) -> None:
    acts = item(stage(), EVERY[name], START)
    assert 40 * SECOND <= int(acts.at[0]) - START <= 4 * MINUTE


def test_what_is_gone_has_no_configuration() -> None:
    gone = record(EVERY["instance"], START, "ResourceDeleted")
    assert gone["configuration"] is None
    assert gone["relationships"] == []
    assert gone["resourceId"] == world().ids.instance(HOST)


def test_a_group_that_was_opened_shows_the_new_rule_beside_the_old_ones() -> None:
    opened = of.security_group(world(), GROUP, (Rule("tcp", 22, 22, "0.0.0.0/0", "temp"),))
    before, after = EVERY["security group"].configuration, opened.configuration
    assert after["ipPermissions"][:-1] == before["ipPermissions"]
    assert after["ipPermissions"][-1]["ipRanges"] == ["0.0.0.0/0"]


def test_a_rule_that_changes_its_mind_tells_both_results() -> None:
    place = stage()
    verdict = Verdict("restricted-ssh", EVERY["security group"], "NON_COMPLIANT", "COMPLIANT", 1)
    compliance(place, verdict, START)
    detail = documents(place.records, "config-rules")[0]["detail"]
    assert detail["newEvaluationResult"]["complianceType"] == "NON_COMPLIANT"
    assert detail["oldEvaluationResult"]["complianceType"] == "COMPLIANT"
    assert detail["configRuleName"].startswith("securityhub-restricted-ssh-")


def test_a_role_trusts_whom_the_baseline_says() -> None:
    text = EVERY["role"].configuration["assumeRolePolicyDocument"]
    trust = json.loads(unquote(text))["Statement"][0]["Principal"]
    assert trust == {"Service": "ec2.amazonaws.com"}
    more = of.role(world(), BASE.role("sz-prod", "sz-batch-ec2-role"), ("888877776666",))
    opened = json.loads(unquote(more.configuration["assumeRolePolicyDocument"]))
    assert opened["Statement"][0]["Principal"]["AWS"] == "arn:aws:iam::888877776666:root"


def test_no_role_trusts_everybody() -> None:
    texts = [
        unquote(of.role(world(), found).configuration["assumeRolePolicyDocument"])
        for found in BASE.roles.values()
    ]
    assert [text for text in texts if '"*"' in text or '"Principal":{}' in text] == []


def test_a_day_has_a_snapshot_of_each_account_and_a_few_hundred_records() -> None:
    records = day_of(world(), date(2022, 10, 5))
    shot = documents(records, "config-snapshot")
    count = sum(len(documents(records, kind)) for kind in ("config-history", "config-rules"))
    assert {each["awsAccountId"] for each in shot} == {PROD, "777788889999"}
    assert 120 <= len(shot) <= 250
    assert 80 <= count <= 250


def test_a_snapshot_names_what_the_company_has() -> None:
    shot = documents(day_of(world(), date(2022, 10, 5)), "config-snapshot")
    ids = {each["resourceId"] for each in shot}
    ours = [host for host in BASE.hosts.values() if host.account in ("sz-prod", "sz-dev")]
    there = {host.name for host in ours if world().ids.instance(host.name) in ids}
    assert there == {host.name for host in ours if host.alive(datetime(2022, 10, 5, tzinfo=UTC))}
    assert {bucket for bucket in BASE.buckets if bucket.startswith("sz-prod")} <= ids


def test_a_resource_that_did_not_change_has_the_time_of_its_last_change() -> None:
    shots = [
        {each["ARN"]: each for each in documents(day_of(world(), day), "config-snapshot")}
        for day in (date(2022, 10, 5), date(2022, 10, 6))
    ]
    names = ("configurationItemCaptureTime", "configurationStateId")
    settled = [arn for arn in shots[0] if ":ssm:" not in arn]  # of hosts something is always new
    same = [arn for arn in settled if all(shots[0][arn][n] == shots[1][arn][n] for n in names)]
    assert len(same) > 0.95 * len(settled)


def test_what_changed_since_the_last_snapshot_stands_in_the_history() -> None:
    days = days_between(date(2022, 10, 3), date(2022, 10, 14))
    records = Records()
    for day in days:
        records.update(day_of(world(), day))
        pipeline.integrate(
            Stage(world(), records, pipeline.PIPELINE.name, day.isoformat()), Day(day, "dense")
        )
    history = {
        (each["ARN"], each["configurationItemCaptureTime"])
        for each in documents(records, "config-history")
    }
    shots = documents(records, "config-snapshot")
    fresh = {
        (each["ARN"], each["configurationItemCaptureTime"])
        for each in shots
        if each["configurationItemCaptureTime"] > "2022-10-03T00"
    }
    assert fresh
    assert fresh <= history


def test_no_item_of_a_resource_has_the_same_second_as_another() -> None:
    records = day_of(world(), date(2022, 10, 5))
    known = [
        (each["resourceType"], each["resourceId"], each["configurationItemCaptureTime"][:19])
        for each in documents(records, "config-history")
    ]
    assert len(set(known)) == len(known)


OPENED, CLOSED = millis("2022-11-24T10:42:31Z"), millis("2022-11-25T00:58:00Z")
BACKDOOR = BASE.role("sz-prod", "sz-batch-ec2-role")
CHANGED: dict[str, tuple[Resource, Resource]] = {
    "an open door": (
        of.security_group(world(), GROUP, (Rule("tcp", 22, 22, "0.0.0.0/0", "temp"),)),
        EVERY["security group"],
    ),
    "a public bucket": (
        of.bucket(world(), "sz-prod-customer-docs", public_read=True, blocked=False),
        EVERY["bucket"],
    ),
    "a safer metadata service": (of.instance(world(), HOST, tokens="required"), EVERY["instance"]),
    "a back door": (of.role(world(), BACKDOOR, ("888877776666",)), EVERY["role"]),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_snapshot_has_the_very_item_that_a_story_left(name: str) -> None:
    place = stage()
    for resource, at in zip(CHANGED[name], (OPENED, CLOSED), strict=True):
        item(place, resource, at)
    left = documents(place.records, "config-history")
    changed = replace(world(), items=recorded(place.records))
    day = date(2022, 11, 25)  # its snapshot is taken at 23:43Z of the day before
    for when, change in ((day, left[0]), (day + timedelta(days=1), left[1])):
        before, after = (
            {each["ARN"]: each for each in documents(day_of(there, when), "config-snapshot")}
            for there in (world(), changed)
        )
        assert before.keys() == after.keys()
        assert [arn for arn in before if before[arn] != after[arn]] == [change["ARN"]]
        assert after[change["ARN"]] == change


def test_what_a_story_made_stands_in_the_snapshot_until_it_is_gone() -> None:
    place = stage()
    made = replace(EVERY["user"], id="AIDAEXAMPLE", name="new", arn=f"{EVERY['user'].arn}-new")
    item(place, made, OPENED, "ResourceDiscovered")
    item(place, made, CLOSED, "ResourceDeleted")
    changed = replace(world(), items=recorded(place.records))
    there = [
        made.arn in {each["ARN"] for each in documents(day_of(changed, day), "config-snapshot")}
        for day in days_between(date(2022, 11, 24), date(2022, 11, 26))
    ]
    assert there == [False, True, False]


def test_what_else_changes_of_a_resource_leaves_what_a_story_did_to_it() -> None:
    place = stage()
    for found in BASE.roles.values():
        if found.account == "sz-prod" and found.trusted:
            item(place, of.role(world(), found, ("888877776666",)), millis("2022-01-05T00:00:00Z"))
    changed = replace(world(), items=recorded(place.records))
    moved = [
        unquote(each["configuration"]["assumeRolePolicyDocument"])
        for day in days_between(date(2022, 10, 3), date(2022, 10, 20))
        for each in documents(day_of(changed, day), "config-history")
        if each["resourceId"] in {story.resource for story in changed.items}
    ]
    assert moved
    assert [text for text in moved if "888877776666" not in text] == []


def test_new_code_leaves_a_function_its_layers() -> None:
    place, layer = stage(), "arn:aws:lambda:ap-northeast-1:999999999999:layer:otel:3"
    names = ("sz-prod-booking-notify", "sz-prod-image-resize", "sz-prod-payment-webhook")
    for name in names:
        item(place, of.function(world(), name, layers=(layer,)), millis("2022-10-04T03:00:00Z"))
    changed = replace(world(), items=recorded(place.records))
    day, records = Day(date(2022, 10, 5), "dense"), Records()
    pipeline.integrate(Stage(changed, records, "pipeline", day.date.isoformat()), day)
    deployed = documents(records, "config-history")
    assert deployed
    assert {each["configuration"]["layers"][0]["arn"] for each in deployed} == {layer}


def test_teams_have_the_same_items_under_other_ids() -> None:
    one, other = (
        documents(day_of(findings.world(team), date(2022, 10, 5)), "config-history")
        for team in ("t01", "t02")
    )
    times = [[each["configurationItemCaptureTime"] for each in found] for found in (one, other)]
    assert times[0] == times[1]
    assert one != other


def test_packers_instance_is_found_after_it_starts_and_gone_after_it_ends() -> None:
    day = Day(date(2022, 10, 5), "dense")
    records = day_of(world(), day.date)
    images.bake(Stage(world(), records, images.IMAGES.name, day.date.isoformat()), day)
    made = images.builder(world(), day)
    calls = {
        each["eventName"]: each["eventTime"]
        for each in documents(records, "cloudtrail")
        if made.instance in json.dumps(each)
    }
    items = {
        each["configurationItemStatus"]: each["configurationItemCaptureTime"]
        for each in documents(records, "config-history")
        if each["resourceId"] == made.instance
    }
    assert calls["RunInstances"] < items["ResourceDiscovered"] < calls["TerminateInstances"]
    assert calls["TerminateInstances"] < items["ResourceDeleted"]


def test_a_deployment_leaves_an_item_with_the_hash_that_the_call_answered() -> None:
    day, records = Day(date(2022, 10, 5), "dense"), Records()
    pipeline.integrate(Stage(world(), records, "pipeline", day.date.isoformat()), day)
    called = sorted(
        (each["responseElements"]["functionName"], each["responseElements"]["codeSha256"])
        for each in documents(records, "cloudtrail")
        if each["eventName"].startswith("UpdateFunctionCode")
    )
    kept = sorted(
        (each["resourceName"], each["configuration"]["codeSha256"])
        for each in documents(records, "config-history")
    )
    assert called
    assert kept == called
