"""L1-C "Console at 3 a.m.": a sign-in without a second factor, and what the clean-up missed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from siemlab.scenarios.actors import actors_of, shifted
from siemlab.scenarios.l1c.morning import CLEANED, CLEANER, cleans_up
from siemlab.scenarios.l1c.night import (
    BACKDOOR,
    PROD,
    VICTIM,
    builds_doors,
    signs_in,
    sprays,
    tests_key,
)
from siemlab.scenarios.scenario import Decoy, Knobs, Scenario, Truth
from siemlab.scenarios.telling import Telling
from siemlab.simulate.affected import key_of
from siemlab.simulate.calendar import DAY, HOUR, MINUTE, millis
from siemlab.simulate.callers import Caller
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.sightings import ApiCall, Seen
from siemlab.simulate.stage import Acts, Stage
from siemlab.simulate.world import Effect, World

__all__ = ["CONSOLE_AT_NIGHT"]

START = millis("2022-12-08T17:31:00Z")
EARLIEST, LATEST = -42, 42
FOREVER = 1 << 62
GLOBAL = "us-east-1"
FACTORS = ("DeactivateMFADevice", "UpdateLoginProfile")
MADE_USER = "svc-inventory-sync"
OTHER_USERS = (
    *("svc-stock-sync", "svc-rate-loader", "svc-hotel-feed", "svc-fare-cache"),
    *("svc-calendar-sync", "svc-coupon-export", "svc-image-index", "svc-mail-archive"),
    *("svc-seat-import", "svc-review-loader", "svc-point-batch", "svc-voucher-sync"),
)


def _knobs(world: World) -> Knobs:
    actors = actors_of(world)
    made = world.ids.rng("knobs", "L1-C", "user").pick(OTHER_USERS) if world.team else MADE_USER
    names = {name: actors[name] for name in ("sprayer 1", "sprayer 2", "intruder")}
    names |= {"server": actors["intruder's server"], "user": made}
    return Knobs(shifted(world, "L1-C", START, EARLIEST, LATEST), names=names)


def _effects(_world: World, knobs: Knobs) -> tuple[Effect, ...]:
    return (Effect("key dead", knobs["user"], millis("2022-12-09T00:46:51Z"), FOREVER),)


def _story(stage: Stage, knobs: Knobs) -> Truth:
    telling = Telling("L1-C")
    sprays(stage.part("sprays"), knobs, telling)
    intruder, seen = signs_in(stage.part("signs in"), knobs, telling)
    doors = builds_doors(stage.part("doors"), knobs, telling, intruder)
    tests_key(stage.part("tests key"), knobs, telling)
    cleans_up(stage.part("cleans up"), knobs, telling)
    _alarm(stage, telling, "Discovery", intruder, seen, knobs.after("45:50"))
    _alarm(stage, telling, "Persistence", intruder, doors, knobs.after("58:00"))
    return telling.truth(_decoys(), _facts(stage.world, knobs, intruder))


def _alarm(
    stage: Stage,
    telling: Telling,
    purpose: str,
    intruder: Caller,
    calls: Mapping[str, Acts],
    created: int,
) -> None:
    """Write the finding that calls of a kind are not what this user does."""
    kind = f"{purpose}:IAMUser/AnomalousBehavior"
    seen = tuple(
        Seen(acts.at, ApiCall(name, "iam.amazonaws.com", intruder.address))
        for name, acts in calls.items()
    )
    spec = Finding(kind, intruder.account, GLOBAL, seen, key=key_of(intruder), created=created)
    telling.row(kind, "finding", *finding(stage, spec))


def _decoys() -> tuple[Decoy, ...]:
    first, last = START - 36 * HOUR, CLEANED + 24 * HOUR
    login = {"event.action": "ConsoleLogin"}
    forgotten, terraform = millis("2022-12-08T05:00:00Z"), millis("2022-12-07T05:00:00Z")
    return (
        Decoy(
            "k-tanabe signs in every morning without a second factor",
            "cloudtrail",
            {**login, "user.name": VICTIM, "source.ip": "203.0.113.0/26"},
            first - 3 * DAY,
            last,
            "office",
        ),
        Decoy(
            "h-mori signs in from Singapore (TR-121)",
            "cloudtrail",
            {**login, "source.ip": "198.51.100.160/27"},
            first,
            last,
            "userIdentity.type",
        ),
        Decoy(
            "y-sudo forgot the password",
            "cloudtrail",
            {**login, "user.name": CLEANER, "event.outcome": "failure"},
            forgotten,
            forgotten + 10 * MINUTE,
            "office",
        ),
        Decoy(
            "t-kirishima gives y-sudo a new password",
            "cloudtrail",
            {"event.action": "UpdateLoginProfile", "user.name": "t-kirishima"},
            forgotten,
            forgotten + 20 * MINUTE,
            "office",
        ),
        Decoy(
            "Terraform makes svc-report-export with a key",
            "cloudtrail",
            {"event.action": "CreateUser", "source.ip": "203.0.113.130"},
            terraform,
            terraform + HOUR,
            "company-aws",
        ),
    )


def _facts(world: World, knobs: Knobs, intruder: Caller) -> dict[str, str | int]:
    return {
        "start": knobs.start,
        "victim": VICTIM,
        "intruder": knobs["intruder"],
        "signed_in": knobs.after("31:14"),
        "session_key": intruder.key,
        "failures": 23,
        "failures_existing": 14,
        "existing_users": 3,
        "first_write": "CreateUser",
        "made_user": knobs["user"],
        "made_key": world.user_key(knobs["user"], intruder.account),
        "server": knobs["server"],
        "client": "S3 Browser",
        "refused": ",".join(FACTORS),
        "survivor_role": BACKDOOR,
        "survivor_account": world.account("attacker-b"),
        "cleaner": CLEANER,
        "cleaned": CLEANED,
    }


CONSOLE_AT_NIGHT = Scenario(
    name="L1-C",
    title_en="Console at 3 a.m.",
    title_ja="午前3時のコンソール",
    level=1,
    account=PROD,
    first=date(2022, 12, 7),
    last=date(2022, 12, 10),
    knobs=_knobs,
    effects=_effects,
    story=_story,
)
"""A user whom nobody knows was made at night, and deleted in the morning: is it over?"""
