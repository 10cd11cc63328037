"""Conversations as records: which interface sees which direction of them, and how it shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from siemlab.baseline.network import Interface
from siemlab.simulate.admission import admitted
from siemlab.simulate.directory import Directory
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage

__all__ = [
    "FIN",
    "RST",
    "RST_ACK",
    "SYN",
    "SYN_ACK",
    "TCP",
    "Flows",
    "Legs",
    "legs_of",
    "spread",
    "texts",
    "words",
]

FIN, SYN, RST = 1, 2, 4
SYN_ACK = 18  # the only flags with which an ACK is told
RST_ACK = 20  # the answer of a port that nobody listens on
TCP = 6
EPHEMERAL = (32768, 60999)
TRANSLATED = (1024, 65535)  # ports of a NAT gateway

WITHIN_VPC, INTERNET = 1, 2
NITRO_ENDPOINT, NITRO_INTERNET = 7, 8


@dataclass(frozen=True, kw_only=True)
class Flows:
    """Conversations, one a row: who opened them, to whom, and how much went each way.

    A column is one value for all rows or one for each (list, array, polars Series).

    Parameters
    ----------
    source, target
        The addresses of who opens the conversation and of whom it opens it with; of our own hosts
        the private or the public one, records show the private.
    target_port, source_port
        The ports (0 for ICMP); source ports that are not given are drawn.
    protocol
        6 is TCP, 17 UDP, 1 ICMP.
    lasts
        From the first packet to the last, milliseconds.
    packets, size
        What the opener sends: packets, and bytes with all headers.
    packets_back, size_back
        What comes back. A refused conversation has nothing.
    accepted
        Whether the target's security groups let it in; left out, they are asked
        (and the effect ``ssh open``).
    opens, closes
        Whether its first packet (SYN) is in it; how it ends: ``FIN`` of both sides, ``RST`` of the
        opener, who breaks each handshake off, ``RST_ACK`` of a target that refuses (0: it goes on).
    service
        The AWS service at the target's address, ``"S3"``.
    endpoint
        Whether it goes through a gateway endpoint, and not the NAT gateway.
    interfaces
        Interfaces of hosts that are not the company's inventory: miners, scratch instances. Their
        ids are `Ids.instance` of the owner and `Ids.interface` of the name.
    """

    source: Any
    target: Any
    target_port: Any
    source_port: Any = None
    protocol: Any = TCP
    lasts: Any = 0
    packets: Any = 1
    size: Any = 60
    packets_back: Any = 0
    size_back: Any = 0
    accepted: Any = None
    opens: Any = True
    closes: Any = FIN
    service: str = ""
    endpoint: bool = False
    interfaces: tuple[Interface, ...] = ()


def spread(value: Any, count: int) -> Ints:
    """Return a column of whole numbers, one for each row.

    Examples
    --------
    >>> spread(443, 2).tolist(), spread([80, 443], 2).tolist()
    ([443, 443], [80, 443])
    """
    found = np.asarray(value, dtype=np.int64)
    return np.full(count, found) if found.ndim == 0 else found


def words(value: Any, count: int) -> pl.Series:
    """Return a column of texts, one for each row, as a Series.

    Examples
    --------
    >>> words("10.20.0.10", 2).to_list()
    ['10.20.0.10', '10.20.0.10']
    """
    if isinstance(value, pl.Series):
        return value
    if isinstance(value, str):
        return pl.Series([value]).new_from_index(0, count)
    return pl.Series(value, dtype=pl.String)


def texts(value: Any, count: int) -> list[str]:
    """Return a column of texts, one for each row.

    Examples
    --------
    >>> texts("GET", 2), texts(("GET", "PUT"), 2)
    (['GET', 'GET'], ['GET', 'PUT'])
    """
    return [value] * count if isinstance(value, str) else list(value)


class Side(NamedTuple):
    """A place that sees one direction of conversations, and between which ends it sees it.

    Parameters
    ----------
    back
        Whether it is what the target sends.
    inward
        Whether it comes in at the interface.
    source, target
        The ends that records show: `OPENER`, `TARGET`, or one side of the `NAT` gateway.
    """

    back: bool
    inward: bool
    source: int
    target: int


OPENER, TARGET, NAT_OUTSIDE, NAT_INSIDE = range(4)
AT_OPENER = (Side(False, False, OPENER, TARGET), Side(True, True, TARGET, OPENER))
AT_NAT = (
    (Side(False, True, OPENER, NAT_INSIDE), Side(False, False, NAT_OUTSIDE, TARGET)),
    (Side(True, False, NAT_INSIDE, OPENER), Side(True, True, TARGET, NAT_OUTSIDE)),
)
AT_TARGET = (Side(False, True, OPENER, TARGET), Side(True, False, TARGET, OPENER))
SIDES = (*AT_OPENER, *AT_NAT[0], *AT_NAT[1], *AT_TARGET)
BACK, INWARD, SOURCES, TARGETS = (np.array(column) for column in zip(*SIDES, strict=True))


@dataclass(frozen=True)
class Talk:
    """Conversations with what was drawn for them.

    Parameters
    ----------
    at, what
        When they begin, epoch milliseconds, and what they are.
    sources, targets
        The places of the interfaces at their ends; -1 for strangers'.
    accepted
        Whether they were let in.
    addresses, ports
        As records show them: those of all openers, then of all targets, then (if there are any)
        those that a NAT gateway shows outside, and inside.
    """

    at: Ints
    what: Flows
    sources: Ints
    targets: Ints
    accepted: NDArray[np.bool_]
    addresses: pl.Series
    ports: Ints


@dataclass(frozen=True)
class Legs:
    """Records before their columns are made, one a row.

    Parameters
    ----------
    talk
        The conversations.
    rows, places, paths
        Of each record the conversation, the interface's place in the directory, the traffic path.
    sides
        Which of the `SIDES` it is.
    """

    talk: Talk
    rows: Ints
    places: Ints
    paths: Ints
    sides: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: Ints) -> Legs:
        """Return some records."""
        return replace(
            self,
            rows=self.rows[chosen],
            places=self.places[chosen],
            paths=self.paths[chosen],
            sides=self.sides[chosen],
        )

    @cached_property
    def back(self) -> NDArray[np.bool_]:
        """Which of them the target sends."""
        return BACK[self.sides]

    @property
    def inward(self) -> NDArray[np.bool_]:
        """Which of them come in at their interface."""
        return INWARD[self.sides]

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Which of them an interface refused: only that of the target does."""
        at_target = self.sides >= SIDES.index(AT_TARGET[0])
        return at_target & ~self.talk.accepted[self.rows]

    def each(self, column: Any) -> Ints:
        """Return a column of the conversations for each record."""
        found = np.asarray(column, dtype=np.int64)
        return np.full(len(self), found) if found.ndim == 0 else found[self.rows]

    def each_way(self, forth: Any, back: Any) -> Ints:
        """Return a column of the conversations, each record that of its direction."""
        count = len(self.talk.at)
        both = np.concatenate([spread(forth, count), spread(back, count)])
        return both[self.rows + self.back * count]

    @property
    def translated(self) -> bool:
        """Whether any of the conversations goes through a NAT gateway."""
        return len(self.talk.addresses) > (TARGET + 1) * len(self.talk.at)

    def ends(self, *, of_packets: bool = False) -> tuple[Ints, Ints]:
        """Return the places of source and target in the talk's ``addresses`` and ``ports``.

        Those of the packets themselves differ inside a NAT gateway.
        """
        ends = [SOURCES, TARGETS]
        if of_packets:
            ends = [np.where(end == NAT_INSIDE, TARGET, end) for end in ends]
        source, target = (end[self.sides] * len(self.talk.at) + self.rows for end in ends)
        return source, target


def legs_of(stage: Stage, known: Directory, at: Ints, what: Flows) -> Legs:
    """Return the records that conversations leave, not yet cut into windows.

    Parameters
    ----------
    stage
        Whose draws they are.
    known
        The network interfaces.
    at
        When the first packets go, epoch milliseconds.
    what
        The conversations.
    """
    talk = _talk(stage, known, at, what)
    parts = [part for part in _sides(known, talk) if len(part[1])]
    sides = [SIDES.index(side) for side, *_ in parts]
    lengths = [len(rows) for _, rows, *_ in parts]
    columns = [part[1:] for part in parts] or [(np.zeros(0, dtype=np.int64),) * 3]
    rows, places, paths = (np.concatenate(column) for column in zip(*columns, strict=True))
    return Legs(talk, rows, places, paths, np.repeat(np.array(sides, dtype=np.int64), lengths))


def _talk(stage: Stage, known: Directory, at: Ints, what: Flows) -> Talk:
    count = len(at)
    sources, source = _end(known, what.source, count)
    targets, target = _end(known, what.target, count)
    ports = spread(what.target_port, count)
    if what.accepted is None:
        callers = words(what.source, count).to_list()
        accepted = admitted(stage.world, known, at, callers, sources, targets, ports)
    else:
        accepted = np.broadcast_to(np.asarray(what.accepted, dtype=np.bool_), count)
    drawn = what.source_port is None
    port = stage.rng.between(count, *EPHEMERAL) if drawn else spread(what.source_port, count)
    ends = [(source, port), (target, ports)]
    gateways = known.gateway[sources]
    if not what.endpoint and ((sources >= 0) & (targets < 0) & (gateways >= 0)).any():
        own = known.private[np.maximum(gateways, 0)]
        ends += [(own, stage.rng.between(count, *TRANSLATED)), (own, ports)]
    shown, numbers = zip(*ends, strict=True)
    return Talk(at, what, sources, targets, accepted, pl.concat(shown), np.concatenate(numbers))


def _end(known: Directory, given: Any, count: int) -> tuple[Ints, pl.Series]:
    """Return the places of addresses, and how records show them: of ours the private ones."""
    if isinstance(given, str):
        [place], shown = _end(known, pl.Series([given]), 1)
        return np.full(count, place), shown.new_from_index(0, count)
    column = words(given, count)
    places = known.places(column)
    if not (places >= 0).any():
        return places, column
    private = known.private[np.maximum(places, 0)]
    return places, private.zip_with(pl.Series(places >= 0), column)


_Part = tuple[Side, Ints, Ints, Ints]
"""A side, the conversations that it sees, the interfaces' places, the traffic paths."""


def _sides(known: Directory, talk: Talk) -> Iterator[_Part]:
    """Yield the records at the opener's interface, at the gateway's, at the target's."""
    sources, targets = talk.sources, talk.targets
    answered = talk.accepted & (spread(talk.what.packets_back, len(talk.at)) > 0)
    ours, theirs = sources >= 0, targets >= 0
    inside = ours & theirs & (known.vpc[sources] == known.vpc[targets])
    out = np.where(inside, WITHIN_VPC, _way_out(known, talk))
    yield from _at_interface(AT_OPENER, sources, out, (ours, ours & answered))
    if not talk.what.endpoint:
        yield from _at_gateway(known, talk, ours & ~theirs, answered)
    nitro = np.where(known.nitro[targets], NITRO_INTERNET, INTERNET)
    out = np.where(inside, WITHIN_VPC, nitro)
    yield from _at_interface(AT_TARGET, targets, out, (theirs, theirs & answered))


def _at_interface(
    sides: tuple[Side, Side], places: Ints, out: Ints, seen: tuple[NDArray[np.bool_], ...]
) -> Iterator[_Part]:
    """Yield what an end of ours sees of each direction; only what goes out has a path."""
    for side, chosen in zip(sides, seen, strict=True):
        rows = np.flatnonzero(chosen)
        yield side, rows, places[rows], np.zeros_like(rows) if side.inward else out[rows]


def _way_out(known: Directory, talk: Talk) -> Ints:
    nitro = known.nitro[talk.sources]
    if talk.what.endpoint:
        return np.where(nitro, NITRO_ENDPOINT, INTERNET)
    by_gateway = known.gateway[talk.sources] >= 0
    return np.where(by_gateway, WITHIN_VPC, np.where(nitro, NITRO_INTERNET, INTERNET))


def _at_gateway(
    known: Directory, talk: Talk, outward: NDArray[np.bool_], answered: NDArray[np.bool_]
) -> Iterator[_Part]:
    """Yield the records of a NAT gateway, which hides the host's address behind its own."""
    gateways = np.where(outward, known.gateway[talk.sources], -1)
    for sides, seen in zip(AT_NAT, (gateways >= 0, (gateways >= 0) & answered), strict=True):
        rows = np.flatnonzero(seen)
        for side, way in zip(sides, (WITHIN_VPC, INTERNET), strict=True):
            path = np.full_like(rows, 0 if side.inward else way)
            yield side, rows, gateways[rows], path
