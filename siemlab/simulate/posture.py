"""What Security Hub's controls find in the company: which resource fails which, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from siemlab.baseline.network import SecurityGroup
from siemlab.simulate.calendar import HOUR, MINUTE, millis
from siemlab.simulate.checks import (
    Check,
    Status,
    check_account,
    check_bucket,
    check_function,
    check_group,
    check_host,
    check_user,
    check_vpc,
)
from siemlab.simulate.world import World

__all__ = ["Standing", "posture"]

HUB_SINCE = millis("2021-12-06T03:12:00Z")
"""When Security Hub was turned on."""
NEVER = 1 << 62

ACCOUNTS = ("sz-prod", "sz-dev")
"""Where AWS Config records, without which there are no checks of resources."""
EVERYWHERE = ("sz-management", "sz-prod", "sz-dev", "sz-security")

HIGH_RISK_PORTS = frozenset(
    {20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333}
    | {5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300}
)
AUTHORIZED_PORTS = frozenset({80, 443})

TOKEN_LOST = millis("2022-03-08T01:46:00Z")
"""Since then k-tanabe has signed in without a second factor."""
FOREIGN_HANDS = millis("2023-01-10T00:00:00Z")

ACCOUNT_CONTROLS = {
    "sz-prod": frozenset({"CloudTrail.5", "2.4", "IAM.6", "1.9", "1.20", "EC2.7"}),
    "sz-dev": frozenset({"CloudTrail.5", "2.4", "IAM.6", "IAM.7", "1.9", "1.10", "1.11", "1.20"})
    | {"EC2.7", "S3.1"},
}
"""What fails of the controls of whole accounts."""
OF_ACCOUNTS = (
    *("CloudTrail.1", "CloudTrail.2", "CloudTrail.4", "CloudTrail.5", "EC2.1", "EC2.7"),
    *("GuardDuty.1", "IAM.4", "IAM.6", "IAM.7", "S3.1", "1.5", "1.6", "1.7", "1.8", "1.9"),
    *("1.10", "1.11", "1.12", "1.13", "1.20", "2.1", "2.2", "2.4", "2.5", "2.7"),
)
OF_HOSTS = ("EC2.3", "EC2.4", "EC2.8", "EC2.9", "EC2.17", "SSM.1", "SSM.2", "SSM.3")
OF_GROUPS = ("EC2.18", "EC2.19", "4.1", "4.2")
OF_VPCS = ("EC2.2", "EC2.6", "2.9", "4.3")
OF_BUCKETS = ("S3.2", "S3.3", "S3.4", "S3.5", "S3.8", "S3.9")
OF_USERS = ("IAM.2", "IAM.3", "IAM.5", "IAM.8", "1.2", "1.3", "1.4", "1.16")
OF_FUNCTIONS = ("Lambda.1", "Lambda.2")
OF_DATABASES = ("RDS.2", "RDS.3", "RDS.5", "RDS.6", "RDS.8", "RDS.11")
OF_BALANCERS = ("ELB.1", "ELB.5", "ELB.6")
OF_SECRETS = ("SecretsManager.1", "SecretsManager.4")
PLAIN_BUCKETS = frozenset(
    {"sz-prod-analytics-export", "sz-prod-web-assets", "sz-prod-lambda-code", "sz-dev-artifacts"}
)
"""Buckets whose policy does not ask for TLS."""
UNPATCHED = frozenset({"sz-prod-web-01", "sz-prod-web-02", "sz-prod-mail-01", "sz-dev-test-01"})
SINGLE = frozenset({"RDS.5", "RDS.8", "RDS.11"})
"""What the staging database goes without."""


@dataclass(frozen=True)
class Standing:
    """A check that is repeated, and when it fails.

    Parameters
    ----------
    check
        The check.
    failing
        Spans (epoch milliseconds, half-open) in which it fails.
    since, until
        From when to when there is such a check: the life of the resource.
    told
        Whether somebody else (a story) tells of the changes.
    draw
        64 bits of chance that belong to the check for good.
    """

    check: Check
    failing: tuple[tuple[int, int], ...] = ()
    since: int = HUB_SINCE
    until: int = NEVER
    told: bool = False
    draw: int = 0

    @property
    def delay(self) -> int:
        """How long after a change the check notices it, milliseconds."""
        if self.check.rule.periodic:
            return 2 * HOUR + (self.draw >> 16) % (16 * HOUR)
        return 2 * MINUTE + (self.draw >> 16) % (8 * MINUTE)

    def status(self, at: int) -> Status:
        """Return what the result would be at a time."""
        return "FAILED" if any(start <= at < end for start, end in self.failing) else "PASSED"

    def changed(self, at: int) -> int:
        """Return since when the result would have been what it is."""
        turns = [turn for span in self.failing for turn in span if turn <= at]
        return max([self.since, *turns])

    @property
    def turns(self) -> tuple[int, ...]:
        """The times at which the result changes, and nobody else tells of it."""
        turns = () if self.told else (turn for span in self.failing for turn in span)
        return tuple(turn for turn in turns if self.since < turn < self.until)


@lru_cache(maxsize=8)
def posture(world: World) -> tuple[Standing, ...]:
    """Return all checks of the company.

    Parameters
    ----------
    world
        The company, and what incidents change in it.
    """
    found = [
        *_of_accounts(world),
        *_of_hosts(world),
        *_of_groups(world),
        *_of_vpcs(world),
        *_of_buckets(world),
        *_of_users(world),
        *_of_others(world),
    ]
    return tuple(_with_draws(world, found))


def _with_draws(world: World, found: list[Standing]) -> Iterator[Standing]:
    draws = world.rng("controls").raw(len(found)).tolist()
    for standing, draw in zip(found, draws, strict=True):
        yield replace(standing, draw=draw)


def _standing(
    check: Check, fails: bool | tuple[tuple[int, int], ...], since: int = 0, until: int = NEVER
) -> Standing:
    begun = max(HUB_SINCE, since, check.rule.since)
    spans = ((begun, NEVER),) if fails is True else fails or ()
    kept = tuple((max(start, begun), min(end, until)) for start, end in spans if end > begun)
    return Standing(check, kept, begun, until)


def _effects(world: World, kind: str, subject: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (effect.since, effect.until)
        for effect in world.effects
        if effect.kind == kind and effect.subject == subject
    )


def _of_accounts(world: World) -> Iterator[Standing]:
    for account in ACCOUNTS:
        for control in OF_ACCOUNTS:
            fails = control in ACCOUNT_CONTROLS[account]
            yield _standing(check_account(world, control, account), fails)
    for account in EVERYWHERE:
        for region in world.baseline.all_regions:
            recorded = account in ACCOUNTS and region == world.baseline.regions.home
            yield _standing(check_account(world, "Config.1", account, region), not recorded)


def _of_hosts(world: World) -> Iterator[Standing]:
    for host in world.baseline.hosts.values():
        if host.account not in ACCOUNTS:
            continue
        since = millis(host.since) + HOUR
        until = millis(host.until) if host.until else NEVER
        optional = host.http_tokens == "optional"
        fixed = [start for start, _ in _effects(world, "imdsv2", host.name)]
        fails: dict[str, bool | tuple[tuple[int, int], ...]] = {
            "EC2.3": False,
            "EC2.8": ((0, min([NEVER, *fixed])),) if optional else False,
            "EC2.9": bool(host.public_ip),
            "SSM.2": host.name in UNPATCHED,
        }
        for control in OF_HOSTS:
            check = check_host(world, control, host.name)
            yield _standing(check, fails.get(control, False), since, until)


def _of_groups(world: World) -> Iterator[Standing]:
    hosts = world.baseline.hosts.values()
    for group in world.baseline.security_groups.values():
        if group.account not in ACCOUNTS:
            continue
        opened = tuple(
            span
            for host in hosts
            if group.name in host.security_groups
            for span in _effects(world, "ssh open", host.name)
        )
        for control in OF_GROUPS:
            fails = True if _too_open(group, control) else opened if control != "4.2" else ()
            check = check_group(world, control, group.name)
            yield replace(_standing(check, fails), told=True)


def _too_open(group: SecurityGroup, control: str) -> bool:
    open_ports = {
        port
        for rule in group.rules
        if rule.source == "0.0.0.0/0"
        for port in range(rule.low, rule.high + 1)
    }
    forbidden = {
        "EC2.18": open_ports - AUTHORIZED_PORTS,
        "EC2.19": open_ports & HIGH_RISK_PORTS,
        "4.1": open_ports & {22},
        "4.2": open_ports & {3389},
    }
    return bool(forbidden[control])


def _of_vpcs(world: World) -> Iterator[Standing]:
    home = world.baseline.regions.home
    for vpc in world.baseline.vpcs.values():
        if vpc.account not in ACCOUNTS or vpc.region != home:
            continue
        unlogged = _unlogged(world, "vpcflowlogs", world.account(vpc.account), home, vpc.name)
        for control in OF_VPCS:
            fails = unlogged if control in ("EC2.6", "2.9") else vpc.default
            yield replace(_standing(check_vpc(world, control, vpc.name), fails), told=True)


def _unlogged(
    world: World, log_type: str, account: str, region: str, name: str
) -> bool | tuple[tuple[int, int], ...]:
    """Return when a source that should be logged is not."""
    now = np.array([HUB_SINCE], dtype=np.int64)
    if not world.logged(log_type, account, region, name, now)[0]:
        return True
    return _effects(world, "not logged", world.source_name(log_type, account, region, name))


def _of_buckets(world: World) -> Iterator[Standing]:
    for bucket in world.baseline.buckets.values():
        if bucket.account not in ACCOUNTS:
            continue
        public = True if bucket.public else _effects(world, "public", bucket.name)
        account = world.account(bucket.account)
        fails: dict[str, bool | tuple[tuple[int, int], ...]] = {
            "S3.2": public,
            "S3.5": bucket.name in PLAIN_BUCKETS,
            "S3.8": public,
            "S3.9": _unlogged(world, "s3accesslog", account, bucket.region, bucket.name),
        }
        for control in OF_BUCKETS:
            check = check_bucket(world, control, bucket.name)
            yield replace(_standing(check, fails.get(control, False)), told=True)


def _of_users(world: World) -> Iterator[Standing]:
    for user in world.baseline.users.values():
        since = millis(user.since) + HOUR if user.since else 0
        key_until = millis(user.key_until) if user.key_until else NEVER
        old_key = (((millis(user.key_since) + 90 * 24 * HOUR if user.key_since else 0), key_until),)
        no_factor = user.console and not user.mfa
        fails: dict[str, bool | tuple[tuple[int, int], ...]] = {
            "IAM.2": bool(user.policies),
            "1.16": bool(user.policies),
            "IAM.3": old_key if user.key else False,
            "1.4": old_key if user.key else False,
            "IAM.5": ((TOKEN_LOST, NEVER),) if no_factor else False,
            "1.2": ((TOKEN_LOST, NEVER),) if no_factor else False,
        }
        for control in OF_USERS:
            check = check_user(world, control, user.name)
            yield _standing(check, fails.get(control, False), since)


def _of_others(world: World) -> Iterator[Standing]:
    """Yield the checks of functions, databases, balancers and secrets."""
    base = world.baseline
    for function in base.functions.values():
        if function.account in ACCOUNTS:
            # What a story does to a function's policy is the story's own to tell.
            told = FOREIGN_HANDS if function.name == "sz-prod-booking-notify" else NEVER
            for control in OF_FUNCTIONS:
                until = told if control == "Lambda.1" else NEVER
                yield _standing(check_function(world, control, function.name), False, 0, until)
    for database in base.databases.values():
        arn = f"rds:{database.region}:{world.account(database.account)}:db:{database.name}"
        for control in OF_DATABASES:
            check = _plain(world, control, database.account, "AwsRdsDbInstance", arn)
            yield _standing(check, database.account == "sz-dev" and control in SINGLE)
    for balancer in base.load_balancers.values():
        number = world.ids.hexes(16, "load-balancer", balancer.name)
        place = f"{balancer.region}:{world.account(balancer.account)}"
        arn = f"elasticloadbalancing:{place}:loadbalancer/app/{balancer.name}/{number}"
        for control in OF_BALANCERS:
            check = _plain(world, control, balancer.account, "AwsElbv2LoadBalancer", arn)
            yield _standing(check, False)
    for secret in base.secrets.values():
        mark = world.ids.hexes(6, "secret", secret.name)
        place = f"{secret.region}:{world.account(secret.account)}"
        arn = f"secretsmanager:{place}:secret:{secret.name}-{mark}"
        for control in OF_SECRETS:
            check = _plain(world, control, secret.account, "AwsSecretsManagerSecret", arn)
            yield _standing(check, True)


def _plain(world: World, control: str, account: str, kind: str, tail: str) -> Check:
    home, number = world.baseline.regions.home, world.account(account)
    return Check(control, number, home, kind, f"arn:aws:{tail}", tail.rpartition(":")[2])
