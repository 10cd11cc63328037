"""VPC flow records: what the interfaces at both ends, and the NAT gateway between, saw of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from siemlab.logs.vpcflowlogs import vpc_rows_of_kinds
from siemlab.logs.writing import Frame, Stream
from siemlab.simulate.directory import Directory, directory
from siemlab.simulate.legs import FIN, RST, RST_ACK, SYN, SYN_ACK, TCP, Flows, Legs, legs_of
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.world import World

__all__ = ["FIN", "RST", "RST_ACK", "Flows", "flow_log_id", "flows", "idle"]

REPORTED_LATER = 50  # seconds: `end` may lie up to 60 s behind the last packet
DIFFERING = (
    *("srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end"),
    *("pkt_srcaddr", "pkt_dstaddr"),
)
PATHS, FLAGS = 9, 32  # traffic paths and TCP flags are below


def flow_log_id(world: World, vpc: str, at: int) -> str:
    """Return the id of a VPC's flow log at a time: one that was deleted comes back as another.

    Parameters
    ----------
    world
        The world, whose effects ``not logged`` say when a flow log was deleted.
    vpc
        The VPC's logical name.
    at
        Epoch milliseconds.
    """
    return _flow_log(world, vpc, sum(end <= at for end in _returns(world, vpc)))


def _flow_log(world: World, vpc: str, serial: int) -> str:
    return world.ids.resource("fl", vpc, serial) if serial else world.ids.resource("fl", vpc)


def _returns(world: World, vpc: str) -> list[int]:
    """Return when a VPC's flow log came back, after it had been deleted."""
    home = world.baseline.vpcs[vpc]
    subject = world.source_name("vpcflowlogs", world.account(home.account), home.region, vpc)
    ended = {
        effect.until
        for effect in world.effects
        if effect.kind == "not logged" and effect.subject == subject
    }
    return sorted(ended)


def flows(stage: Stage, at: ArrayLike, what: Flows, *, named: bool = True) -> Acts:
    """Record conversations at every interface of ours that they pass.

    One conversation makes a record each way at each end that is ours (and four at the NAT gateway),
    in each window of that interface in which packets went: 10 minutes, of Nitro instances one.

    Parameters
    ----------
    stage
        Where it happens.
    at
        When the first packet goes, epoch milliseconds: one time or many.
    what
        The conversations.
    named
        Whether the acts have ids (``"<interface> <source> <port> <target> <port> <start>"``);
        the heavy background has no need of them.

    Returns
    -------
    Acts
        One row for each record; its time is the record's end, as the SIEM stamps it.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.stage import Records
    >>> stage = Stage(World(load_baseline(), seed=2022), Records(), "example")
    >>> knock = Flows(source="198.19.3.4", target="10.20.0.10", target_port=22)
    >>> len(flows(stage, 1664722800000, knock))
    1
    """
    moments = times(at)
    known = directory(stage.world.baseline, stage.world.ids, what.interfaces)
    cut = _cut(stage, known, legs_of(stage, known, moments, what))
    return _written(stage, known, cut, named)


# --- windows -------------------------------------------------------------------------------------


class _Cut(NamedTuple):
    """Records cut at the edges of windows: whose they are, and what went in the window."""

    legs: Legs
    packets: Ints
    size: Ints
    start: Ints
    end: Ints
    flags: Ints

    def take(self, chosen: Ints) -> _Cut:
        legs, *columns = self
        return _Cut(legs.take(chosen), *(column[chosen] for column in columns))


def _cut(stage: Stage, known: Directory, legs: Legs) -> _Cut:
    """Cut records at the edges of their interface's windows, the packets shared out evenly."""
    what = legs.talk.what
    window, phase = known.window[legs.places], known.phase[legs.places]
    begin = legs.talk.at[legs.rows]
    start, end = begin // 1000, -(-(begin + legs.each(what.lasts)) // 1000)
    first, last = (start - phase) // window, (end - phase) // window
    packets = legs.each_way(what.packets, what.packets_back)
    pieces = np.minimum(last - first + 1, np.maximum(packets, 1))
    rows = np.repeat(np.arange(len(legs)), pieces)
    turn = np.arange(len(rows)) - (np.cumsum(pieces) - pieces)[rows]
    if len(rows) > len(legs):  # most knocks of strangers are over at once
        legs, packets, pieces = legs.take(rows), packets[rows], pieces[rows]
        start, end, window, phase = start[rows], end[rows], window[rows], phase[rows]
        first, last = first[rows], last[rows]
    size, whole = legs.each_way(what.size, what.size_back), np.maximum(packets, 1)
    before, after = packets * turn // pieces, packets * (turn + 1) // pieces
    # A conversation of few packets has windows in which none went: those it has are spread.
    edge = (first + turn * (last - first) // np.maximum(pieces - 1, 1)) * window + phase
    closes = turn == pieces - 1
    ended = np.where(closes, end, edge + window - 1)
    late = stage.rng.below(len(rows), REPORTED_LATER)
    return _Cut(
        legs,
        after - before,
        size * after // whole - size * before // whole,
        np.where(turn == 0, start, edge),
        np.minimum(ended + late, np.maximum(edge + window - 1, ended)),
        _flags(legs, after - before, turn == 0, closes),
    )


def _flags(legs: Legs, packets: Ints, opens: NDArray[np.bool_], closes: NDArray[np.bool_]) -> Ints:
    """Return what the packets of each record say of the conversation."""
    what, accepted = legs.talk.what, legs.talk.accepted[legs.rows]
    last = legs.each(what.closes)
    opens, ends = opens | ~accepted, closes & accepted  # who gets no answer tries again
    broken, refused = last == RST, last == RST_ACK
    if broken.any() or refused.any():
        # Who breaks handshakes off does so in every window: a lone packet is one end of one.
        alone = packets == 1
        opens = (opens | broken & ~(alone & ends & ~legs.back)) & ~(refused & legs.back)
        breaks = ~legs.back & accepted & ~(alone & opens)
        ends = np.where(broken, breaks, np.where(refused, legs.back, ends))
        last = np.where(refused, RST, last)
    opening = legs.each(what.opens) * np.where(legs.back, SYN_ACK, SYN) * opens
    return np.where(legs.each(what.protocol) == TCP, opening + last * ends, 0)


# --- records -------------------------------------------------------------------------------------


def _written(stage: Stage, known: Directory, cut: _Cut, named: bool) -> Acts:
    """Write the records of each VPC to its flow log; return them all, VPC by VPC."""
    vpcs = known.vpc[cut.legs.places]
    found = [Acts("vpcflowlogs", times([]), ())]
    numbers = np.flatnonzero(np.bincount(vpcs)).tolist()
    for number in numbers:
        part = cut if len(numbers) == 1 else cut.take(np.flatnonzero(vpcs == number))
        columns = _columns(part)
        frame = vpc_rows_of_kinds(*_kinds(known, part), columns)
        ends = part.end * 1000
        logged = _stored(stage, known.vpcs[number], ends, frame)
        ids = tuple(_names(known, part, columns)) if named else ()
        found.append(Acts("vpcflowlogs", ends, ids, logged=logged))
    return _joined(found)


def _columns(cut: _Cut) -> dict[str, Any]:
    """Return the fields in which records differ."""
    legs, talk = cut.legs, cut.legs.talk
    source, target = legs.ends()
    shown = packets = (talk.addresses[source], talk.addresses[target])
    if legs.translated:
        first, last = legs.ends(of_packets=True)
        packets = (talk.addresses[first], talk.addresses[last])
    columns = (
        *(*shown, talk.ports[source], talk.ports[target], legs.each(talk.what.protocol)),
        *(cut.packets, cut.size, cut.start, cut.end, *packets),
    )
    return dict(zip(DIFFERING, columns, strict=True))


def _kinds(known: Directory, cut: _Cut) -> tuple[list[dict[str, Any]], Ints]:
    """Return the kinds of records, and of which kind each is: the fields that few values have."""
    legs, service = cut.legs, cut.legs.talk.what.service
    shape = (len(known.interfaces), 2, 2, PATHS, FLAGS)
    given = (legs.places, legs.inward.astype(np.int64), legs.refused.astype(np.int64))
    codes = np.ravel_multi_index((*given, legs.paths, cut.flags), shape)
    found = np.flatnonzero(np.bincount(codes))
    number = np.zeros(found[-1] + 1, dtype=np.int64)
    number[found] = np.arange(len(found))
    kinds = []
    for code in found.tolist():
        place, inward, refused, path, flags = (int(n) for n in np.unravel_index(code, shape))
        # The service is at the far end: that of whom we send to, or hear from.
        served = "pkt_src_aws_service" if inward else "pkt_dst_aws_service"
        kinds.append(
            {
                **known.texts.row(place, named=True),
                "action": "REJECT" if refused else "ACCEPT",
                "tcp_flags": flags,
                "type": "IPv4",
                served: service or None,
                "flow_direction": "ingress" if inward else "egress",
                "traffic_path": path or None,
            }
        )
    return kinds, number[codes]


def _names(known: Directory, cut: _Cut, columns: Mapping[str, Any]) -> list[str]:
    fields = ("srcaddr", "srcport", "dstaddr", "dstport", "start")
    interfaces = known.texts["interface_id"][cut.legs.places]
    records = pl.DataFrame({"interface": interfaces, **{name: columns[name] for name in fields}})
    return records.select(pl.concat_str(pl.all(), separator=" ")).to_series().to_list()


def _stored(stage: Stage, vpc: str, ends: Ints, frame: Frame) -> NDArray[np.bool_]:
    """Write records to the flow log that the VPC has at their time."""
    world, home = stage.world, stage.world.baseline.vpcs[vpc]
    returns = _returns(world, vpc)
    serials = np.searchsorted(np.array(returns, dtype=np.int64), ends, side="right")
    logged = np.zeros(len(ends), dtype=np.bool_)
    for serial in np.unique(serials).tolist():
        rows = np.flatnonzero(serials == serial)
        stream = Stream(
            "vpcflowlogs",
            world.account(home.account),
            home.region,
            part=_flow_log(world, vpc, serial),
        )
        kept = frame if len(rows) == len(ends) else frame.take(rows)
        logged[rows] = stage.write(stream, ends[rows], kept, source=vpc)
    return logged


def _joined(parts: Sequence[Acts]) -> Acts:
    return Acts(
        "vpcflowlogs",
        np.concatenate([part.at for part in parts]),
        tuple(name for part in parts for name in part.ids),
        logged=np.concatenate([part.logged for part in parts]),
    )


def idle(stage: Stage, interface: str, at: ArrayLike) -> Acts:
    """Record windows in which nothing passed an interface (``NODATA``).

    Parameters
    ----------
    stage
        Where.
    interface
        The interface's logical name.
    at
        Any time of each window, epoch milliseconds.
    """
    world = stage.world
    known = directory(world.baseline, world.ids)
    place = [found.name for found in known.interfaces].index(interface)
    window, phase = int(known.window[place]), int(known.phase[place])
    start = (times(at) // 1000 - phase) // window * window + phase
    owner = known.texts.row(place, named=True)
    count = len(start)
    kind = {name: owner[name] for name in ("account_id", "interface_id")}
    frame = vpc_rows_of_kinds(
        [{**kind, "log_status": "NODATA"}],
        np.zeros(count, dtype=np.int64),
        {**dict.fromkeys(DIFFERING, [None] * count), "start": start, "end": start + window - 1},
    )
    ends = (start + window - 1) * 1000
    logged = _stored(stage, known.interfaces[place].vpc, ends, frame)
    ids = tuple(f"{owner['interface_id']} NODATA {second}" for second in start.tolist())
    return Acts("vpcflowlogs", ends, ids, logged=logged)
