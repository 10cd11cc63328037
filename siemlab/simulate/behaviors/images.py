"""Packer: every night at midnight (JST) it builds the base image of the development hosts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from siemlab.simulate.affected import Machine
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import MINUTE, SECOND, Day, millis
from siemlab.simulate.callers import Caller, user_key
from siemlab.simulate.calls import ec2_change, ec2_describe, ec2_guard, ec2_networks
from siemlab.simulate.calls.ec2_launch import RUN_INSTANCES_PACKER, Instance, Launch, launched
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.naming import HOME, uuid_of
from siemlab.simulate.stage import Stage
from siemlab.simulate.world import World

__all__ = ["IMAGES", "builder"]

USER, RUNNER, ACCOUNT = "ci-image-builder", "sz-dev-ci-runner-01", "sz-dev"
AGENT = "aws-sdk-go/1.42.6 (go1.17.3; linux; amd64) packer-plugin-amazon/1.0.6"
SUBNET, ZONE, VPC = "sz-dev-build-1a", "ap-northeast-1a", "sz-dev"
BEGINS = 12 * SECOND
READY, IMAGED, ENDS = 70 * SECOND, 15 * MINUTE, 21 * MINUTE
POLL = 15 * SECOND


def _builder(world: World, at: int) -> Caller:
    """Return as whom Packer works: a user with a key, until the key is no more."""
    account, user = world.account(ACCOUNT), world.baseline.users[USER]
    retired = user.key_until is not None and millis(user.key_until) <= at
    if retired or world.is_affected("key dead", USER, at):
        return world.host_caller(RUNNER, world.session_at(RUNNER, account, at), AGENT)
    address = world.baseline.hosts[RUNNER].egress_ip or ""
    key = world.user_key(USER, account)
    return user_key(account, USER, world.user_id(USER), key, address=address, agent=AGENT)


class _Names:
    """What a night's build is called."""

    def __init__(self, world: World, night: str) -> None:
        ids, account = world.ids, world.account(ACCOUNT)
        mark = uuid_of(world, "packer", night)
        self.label, self.night = f"packer_{mark}", night
        self.instance = ids.instance(f"packer-{night}")
        self.group = ids.resource("sg", "packer", night)
        self.image = ids.resource("ami", "packer", night)
        self.base = ids.resource("ami", "amazon", night[:7])
        self.key_pair = ids.resource("key", "packer", night)
        self.subnet, self.vpc = ids.resource("subnet", SUBNET), ids.resource("vpc", VPC)
        digest = hashlib.sha256(mark.encode()).hexdigest()[:40]
        self.fingerprint = ":".join(digest[place : place + 2] for place in range(0, 40, 2))
        self.account, self.address = account, f"10.40.10.{100 + int(digest[:2], 16) % 100}"


def bake(stage: Stage, day: Day) -> None:
    """Build the image of a night.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    """
    world, dice = stage.world, Dice(stage.rng.child("dice"))
    at = day.start + BEGINS
    names = _Names(world, day.date.isoformat())
    diary, caller = Diary(stage), _builder(world, at)
    where = {"region": HOME}
    _prepare(diary, caller, names, at, dice)
    start = at + 9 * SECOND
    token = stage.rng.uuids(1)[0]
    diary.note(
        RUN_INSTANCES_PACKER,
        caller,
        start,
        **where,
        image=names.base,
        instance_type="t3.large",
        key_name=names.label,
        group_id=names.group,
        subnet=names.subnet,
        name="Packer Builder",
        client_token=token,
        reservation=world.ids.resource("r", "packer", names.night),
        instances=launched(_launch(names), [_instance(world, names)], start, token),
    )
    for moment in _polls(start + SECOND, start + READY):
        diary.note(
            ec2_describe.DESCRIBE_INSTANCES_BY_ID, caller, moment, **where, instance=names.instance
        )
    imaged = at + IMAGED + dice.between(-90, 90) * SECOND
    _image(diary, caller, names, imaged, at + ENDS - 20 * SECOND)
    _clean(diary, caller, names, at + ENDS + dice.between(-15, 15) * SECOND)
    diary.close()


def _polls(start: int, end: int) -> Iterator[int]:
    yield from range(start, end, POLL)


def _prepare(diary: Diary, caller: Caller, names: _Names, at: int, dice: Dice) -> None:
    """Look for the base image, and make a key pair and a security group for this build."""
    where = {"region": HOME}
    diary.note(ec2_describe.DESCRIBE_REGIONS, caller, at, **where)
    diary.note(ec2_describe.DESCRIBE_IMAGES_BY_NAME, caller, at + 400, **where)
    diary.note(ec2_networks.DESCRIBE_SUBNETS_BY_ID, caller, at + 900, **where, subnet=names.subnet)
    diary.note(
        ec2_change.CREATE_KEY_PAIR,
        caller,
        at + 1600,
        **where,
        key_name=names.label,
        key_id=names.key_pair,
        fingerprint=names.fingerprint,
    )
    diary.note(
        ec2_guard.CREATE_SECURITY_GROUP,
        caller,
        at + 2300 + dice.below(500),
        **where,
        group_name=names.label,
        group_id=names.group,
        description="Temporary group for Packer",
        vpc=names.vpc,
    )
    diary.note(
        ec2_guard.AUTHORIZE_SECURITY_GROUP_INGRESS,
        caller,
        at + 3200 + dice.below(500),
        **where,
        group_id=names.group,
        rule=diary.stage.world.ids.resource("sgr", "packer", names.night),
        cidr=f"{caller.address}/32",
        from_port=22,
        to_port=22,
    )


def _launch(names: _Names) -> Launch:
    return Launch(
        image=names.base,
        instance_type="t3.large",
        vpc=names.vpc,
        subnet=names.subnet,
        zone=ZONE,
        group_id=names.group,
        group_name=names.label,
        owner=names.account,
        region=HOME,
        key_name=names.label,
        name="Packer Builder",
    )


def _instance(world: World, names: _Names) -> Instance:
    ids, who = world.ids, f"packer-{names.night}"
    tail = ids.hexes(8, "mac", who)
    mac = ":".join(["06", "4b", *(tail[place : place + 2] for place in range(0, 8, 2))])
    attachment = f"eni-attach-0{ids.hexes(16, 'attachment', who)}"
    return Instance(names.instance, names.address, ids.interface(who), attachment, mac)


def builder(world: World, day: Day) -> Machine:
    """Return the instance of a night's build as AWS Config describes it.

    Parameters
    ----------
    world
        Whose.
    day
        The day.
    """
    names = _Names(world, day.date.isoformat())
    return Machine(
        instance=names.instance,
        account=names.account,
        region=HOME,
        zone=ZONE,
        type="t3.large",
        image=names.base,
        launched=day.start + BEGINS + 9 * SECOND,
        vpc=names.vpc,
        subnet=names.subnet,
        interface=world.ids.interface(f"packer-{names.night}"),
        private_ip=names.address,
        groups=((names.label, names.group),),
        name="Packer Builder",
    )


def _image(diary: Diary, caller: Caller, names: _Names, at: int, end: int) -> None:
    """Make the image, wait until it is there, and name it."""
    where = {"region": HOME}
    diary.note(
        ec2_change.CREATE_IMAGE,
        caller,
        at,
        **where,
        instance=names.instance,
        image=names.image,
        image_name=f"sz-dev-base-{names.night.replace('-', '')}",
    )
    for moment in _polls(at + 2 * SECOND, min(end, at + 9 * POLL)):
        diary.note(ec2_describe.DESCRIBE_IMAGES_BY_ID, caller, moment, **where, image=names.image)
    for number, (tag, value) in enumerate((("Name", "sz-dev-base"), ("BuiltBy", "packer"))):
        diary.note(
            ec2_change.CREATE_TAGS,
            caller,
            end + number * 30,
            **where,
            resource=names.image,
            tag=tag,
            value=value,
        )


def _clean(diary: Diary, caller: Caller, names: _Names, at: int) -> None:
    where = {"region": HOME}
    diary.note(ec2_change.TERMINATE_INSTANCES, caller, at, **where, instance=names.instance)
    for moment in _polls(at + SECOND, at + 3 * POLL):
        diary.note(
            ec2_describe.DESCRIBE_INSTANCES_BY_ID, caller, moment, **where, instance=names.instance
        )
    diary.note(
        ec2_guard.DELETE_SECURITY_GROUP, caller, at + 46 * SECOND, **where, group_id=names.group
    )
    diary.note(ec2_change.DELETE_KEY_PAIR, caller, at + 47 * SECOND, **where, key_name=names.label)


IMAGES = Behavior("images", bake)
