"""The 18 instances of "Midnight bill": what they are, and what their network shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import numpy as np

from siemlab.baseline.network import Interface
from siemlab.scenarios.traffic import windows
from siemlab.simulate.affected import Machine
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls.ec2_change import MODIFY_INSTANCE_ATTRIBUTE_PROTECTION
from siemlab.simulate.calls.ec2_launch import Instance, Launch
from siemlab.simulate.config import ItemStatus, items
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.resolver import ask
from siemlab.simulate.resources import machine, machine_interface, machine_volume
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = [
    "ACCOUNT",
    "GLOBAL",
    "POOL_NAME",
    "POOL_PORT",
    "TOKYO",
    "USER",
    "Fleet",
    "Order",
    "fleets",
    "mines",
    "protect",
    "recorded",
    "starts_up",
]

ACCOUNT, USER = "sz-dev", "ci-image-builder"
TOKYO, GLOBAL = "ap-northeast-1", "us-east-1"
POOL_NAME, POOL_PORT = "asia.pool-hikari.example", 14444
PUBLIC = "203.0.113.192/27"
NOISE = "198.19.0.0/16"
SUPPLIERS = "192.0.2.224/27"
PACKAGES = "archive.ubuntu-mirror.example"
CERTIFICATES = "ocsp.trust-services.example"


@dataclass(frozen=True)
class Order:
    """What one request asks for: its name, the region, how many of which type, its cores."""

    name: str
    region: str
    count: int
    type: str
    cores: int


@dataclass(frozen=True)
class Fleet:
    """The instances of one request.

    Parameters
    ----------
    order
        The request.
    at
        When they were started, epoch milliseconds.
    launch
        What they share.
    instances, interfaces, machines
        Each of them, as the answer, the flow logs and the findings show it.
    """

    order: Order
    at: int
    launch: Launch
    instances: tuple[Instance, ...]
    interfaces: tuple[Interface, ...]
    machines: tuple[Machine, ...]

    @property
    def ids(self) -> list[str]:
        """The instance ids."""
        return [instance.instance for instance in self.instances]


def fleets(world: World, orders: Sequence[Order], starts: Sequence[int], key: str) -> list[Fleet]:
    """Return what the requests start.

    Parameters
    ----------
    world
        Whose world it is.
    orders
        The requests.
    starts
        When each is made, epoch milliseconds.
    key
        The name of the key pair, which exists in the region of the first request.
    """
    hosts = [str(host) for host in IPv4Network(PUBLIC).hosts()]
    outside = world.ids.rng("miners", "outside").sample(hosts, sum(order.count for order in orders))
    found = []
    for order, at in zip(orders, starts, strict=True):
        own = order.region == orders[0].region
        found.append(_fleet(world, order, at, outside[: order.count], key if own else ""))
        outside = outside[order.count :]
    return found


def _fleet(world: World, order: Order, at: int, outside: list[str], key: str) -> Fleet:
    vpc = f"{ACCOUNT}-default-{order.region}"
    subnets = world.baseline.vpcs[vpc].subnets
    draws = world.rng("miners", order.name)
    subnet = draws.pick(subnets)
    base = int(IPv4Network(subnet.cidr).network_address)
    places = sorted({*draws.between(4 * order.count, 16, 4000).tolist()})
    chosen = [places[turn] for turn in draws.shuffled(len(places))[: order.count].tolist()]
    inside = [str(IPv4Network(base + place).network_address) for place in chosen]
    ids = world.ids
    group = "launch-wizard-99" if key else "default"
    launch = Launch(
        image=ids.resource("ami", "ubuntu-focal", order.region),
        instance_type=order.type,
        vpc=ids.resource("vpc", vpc),
        subnet=ids.resource("subnet", subnet.name),
        zone=subnet.zone,
        group_id=ids.resource("sg", group, order.region),
        group_name=group,
        owner=world.account(ACCOUNT),
        region=order.region,
        key_name=key,
        cores=order.cores,
    )
    names = [f"miner {order.name} {number}" for number in range(order.count)]
    return Fleet(
        order,
        at,
        launch,
        tuple(_instance(world, *pair) for pair in zip(names, inside, strict=True)),
        tuple(
            Interface(
                name=name,
                account=ACCOUNT,
                vpc=vpc,
                subnet=subnet.name,
                private_ip=private,
                kind="host",
                owner=name,
                public_ip=public,
                nitro=True,
            )
            for name, private, public in zip(names, inside, outside, strict=True)
        ),
        tuple(
            _machine(world, launch, at, *pair) for pair in zip(names, inside, outside, strict=True)
        ),
    )


def _instance(world: World, name: str, address: str) -> Instance:
    ids = world.ids
    digits = ids.hexes(10, "mac", name)
    mac = ":".join(("06", *(digits[place : place + 2] for place in range(0, 10, 2))))
    attachment = ids.resource("eni-attach", name)
    return Instance(ids.instance(name), address, ids.interface(name), attachment, mac)


def _machine(
    world: World, launch: Launch, at: int, name: str, private: str, public: str
) -> Machine:
    return Machine(
        instance=world.ids.instance(name),
        account=launch.owner,
        region=launch.region,
        zone=launch.zone,
        type=launch.instance_type,
        image=launch.image,
        launched=at // SECOND * SECOND,
        vpc=launch.vpc,
        subnet=launch.subnet,
        interface=world.ids.interface(name),
        private_ip=private,
        public_ip=public,
        groups=((launch.group_name, launch.group_id),),
    )


# --- what they do --------------------------------------------------------------------------------


def starts_up(stage: Stage, fleet: Fleet) -> list[Acts]:
    """Let the instances fetch packages, and strangers knock at them: as every new instance.

    Parameters
    ----------
    stage
        Where.
    fleet
        The instances.
    """
    done: list[Acts] = []
    for interface in fleet.interfaces:
        rng = stage.rng
        boot = fleet.at + rng.one(38, 60) * SECOND
        count = rng.one(5, 9)
        at = boot + np.sort(rng.between(count, 0, 75 * SECOND))
        for name, port, typical in ((PACKAGES, 80, 900_000), (CERTIFICATES, 443, 9_000)):
            address = stage.world.ids.address(SUPPLIERS, name)
            done.append(ask(stage, at, interface, name, answers=address))
            size = rng.rare_long(count, typical, typical * 12)
            done.append(
                flows(
                    stage,
                    at + rng.between(count, 20, 200),
                    Flows(
                        source=interface.private_ip,
                        target=address,
                        target_port=port,
                        packets=6 + size // 2600,
                        size=900 + size // 2600 * 52,
                        packets_back=5 + size // 1400,
                        size_back=700 + size,
                        lasts=rng.between(count, 300, 6000),
                        interfaces=fleet.interfaces,
                    ),
                )
            )
        done.append(_knocked_at(stage, fleet, interface, boot))
    return done


def _knocked_at(stage: Stage, fleet: Fleet, interface: Interface, boot: int) -> Acts:
    rng = stage.rng
    count = rng.one(20, 40)
    ports = rng.picks(count, (23, 22, 445, 3389, 8080, 6379), (6, 5, 3, 3, 2, 1))
    return flows(
        stage,
        boot + np.sort(rng.below(count, 140 * MINUTE)),
        Flows(
            source=[stage.world.ids.address(NOISE, interface.name, turn) for turn in range(count)],
            target=interface.private_ip,
            target_port=ports,
            source_port=rng.between(count, 1024, 65535),
            packets=1,
            size=rng.picks(count, (40, 44, 60)),
            accepted=False,
            interfaces=fleet.interfaces,
        ),
    )


def mines(
    stage: Stage, fleet: Fleet, pool: str, asked: Sequence[int], dug: Sequence[int], until: int
) -> tuple[list[Acts], list[Acts]]:
    """Let the instances look the pool up every five minutes, and talk to it all the time.

    Parameters
    ----------
    stage
        Where.
    fleet
        The instances.
    pool
        The pool's address.
    asked, dug
        When each instance asks for the first time, and when it begins to talk, epoch milliseconds.
    until
        When it is over.

    Returns
    -------
    tuple
        The lookups and the conversations, each instance by itself.
    """
    lookups, talks = [], []
    for interface, first, start in zip(fleet.interfaces, asked, dug, strict=True):
        at = np.arange(first, until, 5 * MINUTE, dtype=np.int64)
        at = at + np.append(0, stage.rng.below(len(at) - 1, 2 * SECOND))
        lookups.append(ask(stage, at, interface, POOL_NAME, answers=pool))
        talks.append(_talks(stage, fleet, interface, pool, start, until))
    return lookups, talks


def _talks(
    stage: Stage, fleet: Fleet, interface: Interface, pool: str, since: int, until: int
) -> Acts:
    """Record one long conversation, which the log shows minute by minute."""
    rng = stage.rng
    begins, lasts = windows(stage, interface.name, since, until, fleet.interfaces)
    count = len(begins)
    places = np.arange(count)
    size, back = rng.between(count, 3000, 6000), rng.between(count, 3000, 6000)
    return flows(
        stage,
        begins,
        Flows(
            source=interface.private_ip,
            target=pool,
            target_port=POOL_PORT,
            source_port=rng.one(32768, 60999),
            packets=size // rng.between(count, 110, 190),
            size=size,
            packets_back=back // rng.between(count, 130, 230),
            size_back=back,
            lasts=lasts,
            opens=places == 0,
            closes=np.where(places == count - 1, 4, 0),
            interfaces=fleet.interfaces,
        ),
    )


# --- what is done to them ------------------------------------------------------------------------


def recorded(stage: Stage, fleet: Fleet, at: int, status: ItemStatus) -> Acts:
    """Let Config see that the instances came or went, where it records.

    Parameters
    ----------
    stage, fleet
        Where, and which.
    at, status
        As of `siemlab.simulate.config.items`.
    """
    world = stage.world
    changed = [
        resource
        for found in fleet.machines
        for resource in (
            machine(world, found),
            machine_interface(found),
            machine_volume(world, found),
        )
    ]
    return items(stage, changed, at, status)


def protect(
    stage: Stage, caller: Caller, started: Sequence[Fleet], span: tuple[int, int], on: bytes
) -> list[Acts]:
    """Turn the protection of all instances against termination on or off, one after the other.

    Parameters
    ----------
    stage
        Where.
    caller
        Who does it.
    started
        The instances.
    span
        From when to when, epoch milliseconds.
    on
        ``b"true"`` or ``b"false"``.
    """
    moments = np.sort(stage.rng.between(sum(fleet.order.count for fleet in started), *span))
    done = []
    for fleet in started:
        mine, moments = moments[: fleet.order.count], moments[fleet.order.count :]
        done.append(
            stage.call(
                MODIFY_INSTANCE_ATTRIBUTE_PROTECTION,
                caller,
                mine,
                region=fleet.launch.region,
                instance=fleet.ids,
                protected=on,
            )
        )
    return done
