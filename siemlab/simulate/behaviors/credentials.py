"""Where temporary keys come from: services take roles for instances, functions, and themselves."""

from __future__ import annotations

from collections.abc import Iterator

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import SECOND, Day, millis
from siemlab.simulate.call import Call
from siemlab.simulate.callers import aws_service
from siemlab.simulate.calls.dates import comma_dates
from siemlab.simulate.calls.sts import ASSUME_ROLE_BY_INSTANCE, ASSUME_ROLE_BY_SERVICE
from siemlab.simulate.diary import Diary
from siemlab.simulate.naming import HOME
from siemlab.simulate.stage import Stage, times
from siemlab.simulate.world import Session, World

__all__ = ["CREDENTIALS", "SERVICE_SESSIONS"]

SERVICE_SESSIONS = (
    ("sz-replication-role", "sz-prod", "s3.amazonaws.com", "s3-volume-replication"),
    ("rds-monitoring-role", "sz-dev", "monitoring.rds.amazonaws.com", "RDSEnhancedMonitoring"),
    ("rds-monitoring-role", "sz-prod", "monitoring.rds.amazonaws.com", "RDSEnhancedMonitoring"),
    ("sz-config-role", "sz-dev", "config.amazonaws.com", "AWSConfig-BucketConfigCheck"),
    ("sz-config-role", "sz-prod", "config.amazonaws.com", "AWSConfig-BucketConfigCheck"),
    ("AWSServiceRoleForConfig", "sz-dev", "config.amazonaws.com", "AWSConfig-Describe"),
    ("AWSServiceRoleForConfig", "sz-prod", "config.amazonaws.com", "AWSConfig-Describe"),
    ("AWSServiceRoleForSecurityHub", "sz-prod", "securityhub.amazonaws.com", "securityhub"),
    ("AWSServiceRoleForSecurityHub", "sz-dev", "securityhub.amazonaws.com", "securityhub"),
    ("AWSServiceRoleForAmazonMacie", "sz-prod", "macie.amazonaws.com", "macie"),
    ("AWSServiceRoleForRDS", "sz-prod", "rds.amazonaws.com", "RDS-HostManagement"),
)
"""Role, account, service and session name of what services take for themselves."""


def issue(stage: Stage, day: Day) -> None:
    """Issue the keys of a day; on the eve of a dense day those that reach into it."""
    diary = Diary(stage)
    for subject, account, role, service, name, call in _subjects(stage.world, day):
        sessions = stage.world.sessions(subject, stage.world.account(account), day.start, day.end)
        for session in sessions:
            reaches = day.dense or session.until > day.end
            if day.holds(session.since) and reaches:
                _issue(diary, session, (account, role, service, name), call)
    diary.close()


def _subjects(world: World, day: Day) -> Iterator[tuple[str, str, str, str, str, Call]]:
    """Yield whose sessions there are: subject, account, role, service, session name, and call."""
    baseline = world.baseline
    for host in baseline.hosts.values():
        ends = day.end if host.until is None else millis(host.until)
        if millis(host.since) < day.end and ends > day.start:
            name = world.ids.instance(host.name)
            kind = ASSUME_ROLE_BY_INSTANCE
            yield host.name, host.account, host.role, "ec2.amazonaws.com", name, kind
    for function in baseline.functions.values():
        place = (function.account, function.role, "lambda.amazonaws.com", function.name)
        yield function.name, *place, ASSUME_ROLE_BY_INSTANCE
    for role, account, service, name in SERVICE_SESSIONS:
        yield f"{account}/{role}", account, role, service, name, ASSUME_ROLE_BY_SERVICE


def _issue(diary: Diary, session: Session, whose: tuple[str, str, str, str], call: Call) -> None:
    account, role_name, service, name = whose
    world = diary.stage.world
    role = world.role(account, role_name)
    diary.note(
        call,
        aws_service(role.account, service),
        session.since,
        region=HOME,
        shared=diary.stage.rng.uuids(1)[0],
        **role.taken(name, session.key),
        expires=comma_dates(times(session.until + SECOND))[0],
    )


CREDENTIALS = Behavior("credentials", issue, eve=True)
