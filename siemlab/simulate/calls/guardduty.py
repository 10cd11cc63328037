"""Calls of GuardDuty.

Holes: ``detector``, ``finding`` (an id), ``member`` (an account).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "ARCHIVE_FINDINGS",
    "DELETE_DETECTOR",
    "DESCRIBE_ORGANIZATION_CONFIGURATION",
    "GET_ADMINISTRATOR_ACCOUNT",
    "GET_DETECTOR",
    "GET_FINDINGS",
    "GET_FINDINGS_STATISTICS",
    "GET_USAGE_STATISTICS",
    "LIST_DETECTORS",
    "LIST_FILTERS",
    "LIST_FINDINGS",
    "LIST_IP_SETS",
    "LIST_MEMBERS",
    "LIST_ORGANIZATION_ADMIN_ACCOUNTS",
    "LIST_PUBLISHING_DESTINATIONS",
    "LIST_THREAT_INTEL_SETS",
    "UPDATE_DETECTOR",
    "UPDATE_FINDINGS_FEEDBACK",
]

GUARDDUTY = Family(service="guardduty")

ON_DETECTOR = f"arn:aws:guardduty:{Hole('region')}:{Hole('account')}:detector/{Hole('detector')}"
_MEMBER = Fault(
    "BadRequestException",
    "The request is rejected because the current account is a member account of an organization.",
)


def _of_detector(name: str, more: dict[str, Any] | None = None) -> Call:
    return GUARDDUTY(
        name,
        {"detectorId": Hole("detector"), **(more or {})},
        on=ON_DETECTOR,
        faults=(
            Fault(
                "BadRequestException",
                "The request is rejected because the input detectorId is not owned by the current "
                "account.",
            ),
        ),
    )


DESCRIBE_ORGANIZATION_CONFIGURATION = _of_detector("DescribeOrganizationConfiguration")
GET_ADMINISTRATOR_ACCOUNT = _of_detector("GetAdministratorAccount")
GET_DETECTOR = _of_detector("GetDetector")
GET_FINDINGS = _of_detector("GetFindings", {"findingIds": [Hole("finding")]})
GET_FINDINGS_STATISTICS = _of_detector(
    "GetFindingsStatistics", {"findingStatisticTypes": ["COUNT_BY_SEVERITY"]}
)
GET_USAGE_STATISTICS = _of_detector(
    "GetUsageStatistics",
    {
        "usageStatisticsType": "SUM_BY_ACCOUNT",
        "usageCriteria": {"dataSources": ["FLOW_LOGS", "CLOUD_TRAIL", "DNS_LOGS", "S3_LOGS"]},
    },
)
LIST_DETECTORS = GUARDDUTY("ListDetectors")
LIST_FILTERS = _of_detector("ListFilters", {"maxResults": "50"})
LIST_FINDINGS = _of_detector(
    "ListFindings",
    {"maxResults": 50, "sortCriteria": {"attributeName": "updatedAt", "orderBy": "DESC"}},
)
LIST_IP_SETS = _of_detector("ListIPSets", {"maxResults": "50"})
LIST_MEMBERS = _of_detector("ListMembers", {"maxResults": "50", "onlyAssociated": "true"})
LIST_ORGANIZATION_ADMIN_ACCOUNTS = GUARDDUTY("ListOrganizationAdminAccounts")
LIST_PUBLISHING_DESTINATIONS = _of_detector("ListPublishingDestinations")
LIST_THREAT_INTEL_SETS = _of_detector("ListThreatIntelSets", {"maxResults": "50"})

ARCHIVE_FINDINGS = _of_detector("ArchiveFindings", {"findingIds": [Hole("finding")]})
UPDATE_DETECTOR = GUARDDUTY(
    "UpdateDetector",
    {"detectorId": Hole("detector"), "enable": Hole("enable", raw=True)},
    on=ON_DETECTOR,
    faults=(_MEMBER,),
    defaults={"enable": b"false"},
)
"""``enable`` (raw) is false unless given; a member account may not do it."""

DELETE_DETECTOR = GUARDDUTY(
    "DeleteDetector", {"detectorId": Hole("detector")}, on=ON_DETECTOR, faults=(_MEMBER,)
)
UPDATE_FINDINGS_FEEDBACK = _of_detector(
    "UpdateFindingsFeedback", {"findingIds": [Hole("finding")], "feedback": "USEFUL"}
)
