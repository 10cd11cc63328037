"""What enrichments know of our addresses: GeoIP files, and the geography inside findings."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

from siemlab.baseline.company import Baseline
from siemlab.baseline.exclusions import PRIVATE_NETWORKS
from siemlab.baseline.loading import load_baseline
from siemlab.baseline.places import Place
from siemlab.errors import SiemlabError

__all__ = ["ASN_FILE", "CITY_FILE", "DESCRIPTION", "remote_ip_details", "write_geoip"]

CITY_FILE = "GeoLite2-City.mmdb"
ASN_FILE = "GeoLite2-ASN.mmdb"
DESCRIPTION = "siemlab fictional data"
BUILD_EPOCH = 1675090800  # 2023-01-31 00:00 JST: the files are the same whenever they are built
CONTINENTS = {
    "AS": ("Asia", "アジア"),
    "EU": ("Europe", "ヨーロッパ"),
    "NA": ("North America", "北アメリカ"),
    "SA": ("South America", "南アメリカ"),
}


def write_geoip(folder: Path, baseline: Baseline | None = None) -> tuple[Path, Path]:
    """Write the two GeoIP files of the fictional addresses, in the format of GeoLite2.

    Parameters
    ----------
    folder
        Where they go; made if it is not there.
    baseline
        The company; the package's own by default.

    Returns
    -------
    tuple[Path, Path]
        The file of cities and the one of autonomous systems.

    Raises
    ------
    SiemlabError
        The folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_geoip(Path(folder))]
    ['GeoLite2-City.mmdb', 'GeoLite2-ASN.mmdb']
    """
    company = baseline or load_baseline()
    blocks = sorted(company.ranges, key=lambda entry: entry.network.prefixlen)
    cities = [(entry.cidr, _city(entry.place)) for entry in blocks]
    systems = [(entry.cidr, _system(entry.place)) for entry in blocks]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (
            _write(folder / CITY_FILE, "GeoLite2-City", cities),
            _write(folder / ASN_FILE, "GeoLite2-ASN", systems),
        )
    except OSError as error:
        raise SiemlabError(
            f"{folder}: the GeoIP files cannot be written ({error}). Choose another folder.",
            f"{folder}: GeoIP ファイルを書き込めません（{error}）。別の場所を指定してください。",
        ) from error


def _write(path: Path, kind: str, blocks: list[tuple[str, dict[str, Any]]]) -> Path:
    """Write the blocks, the widest first: a narrower one is cut out of it."""
    from mmdb_writer import MMDBWriter
    from netaddr import IPSet

    languages = ["en", "ja"]
    writer = MMDBWriter(6, kind, languages, DESCRIPTION, ipv4_compatible=True)
    for cidr, known in blocks:
        writer.insert_network(IPSet([cidr]), known)
    temporary = path.with_name(f".{path.name}")
    writer.to_db_file(str(temporary))
    _settle(temporary)
    temporary.replace(path)
    return path


def _settle(path: Path) -> None:
    """Give a file a fixed time of making, which its writer takes from the clock.

    In the metadata the key ``build_epoch`` is followed by two bytes that announce an unsigned
    64-bit number of so many bytes, and by the number.
    """
    content = bytearray(path.read_bytes())
    start = content.rindex(b"build_epoch") + len(b"build_epoch")
    length = content[start] & 0x1F
    content[start + 2 : start + 2 + length] = BUILD_EPOCH.to_bytes(length, "big")
    path.write_bytes(content)


def _city(place: Place) -> dict[str, Any]:
    english, japanese = CONTINENTS[place.continent]
    country = {
        "iso_code": place.country,
        "names": {"en": place.country_name, "ja": place.country_name_ja},
    }
    return {
        "city": {"names": {"en": place.city, "ja": place.city_ja}},
        "continent": {"code": place.continent, "names": {"en": english, "ja": japanese}},
        "country": country,
        "location": {
            "accuracy_radius": 20,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "time_zone": place.time_zone,
        },
        "registered_country": country,
    }


def _system(place: Place) -> dict[str, Any]:
    return {
        "autonomous_system_number": place.asn,
        "autonomous_system_organization": place.organization,
    }


def remote_ip_details(address: str, baseline: Baseline | None = None) -> dict[str, Any]:
    """Return what a GuardDuty finding says of the far end of a connection.

    Parameters
    ----------
    address
        An IPv4 address. Of a private one nothing is known, as in genuine findings.
    baseline
        The company; the package's own by default.

    Raises
    ------
    SiemlabError
        The address is no IPv4 address, or a public one that no range holds.

    Examples
    --------
    >>> details = remote_ip_details("198.51.100.70")
    >>> details["country"], details["organization"]["asnOrg"]
    ({'countryName': 'Japan'}, 'EXAMPLE-RESIDENTIAL')
    """
    company = baseline or load_baseline()
    place = company.geo(address) if "." in address else None
    if place is None:
        _refuse_public(address)
        place = Place("", "", "", "", "", "", 0.0, 0.0, "")
    organization = place.organization
    return {
        "ipAddressV4": address,
        "organization": {
            "asn": str(place.asn),
            "asnOrg": organization,
            "isp": organization,
            "org": organization,
        },
        "country": {"countryName": place.country_name},
        "city": {"cityName": place.city},
        "geoLocation": {"lat": place.latitude, "lon": place.longitude},
    }


def _refuse_public(address: str) -> None:
    # Python calls the documentation blocks private too: only what a VPC can use counts here.
    try:
        inside = any(IPv4Address(address) in IPv4Network(block) for block in PRIVATE_NETWORKS)
    except AddressValueError:
        inside = False
    if not inside:
        raise SiemlabError(
            f"{address} is in no range of the baseline. Add the range to ranges.yaml.",
            f"{address} を含む範囲がベースラインにありません。ranges.yaml に追加してください。",
        )
