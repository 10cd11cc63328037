"""L2-A "Passport preview": a preview that fetches anything, a host's keys, and passports."""

from __future__ import annotations

from datetime import date

from siemlab.scenarios.actors import actors_of, count_factor, shifted
from siemlab.scenarios.l2a.findings import alarms
from siemlab.scenarios.l2a.probing import (
    KEYS_SIZE,
    NUMBER,
    crawls,
    probes,
    reads_metadata,
)
from siemlab.scenarios.l2a.response import REFUSED, REVOKED, contains, effects, is_shut_out
from siemlab.scenarios.l2a.setting import ACCOUNT, DOCS, EXCHANGE, HOST, ROLE, START, at
from siemlab.scenarios.l2a.theft import (
    copies_exports,
    copies_passports,
    enters,
    lists_papers,
    looks_around,
    looks_at_buckets,
    opens_bucket,
    stolen,
    takes_files,
)
from siemlab.scenarios.scenario import Decoy, Knobs, Scenario, Truth
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import HOUR, MINUTE
from siemlab.simulate.callers import Caller
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["PASSPORT_PREVIEW"]

NAME = "L2-A"
EARLIEST, LATEST = -175, 175


def _knobs(world: World) -> Knobs:
    actors = actors_of(world)
    return Knobs(
        shifted(world, NAME, START, EARLIEST, LATEST),
        count_factor(world, NAME),
        {"prober": actors["prober"], "thief": actors["thief"]},
    )


def _story(stage: Stage, knobs: Knobs) -> Truth:
    telling = Telling(NAME)
    telling.row("1", "attack", *crawls(stage.part("crawl"), knobs))
    telling.row("2", "attack", *probes(stage.part("probes"), knobs))
    for row, found in zip("345", reads_metadata(stage, knobs), strict=True):
        telling.row(row, "attack", *found)
    thief = stolen(stage.world, knobs)
    done = _theft(stage, knobs, telling, thief)
    revoked, repaired = contains(stage.part("response"), knobs)
    telling.row("16", "response", *revoked)
    refused = is_shut_out(stage.part("shut out"), knobs, thief)
    telling.row("17", "attack", *refused)
    telling.row("18", "response", *repaired)
    for kind, acts in alarms(stage, knobs, thief, done).items():
        telling.row(kind, "finding", *acts)
    return telling.truth(_decoys(stage.world, knobs, thief), _facts(stage.world, knobs, thief))


def _theft(
    stage: Stage, knobs: Knobs, telling: Telling, thief: Caller
) -> dict[str, tuple[Acts, ...]]:
    """Tell rows 7 to 15; return them by number."""
    who, listed = enters(stage, knobs, thief)
    rows = {
        "7": (who,),
        "8": (listed,),
        "9": looks_around(stage, knobs, thief),
        "10": looks_at_buckets(stage, knobs, thief),
        "11": lists_papers(stage.part("papers"), knobs, thief),
        "12": copies_passports(stage.part("passports"), knobs, thief),
        "13": takes_files(stage.part("files"), knobs, thief),
        "14": copies_exports(stage.part("exports"), knobs, thief),
        "15": (opens_bucket(stage, knobs, thief),),
    }
    return {name: telling.row(name, "attack", *acts) for name, acts in rows.items()}


def _facts(world: World, knobs: Knobs, thief: Caller) -> dict[str, str | int]:
    return {
        "role": ROLE,
        "finding_severity": 8,
        "thief": knobs["thief"],
        "prober": knobs["prober"],
        "key": thief.key,
        "instance": world.ids.instance(HOST),
        "management_events": 15,
        "first_call": "GetCallerIdentity",
        "first_call_at": at(knobs, "04:16:02"),
        "path": "/preview",
        "number": NUMBER,
        "metadata_address": "169.254.169.254",
        "rule": "EC2MetaDataSSRF_QUERYARGUMENTS",
        "size_of_keys": KEYS_SIZE,
        "bucket": DOCS,
        "objects_read": knobs.times(600) + knobs.times(12),
        "objects_refused": 3,
        "other_bucket": EXCHANGE,
        "unlogged_bucket": "sz-prod-analytics-export",
        "revoked_at": at(knobs, REVOKED),
        "refused_calls": REFUSED,
        "delivery": "1.0",
    }


def _decoys(world: World, knobs: Knobs, thief: Caller) -> tuple[Decoy, ...]:
    begin = knobs.start - 30 * HOUR
    minute = at(knobs, "04:16:02")
    instance = world.ids.instance(HOST)
    inside = world.baseline.hosts[HOST].private_ip
    return (
        Decoy(
            "the web server's own reading with the same key",
            "cloudtrail",
            {"user.id": thief.key, "source.ip": inside, "eventName": "GetObject"},
            minute - HOUR,
            minute + 2 * HOUR,
            "private-networks",
        ),
        Decoy(
            "the web server's own reading through the NAT gateway, before CHG-2250",
            "cloudtrail",
            {"user.name": instance, "source.ip": "203.0.113.130", "eventName": "GetObject"},
            begin,
            minute,
            "company-aws",
        ),
        *_visitors(begin, minute),
    )


def _visitors(begin: int, minute: int) -> tuple[Decoy, ...]:
    """Return who else came to the site, or to the papers, before the thief and after."""
    return (
        Decoy(
            "customers who preview photos",
            "alb",
            {"url.path": "/preview", "source.ip": "198.18.0.0/16"},
            begin,
            minute + 20 * HOUR,
            "customers",
        ),
        Decoy(
            "the monitoring asks whether the site is well",
            "alb",
            {"source.ip": "192.0.2.0/26"},
            minute - 15 * MINUTE,
            minute,
            "monitoring",
        ),
        Decoy(
            "research scanners look at the site",
            "alb",
            {"source.ip": "192.0.2.128/26"},
            begin,
            minute + 20 * HOUR,
            "research-scanners",
        ),
        Decoy(
            "the nightly export of rosters",
            "cloudtrail",
            {"source.ip": "10.20.10.41", "eventName": "PutObject"},
            begin,
            minute + 20 * HOUR,
            "private-networks",
        ),
    )


PASSPORT_PREVIEW = Scenario(
    name=NAME,
    title_en="Passport preview",
    title_ja="パスポートのプレビュー",
    level=2,
    account=ACCOUNT,
    first=date(2022, 12, 17),
    last=date(2022, 12, 20),
    knobs=_knobs,
    effects=effects,
    story=_story,
)
