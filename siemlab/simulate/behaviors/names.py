"""What hosts want from elsewhere: they look up a name, and talk to the address in the answer."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np

from siemlab.baseline.network import Host
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import JST, MINUTE, SECOND, Day
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.hours import amounts, moments
from siemlab.simulate.resolver import ask
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.stage import Stage

__all__ = ["ERRANDS", "NAMES"]

REGION = "ap-northeast-1"
RDS = f"c7k2m4qpx1ab.{REGION}.rds.amazonaws.com"
CACHE = "sz-prod-session-cache.8vq2lk.0001.apne1.cache.amazonaws.com"


class Place(NamedTuple):
    """A name with the addresses that answer to it, and the port that is used."""

    addresses: tuple[str, ...]
    port: int = 443


PLACES = {
    f"s3.{REGION}.amazonaws.com": Place(("192.0.2.194", "192.0.2.195")),
    f"ssm.{REGION}.amazonaws.com": Place(("192.0.2.197",)),
    f"ssmmessages.{REGION}.amazonaws.com": Place(("192.0.2.198",)),
    f"ec2messages.{REGION}.amazonaws.com": Place(("192.0.2.199",)),
    f"monitoring.{REGION}.amazonaws.com": Place(("192.0.2.200",)),
    f"sts.{REGION}.amazonaws.com": Place(("192.0.2.201",)),
    f"ec2.{REGION}.amazonaws.com": Place(("192.0.2.202", "192.0.2.203")),
    f"secretsmanager.{REGION}.amazonaws.com": Place(("192.0.2.204",)),
    f"lambda.{REGION}.amazonaws.com": Place(("192.0.2.205",)),
    "packages.linux-mirror.example": Place(("192.0.2.226", "192.0.2.227")),
    "pypi.mirror-cache.example": Place(("192.0.2.228",)),
    "registry.node-mirror.example": Place(("192.0.2.229", "192.0.2.230")),
    "images.container-mirror.example": Place(("192.0.2.231",)),
    "api.pay-kaede.example": Place(("192.0.2.234",)),
    "smtp.mail-tsubame.example": Place(("192.0.2.236",), 587),
    "tiles.maps-asagi.example": Place(("192.0.2.238", "192.0.2.239")),
    "hooks.chat-suzu.example": Place(("192.0.2.241",)),
    "photos.example": Place(("192.0.2.243",)),
}


class Errand(NamedTuple):
    """What hosts do elsewhere.

    Parameters
    ----------
    hosts, name
        Who, and where: a key of `PLACES`.
    daily, rota
        How often on a day, each of the hosts, in the small data set; the hours.
    asked, answered
        How many bytes it typically moves, there and back.
    lasts
        How long it typically lasts, milliseconds.
    since
        A change of the calendar before which nobody does it.
    """

    hosts: tuple[str, ...]
    name: str
    daily: int
    rota: str
    asked: int
    answered: int
    lasts: int = 2 * SECOND
    since: str = ""


WEB = ("sz-prod-web-01", "sz-prod-web-02")
PROD = (
    *WEB,
    *("sz-prod-batch-01", "sz-prod-report-01", "sz-prod-search-01", "sz-prod-search-02"),
    *("sz-prod-backoffice-01", "sz-prod-mail-01", "sz-prod-monitor-01", "sz-prod-ops-01"),
)
DEV = ("sz-dev-app-01", "sz-dev-app-02", "sz-dev-mock-01", "sz-dev-data-01", "sz-dev-git-01")
RUNNER, BASTION, OPS = ("sz-dev-ci-runner-01",), ("sz-prod-bastion-01",), ("sz-prod-ops-01",)

ERRANDS = (
    Errand(PROD, f"ssm.{REGION}.amazonaws.com", 1, "noise", 4_200, 7_400),
    Errand((*BASTION, *RUNNER), f"ssm.{REGION}.amazonaws.com", 8, "noise", 4_200, 7_400),
    Errand(DEV, f"ssm.{REGION}.amazonaws.com", 1, "noise", 4_200, 7_400),
    Errand(BASTION, f"ec2messages.{REGION}.amazonaws.com", 6, "noise", 3_000, 5_200, 20 * SECOND),
    Errand(OPS, f"ec2.{REGION}.amazonaws.com", 5, "office", 9_000, 88_000),
    Errand(OPS, f"sts.{REGION}.amazonaws.com", 3, "office", 2_600, 5_400),
    Errand(OPS, "packages.linux-mirror.example", 1, "batch", 6_000, 900_000, 20 * SECOND),
    Errand(WEB, "api.pay-kaede.example", 6, "customers", 5_400, 7_800),
    Errand(WEB, "tiles.maps-asagi.example", 3, "customers", 4_100, 120_000),
    Errand(WEB, "photos.example", 5, "customers", 2_900, 96_000, SECOND, "CHG-2247"),
    Errand(("sz-prod-mail-01",), "smtp.mail-tsubame.example", 7, "customers", 30_000, 3_200),
    Errand(("sz-prod-monitor-01",), "hooks.chat-suzu.example", 2, "noise", 3_300, 4_600),
    Errand(("sz-security-relay-01",), "hooks.chat-suzu.example", 3, "noise", 3_300, 4_600),
    Errand(RUNNER, "pypi.mirror-cache.example", 9, "ci", 9_000, 5_400_000, 12 * SECOND),
    Errand(RUNNER, "registry.node-mirror.example", 8, "ci", 14_000, 8_100_000, 20 * SECOND),
    Errand(RUNNER, "images.container-mirror.example", 5, "ci", 8_000, 60_000_000, MINUTE),
    Errand(RUNNER, "packages.linux-mirror.example", 3, "batch", 6_000, 3_000_000, 20 * SECOND),
    Errand(RUNNER, f"sts.{REGION}.amazonaws.com", 8, "ci", 2_600, 5_400),
    Errand(RUNNER, f"lambda.{REGION}.amazonaws.com", 6, "ci", 2_400_000, 9_000, 6 * SECOND),
    Errand(RUNNER, f"ec2.{REGION}.amazonaws.com", 6, "batch", 9_000, 60_000),
)
PACKET, HEADERS = 1200, 52
HANDSHAKE = 5


class Lookup(NamedTuple):
    """Names that hosts ask for without going anywhere new: kept connections, caches that end.

    Parameters
    ----------
    hosts, name, answer
        Who, what, and the answer: an address, or nothing.
    daily, rota
        How often on a day, each of the hosts, in the small data set; the hours.
    """

    hosts: tuple[str, ...]
    name: str
    answer: str
    daily: int
    rota: str = "noise"


LOOKUPS = (
    Lookup(WEB, f"sz-prod-booking-db.{RDS}", "10.20.20.30", 60, "customers"),
    Lookup(WEB, CACHE, "10.20.10.71", 34, "customers"),
    Lookup(WEB, "search.prod.sazanami-tabi.example", "10.20.10.61", 40, "customers"),
    Lookup(WEB, f"secretsmanager.{REGION}.amazonaws.com", "192.0.2.204", 12),
    Lookup(PROD, f"logs.{REGION}.amazonaws.com", "10.20.10.95", 7),
    Lookup(PROD, f"monitoring.{REGION}.amazonaws.com", "192.0.2.200", 4),
    Lookup(("sz-prod-batch-01",), f"sz-prod-booking-db.{RDS}", "10.20.20.30", 24, "batch"),
    Lookup(("sz-prod-backoffice-01",), f"sz-prod-booking-db.{RDS}", "10.20.20.30", 18, "support"),
    Lookup((*BASTION, *OPS), "ntp.time-hoshi.example", "192.0.2.246", 6),
    Lookup(RUNNER, "git.dev.sazanami-tabi.example", "10.40.20.12", 46, "ci"),
    Lookup(RUNNER, "ntp.time-hoshi.example", "192.0.2.246", 12),
    Lookup(RUNNER, f"s3.{REGION}.amazonaws.com", "192.0.2.194", 16, "ci"),
    Lookup(("sz-dev-app-01",), f"sz-dev-booking-db.{RDS}", "10.40.30.30", 16, "flex"),
    Lookup(DEV, f"ec2messages.{REGION}.amazonaws.com", "192.0.2.199", 5),
)
# What a resolver adds to a short name before it asks for the name itself.
SUFFIX = f"{REGION}.compute.internal"
SUFFIXED, SIXES = 60, 350  # of a thousand lookups: with the suffix first; AAAA as well


class _Questions(NamedTuple):
    """Lookups: when, by whom, for what, and with which answer."""

    at: Ints
    host: str
    name: str
    answers: list[str]


def errands(stage: Stage, day: Day) -> None:
    """Let hosts look up names, and talk to who answers to them."""
    alive = {name for name, host in stage.world.baseline.hosts.items() if _alive(host, day)}
    asked, talked = [], []
    for number, errand in enumerate(ERRANDS):
        for host in errand.hosts:
            rng = stage.rng.child("errand", number, host)
            at = moments(stage.world, rng, day, errand.rota, stage.world.scaled(errand.daily))
            at = at[at >= _begin(stage, errand)]
            if len(at) and host in alive:
                answers = rng.picks(len(at), PLACES[errand.name].addresses)
                before = at - rng.between(len(at), 4, 300)
                asked.append(_Questions(before, host, errand.name, answers))
                talked.append((_numbers(rng, at, errand), host, answers))
    for number, lookup in enumerate(LOOKUPS):
        for host in lookup.hosts:
            rng = stage.rng.child("lookup", number, host)
            at = moments(stage.world, rng, day, lookup.rota, stage.world.scaled(lookup.daily))
            if len(at) and host in alive:
                asked.append(_Questions(at, host, lookup.name, [lookup.answer] * len(at)))
    _look_up(stage.part("questions"), asked)
    _talk(stage.part("talks"), talked)


def _alive(host: Host, day: Day) -> bool:
    return host.alive(datetime.fromtimestamp(day.start / 1000, JST))


def _begin(stage: Stage, errand: Errand) -> int:
    found = [change for change in stage.world.baseline.calendar if change.id == errand.since]
    return int(found[0].end.timestamp()) * SECOND if found else 0


def _numbers(rng: Rng, at: Ints, errand: Errand) -> Ints:
    """Return five rows of numbers: times, ports, durations, bytes asked, bytes answered."""
    count = len(at)
    typical = (errand.lasts, errand.asked, errand.answered)
    drawn = [amounts(rng, count, value, value * 6) for value in typical]
    return np.stack([at, np.full(count, PLACES[errand.name].port), *drawn])


def _talk(stage: Stage, talked: list[tuple[Ints, str, list[str]]]) -> None:
    """Let hosts talk to addresses."""
    hosts = stage.world.baseline.hosts
    at, port, lasts, asked, answered = np.concatenate([part for part, *_ in talked], axis=1)
    packets = HANDSHAKE + asked // PACKET + answered // (2 * PACKET)
    back = HANDSHAKE + answered // PACKET + asked // (2 * PACKET)
    conversations = Flows(
        source=[hosts[host].private_ip for _, host, answers in talked for _ in answers],
        target=[address for *_, answers in talked for address in answers],
        target_port=port,
        lasts=lasts,
        packets=packets,
        size=packets * HEADERS + asked,
        packets_back=back,
        size_back=back * HEADERS + answered,
        accepted=True,
    )
    flows(stage, at, conversations, named=False)


def _look_up(stage: Stage, asked: list[_Questions]) -> None:
    """Ask for names as the C library does: for IPv6 too, now and then with a suffix first."""
    rng = stage.rng
    at = np.concatenate([part.at for part in asked])
    hosts = [part.host for part in asked for _ in part.answers]
    names = [part.name for part in asked for _ in part.answers]
    answers = [answer for part in asked for answer in part.answers]
    count = len(at)
    sixes = np.flatnonzero(rng.chance(count, SIXES))
    suffixed = np.flatnonzero(rng.chance(count, SUFFIXED))
    chosen = [*range(count), *sixes.tolist(), *suffixed.tolist()]
    ask(
        stage,
        np.concatenate([at, at[sixes], at[suffixed] - 2]),
        [hosts[row] for row in chosen],
        names + [names[row] for row in sixes] + [f"{names[row]}.{SUFFIX}" for row in suffixed],
        answers=answers + [""] * (len(sixes) + len(suffixed)),
        types=["A"] * count + ["AAAA"] * len(sixes) + ["A"] * len(suffixed),
        rcode=["NOERROR"] * (count + len(sixes)) + ["NXDOMAIN"] * len(suffixed),
    )


NAMES = Behavior("names", errands)
