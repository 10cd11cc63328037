"""What the patient guesser does with the bastion (rows 9 to 13)."""

from __future__ import annotations

from ipaddress import IPv4Address

import numpy as np

from siemlab.scenarios.l1b.attempts import GUESSED
from siemlab.scenarios.l1b.door import BASTION, SSH
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.scenarios.traffic import shares, unbroken, windows
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND
from siemlab.simulate.flows import FIN, RST_ACK, Flows, flows
from siemlab.simulate.resolver import ask
from siemlab.simulate.rng import Ints
from siemlab.simulate.secure import accepted, closed, lines, opened
from siemlab.simulate.stage import Acts, Stage

__all__ = ["DATABASE", "PORT", "VICTIMS", "breaks_in"]

PORT = 50114
TOOLS = "cdn.net-toolkit.example"
REACHED = ("sz-prod-web-01", "sz-prod-batch-01")
DATABASE, DATABASE_PORT = "sz-prod-booking-db", 5432
REFUSED, VICTIMS = 14, 1900
CROWD = "198.18.0.0"


def breaks_in(stage: Stage, knobs: Knobs, telling: Telling, at: int) -> tuple[Ints, list[str]]:
    """Let the guesser log in, fetch a tool, look around inside, and attack others.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    at
        When the password is accepted, epoch milliseconds.

    Returns
    -------
    tuple
        When others were attacked, in order, and their addresses.
    """
    bastion = stage.world.baseline.hosts[BASTION].private_ip
    end = at + 68 * MINUTE + 40 * SECOND
    telling.row("9", "attack", _login(stage.part("login"), knobs["patient guesser"], at, end))
    telling.row(
        "10", "attack", _session(stage.part("session"), knobs["patient guesser"], at - 1700, end)
    )
    telling.row(
        "11",
        "attack",
        *_fetch(stage.part("fetch"), knobs["tool host"], at + 8 * MINUTE + 22 * SECOND),
    )
    telling.row(
        "12", "attack", *_look_inside(stage.part("inside"), bastion, at + 17 * MINUTE + 25 * SECOND)
    )
    part = stage.part("attack")
    others = _victims(part)
    moments, attack = _attack(part, bastion, others, at + 41 * MINUTE + 22 * SECOND)
    telling.row("13", "attack", attack)
    order = np.argsort(moments, kind="stable")
    return moments[order], [others[place] for place in order.tolist()]


def _login(stage: Stage, address: str, at: int, end: int) -> Acts:
    pid = stage.rng.one(12000, 28000)
    daemon = f"sshd[{pid}]"
    return lines(
        stage,
        [at, at + 80, end - 20, end],
        BASTION,
        [
            accepted(pid, GUESSED, address, PORT, method="password"),
            opened(daemon, GUESSED),
            f"sshd[{pid + 2}]: Disconnected from {address} port {PORT}",
            closed(daemon, GUESSED),
        ],
    )


def _session(stage: Stage, address: str, since: int, until: int) -> Acts:
    """Record the session: little comes in, much goes out."""
    begins, lasts = windows(stage, BASTION, since, until)
    count = len(begins)
    places = np.arange(count)
    size, back = shares(stage, 1_100_000, count), shares(stage, 8_400_000, count)
    return flows(
        stage,
        begins,
        Flows(
            source=address,
            target=stage.world.baseline.hosts[BASTION].private_ip,
            target_port=SSH,
            source_port=PORT,
            packets=size // 96 + 4,
            size=size,
            packets_back=back // 610 + 4,
            size_back=back,
            lasts=lasts,
            opens=places == 0,
            closes=np.where(places == count - 1, FIN, 0),
            accepted=True,
        ),
    )


def _fetch(stage: Stage, address: str, at: int) -> list[Acts]:
    [when] = unbroken(stage, BASTION, np.array([at]), np.array([9 * SECOND])).tolist()
    asked = ask(stage, when - 90, BASTION, TOOLS, answers=address)
    fetched = Flows(
        source=stage.world.baseline.hosts[BASTION].private_ip,
        target=address,
        target_port=443,
        packets=1830,
        size=101_400,
        packets_back=4420,
        size_back=6_200_000,
        lasts=9 * SECOND,
    )
    return [asked, flows(stage, when, fetched)]


def _look_inside(stage: Stage, bastion: str, at: int) -> list[Acts]:
    """Try the hosts that answer on port 22, and the database, which does not."""
    hosts, rng = stage.world.baseline.hosts, stage.rng
    reached = flows(
        stage,
        [at + 40 * SECOND, at + 4 * MINUTE],
        Flows(
            source=bastion,
            target=[hosts[name].private_ip for name in REACHED],
            target_port=SSH,
            packets=[38, 33],
            size=[6_140, 5_720],
            packets_back=[31, 29],
            size_back=[7_010, 6_650],
            lasts=[14 * SECOND, 11 * SECOND],
        ),
    )
    database = stage.world.baseline.interfaces[DATABASE]
    moments = at + 6 * MINUTE + np.sort(rng.below(REFUSED, 5 * MINUTE))
    lasts = np.full(REFUSED, 3 * SECOND)
    moments = unbroken(stage, DATABASE, moments, lasts)
    refused = flows(
        stage,
        unbroken(stage, BASTION, moments, lasts),
        Flows(
            source=bastion,
            target=database.private_ip,
            target_port=DATABASE_PORT,
            packets=3,
            size=180,
            lasts=lasts,
        ),
    )
    return [reached, refused]


def _victims(stage: Stage) -> list[str]:
    base = int(IPv4Address(CROWD))
    drawn = dict.fromkeys(stage.rng.between(VICTIMS * 2, 1, 65534).tolist())
    return [str(IPv4Address(base + number)) for number in list(drawn)[:VICTIMS]]


def _attack(stage: Stage, bastion: str, others: list[str], at: int) -> tuple[Ints, Acts]:
    """Knock at port 22 of many: most say nothing, some refuse, some ask for a password."""
    rng, count = stage.rng, len(others)
    moments = np.sort(at + rng.below(count, HOUR + 6 * MINUTE))
    kind = rng.indices(count, (70, 19, 11))
    silent, refusing = kind == 0, kind == 1
    asked = rng.between(count, 18, 60)
    packets = np.where(silent, rng.between(count, 1, 3), np.where(refusing, 1, asked))
    lasts = np.where(silent, (packets - 1) * 1000, np.where(refusing, 40, 5200))
    moments = unbroken(stage, BASTION, moments, lasts)
    attack = flows(
        stage,
        moments,
        Flows(
            source=bastion,
            target=others,
            target_port=SSH,
            packets=packets,
            size=packets * 60 + np.where(kind == 2, asked * 58 + rng.below(count, 97), 0),
            packets_back=np.where(silent, 0, np.where(refusing, 1, asked - 4)),
            size_back=np.where(
                silent, 0, np.where(refusing, 40, asked * 131 + rng.below(count, 89))
            ),
            lasts=lasts,
            closes=np.where(silent, 0, np.where(refusing, RST_ACK, FIN)),
        ),
    )
    return moments, attack
