"""The known-good sheet: everything learners may know, in two languages, and nothing else."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from siemlab.baseline import known_good_markdown, known_good_yaml, load_baseline
from siemlab.normalize import Document
from siemlab.query import Query
from siemlab.store import open_store

COMPANY = load_baseline()
LANGUAGES = ("en", "ja")
IDENTIFIERS = {"sz-prod-web-01": "i-0123456789abcdef0", "svc-backup": "AKIAWO645SY5AAAAAAAA"}
PAGES = [
    pytest.param(known_good_markdown("en"), id="en"),
    pytest.param(known_good_markdown("ja"), id="ja"),
    pytest.param(known_good_yaml(), id="yaml"),
]


@pytest.mark.parametrize("page", PAGES)
def test_the_sheet_names_only_what_learners_may_know(page: str) -> None:
    hidden = [entry for entry in COMPANY.ranges if not entry.on_sheet]
    assert [entry.name for entry in hidden if entry.cidr in page or entry.who_ja in page] == []
    outsiders = [account for account in COMPANY.accounts.values() if not account.on_sheet]
    assert len(outsiders) == 2
    assert [account.id for account in outsiders if account.id in page] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_address_on_the_sheet_is_a_known_one(page: str) -> None:
    known = [ip_network(entry.cidr) for entry in COMPANY.ranges if entry.on_sheet]
    known += [ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    found = set(re.findall(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])", page))
    assert len(found) > 20
    assert [
        address
        for address in found
        if not any(ip_address(address) in block for block in known if block.version == 4)
    ] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_sheet_is_complete(page: str) -> None:
    shown = [account.id for account in COMPANY.accounts.values() if account.on_sheet]
    shown += [vpc.cidr for vpc in COMPANY.vpcs.values() if not vpc.default]
    shown += [host.private_ip for host in COMPANY.hosts.values()]
    shown += [*COMPANY.hosts, *COMPANY.buckets, *COMPANY.people]
    shown += [user.name for user in COMPANY.users.values() if user.kind == "machine"]
    shown += [change.id for change in COMPANY.calendar]
    shown += ["192.0.2.0/26", "198.18.0.0/16", "198.51.100.160/27"]
    assert [text for text in shown if text not in page] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_has_as_many_cells_in_each_row(lang: str) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", known_good_markdown(lang), re.MULTILINE)
    assert len(tables) == 11
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
        assert len(table.splitlines()) > 2


def test_both_languages_have_the_same_parts() -> None:
    shapes = [
        [
            "#" * (len(line) - len(line.lstrip("#"))) or "|"
            for line in known_good_markdown(lang).splitlines()
            if line.startswith(("#", "|"))
        ]
        for lang in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


def test_the_english_page_is_english_and_the_japanese_one_has_all_sentences() -> None:
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", known_good_markdown("en")) == []
    rows = [line for line in known_good_markdown("ja").splitlines() if line and line[0] not in "|#"]
    assert [line for line in rows if not re.search(r"[ぁ-ん]", line)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_page_can_be_taken_for_a_tag(lang: str) -> None:
    plain = re.sub(r"`[^`]*`", "", known_good_markdown(lang))
    assert "<" not in plain


def test_the_page_tells_the_two_clocks() -> None:
    assert "2022-11-24 04:00-06:00Z (13:00-15:00 JST)" in known_good_markdown("en")
    assert "every Monday 16:00-16:40Z (Tuesday 01:00-01:40 JST)" in known_good_markdown("en")
    assert "毎週月曜 16:00-16:40Z（火曜 01:00-01:40 JST）" in known_good_markdown("ja")
    assert "2022-11-22 to 2022-11-26" in known_good_markdown("en")


def test_what_differs_by_team_is_shown_where_it_is_given() -> None:
    assert "instance id" not in known_good_markdown("en")
    page, sheet = known_good_markdown("en", IDENTIFIERS), known_good_yaml(IDENTIFIERS)
    for identifier in IDENTIFIERS.values():
        assert identifier in page
        assert identifier in sheet
        assert identifier not in known_good_yaml()
    hosts = {host["name"]: host for host in yaml.safe_load(sheet)["hosts"]}
    assert hosts["sz-prod-web-01"]["instance_id"] == IDENTIFIERS["sz-prod-web-01"]
    assert "instance_id" not in hosts["sz-prod-web-02"]


def test_the_yaml_can_be_read_by_a_learners_code() -> None:
    sheet: dict[str, Any] = yaml.safe_load(known_good_yaml())
    by_name = {entry["name"]: entry for entry in sheet["ranges"]}
    assert by_name["customers"]["countries"] == ["JP", "KR", "TW", "US", "SG"]
    assert by_name["hotels-singapore"]["known_good"] == "named"
    buckets = {entry["name"]: entry for entry in sheet["buckets"]}
    assert buckets["sz-prod-analytics-export"]["data_events"] is False
    assert buckets["sz-prod-customer-docs"]["access_log"] is True
    assert {entry["id"] for entry in sheet["exclusions"]} >= {"office", "monitoring"}
    starts = [entry["start"] for entry in sheet["calendar"]]
    assert all(start.tzinfo is not None for start in starts)


def test_exclusions_are_known_good_and_hotels_are_not_among_them() -> None:
    ids = [exclusion.id for exclusion in COMPANY.exclusions]
    assert ids == [
        "office", "operations-hosts", "private-networks", "company-aws", "monitoring", "partner",
        "pen-tester", "research-scanners", "customers",
    ]  # fmt: skip
    excluded = {value for exclusion in COMPANY.exclusions for value in exclusion.values}
    assert "198.51.100.160/27" not in excluded
    assert not any(value.startswith(("198.51.100.", "198.19.")) for value in excluded)
    assert all(exclusion.en and exclusion.ja for exclusion in COMPANY.exclusions)


INSIDE = {
    "office": ["203.0.113.12", "203.0.113.70", "203.0.113.97", "2001:db8:10::1"],
    "operations-hosts": ["10.20.0.10", "203.0.113.130", "203.0.113.141"],
    "private-networks": ["10.20.10.21", "172.31.4.4"],
    "company-aws": ["203.0.113.141"],
    "monitoring": ["192.0.2.10"],
    "partner": ["192.0.2.84"],
    "pen-tester": ["192.0.2.66"],
    "research-scanners": ["192.0.2.131"],
    "customers": ["198.18.9.9"],
}
OUTSIDE = ["198.51.100.163", "198.51.100.23", "198.19.44.17"]


@pytest.mark.parametrize("exclusion", COMPANY.exclusions, ids=lambda found: found.id)
def test_one_click_leaves_out_what_it_names_and_nothing_else(exclusion: Any) -> None:
    inside = INSIDE[exclusion.id]
    documents = [
        Document(
            index="log-aws-cloudtrail-2022-11",
            id=str(number),
            source={"@timestamp": "2022-11-24T00:00:00Z", "source": {"ip": address}},
        )
        for number, address in enumerate([*inside, *OUTSIDE])
    ]
    store = open_store(engine="pandas")
    store.add(documents)
    query = Query("log-aws-cloudtrail-*")
    left = store.top(query.exclude(exclusion.field, exclusion.values), "source.ip", 50)
    kept = store.top(query.include(exclusion.field, exclusion.values), "source.ip", 50)
    assert {bucket.key for bucket in left} == set(OUTSIDE)
    assert {bucket.key for bucket in kept} == set(inside)
