"""Saturday morning: what was shared is taken back, and what was blind sees again."""

from __future__ import annotations

import json
from typing import Any

from siemlab.scenarios.l2b.intrusion import STATEMENT, VPC, snapshot_id
from siemlab.scenarios.l2b.leak import new_key, runner, runner_agent
from siemlab.scenarios.l2b.setting import (
    BUILD_ROLE,
    DEPLOY_ROLE,
    DEV,
    FOREIGNER,
    LOCAL_TRAIL,
    NOTIFY,
    PAYMENT,
    PROD,
    USER,
    at,
    code_of,
    trail_arn,
)
from siemlab.scenarios.roles import HOME, takes, takes_across
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate import resources as of
from siemlab.simulate.builds import package_of
from siemlab.simulate.calendar import SECOND, millis
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls.cloudtrail import PUT_EVENT_SELECTORS, START_LOGGING, data_resources
from siemlab.simulate.calls.ec2_change import MODIFY_SNAPSHOT_ATTRIBUTE_REMOVE
from siemlab.simulate.calls.ec2_guard import CREATE_FLOW_LOGS
from siemlab.simulate.calls.iam import DELETE_ACCESS_KEY, LIST_ACCESS_KEYS
from siemlab.simulate.calls.iam_roles import UPDATE_ASSUME_ROLE_POLICY
from siemlab.simulate.calls.lambda_ import (
    DELETE_FUNCTION_URL_CONFIG,
    REMOVE_PERMISSION,
    UPDATE_FUNCTION_CODE,
    UPDATE_FUNCTION_CONFIGURATION,
)
from siemlab.simulate.calls.rds import MODIFY_DB_SNAPSHOT_ATTRIBUTE_REMOVE
from siemlab.simulate.config import Resource, item
from siemlab.simulate.flows import flow_log_id
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import Effect, World

__all__ = ["DEPLOYED", "FLOWS_BACK", "deploys_again", "effects", "restores"]

PERSON = "s-watari"
FLOWS_BACK = millis("2023-01-14T00:52:00Z")
EVENTS_BACK = millis("2023-01-14T00:56:10Z")
DEPLOYED = millis("2023-01-14T01:03:40Z")
"""When the pipeline has put the functions back."""


def effects(world: World, knobs: Knobs) -> tuple[Effect, ...]:
    """Return what is not logged for a while."""
    account = world.account(PROD)
    network = world.source_name("vpcflowlogs", account, HOME, VPC)
    objects = world.source_name("s3-data-events", account, HOME)
    return (
        Effect("not logged", network, at(knobs, "13 17:44:20"), FLOWS_BACK),
        Effect("not logged", objects, at(knobs, "13 17:38:05"), EVENTS_BACK),
    )


def restores(stage: Stage, knobs: Knobs) -> tuple[Acts, ...]:
    """Let the responder do what has to be done, from the VPN, on a Saturday morning."""
    world = stage.world
    person = world.baseline.people[PERSON]
    here, came = sign_in(stage, person, PROD, _clock("00:17:30"), address=person.vpn_ip)
    there, went = sign_in(stage, person, DEV, _clock("00:28:10"), address=person.vpn_ip)
    stranger = world.account(FOREIGNER)
    key: dict[str, Any] = {"user": USER, "access_key": new_key(world)}
    local: dict[str, Any] = {"trail": LOCAL_TRAIL, "trail_arn": trail_arn(world, LOCAL_TRAIL)}
    trail = world.baseline.trails[LOCAL_TRAIL]

    def does(call: Call, time: str, *, caller: Caller = here, **columns: Any) -> Acts:
        return stage.call(call, caller, _clock(time), region=HOME, **columns)

    trust = _trust(world)
    return (
        *came,
        does(
            MODIFY_SNAPSHOT_ATTRIBUTE_REMOVE,
            "00:20:12",
            snapshot=snapshot_id(world),
            shared_with=stranger,
        ),
        does(
            MODIFY_DB_SNAPSHOT_ATTRIBUTE_REMOVE,
            "00:22:41",
            snapshot=knobs["snapshot"],
            shared_with=stranger,
        ),
        *went,
        does(LIST_ACCESS_KEYS, "00:29:35", caller=there, user=USER),
        does(DELETE_ACCESS_KEY, "00:31:05", caller=there, **key),
        does(
            CREATE_FLOW_LOGS,
            "00:52:00",
            vpc=world.ids.resource("vpc", VPC),
            bucket="sz-security-log-archive",
            flow_log=flow_log_id(world, VPC, FLOWS_BACK),
        ),
        does(START_LOGGING, "00:54:30", **local),
        does(PUT_EVENT_SELECTORS, "00:56:10", **local, buckets=data_resources(trail.data_buckets)),
        does(UPDATE_ASSUME_ROLE_POLICY, "00:59:20", role=DEPLOY_ROLE, trust=trust),
        item(
            stage,
            of.role(world, world.baseline.role(PROD, DEPLOY_ROLE), trust=trust),
            _clock("00:59:20"),
        ),
    )


def _clock(time: str) -> int:
    return millis(f"2023-01-14T{time}Z")


def _trust(world: World) -> str:
    """Return who may take the deploy role from now on: the builds, from the runner's address."""
    address = world.baseline.hosts["sz-dev-ci-runner-01"].egress_ip
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": world.role(DEV, BUILD_ROLE).arn},
        "Action": "sts:AssumeRole",
        "Condition": {"IpAddress": {"aws:SourceIp": f"{address}/32"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def deploys_again(stage: Stage) -> tuple[Acts, ...]:
    """Let the pipeline deploy both functions as they were, and close the open address."""
    world, begin = stage.world, _clock("01:01:02")
    package = package_of(world, NOTIFY, begin)
    number = package.build  # the last one that deployed the function is run again
    asking = runner(world, begin)
    build = takes(stage, asking, world.role(DEV, BUILD_ROLE), f"build-{number}", begin)
    deploy = takes_across(
        stage,
        build.caller,
        world.role(PROD, DEPLOY_ROLE),
        f"deploy-{number}",
        begin + 4 * SECOND,
    )

    def does(call: Call, command: str, later: int, **columns: Any) -> Acts:
        caller = deploy.caller.using(runner_agent(begin, f"lambda.{command}"))
        return stage.call(call, caller, begin + later * SECOND, region=HOME, **columns)

    code = {
        "code_bucket": "sz-prod-lambda-code",
        "code_key": f"booking-notify/build-{number}.zip",
        "function_version": str(package.version + 2),
    }
    return (
        *build.acts,
        *deploy.acts,
        does(
            UPDATE_FUNCTION_CODE,
            "update-function-code",
            61,
            **code_of(world, NOTIFY, begin),
            **code,
        ),
        does(DELETE_FUNCTION_URL_CONFIG, "delete-function-url-config", 94, function=NOTIFY),
        does(REMOVE_PERMISSION, "remove-permission", 97, function=NOTIFY, statement=STATEMENT),
        does(
            UPDATE_FUNCTION_CONFIGURATION,
            "update-function-configuration",
            158,
            **code_of(world, PAYMENT, begin),
        ),
        *(
            item(stage, _as_built(world, function, when), when)
            for function, when in ((NOTIFY, begin + 61 * SECOND), (PAYMENT, DEPLOYED))
        ),
    )


def _as_built(world: World, function: str, when: int) -> Resource:
    """Return a function with the code that the pipeline gave it, and no layer."""
    package = package_of(world, function, when)
    return of.function(world, function, modified=when, code=package.sha256, size=package.size)
