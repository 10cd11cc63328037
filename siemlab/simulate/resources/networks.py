"""Networks as AWS Config describes them."""

from __future__ import annotations

from typing import Any

from siemlab.baseline.network import Interface, Rule
from siemlab.simulate.affected import Machine
from siemlab.simulate.config import Resource
from siemlab.simulate.world import World

__all__ = ["interface", "security_group", "subnet", "temporary_group", "vpc"]

IN_VPC = "Is contained in Vpc"
IN_SUBNET = "Is contained in Subnet"


def _place(world: World, vpc_name: str) -> tuple[str, str]:
    """Return account and region of a VPC."""
    found = world.baseline.vpcs[vpc_name]
    return world.account(found.account), found.region


def _arn(account: str, region: str, word: str, number: str) -> str:
    return f"arn:aws:ec2:{region}:{account}:{word}/{number}"


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


def vpc(world: World, name: str) -> Resource:
    """Return a VPC.

    Parameters
    ----------
    world
        Whose.
    name
        Its name.
    """
    found, (account, region) = world.baseline.vpcs[name], _place(world, name)
    number = world.ids.resource("vpc", name)
    tags = {} if found.default else {"Name": name}
    return Resource(
        type="AWS::EC2::VPC",
        id=number,
        arn=_arn(account, region, "vpc", number),
        account=account,
        region=region,
        zone="Multiple Availability Zones",
        tags=tags,
        configuration={
            "cidrBlock": found.cidr,
            "dhcpOptionsId": world.ids.resource("dopt", found.account, region),
            "state": "available",
            "vpcId": number,
            "ownerId": account,
            "instanceTenancy": "default",
            "ipv6CidrBlockAssociationSet": [],
            "cidrBlockAssociationSet": [
                {
                    "associationId": world.ids.resource("vpc-cidr-assoc", name),
                    "cidrBlock": found.cidr,
                    "cidrBlockState": {"state": "associated"},
                }
            ],
            "isDefault": found.default,
            "tags": _tag_list(tags),
        },
    )


def subnet(world: World, vpc_name: str, name: str) -> Resource:
    """Return a subnet of a VPC.

    Parameters
    ----------
    world
        Whose.
    vpc_name
        The VPC.
    name
        Its name.
    """
    account, region = _place(world, vpc_name)
    found = next(each for each in world.baseline.vpcs[vpc_name].subnets if each.name == name)
    number, inside = world.ids.resource("subnet", name), world.ids.resource("vpc", vpc_name)
    arn = _arn(account, region, "subnet", number)
    return Resource(
        type="AWS::EC2::Subnet",
        id=number,
        arn=arn,
        account=account,
        region=region,
        zone=found.zone,
        tags={"Name": name},
        related=(("AWS::EC2::VPC", inside, IN_VPC),),
        configuration={
            "availabilityZone": found.zone,
            "cidrBlock": found.cidr,
            "defaultForAz": world.baseline.vpcs[vpc_name].default,
            "mapPublicIpOnLaunch": found.kind == "public" and vpc_name != "sz-prod",
            "state": "available",
            "subnetId": number,
            "vpcId": inside,
            "ownerId": account,
            "assignIpv6AddressOnCreation": False,
            "ipv6CidrBlockAssociationSet": [],
            "tags": [{"key": "Name", "value": name}],
            "subnetArn": arn,
        },
    )


def security_group(world: World, name: str, more: tuple[Rule, ...] = ()) -> Resource:
    """Return a security group of the company.

    Parameters
    ----------
    world
        Whose.
    name
        The group.
    more
        Rules beside those of the baseline: what somebody opened.
    """
    found = world.baseline.security_groups[name]
    account, region = _place(world, found.vpc)
    number, inside = world.ids.resource("sg", name), world.ids.resource("vpc", found.vpc)
    permissions = [_permission(world, account, rule) for rule in (*found.rules, *more)]
    words = (name, number, found.note)
    return _group((account, region), inside, words, permissions, {"Name": name})


def temporary_group(found: Machine, cidr: str) -> Resource:
    """Return the security group of a machine that is built, open on port 22 to one who builds it.

    Parameters
    ----------
    found
        The machine.
    cidr
        From where it is reached.
    """
    name, number = found.groups[0]
    rule = {
        "fromPort": 22,
        "ipProtocol": "tcp",
        "ipv6Ranges": [],
        "prefixListIds": [],
        "toPort": 22,
        "userIdGroupPairs": [],
        "ipv4Ranges": [{"cidrIp": cidr}],
        "ipRanges": [cidr],
    }
    words = (name, number, "Temporary group for Packer")
    return _group((found.account, found.region), found.vpc, words, [rule], {})


def _group(
    place: tuple[str, str],
    inside: str,
    words: tuple[str, str, str],
    permissions: list[dict[str, Any]],
    tags: dict[str, str],
) -> Resource:
    """Return a group of a place (account and region) and VPC by its name, id and description."""
    (account, region), (name, number, note) = place, words
    everywhere = {
        "ipProtocol": "-1",
        "ipv6Ranges": [],
        "prefixListIds": [],
        "userIdGroupPairs": [],
        "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}],
        "ipRanges": ["0.0.0.0/0"],
    }
    return Resource(
        type="AWS::EC2::SecurityGroup",
        id=number,
        arn=_arn(account, region, "security-group", number),
        account=account,
        region=region,
        name=name,
        tags=tags,
        related=(("AWS::EC2::VPC", inside, IN_VPC),),
        configuration={
            "description": note,
            "groupName": name,
            "ipPermissions": permissions,
            "ownerId": account,
            "groupId": number,
            "ipPermissionsEgress": [everywhere],
            "tags": _tag_list(tags),
            "vpcId": inside,
        },
    )


def _permission(world: World, account: str, rule: Rule) -> dict[str, Any]:
    by_block = "/" in rule.source
    pairs = [] if by_block else [_pair(world, account, rule)]
    blocks = [{"cidrIp": rule.source, "description": rule.note}] if by_block else []
    return {
        "fromPort": rule.low,
        "ipProtocol": rule.protocol,
        "ipv6Ranges": [],
        "prefixListIds": [],
        "toPort": rule.high,
        "userIdGroupPairs": pairs,
        "ipv4Ranges": blocks,
        "ipRanges": [rule.source] if by_block else [],
    }


def _pair(world: World, account: str, rule: Rule) -> dict[str, str]:
    group = world.ids.resource("sg", rule.source)
    return {"description": rule.note, "groupId": group, "userId": account}


def interface(world: World, found: Interface) -> Resource:
    """Return a network interface of the company that no instance owns.

    Parameters
    ----------
    world
        Whose.
    found
        The interface of the baseline.
    """
    account, region = _place(world, found.vpc)
    number, inside = world.ids.interface(found.name), world.ids.resource("vpc", found.vpc)
    subnet_id = world.ids.resource("subnet", found.subnet)
    subnets = world.baseline.vpcs[found.vpc].subnets
    zone = next(each.zone for each in subnets if each.name == found.subnet)
    address: dict[str, Any] = {"primary": True, "privateIpAddress": found.private_ip}
    if found.public_ip:
        address["association"] = {"ipOwnerId": "amazon", "publicIp": found.public_ip}
    return Resource(
        type="AWS::EC2::NetworkInterface",
        id=number,
        arn=_arn(account, region, "network-interface", number),
        account=account,
        region=region,
        zone=zone,
        related=(
            ("AWS::EC2::Subnet", subnet_id, IN_SUBNET),
            ("AWS::EC2::VPC", inside, IN_VPC),
        ),
        configuration={
            "availabilityZone": zone,
            "description": f"{found.kind} {found.owner}",
            "groups": [
                {"groupName": group, "groupId": world.ids.resource("sg", group)}
                for group in found.security_groups
            ],
            "interfaceType": found.kind.replace("-", "_"),
            "ipv6Addresses": [],
            "networkInterfaceId": number,
            "ownerId": account,
            "privateIpAddress": found.private_ip,
            "privateIpAddresses": [address],
            "requesterManaged": True,
            "status": "in-use",
            "subnetId": subnet_id,
            "tagSet": [],
            "vpcId": inside,
        },
    )
