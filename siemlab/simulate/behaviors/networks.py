"""Traffic that no person makes: knocks from the internet, checks, hosts that talk to each other."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
import polars as pl

from siemlab.baseline.network import Interface
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import JST, MINUTE, SECOND, Day
from siemlab.simulate.flows import RST, Flows, flows, idle
from siemlab.simulate.hours import amounts, crowd, moments
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.secure import lines
from siemlab.simulate.stage import Stage

__all__ = ["CHECKS", "HOSTS", "KNOCKS"]

BASTION = "sz-prod-bastion-01"
NOISE = "198.19.0.0/16"
RESEARCH = "192.0.2.128/26"

KNOCKS_A_DAY = 1150
SSH_A_DAY = 240
REGULARS = 11
RETURN = 30 * MINUTE
"""How long it takes until those who found a port closed look at it again."""

# Where strangers knock: the name of the interface, and how often, parts of a hundred.
DOORS = {
    "sz-prod-bastion-01": 24,
    "sz-prod-alb-1a": 20,
    "sz-prod-alb-1c": 20,
    "sz-dev-ci-runner-01": 18,
    "sz-dev-test-01": 18,
}
UDP, TCP = 17, 6
SSH = 22


def knock(stage: Stage, day: Day) -> None:
    """Let strangers knock at the company's public addresses: most of it is refused."""
    world, rng = stage.world, stage.rng
    at = moments(world, rng, day, "noise", world.scaled(KNOCKS_A_DAY))
    count = len(at)
    # SSH at the bastion has a crowd of its own, below.
    ports = [port for port in world.baseline.ports if port.number != SSH]
    chosen = rng.indices(count, [port.weight for port in ports])
    doors = [name for name in DOORS if _alive(stage, day, name)]
    door = rng.indices(count, [DOORS[name] for name in doors])
    known = {face.name: face for face in world.baseline.network_interfaces()}
    open_ = [
        [_is_open(stage, known[name], port.number, port.protocol) for port in ports]
        for name in doors
    ]
    accepted = np.array(open_, dtype=np.bool_)[door, chosen]
    tcp = np.array([port.protocol == "tcp" for port in ports], dtype=np.bool_)[chosen]
    tries = np.where(accepted, 2, rng.between(count, 1, 10) // 8 + 1)
    size = np.where(tcp, np.where(rng.chance(count, 700), 40, 60), rng.between(count, 60, 460))
    flows(
        stage,
        at,
        Flows(
            source=_strangers(stage, count),
            target=pl.Series([known[name].private_ip for name in doors])[door],
            target_port=np.array([port.number for port in ports], dtype=np.int64)[chosen],
            source_port=rng.between(count, 1024, 65535),
            protocol=np.where(tcp, TCP, UDP),
            packets=tries,
            size=tries * size,
            packets_back=1,
            size_back=44,
            lasts=(tries - 1) * 1000,
            accepted=accepted,
            closes=RST,
        ),
        named=False,
    )
    _knock_at_ssh(stage.part("ssh"), day)


def _strangers(stage: Stage, count: int) -> pl.Series:
    """Return who knocks: four of a hundred are the research scanners."""
    rng = stage.rng
    found = crowd(rng, NOISE, 20 + count // 5, count)
    scanners = crowd(rng, RESEARCH, 9, count)
    return scanners.zip_with(pl.Series(rng.chance(count, 40)), found)


def _is_open(stage: Stage, interface: Interface, port: int, protocol: str) -> bool:
    """Tell whether anybody at all may use a port."""
    groups = stage.world.baseline.security_groups
    return any(
        groups[name].admits("198.19.0.1", port, protocol=protocol)
        for name in interface.security_groups
    )


def _knock_at_ssh(stage: Stage, day: Day) -> None:
    """Let strangers try the bastion's port 22: refused, unless an incident opened it.

    Eleven come back all month, others once. When the door is open, the regulars find it after half
    an hour, look who is there, and leave: their programs only collect open ports.
    """
    world, rng = stage.world, stage.rng
    at = moments(world, rng, day, "noise", world.scaled(SSH_A_DAY))
    count = len(at)
    month = datetime.fromtimestamp(day.start / 1000, JST).strftime("%Y-%m")
    regulars = crowd(world.rng("ssh regulars", month), NOISE, REGULARS, 400).unique().sort()
    strays = crowd(rng, NOISE, 10 + count // 3, count)
    again = rng.chance(count, 700)
    back = regulars[rng.below(count, len(regulars))]
    sources = back.zip_with(pl.Series(again), strays)
    accepted = world.affected("ssh open", BASTION, at)
    found = accepted & world.affected("ssh open", BASTION, at - RETURN) & again
    rows = np.flatnonzero(~accepted | found)
    ports = rng.between(count, 1024, 65535)
    tries = np.where(accepted, rng.between(count, 2, 3), rng.between(count, 1, 10) // 8 + 1)
    flows(
        stage,
        at[rows],
        Flows(
            source=sources[rows],
            target=world.baseline.hosts[BASTION].private_ip,
            target_port=SSH,
            source_port=ports[rows],
            packets=tries[rows],
            size=tries[rows] * np.where(accepted, 52, 60)[rows],
            packets_back=2,
            size_back=125,
            lasts=(tries[rows] - 1) * 1000,
            accepted=accepted[rows],
        ),
        named=False,
    )
    _noticed(stage, at, sources, ports, np.flatnonzero(found))


def _noticed(stage: Stage, at: Ints, sources: pl.Series, ports: Ints, rows: Ints) -> None:
    """Write what sshd says of those who connect and say nothing."""
    pids = stage.rng.between(len(rows), 3000, 30000).tolist()
    shown = zip(pids, rows.tolist(), strict=True)
    lines(
        stage,
        at[rows] + SECOND,
        BASTION,
        [
            f"sshd[{pid}]: Did not receive identification string from {sources[row]} "
            f"port {ports[row]}"
            for pid, row in shown
        ],
    )


# --- Mihari's check ------------------------------------------------------------------------------


CHECK_EVERY = 30 * SECOND
CHECKS_A_PORT = 2
MIHARI = "192.0.2.10"


def check(stage: Stage, day: Day) -> None:
    """Let Mihari see whether the bastion's port 22 answers: half a handshake, every 30 seconds.

    It takes another source port each minute, so that two checks are one flow.
    """
    volume = min(stage.world.volume, 1000)
    step = CHECK_EVERY * 1000 // max(volume, 1)
    at = np.arange(day.start + 11 * SECOND, day.end, CHECKS_A_PORT * step, dtype=np.int64)
    count = len(at)
    flows(
        stage,
        at + stage.rng.below(count, 400),
        Flows(
            source=MIHARI,
            target=stage.world.baseline.hosts[BASTION].private_ip,
            target_port=SSH,
            source_port=stage.rng.between(count, 32768, 60999),
            lasts=(CHECKS_A_PORT - 1) * step,
            packets=CHECKS_A_PORT * 2,
            size=CHECKS_A_PORT * 100,
            packets_back=CHECKS_A_PORT,
            size_back=CHECKS_A_PORT * 60,
            accepted=True,
            closes=RST,
        ),
        named=False,
    )


# --- hosts ---------------------------------------------------------------------------------------


class Talk(NamedTuple):
    """Who talks to whom: hosts, the target's interface and port, how often a day, and how much.

    Parameters
    ----------
    sources, target, port
        The hosts that open the conversation, the interface, and its port.
    daily
        How often on a day, each of the hosts, in the small data set.
    rota
        The hours.
    lasts
        How long it typically lasts, milliseconds.
    asked, answered
        How many bytes it typically moves, there and back.
    """

    sources: tuple[str, ...]
    target: str
    port: int
    daily: int
    rota: str
    lasts: int
    asked: int
    answered: int


WEB = ("sz-prod-web-01", "sz-prod-web-02")
BATCH = ("sz-prod-batch-01", "sz-prod-report-01")
SCRAPED = (
    *WEB,
    *BATCH,
    *("sz-prod-search-01", "sz-prod-search-02", "sz-prod-backoffice-01", "sz-prod-mail-01"),
)

TALKS = (
    Talk(WEB, "sz-prod-booking-db", 5432, 12, "customers", 4 * MINUTE, 60_000, 420_000),
    Talk(WEB, "sz-prod-cache-1a", 6379, 6, "customers", 2 * MINUTE, 24_000, 90_000),
    Talk(WEB, "sz-prod-cache-1c", 6379, 4, "customers", 2 * MINUTE, 24_000, 90_000),
    Talk(WEB, "sz-prod-search-01", 9200, 6, "customers", MINUTE, 18_000, 160_000),
    Talk(WEB, "sz-prod-search-02", 9200, 5, "customers", MINUTE, 18_000, 160_000),
    Talk(WEB, "sz-prod-mail-01", 587, 3, "customers", 3 * SECOND, 14_000, 2_400),
    Talk(BATCH, "sz-prod-booking-db", 5432, 4, "batch", 6 * MINUTE, 40_000, 9_000_000),
    Talk(BATCH, "sz-prod-mail-01", 587, 1, "batch", 3 * SECOND, 30_000, 2_400),
    Talk(
        ("sz-prod-backoffice-01",),
        "sz-prod-booking-db",
        *(5432, 6, "support", 3 * MINUTE, 20_000, 240_000),
    ),
    Talk(("sz-prod-bastion-01",), "sz-prod-web-01", SSH, 1, "office", 8 * MINUTE, 9_000, 60_000),
    Talk(("sz-prod-ops-01",), "sz-prod-batch-01", SSH, 2, "office", 40 * SECOND, 7_000, 30_000),
    Talk(("sz-prod-ops-01",), "sz-prod-web-01", SSH, 1, "office", 40 * SECOND, 7_000, 30_000),
    Talk(("sz-prod-ops-01",), "sz-prod-web-02", SSH, 1, "office", 40 * SECOND, 7_000, 30_000),
    Talk(("sz-dev-ci-runner-01",), "sz-dev-git-01", 443, 9, "ci", 9 * SECOND, 5_000, 2_400_000),
    Talk(("sz-dev-ci-runner-01",), "sz-dev-app-01", SSH, 3, "ci", 30 * SECOND, 400_000, 9_000),
    Talk(("sz-dev-ci-runner-01",), "sz-dev-app-02", SSH, 2, "ci", 30 * SECOND, 400_000, 9_000),
    Talk(("sz-dev-app-01",), "sz-dev-booking-db", 5432, 6, "flex", 2 * MINUTE, 30_000, 180_000),
    Talk(WEB, "sz-prod-logs-1a", 443, 6, "noise", 20 * SECOND, 60_000, 6_000),
    Talk(SCRAPED, "sz-prod-logs-1c", 443, 1, "noise", 20 * SECOND, 40_000, 6_000),
)
MONITOR = "sz-prod-monitor-01"
SCRAPES = 3
PACKET, HEADERS = 1200, 52
QUIET = "sz-dev-booking-db"


def talk(stage: Stage, day: Day) -> None:
    """Let the hosts talk to each other, as far as they exist on that day."""
    baseline = stage.world.baseline
    scraped = tuple(
        Talk((MONITOR,), name, 9100, SCRAPES, "noise", 800, 700, 90_000) for name in SCRAPED
    )
    known = {face.name: face.private_ip for face in baseline.network_interfaces()}
    said: list[tuple[list[str], list[str], Ints]] = []
    for number, entry in enumerate((*TALKS, *scraped)):
        for name in entry.sources:
            if _alive(stage, day, name) and _alive(stage, day, entry.target):
                rng = stage.rng.child("talk", number, name)
                numbers = _conversations(stage, rng, day, entry)
                count = numbers.shape[1]
                said.append(([known[name]] * count, [known[entry.target]] * count, numbers))
    at, port, lasts, asked, answered = np.concatenate([numbers for *_, numbers in said], axis=1)
    packets = 6 + asked // PACKET + answered // (2 * PACKET)
    back = 5 + answered // PACKET + asked // (2 * PACKET)
    conversations = Flows(
        source=[address for sources, *_ in said for address in sources],
        target=[address for _, targets, _ in said for address in targets],
        target_port=port,
        lasts=lasts,
        packets=packets,
        size=packets * HEADERS + asked,
        packets_back=back,
        size_back=back * HEADERS + answered,
        accepted=True,
    )
    flows(stage, at, conversations, named=False)
    _rest(stage, day)


def _alive(stage: Stage, day: Day, name: str) -> bool:
    host = stage.world.baseline.hosts.get(name)
    return host is None or host.alive(datetime.fromtimestamp(day.start / 1000, JST))


def _conversations(stage: Stage, rng: Rng, day: Day, entry: Talk) -> Ints:
    """Return five rows of numbers: times, ports, durations, bytes asked, bytes answered."""
    at = moments(stage.world, rng, day, entry.rota, stage.world.scaled(entry.daily))
    count = len(at)
    typical = (entry.lasts, entry.asked, entry.answered)
    drawn = [amounts(rng, count, value, value * 7) for value in typical]
    return np.stack([at, np.full(count, entry.port), *drawn])


def _rest(stage: Stage, day: Day) -> None:
    """Tell of the hours of the night in which nothing passes the staging database."""
    world = stage.world
    weights = world.baseline.intensity("flex", day.date)
    hours = [hour for hour, weight in enumerate(weights) if not weight]
    at = [
        day.start + hour * 60 * MINUTE + part * 10 * MINUTE for hour in hours for part in (2, 3, 4)
    ]
    if at:
        idle(stage, QUIET, at)


KNOCKS = Behavior("knocks", knock)
CHECKS = Behavior("checks", check)
HOSTS = Behavior("hosts", talk)
