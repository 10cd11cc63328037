"""The days and logs that missions look at: which they are, and how they are built and loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from siemlab.baseline import write_geoip
from siemlab.datasets import Plan
from siemlab.datasets.build import BUCKET
from siemlab.datasets.plan import QUIET_WEEK
from siemlab.editions.master import Master
from siemlab.logs import LOG_TYPES
from siemlab.missions import Mission
from siemlab.normalize import NormalizeOptions, normalize
from siemlab.normalize.document import documents_of
from siemlab.scenarios import SCENARIOS, Scenario, Truth
from siemlab.simulate.calendar import Day
from siemlab.simulate.run import store_records
from siemlab.simulate.stage import Records
from siemlab.store import open_store
from siemlab.store.base import Store

__all__ = ["ALWAYS", "Needs", "build_days", "days_of", "kinds_of", "load_days", "needs_of"]

ALWAYS = frozenset({"guardduty", "securityhub"})
"""The logs of the whole year that Level 0 asks of; of the others, the quiet week is enough."""

Needs = Mapping[Day, frozenset[str]]
"""The kinds of log that are looked at, by day."""

_PATTERN = re.compile(r"log-[a-z0-9*,-]+")
_RAW = re.compile(r'\braw\("([a-z0-9-]+)"')


def kinds_of(master: Master) -> frozenset[str]:
    """Return the kinds of log that a mission's own cells look at, by their patterns and raw files.

    Parameters
    ----------
    master
        Its source.

    Examples
    --------
    >>> from siemlab.editions.master import Cell
    >>> code = 'flows = lab.events("log-aws-vpc*")'
    >>> sorted(kinds_of(Master("tour", (Cell(1, "code", {"en": code}, ("solution",), 9),))))
    ['vpcflowlogs']
    """
    code = "\n".join(master.answering)
    patterns = [part for found in _PATTERN.findall(code) for part in found.split(",")]
    raw = frozenset(_RAW.findall(code))
    if "events()" in code or not (patterns or raw):
        patterns = ["*"]
    asked = {
        kind.name
        for kind in LOG_TYPES
        if any(fnmatch(f"{kind.index}-2022-11", pattern) for pattern in patterns)
    }
    return raw | asked


def days_of(plan: Plan, names: Iterable[str]) -> list[Day]:
    """Return the days of stories, and those of their decoys.

    Parameters
    ----------
    plan
        The plan of a team's data set.
    names
        The names of the stories.

    Examples
    --------
    >>> [str(day.date) for day in days_of(Plan.of("small"), ["L1-B"])][:2]
    ['2022-11-23', '2022-11-24']
    """
    stories = [each for each in SCENARIOS if each.name in {*names}]
    truths = [plan.story(each.name)[1] for each in stories]
    return [day for day in plan.days() if _touched(day, stories, truths)]


def _touched(day: Day, stories: list[Scenario], truths: list[Truth]) -> bool:
    if any(story.touches(day) for story in stories):
        return True
    decoys = (decoy for truth in truths for decoy in truth.decoys)
    return any(decoy.since < day.end and day.start < decoy.until for decoy in decoys)


def needs_of(plan: Plan, missions: Sequence[tuple[Mission, Master]]) -> Needs:
    """Return what missions look at, each day once however many look at it.

    Parameters
    ----------
    plan
        The plan of the team's small data set.
    missions
        The missions: the days of its story and of those that it names besides, for one that has a
        story; else the quiet week, and the findings of the year.
    """
    needs: dict[Day, frozenset[str]] = {day: frozenset() for day in plan.days()}
    for mission, master in missions:
        kinds = kinds_of(master)
        if mission.scenario:
            for day in days_of(plan, (mission.scenario, *mission.also)):
                needs[day] |= kinds
        else:
            for day in needs:
                needs[day] |= kinds if _is_quiet(day.date) else kinds & ALWAYS
    return {day: kinds for day, kinds in needs.items() if kinds}


def _is_quiet(day: date) -> bool:
    # The logs of a day of Japan come with the day after, too.
    return QUIET_WEEK[0] <= day <= QUIET_WEEK[1]


def build_days(plan: Plan, needs: Needs, folder: Path, step: Callable[[int, int], None]) -> None:
    """Build what is looked at, and nothing else.

    Parameters
    ----------
    plan
        The plan of the team's small data set.
    needs
        What is looked at.
    folder
        Gets the bucket.
    step
        Is told how many days of how many are built.
    """
    for done, (day, kinds) in enumerate(needs.items(), 1):
        kept = Records()
        for stream, batches in plan.records(day).batches.items():
            if stream.log_type in kinds:
                kept.batches[stream] = batches
        for _ in store_records(plan.world, day, kept, folder / BUCKET, plan.data_set.packing):
            pass
        step(done, len(needs))


def load_days(folder: Path, *, strict: bool = False, user_agents: bool = True) -> Store:
    """Return a store, open, with what a folder's bucket holds.

    Parameters
    ----------
    folder
        Holds the bucket; gets the store, and the company's GeoIP files.
    strict
        Whether a record that cannot be read is an error.
    user_agents
        Whether user agents are taken apart.
    """
    city, system = write_geoip(folder / "geo")
    options = NormalizeOptions(
        geoip_city=city, geoip_asn=system, strict=strict, user_agents=user_agents
    )
    store = open_store(folder / "store", engine="duckdb")
    store.add(documents_of(normalize([folder / BUCKET], options)))
    return store
