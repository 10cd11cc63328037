"""The staff: when and from where they sign in, and what the calendar lets them do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest

from siemlab.baseline import load_baseline
from tests.simulate.company_days import Event, field, found, lived

TOKYO, OSAKA = ip_network("203.0.113.0/26"), ip_network("203.0.113.64/27")
VPN, HOTELS = ip_network("203.0.113.96/28"), ip_network("198.51.100.160/27")
NOISE = ip_network("198.19.0.0/16")


def jst(event: Event) -> datetime:
    moment = datetime.fromisoformat(event["eventTime"])
    return moment.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=9)


def sign_ins(events: tuple[Event, ...]) -> list[Event]:
    return found(events, "ConsoleLogin", responseElements__ConsoleLogin="Success")


def of(event: Event) -> str:
    identity = event["userIdentity"]
    return str(identity.get("userName") or identity["arn"].rpartition("/")[2].partition("@")[0])


@pytest.mark.parametrize("day", ["2022-10-03", "2022-10-05", "2022-12-08"])
def test_the_administrator_signs_in_first_thing_from_the_office_without_a_second_factor(
    day: str,
) -> None:
    [event] = [each for each in sign_ins(lived(day, 1, "people")) if of(each) == "k-tanabe"][:1]
    assert jst(event).strftime("%H:%M") <= "09:20"
    assert jst(event).strftime("%H:%M") >= "09:05"
    assert event["sourceIPAddress"] == load_baseline().people["k-tanabe"].office_ip
    assert event["additionalEventData"]["MFAUsed"] == "No"


def test_on_a_holiday_nobody_is_in_the_office() -> None:
    events = sign_ins(lived("2022-11-03", 1, "people"))
    places = [ip_address(event["sourceIPAddress"]) for event in events]
    assert all(place in VPN for place in places)


def test_everybody_works_from_an_office_the_vpn_or_a_hotel() -> None:
    places = {ip_address(event["sourceIPAddress"]) for event in sign_ins(lived("2022-10-05"))}
    assert places
    assert all(any(place in net for net in (TOKYO, OSAKA, VPN, HOTELS)) for place in places)


@pytest.mark.parametrize(
    ("who", "first", "days"), [("y-hamada", "2022-11-22", 4), ("h-mori", "2022-12-06", 4)]
)
def test_who_is_on_a_trip_signs_in_from_a_hotel(who: str, first: str, days: int) -> None:
    theirs = [each for each in sign_ins(lived(first, days, "people")) if of(each) == who]
    assert theirs
    assert all(ip_address(each["sourceIPAddress"]) in HOTELS for each in theirs)
    assert {each["additionalEventData"]["MFAUsed"] for each in theirs} == {"No"}


def test_people_of_identity_center_show_no_second_factor_and_users_with_one_do() -> None:
    events = sign_ins(lived("2022-10-05"))
    for event in events:
        user = load_baseline().users.get(of(event))
        shown = event["additionalEventData"]["MFAUsed"]
        assert shown == ("Yes" if user and user.mfa else "No")
    assert {event["userIdentity"]["type"] for event in events} == {"AssumedRole", "IAMUser"}


def test_a_sign_in_by_identity_center_shows_at_the_portal_and_in_the_account() -> None:
    events = lived("2022-10-05")
    [login, *_] = [
        each for each in sign_ins(events) if each["userIdentity"]["type"] == "AssumedRole"
    ]
    taken = found(
        events,
        "AssumeRoleWithSAML",
        responseElements__assumedRoleUser__arn=login["userIdentity"]["arn"],
    )
    portal = found(events, "Federate", userIdentity__userName=of(login))
    assert taken
    assert portal
    assert portal[0]["recipientAccountId"] == load_baseline().accounts["sz-management"].id


def test_the_console_calls_from_the_address_of_the_person_and_says_that_it_is_the_console() -> None:
    events = [each for each in lived("2022-10-05") if "sessionCredentialFromConsole" in each]
    by_back_end = [each for each in events if each["userAgent"] == "AWS Internal"]
    assert len(by_back_end) > 100
    assert all("tlsDetails" not in each for each in by_back_end)


def test_bots_fail_to_sign_in_and_their_guesses_are_hidden() -> None:
    failed = found(lived("2022-10-05"), "ConsoleLogin", responseElements__ConsoleLogin="Failure")
    bots = [each for each in failed if ip_address(each["sourceIPAddress"]) in NOISE]
    assert len(bots) >= 4
    assert {each["userIdentity"]["userName"] for each in bots} == {"HIDDEN_DUE_TO_SECURITY_REASONS"}
    assert all("errorCode" not in each for each in bots)


@pytest.mark.slow
def test_a_week_has_twenty_sources_that_are_not_the_companys() -> None:
    own = [ip_network(text) for text in ("203.0.113.0/24", "10.0.0.0/8", "172.16.0.0/12")]
    sources = {event["sourceIPAddress"] for event in lived("2022-10-03", 7)}
    addresses = [ip_address(text) for text in sources if text[0].isdigit()]
    assert sum(not any(one in net for net in own) for one in addresses) >= 20


@pytest.mark.slow
def test_the_backup_user_is_denied_most_and_only_what_it_need_not_have() -> None:
    denied = [
        event
        for event in lived("2022-10-03", 7)
        if event.get("errorCode") == "AccessDenied" and event["userIdentity"]["type"] == "IAMUser"
    ]
    users = [event["userIdentity"]["userName"] for event in denied]
    assert users.count("svc-backup") > 2 * max(
        (users.count(user) for user in {*users} - {"svc-backup"}), default=0
    )
    backups = [event for event in denied if event["userIdentity"]["userName"] == "svc-backup"]
    assert {event["eventName"] for event in backups} == {"GetBucketTagging"}


DECOYS = [
    pytest.param("2022-10-04", "ModifySnapshotAttribute", "2022-10-03T16:", id="CHG-2240"),
    pytest.param("2023-01-06", "UpdateTrail", "2023-01-06T05:11", id="CHG-2255"),
    pytest.param("2022-11-13", "DeleteAccessKey", "2022-11-13T03:05", id="CHG-2226"),
    pytest.param("2022-12-19", "ModifyVpcEndpoint", "2022-12-19T00:37", id="CHG-2250"),
    pytest.param("2022-11-23", "RevokeSecurityGroupIngress", "2022-11-23T05:", id="CHG-2198"),
    pytest.param("2023-01-18", "PutBucketLifecycle", "2023-01-18T05:", id="lifecycle"),
    pytest.param("2022-12-07", "CreateUser", "2022-12-07T05:03:00Z", id="svc-report-export"),
    pytest.param("2022-12-07", "CreateAccessKey", "2022-12-07T05:03:04Z", id="its key"),
    pytest.param("2022-12-08", "UpdateLoginProfile", "2022-12-08T05:11:00Z", id="helpdesk"),
    pytest.param("2022-04-12", "RunInstances", "2022-04-12T04:36:00Z", id="a host comes"),
    pytest.param("2022-08-26", "TerminateInstances", "2022-08-26T05:30:00Z", id="a host goes"),
]


@pytest.mark.parametrize(("day", "name", "when"), DECOYS)
@pytest.mark.parametrize("density", ["dense", "thin"])
def test_what_the_calendar_announces_happens_at_its_time(
    day: str, name: str, when: str, density: str
) -> None:
    events = lived(day, 1, "changes", "terraform", "identities", density=density)
    assert any(event["eventTime"].startswith(when) for event in found(events, name))


def test_snapshots_are_shared_with_the_company_alone() -> None:
    events = found(lived("2022-10-04", 1, "changes"), "ModifySnapshotAttribute")
    receivers = {
        item["userId"]
        for event in events
        for item in event["requestParameters"]["createVolumePermission"]["add"]["items"]
    }
    assert receivers == {load_baseline().accounts["sz-security"].id}


def test_a_password_is_forgotten_in_the_office_before_the_helpdesk_sets_another() -> None:
    events = lived("2022-12-08", 1, "identities")
    [failed] = found(events, "ConsoleLogin", responseElements__ConsoleLogin="Failure")
    assert (of(failed), failed["eventTime"]) == ("y-sudo", "2022-12-08T05:02:00Z")
    assert ip_address(failed["sourceIPAddress"]) in TOKYO
    [reset] = found(events, "UpdateLoginProfile")
    assert (of(reset), field(reset, "requestParameters__userName")) == ("t-kirishima", "y-sudo")


def test_models_are_trained_on_a_large_instance_that_ends_in_the_evening() -> None:
    events = lived("2022-11-11", 1, "training")
    [started] = found(events, "RunInstances", requestParameters__instanceType="p3.2xlarge")
    [ended] = found(events, "TerminateInstances")
    assert of(started) == of(ended) == "m-oda"
    assert ip_address(started["sourceIPAddress"]) in TOKYO
    assert jst(started).date() == jst(ended).date()
