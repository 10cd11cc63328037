"""What items of AWS Config say of a resource, whichever way they come: ids, shapes, who and where.

The steps run in the order of the SIEM. Where one of them meets something that it cannot read (the
``configuration`` of a deleted resource is null), it raises, and the steps after it are not done.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from siemlab.logs.model import Draft

__all__ = ["identify", "repair_shapes", "tell_addresses", "tell_host_and_user"]

COMPLIANCE = "AWS::Config::ResourceCompliance"
INSTANCES = frozenset({"AWS::EC2::Instance", "AWS::SSM::ManagedInstanceInventory"})
INSTANCE_COMPLIANCE = frozenset({"AWS::SSM::AssociationCompliance", "AWS::SSM::PatchCompliance"})
IDENTITIES = frozenset({"AWS::IAM::User", "AWS::IAM::Role"})

# Resource type: objects (by the path to their parent, and their name) that become lists.
OBJECTS_TO_LISTS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "AWS::S3::Bucket": (
        (("supplementaryConfiguration", "BucketNotificationConfiguration"), "configurations"),
        (("supplementaryConfiguration", "BucketReplicationConfiguration"), "rules"),
    ),
    "AWS::SSM::ManagedInstanceInventory": tuple(
        (("configuration", f"AWS:{part}"), "Content")
        for part in (
            "Application",
            "AWSComponent",
            "InstanceInformation",
            "Network",
            "WindowsUpdate",
        )
    ),
    **{
        compliance: tuple(
            (("configuration", "AWS:ComplianceItem", "Content"), part)
            for part in ("Association", "Patch")
        )
        for compliance in INSTANCE_COMPLIANCE
    },
}
# Lists of text that become lists of objects, as other resource types have them.
TEXTS_TO_OBJECTS = (
    ("securityGroups", "groupId"),
    ("availabilityZones", "zoneName"),
    ("subnets", "subnetIdentifier"),
)
TEXT_TO_OBJECT = (("endpoint", "address"), ("iamInstanceProfile", "arn"))
NOT_THERE = (AttributeError, KeyError, TypeError)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def identify(draft: Draft) -> None:
    """Set the id of the resource, and the end of the document's id from its time and rule.

    Examples
    --------
    >>> draft = Draft({"awsAccountId": "111122223333", "awsRegion": "ap-northeast-1",
    ...     "resourceType": "AWS::S3::Bucket", "resourceId": "logs",
    ...     "@timestamp": "2022-11-18T07:00:01+00:00", "event": {"module": "config-history"}})
    >>> identify(draft)
    >>> draft.source["@id"], draft.id_suffix
    ('...', '20221118_070001_4981')
    """
    source = draft.source
    source["@id"] = _md5(
        source["awsAccountId"] + source["awsRegion"] + source["resourceType"] + source["resourceId"]
    )
    rule = _md5(source["event"]["module"] + source.get("configRuleARN", ""))[:4]
    time = datetime.fromisoformat(source["@timestamp"])
    draft.id_suffix = f"{time:%Y%m%d_%H%M%S}_{rule}"


def repair_shapes(source: dict[str, Any]) -> None:
    """Give the paths whose kind differs from resource type to resource type one kind.

    Examples
    --------
    >>> item = {"resourceType": "AWS::RDS::DBCluster",
    ...         "configuration": {"endpoint": "db.example.com", "status": "available"}}
    >>> repair_shapes(item)
    >>> item["configuration"]
    {'endpoint': {'address': 'db.example.com'}, 'status': 'available'}
    """
    for path, name in OBJECTS_TO_LISTS.get(source["resourceType"], ()):
        with suppress(IndexError, KeyError):
            holder: Any = source
            for step in path:
                holder = holder[step]
            holder[name] = list(holder[name].values())
    _rename(source)
    _texts_to_objects(source)


def _rename(source: dict[str, Any]) -> None:
    for name, part in (("owner", "id"), ("state", "code"), ("state", "name")):
        with suppress(*NOT_THERE):
            source["configuration"][f"{name}_{part}"] = source["configuration"][name].pop(part)
    with suppress(*NOT_THERE):
        source["tags"]["AmazonFSx_FileSystemId"] = source["tags"].pop("AmazonFSx.FileSystemId")
    with suppress(*NOT_THERE):
        configuration = source["configuration"]
        if isinstance(configuration["stateReason"], str):
            reason = configuration["stateReason"] = {"message": configuration["stateReason"]}
            reason["code"] = configuration.pop("stateReasonCode")


def _texts_to_objects(source: dict[str, Any]) -> None:
    for name, below in TEXTS_TO_OBJECTS:
        with suppress(IndexError, KeyError):
            if isinstance(source["configuration"][name][0], str):
                source["configuration"][name] = [
                    {below: text} for text in source["configuration"][name]
                ]
    for name, below in TEXT_TO_OBJECT:
        with suppress(*NOT_THERE):
            if isinstance(source["configuration"][name], str):
                source["configuration"][name] = {below: source["configuration"][name]}
    with suppress(IndexError, KeyError):
        if isinstance(source["configuration"]["rules"][0]["statement"], dict):
            for rule in source["configuration"]["rules"]:
                rule["statement"] = json.dumps(rule["statement"])
    with suppress(*NOT_THERE):
        configuration = source["configuration"]
        configuration["status_message"] = configuration["status"].pop("message")
        configuration["status"] = configuration["status"].pop("code")


def _instance(source: dict[str, Any]) -> Any:
    kind = source["resourceType"]
    if kind in INSTANCES:
        return source["resourceId"]
    if kind in INSTANCE_COMPLIANCE:
        return source["resourceId"].rpartition("/")[2]
    return None


def _user(source: dict[str, Any]) -> dict[str, Any] | None:
    if source["resourceType"] in IDENTITIES:
        return {"id": source["resourceId"], "name": source.get("resourceName", "")}
    if source["resourceType"] == COMPLIANCE:
        kind, *rest = source["resourceId"].split("/")
        # An instance is no user, but the SIEM puts it there, and so do we.
        if len(rest) == 1 and (kind in IDENTITIES or kind == "AWS::EC2::Instance"):
            return {"id": rest[0]}
    return None


def tell_host_and_user(source: dict[str, Any]) -> None:
    """Name the instance or the identity that the resource is.

    Examples
    --------
    >>> item = {"resourceType": "AWS::IAM::Role", "resourceId": "AROA", "resourceName": "deploy",
    ...         "cloud": {}}
    >>> tell_host_and_user(item)
    >>> item["user"], item["related"]
    ({'id': 'AROA', 'name': 'deploy'}, {'user': ['deploy', 'AROA']})
    """
    instance = _instance(source)
    if instance is not None:
        source["cloud"]["instance"] = {"id": instance}
        source.setdefault("related", {})["hosts"] = [instance]
    user = _user(source)
    if user:
        source["user"] = user
        names = [name for name in (user.get("name"), user["id"]) if name]
        source.setdefault("related", {})["user"] = names


def _interface_addresses(addresses: list[dict[str, Any]]) -> list[Any]:
    found = []
    for address in addresses:
        found.append(address["privateIpAddress"])
        found.append(address.get("association", {}).get("publicIp"))
    return found


def _addresses(source: dict[str, Any], configuration: Any) -> list[Any]:
    kind = source["resourceType"]
    if kind == "AWS::EC2::EIP":
        return [source["resourceName"], configuration.get("privateIpAddress")]
    if kind == "AWS::EC2::Instance":
        return [
            address
            for interface in configuration["networkInterfaces"]
            for address in _interface_addresses(interface["privateIpAddresses"])
        ]
    if kind == "AWS::EC2::NetworkInterface":
        return _interface_addresses(configuration["privateIpAddresses"])
    if kind == "AWS::EC2::NatGateway":
        first = configuration["natGatewayAddresses"][0]
        return [first.get("publicIp"), first.get("privateIp")]
    if kind == "AWS::SSM::ManagedInstanceInventory":
        contents = configuration.get("AWS:Network", {}).get("Content") or ()
        return [content.get(name) for content in contents for name in ("IPV4", "IPV6")]
    return []


def tell_addresses(source: dict[str, Any]) -> None:
    """List the addresses of a resource.

    Examples
    --------
    >>> item = {"resourceType": "AWS::EC2::EIP", "resourceName": "203.0.113.9",
    ...         "configuration": {"privateIpAddress": "10.0.0.8"}}
    >>> tell_addresses(item)
    >>> item["related"]
    {'ip': ['10.0.0.8', '203.0.113.9']}
    """
    configuration = source.get("configuration")
    if configuration:
        addresses = sorted({address for address in _addresses(source, configuration) if address})
        if addresses:
            source.setdefault("related", {})["ip"] = addresses
