"""L2-C "Ransom note on a Saturday": a door left open in December, and what came through it."""

from __future__ import annotations

from datetime import date

from siemlab.scenarios.actors import actors_of, count_factor, shifted
from siemlab.scenarios.l2c.extortion import (
    COPIED,
    DELETED,
    DOWNLOADED,
    DOWNLOADERS,
    STOLEN,
    deletes,
    encrypts,
    is_scanned,
    is_visited,
    leaves_notes,
    lists_versions,
    steals,
)
from siemlab.scenarios.l2c.findings import alarms, controls
from siemlab.scenarios.l2c.intrusion import (
    enters,
    expires_papers,
    hides,
    looks_at_buckets,
    opens_exchange,
    suspends,
    wants_more,
)
from siemlab.scenarios.l2c.response import CLOSED, effects, puts_right
from siemlab.scenarios.l2c.setting import (
    ACCOUNT,
    BACKUP,
    EXCHANGE,
    FOREIGNER,
    HOST,
    START,
    at,
)
from siemlab.scenarios.scenario import Decoy, Knobs, Scenario, Truth
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import HOUR
from siemlab.simulate.callers import Caller
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import World

__all__ = ["RANSOM_NOTE"]

NAME = "L2-C"
EARLIEST, LATEST = 0, 175
NOTES = (
    "HOW_TO_RECOVER_YOUR_FILES.txt",
    "README_TO_RESTORE_DATA.txt",
    "YOUR_FILES_ARE_SAFE_WITH_US.txt",
    "RECOVERY_INSTRUCTIONS.txt",
    "CONTACT_US_BEFORE_SUNDAY.txt",
)


def _knobs(world: World) -> Knobs:
    actors = actors_of(world)
    names = {who: actors[who] for who in DOWNLOADERS}
    names["intruder"] = actors["intruder's server"]
    names["note"] = world.ids.rng("knobs", NAME).pick(NOTES) if world.team else NOTES[0]
    return Knobs(shifted(world, NAME, START, EARLIEST, LATEST), count_factor(world, NAME), names)


def _story(stage: Stage, knobs: Knobs) -> Truth:
    telling = Telling(NAME)
    taken = enters(stage.part("entry"), knobs)
    telling.row("1", "attack", *taken.acts)
    done = _attack(stage, knobs, telling, taken.caller)
    telling.row("12 scanner", "benign", is_scanned(stage.part("scanner"), knobs))
    visits = is_visited(stage.part("visitors"), knobs, CLOSED)
    telling.row("12", "attack", *(visit.line for visit in visits))
    telling.row("13", "response", *puts_right(stage.part("response")))
    for kind, found in alarms(stage, knobs, taken.caller, done).items():
        telling.row(kind, "finding", *found)
    for name, told in controls(stage.part("controls"), knobs).items():
        telling.row(name, "finding", *told)
    decoys = _decoys(stage.world, knobs)
    return telling.truth(decoys, _facts(stage.world, knobs, taken.caller))


def _attack(
    stage: Stage, knobs: Knobs, telling: Telling, intruder: Caller
) -> dict[str, tuple[Acts, ...]]:
    """Tell rows 2 to 11; return them by number."""
    notes = leaves_notes(stage.part("notes"), knobs, intruder)
    rows: dict[str, tuple[Acts, ...]] = {
        "2": looks_at_buckets(stage.part("buckets"), knobs, intruder),
        "3": suspends(stage.part("versioning"), knobs, intruder),
        "4": hides(stage.part("logging"), knobs, intruder),
        "5": opens_exchange(stage.part("exchange"), knobs, intruder),
        "6": steals(stage.part("theft"), knobs, intruder),
        "7": encrypts(stage.part("encryption"), knobs, intruder),
        "8 list": lists_versions(stage.part("versions"), knobs, intruder),
        "8": deletes(stage.part("deletion"), knobs, intruder),
        "9": tuple(acts for note in notes for acts in note),
        "10": expires_papers(stage.part("lifecycle"), knobs, intruder),
        "11": wants_more(stage.part("more"), knobs, intruder),
    }
    return {name: telling.row(name, "attack", *acts) for name, acts in rows.items()}


def _facts(world: World, knobs: Knobs, intruder: Caller) -> dict[str, str | int]:
    return {
        "finding": "Policy:S3/BucketAnonymousAccessGranted",
        "bucket": EXCHANGE,
        "session": world.ids.instance(HOST),
        "key": intruder.key,
        "intruder": knobs["intruder"],
        "earlier_incident": "L1-C",
        "foreign_account": world.account(FOREIGNER),
        "earlier_change": "UpdateAssumeRolePolicy",
        "objects_stolen": knobs.times(STOLEN),
        "objects_encrypted": knobs.times(COPIED),
        "note": knobs["note"],
        "notes": 3,
        "keys_deleted": knobs.times(DELETED),
        "recoverable_prefixes": "pg/, config/",
        "anonymous_downloads": knobs.times(DOWNLOADED),
        "closed_at": CLOSED,
        "versioning_off_at": at(knobs, "17:31:10"),
        "logging_off_at": at(knobs, "17:33:05"),
        "order": "PutBucketVersioning, PutBucketLogging, PutBucketPolicy, CopyObject, "
        "DeleteObjects, PutObject, PutBucketLifecycle",
    }


def _decoys(world: World, knobs: Knobs) -> tuple[Decoy, ...]:
    begin, end = START - 24 * HOUR, START + 20 * HOUR
    inside = world.baseline.hosts[HOST].private_ip
    return (
        Decoy(
            "the real host clears its temporary files under the same name",
            "cloudtrail",
            {"eventName": "DeleteObjects", "source.ip": inside},
            begin,
            end,
            "private-networks",
        ),
        Decoy(
            "the real host's deletions, key by key",
            "s3accesslog",
            {"Operation": "BATCH.DELETE.OBJECT", "Bucket": BACKUP, "source.ip": inside},
            begin,
            end,
            "private-networks",
        ),
        Decoy(
            "the partner's uploads with its own key",
            "cloudtrail",
            {"eventName": "PutObject", "source.ip": "192.0.2.80/28"},
            begin,
            end,
            "partner",
        ),
        *_others(begin, end),
    )


def _others(begin: int, end: int) -> tuple[Decoy, ...]:
    """Return what others do at the buckets every day."""
    return (
        Decoy(
            "the nightly backup",
            "cloudtrail",
            {"eventName": "PutObject", "user.name": "svc-backup"},
            begin,
            end,
            "operations-hosts",
        ),
        Decoy(
            "research scanners at the exchange",
            "s3accesslog",
            {"Bucket": EXCHANGE, "source.ip": "192.0.2.128/26"},
            begin,
            end,
            "research-scanners",
        ),
        Decoy(
            "a harmless file about restoring",
            "s3accesslog",
            {"Key": "docs/restore_instructions_2022.pdf"},
            begin,
            end,
            "Bucket",
        ),
    )


RANSOM_NOTE = Scenario(
    name=NAME,
    title_en="Ransom note on a Saturday",
    title_ja="土曜日の脅迫状",
    level=2,
    account=ACCOUNT,
    first=date(2023, 1, 19),
    last=date(2023, 1, 22),
    knobs=_knobs,
    effects=effects,
    story=_story,
)
