"""The world: the company, its identifiers, what is logged, and what incidents change in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from siemlab.baseline import Baseline
from siemlab.simulate.calendar import HOUR
from siemlab.simulate.callers import Caller, Role, role_session
from siemlab.simulate.ids import Ids
from siemlab.simulate.rng import Ints, Rng

__all__ = ["Effect", "Item", "Session", "Switch", "World"]

SESSION_STEP = 6 * HOUR
"""How often an instance or a function gets new credentials."""

EffectKind = Literal[
    "not logged",
    "revoked",
    "imdsv2",
    "ssh open",
    "public",
    "key dead",
    "one session",
    "unversioned",
]


@dataclass(frozen=True)
class Effect:
    """What an incident or a clean-up changes in the world for a while.

    Parameters
    ----------
    kind
        ``not logged``: a source is off. ``revoked``: a role's sessions that began before are
        refused. ``imdsv2``: a host hands out its keys the safe way. ``ssh open``: a host's port 22
        is open to the world. ``public``: anybody reads a bucket. ``key dead``: a key is off.
        ``one session``: an instance gets new keys at both ends, and none in between.
        ``unversioned``: a bucket that keeps versions does not.
    subject
        What it is about: a source (`World.source_name`), role, host, bucket, or user.
    since, until
        Epoch milliseconds, half-open.
    """

    kind: EffectKind
    subject: str
    since: int
    until: int

    def covers(self, at: Ints) -> NDArray[np.bool_]:
        """Return for each time whether the effect is in force."""
        return (at >= self.since) & (at < self.until)


@dataclass(frozen=True)
class Item:
    """A configuration item that a story's change left: the resource is so from then on.

    Parameters
    ----------
    type, resource
        The resource's type and id.
    account, region
        The account's id, and the region that records it.
    at
        When Config looked at it, epoch milliseconds.
    record
        The item as it was written, JSON.
    """

    type: str
    resource: str
    account: str
    region: str
    at: int
    record: bytes

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The item, read."""
        found: dict[str, Any] = msgspec.json.decode(self.record)
        return found

    @property
    def gone(self) -> bool:
        """Whether the resource had been deleted."""
        return str(self.fields["configurationItemStatus"]).startswith("ResourceDeleted")


@dataclass(frozen=True)
class Switch:
    """What if a source had been logged, or had not: the policy's answer for it is replaced.

    Parameters
    ----------
    log_type, account, region, name
        The source; ``*`` fits all. The account is its id.
    on
        Whether it is logged.
    """

    log_type: str
    account: str = "*"
    region: str = "*"
    name: str = "*"
    on: bool = True

    def fits(self, *source: str) -> bool:
        """Tell whether this switch is about a source."""
        mine = (self.log_type, self.account, self.region, self.name)
        return all(part in ("*", given) for part, given in zip(mine, source, strict=True))


@dataclass(frozen=True)
class Session:
    """Temporary credentials: a key, and when it is valid (epoch milliseconds, half-open)."""

    key: str
    since: int
    until: int


@dataclass(frozen=True)
class World:
    """All that a behavior or a story may know.

    Parameters
    ----------
    baseline
        The company.
    seed
        The seed: what happens.
    team
        The team: how things are called; empty for the data set that is no team's own.
    volume
        How much goes on, per mille of the small data set.
    switches
        Sources that are turned on or off.
    effects
        What the incidents change.
    items
        What Config has recorded of that, in the order of time.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> world = World(load_baseline(), seed=2022)
    >>> world.account("sz-prod")
    '444455556666'
    """

    baseline: Baseline
    seed: int
    team: str = ""
    volume: int = 1000
    switches: tuple[Switch, ...] = ()
    effects: tuple[Effect, ...] = ()
    items: tuple[Item, ...] = field(default=(), hash=False)

    @cached_property
    def ids(self) -> Ids:
        """The identifiers of this world."""
        return Ids(self.seed, self.team)

    def rng(self, *names: str | int) -> Rng:
        """Return the stream of a behavior's draws: the same for all teams."""
        return Rng(self.seed, *names)

    def with_effects(self, effects: tuple[Effect, ...]) -> World:
        """Return the world with further effects."""
        return replace(self, effects=(*self.effects, *effects))

    def scaled(self, count: int) -> int:
        """Return a number of episodes at this world's volume, at least 1 if there was one."""
        return max(min(count, 1), count * self.volume // 1000)

    def account(self, name: str) -> str:
        """Return the id of an account by its name."""
        return self.baseline.accounts[name].id

    # --- what is logged ----------------------------------------------------------------------

    @staticmethod
    def source_name(log_type: str, account: str, region: str, name: str = "") -> str:
        """Return the subject of an effect ``not logged``; an empty name is the whole region."""
        return "/".join((log_type, account, region, name))

    def logged(
        self, log_type: str, account: str, region: str, name: str, at: Ints
    ) -> NDArray[np.bool_]:
        """Return for each time whether a source is logged.

        Parameters
        ----------
        log_type
            A log type, or ``s3-data-events`` of a bucket.
        account, region, name
            The account's id, the region, and the VPC, bucket, balancer or web ACL by its logical
            name (empty where the type has none).
        at
            Epoch milliseconds.
        """
        mask = np.full(len(at), self._policy(log_type, account, region, name))
        subjects = {
            self.source_name(log_type, account, region, name),
            self.source_name(log_type, account, region),
        }
        for effect in self._effects_of("not logged"):
            if effect.subject in subjects:
                mask &= ~effect.covers(at)
        return mask

    def _policy(self, log_type: str, account: str, region: str, name: str) -> bool:
        for switch in self.switches:
            if switch.fits(log_type, account, region, name):
                return switch.on
        return self.baseline.is_logged(log_type, account, region, name)

    # --- what incidents change ---------------------------------------------------------------

    def _effects_of(self, kind: EffectKind) -> Iterator[Effect]:
        return (effect for effect in self.effects if effect.kind == kind)

    def affected(self, kind: EffectKind, subject: str, at: Ints) -> NDArray[np.bool_]:
        """Return for each time whether an effect on a subject is in force."""
        mask = np.zeros(len(at), dtype=np.bool_)
        for effect in self._effects_of(kind):
            if effect.subject == subject:
                mask |= effect.covers(at)
        return mask

    def is_affected(self, kind: EffectKind, subject: str, at: int) -> bool:
        """Tell whether an effect on a subject is in force at one time."""
        return bool(self.affected(kind, subject, np.array([at], dtype=np.int64))[0])

    def last_items(self, account: str, region: str, at: int) -> dict[tuple[str, str], Item]:
        """Return by type and id of the resource the last item that the stories left until a time.

        Parameters
        ----------
        account, region
            The account's id, and the region that records.
        at
            Epoch milliseconds.
        """
        return {
            (item.type, item.resource): item
            for item in self.items
            if item.at <= at and item.account == account and item.region == region
        }

    # --- credentials -------------------------------------------------------------------------

    def sessions(self, subject: str, account: str, start: int, end: int) -> list[Session]:
        """Return the sessions of an instance or a function that touch a span, in order.

        Each lives a little longer than until the next begins, so that one is always valid; callers
        change to the next as soon as it is there.

        Parameters
        ----------
        subject
            The host's or function's name.
        account
            The account's id, which the keys carry.
        start, end
            Epoch milliseconds, half-open.
        """
        first = start // SESSION_STEP - 2  # it may begin up to a step and a wobble later
        numbers = range(first, end // SESSION_STEP + 2)
        begins = {_session_begin(self.seed, subject, each): str(each) for each in numbers}
        for effect in self._effects_of("one session"):
            if effect.subject == subject:
                kept = {at: name for at, name in begins.items() if not effect.covers(np.array(at))}
                begins = {**kept, effect.since: "kept", effect.until: "renewed"}
        order = sorted(begins)
        found = [
            Session(self.ids.key("ASIA", account, subject, begins[begin]), begin, following)
            for begin, following in pairwise(order)
        ]
        return [session for session in found if session.until > start and session.since < end]

    def session_at(self, subject: str, account: str, at: int) -> Session:
        """Return the session that an instance or a function uses at a time."""
        return self.sessions(subject, account, at, at + 1)[-1]

    def user_id(self, user: str) -> str:
        """Return the ``AIDA`` id of an IAM user."""
        return self.ids.unique("AIDA", user)

    def user_key(self, user: str, account: str, serial: int = 0) -> str:
        """Return the long-lived key of an IAM user; ``serial`` counts those that came later."""
        return self.ids.key("AKIA", account, user, serial)

    def role(self, account: str, name: str) -> Role:
        """Return a role of the company as it is taken.

        Parameters
        ----------
        account
            The account's name.
        name
            The role's name; a permission set's role is found by the name before its last ``_``.

        Raises
        ------
        KeyError
            The account has no such role.
        """
        found = self.baseline.role(account, name)
        role_id = self.ids.unique("AROA", found.account, found.name)
        return Role(self.account(account), found.name, role_id, found.path)

    def host_caller(
        self, host_name: str, session: Session, agent: str, address: str = ""
    ) -> Caller:
        """Return a host that calls with its instance's credentials.

        Parameters
        ----------
        host_name
            The host's name.
        session
            Its session at the time (`sessions`).
        agent
            The user agent of the program that calls.
        address
            From where; the address that the internet sees when empty.
        """
        host = self.baseline.hosts[host_name]
        safe = self.is_affected("imdsv2", host_name, session.since)
        return role_session(
            self.role(host.account, host.role),
            self.ids.instance(host_name),
            session.key,
            since=session.since,
            address=address or host.egress_ip or host.private_ip,
            agent=agent,
            delivery="2.0" if safe else host.role_delivery,
        )


@lru_cache(maxsize=65536)
def _session_begin(seed: int, subject: str, number: int) -> int:
    """Return when the session of a number begins: every caller of a day asks for the same few."""
    offset = Rng(seed, "session", subject).below(1, SESSION_STEP // 1000)
    wobble = Rng(seed, "session", subject, number).below(1, 10 * 60)
    return number * SESSION_STEP + int(offset[0] + wobble[0]) * 1000
