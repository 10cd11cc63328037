"""Calls of Systems Manager: its agents, parameters, sessions and commands.

Holes: ``address`` and ``host`` (the name that an agent tells), ``instance``, ``agent_version``,
``association``, ``outcome`` (``Success``), ``parameter`` (its name, with a slash), ``parameters``
(raw: names, a JSON list), ``path``, ``session`` (its id), ``document``, ``command`` (its id),
``made``, ``made_comma`` (filled).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import SCRAMBLED, Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_ASSOCIATION",
    "DESCRIBE_DOCUMENT",
    "DESCRIBE_INSTANCE_ASSOCIATIONS_STATUS",
    "DESCRIBE_INSTANCE_INFORMATION",
    "DESCRIBE_INSTANCE_PATCHES",
    "DESCRIBE_MAINTENANCE_WINDOWS",
    "DESCRIBE_PARAMETERS",
    "DESCRIBE_PATCH_BASELINES",
    "DESCRIBE_SESSIONS",
    "GET_COMMAND_INVOCATION",
    "GET_CONNECTION_STATUS",
    "GET_DEPLOYABLE_PATCH_SNAPSHOT_FOR_INSTANCE",
    "GET_DOCUMENT",
    "GET_PARAMETER",
    "GET_PARAMETERS",
    "GET_PARAMETERS_BY_PATH",
    "LIST_ASSOCIATIONS",
    "LIST_COMMANDS",
    "LIST_COMMAND_INVOCATIONS",
    "LIST_COMPLIANCE_SUMMARIES",
    "LIST_DOCUMENTS",
    "LIST_INSTANCE_ASSOCIATIONS",
    "LIST_TAGS_FOR_RESOURCE",
    "PUT_COMPLIANCE_ITEMS",
    "PUT_INVENTORY",
    "PUT_PARAMETER",
    "SEND_COMMAND",
    "START_SESSION",
    "TERMINATE_SESSION",
    "UPDATE_INSTANCE_ASSOCIATION_STATUS",
    "UPDATE_INSTANCE_INFORMATION",
]

SSM = Family(service="ssm")

HERE = f"{Hole('region')}:{Hole('account')}"
INSTANCE_ARN = f"arn:aws:ec2:{HERE}:instance/{Hole('instance')}"
PARAMETER_ARN = f"arn:aws:ssm:{HERE}:parameter{Hole('parameter')}"


def _resource(arn: str) -> dict[str, Any]:
    return {"accountId": Hole("account"), "ARN": arn}


# --- agents --------------------------------------------------------------------------------------

UPDATE_INSTANCE_INFORMATION = SSM(
    "UpdateInstanceInformation",
    {
        "instanceId": Hole("instance"),
        "agentVersion": Hole("agent_version"),
        "agentStatus": "Active",
        "platformType": "Linux",
        "platformName": Hole("platform"),
        "platformVersion": Hole("platform_version"),
        "iPAddress": Hole("address"),
        "computerName": Hole("host"),
        "agentName": "amazon-ssm-agent",
    },
    on=INSTANCE_ARN,
    defaults={"platform": "Amazon Linux", "platform_version": "2"},
)
"""An agent's heartbeat, every five minutes or so."""

LIST_INSTANCE_ASSOCIATIONS = SSM(
    "ListInstanceAssociations",
    {"instanceId": Hole("instance"), "maxResults": 20},
    on=INSTANCE_ARN,
    resources=[_resource(INSTANCE_ARN)],
)
UPDATE_INSTANCE_ASSOCIATION_STATUS = SSM(
    "UpdateInstanceAssociationStatus",
    {
        "associationId": Hole("association"),
        "instanceId": Hole("instance"),
        "executionResult": {
            "executionDate": Hole("made_comma"),
            "status": Hole("outcome"),
            "executionSummary": Hole("summary"),
            "errorCode": "",
        },
    },
    on=INSTANCE_ARN,
    resources=[
        _resource(f"arn:aws:ssm:{HERE}:association/{Hole('association')}"),
        _resource(INSTANCE_ARN),
    ],
    defaults={
        "outcome": "Success",
        "summary": "1 out of 1 plugin processed, 1 success, 0 failed, 0 timedout, 0 skipped. ",
    },
)
PUT_INVENTORY = SSM(
    "PutInventory",
    {
        "instanceId": Hole("instance"),
        "items": [
            {
                "typeName": kind,
                "schemaVersion": version,
                "captureTime": Hole("time"),
                "contentHash": Hole(f"hash_{index}"),
            }
            for index, (kind, version) in enumerate(
                (("AWS:Application", "1.1"), ("AWS:Network", "1.0"))
            )
        ],
    },
    on=INSTANCE_ARN,
    resources=[
        _resource(INSTANCE_ARN),
        _resource(f"arn:aws:ssm:{HERE}:managed-instance-inventory/{Hole('instance')}"),
    ],
)
"""``hash_0``, ``hash_1``: MD5 sums of the lists, in base64."""

PUT_COMPLIANCE_ITEMS = SSM(
    "PutComplianceItems",
    {
        "resourceId": Hole("instance"),
        "resourceType": "ManagedInstance",
        "complianceType": "Association",
        "executionSummary": {
            "executionTime": Hole("made_comma"),
            "executionId": "",
            "executionType": "",
        },
        "items": [
            {
                "id": Hole("association"),
                "title": "",
                "severity": "UNSPECIFIED",
                "status": "COMPLIANT",
                "details": {
                    "DocumentVersion": "1",
                    "DocumentName": "AWS-GatherSoftwareInventory",
                },
            }
        ],
        "itemContentHash": Hole("hash_0"),
    },
    on=INSTANCE_ARN,
)
DESCRIBE_ASSOCIATION = SSM(
    "DescribeAssociation", {"associationId": Hole("association")}, on=INSTANCE_ARN
)
GET_DEPLOYABLE_PATCH_SNAPSHOT_FOR_INSTANCE = SSM(
    "GetDeployablePatchSnapshotForInstance",
    {"instanceId": Hole("instance"), "snapshotId": Hole("client_token")},
    on=INSTANCE_ARN,
)

# --- looking -------------------------------------------------------------------------------------

DESCRIBE_INSTANCE_INFORMATION = SSM("DescribeInstanceInformation", {"maxResults": 50})
DESCRIBE_DOCUMENT = SSM("DescribeDocument", {"name": Hole("document")})
DESCRIBE_MAINTENANCE_WINDOWS = SSM("DescribeMaintenanceWindows", {"maxResults": 50})
DESCRIBE_PATCH_BASELINES = SSM("DescribePatchBaselines", {"maxResults": 50})
DESCRIBE_SESSIONS = SSM("DescribeSessions", {"state": "Active", "maxResults": 50})
GET_CONNECTION_STATUS = SSM("GetConnectionStatus", {"target": Hole("instance")})
GET_DOCUMENT = SSM("GetDocument", {"name": Hole("document"), "documentVersion": "$DEFAULT"})
LIST_ASSOCIATIONS = SSM("ListAssociations", {"maxResults": 50})
LIST_COMMANDS = SSM("ListCommands", {"maxResults": 50})
LIST_COMMAND_INVOCATIONS = SSM(
    "ListCommandInvocations", {"commandId": Hole("command"), "details": True}
)
LIST_COMPLIANCE_SUMMARIES = SSM("ListComplianceSummaries", {"maxResults": 50})
LIST_DOCUMENTS = SSM("ListDocuments", {"maxResults": 50})
LIST_TAGS_FOR_RESOURCE = SSM(
    "ListTagsForResource", {"resourceType": "Parameter", "resourceId": Hole("parameter")}
)

# --- parameters ----------------------------------------------------------------------------------

_NO_PARAMETER = Fault("ParameterNotFound")

DESCRIBE_PARAMETERS = SSM("DescribeParameters", {"maxResults": 50})
GET_PARAMETER = SSM(
    "GetParameter",
    {"name": Hole("parameter"), "withDecryption": True},
    on=PARAMETER_ARN,
    resources=[_resource(PARAMETER_ARN)],
    faults=(_NO_PARAMETER,),
)
GET_PARAMETERS = SSM(
    "GetParameters", {"names": Hole("parameters", raw=True), "withDecryption": False}
)
GET_PARAMETERS_BY_PATH = SSM(
    "GetParametersByPath",
    {"path": Hole("path"), "recursive": True, "withDecryption": True},
    on=f"arn:aws:ssm:{HERE}:parameter{Hole('path')}",
)
PUT_PARAMETER = SSM(
    "PutParameter",
    {
        "name": Hole("parameter"),
        "value": SCRAMBLED,
        "type": "SecureString",
        "overwrite": True,
    },
    {"version": Hole("parameter_version", raw=True), "tier": "Standard"},
    on=PARAMETER_ARN,
    resources=[_resource(PARAMETER_ARN)],
    faults=(
        Fault(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in "
            "the request to true.",
        ),
    ),
    defaults={"parameter_version": 1},
)

# --- sessions and commands -----------------------------------------------------------------------

_NOT_CONNECTED = Fault("TargetNotConnected", f"{Hole('instance')} is not connected.")

START_SESSION = SSM(
    "StartSession",
    {"target": Hole("instance")},
    {
        "sessionId": Hole("session"),
        "tokenValue": SCRAMBLED,
        "streamUrl": (
            f"wss://ssmmessages.{Hole('region')}.amazonaws.com/v1/data-channel/{Hole('session')}"
            "?role=publish_subscribe"
        ),
    },
    on=INSTANCE_ARN,
    faults=(_NOT_CONNECTED,),
)
"""``session`` is ``<session name>-0a1b2c3d4e5f67890``."""

TERMINATE_SESSION = SSM(
    "TerminateSession", {"sessionId": Hole("session")}, {"sessionId": Hole("session")}
)
SEND_COMMAND = SSM(
    "SendCommand",
    {
        "instanceIds": [Hole("instance")],
        "documentName": Hole("document"),
        "parameters": SCRAMBLED,
        "interactive": False,
    },
    {
        "command": {
            "commandId": Hole("command"),
            "documentName": Hole("document"),
            "documentVersion": "$DEFAULT",
            "comment": "",
            "expiresAfter": Hole("made_in_two_hours"),
            "parameters": SCRAMBLED,
            "instanceIds": [Hole("instance")],
            "targets": [],
            "requestedDateTime": Hole("made"),
            "status": "Pending",
            "statusDetails": "Pending",
            "outputS3Region": Hole("region"),
            "outputS3BucketName": "",
            "outputS3KeyPrefix": "",
            "maxConcurrency": "50",
            "maxErrors": "0",
            "targetCount": 1,
            "completedCount": 0,
            "errorCount": 0,
            "deliveryTimedOutCount": 0,
            "serviceRole": "",
            "notificationConfig": {
                "notificationArn": "",
                "notificationEvents": [],
                "notificationType": "",
            },
            "cloudWatchOutputConfig": {
                "cloudWatchLogGroupName": "",
                "cloudWatchOutputEnabled": False,
            },
            "interactive": False,
            "timeoutSeconds": 3600,
            "clientName": "",
            "clientSourceId": "",
            "triggeredAlarms": [],
        }
    },
    on=INSTANCE_ARN,
    faults=(
        Fault(
            "InvalidInstanceId",
            f"Instances [[{Hole('instance')}]] not in a valid state for account {Hole('account')}",
        ),
    ),
    defaults={"document": "AWS-RunShellScript"},
)
GET_COMMAND_INVOCATION = SSM(
    "GetCommandInvocation",
    {"commandId": Hole("command"), "instanceId": Hole("instance")},
    on=INSTANCE_ARN,
    faults=(Fault("InvocationDoesNotExist"),),
)


def _of_instance(name: str) -> Call:
    return SSM(name, {"instanceId": Hole("instance")}, on=INSTANCE_ARN)


DESCRIBE_INSTANCE_PATCHES = _of_instance("DescribeInstancePatches")
DESCRIBE_INSTANCE_ASSOCIATIONS_STATUS = _of_instance("DescribeInstanceAssociationsStatus")
