"""How the company shuts the thief out, and what the thief sees of it."""

from __future__ import annotations

from datetime import date

import numpy as np

from siemlab.scenarios.l2a.setting import ACCOUNT, DOCS, HOSTS, ROLE, at
from siemlab.scenarios.l2a.theft import AGENT
from siemlab.scenarios.roles import HOME, revocation
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate import resources as of
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls.ec2_change import MODIFY_INSTANCE_METADATA_OPTIONS
from siemlab.simulate.calls.iam_roles import (
    GET_ROLE,
    LIST_ATTACHED_ROLE_POLICIES,
    LIST_ROLE_POLICIES,
    PUT_ROLE_POLICY,
)
from siemlab.simulate.config import item
from siemlab.simulate.holdings import passports
from siemlab.simulate.objects import access
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import Effect, World

__all__ = ["REFUSED", "REVOKED", "contains", "effects", "is_shut_out"]

REVOKED, FIXED, RENEWED = "06:12:30", "06:25:10", "06:40:20"
PERSON = "akiyama"
POLICY = "AWSRevokeOlderSessions"
FOREVER = 1 << 62
REFUSED = 17


def effects(_world: World, knobs: Knobs) -> tuple[Effect, ...]:
    """Return what the containment changes.

    The web servers have had their keys for some hours; new ones come half an hour after the old
    ones have been refused.
    """
    revoked, fixed, renewed = (at(knobs, time) for time in (REVOKED, FIXED, RENEWED))
    held = [
        Effect("one session", host, at(knobs, begun), renewed + wait)
        for host, begun, wait in zip(HOSTS, ("01:52:17", "02:09:41"), (0, 74_000), strict=True)
    ]
    safe = [Effect("imdsv2", host, fixed, FOREVER) for host in HOSTS]
    return (Effect("revoked", ROLE, revoked, FOREVER), *held, *safe)


def contains(stage: Stage, knobs: Knobs) -> tuple[tuple[Acts, ...], tuple[Acts, ...]]:
    """Let a responder revoke the role's sessions, and make both hosts hand out keys safely.

    Returns
    -------
    tuple
        What the revocation left, and what the repair left.
    """
    world = stage.world
    revoked = at(knobs, REVOKED)
    person = world.baseline.people[PERSON]
    came, signed_in = sign_in(stage, person, ACCOUNT, revoked - 7 * MINUTE, address=person.vpn_ip)
    looks = (GET_ROLE, LIST_ROLE_POLICIES, LIST_ATTACHED_ROLE_POLICIES)
    looked = [
        stage.call(call, came, revoked - (90 - 2 * turn) * SECOND, region=HOME, role=ROLE)
        for turn, call in enumerate(looks)
    ]
    text = np.datetime_as_string(np.datetime64(revoked - 1200, "ms"))
    refused = revocation(f"{text}Z")
    put = stage.call(
        PUT_ROLE_POLICY,
        came,
        revoked,
        region=HOME,
        role=ROLE,
        policy=POLICY,
        document=refused,
    )
    changed = of.role(world, world.baseline.role(ACCOUNT, ROLE), inline={POLICY: refused})
    return (*signed_in, *looked, put, item(stage, changed, revoked)), _repairs(stage, knobs, came)


def _repairs(stage: Stage, knobs: Knobs, came: Caller) -> tuple[Acts, ...]:
    done: list[Acts] = []
    for turn, host in enumerate(HOSTS):
        when = at(knobs, FIXED) + turn * 21 * SECOND
        changed = stage.call(
            MODIFY_INSTANCE_METADATA_OPTIONS,
            came,
            when,
            region=HOME,
            instance=stage.world.ids.instance(host),
        )
        done += [changed, item(stage, of.instance(stage.world, host, tokens="required"), when)]
    return tuple(done)


def is_shut_out(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Let the thief go on, and be refused: first the list, then object by object."""
    first, last = at(knobs, "06:13:02"), at(knobs, "06:17:51")
    listing, reading = 6, REFUSED - 6
    when = np.sort(stage.rng.below(REFUSED, last - first)) + first
    listed = access(
        stage,
        when[:listing],
        thief.using(f"{AGENT}s3.sync"),
        bucket=DOCS,
        operation="ListObjects",
        prefix="passport/",
        error="AccessDenied",
    )
    keys = stage.rng.sample(passports(stage.world, date(2022, 12, 1)), reading)
    read = access(
        stage,
        when[listing:],
        thief.using(f"{AGENT}s3api.get-object"),
        bucket=DOCS,
        operation="GetObject",
        keys=keys,
        error="AccessDenied",
    )
    return (*listed, *read)
