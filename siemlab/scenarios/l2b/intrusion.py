"""What the intruder does in sz-prod as the pipeline: code, a secret, snapshots, and the logs."""

from __future__ import annotations

from typing import Any, NamedTuple

from siemlab.scenarios.l2b.leak import user
from siemlab.scenarios.l2b.setting import (
    BUILD_ROLE,
    DEPLOY_ROLE,
    DEV,
    FOREIGNER,
    LOCAL_TRAIL,
    NOTIFY,
    ORGANIZATION_TRAIL,
    PAYMENT,
    PROD,
    at,
    code_of,
    trail_arn,
)
from siemlab.scenarios.roles import HOME, Taken, takes, takes_across
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate import resources as of
from siemlab.simulate.affected import machine_of
from siemlab.simulate.builds import package_of
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, role_session, service_event
from siemlab.simulate.calls.cloudtrail import DELETE_TRAIL, PUT_EVENT_SELECTORS, STOP_LOGGING
from siemlab.simulate.calls.config import STOP_CONFIGURATION_RECORDER
from siemlab.simulate.calls.ec2_change import (
    CREATE_SNAPSHOT,
    MODIFY_SNAPSHOT_ATTRIBUTE_ADD,
    SHARED_SNAPSHOT_VOLUME_CREATED,
)
from siemlab.simulate.calls.ec2_guard import DELETE_FLOW_LOGS
from siemlab.simulate.calls.guardduty import DELETE_DETECTOR, UPDATE_DETECTOR
from siemlab.simulate.calls.kms import DECRYPT_SECRET
from siemlab.simulate.calls.lambda_ import (
    ADD_PERMISSION_PUBLIC,
    CREATE_FUNCTION_URL_CONFIG,
    GET_FUNCTION,
    GET_POLICY,
    LIST_FUNCTIONS,
    UPDATE_FUNCTION_CODE_ZIP,
    UPDATE_FUNCTION_CONFIGURATION_LAYERS,
)
from siemlab.simulate.calls.making import BY_ORGANIZATION
from siemlab.simulate.calls.rds import CREATE_DB_SNAPSHOT, MODIFY_DB_SNAPSHOT_ATTRIBUTE_ADD
from siemlab.simulate.calls.secretsmanager import GET_SECRET_VALUE
from siemlab.simulate.config import item
from siemlab.simulate.flows import flow_log_id
from siemlab.simulate.guardduty import detector_id
from siemlab.simulate.naming import key_arn, secret_arn, uuid_of
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = [
    "CLI",
    "ENTRY",
    "SECRET",
    "VPC",
    "Chain",
    "as_function",
    "backdoors",
    "blinds",
    "enters",
    "looks_at_functions",
    "reads_secret",
    "shares_snapshots",
    "snapshot_id",
    "volume_was_made",
]

CLI = (
    "aws-cli/2.9.12 Python/3.9.11 Linux/5.15.0-57-generic exe/x86_64.ubuntu.22 prompt/off command/"
)
FUNCTIONS = (NOTIFY, "sz-prod-image-resize", PAYMENT)
SECRET = "prod/booking-db"  # noqa: S105 - the name of a secret, not the secret
HOST, DATABASE, VPC = "sz-prod-batch-01", "sz-prod-booking-db", "sz-prod"
READ = "12 15:40:31"
STATEMENT = "FunctionURLAllowPublicAccess"
ENTRY = "build-release"
"""What the intruder's session in sz-dev is named, from which sz-prod is entered."""


def _cli(caller: Caller, command: str) -> Caller:
    return caller.using(f"{CLI}{command}")


class Chain(NamedTuple):
    """The legal chain of roles into sz-prod, taken by the intruder."""

    first: Taken
    second: Taken

    @property
    def caller(self) -> Caller:
        """The intruder in sz-prod."""
        return self.second.caller

    @property
    def acts(self) -> tuple[Acts, ...]:
        """What the chain left in both accounts."""
        return (*self.first.acts, *self.second.acts)


def enters(stage: Stage, knobs: Knobs, first: str, second: str, session: str) -> Chain:
    """Take the build role by the new key, and with it the deploy role: an hour, then again.

    Parameters
    ----------
    stage, knobs
        Where, and the team's.
    first, second
        When each role is taken.
    session
        What the session in sz-prod is named.
    """
    world = stage.world
    intruder = _cli(user(world, knobs["intruder"], CLI), "sts.assume-role")
    build = takes(stage, intruder, world.role(DEV, BUILD_ROLE), ENTRY, at(knobs, first))
    deploy = takes_across(
        stage, build.caller, world.role(PROD, DEPLOY_ROLE), session, at(knobs, second)
    )
    return Chain(build, deploy)


def looks_at_functions(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Look at the functions: their code, and who may call them."""
    begin = at(knobs, "11 01:06:12")
    found = [
        stage.call(LIST_FUNCTIONS, _cli(intruder, "lambda.list-functions"), begin, region=HOME)
    ]
    for turn, function in enumerate(FUNCTIONS):
        moment = begin + (47 + 83 * turn) * SECOND
        reader = _cli(intruder, "lambda.get-function")
        found.append(stage.call(GET_FUNCTION, reader, moment, region=HOME, function=function))
        error = "" if function == PAYMENT else "ResourceNotFoundException"
        found.append(
            stage.call(
                GET_POLICY,
                _cli(intruder, "lambda.get-policy"),
                moment + 21 * SECOND,
                region=HOME,
                error=error,
                function=function,
            )
        )
    return tuple(found)


def backdoors(stage: Stage, knobs: Knobs, intruder: Caller) -> dict[str, tuple[Acts, ...]]:
    """Add a layer of another account to one function; open another to all, with new code.

    Returns
    -------
    dict
        The acts by the row of the story.
    """
    world = stage.world
    layer = f"arn:aws:lambda:{HOME}:{world.account(FOREIGNER)}:layer:{knobs['layer']}:3"
    when = at(knobs, "11 01:12:05")
    layered = stage.call(
        UPDATE_FUNCTION_CONFIGURATION_LAYERS,
        _cli(intruder, "lambda.update-function-configuration"),
        when,
        region=HOME,
        layer_arn=layer,
        layer_size=41_830,
        **code_of(world, PAYMENT, when),
    )
    package = package_of(world, PAYMENT, when)
    seen = of.function(
        world,
        PAYMENT,
        modified=when,
        code=package.sha256,
        size=package.size,
        layers=(layer,),
    )
    opened = at(knobs, "11 01:15:20")
    url = stage.call(
        CREATE_FUNCTION_URL_CONFIG,
        _cli(intruder, "lambda.create-function-url-config"),
        opened,
        region=HOME,
        function=NOTIFY,
        url_id=world.ids.rng("url", NOTIFY).letters(1, 32, "abcdefghijklmnopqrstuvwxyz234567")[0],
    )
    permitted = stage.call(
        ADD_PERMISSION_PUBLIC,
        _cli(intruder, "lambda.add-permission"),
        opened + 7 * SECOND,
        region=HOME,
        function=NOTIFY,
        statement=STATEMENT,
    )
    changed = _new_code(stage, intruder, at(knobs, "11 01:18:44"))
    return {"9": (layered, item(stage, seen, when)), "10": (url, permitted), "11": changed}


def _new_code(stage: Stage, intruder: Caller, when: int) -> tuple[Acts, Acts]:
    world = stage.world
    code = f"{world.ids.rng('foreign code').letters(1, 43, 'ABCDEFabcdefGHKLghkl0123456789')[0]}="
    columns = {
        **code_of(world, NOTIFY, when),
        "code_sha256": code,
        "code_size": stage.rng.one(310_000, 340_000),
        "function_version": str(package_of(world, NOTIFY, when).version + 1),
    }
    changed = stage.call(
        UPDATE_FUNCTION_CODE_ZIP,
        _cli(intruder, "lambda.update-function-code"),
        when,
        region=HOME,
        **columns,
    )
    seen = of.function(world, NOTIFY, modified=when, code=code, size=columns["code_size"])
    return changed, item(stage, seen, when)


def as_function(world: World, knobs: Knobs) -> Caller:
    """Return the intruder with the keys of the function that was opened."""
    session = world.session_at(NOTIFY, world.account(PROD), at(knobs, READ))
    return role_session(
        world.role(PROD, world.baseline.functions[NOTIFY].role),
        NOTIFY,
        session.key,
        since=session.since,
        address=knobs["intruder"],
        agent=f"{CLI}secretsmanager.get-secret-value",
    )


def reads_secret(stage: Stage, knobs: Knobs) -> tuple[Acts, Acts]:
    """Read the database's password as the function."""
    world, when = stage.world, at(knobs, READ)
    function = as_function(world, knobs)
    read = stage.call(GET_SECRET_VALUE, function, when, region=HOME, secret=SECRET)
    opened = stage.call(
        DECRYPT_SECRET,
        function.via_service("secretsmanager.amazonaws.com"),
        when,
        region=HOME,
        key_arn=key_arn(world, PROD, "aws/secretsmanager"),
        secret_arn=secret_arn(world, SECRET),
        secret_version=uuid_of(world, "secret version", PROD),
    )
    return read, opened


def snapshot_id(world: World) -> str:
    """Return the snapshot of the batch host's volume that the intruder makes."""
    return world.ids.resource("snap", "L2-B", HOST)


def shares_snapshots(stage: Stage, knobs: Knobs, intruder: Caller) -> dict[str, tuple[Acts, ...]]:
    """Make snapshots of a volume and of the database, and share them with another account.

    Returns
    -------
    dict
        The acts by the row of the story.
    """
    world, name = stage.world, knobs["snapshot"]
    with_whom = world.account(FOREIGNER)

    def does(call: Call, command: str, time: str, **columns: Any) -> Acts:
        return stage.call(call, _cli(intruder, command), at(knobs, time), region=HOME, **columns)

    volume, copy = _snapshots(world, name)
    shared = {"snapshot": volume["snapshot"], "shared_with": with_whom}
    return {
        "13": (
            does(CREATE_SNAPSHOT, "ec2.create-snapshot", "12 16:05:12", **volume),
            does(
                MODIFY_SNAPSHOT_ATTRIBUTE_ADD,
                "ec2.modify-snapshot-attribute",
                "12 16:09:40",
                **shared,
            ),
        ),
        "14": (
            does(CREATE_DB_SNAPSHOT, "rds.create-db-snapshot", "12 16:12:02", **copy),
            does(
                MODIFY_DB_SNAPSHOT_ATTRIBUTE_ADD,
                "rds.modify-db-snapshot-attribute",
                "12 16:26:30",
                snapshot=name,
                shared_with=with_whom,
            ),
        ),
    }


def _snapshots(world: World, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is said of the volume's snapshot, and of the database's."""
    volume = {
        "volume": world.ids.resource("vol", HOST),
        "snapshot": snapshot_id(world),
        "description": name,
        "size": "100",
    }
    database = world.baseline.databases[DATABASE]
    copy = {
        "database": DATABASE,
        "snapshot": name,
        "size": 200,
        "since": "Oct 18, 2021 2:31:07 AM",
        "resource_id": of.database(world, DATABASE).id,
        "zone": machine_of(world, HOST).zone,
        "vpc": world.ids.resource("vpc", database.vpc),
    }
    return volume, copy


def volume_was_made(stage: Stage, knobs: Knobs) -> Acts:
    """Let EC2 tell that somebody made a volume of the shared snapshot."""
    told = service_event(stage.world.account(PROD), "ec2.amazonaws.com")
    return stage.call(
        SHARED_SNAPSHOT_VOLUME_CREATED,
        told,
        at(knobs, "12 16:31:48"),
        region=HOME,
        shared=stage.rng.uuids(1)[0],
        snapshot=snapshot_id(stage.world),
    )


def blinds(stage: Stage, knobs: Knobs, intruder: Caller) -> dict[str, tuple[Acts, ...]]:
    """Try seven times to make the company blind: three of them work.

    Returns
    -------
    dict
        The acts by the row of the story.
    """
    local = {"trail": LOCAL_TRAIL, "trail_arn": trail_arn(stage.world, LOCAL_TRAIL)}
    gone = flow_log_id(stage.world, VPC, at(knobs, "13 17:44:20") - 1)
    selected = {"read_write": "WriteOnly", "management": b"true", "buckets": b"[]"}

    def does(call: Call, command: str, time: str, **columns: Any) -> Acts:
        return stage.call(call, _cli(intruder, command), at(knobs, time), region=HOME, **columns)

    chosen = does(
        PUT_EVENT_SELECTORS, "cloudtrail.put-event-selectors", "13 17:38:05", **local, **selected
    )
    stopped = does(STOP_LOGGING, "cloudtrail.stop-logging", "13 17:40:11", **local)
    unwatched = does(DELETE_FLOW_LOGS, "ec2.delete-flow-logs", "13 17:44:20", flow_log=gone)
    kept, *others = _fails(stage, knobs, intruder)
    return {"16": (chosen,), "17": (stopped, kept), "18": (unwatched,), "19": tuple(others)}


def _fails(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Acts, ...]:
    """Try what the organization does not let anybody do: its trail, GuardDuty, Config."""
    arn = trail_arn(stage.world, ORGANIZATION_TRAIL)
    by_organization = {"error": "AccessDenied", "reason": BY_ORGANIZATION}
    detector = detector_id(stage, intruder.account, HOME)
    member = {"error": "BadRequestException", "detector": detector}
    trail = {"trail": arn, "trail_arn": arn, **by_organization}
    recorder = {"recorder": "default", **by_organization}
    steps: tuple[tuple[Call, str, str, dict[str, Any]], ...] = (
        (DELETE_TRAIL, "cloudtrail.delete-trail", "13 17:40:52", trail),
        (UPDATE_DETECTOR, "guardduty.update-detector", "13 17:46:10", member),
        (DELETE_DETECTOR, "guardduty.delete-detector", "13 17:46:31", member),
        (
            STOP_CONFIGURATION_RECORDER,
            "configservice.stop-configuration-recorder",
            "13 17:46:58",
            recorder,
        ),
    )
    return tuple(
        stage.call(call, _cli(intruder, command), at(knobs, time), region=HOME, **columns)
        for call, command, time, columns in steps
    )
