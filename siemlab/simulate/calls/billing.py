"""Calls of what the billing console asks: Cost Explorer (``ce``), budgets, contacts.

All are recorded in us-east-1; requests keep the capitals of the API. Holes: ``from_day``,
``to_day`` (``2022-11-01``).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_BUDGETS",
    "DESCRIBE_REPORT_DEFINITIONS",
    "GET_ALTERNATE_CONTACT",
    "GET_CONTACT_INFORMATION",
    "GET_COST_AND_USAGE",
    "GET_COST_FORECAST",
    "GET_DIMENSION_VALUES",
    "GET_RESERVATION_UTILIZATION",
    "GET_SAVINGS_PLANS_UTILIZATION",
    "GET_TAGS",
]

CE = Family(service="ce", home="us-east-1", host="ce.us-east-1.amazonaws.com")
BUDGETS = Family(service="budgets", home="us-east-1", host="budgets.amazonaws.com")
ACCOUNT = Family(service="account", home="us-east-1", host="account.us-east-1.amazonaws.com")
CUR = Family(service="cur", home="us-east-1", host="cur.us-east-1.amazonaws.com")

_PERIOD = {"TimePeriod": {"End": Hole("to_day"), "Start": Hole("from_day")}}
_MONTHLY = {"Granularity": "MONTHLY"}
_NO_ACCESS = Fault("AccessDeniedException", "User not enabled for cost explorer access")

GET_COST_AND_USAGE = CE(
    "GetCostAndUsage",
    {
        **_MONTHLY,
        "GroupBy": [{"Key": "SERVICE", "Type": "DIMENSION"}],
        "Metrics": ["UnblendedCost"],
        **_PERIOD,
    },
    faults=(_NO_ACCESS,),
)
GET_COST_FORECAST = CE(
    "GetCostForecast",
    {**_MONTHLY, "Metric": "UNBLENDED_COST", **_PERIOD},
    faults=(
        Fault(
            "DataUnavailableException",
            "Insufficient amount of historical data to generate forecast.",
        ),
    ),
)
GET_DIMENSION_VALUES = CE("GetDimensionValues", {"Dimension": "SERVICE", **_PERIOD})
GET_RESERVATION_UTILIZATION = CE("GetReservationUtilization", {**_MONTHLY, **_PERIOD})
GET_SAVINGS_PLANS_UTILIZATION = CE("GetSavingsPlansUtilization", {**_MONTHLY, **_PERIOD})
GET_TAGS = CE("GetTags", _PERIOD)

DESCRIBE_BUDGETS = BUDGETS("DescribeBudgets", {"accountId": Hole("account"), "maxResults": 100})
DESCRIBE_REPORT_DEFINITIONS = CUR("DescribeReportDefinitions")

GET_ALTERNATE_CONTACT = ACCOUNT(
    "GetAlternateContact",
    {"AlternateContactType": "SECURITY"},
    faults=(
        Fault(
            "ResourceNotFoundException",
            "No contact of the inputted alternate contact type found.",
        ),
    ),
)
GET_CONTACT_INFORMATION = ACCOUNT("GetContactInformation")
