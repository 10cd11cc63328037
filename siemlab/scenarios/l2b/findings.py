"""What GuardDuty and Security Hub say about the intruder in the pipeline."""

from __future__ import annotations

from collections.abc import Mapping

from siemlab.scenarios.l2b.intrusion import CLI
from siemlab.scenarios.l2b.leak import BOTO
from siemlab.scenarios.l2b.response import DEPLOYED, FLOWS_BACK
from siemlab.scenarios.l2b.setting import NOTIFY, at
from siemlab.scenarios.roles import HOME
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate.affected import key_of
from siemlab.simulate.calendar import DAY, MINUTE, millis
from siemlab.simulate.callers import Caller
from siemlab.simulate.checks import check_function, check_vpc
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.securityhub import control
from siemlab.simulate.sightings import ApiCall, Seen
from siemlab.simulate.stage import Acts, Stage

__all__ = ["Callers", "alarms", "controls"]

Callers = Mapping[str, Caller]
"""The intruder, by the row with which a session begins."""

AGENTS = {
    "4": BOTO,
    "9": f"{CLI}lambda.update-function-configuration",
    "12": f"{CLI}secretsmanager.get-secret-value",
    "13": f"{CLI}ec2.modify-snapshot-attribute",
    "17": f"{CLI}cloudtrail.stop-logging",
}
"""What the calls of a row said they were made with."""
PERIODIC = millis("2023-01-13T22:40:00Z")


def alarms(
    stage: Stage, knobs: Knobs, callers: Callers, done: Mapping[str, tuple[Acts, ...]]
) -> dict[str, tuple[Acts, Acts]]:
    """Write GuardDuty's findings; ``done`` are the acts of the story's rows.

    There is none about leaked credentials: the keys come from a role that was taken, not from an
    instance.
    """
    return {
        kind: finding(
            stage,
            Finding(
                kind,
                callers[row].account,
                HOME,
                seen,
                key=key_of(callers[row]),
                created=at(knobs, created),
                agent=AGENTS[row],
            ),
        )
        for kind, row, seen, created in _seen(knobs, done)
    }


def _seen(
    knobs: Knobs, done: Mapping[str, tuple[Acts, ...]]
) -> tuple[tuple[str, str, tuple[Seen, ...], str], ...]:
    """Return the findings' types, the row of their caller, what they saw, when they were made."""

    def called(row: str, place: int, api: str, service: str, error: str = "") -> Seen:
        address = knobs["mirror"] if row == "4" else knobs["intruder"]
        action = ApiCall(api, f"{service}.amazonaws.com", address, error)
        return Seen(done[row][place].at, action)

    looked = (
        called("4", 1, "ListRoles", "iam"),
        called("4", 0, "GetCallerIdentity", "sts"),
        called("4", 2, "GetRole", "iam"),
        called("4", 3, "ListBuckets", "s3"),
    )
    planted = (
        called("9", 0, "UpdateFunctionConfiguration20150331v2", "lambda"),
        called("10", 0, "CreateFunctionUrlConfig", "lambda"),
        called("10", 1, "AddPermission20150331v2", "lambda"),
        called("11", 0, "UpdateFunctionCode20150331v2", "lambda"),
    )
    shared = (
        called("13", 1, "ModifySnapshotAttribute", "ec2"),
        called("14", 1, "ModifyDBSnapshotAttribute", "rds"),
    )
    blinded = (
        called("17", 0, "StopLogging", "cloudtrail"),
        called("17", 1, "DeleteTrail", "cloudtrail", "AccessDenied"),
        called("18", 0, "DeleteFlowLogs", "ec2"),
    )
    secret = (called("12", 0, "GetSecretValue", "secretsmanager"),)
    return (
        ("Discovery:IAMUser/AnomalousBehavior", "4", looked, "10 02:47:20"),
        ("Persistence:IAMUser/AnomalousBehavior", "9", planted, "11 01:31:00"),
        ("CredentialAccess:IAMUser/AnomalousBehavior", "12", secret, "12 15:54:40"),
        ("Exfiltration:IAMUser/AnomalousBehavior", "13", shared, "12 16:24:00"),
        ("DefenseEvasion:IAMUser/AnomalousBehavior", "17", blinded, "13 17:53:20"),
        ("Stealth:IAMUser/CloudTrailLoggingDisabled", "17", blinded[:1], "13 17:53:00"),
    )


def controls(stage: Stage, knobs: Knobs) -> dict[str, tuple[Acts, ...]]:
    """Write what Security Hub's controls notice: one at once, others when they run again."""
    world = stage.world
    opened = check_function(world, "Lambda.1", NOTIFY)
    unlogged = check_vpc(world, "EC2.6", "sz-prod"), check_vpc(world, "2.9", "sz-prod")
    return {
        "Lambda.1": (
            control(stage, opened, "FAILED", at(knobs, "11 01:20:00"), at(knobs, "11 01:20:00")),
            control(stage, opened, "PASSED", DEPLOYED + 4 * MINUTE),
        ),
        "EC2.6": tuple(
            acts
            for check in unlogged
            for acts in (
                control(stage, check, "FAILED", PERIODIC, at(knobs, "13 17:44:20")),
                control(stage, check, "PASSED", PERIODIC + DAY, FLOWS_BACK),
            )
        ),
    }
