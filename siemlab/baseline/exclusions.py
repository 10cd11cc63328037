"""One-click exclusions: groups of addresses that are known to be good for their purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from siemlab.baseline.network import Host
from siemlab.baseline.places import Range

__all__ = ["PRIVATE_NETWORKS", "Exclusion", "exclusions_of"]

PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")

# Id, label in English and Japanese, and the ranges that make it up. Hotels are missing on purpose:
# they are on the sheet, but a trip explains only some days.
_GROUPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "office",
        "Offices and staff VPN",
        "オフィスと社員用 VPN",
        ("tokyo-office", "osaka-office", "staff-vpn", "office-ipv6"),
    ),
    ("company-aws", "Company addresses in AWS", "AWS 上の自社アドレス", ("company-aws",)),
    ("monitoring", "Mihari Monitoring", "監視 SaaS「ミハリ」", ("mihari",)),
    ("partner", "Partner agency", "提携代理店", ("partner",)),
    ("pen-tester", "Contracted penetration tester", "契約した侵入テスト業者", ("pen-tester",)),
    ("research-scanners", "Research scanners", "調査用スキャナー", ("research-scanners",)),
    ("customers", "Customers", "お客様", ("customers",)),
)


@dataclass(frozen=True)
class Exclusion:
    """A group of addresses to leave out of a search.

    Parameters
    ----------
    id
        ``office``, ``monitoring``...
    en, ja
        The label.
    field
        The field to filter.
    values
        Blocks and addresses, as ``Query.exclude(field, values)`` takes them.
    """

    id: str
    en: str
    ja: str
    field: str
    values: tuple[str, ...]


def exclusions_of(ranges: tuple[Range, ...], hosts: Mapping[str, Host]) -> tuple[Exclusion, ...]:
    """Return the exclusions that a company's ranges and hosts make up.

    Parameters
    ----------
    ranges
        The named blocks; only those on the sheet are used.
    hosts
        The hosts, of which the operations hosts are a group.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> company = load_baseline()
    >>> exclusions_of(company.ranges, company.hosts)[0].id
    'office'
    """
    blocks = {entry.name: entry.cidr for entry in ranges if entry.on_sheet}
    groups = [
        Exclusion(name, en, ja, "source.ip", tuple(blocks[part] for part in parts))
        for name, en, ja, parts in _GROUPS
    ]
    operations = [
        address
        for host in hosts.values()
        if host.operations
        for address in (host.private_ip, host.egress_ip)
        if address
    ]
    groups[1:1] = [
        Exclusion(
            "operations-hosts",
            "Operations hosts (bastion, ops, CI runner)",
            "運用系サーバー（踏み台、ops、CI ランナー）",
            "source.ip",
            tuple(operations),
        ),
        Exclusion(
            "private-networks",
            "Private networks",
            "プライベートネットワーク",
            "source.ip",
            PRIVATE_NETWORKS,
        ),
    ]
    return tuple(groups)
