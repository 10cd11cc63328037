"""CI: builds in sz-dev, and deployments to sz-prod by a chain of roles."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.builds import WEB, Build, builds_of, package_of
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller, Role, aws_account, role_session
from siemlab.simulate.calls import ecr, lambda_, s3_bucket, ssm
from siemlab.simulate.calls.dates import comma_dates
from siemlab.simulate.calls.sts import ASSUME_ROLE, GET_CALLER_IDENTITY
from siemlab.simulate.config import item
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.hands import Habits, Hands
from siemlab.simulate.naming import HOME, uuid_of
from siemlab.simulate.resources import function as function_item
from siemlab.simulate.shapes import Column
from siemlab.simulate.stage import Acts, Stage, times
from siemlab.simulate.stock import Stock
from siemlab.simulate.tools import cli_agent, cli_command
from siemlab.simulate.world import World

__all__ = ["PIPELINE", "Taken", "take_role"]

RUNNER = "sz-dev-ci-runner-01"
REPOSITORY, CODE = "sz/booking-web", "sz-prod-lambda-code"
WEB_HOSTS = ("sz-prod-web-01", "sz-prod-web-02")
HABITS = Habits(throttled=25)


class Taken(NamedTuple):
    """A role that CI has taken: who calls from then on, and what that left in the logs."""

    caller: Caller
    acts: tuple[Acts, ...]


def take_role(
    stage: Stage, taker: Caller, role: Role, session: str, at: int, *, region: str = HOME
) -> Taken:
    """Take a role for an hour; across accounts that leaves a record in both.

    Parameters
    ----------
    stage
        Where.
    taker
        Who takes it: an instance, a user, or a session of another role.
    role
        The role.
    session
        The session's name, which also names its key.
    at
        When, epoch milliseconds.
    region
        The region of the endpoint.
    """
    world = stage.world
    key = world.ids.key("ASIA", role.account, role.name, session)
    columns: dict[str, Column] = {
        **role.taken(session, key),
        "expires": comma_dates(times(at + HOUR)),
    }
    asking = taker.using(taker.agent)
    caller = role_session(
        role, session, key, since=at // SECOND * SECOND, address=taker.address, agent=taker.agent
    )
    if role.account == taker.account:
        return Taken(caller, (stage.call(ASSUME_ROLE, asking, at, region=region, **columns),))
    # Both accounts see the same request.
    columns |= {"token_serial": stage.rng.hexes(1, 32), "request_id": stage.rng.uuids(1)}
    shared = stage.rng.uuids(1)
    seen = aws_account(
        role.account, taker.account, _principal(taker), address=taker.address, agent=taker.agent
    )
    acts = [
        stage.call(ASSUME_ROLE, who, at, region=region, shared=shared, **columns)
        for who in (asking, seen)
    ]
    return Taken(caller, tuple(acts))


def _principal(caller: Caller) -> str:
    return str(msgspec.json.decode(caller.identity)["principalId"])


class _Work(NamedTuple):
    """The hands of one build: in development, and in production."""

    dev: Hands
    prod: Hands

    @property
    def world(self) -> World:
        return self.dev.stock.world


def integrate(stage: Stage, day: Day) -> None:
    """Do the builds of a day, and deploy."""
    diary = Diary(stage)
    stocks = [Stock(stage.world, account, day) for account in ("sz-dev", "sz-prod")]
    for build in builds_of(stage.world, day):
        part = stage.part(build.number)
        dice = Dice(part.rng.child("dice"))
        work = _Work(*(Hands(diary, stock, dice) for stock in stocks))
        _build(part, work, build)
    diary.close()


def _build(stage: Stage, work: _Work, build: Build) -> None:
    world, dice = stage.world, work.dev.dice
    account = world.account("sz-dev")
    session = world.session_at(RUNNER, account, build.at)
    day = work.dev.stock.day.date
    runner = world.host_caller(RUNNER, session, cli_agent(day, "runner", "sts.assume-role"))
    role = world.role("sz-dev", "sz-ci-build-role")
    builder = take_role(stage, runner, role, f"build-{build.number}", build.at).caller
    moment = build.at + dice.between(1, 3) * SECOND
    tools = _Tools(work.dev, builder)
    tools.runs(GET_CALLER_IDENTITY, moment)
    tools.runs(ssm.GET_PARAMETERS_BY_PATH, moment + 900)
    moment = _push(tools, moment + dice.between(90, 420) * SECOND, build)
    if build.target:
        deployer = world.role("sz-prod", "sz-ci-deploy-role")
        asking = builder.using(cli_agent(day, "runner", "sts.assume-role"))
        name = f"deploy-{build.number}"
        moment += dice.between(8, 40) * SECOND
        taken = take_role(stage, asking, deployer, name, moment)
        _deploy(_Tools(work.prod, taken.caller), moment + 2 * SECOND, build)


class _Tools:
    """The command line in the hands of a role."""

    def __init__(self, hands: Hands, caller: Caller) -> None:
        self.hands, self.caller = hands, caller
        self.day = hands.stock.day.date

    def runs(self, call: Call, at: int, **given: Column) -> None:
        """Run one command."""
        tool = self.caller.using(cli_agent(self.day, "runner", cli_command(call)))
        self.hands.does(call, tool, at, HOME, HABITS, **given)


def _push(tools: _Tools, at: int, build: Build) -> int:
    """Push an image to the registry; return when that is done."""
    hands, dice = tools.hands, tools.hands.dice
    world, docker = hands.stock.world, tools.caller.using("docker/20.10.12 go/go1.16.12 linux")
    tools.runs(ecr.GET_AUTHORIZATION_TOKEN, at)
    moment = at + 1500
    for layer in range(dice.between(2, 4)):
        digest = f"sha256:{world.ids.hexes(64, 'layer', build.number if layer < 2 else 0, layer)}"
        upload: dict[str, Column] = {
            "layer_digest": digest,
            "upload": uuid_of(world, build.number, layer),
        }
        calls = [ecr.BATCH_CHECK_LAYER_AVAILABILITY]
        calls += [ecr.INITIATE_LAYER_UPLOAD, ecr.COMPLETE_LAYER_UPLOAD] if layer < 2 else []
        for call in calls:
            hands.does(call, docker, moment, HOME, repository=REPOSITORY, **upload)
            moment += dice.below(300)
    image: dict[str, Column] = {
        "digest": f"sha256:{world.ids.hexes(64, 'image', build.number)}",
        "tag": "latest",
    }
    hands.does(ecr.PUT_IMAGE, docker, moment, HOME, repository=REPOSITORY, **image)
    return moment


def _deploy(tools: _Tools, at: int, build: Build) -> None:
    if build.target == WEB:
        _deploy_web(tools, at, build)
    else:
        _deploy_function(tools, at, build)


def _deploy_function(tools: _Tools, at: int, build: Build) -> None:
    """Give a function new code, wait until it has it, and let the alias show to it."""
    world, dice = tools.hands.stock.world, tools.hands.dice
    function = world.baseline.functions[build.target]
    package = package_of(world, function.name, build.at)
    name = {"function": function.name}
    tools.runs(lambda_.GET_FUNCTION, at, **name)
    moment = at + dice.between(800, 2200)
    tools.runs(s3_bucket.GET_BUCKET_LOCATION, moment, bucket=CODE)
    moment += 700
    short = function.name.removeprefix("sz-prod-")
    tools.runs(
        lambda_.UPDATE_FUNCTION_CODE,
        moment,
        **name,
        code_bucket=CODE,
        code_key=f"{short}/build-{build.number}.zip",
        code_sha256=package.sha256,
        code_size=package.size,
        role_arn=world.role(function.account, function.role).arn,
        runtime=function.runtime,
        function_version=str(package.version),
    )
    changed = function_item(
        world,
        function.name,
        modified=moment,
        code=package.sha256,
        size=package.size,
        layers=_layers(world, function.name, moment),
    )
    item(tools.hands.diary.stage, changed, moment)
    for _ in range(dice.between(1, 3)):
        moment += dice.between(1000, 5200)
        tools.runs(lambda_.GET_FUNCTION_CONFIGURATION, moment, **name)
    tools.runs(lambda_.UPDATE_ALIAS, moment + 1100, **name, function_version=str(package.version))


def _layers(world: World, function: str, at: int) -> tuple[str, ...]:
    """Return the layers of a function, which new code leaves as they are."""
    account = world.account(world.baseline.functions[function].account)
    last = world.last_items(account, HOME, at).get(("AWS::Lambda::Function", function))
    found = last.fields["configuration"]["layers"] if last else []
    return tuple(layer["arn"] for layer in found)


def _deploy_web(tools: _Tools, at: int, build: Build) -> None:
    """Let the web servers fetch the new site, one after the other."""
    world, dice = tools.hands.stock.world, tools.hands.dice
    moment = at
    for host in WEB_HOSTS:
        place = {
            "instance": world.ids.instance(host),
            "command": uuid_of(world, "deploy", build.number, host),
        }
        tools.runs(ssm.SEND_COMMAND, moment, document="AWS-RunShellScript", **place)
        for _ in range(dice.between(2, 4)):
            moment += dice.between(4, 15) * SECOND
            tools.runs(ssm.GET_COMMAND_INVOCATION, moment, **place)
        moment += MINUTE


PIPELINE = Behavior("pipeline", integrate)
