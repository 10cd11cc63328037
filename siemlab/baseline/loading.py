"""Makes the `Baseline` of the YAML files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from siemlab.baseline.browsers import Browser
from siemlab.baseline.calendar import Change, Rota
from siemlab.baseline.checking import check_baseline
from siemlab.baseline.company import Baseline, Company, NoisePort
from siemlab.baseline.identities import Account, Person, Role, User
from siemlab.baseline.network import (
    Endpoint,
    Host,
    Interface,
    LoadBalancer,
    Regions,
    SecurityGroup,
    Subnet,
    Vpc,
    WebAcl,
)
from siemlab.baseline.places import Place, Range
from siemlab.baseline.policy import FlowLog, LoggedSource, ResolverLog, Trail
from siemlab.baseline.reading import BaselineFileError, build, read_yaml
from siemlab.baseline.resources import Bucket, Database, Function, Secret

__all__ = ["FILES", "load_baseline", "read_baseline"]

T = TypeVar("T")
FOLDER = Path(__file__).parent
FILES = ("company", "network", "people", "ranges", "calendar", "browsers", "logging")
AGENTS_AS_OF = date(2022, 11, 24)  # the day of `Person.agent`


@lru_cache(maxsize=1)
def load_baseline() -> Baseline:
    """Return the company; read once, then kept.

    Raises
    ------
    BaselineFileError
        A file of the package is damaged.

    Examples
    --------
    >>> len(load_baseline().all_regions)
    17
    """
    return read_baseline(FOLDER)


def read_baseline(folder: Path) -> Baseline:
    """Read and check a company's files.

    Parameters
    ----------
    folder
        Where the seven YAML files lie.

    Raises
    ------
    BaselineFileError
        One of them is missing or wrong; the error names file and key.

    Examples
    --------
    >>> read_baseline(FOLDER).company.domain
    'sazanami-tabi.example'
    """
    files = {name: _File(folder / f"{name}.yaml") for name in FILES}
    parts = {
        **_company(files["company"]),
        **_network(files["network"]),
        **_people(files["people"]),
        **_ranges(files["ranges"]),
        **_calendar(files["calendar"]),
        **_logging(files["logging"]),
    }
    parts["browsers"] = files["browsers"].table("browsers", Browser)
    parts["vpcs"] = _with_defaults(parts["vpcs"], parts.pop("default_vpcs"), parts["zone_names"])
    parts["people"] = _with_agents(files["people"], parts)
    for file in files.values():
        file.finish()
    baseline = Baseline(**parts)
    check_baseline(baseline)
    return baseline


class _File:
    """A YAML file whose parts are taken out one by one."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.content = read_yaml(path)

    def take(self, key: str, kind: type[Any] = dict) -> Any:
        """Take a part that must be there."""
        if not isinstance(found := self.content.pop(key, None), kind):
            raise BaselineFileError(
                f"{self.name}, {key}",
                f"must be there as a {kind.__name__}.",
                f"が必要です（{kind.__name__}）。",
            )
        return found

    def one(self, key: str, cls: type[T]) -> T:
        """Take a single value."""
        return build(cls, self.take(key), f"{self.name}, {key}")

    def table(self, key: str, cls: type[T], **more: Any) -> Mapping[str, T]:
        """Take a mapping from names to values; a value knows its name."""
        return MappingProxyType(
            {
                name: build(cls, {"name": name, **more, **values}, f"{self.name}, {key}.{name}")
                for name, values in self.take(key).items()
            }
        )

    def rows(self, key: str, cls: type[T]) -> tuple[T, ...]:
        """Take a list of values."""
        return tuple(
            build(cls, values, f"{self.name}, {key}[{number}]")
            for number, values in enumerate(self.take(key, list))
        )

    def finish(self) -> None:
        """Refuse what nobody took: it is misspelt."""
        if self.content:
            raise BaselineFileError(
                f"{self.name}, {next(iter(self.content))}",
                "is no part of this file. Check its spelling.",
                "というキーはこのファイルにありません。綴りを確認してください。",
            )


def _company(file: _File) -> dict[str, Any]:
    zones = {
        region: tuple(f"{region}{letter}" for letter in letters)
        for region, letters in file.take("zones").items()
    }
    return {
        "company": file.one("company", Company),
        "regions": file.one("regions", Regions),
        "zone_names": MappingProxyType(zones),
        "accounts": file.table("accounts", Account),
        "buckets": file.table("buckets", Bucket),
        "functions": file.table("functions", Function),
        "secrets": file.table("secrets", Secret),
        "databases": file.table("databases", Database),
    }


def _network(file: _File) -> dict[str, Any]:
    return {
        "vpcs": file.table("vpcs", Vpc),
        "default_vpcs": file.take("default_vpcs", list),
        "hosts": file.table("hosts", Host),
        "interfaces": file.table("interfaces", Interface),
        "endpoints": file.table("endpoints", Endpoint),
        "security_groups": file.table("security_groups", SecurityGroup),
        "load_balancers": file.table("load_balancers", LoadBalancer),
        "web_acls": file.table("web_acls", WebAcl),
    }


def _people(file: _File) -> dict[str, Any]:
    roles = [
        build(Role, {**values, "account": account}, f"{file.name}, roles[{number}]")
        for number, entry in enumerate(file.take("roles", list))
        for account, values in _per_account(entry)
    ]
    names = [role.name for role in roles]
    keyed = {role.name if names.count(role.name) == 1 else role.qualified: role for role in roles}
    return {"roles": MappingProxyType(keyed), "users": file.table("users", User)}


def _per_account(entry: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Spread a role of several accounts; a permission set's role has another name in each."""
    shared = {key: value for key, value in entry.items() if key not in ("accounts", "suffixes")}
    suffixes = entry.get("suffixes", {})
    name = entry.get("name", "")
    return [
        (account, {**shared, "name": name + suffixes.get(account, "")})
        for account in entry.get("accounts", [entry.get("account")])
    ]


def _with_agents(file: _File, parts: dict[str, Any]) -> Mapping[str, Person]:
    domain, browsers = parts["company"].domain, parts["browsers"]
    people = {}
    for name, values in file.take("people").items():
        place = f"{file.name}, people.{name}"
        browser = browsers.get(values.get("browser"))
        if browser is None:
            raise BaselineFileError(
                f"{place}.browser",
                f"must be one of {', '.join(browsers)}.",
                f"には {', '.join(browsers)} のどれかを書いてください。",
            )
        made = {"agent": browser.agent(AGENTS_AS_OF, name), "email": f"{name}@{domain}"}
        people[name] = build(Person, {"name": name, **made, **values}, place)
    return MappingProxyType(people)


def _with_defaults(
    vpcs: Mapping[str, Vpc], accounts: list[str], zones: Mapping[str, tuple[str, ...]]
) -> Mapping[str, Vpc]:
    """Add the default VPC that AWS makes in every region of a new account."""
    made = dict(vpcs)
    for account in accounts:
        for region, names in zones.items():
            name = f"{account}-default-{region}"
            blocks = ip_network("172.31.0.0/16").subnets(new_prefix=20)
            subnets = tuple(
                Subnet(f"{name}-{zone[-2:]}", str(block), zone, "public")
                for zone, block in zip(names, blocks, strict=False)
            )
            made[name] = Vpc(name, account, region, "172.31.0.0/16", subnets, default=True)
    return MappingProxyType(made)


def _ranges(file: _File) -> dict[str, Any]:
    places, systems = file.take("places"), file.take("systems")
    ranges = []
    for number, entry in enumerate(file.take("ranges", list)):
        place = f"{file.name}, ranges[{number}]"
        where, asn = entry.pop("place", None), entry.pop("asn", None)
        if where not in places or asn not in systems:
            raise BaselineFileError(
                place,
                "names a place or an autonomous system that this file does not list.",
                "の place または asn が、このファイルの一覧にありません。",
            )
        known = {**places[where], "asn": asn, "organization": systems[asn]}
        entry["place"] = build(Place, known, f"{file.name}, places.{where}")
        ranges.append(build(Range, entry, place))
    return {"ranges": tuple(ranges), "ports": file.rows("ports", NoisePort)}


def _calendar(file: _File) -> dict[str, Any]:
    return {
        "calendar": file.rows("calendar", Change),
        "holidays": MappingProxyType(file.take("holidays")),
        "closed": frozenset(file.take("closed", list)),
        "rota": file.table("rota", Rota),
    }


def _logging(file: _File) -> dict[str, Any]:
    return {
        "trails": file.table("trails", Trail),
        "flow_logs": file.table("flow_logs", FlowLog),
        "resolver_logs": file.table("resolver_logs", ResolverLog),
        "logging": file.rows("logging", LoggedSource),
    }
