"""Calls about resources of all kinds: tags, resource groups, quotas.

Holes: ``resource_type`` (``ec2:instance``), ``tag``, ``service_code`` (``ec2``), ``quota``
(``L-1216C47A``).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_AWS_DEFAULT_SERVICE_QUOTA",
    "GET_RESOURCES",
    "GET_RESOURCE_SHARES",
    "GET_SERVICE_QUOTA",
    "GET_TAG_KEYS",
    "GET_TAG_VALUES",
    "LIST_GROUPS",
    "LIST_RESOURCES",
    "LIST_SERVICE_QUOTAS",
    "SEARCH_RESOURCES",
]

TAGGING = Family(service="tagging", prefix="tag")
GROUPS = Family(service="resource-groups")
QUOTAS = Family(service="servicequotas")
RAM = Family(service="ram")

GET_RESOURCES = TAGGING(
    "GetResources", {"resourceTypeFilters": [Hole("resource_type")], "resourcesPerPage": 100}
)
GET_TAG_KEYS = TAGGING("GetTagKeys")
GET_TAG_VALUES = TAGGING("GetTagValues", {"key": Hole("tag")})

LIST_GROUPS = GROUPS("ListGroups", {"maxResults": 50})
SEARCH_RESOURCES = GROUPS(
    "SearchResources",
    {
        "resourceQuery": {
            "type": "TAG_FILTERS_1_0",
            "query": '{"ResourceTypeFilters":["AWS::AllSupported"],"TagFilters":[]}',
        },
        "maxResults": 50,
    },
)

_CODE = {"serviceCode": Hole("service_code")}
_QUOTA = {**_CODE, "quotaCode": Hole("quota")}
GET_AWS_DEFAULT_SERVICE_QUOTA = QUOTAS("GetAWSDefaultServiceQuota", _QUOTA)
GET_SERVICE_QUOTA = QUOTAS(
    "GetServiceQuota",
    _QUOTA,
    faults=(
        Fault(
            "NoSuchResourceException",
            "The request failed because the specified quota code does not exist",
        ),
    ),
)
LIST_SERVICE_QUOTAS = QUOTAS("ListServiceQuotas", {**_CODE, "maxResults": 100})

GET_RESOURCE_SHARES = RAM("GetResourceShares", {"resourceOwner": "SELF", "maxResults": 100})
LIST_RESOURCES = RAM("ListResources", {"resourceOwner": "OTHER-ACCOUNTS", "maxResults": 100})
