"""The controls of Security Hub that are on: best practices (FSBP) and the CIS benchmark 1.2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from siemlab.baseline.reading import read_yaml
from siemlab.simulate.calendar import millis

__all__ = ["Control", "controls"]

FSBP_PATH = "aws-foundational-security-best-practices/v/1.0.0"
CIS_PATH = "cis-aws-foundations-benchmark/v/1.2.0"
REMEDIATION = "https://docs.aws.amazon.com/console/securityhub"


@dataclass(frozen=True)
class Control:
    """A control.

    Parameters
    ----------
    id
        ``EC2.19``, ``4.1``.
    title
        What should be.
    severity
        The label of a failure.
    config_rule
        The rule of AWS Config behind it, empty where Security Hub checks by itself.
    periodic
        Whether it runs by the clock; others run when a resource changes.
    since
        From when on the company has it on, epoch milliseconds; 0: always.
    """

    id: str
    title: str
    severity: str
    config_rule: str
    periodic: bool = False
    since: int = 0

    @property
    def fsbp(self) -> bool:
        """Whether it is one of the best practices, not of the CIS benchmark."""
        return self.id[0].isalpha()

    @property
    def subscription(self) -> str:
        """The standard, as ARNs name it."""
        return FSBP_PATH if self.fsbp else CIS_PATH

    @property
    def type(self) -> str:
        """The last part of the finding's type."""
        if self.fsbp:
            return "AWS-Foundational-Security-Best-Practices"
        return "CIS AWS Foundations Benchmark"

    @property
    def generator(self) -> str:
        """What made the finding."""
        if self.fsbp:
            return f"{FSBP_PATH}/{self.id}"
        return f"arn:aws:securityhub:::ruleset/{CIS_PATH}/rule/{self.id}"

    @property
    def url(self) -> str:
        """Where the remediation is described."""
        name = self.id if self.fsbp else f"standards-cis-{self.id}"
        return f"{REMEDIATION}/{name}/remediation"

    @property
    def description(self) -> str:
        """What the control does, in a sentence."""
        return f"This control checks the following requirement: {self.title}."


def _control(number: str, entry: dict[str, Any]) -> Control:
    since = entry.get("since")
    return Control(
        number,
        entry["title"],
        entry["severity"],
        entry.get("rule", ""),
        entry.get("periodic", False),
        millis(since) if since else 0,
    )


@cache
def controls() -> Mapping[str, Control]:
    """Return the controls by their ids.

    Examples
    --------
    >>> controls()["EC2.19"].severity, controls()["4.1"].fsbp
    ('CRITICAL', False)
    """
    entries = read_yaml(Path(__file__).with_name("controls.yaml"))
    return MappingProxyType({number: _control(number, entry) for number, entry in entries.items()})
