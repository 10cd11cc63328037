"""Identifiers as AWS makes them, each a pure function of seed, team, and what it names.

Access keys carry the id of their account, as genuine ones do: our accounts are the ones that the
AWS documentation uses, so that the keys are well formed and nobody's.
"""

from __future__ import annotations

import base64
import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from siemlab.simulate.rng import Rng

__all__ = ["BASE32", "S3_ALPHABET", "Ids", "access_key_id", "account_of_key"]

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
S3_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # request ids of S3: no I, L, O, U
FREE_BITS = 39  # below the account's 40 bits; the bit above them is set


def access_key_id(prefix: str, account: str, free: int) -> str:
    """Return a key id of an account; ``free`` (39 bits) tells its keys apart.

    Examples
    --------
    >>> key = access_key_id("AKIA", "777788889999", 12345)
    >>> key, account_of_key(key)
    ('AKIA3KF6UTOHQAAAAMBZ', '777788889999')
    """
    number = (1 << 79) | (int(account) << FREE_BITS) | (free & ((1 << FREE_BITS) - 1))
    return prefix + base64.b32encode(number.to_bytes(10, "big")).decode()


def account_of_key(key: str) -> str:
    """Return the account that a key id carries, 12 digits.

    Raises
    ------
    ValueError
        The text is no key id.
    """
    number = int.from_bytes(base64.b32decode(key[4:]), "big")
    return f"{(number >> FREE_BITS) & ((1 << 40) - 1):012}"


@dataclass(frozen=True)
class Ids:
    """The identifiers of one world: they differ by team, while what happens does not.

    Parameters
    ----------
    seed
        The seed of the data set.
    team
        The team, empty for the data set that is no team's own.

    Examples
    --------
    >>> ids = Ids(2022, "t07")
    >>> ids.instance("sz-prod-web-01") == ids.instance("sz-prod-web-01")
    True
    >>> ids.instance("sz-prod-web-01") == Ids(2022, "t08").instance("sz-prod-web-01")
    False
    """

    seed: int
    team: str = ""

    def rng(self, *names: str | int) -> Rng:
        """Return the stream of what is this team's own."""
        return Rng(self.seed, "team", self.team, *names)

    def resource(self, prefix: str, *names: str | int) -> str:
        """Return a resource id: ``prefix-`` and 17 hexadecimal digits, the first a zero.

        Parameters
        ----------
        prefix
            ``i``, ``eni``, ``vpc``, ``subnet``, ``sg``, ``ami``, ``vol``, ``snap``, ``fl``,
            ``vpce``, ``sgr``, ``r`` (reservation) ...
        names
            What it names: ``"sz-prod-web-01"``, or an episode and a number.
        """
        return f"{prefix}-0{_hexes(self, 16, prefix, *names)}"

    def instance(self, host: str) -> str:
        """Return the instance id of a host."""
        return self.resource("i", host)

    def interface(self, owner: str) -> str:
        """Return the network interface id of a host, balancer node, or endpoint."""
        return self.resource("eni", owner)

    def key(self, prefix: str, account: str, *names: str | int) -> str:
        """Return an access key id, ``AKIA`` or ``ASIA``, of an account."""
        return access_key_id(prefix, account, int(_hexes(self, 10, prefix, account, *names), 16))

    def unique(self, prefix: str, *names: str | int) -> str:
        """Return the unique id of a user (``AIDA``) or role (``AROA``), 21 characters."""
        return prefix + _letters(self, 17, prefix, *names)

    def hexes(self, digits: int, *names: str | int) -> str:
        """Return hexadecimal digits: of a finding's id, a balancer, a detector, an owner."""
        return _hexes(self, digits, *names)

    def address(self, network: str, *names: str | int) -> str:
        """Return an address of a network, neither its first nor its last."""
        block = ipaddress.ip_network(network)
        return str(block[self.rng("address", network, *names).one(1, block.num_addresses - 2)])


# The same identifiers are asked for day after day, and to make a stream takes longer than to look.
@lru_cache(maxsize=65536)
def _hexes(ids: Ids, digits: int, *names: str | int) -> str:
    return ids.rng("hex", digits, *names).hexes(1, digits)[0]


@lru_cache(maxsize=4096)
def _letters(ids: Ids, length: int, *names: str | int) -> str:
    return ids.rng("letters", *names).letters(1, length, BASE32)[0]
