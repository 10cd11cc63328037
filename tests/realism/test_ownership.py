"""Nobody is named: what belongs to somebody is found wherever it stands; all else is let be."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.realism.inventory import Inventory
from siemlab.realism.ownership import NOBODYS, OwnershipCheck, owned_in

from .conftest import COMPANY, Event, key_of, show

INVENTORY = Inventory(accounts=frozenset({COMPANY, "111122223333"}))

NOBODY = {
    "documentation": "203.0.113.7",
    "in a sentence": "Accepted password for deploy from 198.51.100.77 port 50114 ssh2",
    "benchmark": "198.19.255.254",
    "private": "10.20.10.21",
    "range": "0.0.0.0/0",
    "metadata": "GET /preview?url=http://169.254.169.254/latest/meta-data/ HTTP/1.1",
    "metadata, encoded": "url=http%3A%2F%2F169.254.169.254%2Flatest",
    "version of a browser": "Mozilla/5.0 (Windows NT 10.0) Chrome/107.0.0.0 Safari/537.36",
    "version of a tool": "aws-cli/2.8.5 Python/3.9.11 Linux/5.10.149-133.644.amzn2.x86_64",
    "IPv6 of documentation": "2001:db8:10::7",
    "time": "12:23:05",
    "type": "AWS::EC2::Instance",
    "arn": f"arn:aws:iam::{COMPANY}:user/hana",
    "arn of AWS": "arn:aws:iam::aws:policy/AdministratorAccess",
    "endpoint": "sz-prod-customer-docs.s3.ap-northeast-1.amazonaws.com",
    "console": "https://ap-northeast-1.console.aws.amazon.com/ec2",
    "mail of AWS": "Please email aws-verification@amazon.com if it takes longer.",
    "site": "https://www.sazanami-tabi.example:443/preview?a=1",
    "reserved": "pool.minethis.test.",
    "example": "www.example.com",
    "inside": "ip-10-20-10-21.ap-northeast-1.compute.internal",
    "page of a tool in its agent": "Terraform/1.3.4 (+https://www.terraform.io) aws-sdk-go/1.44",
    "page of a tool in brackets": "[S3 Browser/10.5.9 (https://s3browser.com)]",
    "file": "passport/2022/11/a.jpg",
    "code": "command/lambda.update-function-code",
    "key": key_of(COMPANY, "AKIA"),
}
SOMEBODY = {
    "address": ("8.8.8.8", "address"),
    "address in a sentence": ("Failed password for root from 45.33.32.156 port 22", "address"),
    "address in a URL": ("http://45.33.32.156/x.sh", "address"),
    "address and port": ("45.33.32.156:443", "address"),
    "range of somebody": ("45.33.32.0/24", "address"),
    "IPv6": ("2606:4700:4700::1111", "address"),
    "account in an arn": ("arn:aws:iam::101010101010:role/x", "account"),
    "domain": ("pool.minexmr.com", "domain"),
    "domain in a URL": ("GET /?url=https://www.contoso.com/a HTTP/1.1", "domain"),
    "domain in an agent": ("(compatible; Bot/2.1; +http://www.contoso.com/bot)", "domain"),
    "domain of a country": ("www.contoso.co.jp", "domain"),
    "page of a tool elsewhere": ("https://www.terraform.io/", "domain"),
    "mail": ("hana@contoso.com", "domain"),
    "key of somebody": (key_of("101010101010", "AKIA"), "key"),
    "key that is none": ("AKIA0189018901890189", "key"),
    "placeholder": ("AKIAIOSFODNN7EXAMPLE", "key"),
}


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY)
def test_what_is_nobodys_is_let_be(text: str) -> None:
    assert list(owned_in(text, INVENTORY)) == []


@pytest.mark.parametrize(("text", "kind"), SOMEBODY.values(), ids=SOMEBODY)
def test_what_is_somebodys_is_found(text: str, kind: str) -> None:
    assert kind in {found for found, _ in owned_in(text, INVENTORY)}


@given(st.ip_addresses())
def test_an_address_is_found_unless_it_lies_in_a_range_of_nobody(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    mine = any(address in network for network in NOBODYS)
    assert list(owned_in(str(address), INVENTORY)) == ([] if mine else [("address", str(address))])


DEEP: dict[str, Event] = {
    "account": {"userIdentity": {"accountId": "101010101010"}},
    "principal": {"policy": {"Statement": [{"Principal": {"AWS": "101010101010"}}]}},
    "system": {"organization": {"asn": "15169"}},
    "list": {"answers": [{"Rdata": "8.8.8.8"}]},
}


@pytest.mark.parametrize("raw", DEEP.values(), ids=DEEP)
def test_every_value_is_looked_at_however_deep(raw: Event) -> None:
    check = show(OwnershipCheck(INVENTORY), "cloudtrail", [raw, raw])
    assert sum(figure.verdict == "fail" for figure in check.figures()) == 1
    assert len(check.violations) == 2


def test_twelve_digits_are_an_account_only_under_such_a_name() -> None:
    raw = {"configurationStateId": "166921978907", "awsAccountId": COMPANY}
    check = show(OwnershipCheck(INVENTORY), "cloudtrail", [raw])
    assert check.violations == []


def test_ranges_of_the_inventory_are_known_too() -> None:
    known = Inventory(networks=("45.33.32.0/24",))
    assert list(owned_in("45.33.32.156", known)) == []


def test_a_number_that_was_a_port_before_is_still_somebodys_network() -> None:
    raws: list[Event] = [{"port": "15169"}, {"asn": "15169"}, {"asn": "64507"}]
    check = show(OwnershipCheck(INVENTORY), "guardduty", raws)
    assert [violation.number for violation in check.violations] == [2]
