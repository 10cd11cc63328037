"""What an anomaly finding says beside the calls: what is usual, and what was not."""

from __future__ import annotations

from typing import Any

from siemlab.baseline import load_baseline
from siemlab.simulate.affected import KeyUsed
from siemlab.simulate.sightings import ApiCall, Seen

__all__ = ["agent_category", "anomaly"]

CATEGORIES = (
    ("Boto3", "Boto3"),
    ("Botocore", "Botocore"),
    ("aws-cli", "AWS CLI"),
    ("aws-sdk-go", "AWS SDK for Go"),
    ("aws-sdk-java", "AWS SDK for Java"),
    ("S3 Browser", "S3 Browser"),
    ("Terraform", "Terraform"),
    ("AWS Internal", "AWS Internal"),
    ("Mozilla", "Browser"),
)


def agent_category(agent: str) -> str:
    """Return how GuardDuty classes a user agent.

    Parameters
    ----------
    agent
        The user agent.

    Examples
    --------
    >>> agent_category("aws-cli/2.8.5 Python/3.9.11"), agent_category("curl/7.79.1")
    ('AWS CLI', 'Other')
    """
    return next((name for mark, name in CATEGORIES if mark in agent), "Other")


def anomaly(
    seen: tuple[Seen, ...], known: tuple[Seen, ...], key: KeyUsed, agent: str
) -> dict[str, Any]:
    """Return ``additionalInfo`` of an anomaly.

    Parameters
    ----------
    seen
        All groups of the finding, in the order in which they are told.
    known
        Those that have been seen so far.
    key
        Who called.
    agent
        The user agent; empty: that of the console's back ends.
    """
    agent = agent or "AWS Internal"
    calls = [group.action for group in seen if group in known]
    apis = [call for call in calls if isinstance(call, ApiCall)]
    names = ", ".join(dict.fromkeys(call.api for call in apis))
    network = _network(apis[0].remote)
    category = agent_category(agent)
    return {
        "userAgent": {"fullUserAgent": agent, "userAgentCategory": category},
        "anomalies": {"anomalousAPIs": _by_service(apis)},
        "profiledBehavior": {
            "rareProfiledAPIsAccountProfiling": names,
            "frequentProfiledUserTypesAccountProfiling": "ASSUMED_ROLE, AWS_SERVICE",
            "infrequentProfiledUserTypesAccountProfiling": "IAM_USER",
            "rareProfiledUserTypesAccountProfiling": "",
            "frequentProfiledASNsAccountProfiling": _network("203.0.113.129"),
            "infrequentProfiledASNsAccountProfiling": _network("203.0.113.1"),
            "rareProfiledASNsAccountProfiling": "",
        },
        "unusualBehavior": {
            "unusualAPIsAccountProfiling": names,
            "unusualUserTypesAccountProfiling": "",
            "unusualASNsAccountProfiling": network,
            "unusualUserAgentsAccountProfiling": category,
            "unusualAPIsUserIdentityProfiling": names,
            "unusualASNsUserIdentityProfiling": network,
            "unusualUserAgentsUserIdentityProfiling": category,
            "isUnusualUserIdentity": "true" if key.kind == "Root" else "false",
        },
    }


def _network(address: str) -> str:
    place = load_baseline().geo(address)
    return f"asnNumber: {place.asn} asnOrg: {place.organization}" if place else ""


def _by_service(calls: list[ApiCall]) -> str:
    """Return the calls as GuardDuty lists them: ``svc:[Api:success , Api:AccessDenied]``."""
    services: dict[str, list[str]] = {}
    for call in calls:
        entry = f"{call.api}:{call.error or 'success'}"
        entries = services.setdefault(call.service, [])
        if entry not in entries:
            entries.append(entry)
    parts = (f"{service}:[{' , '.join(entries)}]" for service, entries in services.items())
    return " , ".join(parts)
