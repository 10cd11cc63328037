"""Columns in, lines out: whatever they hold, the reader finds each record as it was meant."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.errors import LogFormatError
from siemlab.logs.alb import ALB, alb_rows
from siemlab.logs.linux_secure import LINUX_SECURE, secure_rows
from siemlab.logs.model import LogType
from siemlab.logs.route53resolver import ROUTE53RESOLVER, resolver_rows
from siemlab.logs.rows import Frame, Lines, Rows, concat
from siemlab.logs.s3accesslog import S3ACCESSLOG, access_rows
from siemlab.logs.subscription import Events
from siemlab.logs.vpcflowlogs import FIELDS, VPCFLOWLOGS, vpc_rows
from siemlab.logs.waf import WAF, waf_rows
from siemlab.logs.writing import Delivery, Stream, render, store_object
from siemlab.normalize import Document, normalize

NOON = datetime(2022, 11, 18, 3, tzinfo=UTC)
MILLISECONDS = 1668740400123
STREAMS = {
    ALB: Stream(ALB.name, "444455556666", "ap-northeast-1", "app/web/50dc6c495c0c9188", "10.0.0.7"),
    LINUX_SECURE: Stream(LINUX_SECURE.name, "444455556666", "ap-northeast-1", "to-s3"),
    ROUTE53RESOLVER: Stream(ROUTE53RESOLVER.name, "444455556666", "ap-northeast-1", "vpc-0a"),
    S3ACCESSLOG: Stream(S3ACCESSLOG.name, "444455556666", "ap-northeast-1", "docs"),
    VPCFLOWLOGS: Stream(VPCFLOWLOGS.name, "444455556666", "ap-northeast-1", part="fl-0a"),
    WAF: Stream(WAF.name, "444455556666", "ap-northeast-1", "web"),
}


def documents(log_type: LogType, rows: Rows) -> list[dict[str, Any]]:
    """The documents of all records, by way of an object on disk; none may be refused."""
    delivery = Delivery(STREAMS[log_type], NOON, "0123456789abcdef" * 2)
    with tempfile.TemporaryDirectory() as folder:
        content = render(log_type, rows, 0, len(rows), delivery)
        key = log_type.writer.key(delivery)
        store_object(Path(folder), key, content, log_type.writer.compressed)
        outcomes = list(normalize([folder]))
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Document)]
    assert refused == []
    return [outcome.source for outcome in outcomes if isinstance(outcome, Document)]


def lines(rows: Rows) -> list[str]:
    return [record.decode() for record in rows.records()]


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
seen = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


# ---------------------------------------------------------------- flow logs

FLOWS = {
    "account_id": "444455556666",
    "interface_id": ["eni-0a", "eni-0b", "eni-0b", "eni-0c"],
    "srcaddr": ["198.51.100.7", "2001:db8::7", None, None],
    "dstaddr": ["10.0.0.5", "2001:db8::5", None, None],
    "srcport": [50001, 0, None, None],
    "dstport": [22, 443, None, None],
    "protocol": [6, 58, None, None],
    "packets": [3, 1, None, None],
    "bytes": [180, 1_500_000_000_000, None, None],
    "start": np.array([1668740400] * 4),
    "end": pl.Series([1668740460] * 4),
    "action": ["REJECT", "ACCEPT", None, None],
    "log_status": ["OK", "OK", "NODATA", "SKIPDATA"],
    "type": ["IPv4", "IPv6", None, None],
    "region": b"ap-northeast-1",
}


def test_flow_records_become_documents_with_what_their_columns_say() -> None:
    ssh, six, nodata, skipped = documents(VPCFLOWLOGS, vpc_rows(FLOWS))
    assert (ssh["source"]["ip"], ssh["source"]["port"]) == ("198.51.100.7", "50001")
    assert (ssh["destination"]["port"], ssh["event"]["outcome"]) == ("22", "failure")
    assert ssh["@timestamp"] == "2022-11-18T03:01:00+00:00"
    assert (six["network"]["type"], six["network"]["bytes"]) == ("ipv6", "1500000000000")
    assert (nodata["log_status"], skipped["log_status"]) == ("NODATA", "SKIPDATA")
    assert "source" not in nodata


def test_a_flow_record_has_the_columns_of_the_header_and_a_dash_where_nothing_is_known() -> None:
    (line,) = lines(vpc_rows({"srcport": "-", "end": 9}))
    assert isinstance(VPCFLOWLOGS.writer.head, bytes)
    header = VPCFLOWLOGS.writer.head.decode().split()
    assert [name.replace("-", "_") for name in header] == [*FIELDS]
    columns = dict(zip(header, line.split(" "), strict=True))
    assert {name: value for name, value in columns.items() if value != "-"} == {
        "version": "5",
        "end": "9",
        "log-status": "OK",
    }


def test_flow_records_of_many_behaviors_are_put_together_whatever_kind_their_columns_have() -> None:
    small = vpc_rows({"srcport": np.array([1], dtype=np.uint16), "action": "ACCEPT", "end": 1})
    none = vpc_rows({"log_status": ["NODATA"], "end": np.array([2], dtype=np.int32)})
    both = concat([small, none, small])
    assert lines(both) == [*lines(small), *lines(none), *lines(small)]


# ---------------------------------------------------------------- requests to balancers

REQUEST = {
    "request_type": "https",
    "timestamp": np.array([1668740400123456, 1668740401000000]),
    "elb": "app/web/50dc6c495c0c9188",
    "client_ip": ["198.51.100.7", "2001:db8::7"],
    "client_port": [50001, 50002],
    "target_ip": ["10.0.0.5", None],
    "target_port": [8080, None],
    "request_processing_time": [0, -1],
    "target_processing_time": [1043, -1],
    "response_processing_time": ["0.000", "-1"],
    "elb_status_code": [200, 403],
    "target_status_code": [200, None],
    "received_bytes": 412,
    "sent_bytes": [1682, 0],
    "request": "GET https://www.example.com:443/a?q=1 HTTP/1.1",
    "useragent": ["curl/7.79.1", None],
    "target_group_arn": "arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:targetgroup/w/1",
    "trace_id": "Root=1-639fe4b5-0123456789abcdef01234567",
    "domain_name": "www.example.com",
    "matched_rule_priority": 0,
    "request_creation_time": [1668740400100000, 1668740401000000],
    "actions_executed": ["waf,forward", "waf"],
}


def test_requests_become_documents_with_what_their_columns_say() -> None:
    served, blocked = documents(ALB, alb_rows(REQUEST))
    assert served["@timestamp"] == "2022-11-18T03:00:00.123456+00:00"
    assert served["destination"] == {"address": "10.0.0.5", "ip": "10.0.0.5", "port": "8080"}
    assert served["target_processing_time"] == "1.043"
    assert served["request_processing_time"] == "0.000"
    assert served["target_port_list"] == "10.0.0.5:8080"
    assert served["url"]["query"] == "q=1"
    assert blocked["source"]["ip"] == "2001:db8::7"
    assert "destination" not in blocked
    assert blocked["http"]["response"]["status_code"] == "403"
    assert blocked["request_processing_time"] == "-1"


@given(path=text, agents=st.lists(text, min_size=1, max_size=3))
def test_no_url_and_no_user_agent_breaks_the_line_of_a_request(
    path: str, agents: list[str]
) -> None:
    url = f"GET https://www.example.com:443/{path} HTTP/1.1"
    columns = {**REQUEST, "request": url, "useragent": [*agents, "last"]}
    columns = {
        name: column[0] if isinstance(column, list | np.ndarray) and name != "useragent" else column
        for name, column in columns.items()
    }
    written = lines(alb_rows({**columns, "timestamp": 1668740400123456}))
    assert len(written) == len(agents) + 1
    for line, agent in zip(written, agents, strict=False):
        assert ALB.pattern
        found = ALB.pattern.fullmatch(line)
        assert found, line
        assert unescaped(found["request"]) == url
        assert unescaped(found["useragent"] or "") == agent
        assert ALB.writer.encode(found.groupdict()).decode() == line


def unescaped(shown: str) -> str:
    r"""The text of which each special byte is ``\xHH``."""
    pieces = shown.split("\\x")
    start = pieces[0].encode()
    rest = [bytes([int(piece[:2], 16)]) + piece[2:].encode() for piece in pieces[1:]]
    return b"".join([start, *rest]).decode()


# ---------------------------------------------------------------- requests to buckets

OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
ACCESS = {
    "BucketOwner": OWNER,
    "Bucket": "docs",
    "RequestDateTime": np.array([MILLISECONDS, MILLISECONDS]),
    "RemoteIP": "198.51.100.7",
    "Requester": "arn:aws:iam::444455556666:user/frank",
    "RequestID": ["3E57427F3A1B2C4D", "3E57427F3A1B2C4E"],
    "Operation": ["REST.GET.OBJECT", "BATCH.DELETE.OBJECT"],
    "Key": "passport/a.jpg",
    "RequestURI": ["GET /passport/a.jpg HTTP/1.1", None],
    "HTTPstatus": [200, 204],
    "BytesSent": [113, None],
    "ObjectSize": 113,
    "TotalTime": 7,
    "UserAgent": ["aws-cli/2.8.5", None],
    "HostId": "s9lzHYrFp76ZVxRcpX9=",
    "EndPoint": "docs.s3.ap-northeast-1.amazonaws.com",
}


def test_requests_to_buckets_become_documents_with_what_their_columns_say() -> None:
    got, deleted = documents(S3ACCESSLOG, access_rows(ACCESS))
    assert got["@timestamp"] == "2022-11-18T03:00:00+00:00"
    assert (got["user"]["name"], got["http"]["response"]["bytes"]) == ("frank", "113")
    assert got["url"]["original"] == "/passport/a.jpg"
    assert deleted["Operation"] == "BATCH.DELETE.OBJECT"
    assert "RequestURI_key" not in deleted
    assert "user_agent" not in deleted


@given(agent=text, referrer=text)
def test_no_user_agent_and_no_referrer_breaks_the_line_of_a_request_to_a_bucket(
    agent: str, referrer: str
) -> None:
    columns = {**ACCESS, "UserAgent": agent, "Referrer": referrer}
    for line in lines(access_rows(columns)):
        assert S3ACCESSLOG.pattern
        found = S3ACCESSLOG.pattern.fullmatch(line)
        assert found, line
        assert unescaped(found["UserAgent"]) == agent
        assert unescaped(found["Referrer"]) == referrer
        assert found["EndPoint"] == ACCESS["EndPoint"]
        assert S3ACCESSLOG.writer.encode(found.groupdict()).decode() == line


# ---------------------------------------------------------------- web ACLs and queries


@given(uri=text, args=text, values=st.lists(st.none() | text, min_size=1, max_size=4), label=text)
def test_a_web_acl_record_is_json_with_exactly_the_texts_that_were_given(
    uri: str, args: str, values: list[str | None], label: str
) -> None:
    labels = json.dumps([{"name": label}])
    rows = waf_rows(
        {
            **{"timestamp": [MILLISECONDS] * len(values), "action": "BLOCK", "uri": uri},
            **{"args": args, "clientIp": "198.51.100.7", "country": "NL", "labels": labels},
        },
        {"Host": "www.example.com", "User-Agent": values},
    )
    for line, value in zip(lines(rows), values, strict=True):
        record = json.loads(line)
        request = record["httpRequest"]
        assert (request["uri"], request["args"]) == (uri, args)
        agent = [] if value is None else [{"name": "User-Agent", "value": value}]
        assert request["headers"] == [{"name": "Host", "value": "www.example.com"}, *agent]
        assert record["labels"] == [{"name": label}]
        assert WAF.writer.encode(record).decode() == json.dumps(
            record, ensure_ascii=False, separators=(",", ":")
        )


def test_web_acl_records_become_documents() -> None:
    acl = "arn:aws:wafv2:ap-northeast-1:444455556666:regional/webacl/web/0a1b2c3d"
    rows = waf_rows(
        {
            **{"timestamp": [MILLISECONDS, MILLISECONDS], "webaclId": acl, "action": "BLOCK"},
            **{"clientIp": "198.51.100.7", "uri": "/login", "httpVersion": "HTTP/1.1"},
            **{"labels": [None, '[{"name":"awswaf:x"}]'], "country": "NL", "httpMethod": "POST"},
        },
        {"Host": ["www.example.com", None]},
    )
    first, second = documents(WAF, rows)
    assert first["@timestamp"] == "2022-11-18T03:00:00.123000+00:00"
    assert (first["url"]["domain"], first["rule"]["ruleset"]) == ("www.example.com", "web")
    assert "labels" not in first
    assert second["labels"] == [{"name": "awswaf:x"}]
    assert first["cloud"]["region"] == "ap-northeast-1"


def test_a_client_that_sent_no_headers_has_none_in_its_web_acl_record() -> None:
    for line in lines(waf_rows({"timestamp": [MILLISECONDS] * 2}, {})):
        assert json.loads(line)["httpRequest"]["headers"] == []


@given(name=text)
def test_a_query_is_json_with_exactly_the_name_that_was_given(name: str) -> None:
    (line,) = lines(resolver_rows({"query_name": name, "query_timestamp": MILLISECONDS}))
    assert json.loads(line)["query_name"] == name


def test_queries_become_documents() -> None:
    answers = '[{"Rdata":"198.51.100.9","Type":"A","Class":"IN"}]'
    rows = resolver_rows(
        {
            **{"query_timestamp": np.array([MILLISECONDS, MILLISECONDS]), "srcaddr": "10.0.0.5"},
            **{"query_name": "pool.example.org.", "answers": [answers, "[]"], "query_type": "A"},
            **{"rcode": ["NOERROR", "NXDOMAIN"], "srcport": 9486, "instance": ["i-0a", None]},
        }
    )
    known, unknown = documents(ROUTE53RESOLVER, rows)
    assert known["@timestamp"] == "2022-11-18T03:00:00+00:00"
    assert known["dns"]["answers"]["data"] == "198.51.100.9"
    assert known["srcids"] == {"instance": "i-0a"}
    assert known["srcport"] == "9486"
    assert unknown["dns"]["response_code"] == "NXDOMAIN"
    assert "srcids" not in unknown


# ---------------------------------------------------------------- lines of hosts


def secure(messages: list[str], stamps: list[int], streams: list[str]) -> Events:
    columns = {"message": messages, "timestamp": stamps, "log_stream": streams}
    return secure_rows({**columns, "owner": "444455556666"})


@given(messages=st.lists(seen, min_size=1, max_size=5))
def test_lines_of_hosts_are_read_as_they_were_written(messages: list[str]) -> None:
    whole = [f"Nov 18 03:00:00 web-01 sshd[8]: {message}" for message in messages]
    rows = secure(whole, [MILLISECONDS] * len(whole), ["i-0123456789abcdef0"] * len(whole))
    content = rows.join(0, len(rows), b"").decode()
    events = json.loads(content)["logEvents"]
    assert [event["message"] for event in events] == whole
    assert len({event["id"] for event in events}) == len(whole)
    assert all(int(event["id"]) >> 144 == MILLISECONDS for event in events)


def test_what_a_host_sent_at_once_is_one_message_and_hosts_are_told_apart() -> None:
    stamps = [MILLISECONDS, MILLISECONDS + 1, MILLISECONDS + 9000, MILLISECONDS + 9001]
    line = "Nov 18 03:00:00 web-01 sshd[8]: Failed password for root from 203.0.113.7 port 1 ssh2"
    rows = secure([line] * 4, stamps, ["i-0a", "i-0a", "i-0a", "i-0b"])
    content = rows.join(0, 4, b"").decode()
    messages = json.loads("[" + content.replace("]}{", "]},{") + "]")
    assert [len(message["logEvents"]) for message in messages] == [2, 1, 1]
    assert [message["logStream"] for message in messages] == ["i-0a", "i-0a", "i-0b"]
    found = documents(LINUX_SECURE, rows)
    assert [source["@log_stream"] for source in found] == ["i-0a", "i-0a", "i-0a", "i-0b"]
    assert {source["source"]["ip"] for source in found} == {"203.0.113.7"}


# ---------------------------------------------------------------- rows of any kind


def some_lines(texts: list[str]) -> Rows:
    return Lines([text.encode() for text in texts])


def some_frame(texts: list[str]) -> Rows:
    return Frame(pl.DataFrame({"a": range(len(texts)), "b": texts}, schema_overrides={"b": str}))


def some_events(texts: list[str]) -> Rows:
    return secure(texts, [7] * len(texts), [f"i-0{len(text) % 2}" for text in texts])


KINDS = [some_lines, some_frame, some_events]
kinds = pytest.mark.parametrize("make", KINDS, ids=["lines", "frame", "events"])
word = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)


@kinds
@given(texts=st.lists(word, min_size=1, max_size=8), data=st.data())
def test_rows_are_taken_cut_and_put_together_record_by_record(
    make: Callable[[list[str]], Rows], texts: list[str], data: st.DataObject
) -> None:
    rows = make(texts)
    each = [*rows.records()]
    assert len(rows) == len(each) == len(texts)
    order = data.draw(st.permutations(range(len(texts))))
    taken = rows.take(np.array(order))
    assert [*taken.records()] == [each[at] for at in order]
    cut = data.draw(st.integers(0, len(texts)))
    both = concat([taken, rows])
    assert [*both.records()] == [*taken.records(), *each]
    if make is not some_events:  # which are put together to messages
        assert rows.join(0, cut, b"\n") == b"\n".join(each[:cut])
        assert rows.join(cut, len(texts), b"\n") == b"\n".join(each[cut:])


def test_rows_of_different_kinds_are_rendered_when_they_are_put_together() -> None:
    mixed = concat([some_frame(["x"]), some_lines(["y"])])
    assert mixed.join(0, 2, b"|") == b"0 x|y"


@pytest.mark.parametrize(
    ("columns", "field", "en", "ja"),
    [
        ({"sourceaddr": "10.0.0.5"}, "sourceaddr", "no such column", "この列はありません"),
        ({"srcport": [1, 2], "dstport": [1]}, "dstport", "has 1 values", "1 個"),
    ],
    ids=["a column that there is not", "columns of different lengths"],
)
def test_columns_that_make_no_records_are_refused(
    columns: dict[str, Any], field: str, en: str, ja: str
) -> None:
    with pytest.raises(LogFormatError) as caught:
        vpc_rows(columns)
    assert caught.value.field == field
    assert en in caught.value.message("en")
    assert ja in caught.value.message("ja")


@pytest.mark.parametrize(
    "make",
    [
        lambda none: vpc_rows({"end": none}),
        lambda none: alb_rows({"timestamp": none}),
        lambda none: access_rows({"RequestDateTime": none}),
        lambda none: waf_rows({"timestamp": none}, {"Host": "www.example.com"}),
        lambda none: resolver_rows({"query_timestamp": none}),
        lambda none: secure_rows({"message": none, "timestamp": none}),
    ],
    ids=["vpc", "alb", "access", "waf", "resolver", "secure"],
)
@pytest.mark.parametrize("none", [[], np.array([], dtype=np.int64)], ids=["list", "array"])
def test_no_records_are_rows_too(make: Callable[[Any], Rows], none: Any) -> None:
    rows = make(none)
    assert (len(rows), rows.join(0, 0, b"\n"), [*rows.records()]) == (0, b"", [])
