"""Calls of Support (Trusted Advisor's checks too) and of the Health dashboard, in us-east-1.

Holes: ``check`` (an id), ``since`` (`dates.dates`).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_CASES",
    "DESCRIBE_EVENTS",
    "DESCRIBE_EVENT_AGGREGATES",
    "DESCRIBE_EVENT_TYPES",
    "DESCRIBE_SEVERITY_LEVELS",
    "DESCRIBE_TRUSTED_ADVISOR_CHECKS",
    "DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT",
    "DESCRIBE_TRUSTED_ADVISOR_CHECK_SUMMARIES",
    "REFRESH_TRUSTED_ADVISOR_CHECK",
]

SUPPORT = Family(service="support", home="us-east-1", host="support.us-east-1.amazonaws.com")
HEALTH = Family(service="health", home="us-east-1", host="health.us-east-1.amazonaws.com")

_NO_PLAN = Fault(
    "SubscriptionRequiredException",
    "Amazon Web Services Premium Support Subscription is required to use this service.",
)
_OPEN = {"eventStatusCodes": ["open", "upcoming"], "startTimes": [{"from": Hole("since")}]}

DESCRIBE_CASES = SUPPORT(
    "DescribeCases", {"includeResolvedCases": False, "maxResults": 100}, faults=(_NO_PLAN,)
)
DESCRIBE_SEVERITY_LEVELS = SUPPORT("DescribeSeverityLevels", {"language": "en"})
DESCRIBE_TRUSTED_ADVISOR_CHECKS = SUPPORT(
    "DescribeTrustedAdvisorChecks", {"language": "en"}, faults=(_NO_PLAN,)
)
DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT = SUPPORT(
    "DescribeTrustedAdvisorCheckResult", {"checkId": Hole("check"), "language": "en"}
)
DESCRIBE_TRUSTED_ADVISOR_CHECK_SUMMARIES = SUPPORT(
    "DescribeTrustedAdvisorCheckSummaries", {"checkIds": [Hole("check")]}, faults=(_NO_PLAN,)
)
REFRESH_TRUSTED_ADVISOR_CHECK = SUPPORT("RefreshTrustedAdvisorCheck", {"checkId": Hole("check")})

DESCRIBE_EVENTS = HEALTH("DescribeEvents", {"filter": _OPEN, "maxResults": 100})
DESCRIBE_EVENT_AGGREGATES = HEALTH(
    "DescribeEventAggregates", {"aggregateField": "eventTypeCategory", "filter": _OPEN}
)
"""The bell in the corner of every console page."""

DESCRIBE_EVENT_TYPES = HEALTH("DescribeEventTypes", {"maxResults": 100})
