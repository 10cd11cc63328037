"""RunInstances, and what it answers: one request can start many instances.

Holes: ``image``, ``count`` (raw), ``instance_type``, ``subnet``, ``group_id``, ``key_name``,
``profile`` (of the role), ``instances`` (raw: `launched`), ``reservation``, ``name``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.ec2_change import ANSWERED
from siemlab.simulate.calls.ec2_making import ec2
from siemlab.simulate.calls.making import items
from siemlab.simulate.shapes import Hole

__all__ = [
    "RUN_INSTANCES",
    "RUN_INSTANCES_CONSOLE",
    "RUN_INSTANCES_PACKER",
    "RUN_INSTANCES_SCRIPT",
    "RUN_INSTANCES_USER_DATA",
    "Instance",
    "Launch",
    "launched",
    "terminated",
]

_LIMIT = Fault(
    "Client.VcpuLimitExceeded",
    "You have requested more vCPU capacity than your current vCPU limit of "
    f"{Hole('limit')} allows for the instance bucket that the specified instance type belongs to. "
    "Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this "
    "limit.",
    defaults={"limit": "0"},
)
_PENDING = Fault(
    "Client.PendingVerification",
    "Your request for accessing resources in this region is being validated, and you will not be "
    "able to launch additional resources in this region until the validation is complete. We will "
    "notify you by email once your request has been validated. While normally resolved within "
    "minutes, please allow up to 4 hours for this process to complete. If the issue still "
    "persists, please let us know by writing to aws-verification@amazon.com for further "
    "assistance.",
)
_NO_IMAGE = Fault(
    "Client.InvalidAMIID.NotFound", f"The image id '[{Hole('image')}]' does not exist"
)
_NO_CAPACITY = Fault(
    "Server.InsufficientInstanceCapacity",
    f"We currently do not have sufficient {Hole('instance_type')} capacity in the Availability "
    "Zone you requested. Our system will be working on provisioning additional capacity.",
)
_NO_PROFILE = Fault(
    "Client.InvalidParameterValue",
    f"Value ({Hole('profile')}) for parameter iamInstanceProfile.name is invalid. Invalid IAM "
    "Instance Profile name",
    defaults={"profile": "sz-instance"},
)

_WANTED = items(
    {
        "imageId": Hole("image"),
        "minCount": Hole("count", raw=True),
        "maxCount": Hole("count", raw=True),
    }
)
_NAMED = items({"resourceType": "instance", "tags": [{"key": "Name", "value": Hole("name")}]})
_IN_SUBNET = items(
    {
        "deviceIndex": 0,
        "subnetId": Hole("subnet"),
        "deleteOnTermination": True,
        "associatePublicIpAddress": True,
        "groupSet": items({"groupId": Hole("group_id")}),
    }
)
_PLAIN: dict[str, Any] = {
    "blockDeviceMapping": {},
    "monitoring": {"enabled": False},
    "disableApiTermination": False,
    "disableApiStop": False,
    "clientToken": Hole("client_token"),
}


def _run(request: dict[str, Any]) -> Call:
    return ec2(
        "RunInstances",
        request,
        {
            **ANSWERED,
            "reservationId": Hole("reservation"),
            "ownerId": Hole("account"),
            "groupSet": {},
            "instancesSet": {"items": Hole("instances", raw=True)},
        },
        faults=(_LIMIT, _PENDING, _NO_IMAGE, _NO_CAPACITY, _NO_PROFILE),
        defaults={"count": 1, "instances": b"[]", "reservation": ""},
    )


RUN_INSTANCES = _run(
    {
        "instancesSet": _WANTED,
        "instanceType": Hole("instance_type"),
        **_PLAIN,
    }
)
"""By an SDK that names no more than it must: the default subnet and group."""

RUN_INSTANCES_USER_DATA = _run(
    {
        "instancesSet": _WANTED,
        "keyName": Hole("key_name"),
        "userData": "<sensitiveDataRemoved>",
        "instanceType": Hole("instance_type"),
        **_PLAIN,
        "networkInterfaceSet": items(
            {
                "deviceIndex": 0,
                "associatePublicIpAddress": True,
                "groupSet": items({"groupId": Hole("group_id")}),
            }
        ),
    }
)
"""By an SDK, with a key, a security group, and a start script, which the log does not show."""
RUN_INSTANCES_SCRIPT = _run(
    {
        "instancesSet": _WANTED,
        "userData": "<sensitiveDataRemoved>",
        "instanceType": Hole("instance_type"),
        **_PLAIN,
    }
)
"""By an SDK, with nothing but a start script: the default subnet and group, no key."""

RUN_INSTANCES_CONSOLE = _run(
    {
        "instancesSet": _WANTED,
        "keyName": Hole("key_name"),
        "instanceType": Hole("instance_type"),
        **_PLAIN,
        "networkInterfaceSet": _IN_SUBNET,
        "ebsOptimized": True,
        "tagSpecificationSet": _NAMED,
        "metadataOptions": {
            "httpTokens": "optional",
            "httpPutResponseHopLimit": 1,
            "httpEndpoint": "enabled",
        },
        "privateDnsNameOptions": {
            "hostnameType": "ip-name",
            "enableResourceNameDnsARecord": True,
            "enableResourceNameDnsAAAARecord": False,
        },
    }
)
"""By the console's launch page."""

RUN_INSTANCES_PACKER = _run(
    {
        "instancesSet": _WANTED,
        "keyName": Hole("key_name"),
        "instanceType": Hole("instance_type"),
        **_PLAIN,
        "blockDeviceMapping": items(
            {
                "deviceName": "/dev/xvda",
                "ebs": {"volumeSize": 20, "deleteOnTermination": True, "volumeType": "gp3"},
            }
        ),
        "networkInterfaceSet": _IN_SUBNET,
        "ebsOptimized": False,
        "tagSpecificationSet": _NAMED,
    }
)
"""By Packer, with a key and a group for this build."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What the instances of one request share.

    Parameters
    ----------
    image, instance_type
        What is started.
    vpc, subnet, zone
        Where, by ids.
    group_id, group_name
        Their security group.
    owner
        The account.
    region
        Its region, for the names of the hosts.
    key_name
        Their key pair, empty for none.
    profile, profile_id
        Their instance profile's name and ``AIPA`` id, empty for none.
    name
        Their tag ``Name``, empty for none.
    cores
        CPU cores, each with two threads.
    """

    image: str
    instance_type: str
    vpc: str
    subnet: str
    zone: str
    group_id: str
    group_name: str
    owner: str
    region: str
    key_name: str = ""
    profile: str = ""
    profile_id: str = ""
    name: str = ""
    cores: int = 1


@dataclass(frozen=True)
class Instance:
    """One instance that a request starts: its id, its private address, its interface.

    Parameters
    ----------
    instance
        ``i-...``.
    address
        The private address.
    eni, attachment
        ``eni-...`` and ``eni-attach-...``.
    mac
        The interface's hardware address.
    """

    instance: str
    address: str
    eni: str
    attachment: str
    mac: str


def launched(launch: Launch, instances: Sequence[Instance], at: int, token: str) -> bytes:
    """Return what fills the hole ``instances`` of a request that succeeds.

    Parameters
    ----------
    launch
        What the instances share.
    instances
        Each of them, in the order of ``amiLaunchIndex``.
    at
        When, epoch milliseconds.
    token
        The request's ``client_token``.

    Examples
    --------
    >>> launch = Launch(image="ami-0a1", instance_type="c5.4xlarge", vpc="vpc-0b", cores=8,
    ...                 subnet="subnet-0c", zone="ap-northeast-1a", region="ap-northeast-1",
    ...                 group_id="sg-0d", group_name="default", owner="777788889999")
    >>> one = Instance("i-0e", "172.31.5.9", "eni-0f", "eni-attach-0a", "06:00:00:00:00:01")
    >>> text = launched(launch, [one], 1668264429123, "t")
    >>> msgspec.json.decode(text)[0]["privateDnsName"]
    'ip-172-31-5-9.ap-northeast-1.compute.internal'
    """
    since = at // 1000 * 1000
    rows = [
        _described(launch, instance, index, since, token)
        for index, instance in enumerate(instances)
    ]
    return msgspec.json.encode(rows)


def _described(
    launch: Launch, instance: Instance, index: int, since: int, token: str
) -> dict[str, Any]:
    groups = items({"groupId": launch.group_id, "groupName": launch.group_name})
    key = {"keyName": launch.key_name} if launch.key_name else {}
    return {
        "instanceId": instance.instance,
        "imageId": launch.image,
        "instanceState": {"code": 0, "name": "pending"},
        "privateDnsName": _host_name(instance.address, launch.region),
        **key,
        "amiLaunchIndex": index,
        "productCodes": {},
        "instanceType": launch.instance_type,
        "launchTime": since,
        "placement": {"availabilityZone": launch.zone, "tenancy": "default"},
        "monitoring": {"state": "disabled"},
        "subnetId": launch.subnet,
        "vpcId": launch.vpc,
        "privateIpAddress": instance.address,
        "stateReason": {"code": "pending", "message": "pending"},
        "architecture": "x86_64",
        "rootDeviceType": "ebs",
        "rootDeviceName": "/dev/xvda",
        "blockDeviceMapping": {},
        "virtualizationType": "hvm",
        "hypervisor": "xen",
        "tagSet": items({"key": "Name", "value": launch.name}) if launch.name else {},
        "clientToken": token,
        "groupSet": groups,
        "sourceDestCheck": True,
        "networkInterfaceSet": items(_interface(launch, instance, groups, since)),
        **_profile(launch),
        "ebsOptimized": False,
        "enaSupport": True,
        **_options(launch),
    }


def _host_name(address: str, region: str) -> str:
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{domain}"


def _profile(launch: Launch) -> dict[str, Any]:
    if not launch.profile:
        return {}
    arn = f"arn:aws:iam::{launch.owner}:instance-profile/{launch.profile}"
    return {"iamInstanceProfile": {"arn": arn, "id": launch.profile_id}}


def _interface(
    launch: Launch, instance: Instance, groups: dict[str, Any], since: int
) -> dict[str, Any]:
    return {
        "networkInterfaceId": instance.eni,
        "subnetId": launch.subnet,
        "vpcId": launch.vpc,
        "ownerId": launch.owner,
        "status": "in-use",
        "macAddress": instance.mac,
        "privateIpAddress": instance.address,
        "privateDnsName": _host_name(instance.address, launch.region),
        "sourceDestCheck": True,
        "interfaceType": "interface",
        "groupSet": groups,
        "attachment": {
            "attachmentId": instance.attachment,
            "deviceIndex": 0,
            "networkCardIndex": 0,
            "status": "attaching",
            "attachTime": since,
            "deleteOnTermination": True,
        },
        "privateIpAddressesSet": {
            "item": [{"privateIpAddress": instance.address, "primary": True}]
        },
        "ipv6AddressesSet": {},
    }


def _options(launch: Launch) -> dict[str, Any]:
    return {
        "cpuOptions": {"coreCount": launch.cores, "threadsPerCore": 2},
        "capacityReservationSpecification": {"capacityReservationPreference": "open"},
        "enclaveOptions": {"enabled": False},
        "metadataOptions": {
            "state": "pending",
            "httpTokens": "optional",
            "httpPutResponseHopLimit": 1,
            "httpEndpoint": "enabled",
            "httpProtocolIpv4": "enabled",
            "httpProtocolIpv6": "disabled",
            "instanceMetadataTags": "disabled",
        },
        "maintenanceOptions": {"autoRecovery": "default"},
        "privateDnsNameOptions": {
            "hostnameType": "ip-name",
            "enableResourceNameDnsARecord": False,
            "enableResourceNameDnsAAAARecord": False,
        },
    }


def terminated(instances: Sequence[str]) -> bytes:
    """Return what fills the hole ``changes`` of a TerminateInstances that succeeds.

    Examples
    --------
    >>> text = terminated(["i-0a1"])
    >>> [row["currentState"]["name"] for row in msgspec.json.decode(text)]
    ['shutting-down']
    """
    states = {
        "currentState": {"code": 32, "name": "shutting-down"},
        "previousState": {"code": 16, "name": "running"},
    }
    return msgspec.json.encode([{"instanceId": instance, **states} for instance in instances])
