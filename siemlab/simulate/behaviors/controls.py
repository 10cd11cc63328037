"""Security Hub's controls, all year: repeated now and then, at once when a result changes.

Of results that stay what they are the SIEM hears about once a month (failures) or every ten weeks;
that is as often as the rule that sends them on lets them pass.
"""

from __future__ import annotations

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import DAY, HOUR, MINUTE, Day
from siemlab.simulate.posture import Standing, posture
from siemlab.simulate.securityhub import control
from siemlab.simulate.stage import Stage

__all__ = ["CONTROLS"]

FAILED_EVERY, PASSED_EVERY = 28, 70  # days
PERIODIC_AT = (13 * HOUR, 23 * HOUR)
"""When periodic checks run; others come when a resource is looked at again, at any hour."""


def _act(stage: Stage, day: Day) -> None:
    number = day.start // DAY
    for standing in posture(stage.world):
        delay = standing.delay
        turns = [turn for turn in standing.turns if day.holds(turn + delay)]
        for turn in turns:
            control(stage, standing.check, standing.status(turn), turn + delay)
        at = day.start + _hour(standing)
        looked = at - delay
        if not turns and standing.since <= looked < standing.until and _due(standing, number):
            since = standing.changed(looked) + delay
            control(stage, standing.check, standing.status(looked), at, since)


def _due(standing: Standing, number: int) -> bool:
    every = FAILED_EVERY if standing.failing else PASSED_EVERY
    return (number + standing.draw) % every == 0


def _hour(standing: Standing) -> int:
    """Return when in the day a check is repeated."""
    first, last = PERIODIC_AT if standing.check.rule.periodic else (0, 24 * HOUR - 10 * MINUTE)
    return first + (standing.draw >> 16) % (last - first)


CONTROLS = Behavior("controls", _act, thin=True)
