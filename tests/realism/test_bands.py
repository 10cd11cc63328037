"""R4: a week within the bands, and a figure outside each of them."""

from __future__ import annotations

import random

import pytest

from siemlab.realism.bands import BANDS, BandCheck, Week
from siemlab.realism.labels import Labels
from siemlab.realism.rhythm import Rhythm

from .conftest import Event, api_call, figure_of, seen


def week(count: int = 1500, **changes: object) -> list[Event]:
    return [api_call(number, **changes) for number in range(count)]


def check_of(events: list[Event], labels: Labels | None = None) -> BandCheck:
    check = BandCheck(labels)
    for number, event in enumerate(events, 1):
        check.see(seen("cloudtrail", event, number=number))
    return check


OUTSIDE: dict[str, tuple[Event, str]] = {
    "nobody writes": ({}, "read-only"),
    "everything fails": ({"errorCode": "AccessDenied"}, "events with an error"),
    "nothing fails": ({}, "events with an error"),
    "no service calls": ({}, "invoked by a service"),
    "TLS of tomorrow": ({"tlsDetails": {"tlsVersion": "TLSv1.3"}}, "TLS 1.3"),
    "one name": ({}, "five most frequent"),
    "few names": ({}, "different names"),
    "no name once": ({}, "names seen once"),
    "a version of tomorrow": ({"eventVersion": "1.09"}, "eventVersion"),
    "delivered after hours": ({"eventTime": "2022-11-18T01:00:00Z"}, "longest"),
    "delivered at once": ({"eventTime": "2022-11-18T07:05:00Z"}, "lag, median"),
    "small": ({"userIdentity": {}}, "bytes per event"),
    "repetitive": ({}, "gzip-6"),
    "one file": ({}, "events per file"),
    "in order": ({}, "out of time order"),
}


@pytest.mark.parametrize(("changes", "name"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_week_outside_a_band_fails(changes: Event, name: str) -> None:
    assert figure_of(check_of(week(**changes)), name)[1] == "fail"


def test_a_thin_week_is_not_judged() -> None:
    found = check_of(week(300)).figures()
    assert {figure.verdict for figure in found} == {"told"}
    assert len(found) == len(BANDS) + 1


def test_the_events_of_stories_are_no_background() -> None:
    events = week()
    labels = Labels({"L1-A": frozenset(event["eventID"] for event in events[:900])})
    assert set(check_of(events, labels).weeks()) == set()


def test_weeks_begin_on_monday_in_japan() -> None:
    sunday = week(1000, eventTime="2022-11-20T14:59:59Z")
    monday = week(1000, eventTime="2022-11-20T15:00:00Z")
    found = check_of(sunday + monday).weeks()
    assert [day.isoformat() for day in found] == ["2022-11-14", "2022-11-21"]


def test_files_are_told_apart_by_their_keys() -> None:
    found = Week()
    found.add_file([5, 3], 65, b"")
    found.add_file([1, 2, 3, 4], 64, b"")
    values = found.values()
    assert (values["per_file"], values["unsorted"], values["lag_max"]) == (3, 0.5, 63 / 60)


def test_a_steady_caller_is_not_bursty_and_a_bursty_one_is() -> None:
    steady, bursty, chance = Rhythm(), Rhythm(), random.Random(7)
    for number in range(1000):
        steady.add("clock", 1_668_754_800 + number * 20)
        bursty.add("tool", 1_668_754_800 + number // 100 * 3000 + chance.randrange(3))
    assert steady.values()["burstiness"] == -1.0
    assert bursty.values()["burstiness"] > 0.5
    assert steady.values()["zero_gaps"] == 0.0
    assert bursty.values()["zero_gaps"] > 0.9


def test_callers_are_not_mixed() -> None:
    rhythm = Rhythm()
    for when in range(10):
        rhythm.add("hana", when * 100)
        rhythm.add("ken", when * 100)
    assert "zero_gaps" not in rhythm.values()
