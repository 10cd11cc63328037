"""The days of a story as an analyst has them: simulated, written, normalized, and loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from siemlab.datasets.build import BUCKET
from siemlab.datasets.plan import Plan
from siemlab.logs import LOG_TYPES
from siemlab.proofs.days import days_of, load_days
from siemlab.query import Query
from siemlab.scenarios import SCENARIOS, Knobs, Scenario, Truth
from siemlab.simulate.run import simulate, store_records
from siemlab.simulate.stage import Records
from siemlab.store.duckdb import DuckDBStore

PACKING = 3600
INDEX = {log_type.name: log_type.index for log_type in LOG_TYPES}


@dataclass(frozen=True)
class Told:
    """A story that was told, and what the analyst has of it."""

    plan: Plan
    scenario: Scenario
    knobs: Knobs
    truth: Truth
    store: DuckDBStore

    def excluding(self, query: Query, *groups: str) -> Query:
        """Return a query without what the one-click exclusions of these names take away."""
        for exclusion in self.plan.world.baseline.exclusions:
            if exclusion.id in groups:
                query = query.exclude(exclusion.field, exclusion.values)
        return query

    def decoys(self) -> dict[str, tuple[int, int]]:
        """Return of each decoy how many documents it has, and how many are left without it."""
        found = {}
        for decoy in self.truth.decoys:
            query = Query(f"{INDEX[decoy.log_type]}-*").time(
                *(datetime.fromtimestamp(at / 1000, UTC) for at in (decoy.since, decoy.until))
            )
            for field, value in decoy.where.items():
                query = query.include(field, value)
            left = self.excluding(query, decoy.removed_by)
            found[decoy.name] = (self.store.count(query), self.store.count(left))
        return found

    def values(self, query: Query, field: str, size: int = 50) -> dict[str, int]:
        """Return the values of a field and how often each comes, the most frequent first."""
        return {str(found.key): found.count for found in self.store.top(query, field, size)}

    def found(self, query: Query) -> list[dict[str, Any]]:
        """Return the documents that a query finds, the earliest first."""
        documents = [hit.source for hit in self.store.scan(query)]
        return sorted(documents, key=lambda document: str(document["@timestamp"]))


def count(truth: Truth, name: str, log_type: str = "cloudtrail") -> tuple[int, int]:
    """Return how much a row left in a log, and how much of it was written."""
    [row] = [row for row in truth.rows if row.name == name]
    acts = [acts for acts in row.acts if acts.log_type == log_type]
    return sum(map(len, acts)), sum(int(each.logged.sum()) for each in acts)


class Tell(Protocol):
    """Tells a story by its name."""

    def __call__(self, name: str, team: str = "", *, background: bool = True) -> Told: ...


@cache
def plan_of(team: str) -> Plan:
    return Plan.of("small", team=team)


def build(name: str, team: str, folder: Path, background: bool) -> Told:
    """Build and load the days of a story in a folder, with what goes on around it or without."""
    plan = plan_of(team)
    scenario = next(each for each in SCENARIOS if each.name == name)
    records_of_story, truth = plan.story(name)
    for day in days_of(plan, [name]):
        if background or scenario.touches(day):
            records = simulate(plan.world, day) if background else Records()
            records.update(records_of_story.between(day.start, day.end))
            for _ in store_records(plan.world, day, records, folder / BUCKET, PACKING):
                pass
    store = load_days(folder, strict=True, user_agents=False)
    assert isinstance(store, DuckDBStore)
    return Told(plan, scenario, scenario.knobs(plan.world), truth, store)
