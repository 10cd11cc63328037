"""Where the actors of all stories come from: an address each, which no two of them share."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from siemlab.baseline import Baseline
from siemlab.simulate.signins import hotel_of
from siemlab.simulate.world import World

__all__ = ["ACTORS", "actors_of", "count_factor", "shifted"]

SHIFT_STEP = 7 * 60 * 1000
TRIP = "TR-118"

ACTORS: Mapping[str, Mapping[str, str]] = {
    "vps-a": {"leak scanner": "198.51.100.23", "intruder's server": "198.51.100.12"},
    "vps-b": {
        "miner": "198.51.100.41",
        "thief": "198.51.100.55",
        "mirror": "198.51.100.34",
    },
    "residential-proxies": {
        "sprayer 1": "198.51.100.68",
        "sprayer 2": "198.51.100.69",
        "intruder": "198.51.100.70",
        "patient guesser": "198.51.100.77",
    },
    "cloud-tokyo": {"prober": "198.51.100.99"},
    "anonymizers": {"pipeline intruder": "198.51.100.133"},
    "hotels-singapore": {"traveler": "198.51.100.163"},
    "misc-hosting": {
        "guesser 1": "198.51.100.201",
        "guesser 2": "198.51.100.214",
        "mining pool": "198.51.100.230",
        "tool host": "198.51.100.231",
        "downloader 1": "198.51.100.240",
        "downloader 2": "198.51.100.241",
        "downloader 3": "198.51.100.242",
        "downloader 4": "198.51.100.243",
    },
}
"""By named block: who comes from it, and from where in the data set that is no team's own.

The ``intruder's server`` of the sign-in at night comes back six weeks later with the ransom note.
"""


def actors_of(world: World) -> Mapping[str, str]:
    """Return the address of every actor for the world's team.

    Parameters
    ----------
    world
        The world; its team decides. A team's actors stay in their blocks.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> actors_of(World(load_baseline(), 2022))["miner"]
    '198.51.100.41'
    >>> actors_of(World(load_baseline(), 2022, team="t07"))["miner"] == "198.51.100.41"
    False
    """
    found: dict[str, str] = {}
    for block, members in ACTORS.items():
        if not world.team:
            found.update(members)
            continue
        if block == "hotels-singapore":
            found["traveler"] = hotel_of(world, TRIP)
            continue
        hosts = _hosts(world.baseline, block)
        drawn = world.ids.rng("actors", block).sample(hosts, len(members))
        found.update(zip(members, drawn, strict=True))
    return found


def _hosts(baseline: Baseline, block: str) -> list[str]:
    network = next(each.cidr for each in baseline.ranges if each.name == block)
    return [str(address) for address in ipaddress.ip_network(network).hosts()]


def shifted(world: World, story: str, start: int, earliest: int, latest: int) -> int:
    """Return a story's T0 for the world's team, in steps of seven minutes.

    Parameters
    ----------
    world
        The world; its team decides.
    story
        The scenario's name.
    start
        T0 of the data set that is no team's own, epoch milliseconds.
    earliest, latest
        By how many minutes it may be moved.
    """
    if not world.team:
        return start
    steps = world.ids.rng("shift", story).one(-(-earliest // 7), latest // 7)
    return start + steps * SHIFT_STEP


def count_factor(world: World, story: str) -> int:
    """Return by what a story's counts are multiplied for the world's team, per mille: 800 to 1200.

    Parameters
    ----------
    world
        The world; its team decides.
    story
        The scenario's name.
    """
    return world.ids.rng("factor", story).one(800, 1200) if world.team else 1000
