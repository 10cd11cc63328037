"""AWS WAF: web ACL logs, JSON lines, of classic and of present ACLs."""

from __future__ import annotations

import re
from typing import Any

from siemlab.logs.model import Draft, LogType
from siemlab.logs.times import Epoch

__all__ = ["WAF"]


def _read_headers(source: dict[str, Any]) -> None:
    """Put the headers below their names; of two of a name, the last counts."""
    headers = source["httpRequest"]["headers"]
    if not len(headers):
        return
    by_name = source["httpRequest"]["header"] = {}
    for header in headers:
        name, value = header["name"].lower().replace("-", "_"), header["value"]
        if name == "authorization":
            continue
        by_name[name] = value
        if name == "host":
            source["url"]["domain"] = value
        elif name == "user_agent":
            source["user_agent"] = {"original": value}
        elif name == "referer":
            source["http"]["request"]["referrer"] = value


def finish(draft: Draft) -> None:
    """Take the headers, the ACL's ARN and the HTTP version apart.

    Examples
    --------
    >>> acl = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/6ba7b810"
    >>> draft = Draft({"webaclId": acl, "httpRequest": {"headers": [], "httpVersion": "HTTP/2.0"},
    ...                "rule": {}, "cloud": {}, "http": {}})
    >>> finish(draft)
    >>> draft.source["rule"], draft.source["cloud"]
    ({'ruleset': 'shop'}, {'region': 'global', 'account': {'id': '111122223333'}})
    """
    source = draft.source
    _read_headers(source)
    acl = source["webaclId"]
    arn, parts = acl.split(":"), acl.split("/")
    source["rule"]["ruleset"] = acl
    if len(arn) > 5 and len(parts) > 2:
        source["rule"]["ruleset"] = parts[2]
        is_global = arn[5].partition("/")[0] == "global"
        source["cloud"]["region"] = "global" if is_global else arn[3]
        source["cloud"]["account"] = {"id": arn[4]}
    source["http"]["version"] = source["httpRequest"]["httpVersion"].split("/")[1]


WAF = LogType(
    name="waf",
    index="log-aws-waf",
    key=re.compile("aws-waf-logs-|_waflogs_"),
    framing="json",
    time=Epoch("timestamp"),
    ecs={
        "event.action": "action",
        "http.request.method": "httpRequest.httpMethod",
        "related.ip": ["httpRequest.clientIp"],
        "rule.name": "terminatingRuleId",
        "source.address": "httpRequest.clientIp",
        "source.ip": "httpRequest.clientIp",
        "url.path": "httpRequest.uri",
        "url.query": "httpRequest.args",
    },
    static={"event.kind": "alert", "event.category": ["web"], "cloud.region": "global"},
    finish=finish,
    geoip=("source",),
    user_agent=True,
)
