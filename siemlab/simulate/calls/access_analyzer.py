"""Calls of the IAM Access Analyzer.

Holes: ``analyzer`` (its ARN), ``analyzer_name``, ``finding`` (an id), ``document`` (a policy as
JSON text).
"""

from __future__ import annotations

from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_ANALYZER",
    "GET_FINDING",
    "LIST_ANALYZERS",
    "LIST_ARCHIVE_RULES",
    "LIST_FINDINGS",
    "LIST_POLICY_GENERATIONS",
    "VALIDATE_POLICY",
]

ANALYZER = Family(service="access-analyzer")

_ANALYZER = {"analyzerArn": Hole("analyzer")}

GET_ANALYZER = ANALYZER("GetAnalyzer", {"analyzerName": Hole("analyzer_name")})
GET_FINDING = ANALYZER("GetFinding", {**_ANALYZER, "id": Hole("finding")})
LIST_ANALYZERS = ANALYZER("ListAnalyzers", {"type": "ACCOUNT"})
LIST_FINDINGS = ANALYZER("ListFindings", {**_ANALYZER, "maxResults": 100})
LIST_ARCHIVE_RULES = ANALYZER("ListArchiveRules", {"analyzerName": Hole("analyzer_name")})
LIST_POLICY_GENERATIONS = ANALYZER("ListPolicyGenerations")
VALIDATE_POLICY = ANALYZER(
    "ValidatePolicy",
    {
        "policyDocument": Hole("document"),
        "policyType": "IDENTITY_POLICY",
        "locale": "EN",
    },
    read_only=True,
)
"""The policy editor's check of what is typed."""
