"""R2: findings of the shape that the services give them, and findings that are wrong."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable

import pytest

from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.findings_oracle import FindingCheck, FindingOracle

from .conftest import COMPANY, Event, figure_of, show

REGION = "ap-northeast-1"
DETECTOR, IDENTITY = "0a" * 16, "0b" * 16

GUARDDUTY: Event = {
    "schemaVersion": "2.0",
    "accountId": COMPANY,
    "region": REGION,
    "partition": "aws",
    "id": IDENTITY,
    "arn": f"arn:aws:guardduty:{REGION}:{COMPANY}:detector/{DETECTOR}/finding/{IDENTITY}",
    "type": "Recon:EC2/PortProbeUnprotectedPort",
    "resource": {"resourceType": "Instance", "instanceDetails": {"platform": None}},
    "service": {
        "serviceName": "guardduty",
        "detectorId": DETECTOR,
        "action": {
            "actionType": "PORT_PROBE",
            "portProbeAction": {
                "portProbeDetails": [
                    {
                        "localPortDetails": {"port": 22, "portName": "SSH"},
                        "remoteIpDetails": {
                            "ipAddressV4": "198.19.4.5",
                            "organization": {"asn": "64505", "asnOrg": "EXAMPLE-CABLE"},
                            "country": {"countryName": "China"},
                            "geoLocation": {"lat": 31.23, "lon": 121.47},
                        },
                    }
                ],
                "blocked": False,
            },
        },
        "resourceRole": "TARGET",
        "additionalInfo": {"value": "{}", "type": "default", "threatListName": "ProofPoint"},
        "evidence": None,
        "eventFirstSeen": "2022-11-18T07:00:00.000Z",
        "eventLastSeen": "2022-11-18T07:09:00.000Z",
        "archived": False,
        "count": 3,
    },
    "severity": 2,
    "createdAt": "2022-11-18T07:14:00.000Z",
    "updatedAt": "2022-11-18T07:29:00.000Z",
    "title": "Unprotected port is being probed.",
    "description": "An unprotected port is being probed.",
}
ASFF: Event = {
    "SchemaVersion": "2018-10-08",
    "Id": GUARDDUTY["arn"],
    "ProductArn": f"arn:aws:securityhub:{REGION}::product/aws/guardduty",
    "GeneratorId": f"arn:aws:guardduty:{REGION}:{COMPANY}:detector/{DETECTOR}",
    "AwsAccountId": COMPANY,
    "Types": ["TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort"],
    "FirstObservedAt": "2022-11-18T07:00:00.000Z",
    "LastObservedAt": "2022-11-18T07:09:00.000Z",
    "CreatedAt": "2022-11-18T07:14:00.000Z",
    "UpdatedAt": "2022-11-18T07:29:00.000Z",
    "Severity": {"Product": 2, "Label": "LOW", "Normalized": 40},
    "Title": "Unprotected port is being probed.",
    "Description": "An unprotected port is being probed.",
    "ProductFields": {"aws/securityhub/ProductName": "GuardDuty"},
    "Resources": [{"Type": "AwsEc2Instance", "Id": "arn:aws:ec2:::instance/i-1"}],
    "Workflow": {"Status": "NEW"},
    "RecordState": "ACTIVE",
    "FindingProviderFields": {"Severity": {"Label": "LOW", "Normalized": 40}, "Types": ["a"]},
}
MACIE: Event = {
    "accountId": COMPANY,
    "category": "CLASSIFICATION",
    "createdAt": "2022-11-18T07:14:00.000Z",
    "description": "The object contains personal information.",
    "id": str(uuid.UUID(int=7)),
    "partition": "aws",
    "region": REGION,
    "resourcesAffected": {"s3Bucket": {"name": "docs"}, "s3Object": {"key": "rosters/a.csv"}},
    "schemaVersion": "1.0",
    "severity": {"description": "High", "score": 3},
    "title": "The S3 object contains personal information",
    "type": "SensitiveData:S3Object/Personal",
    "updatedAt": "2022-11-18T07:14:00.000Z",
}
GENUINE = {"guardduty": GUARDDUTY, "securityhub": ASFF, "macie": MACIE}


@pytest.fixture(scope="module", params=["now", "late 2022"])
def oracle(request: pytest.FixtureRequest) -> FindingOracle:
    load = ServiceModels.installed if request.param == "now" else ServiceModels.late_2022
    return FindingOracle(load())


@pytest.mark.parametrize("kind", GENUINE)
def test_a_finding_as_the_service_gives_it_has_no_problem(kind: str, oracle: FindingOracle) -> None:
    assert oracle.problems(kind, GENUINE[kind]) == []


def without(name: str) -> Callable[[Event], object]:
    return lambda finding: finding.pop(name)


WRONG: dict[str, tuple[str, Callable[[Event], object], str]] = {
    "no resource": ("guardduty", without("resource"), "resource: is missing"),
    "number as text": (
        "guardduty",
        lambda finding: finding.update(severity="2"),
        "severity: a str is no double",
    ),
    "foreign member": (
        "guardduty",
        lambda finding: finding["service"].update(verdict="bad"),
        "service.verdict: no such member",
    ),
    "capital": (
        "guardduty",
        lambda finding: finding.update(AccountId=finding.pop("accountId")),
        "AccountId: no such member",
    ),
    "ASFF without title": ("securityhub", without("Title"), "Title: is missing"),
    "ASFF with a small letter": (
        "securityhub",
        lambda finding: finding.update(title="a"),
        "title: no such member",
    ),
    "ASFF resource without a type": (
        "securityhub",
        lambda finding: finding["Resources"][0].pop("Type"),
        "Resources[].Type: is missing",
    ),
    "Macie without a type": ("macie", without("type"), "type: is missing"),
    "Macie with a foreign member": (
        "macie",
        lambda finding: finding.update(bucket="docs"),
        "bucket: no such member",
    ),
}


@pytest.mark.parametrize(("kind", "spoil", "why"), WRONG.values(), ids=WRONG)
def test_a_finding_of_another_shape_is_told_with_its_reason(
    kind: str, spoil: Callable[[Event], object], why: str, oracle: FindingOracle
) -> None:
    finding = copy.deepcopy(GENUINE[kind])
    spoil(finding)
    assert why in oracle.problems(kind, finding)


NONSENSE: dict[str, tuple[str, str, Event]] = {
    "severity that none had": ("guardduty", "GuardDuty findings that", {"severity": 9.3}),
    "id of another form": ("guardduty", "GuardDuty findings that", {"id": "42"}),
    "arn of another account": ("guardduty", "GuardDuty findings that", {"accountId": "1" * 12}),
    "updated before it was created": (
        "guardduty",
        "GuardDuty findings that",
        {"updatedAt": "2022-11-18T07:13:00.000Z"},
    ),
    "counts nothing": (
        "guardduty",
        "GuardDuty findings that",
        {"service": GUARDDUTY["service"] | {"count": 0}},
    ),
    "last before first": (
        "guardduty",
        "GuardDuty findings that",
        {"service": GUARDDUTY["service"] | {"eventLastSeen": "2022-11-18T06:00:00.000Z"}},
    ),
    "a sample": ("guardduty", "sample", {"title": "GeneratedFindingInstanceName"}),
    "marked as a sample": (
        "guardduty",
        "sample",
        {"service": GUARDDUTY["service"] | {"additionalInfo": {"sample": True}}},
    ),
    "copy observed backwards": (
        "securityhub",
        "Security Hub findings that",
        {"LastObservedAt": "2022-11-18T06:00:00.000Z"},
    ),
}


def check() -> FindingCheck:
    return FindingCheck(FindingOracle(ServiceModels.installed()), "R2")


@pytest.mark.parametrize("kind", ["guardduty", "securityhub"])
def test_findings_that_can_be_pass(kind: str) -> None:
    found = show(check(), kind, [GENUINE[kind]])
    assert {figure.verdict for figure in found.figures()} == {"pass", "told"}


@pytest.mark.parametrize(("kind", "figure", "changes"), NONSENSE.values(), ids=NONSENSE)
def test_findings_that_cannot_be_fail(kind: str, figure: str, changes: Event) -> None:
    found = show(check(), kind, [GENUINE[kind] | changes])
    assert figure_of(found, figure) == ("1 of 1", "fail")
    assert found.violations


@pytest.mark.parametrize("kind", ["guardduty", "securityhub"])
@pytest.mark.parametrize("raw", [{}, {"service": "x", "severity": None}, {"Id": 7}], ids=str)
def test_a_finding_of_any_kind_can_be_looked_at(kind: str, raw: Event) -> None:
    assert show(check(), kind, [raw]).violations
