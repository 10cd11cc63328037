"""The door of "The open door": who opened it, who closed it, and what Config thought of it."""

from __future__ import annotations

import string

import numpy as np

from siemlab.baseline.network import Rule
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.behaviors.logins import linux_user
from siemlab.simulate.calendar import DAY, MINUTE, SECOND
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls.ec2_change import CREATE_SNAPSHOT, START_INSTANCES, STOP_INSTANCES
from siemlab.simulate.calls.ec2_describe import DESCRIBE_INSTANCES_CONSOLE, DESCRIBE_VOLUMES_BY_ID
from siemlab.simulate.calls.ec2_guard import (
    AUTHORIZE_SECURITY_GROUP_INGRESS_DESCRIBED,
    REVOKE_SECURITY_GROUP_INGRESS_BY_RULE,
)
from siemlab.simulate.calls.ec2_networks import DESCRIBE_SECURITY_GROUPS
from siemlab.simulate.calls.ssm import START_SESSION
from siemlab.simulate.checks import Status, check_group
from siemlab.simulate.config import Outcome, Verdict, compliance, item
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.resources import instance, security_group
from siemlab.simulate.secure import accepted, closed, lines, opened
from siemlab.simulate.securityhub import control
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["BASTION", "GROUP", "SSH", "closes", "investigates", "opens", "rule_id"]

BASTION, GROUP = "sz-prod-bastion-01", "sz-prod-bastion-sg"
PROD, HOME, SSH = "sz-prod", "ap-northeast-1", 22
TRAVELER, RESPONDER = "y-hamada", "s-watari"
ANYWHERE, NOTE = "0.0.0.0/0", "temp hotel"
BASE64 = string.ascii_letters + string.digits + "+/"
# The controls that look at the group, and the rules of Config behind them.
CONTROLS = {"EC2.19": "vpc-sg-restricted-common-ports", "4.1": "restricted-ssh"}
Steps = tuple[tuple[Call, dict[str, str]], ...]


def rule_id(world: World) -> str:
    """Return the id of the security group rule that opens the door."""
    return world.ids.resource("sgr", GROUP, NOTE)


def opens(stage: Stage, knobs: Knobs, telling: Telling) -> None:
    """Let the traveler sign in, open port 22 to everybody, and log in (rows 1 to 3).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    """
    ids, hotel = stage.world.ids, knobs["traveler"]
    traveler = stage.world.baseline.people[TRAVELER]
    login = sign_in(stage, traveler, PROD, knobs.start - 9 * MINUTE, address=hotel)
    steps: Steps = ((DESCRIBE_INSTANCES_CONSOLE, {}), (DESCRIBE_SECURITY_GROUPS, {}))
    looked = _clicks(stage, login.caller, knobs.start - 4 * MINUTE, steps)
    telling.row("1", "benign", *login.acts, *looked)
    call = stage.call(
        AUTHORIZE_SECURITY_GROUP_INGRESS_DESCRIBED,
        login.caller,
        knobs.start,
        region=HOME,
        group_id=ids.resource("sg", GROUP),
        rule=rule_id(stage.world),
        from_port=SSH,
        to_port=SSH,
        cidr=ANYWHERE,
        description=NOTE,
    )
    telling.row("2", "benign", call, *_judged(stage, knobs.start, is_open=True))
    telling.row("3", "benign", *_works(stage, knobs, hotel))
    found = _controls(stage, knobs.start + 6 * MINUTE, "FAILED")
    telling.row("controls failed", "finding", *found)


def _clicks(stage: Stage, person: Caller, at: int, steps: Steps) -> list[Acts]:
    waits = np.cumsum(stage.rng.between(len(steps), 9 * SECOND, 50 * SECOND)).tolist()
    return [
        stage.call(call, person, at + wait, region=HOME, **columns)
        for (call, columns), wait in zip(steps, waits, strict=True)
    ]


def _works(stage: Stage, knobs: Knobs, hotel: str) -> list[Acts]:
    """Let the traveler log in with a key, and leave after half an hour."""
    begin, end = knobs.after("2:04"), knobs.after("37:40")
    user, rng = linux_user(TRAVELER), stage.rng
    port, pid = rng.one(49152, 65535), rng.one(12000, 18000)
    mark = stage.world.rng("ssh key", TRAVELER).letters(1, 43, BASE64)[0]
    daemon = f"sshd[{pid}]"
    written = lines(
        stage,
        [begin, begin + 60, end, end + 5],
        BASTION,
        [
            accepted(pid, user, hotel, port, key=mark),
            opened(daemon, user),
            f"sshd[{pid + 2}]: Disconnected from {hotel} port {port}",
            closed(daemon, user),
        ],
    )
    conversation = Flows(
        source=hotel,
        target=stage.world.baseline.hosts[BASTION].private_ip,
        target_port=SSH,
        source_port=port,
        lasts=end - begin + 2 * SECOND,
        packets=4210,
        size=402_640,
        packets_back=5120,
        size_back=1_214_300,
    )
    return [written, flows(stage, begin - 900, conversation)]


# --- what Config and Security Hub say ------------------------------------------------------------


def _judged(stage: Stage, at: int, *, is_open: bool) -> list[Acts]:
    """Let Config see the group, and its rules change their mind about it."""
    more = (Rule("tcp", SSH, SSH, ANYWHERE, NOTE),) if is_open else ()
    resource = security_group(stage.world, GROUP, more)
    done = [item(stage, resource, at)]
    now: Outcome = "NON_COMPLIANT" if is_open else "COMPLIANT"
    before: Outcome = "COMPLIANT" if is_open else "NON_COMPLIANT"
    for rule in CONTROLS.values():
        verdict = Verdict(rule, resource, now, before, before_at=at - 9 * DAY)
        moment = at + 4 * MINUTE + stage.delays.one(0, 70 * SECOND)
        done.append(compliance(stage, verdict, moment))
    return done


def _controls(stage: Stage, at: int, status: Status) -> list[Acts]:
    return [
        control(stage, check_group(stage.world, name, GROUP), status, at + turn * SECOND)
        for turn, name in enumerate(CONTROLS)
    ]


# --- the next morning ----------------------------------------------------------------------------


def closes(stage: Stage, at: int, telling: Telling) -> Caller:
    """Let the responder find the rule and take it away (row 14).

    Parameters
    ----------
    stage, telling
        The story's.
    at
        When the rule goes, epoch milliseconds.

    Returns
    -------
    Caller
        The responder.
    """
    ids = stage.world.ids
    group = ids.resource("sg", GROUP)
    responder = stage.world.baseline.people[RESPONDER]
    login = sign_in(stage, responder, PROD, at - 7 * MINUTE, address=responder.office_ip)
    steps: Steps = ((DESCRIBE_INSTANCES_CONSOLE, {}), (DESCRIBE_SECURITY_GROUPS, {}))
    looked = _clicks(stage, login.caller, at - 4 * MINUTE, steps)
    call = stage.call(
        REVOKE_SECURITY_GROUP_INGRESS_BY_RULE,
        login.caller,
        at,
        region=HOME,
        group_id=group,
        rule=rule_id(stage.world),
    )
    judged = _judged(stage, at, is_open=False)
    telling.row("14", "response", *login.acts, *looked, call, *judged)
    telling.row("controls passed", "finding", *_controls(stage, at + 6 * MINUTE, "PASSED"))
    return login.caller


def investigates(stage: Stage, at: int, person: Caller, telling: Telling) -> None:
    """Let the responder look at the host, keep its disk, and stop it for a moment (row 15).

    Parameters
    ----------
    stage, telling
        The story's.
    at
        When the session on the host begins, epoch milliseconds.
    person
        The responder.
    """
    ids, world = stage.world.ids, stage.world
    host, disk = ids.instance(BASTION), ids.resource("vol", BASTION)
    name = f"{RESPONDER}@{world.baseline.company.domain}"
    steps: tuple[tuple[int, Call, dict[str, str]], ...] = (
        (
            0,
            START_SESSION,
            {"instance": host, "session": f"{name}-0{ids.hexes(16, name, BASTION)}"},
        ),
        (11 * MINUTE, DESCRIBE_VOLUMES_BY_ID, {"volume": disk}),
        (
            12 * MINUTE,
            CREATE_SNAPSHOT,
            {
                "volume": disk,
                "snapshot": ids.resource("snap", BASTION, "forensics"),
                "size": "30",
                "description": "SZ-CSIRT forensics",
            },
        ),
        (14 * MINUTE, STOP_INSTANCES, {"instance": host}),
        (19 * MINUTE, START_INSTANCES, {"instance": host}),
    )
    done = [
        stage.call(call, person, at + wait, region=HOME, **columns) for wait, call, columns in steps
    ]
    states = [
        item(stage, instance(world, BASTION, state), at + wait * MINUTE)
        for wait, state in ((14, "stopped"), (19, "running"))
    ]
    telling.row("15", "response", *done, *states)
