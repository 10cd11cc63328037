"""The builds of the company's CI: their numbers through the year, and what each has deployed."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from siemlab.baseline import Baseline
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day, days_between
from siemlab.simulate.dice import Dice
from siemlab.simulate.rng import Rng
from siemlab.simulate.world import World

__all__ = ["Build", "Package", "builds_of", "package_of"]

FIRST, LAST = date(2021, 12, 1), date(2023, 3, 31)
LANDMARK, NUMBER = date(2023, 1, 10), 4471
"""The first build of that day, after a long weekend, has this number; it is part of a story."""
MORNING = 4 * HOUR + 20 * MINUTE
"""How long the developers leave the runner to that build, from when CI begins on that day."""

FUNCTIONS = ("sz-prod-booking-notify", "sz-prod-image-resize", "sz-prod-payment-webhook")
WEB = "web"
TARGETS, WEIGHTS = (*FUNCTIONS, WEB), (3, 2, 3, 4)


@dataclass(frozen=True)
class Build:
    """A build.

    Parameters
    ----------
    number
        Its number: the session is ``build-<number>``.
    at
        When it begins, epoch milliseconds.
    target
        The function that it deploys, ``web`` for the website, empty if it deploys nothing.
    """

    number: int
    at: int
    target: str = ""


@dataclass(frozen=True)
class Package:
    """The code of a function: its version, hash (base64) and size in bytes."""

    version: int
    build: int
    sha256: str
    size: int


def builds_of(world: World, day: Day) -> tuple[Build, ...]:
    """Return the builds of a day, in order; none when the offices are closed.

    Parameters
    ----------
    world
        The world.
    day
        The day.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> found = builds_of(World(load_baseline(), seed=2022), Day(date(2023, 1, 10), "dense"))
    >>> found[0].number, 6 <= sum(bool(build.target) for build in found) <= 9
    (4472, True)
    """
    return _all(world.baseline, world.seed).get(day.date, ())


def package_of(world: World, function: str, at: int) -> Package:
    """Return the code that a function of production has at a time.

    Parameters
    ----------
    world
        The world.
    function
        Its name; the others are as they were made.
    at
        When, epoch milliseconds.
    """
    moments, numbers = _deployed(world.baseline, world.seed).get(function, ((), ()))
    place = bisect_right(moments, at)
    return _package(function, place, numbers[place - 1] if place else 1)


def _package(function: str, version: int, build: int) -> Package:
    text = hashlib.sha256(f"{function}:{build}".encode()).digest()
    # The code grows a little with each version.
    size = 180_000 + int.from_bytes(hashlib.sha256(function.encode()).digest()[:2]) * 40
    return Package(version, build, base64.b64encode(text).decode(), size + version * 137)


@lru_cache(maxsize=4)
def _all(baseline: Baseline, seed: int) -> Mapping[date, tuple[Build, ...]]:
    drawn = {
        day: _drawn(baseline, seed, Day(day, "dense"))
        for day in days_between(FIRST, LAST)
        if baseline.is_working_day(day)
    }
    before = sum(len(found) for day, found in drawn.items() if day < LANDMARK)
    number = NUMBER - before
    table: dict[date, tuple[Build, ...]] = {}
    for day, found in drawn.items():
        number += day == LANDMARK  # the story's own build comes first
        table[day] = tuple(
            Build(number + place, at, target) for place, (at, target) in enumerate(found)
        )
        number += len(found)
    return MappingProxyType(table)


def _drawn(baseline: Baseline, seed: int, day: Day) -> list[tuple[int, str]]:
    """Return when builds begin on a day, and what they deploy."""
    dice = Dice(Rng(seed, "builds", day.date.isoformat()))
    deploys, others = dice.between(6, 9), dice.between(4, 8)
    weights = baseline.intensity("ci", day.date)
    earliest = day.start + 10 * HOUR + (MORNING if day.date == LANDMARK else 0)
    moments: list[int] = []
    while len(moments) < deploys + others:
        at = day.start + dice.pick(range(24), weights) * HOUR + dice.below(HOUR // SECOND) * SECOND
        if at >= earliest:
            moments.append(at)
    targets = [dice.pick(TARGETS, WEIGHTS) for _ in range(deploys)] + [""] * others
    return list(zip(sorted(moments), dice.sample(targets, len(targets)), strict=True))


@lru_cache(maxsize=4)
def _deployed(
    baseline: Baseline, seed: int
) -> Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return for each function when it was deployed, and by which builds."""
    found: dict[str, tuple[list[int], list[int]]] = {name: ([], []) for name in FUNCTIONS}
    for builds in _all(baseline, seed).values():
        for build in builds:
            if build.target in found:
                moments, numbers = found[build.target]
                moments.append(build.at)
                numbers.append(build.number)
    return {name: (tuple(moments), tuple(numbers)) for name, (moments, numbers) in found.items()}
