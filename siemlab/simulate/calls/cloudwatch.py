"""Calls of CloudWatch (``monitoring``) and EventBridge (``events``).

Holes: ``schedule`` (of a rule), ``body`` (of a dashboard, JSON text), ``alarm``, ``dashboard``,
``namespace``, ``metric``, ``threshold`` (raw), ``rule``, ``queries`` (raw: metric queries, a JSON
list).
"""

from __future__ import annotations

from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DELETE_ALARMS",
    "DESCRIBE_ALARMS",
    "DESCRIBE_ALARMS_FOR_METRIC",
    "DESCRIBE_ALARMS_PAGE",
    "DESCRIBE_ALARM_HISTORY",
    "DESCRIBE_INSIGHT_RULES",
    "DESCRIBE_RULE",
    "GET_DASHBOARD",
    "GET_METRIC_DATA",
    "LIST_DASHBOARDS",
    "LIST_EVENT_BUSES",
    "LIST_METRICS",
    "LIST_RULES",
    "LIST_TARGETS_BY_RULE",
    "PUT_DASHBOARD",
    "PUT_METRIC_ALARM",
    "PUT_RULE",
]

CLOUDWATCH = Family(service="monitoring", prefix="cloudwatch")
EVENTS = Family(service="events")

_METRIC = {"metricName": Hole("metric"), "namespace": Hole("namespace")}

DESCRIBE_ALARMS = CLOUDWATCH("DescribeAlarms")
DESCRIBE_ALARMS_PAGE = CLOUDWATCH("DescribeAlarms", {"maxRecords": 100})
DESCRIBE_ALARMS_FOR_METRIC = CLOUDWATCH("DescribeAlarmsForMetric", _METRIC)
DESCRIBE_ALARM_HISTORY = CLOUDWATCH(
    "DescribeAlarmHistory", {"historyItemType": "StateUpdate", "maxRecords": 100}
)
DESCRIBE_INSIGHT_RULES = CLOUDWATCH("DescribeInsightRules", {"maxResults": 100})
GET_DASHBOARD = CLOUDWATCH("GetDashboard", {"dashboardName": Hole("dashboard")})
GET_METRIC_DATA = CLOUDWATCH(
    "GetMetricData",
    {
        "metricDataQueries": Hole("queries", raw=True),
        "startTime": Hole("since"),
        "endTime": Hole("made_comma"),
    },
    defaults={"queries": b"[]"},
)
"""``since`` (`dates.comma_dates`) is from when; ``queries`` (raw) are the metric queries."""

LIST_DASHBOARDS = CLOUDWATCH("ListDashboards")
LIST_METRICS = CLOUDWATCH("ListMetrics", {"namespace": Hole("namespace")})
PUT_DASHBOARD = CLOUDWATCH(
    "PutDashboard",
    {"dashboardName": Hole("dashboard"), "dashboardBody": Hole("body")},
    {"dashboardValidationMessages": []},
)
PUT_METRIC_ALARM = CLOUDWATCH(
    "PutMetricAlarm",
    {
        "alarmName": Hole("alarm"),
        "metricName": Hole("metric"),
        "namespace": Hole("namespace"),
        "statistic": "Average",
        "period": 300,
        "evaluationPeriods": 3,
        "threshold": Hole("threshold", raw=True),
        "comparisonOperator": "GreaterThanThreshold",
        "actionsEnabled": True,
    },
)
DELETE_ALARMS = CLOUDWATCH("DeleteAlarms", {"alarmNames": [Hole("alarm")]})

DESCRIBE_RULE = EVENTS("DescribeRule", {"name": Hole("rule")})
LIST_EVENT_BUSES = EVENTS("ListEventBuses")
LIST_RULES = EVENTS("ListRules", {"limit": 100})
LIST_TARGETS_BY_RULE = EVENTS("ListTargetsByRule", {"rule": Hole("rule")})
PUT_RULE = EVENTS(
    "PutRule",
    {
        "name": Hole("rule"),
        "scheduleExpression": Hole("schedule"),
        "state": "ENABLED",
    },
    {"ruleArn": f"arn:aws:events:{Hole('region')}:{Hole('account')}:rule/{Hole('rule')}"},
)
