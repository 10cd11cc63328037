"""AWS Config history: a resource's changes, one JSON object with ``configurationItems`` a file."""

from __future__ import annotations

import re

from siemlab.logs.model import Draft, LogType
from siemlab.logs.resources import identify, repair_shapes, tell_addresses, tell_host_and_user
from siemlab.logs.times import Iso8601

__all__ = ["CONFIG_HISTORY"]


def finish(draft: Draft) -> None:
    """Set ids, repair the shapes, and tell who and where the resource is."""
    identify(draft)
    repair_shapes(draft.source)
    tell_host_and_user(draft.source)
    tell_addresses(draft.source)


CONFIG_HISTORY = LogType(
    name="config-history",
    index="log-aws-config",
    key=re.compile("_ConfigHistory_"),
    framing="json",
    wrapper="configurationItems",
    time=Iso8601("configurationItemCaptureTime"),
    ecs={"cloud.account.id": "awsAccountId", "cloud.region": "awsRegion"},
    static={"event.kind": "state", "event.category": ["configuration"], "event.type": ["info"]},
    finish=finish,
)
