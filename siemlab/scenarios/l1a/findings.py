"""What GuardDuty says of "Midnight bill"."""

from __future__ import annotations

from collections.abc import Mapping

from siemlab.scenarios.l1a.miners import GLOBAL, POOL_NAME, Fleet
from siemlab.scenarios.l1a.theft import BOTO, GO
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.telling import Telling
from siemlab.simulate.affected import key_of
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.callers import Caller
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.sightings import ApiCall, Lookup, Seen
from siemlab.simulate.stage import Acts, Stage

__all__ = ["alarms"]

DISCOVERY = "Discovery:IAMUser/AnomalousBehavior"
LISTED = "Recon:IAMUser/MaliciousIPCaller.Custom"
IMPACT = "Impact:IAMUser/AnomalousBehavior"
MINING = "CryptoCurrency:EC2/BitcoinTool.B!DNS"
# After how long the instances of each request are reported at the earliest, and the latest.
MINING_DELAYS = {"large": (922, 1075), "tokyo": (905, 1110), "gpu": (890, 1110)}


def alarms(
    stage: Stage,
    knobs: Knobs,
    telling: Telling,
    thief: Caller,
    seen: Mapping[str, tuple[str, Acts]],
    started: list[tuple[Fleet, Acts]],
    lookups: Mapping[str, list[Acts]],
) -> None:
    """Tell what GuardDuty found, and when.

    Parameters
    ----------
    stage, knobs, telling
        The story's.
    thief
        Who has the key.
    seen
        The calls of the look around that are judged, by event name: the error code, and the acts.
    started
        The instances of each request, and the request.
    lookups
        The lookups of the pool of each instance, by request.
    """
    _discovery(stage, knobs, telling, thief, seen)
    _impact(stage, knobs, telling, thief, started)
    for fleet, _ in started:
        for number, acts in enumerate(lookups[fleet.order.name]):
            low, high = MINING_DELAYS[fleet.order.name]
            delay = stage.rng.one(low, high) * SECOND
            spec = Finding(
                MINING,
                fleet.launch.owner,
                fleet.order.region,
                (Seen(acts.at, Lookup(POOL_NAME)),),
                machine=fleet.machines[number],
                created=int(acts.at[0]) + delay,
                about=fleet.interfaces[number].name,
            )
            telling.row(f"mining {fleet.order.name} {number}", "finding", *finding(stage, spec))


def _discovery(
    stage: Stage,
    knobs: Knobs,
    telling: Telling,
    thief: Caller,
    seen: Mapping[str, tuple[str, Acts]],
) -> None:
    groups = {
        name: Seen(acts.at, ApiCall(name, _source(name), knobs["scanner"], error))
        for name, (error, acts) in seen.items()
    }
    plans = (
        (DISCOVERY, [name for name in groups if not name.startswith("Describe")], "14:20"),
        (LISTED, [name for name in groups if name.startswith("Describe")], "16:00"),
    )
    for kind, names, created in plans:
        spec = Finding(
            kind,
            thief.account,
            GLOBAL,
            tuple(groups[name] for name in names),
            key=key_of(thief),
            created=knobs.after(created),
            agent=BOTO,
        )
        telling.row(kind, "finding", *finding(stage, spec))


def _source(name: str) -> str:
    if name.startswith("Describe"):
        return "ec2.amazonaws.com"
    return f"{'s3' if name == 'ListBuckets' else 'iam'}.amazonaws.com"


def _impact(
    stage: Stage,
    knobs: Knobs,
    telling: Telling,
    thief: Caller,
    started: list[tuple[Fleet, Acts]],
) -> None:
    regions: dict[str, list[Seen]] = {}
    for fleet, request in started:
        resources = tuple(("AWS::EC2::Instance", number) for number in fleet.ids[:1])
        call = ApiCall("RunInstances", "ec2.amazonaws.com", knobs["miner"], resources=resources)
        regions.setdefault(fleet.order.region, []).append(Seen(request.at, call))
    for (region, groups), created in zip(regions.items(), ("26:10", "28:30"), strict=True):
        spec = Finding(
            IMPACT,
            thief.account,
            region,
            tuple(groups),
            key=key_of(thief),
            created=knobs.after(created),
            agent=GO,
            about="home" if region.startswith("ap-") else "abroad",
        )
        telling.row(f"{IMPACT} {region}", "finding", *finding(stage, spec))
