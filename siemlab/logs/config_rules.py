"""AWS Config rules: changes of compliance, JSON lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from siemlab.logs.jsontext import encode_event, whole_seconds
from siemlab.logs.keys import firehose_key
from siemlab.logs.model import NO_ENVELOPE, Draft, Envelope, LogType
from siemlab.logs.resources import identify, tell_addresses, tell_host_and_user
from siemlab.logs.times import Iso8601
from siemlab.logs.writing import Writer

__all__ = ["CONFIG_RULES"]

OUTCOMES = {"COMPLIANT": "success", "NON_COMPLIANT": "failure"}


def finish(draft: Draft) -> None:
    """Set ids, who and where, and the outcome of the evaluation; a removed result has none.

    Examples
    --------
    >>> draft = Draft({"awsAccountId": "111122223333", "awsRegion": "us-east-1", "cloud": {},
    ...     "resourceType": "AWS::S3::Bucket", "resourceId": "logs",
    ...     "event": {"module": "config-rules"},
    ...     "@timestamp": "2022-11-18T07:00:01+00:00",
    ...     "newEvaluationResult": {"complianceType": "NON_COMPLIANT"}})
    >>> finish(draft)
    >>> draft.source["event"]["outcome"]
    'failure'
    """
    source = draft.source
    identify(draft)
    tell_host_and_user(source)
    tell_addresses(source)
    with suppress(KeyError):
        compliance = source["newEvaluationResult"]["complianceType"]
        if compliance:
            source["event"]["outcome"] = OUTCOMES.get(str(compliance), "unknown")


def encode(raw: Mapping[str, Any], envelope: Envelope = NO_ENVELOPE) -> bytes:
    """Write a change of compliance in its EventBridge event.

    Parameters
    ----------
    raw
        The change.
    envelope
        The event; what it lacks is taken from the change.

    Examples
    --------
    >>> change = {"awsAccountId": "111122223333", "awsRegion": "us-east-1",
    ...           "notificationCreationTime": "2022-11-18T07:00:01.123Z"}
    >>> encode(change, Envelope(id="1")).decode()
    '{"version":"0","id":"1","detail-type":"Config Rules Compliance Change",...}'
    """
    event = envelope._replace(
        account=envelope.account or raw["awsAccountId"],
        region=envelope.region or raw["awsRegion"],
        time=envelope.time or whole_seconds(raw["notificationCreationTime"]),
    )
    return encode_event(
        raw, event, source="aws.config", kind="Config Rules Compliance Change", resources=[]
    )


CONFIG_RULES = LogType(
    name="config-rules",
    index="log-aws-config",
    key=re.compile("Config.*Rules"),
    framing="json",
    time=Iso8601("notificationCreationTime"),
    ecs={"cloud.account.id": "awsAccountId", "cloud.region": "awsRegion"},
    static={
        "event.kind": "alert",
        "event.category": ["configuration"],
        "event.type": ["change"],
    },
    finish=finish,
    writer=Writer(key=firehose_key("Config/Rules", ".gz"), encode=encode, between=b"", tail=b""),
)
