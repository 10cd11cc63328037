"""CloudTrail: management, data and Insights events, JSON objects with ``Records``."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import letters, stamp
from siemlab.logs.model import Draft, LogType
from siemlab.logs.times import Iso8601
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["CLOUDTRAIL"]

# Plain words, as they are looked for in every record: a pattern takes ten times as long.
LOADER, OLD_LOADER, IOC_LOADER = "siem-es-loader", "AesSiemEsLoader", "siem-ioc-db-creator"
LOADER_ROLE, LAKE_ROLE = "LambdaEsLoaderServiceRole", "AmazonSecurityLakeS3ReplicationRole"
LOADER_FUNCTION = re.compile(
    "aes-siem-(?:ioc-download|ioc-plan|ioc-createdb|es-loader|index-metrics-exporter)"
    "|SecurityLake_Glue_Partition_Updater_Lambda"
)
INSTANCE_AT_START = re.compile(r"(?:\W|_|^)i-(?:[0-9a-z]{8}|[0-9a-z]{17})(?:\W|_|$)")
IAM_ARN = re.compile("arn:aws(?:-cn|-us-gov)?:iam")

# Where a service writes text at a path that holds an object elsewhere, the text goes below a name.
TEXT_BELOW_NAME = {
    "glue.amazonaws.com": ("requestParameters", "configuration", "text"),
    "cognito-idp.amazonaws.com": ("responseElements", "session", "value"),
    "ecs.amazonaws.com": ("requestParameters", "command", "command"),
    "ssm.amazonaws.com": ("requestParameters", "parameters", "value"),
    "sqlworkbench.amazonaws.com": ("requestParameters", "parameters", "value"),
    "redshift-data.amazonaws.com": ("responseElements", "database", "name"),
    "cloud9.amazonaws.com": ("requestParameters", "settings", "value"),
}


def _is_role(arn: Any) -> bool:
    return (
        isinstance(arn, str) and arn.startswith("arn") and (LOADER_ROLE in arn or LAKE_ROLE in arn)
    )


def _is_function(name: Any, start: str) -> bool:
    return (
        isinstance(name, str)
        and name.startswith(start)
        and LOADER_FUNCTION.search(name) is not None
    )


def is_own(raw: dict[str, Any]) -> bool:
    """Tell whether the SIEM's loader itself made the call.

    Examples
    --------
    >>> is_own({"userAgent": "Boto3/1.24 siem-es-loader"}), is_own({"userAgent": "aws-cli"})
    (True, False)
    """
    agent = raw.get("userAgent")
    if isinstance(agent, str) and (LOADER in agent or OLD_LOADER in agent or IOC_LOADER in agent):
        return True
    address = raw.get("sourceIPAddress")
    if isinstance(address, str) and address.startswith("securitylake.amazonaws.com"):
        return True
    identity = raw.get("userIdentity")
    if isinstance(identity, dict) and (
        _is_role(identity.get("arn")) or _is_function(identity.get("principalId"), "AROA")
    ):
        return True
    asked = raw.get("requestParameters")
    return isinstance(asked, dict) and (
        _is_role(asked.get("roleArn")) or _is_function(asked.get("functionName"), "arn")
    )


def _wrap(value: Any) -> Any:
    """Make an object of a value whose kind differs from record to record."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {"value": value}
    if isinstance(value, list):
        if not value:
            return {}
        if isinstance(value[0], str):
            return {"value": value}
        if isinstance(value[0], dict):
            return value
    return {"value": repr(value)}


def _hsm(source: dict[str, Any]) -> Any:
    """Return the HSM; it and its cluster are the hosts, instead of all else that is related."""
    hosts: list[Any] = []
    source["related"] = {"hosts": hosts}
    asked, answer = source.get("requestParameters"), source.get("responseElements")
    cluster = asked.get("clusterId") if isinstance(asked, dict) else None
    if cluster:
        hosts.append(cluster)
    hsm = None
    if isinstance(answer, dict):
        hsm = answer.get("hsmId")
        if "hsmId" not in answer and isinstance(answer.get("hsm"), dict):
            hsm = answer["hsm"].get("hsmId")
    if hsm:
        hosts.append(hsm)
    return hsm


def _managed_instance(source: dict[str, Any]) -> Any:
    asked, name = source.get("requestParameters"), source.get("eventName")
    if not asked:
        return None
    if name in ("StartSession", "GetConnectionStatus"):
        return asked.get("target")
    if name == "PutComplianceItems":
        resource = asked.get("resourceId", "")
        return resource if INSTANCE_AT_START.match(resource) else None
    return None


def _session_of_instance(source: dict[str, Any]) -> Any:
    if source.get("userAgent") == "ec2.amazonaws.com":
        return source.get("requestParameters", {}).get("roleSessionName")
    return None


# Services whose calls are about an instance to which no path of the field map leads.
INSTANCE_OF_SERVICE = {
    "cloudhsm.amazonaws.com": _hsm,
    "ssm.amazonaws.com": _managed_instance,
    "sts.amazonaws.com": _session_of_instance,
}


def _repair_asked(asked: dict[str, Any]) -> None:
    """Give the paths of a request whose kind differs from call to call one kind."""
    if "tags" in asked:
        asked["tags"] = _wrap(asked["tags"])
    for name in ("disableApiTermination", "disableApiStop"):
        value = asked.get(name)
        if isinstance(value, dict) and "value" in value:
            asked[name] = value["value"]


def _repair_answer(answer: dict[str, Any]) -> None:
    """Give the paths of an answer whose kind differs from call to call one kind."""
    credentials = answer.get("credentials")
    if isinstance(credentials, str):
        name = "iam" if IAM_ARN.search(credentials) else "value"
        answer["credentials"] = {name: credentials}
    if "policy" in answer:
        answer["policy"] = _wrap(answer["policy"])
    status = answer.get("status")
    if status and isinstance(status, str):
        answer["status"] = {"status": status}


def _athena(source: dict[str, Any]) -> None:
    answer = source.get("responseElements")
    if not isinstance(answer, dict):
        return
    for table in answer.get("tableMetadataList") or ():
        with suppress(KeyError):
            parameters = table["parameters"]
            parameters["projection.date.interval_unit"] = parameters.pop(
                "projection.date.interval.unit"
            )
    if answer.get("tableMetadata"):
        with suppress(KeyError):
            parameters = answer["tableMetadata"]["parameters"]
            parameters["projection.part_date.interval_unit"] = parameters.pop(
                "projection.part_date.interval.unit"
            )


def _s3(source: dict[str, Any]) -> None:
    with suppress(KeyError, TypeError):
        rules = source["requestParameters"]["ReplicationConfiguration"]["Rule"]
        for rule in rules if isinstance(rules, list) else ():
            if rule.get("Filter"):
                rule["Filter"] = str(rule["Filter"])


def _inspector(source: dict[str, Any]) -> None:
    asked = source.get("requestParameters")
    accounts = asked.get("accountIds") if isinstance(asked, dict) else None
    if isinstance(accounts, list) and accounts and isinstance(accounts[0], dict):
        source["requestParameters"]["accountIds"] = str(accounts)


def _codeguru(source: dict[str, Any]) -> None:
    asked = source["requestParameters"]
    if asked.get("resourceId"):
        asked["resourceId"] = repr(asked["resourceId"])


def _dynamodb(source: dict[str, Any]) -> None:
    asked = source.get("requestParameters")
    if isinstance(asked, dict) and "items" in asked:
        asked["items"] = _wrap(asked["items"])


REPAIR_OF_SERVICE = {
    "athena.amazonaws.com": _athena,
    "codeguru-security.amazonaws.com": _codeguru,
    "dynamodb.amazonaws.com": _dynamodb,
    "inspector2.amazonaws.com": _inspector,
    "s3.amazonaws.com": _s3,
}


def finish(draft: Draft) -> None:
    """Set outcome, user name and instance, and repair the paths whose kind differs.

    Examples
    --------
    >>> draft = Draft({"event": {}, "user": {"name": "arn:aws:iam::111122223333:user/hana"}})
    >>> finish(draft)
    >>> draft.source
    {'event': {'outcome': 'success'}, 'user': {'name': 'hana'}}
    """
    source = draft.source
    failed = "errorCode" in source or "errorMessage" in source
    source["event"]["outcome"] = "failure" if failed else "success"
    user = source.get("user")
    if user and "name" in user and ":" in user["name"]:
        user["name"] = user["name"].rpartition(":")[2].rpartition("/")[2]
    service = source.get("eventSource")
    if service in INSTANCE_OF_SERVICE:
        instance = INSTANCE_OF_SERVICE[service](source)
        if instance:
            source["cloud"]["instance"] = {"id": instance}
    asked, answer = source.get("requestParameters"), source.get("responseElements")
    if isinstance(answer, dict):
        _repair_answer(answer)
    if isinstance(asked, dict):
        _repair_asked(asked)
    if service in REPAIR_OF_SERVICE:
        REPAIR_OF_SERVICE[service](source)
    elif service in TEXT_BELOW_NAME:
        top, path, name = TEXT_BELOW_NAME[service]
        with suppress(KeyError, TypeError):
            text = source[top][path]
            if text and isinstance(text, str):
                source[top][path] = {name: text}


def _key(delivery: Delivery) -> str:
    stream, time = delivery.stream, delivery.time
    organization = f"{stream.part}/" if stream.part else ""
    folder = f"AWSLogs/{organization}{stream.account}/CloudTrail/{stream.region}/{time:%Y/%m/%d}"
    ending = f"{stamp(time)}_{letters(delivery.token, 16)}.json.gz"
    return f"{folder}/{stream.account}_CloudTrail_{stream.region}_{ending}"


CLOUDTRAIL = LogType(
    name="cloudtrail",
    index="log-aws-cloudtrail",
    key=re.compile("CloudTrail/|CloudTrail-Insight/"),
    file_name=re.compile(r"^[0-9]{12}_CloudTrail(?:-Insight)?_[a-z0-9-]+_[0-9]{8}T[0-9]{4}Z_"),
    framing="json",
    wrapper="Records",
    time=Iso8601("eventTime"),
    doc_id="eventID",
    ecs={
        "cloud.account.id": "recipientAccountId",
        "cloud.instance.id": (
            "requestParameters.instanceId",
            "responseElements.instancesSet.items.0.instanceId",
            "requestParameters.instancesSet.items.0.instanceId",
            "requestParameters.DescribeInstanceCreditSpecificationsRequest.InstanceId.content",
            "requestParameters.AssociateIamInstanceProfileRequest.InstanceId",
        ),
        "cloud.region": "awsRegion",
        "error.code": "errorCode",
        "error.message": "errorMessage",
        "event.action": "eventName",
        "event.module": "eventSource",
        "related.ip": ["sourceIPAddress"],
        "rule.name": "eventName",
        "source.address": "sourceIPAddress",
        "source.ip": "sourceIPAddress",
        "user.id": "userIdentity.accessKeyId",
        "user.name": ("userIdentity.userName", "userIdentity.arn", "userIdentity.principalId"),
        "user_agent.original": "userAgent",
    },
    static={"event.kind": "event", "event.category": ["iam"]},
    stringified=(
        "additionalEventData.requestParameters",
        "requestParameters.attribute",
        "requestParameters.authParameters",
        "requestParameters.bucketPolicy.Statement",
        "requestParameters.content",
        "requestParameters.DescribeFlowLogsRequest",
        "requestParameters.description",
        "requestParameters.ebsOptimized",
        "requestParameters.filter",
        "requestParameters.iamInstanceProfile",
        "requestParameters.imageId",
        "requestParameters.instanceType",
        "requestParameters.partitionInputList",
        "requestParameters.principal",
        "requestParameters.result",
        "requestParameters.resource",
        "requestParameters.schedule",
        "requestParameters.scope",
        "requestParameters.sort",
        "requestParameters.sortBy",
        "requestParameters.source",
        "requestParameters.status",
        "requestParameters.subnets",
        "requestParameters.tableInput.parameters",
        "requestParameters.target",
        "responseElements.dBSubnetGroup",
        "responseElements.data",
        "responseElements.description",
        "responseElements.endpoint",
        "responseElements.imageId",
        "responseElements.result",
        "responseElements.role",
        "responseElements.subnets",
        "serviceEventDetails.eventRequestDetails",
    ),
    is_own=is_own,
    finish=finish,
    geoip=("source",),
    user_agent=True,
    writer=Writer(
        key=_key,
        encode=encode_json,
        head=b'{"Records":[',
        between=b",",
        tail=b"]}",
        # All within a quarter of an hour, most within five minutes, and seldom in order.
        rhythm=Rhythm(least=20, most=110, disorder=180, largest=400, longest=720, enough=10),
    ),
)
