"""What things are called that somebody may look at: the names and ids in an account's stock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from siemlab.baseline.network import LoadBalancer
from siemlab.simulate import naming
from siemlab.simulate.calendar import DAY, millis
from siemlab.simulate.calls.dates import comma_dates, dates
from siemlab.simulate.web import balancer_name, target_group_arn

if TYPE_CHECKING:
    from siemlab.simulate.stock import Stock

__all__ = ["FINDERS", "GONE"]

WEEK = 7 * DAY

TYPES = ("AWS::EC2::Instance", "AWS::EC2::SecurityGroup", "AWS::S3::Bucket", "AWS::IAM::Role")
QUERIES = (
    "fields @timestamp, @message | sort @timestamp desc | limit 20",
    "filter @message like /ERROR/ | stats count() by bin(5m)",
    "fields @timestamp, @requestId, @duration | sort @duration desc | limit 50",
)
NAMESPACES = ("AWS/EC2", "AWS/RDS", "AWS/ApplicationELB", "AWS/Lambda", "Sazanami")
METRICS = ("CPUUtilization", "FreeStorageSpace", "HTTPCode_Target_5XX_Count", "Errors")
NOTES = ("Owner", "Team", "CostCenter", "Stage")

Names = Iterable[Any]
Finder = Callable[["Stock"], Names]


# --- what the baseline knows ---------------------------------------------------------------------


def _named(table: str) -> Finder:
    def find(stock: Stock) -> Names:
        found = getattr(stock.world.baseline, table)
        return [name for name, each in found.items() if each.account == stock.account]

    return find


def _ids(prefix: str, names: Finder) -> Finder:
    return lambda stock: [stock.world.ids.resource(prefix, name) for name in names(stock)]


def _hosts(stock: Stock) -> Names:
    return [host.name for host in stock.hosts]


def _vpcs(stock: Stock) -> Names:
    vpcs = stock.world.baseline.vpcs.values()
    return [vpc.name for vpc in vpcs if vpc.account == stock.account and vpc.region == naming.HOME]


def _subnets(stock: Stock) -> Names:
    vpcs = stock.world.baseline.vpcs
    return [subnet.name for vpc in _vpcs(stock) for subnet in vpcs[vpc].subnets]


def _interfaces(stock: Stock) -> Names:
    hosts = set(_hosts(stock))
    return [
        stock.world.ids.interface(each.name)
        for each in stock.world.baseline.network_interfaces()
        if each.account == stock.account and (each.kind != "host" or each.owner in hosts)
    ]


def _roles(stock: Stock) -> Names:
    return [
        role.name
        for role in stock.world.baseline.roles.values()
        if role.account == stock.account
        and (role.since is None or millis(role.since) < stock.day.start)
    ]


def _policies(stock: Stock) -> Names:
    roles = stock.world.baseline.roles.values()
    names = {name for role in roles if role.account == stock.account for name in role.policies}
    names |= {name for user in stock.users for name in user.policies}
    return [
        f"arn:aws:iam::{stock.id if name.startswith('sz-') else 'aws'}:policy/{name}"
        for name in sorted(names)
    ]


def _access_keys(stock: Stock) -> Names:
    return [
        stock.world.user_key(user.name, stock.id)
        for user in stock.users
        if user.key
        and (user.key_since is None or millis(user.key_since) < stock.day.start)
        and (user.key_until is None or millis(user.key_until) >= stock.day.end)
    ]


def _mine(table: Mapping[str, tuple[str, ...]], form: str = "{}") -> Finder:
    """Return a finder of what a table has for the account; ``{region}``, ``{id}`` may be in it."""
    return lambda stock: [
        form.format(name, id=stock.id, region=naming.HOME) for name in table.get(stock.account, ())
    ]


def _all(*values: Any) -> Finder:
    return lambda _: values


def _keys(stock: Stock) -> Names:
    aliases = (*naming.KEYS, *naming.OWN_KEYS.get(stock.account, ()))
    return [naming.key_arn(stock.world, stock.account, alias) for alias in aliases]


def _log_groups(stock: Stock) -> Names:
    functions = [f"/aws/lambda/{name}" for name in _named("functions")(stock)]
    databases = [f"/aws/rds/instance/{name}/postgresql" for name in _named("databases")(stock)]
    return [*functions, *databases, *(f"/sz/{name}/messages" for name in _hosts(stock))]


def _trail(stock: Stock, name: str) -> str:
    trail = stock.world.baseline.trails[name]
    account = stock.world.account(trail.account)
    return f"arn:aws:cloudtrail:{trail.home_region}:{account}:trail/{name}"


def _own_trails(stock: Stock) -> Names:
    trails = stock.world.baseline.trails.values()
    return [
        _trail(stock, trail.name)
        for trail in trails
        if trail.organization or trail.account == stock.account
    ]


# --- balancers and their web ACLs ----------------------------------------------------------------


def _balancers(stock: Stock) -> list[LoadBalancer]:
    found = stock.world.baseline.load_balancers.values()
    return [balancer for balancer in found if balancer.account == stock.account]


def _balanced(word: str, *numbers: str) -> Finder:
    """Return a finder of balancers or their listeners: what they are, and what names them."""

    def find(stock: Stock) -> Names:
        place = f"arn:aws:elasticloadbalancing:{naming.HOME}:{stock.id}:{word}"
        for balancer in _balancers(stock):
            name = balancer_name(stock.world, balancer.name)
            tail = [stock.world.ids.hexes(16, number, balancer.name) for number in numbers]
            yield "/".join((place, name, *tail))

    return find


def _targets(stock: Stock) -> Names:
    return [target_group_arn(stock.world, balancer) for balancer in _balancers(stock)]


def _acls(kind: str) -> Finder:
    def find(stock: Stock) -> Names:
        place = f"arn:aws:wafv2:{naming.HOME}:{stock.id}:regional/webacl"
        for name in _named("web_acls")(stock):
            number = naming.uuid_of(stock.world, "web acl", name)
            yield {
                "acl_name": name,
                "acl_id": number,
                "acl_arn": f"{place}/{name}/{number}",
            }[kind]

    return find


# --- the organization ----------------------------------------------------------------------------


def _members(stock: Stock) -> Names:
    return [each.id for each in stock.world.baseline.accounts.values() if each.organization]


def _permission_sets(stock: Stock) -> Names:
    roles = stock.world.baseline.roles.values()
    names = sorted({role.permission_set for role in roles if role.permission_set})
    instance = _sso_instance(stock)[0].rpartition("/")[2]
    hexes = stock.world.ids.hexes
    return [
        f"arn:aws:sso:::permissionSet/{instance}/ps-{hexes(16, 'permission set', name)}"
        for name in names
    ]


def _sso_instance(stock: Stock) -> list[str]:
    return [f"arn:aws:sso:::instance/ssoins-{stock.world.ids.hexes(16, 'sso instance')}"]


def _detectors(stock: Stock) -> Names:
    return [stock.world.ids.hexes(32, "detector", stock.id, naming.HOME)]


def _secret_names(stock: Stock) -> Names:
    return [naming.secret_arn(stock.world, name) for name in _named("secrets")(stock)]


def _rules(stock: Stock) -> Names:
    names = ("restricted-ssh", "encrypted-volumes", "ec2-imdsv2-check", "s3-bucket-logging-enabled")
    marks = [stock.world.ids.hexes(8, "config rule", stock.id, naming.HOME, name) for name in names]
    return [f"securityhub-{name}-{mark}" for name, mark in zip(names, marks, strict=True)]


def _zones(stock: Stock) -> Names:
    rng = stock.world.rng("hosted zone", stock.account)
    return [f"Z0{rng.letters(1, 19, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')[0]}"]


def _images(stock: Stock) -> Names:
    return sorted({host.image for host in stock.hosts})


def _gone(prefix: str) -> Finder:
    return lambda stock: [
        stock.world.ids.resource(prefix, "gone", stock.account, number) for number in range(12)
    ]


def _parameters(stock: Stock) -> Names:
    part = stock.account.removeprefix("sz-")
    return [f"/sz/{part}/{name}" for name in naming.PARAMETERS.get(stock.account, ())]


def _certificates(stock: Stock) -> Names:
    for balancer in _balancers(stock):
        text = stock.world.ids.hexes(32, "certificate", balancer.domain)
        number = f"{text[:8]}-{text[8:12]}-4{text[13:16]}-b{text[17:20]}-{text[20:]}"
        yield f"arn:aws:acm:{balancer.region}:{stock.id}:certificate/{number}"


def _distributions(stock: Stock) -> Names:
    if stock.account == "sz-prod":
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        yield "E" + stock.world.ids.rng("distribution").letters(1, 13, letters)[0]


def _launch_templates(stock: Stock) -> Names:
    if stock.account == "sz-dev":
        yield stock.world.ids.resource("lt", "ml-training")


def _subscriptions(stock: Stock) -> Names:
    for topic in _mine(naming.TOPICS, naming.TOPIC)(stock):
        yield f"{topic}:{naming.uuid_of(stock.world, 'subscription', topic)}"


def _analyzers(stock: Stock) -> Names:
    return [f"arn:aws:access-analyzer:{naming.HOME}:{stock.id}:analyzer/sz-organization"]


_ID_HOLES = {
    "eni": "eni",
    "group_id": "sg",
    "image": "ami",
    "instance": "i",
    "snapshot": "snap",
    "subnet": "subnet",
    "volume": "vol",
}

GONE = frozenset(_ID_HOLES)
"""The holes that can be filled with what is no more, as ``gone instance``."""

FINDERS: Mapping[str, Finder] = MappingProxyType(
    {
        **{f"gone {hole}": _gone(prefix) for hole, prefix in _ID_HOLES.items()},
        "access_key": _access_keys,
        "acl_arn": _acls("acl_arn"),
        "acl_id": _acls("acl_id"),
        "acl_name": _acls("acl_name"),
        "alarm": lambda stock: [f"{stock.account}-{name}" for name in naming.ALARMS],
        "analyzer": _analyzers,
        "analyzer_name": _all("sz-organization"),
        "association": lambda stock: [naming.uuid_of(stock.world, "association", stock.id)],
        "athena.bucket": _all("sz-security-log-archive"),
        "athena.database": _mine({"sz-security": ("sz_logs",)}),
        "athena.query": _all(
            "SELECT eventname, count(*) FROM cloudtrail_logs GROUP BY eventname LIMIT 100"
        ),
        "attribute": _all("userData", "disableApiTermination", "instanceType"),
        "balancer": _balanced("loadbalancer"),
        "bucket": _named("buckets"),
        "certificate": _certificates,
        "check": _all("Qch7DwouX1", "Pfx0RwqBli", "HCP4007jGY", "1iG5NDGVre", "0Xc6LMYG8P"),
        "config.rule": _rules,
        "dashboard": _all("booking", "infrastructure"),
        "database": _named("databases"),
        "detector": _detectors,
        "distribution": _distributions,
        "document": _all(
            "AWS-RunShellScript", "AWS-GatherSoftwareInventory", "AWS-RunPatchBaseline"
        ),
        "domain": _mine(naming.DOMAINS),
        "eni": _interfaces,
        "event_name": _all("ConsoleLogin", "RunInstances", "AuthorizeSecurityGroupIngress"),
        "execution": lambda stock: [naming.uuid_of(stock.world, "query", n) for n in range(3)],
        "expression": _all("SELECT resourceId WHERE resourceType = 'AWS::EC2::Instance'"),
        "from_day": lambda stock: [stock.day.date.replace(day=1).isoformat()],
        "function": _named("functions"),
        "glue.database": _mine({"sz-security": ("sz_logs",)}),
        "glue.table": _mine({"sz-security": ("cloudtrail_logs", "vpc_flow_logs")}),
        "group": _mine({"sz-prod": ("sz-helpdesk",), "sz-dev": ("sz-testers",)}),
        "group_id": _ids("sg", _named("security_groups")),
        "image": _ids("ami", _images),
        "insight": _all("1", "5", "10", "23"),
        "instance": _ids("i", _hosts),
        "instance_arn": _sso_instance,
        "instance_type": _all("t3.micro", "t3.medium", "m5.large", "c5.xlarge", "r5.large"),
        "key_arn": _keys,
        "launch_template": _launch_templates,
        "listener": _balanced("listener", "listener"),
        "log_file": _all("error/postgresql.log", "error/postgres.log"),
        "log_group": _log_groups,
        "member": _members,
        "metric": _all(*METRICS),
        "mfa_arn": lambda stock: [
            f"arn:aws:iam::{stock.id}:mfa/{user.name}" for user in stock.users if user.mfa
        ],
        "namespace": _all(*NAMESPACES),
        "application-autoscaling.namespace": _all("ecs", "dynamodb", "rds"),
        "parameter": _parameters,
        "parameters": lambda stock: [orjson.dumps([name]) for name in _parameters(stock)],
        "parameter_group": _all("sz-postgres13", "default.postgres13"),
        "parent": lambda stock: [f"r-{stock.world.ids.hexes(4, 'organization root')}"],
        "path": lambda stock: [f"/sz/{stock.account.removeprefix('sz-')}/"],
        "permission_set": _permission_sets,
        "organizations.policy_id": lambda stock: [
            "p-FullAWSAccess",
            f"p-{stock.world.ids.hexes(8, 'scp')}",
        ],
        "policy_arn": _policies,
        "profile": lambda stock: sorted({host.role for host in stock.hosts}),
        "provider_arn": lambda stock: [
            f"arn:aws:iam::{stock.id}:saml-provider/"
            f"AWSSSO_{stock.world.ids.hexes(16, 'saml provider', stock.id)}_DO_NOT_DELETE"
        ],
        "query": _all(*QUERIES),
        "queue": _mine(naming.QUEUES),
        "quota": _all("L-1216C47A", "L-0263D0A3", "L-F678F1CE"),
        "recorder": _all("default"),
        "repository": _mine(naming.REPOSITORIES),
        "resource_type": _all(*TYPES),
        "tagging.resource_type": _all("ec2:instance", "s3", "rds:db", "lambda:function"),
        "role": _roles,
        "route_table": _ids("rtb", _subnets),
        "rule": _all("sz-nightly-cleanup", "sz-guardduty-to-siem", "sz-securityhub-to-siem"),
        "secret": _secret_names,
        "secret_arn": _secret_names,
        "secret_version": lambda stock: [
            naming.uuid_of(stock.world, "secret version", stock.account)
        ],
        "service_code": _all("ec2", "vpc", "lambda"),
        "set_id": lambda stock: [naming.uuid_of(stock.world, "ip set", stock.account)],
        "set_name": _mine({"sz-prod": ("sz-blocked",)}),
        "snapshot": _ids("snap", _images),
        "stack": _mine(naming.STACKS),
        "store": lambda stock: [f"d-{stock.world.ids.hexes(10, 'identity store')}"],
        "stream": _mine(naming.STREAMS),
        "subscription": _subscriptions,
        "subnet": _ids("subnet", _subnets),
        "table": _mine(naming.TABLES),
        "tag": _all(*NOTES),
        "ecr.tag": _all("latest", "stable"),
        "targets": _targets,
        "topic": _mine(naming.TOPICS, naming.TOPIC),
        "trail": _own_trails,
        "trail_arn": _own_trails,
        "user": lambda stock: [user.name for user in stock.users],
        "identitystore.user": lambda stock: [
            naming.uuid_of(stock.world, "person", name) for name in stock.world.baseline.people
        ],
        "health.since": lambda stock: dates(np.array([stock.day.start - WEEK])),
        "to_day": lambda stock: [(stock.day.date + timedelta(days=1)).isoformat()],
        "wafv2.since": lambda stock: comma_dates(np.array([stock.day.start])),
        "vault": _all("Default"),
        "volume": _ids("vol", _hosts),
        "vpc": _ids("vpc", _vpcs),
        "workgroup": _all("primary"),
        "route53.zone": _zones,
    }
)
"""What fills a hole, by its name: of all services, or of one (``rds.snapshot``)."""
