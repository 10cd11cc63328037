"""WAF: headers, ACLs of both kinds; Route 53 Resolver: names without their last dot."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Make

WAF = "AWSLogs/111122223333/WAFLogs/us-east-1/web/x_waflogs_us-east-1_web_1.log.gz"
RESOLVER = "AWSLogs/111122223333/vpcdnsquerylogs/vpc-1/2022/11/18/a.log.gz"
ARN = "arn:aws:wafv2:ap-northeast-1:444455556666"
REQUEST = {
    "timestamp": 1668754801123,
    "webaclId": f"{ARN}:regional/webacl/web/1",
    "action": "BLOCK",
    "terminatingRuleId": "r1",
    "httpRequest": {
        "clientIp": "198.51.100.7",
        "headers": [],
        "uri": "/x",
        "args": "a=1",
        "httpVersion": "HTTP/1.1",
        "httpMethod": "GET",
    },
}


def request(make: Make, headers: Any = (), **fields: Any) -> dict[str, Any]:
    http = {**REQUEST["httpRequest"], "headers": list(headers)}
    source: dict[str, Any] = make(WAF, {**REQUEST, "httpRequest": http, **fields}).source
    return source


def header(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


@pytest.mark.parametrize(
    ("acl", "ruleset", "region", "account"),
    [
        (f"{ARN}:regional/webacl/web/1", "web", "ap-northeast-1", "444455556666"),
        (f"{ARN}:global/webacl/web/1", "web", "global", "444455556666"),
        ("6ba7b810-9dad-11d1", "6ba7b810-9dad-11d1", "global", "111122223333"),
        ("a/b/c", "a/b/c", "global", "111122223333"),
    ],
)
def test_the_acl_says_ruleset_region_and_account(
    make: Make, acl: str, ruleset: str, region: str, account: str
) -> None:
    source = request(make, webaclId=acl)
    assert source["rule"] == {"name": "r1", "ruleset": ruleset}
    assert source["cloud"]["region"] == region
    assert source["cloud"]["account"]["id"] == account


def test_headers_stand_below_their_names_and_of_two_the_last_counts(make: Make) -> None:
    headers = [
        header("HOST", "a.example.com"),
        header("host", "b.example.com"),
        header("User-Agent", "curl/7.79.1"),
        header("Referer", "https://example.com/"),
        header("Authorization", "secret"),
        header("X-Forwarded-For", "192.0.2.1"),
    ]
    source = request(make, headers)
    assert source["httpRequest"]["header"] == {
        "host": "b.example.com",
        "user_agent": "curl/7.79.1",
        "referer": "https://example.com/",
        "x_forwarded_for": "192.0.2.1",
    }
    assert source["httpRequest"]["headers"] == headers
    assert source["url"] == {"path": "/x", "query": "a=1", "domain": "b.example.com"}
    assert source["http"]["request"] == {"method": "GET", "referrer": "https://example.com/"}
    assert source["http"]["version"] == "1.1"
    assert source["user_agent"]["name"] == "curl"


def test_without_headers_there_are_no_names_of_headers(make: Make) -> None:
    source = request(make)
    assert "header" not in source["httpRequest"]
    assert "user_agent" not in source
    assert source["http"]["version"] == "1.1"


def test_an_empty_user_agent_is_of_an_unknown_client(make: Make) -> None:
    agent = request(make, [header("User-Agent", "")])["user_agent"]
    assert agent == {
        "name": "Other",
        "os.name": "Other",
        "os.full": "Other",
        "device.name": "Other",
    }


@pytest.mark.parametrize(
    ("name", "left"), [("example.com.", "example.com"), ("example.com", "example.com"), (".", None)]
)
def test_a_question_loses_the_dot_at_its_end(make: Make, name: str, left: str | None) -> None:
    raw = {"query_timestamp": "2022-11-18T07:00:01Z", "query_name": name, "query_type": "A"}
    question = make(RESOLVER, raw).source["dns"]["question"]
    assert question == ({"name": left, "type": "A"} if left else {"type": "A"})


def test_of_the_answers_the_first_counts_and_the_instance_is_not_looked_for(make: Make) -> None:
    answers = [
        {"Rdata": "alias.example.com.", "Type": "CNAME", "Class": "IN"},
        {"Rdata": "192.0.2.1", "Type": "A", "Class": "IN"},
    ]
    raw = {
        "query_timestamp": "2022-11-18T07:00:01Z",
        "answers": answers,
        "srcids": {"instance": "i-0123456789abcdef0"},
        "rcode": "NOERROR",
    }
    source = make(RESOLVER, raw).source
    found = {"data": "alias.example.com", "type": "CNAME", "class": "IN"}
    assert source["dns"] == {"answers": found, "response_code": "NOERROR"}
    assert "instance" not in source["cloud"]
    assert source["answers"] == answers
