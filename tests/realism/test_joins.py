"""R6: each join has records that agree, and records that do not."""

from __future__ import annotations

import pytest

from siemlab.realism.finding_joins import (
    ConfigJoin,
    CopyJoin,
    DnsJoin,
    FindingJoin,
)
from siemlab.realism.interfaces import InterfaceJoin
from siemlab.realism.inventory import Inventory
from siemlab.realism.joins import Join, RoleJoin, S3Join, WafJoin, WebJoin

from .conftest import COMPANY, OTHER, Event, api_call, event_id, seen

NOON = 1668754800  # 2022-11-18T07:00:00Z
CLIENT, NODE = "198.18.4.5", "10.20.0.77"

Rows = list[tuple[str, Event]]


def flow(**changes: object) -> Event:
    raw: Event = {
        "account_id": COMPANY,
        "interface_id": "eni-1",
        "vpc_id": "vpc-1",
        "srcaddr": CLIENT,
        "dstaddr": NODE,
        "srcport": "41822",
        "dstport": "443",
        "packets": "12",
        "bytes": "4000",
        "start": str(NOON - 30),
        "end": str(NOON + 30),
        "action": "ACCEPT",
        "flow_direction": "ingress",
    }
    return raw | changes


def request(**changes: object) -> Event:
    raw: Event = {
        "timestamp": "2022-11-18T07:00:00.184211Z",
        "client_ip": CLIENT,
        "elb_status_code": "403",
        "actions_executed": "waf",
        "trace_id": "Root=1-639fe4b5-0a",
    }
    return raw | changes


BLOCK = {
    "action": "BLOCK",
    "httpSourceName": "ALB",
    "httpRequest": {"requestId": "1-639fe4b5-0a", "clientIp": CLIENT},
}
OBJECT = {
    "Bucket": "docs",
    "RequestID": "8A7B6C5D4E3F2G1H",
    "Operation": "REST.GET.OBJECT",
    "RequestDateTime": "18/Nov/2022:07:00:01 +0000",
}


def data_event(request_id: str = "8A7B6C5D4E3F2G1H", **changes: object) -> Event:
    return api_call(
        eventSource="s3.amazonaws.com",
        eventName="GetObject",
        eventCategory="Data",
        requestID=request_id,
        requestParameters={"bucketName": "docs", "key": "a"},
        **changes,
    )


STOPPED = api_call(1, eventName="StopLogging", eventTime="2022-11-18T06:00:00Z")
STARTED = api_call(2, eventName="StartLogging", eventTime="2022-11-18T06:30:00Z")
EARLIER = data_event("0000000000000000", eventTime="2022-11-18T05:00:00Z")
EARLIER_LINE = OBJECT | {
    "RequestID": "0000000000000000",
    "RequestDateTime": "18/Nov/2022:05:00:00 +0000",
}


def assumed(number: int, recipient: str, **changes: object) -> Event:
    return api_call(
        number,
        eventName="AssumeRole",
        requestParameters={"roleArn": f"arn:aws:iam::{OTHER}:role/sz-ci-deploy-role"},
        recipientAccountId=recipient,
        sharedEventID=event_id(77),
        **changes,
    )


ARN = f"arn:aws:guardduty:ap-northeast-1:{COMPANY}:detector/d/finding/f"


def finding(action: Event, **changes: object) -> Event:
    interface = {"privateIpAddress": "10.20.10.21"}
    raw: Event = {
        "arn": ARN,
        "accountId": COMPANY,
        "region": "ap-northeast-1",
        "resource": {"instanceDetails": {"networkInterfaces": [interface]}},
        "service": {
            "action": action,
            "eventFirstSeen": "2022-11-18T06:59:00Z",
            "eventLastSeen": "2022-11-18T07:05:00Z",
            "count": 3,
        },
    }
    return raw | changes


REMOTE = {"remoteIpDetails": {"ipAddressV4": CLIENT}}
BY_API = {"actionType": "AWS_API_CALL", "awsApiCallAction": {"api": "GetUser"} | REMOTE}
BY_FLOW = {"actionType": "NETWORK_CONNECTION", "networkConnectionAction": REMOTE}
BY_NAME = {"actionType": "DNS_REQUEST", "dnsRequestAction": {"domain": "pool.example.org"}}
QUERY = {
    "account_id": COMPANY,
    "region": "ap-northeast-1",
    "query_timestamp": "2022-11-18T07:00:10Z",
    "query_name": "pool.example.org.",
    "srcaddr": "10.20.10.21",
    "answers": [{"Rdata": "203.0.113.200", "Type": "A"}],
}
COPY = {"ProductArn": "arn:aws:securityhub:ap-northeast-1::product/aws/guardduty", "Id": ARN}
OUTGOING = {"srcaddr": "10.20.10.21", "dstaddr": "203.0.113.200", "flow_direction": "egress"}

DAY_BEFORE = [
    ("route53resolver", QUERY | {"query_timestamp": "2022-11-17T07:00:10Z", "answers": []})
]
VOLUME = "vol-0a51c0de00000001a"
CREATED = api_call(
    eventSource="ec2.amazonaws.com",
    eventName="CreateVolume",
    responseElements={"volumeId": VOLUME},
    readOnly=False,
)


def turned(name: str, time: str) -> Event:
    return api_call(eventName=name, eventTime=f"2022-11-18T{time}Z")


def item(time: str) -> Event:
    return {"resourceId": VOLUME, "configurationItemCaptureTime": f"2022-11-18T{time}Z"}


AGREE: dict[str, tuple[type[Join], Rows]] = {
    "request and flow": (WebJoin, [("alb", request()), ("vpcflowlogs", flow())]),
    "a request while the flow log was gone": (
        WebJoin,
        [
            ("alb", request()),
            ("vpcflowlogs", flow()),
            ("cloudtrail", turned("DeleteFlowLogs", "07:30:00")),
            ("alb", request(timestamp="2022-11-18T09:00:00.0Z")),
            ("cloudtrail", turned("CreateFlowLogs", "10:00:00")),
        ],
    ),
    "block and 403": (WafJoin, [("waf", BLOCK), ("alb", request())]),
    "event and line": (S3Join, [("cloudtrail", data_event()), ("s3accesslog", OBJECT)]),
    "a line while the trail was off": (
        S3Join,
        [
            ("cloudtrail", STOPPED),
            ("cloudtrail", EARLIER),
            ("s3accesslog", EARLIER_LINE),
            ("s3accesslog", OBJECT),
        ],
    ),
    "role in both accounts": (
        RoleJoin,
        [("cloudtrail", assumed(1, COMPANY)), ("cloudtrail", assumed(2, OTHER))],
    ),
    "finding and call": (
        FindingJoin,
        [("cloudtrail", api_call(sourceIPAddress=CLIENT)), ("guardduty", finding(BY_API))],
    ),
    "finding and flow": (
        FindingJoin,
        [("vpcflowlogs", flow(dstaddr="10.20.10.21")), ("guardduty", finding(BY_FLOW))],
    ),
    "finding and lookup": (
        FindingJoin,
        [("route53resolver", QUERY), ("guardduty", finding(BY_NAME))],
    ),
    "finding and copy": (CopyJoin, [("guardduty", finding({})), ("securityhub", COPY)]),
    "item after its volume": (
        ConfigJoin,
        [("cloudtrail", CREATED), ("config-history", item("07:02:00"))],
    ),
    "lookup, then flow": (
        DnsJoin,
        [*DAY_BEFORE, ("route53resolver", QUERY), ("vpcflowlogs", flow(**OUTGOING))],
    ),
    "lookup of the day before": (
        DnsJoin,
        [
            ("route53resolver", QUERY | {"query_timestamp": "2022-11-17T07:00:10Z"}),
            ("route53resolver", QUERY),
            ("vpcflowlogs", flow(**OUTGOING, start=str(NOON - 900), end=str(NOON - 600))),
        ],
    ),
    "one interface": (InterfaceJoin, [("vpcflowlogs", flow()), ("vpcflowlogs", flow())]),
    "an address is given on": (
        InterfaceJoin,
        [
            ("vpcflowlogs", flow()),
            ("vpcflowlogs", flow(interface_id="eni-2", start=str(NOON + 60), end=str(NOON + 90))),
        ],
    ),
}

DISAGREE: dict[str, tuple[type[Join], Rows]] = {
    "request without its client's flow": (
        WebJoin,
        [("alb", request()), ("vpcflowlogs", flow(srcaddr="198.18.9.9"))],
    ),
    "request long after the flow": (
        WebJoin,
        [("alb", request(timestamp="2022-11-18T07:20:00.0Z")), ("vpcflowlogs", flow())],
    ),
    "request after the flow log was made again": (
        WebJoin,
        [
            ("alb", request(timestamp="2022-11-18T09:00:00.0Z")),
            ("vpcflowlogs", flow()),
            ("cloudtrail", turned("DeleteFlowLogs", "07:30:00")),
            ("cloudtrail", turned("CreateFlowLogs", "08:00:00")),
        ],
    ),
    "request in a rejected flow": (
        WebJoin,
        [
            ("alb", request()),
            ("vpcflowlogs", flow(action="REJECT")),
            ("vpcflowlogs", flow(srcaddr="198.18.9.9")),
        ],
    ),
    "block that was forwarded": (
        WafJoin,
        [("waf", BLOCK), ("alb", request(trace_id="Root=1-639fe4b5-0b"))],
    ),
    "event without a line": (
        S3Join,
        [("cloudtrail", data_event("0000000000000001")), ("s3accesslog", OBJECT)],
    ),
    "a line before the trail was off": (
        S3Join,
        [
            ("cloudtrail", STOPPED),
            ("cloudtrail", STARTED),
            ("cloudtrail", data_event()),
            ("s3accesslog", OBJECT),
            ("s3accesslog", EARLIER_LINE),
        ],
    ),
    "role in one account": (
        RoleJoin,
        [
            ("cloudtrail", assumed(1, COMPANY)),
            ("cloudtrail", api_call(recipientAccountId=OTHER)),
        ],
    ),
    "finding without its call": (
        FindingJoin,
        [("cloudtrail", api_call()), ("guardduty", finding(BY_API))],
    ),
    "finding without its flow": (
        FindingJoin,
        [("vpcflowlogs", flow()), ("guardduty", finding(BY_FLOW))],
    ),
    "finding without its lookup": (
        FindingJoin,
        [
            ("route53resolver", QUERY | {"query_name": "www.example.com."}),
            ("guardduty", finding(BY_NAME)),
        ],
    ),
    "finding without a copy": (
        CopyJoin,
        [
            ("guardduty", finding({})),
            ("guardduty", finding({}, arn=f"{ARN}2")),
            ("securityhub", COPY),
        ],
    ),
    "copy without a finding": (
        CopyJoin,
        [
            ("guardduty", finding({})),
            ("securityhub", COPY),
            ("securityhub", COPY | {"Id": f"{ARN}2"}),
        ],
    ),
    "item before its volume": (
        ConfigJoin,
        [("cloudtrail", CREATED), ("config-history", item("06:59:00"))],
    ),
    "flow, then lookup": (
        DnsJoin,
        [
            *DAY_BEFORE,
            ("route53resolver", QUERY),
            ("vpcflowlogs", flow(**OUTGOING, start=str(NOON - 900), end=str(NOON - 600))),
        ],
    ),
    "two interfaces at once": (
        InterfaceJoin,
        [("vpcflowlogs", flow()), ("vpcflowlogs", flow(interface_id="eni-2"))],
    ),
}

TREE = "AWSLogs/{0}/vpcflowlogs/ap-northeast-1/2022/11/18/a.log.gz"


def join(kind: type[Join], rows: Rows) -> list[str]:
    """The verdicts of a join over some records, those apart that had nothing to judge."""
    check = kind()
    for number, (name, raw) in enumerate(rows, 1):
        check.see(seen(name, dict(raw), number=number))
    return [figure.verdict for figure in check.figures() if figure.verdict != "told"]


@pytest.mark.parametrize(("kind", "rows"), AGREE.values(), ids=AGREE)
def test_sources_that_agree_pass(kind: type[Join], rows: Rows) -> None:
    found = join(kind, rows)
    assert found
    assert set(found) == {"pass"}


@pytest.mark.parametrize(("kind", "rows"), DISAGREE.values(), ids=DISAGREE)
def test_sources_that_disagree_fail(kind: type[Join], rows: Rows) -> None:
    assert "fail" in join(kind, rows)


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in AGREE.values()}, key=str))
def test_a_source_alone_is_not_judged(kind: type[Join]) -> None:
    assert join(kind, []) == []


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in AGREE.values()}, key=str))
@pytest.mark.parametrize("raw", [{}, {"start": "-", "end": "-", "action": "ACCEPT"}], ids=str)
def test_records_of_any_kind_can_be_joined(kind: type[Join], raw: Event) -> None:
    check = kind()
    for name in sorted(check.reads):
        check.see(seen(name, dict(raw)))
    assert check.figures()


def test_flows_with_addresses_that_no_finding_names_are_let_go() -> None:
    rows: Rows = [("vpcflowlogs", flow(dstaddr="10.20.10.21")), ("guardduty", finding(BY_FLOW))]
    check = FindingJoin(frozenset({"198.51.100.9"}))
    for number, (name, raw) in enumerate(rows, 1):
        check.see(seen(name, raw, number=number))
    assert "fail" in [figure.verdict for figure in check.figures()]


LAUNCHED = api_call(
    eventSource="ec2.amazonaws.com",
    eventName="RunInstances",
    readOnly=False,
    responseElements={"instancesSet": {"items": [{"privateIpAddress": NODE}]}},
)
THERE: dict[str, tuple[frozenset[str], Rows, str]] = {
    "of the start": (frozenset({NODE}), [("vpcflowlogs", flow())], "pass"),
    "launched": (frozenset(), [("vpcflowlogs", flow()), ("cloudtrail", LAUNCHED)], "pass"),
    "of nobody": (frozenset({"10.20.0.78"}), [("vpcflowlogs", flow())], "fail"),
}


@pytest.mark.parametrize(("known", "rows", "verdict"), THERE.values(), ids=THERE)
def test_a_private_address_is_of_an_interface_that_exists(
    known: frozenset[str], rows: Rows, verdict: str
) -> None:
    check = InterfaceJoin(Inventory(interfaces=known))
    for number, (name, raw) in enumerate(rows, 1):
        check.see(seen(name, raw, number=number))
    assert [figure.verdict for figure in check.figures()] == ["pass", verdict]
