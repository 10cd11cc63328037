"""AWS Config rules: changes of compliance, JSON lines."""

from __future__ import annotations

import re
from contextlib import suppress

from siemlab.logs.model import Draft, LogType
from siemlab.logs.resources import identify, tell_addresses, tell_host_and_user
from siemlab.logs.times import Iso8601

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
)
