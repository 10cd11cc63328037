"""Calls of DynamoDB about tables; what is read and written is not logged.

Holes: ``table``.
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_CONTINUOUS_BACKUPS",
    "DESCRIBE_LIMITS",
    "DESCRIBE_TABLE",
    "DESCRIBE_TIME_TO_LIVE",
    "LIST_TABLES",
    "LIST_TAGS_OF_RESOURCE",
]

DYNAMODB = Family(service="dynamodb")

ARN = f"arn:aws:dynamodb:{Hole('region')}:{Hole('account')}:table/{Hole('table')}"


def _of_table(name: str) -> Call:
    return DYNAMODB(
        name,
        {"tableName": Hole("table")},
        on=ARN,
        resources=[{"accountId": Hole("account"), "type": "AWS::DynamoDB::Table", "ARN": ARN}],
        faults=(
            Fault(
                "ResourceNotFoundException",
                f"Requested resource not found: Table: {Hole('table')} not found",
            ),
        ),
    )


DESCRIBE_CONTINUOUS_BACKUPS = _of_table("DescribeContinuousBackups")
DESCRIBE_LIMITS = DYNAMODB("DescribeLimits")
DESCRIBE_TABLE = _of_table("DescribeTable")
DESCRIBE_TIME_TO_LIVE = _of_table("DescribeTimeToLive")
LIST_TABLES = DYNAMODB("ListTables", {"limit": 100})
LIST_TAGS_OF_RESOURCE = DYNAMODB("ListTagsOfResource", {"resourceArn": ARN}, on=ARN)
