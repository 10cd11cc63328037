"""What the thieves do with the key: they look around, try, start, and hold on (rows 1 to 14)."""

from __future__ import annotations

from fnmatch import fnmatch

import numpy as np

from siemlab.scenarios.l1a.miners import (
    ACCOUNT,
    GLOBAL,
    TOKYO,
    USER,
    Fleet,
    Order,
    fleets,
    protect,
    recorded,
    starts_up,
)
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import ec2_change, ec2_describe, ec2_guard, iam, iam_roles
from siemlab.simulate.calls.ec2_launch import (
    RUN_INSTANCES,
    RUN_INSTANCES_SCRIPT,
    RUN_INSTANCES_USER_DATA,
    launched,
)
from siemlab.simulate.calls.s3_bucket import LIST_BUCKETS
from siemlab.simulate.calls.ses import GET_SEND_QUOTA
from siemlab.simulate.calls.sts import GET_CALLER_IDENTITY_GLOBAL
from siemlab.simulate.shapes import Column
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["BOTO", "FAILED_STARTS", "GO", "SCANNER", "holds_on", "looks_around", "starts", "tries"]

SCANNER = "TruffleHog"
BOTO = "Boto3/1.24.89 Python/3.10.7 Linux/5.15.0-52-generic Botocore/1.27.89"
GO = "aws-sdk-go/1.44.109 (go1.19.1; linux; amd64)"
HUNGRY = ("p3.16xlarge", "c5.24xlarge")
FAILED_STARTS = 11
# How many CPUs the account may have: in Tokyo enough for its own hosts and the last four miners.
LIMITS = {
    (GLOBAL, "c5.24xlarge"): "64",
    (TOKYO, "c5.24xlarge"): "96",
    (TOKYO, "p3.16xlarge"): "8",
}
LISTING = ("DescribeRegions", "DescribeInstances", "DescribeAccountAttributes")


def looks_around(
    stage: Stage, knobs: Knobs, telling: Telling, thief: Caller
) -> dict[str, tuple[str, Acts]]:
    """Test the key, and find out what it may do (rows 1 to 6).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    thief
        Who has the key.

    Returns
    -------
    dict
        What a model of normal behavior finds odd, by event name: the error code, and the acts.
    """
    who = GET_CALLER_IDENTITY_GLOBAL
    first = stage.call(who, thief.using(SCANNER), knobs.start, region=GLOBAL)
    telling.row("1", "attack", first)
    telling.row("2", "attack", stage.call(who, thief, knobs.after("0:31"), region=GLOBAL))
    seen = _ask_iam(stage, knobs, thief)
    telling.row("3", "attack", *seen.values())
    buckets = stage.call(LIST_BUCKETS, thief, knobs.after("0:58"), region=GLOBAL)
    telling.row("4", "attack", buckets)
    regions = _ask_regions(stage, knobs, thief)
    telling.row("5", "attack", *(acts for found in regions.values() for acts in found))
    quota = stage.call(
        GET_SEND_QUOTA, thief, knobs.after("1:50"), region=GLOBAL, error="AccessDenied"
    )
    telling.row("6", "attack", quota)
    return {
        **{name: ("AccessDenied", acts) for name, acts in seen.items()},
        "ListBuckets": ("", buckets),
        **{name: ("", acts) for name, acts in zip(LISTING, regions[GLOBAL], strict=True)},
    }


def _ask_iam(stage: Stage, knobs: Knobs, thief: Caller) -> dict[str, Acts]:
    calls = (
        iam.GET_USER,
        iam.LIST_ATTACHED_USER_POLICIES,
        iam.LIST_USER_POLICIES,
        iam.LIST_GROUPS_FOR_USER,
        iam.LIST_USERS,
        iam_roles.LIST_ROLES,
    )
    at = knobs.after("0:35")
    gaps = stage.rng.between(len(calls), 900, 3300)
    return {
        call.name: stage.call(
            call, thief, at + int(wait), region=GLOBAL, error="AccessDenied", user=USER
        )
        for call, wait in zip(calls, np.cumsum(gaps) - gaps[0], strict=True)
    }


def _ask_regions(stage: Stage, knobs: Knobs, thief: Caller) -> dict[str, list[Acts]]:
    """Ask every region for instances and limits; the organization forbids some."""
    company = stage.world.baseline
    begin, end = knobs.after("1:05"), knobs.after("1:44")
    done: dict[str, list[Acts]] = {GLOBAL: []}
    first = stage.call(ec2_describe.DESCRIBE_REGIONS, thief, begin, region=GLOBAL)
    calls = (ec2_describe.DESCRIBE_INSTANCES, ec2_describe.DESCRIBE_ACCOUNT_ATTRIBUTES)
    step = (end - begin - 3 * SECOND) // len(company.all_regions)
    for turn, region in enumerate(company.all_regions):
        error = "Client.UnauthorizedOperation" if _is_denied(stage.world, region) else ""
        at = begin + SECOND + turn * step + stage.rng.one(0, 300)
        pause = stage.rng.one(200, 900)
        done[region] = [
            stage.call(call, thief, at + place * pause, region=region, error=error)
            for place, call in enumerate(calls)
        ]
    done[GLOBAL].insert(0, first)
    return done


def _is_denied(world: World, region: str) -> bool:
    patterns = world.baseline.accounts[ACCOUNT].denied_regions
    return any(fnmatch(region, pattern) for pattern in patterns)


def tries(stage: Stage, knobs: Knobs, telling: Telling, thief: Caller) -> None:
    """Find out what the account lets be started (rows 7 and 8).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    thief
        Who has the key.
    """
    dry = [
        _run(stage, thief, knobs.after("11:40") + wait, region, HUNGRY[1], "Client.DryRunOperation")
        for wait, region in ((0, knobs["mining region"]), (4300, knobs["refusing region"]))
    ]
    telling.row("7", "attack", *dry)
    limited, refused = "Client.VcpuLimitExceeded", "Client.UnauthorizedOperation"
    attempts = (
        *((GLOBAL, kind, limited) for kind in HUNGRY),
        *((TOKYO, kind, limited) for kind in HUNGRY),
        *(("eu-central-1", kind, refused) for kind in HUNGRY),
        ("sa-east-1", HUNGRY[1], refused),
        *((knobs["refusing region"], kind, "Client.PendingVerification") for kind in HUNGRY),
    )
    at = knobs.after("12:02") + np.cumsum(stage.rng.between(len(attempts), 5200, 8600)) - 5200
    done = [
        _run(stage, thief, moment, *attempt)
        for moment, attempt in zip(at.tolist(), attempts, strict=True)
    ]
    telling.row("8", "attack", *done)


def _run(stage: Stage, thief: Caller, at: int, region: str, kind: str, error: str) -> Acts:
    image = stage.world.ids.resource("ami", "ubuntu-focal", region)
    return stage.call(
        RUN_INSTANCES,
        thief,
        at,
        region=region,
        error=error,
        image=image,
        instance_type=kind,
        limit=LIMITS.get((region, kind), "0"),
    )


def starts(stage: Stage, knobs: Knobs, telling: Telling, thief: Caller) -> list[tuple[Fleet, Acts]]:
    """Start the miners with three requests; return them, each with its request (rows 9 to 12).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    thief
        Who has the key.
    """
    region = knobs["mining region"]
    orders = (
        Order("large", region, 8, "c5.9xlarge", 18),
        Order("tokyo", TOKYO, 4, "c5.4xlarge", 8),
        Order("gpu", region, 6, "g4dn.xlarge", 2),
    )
    starts_at = [knobs.after(offset) for offset in ("13:55", "16:20", "21:05")]
    ready = fleets(stage.world, orders, starts_at, knobs["key pair"])
    telling.row("9", "attack", *_prepare(stage, knobs, thief, ready[0]))
    started = []
    for row, fleet in zip(("10", "11", "12"), ready, strict=True):
        request = _launch(stage, thief, fleet)
        seen = recorded(stage, fleet, fleet.at, "ResourceDiscovered")
        telling.row(row, "attack", request, seen, *starts_up(stage, fleet))
        started.append((fleet, request))
    return started


def _prepare(stage: Stage, knobs: Knobs, thief: Caller, fleet: Fleet) -> list[Acts]:
    """Make a key pair and a security group that lets everybody in."""
    ids, shared, at = stage.world.ids, fleet.launch, knobs.after("13:31")
    marks = ids.hexes(40, "fingerprint", shared.key_name)
    fingerprint = ":".join(marks[place : place + 2] for place in range(0, 40, 2))
    pair = stage.call(
        ec2_change.CREATE_KEY_PAIR,
        thief,
        at,
        region=shared.region,
        key_name=shared.key_name,
        key_id=ids.resource("key", shared.key_name),
        fingerprint=fingerprint,
    )
    group = stage.call(
        ec2_guard.CREATE_SECURITY_GROUP,
        thief,
        at + 1400,
        region=shared.region,
        group_name=shared.group_name,
        group_id=shared.group_id,
        vpc=shared.vpc,
        description=f"{shared.group_name} created by SDK",
    )
    opened = stage.call(
        ec2_guard.AUTHORIZE_SECURITY_GROUP_INGRESS,
        thief,
        at + 2600,
        region=shared.region,
        group_id=shared.group_id,
        rule=ids.resource("sgr", shared.group_id),
        from_port=22,
        to_port=22,
        cidr="0.0.0.0/0",
    )
    return [pair, group, opened]


def _launch(stage: Stage, thief: Caller, fleet: Fleet) -> Acts:
    shared, token = fleet.launch, stage.rng.uuids(1)[0]
    call: Call = RUN_INSTANCES_SCRIPT
    more: dict[str, Column] = {}
    if shared.key_name:
        call = RUN_INSTANCES_USER_DATA
        more = {"key_name": shared.key_name, "group_id": shared.group_id}
    return stage.call(
        call,
        thief,
        fleet.at,
        region=shared.region,
        image=shared.image,
        instance_type=shared.instance_type,
        count=fleet.order.count,
        instances=launched(shared, fleet.instances, fleet.at, token),
        reservation=stage.world.ids.resource("r", "miners", fleet.order.name),
        client_token=token,
        **more,
    )


def holds_on(
    stage: Stage, knobs: Knobs, telling: Telling, thief: Caller, started: list[Fleet]
) -> None:
    """Protect the instances against termination, and ask for a key (rows 13 and 14).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    thief
        Who has the key.
    started
        The instances.
    """
    span = (knobs.after("23:10"), knobs.after("23:40"))
    telling.row("13", "attack", *protect(stage, thief, started, span, b"true"))
    refused = stage.call(
        iam.CREATE_ACCESS_KEY,
        thief,
        knobs.after("24:15"),
        region=GLOBAL,
        error="AccessDenied",
        user=USER,
        access_key="",
    )
    telling.row("14", "attack", refused)
