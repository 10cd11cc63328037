"""Days of the company's CloudTrail, as its people, machines and services make them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from siemlab.baseline import load_baseline
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors import BEHAVIORS
from siemlab.simulate.calendar import Day, Density
from siemlab.simulate.stage import Records, Stage
from siemlab.simulate.world import World
from tests.simulate.recorded import rows_of

STAFF = (
    *("agents", "backup", "bots", "changes", "credentials", "functions", "identities", "images"),
    *("monitoring", "people", "pipeline", "services", "terraform", "training", "weekly"),
)
Event = dict[str, Any]


def behaviors(*names: str) -> list[Behavior]:
    return [behavior for behavior in BEHAVIORS if behavior.name in (names or STAFF)]


def events_of(world: World, days: Iterable[Day], *names: str) -> list[Event]:
    """Return what CloudTrail recorded, by time."""
    records = Records()
    for day in days:
        for behavior in behaviors(*names):
            if behavior.acts_on(day):
                stage = Stage(world, records, behavior.name, day.date.isoformat())
                behavior.act(stage, day)
    return sorted(rows_of(records, "cloudtrail"), key=lambda event: str(event["eventTime"]))


def dense(first: str, count: int = 1, density: Density = "dense") -> list[Day]:
    begin = date.fromisoformat(first)
    return [Day(begin + timedelta(days=number), density) for number in range(count)]


@lru_cache(maxsize=32)
def lived(
    first: str, count: int = 1, *names: str, density: Density = "dense", team: str = ""
) -> tuple[Event, ...]:
    """Return the events of some days, made once for all tests."""
    world = World(load_baseline(), seed=2022, team=team)
    return tuple(events_of(world, dense(first, count, density), *names))


def found(events: Iterable[Event], name: str, **wanted: object) -> list[Event]:
    """Return the events of a name whose fields (``a__b`` for ``a.b``) have values."""
    return [
        event
        for event in events
        if event["eventName"] == name
        and all(field(event, path) == value for path, value in wanted.items())
    ]


def field(event: Event, path: str) -> Any:
    value: Any = event
    for part in path.split("__"):
        value = value.get(part) if isinstance(value, dict) else None
    return value
