"""Calls of IAM: roles, policies, instance profiles.

Holes: ``provider_arn`` (of SAML), ``role``, ``role_id`` (``AROA...``), ``trust`` (a trust policy as
JSON text), ``trust_quoted`` (the same, percent-encoded), ``policy`` (a policy's name),
``policy_arn``, ``policy_id`` (``ANPA...``), ``document`` (a policy as JSON text), ``profile``,
``profile_id`` (``AIPA...``), ``service_name`` (of a service-linked role), ``user`` where a user is
meant.
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.iam import IAM
from siemlab.simulate.shapes import Hole

__all__ = [
    "ADD_ROLE_TO_INSTANCE_PROFILE",
    "ATTACH_ROLE_POLICY",
    "CREATE_INSTANCE_PROFILE",
    "CREATE_POLICY",
    "CREATE_POLICY_VERSION",
    "CREATE_ROLE",
    "CREATE_SERVICE_LINKED_ROLE",
    "DELETE_POLICY",
    "DELETE_POLICY_VERSION",
    "DELETE_ROLE",
    "DELETE_ROLE_POLICY",
    "DETACH_ROLE_POLICY",
    "GENERATE_SERVICE_LAST_ACCESSED_DETAILS",
    "GET_INSTANCE_PROFILE",
    "GET_POLICY",
    "GET_POLICY_VERSION",
    "GET_ROLE",
    "GET_ROLE_POLICY",
    "GET_SAML_PROVIDER",
    "GET_SERVICE_LAST_ACCESSED_DETAILS",
    "LIST_ATTACHED_ROLE_POLICIES",
    "LIST_ENTITIES_FOR_POLICY",
    "LIST_INSTANCE_PROFILES",
    "LIST_INSTANCE_PROFILES_FOR_ROLE",
    "LIST_OPEN_ID_CONNECT_PROVIDERS",
    "LIST_POLICIES",
    "LIST_POLICIES_GRANTING_SERVICE_ACCESS",
    "LIST_POLICY_VERSIONS",
    "LIST_ROLES",
    "LIST_ROLES_PAGE",
    "LIST_ROLE_POLICIES",
    "LIST_ROLE_TAGS",
    "LIST_SAML_PROVIDERS",
    "PUT_ROLE_POLICY",
    "SIMULATE_PRINCIPAL_POLICY",
    "TAG_ROLE",
    "UPDATE_ASSUME_ROLE_POLICY",
    "UPDATE_ROLE",
]

ROLE_ARN = f"arn:aws:iam::{Hole('account')}:role/{Hole('role')}"
ROLES_ARN = f"arn:aws:iam::{Hole('account')}:role/"
ON_ROLE = f"role {Hole('role')}"
ON_POLICY = f"policy {Hole('policy_arn')}"

_ROLE = {"roleName": Hole("role")}
_TAGS = [{"key": "ManagedBy", "value": Hole("tool")}]
_TOOL = {"tool": "terraform"}


def _missing_role() -> Fault:
    return Fault("NoSuchEntityException", f"The role with name {Hole('role')} cannot be found.")


def _missing_policy() -> Fault:
    return Fault("NoSuchEntityException", f"Policy {Hole('policy_arn')} was not found.")


def _of_role(name: str) -> Call:
    return IAM(name, _ROLE, on=ON_ROLE, faults=(_missing_role(),))


def _of_policy(name: str) -> Call:
    return IAM(name, {"policyArn": Hole("policy_arn")}, on=ON_POLICY, faults=(_missing_policy(),))


# --- roles ---------------------------------------------------------------------------------------

CREATE_ROLE = IAM(
    "CreateRole",
    {
        "path": "/",
        "roleName": Hole("role"),
        "assumeRolePolicyDocument": Hole("trust"),
        "maxSessionDuration": 3600,
        "tags": _TAGS,
    },
    {
        "role": {
            "path": "/",
            "roleName": Hole("role"),
            "roleId": Hole("role_id"),
            "arn": ROLE_ARN,
            "createDate": Hole("made"),
            "assumeRolePolicyDocument": Hole("trust_quoted"),
            "tags": _TAGS,
        }
    },
    on=ROLE_ARN,
    defaults=_TOOL,
    faults=(
        Fault("EntityAlreadyExistsException", f"Role with name {Hole('role')} already exists."),
    ),
)
CREATE_SERVICE_LINKED_ROLE = IAM(
    "CreateServiceLinkedRole",
    {"aWSServiceName": Hole("service_name")},
    on=f"arn:aws:iam::{Hole('account')}:role/aws-service-role/{Hole('service_name')}/",
    faults=(
        Fault(
            "InvalidInputException",
            "Service role name has been taken in this account, please try a different suffix.",
        ),
    ),
)
UPDATE_ASSUME_ROLE_POLICY = IAM(
    "UpdateAssumeRolePolicy",
    {"policyDocument": Hole("trust"), "roleName": Hole("role")},
    on=ON_ROLE,
    faults=(
        _missing_role(),
        Fault("MalformedPolicyDocumentException", "This policy contains invalid Json"),
    ),
)
UPDATE_ROLE = IAM(
    "UpdateRole",
    {"roleName": Hole("role"), "maxSessionDuration": Hole("seconds", raw=True)},
    on=ON_ROLE,
    defaults={"seconds": 3600},
)
DELETE_ROLE = _of_role("DeleteRole")
TAG_ROLE = IAM("TagRole", {"roleName": Hole("role"), "tags": _TAGS}, on=ON_ROLE, defaults=_TOOL)
GET_ROLE = _of_role("GetRole")
LIST_ROLES = IAM("ListRoles", on=ROLES_ARN)
LIST_ROLES_PAGE = IAM("ListRoles", {"maxItems": 1000}, on=ROLES_ARN)
"""By the console, a thousand at once."""

LIST_ROLE_TAGS = _of_role("ListRoleTags")

# --- policies of roles ---------------------------------------------------------------------------

_ATTACHED = {"roleName": Hole("role"), "policyArn": Hole("policy_arn")}
_INLINE = {"roleName": Hole("role"), "policyName": Hole("policy")}

ATTACH_ROLE_POLICY = IAM("AttachRolePolicy", _ATTACHED, on=ON_ROLE, faults=(_missing_role(),))
DETACH_ROLE_POLICY = IAM("DetachRolePolicy", _ATTACHED, on=ON_ROLE, faults=(_missing_policy(),))
PUT_ROLE_POLICY = IAM(
    "PutRolePolicy",
    {"roleName": Hole("role"), "policyDocument": Hole("document"), "policyName": Hole("policy")},
    on=ON_ROLE,
    faults=(_missing_role(),),
)
DELETE_ROLE_POLICY = IAM("DeleteRolePolicy", _INLINE, on=ON_ROLE, faults=(_missing_role(),))
GET_ROLE_POLICY = IAM(
    "GetRolePolicy",
    {"policyName": Hole("policy"), "roleName": Hole("role")},
    on=ON_ROLE,
    faults=(
        Fault(
            "NoSuchEntityException",
            f"The role policy with name {Hole('policy')} cannot be found.",
        ),
    ),
)
LIST_ATTACHED_ROLE_POLICIES = _of_role("ListAttachedRolePolicies")
LIST_ROLE_POLICIES = _of_role("ListRolePolicies")

# --- managed policies ----------------------------------------------------------------------------

CREATE_POLICY = IAM(
    "CreatePolicy",
    {
        "policyName": Hole("policy"),
        "path": "/",
        "policyDocument": Hole("document"),
        "description": "",
        "tags": _TAGS,
    },
    {
        "policy": {
            "policyName": Hole("policy"),
            "policyId": Hole("policy_id"),
            "arn": f"arn:aws:iam::{Hole('account')}:policy/{Hole('policy')}",
            "path": "/",
            "defaultVersionId": "v1",
            "attachmentCount": 0,
            "permissionsBoundaryUsageCount": 0,
            "isAttachable": True,
            "createDate": Hole("made"),
            "updateDate": Hole("made"),
            "tags": _TAGS,
        }
    },
    on=f"policy {Hole('policy')}",
    defaults=_TOOL,
)
CREATE_POLICY_VERSION = IAM(
    "CreatePolicyVersion",
    {
        "policyArn": Hole("policy_arn"),
        "policyDocument": Hole("document"),
        "setAsDefault": True,
    },
    {
        "policyVersion": {
            "versionId": Hole("policy_version"),
            "isDefaultVersion": True,
            "createDate": Hole("made"),
        }
    },
    on=ON_POLICY,
)
"""``policy_version`` is ``v2``, ``v3`` ..."""

DELETE_POLICY = _of_policy("DeletePolicy")
DELETE_POLICY_VERSION = IAM(
    "DeletePolicyVersion",
    {"policyArn": Hole("policy_arn"), "versionId": Hole("policy_version")},
    on=ON_POLICY,
)
GET_POLICY = _of_policy("GetPolicy")
GET_POLICY_VERSION = IAM(
    "GetPolicyVersion",
    {"policyArn": Hole("policy_arn"), "versionId": Hole("policy_version")},
    on=ON_POLICY,
    defaults={"policy_version": "v1"},
)
LIST_ENTITIES_FOR_POLICY = _of_policy("ListEntitiesForPolicy")
LIST_POLICIES = IAM("ListPolicies", {"maxItems": 1000, "scope": "Local", "onlyAttached": False})
LIST_POLICY_VERSIONS = _of_policy("ListPolicyVersions")
LIST_POLICIES_GRANTING_SERVICE_ACCESS = IAM(
    "ListPoliciesGrantingServiceAccess",
    {"arn": ROLE_ARN, "serviceNamespaces": ["ec2", "s3", "iam"]},
)
SIMULATE_PRINCIPAL_POLICY = IAM(
    "SimulatePrincipalPolicy",
    {"policySourceArn": ROLE_ARN, "actionNames": ["s3:GetObject", "kms:Decrypt"]},
)
GENERATE_SERVICE_LAST_ACCESSED_DETAILS = IAM(
    "GenerateServiceLastAccessedDetails", {"arn": ROLE_ARN}, read_only=True
)
GET_SERVICE_LAST_ACCESSED_DETAILS = IAM(
    "GetServiceLastAccessedDetails", {"jobId": Hole("client_token")}
)

# --- instance profiles and providers -------------------------------------------------------------

_PROFILE = {"instanceProfileName": Hole("profile")}
ON_PROFILE = f"instance profile {Hole('profile')}"

CREATE_INSTANCE_PROFILE = IAM(
    "CreateInstanceProfile",
    {"instanceProfileName": Hole("profile"), "path": "/", "tags": _TAGS},
    {
        "instanceProfile": {
            "path": "/",
            "instanceProfileName": Hole("profile"),
            "instanceProfileId": Hole("profile_id"),
            "arn": f"arn:aws:iam::{Hole('account')}:instance-profile/{Hole('profile')}",
            "createDate": Hole("made"),
            "roles": [],
            "tags": _TAGS,
        }
    },
    on=ON_PROFILE,
    defaults=_TOOL,
)
ADD_ROLE_TO_INSTANCE_PROFILE = IAM(
    "AddRoleToInstanceProfile",
    {"instanceProfileName": Hole("profile"), "roleName": Hole("role")},
    on=ON_PROFILE,
)
GET_INSTANCE_PROFILE = IAM(
    "GetInstanceProfile",
    _PROFILE,
    on=ON_PROFILE,
    faults=(
        Fault("NoSuchEntityException", f"Instance Profile {Hole('profile')} cannot be found."),
    ),
)
LIST_INSTANCE_PROFILES = IAM("ListInstanceProfiles", {"maxItems": 1000})
LIST_INSTANCE_PROFILES_FOR_ROLE = _of_role("ListInstanceProfilesForRole")
LIST_SAML_PROVIDERS = IAM("ListSAMLProviders")
LIST_OPEN_ID_CONNECT_PROVIDERS = IAM("ListOpenIDConnectProviders")
GET_SAML_PROVIDER = IAM("GetSAMLProvider", {"sAMLProviderArn": Hole("provider_arn")})
