"""Security Hub's controls, one check of one resource each, as findings of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from siemlab.simulate.affected import iso
from siemlab.simulate.asff import grade, provider_fields
from siemlab.simulate.control_list import Control, controls
from siemlab.simulate.ids import Ids
from siemlab.simulate.world import World

__all__ = [
    "Check",
    "Status",
    "check_account",
    "check_bucket",
    "check_function",
    "check_group",
    "check_host",
    "check_user",
    "check_vpc",
    "control_finding",
    "identifier",
]

Status = Literal["FAILED", "PASSED"]

FSBP = "aws-foundational-security-best-practices/v/1.0.0"
CIS = "cis-aws-foundations-benchmark/v/1.2.0"


@dataclass(frozen=True)
class Check:
    """A control and the resource that it looks at.

    Parameters
    ----------
    control
        ``EC2.19``, or ``4.1`` of the CIS benchmark.
    account, region
        The account's id, and where.
    type, arn
        The resource as findings call it: ``AwsEc2SecurityGroup``, and its ARN.
    subject
        Its logical name, to which the draws belong.
    """

    control: str
    account: str
    region: str
    type: str
    arn: str
    subject: str

    @property
    def rule(self) -> Control:
        """The control."""
        return controls()[self.control]


def identifier(ids: Ids, *names: str) -> str:
    """Return a UUID that names something for good.

    Parameters
    ----------
    ids
        How things are called.
    names
        What it names.
    """
    text = ids.hexes(32, "uuid", *names)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def control_finding(
    world: World, check: Check, status: Status, at: int, since: int
) -> dict[str, Any]:
    """Return the finding of a check.

    Parameters
    ----------
    world
        Whose.
    check
        What was checked.
    status
        The result.
    at
        When, epoch milliseconds.
    since
        Since when the result is what it is.
    """
    rule = check.rule
    place = f"arn:aws:securityhub:{check.region}:{check.account}:subscription/{rule.subscription}"
    number = identifier(world.ids, "control", check.control, check.account, check.arn, check.region)
    finding_id = f"{place}/{rule.id}/finding/{number}"
    failed = status == "FAILED"
    label = rule.severity if failed else "INFORMATIONAL"
    product = f"arn:aws:securityhub:{check.region}::product/aws/securityhub"
    finding = {
        "ProductArn": product,
        "Types": [
            f"Software and Configuration Checks/Industry and Regulatory Standards/{rule.type}"
        ],
        "Description": rule.description,
        "ProductName": "Security Hub",
        "SchemaVersion": "2018-10-08",
        "Compliance": {"Status": status},
        "CompanyName": "AWS",
        "GeneratorId": rule.generator,
        "FirstObservedAt": iso(since),
        "LastObservedAt": iso(at),
        "CreatedAt": iso(since),
        "UpdatedAt": iso(at),
        "RecordState": "ACTIVE",
        "Title": f"{rule.id} {rule.title}",
        "Workflow": {"Status": "NEW" if failed else "RESOLVED"},
        "WorkflowState": "NEW",
        "Severity": grade(label, {"INFORMATIONAL": 0}.get(label), label),
        "Remediation": _remediation(rule),
        "ProductFields": _product_fields(world.ids, check, product, finding_id),
        "AwsAccountId": check.account,
        "Region": check.region,
        "Id": finding_id,
        "Resources": [
            {"Partition": "aws", "Type": check.type, "Region": check.region, "Id": check.arn}
        ],
    }
    return finding | {"FindingProviderFields": provider_fields(finding)}


def _remediation(rule: Control) -> dict[str, Any]:
    book = "Foundational Security Best Practices" if rule.fsbp else "CIS"
    text = (
        "For directions on how to fix this issue, consult the AWS Security Hub "
        f"{book} documentation."
    )
    return {"Recommendation": {"Text": text, "Url": rule.url}}


def _product_fields(ids: Ids, check: Check, product: str, finding_id: str) -> dict[str, str]:
    rule, place = check.rule, f"arn:aws:securityhub:{check.region}:{check.account}"
    if rule.fsbp:
        fields = {
            "StandardsArn": f"arn:aws:securityhub:::standards/{FSBP}",
            "StandardsSubscriptionArn": f"{place}:subscription/{FSBP}",
            "ControlId": rule.id,
        }
    else:
        fields = {
            "StandardsGuideArn": f"arn:aws:securityhub:::ruleset/{CIS}",
            "StandardsGuideSubscriptionArn": f"{place}:subscription/{CIS}",
            "RuleId": rule.id,
        }
    fields["RecommendationUrl"] = rule.url
    if rule.config_rule:
        mark = ids.hexes(8, "config rule", check.account, check.region, rule.config_rule)
        fields["RelatedAWSResources:0/name"] = f"securityhub-{rule.config_rule}-{mark}"
        fields["RelatedAWSResources:0/type"] = "AWS::Config::ConfigRule"
    return fields | {
        "StandardsControlArn": f"{place}:control/{rule.subscription}/{rule.id}",
        "aws/securityhub/ProductName": "Security Hub",
        "aws/securityhub/CompanyName": "AWS",
        "Resources:0/Id": check.arn,
        "aws/securityhub/FindingId": f"{product}/{finding_id}",
    }


# --- checks of the company's resources -------------------------------------------------------


def check_account(world: World, control: str, account: str, region: str = "") -> Check:
    """Return a check of an account (its name), in the home region unless another is given.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    account
        The account's name.
    region
        Where; the home region when empty.
    """
    number = world.account(account)
    where = region or world.baseline.regions.home
    arn = f"AWS::::Account:{number}"
    return Check(control, number, where, "AwsAccount", arn, f"{account}/{where}")


def check_bucket(world: World, control: str, bucket: str) -> Check:
    """Return a check of a bucket.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    bucket
        The bucket.
    """
    found = world.baseline.buckets[bucket]
    number = world.account(found.account)
    return Check(control, number, found.region, "AwsS3Bucket", f"arn:aws:s3:::{bucket}", bucket)


def check_function(world: World, control: str, function: str) -> Check:
    """Return a check of a Lambda function.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    function
        The function.
    """
    found = world.baseline.functions[function]
    number, region = world.account(found.account), found.region
    arn = f"arn:aws:lambda:{region}:{number}:function:{function}"
    return Check(control, number, region, "AwsLambdaFunction", arn, function)


def check_group(world: World, control: str, group: str) -> Check:
    """Return a check of a security group.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    group
        The group.
    """
    found = world.baseline.security_groups[group]
    return _ec2(world, control, found.vpc, "AwsEc2SecurityGroup", "security-group", "sg", group)


def check_host(world: World, control: str, host: str) -> Check:
    """Return a check of an instance.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    host
        Its name.
    """
    found = world.baseline.hosts[host]
    return _ec2(world, control, found.vpc, "AwsEc2Instance", "instance", "i", host)


def check_vpc(world: World, control: str, vpc: str) -> Check:
    """Return a check of a VPC.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    vpc
        The VPC.
    """
    return _ec2(world, control, vpc, "AwsEc2Vpc", "vpc", "vpc", vpc)


def _ec2(
    world: World, control: str, vpc: str, kind: str, word: str, prefix: str, name: str
) -> Check:
    place = world.baseline.vpcs[vpc]
    number = world.account(place.account)
    resource = world.ids.instance(name) if prefix == "i" else world.ids.resource(prefix, name)
    arn = f"arn:aws:ec2:{place.region}:{number}:{word}/{resource}"
    return Check(control, number, place.region, kind, arn, name)


def check_user(world: World, control: str, user: str) -> Check:
    """Return a check of an IAM user, which is done in the home region.

    Parameters
    ----------
    world
        Whose.
    control
        The control.
    user
        The user.
    """
    number = world.account(world.baseline.users[user].account)
    arn = f"arn:aws:iam::{number}:user/{user}"
    return Check(control, number, world.baseline.regions.home, "AwsIamUser", arn, user)
