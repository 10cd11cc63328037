"""R5: each rule has a record that breaks it, and one beside it that does not."""

from __future__ import annotations

import pytest

from siemlab.realism.integrity import IntegrityCheck
from siemlab.realism.inventory import Inventory
from siemlab.realism.keys import account_of_key

from .conftest import COMPANY, OTHER, Event, api_call, event_id, figure_of, key_of, session, show

INSTANCE = "i-0aa1b2c3d4e5f6071"
OTHER_INSTANCE = "i-0aa1b2c3d4e5f6072"
INVENTORY = Inventory(
    accounts=frozenset({COMPANY, OTHER}),
    access_keys=frozenset({key_of(COMPANY, "AKIA")}),
    resources=frozenset({INSTANCE}),
    networks=("203.0.113.0/24",),
    whole=True,
)
ROLE_KEY = key_of(COMPANY, "ASIA")


def at(time: str, number: int = 0, **changes: object) -> Event:
    return api_call(number, eventTime=f"2022-11-18T{time}Z", **changes)


def issued(time: str, expires: str, number: int = 0) -> Event:
    """A role is taken by EC2 for its instance."""
    credentials = {"accessKeyId": ROLE_KEY, "expiration": f"Nov 18, 2022, {expires}"}
    service = {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}
    return at(
        time,
        number,
        eventSource="sts.amazonaws.com",
        eventName="AssumeRole",
        userIdentity=service,
        sourceIPAddress="ec2.amazonaws.com",
        responseElements={"credentials": credentials},
    )


def used(time: str, number: int = 1, created: str = "07:00:00", **changes: object) -> Event:
    identity = session(COMPANY, f"2022-11-18T{created}Z")
    return at(time, number, userIdentity=identity, **changes)


def iam(time: str, name: str, number: int, asked: Event, answer: Event | None = None) -> Event:
    fields = {"eventName": name, "requestParameters": asked, "readOnly": False}
    return at(time, number, responseElements=answer, **fields)


NEW_KEY = key_of(COMPANY, "AKIA", 77)
MADE = {"accessKey": {"accessKeyId": NEW_KEY, "userName": "hana", "status": "Active"}}


def with_key(time: str, number: int) -> Event:
    identity = api_call()["userIdentity"] | {"accessKeyId": NEW_KEY}
    return at(time, number, userIdentity=identity)


def ec2(time: str, name: str, number: int, instance: str, **changes: object) -> Event:
    rows = {"instancesSet": {"items": [{"instanceId": instance}]}}
    fields = {"eventSource": "ec2.amazonaws.com", "eventName": name, "requestParameters": rows}
    return at(time, number, **(fields | {"readOnly": name.startswith("Describe")} | changes))


LAUNCH = {"instancesSet": {"items": [{"instanceId": OTHER_INSTANCE}]}}


def launched(time: str, number: int) -> Event:
    fields = {"requestParameters": {"instanceType": "t3.micro"}, "responseElements": LAUNCH}
    return ec2(time, "RunInstances", number, "", **fields)


SHARED = {"sharedEventID": event_id(900)}
ACROSS = {"type": "AWSAccount", "principalId": "AIDAW7777777777777777", "accountId": OTHER}

KEPT: dict[str, tuple[str, list[Event]]] = {
    "a key of its account": ("a", [at("07:00:00")]),
    "a key between issue and expiry": (
        "b",
        [issued("07:00:00", "1:00:00 PM"), used("07:10:00"), used("12:59:59", 2)],
    ),
    "a session of before the logs": ("b", [used("07:10:00", created="01:00:00")]),
    "a console session after its sign-in": (
        "b",
        [
            at("07:00:00"),
            at(
                "07:10:00",
                2,
                eventName="ConsoleLogin",
                eventType="AwsConsoleSignIn",
                readOnly=False,
            ),
            at(
                "07:20:00",
                3,
                userIdentity=api_call()["userIdentity"]
                | {
                    "accessKeyId": key_of(COMPANY, "ASIA", 9),
                    "sessionContext": {"attributes": {"creationDate": "2022-11-18T07:10:00Z"}},
                },
            ),
        ],
    ),
    "a key that existed at the start": ("c", [at("07:00:00")]),
    "a key after it was created": (
        "c",
        [
            iam("07:00:00", "CreateAccessKey", 0, {"userName": "hana"}, MADE),
            with_key("07:05:00", 1),
        ],
    ),
    "an instance of the start": ("d", [ec2("07:00:00", "DescribeInstances", 0, INSTANCE)]),
    "an instance after its launch": (
        "d",
        [launched("07:00:00", 0), ec2("07:01:00", "StopInstances", 1, OTHER_INSTANCE)],
    ),
    "a terminated instance is looked at": (
        "d",
        [
            ec2("07:00:00", "TerminateInstances", 0, INSTANCE),
            ec2("07:30:00", "DescribeInstances", 1, INSTANCE),
        ],
    ),
    "what does not exist is not found": (
        "d",
        [
            ec2("07:00:00", "DescribeInstances", 0, INSTANCE),
            ec2("07:00:00", "DescribeInstances", 1, OTHER_INSTANCE, errorCode="NotFound"),
        ],
    ),
    "a user is made again": (
        "d",
        [
            iam("07:00:00", "DeleteUser", 0, {"userName": "ken"}),
            iam("07:10:00", "CreateUser", 1, {"userName": "ken"}),
            iam("07:20:00", "AttachUserPolicy", 2, {"userName": "ken"}),
        ],
    ),
    "a session before its event": ("e", [used("07:10:00", created="07:10:00")]),
    "an address that is known": ("f", [at("07:00:00")]),
    "a service by its name": ("f", [issued("07:00:00", "1:00:00 PM")]),
    "ids that differ": ("g", [at("07:00:00"), at("07:00:00", 1)]),
    "a pair across accounts": (
        "g",
        [
            at("07:00:00", 0, **SHARED),
            at("07:00:00", 1, **SHARED, recipientAccountId=OTHER, userIdentity=ACROSS),
        ],
    ),
    "a caller of another account": (
        "h",
        [at("07:00:00", 0, userIdentity=ACROSS)],
    ),
}

BROKEN: dict[str, tuple[str, list[Event]]] = {
    "a key of another account": (
        "a",
        [at("07:00:00", userIdentity=api_call()["userIdentity"] | {"accessKeyId": key_of(OTHER)})],
    ),
    "a key that is none": (
        "a",
        [at("07:00:00", userIdentity=api_call()["userIdentity"] | {"accessKeyId": "AKIA0189"})],
    ),
    "a key before its issue": ("b", [used("07:10:00"), issued("07:20:00", "1:00:00 PM")]),
    "a key after its expiry": ("b", [issued("07:00:00", "8:00:00 AM"), used("08:00:01")]),
    "a key that nobody issued": ("b", [at("07:00:00"), used("07:20:00", created="07:10:00")]),
    "a session of a day and a half": ("b", [used("23:00:00", created="01:00:00")]),
    "a long-lived key from nowhere": ("c", [with_key("07:00:00", 0)]),
    "a key before it was created": (
        "c",
        [with_key("07:00:00", 0), iam("07:05:00", "CreateAccessKey", 1, {}, MADE)],
    ),
    "a key after it was deleted": (
        "c",
        [
            iam("07:00:00", "CreateAccessKey", 0, {"userName": "hana"}, MADE),
            iam("07:05:00", "DeleteAccessKey", 1, {"accessKeyId": NEW_KEY}),
            with_key("07:06:00", 2),
        ],
    ),
    "a key after it was deactivated": (
        "c",
        [
            iam("07:00:00", "CreateAccessKey", 0, {"userName": "hana"}, MADE),
            iam("07:05:00", "UpdateAccessKey", 1, {"accessKeyId": NEW_KEY, "status": "Inactive"}),
            with_key("07:06:00", 2),
        ],
    ),
    "an instance from nowhere": ("d", [ec2("07:00:00", "StopInstances", 0, OTHER_INSTANCE)]),
    "an instance before its launch": (
        "d",
        [ec2("07:00:00", "StopInstances", 0, OTHER_INSTANCE), launched("07:01:00", 1)],
    ),
    "an instance after its end": (
        "d",
        [
            ec2("07:00:00", "TerminateInstances", 0, INSTANCE),
            ec2("07:01:00", "StartInstances", 1, INSTANCE),
        ],
    ),
    "a user after its end": (
        "d",
        [
            iam("07:00:00", "DeleteUser", 0, {"userName": "ken"}),
            iam("07:20:00", "AttachUserPolicy", 1, {"userName": "ken"}),
        ],
    ),
    "a session after its event": ("e", [used("07:10:00", created="07:10:01")]),
    "an address of nobody": ("f", [at("07:00:00", sourceIPAddress="8.8.8.8")]),
    "a caller that is no address": ("f", [at("07:00:00", sourceIPAddress="console")]),
    "a service under another's name": (
        "f",
        [issued("07:00:00", "1:00:00 PM") | {"sourceIPAddress": "rds.amazonaws.com"}],
    ),
    "an id twice": ("g", [at("07:00:00"), at("07:00:01")]),
    "an id that is none": ("g", [at("07:00:00", eventID="42")]),
    "a pair in one account": ("g", [at("07:00:00", 0, **SHARED), at("07:00:00", 1, **SHARED)]),
    "a pair of different times": (
        "g",
        [
            at("07:00:00", 0, **SHARED),
            at("07:00:09", 1, **SHARED, recipientAccountId=OTHER, userIdentity=ACROSS),
        ],
    ),
    "a recipient by chance": ("h", [at("07:00:00", recipientAccountId=OTHER)]),
    "an account of nobody": (
        "h",
        [at("07:00:00", userIdentity=ACROSS | {"accountId": "101010101010"})],
    ),
}


@pytest.mark.parametrize(("rule", "events"), KEPT.values(), ids=KEPT)
def test_what_can_be_breaks_no_rule(rule: str, events: list[Event]) -> None:
    check = show(IntegrityCheck(INVENTORY), "cloudtrail", events)
    assert figure_of(check, f"{rule})")[1] == "pass", check.violations


@pytest.mark.parametrize(("rule", "events"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_breaks_its_rule(rule: str, events: list[Event]) -> None:
    check = show(IntegrityCheck(INVENTORY), "cloudtrail", events)
    assert figure_of(check, f"{rule})")[1] == "fail"
    assert {violation.rule for violation in check.violations} >= {rule}


def test_events_are_joined_whatever_file_they_lie_in() -> None:
    events = [used("07:10:00"), used("07:50:00", 2), issued("07:00:00", "8:00:00 AM", 3)]
    check = show(IntegrityCheck(INVENTORY), "cloudtrail", events)
    assert figure_of(check, "b)") == ("0 of 1", "pass")


def test_what_is_not_known_is_not_judged() -> None:
    events = [with_key("07:00:00", 0), ec2("07:01:00", "StopInstances", 1, OTHER_INSTANCE)]
    check = show(IntegrityCheck(), "cloudtrail", events)
    assert [figure.verdict for figure in check.figures()].count("fail") == 0


HOSTILE = [
    {},
    {"eventTime": 7, "userIdentity": {}},
    {"userIdentity": "hana"},
    {"eventTime": "2022-11-18T07:00:01Z", "userIdentity": {"sessionContext": "x"}},
    api_call(requestParameters="text", responseElements=[1], eventName="AssumeRole"),
    api_call(userIdentity={"accessKeyId": 5, "sessionContext": {"attributes": []}}),
]


@pytest.mark.parametrize("event", HOSTILE, ids=range(len(HOSTILE)))
def test_a_record_of_any_kind_can_be_looked_at(event: Event) -> None:
    check = show(IntegrityCheck(INVENTORY), "cloudtrail", [event])
    assert check.figures()


@pytest.mark.parametrize("account", ["000000000000", "111122223333", "999999999999"])
def test_a_key_carries_its_account(account: str) -> None:
    assert account_of_key(key_of(account, "ASIA", 12345)) == account
    assert account_of_key(key_of(account, "AKIA", (1 << 39) - 1)) == account
