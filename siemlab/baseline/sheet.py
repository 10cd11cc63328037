"""The known-good sheet: what every team is told of the company, as a page and as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from siemlab.baseline.company import Baseline
from siemlab.baseline.loading import load_baseline
from siemlab.baseline.places import Range
from siemlab.baseline.sheet_acts import buckets, calendar, exclusions, functions, machines, people
from siemlab.baseline.sheet_places import accounts, hosts, networks, other_interfaces, ranges
from siemlab.baseline.sheet_words import Words

__all__ = ["known_good_markdown", "known_good_yaml"]

_SECTIONS = (
    accounts,
    ranges,
    networks,
    hosts,
    other_interfaces,
    people,
    machines,
    functions,
    buckets,
    calendar,
    exclusions,
)


def known_good_markdown(
    lang: str = "en",
    identifiers: Mapping[str, str] | None = None,
    baseline: Baseline | None = None,
) -> str:
    """Return the known-good sheet as a page.

    Parameters
    ----------
    lang
        ``"en"`` or ``"ja"``.
    identifiers
        What differs by team: instance ids by host, access key ids by IAM user. Without it the
        sheet has no columns for them.
    baseline
        The company; the package's own by default.

    Returns
    -------
    str
        Markdown with tables.

    Examples
    --------
    >>> print(known_good_markdown().splitlines()[0])
    # Known-good sheet of Sazanami Tabi K.K.
    >>> print(known_good_markdown("ja").splitlines()[0])
    # さざなみ旅株式会社 正常情報シート
    """
    company = baseline or load_baseline()
    words = Words(lang, dict(identifiers or {}))
    parts = [_head(company, words)]
    for section in _SECTIONS:
        title, note, header, rows = section(company, words)
        parts.append(
            "\n\n".join(part for part in (f"## {title}", note, _table(header, rows)) if part)
        )
    return "\n\n".join(parts) + "\n"


def _head(company: Baseline, words: Words) -> str:
    firm, regions = company.company, company.regions
    return words.say(
        f"# Known-good sheet of {firm.name_en}\n\n"
        f"An online travel agency with {firm.staff} staff in Tokyo and Osaka, domain "
        f"`{firm.domain}`. This sheet describes what is normal, as of {firm.as_of}. You are "
        "SZ-CSIRT.\n\n"
        "Known good means good *for its purpose*: monitoring may poll, a tester may test in the "
        "announced window, a colleague on a trip may sign in from a hotel. It does not mean that "
        "everything from there is harmless. Leave it out first, and look at it again when "
        "nothing else is left.\n\n"
        f"Regions: `{regions.home}` is home, backups go to `{regions.backup}`, global services "
        f"(IAM, STS, console sign-in) log in `{regions.global_}`. Times are UTC unless JST "
        "(UTC+9) is written beside them. All names, accounts and addresses are fictional.",
        f"# {firm.name_ja} 正常情報シート\n\n"
        f"東京と大阪に拠点を置く、社員 {firm.staff} 名のオンライン旅行会社です。ドメインは "
        f"`{firm.domain}`。このシートは {firm.as_of} 時点の「いつもの状態」をまとめたものです。"
        "あなたは SZ-CSIRT の一員です。\n\n"
        "ここに載っているものは、*その目的の範囲では*正常です。監視サービスは死活監視を行い、"
        "テスト業者は予告した時間帯にテストを行い、出張中の社員はホテルからサインインします。"
        "ただし、そこからの通信がすべて無害とは限りません。まずは除外して調べ、行き詰まったら"
        "除外を外して見直してください。\n\n"
        f"リージョン: 通常は `{regions.home}`、バックアップは `{regions.backup}`。グローバル"
        f"サービス（IAM、STS、コンソールへのサインイン）のログは `{regions.global_}` に出ます。"
        "時刻は特記がなければ UTC で、日本時間（UTC+9）は JST と書き添えています。名称・"
        "アカウント・アドレスはすべて架空のものです。",
    )


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = [*header]
    lines = [titles, ["---"] * len(titles), *([*row] for row in rows)]
    return "\n".join(f"| {' | '.join(cell or '-' for cell in line)} |" for line in lines)


def known_good_yaml(
    identifiers: Mapping[str, str] | None = None, baseline: Baseline | None = None
) -> str:
    """Return the known-good sheet as YAML, for programs.

    Parameters
    ----------
    identifiers
        What differs by team: instance ids by host, access key ids by IAM user.
    baseline
        The company; the package's own by default.

    Examples
    --------
    >>> import yaml
    >>> sheet = yaml.safe_load(known_good_yaml())
    >>> [entry["cidr"] for entry in sheet["ranges"] if entry["name"] == "mihari"]
    ['192.0.2.0/26']
    """
    import yaml

    company = baseline or load_baseline()
    text: str = yaml.safe_dump(
        _data(company, dict(identifiers or {})), sort_keys=False, allow_unicode=True, width=100
    )
    return text


def _data(company: Baseline, identifiers: Mapping[str, str]) -> dict[str, Any]:
    listed = Words("en", dict(identifiers))
    return {
        "company": _plain(company.company, "name_en", "name_ja", "domain", "as_of"),
        "accounts": [
            _plain(account, "name", "id", "purpose_en", "purpose_ja", "organization")
            for account in company.accounts.values()
            if account.on_sheet
        ],
        "regions": {
            "home": company.regions.home,
            "backup": company.regions.backup,
            "global": company.regions.global_,
        },
        "ranges": [_range(company, entry, listed) for entry in listed.ranges(company)],
        "networks": [
            _plain(vpc, "name", "account", "region", "cidr")
            for vpc in company.vpcs.values()
            if not vpc.default
        ],
        **_bearers(company, identifiers),
        "people": [
            _plain(person, "name", "email", "accounts", "kind", "permission_set", "mfa")
            for person in company.people.values()
        ],
        "buckets": [
            _plain(bucket, "name", "account", "data_events", "access_log", "versioning")
            for bucket in company.buckets.values()
        ],
        "calendar": [
            _plain(change, "id", "what_en", "what_ja", "start", "end", "weekly", "who")
            for change in listed.calendar(company)
        ],
        "exclusions": [
            _plain(exclusion, "id", "en", "ja", "field", "values")
            for exclusion in company.exclusions
        ],
    }


def _bearers(company: Baseline, identifiers: Mapping[str, str]) -> dict[str, Any]:
    """Return the hosts and the machines' users, with the identifiers that their team knows."""
    return {
        "hosts": [
            {
                **_plain(host, "name", "account", "private_ip", "public_ip", "nat_ip", "role"),
                **_known(identifiers, host.name, "instance_id"),
            }
            for host in company.hosts.values()
        ],
        "machine_users": [
            {
                **_plain(user, "name", "account", "sources", "note_en", "note_ja"),
                **_known(identifiers, user.name, "access_key_id"),
            }
            for user in company.users.values()
            if user.kind == "machine"
        ],
    }


def _range(company: Baseline, entry: Range, words: Words) -> dict[str, Any]:
    asns, countries = words.spread(company, entry)
    return {
        **_plain(entry, "name", "cidr", "who_en", "who_ja"),
        "asns": asns,
        "countries": countries,
        "known_good": entry.legitimate,
    }


def _known(identifiers: Mapping[str, str], name: str, key: str) -> dict[str, str]:
    return {key: identifiers[name]} if name in identifiers else {}


def _plain(value: object, *names: str) -> dict[str, Any]:
    """Return some attributes as YAML can hold them; what is None or empty is left out."""
    found = {name: getattr(value, name) for name in names}
    return {
        name: list(item) if isinstance(item, tuple) else item
        for name, item in found.items()
        if item is not None and item not in ("", ())
    }
