"""What Systems Manager knows of hosts, as AWS Config describes it."""

from __future__ import annotations

from typing import Any

from siemlab.simulate.affected import iso
from siemlab.simulate.config import Resource
from siemlab.simulate.world import World

__all__ = ["association_compliance", "managed_inventory"]


def managed_inventory(world: World, host: str) -> Resource:
    """Return what Systems Manager has gathered about a host.

    Parameters
    ----------
    world
        Whose.
    host
        Its name.
    """
    found = world.baseline.hosts[host]
    number = world.ids.instance(host)
    ubuntu = found.image.startswith("ubuntu")
    agent = {"Name": "amazon-ssm-agent", "Version": "3.1.1732.0"}
    return _managed(
        world,
        host,
        "AWS::SSM::ManagedInstanceInventory",
        number,
        {
            "AWS:AWSComponent": {
                "SchemaVersion": "1.0",
                "Content": {"amazon-ssm-agent": agent},
            },
            "AWS:InstanceInformation": {
                "SchemaVersion": "1.0",
                "Content": {
                    number: {
                        "AgentType": "amazon-ssm-agent",
                        "ComputerName": host,
                        "InstanceId": number,
                        "IpAddress": found.private_ip,
                        "PlatformName": "Ubuntu" if ubuntu else "Amazon Linux",
                        "PlatformType": "Linux",
                        "PlatformVersion": "20.04" if ubuntu else "2",
                        "ResourceType": "EC2Instance",
                    }
                },
            },
            "AWS:Network": {
                "SchemaVersion": "1.0",
                "Content": {"eth0": {"Name": "eth0", "IPV4": found.private_ip}},
            },
        },
    )


def association_compliance(world: World, host: str, at: int, status: str = "COMPLIANT") -> Resource:
    """Return how a host fulfills the associations of Systems Manager.

    Parameters
    ----------
    world
        Whose.
    host
        The host.
    at
        When its inventory was gathered, epoch milliseconds.
    status
        ``COMPLIANT``, or ``NON_COMPLIANT`` where it was not.
    """
    number, kind = world.ids.instance(host), "AWS::SSM::AssociationCompliance"
    association = _association(world, world.baseline.hosts[host].account)
    entry: dict[str, Any] = {
        "Id": association,
        "Title": "sz-gather-inventory",
        "Severity": "UNSPECIFIED",
        "Status": status,
        "ExecutionTime": iso(at),
        "DocumentName": "AWS-GatherSoftwareInventory",
    }
    content = {"SchemaVersion": "1.0", "Content": {"Association": {association: entry}}}
    resource_id = f"AWS::SSM::ManagedInstanceInventory/{number}"
    return _managed(world, host, kind, resource_id, {"AWS:ComplianceItem": content})


def _association(world: World, account: str) -> str:
    text = world.ids.hexes(32, "association", account)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-9{text[17:20]}-{text[20:]}"


def _managed(
    world: World, host: str, kind: str, resource_id: str, configuration: dict[str, Any]
) -> Resource:
    found = world.baseline.hosts[host]
    account, region = world.account(found.account), world.baseline.vpcs[found.vpc].region
    number = world.ids.instance(host)
    word = "managed-instance-inventory" if kind.endswith("Inventory") else "association-compliance"
    return Resource(
        type=kind,
        id=resource_id,
        arn=f"arn:aws:ssm:{region}:{account}:{word}/{number}",
        account=account,
        region=region,
        name=resource_id,
        related=(("AWS::EC2::Instance", number, "Is associated with "),),
        configuration=configuration,
    )
