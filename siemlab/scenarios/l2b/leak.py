"""How the keys of a build leak, and what the intruder does with them in the first minutes."""

from __future__ import annotations

from typing import NamedTuple

from siemlab.scenarios.l2b.setting import BUILD_ROLE, DEV, PROD, RUNNER, USER, at
from siemlab.scenarios.roles import HOME, Taken, takes
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.traffic import unbroken
from siemlab.simulate.calendar import jst_date
from siemlab.simulate.callers import Caller, user_key
from siemlab.simulate.calls import ecr
from siemlab.simulate.calls.iam import CREATE_ACCESS_KEY
from siemlab.simulate.calls.iam_roles import GET_ROLE, LIST_ROLES
from siemlab.simulate.calls.s3_bucket import LIST_BUCKETS
from siemlab.simulate.calls.sts import ASSUME_ROLE, GET_CALLER_IDENTITY
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.resolver import ask
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.tools import cli_agent
from siemlab.simulate.world import World

__all__ = [
    "BOTO",
    "BUILD",
    "builds",
    "new_key",
    "posts_environment",
    "runner",
    "runner_agent",
    "tries_keys",
    "user",
]

BUILD = "build-4471"
BOTO = "Boto3/1.26.46 Python/3.10.6 Linux/5.15.0-56-generic Botocore/1.29.46"
SENT, RECEIVED = 48_000, 3_000
OPS_ROLE = "sz-ops-ec2-role"


def runner_agent(moment: int, command: str) -> str:
    """Return the command line of the CI runner on a day."""
    return cli_agent(jst_date(moment), "runner", command)


def runner(world: World, moment: int) -> Caller:
    """Return the CI runner as it takes a role at a time."""
    session = world.session_at(RUNNER, world.account(DEV), moment)
    return world.host_caller(RUNNER, session, runner_agent(moment, "sts.assume-role"))


def builds(stage: Stage, knobs: Knobs) -> Taken:
    """Let the runner take the build role, and push an image, as for each build."""
    begin = at(knobs, "10 02:19:40")
    role = stage.world.role(DEV, BUILD_ROLE)
    taken = takes(stage, runner(stage.world, begin), role, BUILD, begin)
    asks = taken.caller.using(runner_agent(begin, "sts.get-caller-identity"))
    asked = stage.call(GET_CALLER_IDENTITY, asks, begin + 2_400, region=HOME)
    logs_in = taken.caller.using(runner_agent(begin, "ecr.get-authorization-token"))
    token = stage.call(ecr.GET_AUTHORIZATION_TOKEN, logs_in, begin + 194_000, region=HOME)
    pushed = stage.call(
        ecr.PUT_IMAGE,
        taken.caller.using("docker/20.10.12 go/go1.16.12 linux"),
        begin + 198_700,
        region=HOME,
        repository="sz/booking-web",
        digest=f"sha256:{stage.world.ids.hexes(64, 'image', BUILD)}",
        tag="latest",
    )
    return Taken(taken.caller, (*taken.acts, asked, token, pushed))


def posts_environment(stage: Stage, knobs: Knobs) -> tuple[Acts, Acts]:
    """Let the trojanized dependency find its host, and send it the environment."""
    asked = ask(stage, at(knobs, "10 02:20:11"), RUNNER, knobs["domain"], answers=knobs["mirror"])
    lasts = times(2_600)
    begin = unbroken(stage, RUNNER, times(at(knobs, "10 02:20:14")), lasts)
    sent = flows(
        stage,
        begin,
        Flows(
            source=stage.world.baseline.hosts[RUNNER].private_ip,
            target=knobs["mirror"],
            target_port=443,
            packets=41,
            size=SENT + stage.rng.one(-400, 900),
            packets_back=22,
            size_back=RECEIVED + stage.rng.one(-200, 400),
            lasts=lasts,
            accepted=True,
        ),
    )
    return asked, sent


class Tried(NamedTuple):
    """What the intruder did with the keys of the build, by row."""

    looked: tuple[Acts, ...]
    refused: Acts
    made: Acts


def tries_keys(stage: Stage, knobs: Knobs, build: Caller) -> Tried:
    """Let the intruder look around in sz-dev, fail at the nearest door, and make a key."""
    world = stage.world
    thief = build.at(knobs["mirror"]).using(BOTO)
    looked = (
        stage.call(GET_CALLER_IDENTITY, thief, at(knobs, "10 02:31:07"), region=HOME),
        stage.call(LIST_ROLES, thief, at(knobs, "10 02:31:42"), region=HOME),
        stage.call(GET_ROLE, thief, at(knobs, "10 02:32:20"), region=HOME, role=BUILD_ROLE),
        stage.call(LIST_BUCKETS, thief, at(knobs, "10 02:32:58"), region=HOME),
    )
    ops = world.role(PROD, OPS_ROLE)
    wanted = ops.taken("session", "")
    refused = stage.call(
        ASSUME_ROLE, thief, at(knobs, "10 02:33:50"), region=HOME, error="AccessDenied", **wanted
    )
    made = stage.call(
        CREATE_ACCESS_KEY,
        thief,
        at(knobs, "10 02:35:02"),
        region=HOME,
        user=USER,
        access_key=new_key(world),
    )
    return Tried(looked, refused, made)


def new_key(world: World) -> str:
    """Return the key that the intruder makes for a user who has none any more."""
    return world.user_key(USER, world.account(DEV), 1)


def user(world: World, address: str, agent: str) -> Caller:
    """Return that user with the new key."""
    account = world.account(DEV)
    return user_key(
        account, USER, world.user_id(USER), new_key(world), address=address, agent=agent
    )
