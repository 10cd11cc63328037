"""Mihari Monitoring, which looks every five minutes how the company's machines are."""

from __future__ import annotations

import numpy as np

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, aws_account, role_session
from siemlab.simulate.calls import cloudwatch, ec2_describe, elb, lambda_, rds
from siemlab.simulate.calls.dates import comma_dates
from siemlab.simulate.calls.sts import ASSUME_ROLE_EXTERNAL
from siemlab.simulate.dice import Dice
from siemlab.simulate.naming import HOME
from siemlab.simulate.refusals import THROTTLED, failure
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage, times
from siemlab.simulate.stock import Stock

__all__ = ["MONITORING"]

ROLE, SESSION = "MihariMonitoringRole", "mihari-poll"
ADDRESSES = ("192.0.2.10", "192.0.2.11")
AGENT = "aws-sdk-java/2.17.100 Linux/5.10.75 OpenJDK_64-Bit_Server_VM/11.0.13 Java/11.0.13"
EVERY = 5 * MINUTE
POLLS = HOUR // EVERY
THROTTLED_PER_MILLE = 20

# What is asked at each so many polls: of production, and of development (0: never).
ASKED: tuple[tuple[Call, int, int], ...] = (
    (ec2_describe.DESCRIBE_INSTANCES, 1, 1),
    (ec2_describe.DESCRIBE_INSTANCE_STATUS, 1, 1),
    (cloudwatch.DESCRIBE_ALARMS, 4, 0),
    (rds.DESCRIBE_DB_INSTANCES, 6, 12),
    (elb.DESCRIBE_TARGET_HEALTH, 6, 0),
    (elb.DESCRIBE_LOAD_BALANCERS, 12, 0),
    (lambda_.LIST_FUNCTIONS, 12, 0),
    (ec2_describe.DESCRIBE_VOLUMES, 12, 12),
    (ec2_describe.DESCRIBE_TAGS, 12, 12),
)


def poll(stage: Stage, day: Day) -> None:
    """Let Mihari look at production and development all day."""
    for account in ("sz-prod", "sz-dev"):
        part = stage.part(account)
        stock = Stock(stage.world, account, day)
        for hour in range(24):
            _poll_hour(part, stock, day.start + hour * HOUR, hour)


def _poll_hour(stage: Stage, stock: Stock, begin: int, hour: int) -> None:
    """Take the role, and look twelve times with the same key."""
    address = ADDRESSES[hour % len(ADDRESSES)]
    jitter = stage.rng.between(POLLS, SECOND, 4 * SECOND)
    at = begin + np.arange(POLLS, dtype=np.int64) * EVERY + jitter
    caller = _take_role(stage, stock, int(at[0]) - SECOND, address)
    dice = Dice(stage.rng.child("dice", hour))
    for call, in_production, in_development in ASKED:
        every = in_production if stock.account == "sz-prod" else in_development
        if every:
            _ask(stage, stock, caller, call, at[::every], dice)


def _ask(stage: Stage, stock: Stock, caller: Caller, call: Call, at: Ints, dice: Dice) -> None:
    columns = stock.filled(call, dice)
    if columns is None:
        return
    # The more there is, the more pages an answer has, and each has to be asked for.
    at = np.repeat(at, stage.world.scaled(1))
    throttled = stage.rng.chance(len(at), THROTTLED_PER_MILLE)
    for chosen, error in ((~throttled, ""), (throttled, failure(call, THROTTLED))):
        if chosen.any():
            stage.call(call, caller, at[chosen], region=HOME, error=error, **columns)


def _take_role(stage: Stage, stock: Stock, at: int, address: str) -> Caller:
    world = stage.world
    role = world.role(stock.account, ROLE)
    key = world.ids.key("ASIA", role.account, ROLE, at // HOUR)
    principal = f"{world.ids.unique('AROA', 'mihari', 'poller')}:poller"
    asking = aws_account(
        role.account, world.account("mihari"), principal, address=address, agent=AGENT
    )
    stage.call(
        ASSUME_ROLE_EXTERNAL,
        asking,
        at,
        region=HOME,
        shared=stage.rng.uuids(1),
        **role.taken(SESSION, key),
        external_id=world.baseline.role(stock.account, ROLE).external_id,
        expires=comma_dates(times(at + HOUR)),
    )
    since = at // SECOND * SECOND
    return role_session(role, SESSION, key, since=since, address=address, agent=AGENT)


MONITORING = Behavior("monitoring", poll)
