"""Checks that the company's files agree with each other: every name that is used exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, ip_address, ip_network
from itertools import chain
from typing import Any

from siemlab.baseline.company import Baseline
from siemlab.baseline.network import Interface
from siemlab.baseline.policy import ANY
from siemlab.baseline.reading import BaselineFileError
from siemlab.baseline.resources import Bucket, Database, Function, Secret

__all__ = ["check_baseline"]

# A reference: the place of the name, the name, and the names that there are.
Reference = tuple[str, str, Iterable[Any]]


def check_baseline(baseline: Baseline) -> None:
    """Refuse a company that contradicts itself.

    Parameters
    ----------
    baseline
        The company.

    Raises
    ------
    BaselineFileError
        A name is used that is not there, or an address lies outside of its network.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> check_baseline(load_baseline())
    """
    # One by one: what is found wrong here would be a plain KeyError a step later.
    for place, name, known in chain(
        _resources(baseline), _network(baseline), _people(baseline), _logging(baseline)
    ):
        if name not in known:
            raise BaselineFileError(
                place,
                f"names {name!r}, which is not there. Check its spelling.",
                f"の「{name}」が見つかりません。綴りを確認してください。",
            )
    for place, inside, around in _addresses(baseline):
        if not inside:
            raise BaselineFileError(
                place,
                f"lies outside of {around}.",
                f"は {around} の範囲外です。",
            )


def _resources(baseline: Baseline) -> Iterator[Reference]:
    tables: tuple[tuple[str, Mapping[str, Bucket | Function | Secret | Database]], ...] = (
        ("buckets", baseline.buckets),
        ("functions", baseline.functions),
        ("secrets", baseline.secrets),
        ("databases", baseline.databases),
    )
    for table, entries in tables:
        for name, entry in entries.items():
            place = f"company.yaml, {table}.{name}"
            yield f"{place}.account", entry.account, baseline.accounts
            yield f"{place}.region", entry.region, baseline.zone_names
    roles = {role.name for role in baseline.roles.values()}
    for function in baseline.functions.values():
        yield f"company.yaml, functions.{function.name}.role", function.role, roles
        for name in function.secrets:
            yield f"company.yaml, functions.{function.name}.secrets", name, baseline.secrets
    for secret in baseline.secrets.values():
        for reader in secret.readers:
            yield f"company.yaml, secrets.{secret.name}.readers", reader, roles
    for database in baseline.databases.values():
        yield f"company.yaml, databases.{database.name}.vpc", database.vpc, baseline.vpcs
        yield f"company.yaml, databases.{database.name}", database.name, baseline.interfaces


def _network(baseline: Baseline) -> Iterator[Reference]:
    for vpc in baseline.vpcs.values():
        yield f"network.yaml, vpcs.{vpc.name}.account", vpc.account, baseline.accounts
        yield f"network.yaml, vpcs.{vpc.name}.region", vpc.region, baseline.zone_names
    for interface in baseline.network_interfaces():
        place = _place(interface)
        yield f"{place}.vpc", interface.vpc, baseline.vpcs
        vpc = baseline.vpcs[interface.vpc]
        yield f"{place}.account", interface.account, (vpc.account,)
        yield f"{place}.subnet", interface.subnet, [subnet.name for subnet in vpc.subnets]
        for group in interface.security_groups:
            yield f"{place}.security_groups", group, baseline.security_groups
    for host in baseline.hosts.values():
        zones = {subnet.name: subnet.zone for subnet in baseline.vpcs[host.vpc].subnets}
        yield f"network.yaml, hosts.{host.name}.zone", host.zone, (zones[host.subnet],)
        roles = [role.name for role in baseline.roles.values() if host.name in role.hosts]
        yield f"network.yaml, hosts.{host.name}.role", host.role, roles
    for endpoint in baseline.endpoints.values():
        yield f"network.yaml, endpoints.{endpoint.name}.vpc", endpoint.vpc, baseline.vpcs
    yield from _entrances(baseline)


def _entrances(baseline: Baseline) -> Iterator[Reference]:
    for group in baseline.security_groups.values():
        place = f"network.yaml, security_groups.{group.name}.rules"
        for rule in group.rules:
            if "/" not in rule.source:
                yield place, rule.source, baseline.security_groups
    for balancer in baseline.load_balancers.values():
        place = f"network.yaml, load_balancers.{balancer.name}"
        yield f"{place}.web_acl", balancer.web_acl, baseline.web_acls
        for node in balancer.nodes:
            yield f"{place}.nodes", node, baseline.interfaces
        for target in balancer.targets:
            yield f"{place}.targets", target, baseline.hosts


def _place(interface: Interface) -> str:
    table = "hosts" if interface.kind == "host" else "interfaces"
    return f"network.yaml, {table}.{interface.name}"


def _people(baseline: Baseline) -> Iterator[Reference]:
    sets = {role.permission_set for role in baseline.roles.values()}
    for person in baseline.people.values():
        place = f"people.yaml, people.{person.name}"
        yield f"{place}.rota", person.rota, baseline.rota
        for account in person.accounts:
            yield f"{place}.accounts", account, baseline.accounts
        if person.kind == "sso":
            yield f"{place}.permission_set", person.permission_set, sets
        else:
            yield f"{place}", person.name, baseline.users
    for role in baseline.roles.values():
        place = f"people.yaml, roles.{role.name}"
        yield f"{place}.account", role.account, baseline.accounts
        for host in role.hosts:
            yield f"{place}.hosts", host, baseline.hosts
        for function in role.functions:
            yield f"{place}.functions", function, baseline.functions
    for user in baseline.users.values():
        yield f"people.yaml, users.{user.name}.account", user.account, baseline.accounts


def _logging(baseline: Baseline) -> Iterator[Reference]:
    named = {
        "s3-data-events": baseline.buckets,
        "s3accesslog": baseline.buckets,
        "vpcflowlogs": baseline.vpcs,
        "route53resolver": baseline.vpcs,
        "alb": baseline.load_balancers,
        "waf": baseline.web_acls,
        "linux-secure": baseline.hosts,
    }
    for number, line in enumerate(baseline.logging):
        place = f"logging.yaml, logging[{number}]"
        yield f"{place}.account", line.account, (ANY, *baseline.accounts)
        yield f"{place}.region", line.region, (ANY, *baseline.zone_names)
        yield f"{place}.name", line.name, (ANY, *named.get(line.log_type, ()))
    for flow_log in baseline.flow_logs.values():
        yield f"logging.yaml, flow_logs.{flow_log.name}.vpc", flow_log.vpc, baseline.vpcs
    for resolver in baseline.resolver_logs.values():
        for vpc in resolver.vpcs:
            yield f"logging.yaml, resolver_logs.{resolver.name}.vpcs", vpc, baseline.vpcs
    for trail in baseline.trails.values():
        for bucket in (trail.bucket, *trail.data_buckets):
            yield f"logging.yaml, trails.{trail.name}", bucket, baseline.buckets


def _addresses(baseline: Baseline) -> Iterator[tuple[str, bool, str]]:
    for vpc in baseline.vpcs.values():
        for subnet in vpc.subnets:
            within = IPv4Network(subnet.cidr).subnet_of(IPv4Network(vpc.cidr))
            yield f"network.yaml, vpcs.{vpc.name}.subnets", within, vpc.cidr
    for interface in baseline.network_interfaces():
        subnets = {subnet.name: subnet.cidr for subnet in baseline.vpcs[interface.vpc].subnets}
        block = subnets[interface.subnet]
        inside = ip_address(interface.private_ip) in ip_network(block)
        yield f"{_place(interface)}.private_ip", inside, block
        if public := interface.public_ip:
            own = ip_address(public) in baseline.range_named("company-aws").network
            yield f"{_place(interface)}.public_ip", own, "company-aws"
