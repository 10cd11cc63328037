"""Route 53 Resolver: query logs, JSON lines."""

from __future__ import annotations

import re
from typing import Any

from siemlab.logs.model import Draft, LogType
from siemlab.logs.paths import dig
from siemlab.logs.times import Iso8601

__all__ = ["ROUTE53RESOLVER"]


def finish(draft: Draft) -> None:
    """Take the dot off the end of the names in question and answer.

    Examples
    --------
    >>> draft = Draft({"dns": {"question": {"name": "example.com."}}})
    >>> finish(draft)
    >>> draft.source
    {'dns': {'question': {'name': 'example.com'}}}
    """
    for parent, name in (("question", "name"), ("answers", "data")):
        holder: Any = dig(draft.source, ("dns", parent))
        if isinstance(holder, dict) and name in holder:
            holder[name] = holder[name].rstrip(".")


ROUTE53RESOLVER = LogType(
    name="route53resolver",
    index="log-aws-r53resolver",
    key=re.compile("vpcdnsquerylogs"),
    framing="json",
    time=Iso8601("query_timestamp"),
    ecs={
        # Genuine records keep the instance below srcids, where the SIEM does not look.
        "cloud.instance.id": "instance",
        "cloud.region": "region",
        "dns.answers.class": "answers.0.Class",
        "dns.answers.data": "answers.0.Rdata",
        "dns.answers.type": "answers.0.Type",
        "related.ip": ["srcaddr"],
        "source.address": "srcaddr",
        "source.ip": "srcaddr",
        "source.port": "srcport",
        "dns.question.class": "query_class",
        "dns.question.name": "query_name",
        "dns.question.type": "query_type",
        "dns.response_code": "rcode",
    },
    static={"event.kind": "event", "event.category": ["network"]},
    finish=finish,
)
