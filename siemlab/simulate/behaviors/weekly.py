"""The inventory that SZ-CSIRT takes of its own account: samples each night, all on Mondays."""

from __future__ import annotations

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.pages import read_calls
from siemlab.simulate.behaviors.seldom import seldom
from siemlab.simulate.calendar import SECOND, Day
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.hands import Hands
from siemlab.simulate.naming import HOME
from siemlab.simulate.stage import Stage
from siemlab.simulate.stock import Stock
from siemlab.simulate.tools import boto_agent

__all__ = ["WEEKLY"]

HOST, ACCOUNT = "sz-security-relay-01", "sz-security"
MONDAY, BEGINS = 0, "06:30"
SAMPLED = 16  # calls of a night


def take_stock(stage: Stage, day: Day) -> None:
    """Ask for some things that nobody looks at otherwise; on Mondays for all of a list."""
    world, dice = stage.world, Dice(stage.rng.child("dice"))
    calls = [dice.pick(seldom()) for _ in range(SAMPLED)]
    if day.date.weekday() == MONDAY:
        calls += read_calls("weekly.yaml")["inventory"]["calls"]
    diary = Diary(stage)
    hands = Hands(diary, Stock(world, ACCOUNT, day), dice)
    moment = day.at(BEGINS) + dice.between(2, 9) * SECOND
    session = world.session_at(HOST, world.account(ACCOUNT), moment)
    caller = world.host_caller(HOST, session, boto_agent(day.date))
    for call in calls:
        hands.does(call, caller, moment, call.home or HOME)
        moment += dice.pace()
    diary.close()


WEEKLY = Behavior("weekly", take_stock)
