"""AWS WAF: web ACL logs, JSON lines, of classic and of present ACLs."""

from __future__ import annotations

import json
import re
from typing import Any

from siemlab.logs.columns import IN_JSON, Columns, Table, filled, holes, listed, together
from siemlab.logs.jsontext import encode_json
from siemlab.logs.keys import aws_logs, stamp
from siemlab.logs.model import Draft, LogType
from siemlab.logs.rows import Frame
from siemlab.logs.times import Epoch
from siemlab.logs.writing import Delivery, Rhythm, Writer

__all__ = ["WAF", "waf_rows"]

# Texts stand in quotes, JSON values without. This is the record of 2022.
SHAPE = (
    '{"timestamp":$timestamp,"formatVersion":1,"webaclId":"$webaclId"'
    ',"terminatingRuleId":"$terminatingRuleId","terminatingRuleType":"$terminatingRuleType"'
    ',"action":"$action","terminatingRuleMatchDetails":$terminatingRuleMatchDetails'
    ',"httpSourceName":"$httpSourceName","httpSourceId":"$httpSourceId"'
    ',"ruleGroupList":$ruleGroupList,"rateBasedRuleList":$rateBasedRuleList'
    ',"nonTerminatingMatchingRules":$nonTerminatingMatchingRules'
    ',"requestHeadersInserted":$requestHeadersInserted,"responseCodeSent":$responseCodeSent'
    ',"httpRequest":{"clientIp":"$clientIp","country":"$country","headers":[$headers]'
    ',"uri":"$uri","args":"$args","httpVersion":"$httpVersion","httpMethod":"$httpMethod"'
    ',"requestId":"$requestId"}$labels}'
)
FIELDS = holes(SHAPE)
DEFAULTS = {
    **{"terminatingRuleId": "Default_Action", "terminatingRuleType": "REGULAR"},
    **{"httpSourceName": "ALB", "terminatingRuleMatchDetails": "[]", "ruleGroupList": "[]"},
    **{"rateBasedRuleList": "[]", "nonTerminatingMatchingRules": "[]"},
}


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


def waf_rows(columns: Columns, headers: Columns) -> Frame:
    r"""Render requests that a web ACL has looked at.

    Parameters
    ----------
    columns
        A column for each field of the record and of its ``httpRequest``. Lists are JSON texts,
        ``labels`` too: where it is null, the record has none. ``timestamp`` is milliseconds.
    headers
        Name to values, in the order in which clients send them; where null, one was not sent.

    Raises
    ------
    LogFormatError
        There is no such column, or they have different lengths.

    Examples
    --------
    >>> rows = waf_rows({"timestamp": [1668754801123], "action": "BLOCK", "uri": "/?q=\""},
    ...                 {"Host": "www.example.com", "User-Agent": [None]})
    >>> rows.join(0, 1, b"").decode().partition('"headers":')[2]
    '[{"name":"Host","value":"www.example.com"}],"uri":"/?q=\\"","args":"","httpVersion":"",...}}'
    """
    sent = {f"header {name}": column for name, column in headers.items()}
    table = Table({**DEFAULTS, **columns, **sent}, (*FIELDS, *sent))
    values = table.escaped([*sent], IN_JSON)
    made = {
        "headers": listed(
            [
                together(f'{{"name":{json.dumps(name)},"value":"', value, '"}')
                for name, value in zip(headers, values.values(), strict=True)
            ]
        ),
        "labels": together(',"labels":', table.text("labels")).fill_null(""),
    }
    return filled(SHAPE, table, made)


def _key(delivery: Delivery) -> str:
    stream, time = delivery.stream, delivery.time
    folder = f"{aws_logs(delivery)}/WAFLogs/{stream.region}/{stream.name}/{time:%Y/%m/%d/%H/%M}"
    ending = f"{stream.region}_{stream.name}_{stamp(time)}_{delivery.token[:8]}.log.gz"
    return f"{folder}/{stream.account}_waflogs_{ending}"


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
    writer=Writer(key=_key, encode=encode_json, rhythm=Rhythm(least=20, most=120, disorder=20)),
)
