"""R5d: resources are used only while they exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["RESOURCE_ID", "ResourceLedger", "ids_in"]

Event = dict[str, Any]
Place = tuple[str, int]

RESOURCE_ID = re.compile(
    r"(?<![0-9A-Za-z-])(?:acl|ami|cgw|dopt|eipalloc|eipassoc|eni|fl|i|igw|lt|nat|pl|r|rtb|rtbassoc"
    r"|sg|sgr|snap|subnet|tgw|vol|vpc|vpce|vpcx|pcx)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![0-9A-Za-z])"
)
"""Ids that AWS gives to what is in a VPC: a prefix and 17 (earlier 8) hexadecimal digits."""

# These can be looked at for an hour after their end; of the second row, at any time.
LINGERING = ("i-", "nat-", "vpce-")
SILENT = ("ami-", "fl-")
HOUR = 3600

MAKING = {
    "AllocateAddress": ("eipalloc-",),
    "AssociateAddress": ("eipassoc-",),
    "AssociateRouteTable": ("rtbassoc-",),
    "AuthorizeSecurityGroupEgress": ("sgr-",),
    "AuthorizeSecurityGroupIngress": ("sgr-",),
    "CopyImage": ("ami-",),
    "CopySnapshot": ("snap-",),
    "CreateFlowLogs": ("fl-",),
    "CreateImage": ("ami-",),
    "CreateInternetGateway": ("igw-",),
    "CreateNatGateway": ("nat-",),
    "CreateNetworkInterface": ("eni-",),
    "CreateRouteTable": ("rtb-",),
    "CreateSecurityGroup": ("sg-",),
    "CreateSnapshot": ("snap-",),
    "CreateSubnet": ("subnet-",),
    "CreateVolume": ("vol-",),
    "CreateVpc": ("vpc-",),
    "CreateVpcEndpoint": ("vpce-",),
    "RegisterImage": ("ami-",),
    "RunInstances": ("i-", "r-"),
}
"""What an operation makes: the ids of these kinds in its answer are new."""

ENDING = {
    "DeleteFlowLogs": "fl-",
    "DeleteInternetGateway": "igw-",
    "DeleteNatGateway": "nat-",
    "DeleteNetworkInterface": "eni-",
    "DeleteRouteTable": "rtb-",
    "DeleteSecurityGroup": "sg-",
    "DeleteSnapshot": "snap-",
    "DeleteSubnet": "subnet-",
    "DeleteVolume": "vol-",
    "DeleteVpc": "vpc-",
    "DeleteVpcEndpoints": "vpce-",
    "DeregisterImage": "ami-",
    "DisassociateAddress": "eipassoc-",
    "DisassociateRouteTable": "rtbassoc-",
    "ReleaseAddress": "eipalloc-",
    "TerminateInstances": "i-",
}
"""What an operation ends: of the ids that it names, those of this kind."""

# Things with names: what makes one, what ends it, which member holds the name.
NAMED = {
    "s3.amazonaws.com": ("CreateBucket", "DeleteBucket", "bucketName"),
    "iam.amazonaws.com user": ("CreateUser", "DeleteUser", "userName"),
    "iam.amazonaws.com role": ("CreateRole", "DeleteRole", "roleName"),
    "secretsmanager.amazonaws.com": ("CreateSecret", "", "name"),
}


def ids_in(value: Any) -> Iterator[str]:
    """Yield the resource ids in a value, as deep as they stand.

    Parameters
    ----------
    value
        Any JSON value.

    Examples
    --------
    >>> list(ids_in({"instancesSet": {"items": [{"instanceId": "i-0aa1b2c3d4e5f6071"}]}}))
    ['i-0aa1b2c3d4e5f6071']
    """
    if isinstance(value, str):
        if "-" in value:
            yield from RESOURCE_ID.findall(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from ids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner)


@dataclass(slots=True)
class _Life:
    is_shown: bool = False
    made: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    first_use: int = 1 << 62
    first_place: Place = ("", 0)
    last_use: int = -1
    last_place: Place = ("", 0)
    last_look: int = -1
    last_look_place: Place = ("", 0)


class ResourceLedger:
    """Collects when resources are made, used and ended; says at the end what was wrong.

    Parameters
    ----------
    known
        Ids that existed at the start; None where that is not known.
    """

    def __init__(self, known: frozenset[str] | None) -> None:
        self._known = known
        self._lives: dict[str, _Life] = {}

    def __len__(self) -> int:
        return len(self._lives)

    def see(self, event: Event, when: int, place: Place) -> None:
        """Take an event into account; what was refused says nothing.

        Parameters
        ----------
        event
            The raw record.
        when
            Its time, epoch seconds.
        place
            Its object and record number.
        """
        if "errorCode" in event or "errorMessage" in event:
            return
        name, looks = str(event.get("eventName")), event.get("readOnly") is True
        asked, answer = event.get("requestParameters"), event.get("responseElements")
        if not isinstance(asked, dict):
            asked = {}
        asked_ids = set(ids_in(_without_filters(asked)))
        if not looks:
            self._answered(name, set(ids_in(answer)) - asked_ids, when)
        kind = ENDING.get(name, " ")
        for found in asked_ids | set(_named(event, asked)):
            self._use(found, when, place, looks=looks)
            if found.startswith(kind) or _ends_named(event, found):
                self._lives[found].ended.append(when)
            elif _makes_named(event, found):
                self._lives[found].made.append(when)

    def _answered(self, name: str, ids: set[str], when: int) -> None:
        """Note that the service itself names ids: what it makes is new, all else exists."""
        for found in ids:
            life = self._lives.setdefault(found, _Life())
            life.is_shown = True
            if found.startswith(MAKING.get(name, " ")):
                life.made.append(when)

    def _use(self, found: str, when: int, place: Place, *, looks: bool) -> None:
        life = self._lives.setdefault(found, _Life())
        if when < life.first_use:
            life.first_use, life.first_place = when, place
        if looks and when > life.last_look:
            life.last_look, life.last_look_place = when, place
        elif not looks and when > life.last_use:
            life.last_use, life.last_place = when, place

    def wrong(self) -> list[tuple[Place, str]]:
        """Return the uses of what did not exist: place and reason."""
        return [
            (place, f"{found} {reason}")
            for found, life in sorted(self._lives.items())
            for place, reason in self._of(found, life)
        ]

    def _of(self, found: str, life: _Life) -> Iterator[tuple[Place, str]]:
        first, last = min(life.made, default=None), max(life.ended, default=None)
        was_there = bool(life.ended) and first is not None and min(life.ended) < first
        if first is not None and life.first_use < first and not was_there:
            yield life.first_place, "is used before it is made"
        if last is not None and last >= max(life.made, default=last):
            if life.last_use > last:
                yield life.last_place, "is used after its end"
            grace = HOUR if found.startswith(LINGERING) else 0
            if not found.startswith(SILENT) and life.last_look > last + grace:
                yield life.last_look_place, "is looked at after its end"
        is_strange = self._known is not None and found not in self._known and " " not in found
        if is_strange and not (life.made or life.is_shown) and life.first_use < 1 << 62:
            yield life.first_place, "was never made, and did not exist at the start"


def _without_filters(asked: Event) -> Event:
    """Leave out filters: they look for what need not exist."""
    inner = asked
    if len(asked) == 1:
        only = next(iter(asked.values()))
        inner = only if isinstance(only, dict) else asked
    return {name: inner[name] for name in inner if name not in ("filterSet", "Filter")}


def _kind_of(event: Event) -> Iterator[tuple[str, str, str, str]]:
    source = str(event.get("eventSource"))
    for kind, (making, ending, member) in NAMED.items():
        if kind.partition(" ")[0] == source:
            yield kind, making, ending, member


def _named(event: Event, asked: Event) -> Iterator[str]:
    """Yield the things with names that an event is about, with their account."""
    account = "" if event.get("eventSource") == "s3.amazonaws.com" else _account(event)
    for kind, _, _, member in _kind_of(event):
        name = asked.get(member)
        if isinstance(name, str):
            yield f"{kind} {account}{name}"


def _account(event: Event) -> str:
    return f"{event.get('recipientAccountId')}/"


def _makes_named(event: Event, found: str) -> bool:
    return any(
        found.startswith(f"{kind} ") and event.get("eventName") == making
        for kind, making, _, _ in _kind_of(event)
    )


def _ends_named(event: Event, found: str) -> bool:
    return any(
        found.startswith(f"{kind} ") and event.get("eventName") == ending
        for kind, _, ending, _ in _kind_of(event)
    )
