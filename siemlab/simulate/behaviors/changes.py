"""What the calendar announces: copies of snapshots, hosts that come and go, changes by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from siemlab.baseline import Change, Host
from siemlab.simulate.affected import machine_of
from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.people import place_of
from siemlab.simulate.calendar import MINUTE, SECOND, Day, jst_date, millis
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import cloudtrail, ec2_change, ec2_describe, ec2_guard, iam
from siemlab.simulate.calls.ec2_launch import RUN_INSTANCES_CONSOLE, Instance, Launch, launched
from siemlab.simulate.dice import Dice
from siemlab.simulate.naming import HOME
from siemlab.simulate.signins import sign_in
from siemlab.simulate.stage import Stage
from siemlab.simulate.tools import cli_agent
from siemlab.simulate.world import World

__all__ = ["CHANGES"]

OPERATIONS, FORENSICS = "sz-prod-ops-01", "sz-security-forensics-01"
COPIED = ("sz-prod-batch-01", "sz-prod-backoffice-01")
KEPT = timedelta(weeks=4)
SHARED_WITH = "sz-security"


def follow(stage: Stage, day: Day) -> None:
    """Do what the calendar has for a day, and start and end the hosts that it knows of."""
    for number, change in enumerate(stage.world.baseline.changes(day.date)):
        act = ACTS.get(change.id)
        if act is not None and day.holds(millis(change.start)):
            act(stage.part(number, change.id), day, change)
    for host in stage.world.baseline.hosts.values():
        part = stage.part(host.name)
        if host.name in MAKERS and day.holds(millis(host.since)):
            _start_host(part, day, host)
        if host.until is not None and day.holds(millis(host.until)):
            _end_host(part, day, host, millis(host.until))


def _at_console(stage: Stage, day: Day, person: str, account: str, at: int) -> Caller:
    """Sign somebody in some minutes before he is needed, and return who calls."""
    found = stage.world.baseline.people[person]
    dice = Dice(stage.rng.child("dice"))
    address = place_of(stage.world, found, day, at, dice) or found.office_ip
    entered = at - dice.between(3, 8) * MINUTE
    return sign_in(stage, found, account, entered, address=address, whole=day.dense).caller


# --- snapshots (CHG-2240) ------------------------------------------------------------------------


def _command(stage: Stage, host: str, at: int, command: str) -> Caller:
    world = stage.world
    account = world.account(world.baseline.hosts[host].account)
    session = world.session_at(host, account, at)
    return world.host_caller(host, session, cli_agent(jst_date(at), "linux", command))


def _copy_snapshots(stage: Stage, day: Day, change: Change) -> None:
    """Share the week's snapshots with sz-security, which copies them; old ones are removed."""
    world, dice = stage.world, Dice(stage.rng.child("dice"))
    start = millis(change.start) + dice.between(2, 20) * SECOND
    week, old = day.date.isoformat(), (day.date - KEPT).isoformat()
    for number, host in enumerate(COPIED):
        at = start + number * dice.between(6, 30) * SECOND
        snapshot = world.ids.resource("snap", "weekly", host, week)
        volume = world.ids.resource("vol", host)
        text = f"{host} weekly {week}"
        stage.call(
            ec2_change.CREATE_SNAPSHOT,
            _command(stage, OPERATIONS, at, "ec2.create-snapshot"),
            at,
            region=HOME,
            snapshot=snapshot,
            volume=volume,
            size="30",
            description=text,
        )
        shared = at + dice.between(6, 9) * MINUTE
        stage.call(
            ec2_change.MODIFY_SNAPSHOT_ATTRIBUTE_ADD,
            _command(stage, OPERATIONS, shared, "ec2.modify-snapshot-attribute"),
            shared,
            region=HOME,
            snapshot=snapshot,
            shared_with=world.account(SHARED_WITH),
        )
        copied = shared + dice.between(2, 5) * MINUTE
        if millis(world.baseline.hosts[FORENSICS].since) < copied:
            copy = world.ids.resource("snap", "copy", host, week)
            _fetch(stage, day, copied, (snapshot, copy), text)
        stage.call(
            ec2_change.DELETE_SNAPSHOT,
            _command(stage, OPERATIONS, shared, "ec2.delete-snapshot"),
            shared + 2 * SECOND,
            region=HOME,
            snapshot=world.ids.resource("snap", "weekly", host, old),
        )


def _fetch(stage: Stage, day: Day, at: int, pair: tuple[str, str], text: str) -> None:
    """Let sz-security copy a snapshot that is shared with it: the snapshot, and its copy."""
    snapshot, copy = pair
    if day.dense:
        looks = _command(stage, FORENSICS, at, "ec2.describe-snapshots")
        shape = ec2_describe.DESCRIBE_SNAPSHOTS_BY_ID
        stage.call(shape, looks, at - SECOND, region=HOME, snapshot=snapshot)
    stage.call(
        ec2_change.COPY_SNAPSHOT,
        _command(stage, FORENSICS, at, "ec2.copy-snapshot"),
        at,
        region=HOME,
        source=snapshot,
        source_region=HOME,
        snapshot=copy,
        description=text,
    )


# --- changes by hand -----------------------------------------------------------------------------


def _update_trail(stage: Stage, day: Day, change: Change) -> None:
    """The platform team turns on what the organization's trail should have had all along."""
    world = stage.world
    at, account = millis(change.start) + 74 * SECOND, world.account("sz-management")
    caller = _at_console(stage, day, change.who, "sz-management", at)
    trail = world.baseline.trails["sz-org-trail"]
    stage.call(
        cloudtrail.UPDATE_TRAIL,
        caller,
        at,
        region=HOME,
        trail=trail.name,
        trail_arn=f"arn:aws:cloudtrail:{trail.home_region}:{account}:trail/{trail.name}",
        bucket=trail.bucket,
        organization=b"true",
    )


def _retire_key(stage: Stage, day: Day, change: Change) -> None:
    """The user that built images keeps no key."""
    world, at = stage.world, millis(change.start) + 312 * SECOND
    caller = _at_console(stage, day, change.who, "sz-dev", at)
    user = "ci-image-builder"
    key = world.user_key(user, caller.account)
    stage.call(iam.DELETE_ACCESS_KEY, caller, at, region=HOME, user=user, access_key=key)


def _change_endpoint(stage: Stage, day: Day, change: Change) -> None:
    """The web servers may reach the customers' papers through the endpoint."""
    at = millis(change.start) + 431 * SECOND
    caller = _at_console(stage, day, change.who, "sz-prod", at)
    document = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
        '"Action":"s3:*","Resource":["arn:aws:s3:::sz-prod-*","arn:aws:s3:::sz-prod-*/*"]}]}'
    )
    endpoint = stage.world.ids.resource("vpce", "sz-prod-s3")
    stage.call(
        ec2_guard.MODIFY_VPC_ENDPOINT,
        caller,
        at,
        region=HOME,
        endpoint=endpoint,
        document=document,
    )


ACTS: Mapping[str, Callable[[Stage, Day, Change], None]] = MappingProxyType(
    {
        "CHG-2226": _retire_key,
        "CHG-2240": _copy_snapshots,
        "CHG-2250": _change_endpoint,
        "CHG-2255": _update_trail,
    }
)
"""What is done for an entry; penetration tests and Terraform have behaviors of their own."""

# --- hosts ---------------------------------------------------------------------------------------

MAKERS: Mapping[str, str] = MappingProxyType(
    {
        "sz-dev-data-01": "c-ogawa",
        "sz-dev-test-01": "t-okabe",
        "sz-prod-search-02": "h-mori",
        "sz-security-forensics-01": "s-watari",
    }
)
"""Who started the hosts that have come within the data."""
ENDERS: Mapping[str, str] = MappingProxyType({"sz-dev-mock-01": "r-nishida"})


def _start_host(stage: Stage, day: Day, host: Host) -> None:
    at = millis(host.since)
    caller = _at_console(stage, day, MAKERS[host.name], host.account, at)
    token = stage.rng.uuids(1)[0]
    launch, instance = _launch(stage.world, host)
    stage.call(
        RUN_INSTANCES_CONSOLE,
        caller,
        at,
        region=HOME,
        image=launch.image,
        instance_type=launch.instance_type,
        key_name=launch.key_name,
        subnet=launch.subnet,
        group_id=launch.group_id,
        name=host.name,
        client_token=token,
        reservation=stage.world.ids.resource("r", host.name),
        instances=launched(launch, [instance], at, token),
    )


def _launch(world: World, host: Host) -> tuple[Launch, Instance]:
    found, ids = machine_of(world, host), world.ids
    [(group_name, group_id), *_] = found.groups
    launch = Launch(
        image=found.image,
        instance_type=found.type,
        vpc=found.vpc,
        subnet=found.subnet,
        zone=found.zone,
        group_id=group_id,
        group_name=group_name,
        owner=found.account,
        region=found.region,
        key_name=f"{host.account}-admin",
        profile=found.role,
        profile_id=found.role_id,
        name=host.name,
    )
    tail = ids.hexes(8, "mac", host.name)
    mac = ":".join(["06", "a1", *(tail[place : place + 2] for place in range(0, 8, 2))])
    attachment = f"eni-attach-0{ids.hexes(16, 'attachment', host.name)}"
    return launch, Instance(found.instance, found.private_ip, found.interface, attachment, mac)


def _end_host(stage: Stage, day: Day, host: Host, at: int) -> None:
    caller = _at_console(stage, day, ENDERS[host.name], host.account, at)
    instance = stage.world.ids.instance(host.name)
    stage.call(ec2_change.TERMINATE_INSTANCES, caller, at, region=HOME, instance=instance)


CHANGES = Behavior("changes", follow, thin=True)
