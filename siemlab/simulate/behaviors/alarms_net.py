"""What GuardDuty says of the network in everyday life, and the traffic and lookups behind it."""

from __future__ import annotations

from ipaddress import ip_network
from typing import cast

import numpy as np

from siemlab.simulate.affected import machine_of
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.resolver import ask
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.sightings import Connection, Lookup, Probe, Seen
from siemlab.simulate.stage import Stage

__all__ = ["bad_domain", "listed_peer", "odd_domain", "odd_port", "port_probed", "volume_odd"]

OPEN_HOST = "sz-dev-test-01"
OPEN_PORTS = (80, 8080)
NOISE = "198.19.0.0/16"
ODD_PORTS = (("sz-dev-git-01", 873), ("sz-prod-report-01", 8443), ("sz-dev-app-01", 5672))
SUPPLIERS = "192.0.2.224/27"
HEAVY_HOSTS = ("sz-prod-report-01", "sz-dev-git-01", "sz-prod-search-01")
MAIL_HOST = "sz-prod-mail-01"
YOUNG_DOMAINS = (
    *("cdn-fonts-jp.example", "pkg-index-new.example", "free-icons-hub.example"),
    *("short-link-go.example", "npm-proxy-fast.example", "weather-widget-api.example"),
)
YOUNG_DOMAIN_HOSTS = ("sz-dev-app-01", "sz-dev-app-02", "sz-dev-git-01", "sz-prod-report-01")
BAD_DOMAIN, BAD_DOMAIN_HOST = "model-zoo-mirror.example", "sz-dev-data-01"


SUSPICIOUS = "Impact:EC2/SuspiciousDomainRequest.Reputation"
MALICIOUS = "Impact:EC2/MaliciousDomainRequest.Reputation"


def _address(rng: Rng, network: str) -> str:
    """Return an address of a network: strangers are the same for all teams."""
    block = ip_network(network)
    return str(block[rng.one(1, block.num_addresses - 2)])


def _latest(day: Day, at: Ints) -> Ints:
    """Return those times that lie in the day; what a day makes is over with it."""
    return np.sort(at[at < day.end - 2 * SECOND])


def port_probed(stage: Stage, day: Day, at: int, created: int = 0) -> None:
    """Somebody's program tries the open ports of the trial host, again and again for a while.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    created
        When a finding about one event alone was made, epoch milliseconds; 0: as it comes.
    """
    rng, world = stage.rng, stage.world
    host = world.baseline.hosts[OPEN_HOST]
    hosts = 1 if created else rng.one(1, 3)
    seen = []
    for number in range(hosts):
        tries = 1 if created else rng.one(1, 4)
        lasts = rng.rare_long(tries, 5 * MINUTE, 50 * MINUTE)
        moments = _latest(day, at + number * 4 * MINUTE + np.cumsum(lasts) - lasts[0])
        if not len(moments):
            continue
        remote, port = _address(rng, NOISE), rng.pick(OPEN_PORTS)
        seen.append(Seen(moments, Probe(remote, port)))
        if day.dense:
            _probes(stage.part("traffic", number), host.private_ip, seen[-1])
    machine = machine_of(world, host)
    finding(
        stage,
        Finding(
            "Recon:EC2/PortProbeUnprotectedPort",
            machine.account,
            machine.region,
            tuple(seen),
            machine=machine,
            created=created,
        ),
    )


def _probes(stage: Stage, address: str, seen: Seen) -> None:
    """Write the traffic of probes: a request, and the answer of a server that knows no better."""
    rng, count = stage.rng, len(seen.at)
    probe = cast(Probe, seen.action)
    conversations = Flows(
        source=probe.remote,
        target=address,
        target_port=probe.port,
        packets=rng.between(count, 3, 6),
        size=rng.between(count, 220, 520),
        packets_back=rng.between(count, 2, 5),
        size_back=rng.between(count, 180, 900),
    )
    flows(stage, seen.at, conversations)


def _visits(stage: Stage, host: str, domain: str, moments: Ints) -> None:
    """Write lookups of a domain, and the connections that follow."""
    rng, world, count = stage.rng, stage.world, len(moments)
    address = _address(world.rng("supplier", domain), SUPPLIERS)
    ask(stage, moments, host, domain, answers=address)
    conversations = Flows(
        source=world.baseline.hosts[host].private_ip,
        target=address,
        target_port=443,
        packets=rng.between(count, 9, 24),
        size=rng.between(count, 1400, 4200),
        packets_back=rng.between(count, 10, 60),
        size_back=rng.between(count, 5000, 60000),
        lasts=rng.between(count, 300, 4000),
    )
    flows(stage, moments + rng.between(count, 20, 400), conversations)


def _looked_up(
    stage: Stage, day: Day, kind: str, query: tuple[str, str], at: int, created: int
) -> None:
    """Write lookups of a host (the query is host and domain), and the finding about them."""
    rng, (host, domain) = stage.rng, query
    moments = np.array([at], dtype=np.int64)
    if not created:
        gaps = rng.between(rng.one(1, 4), 40 * SECOND, 25 * MINUTE)
        moments = _latest(day, at + np.cumsum(gaps))
    if day.dense:
        _visits(stage.part("traffic"), host, domain, moments)
    machine = machine_of(stage.world, host)
    finding(
        stage,
        Finding(
            kind,
            machine.account,
            machine.region,
            (Seen(moments, Lookup(domain)),),
            machine=machine,
            created=created,
        ),
    )


def odd_domain(stage: Stage, day: Day, at: int, created: int = 0) -> None:
    """A host looks a young domain up: a web font, a new package index.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    created
        When a finding about one event alone was made, epoch milliseconds; 0: as it comes.
    """
    host, domain = stage.rng.pick(YOUNG_DOMAIN_HOSTS), stage.rng.pick(YOUNG_DOMAINS)
    _looked_up(stage, day, SUSPICIOUS, (host, domain), at, created)


def bad_domain(stage: Stage, day: Day, at: int, created: int = 0) -> None:
    """The notebook host fetches a model from a mirror that others were attacked from.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    created
        When a finding about one event alone was made, epoch milliseconds; 0: as it comes.
    """
    _looked_up(stage, day, MALICIOUS, (BAD_DOMAIN_HOST, BAD_DOMAIN), at, created)


def _connected(
    stage: Stage, day: Day, kind: str, host: str, connections: Flows, moments: Ints, created: int
) -> None:
    """Write outbound connections of a host, and the finding about them."""
    if day.dense:
        flows(stage.part("traffic"), moments, connections)
    machine = machine_of(stage.world, host)
    peer = Connection(
        str(connections.target),
        int(connections.target_port),
        int(connections.source_port),
        inbound=False,
    )
    finding(
        stage,
        Finding(
            kind,
            machine.account,
            machine.region,
            (Seen(moments, peer),),
            machine=machine,
            created=created,
        ),
    )


def odd_port(stage: Stage, day: Day, at: int, created: int = 0) -> None:
    """A host talks to a supplier on a port that it did not use before.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    created
        When a finding about one event alone was made, epoch milliseconds; 0: as it comes.
    """
    rng, world = stage.rng, stage.world
    host, port = rng.pick(ODD_PORTS)
    moments = np.array([at], dtype=np.int64)
    if not created:
        moments = _latest(day, at + np.cumsum(rng.between(rng.one(1, 5), MINUTE, 20 * MINUTE)))
    conversation = Flows(
        source=world.baseline.hosts[host].private_ip,
        target=_address(world.rng("supplier", "odd port", host), SUPPLIERS),
        target_port=port,
        source_port=rng.one(32768, 60999),
        packets=14,
        size=2830,
        packets_back=18,
        size_back=9_412,
        lasts=2 * SECOND,
    )
    kind = "Behavior:EC2/NetworkPortUnusual"
    _connected(stage, day, kind, host, conversation, moments, created)


def volume_odd(stage: Stage, day: Day, at: int) -> None:
    """A host sends far more than it did before: a report, a mirror, a new index.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    """
    rng, world = stage.rng, stage.world
    host = rng.pick(HEAVY_HOSTS)
    size = rng.one(180, 900) * 1_000_000
    conversation = Flows(
        source=world.baseline.hosts[host].private_ip,
        target=_address(world.rng("supplier", "volume", host), SUPPLIERS),
        target_port=443,
        source_port=rng.one(32768, 60999),
        packets=size // 1420,
        size=size,
        packets_back=size // 4000,
        size_back=size // 4000 * 52,
        lasts=rng.one(6, 25) * MINUTE,
    )
    moments = np.array([min(at, day.end - HOUR)], dtype=np.int64)
    _connected(stage, day, "Behavior:EC2/TrafficVolumeUnusual", host, conversation, moments, 0)


def listed_peer(stage: Stage, day: Day, at: int) -> None:
    """The mail relay delivers to a server that stands on the threat list.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    """
    rng, world = stage.rng, stage.world
    conversation = Flows(
        source=world.baseline.hosts[MAIL_HOST].private_ip,
        target=_address(rng, "198.19.112.0/20"),
        target_port=25,
        source_port=rng.one(32768, 60999),
        packets=16,
        size=6_240,
        packets_back=14,
        size_back=1_730,
        lasts=3 * SECOND,
    )
    moments = np.array([at], dtype=np.int64)
    kind = "UnauthorizedAccess:EC2/MaliciousIPCaller.Custom"
    _connected(stage, day, kind, MAIL_HOST, conversation, moments, 0)
