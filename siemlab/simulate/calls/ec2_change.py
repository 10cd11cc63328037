"""Calls of EC2 that change instances, volumes, snapshots, keys.

Holes: ``instance_type``, ``source`` and ``source_region`` (of a copied snapshot), ``tag`` (its
name), ``instance``, ``protected`` (raw: ``b"true"``), ``volume``, ``size`` (GiB), ``zone``,
``snapshot``, ``description``, ``image``, ``image_name``, ``shared_with`` (an account),
``key_name``, ``key_id``, ``fingerprint``, ``name`` (a tag's value), ``address``, ``allocation``,
``association``.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import SCRAMBLED, Call, Fault
from siemlab.simulate.calls.ec2_making import ec2, missing
from siemlab.simulate.calls.making import items
from siemlab.simulate.shapes import Hole

__all__ = [
    "ALLOCATE_ADDRESS",
    "ASSOCIATE_ADDRESS",
    "COPY_SNAPSHOT",
    "CREATE_IMAGE",
    "CREATE_KEY_PAIR",
    "CREATE_SNAPSHOT",
    "CREATE_TAGS",
    "CREATE_VOLUME",
    "DELETE_KEY_PAIR",
    "DELETE_SNAPSHOT",
    "DELETE_TAGS",
    "DELETE_VOLUME",
    "DEREGISTER_IMAGE",
    "IMPORT_KEY_PAIR",
    "MODIFY_INSTANCE_ATTRIBUTE_PROTECTION",
    "MODIFY_INSTANCE_ATTRIBUTE_TYPE",
    "MODIFY_INSTANCE_METADATA_OPTIONS",
    "MODIFY_SNAPSHOT_ATTRIBUTE_ADD",
    "MODIFY_SNAPSHOT_ATTRIBUTE_REMOVE",
    "MODIFY_VOLUME",
    "REBOOT_INSTANCES",
    "RELEASE_ADDRESS",
    "SHARED_SNAPSHOT_VOLUME_CREATED",
    "START_INSTANCES",
    "STOP_INSTANCES",
    "TERMINATE_INSTANCES",
    "TERMINATE_INSTANCES_SEVERAL",
]

DONE = {"requestId": Hole("request_id"), "_return": True}
ANSWERED = {"requestId": Hole("request_id")}
XMLNS = {"xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/"}

_ONE = {"instancesSet": items({"instanceId": Hole("instance")})}
_NO_INSTANCE = missing("InstanceID", "instance ID", "instance")
_PROTECTED = Fault(
    "Client.OperationNotPermitted",
    f"The instance '{Hole('instance')}' may not be terminated. "
    "Modify its 'disableApiTermination' instance attribute and try again.",
)
STATES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "stopping": 64,
    "stopped": 80,
}


def _state(name: str) -> dict[str, Any]:
    return {"code": STATES[name], "name": name}


def _switch(name: str, after: str, before: str, more: dict[str, Any] | None = None) -> Call:
    change = {
        "instanceId": Hole("instance"),
        "currentState": _state(after),
        "previousState": _state(before),
    }
    return ec2(
        name,
        {**_ONE, **(more or {})},
        {**ANSWERED, "instancesSet": items(change)},
        faults=(_NO_INSTANCE, _PROTECTED),
    )


# --- instances -----------------------------------------------------------------------------------

START_INSTANCES = _switch("StartInstances", "pending", "stopped")
STOP_INSTANCES = _switch("StopInstances", "stopping", "running", {"force": False})
TERMINATE_INSTANCES = _switch("TerminateInstances", "shutting-down", "running")
TERMINATE_INSTANCES_SEVERAL = ec2(
    "TerminateInstances",
    {"instancesSet": {"items": Hole("instances", raw=True)}},
    {**ANSWERED, "instancesSet": {"items": Hole("changes", raw=True)}},
    faults=(_NO_INSTANCE, _PROTECTED),
)
"""Several at once: ``instances`` by `ec2_making.instance_items`, ``changes`` by
`ec2_launch.terminated`; a refusal for protection names ``instance``, the first of them."""

REBOOT_INSTANCES = ec2("RebootInstances", _ONE, DONE, faults=(_NO_INSTANCE,))
MODIFY_INSTANCE_ATTRIBUTE_PROTECTION = ec2(
    "ModifyInstanceAttribute",
    {
        "instanceId": Hole("instance"),
        "disableApiTermination": {"value": Hole("protected", raw=True)},
    },
    DONE,
    faults=(_NO_INSTANCE,),
)
"""Protection against termination is turned on or off (``protected``, raw: ``b"true"``)."""

MODIFY_INSTANCE_ATTRIBUTE_TYPE = ec2(
    "ModifyInstanceAttribute",
    {"instanceId": Hole("instance"), "instanceType": {"value": Hole("instance_type")}},
    DONE,
    faults=(
        Fault(
            "Client.IncorrectInstanceState",
            f"The instance '{Hole('instance')}' is not in the 'stopped' state.",
        ),
    ),
)
MODIFY_INSTANCE_METADATA_OPTIONS = ec2(
    "ModifyInstanceMetadataOptions",
    {
        "ModifyInstanceMetadataOptionsRequest": {
            "InstanceId": Hole("instance"),
            "HttpTokens": Hole("tokens"),
            "HttpEndpoint": "enabled",
        }
    },
    {
        "ModifyInstanceMetadataOptionsResponse": {
            **XMLNS,
            "instanceId": Hole("instance"),
            "instanceMetadataOptions": {
                "httpPutResponseHopLimit": 1,
                "httpTokens": Hole("tokens"),
                "httpEndpoint": "enabled",
                "state": "pending",
            },
            **ANSWERED,
        }
    },
    defaults={"tokens": "required"},
)
"""``tokens`` is ``required`` (IMDSv2 only) unless given."""

# --- volumes and snapshots -----------------------------------------------------------------------

CREATE_VOLUME = ec2(
    "CreateVolume",
    {
        "size": Hole("size"),
        "zone": Hole("zone"),
        "volumeType": "gp3",
        "encrypted": False,
        "clientToken": Hole("client_token"),
    },
    {
        **ANSWERED,
        "volumeId": Hole("volume"),
        "size": Hole("size"),
        "zone": Hole("zone"),
        "status": "creating",
        "createTime": Hole("made_ms", raw=True),
        "volumeType": "gp3",
        "iops": 3000,
        "encrypted": False,
        "tagSet": {},
        "multiAttachEnabled": False,
    },
)
DELETE_VOLUME = ec2(
    "DeleteVolume",
    {"volumeId": Hole("volume")},
    DONE,
    faults=(
        Fault("Client.InvalidVolume.NotFound", f"The volume '{Hole('volume')}' does not exist."),
    ),
)
MODIFY_VOLUME = ec2(
    "ModifyVolume",
    {"ModifyVolumeRequest": {"VolumeId": Hole("volume"), "Size": Hole("size", raw=True)}},
    {
        "ModifyVolumeResponse": {
            **XMLNS,
            "volumeModification": {
                "volumeId": Hole("volume"),
                "targetSize": Hole("size", raw=True),
                "modificationState": "modifying",
                "progress": 0,
            },
            **ANSWERED,
        }
    },
)
CREATE_SNAPSHOT = ec2(
    "CreateSnapshot",
    {"volumeId": Hole("volume"), "description": Hole("description")},
    {
        **ANSWERED,
        "snapshotId": Hole("snapshot"),
        "volumeId": Hole("volume"),
        "status": "pending",
        "startTime": Hole("epoch_ms", raw=True),
        "progress": "",
        "ownerId": Hole("account"),
        "volumeSize": Hole("size"),
        "description": Hole("description"),
        "encrypted": False,
        "tagSet": {},
    },
    faults=(
        Fault("Client.InvalidVolume.NotFound", f"The volume '{Hole('volume')}' does not exist."),
    ),
)
COPY_SNAPSHOT = ec2(
    "CopySnapshot",
    {
        "sourceRegion": Hole("source_region"),
        "sourceSnapshotId": Hole("source"),
        "description": Hole("description"),
        "encrypted": False,
    },
    {**ANSWERED, "snapshotId": Hole("snapshot"), "tagSet": {}},
)
DELETE_SNAPSHOT = ec2(
    "DeleteSnapshot",
    {"snapshotId": Hole("snapshot")},
    DONE,
    faults=(
        Fault(
            "Client.InvalidSnapshot.InUse",
            f"The snapshot {Hole('snapshot')} is currently in use by {Hole('image')}",
        ),
    ),
)


def _share(change: str) -> Call:
    return ec2(
        "ModifySnapshotAttribute",
        {
            "snapshotId": Hole("snapshot"),
            "createVolumePermission": {change: items({"userId": Hole("shared_with")})},
            "attributeType": "CREATE_VOLUME_PERMISSION",
        },
        DONE,
        faults=(
            Fault(
                "Client.InvalidSnapshot.NotFound",
                f"The snapshot '{Hole('snapshot')}' does not exist.",
            ),
        ),
    )


MODIFY_SNAPSHOT_ATTRIBUTE_ADD = _share("add")
"""A snapshot is shared with the account ``shared_with``."""

MODIFY_SNAPSHOT_ATTRIBUTE_REMOVE = _share("remove")
"""A snapshot is no longer shared with the account ``shared_with``."""

SHARED_SNAPSHOT_VOLUME_CREATED = Call(
    service="ec2",
    name="SharedSnapshotVolumeCreated",
    read_only=False,
    service_details={"snapshotId": Hole("snapshot")},
    event_type="AwsServiceEvent",
    request_id="none",
)
"""EC2 tells that somebody made a volume of a shared snapshot: `callers.service_event`."""

# --- images, keys, tags, addresses ---------------------------------------------------------------

CREATE_IMAGE = ec2(
    "CreateImage",
    {
        "instanceId": Hole("instance"),
        "name": Hole("image_name"),
        "noReboot": False,
        "blockDeviceMapping": {},
    },
    {**ANSWERED, "imageId": Hole("image")},
)
DEREGISTER_IMAGE = ec2(
    "DeregisterImage",
    {"imageId": Hole("image")},
    DONE,
    faults=(
        Fault(
            "Client.InvalidAMIID.Unavailable",
            f"The image ID '{Hole('image')}' is no longer available",
        ),
    ),
)
CREATE_KEY_PAIR = ec2(
    "CreateKeyPair",
    {"keyName": Hole("key_name"), "keyType": "rsa"},
    {
        **ANSWERED,
        "keyName": Hole("key_name"),
        "keyFingerprint": Hole("fingerprint"),
        "keyPairId": Hole("key_id"),
        "keyMaterial": "<sensitiveDataRemoved>",
    },
    faults=(
        Fault(
            "Client.InvalidKeyPair.Duplicate",
            f"The keypair '{Hole('key_name')}' already exists.",
        ),
    ),
)
IMPORT_KEY_PAIR = ec2(
    "ImportKeyPair",
    {"keyName": Hole("key_name"), "publicKeyMaterial": SCRAMBLED},
    {
        **ANSWERED,
        "keyName": Hole("key_name"),
        "keyFingerprint": Hole("fingerprint"),
        "keyPairId": Hole("key_id"),
    },
)
DELETE_KEY_PAIR = ec2("DeleteKeyPair", {"keyName": Hole("key_name")}, DONE)

_TAGGING = {
    "resourcesSet": items({"resourceId": Hole("resource")}),
    "tagSet": items({"key": Hole("tag"), "value": Hole("value")}),
}
CREATE_TAGS = ec2("CreateTags", _TAGGING, DONE, defaults={"tag": "Name"})
"""``resource`` (an id), ``tag`` (``Name`` unless given), ``value``."""

DELETE_TAGS = ec2("DeleteTags", _TAGGING, DONE, defaults={"tag": "Name"})

ALLOCATE_ADDRESS = ec2(
    "AllocateAddress",
    {"domain": "vpc"},
    {
        **ANSWERED,
        "publicIp": Hole("address"),
        "domain": "vpc",
        "allocationId": Hole("allocation"),
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": Hole("region"),
    },
    faults=(
        Fault("Client.AddressLimitExceeded", "The maximum number of addresses has been reached."),
    ),
)
ASSOCIATE_ADDRESS = ec2(
    "AssociateAddress",
    {"instanceId": Hole("instance"), "allocationId": Hole("allocation")},
    {**DONE, "associationId": Hole("association")},
)
RELEASE_ADDRESS = ec2(
    "ReleaseAddress",
    {"allocationId": Hole("allocation"), "networkBorderGroup": Hole("region")},
    DONE,
)
