"""Calls of IAM: users, their keys, passwords and factors.

Holes: ``user``, ``user_id`` (``AIDA...``), ``access_key`` (``AKIA...``), ``status``,
``policy_arn``, ``policy`` (an inline policy's name), ``document`` (a policy as JSON text),
``group``, ``mfa_arn``, ``made`` (filled). IAM is global: its calls are recorded in us-east-1.
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "ADD_USER_TO_GROUP",
    "ATTACH_USER_POLICY",
    "CHANGE_PASSWORD",
    "CREATE_ACCESS_KEY",
    "CREATE_ACCESS_KEY_OWN",
    "CREATE_LOGIN_PROFILE",
    "CREATE_USER",
    "CREATE_USER_TAGGED",
    "CREATE_VIRTUAL_MFA_DEVICE",
    "DEACTIVATE_MFA_DEVICE",
    "DELETE_ACCESS_KEY",
    "DELETE_LOGIN_PROFILE",
    "DELETE_USER",
    "DELETE_USER_POLICY",
    "DETACH_USER_POLICY",
    "ENABLE_MFA_DEVICE",
    "GENERATE_CREDENTIAL_REPORT",
    "GET_ACCESS_KEY_LAST_USED",
    "GET_ACCOUNT_AUTHORIZATION_DETAILS",
    "GET_ACCOUNT_PASSWORD_POLICY",
    "GET_ACCOUNT_SUMMARY",
    "GET_CREDENTIAL_REPORT",
    "GET_GROUP",
    "GET_LOGIN_PROFILE",
    "GET_USER",
    "GET_USER_OWN",
    "IAM",
    "LIST_ACCESS_KEYS",
    "LIST_ACCOUNT_ALIASES",
    "LIST_ATTACHED_USER_POLICIES",
    "LIST_GROUPS",
    "LIST_GROUPS_FOR_USER",
    "LIST_MFA_DEVICES",
    "LIST_SERVICE_SPECIFIC_CREDENTIALS",
    "LIST_SIGNING_CERTIFICATES",
    "LIST_SSH_PUBLIC_KEYS",
    "LIST_USERS",
    "LIST_USERS_PAGE",
    "LIST_USER_POLICIES",
    "LIST_USER_TAGS",
    "LIST_VIRTUAL_MFA_DEVICES",
    "PUT_USER_POLICY",
    "REMOVE_USER_FROM_GROUP",
    "TAG_USER",
    "UPDATE_ACCESS_KEY",
    "UPDATE_LOGIN_PROFILE",
]

IAM = Family(
    service="iam",
    home="us-east-1",
    host="iam.amazonaws.com",
)
"""The service, for `siemlab.simulate.calls.iam_roles` too."""

USER_ARN = f"arn:aws:iam::{Hole('account')}:user/{Hole('user')}"
USERS_ARN = f"arn:aws:iam::{Hole('account')}:user/"
ON_USER = f"user {Hole('user')}"

_USER = {"userName": Hole("user")}
_MADE_USER = {
    "path": "/",
    "userName": Hole("user"),
    "userId": Hole("user_id"),
    "arn": USER_ARN,
    "createDate": Hole("made"),
}
_TAGS = [{"key": "ManagedBy", "value": Hole("tool")}]


def _missing_user() -> Fault:
    return Fault("NoSuchEntityException", f"The user with name {Hole('user')} cannot be found.")


def _of_user(name: str) -> Call:
    return IAM(name, _USER, on=ON_USER, faults=(_missing_user(),))


def _by_anyone(name: str, on: str = "*") -> Call:
    return IAM(name, on=on)


# --- users ---------------------------------------------------------------------------------------

CREATE_USER = IAM(
    "CreateUser",
    _USER,
    {"user": _MADE_USER},
    on=USER_ARN,
    faults=(
        Fault("EntityAlreadyExistsException", f"User with name {Hole('user')} already exists."),
    ),
)
CREATE_USER_TAGGED = IAM(
    "CreateUser",
    {"path": "/", "userName": Hole("user"), "tags": _TAGS},
    {"user": {**_MADE_USER, "tags": _TAGS}},
    on=USER_ARN,
    defaults={"tool": "terraform"},
)
"""By Terraform, which names the path and tags what it makes."""

DELETE_USER = IAM(
    "DeleteUser",
    _USER,
    on=ON_USER,
    faults=(
        _missing_user(),
        Fault("DeleteConflictException", "Cannot delete entity, must delete access keys first."),
    ),
)
TAG_USER = IAM(
    "TagUser",
    {"userName": Hole("user"), "tags": _TAGS},
    on=ON_USER,
    defaults={"tool": "terraform"},
)
GET_USER = _of_user("GetUser")
GET_USER_OWN = IAM("GetUser", on=USERS_ARN)
"""By a user who asks for himself: without a request."""

LIST_USERS = _by_anyone("ListUsers", USERS_ARN)
LIST_USERS_PAGE = IAM("ListUsers", {"maxItems": 1000}, on=USERS_ARN)
"""By the console, a thousand at once."""

LIST_USER_TAGS = _of_user("ListUserTags")

# --- groups --------------------------------------------------------------------------------------

GROUPS_ARN = f"arn:aws:iam::{Hole('account')}:group/"

ADD_USER_TO_GROUP = IAM(
    "AddUserToGroup",
    {"groupName": Hole("group"), "userName": Hole("user")},
    on=f"group {Hole('group')}",
)
REMOVE_USER_FROM_GROUP = IAM(
    "RemoveUserFromGroup",
    {"groupName": Hole("group"), "userName": Hole("user")},
    on=f"group {Hole('group')}",
)
GET_GROUP = IAM(
    "GetGroup",
    {"groupName": Hole("group")},
    on=f"group {Hole('group')}",
    faults=(
        Fault("NoSuchEntityException", f"The group with name {Hole('group')} cannot be found."),
    ),
)
LIST_GROUPS = _by_anyone("ListGroups", GROUPS_ARN)
LIST_GROUPS_FOR_USER = _of_user("ListGroupsForUser")

# --- keys ----------------------------------------------------------------------------------------

_KEY = {"userName": Hole("user"), "accessKeyId": Hole("access_key")}
_MADE_KEY = {
    "accessKey": {
        "accessKeyId": Hole("access_key"),
        "status": "Active",
        "userName": Hole("user"),
        "createDate": Hole("made"),
    }
}
_LIMIT = Fault("LimitExceededException", "Cannot exceed quota for AccessKeysPerUser: 2")

CREATE_ACCESS_KEY = IAM(
    "CreateAccessKey", _USER, _MADE_KEY, on=ON_USER, faults=(_missing_user(), _LIMIT)
)
CREATE_ACCESS_KEY_OWN = IAM("CreateAccessKey", None, _MADE_KEY, on=ON_USER, faults=(_LIMIT,))
"""By a user who makes a key of his own: without a request."""

DELETE_ACCESS_KEY = IAM("DeleteAccessKey", _KEY, on=ON_USER, faults=(_missing_user(),))
UPDATE_ACCESS_KEY = IAM(
    "UpdateAccessKey",
    {**_KEY, "status": Hole("status")},
    on=ON_USER,
    faults=(_missing_user(),),
)
LIST_ACCESS_KEYS = _of_user("ListAccessKeys")
GET_ACCESS_KEY_LAST_USED = IAM("GetAccessKeyLastUsed", {"accessKeyId": Hole("access_key")})
LIST_SSH_PUBLIC_KEYS = _of_user("ListSSHPublicKeys")
LIST_SIGNING_CERTIFICATES = _of_user("ListSigningCertificates")
LIST_SERVICE_SPECIFIC_CREDENTIALS = _of_user("ListServiceSpecificCredentials")

# --- passwords and factors -----------------------------------------------------------------------

_NO_PROFILE = Fault(
    "NoSuchEntityException", f"Login Profile for User {Hole('user')} cannot be found."
)
_RESET = {"userName": Hole("user"), "passwordResetRequired": Hole("reset", raw=True)}

CREATE_LOGIN_PROFILE = IAM(
    "CreateLoginProfile",
    _RESET,
    {
        "loginProfile": {
            "userName": Hole("user"),
            "createDate": Hole("made"),
            "passwordResetRequired": Hole("reset", raw=True),
        }
    },
    on=ON_USER,
    defaults={"reset": b"false"},
    faults=(
        Fault(
            "EntityAlreadyExistsException",
            f"Login Profile for user {Hole('user')} already exists.",
        ),
    ),
)
"""``reset`` (raw: ``b"true"``) is whether the password has to be changed."""

UPDATE_LOGIN_PROFILE = IAM(
    "UpdateLoginProfile", _RESET, on=ON_USER, defaults={"reset": b"true"}, faults=(_NO_PROFILE,)
)
DELETE_LOGIN_PROFILE = IAM("DeleteLoginProfile", _USER, on=ON_USER, faults=(_NO_PROFILE,))
GET_LOGIN_PROFILE = IAM("GetLoginProfile", _USER, on=ON_USER, faults=(_NO_PROFILE,))
CHANGE_PASSWORD = IAM("ChangePassword", on=USERS_ARN)
GET_ACCOUNT_PASSWORD_POLICY = IAM(
    "GetAccountPasswordPolicy",
    faults=(
        Fault(
            "NoSuchEntityException",
            f"The Password Policy with domain name {Hole('account')} cannot be found.",
        ),
    ),
)

_MFA = {"userName": Hole("user"), "serialNumber": Hole("mfa_arn")}

LIST_MFA_DEVICES = _of_user("ListMFADevices")
LIST_VIRTUAL_MFA_DEVICES = IAM("ListVirtualMFADevices", {"assignmentStatus": "Unassigned"})
CREATE_VIRTUAL_MFA_DEVICE = IAM(
    "CreateVirtualMFADevice",
    {"path": "/", "virtualMFADeviceName": Hole("user")},
    {"virtualMFADevice": {"serialNumber": Hole("mfa_arn")}},
    on=f"arn:aws:iam::{Hole('account')}:mfa/{Hole('user')}",
)
ENABLE_MFA_DEVICE = IAM("EnableMFADevice", _MFA, on=ON_USER)
DEACTIVATE_MFA_DEVICE = IAM("DeactivateMFADevice", _MFA, on=ON_USER)

# --- policies of users ---------------------------------------------------------------------------

_ATTACHED = {"userName": Hole("user"), "policyArn": Hole("policy_arn")}
_INLINE = {"userName": Hole("user"), "policyName": Hole("policy")}

ATTACH_USER_POLICY = IAM("AttachUserPolicy", _ATTACHED, on=ON_USER, faults=(_missing_user(),))
DETACH_USER_POLICY = IAM(
    "DetachUserPolicy",
    _ATTACHED,
    on=ON_USER,
    faults=(Fault("NoSuchEntityException", f"Policy {Hole('policy_arn')} was not found."),),
)
PUT_USER_POLICY = IAM("PutUserPolicy", {**_INLINE, "policyDocument": Hole("document")}, on=ON_USER)
DELETE_USER_POLICY = IAM("DeleteUserPolicy", _INLINE, on=ON_USER)
LIST_ATTACHED_USER_POLICIES = _of_user("ListAttachedUserPolicies")
LIST_USER_POLICIES = _of_user("ListUserPolicies")

# --- the account ---------------------------------------------------------------------------------

GET_ACCOUNT_SUMMARY = _by_anyone("GetAccountSummary")
GET_ACCOUNT_AUTHORIZATION_DETAILS = _by_anyone("GetAccountAuthorizationDetails")
LIST_ACCOUNT_ALIASES = _by_anyone("ListAccountAliases")
GENERATE_CREDENTIAL_REPORT = IAM("GenerateCredentialReport", read_only=True)
GET_CREDENTIAL_REPORT = _by_anyone("GetCredentialReport")
