"""Saturday morning: the way in is closed, and the buckets are put right."""

from __future__ import annotations

import json
from typing import Any

from siemlab.scenarios.l2c.setting import ACCOUNT, BACKUP, DOCS, EXCHANGE, HOST, ROLE, at
from siemlab.scenarios.roles import HOME, revocation
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate import resources as of
from siemlab.simulate.affected import iso
from siemlab.simulate.calendar import millis
from siemlab.simulate.call import Call
from siemlab.simulate.calls.iam_roles import (
    GET_ROLE,
    PUT_ROLE_POLICY,
    UPDATE_ASSUME_ROLE_POLICY,
)
from siemlab.simulate.calls.s3_bucket import (
    DELETE_BUCKET_LIFECYCLE,
    DELETE_BUCKET_POLICY,
    PUT_BUCKET_PUBLIC_ACCESS_BLOCK,
    PUT_BUCKET_VERSIONING,
)
from siemlab.simulate.config import item
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import Effect, World

__all__ = ["CLOSED", "REVOKED", "effects", "puts_right"]

PERSON = "akiyama"
POLICY = "AWSRevokeOlderSessions"
FOREVER = 1 << 62


def _clock(time: str) -> int:
    return millis(f"2023-01-21T{time}Z")


REVOKED, CLOSED, VERSIONED = _clock("00:58:20"), _clock("01:02:35"), _clock("01:08:10")


def effects(world: World, knobs: Knobs) -> tuple[Effect, ...]:
    """Return what is open, dark and refused, and for how long."""
    account = world.account(ACCOUNT)
    log = world.source_name("s3accesslog", account, HOME, DOCS)
    return (
        Effect("public", EXCHANGE, at(knobs, "17:36:02"), CLOSED),
        Effect("not logged", log, at(knobs, "17:39:30"), FOREVER),
        Effect("unversioned", BACKUP, at(knobs, "17:31:10"), VERSIONED),
        Effect("unversioned", DOCS, at(knobs, "17:31:40"), VERSIONED),
        Effect("revoked", ROLE, REVOKED, FOREVER),
        Effect("one session", HOST, _clock("00:07:41"), _clock("01:24:16")),
    )


def puts_right(stage: Stage) -> tuple[Acts, ...]:
    """Let the responder close the way in, refuse old sessions, and repair the buckets."""
    world = stage.world
    person = world.baseline.people[PERSON]
    here, came = sign_in(stage, person, ACCOUNT, _clock("00:49:30"), address=person.vpn_ip)

    def does(call: Call, time: int, **columns: Any) -> Acts:
        return stage.call(call, here, time, region=HOME, **columns)

    refused = revocation(iso(REVOKED - 900))
    role = of.role(world, world.baseline.role(ACCOUNT, ROLE), inline={POLICY: refused})
    return (
        *came,
        does(GET_ROLE, _clock("00:53:02"), role=ROLE),
        does(UPDATE_ASSUME_ROLE_POLICY, _clock("00:55:00"), role=ROLE, trust=_trust()),
        does(PUT_ROLE_POLICY, REVOKED, role=ROLE, policy=POLICY, document=refused),
        item(stage, role, REVOKED),
        does(DELETE_BUCKET_POLICY, CLOSED, bucket=EXCHANGE),
        does(PUT_BUCKET_PUBLIC_ACCESS_BLOCK, _clock("01:04:20"), bucket=EXCHANGE),
        does(PUT_BUCKET_VERSIONING, VERSIONED, bucket=BACKUP, status="Enabled"),
        does(PUT_BUCKET_VERSIONING, VERSIONED + 14_000, bucket=DOCS, status="Enabled"),
        does(DELETE_BUCKET_LIFECYCLE, _clock("01:11:45"), bucket=DOCS),
        item(stage, of.bucket(world, EXCHANGE), _clock("01:04:20")),
        item(stage, of.bucket(world, BACKUP), VERSIONED),
        # Nobody thinks of the papers' access log.
        item(stage, of.bucket(world, DOCS, logged=False), _clock("01:11:45")),
    )


def _trust() -> str:
    """Return the trust policy without the account that had been added to it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
