"""Macie's job on the customers' documents, every Sunday at one in the morning in Japan."""

from __future__ import annotations

from datetime import timedelta

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import DAY, MINUTE, SECOND, Day
from siemlab.simulate.holdings import rosters
from siemlab.simulate.macie import Detection, Sensitive, sensitive_data
from siemlab.simulate.rng import Rng
from siemlab.simulate.stage import Stage

__all__ = ["CLASSIFICATION"]

BUCKET = "sz-prod-customer-docs"
INDEX = "passport/index.csv"
SUNDAY = 6
PERSONAL, FINANCIAL = "PERSONAL_INFORMATION", "FINANCIAL_INFORMATION"
ROSTERS_REPORTED = 4
"""Of the rosters that look alike, the job's sampling takes some."""


def _act(stage: Stage, day: Day) -> None:
    if day.date.weekday() != SUNDAY:
        return
    begun = day.at("01:00")
    ended = begun + stage.rng.one(70, 135) * MINUTE + stage.rng.one(0, 59) * SECOND
    week = [key for back in range(2, 9) for key in rosters(day.date - timedelta(days=back))]
    found = [_roster(stage.rng, key, begun) for key in stage.rng.sample(week, ROSTERS_REPORTED)]
    found.append(_index(stage.rng, begun))
    sensitive_data(stage, f"customer-docs {day.date.isoformat()}", found, ended)


def _roster(rng: Rng, key: str, begun: int) -> Sensitive:
    """Return a roster: names, passport numbers and cards of one route's passengers."""
    rows = rng.one(60, 420)
    detections = (
        Detection(PERSONAL, "NAME", rows),
        Detection(PERSONAL, "ADDRESS", rows - rng.one(0, 20)),
        Detection(PERSONAL, "PHONE_NUMBER", rows - rng.one(0, 30)),
        Detection(FINANCIAL, "CREDIT_CARD_NUMBER", rng.one(4, rows // 3)),
    )
    changed = begun - rng.one(1, 7) * DAY + rng.one(61, 64) * MINUTE
    return Sensitive(BUCKET, key, detections, "text/csv", rows * rng.one(118, 131), changed)


def _index(rng: Rng, begun: int) -> Sensitive:
    """Return the list of the passports that are kept."""
    rows = rng.one(15_000, 18_000)
    detections = (
        Detection(PERSONAL, "NAME", rows),
        Detection(PERSONAL, "DATE_OF_BIRTH", rows),
    )
    changed = begun - rng.one(20, 300) * MINUTE
    return Sensitive(BUCKET, INDEX, detections, "text/csv", rows * 64, changed)


CLASSIFICATION = Behavior("classification", _act, thin=True)
