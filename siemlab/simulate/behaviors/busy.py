"""What makes some days fuller than others: old backups go, papers are checked, the net storms.

Without such days the day of an incident would be the fullest of the year, and give itself away.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.storage import BATCH, BATCH_AGENT, traffic, turns_of
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.holdings import passports
from siemlab.simulate.hours import crowd
from siemlab.simulate.objects import access, delete_batches
from siemlab.simulate.resolver import ask
from siemlab.simulate.stage import Stage

__all__ = ["BUSY"]

DOCS, BACKUP = "sz-prod-customer-docs", "sz-prod-db-backup"
KEPT = timedelta(days=180)
A_CALL = 500  # keys
PAPERS = 1350  # of a month
MAILS = 260
STORM = "198.19.0.0/18"
TELNET = (23, 2323)
DOORS = ("sz-prod-bastion-01", "sz-prod-alb-1a", "sz-prod-alb-1c", "sz-dev-ci-runner-01")


def be_busy(stage: Stage, day: Day) -> None:
    """Let more than usual go on: on odd busy days in the buckets, on even ones in the network."""
    if not day.busy:
        return
    _write_to_customers(stage.part("newsletter"), day)
    if day.busy % 2:
        _delete_old_logs(stage.part("retention"), day)
        _check_papers(stage.part("papers"), day)
    else:
        _storm(stage.part("storm"), day)


def _delete_old_logs(stage: Stage, day: Day) -> None:
    """Let the batch host delete write-ahead logs that nobody needs, at 4 in the morning."""
    rng = stage.rng
    count = stage.world.scaled(rng.one(12_000, 13_500))
    old = day.date - KEPT
    keys = [f"wal/{old:%Y%m}/0000000100000A{number:02X}{number:08X}" for number in range(count)]
    batches = [keys[start : start + A_CALL] for start in range(0, count, A_CALL)]
    at = day.at("04:00") + np.cumsum(rng.between(len(batches), 6 * SECOND, 25 * SECOND))
    for turn in turns_of(stage, BATCH, BATCH_AGENT, at):
        mine = [batches[row] for row in turn.rows.tolist()]
        delete_batches(stage, at[turn.rows], turn.caller, bucket=BACKUP, batches=mine)
    sent = np.array([count * 110], dtype=np.int64)
    traffic(stage, BATCH, at[:1], at[-1:], sent, sent // 2, endpoint=True)


def _check_papers(stage: Stage, day: Day) -> None:
    """Let the batch host read the papers of two months again, to see whether all are readable."""
    rng = stage.rng
    months = (day.date - timedelta(days=31), day.date - timedelta(days=62))
    each = stage.world.scaled(PAPERS)
    keys = [key for month in months for key in passports(stage.world, month)[:each]]
    at = day.at("05:10") + np.cumsum(rng.between(len(keys), 0, 3) // 3 * SECOND)
    sizes = rng.between(len(keys), 900_000, 5_000_000)
    for turn in turns_of(stage, BATCH, BATCH_AGENT, at):
        access(
            stage,
            at[turn.rows],
            turn.caller,
            bucket=DOCS,
            operation="GetObject",
            keys=[keys[row] for row in turn.rows.tolist()],
            sizes=sizes[turn.rows],
            error=turn.error,
        )
    got = np.array([int(sizes.sum())], dtype=np.int64)
    traffic(stage, BATCH, at[:1], at[-1:], got // 4000, got, endpoint=True)


def _write_to_customers(stage: Stage, day: Day) -> None:
    """Let the batch host look up where the customers' mail goes, for the newsletter at noon."""
    rng = stage.rng
    count = stage.world.scaled(MAILS)
    at = day.at("12:00") + np.sort(rng.below(count, 40 * MINUTE))
    houses = rng.letters(count, 5, "abcdefghikmnoprstuwy")
    names = [f"{house}.example" for house in houses]
    answers = [f"10 mx.{house}.example." for house in houses]
    ask(stage, at, BATCH, names, answers=answers, types="MX")


def _storm(stage: Stage, day: Day) -> None:
    """Let a botnet look for cameras and routers for some hours: all of it is refused."""
    world, rng = stage.world, stage.rng
    count = world.scaled(rng.one(11_000, 12_500))
    begin = day.start + rng.one(2, 14) * HOUR
    at = np.sort(begin + rng.below(count, 5 * HOUR))
    known = {face.name: face.private_ip for face in world.baseline.network_interfaces()}
    flows(
        stage,
        at,
        Flows(
            source=crowd(rng, STORM, count // 4, count),
            target=pl.Series([known[name] for name in DOORS])[rng.below(count, len(DOORS))],
            target_port=np.array(TELNET, dtype=np.int64)[rng.indices(count, (4, 1))],
            source_port=rng.between(count, 1024, 65535),
            packets=1,
            size=np.where(rng.chance(count, 600), 40, 44),
            accepted=False,
        ),
        named=False,
    )


BUSY = Behavior("busy", be_busy)
