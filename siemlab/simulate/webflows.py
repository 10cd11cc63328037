"""The flows of a website: clients to the balancer's nodes, and the nodes to the hosts behind."""

from __future__ import annotations

import numpy as np
import polars as pl

from siemlab.simulate.asked import STRANGERS_PORTS, Asked
from siemlab.simulate.calendar import HOUR, SECOND
from siemlab.simulate.legs import Flows
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage, times

__all__ = ["client_flows", "target_flows"]

MTU = 1400  # bytes of content in a full packet
HEADERS = 52  # bytes of IP and TCP in every packet
HELLO, CERTIFICATE = 700, 3600  # bytes of a TLS handshake, there and back
KEPT_OPEN = 5 * SECOND
SLOT = 600 * SECOND


def client_flows(asked: Asked) -> tuple[Ints, Flows]:
    """Return the connections of the clients with the balancer's nodes, and when they begin.

    Parameters
    ----------
    asked
        The requests.
    """
    order, starts = _groups(asked.connection)
    begun = np.minimum.reduceat(asked.at[order], starts)
    ended = np.maximum.reduceat(asked.ends[order], starts)
    first = order[starts]
    asked_bytes, answered_bytes, number = _sums(asked, order, starts)
    addresses = pl.Series([node.private_ip for node in asked.nodes])
    packets = 5 + 2 * number + asked_bytes // MTU + answered_bytes // (2 * MTU)
    back = 4 + number + answered_bytes // MTU
    return begun, Flows(
        source=asked.client[first],
        target=addresses[asked.node[first]],
        source_port=asked.port[first],
        target_port=asked.balancer.port,
        lasts=ended - begun + np.where(number > 1, KEPT_OPEN, 40),
        packets=packets,
        size=packets * HEADERS + HELLO + asked_bytes,
        packets_back=back + CERTIFICATE // MTU + 1,
        size_back=(back + CERTIFICATE // MTU + 1) * HEADERS + CERTIFICATE + answered_bytes,
        accepted=True,
    )


def _groups(numbers: Ints) -> tuple[Ints, Ints]:
    """Return an order in which equal numbers stand together, and where each group begins."""
    order = np.argsort(numbers, kind="stable")
    changes = np.flatnonzero(np.diff(numbers[order])) + 1
    starts = np.concatenate([np.zeros(min(1, len(order)), dtype=np.int64), changes])
    return order, starts


def _sums(asked: Asked, order: Ints, starts: Ints) -> tuple[Ints, Ints, Ints]:
    """Return for each group the bytes asked, the bytes answered, and the number of requests."""
    return (
        np.add.reduceat(asked.received[order], starts),
        np.add.reduceat(asked.sent[order], starts),
        np.add.reduceat(np.ones(len(order), dtype=np.int64), starts),
    )


def target_flows(stage: Stage, asked: Asked) -> tuple[Ints, Flows]:
    """Return what goes through the connections that the nodes keep open to the targets.

    A node keeps one to each target for an hour; ten minutes of it are one conversation here.

    Parameters
    ----------
    stage
        Whose draws they are.
    asked
        The requests.
    """
    rows = np.flatnonzero(asked.forwarded)
    balancer, world = asked.balancer, stage.world
    pair = asked.node[rows] * len(balancer.targets) + asked.target[rows]
    slots = asked.at[rows] // SLOT
    order, starts = _groups(pair * (1 << 32) + slots)
    order = rows[order]
    if not len(order):
        return times([]), Flows(source=[], target=[], target_port=0)
    begun = np.minimum.reduceat(asked.at[order], starts)
    ended = np.maximum.reduceat(asked.ends[order], starts)
    first = order[starts]
    asked_bytes, answered_bytes, number = _sums(asked, order, starts)
    hours = begun // HOUR
    pairs = asked.node[first] * len(balancer.targets) + asked.target[first]
    _, hour = np.unique(pairs * (1 << 32) + hours, return_inverse=True)
    ports = stage.rng.child("ports").between(int(hour.max()) + 1, *STRANGERS_PORTS)
    hosts = pl.Series([world.baseline.hosts[name].private_ip for name in balancer.targets])
    nodes = pl.Series([node.private_ip for node in asked.nodes])
    packets = 2 * number + asked_bytes // MTU + answered_bytes // (2 * MTU)
    back = 2 * number + answered_bytes // MTU
    return (
        begun,
        Flows(
            source=nodes[asked.node[first]],
            target=hosts[asked.target[first]],
            source_port=ports[hour],
            target_port=balancer.target_port,
            lasts=ended - begun,
            packets=packets,
            size=packets * HEADERS + asked_bytes + 180 * number,  # X-Forwarded-For and its like
            packets_back=back,
            size_back=back * HEADERS + answered_bytes,
            accepted=True,
            opens=np.concatenate([[True], hour[1:] != hour[:-1]]),
            closes=0,
        ),
    )
