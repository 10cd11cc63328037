"""Security Hub: copies of GuardDuty's findings, and the results of its own controls."""

from __future__ import annotations

from typing import Any

from siemlab.simulate.asff import deliver_findings, flat, grade, provider_fields
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.checks import Check, Status, control_finding
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.threats import THREATS

__all__ = ["control", "copy"]

COPY_DELAY = (MINUTE, 5 * MINUTE)
LABELS = ((3.9, "LOW"), (6.9, "MEDIUM"), (8.9, "HIGH"))


def copy(stage: Stage, documents: list[dict[str, Any]], at: Ints) -> Acts:
    """Write the copies of a GuardDuty finding: the same id, one to five minutes later.

    Parameters
    ----------
    stage
        Who acts.
    documents
        The finding's exports.
    at
        When GuardDuty made each, epoch milliseconds.
    """
    delays = stage.delays.between(len(at), *COPY_DELAY)
    return deliver_findings(stage, [copy_of(document) for document in documents], at + delays)


def copy_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return a GuardDuty finding as Security Hub shows it.

    Parameters
    ----------
    document
        A line of GuardDuty's export.
    """
    account, region = document["accountId"], document["region"]
    place = f"{region}::product/aws/guardduty"
    finding = {
        "ProductArn": f"arn:aws:securityhub:{place}",
        "Types": [THREATS[document["type"]].asff],
        "SourceUrl": f"https://{region}.console.aws.amazon.com/guardduty/home?region={region}"
        f"#/findings?macros=current&fId={document['id']}",
        "Description": document["description"],
        "ProductName": "GuardDuty",
        "SchemaVersion": "2018-10-08",
        "CompanyName": "Amazon",
        "GeneratorId": document["arn"].rpartition("/finding/")[0],
        "FirstObservedAt": document["service"]["eventFirstSeen"],
        "LastObservedAt": document["service"]["eventLastSeen"],
        "CreatedAt": document["createdAt"],
        "UpdatedAt": document["updatedAt"],
        "RecordState": "ACTIVE",
        "Title": document["title"],
        "Workflow": {"Status": "NEW"},
        "WorkflowState": "NEW",
        "Severity": _severity(document["severity"]),
        "ProductFields": _product_fields(document, place),
        "AwsAccountId": account,
        "Region": region,
        "Id": document["arn"],
        "Resources": _resources(document),
    }
    return finding | {"FindingProviderFields": provider_fields(finding)}


def _severity(severity: float) -> dict[str, Any]:
    label = next(label for top, label in LABELS if severity <= top)
    return grade(label, int(severity))


def _product_fields(document: dict[str, Any], place: str) -> dict[str, str]:
    fields = dict(flat("aws/guardduty/service", document["service"]))
    return fields | {
        "aws/securityhub/FindingId": f"arn:aws:securityhub:{place}/{document['arn']}",
        "aws/securityhub/ProductName": "GuardDuty",
        "aws/securityhub/CompanyName": "Amazon",
    }


def _resources(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is affected; the key comes last, as the identity that counts."""
    resource, account, region = document["resource"], document["accountId"], document["region"]
    found: list[dict[str, Any]] = []
    if resource["resourceType"] == "Instance":
        found.append(_instance(resource["instanceDetails"], account, region))
    found += [_bucket(bucket, region) for bucket in resource.get("s3BucketDetails", ())]
    if "accessKeyDetails" in resource:
        found.append(_key(resource["accessKeyDetails"], region))
    return found


def _instance(details: dict[str, Any], account: str, region: str) -> dict[str, Any]:
    interface = details["networkInterfaces"][0]
    addresses = [interface[name] for name in ("publicIp", "privateIpAddress") if name in interface]
    described: dict[str, Any] = {
        "Type": details["instanceType"],
        "VpcId": interface["vpcId"],
        "ImageId": details["imageId"],
        "IpV4Addresses": addresses,
        "SubnetId": interface["subnetId"],
        "LaunchedAt": f"{details['launchTime'][:-1]}.000Z",
    }
    if details["iamInstanceProfile"]:
        described["IamInstanceProfileArn"] = details["iamInstanceProfile"]["arn"]
    found: dict[str, Any] = {
        "Partition": "aws",
        "Type": "AwsEc2Instance",
        "Details": {"AwsEc2Instance": described},
        "Region": region,
        "Id": f"arn:aws:ec2:{region}:{account}:instance/{details['instanceId']}",
    }
    if details["tags"]:
        found["Tags"] = {tag["key"]: tag["value"] for tag in details["tags"]}
    return found


def _bucket(details: dict[str, Any], region: str) -> dict[str, Any]:
    encryption = {"SSEAlgorithm": details["defaultServerSideEncryption"]["encryptionType"]}
    rules = [{"ApplyServerSideEncryptionByDefault": encryption}]
    return {
        "Partition": "aws",
        "Type": "AwsS3Bucket",
        "Details": {
            "AwsS3Bucket": {
                "OwnerId": details["owner"]["id"],
                "ServerSideEncryptionConfiguration": {"Rules": rules},
            }
        },
        "Region": region,
        "Id": details["arn"],
    }


def _key(details: dict[str, Any], region: str) -> dict[str, Any]:
    described = {
        "PrincipalId": details["principalId"],
        "PrincipalName": details["userName"],
        "PrincipalType": details["userType"],
    }
    return {
        "Partition": "aws",
        "Type": "AwsIamAccessKey",
        "Details": {"AwsIamAccessKey": described},
        "Region": region,
        "Id": f"AWS::IAM::AccessKey:{details['accessKeyId'] or 'null'}",
    }


def control(stage: Stage, check: Check, status: Status, at: int, since: int = 0) -> Acts:
    """Write the result of a control for one resource.

    Parameters
    ----------
    stage
        Who acts.
    check
        Which control, of which resource.
    status
        ``FAILED`` or ``PASSED``.
    at
        When it was checked, epoch milliseconds.
    since
        Since when the result is what it is; 0: since now, because something changed.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.checks import check_group
    >>> from siemlab.simulate.stage import Records
    >>> from siemlab.simulate.world import World
    >>> stage = Stage(World(load_baseline(), seed=2022), Records(), "example")
    >>> opened = check_group(stage.world, "EC2.19", "sz-prod-bastion-sg")
    >>> len(control(stage, opened, "FAILED", 1669286911000))
    1
    """
    finding = control_finding(stage.world, check, status, at, since or at)
    sent = at + stage.delays.one(20 * SECOND, 90 * SECOND)
    return deliver_findings(stage, [finding], times(sent))
