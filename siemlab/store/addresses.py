"""Addresses and networks as numbers of 128 bits, IPv4 mapped into IPv6."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Final

__all__ = ["address", "address_text", "network"]

_MAPPED: Final = 0xFFFF << 32
_V4: Final = 2**32 - 1


def address(text: str) -> int:
    """Return the number of an address.

    Parameters
    ----------
    text
        IPv4 with dots, without leading zeros, or IPv6 in any spelling; its zone is left out.

    Raises
    ------
    ValueError
        When it is no address.

    Examples
    --------
    >>> address("10.0.0.5") == address("::ffff:10.0.0.5")
    True
    """
    if ":" not in text:
        return _MAPPED | int(IPv4Address(text))
    return int(IPv6Address(text.partition("%")[0]))


def network(text: str) -> tuple[int, int]:
    """Return the first and the last address of a network; host bits are dropped.

    The server refuses networks of IPv4 addresses that are mapped into IPv6.

    Parameters
    ----------
    text
        An address, a slash, and the length of the prefix.

    Raises
    ------
    ValueError
        When it is no network.

    Examples
    --------
    >>> low, high = network("10.0.0.1/24")
    >>> address_text(low), address_text(high)
    ('10.0.0.0', '10.0.0.255')
    """
    base, _, length = text.rstrip("/").partition("/")
    number = address(base)
    mapped = number >> 32 == 0xFFFF
    if mapped and ":" in base:
        raise ValueError(text)
    bits = 32 if mapped else 128
    prefix = int(length) if length.removeprefix("+").isdecimal() else -1
    if not 0 <= prefix <= bits:
        raise ValueError(text)
    hosts = (1 << (bits - prefix)) - 1
    return number & ~hosts, number | hosts


def address_text(number: int) -> str:
    """Return an address as the server prints it.

    Examples
    --------
    >>> address_text(address("2001:DB8:0:0::1")), address_text(address("::ffff:10.0.0.5"))
    ('2001:db8::1', '10.0.0.5')
    """
    return str(IPv4Address(number & _V4) if number >> 32 == 0xFFFF else IPv6Address(number))
