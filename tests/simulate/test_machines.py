"""Machines and services: credentials, agents, monitoring, CI, the nightly image, functions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from siemlab.baseline import load_baseline
from siemlab.simulate.behaviors import BEHAVIORS
from siemlab.simulate.builds import NUMBER, builds_of, package_of
from siemlab.simulate.calendar import HOUR, Day, millis
from siemlab.simulate.world import Effect, World
from tests.simulate.company_days import dense, events_of, field, found, lived

WORLD = World(load_baseline(), seed=2022)
RUNNER, PROD, DEV = "203.0.113.141", "444455556666", "777788889999"


def test_monitoring_looks_every_five_minutes_at_both_accounts() -> None:
    looks = found(lived("2022-10-05", 1, "monitoring"), "DescribeInstances")
    for account in (PROD, DEV):
        minutes = [
            event["eventTime"][:16] for event in looks if event["recipientAccountId"] == account
        ]
        assert len(minutes) == 288
        assert {minute[-1] for minute in minutes} == {"0", "5"}
    assert {event["sourceIPAddress"] for event in looks} == {"192.0.2.10", "192.0.2.11"}


def test_the_partner_takes_its_role_with_an_external_id_and_is_seen_as_an_account() -> None:
    taken = found(lived("2022-10-05", 1, "monitoring"), "AssumeRole")
    assert {event["userIdentity"]["type"] for event in taken} == {"AWSAccount"}
    assert {event["userIdentity"]["accountId"] for event in taken} == {"222222222222"}
    assert all(event["requestParameters"]["externalId"] for event in taken)


def test_agents_say_that_they_live_with_their_hosts_own_keys() -> None:
    beats = found(lived("2022-10-05", 1, "agents"), "UpdateInstanceInformation")
    hosts = Counter(event["requestParameters"]["instanceId"] for event in beats)
    assert len(hosts) >= 16
    assert min(hosts.values()) >= 23
    for event in beats:
        assert event["userIdentity"]["arn"].endswith(event["requestParameters"]["instanceId"])


RELEASED = {
    "Python/3.9.11": "2022-03-16",
    "Python/3.9.13": "2022-05-17",
    "(go1.17.6": "2022-01-06",
    "(go1.18": "2022-03-15",
    "go1.17.11": "2022-06-01",
    "4.14.281-": "2022-06-29",
    "Darwin/21.4": "2022-03-14",
    "Darwin/21.6": "2022-07-20",
    "docker/20.10.17": "2022-06-06",
    "v14.20.0": "2022-07-07",
    "Java/11.0.16": "2022-07-19",
    "Terraform/1.2": "2022-05-18",
    "aws-sdk-go/1.44": "2022-05-02",
    "aws-sdk-java/2.17.2": "2022-06-01",
    "Boto3/1.24": "2022-06-01",
}


@pytest.mark.parametrize("day", ["2022-01-05", "2022-04-20", "2022-05-11", "2022-07-06"])
def test_nobody_uses_a_program_before_it_was_released(day: str) -> None:
    names = [behavior.name for behavior in BEHAVIORS]
    agents = {event["userAgent"] for event in lived(day, 1, *names)}
    known = [part for part, released in RELEASED.items() if released > day]
    assert [agent for agent in agents if any(part in agent for part in known)] == []


def test_a_host_that_is_no_more_is_silent() -> None:
    mock = WORLD.ids.instance("sz-dev-mock-01")
    names = ("agents", "credentials")
    before = str(lived("2022-08-25", 1, *names))
    after = str(lived("2022-08-28", 1, *names))
    assert mock in before
    assert mock not in after


def test_agents_of_a_revoked_role_are_refused_until_they_have_new_keys() -> None:
    since = millis("2022-12-19T06:12:30Z")
    revoked = Effect("revoked", "sz-web-ec2-role", since, since + 12 * HOUR)
    world = WORLD.with_effects((revoked,))
    events = events_of(world, dense("2022-12-19"), "agents")
    web = [event for event in events if "sz-web-ec2-role" in str(event["userIdentity"])]
    refused = [event for event in web if event.get("errorCode") == "AccessDenied"]
    assert refused
    assert all(event["eventTime"] >= "2022-12-19T06:12:30Z" for event in refused)
    renewed = [
        event
        for event in web
        if field(event, "userIdentity__sessionContext__attributes__creationDate")
        > "2022-12-19T06:12:30Z"
    ]
    assert renewed
    assert not any("errorCode" in event for event in renewed)


def test_services_take_roles_for_hosts_functions_and_themselves() -> None:
    events = lived("2022-10-05", 1, "credentials")
    services = {event["userIdentity"]["invokedBy"] for event in events}
    assert {"ec2.amazonaws.com", "lambda.amazonaws.com", "config.amazonaws.com"} <= services
    assert all("tlsDetails" not in event for event in events)


def test_on_the_eve_only_keys_that_reach_into_the_day_are_issued() -> None:
    eve = Day(date(2022, 10, 4), "thin", eve=True)
    issued = events_of(WORLD, [eve], "credentials")
    whole = lived("2022-10-04", 1, "credentials")
    assert 0 < len(issued) < len(whole)
    assert events_of(WORLD, [replace(eve, eve=False)], "credentials") == []


# --- CI ------------------------------------------------------------------------------------------


def test_builds_are_counted_through_the_year_and_the_landmark_is_left_to_its_story() -> None:
    days = [Day(date(2023, 1, day), "dense") for day in (6, 10, 11)]
    before, landmark, after = (builds_of(WORLD, day) for day in days)
    assert before[-1].number == NUMBER - 1
    assert landmark[0].number == NUMBER + 1
    assert after[0].number == landmark[-1].number + 1
    assert landmark[0].at > millis("2023-01-10T05:15:00Z")
    assert all(later.at >= earlier.at for earlier, later in pairwise(landmark))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_six_to_nine_builds_a_day_are_deployed_and_none_at_the_weekend(seed: int) -> None:
    world = World(load_baseline(), seed)
    for day in dense("2022-10-03", 7):
        deploys = sum(bool(build.target) for build in builds_of(world, day))
        assert deploys == 0 if day.date.weekday() >= 5 else 6 <= deploys <= 9


def test_a_deployment_takes_its_role_from_development_and_shows_in_both_accounts() -> None:
    events = lived("2022-10-05", 1, "pipeline")
    taken = [
        event
        for event in found(events, "AssumeRole")
        if event["requestParameters"]["roleArn"].endswith("sz-ci-deploy-role")
    ]
    pairs = Counter(event["sharedEventID"] for event in taken)
    assert set(pairs.values()) == {2}
    for shared in pairs:
        one, other = (event for event in taken if event["sharedEventID"] == shared)
        assert {one["recipientAccountId"], other["recipientAccountId"]} == {PROD, DEV}
        assert one["requestID"] == other["requestID"]
        assert one["eventID"] != other["eventID"]
        assert one["responseElements"] == other["responseElements"]
        assert {one["userIdentity"]["type"], other["userIdentity"]["type"]} == {
            "AssumedRole",
            "AWSAccount",
        }


def test_code_is_what_the_build_made_and_comes_from_the_runner() -> None:
    updates = found(lived("2022-10-05", 1, "pipeline"), "UpdateFunctionCode20150331v2")
    assert updates
    for event in updates:
        answer, at = event["responseElements"], millis(event["eventTime"])
        package = package_of(WORLD, answer["functionName"], at)
        assert (answer["codeSha256"], answer["version"]) == (package.sha256, str(package.version))
        assert event["sourceIPAddress"] == RUNNER
        assert "command/lambda.update-function-code" in event["userAgent"]


# --- the nightly image ---------------------------------------------------------------------------


def test_the_image_is_built_at_midnight_with_a_users_key_until_that_is_retired() -> None:
    [before] = found(lived("2022-11-13", 1, "images"), "RunInstances")
    [after] = found(lived("2022-11-14", 1, "images"), "RunInstances")
    assert before["eventTime"].startswith("2022-11-12T15:00:")
    assert before["requestParameters"]["instanceType"] == "t3.large"
    assert field(before, "userIdentity__userName") == "ci-image-builder"
    assert field(after, "userIdentity__sessionContext__sessionIssuer__userName") == (
        "sz-dev-ci-runner-role"
    )
    assert before["sourceIPAddress"] == after["sourceIPAddress"] == RUNNER


def test_a_dead_key_builds_no_image() -> None:
    since = millis("2022-11-01T00:00:00Z")
    dead = Effect("key dead", "ci-image-builder", since, since + 40 * 24 * HOUR)
    events = events_of(WORLD.with_effects((dead,)), dense("2022-11-08"), "images")
    assert {event["userIdentity"]["type"] for event in events} == {"AssumedRole"}


def test_the_builders_instance_key_and_group_are_gone_when_the_image_is_there() -> None:
    events = lived("2022-10-05", 1, "images")
    names = [event["eventName"] for event in events]
    assert names.index("CreateImage") < names.index("TerminateInstances")
    assert names.index("TerminateInstances") < names.index("DeleteSecurityGroup")
    [ended] = found(events, "TerminateInstances")
    assert "2022-10-04T15:20" <= ended["eventTime"] <= "2022-10-04T15:22"


# --- functions and services ----------------------------------------------------------------------


def test_secrets_are_read_by_functions_alone_and_from_the_nat_gateways() -> None:
    reads = found(lived("2022-10-05"), "GetSecretValue")
    assert len(reads) > 50
    assert {event["sourceIPAddress"] for event in reads} == {"203.0.113.130", "203.0.113.131"}
    assert {event["userIdentity"]["arn"].rpartition("/")[2] for event in reads} == {
        "sz-prod-booking-notify",
        "sz-prod-payment-webhook",
    }
    opened = [event for event in found(lived("2022-10-05"), "Decrypt") if "SecretARN" in str(event)]
    assert len(opened) == len(reads)


def test_who_is_called_by_a_service_has_no_address_and_no_tls() -> None:
    for event in lived("2022-10-05", 1, "services"):
        invoker = event["userIdentity"]["invokedBy"]
        assert event["sourceIPAddress"] == event["userAgent"] == invoker
        assert "tlsDetails" not in event


def test_a_bucket_lacks_the_same_configurations_on_every_day() -> None:
    def lacking(day: str) -> set[tuple[str, str]]:
        return {
            (event["requestParameters"]["bucketName"], event["eventName"])
            for event in lived(day)
            if str(event.get("errorCode", "")).startswith("NoSuch")
            and "bucketName" in (event["requestParameters"] or {})
        }

    def there(day: str) -> set[tuple[str, str]]:
        return {
            (event["requestParameters"]["bucketName"], event["eventName"])
            for event in lived(day)
            if "errorCode" not in event
            and event["eventSource"] == "s3.amazonaws.com"
            and "bucketName" in (event["requestParameters"] or {})
        }

    assert lacking("2022-10-05")
    assert not lacking("2022-10-05") & there("2022-10-08")


def test_terraform_reads_a_lot_before_it_changes_a_little() -> None:
    events = lived("2022-10-05", 1, "terraform")
    assert all("Terraform/" in event["userAgent"] for event in events)
    changes = [event["eventName"] for event in events if not event["readOnly"]]
    assert changes == [
        "RevokeSecurityGroupIngress",
        "AuthorizeSecurityGroupIngress",
        "PutBucketLifecycle",
    ]
    assert len(events) > 150


def test_a_larger_company_does_more_of_the_same_with_the_same_people() -> None:
    large = World(load_baseline(), seed=2022, volume=5000)
    names = ("monitoring", "functions")
    events = events_of(large, dense("2022-10-08"), *names)
    small = lived("2022-10-08", 1, *names)
    assert len(events) > 4 * len(small)
    assert {event["eventName"] for event in events} >= {event["eventName"] for event in small}
