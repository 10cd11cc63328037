"""The night of "Console at 3 a.m.": a password that fits, and doors for later (rows 1 to 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote

import msgspec
import numpy as np

from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.affected import iso
from siemlab.simulate.call import SCRAMBLED, Call
from siemlab.simulate.callers import Caller, console_user, user_key
from siemlab.simulate.calls import iam, iam_roles
from siemlab.simulate.calls.ec2_describe import DESCRIBE_INSTANCES_CONSOLE, DESCRIBE_REGIONS
from siemlab.simulate.calls.making import no_boundary
from siemlab.simulate.calls.s3_bucket import GET_BUCKET_LOCATION, LIST_BUCKETS
from siemlab.simulate.calls.signin import (
    CONSOLE_LOGIN,
    CONSOLE_LOGIN_FAILURE,
    CONSOLE_LOGIN_FAILURE_UNKNOWN,
)
from siemlab.simulate.calls.sts import GET_CALLER_IDENTITY_GLOBAL
from siemlab.simulate.config import Resource, item
from siemlab.simulate.resources import role, user
from siemlab.simulate.shapes import Column
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = [
    "ADMINISTRATOR",
    "BACKDOOR",
    "PROD",
    "VICTIM",
    "builds_doors",
    "made_user",
    "signs_in",
    "sprays",
    "tests_key",
]

PROD, VICTIM, HELPDESK = "sz-prod", "k-tanabe", "y-sudo"
HOME, GLOBAL = "ap-northeast-1", "us-east-1"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
BACKDOOR, OUTSIDER = "sz-batch-ec2-role", "attacker-b"
# Whom the list of stolen passwords names, round by round; three of them are no users here.
EXISTING = ("k-tanabe", "y-sudo", "t-kirishima")
ROUNDS = (EXISTING + ("?",) * 3,) * 3 + (EXISTING,) + (EXISTING[1:],)
SPRAYER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/92.0.4515.131 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:107.0) Gecko/20100101 Firefox/107.0"
S3_BROWSER = "S3 Browser/10.5.9 (https://s3browser.com)"


def sprays(stage: Stage, knobs: Knobs, telling: Telling) -> None:
    """Try passwords on the sign-in page, from three addresses (row 1).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    """
    rng, world = stage.rng, stage.world
    account = world.account(PROD)
    names = [name for each in ROUNDS for name in each]
    # A name a minute or so, and a longer rest after each round: locks are not to be noticed.
    waits = np.cumsum(rng.between(len(names), 64_000, 80_000))
    at = knobs.start + waits - waits[0]
    tries = zip(at.tolist(), names, rng.picks(len(names), (GLOBAL, HOME)), strict=True)
    addresses = [knobs[name] for name in ("sprayer 1", "sprayer 2", "intruder")]
    done = []
    for turn, (moment, name, region) in enumerate(tries):
        address = addresses[turn % len(addresses)]
        if name == "?":
            call, caller = CONSOLE_LOGIN_FAILURE_UNKNOWN, _unknown(account, address)
        else:
            call, caller = CONSOLE_LOGIN_FAILURE, _visitor(world, name, moment, address, SPRAYER)
        done.append(stage.call(call, caller, moment, region=region))
    telling.row("1", "attack", *done)


def _unknown(account: str, address: str) -> Caller:
    """Return who signs in with a name that no user has."""
    identity = {
        "type": "IAMUser",
        "accountId": account,
        "accessKeyId": "",
        "userName": SCRAMBLED,
    }
    return Caller(account, msgspec.json.encode(identity), address, SPRAYER, tls="1.3")


def _visitor(world: World, name: str, at: int, address: str, agent: str) -> Caller:
    return console_user(
        world.account(PROD),
        name,
        world.user_id(name),
        "",
        since=at,
        mfa=False,
        address=address,
        agent=agent,
    )


def signs_in(stage: Stage, knobs: Knobs, telling: Telling) -> tuple[Caller, dict[str, Acts]]:
    """Sign in with the password that fits, and look around (rows 2 and 3).

    Parameters
    ----------
    stage, knobs, telling
        The story's.

    Returns
    -------
    tuple
        The intruder at the console, and what he asked IAM, by event name.
    """
    world, at = stage.world, knobs.after("31:14")
    visitor = _visitor(world, VICTIM, at, knobs["intruder"], FIREFOX)
    telling.row("2", "attack", stage.call(CONSOLE_LOGIN, visitor, at, region=GLOBAL))
    key = world.ids.key("ASIA", world.account(PROD), "L1-C", VICTIM)
    intruder = console_user(
        world.account(PROD),
        VICTIM,
        world.user_id(VICTIM),
        key,
        since=at,
        mfa=False,
        address=knobs["intruder"],
    )
    begin = knobs.after("32:20")
    seen = _ask_iam(stage, intruder, begin)
    regions = stage.call(DESCRIBE_REGIONS, intruder, knobs.after("39:31"), region=HOME)
    hosts = stage.call(DESCRIBE_INSTANCES_CONSOLE, intruder, knobs.after("40:12"), region=HOME)
    telling.row("3", "attack", *seen.values(), regions, hosts)
    return intruder, seen


def _ask_iam(stage: Stage, intruder: Caller, begin: int) -> dict[str, Acts]:
    """Open IAM's pages: each asks for several things at once."""
    users = [name for name, found in stage.world.baseline.users.items() if found.account == PROD]
    pages: tuple[tuple[int, Call, Sequence[str]], ...] = (
        (0, iam.GET_ACCOUNT_SUMMARY, ()),
        (40, iam.LIST_ACCOUNT_ALIASES, ()),
        (61_000, iam.LIST_USERS_PAGE, ()),
        (61_900, iam.LIST_MFA_DEVICES, users),
        (187_000, iam_roles.LIST_ROLES_PAGE, ()),
        (309_000, iam.GET_ACCOUNT_PASSWORD_POLICY, ()),
    )
    done = {}
    for wait, call, names in pages:
        at = begin + wait + stage.rng.below(max(len(names), 1), 700)
        columns: dict[str, Column] = {"user": list(names)} if names else {}
        done[call.name] = stage.call(call, intruder, np.sort(at), region=GLOBAL, **columns)
    return done


# --- doors ---------------------------------------------------------------------------------------


def made_user(world: World, name: str, at: int) -> Resource:
    """Return the user that the intruder makes, as Config sees it.

    Parameters
    ----------
    world
        Whose world it is.
    name
        The user's name.
    at
        When it was made, epoch milliseconds.
    """
    like = user(world, VICTIM)
    number, arn = world.user_id(name), f"arn:aws:iam::{like.account}:user/{name}"
    described = {
        **like.configuration,
        "userName": name,
        "userId": number,
        "arn": arn,
        "createDate": iso(at),
        "attachedManagedPolicies": [
            {"policyName": ADMINISTRATOR.rpartition("/")[2], "policyArn": ADMINISTRATOR}
        ],
    }
    return replace(like, id=number, arn=arn, name=name, created=at, configuration=described)


def builds_doors(stage: Stage, knobs: Knobs, telling: Telling, intruder: Caller) -> dict[str, Acts]:
    """Make a user with a key, and let an outside account take a role (rows 4 to 9).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    intruder
        Who does it.

    Returns
    -------
    dict
        The five calls that worked, by event name.
    """
    world, name = stage.world, knobs["user"]
    key = world.user_key(name, intruder.account)
    changed = role(world, world.baseline.role(PROD, BACKDOOR), (world.account(OUTSIDER),))
    trust = unquote(changed.configuration["assumeRolePolicyDocument"])
    steps: tuple[tuple[str, str, Call, dict[str, str]], ...] = (
        ("4", "43:20", iam.CREATE_USER, {"user": name, "user_id": world.user_id(name)}),
        ("5", "43:58", iam.CREATE_LOGIN_PROFILE, {"user": name}),
        ("6", "44:33", iam.CREATE_ACCESS_KEY, {"user": name, "access_key": key}),
        ("7", "45:05", iam.ATTACH_USER_POLICY, {"user": name, "policy_arn": ADMINISTRATOR}),
        ("8", "47:40", iam_roles.UPDATE_ASSUME_ROLE_POLICY, {"role": BACKDOOR, "trust": trust}),
    )
    done = {}
    for row, offset, call, columns in steps:
        acts = stage.call(call, intruder, knobs.after(offset), region=GLOBAL, **columns)
        telling.row(row, "attack", acts, *_seen_by_config(stage, call, knobs, changed))
        done[call.name] = acts
    telling.row("9", "attack", *_tampers(stage, knobs, intruder))
    return done


def _seen_by_config(stage: Stage, call: Call, knobs: Knobs, changed: Resource) -> list[Acts]:
    if call is iam.ATTACH_USER_POLICY:  # Config looks when the user has its policy already
        made = made_user(stage.world, knobs["user"], knobs.after("43:20"))
        return [item(stage, made, knobs.after("45:05"), "ResourceDiscovered")]
    if call is iam_roles.UPDATE_ASSUME_ROLE_POLICY:
        return [item(stage, changed, knobs.after("47:40"))]
    return []


def _tampers(stage: Stage, knobs: Knobs, intruder: Caller) -> list[Acts]:
    """Try to take the helpdesk's second factor and password: a permissions boundary forbids it."""
    device = f"arn:aws:iam::{intruder.account}:mfa/{HELPDESK}"
    tries: tuple[tuple[str, Call, dict[str, str]], ...] = (
        ("49:34", iam.DEACTIVATE_MFA_DEVICE, {"mfa_arn": device}),
        ("50:51", iam.UPDATE_LOGIN_PROFILE, {}),
    )
    return [
        stage.call(
            call,
            intruder,
            knobs.after(offset),
            region=GLOBAL,
            error="AccessDenied",
            user=HELPDESK,
            reason=no_boundary(f"iam:{call.name}"),
            **columns,
        )
        for offset, call, columns in tries
    ]


def tests_key(stage: Stage, knobs: Knobs, telling: Telling) -> None:
    """Look at the buckets with the new key, from a rented server (row 10).

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    """
    world, name = stage.world, knobs["user"]
    account = world.account(PROD)
    thief = user_key(
        account,
        name,
        world.user_id(name),
        world.user_key(name, account),
        address=knobs["server"],
        agent=S3_BROWSER,
    )
    who = stage.call(GET_CALLER_IDENTITY_GLOBAL, thief, knobs.after("53:12"), region=GLOBAL)
    listed = stage.call(LIST_BUCKETS, thief, knobs.after("53:14"), region=GLOBAL)
    buckets = [found for found, bucket in world.baseline.buckets.items() if bucket.account == PROD]
    at = knobs.after("53:15") + np.cumsum(stage.rng.between(len(buckets), 120, 380))
    at[len(buckets) // 2 :] += 5 * 60_000
    places = stage.call(GET_BUCKET_LOCATION, thief, at, region=HOME, bucket=buckets)
    telling.row("10", "attack", who, listed, places)
