"""What findings of GuardDuty have in common, whether they come directly or through Security Hub."""

from __future__ import annotations

from typing import Any

__all__ = ["MALWARE_SCANS", "exchange_sides", "is_malware", "trim_title"]

MALWARE_SCANS = frozenset({"SuspiciousFile", "MaliciousFile"})
MALWARE_PURPOSES = frozenset({"Backdoor", "CryptoCurrency", "Trojan"})


def is_malware(purpose: str, family: str) -> bool:
    """Tell whether a finding's type speaks of malware.

    Examples
    --------
    >>> is_malware("Trojan", "DNSDataExfiltration"), is_malware("Recon", "PortProbe")
    (True, False)
    """
    return purpose in MALWARE_PURPOSES or family in MALWARE_SCANS


def trim_title(title: str) -> str:
    """Return a title without blanks around it and without dots at its end.

    Examples
    --------
    >>> trim_title(" An instance was probed. ")
    'An instance was probed'
    """
    return title.strip().rstrip(".")


def exchange_sides(source: dict[str, Any]) -> None:
    """Exchange source and destination whole, as the instance is the one who calls.

    Examples
    --------
    >>> document = {"source": {"ip": "203.0.113.9"}}
    >>> exchange_sides(document)
    >>> document
    {'destination': {'ip': '203.0.113.9'}}
    """
    caller, called = source.pop("destination", None), source.pop("source", None)
    if caller:
        source["source"] = caller
    if called:
        source["destination"] = called
