"""Who comes through the open door, and who tries passwords (rows 5 to 8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from siemlab.scenarios.l1b.door import BASTION, SSH
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling, clock
from siemlab.scenarios.traffic import unbroken
from siemlab.simulate.calendar import SECOND, millis
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.rng import Ints
from siemlab.simulate.secure import failed, lines
from siemlab.simulate.stage import Acts, Stage

__all__ = ["GUESSED", "PAUSE", "SILENT", "START", "Attempts", "guesses", "knocks"]

START = millis("2022-11-24T10:42:31Z")
DAY = "2022-11-24T"
GUESSED = "deploy"
PAUSE = 200
"""Seconds that the patient guesser waits, about."""
SILENT = 12
"""So many of the first guesser's connections end before a password is asked for."""
STRANGERS = (
    *("admin", "test", "oracle", "ubuntu", "postgres", "git", "user", "ftpuser", "jenkins"),
    *("hadoop", "mysql", "nagios", "tomcat", "guest", "support", "www", "minecraft", "pi"),
    *("administrator", "dev", "student", "web", "backup", "zabbix", "elastic", "vagrant"),
)


class Attempts(NamedTuple):
    """What one guesser tried: when, from which ports, the flow records, the host's lines."""

    at: Ints
    ports: Ints
    flows: Acts
    lines: Acts


def knocks(stage: Stage, knobs: Knobs, telling: Telling) -> list[int]:
    """Let a named scanner and the first stranger find the door; return when the latter came.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    """
    named = _look(stage, knobs["scanner"], [knobs.after("20:09")])
    telling.row("5 named", "benign", *named)
    later = [knobs.after(offset) for offset in ("23:39", "96:14", "203:51", "334:20")]
    stranger = _look(stage, knobs["first"], later)
    telling.row("5", "attack", *stranger)
    return later


def _look(stage: Stage, address: str, at: list[int]) -> tuple[Acts, Acts]:
    """Let somebody connect, read the greeting, and leave."""
    count = len(at)
    ports = stage.rng.between(count, 32768, 60999)
    packets = stage.rng.between(count, 2, 3)
    seen = flows(
        stage,
        at,
        Flows(
            source=address,
            target=stage.world.baseline.hosts[BASTION].private_ip,
            target_port=SSH,
            source_port=ports,
            packets=packets,
            size=packets * 52,
            packets_back=2,
            size_back=125,
            accepted=True,
        ),
    )
    pids = stage.rng.between(count, 9000, 30000).tolist()
    said = [
        f"sshd[{pid}]: Did not receive identification string from {address} port {port}"
        for pid, port in zip(pids, ports.tolist(), strict=True)
    ]
    return seen, lines(stage, np.array(at) + SECOND, BASTION, said)


def guesses(stage: Stage, knobs: Knobs, telling: Telling) -> dict[str, Attempts]:
    """Let three hosts guess passwords, one of them slowly.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    """
    done = {}
    plans = (
        ("6", "guesser 1", 4312, "12:10", "16:40"),
        ("7", "guesser 2", 2874, "13:30", "17:55"),
    )
    for row, name, count, begin, end in plans:
        part = stage.part("guesses", row)
        span = (_at(knobs, begin), _at(knobs, end))
        at = np.sort(part.rng.between(knobs.times(count), *span))
        done[name] = _try(part, knobs[name], at, silent=SILENT if row == "6" else 0)
    done["patient guesser"] = _patience(stage.part("guesses", "8"), knobs)
    for row, name in zip("678", done, strict=True):
        telling.row(row, "attack", done[name].flows, done[name].lines)
    return done


def _at(knobs: Knobs, time: str) -> int:
    return clock(knobs.start, "2022-11-24T10:42:31Z", f"{DAY}{time}:00Z")


def _patience(stage: Stage, knobs: Knobs) -> Attempts:
    """Let one host try a password every few minutes, until shortly before it knows one."""
    count, end = knobs.times(96), _at(knobs, "18:20")
    at = end - np.arange(count, 0, -1) * PAUSE * SECOND + stage.rng.between(count, 0, 24 * SECOND)
    return _try(stage, knobs["patient guesser"], at, user=GUESSED)


def _try(stage: Stage, address: str, at: Ints, *, user: str = "", silent: int = 0) -> Attempts:
    """Try a password with each connection: for one user, or for whoever there might be.

    So many connections as ``silent`` says end before a password is asked for.
    """
    rng, count = stage.rng, len(at)
    lasts = rng.between(count, 1900, 4200)
    at = unbroken(stage, BASTION, at, lasts)
    order = np.argsort(at, kind="stable")
    at, lasts = at[order], lasts[order]
    ports = rng.between(count, 32768, 60999)
    packets = rng.between(count, 20, 30)
    conversations = Flows(
        source=address,
        target=stage.world.baseline.hosts[BASTION].private_ip,
        target_port=SSH,
        source_port=ports,
        packets=packets,
        size=packets * rng.between(count, 138, 164) + rng.below(count, 41),
        packets_back=packets - rng.between(count, 1, 4),
        size_back=packets * rng.between(count, 150, 189) + rng.below(count, 53),
        lasts=lasts,
        accepted=True,
    )
    seen = flows(stage, at, conversations)
    names = [user] * count if user else rng.picks(count, STRANGERS)
    asked = np.sort(rng.shuffled(count)[silent:])
    ends = (at + lasts)[asked]
    said = _said(address, ends, [names[turn] for turn in asked.tolist()], ports[asked], bool(user))
    written = lines(stage, np.stack([ends - 600, ends], axis=1).ravel(), BASTION, said)
    return Attempts(at, ports, seen, written)


def _said(address: str, ends: Ints, names: list[str], ports: Ints, known: bool) -> list[str]:
    """Return what sshd says of wrong passwords, two lines each."""
    said = []
    for moment, name, port in zip(ends.tolist(), names, ports.tolist(), strict=True):
        pid = 2000 + moment // 700 % 30000
        said += [
            failed(pid, name, address, port, known=known),
            f"sshd[{pid}]: Received disconnect from {address} port {port}:11: Bye Bye [preauth]",
        ]
    return said
