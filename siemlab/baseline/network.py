"""Networks, hosts and what else owns a network interface."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Literal

__all__ = [
    "Endpoint",
    "Host",
    "Interface",
    "InterfaceKind",
    "LoadBalancer",
    "Regions",
    "Rule",
    "SecurityGroup",
    "Subnet",
    "SubnetKind",
    "Vpc",
    "WebAcl",
]

SubnetKind = Literal["public", "app", "db"]
InterfaceKind = Literal[
    "host", "load-balancer", "nat-gateway", "database", "cache", "lambda", "endpoint"
]


@dataclass(frozen=True)
class Regions:
    """The regions that the company uses.

    Parameters
    ----------
    home, backup, global_
        Where it works, where backups go, where global services log.
    """

    home: str
    backup: str
    global_: str


@dataclass(frozen=True)
class Subnet:
    """A subnet: its name, block and zone, and whether the internet reaches it (``public``)."""

    name: str
    cidr: str
    zone: str
    kind: SubnetKind


@dataclass(frozen=True)
class Vpc:
    """A virtual network; ``default`` where AWS made it."""

    name: str
    account: str
    region: str
    cidr: str
    subnets: tuple[Subnet, ...]
    default: bool = False


@dataclass(frozen=True)
class Host:
    """An EC2 instance that lives longer than a day.

    Parameters
    ----------
    name, account, vpc, subnet, zone
        What it is called, and where it runs.
    private_ip
        Its address inside.
    public_ip
        Its own address outside, if it has one.
    nat_ip
        The address by which its connections leave otherwise.
    role
        The role of its instance profile.
    instance_type, image
        The size, and the logical name of the image.
    nitro
        Whether flow logs of it are always cut by the minute.
    security_groups
        The groups of its interface.
    ports
        The TCP ports on which it answers.
    purpose_en, purpose_ja
        What it does.
    operations
        Whether it is an operations host, whose calls learners may exclude at once.
    http_tokens
        ``optional`` where the first version of the metadata service still answers.
    role_delivery
        The version by which its programs fetch their credentials, ``"1.0"`` or ``"2.0"``.
    time_zone
        The zone of its clock, which syslog writes.
    since, until
        Its life; ``until`` is None while it runs.
    """

    name: str
    account: str
    vpc: str
    subnet: str
    zone: str
    private_ip: str
    role: str
    instance_type: str
    image: str
    purpose_en: str
    purpose_ja: str
    since: datetime
    until: datetime | None = None
    public_ip: str | None = None
    nat_ip: str | None = None
    nitro: bool = False
    security_groups: tuple[str, ...] = ()
    ports: tuple[int, ...] = (22,)
    operations: bool = False
    http_tokens: Literal["optional", "required"] = "required"
    role_delivery: Literal["1.0", "2.0"] = "2.0"
    time_zone: str = "Asia/Tokyo"

    @property
    def egress_ip(self) -> str | None:
        """The address that the internet sees."""
        return self.public_ip or self.nat_ip

    def alive(self, at: datetime) -> bool:
        """Tell whether the host exists at a time.

        Parameters
        ----------
        at
            An aware time.
        """
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Interface:
    """A network interface and its owner.

    Parameters
    ----------
    name
        The owner's logical name, from which its id is made.
    account, vpc, subnet
        Where it is.
    private_ip, public_ip
        Its addresses.
    kind
        What owns it.
    owner
        The host, balancer, database or service it belongs to.
    ports
        The TCP ports on which it answers.
    security_groups
        Its groups.
    nitro
        Whether flow logs of it are always cut by the minute.
    """

    name: str
    account: str
    vpc: str
    subnet: str
    private_ip: str
    kind: InterfaceKind
    owner: str
    public_ip: str | None = None
    ports: tuple[int, ...] = ()
    security_groups: tuple[str, ...] = ()
    nitro: bool = False


@dataclass(frozen=True)
class Endpoint:
    """A VPC endpoint: of a gateway, or with the interfaces that bear its name and a zone."""

    name: str
    account: str
    vpc: str
    service: str
    kind: Literal["gateway", "interface"]


@dataclass(frozen=True)
class Rule:
    """What a security group lets in.

    Parameters
    ----------
    protocol
        ``tcp``, ``udp``, ``icmp``, or ``-1`` for all.
    low, high
        The ports, both included.
    source
        A block of addresses, or the name of a security group.
    note
        The description that the console shows.
    """

    protocol: str
    low: int
    high: int
    source: str
    note: str = ""

    def fits(self, port: int, protocol: str) -> bool:
        """Tell whether the rule speaks of a port."""
        return self.protocol == "-1" or (
            self.protocol == protocol and self.low <= port <= self.high
        )


@dataclass(frozen=True)
class SecurityGroup:
    """A security group with its ingress rules (egress is open)."""

    name: str
    account: str
    vpc: str
    note: str
    rules: tuple[Rule, ...]

    def admits(
        self, source: str, port: int, groups: tuple[str, ...] = (), protocol: str = "tcp"
    ) -> bool:
        """Tell whether a connection may come in.

        Parameters
        ----------
        source
            The caller's address.
        port, protocol
            What it wants.
        groups
            The security groups of the caller, where it is inside.

        Examples
        --------
        >>> web = SecurityGroup("web", "a", "v", "", (Rule("tcp", 443, 443, "10.0.0.0/8"),))
        >>> web.admits("10.1.2.3", 443), web.admits("10.1.2.3", 22)
        (True, False)
        """
        return any(
            rule.source in groups
            or ("/" in rule.source and ip_address(source) in ip_network(rule.source))
            for rule in self.rules
            if rule.fits(port, protocol)
        )


@dataclass(frozen=True)
class LoadBalancer:
    """An application load balancer.

    Parameters
    ----------
    name, account, region, vpc
        What and where.
    nodes
        The names of its interfaces.
    domain, port
        The name it serves, and on which port.
    target_group, targets, target_port
        The hosts behind it.
    web_acl
        The web ACL before it.
    tls_policy
        The name of its TLS policy.
    """

    name: str
    account: str
    region: str
    vpc: str
    nodes: tuple[str, ...]
    domain: str
    port: int
    target_group: str
    targets: tuple[str, ...]
    target_port: int
    web_acl: str
    tls_policy: str


@dataclass(frozen=True)
class WebAcl:
    """A web ACL: its managed rule groups and own rules in their order, and what it logs."""

    name: str
    account: str
    region: str
    rules: tuple[str, ...]
    logged_actions: tuple[str, ...]
