"""What the single calls show, and how their holes are filled."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.simulate.call import Fault, holes_of
from siemlab.simulate.callers import service_event, unknown_user
from siemlab.simulate.calls import (
    cloudtrail,
    ec2_change,
    ec2_guard,
    ec2_launch,
    iam,
    lambda_,
    s3_bucket,
    s3_object,
    signin,
    ssm,
    sts,
)
from siemlab.simulate.calls.dates import comma_dates, dates
from siemlab.simulate.calls.iam_roles import UPDATE_ASSUME_ROLE_POLICY
from siemlab.simulate.calls.making import BY_ORGANIZATION, no_boundary
from siemlab.simulate.fillers import FILLERS
from siemlab.simulate.stage import Records, Stage
from tests.simulate.call_samples import AT, HANA, HOME, WORLD, event

ACCOUNT = WORLD.account("sz-prod")

# --- holes ---------------------------------------------------------------------------------------


def test_a_hole_that_nobody_fills_is_named() -> None:
    stage = Stage(WORLD, Records(), "test")
    with pytest.raises(KeyError, match=r"iam CreateUser needs columns for .*'user', 'user_id'"):
        stage.call(iam.CREATE_USER, HANA, AT, region=HOME)


def test_a_failure_asks_for_the_holes_of_its_message_only_when_it_fails() -> None:
    assert "image" not in holes_of(ec2_change.DELETE_SNAPSHOT)
    assert "image" in holes_of(ec2_change.DELETE_SNAPSHOT, "Client.InvalidSnapshot.InUse")


def test_what_a_service_makes_up_can_be_given() -> None:
    row = event(s3_object.PUT_OBJECT_VERSIONED, version="null", host_id="abc", bytes_in=42)
    assert row["responseElements"]["x-amz-version-id"] == "null"
    assert row["additionalEventData"]["x-amz-id-2"] == "abc"
    assert row["additionalEventData"]["bytesTransferredIn"] == 42


def test_every_filler_fills_all_rows_and_the_same_ones_again() -> None:
    at = np.array([AT, AT + 1000, AT + 2000], dtype=np.int64)
    for name, filler in FILLERS.items():
        first, again = (list(filler(WORLD.rng("fillers"), at)) for _ in range(2))
        assert len(first) == len(at), name
        assert first == again, name


def test_a_call_does_not_fail_in_a_way_it_cannot() -> None:
    with pytest.raises(KeyError):
        event(iam.CREATE_USER, "NoSuchBucket")


# --- single shapes -------------------------------------------------------------------------------


def test_a_refusal_names_caller_action_resource_and_reason() -> None:
    row = event(iam.GET_USER, "AccessDenied", user="m-oda")
    assert row["errorMessage"] == (
        f"User: arn:aws:iam::{ACCOUNT}:user/hana is not authorized to perform: iam:GetUser on "
        "resource: user m-oda because no identity-based policy allows the iam:GetUser action"
    )
    assert row["requestParameters"] is None


@pytest.mark.parametrize(
    "reason", [BY_ORGANIZATION, no_boundary("cloudtrail:DeleteTrail")], ids=["scp", "boundary"]
)
def test_a_refusal_can_have_another_reason(reason: str) -> None:
    row = event(cloudtrail.DELETE_TRAIL, "AccessDenied", reason=reason)
    assert row["errorMessage"].endswith(reason)


def test_a_refused_action_has_no_date_in_its_name() -> None:
    row = event(lambda_.LIST_FUNCTIONS, "AccessDenied")
    assert "lambda:ListFunctions on" in row["errorMessage"]


def test_a_failed_sign_in_has_a_message_without_a_code() -> None:
    row = event(signin.CONSOLE_LOGIN_FAILURE)
    assert row["responseElements"] == {"ConsoleLogin": "Failure"}
    assert row["errorMessage"] == "Failed authentication"
    assert row.keys().isdisjoint({"errorCode", "requestID"})


def test_a_sign_in_with_an_unknown_name_hides_the_name() -> None:
    stranger = unknown_user(ACCOUNT, address="198.19.0.9", agent="Mozilla/5.0")
    row = event(signin.CONSOLE_LOGIN_FAILURE_UNKNOWN, caller=stranger)
    assert row["errorMessage"] == "No username found in supplied account"
    assert row["userIdentity"]["userName"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert "arn" not in row["userIdentity"]


def test_a_shared_snapshot_that_is_used_is_told_by_ec2() -> None:
    row = event(
        ec2_change.SHARED_SNAPSHOT_VOLUME_CREATED,
        caller=service_event(ACCOUNT, "ec2.amazonaws.com"),
        snapshot="snap-0a1",
    )
    assert row["eventType"] == "AwsServiceEvent"
    assert row["serviceEventDetails"] == {"snapshotId": "snap-0a1"}
    assert row["requestParameters"] is None
    assert "type" not in row["userIdentity"]
    assert row.keys().isdisjoint({"requestID", "tlsDetails"})


def test_a_role_that_is_taken_shows_its_key_user_and_end() -> None:
    row = event(sts.ASSUME_ROLE, access_key="ASIA1", role_id="AROA1", session="build-1")
    answer = row["responseElements"]
    assert answer["credentials"]["accessKeyId"] == "ASIA1"
    assert answer["credentials"]["expiration"] == "Nov 12, 2022, 3:47:09 PM"
    assert len(answer["credentials"]["sessionToken"]) == 720
    assert answer["assumedRoleUser"]["assumedRoleId"] == "AROA1:build-1"


def test_a_user_that_is_made_has_a_date_without_a_comma() -> None:
    row = event(iam.CREATE_USER)
    assert row["responseElements"]["user"]["createDate"] == "Nov 12, 2022 2:47:09 PM"


def test_a_trust_policy_is_a_text_within_the_text() -> None:
    policy = {"Statement": [{"Principal": {"AWS": "arn:aws:iam::888877776666:root"}}]}
    row = event(UPDATE_ASSUME_ROLE_POLICY, trust=json.dumps(policy))
    assert json.loads(row["requestParameters"]["policyDocument"]) == policy


def test_a_bucket_policy_is_an_object() -> None:
    row = event(s3_bucket.PUT_BUCKET_POLICY, policy_json=b'{"Statement":[{"Principal":"*"}]}')
    assert row["requestParameters"]["bucketPolicy"]["Statement"] == [{"Principal": "*"}]
    assert row["requestParameters"]["policy"] == ""


def test_deleted_objects_are_not_named_but_their_bucket_is() -> None:
    row = event(s3_object.DELETE_OBJECTS)
    assert row["requestParameters"]["delete"] == ""
    assert row["resources"][0] == {
        "type": "AWS::S3::Object",
        "ARNPrefix": "arn:aws:s3:::sz-prod-customer-docs/",
    }
    assert row["eventCategory"] == "Data"
    assert row["managementEvent"] is False


def test_a_copy_with_a_foreign_key_shows_the_algorithm_in_request_and_answer() -> None:
    algorithm = "x-amz-server-side-encryption-customer-algorithm"
    row = event(s3_object.COPY_OBJECT_CUSTOMER_KEY)
    assert row["requestParameters"][algorithm] == row["responseElements"][algorithm] == "AES256"
    assert "x-amz-copy-source" in row["requestParameters"]


def test_the_statement_of_a_permission_is_json() -> None:
    row = event(lambda_.ADD_PERMISSION_PUBLIC, function="notify", statement="FunctionURLAllow")
    statement = json.loads(row["responseElements"]["statement"])
    assert statement["Principal"] == "*"
    assert statement["Action"] == "lambda:InvokeFunctionUrl"


def test_many_instances_are_started_by_one_request() -> None:
    plan = ec2_launch.Launch(
        image="ami-0a1",
        instance_type="c5.9xlarge",
        vpc="vpc-0b1",
        subnet="subnet-0c1",
        zone="us-west-2a",
        group_id="sg-0d1",
        group_name="launch-wizard-99",
        owner=ACCOUNT,
        region="us-west-2",
        cores=18,
    )
    started = [
        ec2_launch.Instance(f"i-0{n}", f"172.31.0.{n}", f"eni-0{n}", f"eni-attach-0{n}", "06:00")
        for n in range(8)
    ]
    row = event(
        ec2_launch.RUN_INSTANCES_USER_DATA,
        count=8,
        client_token="t",
        instances=ec2_launch.launched(plan, started, AT, "t"),
    )
    rows = row["responseElements"]["instancesSet"]["items"]
    assert [found["amiLaunchIndex"] for found in rows] == list(range(8))
    assert {found["launchTime"] for found in rows} == {1668264429000}
    assert row["requestParameters"]["instancesSet"]["items"][0]["minCount"] == 8
    assert row["requestParameters"]["userData"] == "<sensitiveDataRemoved>"


def test_an_encoded_refusal_is_long_and_for_each_call_another() -> None:
    texts = {
        event(call, "Client.UnauthorizedOperation")["errorMessage"].rpartition(" ")[2]
        for call in (ec2_launch.RUN_INSTANCES, ec2_guard.DELETE_FLOW_LOGS)
    }
    assert len(texts) == 2
    assert all(500 < len(text) < 800 for text in texts)


def test_a_fault_may_have_no_message() -> None:
    assert Fault("ParameterNotFound").text is None
    assert "errorMessage" not in event(ssm.GET_PARAMETER, "ParameterNotFound")


# --- dates ---------------------------------------------------------------------------------------

MOMENTS = st.integers(min_value=1640962800000, max_value=1675177200000)


@given(MOMENTS)
def test_dates_can_be_read_back(at: int) -> None:
    moments = np.array([at], dtype=np.int64)
    for write, form in ((dates, "%b %d, %Y %I:%M:%S %p"), (comma_dates, "%b %d, %Y, %I:%M:%S %p")):
        found = datetime.strptime(write(moments)[0], form).replace(tzinfo=UTC)
        assert found.timestamp() == at // 1000
