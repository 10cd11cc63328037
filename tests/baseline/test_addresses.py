"""Whose an address is, and that every enrichment says the same of it."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import maxminddb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.baseline import (
    BaselineFileError,
    Range,
    load_baseline,
    remote_ip_details,
    write_geoip,
)
from siemlab.baseline.geoip import DESCRIPTION
from siemlab.errors import SiemlabError
from siemlab.normalize.enrich import GeoIp

COMPANY = load_baseline()
BLOCKS = [entry.network for entry in COMPANY.ranges]
# Somewhere in a block, or anywhere at all.
ADDRESSES = st.one_of(
    st.sampled_from(BLOCKS).flatmap(
        lambda block: st.integers(0, block.num_addresses - 1).map(lambda n: str(block[n]))
    ),
    st.ip_addresses().map(str),
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_geoip(tmp_path_factory.mktemp("geoip"))


@given(ADDRESSES)
def test_the_narrowest_block_that_holds_an_address_is_its_range(address: str) -> None:
    parsed = ip_address(address)
    holding = [
        entry
        for entry in COMPANY.ranges
        if parsed.version == entry.network.version and parsed in entry.network
    ]
    narrowest = max(holding, key=lambda entry: entry.network.prefixlen, default=None)
    assert COMPANY.range_of(address) is narrowest
    assert COMPANY.geo(address) == (narrowest.place if narrowest else None)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.12", "tokyo-office"),
        ("203.0.113.70", "osaka-office"),
        ("203.0.113.97", "staff-vpn"),
        ("203.0.113.141", "company-aws"),
        ("192.0.2.10", "mihari"),
        ("192.0.2.66", "pen-tester"),
        ("192.0.2.84", "partner"),
        ("192.0.2.131", "research-scanners"),
        ("198.51.100.163", "hotels-singapore"),
        ("198.51.100.12", "vps-a"),
        ("198.51.100.55", "vps-b"),
        ("198.51.100.70", "residential-proxies"),
        ("198.51.100.99", "cloud-tokyo"),
        ("198.51.100.133", "anonymizers"),
        ("198.51.100.230", "hosting-vilnius"),
        ("198.19.44.17", "noise-hanoi"),
    ],
)
def test_who_holds_an_address(address: str, name: str) -> None:
    found = COMPANY.range_of(address)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", ["AWS Internal", "ec2.amazonaws.com", "", "300.1.1.1", "-"])
def test_what_is_no_address_is_in_no_range(text: str) -> None:
    assert COMPANY.range_of(text) is None
    assert COMPANY.geo(text) is None


def test_a_block_is_found_by_name() -> None:
    assert COMPANY.range_named("misc-hosting").cidr == "198.51.100.192/26"
    with pytest.raises(KeyError):
        COMPANY.range_named("nowhere")


def test_blocks_nest_or_keep_apart() -> None:
    for number, one in enumerate(BLOCKS):
        for other in BLOCKS[number + 1 :]:
            if one.version == other.version and one.overlaps(other):
                assert one != other


def covered(name: str) -> int:
    """How many addresses of a block its parts cover."""
    whole = COMPANY.range_named(name)
    parts = [
        entry.network
        for entry in COMPANY.ranges
        if entry is not whole and entry.network.version == 4
    ]
    outer = whole.network
    assert isinstance(outer, IPv4Network)
    inner = [part for part in parts if isinstance(part, IPv4Network) and part.subnet_of(outer)]
    return sum(part.num_addresses for part in inner)


@pytest.mark.parametrize("name", ["customers", "noise", "misc-hosting"])
def test_a_block_of_parts_is_parted_completely(name: str) -> None:
    assert covered(name) == COMPANY.range_named(name).network.num_addresses


def test_customers_are_mostly_japanese() -> None:
    parts = [entry for entry in COMPANY.ranges if entry.name.startswith("customers-")]
    sizes = {entry.name: entry.network.num_addresses for entry in parts}
    japanese = sum(sizes[entry.name] for entry in parts if entry.country == "JP")
    assert 0.6 < japanese / sum(sizes.values()) < 0.9
    assert {entry.country for entry in parts} == {"JP", "KR", "TW", "US", "SG"}


def test_the_country_alone_decides_nothing() -> None:
    def countries(*names: str) -> set[str]:
        return {COMPANY.range_named(name).country for name in names}

    assert countries("residential-proxies", "cloud-tokyo", "noise-osaka") == {"JP"}
    assert countries("hotels-singapore", "research-scanners", "customers-us") == {"SG", "US"}
    proxies, office = (
        COMPANY.range_named("residential-proxies"),
        COMPANY.range_named("osaka-office"),
    )
    assert proxies.place.city == office.place.city
    assert proxies.asn != office.asn


def test_only_the_named_rows_are_on_the_sheet() -> None:
    kinds = {entry.legitimate for entry in COMPANY.ranges if entry.on_sheet}
    assert kinds == {"yes", "named", "expected"}
    hidden = [entry for entry in COMPANY.ranges if not entry.on_sheet]
    assert {entry.legitimate for entry in hidden} == {"no"}
    attackers = [*ip_network("198.51.100.0/24").subnets(new_prefix=27)]
    shown = {entry.cidr for entry in COMPANY.ranges if entry.on_sheet}
    assert {str(block) for block in attackers} & shown == {"198.51.100.160/27"}


def test_ports_of_the_noise_are_a_thousand_parts_and_telnet_leads() -> None:
    assert sum(port.weight for port in COMPANY.ports) == 1000
    first, second = sorted(COMPANY.ports, key=lambda port: -port.weight)[:2]
    assert (first.number, second.number) == (23, 22)
    assert first.weight > 1.2 * second.weight * 1.1


def test_geoip_files_are_the_same_whenever_they_are_written(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    for once, again in zip(files, write_geoip(tmp_path / "new" / "folder"), strict=True):
        assert again.name == once.name
        assert again.read_bytes() == once.read_bytes()
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "GeoLite2-ASN.mmdb", "GeoLite2-City.mmdb",
    ]  # fmt: skip


def test_geoip_files_say_what_they_are(files: tuple[Path, Path]) -> None:
    for path, kind in zip(files, ("GeoLite2-City", "GeoLite2-ASN"), strict=True):
        with maxminddb.open_database(path) as reader:
            about = reader.metadata()
        assert about.database_type == kind
        assert about.description == {"en": DESCRIPTION, "ja": DESCRIPTION}
        assert about.build_epoch == 1675090800


@given(address=ADDRESSES)
def test_every_enrichment_says_the_same_of_an_address(
    files: tuple[Path, Path], address: str
) -> None:
    document: dict[str, Any] = {"source": {"ip": address}}
    GeoIp(*files).add(document, "source")
    place = COMPANY.geo(address)
    if place is None:
        assert document["source"] == {"ip": address}
        return
    geo, system = document["source"]["geo"], document["source"]["as"]
    assert geo == {
        "city_name": place.city,
        "country_iso_code": place.country,
        "country_name": place.country_name,
        "location": {"lon": place.longitude, "lat": place.latitude},
    }
    assert system == {"number": place.asn, "organization": {"name": place.organization}}
    if "." in address:
        details = remote_ip_details(address)
        assert details["country"]["countryName"] == geo["country_name"]
        assert details["city"]["cityName"] == geo["city_name"]
        assert details["geoLocation"] == {"lat": place.latitude, "lon": place.longitude}
        assert details["organization"]["asn"] == str(system["number"])
        assert details["organization"]["asnOrg"] == place.organization


def test_cities_have_japanese_names(files: tuple[Path, Path]) -> None:
    with maxminddb.open_database(files[0]) as reader:
        found: Any = reader.get("203.0.113.70")
    assert found["city"]["names"] == {"en": "Osaka", "ja": "大阪市"}
    assert found["location"]["time_zone"] == "Asia/Tokyo"


def test_a_finding_knows_nothing_of_a_private_address() -> None:
    assert remote_ip_details("10.20.0.10") == {
        "ipAddressV4": "10.20.0.10",
        "organization": {"asn": "0", "asnOrg": "", "isp": "", "org": ""},
        "country": {"countryName": ""},
        "city": {"cityName": ""},
        "geoLocation": {"lat": 0.0, "lon": 0.0},
    }


@pytest.mark.parametrize("address", ["203.0.113.120", "2001:db8:10::5", "AWS Internal", "8.8.8.8"])
def test_a_finding_refuses_what_no_range_holds(address: str) -> None:
    with pytest.raises(SiemlabError, match=r"ranges\.yaml") as caught:
        remote_ip_details(address)
    assert "ranges.yaml" in caught.value.message("ja")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(SiemlabError, match="cannot be written") as caught:
        write_geoip(blocked)
    assert str(blocked) in caught.value.message("ja")
    assert not isinstance(caught.value, BaselineFileError)


def test_a_range_shows_its_place() -> None:
    office: Range = COMPANY.range_named("osaka-office")
    shown = (office.country, office.country_name, office.city, office.asn, office.as_name)
    assert shown == ("JP", "Japan", "Osaka", 64496, "SAZANAMI-HQ")
    assert (office.latitude, office.longitude) == (34.6853, 135.5142)
    assert office.time_zone == "Asia/Tokyo"
