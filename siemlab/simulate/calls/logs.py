"""Calls of CloudWatch Logs.

Holes: ``filter`` (a metric filter's name), ``log_group``, ``log_stream``, ``days`` (raw), ``query``
(text), ``from_s``, ``to_s`` (raw, epoch seconds).
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_LOG_GROUP",
    "CREATE_LOG_STREAM",
    "DELETE_LOG_GROUP",
    "DESCRIBE_EXPORT_TASKS",
    "DESCRIBE_LOG_GROUPS",
    "DESCRIBE_LOG_GROUPS_BY_PREFIX",
    "DESCRIBE_LOG_STREAMS",
    "DESCRIBE_METRIC_FILTERS",
    "DESCRIBE_QUERIES",
    "DESCRIBE_QUERY_DEFINITIONS",
    "DESCRIBE_RESOURCE_POLICIES",
    "DESCRIBE_SUBSCRIPTION_FILTERS",
    "LIST_TAGS_LOG_GROUP",
    "PUT_METRIC_FILTER",
    "PUT_RETENTION_POLICY",
    "START_QUERY",
]

LOGS = Family(service="logs", api_version="20140328")

ARN = f"arn:aws:logs:{Hole('region')}:{Hole('account')}:log-group:{Hole('log_group')}:log-stream:"
_GROUP = {"logGroupName": Hole("log_group")}
_NO_GROUP = Fault("ResourceNotFoundException", "The specified log group does not exist.")


def _of_group(name: str) -> Call:
    return LOGS(name, _GROUP, on=ARN, faults=(_NO_GROUP,))


CREATE_LOG_GROUP = LOGS(
    "CreateLogGroup",
    _GROUP,
    on=ARN,
    faults=(Fault("ResourceAlreadyExistsException", "The specified log group already exists"),),
)
CREATE_LOG_STREAM = LOGS(
    "CreateLogStream",
    {"logGroupName": Hole("log_group"), "logStreamName": Hole("log_stream")},
    on=ARN,
    faults=(
        _NO_GROUP,
        Fault("ResourceAlreadyExistsException", "The specified log stream already exists"),
    ),
)
DELETE_LOG_GROUP = _of_group("DeleteLogGroup")
DESCRIBE_LOG_GROUPS = LOGS("DescribeLogGroups", {"limit": 50})
DESCRIBE_LOG_GROUPS_BY_PREFIX = LOGS("DescribeLogGroups", {"logGroupNamePrefix": Hole("log_group")})
DESCRIBE_LOG_STREAMS = LOGS(
    "DescribeLogStreams",
    {
        "logGroupName": Hole("log_group"),
        "orderBy": "LastEventTime",
        "descending": True,
        "limit": 50,
    },
    on=ARN,
    faults=(_NO_GROUP,),
)
DESCRIBE_EXPORT_TASKS = LOGS("DescribeExportTasks", {"limit": 50})
DESCRIBE_METRIC_FILTERS = _of_group("DescribeMetricFilters")
DESCRIBE_QUERIES = LOGS("DescribeQueries", {"maxResults": 50})
DESCRIBE_QUERY_DEFINITIONS = LOGS("DescribeQueryDefinitions", {"maxResults": 1000})
DESCRIBE_RESOURCE_POLICIES = LOGS("DescribeResourcePolicies", {"limit": 10})
DESCRIBE_SUBSCRIPTION_FILTERS = _of_group("DescribeSubscriptionFilters")
LIST_TAGS_LOG_GROUP = _of_group("ListTagsLogGroup")
PUT_RETENTION_POLICY = LOGS(
    "PutRetentionPolicy",
    {"logGroupName": Hole("log_group"), "retentionInDays": Hole("days", raw=True)},
    on=ARN,
    faults=(_NO_GROUP,),
)
PUT_METRIC_FILTER = LOGS(
    "PutMetricFilter",
    {
        "logGroupName": Hole("log_group"),
        "filterName": Hole("filter"),
        "filterPattern": "ERROR",
        "metricTransformations": [
            {"metricName": Hole("filter"), "metricNamespace": "Sazanami", "metricValue": "1"}
        ],
    },
    on=ARN,
    faults=(_NO_GROUP,),
)
START_QUERY = LOGS(
    "StartQuery",
    {
        "logGroupName": Hole("log_group"),
        "startTime": Hole("from_s", raw=True),
        "endTime": Hole("to_s", raw=True),
        "queryString": Hole("query"),
    },
    {"queryId": Hole("client_token")},
    on=ARN,
    faults=(
        _NO_GROUP,
        Fault("MalformedQueryException", "unexpected symbol found at line 1 and position 9"),
    ),
)
