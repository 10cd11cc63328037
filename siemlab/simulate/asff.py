"""The finding format of Security Hub: what all products' findings have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from siemlab.logs.writing import Lines, Stream
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage

__all__ = ["FIREHOSE", "Severity", "deliver_findings", "flat", "grade", "provider_fields"]

ADMINISTRATOR = "sz-security"
FIREHOSE = "aes-siem-firehose-securityhub"
LONGEST = 2048
"""Longer values of product fields are not sent."""

NORMALIZED = {"INFORMATIONAL": 0, "LOW": 1, "MEDIUM": 40, "HIGH": 70, "CRITICAL": 90}

Severity = dict[str, Any]
"""``Severity`` of a finding."""


def grade(label: str, product: float | None = None, original: str = "") -> Severity:
    """Return a severity.

    Parameters
    ----------
    label
        ``INFORMATIONAL`` to ``CRITICAL``.
    product
        What the product itself says.
    original
        The product's own text.

    Examples
    --------
    >>> grade("HIGH", 8)
    {'Product': 8, 'Label': 'HIGH', 'Normalized': 70}
    """
    severity: Severity = {} if product is None else {"Product": product}
    severity |= {"Label": label, "Normalized": NORMALIZED[label]}
    return severity | ({"Original": original} if original else {})


def provider_fields(finding: dict[str, Any]) -> dict[str, Any]:
    """Return ``FindingProviderFields``: what the product said before anybody changed it."""
    severity = {
        name: value for name, value in finding["Severity"].items() if name in ("Label", "Original")
    }
    return {"Severity": severity, "Types": finding["Types"]}


def flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield product fields: nested values by their path, as text.

    Parameters
    ----------
    prefix
        The path so far.
    value
        Any JSON value; null is an empty text.

    Examples
    --------
    >>> dict(flat("a", {"b": [{"c": 1}], "d": False, "e": None}))
    {'a/b.0_/c': '1', 'a/d': 'false', 'a/e': ''}
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(f"{prefix}/{name}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from flat(f"{prefix}.{place}_", inner)
    else:
        text = _text(value)
        if len(text) <= LONGEST:
            yield prefix, text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def deliver_findings(stage: Stage, findings: list[dict[str, Any]], at: Ints) -> Acts:
    """Write findings as Security Hub sends them on, one event each, in the home region.

    Parameters
    ----------
    stage
        Who acts.
    findings
        The findings (ASFF).
    at
        When Security Hub sends each, epoch milliseconds.

    Returns
    -------
    Acts
        Their ids are the findings' ids.
    """
    world = stage.world
    account, region = world.account(ADMINISTRATOR), world.baseline.regions.home
    stamps = np.datetime_as_string((at // 1000).astype("datetime64[s]")).tolist()
    numbers = stage.delays.uuids(len(at))
    rows = [
        msgspec.json.encode(
            {
                "version": "0",
                "id": number,
                "detail-type": "Security Hub Findings - Imported",
                "source": "aws.securityhub",
                "account": account,
                "time": f"{stamp}Z",
                "region": region,
                "resources": [f"{finding['ProductArn']}/{finding['Id']}"],
                "detail": {"findings": [finding]},
            }
        )
        for finding, number, stamp in zip(findings, numbers, stamps, strict=True)
    ]
    logged = stage.write(Stream("securityhub", account, region, FIREHOSE), at, Lines(rows))
    ids = tuple(finding["Id"] for finding in findings)
    return Acts("securityhub", at, ids, logged=logged)
