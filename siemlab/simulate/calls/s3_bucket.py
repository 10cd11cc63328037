"""Calls of S3 about buckets (management events).

Holes: ``acl`` (``private``), ``origin`` (of a web page), ``function_arn`` (that is notified),
``tag`` and ``value``, ``bucket``; ``policy_json`` (raw: a bucket policy), ``status`` (of
versioning: ``Enabled``, ``Suspended``), ``days`` and ``rule_id`` (of a lifecycle rule), ``target``
(the bucket that keeps the access log). ``bytes_in``, ``bytes_out`` have defaults: documents are
always as long as they are.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call
from siemlab.simulate.calls.s3_making import ADDITIONAL, S3_XMLNS, missing, on_bucket, s3
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_BUCKET",
    "DELETE_BUCKET",
    "DELETE_BUCKET_LIFECYCLE",
    "DELETE_BUCKET_POLICY",
    "DELETE_BUCKET_PUBLIC_ACCESS_BLOCK",
    "GET_ACCELERATE_CONFIGURATION",
    "GET_ACCOUNT_PUBLIC_ACCESS_BLOCK",
    "GET_BUCKET_ACL",
    "GET_BUCKET_CORS",
    "GET_BUCKET_ENCRYPTION",
    "GET_BUCKET_LIFECYCLE",
    "GET_BUCKET_LOCATION",
    "GET_BUCKET_LOGGING",
    "GET_BUCKET_NOTIFICATION",
    "GET_BUCKET_OBJECT_LOCK_CONFIGURATION",
    "GET_BUCKET_OWNERSHIP_CONTROLS",
    "GET_BUCKET_POLICY",
    "GET_BUCKET_POLICY_STATUS",
    "GET_BUCKET_PUBLIC_ACCESS_BLOCK",
    "GET_BUCKET_REPLICATION",
    "GET_BUCKET_REQUEST_PAYMENT",
    "GET_BUCKET_TAGGING",
    "GET_BUCKET_VERSIONING",
    "GET_BUCKET_WEBSITE",
    "GET_STORAGE_LENS_CONFIGURATION",
    "HEAD_BUCKET",
    "LIST_ACCESS_POINTS",
    "LIST_BUCKETS",
    "PUT_BUCKET_ACL",
    "PUT_BUCKET_CORS",
    "PUT_BUCKET_ENCRYPTION",
    "PUT_BUCKET_LIFECYCLE",
    "PUT_BUCKET_LOGGING",
    "PUT_BUCKET_LOGGING_OFF",
    "PUT_BUCKET_NOTIFICATION",
    "PUT_BUCKET_POLICY",
    "PUT_BUCKET_PUBLIC_ACCESS_BLOCK",
    "PUT_BUCKET_TAGGING",
    "PUT_BUCKET_VERSIONING",
]

# --- reading -------------------------------------------------------------------------------------

LIST_BUCKETS = s3(
    "ListBuckets",
    {"Host": f"s3.{Hole('region')}.amazonaws.com"},
    host=f"s3.{Hole('region')}.amazonaws.com",
    sizes=(0, 1376),
)
HEAD_BUCKET = on_bucket("HeadBucket")
GET_ACCELERATE_CONFIGURATION = on_bucket("GetAccelerateConfiguration", "accelerate", (0, 113))
GET_BUCKET_ACL = on_bucket("GetBucketAcl", "acl", (0, 480))
GET_BUCKET_CORS = on_bucket(
    "GetBucketCors",
    "cors",
    (0, 412),
    faults=(missing("NoSuchCORSConfiguration", "The CORS configuration does not exist", 320),),
)
GET_BUCKET_ENCRYPTION = on_bucket(
    "GetBucketEncryption",
    "encryption",
    (0, 321),
    faults=(
        missing(
            "ServerSideEncryptionConfigurationNotFoundError",
            "The server side encryption configuration was not found",
            360,
        ),
    ),
)
GET_BUCKET_LIFECYCLE = on_bucket(
    "GetBucketLifecycle",
    "lifecycle",
    (0, 544),
    faults=(
        missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 313),
    ),
)
GET_BUCKET_LOCATION = on_bucket("GetBucketLocation", "location", (0, 137))
GET_BUCKET_LOGGING = on_bucket("GetBucketLogging", "logging", (0, 289))
GET_BUCKET_NOTIFICATION = on_bucket("GetBucketNotification", "notification", (0, 115))
GET_BUCKET_OBJECT_LOCK_CONFIGURATION = on_bucket(
    "GetBucketObjectLockConfiguration",
    "object-lock",
    (0, 256),
    faults=(
        missing(
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
            352,
        ),
    ),
)
GET_BUCKET_OWNERSHIP_CONTROLS = on_bucket(
    "GetBucketOwnershipControls",
    "ownershipControls",
    (0, 196),
    faults=(
        missing(
            "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", 340
        ),
    ),
)
GET_BUCKET_POLICY = on_bucket(
    "GetBucketPolicy",
    "policy",
    (0, 494),
    faults=(missing("NoSuchBucketPolicy", "The bucket policy does not exist", 301),),
)
GET_BUCKET_POLICY_STATUS = on_bucket(
    "GetBucketPolicyStatus",
    "policyStatus",
    (0, 142),
    faults=(missing("NoSuchBucketPolicy", "The bucket policy does not exist", 301),),
)
GET_BUCKET_PUBLIC_ACCESS_BLOCK = on_bucket(
    "GetBucketPublicAccessBlock",
    "publicAccessBlock",
    (0, 326),
    faults=(
        missing(
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
            347,
        ),
    ),
)
GET_BUCKET_REPLICATION = on_bucket(
    "GetBucketReplication",
    "replication",
    (0, 612),
    faults=(
        missing(
            "ReplicationConfigurationNotFoundError",
            "The replication configuration was not found",
            341,
        ),
    ),
)
GET_BUCKET_REQUEST_PAYMENT = on_bucket("GetBucketRequestPayment", "requestPayment", (0, 172))
GET_BUCKET_TAGGING = on_bucket(
    "GetBucketTagging",
    "tagging",
    (0, 178),
    faults=(missing("NoSuchTagSet", "The TagSet does not exist", 288),),
)
GET_BUCKET_VERSIONING = on_bucket("GetBucketVersioning", "versioning", (0, 162))
GET_BUCKET_WEBSITE = on_bucket(
    "GetBucketWebsite",
    "website",
    (0, 188),
    faults=(
        missing(
            "NoSuchWebsiteConfiguration",
            "The specified bucket does not have a website configuration",
            344,
        ),
    ),
)

# --- changing ------------------------------------------------------------------------------------

CREATE_BUCKET = on_bucket(
    "CreateBucket",
    sizes=(185, 0),
    body={
        "CreateBucketConfiguration": {"LocationConstraint": Hole("region"), **S3_XMLNS},
    },
    faults=(
        missing(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            340,
        ),
    ),
)
DELETE_BUCKET = on_bucket(
    "DeleteBucket",
    faults=(missing("BucketNotEmpty", "The bucket you tried to delete is not empty", 339),),
)
DELETE_BUCKET_LIFECYCLE = on_bucket("DeleteBucketLifecycle", "lifecycle")
DELETE_BUCKET_POLICY = on_bucket("DeleteBucketPolicy", "policy")
DELETE_BUCKET_PUBLIC_ACCESS_BLOCK = on_bucket("DeleteBucketPublicAccessBlock", "publicAccessBlock")
PUT_BUCKET_ACL = on_bucket("PutBucketAcl", "acl", body={"x-amz-acl": Hole("acl")})
PUT_BUCKET_CORS = on_bucket(
    "PutBucketCors",
    "cors",
    (268, 0),
    {
        "CORSConfiguration": {
            **S3_XMLNS,
            "CORSRule": {
                "AllowedOrigin": Hole("origin"),
                "AllowedMethod": "GET",
                "MaxAgeSeconds": 3000,
            },
        }
    },
)
PUT_BUCKET_ENCRYPTION = on_bucket(
    "PutBucketEncryption",
    "encryption",
    (259, 0),
    {
        "ServerSideEncryptionConfiguration": {
            **S3_XMLNS,
            "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
        }
    },
)
PUT_BUCKET_LIFECYCLE = on_bucket(
    "PutBucketLifecycle",
    "lifecycle",
    (249, 0),
    {
        "LifecycleConfiguration": {
            **S3_XMLNS,
            "Rule": {
                "Status": "Enabled",
                "Filter": {"Prefix": Hole("prefix")},
                "Expiration": {"Days": Hole("days", raw=True)},
                "ID": Hole("rule_id"),
            },
        }
    },
)
"""One rule: objects below ``prefix`` expire after ``days`` (raw)."""

PUT_BUCKET_LOGGING = on_bucket(
    "PutBucketLogging",
    "logging",
    (263, 0),
    {
        "BucketLoggingStatus": {
            **S3_XMLNS,
            "LoggingEnabled": {
                "TargetBucket": Hole("target"),
                "TargetPrefix": f"{Hole('bucket')}/",
            },
        }
    },
)
PUT_BUCKET_LOGGING_OFF = on_bucket(
    "PutBucketLogging", "logging", (78, 0), {"BucketLoggingStatus": S3_XMLNS}
)
"""The access log is turned off: an empty status."""

PUT_BUCKET_NOTIFICATION = on_bucket(
    "PutBucketNotification",
    "notification",
    (406, 0),
    {
        "NotificationConfiguration": {
            **S3_XMLNS,
            "CloudFunctionConfiguration": {
                "Id": Hole("rule_id"),
                "CloudFunction": Hole("function_arn"),
                "Event": "s3:ObjectCreated:*",
            },
        }
    },
)
PUT_BUCKET_POLICY = on_bucket(
    "PutBucketPolicy",
    "policy",
    (412, 0),
    {"bucketPolicy": Hole("policy_json", raw=True)},
    faults=(missing("MalformedPolicy", "Policy has invalid resource", 262),),
)
"""``policy_json`` is a JSON object, as bytes."""

PUT_BUCKET_PUBLIC_ACCESS_BLOCK = on_bucket(
    "PutBucketPublicAccessBlock",
    "publicAccessBlock",
    (295, 0),
    {
        "PublicAccessBlockConfiguration": {
            **S3_XMLNS,
            "RestrictPublicBuckets": True,
            "BlockPublicPolicy": True,
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
        }
    },
)
PUT_BUCKET_TAGGING = on_bucket(
    "PutBucketTagging",
    "tagging",
    (168, 0),
    {"Tagging": {**S3_XMLNS, "TagSet": {"Tag": {"Value": Hole("value"), "Key": Hole("tag")}}}},
)
PUT_BUCKET_VERSIONING = on_bucket(
    "PutBucketVersioning",
    "versioning",
    (124, 0),
    {"VersioningConfiguration": {**S3_XMLNS, "Status": Hole("status")}},
)

# --- the account ---------------------------------------------------------------------------------

CONTROL = f"{Hole('account')}.s3-control.{Hole('region')}.amazonaws.com"


def _on_account(name: str, out: int, more: dict[str, Any] | None = None) -> Call:
    return s3(
        name,
        {**(more or {}), "Host": CONTROL},
        host=CONTROL,
        sizes=(0, out),
        additional=ADDITIONAL,
    )


GET_ACCOUNT_PUBLIC_ACCESS_BLOCK = _on_account("GetAccountPublicAccessBlock", 326)
GET_STORAGE_LENS_CONFIGURATION = _on_account("GetStorageLensConfiguration", 375)
LIST_ACCESS_POINTS = _on_account("ListAccessPoints", 72, {"maxResults": "1000"})
