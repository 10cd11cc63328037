"""R5f for flows: a private address is that of one network interface, and of one that exists."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from siemlab.realism.inventory import Inventory
from siemlab.realism.joins import Join
from siemlab.realism.reading import Seen
from siemlab.realism.values import integer

__all__ = ["InterfaceJoin"]

Place = tuple[str, int]

PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))


class InterfaceJoin(Join):
    """Collects which interface has which address, and when; what is launched gets new ones.

    Parameters
    ----------
    inventory
        The private addresses that had an interface at the start.
    """

    reads = frozenset({"cloudtrail", "vpcflowlogs"})
    test = "R5"

    def __init__(self, inventory: Inventory | None = None) -> None:
        one = ("f) addresses with one interface at a time", "f) 同時に 1 つの ENI だけのアドレス")
        there = ("f) addresses with an interface at all", "f) ENI が実在するアドレス")
        super().__init__({"one": (*one, 1.0), "there": (*there, 1.0)})
        self._known = (inventory or Inventory()).interfaces
        self._launched: set[str] = set()
        self._spans: dict[tuple[str, str], dict[str, tuple[int, int, Place]]] = defaultdict(dict)

    def see(self, seen: Seen) -> None:
        """Take a flow, or a launch, into account."""
        raw = seen.record.raw
        if seen.log_type.name == "cloudtrail":
            if raw.get("readOnly") is False and raw.get("eventSource") == "ec2.amazonaws.com":
                self._launched.update(_addresses(raw.get("responseElements")))
            return
        own = {"ingress": "dstaddr", "egress": "srcaddr"}.get(str(raw.get("flow_direction")))
        start, end = integer(raw.get("start")), integer(raw.get("end"))
        if own is None or start is None or end is None or not _is_private(str(raw.get(own))):
            return
        place, interface = (seen.key, seen.record.number), str(raw.get("interface_id"))
        where = (str(raw.get("vpc_id")), str(raw[own]))
        known = self._spans[where].get(interface)
        if known is not None:
            start, end, place = min(start, known[0]), max(end, known[1]), known[2]
        self._spans[where][interface] = (start, end, place)

    def close(self) -> None:
        """See whether two interfaces had an address at once, and whether it was anybody's."""
        for (_, address), interfaces in self._spans.items():
            spans = sorted(interfaces.values())
            together = any(after[0] < before[1] for before, after in pairwise(spans))
            self._judge("one", not together, spans[0][2], f"{address} is on two interfaces")
            if self._known is not None:
                there = address in self._known or address in self._launched
                self._judge("there", there, spans[0][2], f"{address} is of no interface")


def _addresses(value: Any) -> Iterator[str]:
    """Yield the private addresses that an answer names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "privateIpAddress" and isinstance(inner, str):
                yield inner
            else:
                yield from _addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _addresses(inner)


@lru_cache(maxsize=100_000)
def _is_private(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in PRIVATE)
