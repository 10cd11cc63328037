"""AWS Config: ids of resources, shapes that differ by type, who and where a resource is."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from siemlab.logs import recognize
from siemlab.logs.model import Record
from siemlab.normalize import NormalizeOptions, Refused
from siemlab.normalize.pipeline import Normalizer

from .conftest import Make

PLACE = "AWSLogs/111122223333/Config/us-east-1/2022/11/18"
HISTORY = f"{PLACE}/ConfigHistory/x_ConfigHistory_AWS::EC2::Instance_1.json.gz"
SNAPSHOT = f"{PLACE}/ConfigSnapshot/x_Config_us-east-1_ConfigSnapshot_20221130T235959Z_1.json.gz"
RULES = "AWSLogs/111122223333/Config/Rules/us-east-1/2022/11/18/firehose-1"
ITEM = {
    "awsAccountId": "111122223333",
    "awsRegion": "us-east-1",
    "resourceType": "AWS::X::Y",
    "resourceId": "r1",
    "configurationItemCaptureTime": "2022-11-18T07:00:01.500Z",
}
RESULT = {**ITEM, "notificationCreationTime": "2022-11-18T07:00:01.500Z"}


def item(make: Make, **fields: Any) -> dict[str, Any]:
    source: dict[str, Any] = make(HISTORY, {**ITEM, **fields}).source
    return source


@pytest.mark.parametrize(
    ("key", "fields", "suffix"),
    [
        (HISTORY, {}, "20221118_070001_4981"),
        (
            HISTORY,
            {"configurationItemCaptureTime": "2022-11-18T07:00:01+09:00"},
            "20221118_070001_4981",
        ),
        (SNAPSHOT, {}, "20221130_235959_5495"),
        (
            RULES,
            {"configRuleARN": "arn:r"},
            f"20221118_070001_{hashlib.md5(b'config-rulesarn:r').hexdigest()[:4]}",
        ),
    ],
)
def test_the_id_is_that_of_the_resource_and_ends_with_time_and_rule(
    make: Make, key: str, fields: Any, suffix: str
) -> None:
    document = make(key, {**RESULT, **fields})
    resource = hashlib.md5(b"111122223333us-east-1AWS::X::Yr1").hexdigest()
    assert document.source["@id"] == resource
    assert document.id == f"{resource}_{suffix}"


def test_without_a_resource_the_id_is_that_of_the_text(make: Make) -> None:
    document = make(HISTORY, {**ITEM, "resourceId": None})
    assert document.id == hashlib.md5(document.source["@message"].encode()).hexdigest()


def test_items_of_a_snapshot_without_a_time_in_its_name_are_refused_one_by_one() -> None:
    key = f"{PLACE}/ConfigSnapshot/x_ConfigSnapshot_1.json.gz"
    log_type = recognize(key)
    outcome = Normalizer(log_type, key, "b", NormalizeOptions())(Record(3, dict(ITEM), "{}"))  # type: ignore[arg-type]
    assert isinstance(outcome, Refused)
    assert (outcome.error.record, outcome.error.file) == (3, key)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"owner": {"id": "o", "displayName": "d"}},
            {"owner": {"displayName": "d"}, "owner_id": "o"},
        ),
        ({"owner": {"id": "o"}}, {"owner_id": "o"}),
        ({"owner": "o"}, {"owner": "o"}),
        ({"state": {"code": 16, "name": "running"}}, {"state_code": 16, "state_name": "running"}),
        ({"state": {"value": "active"}}, {"state": {"value": "active"}}),
        ({"state": "active"}, {"state": "active"}),
        (
            {"stateReason": "m", "stateReasonCode": "c"},
            {"stateReason": {"message": "m", "code": "c"}},
        ),
        ({"stateReason": "m"}, {"stateReason": {"message": "m"}}),
        ({"securityGroups": ["sg-1"]}, {"securityGroups": [{"groupId": "sg-1"}]}),
        ({"securityGroups": [{"groupId": "sg-1"}]}, {"securityGroups": [{"groupId": "sg-1"}]}),
        ({"availabilityZones": ["a"]}, {"availabilityZones": [{"zoneName": "a"}]}),
        ({"subnets": ["s"]}, {"subnets": [{"subnetIdentifier": "s"}]}),
        (
            {"endpoint": "db", "iamInstanceProfile": "arn"},
            {"endpoint": {"address": "db"}, "iamInstanceProfile": {"arn": "arn"}},
        ),
        (
            {
                "rules": [
                    {"statement": {"é": 1}},
                    {"statement": {"b": []}},
                    {"x": 1},
                    {"statement": {"c": 1}},
                ]
            },
            {
                "rules": [
                    {"statement": '{"\\u00e9": 1}'},
                    {"statement": '{"b": []}'},
                    {"x": 1},
                    {"statement": {"c": 1}},
                ]
            },
        ),
        (
            {"rules": [{"x": 1}, {"statement": {"c": 1}}]},
            {"rules": [{"x": 1}, {"statement": {"c": 1}}]},
        ),
        (
            {"status": {"code": "active", "message": "m"}},
            {"status": "active", "status_message": "m"},
        ),
        ({"status": {"message": "m"}, "x": 1}, {"status_message": "m", "x": 1}),
        ({"status": {"code": "active"}}, {"status": {"code": "active"}}),
        ({"status": "in-use"}, {"status": "in-use"}),
        # What stops one repair stops those after it.
        ({"securityGroups": None, "endpoint": "db"}, {"endpoint": "db"}),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_path_whose_kind_differs_by_resource_gets_one_kind(
    make: Make, before: Any, after: Any
) -> None:
    assert item(make, configuration=before)["configuration"] == after


@pytest.mark.parametrize(
    ("kind", "fields", "after"),
    [
        (
            "AWS::S3::Bucket",
            {
                "supplementaryConfiguration": {
                    "BucketNotificationConfiguration": {"configurations": {"a": {"x": 1}}},
                    "BucketReplicationConfiguration": {"rules": {"r": {"x": 2}}},
                }
            },
            {
                "supplementaryConfiguration": {
                    "BucketNotificationConfiguration": {"configurations": [{"x": 1}]},
                    "BucketReplicationConfiguration": {"rules": [{"x": 2}]},
                }
            },
        ),
        (
            "AWS::SSM::ManagedInstanceInventory",
            {
                "configuration": {
                    "AWS:Application": {"Content": {"a": {"x": 1}}},
                    "AWS:Other": {"Content": {"a": 1}},
                }
            },
            {
                "configuration": {
                    "AWS:Application": {"Content": [{"x": 1}]},
                    "AWS:Other": {"Content": {"a": 1}},
                }
            },
        ),
        (
            "AWS::SSM::PatchCompliance",
            {"configuration": {"AWS:ComplianceItem": {"Content": {"Patch": {"p": {"x": 1}}}}}},
            {"configuration": {"AWS:ComplianceItem": {"Content": {"Patch": [{"x": 1}]}}}},
        ),
        (
            "AWS::X::Y",
            {"tags": {"AmazonFSx.FileSystemId": "fs", "a": "b"}},
            {"tags": {"AmazonFSx_FileSystemId": "fs", "a": "b"}},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_objects_keyed_by_name_become_lists(make: Make, kind: str, fields: Any, after: Any) -> None:
    source = item(make, resourceType=kind, **fields)
    assert {name: source[name] for name in after} == after


def interface(private: str, public: str | None = None) -> dict[str, Any]:
    association = {"association": {"publicIp": public}} if public else {}
    return {"privateIpAddresses": [{"privateIpAddress": private, **association}]}


@pytest.mark.parametrize(
    ("kind", "fields", "addresses"),
    [
        (
            "EC2::Instance",
            {"networkInterfaces": [interface("10.0.0.9", "203.0.113.9"), interface("10.0.0.10")]},
            ["10.0.0.10", "10.0.0.9", "203.0.113.9"],
        ),
        ("EC2::Instance", {"x": 1}, None),
        ("EC2::NetworkInterface", interface("10.0.0.9"), ["10.0.0.9"]),
        ("EC2::EIP", {"privateIpAddress": "10.0.0.9"}, ["10.0.0.9", "r-name"]),
        (
            "EC2::NatGateway",
            {
                "natGatewayAddresses": [
                    {"publicIp": "203.0.113.9", "privateIp": "10.0.0.9"},
                    {"publicIp": "x"},
                ]
            },
            ["10.0.0.9", "203.0.113.9"],
        ),
        ("EC2::NatGateway", {"natGatewayAddresses": []}, None),
        (
            "SSM::ManagedInstanceInventory",
            {"AWS:Network": {"Content": {"e": {"IPV4": "10.0.0.9", "IPV6": ""}}}},
            ["10.0.0.9"],
        ),
        ("X::Y", interface("10.0.0.9"), None),
    ],
)
def test_the_addresses_of_a_resource_are_related(
    make: Make, kind: str, fields: Any, addresses: Any
) -> None:
    source = item(make, resourceType=f"AWS::{kind}", resourceName="r-name", configuration=fields)
    assert source.get("related", {}).get("ip") == addresses


@pytest.mark.parametrize(
    ("kind", "resource", "instance", "user", "related"),
    [
        ("EC2::Instance", "i-1", "i-1", None, {"hosts": ["i-1"]}),
        ("SSM::ManagedInstanceInventory", "mi-1", "mi-1", None, {"hosts": ["mi-1"]}),
        (
            "SSM::PatchCompliance",
            "AWS::SSM::ManagedInstanceInventory/i-1",
            "i-1",
            None,
            {"hosts": ["i-1"]},
        ),
        ("IAM::User", "AIDA1", None, {"id": "AIDA1", "name": "hana"}, {"user": ["hana", "AIDA1"]}),
        (
            "Config::ResourceCompliance",
            "AWS::IAM::Role/AROA1",
            None,
            {"id": "AROA1"},
            {"user": ["AROA1"]},
        ),
        (
            "Config::ResourceCompliance",
            "AWS::EC2::Instance/i-1",
            None,
            {"id": "i-1"},
            {"user": ["i-1"]},
        ),
        ("Config::ResourceCompliance", "AWS::S3::Bucket/logs", None, None, None),
    ],
)
def test_a_resource_is_an_instance_an_identity_or_neither(
    make: Make, kind: str, resource: str, instance: Any, user: Any, related: Any
) -> None:
    source = item(make, resourceType=f"AWS::{kind}", resourceId=resource, resourceName="hana")
    assert source["cloud"].get("instance") == ({"id": instance} if instance else None)
    assert source.get("user") == user
    assert source.get("related") == related


@pytest.mark.parametrize(("fields", "known"), [({"configuration": None}, False), ({}, True)])
def test_a_deleted_resource_whose_configuration_is_null_is_nobody(
    make: Make, fields: Any, known: bool
) -> None:
    source = item(make, resourceType="AWS::IAM::User", resourceId="AIDA1", **fields)
    assert ("user" in source) is known


def test_event_patterns_of_a_snapshot_become_text(make: Make) -> None:
    fields = {"configuration": {"EventPattern": {"source": ["aws.guardduty"]}}}
    source = make(SNAPSHOT, {**ITEM, **fields}).source
    assert source["configuration"]["EventPattern"]["source"] == "['aws.guardduty']"
    assert source["@timestamp"] == "2022-11-30T23:59:59+00:00"
    assert item(make, **fields)["configuration"] == fields["configuration"]


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ({"complianceType": "COMPLIANT"}, "success"),
        ({"complianceType": "NON_COMPLIANT"}, "failure"),
        ({"complianceType": "NOT_APPLICABLE"}, "unknown"),
        ({"complianceType": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_outcome_of_a_rule_is_that_of_its_new_result(
    make: Make, result: Any, outcome: Any
) -> None:
    source = make(RULES, {**RESULT, "newEvaluationResult": result}).source
    assert source["event"].get("outcome") == outcome
    assert source["event"]["type"] == ["change"]
