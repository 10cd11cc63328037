"""Macie: sensitive data that a job found, and buckets that became public; through Security Hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from siemlab.simulate.affected import iso, owner_id
from siemlab.simulate.asff import deliver_findings, grade, provider_fields
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["Detection", "Sensitive", "bucket_public", "sensitive_data"]

JOB_TYPES = {
    "Multiple": "Sensitive Data Identifications/PII/SensitiveData:S3Object-Multiple",
    "Personal": "Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal",
}
PUBLIC_TYPE = (
    "Software and Configuration Checks/AWS Security Best Practices/Policy:IAMUser-S3BucketPublic"
)
RESULTS = "s3://sz-security-log-archive/AWSLogs"


@dataclass(frozen=True)
class Detection:
    """Data of one type: ``PASSPORT_NUMBER`` of ``PERSONAL_INFORMATION``, and how often."""

    category: str
    type: str
    count: int


@dataclass(frozen=True)
class Sensitive:
    """An object in which a job found sensitive data.

    Parameters
    ----------
    bucket, key
        Where it lies.
    detections
        What it holds.
    mime, size
        What sort of file, of how many bytes.
    changed
        When it was written, epoch milliseconds.
    """

    bucket: str
    key: str
    detections: tuple[Detection, ...]
    mime: str
    size: int
    changed: int

    @property
    def kind(self) -> str:
        """``Multiple`` when there is more than one category of data."""
        several = len({found.category for found in self.detections}) > 1
        return "Multiple" if several else "Personal"


def sensitive_data(stage: Stage, job: str, found: list[Sensitive], ended: int) -> Acts:
    """Write the findings of a job, one for each object, at its end.

    Parameters
    ----------
    stage
        Who acts.
    job
        The job's logical name: its id is made of it.
    found
        What it found.
    ended
        When it ended, epoch milliseconds: the findings come one after another.
    """
    part = stage.part("macie", job)
    gaps = part.rng.between(len(found), 200, 2500)
    at = ended + np.cumsum(gaps)
    job_id = stage.world.ids.hexes(32, "macie job", job)
    moments = zip(found, at.tolist(), strict=True)
    findings = [_object_finding(stage.world, job_id, entry, when) for entry, when in moments]
    delays = part.rng.between(len(found), 20 * SECOND, 120 * SECOND)
    return deliver_findings(part, findings, at + delays)


def bucket_public(stage: Stage, bucket: str, at: int) -> Acts:
    """Write the policy finding that a bucket has become public.

    Parameters
    ----------
    stage
        Who acts.
    bucket
        A bucket of the company.
    at
        When Macie says so, epoch milliseconds: about 15 minutes after the change.
    """
    world = stage.world
    title = "The S3 bucket is publicly accessible"
    number = world.ids.hexes(32, "macie", "public", bucket, *stage.rng.names)
    text = (
        "A bucket policy or an ACL of the bucket allows anonymous users, or all authenticated AWS "
        "identities, to access the bucket."
    )
    finding = _finding(world, bucket, number, at, (title, text))
    finding |= {
        "Types": [PUBLIC_TYPE],
        "Severity": grade("HIGH", 3),
        "Resources": [_bucket(world, bucket)],
    }
    finding["ProductFields"] |= {
        "aws/macie/s3_bucket_effective_permission": "PUBLIC",
        "aws/macie/policy_finding": "BUCKET_PUBLIC",
    }
    sent = np.array([at + stage.delays.one(20, 120) * SECOND], dtype=np.int64)
    return deliver_findings(stage, [finding | _provided(finding)], sent)


def _provided(finding: dict[str, Any]) -> dict[str, Any]:
    return {"FindingProviderFields": provider_fields(finding)}


def _finding(
    world: World, bucket: str, number: str, at: int, words: tuple[str, str]
) -> dict[str, Any]:
    """Return what all findings of Macie have in common."""
    place = world.baseline.buckets[bucket]
    account, region = world.account(place.account), place.region
    product = f"arn:aws:securityhub:{region}::product/aws/macie"
    title, text = words
    return {
        "ProductArn": product,
        "Types": [],
        "Description": text,
        "ProductName": "Macie",
        "SchemaVersion": "2018-10-08",
        "CompanyName": "Amazon",
        "GeneratorId": "aws/macie",
        "FirstObservedAt": iso(at),
        "LastObservedAt": iso(at),
        "CreatedAt": iso(at),
        "UpdatedAt": iso(at),
        "RecordState": "ACTIVE",
        "Title": title,
        "Workflow": {"Status": "NEW"},
        "WorkflowState": "NEW",
        "Severity": {},
        "ProductFields": {
            "S3Object.PublicAccess": "false",
            "aws/securityhub/FindingId": f"{product}/{number}",
            "aws/securityhub/ProductName": "Macie",
            "aws/securityhub/CompanyName": "Amazon",
        },
        "AwsAccountId": account,
        "Region": region,
        "Id": number,
        "Resources": [],
    }


def _object_finding(world: World, job_id: str, entry: Sensitive, at: int) -> dict[str, Any]:
    number = world.ids.hexes(32, "macie", job_id, entry.bucket, entry.key)
    personal = "several types of sensitive data" if entry.kind == "Multiple" else "personal data"
    title = f"The S3 object contains {personal}"
    text = f"The object {entry.key} holds {personal}, such as names, addresses or passport numbers."
    finding = _finding(world, entry.bucket, number, at, (title, text))
    finding |= {
        "Types": [JOB_TYPES[entry.kind]],
        "Severity": grade("HIGH", 3),
        "Resources": [_bucket(world, entry.bucket), _object(world, job_id, entry)],
    }
    place = world.baseline.buckets[entry.bucket]
    job = f"arn:aws:macie2:{place.region}:{finding['AwsAccountId']}:classification-job/{job_id}"
    finding["ProductFields"] |= {
        "JobArn": job,
        "JobId": job_id,
        "S3Object.Extension": entry.key.rpartition(".")[2],
        "S3Bucket.effectivePermission": "NOT_PUBLIC",
        "OriginType": "SENSITIVE_DATA_DISCOVERY_JOB",
    }
    return finding | _provided(finding)


def _bucket(world: World, bucket: str) -> dict[str, Any]:
    place = world.baseline.buckets[bucket]
    owner = owner_id(world.ids, world.account(place.account))
    encryption = {"SSEAlgorithm": "AES256"}
    rules = [{"ApplyServerSideEncryptionByDefault": encryption}]
    details = {"OwnerId": owner, "ServerSideEncryptionConfiguration": {"Rules": rules}}
    return {
        "Partition": "aws",
        "Type": "AwsS3Bucket",
        "Details": {"AwsS3Bucket": details},
        "Region": place.region,
        "Id": f"arn:aws:s3:::{bucket}",
    }


def _object(world: World, job_id: str, entry: Sensitive) -> dict[str, Any]:
    place = world.baseline.buckets[entry.bucket]
    account = world.account(place.account)
    tag = world.ids.hexes(32, "etag", entry.bucket, entry.key)
    described = {"LastModified": iso(entry.changed), "ETag": tag, "ServerSideEncryption": "AES256"}
    where = f"{RESULTS}/{account}/Macie/{place.region}/{job_id}/{account}/"
    return {
        "Partition": "aws",
        "Type": "AwsS3Object",
        "Details": {"AwsS3Object": described},
        "Region": place.region,
        "Id": f"arn:aws:s3:::{entry.bucket}/{entry.key}",
        "DataClassification": {
            "DetailedResultsLocation": where,
            "Result": {
                "MimeType": entry.mime,
                "SizeClassified": entry.size,
                "AdditionalOccurrences": True,
                "Status": {"Code": "COMPLETE"},
                "SensitiveData": _categories(entry.detections),
            },
        },
    }


def _categories(detections: tuple[Detection, ...]) -> list[dict[str, Any]]:
    by_category: dict[str, list[Detection]] = {}
    for found in detections:
        by_category.setdefault(found.category, []).append(found)
    return [
        {
            "Category": category,
            "Detections": [{"Count": found.count, "Type": found.type} for found in group],
            "TotalCount": sum(found.count for found in group),
        }
        for category, group in by_category.items()
    ]
