"""What GuardDuty says of "The open door"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from siemlab.scenarios.l1b.attempts import Attempts
from siemlab.scenarios.l1b.door import BASTION, SSH
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.affected import machine_of
from siemlab.simulate.calendar import MINUTE
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.rng import Ints
from siemlab.simulate.sightings import Connection, Probe, Seen
from siemlab.simulate.stage import Stage

__all__ = ["alarms"]

PROBED = "Recon:EC2/PortProbeUnprotectedPort"
BRUTE_FORCE = "UnauthorizedAccess:EC2/SSHBruteForce"
UNNOTICED = 4 * MINUTE
"""So long it takes until many wrong passwords are an attack."""
EVERY = 5 * MINUTE
LOCAL_PORT = 41874


def alarms(
    stage: Stage,
    knobs: Knobs,
    telling: Telling,
    knocked: list[int],
    guessed: Mapping[str, Attempts],
    attacked: tuple[Ints, list[str]],
) -> None:
    """Tell what GuardDuty found: a probe, the bastion as a target, the bastion as an attacker.

    The patient guesser is too slow for it: it never names him.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    knocked
        When the first stranger looked at the door, epoch milliseconds.
    guessed
        What the guessers tried.
    attacked
        When the bastion attacked others, and their addresses.
    """
    fast = tuple(
        Seen(
            _noticed(guessed[name].at, UNNOTICED),
            Connection(knobs[name], int(guessed[name].ports[-1]), SSH),
        )
        for name in ("guesser 1", "guesser 2")
    )
    times, others = attacked
    noticed = _noticed(times, MINUTE)
    victims = tuple(
        Seen(at, Connection(others[int(place)], SSH, LOCAL_PORT + turn, inbound=False))
        for turn, (at, place) in enumerate(
            zip(noticed.tolist(), np.searchsorted(times, noticed), strict=True)
        )
    )
    _tell(stage, telling, PROBED, (Seen(knocked, Probe(knobs["first"], SSH)),), 15)
    _tell(stage, telling, BRUTE_FORCE, fast, 18, about="target")
    _tell(stage, telling, BRUTE_FORCE, victims, 18, about="actor", severity=8.0, role="ACTOR")


def _noticed(at: Ints, after: int) -> Ints:
    """Return the times that count: one in five minutes, from some time after the first on."""
    late = at[at >= at[0] + after]
    _, first = np.unique((late - late[0]) // EVERY, return_index=True)
    return cast(Ints, late[first])


def _tell(
    stage: Stage, telling: Telling, kind: str, seen: tuple[Seen, ...], delay: int, **more: Any
) -> None:
    """Write a finding about the bastion, so many minutes after what it saw first."""
    host = machine_of(stage.world, BASTION)
    created = min(int(group.at.min()) for group in seen) + delay * MINUTE
    spec = Finding(kind, host.account, host.region, seen, machine=host, created=created, **more)
    telling.row(f"{kind} {more.get('about', '')}".strip(), "finding", *finding(stage, spec))
