"""Calls of KMS: mostly made by services in somebody's name.

Holes: ``grant`` (an id), ``grantee`` (an ARN), ``key_arn`` (of a KMS key), ``secret_arn``,
``secret_version``, ``parameter`` (its name, with a slash), ``function``, ``bucket``, ``key`` (of an
object), ``table``, ``trail_arn``, ``volume``.
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_GRANT",
    "DECRYPT_FUNCTION",
    "DECRYPT_OBJECT",
    "DECRYPT_PARAMETER",
    "DECRYPT_SECRET",
    "DECRYPT_TABLE",
    "DECRYPT_VOLUME",
    "DESCRIBE_KEY",
    "ENCRYPT_PARAMETER",
    "GENERATE_DATA_KEY_OBJECT",
    "GENERATE_DATA_KEY_SECRET",
    "GENERATE_DATA_KEY_TRAIL",
    "GENERATE_DATA_KEY_WITHOUT_PLAINTEXT",
    "GET_KEY_POLICY",
    "GET_KEY_ROTATION_STATUS",
    "LIST_ALIASES",
    "LIST_GRANTS",
    "LIST_KEYS",
    "LIST_KEY_POLICIES",
    "LIST_RESOURCE_TAGS",
    "RETIRE_GRANT",
]

KMS = Family(service="kms")

KEY = [
    {"accountId": Hole("account"), "type": "AWS::KMS::Key", "ARN": Hole("key_arn")},
]
HERE = f"{Hole('region')}:{Hole('account')}"
SYMMETRIC = {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}

SECRET = {"SecretARN": Hole("secret_arn"), "SecretVersionId": Hole("secret_version")}
PARAMETER = {"PARAMETER_ARN": f"arn:aws:ssm:{HERE}:parameter{Hole('parameter')}"}
FUNCTION = {"aws:lambda:FunctionArn": f"arn:aws:lambda:{HERE}:function:{Hole('function')}"}
OBJECT = {"aws:s3:arn": f"arn:aws:s3:::{Hole('bucket')}/{Hole('key')}"}
VOLUME = {"aws:ebs:id": Hole("volume")}
TABLE = {
    "aws:dynamodb:tableName": Hole("table"),
    "aws:dynamodb:subscriberId": Hole("account"),
}
TRAIL = {
    "aws:cloudtrail:arn": str(Hole("trail_arn")),
    "aws:s3:arn": f"arn:aws:s3:::{Hole('bucket')}/{Hole('key')}",
}

_DISABLED = Fault("DisabledException", f"{Hole('key_arn')} is disabled.")


def _use(name: str, request: dict[str, Any]) -> Call:
    return KMS(
        name, request, read_only=True, on=str(Hole("key_arn")), resources=KEY, faults=(_DISABLED,)
    )


def _decrypt(context: dict[str, Any]) -> Call:
    return _use("Decrypt", {**SYMMETRIC, "encryptionContext": context})


def _data_key(key: Any, context: dict[str, Any]) -> Call:
    request = {"keyId": key, "keySpec": "AES_256", "encryptionContext": context}
    return _use("GenerateDataKey", request)


# --- using keys ----------------------------------------------------------------------------------

DECRYPT_FUNCTION = _decrypt(FUNCTION)
"""Lambda opens the environment of a function as it starts."""

DECRYPT_OBJECT = _decrypt(OBJECT)
"""S3 opens an object for somebody who reads it."""

DECRYPT_PARAMETER = _decrypt(PARAMETER)
"""SSM opens a parameter for somebody who reads it."""

DECRYPT_SECRET = _decrypt(SECRET)
"""Secrets Manager opens a secret for somebody who reads it."""

DECRYPT_TABLE = _decrypt(TABLE)
"""DynamoDB opens a table."""

DECRYPT_VOLUME = _decrypt(VOLUME)
"""EC2 opens a volume as an instance starts."""

ENCRYPT_PARAMETER = _use(
    "Encrypt", {"encryptionContext": PARAMETER, "keyId": "alias/aws/ssm", **SYMMETRIC}
)
GENERATE_DATA_KEY_OBJECT = _data_key(Hole("key_arn"), OBJECT)
GENERATE_DATA_KEY_SECRET = _data_key("alias/aws/secretsmanager", SECRET)
GENERATE_DATA_KEY_TRAIL = _data_key(Hole("key_arn"), TRAIL)
"""CloudTrail encrypts a log file."""

GENERATE_DATA_KEY_WITHOUT_PLAINTEXT = _use(
    "GenerateDataKeyWithoutPlaintext",
    {"keyId": Hole("key_arn"), "numberOfBytes": 64, "encryptionContext": VOLUME},
)
CREATE_GRANT = KMS(
    "CreateGrant",
    {
        "keyId": Hole("key_arn"),
        "granteePrincipal": Hole("grantee"),
        "operations": ["Decrypt", "Encrypt", "GenerateDataKeyWithoutPlaintext"],
        "constraints": {"encryptionContextSubset": VOLUME},
    },
    {"grantId": Hole("grant")},
    on=str(Hole("key_arn")),
    resources=KEY,
)
RETIRE_GRANT = KMS("RetireGrant", resources=KEY)

# --- looking at keys -----------------------------------------------------------------------------


def _of_key(name: str, request: dict[str, Any] | None = None) -> Call:
    missing = Fault("NotFoundException", f"Key '{Hole('key_arn')}' does not exist")
    return KMS(
        name,
        request or {"keyId": Hole("key_arn")},
        on=str(Hole("key_arn")),
        resources=KEY,
        faults=(missing,),
    )


DESCRIBE_KEY = _of_key("DescribeKey")
GET_KEY_POLICY = _of_key("GetKeyPolicy", {"keyId": Hole("key_arn"), "policyName": "default"})
GET_KEY_ROTATION_STATUS = _of_key("GetKeyRotationStatus")
LIST_ALIASES = KMS("ListAliases", {"limit": 100})
LIST_GRANTS = _of_key("ListGrants", {"keyId": Hole("key_arn"), "limit": 100})
LIST_KEYS = KMS("ListKeys", {"limit": 100})
LIST_KEY_POLICIES = _of_key("ListKeyPolicies")
LIST_RESOURCE_TAGS = _of_key("ListResourceTags")
