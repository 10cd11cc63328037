"""ALB access logs: which lines are read, and how the request is taken apart."""

from __future__ import annotations

import io
from typing import Any

import pytest

from siemlab.logs import recognize
from siemlab.logs.alb import ALB
from siemlab.normalize import Document, LogObject, normalize_object

KEY = (
    "AWSLogs/111122223333/elasticloadbalancing/us-east-1/2022/11/18/111122223333_elasticload"
    "balancing_us-east-1_app.web.0123456789abcdef_20221118T0705Z_203.0.113.9_abc.log.gz"
)
COLUMNS = {
    "request_type": "http",
    "timestamp": "2022-11-18T07:00:00.000001Z",
    "elb": "app/web/0123456789abcdef",
    "client": "198.51.100.23:2817",
    "target": "10.0.1.21:80",
    "request_processing_time": "0.001",
    "target_processing_time": "0.037",
    "response_processing_time": "0.000",
    "elb_status_code": "200",
    "target_status_code": "200",
    "received_bytes": "34",
    "sent_bytes": "366",
    "request": '"GET http://www.example.com:80/ HTTP/1.1"',
    "useragent": '"curl/7.79.1"',
    "ssl_cipher": "-",
    "ssl_protocol": "-",
    "target_group_arn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/1",
    "trace_id": '"Root=1-2-3"',
    "domain_name": '"-"',
    "chosen_cert_arn": '"-"',
    "matched_rule_priority": "0",
    "request_creation_time": "2022-11-18T07:00:00.000000Z",
    "actions_executed": '"forward"',
    "redirect_url": '"-"',
    "lambda_error_reason": '"-"',
    "target_port_list": '"10.0.1.21:80"',
    "target_status_code_list": '"200"',
    "classification": '"-"',
    "classification_reason": '"-"',
}


def line(**columns: str | None) -> str:
    """A line in which some columns are other ones, or missing."""
    return " ".join(value for value in {**COLUMNS, **columns}.values() if value is not None)


def document(**columns: str | None) -> dict[str, Any]:
    data = line(**columns).encode()
    (found,) = normalize_object(LogObject(KEY, "bucket", lambda: io.BytesIO(data)))
    assert isinstance(found, Document), found
    assert found.index == "log-aws-elb-2022-11"
    return found.source


def url(request: str) -> dict[str, Any]:
    return document(request=f'"{request}"')["url"]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            "GET https://www.example.com:443/a/b?c=d&e=?f HTTP/2.0",
            {"domain": "www.example.com", "path": "/a/b", "port": "443", "query": "c=d&e=?f",
             "scheme": "https", "full": "https://www.example.com:443/a/b?c=d&e=?f"},
        ),
        (
            "GET http://198.51.100.1:80/a b HTTP/1.1",
            {"domain": "198.51.100.1", "path": "/a b", "port": "80", "scheme": "http",
             "full": "http://198.51.100.1:80/a"},
        ),
        (
            "POST http://[2001:db8::1]:80/ HTTP/1.1",
            {"domain": "2001:db8::1", "path": "/", "port": "80", "scheme": "http",
             "full": "http://[2001:db8::1]:80/"},
        ),
        ("- http://www.example.com:80- -",
         {"domain": "www.example.com", "port": "80", "scheme": "http",
          "full": "http://www.example.com:80-"}),
    ],
)  # fmt: skip
def test_the_request_is_taken_apart(request_: str, expected: dict[str, str]) -> None:
    assert url(request_) == expected


def test_a_request_of_dashes_has_no_url() -> None:
    source = document(request='"- - -"', elb_status_code="400")
    assert "url" not in source
    assert source["request"] == "- - -"
    assert source["http"]["response"]["status_code"] == "400"


def test_an_ipv6_host_joins_the_related_addresses() -> None:
    source = document(request='"GET http://[2001:db8::1]:80/ HTTP/1.1"')
    assert source["related"]["ip"] == ["10.0.1.21", "198.51.100.23", "2001:db8::1"]
    assert "ip" not in source["url"]


def test_a_target_that_is_none_leaves_no_destination() -> None:
    source = document(target="-", target_status_code="-", target_port_list='"-"')
    assert "destination" not in source
    assert source["related"]["ip"] == ["198.51.100.23"]


def test_an_ipv6_client_is_taken_apart_at_its_last_colon() -> None:
    source = document(client="2001:db8::7:41000", target="2001:db8::8:80")
    assert source["source"] == {"address": "2001:db8::7", "ip": "2001:db8::7", "port": "41000"}
    assert source["destination"]["ip"] == "2001:db8::8"


def test_all_columns_are_kept_but_dashes() -> None:
    source = document(classification='"Ambiguous"', classification_reason='"BadVersion"')
    assert source["classification_reason"] == "BadVersion"
    assert source["target_processing_time"] == "0.037"
    assert source["http_version"] == "1.1"
    assert source["http"]["version"] == "1.1"
    assert "redirect_url" not in source
    assert source["event"]["category"] == ["web"]
    assert source["user_agent"]["original"] == "curl/7.79.1"


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"classification": None, "classification_reason": None}, id="before 2019"),
        pytest.param({"more": '"10.0.1.22:80"', "still": "TID_1"}, id="columns to come"),
        pytest.param({"useragent": '""'}, id="empty user agent"),
        pytest.param({"useragent": '"a b (c) \\x22 d"'}, id="escaped quote"),
        pytest.param({"ssl_cipher": "ECDHE-RSA-AES128", "ssl_protocol": "TLSv1.2"}, id="tls"),
        pytest.param({"request_type": "wss", "target_processing_time": "-1"}, id="web socket"),
        pytest.param({"lambda_error_reason": '"LambdaTimeout"'}, id="lambda"),
        pytest.param({"request": '"GET http://a.example:80/${jndi:x} HTTP/1.1"'}, id="attack"),
    ],
)  # fmt: skip
def test_lines_that_are_read(columns: dict[str, str | None]) -> None:
    assert document(**columns)["@message"] == line(**columns)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"useragent": '"() { :; }; echo "x""'}, id="quote in the user agent"),
        pytest.param({"request": '"M-SEARCH http://a.example/ HTTP/1.1"'}, id="hyphen in method"),
        pytest.param({"target_port_list": '"10.0.1.21:80 10.0.1.22:80"'}, id="two targets"),
        pytest.param({"target_status_code_list": '"200 502"'}, id="two target codes"),
        pytest.param({"client": "198.51.100.23"}, id="no client port"),
        pytest.param({"sent_bytes": None}, id="a column less"),
        pytest.param({"received_bytes": "many"}, id="no number"),
        pytest.param({"request": "GET"}, id="no quotes"),
    ],
)  # fmt: skip
def test_lines_that_the_siem_refuses_are_refused(columns: dict[str, str | None]) -> None:
    assert ALB.pattern is not None
    assert not ALB.pattern.match(line(**columns))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x_elasticloadbalancing_us-east-1_app.a.1_20221118T0705Z_203.0.113.9_a1.log.gz", "alb"),
        ("x_elasticloadbalancing_us-east-1_app.a.1_20221118T0705Z_203.0.113.9_a1.log", "clb"),
        ("x_elasticloadbalancing_us-east-1_net.a.1_20221118T0705Z_a1b2c3d4.log.gz", "nlb"),
    ],
)
def test_the_name_says_which_load_balancer_it_is(name: str, kind: str) -> None:
    found = recognize(f"AWSLogs/111122223333/elasticloadbalancing/us-east-1/{name}")
    assert found is not None
    assert found.name == kind
