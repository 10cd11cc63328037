"""The common way of a record to its document, step by step."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from siemlab.errors import LogFormatError
from siemlab.normalize import (
    Document,
    NormalizeOptions,
    Refused,
    Skipped,
    Tally,
    normalize,
    normalize_object,
)

from .conftest import BUCKET, GOLDEN, log_object

ACCOUNT = "AWSLogs/111122223333"
CLOUDTRAIL = f"{ACCOUNT}/CloudTrail/us-east-1/2022/11/18/a.json"
GUARDDUTY = f"{ACCOUNT}/GuardDuty/us-east-1/2022/11/18/a.jsonl"
RESOLVER = f"{ACCOUNT}/vpcdnsquerylogs/vpc-1/2022/11/18/a.log"
FLOW = f"{ACCOUNT}/vpcflowlogs/us-east-1/2022/11/18/a.log"
WAF = f"{ACCOUNT}/WAFLogs/us-east-1/web/111122223333_waflogs_us-east-1_web.log"
EVENT = {"eventID": "e1", "eventTime": "2022-11-18T07:00:01Z", "eventSource": "ec2.amazonaws.com"}
QUERY = {"query_timestamp": "2022-11-18T07:00:01Z", "srcaddr": "10.0.0.5"}


def outcomes(key: str, data: str, **options: Any) -> list[Document | Refused | Skipped]:
    return list(normalize_object(log_object(key, data.encode()), NormalizeOptions(**options)))


def document(key: str, record: dict[str, Any], **options: Any) -> Document:
    body = {"Records": [record]} if key == CLOUDTRAIL else record
    (outcome,) = outcomes(key, json.dumps(body), **options)
    assert isinstance(outcome, Document), outcome
    return outcome


def event(**fields: Any) -> dict[str, Any]:
    return document(CLOUDTRAIL, {**EVENT, **fields}).source


# ---------------------------------------------------------------- basic fields and ids


def test_a_document_says_where_it_comes_from_and_when_it_was_loaded() -> None:
    loaded = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    source = document(RESOLVER, QUERY, clock=lambda: loaded).source
    assert source["@log_type"] == source["event"]["module"] == "route53resolver"
    assert (source["@log_s3bucket"], source["@log_s3key"]) == (BUCKET, RESOLVER)
    assert source["event"]["ingested"] == "2026-01-02T03:04:05+00:00"
    assert source["ecs"] == {"version": "1.10.0"}
    assert source["cloud"]["provider"] == "aws"


def test_the_message_of_a_json_record_is_written_with_blanks_and_its_own_characters() -> None:
    (outcome,) = outcomes(RESOLVER, '{"query_timestamp":"2022-11-18T07:00:01Z", "é":[1.50,1e2]}')
    assert isinstance(outcome, Document)
    message = '{"query_timestamp": "2022-11-18T07:00:01Z", "é": [1.5, 100.0]}'
    assert outcome.source["@message"] == message
    assert outcome.id == hashlib.md5(message.encode()).hexdigest()


def test_the_id_of_an_event_takes_in_the_id_of_its_envelope() -> None:
    envelope = {"id": "b1", "account": "444455556666", "region": "eu-west-1", "time": "x"}
    body = {"detail-type": "t", "resources": [], "source": "s", "detail": QUERY, **envelope}
    source = document(RESOLVER, body).source
    assert source["@id"] == hashlib.md5((json.dumps(QUERY) + "b1").encode()).hexdigest()
    assert source["cloud"]["account"]["id"] == "444455556666"
    assert source["cloud"]["region"] == "eu-west-1"


@pytest.mark.parametrize("bad", [None, "", 7, ["e1"], {}], ids=repr)
def test_a_record_without_an_id_is_refused_alone(bad: Any) -> None:
    records = [{**EVENT, "eventID": bad}, EVENT]
    refused, kept = outcomes(CLOUDTRAIL, json.dumps({"Records": records}))
    assert isinstance(refused, Refused)
    error = refused.error
    assert (error.file, error.record, error.field) == (CLOUDTRAIL, 1, "eventID")
    assert json.loads(refused.raw) == records[0]
    assert isinstance(kept, Document)


def test_an_id_that_no_engine_takes_is_refused() -> None:
    (refused,) = outcomes(CLOUDTRAIL, json.dumps({"Records": [{**EVENT, "eventID": "é" * 257}]}))
    assert isinstance(refused, Refused)
    assert refused.error.field == "eventID"


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("written", "shown", "month"),
    [
        ("2022-11-30T23:59:59Z", "2022-11-30T23:59:59+00:00", "2022-11"),
        ("2022-12-01T08:59:59+09:00", "2022-12-01T08:59:59+09:00", "2022-11"),
        ("2022-11-30T23:59:59", "2022-11-30T23:59:59+00:00", "2022-11"),
        ("2022-11-30T23:59:59.5Z", "2022-11-30T23:59:59.500000+00:00", "2022-11"),
        ("2022-11-30T23:59:59.123456789Z", "2022-11-30T23:59:59.123456+00:00", "2022-11"),
        ("2022-11-30", "2022-11-30T00:00:00+00:00", "2022-11"),
    ],
)
def test_a_time_keeps_its_zone_and_the_month_is_that_of_utc(
    written: str, shown: str, month: str
) -> None:
    made = document(CLOUDTRAIL, {**EVENT, "eventTime": written})
    assert made.source["@timestamp"] == shown
    assert made.index == f"log-aws-cloudtrail-{month}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (1669852799, "2022-11-30T23:59:59+00:00"),
        ("1669852799", "2022-11-30T23:59:59+00:00"),
        (1669852799123, "2022-11-30T23:59:59.123000+00:00"),
        (1669852799123456, "2022-11-30T23:59:59.123456+00:00"),
        (1669852799.25, "2022-11-30T23:59:59.250000+00:00"),
    ],
)
def test_an_epoch_may_be_of_seconds_milliseconds_or_microseconds(written: Any, shown: str) -> None:
    assert document(WAF, {"timestamp": written}).source["@timestamp"] == shown


@pytest.mark.parametrize(
    "bad",
    [
        *(None, "", "soon", "2022-13-01T00:00:00Z", "0001-01-01T00:00:00+09:00", 1668754801),
        *("9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", [], {}, True, "x" * 100_000),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_record_whose_time_is_missing_or_absurd_is_refused_with_the_field(bad: Any) -> None:
    data = json.dumps({"Records": [EVENT, {**EVENT, "eventTime": bad}]})
    kept, refused = outcomes(CLOUDTRAIL, data)
    assert isinstance(kept, Document)
    assert isinstance(refused, Refused)
    assert (refused.error.record, refused.error.field) == (2, "eventTime")
    assert len(str(refused.error)) < 300


@pytest.mark.parametrize("bad", [None, "soon", 1e30, -1e30, True, [], 10**25], ids=repr)
def test_an_epoch_that_is_missing_or_absurd_is_refused(bad: Any) -> None:
    (refused,) = outcomes(WAF, json.dumps({"timestamp": bad, "action": "BLOCK"}))
    assert isinstance(refused, Refused)
    assert refused.error.field == "timestamp"


# ---------------------------------------------------------------- account and region


@pytest.mark.parametrize(
    ("key", "account", "region"),
    [
        (f"{ACCOUNT}/vpcdnsquerylogs/ap-northeast-1/a", "111122223333", "ap-northeast-1"),
        (
            "AWSLogs/o-x/444455556666/vpcdnsquerylogs/us-gov-west-1/a",
            "444455556666",
            "us-gov-west-1",
        ),
        ("vpcdnsquerylogs/global/a", "unknown", "global"),
        ("111122223333/vpcdnsquerylogs/a", "unknown", "unknown"),
    ],
)
def test_account_and_region_come_from_the_key_where_the_record_has_none(
    key: str, account: str, region: str
) -> None:
    cloud = document(key, QUERY).source["cloud"]
    assert (cloud["account"]["id"], cloud["region"]) == (account, region)


def flow(key: str = FLOW, **columns: str) -> dict[str, Any]:
    columns = {"end": "1668754801", "srcaddr": "10.0.0.1", **columns}
    data = f"{' '.join(columns)}\n{' '.join(columns.values())}\n"
    (outcome,) = outcomes(key, data)
    assert isinstance(outcome, Document), outcome
    return outcome.source


@pytest.mark.parametrize(
    ("key", "account", "cloud"),
    [
        (FLOW, "444455556666", {"id": "444455556666"}),
        (FLOW, "unknown", {"id": "111122223333"}),
        ("logs/vpcflowlogs/a.log", "unknown", None),
        (FLOW, "-", None),
    ],
)
def test_an_unknown_account_is_that_of_the_key(key: str, account: str, cloud: Any) -> None:
    assert flow(key, account_id=account)["cloud"].get("account") == cloud


def test_a_dash_is_a_value_when_a_field_is_chosen_and_none_afterwards() -> None:
    assert "region" not in flow(region="-")["cloud"]
    assert flow()["cloud"]["region"] == "us-east-1"


# ---------------------------------------------------------------- the field map


@pytest.mark.parametrize(
    ("names", "user"),
    [
        ({"userName": "hana", "arn": "arn:aws:iam::1:user/x"}, "hana"),
        ({"userName": "", "arn": "arn:aws:iam::1:user/x"}, "x"),
        ({"userName": None, "principalId": "AROA1:i-0abc"}, "i-0abc"),
        ({"arn": "arn:aws:sts::1:assumed-role/role/session"}, "session"),
        ({"arn": "arn:aws:iam::1:root"}, "root"),
        ({}, None),
    ],
)
def test_the_first_value_that_is_neither_null_nor_empty_wins(names: Any, user: Any) -> None:
    assert event(userIdentity=names).get("user", {}).get("name") == user


@pytest.mark.parametrize(
    ("address", "ip"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:0DB8::0001", "2001:0DB8::0001"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("ec2.amazonaws.com", None),
        ("10.0.0.256", None),
        ("010.0.0.1", None),
        ("AWS Internal", None),
        ("1.2.3.4\n", None),
        ("fe80::1%" + "x" * 200, "fe80::1%" + "x" * 200),
    ],
)
def test_an_address_is_copied_as_written_if_it_is_one(address: str, ip: str | None) -> None:
    source = event(sourceIPAddress=address)
    assert source["source"].get("ip") == ip
    assert source["source"]["address"] == address
    assert source.get("related", {}).get("ip") == ([ip] if ip else None)


def test_after_a_first_candidate_that_is_no_address_no_other_is_tried() -> None:
    remote = {"remoteIpDetails": {"ipAddressV4": "no address"}}
    other = {"remoteIpDetails": {"ipAddressV4": "198.51.100.7"}}
    action = {"awsApiCallAction": remote, "networkConnectionAction": other}
    finding = {"id": "g1", "updatedAt": "2022-11-18T07:00:01Z", "service": {"action": action}}
    source = document(GUARDDUTY, finding).source
    assert source["source"] == {"address": "no address"}
    assert source["related"]["ip"] == ["198.51.100.7"]


@pytest.mark.parametrize(
    ("value", "copied"),
    [
        (0, "0"),
        (False, "False"),
        (8, "8"),
        (2.0, "2.0"),
        (["a", "b"], ["a", "b"]),
        ({"a": 1}, {"a": 1}),
        ([], None),
        ({}, None),
        (None, None),
    ],
    ids=repr,
)
def test_scalars_are_copied_as_text_lists_and_objects_as_they_are(value: Any, copied: Any) -> None:
    assert event(errorCode=value).get("error", {}).get("code") == copied


def test_lists_that_collect_hold_each_value_once_sorted_as_text() -> None:
    source = flow(dstaddr="10.0.0.9", pkt_srcaddr="10.0.0.10", pkt_dstaddr="10.0.0.9")
    assert source["related"]["ip"] == ["10.0.0.1", "10.0.0.10", "10.0.0.9"]


def test_a_raw_field_in_the_way_of_an_object_goes() -> None:
    source = event(event="raw", cloud=7, source=["x"], user={"raw": 1}, eventName="Do")
    assert source["event"]["action"] == "Do"
    assert source["cloud"]["provider"] == "aws"
    assert source["user"] == {"raw": 1}


def test_what_is_copied_is_not_shared_with_the_raw_field() -> None:
    source = event(errorCode=["a"])
    assert source["error"]["code"] is not source["errorCode"]


# ---------------------------------------------------------------- text instead of objects


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": True, "b": None}, "{'a': True, 'b': None}"),
        (["a", 1], "['a', 1]"),
        ([{"a": 1}], "[{'a': 1}]"),
        (["{"], "['{']"),
        (True, "True"),
        (75.5, "75.5"),
        (12, "12"),
        ("plain", "plain"),
        ("it's {here}", '"it\'s {here}"'),
        ("'has { brace'", "\"'has { brace'\""),
        (0, 0),
        (False, False),
        (0.0, 0.0),
    ],
    ids=repr,
)
def test_a_value_of_a_stringified_path_is_text_as_python_writes_it(value: Any, text: Any) -> None:
    found = event(requestParameters={"filter": value, "other": {"filter": 1}})
    assert found["requestParameters"]["filter"] == text
    assert type(found["requestParameters"]["filter"]) is type(text)
    assert found["requestParameters"]["other"] == {"filter": 1}


@pytest.mark.parametrize("holder", [None, "text", ["filter"], 7], ids=repr)
def test_stringified_paths_do_not_mind_what_is_no_object(holder: Any) -> None:
    found = event(requestParameters=holder, additionalEventData={"requestParameters": [1]})
    assert found.get("requestParameters") == holder
    assert found["additionalEventData"] == {"requestParameters": "[1]"}


# ---------------------------------------------------------------- finish steps, skipped records


def test_where_a_finish_step_fails_the_document_stays_as_it_was_by_then() -> None:
    finding = {"id": "g1", "updatedAt": "2022-11-18T07:00:01Z", "title": " Probed. ", "type": "x"}
    source = document(GUARDDUTY, finding).source
    assert source["rule"]["name"] == "Probed"
    assert "severitylabel" not in source


@pytest.mark.parametrize(
    "record",
    [
        {"userAgent": "Boto3/1.24 siem-es-loader"},
        {"userAgent": "AesSiemEsLoader/2"},
        {"userAgent": "x siem-ioc-db-creator x"},
        {"sourceIPAddress": "securitylake.amazonaws.com"},
        {"userIdentity": {"principalId": "AROA1:aes-siem-es-loader"}},
        {"userIdentity": {"arn": "arn:aws:sts::1:assumed-role/LambdaEsLoaderServiceRole/x"}},
        {"requestParameters": {"functionName": "arn:aws:lambda:::function:aes-siem-ioc-plan"}},
        {"requestParameters": {"roleArn": "arn:x/AmazonSecurityLakeS3ReplicationRole"}},
    ],
    ids=str,
)
def test_what_the_loader_does_itself_is_skipped(record: dict[str, Any]) -> None:
    (outcome,) = outcomes(CLOUDTRAIL, json.dumps({"Records": [{**EVENT, **record}]}))
    assert outcome == Skipped(CLOUDTRAIL, "the SIEM loader's own call")


@pytest.mark.parametrize(
    "record",
    [
        {"requestParameters": {"functionName": "aes-siem-es-loader"}},
        {"userIdentity": {"principalId": "AIDA:aes-siem-es-loader"}},
        {"userAgent": ["siem-es-loader"]},
        {"sourceIPAddress": "x.securitylake.amazonaws.com"},
    ],
    ids=str,
)
def test_what_only_looks_like_the_loader_is_a_document(record: dict[str, Any]) -> None:
    assert document(CLOUDTRAIL, {**EVENT, **record})


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (f"{ACCOUNT}/CloudTrail-Digest/us-east-1/a.json.gz", "no log type"),
        (f"{ACCOUNT}/CloudTrail/us-east-1/", "too short"),
        ("x/elasticloadbalancing_us-east-1_net.T1005Z_a1b2c3d4.log.gz", "nlb are not read"),
        (f"__MACOSX/{ACCOUNT}/CloudTrail/us-east-1/._a.json.gz", "macOS"),
    ],
)
def test_objects_that_hold_nothing_for_us_are_skipped_as_no_record(key: str, reason: str) -> None:
    (outcome,) = outcomes(key, "x" * 40)
    assert isinstance(outcome, Skipped)
    assert reason in outcome.reason
    assert outcome.reason_ja not in ("", outcome.reason)
    assert outcome.records == 0


@pytest.mark.parametrize(
    ("key", "data"),
    [
        (CLOUDTRAIL, json.dumps(EVENT)),
        (CLOUDTRAIL, json.dumps({"Records": [], "why": "nothing happened"})),
        (FLOW, "version account-id srcaddr dstaddr start end\n"),
    ],
    ids=["events without their list", "empty list", "header line alone"],
)
def test_an_object_in_which_no_record_stands_is_skipped_as_such(key: str, data: str) -> None:
    (outcome,) = outcomes(key, data)
    assert isinstance(outcome, Skipped)
    assert (outcome.file, outcome.records) == (key, 0)
    assert outcome.reason.startswith("it holds no record of")


# ---------------------------------------------------------------- many sources


def test_the_key_is_the_path_below_the_folder_and_the_bucket_its_name(tmp_path: Any) -> None:
    file = tmp_path / "my-bucket" / RESOLVER
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(QUERY))
    (outcome,) = normalize([tmp_path / "my-bucket"])
    assert isinstance(outcome, Document)
    assert outcome.source["@log_s3bucket"] == "my-bucket"
    assert outcome.source["@log_s3key"] == RESOLVER


def test_all_golden_files_in_one_tree_are_counted_file_by_file(tmp_path: Any) -> None:
    for case in GOLDEN:
        file = tmp_path / BUCKET / case.key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(case.raw)
    tally = Tally()
    found = list(normalize([tmp_path / BUCKET], tally=tally))
    ids = {(one.index, one.id) for one in found if isinstance(one, Document)}
    assert ids == {pair for case in GOLDEN for pair in case.expected}
    assert tally.total.documents == sum(isinstance(one, Document) for one in found)
    assert tally.total.refused == sum(isinstance(one, Refused) for one in found) > 0
    assert tally.total.skipped == sum(count.skipped for count in tally.files.values()) > 0
    assert tally.total.read == sum(count.read for count in tally.files.values())
    assert {*tally.files} == {case.key for case in GOLDEN}


def test_a_strict_run_ends_with_the_first_refused_record(tmp_path: Any) -> None:
    file = tmp_path / RESOLVER
    file.parent.mkdir(parents=True)
    file.write_text(f"{json.dumps(QUERY)}\n[1]\n{json.dumps(QUERY)}")
    run = normalize([tmp_path], NormalizeOptions(strict=True))
    assert isinstance(next(run), Document)
    with pytest.raises(LogFormatError, match="record 2"):
        next(run)
