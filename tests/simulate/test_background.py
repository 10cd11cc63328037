"""The background of CloudTrail is a company's: its shares, its keys, its teams, its thin days."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from siemlab.baseline import load_baseline
from siemlab.realism.bands import BANDS, Week
from siemlab.realism.keys import KeyLedger, account_of_key, moment
from siemlab.realism.resources import ResourceLedger
from siemlab.simulate.behaviors.pages import read_calls
from siemlab.simulate.behaviors.seldom import seldom
from siemlab.simulate.calendar import Day
from siemlab.simulate.call import Call, holes_of
from siemlab.simulate.stock_names import FINDERS
from siemlab.simulate.world import World
from tests.simulate.company_days import dense, events_of, field, lived

SHARES = ("read_only", "errors", "by_service", "tls13", "top5", "names", "singletons", "bytes")
RHYTHM = ("burstiness", "zero_gaps")


def figures(first: str, count: int) -> dict[str, float]:
    week = Week()
    for event in lived(first, count):
        week.add(event, int(datetime.fromisoformat(event["eventTime"]).timestamp()))
    return week.values()


@pytest.mark.parametrize(
    ("first", "count"),
    [
        pytest.param("2022-10-08", 1, id="one day of a weekend"),
        pytest.param("2022-10-05", 1, id="one working day"),
        pytest.param("2022-10-03", 7, id="a whole week", marks=pytest.mark.slow),
        pytest.param("2022-05-03", 3, id="holidays", marks=pytest.mark.slow),
    ],
)
def test_shares_and_rhythm_are_those_of_genuine_logs(first: str, count: int) -> None:
    values = figures(first, count)
    outside = {
        name: values[name]
        for name in (*SHARES, *RHYTHM)
        if not BANDS[name].low <= values[name] <= BANDS[name].high
    }
    assert outside == {}


def test_a_third_of_the_errors_is_that_there_are_too_many_calls() -> None:
    codes = Counter(event["errorCode"] for event in lived("2022-10-05") if "errorCode" in event)
    throttled = codes["ThrottlingException"] + codes["Client.RequestLimitExceeded"]
    assert 0.2 < throttled / codes.total() < 0.6
    assert len(codes) >= 8


def test_a_working_day_of_the_small_data_set_has_about_five_thousand_events() -> None:
    assert 4_300 < len(lived("2022-10-05")) < 6_300


def test_every_temporary_key_is_issued_before_it_is_used_and_not_used_too_long() -> None:
    ledger = KeyLedger(None, whole=True)
    [eve] = dense("2022-10-04", density="thin")
    days = [Day(eve.date, "thin", eve=True), *dense("2022-10-05", 2)]
    for place, event in enumerate(events_of(World(load_baseline(), 2022), days)):
        ledger.see(event, moment(event["eventTime"]) or 0, ("", place))
    assert ledger.used("ASIA") > 100
    assert ledger.temporary() == []
    assert ledger.permanent() == []


def test_nothing_is_used_before_it_is_made_or_after_its_end() -> None:
    ledger = ResourceLedger(None)
    for place, event in enumerate((*lived("2022-10-05"), *lived("2022-11-11", 1))):
        ledger.see(event, moment(event["eventTime"]) or 0, ("", place))
    assert len(ledger) > 100
    assert ledger.wrong() == []


def test_keys_carry_the_account_that_they_belong_to() -> None:
    for event in lived("2022-10-05"):
        key = field(event, "userIdentity__accessKeyId")
        if key:
            assert account_of_key(key) == field(event, "userIdentity__accountId")


def test_no_event_id_occurs_twice() -> None:
    ids = [event["eventID"] for event in lived("2022-10-05")]
    assert len(ids) == len(set(ids))


def test_what_happens_is_the_same_for_all_teams_and_only_names_differ() -> None:
    ours, theirs = (lived("2022-10-05", 1, team=team) for team in ("", "t07"))

    def deeds(events: tuple[dict[str, object], ...]) -> Counter[tuple[object, ...]]:
        return Counter(
            (event["eventTime"], event["eventName"], event.get("errorCode")) for event in events
        )

    def keys(events: tuple[dict[str, object], ...]) -> set[object]:
        return {field(event, "userIdentity__accessKeyId") for event in events} - {None, ""}

    assert deeds(ours) == deeds(theirs)
    assert not keys(ours) & keys(theirs)


def test_another_seed_is_another_day() -> None:
    days = dense("2022-10-05")
    one, two = (events_of(World(load_baseline(), seed), days, "people") for seed in (1, 2))
    assert [event["eventTime"] for event in one] != [event["eventTime"] for event in two]


def test_a_day_is_the_same_when_it_is_made_again() -> None:
    days = dense("2022-10-05")
    again = events_of(World(load_baseline(), 2022), days, "people", "services")
    assert again == list(lived("2022-10-05", 1, "people", "services"))


def test_thin_days_hold_a_few_changes_and_sign_ins_but_nothing_that_only_looks() -> None:
    events = lived("2022-06-06", 5, density="thin")
    assert 5 < len(events) < 60
    assert {event["eventName"] for event in events if event["readOnly"]} == set()
    assert {"ConsoleLogin", "PutBucketLifecycle"} <= {event["eventName"] for event in events}


@pytest.mark.parametrize("table", ["pages.yaml", "rounds.yaml", "scripts.yaml", "weekly.yaml"])
def test_whatever_a_table_of_calls_asks_for_an_account_can_have(table: str) -> None:
    calls = [
        call
        for parts in read_calls(table).values()
        for found in parts.values()
        if isinstance(found, tuple)
        for call in found
        if isinstance(call, Call)
    ]
    assert calls
    unknown = {
        (call.name, hole)
        for call in calls
        for code in ("", *(fault.code for fault in call.faults))
        for hole in holes_of(call, code)
        if hole not in FINDERS and f"{call.service}.{hole}" not in FINDERS
    }
    assert unknown == set()


def test_who_only_looks_around_changes_nothing_and_opens_no_secret() -> None:
    assert all(call.read_only for call in seldom())
    assert not {"GetSecretValue", "Decrypt", "GetPasswordData"} & {call.name for call in seldom()}
