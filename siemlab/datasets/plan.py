"""The data sets, and the plan of one: seed, team, days, and what is turned on or off."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from siemlab.baseline import load_baseline
from siemlab.errors import SiemlabError
from siemlab.scenarios import SCENARIOS, Truth
from siemlab.simulate.calendar import Day, days_between
from siemlab.simulate.config import recorded
from siemlab.simulate.rng import Rng
from siemlab.simulate.run import simulate
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import Switch, World

__all__ = ["DATA_SETS", "FIRST_DAY", "LAST_DAY", "SEED", "DataSet", "Plan"]

SEED = 2022

FIRST_DAY, LAST_DAY = date(2022, 1, 1), date(2023, 1, 31)
QUIET_WEEK = (date(2022, 10, 3), date(2022, 10, 9))

HOURLY = 3600


@dataclass(frozen=True)
class DataSet:
    """A data set by its size.

    Parameters
    ----------
    name
        ``small``, ``medium``, ``scale``.
    volume
        How much goes on, per mille of the small one.
    continuous
        Whether every day is dense. Otherwise only the days of the stories are, the quiet week, and
        windows without a story, so that no day stands out.
    packing
        Seconds that one file may hold, where fewer files than AWS writes are wanted; else 0.
    bytes_per_day
        About how many bytes a dense day takes on disk.
    """

    name: str
    volume: int
    continuous: bool
    packing: int
    bytes_per_day: int


DATA_SETS: tuple[DataSet, ...] = (
    DataSet("medium", volume=1300, continuous=True, packing=HOURLY, bytes_per_day=8_000_000),
    DataSet("scale", volume=22_000, continuous=True, packing=HOURLY, bytes_per_day=100_000_000),
    DataSet("small", volume=950, continuous=False, packing=HOURLY, bytes_per_day=6_000_000),
)


@dataclass(frozen=True)
class Plan:
    """What is to be built: equal plans give equal content, in any number of processes.

    Parameters
    ----------
    data_set
        The data set by its size.
    seed
        What happens.
    team
        How things are called; empty for the data set that is no team's own.
    switches
        Sources that are turned on or off: what if we had logged it?
    incidents_only
        Whether only the days of the stories are built.
    month
        The one month (``2022-11``) that is built; empty for all days.

    Examples
    --------
    >>> plan = Plan.of("small")
    >>> days = plan.days()
    >>> len(days), sum(day.dense for day in days)
    (396, 51)
    """

    data_set: DataSet
    seed: int = SEED
    team: str = ""
    switches: tuple[Switch, ...] = ()
    incidents_only: bool = False
    month: str = ""
    _stories: dict[str, tuple[Records, Truth]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, name: str, *, seed: int = SEED, team: str = "", month: str = "") -> Plan:
        """Return the plan of a data set by its name.

        Raises
        ------
        SiemlabError
            There is no such data set.
        """
        for data_set in DATA_SETS:
            if data_set.name == name:
                return cls(data_set, seed, team, month=month)
        known = ", ".join(each.name for each in DATA_SETS)
        raise SiemlabError(
            f"there is no data set {name!r}; there are {known}",
            f"データセット {name!r} はありません。{known} から選んでください",
        )

    def days(self) -> list[Day]:
        """Return the days to build, in order."""
        windows = self._quiet_windows()
        dense = self._dense_days() | {day for window in windows for day in window}
        busy = {window[0]: number for number, window in enumerate(windows, 1)}
        dates = [each for each in days_between(FIRST_DAY, LAST_DAY) if self._is_wanted(each)]
        return [
            Day(
                each,
                "dense" if each in dense else "thin",
                eve=each not in dense and each + timedelta(days=1) in dense,
                busy=busy.get(each, 0),
            )
            for each in dates
        ]

    def _is_wanted(self, day: date) -> bool:
        if self.month and not day.isoformat().startswith(self.month):
            return False
        return not self.incidents_only or day in _days_of_stories()

    def _dense_days(self) -> frozenset[date]:
        if self.data_set.continuous:
            return frozenset(days_between(FIRST_DAY, LAST_DAY))
        return _days_of_stories() | frozenset(days_between(*QUIET_WEEK))

    def _quiet_windows(self) -> list[list[date]]:
        """Return windows of two days without a story, as dense as those with one: eight of them.

        They are drawn by the seed, one in each month from February to September. The first day of
        each is busy: as full as the fullest day of a story.
        """
        windows = []
        for month in range(2, 10):
            last = calendar.monthrange(2022, month)[1] - 1
            first = date(2022, month, Rng(self.seed, "quiet window", month).one(1, last))
            windows.append([first, first + timedelta(days=1)])
        return windows

    @cached_property
    def world(self) -> World:
        """The world of this plan, with what the stories change in it and Config saw of that."""
        told = Records()
        for scenario in SCENARIOS:
            told.update(self.story(scenario.name)[0])
        return replace(self._scene, items=recorded(told))

    @cached_property
    def _scene(self) -> World:
        """The world in which the stories act."""
        world = World(
            load_baseline(), self.seed, self.team, self.data_set.volume, switches=self.switches
        )
        for scenario in SCENARIOS:
            world = world.with_effects(scenario.effects(world, scenario.knobs(world)))
        return world

    def story(self, name: str) -> tuple[Records, Truth]:
        """Return what a scenario's story left in the logs, and the truth about it."""
        if name not in self._stories:
            scenario = next(each for each in SCENARIOS if each.name == name)
            records = Records()
            stage = Stage(self._scene, records, scenario.name)
            self._stories[name] = records, scenario.story(stage, scenario.knobs(self._scene))
        return self._stories[name]

    def records(self, day: Day) -> Records:
        """Return what the company and the stories left in the logs of one day."""
        records = simulate(self.world, day)
        records.update(self.story_records(day))
        return records

    def story_records(self, day: Day) -> Records:
        """Return what the stories left in the logs of one day."""
        records = Records()
        for scenario in SCENARIOS:
            if scenario.touches(day):
                told, _ = self.story(scenario.name)
                records.update(told.between(day.start, day.end))
        return records

    def truths(self) -> list[Truth]:
        """Return the truth of every scenario."""
        return [self.story(scenario.name)[1] for scenario in SCENARIOS]


def _days_of_stories() -> frozenset[date]:
    return frozenset(day for scenario in SCENARIOS for day in scenario.days())
