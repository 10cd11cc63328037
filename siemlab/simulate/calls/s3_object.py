"""Calls of S3 about objects (data events): they go to the trail of the account, by bucket.

Holes: ``upload`` (an id), ``part`` (raw, its number), ``bucket``, ``key``, ``prefix``, ``source``
(``bucket/key`` of a copy), ``bytes_in``, ``bytes_out`` (0 unless given), ``version`` (of a
versioned bucket; made up unless given).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call
from siemlab.simulate.calls.s3_making import BUCKET, HOST, missing, s3
from siemlab.simulate.shapes import Hole

__all__ = [
    "ABORT_MULTIPART_UPLOAD",
    "COMPLETE_MULTIPART_UPLOAD",
    "COPY_OBJECT",
    "COPY_OBJECT_CUSTOMER_KEY",
    "CREATE_MULTIPART_UPLOAD",
    "DELETE_OBJECT",
    "DELETE_OBJECTS",
    "DELETE_OBJECTS_CLI",
    "DELETE_OBJECT_VERSIONED",
    "GET_OBJECT",
    "GET_OBJECT_ACL",
    "GET_OBJECT_ANONYMOUS",
    "GET_OBJECT_TAGGING",
    "HEAD_OBJECT",
    "LIST_OBJECTS",
    "LIST_OBJECTS_ANONYMOUS",
    "LIST_OBJECT_VERSIONS",
    "PUT_OBJECT",
    "PUT_OBJECT_CUSTOMER_KEY",
    "PUT_OBJECT_VERSIONED",
    "UPLOAD_PART",
]

_OBJECT = [
    {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{Hole('bucket')}/{Hole('key')}"},
    BUCKET,
]
_OBJECTS = [
    {"type": "AWS::S3::Object", "ARNPrefix": f"arn:aws:s3:::{Hole('bucket')}/{Hole('prefix')}"},
    BUCKET,
]
_ANONYMOUS = {
    "CipherSuite": Hole("cipher"),
    "bytesTransferredIn": Hole("bytes_in", raw=True),
    "x-amz-id-2": Hole("host_id"),
    "bytesTransferredOut": Hole("bytes_out", raw=True),
}
_NO_KEY = missing("NoSuchKey", "The specified key does not exist.", 298)
_ENCRYPTED = {"x-amz-server-side-encryption": "AES256"}
_CUSTOMER_KEY = {"x-amz-server-side-encryption-customer-algorithm": "AES256"}
_VERSION = {"x-amz-version-id": Hole("version")}
_HERE = {"bucketName": Hole("bucket"), "Host": HOST}


def _object(
    name: str, more: dict[str, Any] | None = None, response: Any = None, **others: Any
) -> Call:
    request = {**_HERE, **(more or {}), "key": Hole("key")}
    return s3(name, request, response, resources=_OBJECT, data=True, faults=(_NO_KEY,), **others)


def _objects(name: str, more: dict[str, Any], **others: Any) -> Call:
    defaults = {"bytes_in": 0, "bytes_out": 0, "prefix": ""}
    return s3(name, {**_HERE, **more}, resources=_OBJECTS, data=True, defaults=defaults, **others)


# --- reading -------------------------------------------------------------------------------------

GET_OBJECT = _object("GetObject")
GET_OBJECT_ANONYMOUS = _object("GetObject", additional=_ANONYMOUS)
"""By nobody that S3 knows, of a bucket that is public or not: nothing is signed."""

GET_OBJECT_ACL = _object("GetObjectAcl", {"acl": ""})
GET_OBJECT_TAGGING = _object("GetObjectTagging", {"tagging": ""})
HEAD_OBJECT = _object("HeadObject")

_PREFIX = {"prefix": Hole("prefix")}

LIST_OBJECTS = _objects("ListObjects", {"list-type": "2", **_PREFIX, "encoding-type": "url"})
LIST_OBJECTS_ANONYMOUS = _objects("ListObjects", {}, additional=_ANONYMOUS)
LIST_OBJECT_VERSIONS = _objects(
    "ListObjectVersions", {"versions": "", **_PREFIX, "encoding-type": "url"}
)

# --- writing -------------------------------------------------------------------------------------

PUT_OBJECT = _object("PutObject", None, _ENCRYPTED)
PUT_OBJECT_VERSIONED = _object("PutObject", None, {**_ENCRYPTED, **_VERSION})
"""To a bucket that keeps versions; ``version`` is ``null`` where that is suspended."""

PUT_OBJECT_CUSTOMER_KEY = _object("PutObject", _CUSTOMER_KEY, {**_CUSTOMER_KEY, **_VERSION})
"""Encrypted with a key that only the writer has (SSE-C)."""

_COPY = {"x-amz-copy-source": Hole("source")}

COPY_OBJECT = _object("CopyObject", _COPY, {**_ENCRYPTED, **_VERSION})
COPY_OBJECT_CUSTOMER_KEY = _object(
    "CopyObject", {**_COPY, **_CUSTOMER_KEY}, {**_CUSTOMER_KEY, **_VERSION}
)
"""Encrypted anew with a key that only the writer has (SSE-C)."""

_UPLOAD = {"uploadId": Hole("upload")}

CREATE_MULTIPART_UPLOAD = _object("CreateMultipartUpload", {"uploads": ""}, _ENCRYPTED)
UPLOAD_PART = _object("UploadPart", {**_UPLOAD, "partNumber": Hole("part", raw=True)}, _ENCRYPTED)
COMPLETE_MULTIPART_UPLOAD = _object("CompleteMultipartUpload", _UPLOAD, {**_ENCRYPTED, **_VERSION})
ABORT_MULTIPART_UPLOAD = _object("AbortMultipartUpload", _UPLOAD)

# --- deleting ------------------------------------------------------------------------------------

DELETE_OBJECT = _object("DeleteObject")
DELETE_OBJECT_VERSIONED = _object("DeleteObject", None, {"x-amz-delete-marker": "true", **_VERSION})
"""In a bucket that keeps versions: a marker is put on top of them."""

DELETE_OBJECTS = _objects("DeleteObjects", {"delete": "", "x-id": "DeleteObjects"})
"""By a newer SDK; which keys, only the access log tells."""

DELETE_OBJECTS_CLI = _objects("DeleteObjects", {"delete": ""})
"""By the command line or boto3."""
