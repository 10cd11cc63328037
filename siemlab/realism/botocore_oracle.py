"""Is this CloudTrail event one that the service could have had? AWS's own service models say so.

Operation, members and types of requests and answers are checked against a botocore. What is no API
call (console sign-ins, events of a service's own doing) has a small table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from siemlab.realism.botocore_models import ServiceModel, ServiceModels
from siemlab.realism.exceptions import MEMBERS, OPERATIONS
from siemlab.realism.wire import HIDDEN, NUMBER, Wire

__all__ = ["CallOracle", "signature"]

Event = dict[str, Any]

# Lambda and CloudFront log the version of their API behind the operation's name.
VERSIONED = {"lambda.amazonaws.com", "cloudfront.amazonaws.com"}
VERSION = re.compile(r"(?:20\d\d[01]\d[0-3]\d(?:v\d)?|20\d\d_\d\d_\d\d)$")

# The control plane of S3 has its own names for some operations; of a pair, either fits.
S3_NAMES = {
    "DeleteAccountPublicAccessBlock": "DeletePublicAccessBlock",
    "GetAccountPublicAccessBlock": "GetPublicAccessBlock",
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "ListObjects": "ListObjectsV2",
    "PutAccountPublicAccessBlock": "PutPublicAccessBlock",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
    "DeleteBucketPublicAccessBlock": "DeletePublicAccessBlock",
    "GetAccelerateConfiguration": "GetBucketAccelerateConfiguration",
    "GetBucketObjectLockConfiguration": "GetObjectLockConfiguration",
    "GetBucketPublicAccessBlock": "GetPublicAccessBlock",
    "ListBucketVersions": "ListObjectVersions",
    "PutAccelerateConfiguration": "PutBucketAccelerateConfiguration",
    "PutBucketObjectLockConfiguration": "PutObjectLockConfiguration",
    "PutBucketPublicAccessBlock": "PutPublicAccessBlock",
}
S3_ALWAYS = frozenset({"bucketName", "key", "Host"})
SIGNED = re.compile(r"X-Amz-[A-Z][A-Za-z-]+|x-id|list-type")
FLAG = re.compile(r"[?&]([A-Za-z-]+)")

UNWRAPPED = frozenset({"docdb", "elasticache", "neptune", "rds", "redshift"})

SIGN_INS = frozenset(
    {"CheckMfa", "ConsoleLogin", "CredentialChallenge", "CredentialVerification", "ExitRole"}
    | {"GetSigninToken", "PasswordRecoveryCompleted", "PasswordRecoveryRequested"}
    | {"PasswordUpdated", "RenewRole", "SwitchRole", "UserAuthentication"}
)
TELLING = frozenset({"", "true", "false", "Success", "Failure"}) | HIDDEN

OUTCOMES = frozenset({"Success", "Failure"})
SERVICE_EVENTS = {
    "autoscaling.amazonaws.com": {"InstanceLaunch", "InstanceTerminate"},
    "ec2.amazonaws.com": {"BidEvictedEvent", "SharedSnapshotCopyInitiated"}
    | {"SharedSnapshotVolumeCreated"},
    "kms.amazonaws.com": {"DeleteKey", "RotateKey"},
    "organizations.amazonaws.com": {"CreateAccountResult"},
    "rds.amazonaws.com": {"PasswordRotation"},
    "secretsmanager.amazonaws.com": {"CancelSecretVersionDelete", "EndSecretVersionDelete"}
    | {"RotationAbandoned", "RotationFailed", "RotationStarted", "RotationSucceeded"}
    | {"SecretVersionDeletion", "StartSecretVersionDelete", "TestRotationStarted"}
    | {"TestRotationSucceeded"},
    "signin.amazonaws.com": set(SIGN_INS),
    "sso.amazonaws.com": {"Authenticate", "Federate", "GetRoleCredentials"}
    | {"ListAccountRoles", "ListAccounts", "ListApplications", "ListProfilesForApplication"}
    | {"Logout"},
}


def signature(value: Any) -> Any:
    """Return what a value is made of: names and types, without the values themselves.

    Parameters
    ----------
    value
        Any JSON value.

    Returns
    -------
    Any
        Equal for values that the oracle cannot tell apart, and usable as a key.

    Examples
    --------
    >>> signature({"a": [1, 2]}) == signature({"a": [7]})
    True
    >>> signature({"a": "1"}) == signature({"a": 1})
    False
    """
    if isinstance(value, dict):
        return tuple((name, signature(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return ("[]", *dict.fromkeys(signature(inner) for inner in value))
    if isinstance(value, str):
        return _kind_of_text(value)
    return type(value)


def _kind_of_text(value: str) -> str:
    """Return what matters of a text: whether it could be a number, a truth, a stand-in, nothing."""
    if value in TELLING:
        return value
    return "7" if value.isdigit() else "7.0" if NUMBER.fullmatch(value) else "text"


class CallOracle:
    """Checks CloudTrail events against a set of service models.

    Parameters
    ----------
    models
        Whose: the installed ones, or those of late 2022.

    Examples
    --------
    >>> oracle = CallOracle(ServiceModels.installed())
    >>> event = {"eventSource": "iam.amazonaws.com", "eventName": "GetUser",
    ...          "eventType": "AwsApiCall", "requestParameters": {"userName": "hana"},
    ...          "responseElements": None}
    >>> oracle.problems(event)
    ()
    >>> oracle.problems(event | {"eventName": "GetUsers"})
    ('iam.amazonaws.com has no operation GetUsers',)
    >>> oracle.problems(event | {"requestParameters": {"user": "hana"}})
    ('requestParameters.user: no such member',)
    """

    def __init__(self, models: ServiceModels) -> None:
        self._models = models
        self._known: dict[Any, tuple[str, ...]] = {}
        self._wires: dict[tuple[str, str], Wire] = {}

    @property
    def signatures(self) -> int:
        """How many distinct events have been checked."""
        return len(self._known)

    def problems(self, event: Event) -> tuple[str, ...]:
        """Return what is wrong with an event; nothing, if it is a call that can be.

        Parameters
        ----------
        event
            A raw CloudTrail record.
        """
        asked, answer = event.get("requestParameters"), event.get("responseElements")
        key = (
            event.get("eventSource"),
            event.get("eventName"),
            event.get("eventType"),
            signature(asked),
            signature(answer),
        )
        try:
            found = self._known.get(key)
        except TypeError:  # a name that is no text
            return ("eventSource or eventName is no text",)
        if found is None:
            found = self._known[key] = tuple(self._check(event, asked, answer))
        return found

    def _check(self, event: Event, asked: Any, answer: Any) -> Iterator[str]:
        source, name = event.get("eventSource"), event.get("eventName")
        kind = event.get("eventType", "AwsApiCall")
        if not isinstance(source, str) or not isinstance(name, str):
            yield "eventSource or eventName is no text"
        elif kind == "AwsConsoleSignIn":
            yield from _sign_in(source, name, answer)
        elif kind == "AwsServiceEvent":
            yield from _service_event(source, name, asked)
        elif kind not in ("AwsApiCall", "AwsConsoleAction"):
            yield f"eventType {kind} is none that CloudTrail has"
        elif (source, name) not in OPERATIONS:
            yield from self._api_call(source, name, asked, answer)

    def _api_call(self, source: str, name: str, asked: Any, answer: Any) -> Iterator[str]:
        models = self._models.of_source(source)
        if not models:
            yield f"there is no service {source}"
            return
        plain = VERSION.sub("", name) if source in VERSIONED else name
        names = [plain]
        if source == "s3.amazonaws.com" and name in S3_NAMES:
            names.append(S3_NAMES[name])
        able = [(model, call) for model in models for call in names if call in model.operations]
        if not able:
            yield f"{source} has no operation {name}"
            return
        tries = [
            [
                text
                for text in self._call(model, call, asked, answer)
                if not _is_excepted(source, plain, text)
            ]
            for model, call in able
        ]
        yield from min(tries, key=len)

    def _call(self, model: ServiceModel, name: str, asked: Any, answer: Any) -> Iterator[str]:
        operation = model.operations[name]
        if asked is not None:
            shape = operation.get("input", {}).get("shape")
            for text in self._request(model, name, shape, asked):
                yield f"requestParameters.{text}"
        if answer is not None:
            shape = operation.get("output", {}).get("shape")
            for text in self._response(model, name, shape, answer):
                yield f"responseElements.{text}"

    def _wire(self, model: ServiceModel, style: str) -> Wire:
        key = (model.name, style)
        if key not in self._wires:
            self._wires[key] = Wire(model, style)
        return self._wires[key]

    def _request(
        self, model: ServiceModel, name: str, shape: str | None, asked: Any
    ) -> Iterator[str]:
        if not isinstance(asked, dict):
            yield f": a {type(asked).__name__} is no structure"
        elif model.protocol == "ec2":
            inner, style = _unwrap_ec2(asked, f"{name}Request")
            if name == "RunInstances":
                inner = _spread_instances(inner)
            yield from _walk(self._wire(model, style), inner, shape)
        elif model.name in ("s3", "s3control"):
            operation = model.operations[name]
            rest = _without_s3(asked, model.name, operation["http"]["requestUri"])
            yield from _walk(self._wire(model, "s3"), rest, shape)
        else:
            yield from _walk(self._wire(model, "json"), asked, shape)

    def _response(
        self, model: ServiceModel, name: str, shape: str | None, answer: Any
    ) -> Iterator[str]:
        if not isinstance(answer, dict):
            yield f": a {type(answer).__name__} is no structure"
        elif model.protocol == "ec2":
            inner, style = _unwrap_ec2(answer, f"{name}Response")
            inner = {key: inner[key] for key in inner if key not in ("requestId", "_return")}
            yield from _walk(self._wire(model, style), inner, shape)
        elif model.name in ("s3", "s3control"):
            yield from _walk(self._wire(model, "s3"), answer, shape)
        else:
            if model.name in UNWRAPPED and shape is not None:
                shape = _only_structure(model, shape) or shape
            yield from _walk(self._wire(model, "json"), answer, shape)


def _is_excepted(source: str, name: str, text: str) -> bool:
    """Tell whether a member, or one around it, is on the list of exceptions."""
    path = text.partition(":")[0]
    while path:
        if (source, name, path) in MEMBERS:
            return True
        path = path.rpartition(".")[0]
    return False


def _walk(wire: Wire, value: dict[str, Any], shape: str | None) -> Iterator[str]:
    if shape is not None:
        yield from wire.problems(value, shape)
    elif value:
        yield f"{next(iter(value))}: the operation has no members here"


def _unwrap_ec2(value: dict[str, Any], wrapper: str) -> tuple[dict[str, Any], str]:
    """Return what an EC2 event holds, and in which of EC2's two styles."""
    if value.keys() == {wrapper}:
        inner = value[wrapper]
        return ({} if inner == "" else inner), "ec2-xml"
    return value, "ec2"


def _spread_instances(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a request for instances with what it says of each moved up: image and counts."""
    found = asked.get("instancesSet")
    rows = found.get("items") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return asked
    spread = {name: value for name, value in asked.items() if name != "instancesSet"}
    for row in rows:
        spread |= row
    return spread


def _without_s3(asked: dict[str, Any], service: str, uri: str) -> dict[str, Any]:
    """Leave out what S3 writes besides the members: bucket, key, host, flags, the signature."""
    flags = set(FLAG.findall(uri)) | {"accelerate"}
    return {
        name: value
        for name, value in asked.items()
        if not (
            isinstance(value, str)
            and (
                (name in S3_ALWAYS and (service == "s3" or name == "Host"))
                or name in flags
                or SIGNED.fullmatch(name)
            )
        )
    }


def _only_structure(model: ServiceModel, shape: str) -> str | None:
    """Return the shape of the one member of an answer, which its event leaves out the name of."""
    members = list(model.shape(shape).get("members", {}).values())
    if len(members) == 1 and model.shape(members[0]["shape"])["type"] == "structure":
        return str(members[0]["shape"])
    return None


def _sign_in(source: str, name: str, answer: Any) -> Iterator[str]:
    if source != "signin.amazonaws.com" or name not in SIGN_INS:
        yield f"{source} has no sign-in event {name}"
    elif answer is not None and (
        not isinstance(answer, dict)
        or not all(key in SIGN_INS and value in OUTCOMES for key, value in answer.items())
    ):
        yield f"responseElements: is no outcome of {name}"


def _service_event(source: str, name: str, asked: Any) -> Iterator[str]:
    if name not in SERVICE_EVENTS.get(source, ()):
        yield f"{source} has no service event {name}"
    elif asked is not None and source not in ("sso.amazonaws.com", "signin.amazonaws.com"):
        yield "requestParameters: a service event has none"
