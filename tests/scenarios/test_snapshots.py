"""What the stories change stands in Config's snapshots as its history has it, for any team."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from siemlab.datasets.plan import Plan
from siemlab.simulate.behaviors.configuration import CONFIGURATION
from siemlab.simulate.behaviors.pipeline import PIPELINE
from siemlab.simulate.stage import Records, Stage
from tests.simulate.findings import documents

Item = dict[str, Any]


class Compared(NamedTuple):
    """An item of a snapshot, and the last one of the same resource that the history has by then."""

    shown: Item
    last: Item


def recorded(plan: Plan) -> Records:
    """What Config records on the days of a plan."""
    records = Records()
    for day in plan.days():
        for behavior in (CONFIGURATION, PIPELINE):
            stage = Stage(plan.world, records, behavior.name, day.date.isoformat())
            behavior.act(stage, day)
        records.update(plan.story_records(day))
    return records


def resource(item: Item) -> tuple[str, ...]:
    return item["awsAccountId"], item["resourceType"], item["resourceId"]


def snapshots(records: Records) -> Iterator[tuple[int, list[Item]]]:
    for stream, batches in records.batches.items():
        if stream.log_type == "config-snapshot":
            for batch in batches:
                yield int(batch.at[0]), [json.loads(row) for row in batch.rows.records()]


def compared(records: Records) -> list[Compared]:
    """Every item of a snapshot that the history knows, too."""
    history: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for item in documents(records, "config-history"):
        history[resource(item)].append(item)
    found = []
    for at, shown in snapshots(records):
        for item in shown:
            past = [each for each in history[resource(item)] if each["configurationStateId"] <= at]
            if past:
                last = max(past, key=lambda each: each["configurationStateId"])
                found.append(Compared(item, last))
    return found


@pytest.fixture(scope="module", params=["", "t05"])
def records(request: pytest.FixtureRequest) -> Records:
    small = Plan.of("small")
    return recorded(Plan(small.data_set, small.seed, request.param, incidents_only=True))


def test_a_snapshot_shows_each_resource_as_the_history_has_it_at_its_time(records: Records) -> None:
    pairs = compared(records)
    assert len(pairs) > 1500
    assert [pair for pair in pairs if pair.shown != pair.last and _is_newer(pair)] == []


def _is_newer(pair: Compared) -> bool:
    """Tell whether the snapshot shows less than the history: what is older it may have alone."""
    return pair.shown["configurationStateId"] <= pair.last["configurationStateId"]


def test_a_snapshot_has_nothing_that_is_gone(records: Records) -> None:
    gone = [each for each in compared(records) if "Deleted" in each.last["configurationItemStatus"]]
    assert gone == []


def test_the_users_of_a_story_stand_in_the_snapshot_until_the_clean_up(records: Records) -> None:
    made = {
        item["resourceId"]
        for item in documents(records, "config-history")
        if item["resourceType"] == "AWS::IAM::User" and "Deleted" in item["configurationItemStatus"]
    }
    shown = [{item["resourceId"] for item in items} & made for _, items in snapshots(records)]
    assert len(made) == 1
    assert [ids for ids in shown if ids] == [made]
