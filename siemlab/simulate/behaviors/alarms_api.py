"""What GuardDuty says of API calls in everyday life, and the calls behind it."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np

from siemlab.simulate.affected import BucketTouched, KeyUsed, key_of
from siemlab.simulate.calendar import MINUTE, SECOND, Day
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, aws_account, role_session
from siemlab.simulate.calls.iam import GET_ACCOUNT_AUTHORIZATION_DETAILS, LIST_USERS
from siemlab.simulate.calls.iam_roles import LIST_POLICIES, LIST_ROLES
from siemlab.simulate.calls.s3_bucket import (
    DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,
    LIST_BUCKETS,
    PUT_BUCKET_PUBLIC_ACCESS_BLOCK,
)
from siemlab.simulate.calls.signin import CONSOLE_LOGIN_MFA
from siemlab.simulate.calls.sts import ASSUME_ROLE_EXTERNAL, GET_CALLER_IDENTITY
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.sightings import ApiCall, Seen
from siemlab.simulate.stage import Stage

__all__ = [
    "bucket_opened",
    "identities_listed",
    "kali_used",
    "objects_listed",
    "objects_read",
    "root_used",
]

INVENTORY_HOSTS = ("sz-prod-ops-01", "sz-dev-ci-runner-01")
INVENTORY_AGENT = "Boto3/1.20.26 Python/3.7.10 Linux/4.14.252-195.483.amzn2.x86_64 Botocore/1.23.26"
CLI_AGENT = "aws-cli/2.4.6 Python/3.8.8 Linux/5.11.0-1022-aws exe/x86_64.ubuntu.20 prompt/off"
# The tester keeps the system up to date: version and kernel, and the day since which.
KALI = (
    (date(2022, 1, 1), "2.4.25", "5.15.0-kali3"),
    (date(2022, 6, 1), "2.7.12", "5.18.0-kali2"),
    (date(2022, 11, 1), "2.9.5", "6.0.0-kali3"),
)
ACCOUNTANT = "h-sakai"
PUBLIC_BUCKET = "sz-dev-artifacts"
EXPORT_BUCKET = "sz-prod-analytics-export"
NOTEBOOKS_SINCE = date(2022, 6, 8)
S3_ANOMALIES_SINCE = date(2022, 7, 6)


def _region(stage: Stage) -> str:
    return stage.world.baseline.regions.home


def _host(stage: Stage, host: str, at: int, agent: str) -> Caller:
    """Return a host with the credentials that it has at a time."""
    world = stage.world
    account = world.account(world.baseline.hosts[host].account)
    return world.host_caller(host, world.session_at(host, account, at), agent)


def _called(
    stage: Stage,
    day: Day,
    caller: Caller,
    calls: tuple[Call, ...],
    moments: list[int],
    **holes: str,
) -> tuple[Seen, ...]:
    """Make calls one after another, on a day on which they are logged; return what was seen."""
    region = _region(stage)
    if day.dense:
        part = stage.part("calls", *(call.name for call in calls))
        for call, at in zip(calls, moments, strict=True):
            part.call(call, caller, at, region=region, **holes)
    return tuple(
        Seen(at, ApiCall(call.name, call.source, caller.address))
        for call, at in zip(calls, moments, strict=True)
    )


def _moments(stage: Stage, at: int, count: int, longest: int) -> list[int]:
    gaps = stage.rng.between(count, 1, longest // SECOND) * SECOND
    return [int(moment) for moment in at + np.cumsum(gaps)]


def identities_listed(stage: Stage, day: Day, at: int) -> None:
    """A new inventory script lists identities as it never did before.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    """
    host = stage.rng.pick(INVENTORY_HOSTS)
    calls = (LIST_USERS, LIST_ROLES, LIST_POLICIES, GET_ACCOUNT_AUTHORIZATION_DETAILS)
    chosen = calls[: stage.rng.one(2, len(calls))]
    caller = _host(stage, host, at, INVENTORY_AGENT)
    seen = _called(stage, day, caller, chosen, _moments(stage, at, len(chosen), 20 * SECOND))
    spec = Finding(
        "Discovery:IAMUser/AnomalousBehavior",
        caller.account,
        LIST_USERS.home,
        seen,
        key=key_of(caller),
        agent=caller.agent,
    )
    finding(stage, spec)


def bucket_opened(stage: Stage, day: Day, at: int, created: int = 0) -> None:
    """A build turns Block Public Access off for the artifacts, and on again after a while.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    created
        When the finding was made, epoch milliseconds; 0: as it comes.
    """
    caller = _host(stage, "sz-dev-ci-runner-01", at, CLI_AGENT)
    off = _called(
        stage, day, caller, (DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,), [at], bucket=PUBLIC_BUCKET
    )
    again = [at + stage.rng.one(4, 9) * MINUTE]
    _called(stage, day, caller, (PUT_BUCKET_PUBLIC_ACCESS_BLOCK,), again, bucket=PUBLIC_BUCKET)
    spec = Finding(
        "Policy:S3/BucketBlockPublicAccessDisabled",
        caller.account,
        _region(stage),
        off,
        key=key_of(caller),
        buckets=(BucketTouched(PUBLIC_BUCKET, blocked=False),),
        created=created,
    )
    finding(stage, spec)


def objects_listed(stage: Stage, day: Day, at: int) -> None:
    """A notebook (before there was one: staging) goes through the artifacts.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    """
    host = "sz-dev-data-01" if day.date >= NOTEBOOKS_SINCE else "sz-dev-app-01"
    new = day.date >= S3_ANOMALIES_SINCE
    kind = "Discovery:S3/AnomalousBehavior" if new else "Discovery:S3/BucketEnumeration.Unusual"
    _on_objects(stage, day, at, host, kind, "ListObjects", PUBLIC_BUCKET)


def objects_read(stage: Stage, day: Day, at: int) -> None:
    """The report host reads extracts; since July 2022 GuardDuty knows that it does.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    """
    if day.date < S3_ANOMALIES_SINCE:
        kind, api = "Exfiltration:S3/ObjectRead.Unusual", "GetObject"
        _on_objects(stage, day, at, "sz-prod-report-01", kind, api, EXPORT_BUCKET)


def _on_objects(
    stage: Stage, day: Day, at: int, host: str, kind: str, api: str, bucket: str
) -> None:
    """Write a finding about objects of a bucket whose objects nothing logs."""
    caller = _host(stage, host, at, INVENTORY_AGENT)
    moments = _moments(stage, at, stage.rng.one(2, 40), 30 * SECOND)
    spec = Finding(
        kind,
        caller.account,
        _region(stage),
        (Seen(moments, ApiCall(api, "s3.amazonaws.com", caller.address)),),
        key=key_of(caller),
        buckets=(BucketTouched(bucket),),
        agent=caller.agent,
    )
    finding(stage, spec)


def root_used(stage: Stage, day: Day, at: int) -> None:
    """Accounting signs in as the root user of the management account, with its second factor.

    Parameters
    ----------
    stage
        Who acts.
    day
        The day.
    at
        When, epoch milliseconds.
    """
    world = stage.world
    account, region = world.account("sz-management"), world.baseline.regions.global_
    address = world.baseline.people[ACCOUNTANT].office_ip
    caller = _root(account, address, world.baseline.agent(ACCOUNTANT, day.date))
    signed_in = at + stage.rng.one(0, 2400) * SECOND
    device = f"arn:aws:iam::{account}:mfa/root-account-mfa-device"
    stage.call(CONSOLE_LOGIN_MFA, caller, signed_in, region=region, mfa_arn=device)
    action = ApiCall("ConsoleLogin", CONSOLE_LOGIN_MFA.source, address)
    spec = Finding(
        "Policy:IAMUser/RootCredentialUsage",
        account,
        region,
        (Seen(signed_in, action),),
        key=KeyUsed("", account, "Root", "Root"),
    )
    finding(stage, spec)


def _root(account: str, address: str, agent: str) -> Caller:
    """Return the root user of an account who signs in."""
    identity = {
        "type": "Root",
        "principalId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "accountId": account,
        "accessKeyId": "",
    }
    return Caller(account, msgspec.json.encode(identity), address, agent, tls="1.3")


def _kali(day: Day, command: str) -> str:
    """Return the tester's user agent."""
    _, version, kernel = max(entry for entry in KALI if entry[0] <= day.date)
    system = f"Python/3.9.11 Linux/{kernel}-amd64 exe/x86_64.kali.2022"
    return f"aws-cli/{version} {system} prompt/off command/{command}"


def kali_used(stage: Stage, day: Day, at: int) -> None:
    """The contracted tester looks around with the role that it was given, from Kali Linux.

    Parameters
    ----------
    stage, day
        Where and when.
    at
        When the announced window begins, epoch milliseconds.
    """
    start = at + stage.rng.one(18, 55) * MINUTE
    caller = _tester(stage, day, start)
    calls = (GET_CALLER_IDENTITY, LIST_BUCKETS)
    moments = _moments(stage, start, len(calls), 90 * SECOND)
    seen = tuple(
        _called(stage, day, caller.using(_kali(day, command)), (call,), [moment])[0]
        for call, command, moment in zip(
            calls, ("sts.get-caller-identity", "s3api.list-buckets"), moments, strict=True
        )
    )
    spec = Finding(
        "PenTest:IAMUser/KaliLinux", caller.account, _region(stage), seen, key=key_of(caller)
    )
    finding(stage, spec)


def _tester(stage: Stage, day: Day, start: int) -> Caller:
    """Return the tester's session, which is taken from the tester's own account."""
    world = stage.world
    role = world.role("sz-prod", "SZ-PentestRole")
    outside, address = world.account("yamaneko"), "192.0.2.70"
    key = world.ids.key("ASIA", role.account, "pen-test", day.date.isoformat())
    session, agent = "yamaneko", _kali(day, "sts.assume-role")
    if day.dense:
        part = stage.part("role taken")
        principal = world.ids.unique("AIDA", "yamaneko", "tester")
        part.call(
            ASSUME_ROLE_EXTERNAL,
            aws_account(role.account, outside, principal, address=address, agent=agent),
            start,
            region=_region(stage),
            **role.taken(session, key),
            external_id=world.baseline.role("sz-prod", role.name).external_id,
            shared=part.rng.uuids(1)[0],
        )
    return role_session(role, session, key, since=start, address=address, agent=agent)
