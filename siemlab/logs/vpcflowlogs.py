"""VPC flow logs: columns split at blanks below a header line, the default or any custom set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from siemlab.logs.columns import Columns, Table
from siemlab.logs.keys import aws_logs, stamp
from siemlab.logs.model import Draft, Envelope, LogType
from siemlab.logs.rows import Frame
from siemlab.logs.times import Epoch
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["FIELDS", "VPCFLOWLOGS", "vpc_rows", "vpc_rows_of_kinds", "writer_of"]

# A custom format of version 5: all fields but those of Outposts, in the order of the user guide.
FIELDS = (
    *("version", "account_id", "interface_id", "srcaddr", "dstaddr", "srcport", "dstport"),
    *("protocol", "packets", "bytes", "start", "end", "action", "log_status"),
    *("vpc_id", "subnet_id", "instance_id", "tcp_flags", "type", "pkt_srcaddr", "pkt_dstaddr"),
    *("region", "az_id", "pkt_src_aws_service", "pkt_dst_aws_service", "flow_direction"),
    "traffic_path",
)
NUMBERS = frozenset(
    {
        *("version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end"),
        *("tcp_flags", "traffic_path"),
    }
)

DEFAULTS = {"version": 5, "log_status": "OK"}

# Those that the SIEM names; ICMPv6 (58) is not among them.
TRANSPORTS = {
    "1": "icmp",
    "6": "tcp",
    "8": "egp",
    "17": "udp",
    "33": "dccp",
    "41": "ipv6",
    "42": "sdrp",
    "47": "gre",
    "132": "sctp",
}


def finish(draft: Draft) -> None:
    """Name the outcome, the protocol, and the log type of a transit gateway's records.

    Examples
    --------
    >>> draft = Draft({"protocol": "6", "event": {"action": "REJECT"}, "network": {"type": "IPv4"}})
    >>> finish(draft)
    >>> draft.source["event"]["outcome"], draft.source["network"]
    ('failure', {'type': 'ipv4', 'transport': 'tcp'})
    """
    source = draft.source
    if source.get("resource_type"):
        source["@log_type"] = "transit-gateway"
    else:
        source["event"]["outcome"] = _outcome(source["event"].get("action", ""))
    network: dict[str, Any] | None = source.get("network")
    if network is None:
        return
    transport = TRANSPORTS.get(source.get("protocol", ""))
    if transport:
        network["transport"] = transport
    if "type" in network:
        network["type"] = network["type"].lower()


def _outcome(action: str) -> str:
    if "ACCEPT" in action:
        return "success"
    return "failure" if "REJECT" in action else "unknown"


def vpc_rows(columns: Columns) -> Frame:
    r"""Render flow records of the `FIELDS`.

    Parameters
    ----------
    columns
        A column for each field; version 5 and status ``OK`` where none is given, ``-`` for others.
        Records of status NODATA and SKIPDATA have null where they know nothing.

    Raises
    ------
    LogFormatError
        There is no such field, or the columns have different lengths.

    Examples
    --------
    >>> rows = vpc_rows({"srcaddr": ["198.51.100.7", "10.0.0.5"], "dstport": [22, 443], "end": 9})
    >>> print(rows.join(0, 2, b"\n").decode()[:60])
    5 - - 198.51.100.7 - - 22 - - - - 9 - OK - - - - - - - - - -
    """
    import polars as pl

    table = Table({**DEFAULTS, **columns}, FIELDS)
    return Frame(
        pl.select(
            [
                (table.whole(name) if name in NUMBERS else table.text(name)).alias(name)
                for name in FIELDS
            ]
        )
    )


def vpc_rows_of_kinds(kinds: Sequence[Mapping[str, Any]], which: Any, columns: Columns) -> Frame:
    r"""Render many flow records that are of a few kinds: what a kind fixes is put together once.

    Parameters
    ----------
    kinds
        Of each kind the values of fields; those that are in ``columns`` do not count.
    which
        Of which kind each record is: places in ``kinds``.
    columns
        The fields in which the records of a kind differ.

    Examples
    --------
    >>> kinds = [{"account_id": "111122223333", "action": "ACCEPT"}, {"action": "REJECT"}]
    >>> rows = vpc_rows_of_kinds(kinds, [1, 0], {"srcaddr": ["10.0.0.5"] * 2, "end": [8, 9]})
    >>> print(rows.join(0, 2, b"\n").decode().replace(" -", ""))
    5 10.0.0.5 8 REJECT OK
    5 111122223333 10.0.0.5 9 ACCEPT OK
    """
    import polars as pl

    texts = [
        {name: str(value) for name, value in {**DEFAULTS, **kind}.items() if value is not None}
        for kind in kinds
    ]
    made: list[pl.Series] = []
    for differs, fields in groupby(FIELDS, key=columns.__contains__):
        names = list(fields)
        if differs:
            made += [pl.Series(name, columns[name]) for name in names]
        else:
            phrases = [" ".join([text.get(name, "-") for name in names]) for text in texts]
            made.append(pl.Series(names[0], phrases, dtype=pl.String)[which])
    return Frame(pl.DataFrame(made))


def writer_of(fields: Sequence[str]) -> Writer:
    r"""Return the writer of a flow log with a format of its own.

    Parameters
    ----------
    fields
        The names of its columns, as records have them.

    Examples
    --------
    >>> writer = writer_of(("start", "end", "pkt_srcaddr"))
    >>> writer.head, writer.encode({"start": "1", "end": "2", "pkt_srcaddr": "10.0.0.5"})
    (b'start end pkt-srcaddr\n', b'1 2 10.0.0.5')
    """

    def encode(raw: Mapping[str, Any], _envelope: Envelope | None = None) -> bytes:
        return " ".join([str(raw.get(name, "-")) for name in fields]).encode()

    header = " ".join(fields).replace("_", "-")
    rhythm = Rhythm(least=60, most=240, disorder=600)
    return Writer(key=_key, encode=encode, head=f"{header}\n".encode(), rhythm=rhythm)


def _key(delivery: Delivery) -> str:
    stream, time = delivery.stream, delivery.time
    folder = f"{aws_logs(delivery)}/vpcflowlogs/{stream.region}/{time:%Y/%m/%d}"
    ending = f"{stream.region}_{stream.part}_{stamp(time)}_{delivery.token[:8]}.log.gz"
    return f"{folder}/{stream.account}_vpcflowlogs_{ending}"


VPCFLOWLOGS = LogType(
    name="vpcflowlogs",
    index="log-aws-vpcflowlogs",
    key=re.compile("vpcflowlogs"),
    framing="table",
    time=Epoch("end"),
    ecs={
        "cloud.account.id": "account_id",
        "cloud.instance.id": "instance_id",
        "cloud.region": "region",
        "destination.address": "dstaddr",
        "destination.ip": "dstaddr",
        "destination.port": "dstport",
        "event.action": "action",
        "network.bytes": "bytes",
        "network.direction": "flow_direction",
        "network.iana_number": "protocol",
        "network.packets": "packets",
        "network.type": "type",
        "related.ip": ["srcaddr", "dstaddr", "pkt_srcaddr", "pkt_dstaddr"],
        "source.address": "srcaddr",
        "source.bytes": "bytes",
        "source.ip": "srcaddr",
        "source.packets": "packets",
        "source.port": "srcport",
    },
    static={"event.kind": "event", "event.category": ["network"]},
    finish=finish,
    geoip=("source", "destination"),
    writer=writer_of(FIELDS),
)
