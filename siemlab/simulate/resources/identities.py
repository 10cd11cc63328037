"""Roles and users as AWS Config describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from siemlab.baseline import Role
from siemlab.simulate.affected import iso
from siemlab.simulate.calendar import millis
from siemlab.simulate.config import Resource
from siemlab.simulate.world import World

__all__ = ["role", "user"]

START = millis("2021-10-18T02:31:07Z")


def role(
    world: World,
    found: Role,
    more: tuple[str, ...] = (),
    *,
    trust: str = "",
    inline: Mapping[str, str] | None = None,
) -> Resource:
    """Return a role.

    Parameters
    ----------
    world
        Whose.
    found
        The role of the baseline.
    more
        Ids of accounts that its trust policy names beside those of the baseline.
    trust
        Its trust policy, where that is another one than the baseline's.
    inline
        Name and document of the policies that were put into it.
    """
    taken = world.role(found.account, found.name)
    document = trust or _trust(world, found, more)
    made = millis(found.since) if found.since else START
    return Resource(
        type="AWS::IAM::Role",
        id=taken.id,
        arn=taken.arn,
        account=taken.account,
        region=world.baseline.regions.home,
        name=found.name,
        created=made,
        configuration={
            "path": found.path,
            "roleName": found.name,
            "roleId": taken.id,
            "arn": taken.arn,
            "createDate": iso(made),
            "assumeRolePolicyDocument": quote(document, safe=""),
            "instanceProfileList": [],
            "rolePolicyList": [
                {"policyName": name, "policyDocument": quote(text, safe="")}
                for name, text in (inline or {}).items()
            ],
            "attachedManagedPolicies": [_policy(name, taken.account) for name in found.policies],
            "permissionsBoundary": None,
            "tags": [],
            "roleLastUsed": None,
        },
    )


def _trust(world: World, found: Role, more: tuple[str, ...]) -> str:
    """Return a trust policy: a service, other accounts or roles, or the identity provider."""
    if found.kind == "sso":
        return _document({"Federated": _provider(world, found.account)}, "sts:AssumeRoleWithSAML")
    services = [name for name in found.trusted if name.endswith(".amazonaws.com")]
    others = [_principal(world, name) for name in found.trusted if name not in services]
    others += [f"arn:aws:iam::{account}:root" for account in more]
    principal: dict[str, str | list[str]] = {}
    if services:
        principal["Service"] = services[0]
    if others:
        principal["AWS"] = others if len(others) > 1 else others[0]
    return _document(principal, "sts:AssumeRole", found.external_id)


def _document(principal: Mapping[str, str | list[str]], action: str, external_id: str = "") -> str:
    statement: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": action}
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def _provider(world: World, account: str) -> str:
    number = world.account(account)
    mark = world.ids.hexes(16, "saml provider", account)
    return f"arn:aws:iam::{number}:saml-provider/AWSSSO_{mark}_DO_NOT_DELETE"


def _principal(world: World, trusted: str) -> str:
    """Return the ARN of an account, or of a role or user written ``account/name``."""
    account, _, name = trusted.partition("/")
    number = world.account(account)
    if not name:
        return f"arn:aws:iam::{number}:root"
    kind = "user" if name in world.baseline.users else "role"
    return f"arn:aws:iam::{number}:{kind}/{name}"


def _policy(name: str, account: str) -> dict[str, str]:
    owner = account if name.startswith("sz-") else "aws"
    return {
        "policyName": name.rpartition("/")[2],
        "policyArn": f"arn:aws:iam::{owner}:policy/{name}",
    }


def user(world: World, name: str) -> Resource:
    """Return an IAM user of the company.

    Parameters
    ----------
    world
        Whose.
    name
        Its name.
    """
    found = world.baseline.users[name]
    account = world.account(found.account)
    made = millis(found.since) if found.since else START
    number, arn = world.user_id(name), f"arn:aws:iam::{account}:user/{name}"
    return Resource(
        type="AWS::IAM::User",
        id=number,
        arn=arn,
        account=account,
        region=world.baseline.regions.home,
        name=name,
        created=made,
        configuration={
            "path": "/",
            "userName": name,
            "userId": number,
            "arn": arn,
            "createDate": iso(made),
            "userPolicyList": [],
            "groupList": [],
            "attachedManagedPolicies": [_policy(each, account) for each in found.policies],
            "permissionsBoundary": None,
            "tags": [],
        },
    )
