"""What the staff run on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from siemlab.simulate.behaviors.pages import read_calls
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls.sts import GET_CALLER_IDENTITY
from siemlab.simulate.hands import Habits, Hands
from siemlab.simulate.naming import HOME
from siemlab.simulate.tools import cli_agent, cli_command

__all__ = ["Script", "run_script", "scripts"]

AT_MOST = 12


class Script(NamedTuple):
    """What is called once, and what for everything that there is."""

    first: tuple[Call, ...]
    each: tuple[Call, ...] = ()


@lru_cache(maxsize=1)
def scripts() -> Mapping[str, Script]:
    """Return the scripts by name.

    Examples
    --------
    >>> scripts()["functions"].first[0].name
    'ListFunctions20150331'
    """
    return {name: Script(**parts) for name, parts in read_calls("scripts.yaml").items()}


def run_script(hands: Hands, caller: Caller, system: str, at: int, habits: Habits) -> int:
    """Let somebody run a script; return when it is done.

    Parameters
    ----------
    hands
        Who makes the calls.
    caller, system
        Who, and on which system (`tools.cli_agent`).
    at
        When, epoch milliseconds.
    habits
        How often a call fails.
    """
    dice, day = hands.dice, hands.stock.day.date
    script = dice.pick(list(scripts().values()))
    calls = [*((call, {}) for call in (GET_CALLER_IDENTITY, *script.first)), *_each(hands, script)]
    moment = at
    for call, given in calls:
        tool = caller.using(cli_agent(day, system, cli_command(call)))
        hands.does(call, tool, moment, call.home or HOME, habits, **given)
        moment += dice.between(450, 1400)  # a new process for each
    return moment


def _each(hands: Hands, script: Script) -> list[tuple[Call, dict[str, object]]]:
    found: list[tuple[Call, dict[str, object]]] = []
    for call in script.each:
        [(name, hole), *_] = hands.stock.asked(call)
        found += [(call, {name: subject}) for subject in hands.stock.choices(hole)[:AT_MOST]]
    return found
