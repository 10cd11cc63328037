"""GuardDuty: findings about what was done, late, and updated as long as it goes on.

A finding is exported when it is made and again every 15 minutes while more is seen; each export is
a document of its own with a higher count. Security Hub gets a copy of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from siemlab.logs.writing import Lines, Stream
from siemlab.simulate.affected import BucketTouched, KeyUsed, Machine, iso
from siemlab.simulate.anomalies import anomaly
from siemlab.simulate.calendar import MINUTE, SECOND
from siemlab.simulate.rng import Rng
from siemlab.simulate.securityhub import copy
from siemlab.simulate.sightings import Action, ApiCall, Seen, action_details, remote_of
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.threats import THREATS, Threat

__all__ = ["Finding", "detector_id", "finding"]

EVERY = 15 * MINUTE
LEAST_DELAY, MOST_DELAY = 11 * MINUTE, 19 * MINUTE
BLINDNESS = 6 * MINUTE
"""What happened in the last minutes before an export is not in it yet."""


@dataclass(frozen=True)
class Finding:
    """What GuardDuty has to say.

    Parameters
    ----------
    kind
        The finding type, one of `siemlab.simulate.threats.THREATS`.
    account, region
        The account's id, and the region of the detector.
    seen
        What it saw: groups of events, each with what a finding shows of it. An update shows the
        latest one; an anomaly names the API of the first group in all of them.
    key, machine, buckets
        What is affected.
    created
        When the finding was made, epoch milliseconds; 0: 11 to 19 minutes after the first event.
    until
        After this time there are no more updates, because somebody archived it; 0: no end.
    severity
        Where it is not the type's default.
    role
        ``TARGET`` or ``ACTOR``, where it is not the type's default.
    agent
        The user agent, for anomalies.
    about
        Tells findings of one kind in one story or day apart: a number, or a logical name (the draws
        belong to it, so it is the same for all teams).
    """

    kind: str
    account: str
    region: str
    seen: tuple[Seen, ...]
    key: KeyUsed | None = None
    machine: Machine | None = None
    buckets: tuple[BucketTouched, ...] = ()
    created: int = 0
    until: int = 0
    severity: float = 0.0
    role: str = ""
    agent: str = ""
    about: str = ""

    @property
    def threat(self) -> Threat:
        """The finding type."""
        return THREATS[self.kind]


@dataclass(frozen=True)
class Update:
    """One export: when, how many events so far, the last of them, and which groups they are of."""

    at: int
    count: int
    first: int
    last: int
    groups: tuple[Seen, ...]

    @property
    def latest(self) -> Action:
        """What was seen last."""
        return self.groups[-1].action


def detector_id(stage: Stage, account: str, region: str) -> str:
    """Return the id of a detector: one in each account (its number) and region.

    Parameters
    ----------
    stage
        Who acts.
    account
        The account's id.
    region
        The region.
    """
    return stage.world.ids.hexes(32, "detector", account, region)


def finding(stage: Stage, spec: Finding) -> tuple[Acts, Acts]:
    """Write a finding with all its updates, and the copies in Security Hub.

    Parameters
    ----------
    stage
        Who acted: the draws are a part of it, named by the finding's kind and ``about``.
    spec
        What GuardDuty has to say.

    Returns
    -------
    tuple
        The acts of GuardDuty and of Security Hub: a document each. Their ids are the finding's.

    Raises
    ------
    ValueError
        GuardDuty did not have that finding type then, or nothing was seen.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> from siemlab.simulate.affected import machine_of
    >>> from siemlab.simulate.sightings import Probe
    >>> from siemlab.simulate.stage import Records
    >>> from siemlab.simulate.world import World
    >>> stage = Stage(World(load_baseline(), seed=2022), Records(), "example")
    >>> seen = Seen([1669374370000, 1669375630000], Probe("198.19.44.17", 22))
    >>> host = machine_of(stage.world, "sz-prod-bastion-01")
    >>> probed, copied = finding(stage, Finding("Recon:EC2/PortProbeUnprotectedPort", host.account,
    ...                                         host.region, (seen,), machine=host))
    >>> len(probed), len(copied), probed.ids[0] == probed.ids[1]
    (2, 2, True)
    """
    part = stage.part("finding", spec.kind, spec.about)
    updates = list(_updates(spec, part.rng))
    if not spec.threat.exists(updates[0].at):
        raise ValueError(f"GuardDuty had no {spec.kind} at {iso(updates[0].at)}")
    number = part.world.ids.hexes(32, "finding", *part.rng.names)
    documents = [_document(part, spec, update, number, updates[0].at) for update in updates]
    at = np.array([update.at for update in updates], dtype=np.int64)
    stream = Stream("guardduty", spec.account, spec.region)
    logged = part.write(stream, at, Lines([msgspec.json.encode(each) for each in documents]))
    acts = Acts("guardduty", at, (number,) * len(at), logged=logged)
    return acts, copy(part, documents, at)


def _updates(spec: Finding, rng: Rng) -> Iterator[Update]:
    """Yield the exports: the first, and then those that have something new to tell."""
    at = np.concatenate([group.at for group in spec.seen]) if spec.seen else np.zeros(0, np.int64)
    if not len(at):
        raise ValueError(f"{spec.kind}: nothing was seen")
    first = int(at.min())
    created = spec.created or first + rng.one(LEAST_DELAY // SECOND, MOST_DELAY // SECOND) * SECOND
    blind = min(BLINDNESS, created - first)
    told, moment = 0, created + rng.one(0, SECOND - 1)
    step = 0
    while told < len(at) and (not spec.until or moment < spec.until):
        known = at[at <= moment - blind]
        if len(known) > told:
            told = len(known)
            last = int(known.max())
            yield Update(moment, told, first, last, _groups(spec.seen, last))
        step += 1
        moment = created + step * EVERY + rng.one(0, 40 * SECOND)


def _groups(seen: tuple[Seen, ...], last: int) -> tuple[Seen, ...]:
    """Return the groups that were seen by a time, the one that was seen last at the end."""
    known = [
        (int(group.at[group.at <= last].max()), place)
        for place, group in enumerate(seen)
        if group.at.min() <= last
    ]
    return tuple(seen[place] for _, place in sorted(known))


def _document(
    stage: Stage, spec: Finding, update: Update, number: str, created: int
) -> dict[str, Any]:
    """Return one export, its fields in the order of GuardDuty."""
    detector = detector_id(stage, spec.account, spec.region)
    place = f"arn:aws:guardduty:{spec.region}:{spec.account}:detector/{detector}"
    title, text = _words(spec, update)
    return {
        "schemaVersion": "2.0",
        "accountId": spec.account,
        "region": spec.region,
        "partition": "aws",
        "id": number,
        "arn": f"{place}/finding/{number}",
        "type": spec.kind,
        "resource": _resource(stage, spec),
        "service": _service(spec, update, detector),
        "severity": _whole(spec.severity or spec.threat.severity),
        "createdAt": iso(created),
        "updatedAt": iso(update.at),
        "title": title,
        "description": text,
    }


def _whole(severity: float) -> float:
    """Return a whole number as such: GuardDuty writes 8, not 8.0."""
    return int(severity) if severity == int(severity) else severity


def _resource(stage: Stage, spec: Finding) -> dict[str, Any]:
    resource: dict[str, Any] = {"resourceType": spec.threat.resource}
    if spec.key is not None:
        resource["accessKeyDetails"] = spec.key.details()
    if spec.buckets:
        resource["s3BucketDetails"] = [bucket.details(stage.world) for bucket in spec.buckets]
    if spec.machine is not None:
        resource["instanceDetails"] = spec.machine.details()
    return resource


def _service(spec: Finding, update: Update, detector: str) -> dict[str, Any]:
    return {
        "serviceName": "guardduty",
        "detectorId": detector,
        "action": action_details(_shown(spec, update), update.groups, spec.machine),
        "resourceRole": spec.role or spec.threat.role,
        "additionalInfo": _additional(spec, update),
        "evidence": _evidence(spec.threat),
        "eventFirstSeen": iso(update.first),
        "eventLastSeen": iso(update.last),
        "archived": False,
        "count": update.count,
    }


def _shown(spec: Finding, update: Update) -> Action:
    """Return what the export shows: of an anomaly what it began with, else what was seen last."""
    return spec.seen[0].action if spec.threat.anomalous else update.latest


def _additional(spec: Finding, update: Update) -> dict[str, Any]:
    known = {
        "threatName": spec.threat.threat_name,
        "threatListName": spec.threat.threat_list,
    }
    info: dict[str, Any] = {name: value for name, value in known.items() if value}
    if spec.threat.anomalous and spec.key is not None:
        info |= anomaly(spec.seen, update.groups, spec.key, spec.agent)
    return info | {"value": msgspec.json.encode(info).decode(), "type": "default"}


def _evidence(threat: Threat) -> dict[str, Any] | None:
    if not threat.threat_list:
        return None
    names = [threat.threat_name] if threat.threat_name else []
    return {
        "threatIntelligenceDetails": [
            {"threatListName": threat.threat_list, "threatNames": names},
        ]
    }


def _words(spec: Finding, update: Update) -> tuple[str, str]:
    action, threat = _shown(spec, update), spec.threat
    remote, instance = remote_of(action), spec.machine.instance if spec.machine else ""
    attacker = (spec.role or threat.role) == "ACTOR"
    words = {
        "user": spec.key.title if spec.key else "",
        "api": action.api if isinstance(action, ApiCall) else "",
        "remote": remote,
        "instance": instance,
        "port": getattr(action, "remote_port", ""),
        "domain": getattr(action, "domain", ""),
        "bucket": spec.buckets[0].name if spec.buckets else "",
        "tactic": _tactic(threat),
        "list": threat.threat_list,
        "attacker": instance if attacker else remote,
        "victim": remote if attacker else instance,
    }
    return threat.title.format(**words), threat.text.format(**words)


def _tactic(threat: Threat) -> str:
    purpose = threat.name.partition(":")[0]
    return "".join(f" {sign}" if sign.isupper() else sign for sign in purpose).strip()
