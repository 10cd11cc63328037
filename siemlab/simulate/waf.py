"""AWS WAF records: which rule of which managed group stopped a request, or counted it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import polars as pl

from siemlab.baseline.network import WebAcl
from siemlab.logs.waf import waf_rows
from siemlab.logs.writing import Stream
from siemlab.simulate.legs import words
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["MANAGED", "inspected", "web_acl_arn"]

# Rule groups that AWS manages: the short name of the label's namespace, and rules of theirs.
MANAGED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "AWSManagedRulesAmazonIpReputationList": (
        "amazon-ip-list",
        ("AWSManagedIPReputationList", "AWSManagedReconnaissanceList"),
    ),
    "AWSManagedRulesCommonRuleSet": (
        "core-rule-set",
        (
            *("NoUserAgent_HEADER", "UserAgent_BadBots_HEADER", "SizeRestrictions_QUERYSTRING"),
            *(
                "SizeRestrictions_COOKIE_HEADER",
                "SizeRestrictions_BODY",
                "SizeRestrictions_URIPATH",
            ),
            *("EC2MetaDataSSRF_BODY", "EC2MetaDataSSRF_URIPATH", "EC2MetaDataSSRF_QUERYARGUMENTS"),
            *("GenericLFI_QUERYARGUMENTS", "GenericLFI_URIPATH", "GenericLFI_BODY"),
            *("RestrictedExtensions_URIPATH", "RestrictedExtensions_QUERYARGUMENTS"),
            *("GenericRFI_QUERYARGUMENTS", "GenericRFI_BODY", "GenericRFI_URIPATH"),
            *("CrossSiteScripting_COOKIE", "CrossSiteScripting_QUERYARGUMENTS"),
            *("CrossSiteScripting_BODY", "CrossSiteScripting_URIPATH"),
        ),
    ),
    "AWSManagedRulesKnownBadInputsRuleSet": (
        "known-bad-inputs",
        (
            *("JavaDeserializationRCE_HEADER", "JavaDeserializationRCE_QUERYSTRING"),
            *("Host_localhost_HEADER", "PROPFIND_METHOD", "ExploitablePaths_URIPATH"),
            *("Log4JRCE_HEADER", "Log4JRCE_QUERYSTRING", "Log4JRCE_URIPATH", "Log4JRCE_BODY"),
        ),
    ),
    "AWSManagedRulesSQLiRuleSet": (
        "sql-database",
        ("SQLi_QUERYARGUMENTS", "SQLiExtendedPatterns_QUERYARGUMENTS", "SQLi_BODY", "SQLi_COOKIE"),
    ),
}
GROUP_OF = {rule: group for group, (_, rules) in MANAGED.items() for rule in rules}
PARTS = {
    "QUERYARGUMENTS": "QueryArguments",
    "QUERYSTRING": "QueryString",
    "URIPATH": "URIPath",
    "HEADER": "Header",
    "COOKIE": "Cookie",
    "METHOD": "Method",
    "BODY": "Body",
}
INJECTION = {"SQLi": "SQL_INJECTION", "CrossSiteScripting": "XSS"}
RATE = 2000  # requests of one address in five minutes
CLIENT = "<client>"


def web_acl_arn(world: World, acl: WebAcl) -> str:
    """Return the ARN of a web ACL."""
    digits = world.ids.hexes(32, "web-acl", acl.name)
    made = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
    account = world.account(acl.account)
    return f"arn:aws:wafv2:{acl.region}:{account}:regional/webacl/{acl.name}/{made}"


# What a record says of the rules: equal judgments are made once.
KINDS = dict.fromkeys(
    (
        *("action", "terminatingRuleId", "terminatingRuleType", "terminatingRuleMatchDetails"),
        *("ruleGroupList", "labels"),
    ),
    pl.String,
)


@lru_cache(maxsize=4096)
def _judged(acl: WebAcl, blocked: str, counted: str) -> Mapping[str, str | None]:
    terminating = _terminating(acl, blocked)
    seen = acl.rules[: acl.rules.index(terminating) + 1] if terminating else acl.rules
    groups = [
        _group(name.removeprefix("AWS-"), blocked, counted)
        for name in seen
        if name.startswith("AWS-")
    ]
    kind = "REGULAR"
    if terminating:
        kind = "MANAGED_RULE_GROUP" if terminating.startswith("AWS-") else "RATE_BASED"
    labels = [{"name": _label(rule)} for rule in (counted, blocked) if rule in GROUP_OF]
    return {
        "action": "BLOCK" if blocked else "ALLOW",
        "terminatingRuleId": terminating or "Default_Action",
        "terminatingRuleType": kind,
        "terminatingRuleMatchDetails": _json(_details(blocked)),
        "ruleGroupList": _json(groups),
        "labels": _json(labels) if labels else None,
    }


def _terminating(acl: WebAcl, blocked: str) -> str:
    if not blocked:
        return ""
    return f"AWS-{GROUP_OF[blocked]}" if blocked in GROUP_OF else acl.rules[-1]


def _group(group: str, blocked: str, counted: str) -> dict[str, Any]:
    hit = GROUP_OF.get(blocked) == group
    count = GROUP_OF.get(counted) == group
    matched = {"ruleId": blocked, "action": "BLOCK", "ruleMatchDetails": _details(blocked) or None}
    excluded = [{"exclusionType": "EXCLUDED_AS_COUNT", "ruleId": counted}]
    return {
        "ruleGroupId": f"AWS#{group}",
        "terminatingRule": matched if hit else None,
        "nonTerminatingMatchingRules": [],
        "excludedRules": excluded if count else None,
        "customerConfig": None,
    }


def _details(rule: str) -> list[dict[str, Any]]:
    """Return the details that WAF gives of injections alone."""
    name, _, part = rule.partition("_")
    if name not in INJECTION:
        return []
    place = "ALL_QUERY_ARGS" if part == "QUERYARGUMENTS" else part
    return [{"conditionType": INJECTION[name], "location": place, "matchedData": None}]


def _label(rule: str) -> str:
    space = MANAGED[GROUP_OF[rule]][0]
    words = [PARTS.get(word, word) for word in rule.split("_")]
    return f"awswaf:managed:aws:{space}:{'_'.join(words)}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def inspected(
    stage: Stage,
    acl: WebAcl,
    at: Ints,
    columns: Mapping[str, Any],
    blocked: pl.Series,
    counted: pl.Series,
    headers: Mapping[str, Any],
) -> Acts:
    """Record requests that a rule of a web ACL stopped, or counted.

    Parameters
    ----------
    stage
        Where.
    acl
        The web ACL.
    at
        When, epoch milliseconds.
    columns
        ``clientIp``, ``uri``, ``args``, ``httpMethod``, ``httpVersion``, ``requestId``,
        ``httpSourceId``.
    blocked, counted
        For each the rule that stopped it and the one that counted it, ``""`` for none: a name of
        `MANAGED`, or any other for the ACL's own rate limit.
    headers
        The headers in their order: a value for each request, None where it was not sent.
    """
    world, clients = stage.world, columns["clientIp"]
    pairs = pl.DataFrame({"blocked": blocked, "counted": counted})
    kinds = pairs.unique(maintain_order=True)
    judged = pl.DataFrame([_judged(acl, *rules) for rules in kinds.iter_rows()], schema=KINDS)
    found = pairs.join(
        pl.concat([kinds, judged], how="horizontal"),
        on=("blocked", "counted"),
        how="left",
        maintain_order="left",
    )
    before, after = _limit(acl).split(CLIENT)
    is_limit = found["terminatingRuleType"] == "RATE_BASED"
    limits = (before + clients + after).zip_with(is_limit, words("[]", len(at)))
    places = clients.unique(maintain_order=True)
    countries = [_country(world, client) for client in places.to_list()]
    frame = waf_rows(
        {
            **columns,
            **{name: found[name] for name in KINDS},
            "timestamp": at,
            "webaclId": web_acl_arn(world, acl),
            "rateBasedRuleList": limits,
            "country": clients.replace_strict(places, countries),
        },
        headers,
    )
    stream = Stream("waf", world.account(acl.account), acl.region, acl.name)
    logged = stage.write(stream, at, frame, source=acl.name)
    return Acts("waf", at, tuple(columns["requestId"].to_list()), logged=np.asarray(logged))


def _limit(acl: WebAcl) -> str:
    """Return what a record says of the rate limit, with a hole for the client's address."""
    rule = {
        "rateBasedRuleId": acl.rules[-1],
        "rateBasedRuleName": acl.rules[-1],
        "limitKey": "IP",
        "maxRateAllowed": RATE,
        "limitValue": CLIENT,
    }
    return _json([rule])


def _country(world: World, address: str) -> str:
    place = world.baseline.geo(address)
    return place.country if place is not None else "-"
