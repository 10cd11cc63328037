"""Calls of WAF (``wafv2``).

Holes: ``acl_name``, ``acl_id``, ``acl_arn``, ``set_name``, ``set_id``, ``addresses`` (raw: a JSON
list of blocks), ``balancer`` (its ARN).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_IP_SET",
    "GET_LOGGING_CONFIGURATION",
    "GET_SAMPLED_REQUESTS",
    "GET_WEB_ACL",
    "GET_WEB_ACL_FOR_RESOURCE",
    "LIST_AVAILABLE_MANAGED_RULE_GROUPS",
    "LIST_IP_SETS",
    "LIST_LOGGING_CONFIGURATIONS",
    "LIST_RESOURCES_FOR_WEB_ACL",
    "LIST_WEB_ACLS",
    "UPDATE_IP_SET",
]

WAF = Family(service="wafv2")

_REGIONAL = {"scope": "REGIONAL"}
_PAGE = {**_REGIONAL, "limit": 100}
_ACL = {"name": Hole("acl_name"), **_REGIONAL, "id": Hole("acl_id")}
_SET = {"name": Hole("set_name"), **_REGIONAL, "id": Hole("set_id")}
_MISSING = Fault(
    "WAFNonexistentItemException",
    "AWS WAF couldn't perform the operation because your resource doesn't exist.",
)

GET_IP_SET = WAF("GetIPSet", _SET, faults=(_MISSING,))
GET_LOGGING_CONFIGURATION = WAF(
    "GetLoggingConfiguration",
    {"resourceArn": Hole("acl_arn")},
    on=str(Hole("acl_arn")),
    faults=(_MISSING,),
)
GET_SAMPLED_REQUESTS = WAF(
    "GetSampledRequests",
    {
        "webAclArn": Hole("acl_arn"),
        "ruleMetricName": "ALL",
        **_REGIONAL,
        "timeWindow": {"startTime": Hole("since"), "endTime": Hole("made_comma")},
        "maxItems": 100,
    },
    on=str(Hole("acl_arn")),
)
"""``since`` (`dates.comma_dates`) is three hours before at most."""

GET_WEB_ACL = WAF("GetWebACL", _ACL, on=str(Hole("acl_name")), faults=(_MISSING,))
GET_WEB_ACL_FOR_RESOURCE = WAF(
    "GetWebACLForResource",
    {"resourceArn": Hole("balancer")},
    on=str(Hole("balancer")),
    faults=(_MISSING,),
)
LIST_AVAILABLE_MANAGED_RULE_GROUPS = WAF("ListAvailableManagedRuleGroups", _PAGE)
LIST_IP_SETS = WAF("ListIPSets", _PAGE)
LIST_LOGGING_CONFIGURATIONS = WAF("ListLoggingConfigurations", _PAGE)
LIST_RESOURCES_FOR_WEB_ACL = WAF(
    "ListResourcesForWebACL",
    {"webACLArn": Hole("acl_arn"), "resourceType": "APPLICATION_LOAD_BALANCER"},
    on=str(Hole("acl_arn")),
)
LIST_WEB_ACLS = WAF("ListWebACLs", _PAGE)
UPDATE_IP_SET = WAF(
    "UpdateIPSet",
    {**_SET, "addresses": Hole("addresses", raw=True), "lockToken": Hole("client_token")},
    {"nextLockToken": Hole("revision")},
    on=str(Hole("set_name")),
    faults=(
        Fault(
            "WAFOptimisticLockException",
            "AWS WAF couldn't save your changes because someone changed the resource after you "
            "started to edit it. Reapply your changes.",
        ),
    ),
)
