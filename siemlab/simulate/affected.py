"""What a finding is about: a key, an instance, a bucket, as GuardDuty describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from siemlab.baseline import Host
from siemlab.simulate.calendar import millis
from siemlab.simulate.callers import Caller
from siemlab.simulate.ids import Ids
from siemlab.simulate.world import World

__all__ = [
    "BucketTouched",
    "KeyUsed",
    "Machine",
    "created_at",
    "iso",
    "key_of",
    "machine_of",
    "owner_id",
]


def iso(milliseconds: int) -> str:
    """Return a time in ISO 8601 with milliseconds.

    Parameters
    ----------
    milliseconds
        Epoch milliseconds.

    Examples
    --------
    >>> iso(1668264429123)
    '2022-11-12T14:47:09.123Z'
    """
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def owner_id(ids: Ids, account: str) -> str:
    """Return the canonical id by which S3 knows an account (its number), 64 digits.

    Parameters
    ----------
    ids
        How things are called.
    account
        The account's id.
    """
    return ids.hexes(64, "canonical", account)


@dataclass(frozen=True)
class KeyUsed:
    """A key and whose it is, as ``accessKeyDetails`` says.

    Parameters
    ----------
    key
        The key id; empty for a console sign-in.
    principal
        ``AIDA...``, or ``AROA...:session``.
    kind
        ``IAMUser``, ``AssumedRole``, ``Root``.
    name
        The user, or the role.
    """

    key: str
    principal: str
    kind: str
    name: str

    def details(self) -> dict[str, Any]:
        """Return ``accessKeyDetails``."""
        return {
            "accessKeyId": self.key,
            "principalId": self.principal,
            "userType": self.kind,
            "userName": self.name,
        }

    @property
    def title(self) -> str:
        """How titles name the identity: ``IAMUser : hana``."""
        return f"{self.kind} : {self.name}"


def key_of(caller: Caller) -> KeyUsed:
    """Return the key with which somebody calls.

    Parameters
    ----------
    caller
        Who calls.

    Examples
    --------
    >>> from siemlab.simulate.callers import Role, role_session
    >>> role = Role("444455556666", "sz-web-ec2-role", "AROA2")
    >>> key_of(role_session(role, "i-0a", "ASIA1", since=0, address="", agent="")).name
    'sz-web-ec2-role'
    """
    identity = msgspec.json.decode(caller.identity)
    issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
    name = issuer.get("userName") or identity.get("userName") or identity["type"]
    return KeyUsed(caller.key, identity.get("principalId", caller.account), identity["type"], name)


@dataclass(frozen=True)
class Machine:
    """An EC2 instance.

    Parameters
    ----------
    instance, account, region, zone
        The instance's id, and where it runs (the account's id).
    type, image
        Size, and the id of the image.
    launched
        When it started, epoch milliseconds.
    vpc, subnet, interface
        The ids of its network.
    private_ip, public_ip
        Its addresses.
    groups
        Name and id of each security group.
    role, role_id
        The instance profile's name and ``AIPA`` id, empty for none.
    name
        Its ``Name`` tag, empty for none.
    host
        The name of a host of the company, from which the id of its volume is made.
    """

    instance: str
    account: str
    region: str
    zone: str
    type: str
    image: str
    launched: int
    vpc: str
    subnet: str
    interface: str
    private_ip: str
    public_ip: str = ""
    groups: tuple[tuple[str, str], ...] = ()
    role: str = ""
    role_id: str = ""
    name: str = ""
    host: str = ""

    @property
    def disk(self) -> str:
        """What its volume is named after."""
        return self.host or self.instance

    @property
    def tags(self) -> list[dict[str, str]]:
        """The tags."""
        return [{"key": "Name", "value": self.name}] if self.name else []

    @property
    def profile(self) -> dict[str, str] | None:
        """The instance profile."""
        if not self.role:
            return None
        arn = f"arn:aws:iam::{self.account}:instance-profile/{self.role}"
        return {"arn": arn, "id": self.role_id}

    @property
    def dns_name(self) -> str:
        """Its private name."""
        domain = "ec2.internal" if self.region == "us-east-1" else f"{self.region}.compute.internal"
        return f"ip-{self.private_ip.replace('.', '-')}.{domain}"

    def arn(self, word: str, number: str) -> str:
        """Return the ARN of the instance or of what belongs to it: ``"volume", "vol-0..."``.

        Parameters
        ----------
        word
            What it is: ``volume``.
        number
            Its id.
        """
        return f"arn:aws:ec2:{self.region}:{self.account}:{word}/{number}"

    def details(self) -> dict[str, Any]:
        """Return ``instanceDetails``."""
        return {
            "instanceId": self.instance,
            "instanceType": self.type,
            "outpostArn": None,
            "launchTime": f"{iso(self.launched)[:19]}Z",
            "platform": None,
            "productCodes": [],
            "iamInstanceProfile": self.profile,
            "networkInterfaces": [self._interface()],
            "tags": self.tags,
            "instanceState": "running",
            "availabilityZone": self.zone,
            "imageId": self.image,
            "imageDescription": None,
        }

    def _interface(self) -> dict[str, Any]:
        address = {"privateDnsName": self.dns_name, "privateIpAddress": self.private_ip}
        interface: dict[str, Any] = {
            "ipv6Addresses": [],
            "networkInterfaceId": self.interface,
            **address,
            "privateIpAddresses": [address],
            "subnetId": self.subnet,
            "vpcId": self.vpc,
            "securityGroups": [
                {"groupName": name, "groupId": number} for name, number in self.groups
            ],
            "publicDnsName": "",
        }
        if self.public_ip:
            interface["publicIp"] = self.public_ip
        return interface


def machine_of(world: World, host: str | Host) -> Machine:
    """Return a host of the company.

    Parameters
    ----------
    world
        Where it is.
    host
        The host, or its name.
    """
    found = world.baseline.hosts[host] if isinstance(host, str) else host
    ids, account = world.ids, world.account(found.account)
    return Machine(
        instance=ids.instance(found.name),
        account=account,
        region=world.baseline.vpcs[found.vpc].region,
        zone=found.zone,
        type=found.instance_type,
        image=ids.resource("ami", found.image),
        launched=millis(found.since),
        vpc=ids.resource("vpc", found.vpc),
        subnet=ids.resource("subnet", found.subnet),
        interface=ids.interface(found.name),
        private_ip=found.private_ip,
        public_ip=found.public_ip or "",
        groups=tuple((group, ids.resource("sg", group)) for group in found.security_groups),
        role=found.role,
        role_id=ids.unique("AIPA", account, found.role),
        name=found.name,
        host=found.name,
    )


ENCRYPTION: Mapping[str, str] = {"SSE-S3": "AES256", "SSE-KMS": "aws:kms"}


@dataclass(frozen=True)
class BucketTouched:
    """A bucket, and how open it is.

    Parameters
    ----------
    name
        A bucket of the company.
    public
        Whether its policy lets anybody read.
    blocked
        Whether Block Public Access is on for it.
    """

    name: str
    public: bool = False
    blocked: bool = True

    def opened(self) -> BucketTouched:
        """Return the bucket as it is when anybody reads it."""
        return replace(self, public=True, blocked=False)

    def details(self, world: World) -> dict[str, Any]:
        """Return an entry of ``s3BucketDetails``.

        Parameters
        ----------
        world
            Whose.
        """
        bucket = world.baseline.buckets[self.name]
        return {
            "arn": f"arn:aws:s3:::{self.name}",
            "name": self.name,
            "defaultServerSideEncryption": {
                "encryptionType": ENCRYPTION[bucket.encryption],
                "kmsMasterKeyArn": None,
            },
            "createdAt": float(created_at(world, self.name) // 1000),
            "tags": [],
            "owner": {"id": owner_id(world.ids, world.account(bucket.account))},
            "publicAccess": self._access(),
            "type": "Destination",
        }

    def _access(self) -> dict[str, Any]:
        opened = {"allowsPublicReadAccess": self.public, "allowsPublicWriteAccess": False}
        return {
            "permissionConfiguration": {
                "bucketLevelPermissions": {
                    "accessControlList": {
                        "allowsPublicReadAccess": False,
                        "allowsPublicWriteAccess": False,
                    },
                    "bucketPolicy": opened,
                    "blockPublicAccess": _blocks(self.blocked),
                },
                "accountLevelPermissions": {"blockPublicAccess": _blocks(False)},
            },
            "effectivePermission": "PUBLIC" if self.public else "NOT_PUBLIC",
        }


def _blocks(on: bool) -> dict[str, bool]:
    names = ("ignorePublicAcls", "restrictPublicBuckets", "blockPublicAcls", "blockPublicPolicy")
    return dict.fromkeys(names, on)


def created_at(world: World, bucket: str) -> int:
    """Return when a bucket was made, epoch milliseconds: before the logs begin.

    Parameters
    ----------
    world
        Whose.
    bucket
        The bucket.
    """
    first, last = millis("2019-05-13T00:00:00Z"), millis("2021-11-01T00:00:00Z")
    return world.rng("bucket", bucket).one(first // 1000, last // 1000) * 1000
