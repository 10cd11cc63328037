"""AWS services at work in the company's accounts: their rounds, and what they do for themselves."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.pages import read_calls
from siemlab.simulate.behaviors.seldom import seldom
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, aws_service, role_session
from siemlab.simulate.calls import kms, s3_bucket
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.hands import Habits, Hands
from siemlab.simulate.naming import HOME, key_arn
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage
from siemlab.simulate.stock import Stock
from siemlab.simulate.world import World

__all__ = ["SERVICES", "Round", "archived", "rounds"]

ARCHIVE = "sz-security-log-archive"
TRAIL = "sz-org-trail"
TOKEN = string.ascii_letters + string.digits
APART = 31 * SECOND
MISSING = 45
"""How many of a thousand calls are about what has gone since the service heard of it."""


@dataclass(frozen=True)
class Round:
    """A round of a service through accounts.

    Parameters
    ----------
    role, service, session
        The service's role and domain, and how it names its sessions.
    accounts
        Where.
    every
        How many hours lie between two rounds.
    part
        How many of the calls, of a thousand, are made on a round.
    most
        About how many things each call is made at most.
    throttled
        How many of a thousand calls are refused as too many.
    calls
        The calls.
    seldom
        How many further calls, which differ from round to round.
    """

    role: str
    service: str
    session: str
    accounts: tuple[str, ...]
    every: int
    part: int
    most: int
    throttled: int
    calls: tuple[Call, ...]
    seldom: int = 0


@lru_cache(maxsize=1)
def rounds() -> Mapping[str, Round]:
    """Return the rounds by name.

    Examples
    --------
    >>> rounds()["macie"].service
    'macie.amazonaws.com'
    """
    return {name: Round(**parts) for name, parts in read_calls("rounds.yaml").items()}


def serve(stage: Stage, day: Day) -> None:
    """Let all services do what they do on a day."""
    stocks: dict[str, Stock] = {}
    # A larger company has more of everything: there is more to look at on each round.
    diary = Diary(stage, [number * APART for number in range(stage.world.scaled(1))])
    for name, found in rounds().items():
        for account in found.accounts:
            stock = stocks.setdefault(account, Stock(stage.world, account, day))
            dice = Dice(stage.rng.child(name, account))
            _go_round(Hands(diary, stock, dice), name, found)
    diary.close()
    _keep_logs(stage.part("trail"), day)


def _go_round(hands: Hands, name: str, found: Round) -> None:
    """Make the rounds of a day, at the service's own hours in this account."""
    stock, dice = hands.stock, hands.dice
    step = found.every * HOUR
    phase = stock.world.rng("round", name, stock.account).one(0, step // SECOND - 1) * SECOND
    first = (stock.day.start - phase) // step * step + phase
    for at in range(first, stock.day.end, step):
        moment = at + dice.below(9 * 60) * SECOND
        if stock.day.start <= moment < stock.day.end - 30 * MINUTE:
            _look(hands, found, moment)


def _look(hands: Hands, found: Round, at: int) -> None:
    dice, habits = hands.dice, Habits(throttled=found.throttled, missing=MISSING)
    caller = _caller(hands.stock.world, hands.stock.account, found, at)
    moment = at
    for call in (*found.calls, *(dice.pick(seldom()) for _ in range(found.seldom))):
        if dice.below(1000) < found.part:
            moment = _look_at(hands, call, caller, moment, habits, found.most)
            # Between two kinds of things a service takes its time, now and then.
            moment += dice.between(2, 40) * SECOND if dice.happens(35) else 0


def _look_at(hands: Hands, call: Call, caller: Caller, at: int, habits: Habits, most: int) -> int:
    """Make a call for some of the things that it can be about; return when that is done."""
    asked = [name for name in hands.stock.asked(call) if name[0] != "key_arn"]
    subjects = hands.stock.choices(asked[0][1]) if asked else (None,)
    moment = at
    for subject in hands.dice.sample(subjects, most):
        given = {asked[0][0]: subject} if asked else {}
        hands.does(call, caller, moment, call.home or HOME, habits, **given)
        moment += hands.dice.pace()
    return moment


def _caller(world: World, account: str, found: Round, at: int) -> Caller:
    role = world.role(account, found.role)
    session = world.session_at(f"{account}/{found.role}", role.account, at)
    caller = role_session(
        role,
        found.session,
        session.key,
        since=session.since,
        address=found.service,
        agent=found.service,
    )
    return caller.via_service(found.service)


def archived(world: World, day: Day) -> Ints:
    """Return when CloudTrail writes to the archive on a day: each hour, as far as we see it."""
    count = 24 * world.scaled(1)
    rng = world.rng("archive", day.date.isoformat())
    spaced = day.start + np.arange(count, dtype=np.int64) * (day.end - day.start) // count
    minute = world.rng("archive").one(1, 3) * MINUTE // world.scaled(1)
    return spaced + minute + rng.below(count, 90) * SECOND // world.scaled(1)


def _keep_logs(stage: Stage, day: Day) -> None:
    """Let CloudTrail look whether it may write to the archive, and encrypt what it writes."""
    world, rng = stage.world, stage.rng
    account = world.account("sz-security")
    caller = aws_service(account, "cloudtrail.amazonaws.com")
    asked = archived(world, day)
    count = len(asked)
    twice = np.repeat(asked, 2) + rng.below(2 * count, 1800)
    stage.call(s3_bucket.GET_BUCKET_ACL, caller, twice, region=HOME, bucket=ARCHIVE)
    members = [each.id for each in world.baseline.accounts.values() if each.organization]
    at = np.repeat(asked, 4) + rng.between(4 * count, 2 * SECOND, 4 * SECOND)
    organization = f"o-{world.ids.hexes(10, 'organization')}"
    tokens = rng.letters(len(at), 16, TOKEN)
    keys = [
        f"AWSLogs/{organization}/{member}/CloudTrail/{HOME}/{stamp[:10]}/"
        f"{member}_CloudTrail_{HOME}_{stamp[11:]}_{token}.json.gz"
        for member, stamp, token in zip(members * len(asked), _stamps(at), tokens, strict=True)
    ]
    stage.call(
        kms.GENERATE_DATA_KEY_TRAIL,
        caller,
        at,
        region=HOME,
        key_arn=key_arn(world, "sz-security", "sz-log-archive"),
        trail_arn=f"arn:aws:cloudtrail:{HOME}:{world.account('sz-management')}:trail/{TRAIL}",
        bucket=ARCHIVE,
        key=keys,
    )


def _stamps(at: Ints) -> list[str]:
    """Return the day and the stamp that the names of the trail's objects have."""
    texts = np.datetime_as_string((at // SECOND).astype("datetime64[s]")).tolist()
    days = [text[:10].replace("-", "/") for text in texts]
    marks = [f"{text[:10].replace('-', '')}T{text[11:16].replace(':', '')}Z" for text in texts]
    return [f"{day}/{mark}" for day, mark in zip(days, marks, strict=True)]


SERVICES = Behavior("services", serve)
