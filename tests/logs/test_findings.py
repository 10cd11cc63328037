"""GuardDuty and Security Hub: labels, types taken apart, directions, sides, stages that fail."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from siemlab.logs.model import Envelope

from .conftest import Make

GUARDDUTY = "AWSLogs/111122223333/GuardDuty/us-east-1/2022/11/18/a.jsonl.gz"
SECURITYHUB = "AWSLogs/111122223333/SecurityHub/us-east-1/2022/11/18/07/a.gz"
ENVELOPE = Envelope("b1", "444455556666", "eu-west-1", "2022-11-30T23:59:59Z")
FINDING = {
    "id": "g1",
    "type": "Recon:EC2/PortProbeUnprotectedPort",
    "severity": 2,
    "title": " A port was probed. ",
    "updatedAt": "2022-11-18T07:00:01.123Z",
    "service": {"count": 3, "action": {"actionType": "PORT_PROBE"}},
}


def guardduty(make: Make, **fields: Any) -> Any:
    return make(GUARDDUTY, {**FINDING, **fields})


@pytest.mark.parametrize(
    ("severity", "label"),
    [
        (0.1, "low"),
        (3.9, "low"),
        (4, "medium"),
        (6.9, "medium"),
        (7.0, "high"),
        (8.9, "high"),
        (9.0, "critical"),
        (10, "critical"),
        ("8", None),
        (None, None),
    ],
)
def test_a_severity_has_a_label_up_to_critical(make: Make, severity: Any, label: Any) -> None:
    source = guardduty(make, severity=severity).source
    assert source.get("severitylabel") == label
    assert source["rule"]["name"] == "A port was probed"
    assert ("ThreatPurpose" in source) is (label is not None)


@pytest.mark.parametrize(
    ("kind", "parts", "category"),
    [
        ("Recon:EC2/PortProbe", ("Recon", "EC2", "PortProbe", None, None), ["intrusion_detection"]),
        (
            "Backdoor:EC2/C&CActivity.B!DNS",
            ("Backdoor", "EC2", "C&CActivity", "B", "DNS"),
            "malware",
        ),
        (
            "Execution:EC2/MaliciousFile",
            ("Execution", "EC2", "MaliciousFile", None, None),
            "malware",
        ),
        ("Trojan:EC2/X!DNS", ("Trojan", "EC2", "X", None, "DNS"), "malware"),
        ("no type", (None,) * 5, ["intrusion_detection"]),
    ],
)
def test_a_finding_type_is_taken_apart(make: Make, kind: str, parts: Any, category: Any) -> None:
    source = guardduty(make, type=kind).source
    names = ("ThreatPurpose", "ResourceTypeAffected", "ThreatFamilyName")
    found = [source.get(name) for name in (*names, "DetectionMechanism", "Artifact")]
    assert tuple(found) == parts
    assert source["event"]["category"] == category


def connection(direction: Any) -> dict[str, Any]:
    action = {
        "connectionDirection": direction,
        "remoteIpDetails": {"ipAddressV4": "203.0.113.9"},
        "localPortDetails": {"port": 22},
        "remotePortDetails": {"port": 4711},
        "localIpDetails": {"ipAddressV4": "10.0.0.8"},
    }
    return {"action": {"actionType": "NETWORK_CONNECTION", "networkConnectionAction": action}}


INSTANCE = {"ip": "10.0.0.8", "address": "10.0.0.8", "port": "22"}
REMOTE = {"ip": "203.0.113.9", "address": "203.0.113.9", "port": "4711"}


@pytest.mark.parametrize(
    ("direction", "network", "source", "destination"),
    [
        ("INBOUND", {"direction": "inbound"}, REMOTE, INSTANCE),
        ("OUTBOUND", {"direction": "outbound"}, INSTANCE, REMOTE),
        ("UNKNOWN", {"direction": "unknown"}, REMOTE, INSTANCE),
        (None, None, REMOTE, INSTANCE),
    ],
)
def test_an_outbound_connection_has_its_sides_exchanged(
    make: Make, direction: Any, network: Any, source: Any, destination: Any
) -> None:
    found = guardduty(make, service=connection(direction)).source
    assert found.get("network") == network
    assert (found["source"], found["destination"]) == (source, destination)


@pytest.mark.parametrize(
    ("fields", "direction"),
    [
        ({"service": {"action": {"actionType": "DNS_REQUEST"}}}, "outbound"),
        ({"service": {"action": {"actionType": "AWS_API_CALL"}}}, "inbound"),
        ({"service": {}}, "inbound"),
        ({"service": {}, "type": "Execution:EC2/SuspiciousFile"}, None),
        ({"service": {"action": None}}, None),
    ],
)
def test_what_is_no_connection_has_a_direction_by_its_action(
    make: Make, fields: Any, direction: Any
) -> None:
    assert guardduty(make, **fields).source.get("network", {}).get("direction") == direction


@pytest.mark.parametrize(
    ("service", "identity"),
    [({"count": 3}, "g1_3"), ({"count": 0}, "g1"), ({}, "g1"), ({"count": "7"}, "g1_7")],
)
def test_the_id_of_a_finding_ends_with_its_count(make: Make, service: Any, identity: str) -> None:
    document = guardduty(make, service=service)
    assert (document.id, document.source["@id"]) == (identity, "g1")


# ---------------------------------------------------------------- Security Hub

PRODUCT = "aws/securityhub/ProductName"
ASFF = {
    "Id": "arn:f1",
    "AwsAccountId": "111122223333",
    "Title": "A title. ..",
    "Types": ["TTPs/Discovery/Recon:EC2-PortProbe"],
    "UpdatedAt": "2022-11-18T07:00:01.120Z",
    "Workflow": {"Status": "NEW"},
    "ProductFields": {PRODUCT: "Security Hub"},
    "GeneratorId": "security-control/S3.8",
    "Resources": [],
}


def asff(make: Make, **fields: Any) -> Any:
    return make(SECURITYHUB, {**ASFF, **fields}, ENVELOPE)


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("status", "time"),
    [("NEW", "2022-11-18T07:00:01.120+00:00"), ("RESOLVED", "2022-11-30T23:59:59+00:00")],
)
def test_a_new_finding_has_the_time_of_its_update_in_the_month_of_its_envelope(
    make: Make, status: str, time: str
) -> None:
    document = asff(make, Workflow={"Status": status})
    assert document.source["@timestamp"] == time
    assert document.source["cwe_timestamp"] == "2022-11-30T23:59:59Z"
    assert document.index == "log-aws-securityhub-2022-11"
    assert document.id == f"arn:f1_{md5(time + status)}"
    assert document.source["rule"]["name"] == "A title. "


def test_without_a_product_name_nothing_after_that_is_done(make: Make) -> None:
    document = asff(make, ProductFields={})
    assert document.id == "arn:f1"
    assert document.source["event"]["module"] == "securityhub"
    assert document.source["rule"]["name"] == ASFF["Title"]


def test_without_a_workflow_the_module_is_all_that_is_set(make: Make) -> None:
    document = asff(make, Workflow=None)
    assert document.id == "arn:f1"
    assert document.source["event"]["module"] == "security hub"
    assert document.source["rule"]["id"] == ASFF["Types"]


@pytest.mark.parametrize(
    ("fields", "view", "findings"),
    [
        ({}, False, True),
        ({"Compliance": {"SecurityControlId": "S3.8"}}, True, True),
        ({"GeneratorId": "arn:aws:securityhub:::ruleset/cis/1.1"}, False, False),
    ],
)
def test_controls_say_whether_they_are_consolidated(
    make: Make, fields: Any, view: bool, findings: bool
) -> None:
    source = asff(make, **fields).source
    assert source["consolidated_controls_view"] is view
    assert source["consolidated_control_findings"] is findings
    assert source["rule"]["id"] == source["GeneratorId"]


@pytest.mark.parametrize(
    ("kind", "purpose", "family"),
    [
        ("TTPs/Discovery/Recon:EC2-PortProbe", "Recon", "PortProbe"),
        ("TTPs/Command and Control/EC2-X", "CommandandControl", "X"),
        ("Sensitive Data Identifications/PII/S3Object-Personal", "PII", "Personal"),
        ("TTPs/Backdoor:EC2-C&CActivity.B!DNS", "Backdoor", "C&CActivity"),
        ("Recon:EC2/PortProbe", "Recon", "PortProbe"),
        ("no type", None, None),
    ],
)
def test_the_type_of_a_finding_of_guardduty_is_taken_apart(
    make: Make, kind: str, purpose: Any, family: Any
) -> None:
    source = asff(make, ProductFields={PRODUCT: "GuardDuty"}, Types=[kind]).source
    assert (source.get("ThreatPurpose"), source.get("ThreatFamilyName")) == (purpose, family)
    # A type that cannot be read ends the finish step: the title keeps its dots.
    assert (source["rule"]["name"] == ASFF["Title"]) is (purpose is None)


@pytest.mark.parametrize(
    ("fields", "rule", "name", "category"),
    [
        (
            {"Types": ["Software/Vulnerabilities/CVE"], "Title": "CVE-2021-44228 - log4j"},
            "Software/Vulnerabilities/CVE-2021-44228",
            "CVE-2021-44228 - log4j",
            "package",
        ),
        ({"Types": ["Software/Network Reachability"]}, "Software/Network Reachability", None, None),
        (
            {"ProductFields": {PRODUCT: "Inspector", "aws/inspector/id": "R-1"}},
            ASFF["Types"],
            "R-1",
            None,
        ),
    ],
)
def test_findings_of_inspector_are_named_by_what_they_found(
    make: Make, fields: Any, rule: Any, name: Any, category: Any
) -> None:
    source = asff(make, **{"ProductFields": {PRODUCT: "Inspector"}, **fields}).source
    assert source["rule"]["id"] == rule
    assert name is None or source["rule"]["name"] == name
    assert source["event"]["category"] == (category or ["intrusion_detection"])


KEY_OF_HANA = {
    "Type": "AwsIamAccessKey",
    "Id": "AWS::IAM::AccessKey:AKIA1",
    "Details": {"AwsIamAccessKey": {"PrincipalId": "AROA1:session", "PrincipalName": "hana"}},
}
ROLE = {"Type": "AwsIamRole", "Id": "arn:aws:iam::111122223333:role/deploy"}


@pytest.mark.parametrize(
    ("resources", "user", "related"),
    [
        ([KEY_OF_HANA], {"id": "AKIA1", "name": "hana"}, ["AKIA1", "hana"]),
        ([KEY_OF_HANA, ROLE], {"name": "deploy"}, ["deploy"]),
        ([{**KEY_OF_HANA, "Id": "null"}], {"id": "AROA1", "name": "hana"}, ["AROA1", "hana"]),
        ([{"Type": "AwsIamUser", "Id": "arn:aws:iam::111122223333:user/x"}], None, None),
        ([{"Type": "AwsIamAccessKey", "Id": "x:AKIA1"}], None, None),
    ],
)
def test_the_last_key_or_role_is_the_user(
    make: Make, resources: Any, user: Any, related: Any
) -> None:
    source = asff(make, Resources=resources).source
    assert source.get("user") == user
    assert source.get("related", {}).get("user") == related


def test_instances_and_their_addresses_are_related(make: Make) -> None:
    details = {
        "AwsEc2Instance": {"IpV4Addresses": ["10.0.0.9", "10.0.0.8"], "IpV6Addresses": ["::1"]}
    }
    instance = {"Type": "AwsEc2Instance", "Id": "arn:aws:ec2:::instance/i-1", "Details": details}
    volume = {"Type": "AwsEc2Volume", "Id": "v", "Details": {"AwsEc2Volume": {"Attachments": []}}}
    source = asff(make, Resources=[instance, volume]).source
    assert source["cloud"]["instance"] == {"id": "i-1"}
    assert source["related"] == {"hosts": ["i-1"], "ip": ["10.0.0.8", "10.0.0.9", "::1"]}
