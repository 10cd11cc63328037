"""What AWS Config records on a day: a snapshot, inventories of hosts, and rules that run again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from siemlab.simulate import resources as of
from siemlab.simulate.affected import iso
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors import images, pipeline
from siemlab.simulate.builds import FUNCTIONS, builds_of
from siemlab.simulate.calendar import DAY, HOUR, MINUTE, SECOND, Day, millis
from siemlab.simulate.config import (
    Outcome,
    Resource,
    Verdict,
    captured,
    compliance,
    items,
    record,
    recorded,
    snapshot,
    written,
)
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import Item, World

__all__ = ["CONFIGURATION"]

T = TypeVar("T")
Last = dict[tuple[str, str], Item]
"""By type and id of a resource, how Config saw it last."""

ACCOUNTS = ("sz-prod", "sz-dev")
SNAPSHOT_AT = "08:43"
SHORTEST, LONGEST = 35, 260
"""After how many days something of a resource changes: a tag, a version, a setting."""
GATHERED = 8
"""How often a day Systems Manager gathers what runs on a host."""
RULE = "ec2-managedinstance-association-compliance-status-check"
FAILED: Outcome = "NON_COMPLIANT"
PASSED: Outcome = "COMPLIANT"
BUILDER_RULES: Mapping[str, tuple[str, Outcome]] = {
    "ec2-imdsv2-check": ("AWS::EC2::Instance", FAILED),
    "ec2-instance-multiple-eni-check": ("AWS::EC2::Instance", PASSED),
    "ec2-instance-no-public-ip": ("AWS::EC2::Instance", PASSED),
    "encrypted-volumes": ("AWS::EC2::Volume", PASSED),
    "restricted-ssh": ("AWS::EC2::SecurityGroup", PASSED),
    "vpc-sg-open-only-to-authorized-ports": ("AWS::EC2::SecurityGroup", PASSED),
    "vpc-sg-restricted-common-ports": ("AWS::EC2::SecurityGroup", PASSED),
}
"""What the rules think of Packer's instance."""
MISSED_PER_MILLE = 250
"""How often a day a host misses its association, and makes up for it within hours."""


def _act(stage: Stage, day: Day) -> None:
    for account in ACCOUNTS:
        _snapshot(stage.part("snapshot", account), day, account)
        for host in _hosts(stage.world, day, account):
            _inventories(stage.part("inventory", host), day, host)
            _association(stage.part("association", host), day, host)
    _built(stage.part("built"), day)


def _hosts(world: World, day: Day, account: str) -> list[str]:
    """Return the names of the hosts of an account that exist all day."""
    return [
        host.name
        for host in world.baseline.hosts.values()
        if host.account == account
        and millis(host.since) < day.start
        and not (host.until and millis(host.until) < day.end)
    ]


def _own(found: Mapping[str, T], account: str) -> Iterator[T]:
    return (each for each in found.values() if getattr(each, "account", "") == account)


# --- what there is -------------------------------------------------------------------------------


def _snapshot(stage: Stage, day: Day, account: str) -> None:
    """Write the daily snapshot, and what changed since the day before."""
    world, at = stage.world, day.at(SNAPSHOT_AT) + stage.rng.one(0, 120) * SECOND
    home, number = world.baseline.regions.home, world.account(account)
    resources = _resources(world, account)
    deployed = _deployed(world, account, day)
    last = _later(_gathered(stage, day, account, at), deployed, world.last_items(number, home, at))
    now, fresh = [], []
    for resource, moved in zip(resources, _changed(world, account, resources, at), strict=True):
        key = resource.type, resource.id
        there = last.pop(key, None)
        if not _exists(world, resource, at):
            continue
        moves = key not in deployed
        now.append(_as_it_is(resource, there, moved if moves else 0))
        if moves and at - DAY < moved:
            before = world.last_items(number, home, moved).get(key)
            fresh.append(_as_it_is(resource, before, moved))
    others = [found.fields for found in last.values() if not found.gone]
    snapshot(stage, now + others, home, at)
    written(stage, fresh, [home] * len(fresh))


def _later(*known: Last) -> Last:
    """Return the last item of each resource."""
    found: Last = {}
    for last in known:
        for key, item in last.items():
            if key not in found or item.at > found[key].at:
                found[key] = item
    return found


def _gathered(stage: Stage, day: Day, account: str, at: int) -> Last:
    """Return what Systems Manager had gathered of the hosts by the time of a snapshot."""
    records = Records()
    for each in (Day(day.date - timedelta(days=1), "dense"), day):
        there = Stage(stage.world, records, CONFIGURATION.name, each.date.isoformat())
        for host in _hosts(stage.world, each, account):
            _inventories(there.part("inventory", host), each, host)
            _association(there.part("association", host), each, host)
    found = recorded(records)
    return {(item.type, item.resource): item for item in found if item.at <= at}


def _as_it_is(resource: Resource, last: Item | None, moved: int) -> dict[str, Any]:
    """Return the item of a resource: as a story or a deployment left it, if one changed it.

    Parameters
    ----------
    resource
        The resource as the company made it.
    last
        What a story or a deployment left of it.
    moved
        When something else of it changed, which its item does not tell: epoch milliseconds.
    """
    if last is None:
        return record(resource, moved)
    if moved <= last.at:
        return last.fields
    return {
        **last.fields,
        "configurationItemCaptureTime": iso(moved),
        "configurationStateId": moved,
        "configurationItemStatus": "OK",
    }


def _deployed(world: World, account: str, day: Day) -> Last:
    """Return the items of the functions that builds deploy, as they are in the morning."""
    found: Last = {}
    names = [name for name in FUNCTIONS if world.baseline.functions[name].account == account]
    before = day.date
    while len(found) < len(names):
        before -= timedelta(days=1)
        for item in reversed(_deployments(world, before)):
            found.setdefault((item.type, item.resource), item)
    return found


@lru_cache(maxsize=32)
def _deployments(world: World, day: date) -> tuple[Item, ...]:
    """Return what Config recorded of a day's builds."""
    records, dense = Records(), Day(day, "dense")
    if builds_of(world, dense):
        name = pipeline.PIPELINE.name
        pipeline.integrate(Stage(world, records, name, day.isoformat()), dense)
    return recorded(records)


def _changed(world: World, account: str, resources: tuple[Resource, ...], at: int) -> list[int]:
    """Return when each resource last changed, which does not move from day to day."""
    rng = world.rng("configuration", account)
    every = rng.between(len(resources), SHORTEST, LONGEST) * DAY
    offset = rng.below(len(resources), DAY // SECOND) * SECOND + rng.below(len(resources), 1000)
    created = np.array([found.created for found in resources], dtype=np.int64)
    moved: list[int] = np.maximum(
        (at - offset) // every * every + offset, created + 2 * MINUTE
    ).tolist()
    return moved


def _exists(world: World, resource: Resource, at: int) -> bool:
    if resource.type not in ("AWS::EC2::Instance", "AWS::EC2::Volume"):
        return resource.created < at - HOUR
    gone = _ends(world).get(resource.id, at + 1)
    return resource.created < at - HOUR and at < gone


@lru_cache(maxsize=8)
def _ends(world: World) -> dict[str, int]:
    """Return until when instances and volumes exist that do not exist for good."""
    ends = {}
    for host in world.baseline.hosts.values():
        if host.until:
            ends[world.ids.instance(host.name)] = millis(host.until)
            ends[world.ids.resource("vol", host.name)] = millis(host.until)
    return ends


@lru_cache(maxsize=8)
def _resources(world: World, account: str) -> tuple[Resource, ...]:
    """Return what Config records of an account in the home region."""
    base, home = world.baseline, world.baseline.regions.home
    vpcs = [each for each in _own(base.vpcs, account) if each.region == home]
    hosts = [host.name for host in _own(base.hosts, account)]
    return (
        *(of.vpc(world, each.name) for each in vpcs),
        *(of.subnet(world, each.name, inside.name) for each in vpcs for inside in each.subnets),
        *(of.security_group(world, each.name) for each in _own(base.security_groups, account)),
        *(of.instance(world, host) for host in hosts),
        *(of.volume(world, host) for host in hosts),
        *(of.interface(world, each) for each in _own(base.interfaces, account)),
        *(of.bucket(world, each.name) for each in _own(base.buckets, account)),
        *(of.function(world, each.name) for each in _own(base.functions, account)),
        *(of.database(world, each.name) for each in _own(base.databases, account)),
        *(of.load_balancer(world, each.name) for each in _own(base.load_balancers, account)),
        *(of.role(world, each) for each in _own(base.roles, account)),
        *(of.user(world, each.name) for each in _own(base.users, account)),
    )


# --- what Systems Manager knows of hosts ---------------------------------------------------------


def _inventories(stage: Stage, day: Day, host: str) -> None:
    """Write what was gathered about a host: every few hours, with other contents once a day."""
    step = DAY // GATHERED
    at = day.start + stage.rng.one(0, step // SECOND - 1) * SECOND + np.arange(GATHERED) * step
    at += stage.rng.between(GATHERED, 0, 40 * SECOND)
    items = [of.association_compliance(stage.world, host, moment) for moment in at.tolist()]
    captured(stage, items, at)
    first = at[:1] + stage.rng.between(1, SECOND, 30 * SECOND)
    captured(stage, [of.managed_inventory(stage.world, host)], first)


def _association(stage: Stage, day: Day, host: str) -> None:
    """Now and then a host misses its association; a rule notices that, and that it is well."""
    if not stage.rng.happens(MISSED_PER_MILLE):
        return
    missed = day.start + stage.rng.one(0, 18 * 3600) * SECOND
    well = missed + stage.rng.one(31, 300) * MINUTE
    last_well = day.start - stage.rng.one(30, 9000) * MINUTE
    poor = of.association_compliance(stage.world, host, missed, FAILED)
    good = of.association_compliance(stage.world, host, well)
    captured(stage, [poor, good], np.array([missed, well], dtype=np.int64))
    note = "The association did not run as scheduled."
    compliance(stage, Verdict(RULE, poor, FAILED, PASSED, last_well, note), missed + MINUTE)
    fixed = Verdict(RULE, good, PASSED, FAILED, missed + MINUTE, note)
    compliance(stage, fixed, well + MINUTE)


# --- what lives for a night --------------------------------------------------------------------


def _built(stage: Stage, day: Day) -> None:
    """Write what Packer's instance leaves: found at its start, judged, gone at its end."""
    world, made = stage.world, images.builder(stage.world, day)
    runner = world.baseline.hosts[images.RUNNER].egress_ip
    group = of.temporary_group(made, f"{runner}/32")
    disk = of.machine_volume(world, made)
    rest = [of.machine(world, made), of.machine_interface(made), disk]
    items(stage, [group], made.launched, "ResourceDiscovered")
    items(stage, rest, made.launched, "ResourceDiscovered")
    gone = day.start + images.BEGINS + images.ENDS + MINUTE
    items(stage, [*rest, group], gone, "ResourceDeleted")
    judged = {found.type: found for found in (*rest, group)}
    for rule, (kind, outcome) in BUILDER_RULES.items():
        at = made.launched + stage.delays.one(5 * 60, 9 * 60) * SECOND
        late = gone + stage.delays.one(5 * 60, 9 * 60) * SECOND
        compliance(stage, Verdict(rule, judged[kind], outcome), at)
        compliance(stage, Verdict(rule, judged[kind], "NOT_APPLICABLE", outcome, at), late)


CONFIGURATION = Behavior("configuration", _act)
