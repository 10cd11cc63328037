"""What the tests of findings share: a world, findings of each kind, and the decoded records."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from siemlab.baseline import load_baseline
from siemlab.simulate.affected import BucketTouched, KeyUsed, machine_of
from siemlab.simulate.calendar import MINUTE, millis
from siemlab.simulate.guardduty import Finding
from siemlab.simulate.sightings import ApiCall, Connection, Lookup, Probe, Seen
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.threats import THREATS
from siemlab.simulate.world import World

Document = dict[str, Any]

START = millis("2022-11-12T14:47:09Z")
EARLY = millis("2022-03-01T02:11:40Z")
HOST, GROUP, BUCKET = "sz-prod-bastion-01", "sz-prod-bastion-sg", "sz-prod-customer-docs"
HOME = "ap-northeast-1"
PROD = "444455556666"


@cache
def world(team: str = "") -> World:
    """The company, as it is called in a team's data."""
    return World(load_baseline(), seed=2022, team=team)


def stage(team: str = "", *names: str) -> Stage:
    """A stage with records of its own."""
    return Stage(world(team), Records(), *(names or ("test",)))


def documents(records: Records, log_type: str) -> list[Document]:
    """All records of a log type, decoded; of Security Hub the findings themselves."""
    found = [
        json.loads(row)
        for stream, batches in records.batches.items()
        if stream.log_type == log_type
        for batch in batches
        for row in batch.rows.records()
    ]
    if log_type != "securityhub":
        return found
    return [finding for event in found for finding in event["detail"]["findings"]]


def example(kind: str, team: str = "", **more: Any) -> Finding:
    """A finding of a kind with a handful of events over an hour."""
    threat = THREATS[kind]
    start = START if threat.exists(START) else EARLY
    times = [start + minutes * MINUTE for minutes in (0, 1, 4, 22, 61)]
    host = machine_of(world(team), HOST)
    if threat.resource == "Instance":
        given: dict[str, Any] = {"machine": host}
        action: Any = Connection("198.51.100.201", 50114, 22)
        if "Probe" in kind:
            action = Probe("198.19.44.17", 22)
        elif "Domain" in kind or kind.endswith("!DNS"):
            action = Lookup("asia.pool-hikari.example")
    else:
        given = {"key": KeyUsed("ASIAX", "AROAX:someone", "AssumedRole", "sz-web-ec2-role")}
        action = ApiCall("ListBuckets", "s3.amazonaws.com", "198.51.100.23")
        if threat.resource == "S3Bucket":
            given["buckets"] = (BucketTouched(BUCKET),)
    return Finding(kind, PROD, HOME, (Seen(times, action),), **(given | more))
