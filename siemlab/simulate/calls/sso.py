"""Calls and events of IAM Identity Center, which is regional; its home is where it was set up.

Holes: ``user`` (an id of the store), ``instance_arn`` (of Identity Center), ``permission_set`` (its
ARN), ``member`` (an account), ``role_name`` (of the permission set), ``store`` (``d-...``),
``name`` (of a person).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "AUTHENTICATE",
    "DESCRIBE_PERMISSION_SET",
    "DESCRIBE_USER",
    "FEDERATE",
    "GET_ROLE_CREDENTIALS",
    "LIST_ACCOUNTS_FOR_PROVISIONED_PERMISSION_SET",
    "LIST_ACCOUNT_ASSIGNMENTS",
    "LIST_APPLICATIONS",
    "LIST_GROUPS",
    "LIST_INSTANCES",
    "LIST_MANAGED_POLICIES_IN_PERMISSION_SET",
    "LIST_PERMISSION_SETS",
    "LIST_PROFILES_FOR_APPLICATION",
    "LIST_USERS",
    "LOGOUT",
    "PROVISION_PERMISSION_SET",
]

SSO = Family(service="sso")
STORE = Family(service="identitystore")

_INSTANCE = {"instanceArn": Hole("instance_arn")}
_SET = {**_INSTANCE, "permissionSetArn": Hole("permission_set")}


def _event(name: str, details: dict[str, Any] | None = None) -> Call:
    return Call(
        service="sso",
        name=name,
        read_only=False,
        service_details=details,
        event_type="AwsServiceEvent",
        host=f"portal.sso.{Hole('region')}.amazonaws.com",
    )


# --- people at the portal ------------------------------------------------------------------------

AUTHENTICATE = _event("Authenticate", {"CredentialType": "PASSWORD"})
"""Somebody signs in at the portal."""

FEDERATE = _event("Federate", {"role_name": Hole("role_name"), "account_id": Hole("member")})
"""Somebody at the portal goes on to an account, with a role."""

GET_ROLE_CREDENTIALS = _event(
    "GetRoleCredentials", {"role_name": Hole("role_name"), "account_id": Hole("member")}
)
"""Somebody takes a role's credentials for the command line."""

LIST_APPLICATIONS = _event("ListApplications")
LIST_PROFILES_FOR_APPLICATION = _event("ListProfilesForApplication")
LOGOUT = _event("Logout")

# --- administration ------------------------------------------------------------------------------

DESCRIBE_PERMISSION_SET = SSO("DescribePermissionSet", _SET)
LIST_ACCOUNTS_FOR_PROVISIONED_PERMISSION_SET = SSO("ListAccountsForProvisionedPermissionSet", _SET)
LIST_ACCOUNT_ASSIGNMENTS = SSO(
    "ListAccountAssignments",
    {**_INSTANCE, "accountId": Hole("member"), "permissionSetArn": Hole("permission_set")},
)
LIST_INSTANCES = SSO("ListInstances")
LIST_MANAGED_POLICIES_IN_PERMISSION_SET = SSO("ListManagedPoliciesInPermissionSet", _SET)
LIST_PERMISSION_SETS = SSO("ListPermissionSets", {**_INSTANCE, "maxResults": 100})
PROVISION_PERMISSION_SET = SSO(
    "ProvisionPermissionSet",
    {**_SET, "targetType": "AWS_ACCOUNT", "targetId": Hole("member")},
    {
        "permissionSetProvisioningStatus": {
            "status": "IN_PROGRESS",
            "requestId": Hole("client_token"),
            "accountId": Hole("member"),
            "permissionSetArn": Hole("permission_set"),
        }
    },
)

DESCRIBE_USER = STORE("DescribeUser", {"identityStoreId": Hole("store"), "userId": Hole("user")})
LIST_USERS = STORE("ListUsers", {"identityStoreId": Hole("store"), "maxResults": 100})
LIST_GROUPS = STORE("ListGroups", {"identityStoreId": Hole("store"), "maxResults": 100})
