"""Calls of Macie.

Holes: ``job`` (an id), ``finding`` (an id).
"""

from __future__ import annotations

from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_BUCKETS",
    "DESCRIBE_CLASSIFICATION_JOB",
    "GET_ADMINISTRATOR_ACCOUNT",
    "GET_BUCKET_STATISTICS",
    "GET_FINDINGS",
    "GET_FINDING_STATISTICS",
    "GET_MACIE_SESSION",
    "LIST_CLASSIFICATION_JOBS",
    "LIST_FINDINGS",
]

MACIE = Family(service="macie2")

DESCRIBE_BUCKETS = MACIE("DescribeBuckets", {"maxResults": 50})
DESCRIBE_CLASSIFICATION_JOB = MACIE("DescribeClassificationJob", {"jobId": Hole("job")})
GET_ADMINISTRATOR_ACCOUNT = MACIE("GetAdministratorAccount")
GET_BUCKET_STATISTICS = MACIE("GetBucketStatistics")
GET_FINDINGS = MACIE("GetFindings", {"findingIds": [Hole("finding")]})
GET_FINDING_STATISTICS = MACIE("GetFindingStatistics", {"groupBy": "severity.description"})
GET_MACIE_SESSION = MACIE("GetMacieSession")
LIST_CLASSIFICATION_JOBS = MACIE("ListClassificationJobs", {"maxResults": 50})
LIST_FINDINGS = MACIE("ListFindings", {"maxResults": 50})
