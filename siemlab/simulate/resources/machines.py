"""Instances as AWS Config describes them, with their interfaces and volumes."""

from __future__ import annotations

from typing import Any

from siemlab.simulate.affected import Machine, iso, machine_of
from siemlab.simulate.calendar import SECOND, millis
from siemlab.simulate.config import Resource
from siemlab.simulate.world import World

__all__ = ["instance", "machine", "machine_interface", "machine_volume", "volume"]

STATE_CODES = {"pending": 0, "running": 16, "stopping": 64, "stopped": 80}
IN_VPC = "Is contained in Vpc"
IN_SUBNET = "Is contained in Subnet"
WITH_GROUP = "Is associated with SecurityGroup"


def instance(world: World, host: str, state: str = "running", tokens: str = "") -> Resource:
    """Return a host of the company.

    Parameters
    ----------
    world
        Whose.
    host
        Its name.
    state
        ``running``, ``stopped`` ...
    tokens
        ``required`` or ``optional``, where that is not what the baseline says.
    """
    found = world.baseline.hosts[host]
    tokens = tokens or found.http_tokens
    since = millis(found.since)
    return machine(world, machine_of(world, host), state, created=since, tokens=tokens)


def machine(
    world: World, found: Machine, state: str = "running", *, created: int = 0, tokens: str = ""
) -> Resource:
    """Return an instance, also one that the baseline does not know.

    Parameters
    ----------
    world
        Whose.
    found
        The instance.
    state
        ``running``, ``stopped`` ...
    created
        When it was made, epoch milliseconds; its launch when 0.
    tokens
        ``required`` where only the second version of the metadata service answers.
    """
    disk = world.ids.resource("vol", found.disk)
    tags = {"Name": found.name} if found.name else {}
    return Resource(
        type="AWS::EC2::Instance",
        id=found.instance,
        arn=found.arn("instance", found.instance),
        account=found.account,
        region=found.region,
        zone=found.zone,
        created=created or found.launched,
        tags=tags,
        related=(
            ("AWS::EC2::NetworkInterface", found.interface, "Contains NetworkInterface"),
            *(("AWS::EC2::SecurityGroup", number, WITH_GROUP) for _, number in found.groups),
            ("AWS::EC2::Subnet", found.subnet, IN_SUBNET),
            ("AWS::EC2::Volume", disk, "Is attached to Volume"),
            ("AWS::EC2::VPC", found.vpc, IN_VPC),
        ),
        configuration=_running(found, disk, state, tokens),
    )


def _running(found: Machine, disk: str, state: str, tokens: str) -> dict[str, Any]:
    groups = [{"groupName": name, "groupId": number} for name, number in found.groups]
    return {
        "amiLaunchIndex": 0,
        "imageId": found.image,
        "instanceId": found.instance,
        "instanceType": found.type,
        "kernelId": None,
        "keyName": None,
        "launchTime": iso(found.launched),
        "monitoring": {"state": "disabled"},
        "placement": {"availabilityZone": found.zone, "groupName": "", "tenancy": "default"},
        "platform": None,
        "privateDnsName": found.dns_name,
        "privateIpAddress": found.private_ip,
        "productCodes": [],
        "publicDnsName": "",
        "publicIpAddress": found.public_ip or None,
        "state": {"code": STATE_CODES[state], "name": state},
        "stateTransitionReason": "",
        "subnetId": found.subnet,
        "vpcId": found.vpc,
        "architecture": "x86_64",
        "blockDeviceMappings": [_disk(disk, found.launched)],
        "ebsOptimized": False,
        "enaSupport": True,
        "hypervisor": "xen",
        "iamInstanceProfile": found.profile,
        "networkInterfaces": [_nested(found, groups)],
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "securityGroups": groups,
        "sourceDestCheck": True,
        "stateReason": None,
        "tags": found.tags,
        "virtualizationType": "hvm",
        "metadataOptions": {
            "state": "applied",
            "httpTokens": tokens or "optional",
            "httpPutResponseHopLimit": 1,
            "httpEndpoint": "enabled",
        },
    }


def _disk(number: str, launched: int) -> dict[str, Any]:
    attached = {
        "attachTime": iso(launched + SECOND),
        "deleteOnTermination": True,
        "status": "attached",
        "volumeId": number,
    }
    return {"deviceName": "/dev/xvda", "ebs": attached}


def _address(found: Machine) -> dict[str, Any]:
    address: dict[str, Any] = {
        "primary": True,
        "privateDnsName": found.dns_name,
        "privateIpAddress": found.private_ip,
    }
    if found.public_ip:
        address["association"] = {
            "ipOwnerId": found.account,
            "publicDnsName": "",
            "publicIp": found.public_ip,
        }
    return address


def _nested(found: Machine, groups: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "groups": groups,
        "ipv6Addresses": [],
        "networkInterfaceId": found.interface,
        "ownerId": found.account,
        "privateDnsName": found.dns_name,
        "privateIpAddress": found.private_ip,
        "privateIpAddresses": [_address(found)],
        "sourceDestCheck": True,
        "status": "in-use",
        "subnetId": found.subnet,
        "vpcId": found.vpc,
        "interfaceType": "interface",
    }


def machine_interface(found: Machine) -> Resource:
    """Return the network interface of an instance.

    Parameters
    ----------
    found
        The instance.
    """
    groups = [{"groupName": name, "groupId": number} for name, number in found.groups]
    return Resource(
        type="AWS::EC2::NetworkInterface",
        id=found.interface,
        arn=found.arn("network-interface", found.interface),
        account=found.account,
        region=found.region,
        zone=found.zone,
        related=(
            *(("AWS::EC2::SecurityGroup", number, WITH_GROUP) for _, number in found.groups),
            ("AWS::EC2::Instance", found.instance, "Is attached to Instance"),
            ("AWS::EC2::Subnet", found.subnet, IN_SUBNET),
            ("AWS::EC2::VPC", found.vpc, IN_VPC),
        ),
        configuration={
            "availabilityZone": found.zone,
            "description": "",
            **_nested(found, groups),
            "requesterManaged": False,
            "tagSet": [],
        },
    )


def machine_volume(world: World, found: Machine) -> Resource:
    """Return the root volume of an instance.

    Parameters
    ----------
    world
        Whose.
    found
        The instance.
    """
    number = world.ids.resource("vol", found.disk)
    attachment = {
        "attachTime": iso(found.launched + SECOND),
        "device": "/dev/xvda",
        "instanceId": found.instance,
        "state": "attached",
        "volumeId": number,
        "deleteOnTermination": True,
    }
    return Resource(
        type="AWS::EC2::Volume",
        id=number,
        arn=found.arn("volume", number),
        account=found.account,
        region=found.region,
        zone=found.zone,
        created=found.launched + SECOND,
        related=(("AWS::EC2::Instance", found.instance, "Is attached to Instance"),),
        configuration={
            "attachments": [attachment],
            "availabilityZone": found.zone,
            "createTime": iso(found.launched + SECOND),
            "encrypted": True,
            "size": 30,
            "snapshotId": world.ids.resource("snap", found.image),
            "state": {"value": "in-use"},
            "volumeId": number,
            "iops": 100,
            "tags": [],
            "volumeType": "gp2",
            "multiAttachEnabled": False,
        },
    )


def volume(world: World, host: str) -> Resource:
    """Return the root volume of a host of the company.

    Parameters
    ----------
    world
        Whose.
    host
        Its name.
    """
    return machine_volume(world, machine_of(world, host))
