"""VPC flow logs: columns split at blanks below a header line, the default or any custom set."""

from __future__ import annotations

import re
from typing import Any

from siemlab.logs.model import Draft, LogType
from siemlab.logs.times import Epoch

__all__ = ["VPCFLOWLOGS"]

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
)
