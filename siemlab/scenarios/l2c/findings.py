"""What GuardDuty, Security Hub and Macie say about the night."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from siemlab.scenarios.l2c.response import CLOSED
from siemlab.scenarios.l2c.setting import BACKUP, DOCS, EXCHANGE, at
from siemlab.scenarios.roles import HOME
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate.affected import BucketTouched, key_of
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.callers import Caller
from siemlab.simulate.checks import check_bucket
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.macie import bucket_public
from siemlab.simulate.securityhub import control
from siemlab.simulate.sightings import ApiCall, Seen
from siemlab.simulate.stage import Acts, Stage

__all__ = ["alarms", "controls"]


class _Alarm(NamedTuple):
    """A finding: its type, what it saw, when it was made, and of which bucket it is."""

    kind: str
    seen: tuple[Seen, ...]
    created: str
    bucket: BucketTouched


def alarms(
    stage: Stage, knobs: Knobs, intruder: Caller, done: Mapping[str, tuple[Acts, ...]]
) -> dict[str, tuple[Acts, Acts]]:
    """Write GuardDuty's findings; ``done`` are the acts of the story's rows."""
    return {
        alarm.kind: finding(
            stage,
            Finding(
                alarm.kind,
                intruder.account,
                HOME,
                alarm.seen,
                key=key_of(intruder),
                buckets=(alarm.bucket,),
                created=at(knobs, alarm.created),
                agent=intruder.agent,
            ),
        )
        for alarm in _alarms(knobs, done)
    }


def _alarms(knobs: Knobs, done: Mapping[str, tuple[Acts, ...]]) -> tuple[_Alarm, ...]:
    def called(row: str, place: int, api: str, bucket: str = "", error: str = "") -> Seen:
        about = (("AWS::S3::Bucket", bucket),) if bucket else ()
        action = ApiCall(api, "s3.amazonaws.com", knobs["intruder"], error, about)
        return Seen(done[row][place].at, action)

    return (*_of_settings(called), *_of_objects(called))


def _of_settings(called: Callable[..., Seen]) -> tuple[_Alarm, ...]:
    """Return the findings about what was changed of buckets."""
    exchange = BucketTouched(EXCHANGE)
    return (
        _Alarm(
            "Stealth:S3/ServerAccessLoggingDisabled",
            (called("4", 0, "PutBucketLogging", DOCS),),
            "17:46:12",
            BucketTouched(DOCS),
        ),
        _Alarm(
            "Policy:S3/BucketBlockPublicAccessDisabled",
            (called("5", 0, "DeleteBucketPublicAccessBlock", EXCHANGE),),
            "17:47:30",
            BucketTouched(EXCHANGE, blocked=False),
        ),
        _Alarm(
            "Policy:S3/BucketAnonymousAccessGranted",
            (called("5", 1, "PutBucketPolicy", EXCHANGE),),
            "17:48:00",
            exchange.opened(),
        ),
    )


def _of_objects(called: Callable[..., Seen]) -> tuple[_Alarm, ...]:
    """Return the findings about what was done with objects."""
    no_lock = "ObjectLockConfigurationNotFoundError"
    looked = (
        called("2", 0, "ListBuckets"),
        called("2", 1, "GetBucketVersioning", DOCS),
        called("2", 2, "GetBucketObjectLockConfiguration", DOCS, no_lock),
        called("8 list", 1, "ListObjectVersions", BACKUP),
    )
    written = (called("7", 1, "CopyObject", DOCS), called("9", 1, "PutObject", DOCS))
    read = (called("6", 1, "GetObject", DOCS),)
    gone = (called("8", 1, "DeleteObjects", BACKUP),)
    docs, backup = BucketTouched(DOCS), BucketTouched(BACKUP)
    return (
        _Alarm("Discovery:S3/AnomalousBehavior", looked, "17:23:40", docs),
        _Alarm("Exfiltration:S3/AnomalousBehavior", read, "17:57:00", docs),
        _Alarm("Impact:S3/AnomalousBehavior.Write", written, "18:16:30", docs),
        _Alarm("Impact:S3/AnomalousBehavior.Delete", gone, "18:29:00", backup),
    )


def controls(stage: Stage, knobs: Knobs) -> dict[str, tuple[Acts, ...]]:
    """Write what Security Hub's controls and Macie notice, and that some of it is well again."""
    world = stage.world
    opened, hidden = at(knobs, "17:36:02"), at(knobs, "17:33:05")
    found: dict[str, tuple[Acts, ...]] = {}
    for turn, name in enumerate(("S3.2", "S3.8")):
        check = check_bucket(world, name, EXCHANGE)
        later = (3 * MINUTE) + turn * 41 * SECOND
        found[name] = (
            control(stage, check, "FAILED", opened + later, opened + later),
            control(stage, check, "PASSED", CLOSED + later),
        )
    log = check_bucket(world, "S3.9", DOCS)
    found["S3.9"] = (control(stage, log, "FAILED", hidden + 5 * MINUTE),)
    found["Macie"] = (bucket_public(stage, EXCHANGE, at(knobs, "17:52:00")),)
    return found
