"""L1-A "Midnight bill": a leaked key, a look around, and 18 miners in two regions."""

from __future__ import annotations

from datetime import date

import numpy as np

from siemlab.scenarios.actors import actors_of, shifted
from siemlab.scenarios.l1a.findings import IMPACT, alarms
from siemlab.scenarios.l1a.miners import ACCOUNT, POOL_NAME, POOL_PORT, USER, Fleet, mines
from siemlab.scenarios.l1a.response import KEY_DEAD, OVER, responds
from siemlab.scenarios.l1a.theft import (
    BOTO,
    FAILED_STARTS,
    GO,
    SCANNER,
    holds_on,
    looks_around,
    starts,
    tries,
)
from siemlab.scenarios.scenario import Decoy, Knobs, Scenario, Truth
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import HOUR, MINUTE, millis
from siemlab.simulate.callers import user_key
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import Effect, World

__all__ = ["MIDNIGHT_BILL"]

START = millis("2022-11-12T14:47:09Z")
EARLIEST, LATEST = -133, 7
FOREVER = 1 << 62
# What no log of ours shows: a repository is made public, and later the bill is looked at.
LEAKED, RANG, BILL = millis("2022-11-11T09:00:00Z"), "153:00", 40
# When the instances of each request ask for the pool, and when they begin to talk to it.
FIRST = {"large": ("15:40", "18:10"), "tokyo": ("18:00", "18:30"), "gpu": ("22:50", "25:20")}


def _knobs(world: World) -> Knobs:
    actors = actors_of(world)
    swapped = bool(world.team) and world.ids.rng("knobs", "L1-A", "regions").happens(500)
    regions = ("us-east-2", "us-west-2") if swapped else ("us-west-2", "us-east-2")
    names = {
        "scanner": actors["leak scanner"],
        "miner": actors["miner"],
        "pool": actors["mining pool"],
        "mining region": regions[0],
        "refusing region": regions[1],
        "key pair": world.ids.hexes(6, "L1-A", "key pair") if world.team else "a3f9c1",
    }
    return Knobs(shifted(world, "L1-A", START, EARLIEST, LATEST), names=names)


def _effects(_world: World, knobs: Knobs) -> tuple[Effect, ...]:
    return (Effect("key dead", USER, knobs.after(KEY_DEAD), FOREVER),)


def _story(stage: Stage, knobs: Knobs) -> Truth:
    telling = Telling("L1-A")
    account = stage.world.account(ACCOUNT)
    key, number = stage.world.user_key(USER, account), stage.world.user_id(USER)
    scanner = user_key(account, USER, number, key, address=knobs["scanner"], agent=BOTO)
    seen = looks_around(stage, knobs, telling, scanner)
    miner = scanner.at(knobs["miner"]).using(GO)
    tries(stage, knobs, telling, miner)
    started = starts(stage, knobs, telling, miner)
    fleets = [fleet for fleet, _ in started]
    holds_on(stage, knobs, telling, miner, fleets)
    lookups = _mine(stage, knobs, telling, fleets)
    responds(stage, knobs, telling, fleets, key)
    alarms(stage, knobs, telling, miner, seen, started, lookups)
    return telling.truth(_decoys(key), _facts(knobs, key, fleets))


def _mine(
    stage: Stage, knobs: Knobs, telling: Telling, started: list[Fleet]
) -> dict[str, list[Acts]]:
    """Let the instances mine (rows 15 and 16); return the lookups of each, by request."""
    lookups, talks = {}, []
    for fleet in started:
        # They do not boot alike: each begins some seconds after the one before it.
        later = np.cumsum(stage.rng.between(fleet.order.count, 900, 4200))
        later -= later[0]
        asked, dug = ((knobs.after(first) + later).tolist() for first in FIRST[fleet.order.name])
        found, dialogs = mines(stage, fleet, knobs["pool"], asked, dug, knobs.after(OVER))
        lookups[fleet.order.name] = found
        talks += dialogs
    telling.row("15", "attack", *(acts for found in lookups.values() for acts in found))
    telling.row("16", "attack", *talks)
    return lookups


def _decoys(key: str) -> tuple[Decoy, ...]:
    first, last = millis("2022-11-10T15:00:00Z"), START + 28 * HOUR
    week, night = millis("2022-11-06T15:00:00Z"), millis("2022-11-12T15:00:00Z")
    return (
        Decoy(
            "Packer builds an image with the same key",
            "cloudtrail",
            {"user.id": key, "source.ip": "203.0.113.141"},
            night,
            night + 30 * MINUTE,
            "company-aws",
        ),
        Decoy(
            "m-oda starts a p3.2xlarge to train a model",
            "cloudtrail",
            {"event.action": "RunInstances", "user.name": "m-oda"},
            first,
            last,
            "office",
        ),
        Decoy(
            "Mihari lists everything every five minutes",
            "cloudtrail",
            {"source.ip": "192.0.2.0/26"},
            first,
            last,
            "monitoring",
        ),
        *(
            Decoy(
                f"{kind} that week", "guardduty", {"rule.id": kind}, week, night, "event.severity"
            )
            for kind in (
                "Recon:EC2/PortProbeUnprotectedPort",
                "Policy:IAMUser/RootCredentialUsage",
                "Policy:S3/BucketBlockPublicAccessDisabled",
            )
        ),
    )


def _facts(knobs: Knobs, key: str, started: list[Fleet]) -> dict[str, str | int]:
    home = [fleet for fleet in started if fleet.order.region.startswith("ap-")]
    return {
        "start": knobs.start,
        "key": key,
        "user": USER,
        "scanner": knobs["scanner"],
        "miner": knobs["miner"],
        "first_tool": SCANNER,
        "denied_iam_reads": 6,
        "regions": len({fleet.order.region for fleet in started}),
        "failed_starts": FAILED_STARTS,
        "requests": len(started),
        "instances": sum(fleet.order.count for fleet in started),
        "mining_region": knobs["mining region"],
        "pool": knobs["pool"],
        "pool_port": POOL_PORT,
        "pool_name": POOL_NAME,
        "instances_in_flow_logs": sum(fleet.order.count for fleet in home),
        "key_pair": knobs["key pair"],
        "key_dead": knobs.after(KEY_DEAD),
        "first_alarm": IMPACT,
        "leaked_at": LEAKED,
        "bill_at": knobs.after(RANG),
        "bill_times": BILL,
    }


MIDNIGHT_BILL = Scenario(
    name="L1-A",
    title_en="Midnight bill",
    title_ja="真夜中の請求書",
    level=1,
    account=ACCOUNT,
    first=date(2022, 11, 11),
    last=date(2022, 11, 14),
    knobs=_knobs,
    effects=_effects,
    story=_story,
)
"""A leaked key, a look around, 18 miners: which key, from where, how far did it get?"""
