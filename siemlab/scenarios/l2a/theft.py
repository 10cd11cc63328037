"""What the thief does with the web server's keys: a look around, and three buckets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from siemlab.scenarios.l2a.setting import ACCOUNT, DOCS, EXCHANGE, HOST, ROLE, at
from siemlab.scenarios.roles import HOME
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, role_session
from siemlab.simulate.calls.ec2_describe import DESCRIBE_INSTANCES
from siemlab.simulate.calls.iam_roles import LIST_ROLES
from siemlab.simulate.calls.kms import DECRYPT_OBJECT
from siemlab.simulate.calls.s3_bucket import (
    GET_BUCKET_ENCRYPTION,
    GET_BUCKET_LOCATION,
    GET_BUCKET_POLICY,
    LIST_BUCKETS,
    PUT_BUCKET_POLICY,
)
from siemlab.simulate.calls.secretsmanager import LIST_SECRETS
from siemlab.simulate.calls.sts import GET_CALLER_IDENTITY
from siemlab.simulate.holdings import exchanged, passports, rosters
from siemlab.simulate.naming import key_arn
from siemlab.simulate.objects import access
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = [
    "AGENT",
    "copies_exports",
    "copies_passports",
    "enters",
    "lists_papers",
    "looks_around",
    "looks_at_buckets",
    "opens_bucket",
    "stolen",
    "takes_files",
]

AGENT = (
    "aws-cli/2.9.6 Python/3.9.11 Linux/5.18.0-kali5-amd64 exe/x86_64.kali.2022 prompt/off command/"
)
EXPORTS = "sz-prod-analytics-export"
DAY = date(2022, 12, 19)
PASSPORTS, ROSTERS = 600, 12
MEMBERS, MEMBERS_SIZE = "inbound/2022-12/agency-members.csv", 18_443_201
FILES = 9
VIP = ("vip/2022/11/itinerary-0417.pdf", "vip/2022/12/itinerary-0433.pdf", "vip/passports.csv")


def stolen(world: World, knobs: Knobs) -> Caller:
    """Return the thief with the keys that the web server's metadata gave away."""
    session = world.session_at(HOST, world.account(ACCOUNT), at(knobs, "04:12:37"))
    return world.host_caller(HOST, session, AGENT, knobs["thief"])


def _cli(thief: Caller, command: str) -> Caller:
    return thief.using(f"{AGENT}{command}")


def enters(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Ask who one is, and which buckets there are."""
    who = _cli(thief, "sts.get-caller-identity")
    listed = _cli(thief, "s3api.list-buckets")
    return (
        stage.call(GET_CALLER_IDENTITY, who, at(knobs, "04:16:02"), region=HOME),
        stage.call(LIST_BUCKETS, listed, at(knobs, "04:16:30"), region=HOME),
    )


def looks_around(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Ask for three things that the web server's role may not see."""
    steps: tuple[tuple[str, Call, str, str], ...] = (
        (
            "04:16:45",
            DESCRIBE_INSTANCES,
            "ec2.describe-instances",
            "Client.UnauthorizedOperation",
        ),
        ("04:17:04", LIST_ROLES, "iam.list-roles", "AccessDenied"),
        ("04:17:30", LIST_SECRETS, "secretsmanager.list-secrets", "AccessDenied"),
    )
    return tuple(
        stage.call(call, _cli(thief, command), at(knobs, time), region=HOME, error=error)
        for time, call, command, error in steps
    )


def looks_at_buckets(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Ask where each bucket is, and for policy and encryption of the one with the papers."""
    buckets = sorted(
        bucket.name for bucket in stage.world.baseline.buckets.values() if bucket.account == ACCOUNT
    )
    begin = at(knobs, "04:17:40")
    when = begin + np.arange(len(buckets)) * 7 * SECOND + stage.rng.below(len(buckets), 3 * SECOND)
    when[0] = begin
    located = stage.call(
        GET_BUCKET_LOCATION,
        _cli(thief, "s3api.get-bucket-location"),
        when,
        region=HOME,
        bucket=buckets,
    )
    policy = stage.call(
        GET_BUCKET_POLICY,
        _cli(thief, "s3api.get-bucket-policy"),
        at(knobs, "04:18:38"),
        region=HOME,
        error="AccessDenied",
        bucket=DOCS,
    )
    encrypted = stage.call(
        GET_BUCKET_ENCRYPTION,
        _cli(thief, "s3api.get-bucket-encryption"),
        at(knobs, "04:18:50"),
        region=HOME,
        bucket=DOCS,
    )
    return (located, policy, encrypted)


def lists_papers(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """List the papers, a thousand at once."""
    prefixes = ("passport/", "passport/", "passport/", "rosters/", "vip/")
    when = at(knobs, "04:19:10") + np.array([0, 900, 1800, 5400, 9200])
    return access(
        stage,
        when,
        _cli(thief, "s3.sync"),
        bucket=DOCS,
        operation="ListObjects",
        prefix=prefixes,
        sizes=[286_400, 286_400, 228_610, 112_300, 2_140],
    )


def _hurried(stage: Stage, first: int, last: int, count: int) -> Ints:
    """Return the times of a copy that runs several requests at once, from first to last."""
    inner = np.sort(stage.rng.below(count - 2, last - first)) + first
    return np.concatenate([[first], inner, [last]])


def copies_passports(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Copy passports and rosters, each object once; what is in ``vip/`` is refused by KMS."""
    rng, world = stage.rng, stage.world
    months = (date(2022, 11, 1), date(2022, 12, 1))
    papers = [key for month in months for key in passports(world, month)]
    lists = [key for back in (1, 2) for key in rosters(DAY - timedelta(days=back))]
    keys = [
        *sorted(rng.sample(papers, knobs.times(PASSPORTS))),
        *sorted(lists[: knobs.times(ROSTERS)]),
    ]
    count = len(keys)
    sizes = np.where(
        np.arange(count) < knobs.times(PASSPORTS),
        rng.between(count, 2_100_000, 4_250_000),
        rng.between(count, 180_000, 900_000),
    )
    when = _hurried(stage, at(knobs, "04:20:05"), at(knobs, "04:58:40"), count)
    copied = access(
        stage,
        when,
        _cli(thief, "s3.sync"),
        bucket=DOCS,
        operation="GetObject",
        keys=keys,
        sizes=sizes,
    )
    return (*copied, *_tries_vip(stage.part("vip"), knobs, thief))


def _tries_vip(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Ask for objects whose key the role may not use: S3 asks KMS in the thief's name."""
    when = at(knobs, "04:57:48") + np.array([0, 400, 4200])
    refused = access(
        stage,
        when,
        _cli(thief, "s3.sync"),
        bucket=DOCS,
        operation="GetObject",
        keys=VIP,
        error="AccessDenied",
    )
    opened = stage.call(
        DECRYPT_OBJECT,
        _forwarded(stage.world, knobs),
        when + 60,
        region=HOME,
        error="AccessDenied",
        key_arn=key_arn(stage.world, ACCOUNT, "sz-customer-vip"),
        bucket=DOCS,
        key=VIP,
    )
    return (*refused, opened)


def _forwarded(world: World, knobs: Knobs) -> Caller:
    """Return S3 as it calls KMS in the thief's name, with a key of its own."""
    session = world.session_at(HOST, world.account(ACCOUNT), at(knobs, "04:12:37"))
    key = world.ids.key("ASIA", world.account(ACCOUNT), "forwarded", HOST, session.since)
    caller = role_session(
        world.role(ACCOUNT, ROLE),
        world.ids.instance(HOST),
        key,
        since=session.since,
        address="AWS Internal",
        agent="AWS Internal",
    )
    return caller.via_service("AWS Internal")


def takes_files(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Take whole files of the exchange, which has an access log alone."""
    files = [name for name in exchanged(DAY) if name.startswith("inbound/") and name != MEMBERS]
    keys = [MEMBERS, *stage.rng.sample(files, FILES - 1)]
    sizes = [MEMBERS_SIZE, *stage.rng.between(FILES - 1, 40_000, 3_900_000).tolist()]
    when = _hurried(stage, at(knobs, "04:31:05"), at(knobs, "04:39:20"), FILES)
    return access(
        stage,
        when,
        _cli(thief, "s3api.get-object"),
        bucket=EXCHANGE,
        operation="GetObject",
        keys=keys,
        sizes=sizes,
    )


def copies_exports(stage: Stage, knobs: Knobs, thief: Caller) -> tuple[Acts, ...]:
    """Copy extracts of the bookings: no log shows it."""
    days = [DAY - timedelta(days=back) for back in range(1, 12)]
    keys: Sequence[str] = [
        f"daily/{day:%Y/%m/%d}/part-{number:04}.parquet" for day in days for number in range(8)
    ]
    sync = _cli(thief, "s3.sync")
    asked: dict[str, Any] = {"bucket": EXPORTS}
    first = at(knobs, "04:41:00")
    listed = access(
        stage, first, sync, operation="ListObjects", prefix="daily/", sizes=96_200, **asked
    )
    copied = access(
        stage,
        _hurried(stage, first + 3 * SECOND, at(knobs, "04:56:00"), len(keys)),
        sync,
        operation="GetObject",
        keys=keys,
        sizes=stage.rng.between(len(keys), 9_000_000, 60_000_000),
        **asked,
    )
    return (*listed, *copied)


def opens_bucket(stage: Stage, knobs: Knobs, thief: Caller) -> Acts:
    """Try to let anybody read the papers; the role may not."""
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
        f'"Action":"s3:GetObject","Resource":"arn:aws:s3:::{DOCS}/*"}}]}}'
    )
    return stage.call(
        PUT_BUCKET_POLICY,
        _cli(thief, "s3api.put-bucket-policy"),
        at(knobs, "04:59:30"),
        region=HOME,
        error="AccessDenied",
        bucket=DOCS,
        policy_json=policy.encode(),
        bytes_in=len(policy),
    )
