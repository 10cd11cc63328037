"""Lambda functions at work: secrets, parameters, log streams."""

from __future__ import annotations

import numpy as np

from siemlab.baseline.resources import Function
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.services import archived
from siemlab.simulate.builds import package_of
from siemlab.simulate.calendar import MINUTE, SECOND, Day
from siemlab.simulate.callers import Caller, aws_service, role_session
from siemlab.simulate.calls import dynamodb, kms, logs, secretsmanager, ssm
from siemlab.simulate.hours import moments
from siemlab.simulate.naming import HOME, key_arn, secret_arn, uuid_of
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage
from siemlab.simulate.world import Session, World

__all__ = ["FUNCTIONS"]

EVERY = 15 * MINUTE
NATS = ("203.0.113.130", "203.0.113.131")
ELSEWHERE = "203.0.113.176/28"
AGENT = (
    "Boto3/1.20.32 Python/3.9.8 Linux/4.14.246-198.474.amzn2.x86_64 "
    "exec-env/AWS_Lambda_python3.9 Botocore/1.23.32"
)
NODE_AGENT = "aws-sdk-nodejs/2.1055.0 linux/v14.18.1 exec-env/AWS_Lambda_nodejs14.x promise"
PARAMETERS = {
    "sz-prod-image-resize": "/sz/prod/booking/feature-flags",
    "sz-dev-pr-check": "/sz/dev/ci/registry",
    "aes-siem-es-loader": "/sz/security/siem/endpoint",
}
LOADER, LOADED_EVERY = "aes-siem-es-loader", 2
STARTS = {"sz-prod-booking-notify": 4, "sz-prod-payment-webhook": 4}


def run(stage: Stage, day: Day) -> None:
    """Let all functions run on a day."""
    for function in stage.world.baseline.functions.values():
        _run(stage.part(function.name), day, function)


def _run(stage: Stage, day: Day, function: Function) -> None:
    if function.secrets:
        _fetch_secrets(stage, day, function)
    _start(stage.part("starts"), day, function)


def _caller(world: World, function: Function, session: Session, number: int = 0) -> Caller:
    """Return a function as it calls: from the NAT gateway, if it is in the VPC."""
    role = world.role(function.account, function.role)
    address = NATS[number % 2] if function.in_vpc else world.ids.address(ELSEWHERE, function.name)
    agent = NODE_AGENT if function.runtime.startswith("node") else AGENT
    return role_session(
        role, function.name, session.key, since=session.since, address=address, agent=agent
    )


def _turns(stage: Stage, function: Function, at: Ints) -> list[tuple[Session, Ints]]:
    """Part times by the function's session."""
    if not len(at):
        return []
    world = stage.world
    account = world.account(function.account)
    sessions = world.sessions(function.name, account, int(at[0]), int(at[-1]) + 1)
    begins = np.array([session.since for session in sessions])
    places = np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)
    return [(sessions[place], at[places == place]) for place in np.unique(places).tolist()]


def _fetch_secrets(stage: Stage, day: Day, function: Function) -> None:
    """Fetch the secret anew every few minutes: instances keep it as long as that."""
    world = stage.world
    name = function.secrets[0]
    full = secret_arn(world, name)
    grid = np.arange(day.start, day.end, EVERY // world.scaled(1), dtype=np.int64)
    # At night there are minutes without a customer, and then nothing is fetched.
    weights = np.array(world.baseline.intensity("customers", day.date))
    hours = (grid - day.start) * 24 // (day.end - day.start)
    busy = stage.rng.below(len(grid), 1000) < 250 + weights[hours]
    at = grid[busy] + stage.rng.between(int(busy.sum()), SECOND, 5 * SECOND)
    for number, (session, mine) in enumerate(_turns(stage, function, at)):
        caller = _caller(world, function, session, number)
        stage.call(secretsmanager.GET_SECRET_VALUE, caller, mine, region=HOME, secret=name)
        stage.call(
            kms.DECRYPT_SECRET,
            caller.via_service("secretsmanager.amazonaws.com"),
            mine,
            region=HOME,
            key_arn=key_arn(world, function.account, "aws/secretsmanager"),
            secret_arn=full,
            secret_version=uuid_of(world, "secret version", function.account),
        )


def _start(stage: Stage, day: Day, function: Function) -> None:
    """Start new instances of a function: each has its environment opened, and a log stream."""
    world = stage.world
    rota = "customers" if function.account == "sz-prod" else "batch"
    count = world.scaled(STARTS.get(function.name, 2))
    # When one is not enough there are two.
    begins = moments(world, stage.rng, day, rota, count)
    if function.name == LOADER:  # what is written to the archive wakes it
        begins = archived(world, day)[::LOADED_EVERY] + 5 * SECOND
    at = np.repeat(begins, 2)
    at = np.sort(at + stage.rng.below(len(at), 1400))
    account = world.account(function.account)
    stage.call(
        kms.DECRYPT_FUNCTION,
        aws_service(account, "lambda.amazonaws.com"),
        at,
        region=HOME,
        key_arn=key_arn(world, function.account, "aws/lambda"),
        function=function.name,
    )
    for session, mine in _turns(stage, function, at):
        caller = _caller(world, function, session)
        marks = stage.rng.hexes(len(mine), 32)
        package = package_of(world, function.name, int(mine[0]))
        streams = [f"{day.date:%Y/%m/%d}/[{package.version}]{mark}" for mark in marks]
        group = f"/aws/lambda/{function.name}"
        stage.call(
            logs.CREATE_LOG_STREAM,
            caller,
            mine + 300,
            region=HOME,
            log_group=group,
            log_stream=streams,
        )
        if function.name in PARAMETERS:
            parameter = PARAMETERS[function.name]
            stage.call(ssm.GET_PARAMETER, caller, mine + 420, region=HOME, parameter=parameter)
        if function.name == "sz-prod-image-resize":
            table = "sz-prod-image-jobs"
            stage.call(dynamodb.DESCRIBE_TABLE, caller, mine + 500, region=HOME, table=table)


FUNCTIONS = Behavior("functions", run)
