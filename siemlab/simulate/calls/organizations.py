"""Calls of Organizations, which is recorded in us-east-1.

Holes: ``member`` (an account), ``parent`` (``r-...`` or ``ou-...``), ``policy_id`` (``p-...``).
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_ACCOUNT",
    "DESCRIBE_ORGANIZATION",
    "DESCRIBE_POLICY",
    "LEAVE_ORGANIZATION",
    "LIST_ACCOUNTS",
    "LIST_ACCOUNTS_FOR_PARENT",
    "LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION",
    "LIST_DELEGATED_ADMINISTRATORS",
    "LIST_ORGANIZATIONAL_UNITS_FOR_PARENT",
    "LIST_PARENTS",
    "LIST_POLICIES",
    "LIST_POLICIES_FOR_TARGET",
    "LIST_ROOTS",
    "LIST_TAGS_FOR_RESOURCE",
    "LIST_TARGETS_FOR_POLICY",
]

ORGANIZATIONS = Family(
    service="organizations",
    home="us-east-1",
    host="organizations.us-east-1.amazonaws.com",
)

_POLICIES = {"filter": "SERVICE_CONTROL_POLICY"}
_NOT_MANAGING = Fault(
    "AccessDeniedException", "You don't have permissions to access this resource."
)

DESCRIBE_ACCOUNT = ORGANIZATIONS("DescribeAccount", {"accountId": Hole("member")})
DESCRIBE_ORGANIZATION = ORGANIZATIONS("DescribeOrganization")
DESCRIBE_POLICY = ORGANIZATIONS("DescribePolicy", {"policyId": Hole("policy_id")})
LEAVE_ORGANIZATION = ORGANIZATIONS("LeaveOrganization")
LIST_ACCOUNTS = ORGANIZATIONS("ListAccounts", faults=(_NOT_MANAGING,))
LIST_ACCOUNTS_FOR_PARENT = ORGANIZATIONS("ListAccountsForParent", {"parentId": Hole("parent")})
LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION = ORGANIZATIONS("ListAWSServiceAccessForOrganization")
LIST_DELEGATED_ADMINISTRATORS = ORGANIZATIONS(
    "ListDelegatedAdministrators", faults=(_NOT_MANAGING,)
)
LIST_ORGANIZATIONAL_UNITS_FOR_PARENT = ORGANIZATIONS(
    "ListOrganizationalUnitsForParent", {"parentId": Hole("parent")}
)
LIST_PARENTS = ORGANIZATIONS("ListParents", {"childId": Hole("member")})
LIST_POLICIES = ORGANIZATIONS("ListPolicies", _POLICIES, faults=(_NOT_MANAGING,))
LIST_POLICIES_FOR_TARGET = ORGANIZATIONS(
    "ListPoliciesForTarget", {"targetId": Hole("member"), **_POLICIES}
)
LIST_ROOTS = ORGANIZATIONS("ListRoots", faults=(_NOT_MANAGING,))
LIST_TAGS_FOR_RESOURCE = ORGANIZATIONS("ListTagsForResource", {"resourceId": Hole("member")})
LIST_TARGETS_FOR_POLICY = ORGANIZATIONS("ListTargetsForPolicy", {"policyId": Hole("policy_id")})
