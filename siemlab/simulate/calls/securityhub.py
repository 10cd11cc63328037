"""Calls of Security Hub.

Holes: ``insight`` (an id), ``finding`` (its ARN), ``product`` (its ARN), ``note``, ``author``,
``workflow``.
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "BATCH_UPDATE_FINDINGS",
    "DESCRIBE_HUB",
    "DESCRIBE_PRODUCTS",
    "DESCRIBE_STANDARDS",
    "DESCRIBE_STANDARDS_CONTROLS",
    "GET_ADMINISTRATOR_ACCOUNT",
    "GET_ENABLED_STANDARDS",
    "GET_FINDINGS",
    "GET_INSIGHTS",
    "GET_INSIGHT_RESULTS",
    "LIST_ENABLED_PRODUCTS_FOR_IMPORT",
    "LIST_FINDING_AGGREGATORS",
    "LIST_MEMBERS",
]

SECURITYHUB = Family(service="securityhub")

HUB = f"arn:aws:securityhub:{Hole('region')}:{Hole('account')}:hub/default"
STANDARD = (
    f"arn:aws:securityhub:{Hole('region')}:{Hole('account')}:subscription/"
    "aws-foundational-security-best-practices/v/1.0.0"
)
_OFF = Fault(
    "InvalidAccessException",
    f"Account {Hole('account')} is not subscribed to AWS Security Hub",
)
_ACTIVE = {
    "RecordState": [{"Comparison": "EQUALS", "Value": "ACTIVE"}],
    "WorkflowStatus": [{"Comparison": "EQUALS", "Value": "NEW"}],
}

DESCRIBE_HUB = SECURITYHUB("DescribeHub", on=HUB, faults=(_OFF,))
DESCRIBE_PRODUCTS = SECURITYHUB("DescribeProducts", {"MaxResults": "100"}, on=HUB)
DESCRIBE_STANDARDS = SECURITYHUB("DescribeStandards", {"MaxResults": "100"})
DESCRIBE_STANDARDS_CONTROLS = SECURITYHUB(
    "DescribeStandardsControls", {"StandardsSubscriptionArn": STANDARD, "MaxResults": "100"}
)
GET_ADMINISTRATOR_ACCOUNT = SECURITYHUB("GetAdministratorAccount", on=HUB, faults=(_OFF,))
GET_ENABLED_STANDARDS = SECURITYHUB("GetEnabledStandards", on=HUB, faults=(_OFF,))
GET_FINDINGS = SECURITYHUB(
    "GetFindings",
    {
        "Filters": _ACTIVE,
        "SortCriteria": [{"Field": "UpdatedAt", "SortOrder": "desc"}],
        "MaxResults": 100,
    },
    on=HUB,
    faults=(_OFF,),
)
GET_INSIGHTS = SECURITYHUB("GetInsights", {"MaxResults": 100}, on=HUB)
GET_INSIGHT_RESULTS = SECURITYHUB(
    "GetInsightResults",
    {"InsightArn": f"arn:aws:securityhub:::insight/securityhub/default/{Hole('insight')}"},
)
LIST_ENABLED_PRODUCTS_FOR_IMPORT = SECURITYHUB("ListEnabledProductsForImport", on=HUB)
LIST_FINDING_AGGREGATORS = SECURITYHUB("ListFindingAggregators", on=HUB)
LIST_MEMBERS = SECURITYHUB("ListMembers", {"OnlyAssociated": "true"}, on=HUB)
BATCH_UPDATE_FINDINGS = SECURITYHUB(
    "BatchUpdateFindings",
    {
        "FindingIdentifiers": [{"Id": Hole("finding"), "ProductArn": Hole("product")}],
        "Note": {"Text": Hole("note"), "UpdatedBy": Hole("author")},
        "Workflow": {"Status": Hole("workflow")},
    },
    {
        "ProcessedFindings": [{"Id": Hole("finding"), "ProductArn": Hole("product")}],
        "UnprocessedFindings": [],
    },
    on=HUB,
    defaults={"workflow": "RESOLVED"},
)
