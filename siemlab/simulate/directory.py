"""Whose network interface has an address, and what flow records tell of that interface."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from siemlab.baseline import Baseline
from siemlab.baseline.network import Interface
from siemlab.simulate.ids import Ids
from siemlab.simulate.rng import Ints, Rng

__all__ = ["Directory", "directory", "zone_id"]

NITRO_SECONDS = 60
DEFAULT_SECONDS = 600
COMPASS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}
ZONE_ORDER = {"a": "4", "b": "3", "c": "1", "d": "2"}  # in Tokyo, zone a is az4 for many accounts


def zone_id(zone: str) -> str:
    """Return the id of an availability zone, which is the same in all accounts.

    Examples
    --------
    >>> zone_id("ap-northeast-1a"), zone_id("us-west-2b")
    ('apne1-az4', 'usw2-az3')
    """
    area, direction, number = zone[:-1].rsplit("-", 2)
    letter = zone[-1]
    return f"{area}{COMPASS[direction]}{number}-az{ZONE_ORDER.get(letter, ord(letter) - 96)}"


@dataclass(frozen=True, eq=False)
class Directory:
    """Network interfaces with what flow records tell of them, by place.

    Parameters
    ----------
    baseline, ids
        The company, and how things are called.
    interfaces
        The interfaces.

    Examples
    --------
    >>> import polars as pl
    >>> from siemlab.baseline import load_baseline
    >>> known = directory(load_baseline(), Ids(2022))
    >>> known.interfaces[known.places(pl.Series(["203.0.113.129"]))[0]].name
    'sz-prod-bastion-01'
    """

    baseline: Baseline
    ids: Ids
    interfaces: tuple[Interface, ...]

    @cached_property
    def _by_address(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, interface in enumerate(self.interfaces):
            for address in (interface.private_ip, interface.public_ip):
                if address:
                    found[address] = place
        return found

    def places(self, addresses: pl.Series) -> Ints:
        """Return the place of the interface that has each address; -1 for strangers'."""
        known = self._by_address
        found = addresses.replace_strict(
            pl.Series(list(known), dtype=pl.String),
            pl.Series(list(known.values()), dtype=pl.Int64),
            default=-1,
            return_dtype=pl.Int64,
        )
        return found.to_numpy()

    @cached_property
    def private(self) -> pl.Series:
        """The private address of each interface."""
        return pl.Series([interface.private_ip for interface in self.interfaces], dtype=pl.String)

    @cached_property
    def vpcs(self) -> tuple[str, ...]:
        """The logical names of the VPCs."""
        return tuple(dict.fromkeys(interface.vpc for interface in self.interfaces))

    @cached_property
    def vpc(self) -> Ints:
        """For each interface the place of its VPC in `vpcs`."""
        return np.array([self.vpcs.index(found.vpc) for found in self.interfaces], dtype=np.int64)

    @cached_property
    def nitro(self) -> NDArray[np.bool_]:
        """For each interface whether it belongs to a Nitro instance."""
        return np.array([interface.nitro for interface in self.interfaces], dtype=np.bool_)

    @cached_property
    def window(self) -> Ints:
        """For each interface over how many seconds its records add up."""
        seconds = {log.vpc: log.aggregation_seconds for log in self.baseline.flow_logs.values()}
        asked = [seconds.get(found.vpc, DEFAULT_SECONDS) for found in self.interfaces]
        return np.where(self.nitro, NITRO_SECONDS, np.array(asked, dtype=np.int64))

    @cached_property
    def phase(self) -> Ints:
        """For each interface at which second its windows begin: the same for all teams."""
        draws = [
            Rng(self.ids.seed, "phase", found.name).one(0, DEFAULT_SECONDS - 1)
            for found in self.interfaces
        ]
        return np.array(draws, dtype=np.int64) % self.window

    @cached_property
    def gateway(self) -> Ints:
        """For each interface the place of the NAT gateway by which it leaves; -1 for none."""
        hosts = self.baseline.hosts
        nats = {
            found.public_ip: place
            for place, found in enumerate(self.interfaces)
            if found.kind == "nat-gateway"
        }
        zoned = {
            (found.vpc, self._zone(found)): place
            for place, found in enumerate(self.interfaces)
            if found.kind == "nat-gateway"
        }

        def leaves_by(found: Interface) -> int:
            if found.kind == "host" and found.owner in hosts:
                host = hosts[found.owner]
                return -1 if host.public_ip or not host.nat_ip else nats.get(host.nat_ip, -1)
            if found.kind == "lambda":
                return zoned.get((found.vpc, self._zone(found)), -1)
            return -1

        return np.array([leaves_by(found) for found in self.interfaces], dtype=np.int64)

    def _zone(self, interface: Interface) -> str:
        subnets = self.baseline.vpcs[interface.vpc].subnets
        return next(subnet.zone for subnet in subnets if subnet.name == interface.subnet)

    @cached_property
    def texts(self) -> pl.DataFrame:
        """The texts of records: one row for each interface, named as the fields are."""
        rows = [
            {
                "account_id": self.baseline.accounts[found.account].id,
                "interface_id": self.ids.interface(found.name),
                "vpc_id": self.ids.resource("vpc", found.vpc),
                "subnet_id": self.ids.resource("subnet", found.subnet),
                "instance_id": self.ids.instance(found.owner) if found.kind == "host" else None,
                "region": self.baseline.vpcs[found.vpc].region,
                "az_id": zone_id(self._zone(found)),
            }
            for found in self.interfaces
        ]
        return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))


@lru_cache(maxsize=64)
def directory(baseline: Baseline, ids: Ids, more: tuple[Interface, ...] = ()) -> Directory:
    """Return the company's network interfaces, and further ones that a story made.

    Parameters
    ----------
    baseline, ids
        The company, and how things are called.
    more
        Interfaces of hosts that the company does not know: their owner's name makes the ids.
    """
    return Directory(baseline, ids, (*baseline.network_interfaces(), *more))
