"""What the staff change in the course of a day: small things, which leave everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from siemlab.simulate.builds import package_of
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import (
    athena,
    cloudfront,
    cloudwatch,
    ec2_change,
    iam_roles,
    lambda_,
    logs,
    route53,
    s3_bucket,
    sns,
    sqs,
    ssm,
    sts,
    support,
)
from siemlab.simulate.hands import Hands
from siemlab.simulate.naming import HOME, uuid_of
from siemlab.simulate.shapes import Column

__all__ = ["DEEDS", "Deed"]

Deed = Callable[[Hands, Caller, int], None]
"""Does something in somebody's name at a time (epoch milliseconds)."""

OWNERS = ("platform", "backend", "data", "security", "support")


def _opens_a_shell(hands: Hands, caller: Caller, at: int) -> None:
    """Open a shell on a host by Session Manager, and leave it after a while."""
    who = hands.stock.world.rng("shell", at).hexes(1, 17)[0]
    session = f"{_name(caller)}-0{who[1:]}"
    if hands.does(ssm.START_SESSION, caller, at, HOME, session=session):
        later = at + hands.dice.between(60, 1500) * 1000
        hands.diary.note(ssm.TERMINATE_SESSION, caller, later, region=HOME, session=session)


def _name(caller: Caller) -> str:
    return caller.arn.rpartition("/")[2]


def _asks_the_logs(hands: Hands, caller: Caller, at: int) -> None:
    """Query a log group, more than once until the query is right."""
    moment = at
    for _ in range(hands.dice.between(1, 4)):
        seconds = moment // 1000
        hands.does(logs.START_QUERY, caller, moment, HOME, from_s=seconds - 3600, to_s=seconds)
        moment += hands.dice.between(9, 70) * 1000


def _sets_an_alarm(hands: Hands, caller: Caller, at: int) -> None:
    threshold = hands.dice.pick((1, 5, 70, 80, 90))
    hands.does(cloudwatch.PUT_METRIC_ALARM, caller, at, HOME, threshold=threshold)


def _draws_a_dashboard(hands: Hands, caller: Caller, at: int) -> None:
    body = (
        '{"widgets":[{"type":"metric","width":12,"height":6,"properties":{"view":"timeSeries"}}]}'
    )
    hands.does(cloudwatch.PUT_DASHBOARD, caller, at, HOME, body=body)


def _names_an_owner(hands: Hands, caller: Caller, at: int) -> None:
    """Tag instances with their owner."""
    owner = hands.dice.pick(OWNERS)
    for number in range(hands.dice.between(1, 3)):
        instances = hands.stock.choices("instance")
        if instances:
            hands.diary.note(
                ec2_change.CREATE_TAGS,
                caller,
                at + number * 40,
                region=HOME,
                resource=hands.dice.pick(instances),
                tag="Owner",
                value=owner,
            )


def _keeps_logs_longer(hands: Hands, caller: Caller, at: int) -> None:
    days = hands.dice.pick((30, 90, 180, 365))
    hands.does(logs.PUT_RETENTION_POLICY, caller, at, HOME, days=days)


def _changes_a_parameter(hands: Hands, caller: Caller, at: int) -> None:
    version = 2 + hands.dice.below(40)
    hands.does(ssm.PUT_PARAMETER, caller, at, HOME, parameter_version=version)


def _runs_a_command(hands: Hands, caller: Caller, at: int) -> None:
    """Run a command on a host, and look at what came of it."""
    command = uuid_of(hands.stock.world, "command", at)
    instances = hands.stock.choices("instance")
    if instances:
        place = {"instance": hands.dice.pick(instances), "command": command}
        hands.does(ssm.SEND_COMMAND, caller, at, HOME, document="AWS-RunShellScript", **place)
        for seconds in (2, 5, 9)[: hands.dice.between(1, 3)]:
            hands.does(ssm.GET_COMMAND_INVOCATION, caller, at + seconds * 1000, HOME, **place)


def _tags_a_bucket(hands: Hands, caller: Caller, at: int) -> None:
    owner = hands.dice.pick(OWNERS)
    hands.does(s3_bucket.PUT_BUCKET_TAGGING, caller, at, HOME, tag="Owner", value=owner)


def _gives_memory(hands: Hands, caller: Caller, at: int) -> None:
    """Give a function more memory, and look whether it has it."""
    functions = hands.stock.world.baseline.functions
    names = hands.stock.choices("function")
    if not names:
        return
    function = functions[str(hands.dice.pick(names))]
    role = hands.stock.world.role(function.account, function.role)
    package = package_of(hands.stock.world, function.name, at)
    hands.does(
        lambda_.UPDATE_FUNCTION_CONFIGURATION,
        caller,
        at,
        HOME,
        function=function.name,
        role_arn=role.arn,
        runtime=function.runtime,
        code_sha256=package.sha256,
        code_size=package.size,
    )
    hands.does(lambda_.GET_FUNCTION, caller, at + 1200, HOME, function=function.name)


def _points_a_name(hands: Hands, caller: Caller, at: int) -> None:
    """Point a name of the website's zone elsewhere, and look whether that is done."""
    change = f"/change/C0{uuid_of(hands.stock.world, 'change', at)[:18].replace('-', '').upper()}"
    page = hands.dice.pick(("campaign", "autumn", "members", "status"))
    record: dict[str, Column] = {
        "record": f"{page}.sazanami-tabi.example.",
        "value": "www.sazanami-tabi.example.",
    }
    shape = route53.CHANGE_RESOURCE_RECORD_SETS
    if hands.does(shape, caller, at, shape.home, change=change, **record):
        hands.does(route53.GET_CHANGE, caller, at + 14_000, shape.home, change=change)


def _empties_the_cache(hands: Hands, caller: Caller, at: int) -> None:
    """Let the CDN fetch its files anew."""
    number = f"I{uuid_of(hands.stock.world, 'invalidation', at)[:13].replace('-', '').upper()}"
    shape = cloudfront.CREATE_INVALIDATION
    if hands.does(shape, caller, at, shape.home, invalidation=number, path="/img/*"):
        shape = cloudfront.GET_INVALIDATION
        hands.does(shape, caller, at + 30_000, shape.home, invalidation=number)


def _asks_the_archive(hands: Hands, caller: Caller, at: int) -> None:
    """Query the archived logs by Athena."""
    execution = uuid_of(hands.stock.world, "athena", at)
    if hands.does(athena.START_QUERY_EXECUTION, caller, at, HOME, execution=execution):
        for seconds, call in ((2, athena.GET_QUERY_EXECUTION), (9, athena.GET_QUERY_RESULTS)):
            hands.does(call, caller, at + seconds * 1000, HOME, execution=execution)


def _removes_a_tag(hands: Hands, caller: Caller, at: int) -> None:
    instances = hands.stock.choices("instance")
    if instances:
        instance, owner = hands.dice.pick(instances), hands.dice.pick(OWNERS)
        tag = {"tag": "Team", "value": owner, "resource": instance}
        hands.diary.note(ec2_change.DELETE_TAGS, caller, at, region=HOME, **tag)


CHORES: tuple[tuple[Call, Mapping[str, Column]], ...] = (
    (cloudwatch.DELETE_ALARMS, {}),
    (cloudwatch.PUT_RULE, {"schedule": "rate(1 day)"}),
    (iam_roles.SIMULATE_PRINCIPAL_POLICY, {}),
    (logs.PUT_METRIC_FILTER, {"filter": "errors"}),
    (s3_bucket.PUT_BUCKET_ENCRYPTION, {}),
    (sns.SET_TOPIC_ATTRIBUTES, {"value": "Sazanami"}),
    (sqs.SET_QUEUE_ATTRIBUTES, {"seconds": "60"}),
    (sts.DECODE_AUTHORIZATION_MESSAGE, {}),
    (support.REFRESH_TRUSTED_ADVISOR_CHECK, {}),
)
"""What is done by one call, with what the account's stock does not know."""


def _does_a_chore(hands: Hands, caller: Caller, at: int) -> None:
    call, given = hands.dice.pick(CHORES)
    hands.does(call, caller, at, call.home or HOME, **given)


DEEDS: tuple[Deed, ...] = (
    _asks_the_archive,
    _asks_the_logs,
    _changes_a_parameter,
    _does_a_chore,
    _does_a_chore,
    _draws_a_dashboard,
    _empties_the_cache,
    _gives_memory,
    _keeps_logs_longer,
    _names_an_owner,
    _opens_a_shell,
    _points_a_name,
    _removes_a_tag,
    _runs_a_command,
    _sets_an_alarm,
    _tags_a_bucket,
)
"""All of them."""
