"""Who holds which block of addresses, and where on the map it lies. All of it is fictional."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

__all__ = ["Atlas", "Legitimate", "Place", "Range"]

Legitimate = Literal["yes", "expected", "named", "no"]


@dataclass(frozen=True)
class Place:
    """A point of the map with the network that announces it: what an enrichment can know.

    Parameters
    ----------
    country, country_name, country_name_ja
        The ISO code, and the name in English and Japanese.
    continent
        The two-letter code of the continent.
    city, city_ja
        The city's name in English and Japanese.
    latitude, longitude
        Degrees.
    time_zone
        The IANA name.
    asn, organization
        The number of the autonomous system, and the name it is registered under.
    """

    country: str
    country_name: str
    country_name_ja: str
    continent: str
    city: str
    city_ja: str
    latitude: float
    longitude: float
    time_zone: str
    asn: int = 0
    organization: str = ""


@dataclass(frozen=True)
class Range:
    """A block of addresses with one holder.

    Parameters
    ----------
    name
        What the generator calls it: ``tokyo-office``, ``vps-a``.
    cidr
        The block.
    who_en, who_ja
        The holder, in words.
    asn, as_name
        The autonomous system that announces it (documentation numbers).
    place
        Where it lies.
    on_sheet
        Whether learners are told of it.
    legitimate
        ``yes``: the company's own or under contract; ``expected``: anybody may come from there;
        ``named``: known, and odd on purpose; ``no``: nobody the company knows.
    """

    name: str
    cidr: str
    who_en: str
    who_ja: str
    place: Place
    on_sheet: bool
    legitimate: Legitimate

    @cached_property
    def network(self) -> IPv4Network | IPv6Network:
        """The block as a network."""
        return ip_network(self.cidr)

    @property
    def asn(self) -> int:
        """The number of the autonomous system."""
        return self.place.asn

    @property
    def as_name(self) -> str:
        """The name of the autonomous system."""
        return self.place.organization

    @property
    def country(self) -> str:
        """The country's ISO code."""
        return self.place.country

    @property
    def country_name(self) -> str:
        """The country's name in English."""
        return self.place.country_name

    @property
    def city(self) -> str:
        """The city's name in English."""
        return self.place.city

    @property
    def latitude(self) -> float:
        """Degrees north."""
        return self.place.latitude

    @property
    def longitude(self) -> float:
        """Degrees east."""
        return self.place.longitude

    @property
    def time_zone(self) -> str:
        """The IANA name of the time zone."""
        return self.place.time_zone


class Atlas:
    """Finds the block that an address lies in: the narrowest that holds it.

    Parameters
    ----------
    ranges
        The blocks.

    Examples
    --------
    >>> here = Place("JP", "Japan", "日本", "AS", "Tokyo", "東京", 35.7, 139.7, "Asia/Tokyo")
    >>> wide = Range("wide", "198.18.0.0/16", "", "", here, True, "expected")
    >>> narrow = Range("narrow", "198.18.4.0/24", "", "", here, True, "expected")
    >>> Atlas((wide, narrow)).find("198.18.4.9").name
    'narrow'
    """

    def __init__(self, ranges: tuple[Range, ...]) -> None:
        narrow_first = sorted(ranges, key=lambda entry: -entry.network.prefixlen)
        self._blocks = [
            (
                entry.network.version,
                int(entry.network.netmask),
                int(entry.network.network_address),
                entry,
            )
            for entry in narrow_first
        ]
        self.find = lru_cache(maxsize=262144)(self._find)

    def _find(self, address: str) -> Range | None:
        try:
            parsed = ip_address(address)
        except ValueError:  # a service's name stands where an address could
            return None
        number = int(parsed)
        for version, mask, base, entry in self._blocks:
            if version == parsed.version and number & mask == base:
                return entry
        return None
