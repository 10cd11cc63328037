"""What GuardDuty saw: calls, connections, lookups, probes, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from numpy.typing import ArrayLike

from siemlab.baseline.geoip import remote_ip_details
from siemlab.simulate.affected import Machine
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import times

__all__ = [
    "Action",
    "ApiCall",
    "Connection",
    "Lookup",
    "Probe",
    "Seen",
    "action_details",
    "remote_of",
]

PORT_NAMES = {22: "SSH", 25: "SMTP", 53: "DNS", 80: "HTTP", 443: "HTTPS", 3389: "RDP"}
UNKNOWN_PORT = "Unknown"
MOST_PROBES = 5
"""Of how many probing hosts a finding tells."""


@dataclass(frozen=True)
class ApiCall:
    """A call.

    Parameters
    ----------
    api, service
        ``ListBuckets`` and ``s3.amazonaws.com``.
    remote
        The caller's address; a service's domain where a service called.
    error
        The error code, empty for success.
    resources
        What the call was about, by type: ``(("AWS::S3::Bucket", "name"),)``.
    """

    api: str
    service: str
    remote: str
    error: str = ""
    resources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Connection:
    """A connection of an instance, ``inbound`` when it came from the far end."""

    remote: str
    remote_port: int
    local_port: int
    inbound: bool = True
    protocol: str = "TCP"


@dataclass(frozen=True)
class Lookup:
    """A DNS query of an instance; the domain is without its final dot."""

    domain: str
    protocol: str = "UDP"
    remote: str = ""


@dataclass(frozen=True)
class Probe:
    """A probe of an open port of an instance."""

    remote: str
    port: int


Action = ApiCall | Connection | Lookup | Probe


class Seen:
    """Events that a finding shows in the same way.

    Parameters
    ----------
    at
        When, epoch milliseconds: one time or many (`siemlab.simulate.stage.Acts.at`).
    action
        What it was.

    Raises
    ------
    ValueError
        There is no event.
    """

    def __init__(self, at: ArrayLike, action: Action) -> None:
        self.at: Ints = times(at)
        self.action = action
        if not len(self.at):
            raise ValueError(f"{action}: no event")


def remote_of(action: Action) -> str:
    """Return the address of the far end, empty for a lookup.

    Parameters
    ----------
    action
        What was seen.
    """
    return action.remote


def action_details(
    action: Action, groups: tuple[Seen, ...], machine: Machine | None
) -> dict[str, Any]:
    """Return ``service.action``.

    Parameters
    ----------
    action
        What the finding shows.
    groups
        All that was seen so far: of probes, several are shown.
    machine
        The instance, if it is about one.
    """
    if isinstance(action, ApiCall):
        return {"actionType": "AWS_API_CALL", "awsApiCallAction": _call(action)}
    if isinstance(action, Lookup):
        lookup = {"domain": action.domain, "protocol": action.protocol, "blocked": False}
        return {"actionType": "DNS_REQUEST", "dnsRequestAction": lookup}
    address = machine.private_ip if machine else ""
    if isinstance(action, Connection):
        connection = _connection(action, address)
        return {"actionType": "NETWORK_CONNECTION", "networkConnectionAction": connection}
    probes = dict.fromkeys(cast(Probe, group.action) for group in reversed(groups))
    details = [_probe(probe, address) for probe in list(probes)[:MOST_PROBES]]
    probed = {"blocked": False, "portProbeDetails": details}
    return {"actionType": "PORT_PROBE", "portProbeAction": probed}


def _call(call: ApiCall) -> dict[str, Any]:
    details: dict[str, Any] = {"api": call.api, "serviceName": call.service}
    if call.remote.endswith(".amazonaws.com"):
        details |= {"callerType": "Domain", "domainDetails": {"domain": call.remote}}
    else:
        details["callerType"] = "Remote IP"
        details["remoteIpDetails"] = remote_ip_details(call.remote)
    if call.error:
        details["errorCode"] = call.error
    return details | {"affectedResources": dict(call.resources)}


def _port(number: int) -> dict[str, Any]:
    return {"port": number, "portName": PORT_NAMES.get(number, UNKNOWN_PORT)}


def _connection(connection: Connection, address: str) -> dict[str, Any]:
    return {
        "connectionDirection": "INBOUND" if connection.inbound else "OUTBOUND",
        "remoteIpDetails": remote_ip_details(connection.remote),
        "remotePortDetails": _port(connection.remote_port),
        "localPortDetails": _port(connection.local_port),
        "protocol": connection.protocol,
        "blocked": False,
        "localIpDetails": {"ipAddressV4": address},
    }


def _probe(probe: Probe, address: str) -> dict[str, Any]:
    return {
        "localPortDetails": _port(probe.port),
        "remoteIpDetails": remote_ip_details(probe.remote),
        "localIpDetails": {"ipAddressV4": address},
    }
