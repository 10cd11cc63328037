"""The machine learning engineer trains models by day, on an instance that is large and costs."""

from __future__ import annotations

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.calls.ec2_change import TERMINATE_INSTANCES
from siemlab.simulate.calls.ec2_describe import (
    DESCRIBE_INSTANCE_TYPES,
    DESCRIBE_INSTANCES_CONSOLE,
    DESCRIBE_KEY_PAIRS,
)
from siemlab.simulate.calls.ec2_launch import RUN_INSTANCES_CONSOLE, Instance, Launch, launched
from siemlab.simulate.calls.ec2_networks import DESCRIBE_SUBNETS
from siemlab.simulate.dice import Dice
from siemlab.simulate.naming import HOME
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Stage
from siemlab.simulate.world import World

__all__ = ["TRAINING"]

WHO, ACCOUNT, SIZE = "m-oda", "sz-dev", "p3.2xlarge"
SUBNET, VPC, ZONE, GROUP = "sz-dev-app-1a", "sz-dev", "ap-northeast-1a", "sz-dev-data-sg"
FRIDAY = 4
OFTEN = 400


def train(stage: Stage, day: Day) -> None:
    """Start an instance in the morning and end it in the evening: on Fridays, and now and then."""
    dice = Dice(stage.rng.child("dice"))
    working = stage.world.baseline.is_working_day(day.date)
    if not working or not (day.date.weekday() == FRIDAY or dice.happens(OFTEN)):
        return
    world, person = stage.world, stage.world.baseline.people[WHO]
    entered = day.at("10:05") + dice.below(70 * 60) * SECOND
    caller = sign_in(stage, person, ACCOUNT, entered, address=person.office_ip).caller
    at = entered + dice.between(90, 400) * SECOND
    stage.call(DESCRIBE_INSTANCES_CONSOLE, caller, entered + 9 * SECOND, region=HOME)
    for seconds, call in ((31, DESCRIBE_KEY_PAIRS), (31, DESCRIBE_SUBNETS)):
        stage.call(call, caller, at - seconds * SECOND, region=HOME)
    stage.call(DESCRIBE_INSTANCE_TYPES, caller, at - 20 * SECOND, region=HOME, instance_type=SIZE)
    launch, instance = _machine(world, day)
    token = stage.rng.uuids(1)[0]
    stage.call(
        RUN_INSTANCES_CONSOLE,
        caller,
        at,
        region=HOME,
        image=launch.image,
        instance_type=SIZE,
        key_name=launch.key_name,
        subnet=launch.subnet,
        group_id=launch.group_id,
        name=launch.name,
        client_token=token,
        reservation=world.ids.resource("r", "training", day.date.isoformat()),
        instances=launched(launch, [instance], at, token),
    )
    ended = at + 5 * HOUR + dice.below(110) * MINUTE
    stage.call(TERMINATE_INSTANCES, caller, ended, region=HOME, instance=instance.instance)


def _machine(world: World, day: Day) -> tuple[Launch, Instance]:
    ids, name = world.ids, f"training-{day.date.isoformat()}"
    launch = Launch(
        image=ids.resource("ami", "deep learning", day.date.month),
        instance_type=SIZE,
        vpc=ids.resource("vpc", VPC),
        subnet=ids.resource("subnet", SUBNET),
        zone=ZONE,
        group_id=ids.resource("sg", GROUP),
        group_name=GROUP,
        owner=world.account(ACCOUNT),
        region=HOME,
        key_name="oda-forecast",
        name="forecast-training",
        cores=4,
    )
    tail = ids.hexes(8, "mac", name)
    mac = ":".join(["06", "c2", *(tail[place : place + 2] for place in range(0, 8, 2))])
    address = f"10.40.20.{140 + int(tail[:2], 16) % 60}"
    attachment = f"eni-attach-0{ids.hexes(16, 'attachment', name)}"
    return launch, Instance(ids.instance(name), address, ids.interface(name), attachment, mac)


TRAINING = Behavior("training", train)
