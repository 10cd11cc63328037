"""The calls as CloudTrail records them: their envelope, how they fail, and what there has to be."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

from siemlab.realism.calls import in_order
from siemlab.simulate.call import Call, holes_of
from siemlab.simulate.callers import aws_service
from siemlab.simulate.calls import (
    kms,
    logs,
    s3_bucket,
    s3_object,
    secretsmanager,
    signin,
    ssm,
    sts,
)
from siemlab.simulate.calls.catalog import CATALOG, NAMED
from tests.simulate.call_samples import HOME, WORLD, codes, endings, event

ACCOUNT = WORLD.account("sz-prod")

# --- what there has to be ------------------------------------------------------------------------

# The calls of the stories, by service: names, with the codes of those that fail.
STORIES: dict[str, tuple[str, ...]] = {
    "sts": (
        "GetCallerIdentity",
        "AssumeRole",
        "AssumeRole:AccessDenied",
        "AssumeRoleWithSAML",
    ),
    "signin": ("ConsoleLogin", "CheckMfa"),
    "iam": (
        *(f"{name}:AccessDenied" for name in ("GetUser", "ListAttachedUserPolicies")),
        *(f"{name}:AccessDenied" for name in ("ListUserPolicies", "ListGroupsForUser")),
        *(f"{name}:AccessDenied" for name in ("ListUsers", "ListRoles", "CreateAccessKey")),
        *(f"{name}:AccessDenied" for name in ("DeactivateMFADevice", "UpdateLoginProfile")),
        *(f"{name}:AccessDenied" for name in ("CreateUser", "GetRole")),
        *("CreateUser", "CreateLoginProfile", "CreateAccessKey", "AttachUserPolicy"),
        *("UpdateAccessKey", "UpdateAssumeRolePolicy", "UpdateLoginProfile", "PutRolePolicy"),
        *("DeleteAccessKey", "DeleteLoginProfile", "DetachUserPolicy", "DeleteUser", "GetRole"),
        *("GetAccountSummary", "ListUsers", "ListRoles", "ListMFADevices", "ListAccountAliases"),
        "GetAccountPasswordPolicy",
    ),
    "s3": (
        *("ListBuckets", "GetBucketLocation", "GetBucketPolicy", "GetBucketPolicy:AccessDenied"),
        *("GetBucketEncryption", "GetBucketVersioning", "GetBucketReplication"),
        "GetBucketObjectLockConfiguration:ObjectLockConfigurationNotFoundError",
        "GetBucketLifecycle:NoSuchLifecycleConfiguration",
        "GetBucketReplication:ReplicationConfigurationNotFoundError",
        *("PutBucketPolicy", "PutBucketPolicy:AccessDenied", "PutBucketVersioning"),
        *("PutBucketLogging", "DeleteBucketPublicAccessBlock", "PutBucketPublicAccessBlock"),
        *("PutBucketLifecycle", "DeleteBucketLifecycle", "DeleteBucketPolicy"),
        *("GetObject", "GetObject:AccessDenied", "ListObjects", "ListObjects:AccessDenied"),
        *("CopyObject", "ListObjectVersions", "DeleteObjects", "PutObject", "HeadObject"),
        "DeleteObject",
        *("GetBucketTagging:AccessDenied", "GetBucketAcl"),
    ),
    "ec2": (
        *("DescribeRegions", "DescribeInstances", "DescribeAccountAttributes"),
        *("DescribeInstances:Client.UnauthorizedOperation", "RunInstances"),
        "DescribeAccountAttributes:Client.UnauthorizedOperation",
        "RunInstances:Client.DryRunOperation",
        "RunInstances:Client.VcpuLimitExceeded",
        "RunInstances:Client.UnauthorizedOperation",
        "RunInstances:Client.PendingVerification",
        *("CreateKeyPair", "CreateSecurityGroup", "AuthorizeSecurityGroupIngress"),
        *("ModifyInstanceAttribute", "TerminateInstances"),
        "TerminateInstances:Client.OperationNotPermitted",
        *("RevokeSecurityGroupIngress", "CreateSnapshot", "StopInstances"),
        *(
            "ModifySnapshotAttribute",
            "SharedSnapshotVolumeCreated",
            "ModifyInstanceMetadataOptions",
        ),
        *("DeleteFlowLogs", "CreateFlowLogs"),
    ),
    "ses": ("GetSendQuota:AccessDenied",),
    "ssm": ("StartSession", "UpdateInstanceInformation"),
    "secretsmanager": ("GetSecretValue", "ListSecrets:AccessDenied"),
    "kms": ("Decrypt", "Decrypt:AccessDenied", "GenerateDataKey"),
    "lambda": (
        *("ListFunctions20150331", "GetFunction20150331v2", "GetPolicy20150331v2"),
        "GetPolicy20150331v2:ResourceNotFoundException",
        *("UpdateFunctionConfiguration20150331v2", "CreateFunctionUrlConfig"),
        *("AddPermission20150331v2", "UpdateFunctionCode20150331v2"),
    ),
    "rds": ("CreateDBSnapshot", "ModifyDBSnapshotAttribute"),
    "cloudtrail": (
        *("PutEventSelectors", "StopLogging", "StartLogging", "UpdateTrail"),
        "DeleteTrail:AccessDenied",
    ),
    "guardduty": (
        "UpdateDetector:BadRequestException",
        "DeleteDetector:BadRequestException",
    ),
    "config": ("StopConfigurationRecorder:AccessDenied",),
}
WANTED = [(service, *name.partition(":")[::2]) for service in STORIES for name in STORIES[service]]


@pytest.mark.parametrize(("service", "name", "code"), WANTED)
def test_the_stories_find_their_calls(service: str, name: str, code: str) -> None:
    assert any(code in codes(call) for call in CATALOG[service, name])


def test_there_are_enough_calls_for_a_year() -> None:
    assert len(CATALOG) >= 260
    assert (
        len(
            {(*event, code) for event in CATALOG for call in CATALOG[event] for code in codes(call)}
        )
        >= 1000
    )


@pytest.mark.parametrize(
    "module", sorted({name.partition(".")[0] for name in NAMED}), ids=lambda name: name
)
def test_a_module_tells_which_holes_its_calls_have(module: str) -> None:
    here = importlib.import_module(f"siemlab.simulate.calls.{module}")
    text = " ".join([here.__doc__ or "", *re.findall(r'^"""(.*?)"""', source(here), re.S | re.M)])
    calls = [call for name, call in NAMED.items() if name.partition(".")[0] == module]
    asked = {hole for call in calls for code in codes(call) for hole in holes_of(call, code)}
    assert sorted(hole for hole in asked if f"``{hole}``" not in text) == []


def source(module: Any) -> str:
    with open(module.__file__, encoding="utf-8") as file:
        return file.read()


# --- the envelope --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded() -> list[tuple[str, Call, str, dict[str, Any]]]:
    return [(name, call, error, event(call, error)) for name, call, error in endings()]


def test_fields_stand_in_the_order_of_cloudtrail(recorded: list) -> None:
    assert [(name, error) for name, _, error, row in recorded if not in_order(row)] == []


def test_what_failed_has_no_answer(recorded: list) -> None:
    failed = [(name, row) for name, _, error, row in recorded if error]
    assert len(failed) > 1000
    assert [name for name, row in failed if row["responseElements"] is not None] == []
    assert [name for name, row in failed if "errorCode" not in row] == []


def test_only_sts_answers_to_calls_that_read(recorded: list) -> None:
    told = {
        row["eventSource"]
        for _, call, _, row in recorded
        if call.read_only and row["responseElements"]
    }
    assert told == {"sts.amazonaws.com"}


def test_refusals_show_the_request_only_where_aws_shows_it(recorded: list) -> None:
    refused = {
        row["eventSource"]
        for _, _, error, row in recorded
        if error in ("AccessDenied", "Client.UnauthorizedOperation") and row["requestParameters"]
    }
    assert refused == {"ec2.amazonaws.com", "s3.amazonaws.com"}


def test_only_some_services_tell_the_version_of_their_api(recorded: list) -> None:
    telling = {row["eventSource"].partition(".")[0] for *_, row in recorded if "apiVersion" in row}
    assert telling == {"elasticloadbalancing", "logs", "route53"}


def test_only_s3_puts_the_agent_in_brackets_and_has_request_ids_of_its_own(recorded: list) -> None:
    for name, call, _, row in recorded:
        is_s3 = call.service == "s3"
        assert row["userAgent"].startswith("[") is is_s3, name
        if "requestID" in row:
            assert (re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", row["requestID"]) is not None) is is_s3


def test_global_services_are_recorded_in_virginia(recorded: list) -> None:
    away = {
        row["eventSource"].partition(".")[0] for *_, row in recorded if row["awsRegion"] != HOME
    }
    assert away == {
        *("account", "budgets", "ce", "cloudfront", "cur", "health", "iam", "organizations"),
        *("route53", "sts", "support"),
    }
    assert {row["awsRegion"] for *_, row in recorded} == {HOME, "us-east-1"}


def test_hosts_are_the_services_own(recorded: list) -> None:
    hosts = {
        row["eventSource"].partition(".")[0]: row["tlsDetails"]["clientProvidedHostHeader"]
        for *_, row in recorded
        if row["tlsDetails"]["clientProvidedHostHeader"].endswith(".amazonaws.com")
    }
    assert hosts["iam"] == "iam.amazonaws.com"
    assert hosts["ses"] == "email.ap-northeast-1.amazonaws.com"
    assert hosts["lambda"] == "lambda.ap-northeast-1.amazonaws.com"


def test_a_service_that_calls_has_no_tls() -> None:
    row = event(s3_bucket.GET_BUCKET_ACL, caller=aws_service(ACCOUNT, "cloudtrail.amazonaws.com"))
    assert "tlsDetails" not in row
    assert row["userAgent"] == row["sourceIPAddress"] == "cloudtrail.amazonaws.com"


READ_ONLY = [
    (sts.ASSUME_ROLE, True),
    (sts.GET_CALLER_IDENTITY, True),
    (secretsmanager.GET_SECRET_VALUE, True),
    (kms.DECRYPT_SECRET, True),
    (kms.GENERATE_DATA_KEY_OBJECT, True),
    (s3_object.HEAD_OBJECT, True),
    (logs.CREATE_LOG_STREAM, False),
    (signin.CONSOLE_LOGIN, False),
    (signin.CHECK_MFA, False),
    (ssm.UPDATE_INSTANCE_INFORMATION, False),
    (s3_object.COPY_OBJECT, False),
]


@pytest.mark.parametrize(
    ("call", "reads"), READ_ONLY, ids=lambda value: getattr(value, "name", None)
)
def test_what_only_reads_says_so(call: Call, reads: bool) -> None:
    assert event(call)["readOnly"] is reads
