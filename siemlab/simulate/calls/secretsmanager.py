"""Calls and events of Secrets Manager.

Holes: ``secret`` (its name or ARN, as the caller says), ``secret_arn``, ``secret_name``,
``secret_version``.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_SECRET",
    "DESCRIBE_SECRET",
    "GET_RESOURCE_POLICY",
    "GET_SECRET_VALUE",
    "LIST_SECRETS",
    "LIST_SECRET_VERSION_IDS",
    "PUT_SECRET_VALUE",
    "ROTATE_SECRET",
    "ROTATION_STARTED",
    "ROTATION_SUCCEEDED",
]

SECRETS = Family(service="secretsmanager")

_SECRET = {"secretId": Hole("secret")}
_MISSING = Fault("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")


def _of_secret(name: str, more: dict[str, Any] | None = None) -> Call:
    return SECRETS(name, {**_SECRET, **(more or {})}, on=str(Hole("secret")), faults=(_MISSING,))


DESCRIBE_SECRET = _of_secret("DescribeSecret")
GET_RESOURCE_POLICY = _of_secret("GetResourcePolicy")
GET_SECRET_VALUE = _of_secret("GetSecretValue")
"""The value itself is in no log."""

LIST_SECRETS = SECRETS("ListSecrets", {"maxResults": 100})
LIST_SECRET_VERSION_IDS = _of_secret("ListSecretVersionIds", {"includeDeprecated": False})

_MADE = {"arn": Hole("secret_arn")}

CREATE_SECRET = SECRETS(
    "CreateSecret",
    {
        "name": Hole("secret_name"),
        "clientRequestToken": Hole("client_token"),
        "description": "",
        "forceOverwriteReplicaSecret": False,
    },
    _MADE,
    on=str(Hole("secret_name")),
    faults=(
        Fault(
            "ResourceExistsException",
            f"The operation failed because the secret {Hole('secret_name')} already exists.",
        ),
    ),
)
PUT_SECRET_VALUE = SECRETS(
    "PutSecretValue",
    {**_SECRET, "clientRequestToken": Hole("secret_version")},
    _MADE,
    on=str(Hole("secret")),
    faults=(_MISSING,),
)
ROTATE_SECRET = SECRETS(
    "RotateSecret",
    {**_SECRET, "clientRequestToken": Hole("secret_version"), "rotateImmediately": True},
    {
        "aRN": Hole("secret_arn"),
        "name": Hole("secret_name"),
        "versionId": Hole("secret_version"),
    },
    on=str(Hole("secret")),
    faults=(_MISSING,),
)


def _event(name: str) -> Call:
    return Call(
        service="secretsmanager",
        name=name,
        read_only=False,
        additional={"SecretId": Hole("secret_arn")},
        event_type="AwsServiceEvent",
        request_id="none",
    )


ROTATION_STARTED = _event("RotationStarted")
ROTATION_SUCCEEDED = _event("RotationSucceeded")
