"""The partner agency: it uploads its passengers at night, and exchanges files by day."""

from __future__ import annotations

import numpy as np

from siemlab.simulate.calendar import HOUR, SECOND, Day
from siemlab.simulate.callers import Caller, aws_account, role_session
from siemlab.simulate.calls.dates import comma_dates
from siemlab.simulate.calls.sts import ASSUME_ROLE_EXTERNAL
from siemlab.simulate.holdings import exchanged
from siemlab.simulate.hours import amounts, moments
from siemlab.simulate.objects import access
from siemlab.simulate.stage import Stage, times

__all__ = ["upload"]

DOCS, EXCHANGE = "sz-prod-customer-docs", "sz-prod-partner-exchange"
PARTNER_AGENT = "aws-sdk-java/2.17.97 Linux/5.10.0 OpenJDK_64-Bit_Server_VM/11.0.13 Java/11.0.13"
PARTNER_ROLE, PARTNER_SESSION = "sz-partner-upload-role", "aonagi-upload"
PARTNER_ADDRESS = "192.0.2.84"
UPLOADS = 24


def upload(stage: Stage, day: Day) -> None:
    """Let the partner agency upload its passengers with its own key (SSE-C), at 1:20 each night.

    On working days it brings and fetches files of the exchange as well.
    """
    rng, world = stage.rng, stage.world
    night = day.at("01:20")
    caller = _partner(stage, night - 20 * SECOND, "upload")
    at = night + np.cumsum(rng.between(UPLOADS, 2 * SECOND, 14 * SECOND))
    keys = [f"rosters/aonagi/{day.date:%Y%m%d}-{number:02}.csv.enc" for number in range(1, 25)]
    access(
        stage,
        at,
        caller,
        bucket=DOCS,
        operation="PutObject",
        keys=keys,
        sizes=rng.between(UPLOADS, 40_000, 420_000),
        customer_key=True,
    )
    files = exchanged(day.date)
    at = moments(world, rng, day, "support", world.scaled(46))
    at = at[at < day.at("19:00")]
    if not len(at):
        return
    shop = _partner(stage, int(at[0]) - 9 * SECOND, "exchange")
    brought = rng.chance(len(at), 350)
    for operation, way, chosen in (("PutObject", "in", brought), ("GetObject", "out", ~brought)):
        rows = np.flatnonzero(chosen)
        names = [name for name in files if name.startswith(way)]
        if len(rows):
            access(
                stage,
                at[rows],
                shop,
                bucket=EXCHANGE,
                operation=operation,
                keys=rng.picks(len(rows), names),
                sizes=amounts(rng, len(rows), 110_000, 18_000_000),
            )


def _partner(stage: Stage, at: int, purpose: str) -> Caller:
    """Take the partner's role, and return the session: it lasts for twelve hours."""
    world = stage.world
    account, role = world.account("sz-prod"), world.role("sz-prod", PARTNER_ROLE)
    outside = world.account("aonagi")
    key = world.ids.key("ASIA", account, PARTNER_ROLE, purpose, at // HOUR)
    principal = f"{world.ids.unique('AROA', 'aonagi', 'uploader')}:{PARTNER_SESSION}"
    asking = aws_account(account, outside, principal, address=PARTNER_ADDRESS, agent=PARTNER_AGENT)
    shared = stage.rng.uuids(1)
    stage.call(
        ASSUME_ROLE_EXTERNAL,
        asking,
        at,
        region=world.baseline.regions.home,
        shared=shared,
        **role.taken(PARTNER_SESSION, key),
        seconds=43200,
        external_id=world.baseline.role("sz-prod", PARTNER_ROLE).external_id,
        expires=comma_dates(times(at + 12 * HOUR)),
    )
    return role_session(
        role, PARTNER_SESSION, key, since=at, address=PARTNER_ADDRESS, agent=PARTNER_AGENT
    )
