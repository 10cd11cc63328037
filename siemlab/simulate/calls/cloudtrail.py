"""Calls of CloudTrail: trails are looked at, stopped, changed.

Holes: ``event_name`` (that is looked up), ``trail`` (name or ARN), ``trail_arn``, ``bucket``,
``buckets`` (raw: `data_resources`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DELETE_TRAIL",
    "DESCRIBE_TRAILS",
    "DESCRIBE_TRAILS_OWN",
    "GET_EVENT_SELECTORS",
    "GET_INSIGHT_SELECTORS",
    "GET_TRAIL",
    "GET_TRAIL_STATUS",
    "LIST_EVENT_DATA_STORES",
    "LIST_TAGS",
    "LIST_TRAILS",
    "LOOKUP_EVENTS",
    "LOOKUP_EVENTS_BY_NAME",
    "PUT_EVENT_SELECTORS",
    "START_LOGGING",
    "STOP_LOGGING",
    "UPDATE_TRAIL",
    "data_resources",
]

CLOUDTRAIL = Family(service="cloudtrail")

ON_TRAIL = str(Hole("trail_arn"))
UNKNOWN = Fault(
    "TrailNotFoundException",
    f"Unknown trail: {Hole('trail_arn')} for the user: {Hole('account')}",
)


def data_resources(buckets: Sequence[str]) -> bytes:
    """Return what fills the hole ``buckets``: whose objects are logged.

    Examples
    --------
    >>> data_resources(["b1"])
    b'[{"type":"AWS::S3::Object","values":["arn:aws:s3:::b1/"]}]'
    >>> data_resources([])
    b'[]'
    """
    if not buckets:
        return b"[]"
    values = [f"arn:aws:s3:::{bucket}/" for bucket in buckets]
    return msgspec.json.encode([{"type": "AWS::S3::Object", "values": values}])


def _of_trail(name: str, member: str = "name", more: dict[str, Any] | None = None) -> Call:
    return CLOUDTRAIL(name, {member: Hole("trail"), **(more or {})}, on=ON_TRAIL, faults=(UNKNOWN,))


# --- reading -------------------------------------------------------------------------------------

DESCRIBE_TRAILS = CLOUDTRAIL("DescribeTrails")
DESCRIBE_TRAILS_OWN = CLOUDTRAIL("DescribeTrails", {"includeShadowTrails": False})
GET_EVENT_SELECTORS = _of_trail("GetEventSelectors", "trailName")
GET_INSIGHT_SELECTORS = CLOUDTRAIL(
    "GetInsightSelectors",
    {"trailName": Hole("trail")},
    on=ON_TRAIL,
    faults=(
        UNKNOWN,
        Fault(
            "InsightNotEnabledException",
            f"Trail {Hole('trail_arn')} does not have Insights enabled.",
        ),
    ),
)
GET_TRAIL = _of_trail("GetTrail")
GET_TRAIL_STATUS = _of_trail("GetTrailStatus")
LIST_EVENT_DATA_STORES = CLOUDTRAIL("ListEventDataStores", {"maxResults": 100})
LIST_TAGS = CLOUDTRAIL("ListTags", {"resourceIdList": [Hole("trail_arn")]}, on=ON_TRAIL)
LIST_TRAILS = CLOUDTRAIL("ListTrails")
LOOKUP_EVENTS = CLOUDTRAIL("LookupEvents", {"maxResults": 50})
LOOKUP_EVENTS_BY_NAME = CLOUDTRAIL(
    "LookupEvents",
    {
        "lookupAttributes": [{"attributeKey": "EventName", "attributeValue": Hole("event_name")}],
        "maxResults": 50,
    },
)

# --- changing ------------------------------------------------------------------------------------

START_LOGGING = _of_trail("StartLogging")
STOP_LOGGING = _of_trail("StopLogging")
DELETE_TRAIL = _of_trail("DeleteTrail")


def _selectors(kind: Any, management: Any) -> list[dict[str, Any]]:
    return [
        {
            "readWriteType": kind,
            "includeManagementEvents": management,
            "dataResources": Hole("buckets", raw=True),
            "excludeManagementEventSources": [],
        }
    ]


_SELECTED = _selectors(Hole("read_write"), Hole("management", raw=True))
PUT_EVENT_SELECTORS = CLOUDTRAIL(
    "PutEventSelectors",
    {"trailName": Hole("trail"), "eventSelectors": _SELECTED},
    {"trailARN": Hole("trail_arn"), "eventSelectors": _SELECTED},
    on=ON_TRAIL,
    faults=(UNKNOWN,),
    defaults={"read_write": "All", "management": b"false", "buckets": b"[]"},
)
"""``read_write`` (``All``, ``WriteOnly``), ``management`` (raw: ``b"true"``), ``buckets``."""

UPDATE_TRAIL = CLOUDTRAIL(
    "UpdateTrail",
    {
        "name": Hole("trail"),
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": True,
        "enableLogFileValidation": True,
    },
    {
        "name": Hole("trail"),
        "s3BucketName": Hole("bucket"),
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": True,
        "trailARN": Hole("trail_arn"),
        "logFileValidationEnabled": True,
        "isOrganizationTrail": Hole("organization", raw=True),
    },
    on=ON_TRAIL,
    faults=(UNKNOWN,),
    defaults={"organization": b"false"},
)
"""``organization`` (raw) is whether it is the organization's trail."""
