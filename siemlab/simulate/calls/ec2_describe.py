"""Calls of EC2 that only read: instances, images, volumes, the account.

Holes: ``instance``, ``instances`` (several, raw: `instance_items`), ``volume``, ``snapshot``,
``image``, ``instance_type``, ``attribute``, ``launch_template``.

The program that asks shows in the request: an SDK leaves lists empty, the console asks for pages.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.ec2_making import PAGE, ec2, filters, missing
from siemlab.simulate.calls.making import items
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_ACCOUNT_ATTRIBUTES",
    "DESCRIBE_AVAILABILITY_ZONES",
    "DESCRIBE_HOSTS",
    "DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS",
    "DESCRIBE_IMAGES",
    "DESCRIBE_IMAGES_BY_ID",
    "DESCRIBE_IMAGES_BY_NAME",
    "DESCRIBE_INSTANCES",
    "DESCRIBE_INSTANCES_BY_ID",
    "DESCRIBE_INSTANCES_CONSOLE",
    "DESCRIBE_INSTANCES_RUNNING",
    "DESCRIBE_INSTANCES_SEVERAL",
    "DESCRIBE_INSTANCE_ATTRIBUTE",
    "DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS",
    "DESCRIBE_INSTANCE_STATUS",
    "DESCRIBE_INSTANCE_TYPES",
    "DESCRIBE_INSTANCE_TYPE_OFFERINGS",
    "DESCRIBE_KEY_PAIRS",
    "DESCRIBE_LAUNCH_TEMPLATES",
    "DESCRIBE_LAUNCH_TEMPLATE_VERSIONS",
    "DESCRIBE_PLACEMENT_GROUPS",
    "DESCRIBE_REGIONS",
    "DESCRIBE_RESERVED_INSTANCES",
    "DESCRIBE_SNAPSHOTS",
    "DESCRIBE_SNAPSHOTS_BY_ID",
    "DESCRIBE_SNAPSHOT_ATTRIBUTE",
    "DESCRIBE_SPOT_INSTANCE_REQUESTS",
    "DESCRIBE_TAGS",
    "DESCRIBE_VOLUMES",
    "DESCRIBE_VOLUMES_BY_ID",
    "DESCRIBE_VOLUMES_MODIFICATIONS",
    "DESCRIBE_VOLUME_STATUS",
    "GET_CONSOLE_OUTPUT",
    "GET_EBS_ENCRYPTION_BY_DEFAULT",
    "GET_PASSWORD_DATA",
]

# --- instances -----------------------------------------------------------------------------------

_NO_INSTANCE = missing("InstanceID", "instance ID", "instance")
_ONE = items({"instanceId": Hole("instance")})
_NONE: dict[str, Any] = {"instancesSet": {}, "filterSet": {}}

DESCRIBE_INSTANCES = ec2("DescribeInstances", _NONE)
DESCRIBE_INSTANCES_CONSOLE = ec2("DescribeInstances", {**PAGE, **_NONE})
DESCRIBE_INSTANCES_BY_ID = ec2(
    "DescribeInstances", {"instancesSet": _ONE, "filterSet": {}}, faults=(_NO_INSTANCE,)
)
DESCRIBE_INSTANCES_SEVERAL = ec2(
    "DescribeInstances",
    {"instancesSet": {"items": Hole("instances", raw=True)}, "filterSet": {}},
)
DESCRIBE_INSTANCES_RUNNING = ec2(
    "DescribeInstances",
    {"instancesSet": {}, "filterSet": filters(instance_state_name="running")},
)
DESCRIBE_INSTANCE_STATUS = ec2(
    "DescribeInstanceStatus",
    {"instancesSet": {}, "filterSet": {}, "includeAllInstances": False},
)
DESCRIBE_INSTANCE_ATTRIBUTE = ec2(
    "DescribeInstanceAttribute",
    {"instanceId": Hole("instance"), "attribute": Hole("attribute")},
    encoded=True,
    faults=(_NO_INSTANCE,),
)
DESCRIBE_INSTANCE_TYPES = ec2(
    "DescribeInstanceTypes",
    {
        "DescribeInstanceTypesRequest": {
            "InstanceType": {"tag": 1, "content": Hole("instance_type")}
        }
    },
)
DESCRIBE_INSTANCE_TYPE_OFFERINGS = ec2(
    "DescribeInstanceTypeOfferings",
    {
        "DescribeInstanceTypeOfferingsRequest": {
            "Filter": {
                "Value": {"tag": 1, "content": Hole("instance_type")},
                "tag": 1,
                "Name": "instance-type",
            },
            "LocationType": "availability-zone",
        }
    },
)
DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS = ec2(
    "DescribeInstanceCreditSpecifications",
    {
        "DescribeInstanceCreditSpecificationsRequest": {
            "InstanceId": {"tag": 1, "content": Hole("instance")}
        }
    },
)
DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS = ec2(
    "DescribeIamInstanceProfileAssociations",
    {
        "DescribeIamInstanceProfileAssociationsRequest": {
            "Filter": {
                "Value": {"tag": 1, "content": Hole("instance")},
                "tag": 1,
                "Name": "instance-id",
            }
        }
    },
)
DESCRIBE_HOSTS = ec2("DescribeHosts", {"DescribeHostsRequest": {"MaxResults": 500}})
DESCRIBE_RESERVED_INSTANCES = ec2(
    "DescribeReservedInstances", {"reservedInstancesSet": {}, "filterSet": {}}
)
DESCRIBE_SPOT_INSTANCE_REQUESTS = ec2(
    "DescribeSpotInstanceRequests", {"spotInstanceRequestIdSet": {}, "filterSet": {}}
)
DESCRIBE_PLACEMENT_GROUPS = ec2(
    "DescribePlacementGroups",
    {"placementGroupSet": {}, "placementGroupIdSet": {}, "filterSet": {}},
)
DESCRIBE_LAUNCH_TEMPLATES = ec2(
    "DescribeLaunchTemplates", {"DescribeLaunchTemplatesRequest": {"MaxResults": 200}}
)
DESCRIBE_LAUNCH_TEMPLATE_VERSIONS = ec2(
    "DescribeLaunchTemplateVersions",
    {
        "DescribeLaunchTemplateVersionsRequest": {
            "LaunchTemplateVersion": {"tag": 1, "content": "$Latest"},
            "LaunchTemplateId": Hole("launch_template"),
        }
    },
)
GET_CONSOLE_OUTPUT = ec2(
    "GetConsoleOutput", {"instanceId": Hole("instance")}, encoded=True, faults=(_NO_INSTANCE,)
)
GET_PASSWORD_DATA = ec2(
    "GetPasswordData", {"instanceId": Hole("instance")}, encoded=True, faults=(_NO_INSTANCE,)
)

# --- images, volumes, snapshots ------------------------------------------------------------------

_IMAGES: dict[str, Any] = {"executableBySet": {}, "imagesSet": {}, "ownersSet": {}}
_SNAPSHOTS: dict[str, Any] = {
    "snapshotSet": {},
    "ownersSet": {},
    "sharedUsersSet": {},
    "filterSet": {},
}

DESCRIBE_IMAGES = ec2(
    "DescribeImages",
    {**_IMAGES, "ownersSet": items({"owner": "self"}), "filterSet": {}},
)
DESCRIBE_IMAGES_BY_ID = ec2(
    "DescribeImages",
    {**_IMAGES, "imagesSet": items({"imageId": Hole("image")}), "filterSet": {}},
    faults=(
        Fault(
            "Client.InvalidAMIID.NotFound",
            f"The image id '[{Hole('image')}]' does not exist",
        ),
    ),
)
DESCRIBE_IMAGES_BY_NAME = ec2(
    "DescribeImages",
    {
        **_IMAGES,
        "ownersSet": items({"owner": "amazon"}),
        "filterSet": filters(name="amzn2-ami-hvm-2.0.*-x86_64-gp2"),
    },
)
DESCRIBE_VOLUMES = ec2("DescribeVolumes", {**PAGE, "volumeSet": {}, "filterSet": {}})
DESCRIBE_VOLUMES_BY_ID = ec2(
    "DescribeVolumes",
    {"volumeSet": items({"volumeId": Hole("volume")}), "filterSet": {}},
    faults=(
        Fault("Client.InvalidVolume.NotFound", f"The volume '{Hole('volume')}' does not exist."),
    ),
)
DESCRIBE_VOLUME_STATUS = ec2("DescribeVolumeStatus", {**PAGE, "volumeSet": {}, "filterSet": {}})
DESCRIBE_VOLUMES_MODIFICATIONS = ec2(
    "DescribeVolumesModifications", {"DescribeVolumesModificationsRequest": {"MaxResults": 500}}
)
DESCRIBE_SNAPSHOTS = ec2(
    "DescribeSnapshots", {**PAGE, **_SNAPSHOTS, "ownersSet": items({"owner": "self"})}
)
DESCRIBE_SNAPSHOTS_BY_ID = ec2(
    "DescribeSnapshots",
    {**_SNAPSHOTS, "snapshotSet": items({"snapshotId": Hole("snapshot")})},
    faults=(
        Fault(
            "Client.InvalidSnapshot.NotFound",
            f"The snapshot '{Hole('snapshot')}' does not exist.",
        ),
    ),
)
DESCRIBE_SNAPSHOT_ATTRIBUTE = ec2(
    "DescribeSnapshotAttribute",
    {"snapshotId": Hole("snapshot"), "attribute": "createVolumePermission"},
    encoded=True,
)
GET_EBS_ENCRYPTION_BY_DEFAULT = ec2(
    "GetEbsEncryptionByDefault", {"GetEbsEncryptionByDefaultRequest": ""}
)

# --- the account and its regions -----------------------------------------------------------------

DESCRIBE_REGIONS = ec2("DescribeRegions", {"regionSet": {}, "allRegions": True})
DESCRIBE_AVAILABILITY_ZONES = ec2(
    "DescribeAvailabilityZones",
    {"availabilityZoneSet": {}, "availabilityZoneIdSet": {}, "filterSet": {}},
)
DESCRIBE_ACCOUNT_ATTRIBUTES = ec2(
    "DescribeAccountAttributes", {"accountAttributeNameSet": {}, "filterSet": {}}
)
DESCRIBE_KEY_PAIRS = ec2("DescribeKeyPairs", {"keySet": {}, "filterSet": {}})
DESCRIBE_TAGS = ec2("DescribeTags", {**PAGE, "filterSet": filters(resource_type="instance")})
