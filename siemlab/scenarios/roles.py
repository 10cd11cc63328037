"""Roles that are taken in a story, within an account and from another one."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import msgspec

from siemlab.simulate.calendar import SECOND
from siemlab.simulate.callers import Caller, Role, aws_account, role_session
from siemlab.simulate.calls.dates import comma_dates
from siemlab.simulate.calls.sts import ASSUME_ROLE
from siemlab.simulate.fillers import BASE62
from siemlab.simulate.naming import HOME
from siemlab.simulate.stage import Acts, Stage, times

__all__ = ["HOME", "Taken", "revocation", "takes", "takes_across"]

HOUR_LONG = 3600


class Taken(NamedTuple):
    """A session of a role: who calls with it, and what the taking left in the logs."""

    caller: Caller
    acts: tuple[Acts, ...]


def revocation(at_time: str) -> str:
    """Return the policy by which the console refuses all sessions that began before a time."""
    statement = {
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": at_time}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def takes(stage: Stage, asking: Caller, role: Role, session: str, at: int) -> Taken:
    """Let a caller take a role of its own account, for an hour.

    Parameters
    ----------
    stage
        Where.
    asking
        Who takes it.
    role, session
        The role, and what the caller names the session.
    at
        When, epoch milliseconds.
    """
    columns = _columns(stage, role, session, at)
    acts = stage.call(ASSUME_ROLE, asking, at, region=HOME, **columns)
    return Taken(_session(asking, role, session, columns["access_key"], at), (acts,))


def takes_across(
    stage: Stage,
    asking: Caller,
    role: Role,
    session: str,
    at: int,
    *,
    seconds: int = HOUR_LONG,
    ours: bool = True,
) -> Taken:
    """Let a caller take a role of another account: a record in each, with a shared event id.

    Parameters
    ----------
    stage, asking, role, session, at
        As for `takes`.
    seconds
        How long the session lasts.
    ours
        Whether the caller's account is one of the company's, so that its record is seen too.

    Returns
    -------
    Taken
        Its acts are the records of the caller's account (if it is ours) and of the role's.
    """
    columns = _columns(stage, role, session, at, seconds)
    number, request = stage.rng.uuids(2)
    pair: dict[str, Any] = {
        **columns,
        "request_id": [request],
        "token_serial": stage.rng.letters(1, 32, BASE62),
        "shared": number,
    }
    principal = msgspec.json.decode(asking.identity)["principalId"]
    stranger = aws_account(
        role.account, asking.account, principal, address=asking.address, agent=asking.agent
    )
    sides = (asking, stranger) if ours else (stranger,)
    acts = tuple(stage.call(ASSUME_ROLE, side, at, region=HOME, **pair) for side in sides)
    return Taken(_session(asking, role, session, columns["access_key"], at), acts)


def _columns(
    stage: Stage, role: Role, session: str, at: int, seconds: int = HOUR_LONG
) -> dict[str, Any]:
    key = stage.world.ids.key("ASIA", role.account, *stage.rng.names, role.name, at)
    return {
        **role.taken(session, key),
        "seconds": seconds,
        "expires": comma_dates(times(at + seconds * SECOND)),
    }


def _session(asking: Caller, role: Role, session: str, key: str, at: int) -> Caller:
    return role_session(
        role, session, key, since=at, address=asking.address, agent=asking.agent, tls=asking.tls
    )
