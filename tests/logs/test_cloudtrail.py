"""CloudTrail: whose call it was, about which instance, and paths whose kind differs."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Make

KEY = "AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18/a.json"
EVENT = {"eventID": "e1", "eventTime": "2022-11-18T07:00:01Z"}
INSTANCE = "i-0123456789abcdef0"
DATE = "projection.date.interval"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, "success"),
        ({"errorCode": "AccessDenied"}, "failure"),
        ({"errorMessage": None}, "failure"),
        ({"responseElements": {"ConsoleLogin": "Failure"}}, "success"),
    ],
)
def test_a_call_failed_if_it_has_an_error_of_any_kind(
    make: Make, fields: dict[str, Any], outcome: str
) -> None:
    assert make(KEY, {**EVENT, **fields}).source["event"]["outcome"] == outcome


@pytest.mark.parametrize(
    ("service", "fields", "instance"),
    [
        ("ec2", {"requestParameters": {"instanceId": INSTANCE}}, INSTANCE),
        ("ec2", {"responseElements": {"instancesSet": {"items": [{"instanceId": "i-1"}]}}}, "i-1"),
        ("ssm", {"eventName": "StartSession", "requestParameters": {"target": "mi-1"}}, "mi-1"),
        ("ssm", {"eventName": "SendCommand", "requestParameters": {"target": "mi-1"}}, None),
        ("ssm", {"eventName": "StartSession", "requestParameters": None}, None),
        (
            "ssm",
            {"eventName": "PutComplianceItems", "requestParameters": {"resourceId": INSTANCE}},
            INSTANCE,
        ),
        (
            "ssm",
            {"eventName": "PutComplianceItems", "requestParameters": {"resourceId": "x"}},
            None,
        ),
        (
            "sts",
            {"userAgent": "ec2.amazonaws.com", "requestParameters": {"roleSessionName": "i-2"}},
            "i-2",
        ),
        ("sts", {"userAgent": "aws-cli", "requestParameters": {"roleSessionName": "i-2"}}, None),
        ("cloudhsm", {"responseElements": {"hsm": {"hsmId": "hsm-1"}}}, "hsm-1"),
    ],
)
def test_the_instance_that_a_call_is_about(
    make: Make, service: str, fields: dict[str, Any], instance: str | None
) -> None:
    source = make(KEY, {**EVENT, "eventSource": f"{service}.amazonaws.com", **fields}).source
    assert source["cloud"].get("instance") == ({"id": instance} if instance else None)


def test_cluster_and_module_are_all_that_is_related_to_a_call_of_cloudhsm(make: Make) -> None:
    fields = {
        "eventSource": "cloudhsm.amazonaws.com",
        "sourceIPAddress": "198.51.100.7",
        "requestParameters": {"clusterId": "cluster-1"},
        "responseElements": {"hsmId": "hsm-1"},
    }
    assert make(KEY, {**EVENT, **fields}).source["related"] == {"hosts": ["cluster-1", "hsm-1"]}


ASKED, ANSWER = "requestParameters", "responseElements"


@pytest.mark.parametrize(
    ("service", "top", "before", "after"),
    [
        ("x", ASKED, {"tags": "a"}, {"tags": {"value": "a"}}),
        ("x", ASKED, {"tags": {"a": "b"}}, {"tags": {"a": "b"}}),
        ("x", ASKED, {"tags": ["a", "b"]}, {"tags": {"value": ["a", "b"]}}),
        ("x", ASKED, {"tags": [{"a": "b"}]}, {"tags": [{"a": "b"}]}),
        ("x", ASKED, {"tags": [1, 2]}, {"tags": {"value": "[1, 2]"}}),
        ("x", ASKED, {"tags": [], "k": 1}, {"k": 1}),
        ("x", ASKED, {"tags": None}, {"tags": {"value": "None"}}),
        ("x", ASKED, {"tags": 7}, {"tags": {"value": "7"}}),
        ("x", ANSWER, {"policy": "{}"}, {"policy": {"value": "{}"}}),
        (
            "x",
            ANSWER,
            {"credentials": "arn:aws:iam::1:role/x"},
            {"credentials": {"iam": "arn:aws:iam::1:role/x"}},
        ),
        (
            "x",
            ANSWER,
            {"credentials": "arn:aws-cn:iam::1"},
            {"credentials": {"iam": "arn:aws-cn:iam::1"}},
        ),
        ("x", ANSWER, {"credentials": "secret"}, {"credentials": {"value": "secret"}}),
        ("x", ANSWER, {"credentials": {"a": "b"}}, {"credentials": {"a": "b"}}),
        ("x", ASKED, {"disableApiStop": {"value": True}}, {"disableApiStop": True}),
        ("x", ASKED, {"disableApiTermination": {"value": 0}}, {"disableApiTermination": 0}),
        ("x", ASKED, {"disableApiStop": True}, {"disableApiStop": True}),
        ("x", ANSWER, {"status": "ok"}, {"status": {"status": "ok"}}),
        ("x", ANSWER, {"status": {"code": 1}}, {"status": {"code": 1}}),
        (
            "athena",
            ANSWER,
            {"tableMetadata": {"parameters": {"projection.part_date.interval.unit": "d"}}},
            {"tableMetadata": {"parameters": {"projection.part_date.interval_unit": "d"}}},
        ),
        (
            "athena",
            ANSWER,
            {
                "tableMetadataList": [
                    {"parameters": {f"{DATE}.unit": "d"}},
                    {"parameters": {"a": 1}},
                ]
            },
            {
                "tableMetadataList": [
                    {"parameters": {f"{DATE}_unit": "d"}},
                    {"parameters": {"a": 1}},
                ]
            },
        ),
        ("glue", ASKED, {"configuration": "a"}, {"configuration": {"text": "a"}}),
        ("glue", ASKED, {"configuration": {"a": 1}}, {"configuration": {"a": 1}}),
        ("cognito-idp", ANSWER, {"session": "a"}, {"session": {"value": "a"}}),
        ("ecs", ASKED, {"command": "a"}, {"command": {"command": "a"}}),
        ("ssm", ASKED, {"parameters": "a"}, {"parameters": {"value": "a"}}),
        ("sqlworkbench", ASKED, {"parameters": "a"}, {"parameters": {"value": "a"}}),
        ("redshift-data", ANSWER, {"database": "a"}, {"database": {"name": "a"}}),
        ("cloud9", ASKED, {"settings": "a"}, {"settings": {"value": "a"}}),
        ("ec2", ASKED, {"settings": "a"}, {"settings": "a"}),
        (
            "s3",
            ASKED,
            {"ReplicationConfiguration": {"Rule": [{"Filter": {"Prefix": ""}}, {"ID": 1}]}},
            {"ReplicationConfiguration": {"Rule": [{"Filter": "{'Prefix': ''}"}, {"ID": 1}]}},
        ),
        ("inspector2", ASKED, {"accountIds": [{"id": "1"}]}, {"accountIds": "[{'id': '1'}]"}),
        ("inspector2", ASKED, {"accountIds": ["1"]}, {"accountIds": ["1"]}),
        ("codeguru-security", ASKED, {"resourceId": {"a": 1}}, {"resourceId": "{'a': 1}"}),
        ("codeguru-security", ASKED, {"resourceId": "a"}, {"resourceId": "'a'"}),
        ("dynamodb", ASKED, {"items": "a"}, {"items": {"value": "a"}}),
    ],
)
def test_a_path_whose_kind_differs_from_call_to_call_gets_one_kind(
    make: Make, service: str, top: str, before: Any, after: Any
) -> None:
    source = make(KEY, {**EVENT, "eventSource": f"{service}.amazonaws.com", top: before}).source
    assert source[top] == after
