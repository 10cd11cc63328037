"""Terraform on the operations host: it plans on Mondays, and applies on Wednesdays (CHG-2198)."""

from __future__ import annotations

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.calendar import MINUTE, SECOND, Day, jst_date, millis
from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls import (
    acm,
    cloudtrail,
    cloudwatch,
    ec2_describe,
    ec2_guard,
    ec2_networks,
    elb,
    iam,
    iam_roles,
    kms,
    lambda_,
    logs,
    rds,
    s3_bucket,
    secretsmanager,
    sns,
    waf,
)
from siemlab.simulate.calls.sts import GET_CALLER_IDENTITY
from siemlab.simulate.diary import Diary
from siemlab.simulate.dice import Dice
from siemlab.simulate.hands import Habits, Hands
from siemlab.simulate.naming import HOME
from siemlab.simulate.shapes import Column
from siemlab.simulate.stage import Stage
from siemlab.simulate.stock import Stock
from siemlab.simulate.tools import terraform_agent
from siemlab.simulate.world import World

__all__ = ["TERRAFORM"]

HOST, ACCOUNT, CHANGE = "sz-prod-ops-01", "sz-prod", "CHG-2198"
GROUP, NETWORK, ASSETS = "sz-prod-endpoint-sg", "10.20.0.0/16", "sz-prod-web-assets"
NEW_USER, NEW_POLICY = "svc-report-export", "sz-report-export"
MONDAY = 0
PARALLEL = 10
HABITS = Habits(throttled=30)

READ: tuple[Call, ...] = (
    acm.LIST_CERTIFICATES,
    cloudtrail.DESCRIBE_TRAILS,
    cloudwatch.DESCRIBE_ALARMS,
    ec2_describe.DESCRIBE_ACCOUNT_ATTRIBUTES,
    ec2_describe.DESCRIBE_INSTANCES_BY_ID,
    ec2_networks.DESCRIBE_SECURITY_GROUPS_BY_ID,
    ec2_networks.DESCRIBE_SUBNETS_BY_ID,
    ec2_networks.DESCRIBE_VPCS_BY_ID,
    ec2_networks.DESCRIBE_VPC_ATTRIBUTE,
    elb.DESCRIBE_LISTENERS,
    elb.DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
    elb.DESCRIBE_TAGS,
    elb.DESCRIBE_TARGET_GROUP_ATTRIBUTES,
    iam.GET_USER,
    iam_roles.GET_ROLE,
    iam_roles.LIST_ATTACHED_ROLE_POLICIES,
    iam_roles.LIST_ROLE_POLICIES,
    iam_roles.GET_INSTANCE_PROFILE,
    kms.DESCRIBE_KEY,
    kms.GET_KEY_POLICY,
    kms.GET_KEY_ROTATION_STATUS,
    lambda_.GET_FUNCTION,
    lambda_.GET_FUNCTION_CODE_SIGNING_CONFIG,
    lambda_.LIST_VERSIONS_BY_FUNCTION,
    logs.DESCRIBE_LOG_GROUPS_BY_PREFIX,
    logs.LIST_TAGS_LOG_GROUP,
    rds.DESCRIBE_DB_INSTANCE,
    rds.LIST_TAGS_FOR_RESOURCE,
    s3_bucket.GET_ACCELERATE_CONFIGURATION,
    s3_bucket.GET_BUCKET_ACL,
    s3_bucket.GET_BUCKET_CORS,
    s3_bucket.GET_BUCKET_ENCRYPTION,
    s3_bucket.GET_BUCKET_LIFECYCLE,
    s3_bucket.GET_BUCKET_LOCATION,
    s3_bucket.GET_BUCKET_LOGGING,
    s3_bucket.GET_BUCKET_OBJECT_LOCK_CONFIGURATION,
    s3_bucket.GET_BUCKET_POLICY,
    s3_bucket.GET_BUCKET_PUBLIC_ACCESS_BLOCK,
    s3_bucket.GET_BUCKET_REPLICATION,
    s3_bucket.GET_BUCKET_REQUEST_PAYMENT,
    s3_bucket.GET_BUCKET_TAGGING,
    s3_bucket.GET_BUCKET_VERSIONING,
    s3_bucket.GET_BUCKET_WEBSITE,
    s3_bucket.HEAD_BUCKET,
    secretsmanager.DESCRIBE_SECRET,
    secretsmanager.GET_RESOURCE_POLICY,
    sns.GET_TOPIC_ATTRIBUTES,
    waf.GET_WEB_ACL,
)


def provision(stage: Stage, day: Day) -> None:
    """Plan, or plan and apply; on thin days only what is applied is there."""
    diary, dice = Diary(stage), Dice(stage.rng.child("dice"))
    hands = Hands(diary, Stock(stage.world, ACCOUNT, day), dice)
    windows = [each for each in stage.world.baseline.changes(day.date) if each.id == CHANGE]
    for window in windows:
        at = millis(window.start) + dice.between(4, 50) * SECOND
        if day.dense:
            _plan(hands, at, most=12)
        _apply(hands, at + 4 * MINUTE)
        if day.holds(_made(stage.world)):
            _make_user(diary, _made(stage.world))
    if day.dense and not windows and day.date.weekday() == MONDAY:
        _plan(hands, day.at("10:07") + dice.between(0, 240) * SECOND, most=7)
    diary.close()


def _caller(world: World, at: int) -> Caller:
    session = world.session_at(HOST, world.account(ACCOUNT), at)
    return world.host_caller(HOST, session, terraform_agent(jst_date(at)))


def _plan(hands: Hands, at: int, most: int) -> None:
    """Read all that Terraform keeps, ten things at a time."""
    dice, caller = hands.dice, _caller(hands.stock.world, at)
    hands.does(GET_CALLER_IDENTITY, caller, at - SECOND, HOME)
    wanted = [
        (call, name, subject) for call in READ for name, subject in _subjects(hands, call, most)
    ]
    moment = at
    for place, (call, name, subject) in enumerate(dice.sample(wanted, len(wanted))):
        given = {name: subject} if name else {}
        hands.does(call, caller, moment, call.home or HOME, HABITS, **given)
        moment += dice.between(150, 700) if place % PARALLEL == 0 else dice.below(20)


def _subjects(hands: Hands, call: Call, most: int) -> list[tuple[str, object]]:
    asked = hands.stock.asked(call)
    if not asked:
        return [("", None)]
    name, hole = asked[0]
    return [(name, subject) for subject in hands.stock.choices(hole)[:most]]


def _apply(hands: Hands, at: int) -> None:
    """Re-create a rule, and set the lifecycle of the website's files."""
    world, diary = hands.stock.world, hands.diary
    caller = _caller(world, at)
    rule: dict[str, Column] = {
        "group_id": world.ids.resource("sg", GROUP),
        "cidr": NETWORK,
        "from_port": 443,
        "to_port": 443,
    }
    diary.note(ec2_guard.REVOKE_SECURITY_GROUP_INGRESS, caller, at, region=HOME, **rule)
    diary.note(
        ec2_guard.AUTHORIZE_SECURITY_GROUP_INGRESS_DESCRIBED,
        caller,
        at + hands.dice.between(700, 1900),
        region=HOME,
        rule=world.ids.resource("sgr", GROUP, jst_date(at).isoformat()),
        description="hosts of this network",
        **rule,
    )
    diary.note(
        s3_bucket.PUT_BUCKET_LIFECYCLE,
        caller,
        at + hands.dice.between(2000, 2900),
        region=HOME,
        bucket=ASSETS,
        prefix="tmp/",
        days=14,
        rule_id="expire-previews",
    )


def _made(world: World) -> int:
    since = world.baseline.users[NEW_USER].since
    return millis(since) if since else 0


def _make_user(diary: Diary, at: int) -> None:
    """Make the user for the sales reports, with a key and a policy."""
    world = diary.stage.world
    caller, account = _caller(world, at), world.account(ACCOUNT)
    user, key = NEW_USER, world.user_key(NEW_USER, account)
    user_id = world.user_id(user)
    diary.note(iam.CREATE_USER_TAGGED, caller, at, region=HOME, user=user, user_id=user_id)
    diary.note(
        iam.CREATE_ACCESS_KEY, caller, at + 4 * SECOND, region=HOME, user=user, access_key=key
    )
    diary.note(
        iam.ATTACH_USER_POLICY,
        caller,
        at + 5 * SECOND,
        region=HOME,
        user=user,
        policy_arn=f"arn:aws:iam::{account}:policy/{NEW_POLICY}",
    )


TERRAFORM = Behavior("terraform", provision, thin=True)
