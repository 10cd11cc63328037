"""R2: findings of GuardDuty, Security Hub and Macie are what the services' models say they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.figures import Figure, Violation, Violations
from siemlab.realism.reading import Seen
from siemlab.realism.values import integer, mapping
from siemlab.realism.wire import Wire

__all__ = ["FindingCheck", "FindingOracle"]

Finding = dict[str, Any]

SHAPES = {
    "guardduty": ("guardduty", "Finding"),
    "securityhub": ("securityhub", "AwsSecurityFinding"),
    "macie": ("macie2", "Finding"),
}
# Free-form in GuardDuty's exports, or set by Security Hub beyond its model.
EXCEPTED = {
    "guardduty": re.compile(r"service\.additionalInfo(?:\.|$)"),
    "securityhub": re.compile(r"FindingProviderFields\.Severity\.Normalized$"),
    "macie": re.compile(r"(?!)"),
}
# The model of Macie requires nothing; these are in every finding it sends.
MACIE_ALWAYS = (
    *("accountId", "category", "createdAt", "description", "id", "partition", "region"),
    *("resourcesAffected", "schemaVersion", "severity", "title", "type", "updatedAt"),
)
SAMPLE = re.compile("GeneratedFinding|i-99999999|sample finding", re.IGNORECASE)
HEX32 = re.compile("[0-9a-f]{32}")
HIGHEST = 8.9  # above it, the SIEM of AWS has no label, and the finding types of 2022 none either


class FindingOracle:
    """Checks findings against the shapes of a botocore.

    Parameters
    ----------
    models
        Whose: the installed ones, or those of late 2022.

    Examples
    --------
    >>> oracle = FindingOracle(ServiceModels.installed())
    >>> oracle.problems("guardduty", {"id": "1"})[0]
    'accountId: is missing'
    """

    def __init__(self, models: ServiceModels) -> None:
        self._models = models
        self._wires: dict[str, Wire] = {}

    def problems(self, kind: str, finding: Finding) -> list[str]:
        """Return what is wrong with a finding.

        Parameters
        ----------
        kind
            ``guardduty`` (a line of an export), ``securityhub`` (ASFF) or ``macie``.
        finding
            The finding itself, without an envelope.
        """
        service, shape = SHAPES[kind]
        if kind not in self._wires:
            self._wires[kind] = Wire(self._models.service(service), "exact")
        plain = _without_nulls(finding) if kind == "guardduty" else finding
        found = self._wires[kind].problems(plain, shape)
        problems = [text for text in found if not EXCEPTED[kind].match(text.partition(":")[0])]
        if kind == "macie":
            problems += [f"{name}: is missing" for name in MACIE_ALWAYS if name not in finding]
        return sorted(problems)


def _without_nulls(value: Any) -> Any:
    """Leave out what GuardDuty writes null for, as it does where there is nothing."""
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value


class FindingCheck:
    """Shows every GuardDuty and Security Hub finding to an oracle, and to rules of our own.

    Parameters
    ----------
    oracle
        With the models to ask.
    test
        ``R2`` for the models of now, ``R2b`` for those of the logs' time.
    """

    reads = frozenset({"guardduty", "securityhub"})

    def __init__(self, oracle: FindingOracle, test: str) -> None:
        self._oracle = oracle
        self._test = test
        self._found = Violations()

    def see(self, seen: Seen) -> None:
        """Check a finding."""
        kind, finding, number = seen.log_type.name, seen.record.raw, seen.record.number
        rules = {
            f"{kind} shape": self._oracle.problems(kind, finding),
            "sample": [text for text in _texts(finding) if SAMPLE.search(text)],
            f"{kind} sense": list(_nonsense(kind, finding)),
        }
        for rule, problems in rules.items():
            self._found.checked(rule)
            if problems:
                self._found.add(rule, seen.key, number, "; ".join(problems[:5]))

    def figures(self) -> list[Figure]:
        """Return how many findings have another shape, or say what cannot be."""
        named = {
            "guardduty shape": ("GuardDuty findings of another shape", "形が違う GuardDuty 検出"),
            "guardduty sense": ("GuardDuty findings that cannot be", "ありえない GuardDuty 検出"),
            "securityhub shape": ("Security Hub findings of another shape", "形が違う ASFF 検出"),
            "securityhub sense": ("Security Hub findings that cannot be", "ありえない ASFF 検出"),
            "sample": ("sample findings", "サンプル検出"),
        }
        return [self._found.figure(self._test, rule, name) for rule, name in named.items()]

    @property
    def violations(self) -> list[Violation]:
        """The first findings that are wrong."""
        return self._found.kept


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts of a finding, names of members included."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield "sample finding" if name == "sample" and inner is True else name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _nonsense(kind: str, finding: Finding) -> Iterator[str]:
    """Yield what no model says: ids that belong together, times in order, severity in bounds."""
    if kind == "guardduty":
        yield from _guardduty(finding)
        return
    times = [str(finding.get(name, "")) for name in ("FirstObservedAt", "LastObservedAt")]
    if all(times) and times != sorted(times):
        yield "it was last observed before it was first"
    if str(finding.get("CreatedAt", "")) > str(finding.get("UpdatedAt", "")):
        yield "it was updated before it was created"
    product, account = str(finding.get("ProductArn")), f":{finding.get('AwsAccountId')}:"
    if ":product/aws/" not in product and account not in f"{product}{finding.get('Id')}":
        yield "its product is of no account that it names"


def _guardduty(finding: Finding) -> Iterator[str]:
    service = mapping(finding.get("service"))
    identity, arn = str(finding.get("id")), str(finding.get("arn"))
    if not HEX32.fullmatch(identity):
        yield "its id is not 32 hexadecimal digits"
    place = f":{finding.get('region')}:{finding.get('accountId')}:detector/"
    if not arn.endswith(f"{place}{service.get('detectorId')}/finding/{identity}"):
        yield "its arn does not name its region, account, detector and id"
    severity = finding.get("severity")
    if not isinstance(severity, int | float) or not 1.0 <= severity <= HIGHEST:
        yield f"its severity is not between 1 and {HIGHEST}"
    if (integer(service.get("count")) or 0) < 1:
        yield "it counts no event"
    if str(finding.get("createdAt")) > str(finding.get("updatedAt")):
        yield "it was updated before it was created"
    first, last = str(service.get("eventFirstSeen")), str(service.get("eventLastSeen"))
    if first > last:
        yield "its last event was before its first"
    if last[:19] > str(finding.get("updatedAt"))[:19]:
        yield "its last event was after its update"
