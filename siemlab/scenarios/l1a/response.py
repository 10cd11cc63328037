"""How the on-call engineer ends "Midnight bill" (rows 17 and 18)."""

from __future__ import annotations

import numpy as np

from siemlab.scenarios.l1a.miners import ACCOUNT, GLOBAL, TOKYO, USER, Fleet, protect, recorded
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import ec2_describe, iam
from siemlab.simulate.calls.ec2_change import TERMINATE_INSTANCES_SEVERAL
from siemlab.simulate.calls.ec2_launch import terminated
from siemlab.simulate.calls.ec2_making import instance_items
from siemlab.simulate.calls.ec2_networks import DESCRIBE_SECURITY_GROUPS
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Acts, Stage

__all__ = ["KEY_DEAD", "OVER", "responds"]

RESPONDER = "akiyama"
OVER = "168:22"
"""When the instances end, after T0."""
KEY_DEAD = "171:41"
"""When the key is turned off, after T0."""


def responds(stage: Stage, knobs: Knobs, telling: Telling, started: list[Fleet], key: str) -> None:
    """Let the engineer look, fail, free the instances, end them, and turn the key off.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    started, key
        The instances, and the stolen key.
    """
    engineer = stage.world.baseline.people[RESPONDER]
    login = sign_in(stage, engineer, ACCOUNT, knobs.after("156:12"), address=engineer.vpn_ip)
    person = login.caller
    looked = _inspects(stage, knobs, person, key)
    refused = _ends(stage, knobs.after("163:40"), person, started, "Client.OperationNotPermitted")
    span = (knobs.after("164:25"), knobs.after("167:50"))
    freed = protect(stage, person, started, span, b"false")
    ended = _ends(stage, knobs.after(OVER), person, started)
    gone = [recorded(stage, fleet, knobs.after(OVER), "ResourceDeleted") for fleet in started]
    telling.row("17", "response", *login.acts, *looked, *refused, *freed, *ended, *gone)
    off = stage.call(
        iam.UPDATE_ACCESS_KEY,
        person,
        knobs.after(KEY_DEAD),
        region=GLOBAL,
        user=USER,
        access_key=key,
        status="Inactive",
    )
    telling.row("18", "response", off)


def _inspects(stage: Stage, knobs: Knobs, person: Caller, key: str) -> list[Acts]:
    mining, other = knobs["mining region"], knobs["refusing region"]
    steps: tuple[tuple[Call, str, dict[str, str]], ...] = (
        (ec2_describe.DESCRIBE_REGIONS, TOKYO, {}),
        (ec2_describe.DESCRIBE_INSTANCES_CONSOLE, TOKYO, {}),
        (ec2_describe.DESCRIBE_VOLUMES, TOKYO, {}),
        (ec2_describe.DESCRIBE_INSTANCES_CONSOLE, other, {}),
        (ec2_describe.DESCRIBE_INSTANCES_CONSOLE, mining, {}),
        (DESCRIBE_SECURITY_GROUPS, mining, {}),
        (ec2_describe.DESCRIBE_KEY_PAIRS, mining, {}),
        (iam.GET_USER, GLOBAL, {"user": USER}),
        (iam.LIST_ACCESS_KEYS, GLOBAL, {"user": USER}),
        (iam.GET_ACCESS_KEY_LAST_USED, GLOBAL, {"access_key": key}),
    )
    waits = np.cumsum(stage.rng.between(len(steps), 4 * SECOND, 34 * SECOND)).tolist()
    return [
        stage.call(call, person, knobs.after("157:20") + wait, region=region, **columns)
        for (call, region, columns), wait in zip(steps, waits, strict=True)
    ]


def _ends(
    stage: Stage, at: int, person: Caller, started: list[Fleet], error: str = ""
) -> list[Acts]:
    """End the instances of each request with one call."""
    return [
        stage.call(
            TERMINATE_INSTANCES_SEVERAL,
            person,
            at + turn * 9 * SECOND,
            region=fleet.launch.region,
            error=error,
            instance=fleet.ids[0],
            instances=instance_items(fleet.ids),
            changes=terminated(fleet.ids),
        )
        for turn, fleet in enumerate(started)
    ]
