"""Calls that can be, and calls that cannot: each rule with an event of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from siemlab.errors import SiemlabError
from siemlab.realism.botocore_models import LATE_2022, ServiceModels
from siemlab.realism.botocore_oracle import CallOracle, signature
from siemlab.realism.exceptions import MEMBERS, OPERATIONS
from siemlab.realism.mutations import MUTATIONS, Power, power

from .conftest import ROOT, Event, api_call


@pytest.fixture(scope="module")
def oracle() -> CallOracle:
    return CallOracle(ServiceModels.installed())


@pytest.fixture(scope="module")
def old() -> CallOracle:
    return CallOracle(ServiceModels.late_2022())


def call(service: str, name: str, asked: Any = None, answer: Any = None, **more: Any) -> Event:
    source = f"{service}.amazonaws.com"
    fields = {"eventSource": source, "eventName": name, "requestParameters": asked}
    return api_call(**fields, responseElements=answer, **more)


ITEM = {"items": [{"instanceId": "i-0aa1b2c3d4e5f6071"}]}
RULES = {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {}}]}
BUCKET = {"bucketName": "sz-prod-web-assets", "Host": "sz-prod-web-assets.s3.amazonaws.com"}
XMLNS = {"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/"}
BLOCK = {
    "publicAccessBlock": "",
    "PublicAccessBlockConfiguration": XMLNS | {"BlockPublicAcls": True},
}
FLOW_LOG = {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-0f00d5e3000000031"}}}
SIGN_IN = {"eventType": "AwsConsoleSignIn"}
SERVICE = {"eventType": "AwsServiceEvent"}

POSSIBLE = {
    "small first letter": call("rds", "DescribeDBInstances", {"dBInstanceIdentifier": "db"}),
    "acronyms stay": call("ecs", "DescribeClusters", {"clusters": ["a"]}),
    "capitals of Cost Explorer": call("ce", "GetCostAndUsage", {"Granularity": "DAILY"}),
    "EC2 items": call("ec2", "DescribeInstances", {"instancesSet": ITEM, "filterSet": {}}),
    "EC2 rules": call(
        "ec2", "AuthorizeSecurityGroupIngress", {"groupId": "sg-1", "ipPermissions": RULES}
    ),
    "EC2 wrapped": call("ec2", "DeleteFlowLogs", FLOW_LOG),
    "EC2 wrapped and empty": call(
        "ec2", "DescribeVpcEndpoints", {"DescribeVpcEndpointsRequest": ""}
    ),
    "EC2 answer": call("ec2", "DeleteVpc", {"vpcId": "vpc-1"}, {"requestId": "1", "_return": True}),
    "RDS answer without its name": call(
        "rds",
        "CreateDBSnapshot",
        {"dBSnapshotIdentifier": "s", "dBInstanceIdentifier": "db"},
        {"dBSnapshotIdentifier": "s", "encrypted": False},
    ),
    "Lambda version": call("lambda", "GetFunction20150331v2", {"functionName": "f"}),
    "Lambda text for a number": call("lambda", "ListFunctions20150331", {"maxItems": "50"}),
    "S3 flag": call("s3", "GetBucketAcl", BUCKET | {"acl": ""}),
    "S3 control plane": call(
        "s3",
        "PutBucketPublicAccessBlock",
        BUCKET
        | {
            "publicAccessBlock": "",
            "PublicAccessBlockConfiguration": XMLNS | {"BlockPublicAcls": True},
        },
    ),
    "S3 data": call("s3", "GetObject", BUCKET | {"key": "passport/a.jpg"}),
    "S3 listing, second version": call(
        "s3", "ListObjects", BUCKET | {"list-type": "2", "start-after": "a", "prefix": "vip/"}
    ),
    "S3 own key": call(
        "s3",
        "PutObject",
        BUCKET | {"key": "a", "x-amz-server-side-encryption-customer-algorithm": "AES256"},
        {"x-amz-server-side-encryption-customer-algorithm": "AES256"},
    ),
    "secret": call("ssm", "SendCommand", {"parameters": "HIDDEN_DUE_TO_SECURITY_REASONS"}),
    "agent": call("ssm", "UpdateInstanceInformation", {"agentName": "amazon-ssm-agent"}),
    "no request": call("sts", "GetCallerIdentity"),
    "sign-in": call("signin", "ConsoleLogin", None, {"ConsoleLogin": "Success"}, **SIGN_IN),
    "service event": call("ec2", "SharedSnapshotVolumeCreated", **SERVICE),
    "old and new load balancers": call("elasticloadbalancing", "DescribeLoadBalancers", {}),
}

IMPOSSIBLE = {
    "operation of another service": (call("ec2", "PutBucketVersioning"), "no operation"),
    "operation that never was": (call("iam", "PutPolicy"), "no operation"),
    "permission, no operation": (call("s3", "ListBucket", BUCKET), "no operation"),
    "service that never was": (call("iamm", "GetUser"), "there is no service"),
    "version where none is": (call("iam", "GetUser20150331"), "no operation"),
    "capital": (call("iam", "GetUser", {"UserName": "hana"}), "UserName: no such member"),
    "acronym rewritten": (
        call("rds", "DescribeDBInstances", {"dbInstanceIdentifier": "db"}),
        "no such member",
    ),
    "snake case": (call("iam", "GetUser", {"user_name": "hana"}), "no such member"),
    "foreign member": (call("iam", "GetUser", {"keyId": "a"}), "keyId: no such member"),
    "number for a text": (call("iam", "GetUser", {"userName": 7}), "a int is no string"),
    "text for a number": (call("iam", "ListUsers", {"maxItems": "50"}), "a str is no integer"),
    "text for a truth": (
        call("rds", "DescribeDBSnapshots", {"includeShared": "true"}),
        "a str is no boolean",
    ),
    "plain list in EC2": (
        call("ec2", "DescribeInstances", {"instancesSet": "i-1"}),
        "is no list as EC2 writes it",
    ),
    "row of another kind": (
        call("ec2", "DescribeInstances", {"instancesSet": {"items": [{"vpcId": "vpc-1"}]}}),
        "instancesSet.items[]",
    ),
    "null inside": (call("iam", "GetUser", {"userName": None}), "a NoneType is no string"),
    "unknown flag": (call("s3", "GetBucketAcl", BUCKET | {"alc": ""}), "alc: no such member"),
    "answer with a foreign member": (
        call("kms", "CreateKey", {}, {"keyMetadata": {"keyName": "k"}}),
        "keyName: no such member",
    ),
    "answer where there is none": (
        call("iam", "DeleteUser", {"userName": "hana"}, {"user": {}}),
        "no members here",
    ),
    "another outcome of a sign-in": (
        call("signin", "ConsoleLogin", None, {"ConsoleLogin": "OK"}, **SIGN_IN),
        "no outcome",
    ),
    "sign-in elsewhere": (call("iam", "ConsoleLogin", **SIGN_IN), "no sign-in event"),
    "unknown service event": (call("ec2", "SnapshotShared", **SERVICE), "no service event"),
    "type that never was": (call("iam", "GetUser", eventType="ApiCall"), "none that CloudTrail"),
}


@pytest.mark.parametrize("event", POSSIBLE.values(), ids=POSSIBLE)
def test_a_call_that_can_be_has_no_problem(event: Event, oracle: CallOracle) -> None:
    assert oracle.problems(event) == ()


@pytest.mark.parametrize("event", POSSIBLE.values(), ids=POSSIBLE)
def test_what_can_be_now_could_be_in_2022(event: Event, old: CallOracle) -> None:
    assert old.problems(event) == ()


@pytest.mark.parametrize(("event", "why"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_call_that_cannot_be_is_told_with_its_reason(
    event: Event, why: str, oracle: CallOracle
) -> None:
    problems = oracle.problems(event)
    assert any(why in text for text in problems), problems


ANACHRONISMS = {
    "service": call("bedrock", "ListFoundationModels"),
    "operation": call("secretsmanager", "BatchGetSecretValue", {"secretIdList": ["a"]}),
    "member": call("ssm", "DescribeParameters", {"shared": True}),
}


@pytest.mark.parametrize("event", ANACHRONISMS.values(), ids=ANACHRONISMS)
def test_what_is_younger_than_the_logs_is_known_now_and_was_not_then(
    event: Event, oracle: CallOracle, old: CallOracle
) -> None:
    assert oracle.problems(event) == ()
    assert old.problems(event) != ()


def test_equal_events_are_checked_once(oracle: CallOracle) -> None:
    before = oracle.signatures
    for name in ("hana", "ken", "yui"):
        oracle.problems(call("iam", "GetLoginProfile", {"userName": name}))
    assert oracle.signatures == before + 1


TELLING_APART = [({"a": 1}, {"a": "1"}), ({"a": True}, {"a": 1}), ({"a": []}, {"a": [1]})]


@pytest.mark.parametrize(("one", "other"), TELLING_APART)
def test_values_that_the_oracle_tells_apart_have_different_signatures(
    one: Event, other: Event
) -> None:
    assert signature(one) != signature(other)


def test_the_list_of_exceptions_is_frozen() -> None:
    assert len(OPERATIONS) == 7
    assert len(MEMBERS) == 38
    reasons = [*OPERATIONS.values(), *MEMBERS.values()]
    assert all(reason.why and reason.event for reason in reasons)
    page = (ROOT / "docs" / "realism.md").read_text(encoding="utf-8")
    assert f"{len(OPERATIONS)} operations and {len(MEMBERS)} members" in page


def test_an_error_of_each_kind_can_be_planted_and_found(oracle: CallOracle) -> None:
    events = [
        call("iam", "GetUser", {"userName": "hana"}),
        call("kms", "DescribeKey", {"keyId": "alias/a"}),
        call("ssm", "GetParameter", {"name": "/prod/a", "withDecryption": True}),
    ]
    found = power(oracle, events)
    assert found.keys() == MUTATIONS.keys()
    assert {name: found[name].planted > 0 for name in found} == dict.fromkeys(MUTATIONS, True)
    assert all(one.found == one.planted for one in found.values()), found


def test_nothing_planted_is_nothing_found(oracle: CallOracle) -> None:
    assert power(oracle, []) == dict.fromkeys(MUTATIONS, Power(0, 0))


def test_missing_models_are_an_error_that_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIEMLAB_BOTOCORE_2022", str(tmp_path / "nowhere"))
    with pytest.raises(SiemlabError, match=rf"pip install .* botocore=={LATE_2022}") as caught:
        ServiceModels.late_2022()
    assert "pip install" in caught.value.ja
    with pytest.raises(SiemlabError, match="no service models"):
        ServiceModels(tmp_path / "nowhere")


def test_the_environment_gets_the_botocore_that_the_error_names() -> None:
    rule = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"--target .venv/botocore-2022 botocore=={LATE_2022}" in rule


def test_a_service_is_found_by_name_before_its_endpoint(oracle: CallOracle) -> None:
    models = ServiceModels.installed()
    assert [model.name for model in models.of_source("rds.amazonaws.com")] == ["rds"]
    assert [model.name for model in models.of_source("elasticfilesystem.amazonaws.com")] == ["efs"]
    assert models.of_source("rds.example.com") == ()
