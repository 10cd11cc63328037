"""Calls of services of which the company has little: inventories ask each for its list.

Holes: ``domain`` (of OpenSearch), ``stream`` (of Firehose), ``cache``, ``machine`` and
``execution_arn`` (of Step Functions).
"""

from __future__ import annotations

from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_CACHE_CLUSTERS",
    "DESCRIBE_CLUSTERS",
    "DESCRIBE_DELIVERY_STREAM",
    "DESCRIBE_ELASTICSEARCH_DOMAINS",
    "DESCRIBE_EXECUTION",
    "DESCRIBE_FILE_SYSTEMS",
    "DESCRIBE_REPLICATION_GROUPS",
    "DESCRIBE_STATE_MACHINE",
    "GET_ENROLLMENT_STATUS",
    "GET_RECOMMENDATION_SUMMARIES",
    "GET_REST_APIS",
    "LIST_CLUSTERS",
    "LIST_COVERAGE",
    "LIST_DELIVERY_STREAMS",
    "LIST_DOMAIN_NAMES",
    "LIST_EXECUTIONS",
    "LIST_FINDING_AGGREGATIONS",
    "LIST_STATE_MACHINES",
    "LIST_STREAMS",
]

CACHE = Family(service="elasticache")
FILES = Family(service="elasticfilesystem")
FIREHOSE = Family(service="firehose")
KINESIS = Family(service="kinesis")
OPENSEARCH = Family(service="es")
STATES = Family(service="states")
GATEWAY = Family(service="apigateway")
INSPECTOR = Family(service="inspector2")
OPTIMIZER = Family(service="compute-optimizer")
REDSHIFT = Family(service="redshift")
EKS = Family(service="eks")

DESCRIBE_CACHE_CLUSTERS = CACHE("DescribeCacheClusters", {"maxRecords": 100})
DESCRIBE_CLUSTERS = REDSHIFT("DescribeClusters", {"maxRecords": 100})
DESCRIBE_DELIVERY_STREAM = FIREHOSE(
    "DescribeDeliveryStream", {"deliveryStreamName": Hole("stream")}
)
DESCRIBE_ELASTICSEARCH_DOMAINS = OPENSEARCH(
    "DescribeElasticsearchDomains", {"domainNames": [Hole("domain")]}
)
DESCRIBE_EXECUTION = STATES("DescribeExecution", {"executionArn": Hole("execution_arn")})
DESCRIBE_FILE_SYSTEMS = FILES("DescribeFileSystems", {"maxItems": "100"})
DESCRIBE_REPLICATION_GROUPS = CACHE("DescribeReplicationGroups", {"maxRecords": 100})
DESCRIBE_STATE_MACHINE = STATES("DescribeStateMachine", {"stateMachineArn": Hole("machine")})
GET_ENROLLMENT_STATUS = OPTIMIZER("GetEnrollmentStatus")
GET_RECOMMENDATION_SUMMARIES = OPTIMIZER("GetRecommendationSummaries")
GET_REST_APIS = GATEWAY("GetRestApis", {"limit": "500"})
LIST_CLUSTERS = EKS("ListClusters", {"maxResults": "100"})
LIST_COVERAGE = INSPECTOR("ListCoverage", {"maxResults": 100})
LIST_DELIVERY_STREAMS = FIREHOSE("ListDeliveryStreams", {"limit": 100})
LIST_DOMAIN_NAMES = OPENSEARCH("ListDomainNames")
LIST_EXECUTIONS = STATES("ListExecutions", {"stateMachineArn": Hole("machine"), "maxResults": 100})
LIST_FINDING_AGGREGATIONS = INSPECTOR(
    "ListFindingAggregations", {"aggregationType": "ACCOUNT", "maxResults": 100}
)
LIST_STATE_MACHINES = STATES("ListStateMachines", {"maxResults": 1000})
LIST_STREAMS = KINESIS("ListStreams", {"limit": 100})
