"""Identifiers: well formed, nobody's, and a team's own."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.simulate.ids import Ids, access_key_id, account_of_key

accounts = st.integers(0, 999_999_999_999).map(lambda number: f"{number:012}")


@given(st.sampled_from(("AKIA", "ASIA")), accounts, st.integers(0, 2**39 - 1))
def test_a_key_carries_its_account(prefix: str, account: str, free: int) -> None:
    key = access_key_id(prefix, account, free)
    assert re.fullmatch("(AKIA|ASIA)[A-Z2-7]{16}", key)
    assert account_of_key(key) == account


def test_keys_of_one_account_are_told_apart_by_what_they_name() -> None:
    ids = Ids(1)
    assert ids.key("ASIA", "111122223333", "a", 1) != ids.key("ASIA", "111122223333", "a", 2)


@pytest.mark.parametrize("prefix", ["i", "eni", "sg", "snap", "vpce"])
def test_a_resource_id_has_17_digits_and_begins_with_a_zero(prefix: str) -> None:
    assert re.fullmatch(f"{prefix}-0[0-9a-f]{{16}}", Ids(1, "t01").resource(prefix, "x"))


@given(st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=6))
def test_teams_have_identifiers_of_their_own(one: str, other: str) -> None:
    same = one == other
    assert (Ids(1, one).instance("web") == Ids(1, other).instance("web")) is same


@given(st.text(max_size=6))
def test_an_address_is_a_host_of_its_network(team: str) -> None:
    network = ipaddress.ip_network("198.51.100.32/27")
    address = ipaddress.ip_address(Ids(1, team).address(str(network), "attacker"))
    assert address in network
    assert address not in (network.network_address, network.broadcast_address)
