"""Requests to the website: the balancer, the web ACL and the flow logs tell the same story."""

from __future__ import annotations

from typing import Any

import pytest

from siemlab.simulate.calendar import SECOND
from siemlab.simulate.stage import Records
from siemlab.simulate.web import Requests, requests, visit
from siemlab.simulate.world import Effect, Switch, World
from tests.simulate.recorded import T0, rows_of, staged

THIEF = "198.51.100.99"
SSRF = "url=http%3A%2F%2F2852039166%2Flatest%2Fmeta-data%2Fiam%2Fsecurity-credentials%2F"


def asked(at: Any = T0, world: dict[str, Any] | None = None, **what: Any) -> Records:
    stage, records = staged(**(world or {}))
    requests(stage, at, Requests(**{"client": THIEF, "path": "/preview", **what}))
    return records


def test_a_request_is_told_as_the_story_has_it() -> None:
    [line] = rows_of(
        asked(
            query=SSRF, agent="python-requests/2.28.1", sent=1682, target="sz-prod-web-01", wait=43
        ),
        "alb",
    )
    assert line["http_query"] == SSRF
    assert (line["elb_status_code"], line["target_status_code"], line["sent_bytes"]) == (
        "200",
        "200",
        "1682",
    )
    assert (line["target_ip"], line["target_port"], line["actions_executed"]) == (
        "10.20.10.21",
        "8080",
        "waf,forward",
    )
    assert line["useragent"] == "python-requests/2.28.1"
    assert line["target_processing_time"] == "0.043"
    assert line["trace_id"].startswith(f"Root=1-{T0 // 1000:08x}-")


def test_a_request_that_no_rule_looks_at_is_not_in_the_web_acls_log() -> None:
    assert rows_of(asked(query=SSRF), "waf") == []


RULES = [
    ("GenericLFI_QUERYARGUMENTS", "CommonRuleSet", "core-rule-set:GenericLFI_QueryArguments"),
    (
        "EC2MetaDataSSRF_QUERYARGUMENTS",
        "CommonRuleSet",
        "core-rule-set:EC2MetaDataSSRF_QueryArguments",
    ),
    ("Log4JRCE_HEADER", "KnownBadInputsRuleSet", "known-bad-inputs:Log4JRCE_Header"),
    ("SQLi_QUERYARGUMENTS", "SQLiRuleSet", "sql-database:SQLi_QueryArguments"),
    (
        "AWSManagedIPReputationList",
        "AmazonIpReputationList",
        "amazon-ip-list:AWSManagedIPReputationList",
    ),
]


@pytest.mark.parametrize(("rule", "group", "label"), RULES, ids=[rule for rule, *_ in RULES])
def test_a_blocked_request_reaches_no_target_and_names_its_rule(
    rule: str, group: str, label: str
) -> None:
    records = asked(query="url=file:///etc/passwd", agent="x", blocked=rule)
    [line], [judged] = rows_of(records, "alb"), rows_of(records, "waf")
    assert (line["elb_status_code"], line["target_ip"], line["actions_executed"]) == (
        "403",
        "",
        "waf",
    )
    assert [line[f"{part}_processing_time"] for part in ("request", "target", "response")] == [
        "-1"
    ] * 3
    assert (judged["action"], judged["terminatingRuleType"]) == ("BLOCK", "MANAGED_RULE_GROUP")
    assert judged["terminatingRuleId"] == f"AWS-AWSManagedRules{group}"
    last = judged["ruleGroupList"][-1]
    assert last["ruleGroupId"] == f"AWS#AWSManagedRules{group}"
    assert last["terminatingRule"]["ruleId"] == rule
    assert judged["labels"] == [{"name": f"awswaf:managed:aws:{label}"}]
    assert f"Root={judged['httpRequest']['requestId']}" == line["trace_id"]
    assert judged["httpRequest"]["country"] == "JP"


def test_groups_behind_the_one_that_blocks_are_never_asked() -> None:
    [judged] = rows_of(asked(blocked="GenericLFI_QUERYARGUMENTS"), "waf")
    assert len(judged["ruleGroupList"]) == 2
    assert judged["ruleGroupList"][0]["terminatingRule"] is None


def test_a_counted_request_goes_on_and_is_logged_by_both() -> None:
    records = asked(method="POST", counted="SizeRestrictions_BODY")
    [line], [judged] = rows_of(records, "alb"), rows_of(records, "waf")
    assert (line["elb_status_code"], judged["action"]) == ("200", "ALLOW")
    excluded = [
        group["excludedRules"] for group in judged["ruleGroupList"] if group["excludedRules"]
    ]
    assert excluded == [[{"exclusionType": "EXCLUDED_AS_COUNT", "ruleId": "SizeRestrictions_BODY"}]]


def test_the_rate_limit_names_whom_it_limits() -> None:
    [judged] = rows_of(asked(blocked="sz-rate-limit"), "waf")
    assert judged["terminatingRuleType"] == "RATE_BASED"
    assert judged["rateBasedRuleList"][0]["limitValue"] == THIEF


def test_headers_are_written_as_the_version_writes_them() -> None:
    versions = ["HTTP/1.1", "HTTP/2.0"]
    rows = rows_of(
        asked([T0, T0 + 1], version=versions, agent='a "b"', blocked="NoUserAgent_HEADER"), "waf"
    )
    names = [[header["name"] for header in row["httpRequest"]["headers"]] for row in rows]
    assert names == [
        ["Host", "User-Agent", "Accept", "Accept-Encoding"],
        ["host", "user-agent", "accept", "accept-encoding"],
    ]
    assert {row["httpRequest"]["headers"][1]["value"] for row in rows} == {'a "b"'}


@pytest.mark.parametrize(
    ("status", "target_status", "told"),
    [
        pytest.param(502, 0, ("502", "-"), id="the target gave no answer"),
        pytest.param(500, 500, ("500", "500"), id="the target failed"),
    ],
)
def test_failures_tell_who_failed(status: int, target_status: int, told: tuple[str, str]) -> None:
    [line] = rows_of(asked(status=status, target_status=target_status), "alb")
    assert (line["elb_status_code"], line["target_status_code"]) == told
    assert (line["target_processing_time"] == "-1") is (target_status == 0)


def test_each_request_lies_within_an_accepted_flow_of_its_client_on_the_node() -> None:
    at = [T0 + number * 7 * SECOND for number in range(200)]
    connection = [number // 9 for number in range(200)]
    records = asked(at, connection=connection, sent=60_000)
    lines, flows = rows_of(records, "alb"), rows_of(records, "vpcflowlogs")
    inward = [row for row in flows if row["dstport"] == 443 and row["flow_direction"] == "ingress"]
    for line, moment in zip(sorted(lines, key=lambda row: row["timestamp"]), at, strict=True):
        second = moment // 1000
        assert any(
            flow["srcaddr"] == THIEF
            and flow["srcport"] == int(line["client_port"])
            and flow["action"] == "ACCEPT"
            and flow["start"] <= second <= flow["end"]
            for flow in inward
        )


def test_what_is_forwarded_flows_from_the_node_to_the_host_that_answers() -> None:
    records = asked(target="sz-prod-web-02", node="sz-prod-alb-1c")
    flows = [
        row for row in rows_of(records, "vpcflowlogs") if 8080 in (row["srcport"], row["dstport"])
    ]
    assert {(row["srcaddr"], row["dstaddr"]) for row in flows} == {
        ("10.20.1.77", "10.20.11.21"),
        ("10.20.11.21", "10.20.1.77"),
    }
    assert len({row["interface_id"] for row in flows}) == 2


def test_nothing_flows_to_a_target_that_never_sees_the_request() -> None:
    flows = rows_of(asked(blocked="GenericLFI_QUERYARGUMENTS"), "vpcflowlogs")
    assert 8080 not in {row["dstport"] for row in flows}


def test_each_log_keeps_to_its_own_policy() -> None:
    web = World.source_name("alb", "444455556666", "ap-northeast-1", "sz-prod-alb")
    world = {
        "effects": (Effect("not logged", web, T0, T0 + SECOND),),
        "switches": (Switch("waf", on=False),),
    }
    stage, records = staged(**world)
    found = visit(
        stage, [T0, T0 + 2 * SECOND], Requests(client=THIEF, path="/", blocked="SQLi_BODY")
    )
    assert found.alb.logged.tolist() == [False, True]
    assert found.waf.logged.tolist() == [False, False]
    assert found.flows.logged.all()
    assert len(rows_of(records, "alb")) == 1


def test_lines_are_delivered_by_node_with_its_public_address() -> None:
    records = asked([T0, T0 + 1], node=["sz-prod-alb-1a", "sz-prod-alb-1c"])
    parts = {stream.part for stream in records.batches if stream.log_type == "alb"}
    assert parts == {"203.0.113.132", "203.0.113.133"}


def test_two_requests_of_one_moment_have_ports_and_ids_of_their_own() -> None:
    stage, records = staged()
    for _ in range(40):
        requests(stage, T0, Requests(client=THIEF, path="/preview"))
    lines = rows_of(records, "alb")
    assert len({line["trace_id"][-24:] for line in lines}) == 40
    assert len({line["client_port"] for line in lines}) > 35
