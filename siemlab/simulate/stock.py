"""What an account has on a day: whoever looks at something looks at what is there.

A call of the catalog has holes for resources; `Stock.filled` fills them with the account's own, so
that a page of the console or a service's round is no more than a list of calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from siemlab.baseline import Host, User
from siemlab.simulate.calendar import Day, millis
from siemlab.simulate.call import Call, holes_of
from siemlab.simulate.dice import Dice
from siemlab.simulate.refusals import MISSING, failure
from siemlab.simulate.shapes import Column
from siemlab.simulate.stock_names import FINDERS, GONE
from siemlab.simulate.world import World

__all__ = ["Stock"]

ASSETS, DOCS = "sz-prod-web-assets", "sz-prod-customer-docs"
ACCESS_LOGS, ARCHIVE = "sz-prod-access-logs", "sz-security-log-archive"
ARTIFACTS = "sz-dev-artifacts"

HAVE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "GetBucketCors": frozenset({ASSETS}),
        "GetBucketLifecycle": frozenset({ASSETS, ACCESS_LOGS, ARCHIVE, ARTIFACTS}),
        "GetBucketObjectLockConfiguration": frozenset({ARCHIVE}),
        "GetBucketPolicy": frozenset({ASSETS, ACCESS_LOGS, ARCHIVE, DOCS}),
        "GetBucketPolicyStatus": frozenset({ASSETS, ACCESS_LOGS, ARCHIVE, DOCS}),
        "GetBucketReplication": frozenset({ACCESS_LOGS}),
        "GetBucketWebsite": frozenset(),
    }
)
"""Which buckets have what others lack; configurations that are not named here all have."""
UNBLOCKED = frozenset({ASSETS})
REPLACED = frozenset(
    {
        *("alarm", "config.rule", "database", "function", "log_group", "parameter", "policy_arn"),
        *("profile", "queue", "repository", "role", "stack", "table", "topic", "user"),
    }
)
"""The holes for names: what has been replaced was called the same, with an ending."""
CALLED = frozenset({"sz-prod-payment-webhook", "sz-dev-nightly-cleanup"})
"""The functions that others may call: they have a policy."""
NOBODY_HAS = frozenset(
    {
        "GetAlternateContact",
        "GetFunctionEventInvokeConfig",
        "GetFunctionUrlConfig",
        "GetInsightSelectors",
        "GetLifecyclePolicy",
    }
)
NOTHING: Mapping[str, Column] = MappingProxyType({})


class Stock:
    """What an account has, all day long.

    Parameters
    ----------
    world
        The world.
    account
        The account's name.
    day
        The day: what is made or ends on it is left out.

    Examples
    --------
    >>> from datetime import date
    >>> from siemlab.baseline import load_baseline
    >>> world = World(load_baseline(), seed=2022)
    >>> stock = Stock(world, "sz-prod", Day(date(2022, 10, 3), "dense"))
    >>> stock.choices("function")[0], len(stock.choices("bucket"))
    ('sz-prod-booking-notify', 7)
    """

    world: World
    account: str
    id: str
    day: Day

    def __init__(self, world: World, account: str, day: Day) -> None:
        self.world = world
        self.account = account
        self.id = world.account(account)
        self.day = day
        self._choices: dict[str, tuple[Column, ...]] = {}
        self._asked: dict[tuple[int, str], tuple[tuple[str, str], ...]] = {}

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        """The hosts that run from the day's begin to its end."""
        return tuple(
            host
            for host in self.world.baseline.hosts.values()
            if host.account == self.account
            and millis(host.since) < self.day.start
            and (host.until is None or millis(host.until) >= self.day.end)
        )

    @cached_property
    def users(self) -> tuple[User, ...]:
        """The IAM users that exist all day."""
        return tuple(
            user
            for user in self.world.baseline.users.values()
            if user.account == self.account
            and (user.since is None or millis(user.since) < self.day.start)
            and (user.until is None or millis(user.until) >= self.day.end)
        )

    def choices(self, hole: str) -> tuple[Column, ...]:
        """Return what can fill a hole, by its name; nothing where the account has none.

        Parameters
        ----------
        hole
            ``bucket``, ``instance``, ``role`` ...

        Raises
        ------
        KeyError
            Nobody knows what such a hole is for: whoever makes the call has to.
        """
        found = self._choices.get(hole)
        if found is None:
            found = self._choices[hole] = tuple(FINDERS[hole](self))
        return found

    def filled(
        self, call: Call, dice: Dice, error: str = "", given: Mapping[str, Column] = NOTHING
    ) -> dict[str, Column] | None:
        """Return columns for a call, by chance; None where the account has not what it asks for.

        Parameters
        ----------
        call
            The call.
        dice
            Who decides.
        error
            The error with which it fails: what is *NotFound* is something that is no more.
        given
            Columns that are not left to chance; those that the call has no hole for are left out.
        """
        columns = {name: value for name, value in given.items() if name in call.defaults}
        for name, hole in self.asked(call, error):
            if name in given:
                columns[name] = given[name]
                continue
            choices = self.choices(hole)
            if not choices:
                return None
            if error and MISSING.match(error):
                choices = self._gone(hole, choices)
            columns[name] = dice.pick(choices)
        return columns

    def _gone(self, hole: str, choices: tuple[Column, ...]) -> tuple[Column, ...]:
        """Return what is no more, and that scripts and bookmarks still name."""
        if hole in GONE:
            return self.choices(f"gone {hole}")
        return tuple(f"{name}-old" for name in choices) if hole in REPLACED else choices

    def may_miss(self, call: Call) -> bool:
        """Tell whether a call is about something that may be no more."""
        holes = {hole for _, hole in self.asked(call)}
        return bool(holes & (GONE | REPLACED)) and "bucket" not in holes

    def asked(self, call: Call, error: str = "") -> tuple[tuple[str, str], ...]:
        """Return the holes of a call, each with the name by which `choices` knows it.

        Parameters
        ----------
        call, error
            The call, and the error with which it fails.
        """
        found = self._asked.get((id(call), error))
        if found is None:
            # A name can mean one thing to one service and another thing to another.
            names = [(name, f"{call.service}.{name}") for name in sorted(holes_of(call, error))]
            found = tuple((name, own if own in FINDERS else name) for name, own in names)
            self._asked[id(call), error] = found
        return found

    def lacks(self, call: Call, columns: Mapping[str, Column]) -> str:
        """Return the error where something has no such configuration; empty where it has.

        Parameters
        ----------
        call
            A call that looks at something.
        columns
            What it looks at.
        """
        bucket = columns.get("bucket")
        lacking = (
            call.name in NOBODY_HAS
            or (call.name in HAVE and bucket not in HAVE[call.name])
            or (call.name == "GetBucketPublicAccessBlock" and bucket in UNBLOCKED)
            or (call.name == "GetPolicy20150331v2" and columns["function"] not in CALLED)
            or (call.name == "GetLoginProfile" and columns["user"] not in self._with_password)
        )
        return failure(call, MISSING) if lacking else ""

    @cached_property
    def _with_password(self) -> frozenset[str]:
        return frozenset(user.name for user in self.users if user.console)
