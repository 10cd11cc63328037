"""Buckets, functions, databases and balancers as AWS Config describes them."""

from __future__ import annotations

import json
from typing import Any

from siemlab.simulate.affected import created_at, iso, owner_id
from siemlab.simulate.calendar import millis
from siemlab.simulate.config import Resource
from siemlab.simulate.world import World

__all__ = ["bucket", "database", "function", "load_balancer"]

START = millis("2021-10-18T02:31:07Z")


def bucket(
    world: World,
    name: str,
    *,
    public_read: bool = False,
    blocked: bool = True,
    versioning: str = "",
    logged: bool = True,
    expires: int = 0,
) -> Resource:
    """Return a bucket.

    Parameters
    ----------
    world
        Whose.
    name
        The bucket.
    public_read
        Whether its policy lets anybody read.
    blocked
        Whether Block Public Access is on for it.
    versioning
        ``Enabled``, ``Suspended``, ``Off``; what the baseline says when empty.
    logged
        Whether its access log is as the baseline says; otherwise it is off.
    expires
        After how many days a lifecycle rule lets all objects expire; 0 is no such rule.
    """
    found = world.baseline.buckets[name]
    account = world.account(found.account)
    created = created_at(world, name)
    state = versioning or {"off": "Off"}.get(found.versioning, "Enabled")
    return Resource(
        type="AWS::S3::Bucket",
        id=name,
        arn=f"arn:aws:s3:::{name}",
        account=account,
        region=found.region,
        name=name,
        zone="Regional",
        created=created,
        configuration={
            "name": name,
            "owner": {"displayName": None, "id": owner_id(world.ids, account)},
            "creationDate": iso(created),
            "region": found.region,
        },
        supplementary={
            "AccessControlList": json.dumps({"grantSet": None, "grantList": []}),
            **({"BucketLifecycleConfiguration": _expiration(expires)} if expires else {}),
            "BucketLoggingConfiguration": _logging(found.access_log and logged, name),
            "BucketPolicy": {"policyText": _public_policy(name) if public_read else None},
            "BucketVersioningConfiguration": {"status": state, "isMfaDeleteEnabled": None},
            "PublicAccessBlockConfiguration": _public_access_block(blocked),
            "ServerSideEncryptionConfiguration": _encryption(found.encryption),
            "isRequesterPaysEnabled": False,
        },
    )


def _encryption(kind: str) -> dict[str, Any]:
    algorithm = "aws:kms" if kind == "SSE-KMS" else "AES256"
    default = {"sseAlgorithm": algorithm, "kmsMasterKeyID": None}
    return {"rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": False}]}


def _expiration(days: int) -> dict[str, Any]:
    everything = {"type": "LifecyclePrefixPredicate", "prefix": ""}
    rule = {
        "id": "expire",
        "status": "Enabled",
        "filter": {"predicate": everything},
        "expirationInDays": days,
        "noncurrentVersionExpirationInDays": -1,
        "transitions": None,
    }
    return {"rules": [rule]}


def _logging(on: bool, name: str) -> dict[str, str | None]:
    prefix = f"AWSLogs/s3accesslog/{name}/"
    return {
        "destinationBucketName": "sz-prod-access-logs" if on else None,
        "logFilePrefix": prefix if on else None,
    }


def _public_access_block(on: bool) -> dict[str, bool]:
    names = ("blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets")
    return dict.fromkeys(names, on)


def _public_policy(name: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def function(
    world: World,
    name: str,
    *,
    modified: int = 0,
    code: str = "",
    size: int = 0,
    layers: tuple[str, ...] = (),
) -> Resource:
    """Return a Lambda function.

    Parameters
    ----------
    world
        Whose.
    name
        The function.
    modified
        When it was changed, epoch milliseconds; 0 leaves it out.
    code, size
        ``codeSha256`` and ``codeSize``; those that it was made with when left out.
    layers
        The ARNs of its layers.
    """
    found = world.baseline.functions[name]
    account = world.account(found.account)
    arn = f"arn:aws:lambda:{found.region}:{account}:function:{name}"
    changed = {"lastModified": f"{iso(modified)[:-1]}+0000"} if modified else {}
    return Resource(
        type="AWS::Lambda::Function",
        id=name,
        arn=arn,
        account=account,
        region=found.region,
        name=name,
        related=(
            ("AWS::IAM::Role", world.role(found.account, found.role).id, "Is associated with "),
        ),
        configuration={
            "functionName": name,
            "functionArn": arn,
            "runtime": found.runtime,
            "role": f"arn:aws:iam::{account}:role/{found.role}",
            "handler": "index.handler" if "node" in found.runtime else "app.handler",
            "codeSize": size or world.rng("code size", name).one(180_000, 9_400_000),
            "description": found.purpose_en,
            "timeout": 30,
            "memorySize": 256,
            **changed,
            "codeSha256": code or f"{world.ids.hexes(42, 'code', name)}=",
            "version": "$LATEST",
            "tracingConfig": {"mode": "PassThrough"},
            "layers": [{"arn": layer, "codeSize": 41_830} for layer in layers],
            "state": "Active",
            "packageType": "Zip",
            "architectures": ["x86_64"],
        },
    )


def database(world: World, name: str) -> Resource:
    """Return an RDS instance.

    Parameters
    ----------
    world
        Whose.
    name
        Its name.
    """
    found = world.baseline.databases[name]
    account = world.account(found.account)
    place = next(each for each in world.baseline.interfaces.values() if each.name == name)
    number = f"db-{world.ids.unique('', 'database', name)}"
    groups = [
        {"vpcSecurityGroupId": world.ids.resource("sg", group), "status": "active"}
        for group in place.security_groups
    ]
    host = f"{name}.{world.ids.hexes(12, 'rds', account)}.{found.region}.rds.amazonaws.com"
    return Resource(
        type="AWS::RDS::DBInstance",
        id=number,
        arn=f"arn:aws:rds:{found.region}:{account}:db:{name}",
        account=account,
        region=found.region,
        name=name,
        created=START,
        related=(
            ("AWS::EC2::VPC", world.ids.resource("vpc", found.vpc), "Is associated with Vpc"),
        ),
        configuration={
            "dBInstanceIdentifier": name,
            "dBInstanceClass": found.instance_class,
            "engine": found.engine,
            "engineVersion": found.engine_version,
            "dBInstanceStatus": "available",
            "endpoint": {"address": host, "port": found.port},
            "allocatedStorage": 200 if found.account == "sz-prod" else 50,
            "instanceCreateTime": iso(START),
            "backupRetentionPeriod": 14 if found.account == "sz-prod" else 1,
            "vpcSecurityGroups": groups,
            "multiAZ": found.account == "sz-prod",
            "publiclyAccessible": False,
            "storageEncrypted": True,
            "dbiResourceId": number,
            "deletionProtection": found.account == "sz-prod",
            "iAMDatabaseAuthenticationEnabled": False,
        },
    )


def load_balancer(world: World, name: str) -> Resource:
    """Return a load balancer.

    Parameters
    ----------
    world
        Whose.
    name
        Its name.
    """
    found = world.baseline.load_balancers[name]
    account = world.account(found.account)
    number = world.ids.hexes(16, "load-balancer", name)
    place = f"arn:aws:elasticloadbalancing:{found.region}:{account}"
    arn = f"{place}:loadbalancer/app/{name}/{number}"
    nodes = [world.baseline.interfaces[node] for node in found.nodes]
    subnets = {subnet.name: subnet for subnet in world.baseline.vpcs[found.vpc].subnets}
    zones = [
        {
            "zoneName": subnets[node.subnet].zone,
            "subnetId": world.ids.resource("subnet", node.subnet),
            "loadBalancerAddresses": [],
        }
        for node in nodes
    ]
    return Resource(
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        id=arn,
        arn=arn,
        account=account,
        region=found.region,
        name=name,
        zone="Multiple Availability Zones",
        created=START,
        configuration={
            "loadBalancerArn": arn,
            "loadBalancerName": name,
            "scheme": "internet-facing",
            "vpcId": world.ids.resource("vpc", found.vpc),
            "state": {"code": "active"},
            "type": "application",
            "availabilityZones": zones,
            "securityGroups": [
                world.ids.resource("sg", group) for group in nodes[0].security_groups
            ],
            "ipAddressType": "ipv4",
        },
    )
