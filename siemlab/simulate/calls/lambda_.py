"""Calls of Lambda: it logs the version of its API behind the name of the call.

Holes: ``layer_size`` and ``layer_version`` (raw), ``function``, ``qualifier``, ``role_arn``,
``layer_arn``, ``layer``, ``code_sha256``, ``code_size`` (raw), ``code_bucket``, ``code_key``,
``function_version``, ``url_id``, ``statement`` (the id of a permission), ``principal``,
``runtime``, ``handler``; ``revision``, ``made_iso`` (filled).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "ADD_PERMISSION",
    "ADD_PERMISSION_PUBLIC",
    "CREATE_FUNCTION",
    "CREATE_FUNCTION_URL_CONFIG",
    "DELETE_FUNCTION",
    "DELETE_FUNCTION_URL_CONFIG",
    "GET_ACCOUNT_SETTINGS",
    "GET_FUNCTION",
    "GET_FUNCTION_CODE_SIGNING_CONFIG",
    "GET_FUNCTION_CONFIGURATION",
    "GET_FUNCTION_EVENT_INVOKE_CONFIG",
    "GET_FUNCTION_URL_CONFIG",
    "GET_POLICY",
    "LIST_ALIASES",
    "LIST_EVENT_SOURCE_MAPPINGS",
    "LIST_FUNCTIONS",
    "LIST_FUNCTION_URL_CONFIGS",
    "LIST_LAYERS",
    "LIST_TAGS",
    "LIST_VERSIONS_BY_FUNCTION",
    "PUBLISH_LAYER_VERSION",
    "PUBLISH_VERSION",
    "REMOVE_PERMISSION",
    "UPDATE_ALIAS",
    "UPDATE_FUNCTION_CODE",
    "UPDATE_FUNCTION_CODE_ZIP",
    "UPDATE_FUNCTION_CONFIGURATION",
    "UPDATE_FUNCTION_CONFIGURATION_LAYERS",
]

LAMBDA = Family(service="lambda")

ARN = f"arn:aws:lambda:{Hole('region')}:{Hole('account')}:function:{Hole('function')}"
FUNCTION = {"functionName": Hole("function")}
PAGE = {"maxItems": 10000}


def _missing(what: str = ARN) -> Fault:
    return Fault("ResourceNotFoundException", f"Function not found: {what}")


def _of_function(name: str, more: dict[str, Any] | None = None) -> Call:
    return LAMBDA(name, {**FUNCTION, **(more or {})}, on=ARN, faults=(_missing(),))


# --- reading -------------------------------------------------------------------------------------

GET_ACCOUNT_SETTINGS = LAMBDA("GetAccountSettings20160819")
LIST_FUNCTIONS = LAMBDA("ListFunctions20150331", {"maxItems": 50})
LIST_LAYERS = LAMBDA("ListLayers20181031")
LIST_EVENT_SOURCE_MAPPINGS = _of_function("ListEventSourceMappings20150331")
GET_FUNCTION = _of_function("GetFunction20150331v2")
GET_FUNCTION_CONFIGURATION = _of_function("GetFunctionConfiguration20150331v2")
GET_FUNCTION_CODE_SIGNING_CONFIG = _of_function("GetFunctionCodeSigningConfig")
GET_FUNCTION_URL_CONFIG = LAMBDA(
    "GetFunctionUrlConfig",
    FUNCTION,
    on=ARN,
    faults=(Fault("ResourceNotFoundException", "The resource you requested does not exist."),),
)
GET_FUNCTION_EVENT_INVOKE_CONFIG = LAMBDA(
    "GetFunctionEventInvokeConfig",
    FUNCTION,
    on=ARN,
    faults=(
        Fault(
            "ResourceNotFoundException",
            f"The function {ARN}:$LATEST doesn't have an EventInvokeConfig",
        ),
    ),
)
GET_POLICY = LAMBDA(
    "GetPolicy20150331v2",
    FUNCTION,
    on=ARN,
    faults=(Fault("ResourceNotFoundException", "The resource you requested does not exist."),),
)
LIST_ALIASES = _of_function("ListAliases20150331", PAGE)
LIST_FUNCTION_URL_CONFIGS = _of_function("ListFunctionUrlConfigs")
LIST_TAGS = LAMBDA("ListTags20170331", {"resource": ARN}, on=ARN)
LIST_VERSIONS_BY_FUNCTION = _of_function("ListVersionsByFunction20150331", PAGE)

# --- changing ------------------------------------------------------------------------------------

_CONFIGURATION: dict[str, Any] = {
    "functionName": Hole("function"),
    "functionArn": ARN,
    "runtime": Hole("runtime"),
    "role": Hole("role_arn"),
    "handler": Hole("handler"),
    "codeSize": Hole("code_size", raw=True),
    "description": "",
    "timeout": 30,
    "memorySize": 256,
    "lastModified": Hole("made_iso"),
    "codeSha256": Hole("code_sha256"),
    "version": Hole("function_version"),
    "environment": {},
    "tracingConfig": {"mode": "PassThrough"},
    "revisionId": Hole("revision"),
    "state": "Active",
    "lastUpdateStatus": "InProgress",
    "lastUpdateStatusReason": "The function is being created.",
    "lastUpdateStatusReasonCode": "Creating",
    "packageType": "Zip",
    "architectures": ["x86_64"],
    "ephemeralStorage": {"size": 512},
}
_RUNTIME = {
    "runtime": "python3.9",
    "handler": "app.handler",
    "function_version": "$LATEST",
}
_BUSY = Fault(
    "ResourceConflictException",
    f"The operation cannot be performed at this time. An update is in progress for resource: {ARN}",
)


def _update(name: str, request: dict[str, Any], more: dict[str, Any] | None = None) -> Call:
    return LAMBDA(
        name,
        {**FUNCTION, **request},
        {**_CONFIGURATION, **(more or {})},
        on=ARN,
        faults=(_missing(), _BUSY),
        defaults=_RUNTIME,
    )


CREATE_FUNCTION = LAMBDA(
    "CreateFunction20150331",
    {
        "functionName": Hole("function"),
        "runtime": Hole("runtime"),
        "role": Hole("role_arn"),
        "handler": Hole("handler"),
        "code": {"s3Bucket": Hole("code_bucket"), "s3Key": Hole("code_key")},
        "timeout": 30,
        "memorySize": 256,
        "publish": False,
        "tags": {},
    },
    {**_CONFIGURATION, "state": "Pending"},
    on=ARN,
    defaults=_RUNTIME,
    faults=(Fault("ResourceConflictException", f"Function already exist: {Hole('function')}"),),
)
DELETE_FUNCTION = _of_function("DeleteFunction20150331")
UPDATE_FUNCTION_CODE = _update(
    "UpdateFunctionCode20150331v2",
    {
        "s3Bucket": Hole("code_bucket"),
        "s3Key": Hole("code_key"),
        "publish": True,
        "dryRun": False,
    },
)
"""New code from a bucket: a version is made (``function_version``)."""

UPDATE_FUNCTION_CODE_ZIP = _update(
    "UpdateFunctionCode20150331v2", {"publish": True, "dryRun": False}
)
"""New code that comes with the request: the log does not show it."""

UPDATE_FUNCTION_CONFIGURATION = _update(
    "UpdateFunctionConfiguration20150331v2", {"timeout": 30, "memorySize": 256}
)
UPDATE_FUNCTION_CONFIGURATION_LAYERS = _update(
    "UpdateFunctionConfiguration20150331v2",
    {"layers": [Hole("layer_arn")]},
    {"layers": [{"arn": Hole("layer_arn"), "codeSize": Hole("layer_size", raw=True)}]},
)
"""Its layers are replaced by one: ``layer_arn`` (version included), ``layer_size`` (raw)."""

PUBLISH_VERSION = LAMBDA(
    "PublishVersion20150331",
    {"functionName": Hole("function"), "description": ""},
    _CONFIGURATION,
    on=ARN,
    defaults=_RUNTIME,
)
PUBLISH_LAYER_VERSION = LAMBDA(
    "PublishLayerVersion20181031",
    {
        "layerName": Hole("layer"),
        "content": {"s3Bucket": Hole("code_bucket"), "s3Key": Hole("code_key")},
        "compatibleRuntimes": ["python3.9"],
    },
    {
        "content": {
            "codeSha256": Hole("code_sha256"),
            "codeSize": Hole("code_size", raw=True),
        },
        "layerArn": f"arn:aws:lambda:{Hole('region')}:{Hole('account')}:layer:{Hole('layer')}",
        "layerVersionArn": Hole("layer_arn"),
        "description": "",
        "createdDate": Hole("made_iso"),
        "version": Hole("layer_version", raw=True),
        "compatibleRuntimes": ["python3.9"],
    },
)
UPDATE_ALIAS = LAMBDA(
    "UpdateAlias20150331",
    {
        "functionName": Hole("function"),
        "name": "live",
        "functionVersion": Hole("function_version"),
    },
    {
        "aliasArn": f"{ARN}:live",
        "name": "live",
        "functionVersion": Hole("function_version"),
        "description": "",
        "revisionId": Hole("revision"),
    },
    on=ARN,
)

# --- who may call --------------------------------------------------------------------------------

_URL = {"functionUrlAuthType": "NONE"}


def _permit(principal: Any, who: str, action: str, condition: str, more: dict[str, Any]) -> Call:
    statement = (
        f'{{"Sid":"{Hole("statement")}","Effect":"Allow","Principal":{who},'
        f'"Action":"{action}","Resource":"{ARN}","Condition":{condition}}}'
    )
    return LAMBDA(
        "AddPermission20150331v2",
        {
            "functionName": Hole("function"),
            "statementId": Hole("statement"),
            "action": action,
            "principal": principal,
            **more,
        },
        {"statement": statement},
        on=ARN,
        faults=(
            Fault(
                "ResourceConflictException",
                f"The statement id ({Hole('statement')}) provided already exists. Please provide a "
                "new statement id, or remove the existing statement.",
            ),
        ),
    )


ADD_PERMISSION = _permit(
    Hole("principal"),
    f'{{"Service":"{Hole("principal")}"}}',
    "lambda:InvokeFunction",
    f'{{"ArnLike":{{"AWS:SourceArn":"{Hole("source_arn")}"}}}}',
    {"sourceArn": Hole("source_arn")},
)
"""A service may call the function: ``principal`` (its domain), ``source_arn``."""

ADD_PERMISSION_PUBLIC = _permit(
    "*",
    '"*"',
    "lambda:InvokeFunctionUrl",
    '{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}',
    _URL,
)
"""Anybody may call the function by its address."""

REMOVE_PERMISSION = LAMBDA(
    "RemovePermission20150331v2",
    {"functionName": Hole("function"), "statementId": Hole("statement")},
    on=ARN,
)

_CONFIG = {
    "functionUrl": f"https://{Hole('url_id')}.lambda-url.{Hole('region')}.on.aws/",
    "functionArn": ARN,
    "authType": "NONE",
    "creationTime": Hole("time"),
}
CREATE_FUNCTION_URL_CONFIG = LAMBDA(
    "CreateFunctionUrlConfig",
    {"functionName": Hole("function"), "authType": "NONE"},
    _CONFIG,
    on=ARN,
    faults=(
        Fault(
            "ResourceConflictException",
            f"Failed to create function url config for [functionArn = {ARN}]. "
            "Error message: FunctionUrlConfig exists for this Lambda function",
        ),
    ),
)
"""The function gets an address (``url_id``) that asks nobody who he is."""

DELETE_FUNCTION_URL_CONFIG = LAMBDA("DeleteFunctionUrlConfig", FUNCTION, on=ARN)
