"""What a document gains beyond its record: the parts of a user agent, and where an address lies."""

from __future__ import annotations

import re
import urllib.parse
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from siemlab.errors import SiemlabError

if TYPE_CHECKING:
    import maxminddb

__all__ = ["GeoIp", "add_user_agent", "read_user_agent"]

AWS_AGENT = re.compile(r"(?:AWS Internal|[\w.-]+?\.amazonaws.com)$")
# No browser sends more, and each of a thousand rules goes through all of it.
LONGEST_AGENT = 8192


@lru_cache(maxsize=16384)
def read_user_agent(original: str) -> dict[str, str]:
    """Take a user agent apart.

    Parameters
    ----------
    original
        The text as the client sent it; URL-decoded first where it holds ``%20``.

    Returns
    -------
    dict[str, str]
        The fields below ``user_agent``, some with a dot in their name as in the SIEM. Shared
        between calls: copy before you change it.

    Examples
    --------
    >>> read_user_agent("ec2.amazonaws.com")["name"]
    'ec2.amazonaws.com'
    """
    from ua_parser import parse

    if "%20" in original:
        original = urllib.parse.unquote(original)
    found = parse(original[:LONGEST_AGENT]).with_defaults()
    agent, system = found.user_agent, found.os
    fields = {"original": original, "name": agent.family}
    if agent.family == "Other" and (service := AWS_AGENT.match(original)):
        fields["name"] = service[0]
    version = _version(agent.major, agent.minor, agent.patch)
    if version:
        fields["version"] = version
    fields["os.name"] = system.family
    fields["os.full"] = system.family
    version = _version(system.major, system.minor, system.patch, system.patch_minor)
    if version:
        fields["os.version"] = version
        fields["os.full"] = f"{system.family} {version}"
    fields["device.name"] = found.device.family
    return fields


def _version(*parts: str | None) -> str:
    return ".".join(part for part in parts if part)


def add_user_agent(source: dict[str, Any]) -> None:
    """Add the parts of a document's user agent to it.

    Parameters
    ----------
    source
        The document, changed in place.

    Examples
    --------
    >>> document = {"user_agent": {"original": "curl/7.79.1"}}
    >>> add_user_agent(document)
    >>> document["user_agent"]["name"], document["user_agent"]["version"]
    ('curl', '7.79.1')
    """
    agent = source.get("user_agent")
    if not isinstance(agent, dict):
        return
    original = agent.get("original")
    if isinstance(original, list) and original:
        original = original[0]
    if isinstance(original, str) and original != "-":
        fields = read_user_agent(original)
        source["user_agent"] = fields.copy() if len(agent) == 1 else {**agent, **fields}


class _City(NamedTuple):
    name: str | None
    country_code: str | None
    country: str | None
    longitude: float | None
    latitude: float | None


class GeoIp:
    """Looks addresses up in the user's own files, in the format of GeoLite2.

    Parameters
    ----------
    city
        The ``.mmdb`` file that knows city and country, if any.
    asn
        The one that knows the autonomous system, if any.

    Raises
    ------
    SiemlabError
        A file is missing or no ``.mmdb``.

    Examples
    --------
    >>> document = {"source": {"ip": "192.0.2.1"}}
    >>> GeoIp(None, None).add(document, "source")
    >>> document
    {'source': {'ip': '192.0.2.1'}}
    """

    def __init__(self, city: str | Path | None, asn: str | Path | None) -> None:
        self._city = _open(city)
        self._asn = _open(asn)
        self._cities = lru_cache(maxsize=65536)(self._look_up_city)
        self._systems = lru_cache(maxsize=65536)(self._look_up_system)

    def add(self, source: dict[str, Any], side: str) -> None:
        """Add what is known of the address of a side.

        Parameters
        ----------
        source
            The document, changed in place.
        side
            ``source`` or ``destination``.
        """
        holder: Any = source.get(side)
        address = holder.get("ip") if isinstance(holder, dict) else None
        if not isinstance(address, str):
            return
        city, system = self._cities(address), self._systems(address)
        if city:
            geo = holder["geo"] if isinstance(holder.get("geo"), dict) else {}
            geo["city_name"] = city.name
            geo["country_iso_code"] = city.country_code
            geo["country_name"] = city.country
            geo["location"] = {"lon": city.longitude, "lat": city.latitude}
            holder["geo"] = geo
        if system:
            number, name = system
            holder["as"] = {"number": number, "organization": {"name": name}}

    def _look_up_city(self, address: str) -> _City | None:
        found = _look_up(self._city, address)
        if found is None:
            return None
        country, location = found.get("country", {}), found.get("location", {})
        return _City(
            found.get("city", {}).get("names", {}).get("en"),
            country.get("iso_code"),
            country.get("names", {}).get("en"),
            location.get("longitude"),
            location.get("latitude"),
        )

    def _look_up_system(self, address: str) -> tuple[int | None, str | None] | None:
        found = _look_up(self._asn, address)
        if found is None:
            return None
        return (
            found.get("autonomous_system_number"),
            found.get("autonomous_system_organization"),
        )


def _open(path: str | Path | None) -> maxminddb.Reader | None:
    if path is None:
        return None
    import maxminddb

    try:
        return maxminddb.open_database(path)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        raise SiemlabError(
            f"{path} cannot be read as a GeoIP file (.mmdb): {error}",
            f"{path} は GeoIP ファイル（.mmdb）として読めません: {error}",
        ) from error


def _look_up(reader: maxminddb.Reader | None, address: str) -> dict[str, Any] | None:
    if reader is None:
        return None
    try:
        found = reader.get(address)
    except ValueError:  # no address at all, or IPv6 in a file of IPv4
        return None
    return found if isinstance(found, dict) else None
