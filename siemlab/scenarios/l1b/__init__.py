"""L1-B "The open door": port 22 opened to the world, a guessed password, a bastion that attacks."""

from __future__ import annotations

from datetime import date

from siemlab.scenarios.actors import actors_of, count_factor, shifted
from siemlab.scenarios.l1b.attempts import GUESSED, PAUSE, SILENT, START, Attempts, guesses, knocks
from siemlab.scenarios.l1b.door import BASTION, GROUP, closes, investigates, opens, rule_id
from siemlab.scenarios.l1b.findings import alarms
from siemlab.scenarios.l1b.intrusion import DATABASE, PORT, VICTIMS, breaks_in
from siemlab.scenarios.scenario import Decoy, Knobs, Scenario, Truth
from siemlab.scenarios.telling import Telling
from siemlab.simulate.calendar import HOUR, MINUTE, millis
from siemlab.simulate.stage import Stage
from siemlab.simulate.world import Effect, World

__all__ = ["OPEN_DOOR"]

EARLIEST, LATEST = -175, 175
CLOSED = millis("2022-11-24T23:58:07Z")
INVESTIGATED = millis("2022-11-25T00:20:11Z")
BREAK_IN = "460:10"
SCANNER, FIRST, NOISE = "192.0.2.131", "198.19.44.17", "198.19.32.0/20"


def _knobs(world: World) -> Knobs:
    actors = actors_of(world)
    names = ("traveler", "guesser 1", "guesser 2", "patient guesser", "tool host")
    first = world.ids.address(NOISE, "L1-B", "first") if world.team else FIRST
    return Knobs(
        shifted(world, "L1-B", START, EARLIEST, LATEST),
        factor=count_factor(world, "L1-B"),
        names={**{name: actors[name] for name in names}, "scanner": SCANNER, "first": first},
    )


def _effects(_world: World, knobs: Knobs) -> tuple[Effect, ...]:
    return (Effect("ssh open", BASTION, knobs.start, CLOSED),)


def _story(stage: Stage, knobs: Knobs) -> Truth:
    telling = Telling("L1-B")
    opens(stage.part("opens"), knobs, telling)
    knocked = knocks(stage.part("knocks"), knobs, telling)
    guessed = guesses(stage, knobs, telling)
    attacked = breaks_in(stage, knobs, telling, knobs.after(BREAK_IN))
    responder = closes(stage.part("closes"), CLOSED, telling)
    investigates(stage.part("investigates"), INVESTIGATED, responder, telling)
    alarms(stage, knobs, telling, knocked, guessed, attacked)
    return telling.truth(_decoys(), _facts(stage.world, knobs, guessed))


def _decoys() -> tuple[Decoy, ...]:
    first, last = START - 36 * HOUR, CLOSED + 24 * HOUR
    test = millis("2022-11-24T04:00:00Z")
    change = millis("2022-11-23T05:00:00Z")
    bastion = {"destination.ip": "10.20.0.10", "destination.port": "22"}
    return (
        Decoy(
            "pen-test CHG-2231 sweeps the ports",
            "vpcflowlogs",
            {"source.ip": "192.0.2.64/28"},
            test,
            test + 2 * HOUR,
            "pen-tester",
        ),
        Decoy(
            "pen-test CHG-2231 is blocked by the web ACL",
            "waf",
            {"source.ip": "192.0.2.64/28"},
            test,
            test + 2 * HOUR,
            "pen-tester",
        ),
        Decoy(
            "Mihari checks port 22 every 30 seconds",
            "vpcflowlogs",
            {**bastion, "source.ip": "192.0.2.10"},
            first,
            last,
            "monitoring",
        ),
        Decoy(
            "staff log in on the bastion",
            "linux-secure",
            {"event.action": "Accepted", "source.ip": "203.0.113.0/24"},
            first,
            last,
            "office",
        ),
        Decoy(
            "Terraform takes a rule of another group away and makes it again",
            "cloudtrail",
            {"event.action": "AuthorizeSecurityGroupIngress", "source.ip": "203.0.113.130"},
            change,
            change + HOUR,
            "company-aws",
        ),
    )


def _facts(world: World, knobs: Knobs, guessed: dict[str, Attempts]) -> dict[str, str | int]:
    counts = {name: len(tried.at) for name, tried in guessed.items()}
    return {
        "start": knobs.start,
        "instance": world.ids.instance(BASTION),
        "group": world.ids.resource("sg", GROUP),
        "rule": rule_id(world),
        "opened_by": "y-hamada",
        "opened_from": knobs["traveler"],
        "first_stranger": knobs["first"],
        "first_accepted": knobs.after("23:39"),
        "guesser_1": knobs["guesser 1"],
        "guesser_2": knobs["guesser 2"],
        "intruder": knobs["patient guesser"],
        "attempts_1": counts["guesser 1"],
        "attempts_2": counts["guesser 2"],
        "attempts_intruder": counts["patient guesser"],
        "seconds_between": PAUSE,
        "silent_1": SILENT,
        "account": GUESSED,
        "broke_in": knobs.after(BREAK_IN),
        "port": PORT,
        "tool_host": knobs["tool host"],
        "probed": f"{world.baseline.interfaces[DATABASE].private_ip}:5432",
        "victims": VICTIMS,
        "tester": "192.0.2.64/28",
        "change": "CHG-2231",
        "closed": CLOSED,
        "minutes_open": (CLOSED - knobs.start) // MINUTE,
    }


OPEN_DOOR = Scenario(
    name="L1-B",
    title_en="The open door",
    title_ja="開け放たれた扉",
    level=1,
    account="sz-prod",
    first=date(2022, 11, 23),
    last=date(2022, 11, 26),
    knobs=_knobs,
    effects=_effects,
    story=_story,
)
"""One of our hosts attacks others over SSH: who opened the door, and who came in?"""
