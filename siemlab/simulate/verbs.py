"""Operations on objects: what CloudTrail, the access log and HTTP call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from siemlab.baseline.resources import Bucket
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import s3_object

__all__ = ["DELETED", "LISTS", "NOBODY", "VERBS", "Objects", "Verb", "call_of", "deletion_of"]

NOBODY = "ANONYMOUS_PRINCIPAL"
DELETED = 204


class Verb(NamedTuple):
    """An operation as CloudTrail, the access log and HTTP name it, and its status when it works."""

    call: Call
    log: str
    method: str
    status: int = 200
    flags: str = ""


VERBS: Mapping[str, Verb] = {
    "GetObject": Verb(s3_object.GET_OBJECT, "REST.GET.OBJECT", "GET"),
    "GetObjectAcl": Verb(s3_object.GET_OBJECT_ACL, "REST.GET.ACL", "GET", flags="acl"),
    "GetObjectTagging": Verb(
        s3_object.GET_OBJECT_TAGGING, "REST.GET.OBJECT_TAGGING", "GET", flags="tagging"
    ),
    "HeadObject": Verb(s3_object.HEAD_OBJECT, "REST.HEAD.OBJECT", "HEAD"),
    "ListObjects": Verb(
        s3_object.LIST_OBJECTS, "REST.GET.BUCKET", "GET", flags="list-type=2&encoding-type=url"
    ),
    "ListObjectVersions": Verb(
        s3_object.LIST_OBJECT_VERSIONS,
        *("REST.GET.BUCKETVERSIONS", "GET", 200, "versions&encoding-type=url"),
    ),
    "PutObject": Verb(s3_object.PUT_OBJECT, "REST.PUT.OBJECT", "PUT"),
    "CopyObject": Verb(s3_object.COPY_OBJECT, "REST.COPY.OBJECT", "PUT"),
    "DeleteObject": Verb(s3_object.DELETE_OBJECT, "REST.DELETE.OBJECT", "DELETE", DELETED),
}
LISTS = ("ListObjects", "ListObjectVersions")
VERSIONED = {
    "PutObject": s3_object.PUT_OBJECT_VERSIONED,
    "DeleteObject": s3_object.DELETE_OBJECT_VERSIONED,
}
CUSTOMER_KEY = {
    "PutObject": s3_object.PUT_OBJECT_CUSTOMER_KEY,
    "CopyObject": s3_object.COPY_OBJECT_CUSTOMER_KEY,
}
UNSIGNED = {
    "GetObject": s3_object.GET_OBJECT_ANONYMOUS,
    "ListObjects": s3_object.LIST_OBJECTS_ANONYMOUS,
}


@dataclass(frozen=True, kw_only=True)
class Objects:
    """What is asked of a bucket, a request a row; a column is one value for all or one for each.

    Parameters
    ----------
    bucket
        The bucket's name.
    operation
        As CloudTrail names it: ``GetObject``, ``PutObject``, ``CopyObject``, ``HeadObject``,
        ``ListObjects``, ``ListObjectVersions``, ``DeleteObject``, ``GetObjectTagging``...
    keys
        The objects.
    prefix
        Of a list.
    sizes
        Bytes of the objects, or of a list's answer.
    error, status
        The error code, and the status, which follows from it.
    source
        ``bucket/key`` that a copy is made from.
    customer_key
        Whether the object is encrypted with a key that only the caller has (SSE-C).
    versions
        The version ids that CloudTrail's answer shows (``null`` where versioning is suspended);
        made up if left out.
    """

    bucket: str
    operation: str
    keys: Any = ""
    prefix: Any = ""
    sizes: Any = 0
    error: str = ""
    status: int = 0
    source: Any = ""
    customer_key: bool = False
    versions: Any = None


def call_of(what: Objects, bucket: Bucket, caller: Caller) -> Call:
    """Return the shape of the data event that requests leave.

    Parameters
    ----------
    what
        The requests.
    bucket, caller
        Of what, by whom.
    """
    operation = what.operation
    if f'"{NOBODY}"'.encode() in caller.identity and operation in UNSIGNED:
        return UNSIGNED[operation]
    if what.customer_key and operation in CUSTOMER_KEY:
        return CUSTOMER_KEY[operation]
    if bucket.versioning == "enabled" and operation in VERSIONED:
        return VERSIONED[operation]
    return VERBS[operation].call


def deletion_of(caller: Caller) -> Call:
    """Return the shape of a call that deletes many objects: new SDKs tell their name.

    Parameters
    ----------
    caller
        By whom.
    """
    if caller.agent.startswith(("aws-cli/", "Boto3/")):
        return s3_object.DELETE_OBJECTS_CLI
    return s3_object.DELETE_OBJECTS
