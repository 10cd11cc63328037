"""Changes of users, keys and policies in the course of the year, and forgotten passwords."""

from __future__ import annotations

from collections.abc import Callable

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.people import place_of
from siemlab.simulate.calendar import MINUTE, SECOND, Day, millis
from siemlab.simulate.callers import Caller, console_user
from siemlab.simulate.calls import iam, iam_roles
from siemlab.simulate.calls.signin import CONSOLE_LOGIN_FAILURE
from siemlab.simulate.dice import Dice
from siemlab.simulate.naming import HOME
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Stage

__all__ = ["IDENTITIES"]

OFTEN = 170
"""On how many working days of a thousand something of this kind is changed."""
HELPDESK = ("t-kirishima", "y-sudo")
FORGETFUL = ("k-tanabe", "y-sudo", "t-kirishima")
KEY_OWNERS = ("m-oda", "o-tsuda")
ADMINISTRATORS = ("akiyama", "s-watari")
BUCKETS = {
    "sz-dev": ("sz-dev-artifacts",),
    "sz-prod": ("sz-prod-web-assets", "sz-prod-analytics-export"),
}
ROLES = (("sz-prod", "sz-lambda-image-role"), ("sz-dev", "sz-dev-app-ec2-role"))
FORGOTTEN = ("y-sudo", "t-kirishima", "2022-12-08T05:02:00Z", "2022-12-08T05:11:00Z")
"""Who forgot a password and who helped, and when each of them was at it."""

Deed = Callable[[Stage, Day, int], None]


def administer(stage: Stage, day: Day) -> None:
    """Change something now and then, in office hours; and one day a password is forgotten."""
    dice = Dice(stage.rng.child("dice"))
    who, helper, failed, reset = FORGOTTEN
    if day.holds(millis(failed)):
        _fail(stage, day, who, millis(failed), tries=1)
        _reset(stage, day, helper, who, millis(reset))
    elif stage.world.baseline.is_working_day(day.date) and dice.happens(OFTEN):
        deed: Deed = dice.pick(DEEDS)
        deed(stage, day, day.at("10:30") + dice.below(6 * 60) * MINUTE + dice.below(60) * SECOND)


def _enter(stage: Stage, day: Day, person: str, account: str, at: int) -> Caller:
    found = stage.world.baseline.people[person]
    dice = Dice(stage.rng.child("place", person))
    address = place_of(stage.world, found, day, at, dice) or found.office_ip
    begin = at - dice.between(2, 6) * MINUTE
    return sign_in(stage, found, account, begin, address=address, whole=day.dense).caller


def _fail(stage: Stage, day: Day, user: str, at: int, tries: int) -> None:
    """Try a wrong password, from the office."""
    world = stage.world
    person, account = world.baseline.people[user], world.account(world.baseline.users[user].account)
    visitor = console_user(
        account,
        user,
        world.user_id(user),
        "",
        since=at,
        mfa=False,
        address=person.office_ip,
        agent=world.baseline.agent(user, day.date),
    )
    moments = [at + number * 21 * SECOND for number in range(tries)]
    stage.call(CONSOLE_LOGIN_FAILURE, visitor, moments, region=HOME)


def _reset(stage: Stage, day: Day, helper: str, user: str, at: int) -> None:
    caller = _enter(stage, day, helper, "sz-prod", at)
    stage.call(iam.UPDATE_LOGIN_PROFILE, caller, at, region=HOME, user=user)


def _forgets(stage: Stage, day: Day, at: int) -> None:
    """Somebody forgets a password; the helpdesk sets another, and it is changed at once."""
    world, dice = stage.world, Dice(stage.rng.child("who"))
    user = dice.pick(FORGETFUL)
    helper = next(name for name in HELPDESK if name != user)
    _fail(stage, day, user, at - dice.between(9, 30) * MINUTE, tries=dice.between(1, 3))
    _reset(stage, day, helper, user, at)
    account, person = world.baseline.users[user].account, world.baseline.people[user]
    later = at + dice.between(4, 12) * MINUTE
    entered = sign_in(stage, person, account, later, address=person.office_ip)
    stage.call(iam.CHANGE_PASSWORD, entered.caller, later + 40 * SECOND, region=HOME)


def _rotates_key(stage: Stage, day: Day, at: int) -> None:
    """A user makes a new key for the programs on the laptop, and deletes the one of last time."""
    world, dice = stage.world, Dice(stage.rng.child("who"))
    user = dice.pick(KEY_OWNERS)
    caller = _enter(stage, day, user, world.baseline.users[user].account, at)
    serial = day.start // SECOND
    key = world.user_key(user, caller.account, serial)
    stage.call(iam.CREATE_ACCESS_KEY, caller, at, region=HOME, user=user, access_key=key)
    old = world.user_key(user, caller.account, serial - 1)
    both = {"user": user, "access_key": old}
    stage.call(
        iam.UPDATE_ACCESS_KEY, caller, at + 4 * MINUTE, region=HOME, status="Inactive", **both
    )
    stage.call(iam.DELETE_ACCESS_KEY, caller, at + 5 * MINUTE, region=HOME, **both)


def _widens_policy(stage: Stage, day: Day, at: int) -> None:
    """An administrator lets a role use one more bucket."""
    dice = Dice(stage.rng.child("who"))
    account, role = dice.pick(ROLES)
    caller = _enter(stage, day, dice.pick(ADMINISTRATORS), account, at)
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject",'
        f'"s3:PutObject"],"Resource":"arn:aws:s3:::{dice.pick(BUCKETS[account])}/previews/*"}}]}}'
    )
    stage.call(
        iam_roles.PUT_ROLE_POLICY,
        caller,
        at,
        region=HOME,
        role=role,
        policy=f"{role}-buckets",
        document=document,
    )


def _tags_role(stage: Stage, day: Day, at: int) -> None:
    dice = Dice(stage.rng.child("who"))
    account, role = dice.pick(ROLES)
    caller = _enter(stage, day, dice.pick(ADMINISTRATORS), account, at)
    stage.call(iam_roles.TAG_ROLE, caller, at, region=HOME, role=role, tool="platform")
    stage.call(
        iam_roles.ATTACH_ROLE_POLICY,
        caller,
        at + 25 * SECOND,
        region=HOME,
        role=role,
        policy_arn="arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
    )


DEEDS: tuple[Deed, ...] = (_forgets, _rotates_key, _tags_role, _widens_policy)

IDENTITIES = Behavior("identities", administer, thin=True)
