"""Nobody is named: each address, account, domain and key in any value is one that is nobody's."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from siemlab.logs import LOG_TYPES
from siemlab.realism.figures import Figure, Violation, Violations
from siemlab.realism.inventory import Inventory, Network
from siemlab.realism.keys import account_of_key
from siemlab.realism.reading import Seen

__all__ = ["NOBODYS", "OwnershipCheck", "owned_in"]

NOBODYS: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        # documentation, benchmarking
        *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15"),
        *("2001:db8::/32", "3fff::/20"),
        # private, shared, this host, this link, everybody
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
        *("0.0.0.0/32", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"),
        *("::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)
"""The ranges that belong to nobody: of documentation, of benchmarks, and private ones."""

# A version (Chrome/107.0.0.0) is no address; what stands alone or behind // is one.
IPV4 = re.compile(r"(?:(?<![\w./%-])|(?<=//)|(?<=%2F%2F))(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]{2,39}(?![\w:])")
ACCOUNT = re.compile(r"arn:aws[a-z-]*:[\w-]*:[\w-]*:(\d{12})(?!\d)")
TWELVE = re.compile(r"\d{12}")
OF_ACCOUNT = re.compile("account|owner|principal$|^aws$", re.IGNORECASE)
KEY = re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")
PLACEHOLDER = re.compile(r"(?<![A-Z0-9])A[A-Z]{3}[A-Z0-9]{9,10}EXAMPLE(?![A-Z0-9])")
TOP = (
    "com|net|org|info|biz|edu|gov|mil|int|io|ai|co|app|dev|cloud|online|site|xyz|top|club|shop"
    "|jp|cn|kr|tw|sg|us|uk|de|nl|fr|ru|br|au|ca|ch|it|es|se|eu|onion"
)
DOMAIN = re.compile(rf"(?<![\w.-])(?:[a-z0-9_-]+\.)+(?:{TOP})(?![\w-]|\.[a-z])", re.IGNORECASE)
# AWS's own names are needed: its services, its console, its mail, its namespaces.
RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org)|amazonaws\.com|amazon\.com|awsapps\.com|w3\.org)$",
    re.IGNORECASE,
)
# These tools name their maker's page in their user agents; without it the agent would be another.
HOME_PAGES = frozenset({"registry.terraform.io", "s3browser.com", "sqlmap.org", "www.terraform.io"})
AGENT = re.compile(r"\[?[A-Za-z][\w. -]*/\d")
SYSTEMS = (range(64496, 64512), range(65536, 65552))  # AS numbers for documentation
CACHED = 200_000  # texts whose verdict is kept


def _is_nobodys(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in NOBODYS)


def owned_in(text: str, inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Yield what in a text belongs to somebody.

    Parameters
    ----------
    text
        A value of a record.
    inventory
        The accounts that may occur, and ranges of addresses beside those that are nobody's.

    Yields
    ------
    tuple[str, str]
        ``address``, ``account``, ``domain`` or ``key``, and what was found.

    Examples
    --------
    >>> list(owned_in("http://8.8.8.8/ from www.example.com", Inventory()))
    [('address', '8.8.8.8')]
    >>> list(owned_in("Chrome/107.0.0.0 +http://bot.contoso.com/", Inventory()))
    [('domain', 'bot.contoso.com')]
    """
    if "." in text:
        for found in IPV4.findall(text):
            yield from _address(found, inventory)
        pages = HOME_PAGES if AGENT.match(text) else frozenset()
        for found in DOMAIN.findall(text):
            if not RESERVED.search(found) and found.lower() not in pages:
                yield "domain", found
    if ":" in text:
        for found in IPV6.findall(text):
            yield from _address(found, inventory)
        for found in ACCOUNT.findall(text):
            if inventory.accounts is not None and found not in inventory.accounts:
                yield "account", found
    if "A" in text:
        yield from _keys(text, inventory)


def _address(found: str, inventory: Inventory) -> Iterator[tuple[str, str]]:
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return
    if not _is_nobodys(address) and not inventory.knows(found):
        yield "address", found


def _keys(text: str, inventory: Inventory) -> Iterator[tuple[str, str]]:
    for found in PLACEHOLDER.findall(text):
        yield "key", found
    for found in KEY.findall(text):
        account = account_of_key(found)
        accounts = inventory.accounts
        if account is None or (accounts is not None and account not in accounts):
            yield "key", found


class OwnershipCheck:
    """Looks at every value of every record.

    Parameters
    ----------
    inventory
        The accounts that may occur.
    """

    reads = frozenset(log_type.name for log_type in LOG_TYPES)

    def __init__(self, inventory: Inventory | None = None) -> None:
        self._inventory = inventory or Inventory()
        self._found = Violations()
        self._clean: set[str] = set()
        self._records = 0

    def see(self, seen: Seen) -> None:
        """Look at a record."""
        self._records += 1
        if len(self._clean) >= CACHED:
            self._clean.clear()
        unknown: list[tuple[str, str]] = []
        self._collect(seen.record.raw, "", unknown)
        for text, name in unknown:
            owned = [*owned_in(text, self._inventory), *self._by_name(text, name)]
            for rule, found in owned:
                place = (seen.key, seen.record.number)
                self._found.add(rule, *place, f"{name}: {found}")
            # Twelve digits are an account under one name and a number under another.
            if not owned and not TWELVE.fullmatch(text):
                self._clean.add(text)

    def _collect(self, value: Any, name: str, unknown: list[tuple[str, str]]) -> None:
        """Find all texts in a value that have not been looked at, each with its name."""
        if isinstance(value, str):
            if value not in self._clean or name == "asn":
                unknown.append((value, name))
        elif isinstance(value, dict):
            for inner_name, inner in value.items():
                self._collect(inner, inner_name, unknown)
        elif isinstance(value, list):
            for inner in value:
                self._collect(inner, name, unknown)

    def _by_name(self, text: str, name: str) -> Iterator[tuple[str, str]]:
        """Yield what only the name of a value tells: a bare account, a network's number."""
        accounts = self._inventory.accounts
        if accounts is not None and TWELVE.fullmatch(text) and OF_ACCOUNT.search(name):
            if text not in accounts:
                yield "account", text
        elif name == "asn" and not _is_nobodys_system(text):
            yield "address", f"AS{text}"

    def figures(self) -> list[Figure]:
        """Return in how many values somebody is named."""
        names = {
            "address": ("addresses of somebody", "実在する誰かのアドレス"),
            "account": ("accounts of somebody", "実在する誰かのアカウント"),
            "domain": ("domains of somebody", "実在する誰かのドメイン"),
            "key": ("keys of somebody", "実在する誰かのキー"),
        }
        for rule in names:
            self._found.checked(rule, self._records - self._found.applied(rule))
        return [self._found.figure("R9", rule, name) for rule, name in names.items()]

    @property
    def violations(self) -> list[Violation]:
        """The first values that name somebody."""
        return self._found.kept


def _is_nobodys_system(text: str) -> bool:
    number = text.removeprefix("AS")
    return number.isdigit() and any(int(number) in numbers for numbers in SYSTEMS)
