"""The company as a value: everything that is legitimate, and everybody else's addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType

from siemlab.baseline.browsers import Browser
from siemlab.baseline.calendar import Change, DayKind, Rota, changes_of
from siemlab.baseline.exclusions import Exclusion, exclusions_of
from siemlab.baseline.identities import Account, Person, Role, User
from siemlab.baseline.network import (
    Endpoint,
    Host,
    Interface,
    LoadBalancer,
    Regions,
    SecurityGroup,
    Vpc,
    WebAcl,
)
from siemlab.baseline.places import Atlas, Place, Range
from siemlab.baseline.policy import Detector, FlowLog, LoggedSource, ResolverLog, Trail
from siemlab.baseline.resources import Bucket, Database, Function, Secret

__all__ = ["Baseline", "Company", "NoisePort"]


@dataclass(frozen=True)
class Company:
    """The firm's name, domain and size, and the day that the sheet describes."""

    name_en: str
    name_ja: str
    domain: str
    staff: int
    as_of: date


@dataclass(frozen=True)
class NoisePort:
    """A port that strangers knock at, and how often: parts in a thousand."""

    number: int
    protocol: str
    weight: int
    name: str


@dataclass(frozen=True, eq=False)
class Baseline:
    """What is legitimate at the company, as it is kept in the YAML files of this package.

    Tables are mappings by name. Names are logical: identifiers that differ by team (of instances,
    interfaces, keys) are made from them elsewhere.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> company = load_baseline()
    >>> company.accounts["sz-prod"].id, company.hosts["sz-prod-bastion-01"].public_ip
    ('444455556666', '203.0.113.129')
    """

    company: Company
    regions: Regions
    zone_names: Mapping[str, tuple[str, ...]]
    accounts: Mapping[str, Account]
    vpcs: Mapping[str, Vpc]
    hosts: Mapping[str, Host]
    interfaces: Mapping[str, Interface]
    endpoints: Mapping[str, Endpoint]
    security_groups: Mapping[str, SecurityGroup]
    load_balancers: Mapping[str, LoadBalancer]
    web_acls: Mapping[str, WebAcl]
    buckets: Mapping[str, Bucket]
    functions: Mapping[str, Function]
    secrets: Mapping[str, Secret]
    databases: Mapping[str, Database]
    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    users: Mapping[str, User]
    browsers: Mapping[str, Browser]
    ranges: tuple[Range, ...]
    ports: tuple[NoisePort, ...]
    calendar: tuple[Change, ...]
    holidays: Mapping[date, str]
    closed: frozenset[date]
    rota: Mapping[str, Rota]
    trails: Mapping[str, Trail]
    flow_logs: Mapping[str, FlowLog]
    resolver_logs: Mapping[str, ResolverLog]
    logging: tuple[LoggedSource, ...]

    @property
    def all_regions(self) -> tuple[str, ...]:
        """The regions that DescribeRegions listed in 2022 for an account without opt-ins."""
        return tuple(self.zone_names)

    def zones(self, region: str) -> tuple[str, ...]:
        """Return the availability zones of a region.

        Parameters
        ----------
        region
            One of `all_regions`.
        """
        return self.zone_names[region]

    def account(self, name_or_id: str) -> Account:
        """Return an account by its name or its twelve digits.

        Parameters
        ----------
        name_or_id
            ``"sz-prod"`` or ``"444455556666"``.

        Raises
        ------
        KeyError
            There is no such account.
        """
        return self.accounts.get(name_or_id) or self._by_id[name_or_id]

    def role(self, account: str, name: str) -> Role:
        """Return a role of an account.

        Parameters
        ----------
        account
            The account's name.
        name
            The role's name; of a permission set's role, the name before its last ``_`` will do.

        Raises
        ------
        KeyError
            The account has no such role.
        """
        return self._roles[account, name]

    def network_interfaces(self, vpc: str = "") -> tuple[Interface, ...]:
        """Return all network interfaces, those of the hosts too.

        Parameters
        ----------
        vpc
            Only those of this VPC.
        """
        hosts = tuple(_interface_of(host) for host in self.hosts.values())
        every = hosts + tuple(self.interfaces.values())
        return tuple(found for found in every if vpc in ("", found.vpc))

    def owner_of(self, address: str) -> Interface | None:
        """Return whose interface has a private or public address.

        A NAT gateway's public address is the gateway's, not that of a host behind it.

        Parameters
        ----------
        address
            The address.
        """
        return self._owners.get(address)

    def range_of(self, address: str) -> Range | None:
        """Return the narrowest named block that holds an address, if any.

        Parameters
        ----------
        address
            An address; anything else is in no block.
        """
        return self._atlas.find(address)

    def range_named(self, name: str) -> Range:
        """Return a named block.

        Parameters
        ----------
        name
            ``vps-a``, ``misc-hosting``...

        Raises
        ------
        KeyError
            There is no such block.
        """
        return self._ranges[name]

    def geo(self, address: str) -> Place | None:
        """Return where an address lies and who announces it, as every enrichment says.

        Parameters
        ----------
        address
            The address. Private ones lie nowhere.
        """
        found = self._atlas.find(address)
        return found.place if found else None

    def changes(self, day: date) -> tuple[Change, ...]:
        """Return what the change calendar has for a day in Japan, weekly entries included.

        Parameters
        ----------
        day
            The day, JST.
        """
        return changes_of(self.calendar, day)

    def day_kind(self, day: date) -> DayKind:
        """Tell a weekday from a weekend and a holiday (the company's own days off included).

        Parameters
        ----------
        day
            The day, JST.
        """
        if day in self.holidays or day in self.closed:
            return "holiday"
        return "weekend" if day.weekday() >= 5 else "weekday"

    def is_working_day(self, day: date) -> bool:
        """Tell whether the offices are open.

        Parameters
        ----------
        day
            The day, JST.
        """
        return self.day_kind(day) == "weekday"

    def intensity(self, rota: str, day: date) -> tuple[int, ...]:
        """Return how busy each hour of a day in Japan is, 0 to 1000.

        Parameters
        ----------
        rota
            Whose hours.
        day
            The day, JST.
        """
        return self.rota[rota].of(self.day_kind(day))

    def agent(self, person: str, day: date) -> str:
        """Return the user agent of a person's browser on a day.

        Parameters
        ----------
        person
            The short name.
        day
            The day.
        """
        return self.browsers[self.people[person].browser].agent(day, person)

    def is_logged(
        self,
        log_type: str,
        account: str,
        region: str,
        name: str = "",
        at: datetime | None = None,
    ) -> bool:
        """Tell whether something is logged by policy (stories may switch it off for a while).

        Parameters
        ----------
        log_type
            A log type's name, or ``s3-data-events``.
        account
            The account's name or its twelve digits.
        region
            The region.
        name
            The bucket, VPC, balancer, web ACL or host.
        at
            When; None: at any time.
        """
        owner = self.account(account).name
        return any(line.covers(owner, region, name, at) for line in self._policy.get(log_type, ()))

    @cached_property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """The one-click exclusions that learners are offered."""
        return exclusions_of(self.ranges, self.hosts)

    @cached_property
    def detectors(self) -> Mapping[str, Detector]:
        """The GuardDuty detectors by ``account/region``: the organization has one in each."""
        made = [
            Detector(f"{account.name}/{region}", account.name, region, "sz-security")
            for account in self.accounts.values()
            if account.organization
            for region in self.all_regions
        ]
        return MappingProxyType({detector.name: detector for detector in made})

    @cached_property
    def _by_id(self) -> dict[str, Account]:
        return {account.id: account for account in self.accounts.values()}

    @cached_property
    def _ranges(self) -> dict[str, Range]:
        return {entry.name: entry for entry in self.ranges}

    @cached_property
    def _roles(self) -> dict[tuple[str, str], Role]:
        found = {(role.account, role.name): role for role in self.roles.values()}
        short = {
            (role.account, role.name.rpartition("_")[0]): role
            for role in self.roles.values()
            if role.kind == "sso"
        }
        return {**short, **found}

    @cached_property
    def _owners(self) -> dict[str, Interface]:
        owners: dict[str, Interface] = {}
        for interface in self.network_interfaces():
            owners.setdefault(interface.private_ip, interface)
            if interface.public_ip:
                owners.setdefault(interface.public_ip, interface)
        return owners

    @cached_property
    def _policy(self) -> dict[str, list[LoggedSource]]:
        lines: dict[str, list[LoggedSource]] = {}
        for line in self.logging:
            lines.setdefault(line.log_type, []).append(line)
        return lines

    @cached_property
    def _atlas(self) -> Atlas:
        return Atlas(self.ranges)


def _interface_of(host: Host) -> Interface:
    return Interface(
        name=host.name,
        account=host.account,
        vpc=host.vpc,
        subnet=host.subnet,
        private_ip=host.private_ip,
        kind="host",
        owner=host.name,
        public_ip=host.public_ip,
        ports=host.ports,
        security_groups=host.security_groups,
        nitro=host.nitro,
    )
