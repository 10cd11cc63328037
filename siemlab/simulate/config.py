"""AWS Config: what resources are, after each change (history), once a day (snapshot), by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import numpy as np

from siemlab.logs.writing import Lines, Stream
from siemlab.simulate.affected import iso
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Records, Stage
from siemlab.simulate.world import Item, World

__all__ = [
    "Outcome",
    "Resource",
    "Verdict",
    "captured",
    "compliance",
    "item",
    "items",
    "recorded",
    "snapshot",
    "written",
]

FIREHOSE = "aes-siem-firehose-config-rules"
GLOBAL_TYPES = frozenset({"AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"})
"""What belongs to no region; it is recorded in the home region."""
LEAST_LAG, MOST_LAG = 40 * SECOND, 4 * MINUTE

ItemStatus = Literal["OK", "ResourceDiscovered", "ResourceDeleted", "ResourceDeletedNotRecorded"]
Outcome = Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"]


@dataclass(frozen=True)
class Resource:
    """A resource as Config describes it.

    Parameters
    ----------
    type, id, arn
        ``AWS::EC2::SecurityGroup``, its id, its ARN.
    account, region
        The account's id, and the region that records it.
    name
        ``resourceName``, for types that have one.
    zone
        ``availabilityZone``.
    created
        When it was made, epoch milliseconds; 0 leaves it out.
    tags
        Its tags.
    related
        Type, id and the words of each relationship.
    configuration, supplementary
        What it is.
    """

    type: str
    id: str
    arn: str
    account: str
    region: str
    name: str = ""
    zone: str = "Not Applicable"
    created: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)
    related: tuple[tuple[str, str, str], ...] = ()
    configuration: Mapping[str, Any] = field(default_factory=dict)
    supplementary: Mapping[str, Any] = field(default_factory=dict)


def item(stage: Stage, resource: Resource, at: int, status: ItemStatus = "OK") -> Acts:
    """Write the configuration item of a change.

    Parameters
    ----------
    stage
        Who changed it.
    resource
        What it is after the change; of a deleted one, what it was.
    at
        When the change was made, epoch milliseconds: Config sees it some minutes later.
    status
        ``ResourceDiscovered`` for a new one, ``ResourceDeleted`` for one that is gone.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.resources import security_group
    >>> from siemlab.simulate.stage import Records
    >>> stage = Stage(World(load_baseline(), seed=2022), Records(), "example")
    >>> bastion = security_group(stage.world, "sz-prod-bastion-sg")
    >>> len(item(stage, bastion, 1669286551000))
    1
    """
    return items(stage, [resource], at, status)


def items(stage: Stage, changed: list[Resource], at: int, status: ItemStatus = "OK") -> Acts:
    """Write the configuration items of resources that one call changed together.

    Parameters
    ----------
    stage, at, status
        As for `item`.
    changed
        The resources.
    """
    return captured(
        stage, changed, at + stage.delays.between(len(changed), LEAST_LAG, MOST_LAG), status
    )


def captured(stage: Stage, resources: list[Resource], at: Ints, status: ItemStatus = "OK") -> Acts:
    """Write the configuration items of resources as Config looked at them.

    Parameters
    ----------
    stage, status
        As for `item`.
    resources
        The resources.
    at
        When Config looked at each, epoch milliseconds.
    """
    records = [
        record(resource, when, status)
        for resource, when in zip(resources, at.tolist(), strict=True)
    ]
    return written(stage, records, [resource.region for resource in resources])


def written(stage: Stage, records: list[dict[str, Any]], regions: list[str]) -> Acts:
    """Write configuration items as they are.

    Parameters
    ----------
    stage
        Who acts.
    records, regions
        The items (`record`), and the region that records each.
    """
    at = np.array([found["configurationStateId"] for found in records], dtype=np.int64)
    logged = np.zeros(len(records), dtype=np.bool_)
    for place, (found, region) in enumerate(zip(records, regions, strict=True)):
        stream = Stream("config-history", found["awsAccountId"], region, found["resourceType"])
        row = Lines([msgspec.json.encode(found)])
        logged[place] = stage.write(stream, at[place : place + 1], row)[0]
    ids = tuple(str(found["resourceId"]) for found in records)
    return Acts("config-history", at, ids, logged=logged)


def recorded(records: Records) -> tuple[Item, ...]:
    """Return the configuration items among records, in the order of time.

    Parameters
    ----------
    records
        What somebody did.
    """
    found = [
        Item(stream.name, item["resourceId"], stream.account, stream.region, at, row)
        for stream, batches in records.batches.items()
        if stream.log_type == "config-history"
        for batch in batches
        if isinstance(batch.rows, Lines)
        for at, row in zip(batch.at.tolist(), batch.rows.lines, strict=True)
        for item in [msgspec.json.decode(row)]
    ]
    return tuple(sorted(found, key=lambda item: item.at))


def record(resource: Resource, captured: int, status: ItemStatus = "OK") -> dict[str, Any]:
    """Return a configuration item.

    Parameters
    ----------
    resource
        The resource.
    captured
        When Config looked at it, epoch milliseconds.
    status
        What had happened to it.
    """
    gone = status.startswith("ResourceDeleted")
    fields: dict[str, Any] = {
        "relatedEvents": [],
        "relationships": [] if gone else _relationships(resource),
        "configuration": None if gone else resource.configuration,
        "supplementaryConfiguration": {} if gone else resource.supplementary,
        "tags": {} if gone else resource.tags,
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": iso(captured),
        "configurationStateId": captured,
        "awsAccountId": resource.account,
        "configurationItemStatus": status,
        "resourceType": resource.type,
        "resourceId": resource.id,
        "resourceName": resource.name,
        "ARN": resource.arn,
        "awsRegion": "global" if resource.type in GLOBAL_TYPES else resource.region,
        "availabilityZone": resource.zone,
        "configurationStateMd5Hash": "",
        "resourceCreationTime": iso(resource.created),
    }
    if not resource.name:
        del fields["resourceName"]
    if not resource.created or gone:
        del fields["resourceCreationTime"]
    return fields


def _relationships(resource: Resource) -> list[dict[str, str]]:
    return [
        {"resourceId": number, "resourceType": kind, "name": name}
        for kind, number, name in resource.related
    ]


def snapshot(stage: Stage, records: list[dict[str, Any]], region: str, at: int) -> Acts:
    """Write a snapshot: all resources of an account and region at one time.

    Parameters
    ----------
    stage
        Who acts.
    records
        The last item of each resource (`record`), all of one account.
    region
        The region that records them.
    at
        When, epoch milliseconds.
    """
    stream = Stream("config-snapshot", records[0]["awsAccountId"], region)
    moments = np.full(len(records), at, dtype=np.int64)
    logged = stage.write(stream, moments, Lines([msgspec.json.encode(each) for each in records]))
    ids = tuple(str(each["resourceId"]) for each in records)
    return Acts("config-snapshot", moments, ids, logged=logged)


@dataclass(frozen=True)
class Verdict:
    """What a rule thinks of a resource.

    Parameters
    ----------
    rule
        The rule's name as controls have it: ``restricted-ssh``.
    resource
        The resource.
    outcome, before
        What it thinks now, and what it thought; an empty one is none.
    before_at
        Since when it thought so, epoch milliseconds.
    note
        Why it is not compliant.
    """

    rule: str
    resource: Resource
    outcome: Outcome
    before: Outcome | Literal[""] = ""
    before_at: int = 0
    note: str = ""


def compliance(stage: Stage, verdict: Verdict, at: int) -> Acts:
    """Write that a rule has changed its mind about a resource.

    Parameters
    ----------
    stage
        Who acts.
    verdict
        The rule, the resource, and the outcome.
    at
        When the rule ran, epoch milliseconds.
    """
    resource = verdict.resource
    told = at + stage.delays.one(400, 9000)
    event = {
        "version": "0",
        "id": stage.delays.uuids(1)[0],
        "detail-type": "Config Rules Compliance Change",
        "source": "aws.config",
        "account": resource.account,
        "time": f"{iso(told)[:19]}Z",
        "region": resource.region,
        "resources": [],
        "detail": _detail(stage.world, verdict, at, told),
    }
    stream = Stream("config-rules", resource.account, resource.region, FIREHOSE)
    moment = np.array([told], dtype=np.int64)
    logged = stage.write(stream, moment, Lines([msgspec.json.encode(event)]))
    return Acts("config-rules", moment, (resource.id,), logged=logged)


def _detail(world: World, verdict: Verdict, at: int, told: int) -> dict[str, Any]:
    resource = verdict.resource
    mark = world.ids.hexes(8, "config rule", resource.account, resource.region, verdict.rule)
    name = f"securityhub-{verdict.rule}-{mark}"
    rule_id = world.ids.hexes(6, "config rule id", resource.account, resource.region, verdict.rule)
    place = f"arn:aws:config:{resource.region}:{resource.account}:config-rule/aws-service-rule"
    detail = {
        "resourceId": resource.id,
        "awsRegion": resource.region,
        "awsAccountId": resource.account,
        "configRuleName": name,
        "recordVersion": "1.0",
        "configRuleARN": f"{place}/securityhub.amazonaws.com/config-rule-{rule_id}",
        "messageType": "ComplianceChangeNotification",
        "newEvaluationResult": _result(verdict, name, verdict.outcome, at),
        "oldEvaluationResult": None,
        "notificationCreationTime": iso(told),
        "resourceType": resource.type,
    }
    if verdict.before:
        detail["oldEvaluationResult"] = _result(verdict, name, verdict.before, verdict.before_at)
    else:
        del detail["oldEvaluationResult"]
    return detail


def _result(verdict: Verdict, name: str, outcome: str, at: int) -> dict[str, Any]:
    qualifier = {
        "configRuleName": name,
        "resourceType": verdict.resource.type,
        "resourceId": verdict.resource.id,
    }
    result: dict[str, Any] = {
        "evaluationResultIdentifier": {
            "evaluationResultQualifier": qualifier,
            "orderingTimestamp": iso(at - 2 * SECOND),
        },
        "complianceType": outcome,
        "resultRecordedTime": iso(at + SECOND),
        "configRuleInvokedTime": iso(at),
    }
    noted = verdict.note and outcome == "NON_COMPLIANT"
    return result | ({"annotation": verdict.note} if noted else {})
