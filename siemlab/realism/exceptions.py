"""What genuine events hold and botocore does not know: a frozen list, each entry with its reason.

At most seven operations and 58 member paths. Each was seen in a genuine event, cited by its set and
time: ``I`` is invictus-ir/aws_dataset (2023-07-10), ``S`` the detonation logs of
DataDog/stratus-red-team. Nothing is added because generated data needs it.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MEMBERS", "OPERATIONS", "Reason"]


class Reason(NamedTuple):
    """Why an entry is on the list, and the genuine event that shows it."""

    why: str
    event: str


AGENT = "the agent on an instance calls it; no SDK has it"
CONSOLE = "a page of the console calls it; no SDK has it"
OLD_NAME = "EC2's own name, older than its models"
INNER = "a member from inside the service that its models leave out"
AS_TEXT = "written as text, though the model says a number"
ARN = "its ARN is written arn, not aRN"
POLICY = "the policy itself, as an object"

OPERATIONS = {
    ("bedrock.amazonaws.com", "PutFoundationModelEntitlement"): Reason(
        CONSOLE, "S 2024-10-17 20:09:52"
    ),
    ("rds.amazonaws.com", "DescribeRecommendationGroups"): Reason(CONSOLE, "I 12:28:18"),
    ("rds.amazonaws.com", "DescribeRecommendations"): Reason(CONSOLE, "I 12:28:28"),
    ("s3.amazonaws.com", "GetStorageLensDashboardDataInternal"): Reason(CONSOLE, "I 11:42:35"),
    ("ssm.amazonaws.com", "ListInstanceAssociations"): Reason(AGENT, "I 11:57:45"),
    ("ssm.amazonaws.com", "UpdateInstanceAssociationStatus"): Reason(AGENT, "I 11:57:45"),
    ("ssm.amazonaws.com", "UpdateInstanceInformation"): Reason(AGENT, "I 11:57:16"),
}
"""Operations of genuine events that no botocore knows: source and name, and why."""

# Service, operation, member path below it, why, event.
_MEMBERS = (
    (
        "ec2",
        "CreateInternetGateway",
        "responseElements.internetGateway.association",
        INNER,
        "I 11:55:12",
    ),
    ("ec2", "CreateNetworkInterface", "requestParameters.denyAllIgwTraffic", INNER, "I 12:16:15"),
    ("ec2", "CreateSnapshot", "responseElements.volumeSize", AS_TEXT, "I 12:10:36"),
    ("ec2", "CreateVolume", "requestParameters.size", AS_TEXT, "I 12:10:25"),
    ("ec2", "CreateVolume", "requestParameters.zone", OLD_NAME, "I 12:10:25"),
    ("ec2", "CreateVolume", "responseElements.size", AS_TEXT, "I 12:10:25"),
    ("ec2", "CreateVolume", "responseElements.zone", OLD_NAME, "I 12:10:25"),
    ("ec2", "DeleteSnapshot", "requestParameters.force", INNER, "I 12:12:03"),
    ("ec2", "DeleteVolume", "requestParameters.reportVolumeFailure", INNER, "I 12:12:04"),
    (
        "ec2",
        "DescribeAccountAttributes",
        "requestParameters.accountAttributeNameSet",
        OLD_NAME,
        "I 11:54:33",
    ),
    ("ec2", "DescribeAccountAttributes", "requestParameters.filterSet", INNER, "I 11:54:33"),
    (
        "ec2",
        "DescribeAvailabilityZones",
        "requestParameters.availabilityZoneIdSet",
        OLD_NAME,
        "I 11:55:06",
    ),
    (
        "ec2",
        "DescribeAvailabilityZones",
        "requestParameters.availabilityZoneSet",
        OLD_NAME,
        "I 11:55:06",
    ),
    (
        "ec2",
        "DescribePlacementGroups",
        "requestParameters.placementGroupIdSet",
        OLD_NAME,
        "I 12:27:54",
    ),
    (
        "ec2",
        "DescribePlacementGroups",
        "requestParameters.placementGroupSet",
        OLD_NAME,
        "I 12:27:54",
    ),
    (
        "ec2",
        "DescribeSecurityGroups",
        "requestParameters.securityGroupIdSet",
        OLD_NAME,
        "I 11:55:12",
    ),
    ("ec2", "DescribeSecurityGroups", "requestParameters.securityGroupSet", OLD_NAME, "I 11:55:12"),
    ("ec2", "DescribeSnapshots", "requestParameters.sharedUsersSet", OLD_NAME, "I 12:10:37"),
    ("ec2", "DisassociateRouteTable", "responseElements.associationState", INNER, "I 12:08:01"),
    ("ec2", "ModifyImageAttribute", "requestParameters.attributeType", OLD_NAME, "I 12:11:01"),
    ("ec2", "ModifySnapshotAttribute", "requestParameters.attributeType", OLD_NAME, "I 12:11:28"),
    (
        "ec2",
        "RunInstances",
        "responseElements.instancesSet.items[].metadataOptions.httpProtocolIpv4",
        INNER,
        "I 11:55:21",
    ),
    (
        "ec2",
        "RunInstances",
        "responseElements.instancesSet.items[].networkInterfaceSet.items[].tagSet",
        INNER,
        "I 11:55:21",
    ),
    (
        "ec2-instance-connect",
        "SendSerialConsoleSSHPublicKey",
        "requestParameters.monitorMode",
        INNER,
        "S 2024-11-26 15:35:22",
    ),
    ("lambda", "UpdateFunctionCode", "requestParameters.fullyQualifiedArn", INNER, "I 12:26:56"),
    (
        "lambda",
        "UpdateFunctionConfiguration",
        "responseElements.layers[].uncompressedCodeSize",
        INNER,
        "S 2024-07-30 21:57:20",
    ),
    ("rds", "CreateDBInstance", "responseElements.httpEndpointEnabled", INNER, "I 12:15:06"),
    ("rds", "DeleteDBInstance", "responseElements.httpEndpointEnabled", INNER, "I 12:28:39"),
    (
        "route53resolver",
        "DeleteResolverQueryLogConfig",
        "requestParameters.originSequenceNumber",
        INNER,
        "S 2024-07-31 14:23:46",
    ),
    ("s3", "PutBucketPolicy", "requestParameters.bucketPolicy", POLICY, "I 11:59:58"),
    ("secretsmanager", "CreateSecret", "responseElements.arn", ARN, "I 11:57:47"),
    ("secretsmanager", "PutSecretValue", "responseElements.arn", ARN, "I 11:57:49"),
    ("ssm", "SendCommand", "requestParameters.interactive", INNER, "I 11:57:16"),
    ("ssm", "SendCommand", "responseElements.command.clientName", INNER, "I 11:57:16"),
    ("ssm", "SendCommand", "responseElements.command.clientSourceId", INNER, "I 11:57:16"),
    (
        "ssm",
        "SendCommand",
        "responseElements.command.hasCancelCommandSignature",
        INNER,
        "S 2024-08-02 08:23:24",
    ),
    (
        "ssm",
        "SendCommand",
        "responseElements.command.hasSendCommandSignature",
        INNER,
        "S 2024-08-02 08:23:24",
    ),
    ("ssm", "SendCommand", "responseElements.command.interactive", INNER, "I 11:57:16"),
)

MEMBERS = {
    (f"{service}.amazonaws.com", name, path): Reason(why, event)
    for service, name, path, why, event in _MEMBERS
}
"""Members of genuine events that no botocore knows: source, operation, path, and why."""
