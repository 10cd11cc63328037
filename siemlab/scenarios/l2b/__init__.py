"""L2-B "Trusted pipeline": a trojanized dependency, the legal way into sz-prod, and blindness."""

from __future__ import annotations

from datetime import date

from siemlab.scenarios.actors import actors_of, shifted
from siemlab.scenarios.l2b.findings import alarms, controls
from siemlab.scenarios.l2b.intrusion import (
    ENTRY,
    SECRET,
    Chain,
    as_function,
    backdoors,
    blinds,
    enters,
    looks_at_functions,
    reads_secret,
    shares_snapshots,
    snapshot_id,
    volume_was_made,
)
from siemlab.scenarios.l2b.leak import BUILD, builds, new_key, posts_environment, tries_keys
from siemlab.scenarios.l2b.response import FLOWS_BACK, deploys_again, effects, restores
from siemlab.scenarios.l2b.setting import (
    DEPLOY_ROLE,
    DEV,
    FOREIGNER,
    NOTIFY,
    PAYMENT,
    PROD,
    START,
    at,
)
from siemlab.scenarios.scenario import Decoy, Knobs, Scenario, Truth
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import DAY, MINUTE, millis
from siemlab.simulate.callers import Caller
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["TRUSTED_PIPELINE"]

NAME = "L2-B"
EARLIEST, LATEST = -77, 175
DOMAINS = (
    "cdn-pkgmirror.example",
    "pkg-edgecache.example",
    "fastpkg-mirror.example",
    "npm-cdn-sync.example",
    "registry-relay.example",
)
SNAPSHOTS = ("release-0112", "prerelease-0112", "verify-0112", "rehearsal-0112", "resync-0112")
LAYERS = ("otel-compat", "xray-compat", "requests-compat", "metrics-shim", "tls-compat")


def _knobs(world: World) -> Knobs:
    actors, rng = actors_of(world), world.ids.rng("knobs", NAME)
    pools = {"domain": DOMAINS, "snapshot": SNAPSHOTS, "layer": LAYERS}
    chosen = {
        name: rng.pick(pool) if world.team else pool[0] for name, pool in sorted(pools.items())
    }
    names = {"mirror": actors["mirror"], "intruder": actors["pipeline intruder"]}
    return Knobs(shifted(world, NAME, START, EARLIEST, LATEST), names=names | chosen)


def _story(stage: Stage, knobs: Knobs) -> Truth:
    telling = Telling(NAME)
    build = builds(stage.part("build"), knobs)
    telling.row("3", "benign", *build.acts)
    asked, sent = posts_environment(stage.part("leak"), knobs)
    telling.row("1", "attack", asked)
    telling.row("2", "attack", sent)
    tried = tries_keys(stage.part("keys"), knobs, build.caller)
    done = {"4": telling.row("4", "attack", *tried.looked)}
    telling.row("5", "attack", tried.refused)
    telling.row("6", "attack", tried.made)
    callers = {"4": build.caller, **_intrusion(stage, knobs, telling, done)}
    telling.row("20", "response", *restores(stage.part("response"), knobs))
    telling.row("20 deploy", "response", *deploys_again(stage.part("deploy")))
    for kind, found in alarms(stage, knobs, callers, done).items():
        telling.row(kind, "finding", *found)
    for name, told in controls(stage.part("controls"), knobs).items():
        telling.row(name, "finding", *told)
    return telling.truth(_decoys(stage.world), _facts(stage.world, knobs, build.caller))


def _intrusion(
    stage: Stage, knobs: Knobs, telling: Telling, done: dict[str, tuple[Acts, ...]]
) -> dict[str, Caller]:
    """Tell rows 7 to 19; return the intruder by the row with which a session begins."""

    def chain(name: str, first: str, second: str, session: str) -> Chain:
        found = enters(stage.part("chain", session), knobs, first, second, session)
        telling.row(name, "attack", *found.acts)
        return found

    def tell(rows: dict[str, tuple[Acts, ...]]) -> None:
        for name, acts in rows.items():
            done[name] = telling.row(name, "attack", *acts)

    first = chain("7", "11 01:03:40", "11 01:04:18", "deploy-release-0111").caller
    tell({"8": looks_at_functions(stage.part("functions"), knobs, first)})
    tell(backdoors(stage.part("backdoors"), knobs, first))
    second = chain("7b", "12 15:37:25", "12 15:38:02", "deploy-release-0112").caller
    read, opened = reads_secret(stage.part("secret"), knobs)
    tell({"12": (read, opened)})
    tell(shares_snapshots(stage.part("snapshots"), knobs, second))
    tell({"15": (volume_was_made(stage.part("volume"), knobs),)})
    third = chain("7c", "13 17:35:30", "13 17:36:04", "deploy-release-0113").caller
    tell(blinds(stage.part("blinding"), knobs, third))
    return {"9": first, "12": as_function(stage.world, knobs), "13": second, "17": third}


def _facts(world: World, knobs: Knobs, build: Caller) -> dict[str, str | int]:
    gone = at(knobs, "13 17:44:20")
    return {
        "role": DEPLOY_ROLE,
        "api": "ModifySnapshotAttribute",
        "foreign_account": world.account(FOREIGNER),
        "proof": "SharedSnapshotVolumeCreated",
        "used_at": at(knobs, "12 16:31:48"),
        "snapshot": snapshot_id(world),
        "database_snapshot": knobs["snapshot"],
        "intruder": knobs["intruder"],
        "illegitimate": 1,
        "common_field": "sharedEventID",
        "calling_account": world.account(DEV),
        "identity_type": "AWSAccount",
        "entry_session": ENTRY,
        "layered_function": PAYMENT,
        "open_function": NOTIFY,
        "secret": SECRET,
        "session": BUILD,
        "leaked_key": build.key,
        "new_key": new_key(world),
        "domain": knobs["domain"],
        "mirror": knobs["mirror"],
        "flow_log_gone_at": gone,
        "flow_log_back_at": FLOWS_BACK,
        "minutes_without_flows": (FLOWS_BACK - gone + 30_000) // MINUTE,
    }


def _decoys(world: World) -> tuple[Decoy, ...]:
    begin, end = millis("2023-01-09T15:00:00Z"), millis("2023-01-13T15:00:00Z")
    account = world.account(PROD)
    return (
        Decoy(
            "legal deployments",
            "cloudtrail",
            {
                "eventName": "UpdateFunctionCode20150331v2",
                "source.ip": "203.0.113.141",
                "cloud.account.id": account,
            },
            begin,
            end,
            "operations-hosts",
        ),
        Decoy(
            "the pipeline's legal chain of roles",
            "cloudtrail",
            {
                "eventName": "AssumeRole",
                "source.ip": "203.0.113.141",
                "userIdentity.type": "AWSAccount",
            },
            begin,
            end,
            "operations-hosts",
        ),
        *_changes(begin, end),
    )


def _changes(begin: int, end: int) -> tuple[Decoy, ...]:
    """Return announced changes, and what a function does every few minutes."""
    monday = millis("2023-01-09T16:00:00Z")
    return (
        Decoy(
            "CHG-2240: snapshots are shared with sz-security",
            "cloudtrail",
            {"eventName": "ModifySnapshotAttribute", "source.ip": "203.0.113.130"},
            monday,
            monday + DAY,
            "operations-hosts",
        ),
        Decoy(
            "the function's own reading of its secret",
            "cloudtrail",
            {"eventName": "GetSecretValue", "source.ip": "203.0.113.128/25"},
            begin,
            end,
            "company-aws",
        ),
        Decoy(
            "CHG-2255: the platform team changes the organization's trail",
            "cloudtrail",
            {"eventName": "UpdateTrail"},
            millis("2023-01-06T05:00:00Z"),
            millis("2023-01-06T06:00:00Z"),
            "office",
        ),
    )


TRUSTED_PIPELINE = Scenario(
    name=NAME,
    title_en="Trusted pipeline",
    title_ja="信頼されたパイプライン",
    level=2,
    account=PROD,
    first=date(2023, 1, 8),
    last=date(2023, 1, 15),
    knobs=_knobs,
    effects=effects,
    story=_story,
)
