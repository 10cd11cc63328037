"""The staff at work: who signs in when and from where, what they look at, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from siemlab.baseline import Person
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.deeds import DEEDS, Deed
from siemlab.simulate.behaviors.pages import open_page, pages
from siemlab.simulate.behaviors.scripts import run_script
from siemlab.simulate.behaviors.seldom import seldom
from siemlab.simulate.calendar import HOUR, MINUTE, Day
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.hands import Habits, Hands
from siemlab.simulate.naming import HOME
from siemlab.simulate.signins import hotel_of, sign_in, take_role
from siemlab.simulate.stage import Stage
from siemlab.simulate.stock import Stock
from siemlab.simulate.tools import cli_agent
from siemlab.simulate.world import World

__all__ = ["PEOPLE", "place_of"]

ADMINISTRATOR = "k-tanabe"
WANDERS = 180
"""How often (of a thousand) somebody looks at something that he hardly ever does."""
BUSIEST = 3
"""A larger company has more machines; its people work as ever, only a little more."""


class Manner(NamedTuple):
    """How those with a permission set work.

    Parameters
    ----------
    visits
        Sessions on a working day, per mille.
    pages
        What they look at.
    habits
        How often a call fails.
    deeds
        How often a session changes something, per mille.
    scripts
        How often a session is one of the command line, per mille.
    """

    visits: int
    pages: tuple[str, ...]
    habits: Habits
    deeds: int = 0
    scripts: int = 0


RUNNING = ("ec2", "metrics", "log groups", "databases", "functions", "balancer", "buckets")
BUILDING = (*RUNNING, "parameters", "queues", "tables", "images", "stacks", "systems", "network")
GUARDING = (
    *("alerts", "posture", "trails", "configuration", "sensitive data", "identities", "roles"),
    *("analyzer", "firewall", "keys", "buckets", "network"),
)
MANAGING = (*BUILDING, *GUARDING, "volumes", "domains", "organization", "assignments", "costs")

MANNERS: Mapping[str, Manner] = MappingProxyType(
    {
        "SZ-Admin": Manner(1900, MANAGING, Habits(2, 30, 30), deeds=450, scripts=300),
        "SZ-Audit": Manner(1250, GUARDING, Habits(25, 35, 25), scripts=150),
        "SZ-Billing": Manner(380, ("costs", "organization"), Habits(40, 10, 0)),
        "SZ-PowerUser": Manner(950, BUILDING, Habits(15, 35, 35), deeds=350, scripts=250),
        "SZ-ReadOnly": Manner(300, RUNNING, Habits(45, 25, 20)),
        "IAMFullAccess,PowerUserAccess": Manner(
            1000, (*BUILDING, "identities", "roles"), Habits(4, 15, 15), deeds=300
        ),
        "PowerUserAccess": Manner(850, ("ec2", "volumes", "buckets", "metrics"), Habits(4, 10, 10)),
        "ReadOnlyAccess": Manner(250, ("buckets", "ec2", "metrics"), Habits(15, 10, 10)),
        "sz-helpdesk-users": Manner(650, ("identities",), Habits(10, 10, 10)),
        "sz-test-automation": Manner(400, ("functions", "log groups"), Habits(15, 10, 10)),
    }
)


class Visit(NamedTuple):
    """A session: who, where, when, from which address."""

    person: Person
    account: str
    at: int
    address: str
    number: int


def place_of(world: World, person: Person, day: Day, at: int, dice: Dice) -> str:
    """Return the address from which somebody works; empty where he does not.

    Parameters
    ----------
    world
        The world.
    person
        Who.
    day, at
        The day, and the time (epoch milliseconds).
    dice
        Who decides, between office and VPN.
    """
    for change in world.baseline.changes(day.date):
        if change.kind == "travel" and change.who == person.name:
            return hotel_of(world, change.id)
    hour = (at - day.start) // HOUR
    usual = world.baseline.is_working_day(day.date) and 8 <= hour < 21
    if not usual:
        return person.vpn_ip
    return person.vpn_ip if person.vpn_ip and dice.happens(220) else person.office_ip


def _visits(stage: Stage, day: Day, person: Person, dice: Dice) -> list[Visit]:
    world = stage.world
    rota = world.baseline.rota[person.rota]
    weights = world.baseline.intensity(person.rota, day.date)
    expected = MANNERS[person.permission_set].visits * sum(weights) // sum(rota.weekday)
    count = expected // 1000 + dice.happens(expected % 1000)
    accounts = [name for name in person.accounts if _may_enter(world, person, name)]
    found = []
    for number in range(count * min(world.scaled(1), BUSIEST)):
        at = _when(day, person, weights, dice, number)
        account = dice.pick(accounts, [6, *[2] * (len(accounts) - 1)])
        address = place_of(world, person, day, at, dice)
        if address:
            found.append(Visit(person, account, at, address, number))
    return found


def _when(day: Day, person: Person, weights: tuple[int, ...], dice: Dice, number: int) -> int:
    """Return when a session begins, so that it ends before the day does."""
    if person.name == ADMINISTRATOR and number == 0:  # the first thing in the morning
        return day.at("09:05") + dice.between(0, 14 * 60) * 1000
    hour = dice.pick(range(24), weights)
    at = day.start + hour * HOUR + dice.below(HOUR // 1000) * 1000
    return min(at, day.end - 90 * MINUTE - dice.below(1800) * 1000)


def _may_enter(world: World, person: Person, account: str) -> bool:
    if person.kind == "iam-user":
        return account == person.account
    roles = world.baseline.roles.values()
    return any(
        role.account == account and role.permission_set == person.permission_set for role in roles
    )


def work(stage: Stage, day: Day) -> None:
    """Let everybody of the staff work who does on this day.

    On thin days only some sign-ins are there.
    """
    if not day.dense:
        _sign_ins(stage, day)
        return
    stocks: dict[str, Stock] = {}
    diary = Diary(stage)
    for person in stage.world.baseline.people.values():
        dice = Dice(stage.rng.child(person.name))
        for visit in _visits(stage, day, person, dice):
            stock = stocks.setdefault(visit.account, Stock(stage.world, visit.account, day))
            _work(stage, Hands(diary, stock, dice), visit)
    diary.close()


def _sign_ins(stage: Stage, day: Day) -> None:
    """Let people sign in on a thin day: users of IAM, and whoever goes to the root of all."""
    for person in stage.world.baseline.people.values():
        dice = Dice(stage.rng.child(person.name))
        for visit in _visits(stage, day, person, dice):
            account, address = visit.account, visit.address
            administers = (person.permission_set, account) == ("SZ-Admin", "sz-management")
            if person.kind == "iam-user" or administers:
                sign_in(stage, person, account, visit.at, address=address, whole=False)


def _work(stage: Stage, hands: Hands, visit: Visit) -> None:
    manner, dice = MANNERS[visit.person.permission_set], hands.dice
    if visit.person.kind == "sso" and dice.happens(manner.scripts):
        system = visit.person.browser.rpartition("-")[2]
        caller = take_role(
            stage,
            visit.person,
            visit.account,
            visit.at,
            address=visit.address,
            agent=cli_agent(hands.stock.day.date, system, "sts.get-caller-identity"),
        )
        run_script(hands, caller, system, visit.at + dice.between(8, 60) * 1000, manner.habits)
        return
    entered = sign_in(stage, visit.person, visit.account, visit.at, address=visit.address)
    caller, moment = entered.caller, visit.at + dice.between(2, 5) * 1000
    moment = open_page(hands, pages()["home"], caller, moment, manner.habits)
    for name in dice.sample(manner.pages, dice.between(1, 4)):
        moment += dice.between(4, 150) * 1000
        moment = open_page(hands, pages()[name], caller, moment, manner.habits)
        if dice.happens(WANDERS):
            call = dice.pick(seldom())
            hands.does(call, caller, moment + 900, call.home or HOME, manner.habits)
    if dice.happens(manner.deeds):
        deed: Deed = dice.pick(DEEDS)
        deed(hands, caller, moment + dice.between(20, 200) * 1000)


PEOPLE = Behavior("people", work, thin=True)
