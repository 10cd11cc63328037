"""Calls of Route 53, which is global (recorded in us-east-1), and of its Resolver, which is not.

Holes: ``zone`` (a hosted zone's id), ``record`` (a name), ``value``, ``change`` (an id), ``vpc``.
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CHANGE_RESOURCE_RECORD_SETS",
    "GET_CHANGE",
    "GET_HEALTH_CHECK_COUNT",
    "GET_HOSTED_ZONE",
    "GET_HOSTED_ZONE_COUNT",
    "LIST_FIREWALL_RULE_GROUP_ASSOCIATIONS",
    "LIST_HEALTH_CHECKS",
    "LIST_HOSTED_ZONES",
    "LIST_HOSTED_ZONES_BY_NAME",
    "LIST_RESOLVER_ENDPOINTS",
    "LIST_RESOLVER_QUERY_LOG_CONFIGS",
    "LIST_RESOLVER_QUERY_LOG_CONFIG_ASSOCIATIONS",
    "LIST_RESOLVER_RULES",
    "LIST_RESOURCE_RECORD_SETS",
    "LIST_TAGS_FOR_RESOURCE",
]

ROUTE53 = Family(
    service="route53",
    home="us-east-1",
    host="route53.amazonaws.com",
    api_version="2013-04-01",
)
RESOLVER = Family(service="route53resolver")

_MISSING = Fault("NoSuchHostedZone", f"No hosted zone found with ID: {Hole('zone')}")
ON_ZONE = f"arn:aws:route53:::hostedzone/{Hole('zone')}"


def _of_zone(name: str, member: str = "hostedZoneId") -> Call:
    return ROUTE53(name, {member: Hole("zone")}, on=ON_ZONE, faults=(_MISSING,))


CHANGE_RESOURCE_RECORD_SETS = ROUTE53(
    "ChangeResourceRecordSets",
    {
        "hostedZoneId": Hole("zone"),
        "changeBatch": {
            "changes": [
                {
                    "action": "UPSERT",
                    "resourceRecordSet": {
                        "name": Hole("record"),
                        "type": "CNAME",
                        "tTL": 300,
                        "resourceRecords": [{"value": Hole("value")}],
                    },
                }
            ]
        },
    },
    {
        "changeInfo": {
            "id": f"/change/{Hole('change')}",
            "status": "PENDING",
            "submittedAt": Hole("made_comma"),
        }
    },
    on=ON_ZONE,
    faults=(_MISSING,),
)
GET_CHANGE = ROUTE53("GetChange", {"id": Hole("change")})
GET_HEALTH_CHECK_COUNT = ROUTE53("GetHealthCheckCount")
GET_HOSTED_ZONE = _of_zone("GetHostedZone", "id")
GET_HOSTED_ZONE_COUNT = ROUTE53("GetHostedZoneCount")
LIST_HEALTH_CHECKS = ROUTE53("ListHealthChecks")
LIST_HOSTED_ZONES = ROUTE53("ListHostedZones")
LIST_HOSTED_ZONES_BY_NAME = ROUTE53("ListHostedZonesByName", {"maxItems": "100"})
LIST_RESOURCE_RECORD_SETS = _of_zone("ListResourceRecordSets")
LIST_TAGS_FOR_RESOURCE = ROUTE53(
    "ListTagsForResource", {"resourceType": "hostedzone", "resourceId": Hole("zone")}
)

LIST_FIREWALL_RULE_GROUP_ASSOCIATIONS = RESOLVER(
    "ListFirewallRuleGroupAssociations", {"vpcId": Hole("vpc"), "maxResults": 100}
)
LIST_RESOLVER_ENDPOINTS = RESOLVER("ListResolverEndpoints", {"maxResults": 100})
LIST_RESOLVER_QUERY_LOG_CONFIGS = RESOLVER("ListResolverQueryLogConfigs", {"maxResults": 100})
LIST_RESOLVER_QUERY_LOG_CONFIG_ASSOCIATIONS = RESOLVER(
    "ListResolverQueryLogConfigAssociations", {"maxResults": 100}
)
LIST_RESOLVER_RULES = RESOLVER("ListResolverRules", {"maxResults": 100})
