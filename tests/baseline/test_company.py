"""The company: complete, in agreement with itself, and nobody's."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from siemlab import baseline as room
from siemlab.baseline import load_baseline
from siemlab.baseline.loading import FILES
from siemlab.baseline.reading import read_yaml
from siemlab.logs import LOG_TYPES

FOLDER = Path(room.__file__).parent
COMPANY = load_baseline()
# RFC 5737, RFC 2544, RFC 1918, RFC 3849; and "from anywhere" in security groups.
NOBODYS = [
    ip_network(block)
    for block in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "198.18.0.0/15",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "2001:db8::/32",
    )
]
# The accounts of AWS's documentation.
DOCUMENTED = {
    "111122223333", "444455556666", "777788889999", "123456789012", "222222222222",
    "333333333333", "555555555555", "999999999999", "888877776666",
}  # fmt: skip


def values(node: Any) -> Iterator[str]:
    """Every key and value of a file, as text."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from values(key)
            yield from values(value)
    elif isinstance(node, list):
        for item in node:
            yield from values(item)
    else:
        yield str(node)


# Versions of browsers look like addresses: 107.0.0.0.
TEXTS = [
    text
    for name in FILES
    if name != "browsers"
    for text in values(read_yaml(FOLDER / f"{name}.yaml"))
]


def test_every_address_lies_in_a_block_that_belongs_to_nobody() -> None:
    found = {
        address
        for text in TEXTS
        for address in re.findall(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}|2001:[0-9a-f:]+", text)
    }
    assert len(found) > 100
    foreign = [
        address
        for address in sorted(found - {"0.0.0.0"})
        if not any(ip_address(address) in block for block in NOBODYS)
    ]
    assert foreign == []


def test_every_domain_is_reserved_or_names_a_service_of_aws() -> None:
    words = {word for text in TEXTS for word in re.findall(r"[\w-]+(?:\.[A-Za-z][\w-]*)+", text)}
    words.discard("K.K")  # the legal form, which ends with a full stop
    aws = re.compile(r"(com\.amazonaws\.[\w.-]+|[\w.-]+\.amazonaws\.com|nodejs14\.x)$")
    runtimes = re.compile(r"(db|[tmcr]\d)\.[\w.]+$")  # sizes: t2.small, db.m5.xlarge
    foreign = [
        word
        for word in sorted(words)
        if not word.endswith(".example") and not aws.match(word) and not runtimes.match(word)
    ]
    assert foreign == []
    assert "www.sazanami-tabi.example" in words


def test_every_account_is_one_of_the_documentation() -> None:
    assert {account.id for account in COMPANY.accounts.values()} == DOCUMENTED
    found = {number for text in TEXTS for number in re.findall(r"(?<!\d)\d{12}(?!\d)", text)}
    assert found <= DOCUMENTED


def test_no_key_stands_in_the_files() -> None:
    assert [text for text in TEXTS if re.search(r"\b(AKIA|ASIA|AIDA|AROA)[A-Z0-9]", text)] == []


def test_autonomous_systems_are_for_documentation_and_have_one_name_each() -> None:
    named = {(entry.asn, entry.as_name) for entry in COMPANY.ranges}
    assert all(64496 <= asn <= 64511 for asn, _ in named)
    assert len(named) == len({asn for asn, _ in named})


def test_the_company_is_read_in_a_moment_and_only_once() -> None:
    command = (
        "import time, sys; a = time.perf_counter()\n"
        "from siemlab.baseline import load_baseline\n"
        "assert 'yaml' not in sys.modules and 'mmdb_writer' not in sys.modules\n"
        "load_baseline(); print(time.perf_counter() - a)"
    )
    run = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert float(run.stdout) < 2
    assert load_baseline() is load_baseline()


def test_there_are_forty_users_of_aws_and_production_has_five_iam_users() -> None:
    assert len(COMPANY.people) == 40
    users = [user.name for user in COMPANY.users.values() if user.account == "sz-prod"]
    # ListMFADevices of the incident in December runs over all of them.
    assert sorted(users) == [
        "k-tanabe", "svc-backup", "svc-report-export", "t-kirishima", "y-sudo",
    ]  # fmt: skip


def test_people_act_from_the_addresses_of_their_office_and_the_vpn() -> None:
    for person in COMPANY.people.values():
        office = COMPANY.range_of(person.office_ip)
        assert office is not None
        assert office.name == f"{person.office}-office"
        if person.vpn_ip:
            vpn = COMPANY.range_of(person.vpn_ip)
            assert vpn is not None
            assert vpn.name == "staff-vpn"


def test_only_one_iam_user_with_a_password_has_no_second_factor() -> None:
    open_ones = [user.name for user in COMPANY.users.values() if user.console and not user.mfa]
    assert open_ones == ["k-tanabe"]
    for person in COMPANY.people.values():
        if person.kind == "iam-user":
            assert COMPANY.users[person.name].mfa == person.mfa
            assert COMPANY.users[person.name].account == person.account
        else:
            assert not person.mfa  # CloudTrail never shows the provider's factor


@pytest.mark.parametrize(
    ("host", "private", "egress", "role"),
    [
        ("sz-prod-bastion-01", "10.20.0.10", "203.0.113.129", "sz-bastion-ec2-role"),
        ("sz-prod-ops-01", "10.20.10.5", "203.0.113.130", "sz-ops-ec2-role"),
        ("sz-prod-web-01", "10.20.10.21", "203.0.113.130", "sz-web-ec2-role"),
        ("sz-prod-web-02", "10.20.11.21", "203.0.113.131", "sz-web-ec2-role"),
        ("sz-prod-batch-01", "10.20.10.41", "203.0.113.130", "sz-batch-ec2-role"),
        ("sz-dev-ci-runner-01", "10.40.10.11", "203.0.113.141", "sz-dev-ci-runner-role"),
    ],
)
def test_a_host_is_where_the_stories_need_it(
    host: str, private: str, egress: str, role: str
) -> None:
    found = COMPANY.hosts[host]
    assert (found.private_ip, found.egress_ip, found.role) == (private, egress, role)


def test_only_the_web_servers_still_use_the_old_metadata_service() -> None:
    old = [host.name for host in COMPANY.hosts.values() if host.http_tokens == "optional"]
    assert old == ["sz-prod-web-01", "sz-prod-web-02"]
    assert old == [host.name for host in COMPANY.hosts.values() if host.role_delivery == "1.0"]


def test_nitro_is_told_by_the_instance_family() -> None:
    older = {"t2", "m4", "c4", "r4", "p3"}
    for host in COMPANY.hosts.values():
        assert host.nitro == (host.instance_type.partition(".")[0] not in older), host.name


def test_hosts_of_production_leave_by_the_gateway_of_their_zone() -> None:
    gateways = {"ap-northeast-1a": "203.0.113.130", "ap-northeast-1c": "203.0.113.131"}
    for host in COMPANY.hosts.values():
        if host.account == "sz-prod" and host.nat_ip:
            assert host.nat_ip == gateways[host.zone], host.name


def test_an_address_has_one_owner() -> None:
    private = Counter(found.private_ip for found in COMPANY.network_interfaces())
    public = Counter(found.public_ip for found in COMPANY.network_interfaces() if found.public_ip)
    assert [address for address, count in (private + public).items() if count > 1] == []
    gateway = COMPANY.owner_of("203.0.113.130")
    assert gateway is not None
    assert gateway.kind == "nat-gateway"
    assert COMPANY.owner_of("10.20.10.21") is not None
    assert COMPANY.owner_of("198.18.0.1") is None


def test_a_host_lives_from_its_first_to_its_last_day() -> None:
    mock = COMPANY.hosts["sz-dev-mock-01"]
    assert mock.alive(datetime(2022, 8, 26, 5, 29, tzinfo=UTC))
    assert not mock.alive(datetime(2022, 8, 26, 5, 30, tzinfo=UTC))
    assert not COMPANY.hosts["sz-prod-search-02"].alive(datetime(2022, 4, 1, tzinfo=UTC))


def test_the_development_account_keeps_a_default_network_in_every_region() -> None:
    defaults = [vpc for vpc in COMPANY.vpcs.values() if vpc.default]
    assert [vpc.region for vpc in defaults] == list(COMPANY.all_regions)
    assert {(vpc.account, vpc.cidr) for vpc in defaults} == {("sz-dev", "172.31.0.0/16")}
    for vpc in defaults:
        assert [subnet.zone for subnet in vpc.subnets] == list(COMPANY.zones(vpc.region))


def test_there_are_seventeen_regions_and_the_company_uses_three() -> None:
    assert len(COMPANY.all_regions) == 17
    used = (COMPANY.regions.home, COMPANY.regions.backup, COMPANY.regions.global_)
    assert used == ("ap-northeast-1", "ap-northeast-3", "us-east-1")
    assert set(used) <= set(COMPANY.all_regions)


@pytest.mark.parametrize(
    ("account", "region", "permitted"),
    [
        ("sz-prod", "ap-northeast-3", True),
        ("sz-prod", "us-west-2", False),
        ("sz-dev", "eu-central-1", False),
        ("sz-dev", "sa-east-1", False),
        ("sz-dev", "us-west-2", True),
        ("sz-security", "eu-west-1", True),
    ],
)
def test_the_organization_limits_regions(account: str, region: str, permitted: bool) -> None:
    assert COMPANY.accounts[account].permits(region) is permitted


def test_an_account_is_found_by_name_and_by_number() -> None:
    assert COMPANY.account("444455556666") is COMPANY.account("sz-prod")
    with pytest.raises(KeyError):
        COMPANY.account("000000000000")


def test_a_role_is_found_by_account_and_name() -> None:
    prod = COMPANY.role("sz-prod", "AWSReservedSSO_SZ-Admin")
    dev = COMPANY.role("sz-dev", "AWSReservedSSO_SZ-Admin")
    assert prod.name != dev.name
    assert COMPANY.role("sz-prod", prod.name) is prod
    assert re.fullmatch(r"AWSReservedSSO_SZ-Admin_[0-9a-f]{16}", prod.name)
    mihari = [COMPANY.role(account, "MihariMonitoringRole") for account in ("sz-prod", "sz-dev")]
    assert [role.account for role in mihari] == ["sz-prod", "sz-dev"]
    assert all(role.external_id and role.trusted == ("mihari",) for role in mihari)


def test_whoever_signs_in_by_the_identity_center_has_a_role_in_each_account() -> None:
    for person in COMPANY.people.values():
        if person.kind == "sso":
            for account in person.accounts:
                role = COMPANY.role(account, f"AWSReservedSSO_{person.permission_set}")
                assert role.permission_set == person.permission_set


def test_production_owns_seven_buckets_and_three_functions() -> None:
    owned = [bucket for bucket in COMPANY.buckets.values() if bucket.account == "sz-prod"]
    assert len(owned) == 7
    running = [entry for entry in COMPANY.functions.values() if entry.account == "sz-prod"]
    assert len(running) == 3


def test_the_policy_of_a_bucket_is_the_policy_of_logging() -> None:
    for bucket in COMPANY.buckets.values():
        place = (bucket.account, bucket.region, bucket.name)
        assert COMPANY.is_logged("s3-data-events", *place) == bucket.data_events, bucket.name
        assert COMPANY.is_logged("s3accesslog", *place) == bucket.access_log, bucket.name


def test_trails_flow_logs_and_query_logs_are_what_the_policy_says() -> None:
    named = {
        "s3-data-events": {
            name for trail in COMPANY.trails.values() for name in trail.data_buckets
        },
        "vpcflowlogs": {flow.vpc for flow in COMPANY.flow_logs.values()},
        "route53resolver": {vpc for log in COMPANY.resolver_logs.values() for vpc in log.vpcs},
    }
    for log_type, expected in named.items():
        lines = {line.name for line in COMPANY.logging if line.log_type == log_type}
        assert lines == expected


def test_the_policy_speaks_of_log_types_that_there_are() -> None:
    types = {log_type.name for log_type in LOG_TYPES}
    assert {line.log_type for line in COMPANY.logging} - {"s3-data-events"} <= types


@pytest.mark.parametrize(
    ("log_type", "account", "region", "name", "logged"),
    [
        ("cloudtrail", "sz-dev", "us-west-2", "", True),
        ("cloudtrail", "222222222222", "ap-northeast-1", "", False),
        ("cloudtrail", "attacker-b", "us-east-1", "", False),
        ("vpcflowlogs", "sz-prod", "ap-northeast-1", "sz-prod", True),
        ("vpcflowlogs", "sz-dev", "us-west-2", "sz-dev-default-us-west-2", False),
        ("route53resolver", "sz-dev", "us-west-2", "sz-dev-default-us-west-2", False),
        ("vpcflowlogs", "777788889999", "ap-northeast-1", "sz-dev-default-ap-northeast-1", True),
        ("vpcflowlogs", "sz-security", "ap-northeast-1", "sz-security", False),
        ("s3-data-events", "sz-prod", "ap-northeast-1", "sz-prod-partner-exchange", False),
        ("s3accesslog", "sz-prod", "ap-northeast-1", "sz-prod-partner-exchange", True),
        ("s3-data-events", "sz-prod", "ap-northeast-1", "sz-prod-analytics-export", False),
        ("s3accesslog", "sz-prod", "ap-northeast-1", "sz-prod-analytics-export", False),
        ("linux-secure", "sz-prod", "ap-northeast-1", "sz-prod-web-01", False),
        ("linux-secure", "sz-prod", "ap-northeast-1", "sz-prod-bastion-01", True),
        ("guardduty", "sz-dev", "us-west-2", "", True),
    ],
)
def test_what_is_logged_and_what_is_blind(
    log_type: str, account: str, region: str, name: str, logged: bool
) -> None:
    assert COMPANY.is_logged(log_type, account, region, name) is logged


def test_guardduty_watches_every_region_of_every_own_account() -> None:
    assert len(COMPANY.detectors) == 4 * 17
    assert {entry.administrator for entry in COMPANY.detectors.values()} == {"sz-security"}


@pytest.mark.parametrize(
    ("group", "source", "port", "groups", "admitted"),
    [
        ("sz-prod-bastion-sg", "192.0.2.10", 22, (), True),
        ("sz-prod-bastion-sg", "203.0.113.97", 22, (), True),
        ("sz-prod-bastion-sg", "198.51.100.163", 22, (), False),
        ("sz-prod-bastion-sg", "192.0.2.66", 22, (), False),
        ("sz-prod-web-sg", "10.20.0.10", 22, ("sz-prod-bastion-sg",), True),
        ("sz-prod-batch-sg", "10.20.0.10", 22, ("sz-prod-bastion-sg",), True),
        ("sz-prod-db-sg", "10.20.0.10", 5432, ("sz-prod-bastion-sg",), False),
        ("sz-prod-db-sg", "10.20.10.21", 5432, ("sz-prod-web-sg",), True),
        ("sz-prod-alb-sg", "198.18.3.4", 443, (), True),
        ("sz-prod-alb-sg", "198.18.3.4", 8080, (), False),
    ],
)
def test_security_groups_let_in_what_the_stories_need(
    group: str, source: str, port: int, groups: tuple[str, ...], admitted: bool
) -> None:
    assert COMPANY.security_groups[group].admits(source, port, groups) is admitted


def test_every_role_of_a_host_or_function_trusts_its_service() -> None:
    for role in COMPANY.roles.values():
        if role.hosts:
            assert "ec2.amazonaws.com" in role.trusted
        if role.functions:
            assert role.trusted == ("lambda.amazonaws.com",)


def test_what_trusts_another_principal_names_one_that_there_is() -> None:
    known = {role.qualified for role in COMPANY.roles.values()}
    known |= {f"{user.account}/{user.name}" for user in COMPANY.users.values()}
    known |= {*COMPANY.accounts, "sso"}
    trusted = {name for role in COMPANY.roles.values() for name in role.trusted}
    assert [name for name in trusted if name not in known and "amazonaws" not in name] == []


def test_no_browser_is_younger_than_the_day() -> None:
    versions = {"2022-02-10": 98, "2022-11-24": 107, "2023-01-20": 109}
    for day, newest in versions.items():
        for person in COMPANY.people:
            agent = COMPANY.agent(person, date.fromisoformat(day))
            chrome = re.search(r"Chrome/(\d+)", agent)
            assert chrome is None or newest - 1 <= int(chrome[1]) <= newest
    for person_ in COMPANY.people.values():
        assert re.search(r"(Chrome|Firefox)/107\.|Version/16\.1", person_.agent)


def test_looking_up_an_address_is_quick() -> None:
    addresses = [f"198.18.{high}.{low}" for high in range(64) for low in range(0, 256, 4)]
    for address in addresses:
        COMPANY.range_of(address)
    start = time.process_time()
    for address in addresses:
        COMPANY.range_of(address)
    assert time.process_time() - start < 0.5
