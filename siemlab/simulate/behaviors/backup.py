"""The backup job, which writes the night's dumps at 2:15 in Japan, and may not read tags."""

from __future__ import annotations

import numpy as np

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import SECOND, Day
from siemlab.simulate.callers import user_key
from siemlab.simulate.calls.s3_bucket import GET_BUCKET_LOCATION, GET_BUCKET_TAGGING
from siemlab.simulate.holdings import backups
from siemlab.simulate.naming import HOME
from siemlab.simulate.objects import access
from siemlab.simulate.stage import Stage
from siemlab.simulate.tools import cli_agent

__all__ = ["BACKUP"]

USER, ACCOUNT, BUCKET = "svc-backup", "sz-prod", "sz-prod-db-backup"
BEGINS = "02:15"
TAG_READS = 6


def back_up(stage: Stage, day: Day) -> None:
    """Write the dumps of a night; before each table the job asks in vain for the bucket's tags."""
    world, rng = stage.world, stage.rng
    account = world.account(ACCOUNT)
    [address] = world.baseline.users[USER].sources
    caller = user_key(
        account,
        USER,
        world.user_id(USER),
        world.user_key(USER, account),
        address=address,
        agent=cli_agent(day.date, "linux", "s3.cp"),
    )
    begin = day.at(BEGINS) + rng.one(0, 8) * SECOND
    keys = list(backups(day.date))
    at = begin + 3 * SECOND + np.cumsum(rng.between(len(keys), SECOND, 24 * SECOND))
    sizes = rng.between(len(keys), 2_000_000, 7_900_000)  # below the size of a part
    stage.call(GET_BUCKET_LOCATION, caller, begin, region=HOME, bucket=BUCKET)
    asked = at[:TAG_READS] - rng.between(TAG_READS, 200, 900)
    stage.call(GET_BUCKET_TAGGING, caller, asked, region=HOME, error="AccessDenied", bucket=BUCKET)
    access(stage, at, caller, bucket=BUCKET, operation="PutObject", keys=keys, sizes=sizes)


BACKUP = Behavior("backup", back_up)
