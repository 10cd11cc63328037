"""S3 server access logs: old and new lines, both layouts of keys, what the SIEM leaves out."""

from __future__ import annotations

import io
from typing import Any

import pytest

from siemlab.normalize import Document, LogObject, Refused, Skipped, normalize_object

NAME = "2022-11-18-07-17-06-E568B2907131C0C0"
WITH_ACCOUNT = f"AWSLogs/111122223333/S3/eu-central-1/my-bucket/{NAME}"
FLAT = f"access-logs/{NAME}"
COLUMNS = {
    "BucketOwner": "79a59df900b949e5",
    "Bucket": "my-bucket",
    "RequestDateTime": "[18/Nov/2022:07:00:00 +0000]",
    "RemoteIP": "198.51.100.23",
    "Requester": "arn:aws:iam::111122223333:user/dev/frank",
    "RequestID": "3E57427F3EXAMPLE",
    "Operation": "REST.GET.OBJECT",
    "Key": "a%20b.csv",
    "RequestURI": '"GET /a%20b.csv?x=1 HTTP/1.1"',
    "HTTPstatus": "200",
    "ErrorCode": "-",
    "BytesSent": "113",
    "ObjectSize": "1130",
    "TotalTime": "7",
    "TurnAroundTime": "6",
    "Referrer": '"-"',
    "UserAgent": '"curl/7.79.1"',
    "VersionId": "-",
    "HostId": "s9lz=",
    "SigV": "SigV4",
    "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
    "AuthType": "AuthHeader",
    "EndPoint": "my-bucket.s3.us-west-2.amazonaws.com",
    "TLSVersion": "TLSv1.2",
    "S3AccessPointARN": "-",
    "aclRequired": "Yes",
}
SINCE_2019 = ("HostId", "SigV", "CipherSuite", "AuthType", "EndPoint", "TLSVersion",
              "S3AccessPointARN", "aclRequired")  # fmt: skip


def line(**columns: str | None) -> str:
    return " ".join(value for value in {**COLUMNS, **columns}.values() if value is not None)


def outcome(key: str = FLAT, **columns: str | None) -> Any:
    data = line(**columns).encode()
    (found,) = normalize_object(LogObject(key, "bucket", lambda: io.BytesIO(data)))
    return found


def document(key: str = FLAT, **columns: str | None) -> dict[str, Any]:
    found = outcome(key, **columns)
    assert isinstance(found, Document), found
    return found.source


def test_a_key_with_account_and_region_says_both() -> None:
    assert document(WITH_ACCOUNT)["cloud"] == {
        "provider": "aws",
        "account": {"id": "111122223333"},
        "region": "eu-central-1",
    }


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("my-bucket.s3.us-west-2.amazonaws.com", "us-west-2"),
        ("s3.ap-northeast-1.amazonaws.com", "ap-northeast-1"),
        ("s3-global.amazonaws.com", "global"),
        ("s3.amazonaws.com", "unknown"),
        ("b.s3.il-central-1.amazonaws.com", "unknown"),
        ("b.s3.mx-central-1.amazonaws.com", "unknown"),
        ("b.s3.us-gov-west-1.amazonaws.com", "unknown"),
        ("-", "unknown"),
    ],
)
def test_a_flat_key_takes_the_region_of_the_endpoint(endpoint: str, region: str) -> None:
    cloud = document(EndPoint=endpoint)["cloud"]
    assert cloud["account"] == {"id": "unknown"}
    assert cloud["region"] == region


def test_a_line_from_before_2019_has_no_endpoint_and_no_region() -> None:
    source = document(**dict.fromkeys(SINCE_2019))
    assert source["cloud"]["region"] == "unknown"
    assert "url" in source
    assert "domain" not in source["url"]
    assert "destination" not in source


@pytest.mark.parametrize(
    ("requester", "name"),
    [
        ("arn:aws:iam::111122223333:user/dev/frank", "frank"),
        ("arn:aws:sts::111122223333:assumed-role/WebRole/i-01234567", "i-01234567"),
        ("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root"),
        ("svc:cloudtrail.amazonaws.com", "svc:cloudtrail.amazonaws.com"),
        ("-", None),
    ],
)  # fmt: skip
def test_the_user_is_the_last_part_of_the_requester(requester: str, name: str | None) -> None:
    assert document(Requester=requester).get("user", {}).get("name") == name


def test_values_are_kept_as_they_are_written() -> None:
    source = document(Referrer='"https://example.com/?q="x" y"', UserAgent='"a %22b%22 \\ c"')
    assert source["Key"] == "a%20b.csv"
    assert source["url"]["original"] == "/a%20b.csv?x=1"
    assert source["http"]["request"] == {
        "method": "GET",
        "referrer": 'https://example.com/?q="x" y',
    }
    assert source["UserAgent"] == "a %22b%22 \\ c"
    assert "aclRequired" not in source
    assert "S3AccessPointARN" not in source
    assert source["event"]["category"] == ["web"]
    assert "outcome" not in source["event"]


@pytest.mark.parametrize(
    ("columns", "field", "value"),
    [
        ({"RequestURI": '"-"'}, "RequestURI_operation", None),
        ({"RequestURI": "-"}, "RequestURI_key", None),
        ({"RequestURI": '"GET /x - "'}, "RequestURI_httpProtoversion", "- "),
        ({"Referrer": "-", "UserAgent": "-"}, "UserAgent", None),
        ({"UserAgent": '""'}, "UserAgent", None),
        ({"UserAgent": '"() { :; }; /bin/bash -c \\x22x\\x22"'}, "UserAgent",
         "() { :; }; /bin/bash -c \\x22x\\x22"),
        ({"S3AccessPointARN": "arn:aws:s3:us-east-1:111122223333:accesspoint/a"},
         "S3AccessPointARN", "arn:aws:s3:us-east-1:111122223333:accesspoint/a"),
    ],
)  # fmt: skip
def test_odd_lines_are_read(columns: dict[str, str], field: str, value: str | None) -> None:
    assert document(**columns).get(field) == value


@pytest.mark.parametrize(
    "columns",
    [
        {"Key": "has space", "RequestURI": '"GET /has space HTTP/1.1"'},
        {"HTTPstatus": "OK"},
        {"RequestDateTime": None},
        {"UserAgent": None, "VersionId": None},
    ],
)
def test_a_line_that_does_not_fit_is_refused(columns: dict[str, str | None]) -> None:
    found = outcome(**columns)
    assert isinstance(found, Refused)
    assert found.raw == line(**columns)


@pytest.mark.parametrize(
    ("columns", "own"),
    [
        ({"UserAgent": '"Boto3/1.26 siem-es-loader/2.8"'}, True),
        ({"UserAgent": '"AesSiemEsLoader"'}, True),
        ({"UserAgent": '"x siem-ioc-db-creator y"'}, True),
        ({"Requester": "arn:aws:sts::1:assumed-role/aes-siem-LambdaEsLoaderServiceRole/x"}, True),
        ({"Requester": "arn:aws:iam::1:role/AmazonSecurityLakeS3ReplicationRole"}, True),
        ({"Requester": "svc:securitylake.amazonaws.com"}, True),
        ({"Requester": "x-svc:securitylake.amazonaws.com"}, False),
        ({"Requester": "LambdaEsLoaderServiceRole"}, False),
        ({"UserAgent": "-"}, False),
    ],
)
def test_what_the_loader_does_itself_is_skipped(columns: dict[str, str], own: bool) -> None:
    assert isinstance(outcome(**columns), Skipped if own else Document)


def test_the_zone_is_kept_and_the_index_month_is_utc() -> None:
    found = outcome(RequestDateTime="[01/Dec/2022:08:59:59 +0900]")
    assert found.source["@timestamp"] == "2022-12-01T08:59:59+09:00"
    assert found.index == "log-aws-s3accesslog-2022-11"
