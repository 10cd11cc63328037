"""How the staff sign in, to the portal and to the console, and who calls from then on."""

from __future__ import annotations

from typing import NamedTuple

from siemlab.baseline import Person
from siemlab.simulate.calendar import HOUR, SECOND, jst_date
from siemlab.simulate.callers import (
    Caller,
    console_user,
    portal_user,
    role_session,
    saml_user,
)
from siemlab.simulate.calls.dates import comma_dates
from siemlab.simulate.calls.signin import (
    CHECK_MFA,
    CONSOLE_LOGIN,
    CONSOLE_LOGIN_MFA,
    CONSOLE_LOGIN_ROLE,
)
from siemlab.simulate.calls.sso import AUTHENTICATE, FEDERATE, GET_ROLE_CREDENTIALS
from siemlab.simulate.calls.sts import ASSUME_ROLE_WITH_SAML
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.world import World

__all__ = ["SESSION", "SignedIn", "hotel_of", "sign_in", "take_role"]

HOME, GLOBAL = "ap-northeast-1", "us-east-1"
SESSION = 8 * HOUR
"""How long a session of IAM Identity Center lasts."""
HOTELS = "198.51.100.160/27"
KNOWN_HOTELS = {"TR-118": "198.51.100.163"}


def hotel_of(world: World, trip: str) -> str:
    """Return the address from which somebody calls who is on a trip.

    Parameters
    ----------
    world
        Whose world it is.
    trip
        The entry of the calendar, ``TR-118``.
    """
    if not world.team and trip in KNOWN_HOTELS:
        return KNOWN_HOTELS[trip]
    return world.ids.address(HOTELS, trip)


class SignedIn(NamedTuple):
    """Somebody at the console: how the console calls in his name, and what the sign-in left."""

    caller: Caller
    acts: tuple[Acts, ...]


def sign_in(
    stage: Stage, person: Person, account: str, at: int, *, address: str, whole: bool = True
) -> SignedIn:
    """Let one of the staff sign in to the console of an account.

    Parameters
    ----------
    stage
        Where.
    person
        Who: as an IAM user, or by way of IAM Identity Center.
    account
        The account's name.
    at
        When, epoch milliseconds.
    address
        From where.
    whole
        Whether what leads to the sign-in is recorded too: the portal, STS, the second factor.
    """
    if person.kind == "iam-user":
        return _by_password(stage, person, at, address, whole=whole)
    taken = _taken(stage, person, account, at, address, at_console=True) if whole else ()
    visit = at // SECOND * SECOND
    who = _Session(stage, person, account, visit, address)
    login = stage.call(
        CONSOLE_LOGIN_ROLE,
        who.caller(key=False, tls="1.3"),
        at + SECOND,
        region=HOME,
        provider_arn=who.provider,
    )
    return SignedIn(who.caller(key=True).via_console(), (*taken, login))


def take_role(
    stage: Stage, person: Person, account: str, at: int, *, address: str, agent: str
) -> Caller:
    """Let one of the staff take a role for the command line (``aws sso login``).

    Parameters
    ----------
    stage, person, account, at, address
        As of `sign_in`; the person is of IAM Identity Center.
    agent
        The program that calls with it.
    """
    _taken(stage, person, account, at, address, at_console=False)
    who = _Session(stage, person, account, at // SECOND * SECOND, address)
    return who.caller(key=True).using(agent)


class _Session:
    """A session of somebody who comes by way of IAM Identity Center."""

    def __init__(
        self, stage: Stage, person: Person, account: str, since: int, address: str
    ) -> None:
        world = stage.world
        self.role = world.role(account, f"AWSReservedSSO_{person.permission_set}")
        self.person, self.since, self.address = person, since, address
        self.key = world.ids.key("ASIA", self.role.account, person.name, since)
        self.browser = world.baseline.agent(person.name, jst_date(since))
        self.number = world.ids.hexes(16, "saml provider", self.role.account)
        provider = f"saml-provider/AWSSSO_{self.number}_DO_NOT_DELETE"
        self.provider = f"arn:aws:iam::{self.role.account}:{provider}"
        self.qualifier = world.ids.unique("", "saml qualifier", self.role.account)

    def caller(self, *, key: bool, tls: str = "1.2") -> Caller:
        return role_session(
            self.role,
            self.person.session,
            self.key if key else "",
            since=self.since,
            address=self.address,
            agent=self.browser,
            tls=tls,
        )


def _taken(
    stage: Stage, person: Person, account: str, at: int, address: str, *, at_console: bool
) -> tuple[Acts, ...]:
    """Record that the portal takes a role for somebody: at the portal, and in the account."""
    world = stage.world
    who = _Session(stage, person, account, at // SECOND * SECOND, address)
    management = world.account("sz-management")
    visitor = portal_user(management, person.name, address=address, agent=who.browser)
    short = who.role.name.removeprefix("AWSReservedSSO_").rpartition("_")[0]
    further = FEDERATE if at_console else GET_ROLE_CREDENTIALS
    entered = stage.call(AUTHENTICATE, visitor, at - 4 * SECOND, region=HOME)
    went_on = stage.call(
        further, visitor, at, region=HOME, role_name=short, member=who.role.account
    )
    issuer = f"https://portal.sso.{HOME}.amazonaws.com/saml/assertion/{who.number}"
    taken = stage.call(
        ASSUME_ROLE_WITH_SAML,
        saml_user(
            who.role.account,
            person.session,
            who.qualifier,
            address=address,
            agent=who.browser,
        ),
        at,
        region=HOME,
        assertion=stage.rng.uuids(1)[0],
        **who.role.taken(person.session, who.key),
        provider_arn=who.provider,
        subject=person.session,
        issuer=issuer,
        qualifier=who.qualifier,
        seconds=SESSION // SECOND,
        expires=comma_dates(times(at + SESSION)),
    )
    return entered, went_on, taken


def _by_password(stage: Stage, person: Person, at: int, address: str, *, whole: bool) -> SignedIn:
    world = stage.world
    account = world.account(person.account)
    number, browser = world.user_id(person.name), world.baseline.agent(person.name, jst_date(at))
    since = at // SECOND * SECOND
    visitor = console_user(
        account, person.name, number, "", since=since, mfa=False, address=address, agent=browser
    )
    page = HOME if world.rng("sign-in page", person.name).happens(600) else GLOBAL
    acts: list[Acts] = []
    if person.mfa and whole:
        acts.append(stage.call(CHECK_MFA, visitor, at - 9 * SECOND, region=page))
    if person.mfa:
        device = f"arn:aws:iam::{account}:mfa/{person.name}"
        acts.append(stage.call(CONSOLE_LOGIN_MFA, visitor, at, region=page, mfa_arn=device))
    else:
        acts.append(stage.call(CONSOLE_LOGIN, visitor, at, region=page))
    key = world.ids.key("ASIA", account, person.name, since)
    caller = console_user(
        account, person.name, number, key, since=since, mfa=person.mfa, address=address
    )
    return SignedIn(caller, tuple(acts))
