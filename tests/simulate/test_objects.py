"""Requests to objects: the access log and the data events agree, as far as each is kept."""

from __future__ import annotations

from typing import Any

import pytest

from siemlab.simulate.affected import BucketTouched
from siemlab.simulate.calendar import HOUR
from siemlab.simulate.callers import Caller, role_session
from siemlab.simulate.objects import access, anonymous, delete_batches
from siemlab.simulate.resources import bucket
from siemlab.simulate.stage import Stage
from siemlab.simulate.world import Effect, World
from tests.simulate.recorded import T0, rows_of, staged

DOCS, BACKUP = "sz-prod-customer-docs", "sz-prod-db-backup"
EXCHANGE, EXPORT = "sz-prod-partner-exchange", "sz-prod-analytics-export"
PROD = "444455556666"
THIEF, AGENT = "198.51.100.55", "aws-cli/2.9.6 command/s3.sync"


def thief(stage: Stage, agent: str = AGENT) -> Caller:
    role = stage.world.role("sz-prod", "sz-web-ec2-role")
    session = stage.world.session_at("sz-prod-web-01", PROD, T0)
    instance = stage.world.ids.instance("sz-prod-web-01")
    return role_session(
        role, instance, session.key, since=session.since, address=THIEF, agent=agent, delivery="1.0"
    )


def took(**asked: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    stage, records = staged()
    access(stage, [T0, T0 + 1000], thief(stage), **asked)
    return rows_of(records, "s3accesslog"), rows_of(records, "cloudtrail")


def test_line_and_event_are_one_request() -> None:
    keys = ["passport/2022/12/A.jpg", "passport/2022/12/B.jpg"]
    lines, events = took(bucket=DOCS, operation="GetObject", keys=keys, sizes=[2_000_000, 3_000])
    for line, event, key in zip(lines, events, keys, strict=True):
        assert line["RequestID"] == event["requestID"]
        assert line["HostId"] == event["additionalEventData"]["x-amz-id-2"]
        assert line["Key"] == event["requestParameters"]["key"] == key
        assert int(line["BytesSent"]) == event["additionalEventData"]["bytesTransferredOut"]
        assert line["Requester"] == event["userIdentity"]["arn"]
        assert line["RemoteIP"] == event["sourceIPAddress"] == THIEF
        assert f"[{line['UserAgent']}]" == event["userAgent"]
        assert (event["eventCategory"], event["managementEvent"]) == ("Data", False)


def test_log_config_and_findings_know_a_buckets_owner_by_one_id() -> None:
    [line, _], _ = took(bucket=DOCS, operation="GetObject", keys="a.csv", sizes=3_000)
    world = staged()[0].world
    config = bucket(world, DOCS).configuration["owner"]["id"]
    finding = BucketTouched(DOCS).details(world)["owner"]["id"]
    assert line["BucketOwner"] == config == finding


@pytest.mark.parametrize(
    ("bucket", "lines", "events"),
    [
        pytest.param(DOCS, 2, 2, id="both logs"),
        pytest.param(BACKUP, 2, 2, id="both logs, backup"),
        pytest.param(EXCHANGE, 2, 0, id="access log alone"),
        pytest.param(EXPORT, 0, 0, id="the blind bucket"),
    ],
)
def test_each_bucket_is_logged_as_the_policy_says(bucket: str, lines: int, events: int) -> None:
    found = took(bucket=bucket, operation="GetObject", keys="a.csv", sizes=18_443_201)
    assert (len(found[0]), len(found[1])) == (lines, events)


OPERATIONS = [
    ("GetObject", "REST.GET.OBJECT", "200", "9", "9"),
    ("HeadObject", "REST.HEAD.OBJECT", "200", "-", "9"),
    ("PutObject", "REST.PUT.OBJECT", "200", "-", "9"),
    ("DeleteObject", "REST.DELETE.OBJECT", "204", "-", "-"),
    ("ListObjects", "REST.GET.BUCKET", "200", "9", "-"),
    ("ListObjectVersions", "REST.GET.BUCKETVERSIONS", "200", "9", "-"),
]


@pytest.mark.parametrize(
    ("operation", "name", "status", "sent", "size"), OPERATIONS, ids=[row[0] for row in OPERATIONS]
)
def test_the_access_log_has_names_and_sizes_of_its_own(
    operation: str, name: str, status: str, sent: str, size: str
) -> None:
    lines, events = took(bucket=BACKUP, operation=operation, keys="pg/a", prefix="pg/", sizes=9)
    told = {
        (row["Operation"], row["HTTPstatus"], row["BytesSent"], row["ObjectSize"]) for row in lines
    }
    assert told == {(name, status, sent, size)}
    assert {event["eventName"] for event in events} == {operation}


def test_a_refusal_says_access_denied_and_no_more() -> None:
    lines, events = took(bucket=DOCS, operation="GetObject", keys="vip/a.jpg", error="AccessDenied")
    assert [(row["HTTPstatus"], row["ErrorCode"], row["ObjectSize"]) for row in lines] == [
        ("403", "AccessDenied", "-")
    ] * 2
    assert [(event["errorCode"], event["errorMessage"]) for event in events] == [
        ("AccessDenied", "Access Denied")
    ] * 2


def test_nobody_has_no_name_and_signs_nothing() -> None:
    stage, records = staged()
    stranger = anonymous(PROD, "192.0.2.131", "scan")
    asked = {"operation": "GetObject", "keys": "index.html", "error": "AccessDenied"}
    access(stage, T0, stranger, bucket=EXCHANGE, **asked)
    access(stage, T0, stranger, bucket=DOCS, **asked)
    lines, [event] = rows_of(records, "s3accesslog"), rows_of(records, "cloudtrail")
    assert {(row["Requester"], row["SigV"], row["AuthType"]) for row in lines} == {("-", "-", "-")}
    assert event["userIdentity"]["accountId"] == "ANONYMOUS_PRINCIPAL"
    assert "SignatureVersion" not in event["additionalEventData"]


def test_a_copy_with_a_key_of_the_thiefs_own_names_the_algorithm_twice() -> None:
    source = f"{DOCS}/rosters/a.csv"
    copy = {
        "operation": "CopyObject",
        "keys": "rosters/a.csv",
        "source": source,
        "customer_key": True,
    }
    lines, events = took(bucket=DOCS, **copy)
    header = "x-amz-server-side-encryption-customer-algorithm"
    assert {event["requestParameters"][header] for event in events} == {"AES256"}
    assert {event["responseElements"][header] for event in events} == {"AES256"}
    assert {event["requestParameters"]["x-amz-copy-source"] for event in events} == {source}
    assert {row["Operation"] for row in lines} == {"REST.COPY.OBJECT"}


def test_deletions_by_the_dozen_are_one_event_and_a_line_for_each_object() -> None:
    stage, records = staged()
    batches = [[f"pg/{number}" for number in range(250)], ["ddl/a", "wal/b"]]
    versions = [[""] * 250, ["v1", "v2"]]
    found = delete_batches(
        stage, [T0, T0 + 9000], thief(stage), bucket=BACKUP, batches=batches, versions=versions
    )
    lines, events = rows_of(records, "s3accesslog"), rows_of(records, "cloudtrail")
    each = [row for row in lines if row["Operation"] == "BATCH.DELETE.OBJECT"]
    calls = [row for row in lines if row["Operation"] == "REST.POST.MULTI_OBJECT_DELETE"]
    assert (len(calls), len(each), len(events)) == (2, 252, 2)
    assert {row["RequestID"] for row in each} == {event["requestID"] for event in events}
    assert [event["requestParameters"]["delete"] for event in events] == ["", ""]
    assert {row["VersionId"] for row in each if row["Key"].startswith("pg/")} == {"-"}
    assert [row["VersionId"] for row in each][-2:] == ["v1", "v2"]
    assert {(row["HTTPstatus"], row["RequestURI_key"]) for row in each} == {("204", None)}
    assert len({*found.line.ids}) == 254


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        pytest.param("aws-sdk-go-v2/1.17.3", True, id="a new SDK tells its name"),
        pytest.param("aws-cli/2.9.6", False, id="the command line does not"),
    ],
)
def test_new_sdks_name_the_call(agent: str, named: bool) -> None:
    stage, records = staged()
    delete_batches(stage, T0, thief(stage, agent), bucket=BACKUP, batches=[["pg/a"]])
    [event] = rows_of(records, "cloudtrail")
    assert ("x-id" in event["requestParameters"]) is named


def test_an_access_log_that_is_turned_off_ends_while_the_events_go_on() -> None:
    subject = World.source_name("s3accesslog", PROD, "ap-northeast-1", DOCS)
    stage, records = staged(effects=(Effect("not logged", subject, T0, T0 + HOUR),))
    asked = {"bucket": DOCS, "operation": "GetObject", "keys": "rosters/a.csv", "sizes": 5}
    found = access(stage, [T0 - 1000, T0 + 1000], thief(stage), **asked)
    assert found.line.logged.tolist() == [True, False]
    assert found.event.logged.tolist() == [True, True]
    assert len(rows_of(records, "cloudtrail")) == 2


def test_keys_are_encoded_as_a_client_sends_them() -> None:
    lines, events = took(bucket=DOCS, operation="GetObject", keys="rosters/名簿 1.csv", sizes=5)
    encoded = "rosters/%E5%90%8D%E7%B0%BF%201.csv"
    assert {row["Key"] for row in lines} == {encoded}
    assert {row["RequestURI_key"] for row in lines} == {f"/{encoded}"}
    assert {event["requestParameters"]["key"] for event in events} == {"rosters/名簿 1.csv"}


def test_two_requests_of_one_moment_have_ids_of_their_own() -> None:
    stage, records = staged()
    for _ in range(2):
        access(stage, T0, thief(stage), bucket=DOCS, operation="GetObject", keys="rosters/a.csv")
        delete_batches(stage, T0, thief(stage), bucket=BACKUP, batches=[["pg/a"]])
    assert len({row["RequestID"] for row in rows_of(records, "s3accesslog")}) == 4
