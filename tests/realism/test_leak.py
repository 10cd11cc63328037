"""R3 and R3b: what the form of records and their number give away."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from siemlab.realism.features import FEATURES, cloudtrail_row
from siemlab.realism.labels import Labels
from siemlab.realism.leak import LeakCheck, auc
from siemlab.realism.volume import VolumeCheck, day_of

from .conftest import Event, api_call, event_id, seen, show

MANY = 1200


def events(count: int, first: int = 0) -> list[Event]:
    return [api_call(number) for number in range(first, first + count)]


def leak(background: list[Event], story: list[Event]) -> dict[str, tuple[str, str]]:
    """The figures of the stories, over a background and the events of one story."""
    labels = Labels({"L1-A": frozenset(event["eventID"] for event in story)})
    check = show(LeakCheck(labels), "cloudtrail", background + story)
    assert isinstance(check, LeakCheck)
    return {figure.name[0]: (figure.value, figure.verdict) for figure in check.stories()}


def test_a_story_that_is_written_as_all_else_is_does_not_leak() -> None:
    found = leak(events(2 * MANY), events(MANY, 2 * MANY))
    assert len(found) == 2
    assert {verdict for _, verdict in found.values()} == {"pass"}


def with_times(event: Event) -> Event:
    return event | {"eventTime": "2022-11-18T07:00:01.000Z"}


def with_order(event: Event) -> Event:
    return dict(sorted(event.items()))


def with_upper(event: Event) -> Event:
    return event | {"eventID": event["eventID"].upper()}


def with_texts(event: Event) -> Event:
    return event | {"readOnly": "true"}


@pytest.mark.parametrize("alter", [with_times, with_order, with_upper, with_texts])
def test_a_story_that_is_written_otherwise_leaks(alter) -> None:
    story = [alter(event) for event in events(MANY, 2 * MANY)]
    found = leak(events(2 * MANY), story)
    assert {verdict for _, verdict in found.values()} == {"fail"}


def test_what_a_tool_really_does_is_no_artefact() -> None:
    rows = {cloudtrail_row(api_call(1, **change)) for change in TRUE_DIFFERENCES}
    assert len(rows) == 1


TRUE_DIFFERENCES: list[Event] = [
    {},
    {"eventName": "ListUsers", "requestParameters": None},
    {"errorCode": "AccessDenied", "errorMessage": "no"},
    {"sourceIPAddress": "198.51.100.7"},
    {"eventTime": "2022-11-18T00:00:00Z"},
    {"vpcEndpointId": "away"},
]


def test_few_records_of_a_story_are_not_judged() -> None:
    assert leak(events(MANY), events(30, MANY)) == {}


def test_a_story_of_some_size_is_told_and_not_gated_as_a_whole() -> None:
    found = leak(events(MANY), events(100, MANY))
    assert {verdict for _, verdict in found.values()} == {"told"}


def test_the_background_is_sampled_and_a_story_is_not() -> None:
    labels = Labels(addresses={"L1-B": frozenset({"198.51.100.77"})})
    check = LeakCheck(labels)
    for number in range(45_000):
        address = "198.51.100.77" if number % 450 == 0 else f"198.18.0.{number % 250}"
        raw = {"srcaddr": address, "bytes": str(number * 40), "packets": str(number)}
        check.see(seen("vpcflowlogs", raw, number=number))
    [overall, story] = check.stories()
    assert "(100 records)" in overall.name[0]
    assert "L1-B" in story.name[0]
    assert overall.verdict == "told"


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize("raw", [{}, {"eventID": 7, "bytes": "-", "trace_id": None}], ids=str)
def test_a_record_of_any_kind_has_features_of_one_length(name: str, raw: Event) -> None:
    assert len(FEATURES[name](raw)) == len(FEATURES[name]({}))


def test_the_classifier_finds_what_tells_and_nothing_else() -> None:
    chance = random.Random(7)
    rows = [(chance.random(), chance.random()) for _ in range(1000)]
    assert auc(rows, [row[0] > 0.9 for row in rows]) > 0.99
    assert abs(auc(rows, [chance.random() > 0.9 for _ in rows]) - 0.5) < 0.12


FIRST = datetime(2022, 11, 1, 3, tzinfo=UTC)


def volumes(counts: list[int], labels: Labels) -> dict[str, str]:
    """The verdicts over some days, so many events on each; three sources make a day dense."""
    check = VolumeCheck(labels)
    number = 0
    for day, count in enumerate(counts):
        when = FIRST + timedelta(days=day)
        for _ in range(count):
            number += 1
            event = api_call(number, eventTime=when.strftime("%Y-%m-%dT%H:%M:%SZ"))
            check.see(seen("cloudtrail", event, number=number))
        for other in ("alb", "s3accesslog"):
            text = when.isoformat().replace("+00:00", "Z")
            raw = {"timestamp": text, "RequestDateTime": f"{when:%d/%b/%Y:%H:%M:%S} +0000"}
            check.see(seen(other, raw, number=1))
    return {figure.name[0].partition(":")[0]: figure.verdict for figure in check.figures()}


PLAIN = [10 + day % 7 for day in range(30)]
INCIDENT = Labels(days=frozenset({date(2022, 11, 15)}))


def test_an_incident_on_a_day_like_others_gives_no_day_away() -> None:
    found = volumes(PLAIN, INCIDENT)
    assert found["cloudtrail"] == "pass"


def test_an_incident_on_the_fullest_day_gives_it_away() -> None:
    found = volumes([*PLAIN[:14], 90, *PLAIN[15:]], INCIDENT)
    assert found["cloudtrail"] == "fail"
    assert found["alb"] == "pass"


def test_a_story_that_says_itself_that_it_is_loud_may_be() -> None:
    loud = Labels(days=INCIDENT.days, loud=frozenset({("cloudtrail", date(2022, 11, 15))}))
    assert "cloudtrail" not in volumes([*PLAIN[:14], 90, *PLAIN[15:]], loud)


def test_the_days_of_a_story_are_those_of_its_events() -> None:
    number = sum(PLAIN[:14]) + 3
    labels = Labels({"L1-A": frozenset({event_id(number)})})
    assert volumes([*PLAIN[:14], 90, *PLAIN[15:]], labels)["cloudtrail"] == "fail"


def test_of_few_days_no_rank_is_judged() -> None:
    assert volumes([5, 90, 5], Labels(days=frozenset({date(2022, 11, 2)})))["cloudtrail"] == "told"


def test_a_day_is_one_in_japan() -> None:
    late = api_call(eventTime="2022-11-18T15:00:00Z")
    assert day_of(seen("cloudtrail", late)) == date(2022, 11, 19)
    assert day_of(seen("cloudtrail", {"eventTime": "noon"})) is None
