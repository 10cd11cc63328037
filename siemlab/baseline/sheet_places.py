"""The places of the known-good sheet: accounts, addresses, networks, hosts."""

from __future__ import annotations

from siemlab.baseline.calendar import JST
from siemlab.baseline.company import Baseline
from siemlab.baseline.network import Host, Interface
from siemlab.baseline.places import Range
from siemlab.baseline.sheet_words import Section, Words, code

__all__ = ["accounts", "hosts", "networks", "other_interfaces", "ranges"]

_KINDS = {
    "load-balancer": ("load balancer", "ロードバランサー"),
    "nat-gateway": ("NAT gateway", "NAT ゲートウェイ"),
    "database": ("database", "データベース"),
    "cache": ("cache", "キャッシュ"),
    "lambda": ("Lambda functions", "Lambda 関数"),
    "endpoint": ("VPC endpoint", "VPC エンドポイント"),
}
_GOOD = {
    "yes": ("known good for this purpose", "この目的の範囲で正常"),
    "named": ("known, but see that time and behavior fit", "既知。ただし日時と挙動が合うか確認"),
    "expected": ("expected, not trusted", "想定内だが、信頼はしない"),
}


def accounts(company: Baseline, words: Words) -> Section:
    """Return the accounts, the outside ones at the end."""
    say = words.say
    rows: list[tuple[str, ...]] = [
        (
            account.name if account.organization else say("(outside)", "（社外）"),
            code(account.id),
            words.field(account, "purpose"),
            words.field(account, "logged"),
        )
        for account in company.accounts.values()
        if account.on_sheet
    ]
    policies = _policies(company, words)
    return (
        say("Accounts", "アカウント"),
        say(
            "GuardDuty is on in every region of the company's accounts; Security Hub gathers all "
            "regions in ap-northeast-1; AWS Config records sz-prod and sz-dev in ap-northeast-1. "
            "Apart from that, what the last column does not name is not logged. " + policies,
            "GuardDuty は自社の全アカウント・全リージョンで有効です。Security Hub は全リージョンを "
            "ap-northeast-1 に集約し、AWS Config は sz-prod と sz-dev の ap-northeast-1 を記録して"
            "います。それ以外で「ログ」欄にないものは記録されていません。" + policies,
        ),
        (
            say("account", "アカウント"),
            "ID",
            say("purpose", "用途"),
            say("logs", "ログ"),
        ),
        rows,
    )


def _policies(company: Baseline, words: Words) -> str:
    """Tell what the service control policies say of regions."""
    sentences = []
    for account in company.accounts.values():
        if allowed := code(*account.allowed_regions):
            sentences.append(
                words.say(
                    f"{account.name} may use {allowed} only",
                    f"{account.name} で使えるリージョンは {allowed} のみです",
                )
            )
        if denied := code(*account.denied_regions):
            sentences.append(
                words.say(
                    f"{account.name} may not use {denied}",
                    f"{account.name} では {denied} を使えません",
                )
            )
    return words.say(
        f"By service control policy, {'; '.join(sentences)}.",
        f"サービスコントロールポリシー（SCP）により、{'。'.join(sentences)}。",
    )


def ranges(company: Baseline, words: Words) -> Section:
    """Return the address ranges that are known."""
    say = words.say
    rows: list[tuple[str, ...]] = [
        (
            code(entry.cidr),
            words.field(entry, "who"),
            *_origin(company, entry, words),
            say(*_GOOD[entry.legitimate]),
        )
        for entry in words.ranges(company)
    ]
    return (
        say("Addresses", "アドレス範囲"),
        "",
        (
            say("range", "範囲"),
            say("who", "使用者"),
            "AS",
            say("place", "場所"),
            say("meaning", "扱い"),
        ),
        rows,
    )


def _origin(company: Baseline, entry: Range, words: Words) -> tuple[str, str]:
    asns, countries = words.spread(company, entry)
    if len(asns) > 1:
        return ", ".join(str(asn) for asn in asns), ", ".join(countries)
    city = words.say(entry.city, entry.place.city_ja)
    return f"{entry.asn} {entry.as_name}", f"{entry.country} {city}"


def networks(company: Baseline, words: Words) -> Section:
    """Return the VPCs and whether their traffic and name queries are logged."""
    say = words.say
    rows: list[tuple[str, ...]] = []
    for vpc in company.vpcs.values():
        if vpc.default and vpc.region != company.regions.home:
            continue
        place = (vpc.account, vpc.region, vpc.name)
        rows.append(
            (
                say("default VPC", "デフォルト VPC") if vpc.default else vpc.name,
                vpc.account,
                vpc.region,
                code(vpc.cidr),
                ", ".join(f"{subnet.kind} `{subnet.cidr}`" for subnet in vpc.subnets),
                words.yes(company.is_logged("vpcflowlogs", *place)),
                words.yes(company.is_logged("route53resolver", *place)),
            )
        )
    return (
        say("Networks", "ネットワーク"),
        say(
            "sz-dev also keeps the default VPC (172.31.0.0/16) in every other region, without any "
            "flow or query logs. Flow logs add up ten minutes; of Nitro instances, one minute.",
            "sz-dev では、ほかの全リージョンにもデフォルト VPC（172.31.0.0/16）が残っています"
            "（フローログもクエリログもなし）。フローログの集約間隔は 10 分で、Nitro "
            "インスタンスのみ 1 分です。",
        ),
        (
            "VPC",
            say("account", "アカウント"),
            say("region", "リージョン"),
            "CIDR",
            say("subnets", "サブネット"),
            say("flow logs", "フローログ"),
            say("query logs", "クエリログ"),
        ),
        rows,
    )


def hosts(company: Baseline, words: Words) -> Section:
    """Return the hosts, with their instance ids where the team's are known."""
    say, known = words.say, words.identifiers
    listed = [*company.hosts.values()]
    with_ids = any(host.name in known for host in listed)
    rows: list[tuple[str, ...]] = [
        (
            host.name,
            *([code(known.get(host.name))] if with_ids else []),
            code(host.private_ip),
            code(host.public_ip) if host.public_ip else f"NAT {code(host.nat_ip)}",
            code(host.role),
            words.field(host, "purpose") + _life(host, words),
        )
        for host in listed
    ]
    header = (
        say("host", "ホスト"),
        *([say("instance id", "インスタンス ID")] if with_ids else []),
        say("private", "プライベート"),
        say("public", "グローバル"),
        say("role", "ロール"),
        say("purpose", "用途"),
    )
    note = say(
        "The two web servers still answer the first version of the metadata service (IMDSv1). The "
        "hosts' clocks, and so the times in syslog, are JST.",
        "Web サーバー 2 台はメタデータサービスの旧版（IMDSv1）にも応答します。サーバーの時計"
        "（syslog の時刻）は JST です。",
    )
    return say("Hosts", "サーバー"), note, header, rows


def _life(host: Host, words: Words) -> str:
    since, until = host.since.astimezone(JST).date(), host.until
    parts = []
    if since.year >= 2022:
        parts.append(words.say(f"since {since}", f"{since} から"))
    if until is not None:
        last = until.astimezone(JST).date()
        parts.append(words.say(f"until {last}", f"{last} まで"))
    return words.say(f" ({', '.join(parts)})", f"（{'、'.join(parts)}）") if parts else ""


def other_interfaces(company: Baseline, words: Words) -> Section:
    """Return whose the other addresses in the networks are."""
    say = words.say

    def row(interface: Interface) -> tuple[str, ...]:
        return (
            interface.name,
            say(*_KINDS[interface.kind]),
            code(interface.private_ip),
            code(interface.public_ip),
            ", ".join(str(port) for port in interface.ports),
        )

    return (
        say("Other addresses in the networks", "その他のネットワークインターフェイス"),
        say(
            "The website is `www.sazanami-tabi.example` behind `sz-prod-alb` with "
            "`sz-prod-webacl`. An S3 gateway endpoint serves sz-prod and sz-dev.",
            "サイトは `www.sazanami-tabi.example`（`sz-prod-alb` と `sz-prod-webacl` の背後）。"
            "sz-prod と sz-dev には S3 のゲートウェイエンドポイントがあります。",
        ),
        (
            say("name", "名前"),
            say("kind", "種類"),
            say("private", "プライベート"),
            say("public", "グローバル"),
            say("ports", "ポート"),
        ),
        [row(interface) for interface in company.interfaces.values()],
    )
