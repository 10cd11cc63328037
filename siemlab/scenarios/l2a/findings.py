"""What GuardDuty says about the thief with the web server's keys."""

from __future__ import annotations

from siemlab.scenarios.l2a.setting import DOCS, at
from siemlab.scenarios.l2a.theft import AGENT
from siemlab.scenarios.roles import HOME
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate.affected import BucketTouched, key_of
from siemlab.simulate.callers import Caller
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.sightings import ApiCall, Seen
from siemlab.simulate.stage import Acts, Stage

__all__ = ["alarms"]

DENIED = "AccessDenied"
BUCKET = (("AWS::S3::Bucket", DOCS),)
ARCHIVED = "06:58:00"
"""When the responder archives the findings: they are not updated any more."""


def alarms(
    stage: Stage, knobs: Knobs, thief: Caller, done: dict[str, tuple[Acts, ...]]
) -> dict[str, tuple[Acts, Acts]]:
    """Write the findings; ``done`` are the acts of the story's rows.

    Returns
    -------
    dict
        By finding type the acts of GuardDuty and of Security Hub.
    """
    return {
        kind: finding(
            stage,
            Finding(
                kind,
                thief.account,
                HOME,
                seen,
                key=key_of(thief),
                buckets=(BucketTouched(DOCS),) if about_bucket else (),
                created=at(knobs, created),
                until=at(knobs, ARCHIVED),
                agent=f"{AGENT}s3.sync",
            ),
        )
        for kind, seen, created, about_bucket in _seen(knobs, done)
    }


def _seen(
    knobs: Knobs, done: dict[str, tuple[Acts, ...]]
) -> tuple[tuple[str, tuple[Seen, ...], str, bool], ...]:
    """Return the findings' types, what they saw, when they were made, and if of the bucket."""

    def called(
        row: str, place: int, api: str, service: str, error: str = "", *, bucket: bool = False
    ) -> Seen:
        action = ApiCall(
            api, f"{service}.amazonaws.com", knobs["thief"], error, BUCKET if bucket else ()
        )
        return Seen(done[row][place].at, action)

    who = called("7", 0, "GetCallerIdentity", "sts")
    listed = called("8", 0, "ListBuckets", "s3")
    refused = (
        called("9", 0, "DescribeInstances", "ec2", "Client.UnauthorizedOperation"),
        called("9", 2, "ListSecrets", "secretsmanager", DENIED),
    )
    looked = (
        called("10", 0, "GetBucketLocation", "s3"),
        called("10", 1, "GetBucketPolicy", "s3", DENIED, bucket=True),
        called("10", 2, "GetBucketEncryption", "s3", bucket=True),
    )
    papers = called("11", 1, "ListObjects", "s3", bucket=True)
    read = called("12", 1, "GetObject", "s3", bucket=True)
    opened = called("15", 0, "PutBucketPolicy", "s3", DENIED, bucket=True)
    everything = (who, listed, *refused, *looked, papers, read, opened)
    return (
        (
            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
            everything,
            "04:31:48",
            False,
        ),
        ("PenTest:IAMUser/KaliLinux", everything, "04:30:00", False),
        ("Discovery:S3/AnomalousBehavior", (listed, *looked, papers), "04:31:12", True),
        ("Exfiltration:S3/AnomalousBehavior", (read,), "04:36:00", True),
    )
