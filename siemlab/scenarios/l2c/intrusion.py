"""How the intruder comes back, looks at the buckets, and takes away what would help."""

from __future__ import annotations

from typing import Any

import numpy as np

from siemlab.scenarios.l2c.setting import (
    ACCOUNT,
    BACKUP,
    DOCS,
    EXCHANGE,
    FOREIGNER,
    GO,
    HOST,
    ROLE,
    at,
    public_policy,
)
from siemlab.scenarios.roles import HOME, Taken, takes_across
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate import resources as of
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, user_key
from siemlab.simulate.calls.iam import CREATE_ACCESS_KEY, CREATE_USER
from siemlab.simulate.calls.s3_bucket import (
    DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,
    GET_BUCKET_ENCRYPTION,
    GET_BUCKET_LIFECYCLE,
    GET_BUCKET_OBJECT_LOCK_CONFIGURATION,
    GET_BUCKET_REPLICATION,
    GET_BUCKET_VERSIONING,
    LIST_BUCKETS,
    PUT_BUCKET_LIFECYCLE,
    PUT_BUCKET_LOGGING_OFF,
    PUT_BUCKET_POLICY,
    PUT_BUCKET_VERSIONING,
)
from siemlab.simulate.config import item
from siemlab.simulate.stage import Acts, Stage

__all__ = [
    "enters",
    "expires_papers",
    "hides",
    "looks_at_buckets",
    "opens_exchange",
    "suspends",
    "wants_more",
]

LASTS = 7200  # seconds that the session is asked for
BROWSER = "S3 Browser/10.5.9 (https://s3browser.com)"
USER = "svc-report-sync"
# What is asked about each bucket: the error of those that have no such thing, and who has it.
QUESTIONS: tuple[tuple[Call, str, frozenset[str]], ...] = (
    (GET_BUCKET_VERSIONING, "", frozenset()),
    (
        GET_BUCKET_OBJECT_LOCK_CONFIGURATION,
        "ObjectLockConfigurationNotFoundError",
        frozenset(),
    ),
    (
        GET_BUCKET_LIFECYCLE,
        "NoSuchLifecycleConfiguration",
        frozenset({"sz-prod-web-assets", "sz-prod-access-logs"}),
    ),
    (
        GET_BUCKET_REPLICATION,
        "ReplicationConfigurationNotFoundError",
        frozenset({"sz-prod-access-logs"}),
    ),
    (GET_BUCKET_ENCRYPTION, "", frozenset()),
)


def enters(stage: Stage, knobs: Knobs) -> Taken:
    """Take the batch host's role from an account of the intruder's, under the host's name."""
    world = stage.world
    outside = world.account(FOREIGNER)
    asking = user_key(
        outside,
        "operator",
        world.ids.unique("AIDA", outside, "operator"),
        world.ids.key("AKIA", outside, "operator"),
        address=knobs["intruder"],
        agent=f"{GO}sts/1.17.7",
    )
    taken = takes_across(
        stage,
        asking,
        world.role(ACCOUNT, ROLE),
        world.ids.instance(HOST),
        knobs.start,
        seconds=LASTS,
        ours=False,
    )
    return Taken(taken.caller.using(f"{GO}s3/1.29.6"), taken.acts)


def looks_at_buckets(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Ask of each bucket whether its objects can be brought back; often there is no such thing."""
    world, rng = stage.world, stage.rng
    begin, end = at(knobs, "17:07:12"), at(knobs, "17:19:48")
    buckets = [each.name for each in world.baseline.buckets.values() if each.account == ACCOUNT]
    found = [stage.call(LIST_BUCKETS, intruder, begin, region=HOME)]
    for turn, bucket in enumerate(buckets):
        moment = begin + 31 * SECOND + turn * (end - begin - 60 * SECOND) // len(buckets)
        steps = np.cumsum(rng.between(len(QUESTIONS), 300, 2_600))
        for (call, error, has), later in zip(QUESTIONS, steps.tolist(), strict=True):
            failed = "" if bucket in has else error
            found.append(
                stage.call(call, intruder, moment + later, region=HOME, error=failed, bucket=bucket)
            )
    return tuple(found)


def suspends(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Suspend the versioning of two buckets."""
    done: list[Acts] = []
    for bucket, time in ((BACKUP, "17:31:10"), (DOCS, "17:31:40")):
        when = at(knobs, time)
        done.append(
            stage.call(
                PUT_BUCKET_VERSIONING,
                intruder,
                when,
                region=HOME,
                bucket=bucket,
                status="Suspended",
            )
        )
    seen = of.bucket(stage.world, BACKUP, versioning="Suspended")
    done.append(item(stage, seen, at(knobs, "17:31:10")))
    return tuple(done)


def hides(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Turn the access log of the papers off; Config sees that together with their versioning."""
    when = at(knobs, "17:33:05")
    seen = of.bucket(stage.world, DOCS, versioning="Suspended", logged=False)
    return (
        stage.call(PUT_BUCKET_LOGGING_OFF, intruder, when, region=HOME, bucket=DOCS),
        item(stage, seen, when),
    )


def opens_exchange(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Let anybody read what agencies and the company pass on to each other."""
    opened, policy = at(knobs, "17:36:02"), public_policy(EXCHANGE)
    return (
        stage.call(
            DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,
            intruder,
            at(knobs, "17:35:20"),
            region=HOME,
            bucket=EXCHANGE,
        ),
        stage.call(
            PUT_BUCKET_POLICY,
            intruder,
            opened,
            region=HOME,
            bucket=EXCHANGE,
            policy_json=policy,
            bytes_in=len(policy),
        ),
        item(stage, of.bucket(stage.world, EXCHANGE, public_read=True, blocked=False), opened),
    )


def expires_papers(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Let the papers expire after a week: pressure, though earlier versions stay."""
    when = at(knobs, "18:33:00")
    seen = of.bucket(stage.world, DOCS, versioning="Suspended", logged=False, expires=7)
    put = stage.call(
        PUT_BUCKET_LIFECYCLE,
        intruder,
        when,
        region=HOME,
        bucket=DOCS,
        prefix="",
        days=7,
        rule_id="expire",
    )
    return put, item(stage, seen, when)


def wants_more(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Try to make a user and a key for another time; the role may not."""
    refused: dict[str, Any] = {
        "region": HOME,
        "error": "AccessDenied",
        "user": USER,
        "access_key": "",
        "user_id": "",
    }
    made = refused.copy()
    del made["user_id"]
    del refused["access_key"]
    with_browser = intruder.using(BROWSER)
    begin = at(knobs, "18:40:04")
    return (
        stage.call(CREATE_USER, with_browser, begin, **refused),
        stage.call(CREATE_ACCESS_KEY, with_browser, begin + 41 * SECOND, **made),
    )
