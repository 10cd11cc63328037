"""A believable column for every hole of the calls, and calls made with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from siemlab.baseline import load_baseline
from siemlab.simulate.call import Call, holes_of
from siemlab.simulate.callers import Caller, user_key
from siemlab.simulate.calls.catalog import NAMED
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World

AT = 1668264429123
HOME = "ap-northeast-1"

# Holes that are JSON values, not texts.
RAW: dict[str, object] = {
    "addresses": b'["192.0.2.0/26"]',
    "buckets": b'[{"type":"AWS::S3::Object","values":["arn:aws:s3:::sz-prod-db-backup/"]}]',
    "capacity": 2,
    "changes": (
        b'[{"instanceId":"i-0f1e2d3c4b5a69788","currentState":{"code":32,"name":"shutting-down"}}]'
    ),
    "code_size": 48213,
    "days": 7,
    "from_port": 22,
    "from_s": 1668260829,
    "instances": b'[{"instanceId":"i-0f1e2d3c4b5a69788"}]',
    "layer_size": 10240,
    "layer_version": 3,
    "parameters": b'["/prod/a","/prod/b"]',
    "part": 2,
    "policy_json": b'{"Version":"2012-10-17","Statement":[]}',
    "protected": b"true",
    "seconds": 900,
    "size": 100,
    "threshold": 80,
    "to_port": 22,
    "to_s": 1668264429,
}


def sample(hole: str) -> object:
    """Return what fills a hole: a text with all that JSON has to escape, unless it is raw."""
    return RAW.get(hole, f'{hole} "1" \\ é')


def hana(world: World) -> Caller:
    """Return a user who calls with a key."""
    account = world.account("sz-prod")
    key = world.user_key("hana", account)
    return user_key(
        account, "hana", world.user_id("hana"), key, address="203.0.113.5", agent="aws-cli/2.8.5"
    )


WORLD = World(load_baseline(), seed=1)
HANA = hana(WORLD)


def codes(call: Call) -> list[str]:
    """Return the ways in which a call can end: success first, then by error code."""
    return ["", *(fault.code for fault in call.faults if fault.code)]


def event(call: Call, error: str = "", caller: Caller = HANA, **columns: Any) -> dict[str, Any]:
    """Make a call, and return what CloudTrail records of it."""
    records = Records()
    stage = Stage(WORLD, records, "sample", call.name, error)
    filled = {hole: sample(hole) for hole in holes_of(call, error)} | columns
    if call.data:  # a bucket whose objects are logged
        filled["bucket"] = "sz-prod-customer-docs"
    stage.call(call, caller, AT, region=HOME, error=error, **filled)
    (batch,) = (batch for batches in records.batches.values() for batch in batches)
    return dict(json.loads(batch.rows.join(0, 1, b",")))


def endings() -> Iterator[tuple[str, Call, str]]:
    """Return all calls by name, with each way in which they can end."""
    for name, call in NAMED.items():
        for error in codes(call):
            yield name, call, error
