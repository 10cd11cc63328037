"""When things happen on a day, to how much and to whom: times, amounts, addresses of crowds."""

from __future__ import annotations

from ipaddress import ip_network

import numpy as np
import polars as pl

from siemlab.simulate.calendar import HOUR, Day
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.world import World

__all__ = ["amounts", "crowd", "moments"]

OCTETS = tuple(map(str, range(256)))


def moments(world: World, rng: Rng, day: Day, rota: str, count: int) -> Ints:
    """Return times of a day that follow the hours of a rota, in order.

    Parameters
    ----------
    world
        The world, whose baseline knows the rota.
    rng
        Whose draws they are.
    day
        The day.
    rota
        A key of `Baseline.rota`.
    count
        How many times on a weekday; days on which the rota is busier or quieter have more or less.
    """
    weights = world.baseline.intensity(rota, day.date)
    usual = sum(world.baseline.rota[rota].weekday)
    count = (count * sum(weights) + usual // 2) // usual
    if not count:
        return np.zeros(0, dtype=np.int64)
    found = day.start + rng.indices(count, weights) * HOUR + rng.below(count, HOUR)
    return np.sort(found)


def crowd(rng: Rng, network: str, people: int, count: int) -> pl.Series:
    """Return addresses of a crowd in a block, one for each of ``count`` deeds.

    Some are busy and most are not: half of the deeds are those of a tenth of the people.

    Parameters
    ----------
    rng
        Whose draws they are.
    network
        The block.
    people
        How many addresses the crowd has.
    count
        How many deeds there are.

    Examples
    --------
    >>> crowd(Rng(1, "x"), "198.18.0.0/16", 5, 100).n_unique() <= 5
    True
    """
    block = ip_network(network)
    base = int(block.network_address)
    numbers = base + rng.between(max(people, 1), 1, block.num_addresses - 2)
    high, low = (part.tolist() for part in np.divmod(numbers, 256))
    networks = {n: f"{n >> 16}.{n >> 8 & 255}.{n & 255}." for n in {*high}}
    texts = [networks[n] + OCTETS[last] for n, last in zip(high, low, strict=True)]
    busy = max(1, len(texts) // 10)
    chosen = np.where(rng.chance(count, 500), rng.below(count, busy), rng.below(count, len(texts)))
    return pl.Series(texts, dtype=pl.String)[chosen]


def amounts(rng: Rng, count: int, typical: int, longest: int) -> Ints:
    """Return bytes or milliseconds: mostly about ``typical``, a few many more, no two alike.

    Parameters
    ----------
    rng
        Whose draws they are.
    count, typical, longest
        As of `Rng.rare_long`, whose longest values would all be the same.

    Examples
    --------
    >>> bool(amounts(Rng(1, "x"), 3, 1_000_000, 4_000_000).max() < 4_000_000)
    True
    """
    return rng.rare_long(count, typical, longest) * rng.between(count, 7_500, 9_999) // 10_000
