"""Everyday traffic: what the sources say of the same day fits together."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from siemlab.baseline import load_baseline
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors import logins, names, networks, pentests, storage, visitors
from siemlab.simulate.calendar import HOUR, MINUTE, Day, millis
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import Effect, World
from tests.simulate.recorded import rows_of

WEDNESDAY, SUNDAY = date(2022, 10, 5), date(2022, 10, 9)
BEHAVIORS = (
    logins.LOGINS,
    names.NAMES,
    networks.CHECKS,
    networks.HOSTS,
    networks.KNOCKS,
    pentests.PENTESTS,
    storage.STORAGE,
    visitors.VISITORS,
)
BASTION, OFFICES = "10.20.0.10", ("203.0.113.0/26", "203.0.113.64/27", "203.0.113.96/28")


def live(
    day: date = WEDNESDAY, behaviors: tuple[Behavior, ...] = BEHAVIORS, **world: Any
) -> dict[str, list[dict[str, Any]]]:
    """Return what a day leaves in each log."""
    made, records = World(load_baseline(), **{"seed": 2022, **world}), Records()
    for behavior in behaviors:
        behavior.act(Stage(made, records, behavior.name, day.isoformat()), Day(day, "dense"))
    kinds = (
        "vpcflowlogs",
        "alb",
        "waf",
        "s3accesslog",
        "route53resolver",
        "linux-secure",
        "cloudtrail",
    )
    return {kind: rows_of(records, kind) for kind in kinds}


@pytest.fixture(scope="module")
def day() -> dict[str, list[dict[str, Any]]]:
    return live()


def within(address: str, *blocks: str) -> bool:
    return any(ip_address(address) in ip_network(block) for block in blocks)


# --- sources agree -------------------------------------------------------------------------------


def test_every_request_lies_in_an_accepted_flow_of_its_client(day: Any) -> None:
    spans: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for row in day["vpcflowlogs"]:
        if row["dstport"] == 443 and row["dstaddr"] in ("10.20.0.77", "10.20.1.77"):
            assert row["action"] == "ACCEPT"
            spans[row["srcaddr"], row["srcport"]].append((row["start"], row["end"]))
    for line in day["alb"]:
        second = millis(line["request_creation_time"].replace("Z", "+00:00")) // 1000
        client = (line["client_ip"], int(line["client_port"]))
        assert any(start <= second <= end for start, end in spans[client]), line


def test_every_block_of_the_web_acl_is_a_403_of_the_balancer(day: Any) -> None:
    lines = {line["trace_id"].removeprefix("Root="): line for line in day["alb"]}
    blocked = [row for row in day["waf"] if row["action"] == "BLOCK"]
    for row in blocked:
        line = lines[row["httpRequest"]["requestId"]]
        assert (line["elb_status_code"], line["client_ip"]) == (
            "403",
            row["httpRequest"]["clientIp"],
        )
    assert len(blocked) == sum(line["elb_status_code"] == "403" for line in day["alb"])


def test_access_lines_and_data_events_have_the_same_request_ids(day: Any) -> None:
    both = ("sz-prod-customer-docs", "sz-prod-db-backup")
    lines = {row["RequestID"] for row in day["s3accesslog"] if row["Bucket"] in both}
    events = {row["requestID"] for row in day["cloudtrail"] if row["eventCategory"] == "Data"}
    assert len(events) > 500
    assert lines == events


def test_a_name_is_looked_up_before_its_address_is_talked_to(day: Any) -> None:
    asked: dict[tuple[str, str], list[int]] = defaultdict(list)
    for query in day["route53resolver"]:
        second = millis(query["query_timestamp"].replace("Z", "+00:00")) // 1000
        for answer in query["answers"]:
            asked[query["srcaddr"], answer["Rdata"]].append(second)
    outward = [
        row
        for row in day["vpcflowlogs"]
        if row["log_status"] == "OK"
        and row["tcp_flags"] & 2
        and row["flow_direction"] == "egress"
        and within(row["dstaddr"], "192.0.2.192/26")
        and row["instance_id"] != "-"
    ]
    assert len(outward) > 100
    for row in outward:
        times = asked[row["srcaddr"], row["dstaddr"]]
        assert any(0 <= row["start"] - second <= 2 for second in times), row


def test_every_login_has_its_connection_and_its_end(day: Any) -> None:
    messages = [row["message"] for row in day["linux-secure"]]
    accepted = [text.split() for text in messages if "Accepted publickey" in text]
    assert len(accepted) == sum(
        "pam_unix(sshd:session): session closed" in text for text in messages
    )
    flows = {
        (row["srcaddr"], row["srcport"])
        for row in day["vpcflowlogs"]
        if (row["dstaddr"], row["dstport"], row["action"]) == (BASTION, 22, "ACCEPT")
    }
    for words in accepted:
        address, port = words[words.index("from") + 1], int(words[words.index("port") + 1])
        assert (address, port) in flows
        assert within(address, *OFFICES)


def test_the_partners_keys_are_issued_before_they_are_used(day: Any) -> None:
    issued = {
        row["responseElements"]["credentials"]["accessKeyId"]: row["eventTime"]
        for row in day["cloudtrail"]
        if row["eventName"] == "AssumeRole"
    }
    used = [row for row in day["cloudtrail"] if row["sourceIPAddress"] == "192.0.2.84"]
    uploads = [row for row in used if row["eventName"] == "PutObject"]
    assert len(uploads) == 24
    assert all(issued[row["userIdentity"]["accessKeyId"]] <= row["eventTime"] for row in uploads)


# --- columns are believable ----------------------------------------------------------------------


def test_packets_are_as_large_as_packets_are(day: Any) -> None:
    kept = [row for row in day["vpcflowlogs"] if row["log_status"] == "OK"]
    assert all(40 <= row["bytes"] / row["packets"] <= 1500 for row in kept)
    assert all(row["end"] >= row["start"] for row in kept)


def test_no_flow_record_tells_of_amazons_own_dns_time_or_metadata(day: Any) -> None:
    for row in day["vpcflowlogs"]:
        assert not {row["srcaddr"], row["dstaddr"]} & {"10.20.0.2", "10.40.0.2"}
        assert not row["dstaddr"].startswith("169.254.")


def test_every_address_has_an_owner(day: Any) -> None:
    baseline = load_baseline()
    addresses = {row[side] for row in day["vpcflowlogs"] for side in ("srcaddr", "dstaddr")}
    for address in addresses - {"-"}:
        private = within(address, "10.0.0.0/8")
        assert (baseline.owner_of(address) if private else baseline.range_of(address)) is not None


def test_the_site_fails_now_and_then(day: Any) -> None:
    failed = sum(line["elb_status_code"] >= "500" for line in day["alb"])
    assert 1 <= failed <= 40


def test_telnet_is_knocked_at_most_and_ssh_comes_next() -> None:
    for seed in range(8):
        rows = live(behaviors=(networks.KNOCKS,), seed=seed)["vpcflowlogs"]
        ports = Counter(row["dstport"] for row in rows if row["action"] == "REJECT")
        (first, most), (second, next_) = ports.most_common(2)
        assert (first, second) == (23, 22)
        assert most >= 1.2 * next_


def test_mihari_checks_the_bastion_every_half_minute(day: Any) -> None:
    checks = [
        row
        for row in day["vpcflowlogs"]
        if (row["srcaddr"], row["dstaddr"], row["dstport"]) == ("192.0.2.10", BASTION, 22)
    ]
    assert sum(row["packets"] for row in checks) == 2 * 2880
    assert {row["end"] - row["start"] >= 30 for row in checks} == {True}
    assert {row["action"] for row in checks} == {"ACCEPT"}


def test_the_logs_keep_about_as_much_as_planned(day: Any) -> None:
    planned = {"vpcflowlogs": 9_600, "alb": 2_250, "waf": 680, "s3accesslog": 1_300}
    planned |= {"route53resolver": 1_020, "linux-secure": 160}
    for kind, rows in planned.items():
        assert 0.8 * rows <= len(day[kind]) <= 1.2 * rows, kind


# --- days differ, teams do not -------------------------------------------------------------------


def test_a_day_is_the_same_whenever_it_is_made() -> None:
    assert live() == live()


def test_teams_live_the_same_day_under_other_names() -> None:
    one, two = live(team="t01"), live(team="t02")
    assert {kind: len(rows) for kind, rows in one.items()} == {
        kind: len(rows) for kind, rows in two.items()
    }
    told = [
        [(row["timestamp"], row["client_ip"], row["http_path"]) for row in team["alb"]]
        for team in (one, two)
    ]
    assert told[0] == told[1]
    assert not {row["interface_id"] for row in one["vpcflowlogs"]} & {
        row["interface_id"] for row in two["vpcflowlogs"]
    }


def test_more_volume_is_more_of_everything() -> None:
    most = live(volume=3000)
    for kind, rows in live().items():
        assert len(most[kind]) > 1.2 * len(rows), kind


def test_the_office_is_quiet_on_sundays(day: Any) -> None:
    sunday = live(SUNDAY)
    for rows in (sunday, day):
        for row in rows["linux-secure"]:
            assert "Failed password" not in row["message"]
    logins_of = [
        sum("Accepted" in row["message"] for row in rows["linux-secure"]) for rows in (sunday, day)
    ]
    assert logins_of[0] < logins_of[1]
    assert not any(row["useragent"].startswith("AonagiSync") for row in sunday["alb"])


def test_testers_come_when_they_have_announced_themselves() -> None:
    tests = (pentests.PENTESTS,)
    quiet, announced = live(behaviors=tests), live(date(2022, 11, 24), tests)
    assert not any(quiet.values())
    swept = [row for row in announced["vpcflowlogs"] if row["dstport"] == 22]
    assert {row["action"] for row in swept} == {"REJECT"}
    assert {row["httpRequest"]["clientIp"] for row in announced["waf"]} == {
        "192.0.2.66",
        "192.0.2.67",
    }
    start, end = millis("2022-11-24T04:00:00Z"), millis("2022-11-24T06:00:00Z")
    assert all(start <= row["start"] * 1000 < end for row in announced["vpcflowlogs"])


def test_web_servers_take_the_endpoint_from_the_change_on() -> None:
    ways = {}
    for when in (date(2022, 12, 18), date(2022, 12, 20)):
        events = live(when, (storage.STORAGE,))["cloudtrail"]
        ways[when] = {
            (row["sourceIPAddress"], "vpcEndpointId" in row)
            for row in events
            if "sz-web-ec2-role" in row["userIdentity"].get("arn", "")
        }
    before, after = ways.values()
    assert before == {("203.0.113.130", False), ("203.0.113.131", False)}
    assert after == {("10.20.10.21", True), ("10.20.11.21", True)}


def test_customers_preview_photos_once_the_feature_is_live() -> None:
    paths = [
        {row["http_path"] for row in live(when, (visitors.VISITORS,))["alb"]}
        for when in (date(2022, 12, 14), date(2022, 12, 16))
    ]
    assert ["/preview" in found for found in paths] == [False, True]


# --- what incidents change -----------------------------------------------------------------------


def test_an_open_door_is_found_after_half_an_hour_by_the_regulars_alone() -> None:
    opened = millis("2022-11-24T10:42:31Z")
    door = Effect("ssh open", "sz-prod-bastion-01", opened, opened + 14 * HOUR)
    found = live(date(2022, 11, 24), (networks.KNOCKS,), effects=(door,))
    came = [
        row
        for row in found["vpcflowlogs"]
        if (row["dstaddr"], row["dstport"], row["action"]) == (BASTION, 22, "ACCEPT")
    ]
    assert came
    assert min(row["start"] for row in came) * 1000 >= opened + 30 * MINUTE
    assert len({row["srcaddr"] for row in came}) <= 11
    seen = {row["message"].split(" from ")[1].split()[0] for row in found["linux-secure"]}
    assert seen == {row["srcaddr"] for row in came}


def test_a_revoked_role_is_refused_until_its_keys_are_renewed() -> None:
    since = millis("2022-12-20T02:00:00Z")
    end = Effect("revoked", "sz-web-ec2-role", since, since + 12 * HOUR)
    made = World(load_baseline(), seed=2022, effects=(end,))
    begins = {
        session.key: session.since
        for host in ("sz-prod-web-01", "sz-prod-web-02")
        for session in made.sessions(host, "444455556666", since - 12 * HOUR, since + 12 * HOUR)
    }
    events = live(date(2022, 12, 20), (storage.STORAGE,), effects=(end,))["cloudtrail"]
    told = set()
    for row in events:
        key = row["userIdentity"].get("accessKeyId")
        if key in begins:
            at = millis(row["eventTime"].replace("Z", "+00:00"))
            old = begins[key] < since <= at
            assert (row.get("errorCode") == "AccessDenied") is old
            told.add((old, at >= since))
    assert told == {(False, False), (True, True), (False, True)}


def test_a_public_bucket_answers_the_scanner() -> None:
    start = Day(WEDNESDAY, "dense").start
    public = Effect("public", "sz-prod-partner-exchange", start, start + 24 * HOUR)
    told = []
    for effects in ((), (public,)):
        lines = live(behaviors=(storage.STORAGE,), effects=effects)["s3accesslog"]
        told.append({row["HTTPstatus"] for row in lines if row["RemoteIP"] == "192.0.2.131"})
    assert told == [{"403"}, {"200"}]


def test_nothing_is_written_where_nothing_is_logged(day: Any) -> None:
    assert {row["account_id"] for row in day["vpcflowlogs"]} == {"444455556666", "777788889999"}
    assert "sz-prod-analytics-export" not in {row["Bucket"] for row in day["s3accesslog"]}
    buckets = {row["requestParameters"].get("bucketName") for row in day["cloudtrail"]}
    assert buckets == {None, "sz-prod-customer-docs", "sz-prod-db-backup"}
