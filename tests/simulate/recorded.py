"""Reads what a stage recorded, with the readers' own patterns; worlds and stages for the tests."""

from __future__ import annotations

import json
from typing import Any

from siemlab.baseline import load_baseline
from siemlab.logs.alb import ALB
from siemlab.logs.s3accesslog import S3ACCESSLOG
from siemlab.logs.vpcflowlogs import FIELDS
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World

T0 = 1671422400000  # 2022-12-19T04:00:00Z
NUMBERS = ("srcport", "dstport", "packets", "bytes", "start", "end", "tcp_flags", "protocol")


def staged(**world: Any) -> tuple[Stage, Records]:
    """Return a stage in an otherwise quiet world, and its records."""
    records = Records()
    return Stage(World(load_baseline(), seed=7, **world), records, "test"), records


def rows_of(records: Records, log_type: str) -> list[dict[str, Any]]:
    """Return the records of a log, read by their type's own rules."""
    read = {"vpcflowlogs": _flow, "alb": _alb, "s3accesslog": _access, "linux-secure": _secure}
    reader = read.get(log_type, json.loads)
    return [
        reader(line)
        for stream, batches in records.batches.items()
        if stream.log_type == log_type
        for batch in batches
        for line in batch.rows.records()
    ]


def _flow(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(FIELDS, line.decode().split(" "), strict=True))
    return row | {name: int(row[name]) for name in NUMBERS if row[name] != "-"}


def _alb(line: bytes) -> dict[str, Any]:
    found = ALB.pattern.match(line.decode())
    assert found, line
    return found.groupdict()


def _access(line: bytes) -> dict[str, Any]:
    found = S3ACCESSLOG.pattern.match(line.decode())
    assert found, line
    return found.groupdict()


def _secure(line: bytes) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(line)
    [event] = message.pop("logEvents")
    return message | event
