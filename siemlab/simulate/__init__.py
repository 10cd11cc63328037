"""A baseline, a calendar and a seed in, raw records out."""

from __future__ import annotations

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import Day
from siemlab.simulate.run import simulate, store_records
from siemlab.simulate.stage import Acts, Records, Stage
from siemlab.simulate.world import Effect, Switch, World

__all__ = [
    "Acts",
    "Behavior",
    "Day",
    "Effect",
    "Records",
    "Stage",
    "Switch",
    "World",
    "simulate",
    "store_records",
]
