"""User agents are taken apart, and addresses looked up in the user's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from siemlab.errors import SiemlabError
from siemlab.normalize import NormalizeOptions, normalize_object
from siemlab.normalize.enrich import GeoIp, add_user_agent, read_user_agent

from .conftest import CASES, Case, log_object

TOKYO = {
    "city": {"names": {"en": "Tokyo", "ja": "東京"}},
    "country": {"iso_code": "JP", "names": {"en": "Japan", "ja": "日本"}},
    "location": {"latitude": 35.5, "longitude": 139.25},
}


@pytest.mark.parametrize(
    ("agent", "fields"),
    [
        ("ec2.amazonaws.com", {"name": "ec2.amazonaws.com", "os.name": "Other"}),
        ("AWS Internal", {"name": "AWS Internal", "device.name": "Other"}),
        ("AWS Internal x", {"name": "Other"}),
        ("curl/7.79.1", {"name": "curl", "version": "7.79.1", "os.full": "Other"}),
        ("curl%20x", {"original": "curl x"}),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/107.0.0.0 Safari/537.36",
            {
                "name": "Chrome",
                "version": "107.0.0",
                "os.name": "Mac OS X",
                "os.version": "10.15.7",
                "os.full": "Mac OS X 10.15.7",
                "device.name": "Mac",
            },
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_user_agent_has_name_version_system_and_device(agent: str, fields: Any) -> None:
    found = read_user_agent(agent)
    assert {name: found[name] for name in fields} == fields
    assert ("version" in found) is ("version" in fields)


@pytest.mark.parametrize("original", ["-", None, 7, [], [7], {}], ids=repr)
def test_what_is_no_user_agent_is_left_alone(original: Any) -> None:
    document = {"user_agent": {"original": original}}
    add_user_agent(document)
    assert document == {"user_agent": {"original": original}}


def test_of_several_user_agents_the_first_is_taken_and_other_fields_stay() -> None:
    document = {"user_agent": {"original": ["curl/7.79.1", "x"], "raw": 1}}
    add_user_agent(document)
    agent: dict[str, Any] = document["user_agent"]
    assert (agent["original"], agent["name"], agent["raw"]) == ("curl/7.79.1", "curl", 1)


def test_what_is_read_once_is_not_changed_by_the_document() -> None:
    document: dict[str, Any] = {"user_agent": {"original": "curl/7.79.1"}}
    add_user_agent(document)
    document["user_agent"]["name"] = "changed"
    assert read_user_agent("curl/7.79.1")["name"] == "curl"


def test_user_agents_can_be_left_whole() -> None:
    case = Case(CASES / "cloudtrail" / "basic")
    options = NormalizeOptions(user_agents=False)
    found = normalize_object(log_object(case.key, case.raw), options)
    agents = [one.source["user_agent"] for one in found if "userAgent" in one.source]
    assert agents
    assert all(agent.keys() == {"original"} for agent in agents)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("geoip")
    city, asn = folder / "city.mmdb", folder / "asn.mmdb"
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoLite2-City")
    writer.insert_network(IPSet(["198.51.100.0/24"]), TOKYO)
    writer.insert_network(IPSet(["2001:db8::/32"]), {"country": {"iso_code": "XX"}})
    writer.to_db_file(str(city))
    writer = MMDBWriter(ip_version=4, database_type="GeoLite2-ASN")
    known = {"autonomous_system_number": 64500, "autonomous_system_organization": "Example"}
    writer.insert_network(IPSet(["198.51.100.0/24", "203.0.113.0/24"]), known)
    writer.to_db_file(str(asn))
    return city, asn


SYSTEM = {"number": 64500, "organization": {"name": "Example"}}
GEO = {
    "city_name": "Tokyo",
    "country_iso_code": "JP",
    "country_name": "Japan",
    "location": {"lon": 139.25, "lat": 35.5},
}


@pytest.mark.parametrize(
    ("address", "geo", "system"),
    [
        ("198.51.100.7", GEO, SYSTEM),
        ("203.0.113.9", None, SYSTEM),
        ("2001:db8::7", {"country_iso_code": "XX"}, None),
        ("10.0.0.1", None, None),
        ("UNKNOWN", None, None),
    ],
)
def test_an_address_gains_what_the_files_know_of_it(
    files: tuple[Path, Path], address: str, geo: Any, system: Any
) -> None:
    document: dict[str, Any] = {"source": {"ip": address}}
    GeoIp(*files).add(document, "source")
    found = document["source"].get("geo")
    if geo is not None and geo is not GEO:
        found = {name: value for name, value in found.items() if isinstance(value, str)}
    assert found == geo
    assert document["source"].get("as") == system


@pytest.mark.parametrize("side", [None, "text", {}, {"ip": None}, {"ip": ["198.51.100.7"]}])
def test_a_side_without_an_address_gains_nothing(files: tuple[Path, Path], side: Any) -> None:
    document = {"source": side}
    GeoIp(*files).add(document, "source")
    assert document == {"source": side}


def test_the_files_go_over_what_a_finding_says_itself_and_leave_the_raw_finding(
    files: tuple[Path, Path],
) -> None:
    case = Case(CASES / "guardduty" / "network")
    options = NormalizeOptions(geoip_city=files[0], geoip_asn=files[1])
    plain = {one.id: one.source for one in normalize_object(log_object(case.key, case.raw))}
    located = 0
    for one in normalize_object(log_object(case.key, case.raw), options):
        assert one.source["service"] == plain[one.id]["service"]
        for side in ("source", "destination"):
            fields = one.source.get(side, {})
            if fields.get("ip", "").startswith("198.51.100."):
                assert fields["geo"] == GEO
                located += 1
    assert located


def test_what_the_files_do_not_know_leaves_nothing_behind(files: tuple[Path, Path]) -> None:
    case = Case(CASES / "vpcflowlogs" / "basic")
    header, line = b"end srcaddr", b"1668754801 2001:db8::7"
    options = NormalizeOptions(geoip_city=files[0], geoip_asn=files[1])
    (one,) = normalize_object(log_object(case.key, header + b"\n" + line + b"\n"), options)
    assert one.source["source"]["geo"] == {"country_iso_code": "XX"}


@pytest.mark.parametrize("content", [None, b"", b"no database"], ids=["missing", "empty", "other"])
def test_a_file_that_is_no_geoip_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "city.mmdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SiemlabError, match=r"city\.mmdb") as caught:
        GeoIp(path, None)
    assert "GeoIP ファイル" in caught.value.ja
