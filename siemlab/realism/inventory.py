"""What existed when the logs begin: whom accounts, keys, addresses and resources belong to."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

__all__ = ["Inventory", "Network"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
"""A range of addresses."""


@dataclass(frozen=True)
class Inventory:
    """The start of the ledger. What is left out cannot be checked, and is not.

    Parameters
    ----------
    accounts
        All accounts that may occur: the company's, partners', actors'.
    access_keys
        Long-lived keys (``AKIA...``) that existed at the start.
    resources
        Ids of resources (``i-0...``, ``vpc-0...``) that existed at the start.
    interfaces
        Private addresses that had a network interface at the start.
    networks
        The ranges that addresses may lie in: known people, the company, its networks.
    renamed
        Accounts that were renamed in the records, but not in the keys: those of anonymized sets.
    replaced
        Key ids that an anonymizer put in the place of genuine ones.
    whole
        Whether the logs hold every region and every object, so that who issued a key is in them.

    Examples
    --------
    >>> inventory = Inventory(networks=("198.51.100.0/24",))
    >>> inventory.knows("198.51.100.7"), inventory.knows("8.8.8.8")
    (True, False)
    """

    accounts: frozenset[str] | None = None
    access_keys: frozenset[str] | None = None
    resources: frozenset[str] | None = None
    interfaces: frozenset[str] | None = None
    networks: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()
    whole: bool = False

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(text) for text in self.networks)

    def knows(self, address: str) -> bool:
        """Tell whether an address lies in a range that is known.

        Parameters
        ----------
        address
            As a record has it.
        """
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def account(self, number: str) -> str:
        """Return the account as the records name it.

        Parameters
        ----------
        number
            As a key or a file name has it.
        """
        return self.renamed.get(number, number)
