"""The calendar: real holidays, standing changes expanded, and hours that make sense."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.baseline import Change, day_bounds, load_baseline

COMPANY = load_baseline()
DAYS = st.dates(date(2022, 1, 1), date(2023, 1, 31))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2022-01-01", "holiday"),
        ("2022-01-10", "holiday"),
        ("2022-03-21", "holiday"),
        ("2022-05-02", "weekday"),
        ("2022-05-05", "holiday"),
        ("2022-10-10", "holiday"),
        ("2022-11-12", "weekend"),
        ("2022-11-23", "holiday"),
        ("2022-11-24", "weekday"),
        ("2022-12-23", "weekday"),
        ("2022-12-30", "holiday"),
        ("2023-01-02", "holiday"),
        ("2023-01-03", "holiday"),
        ("2023-01-04", "weekday"),
        ("2023-01-09", "holiday"),
    ],
)
def test_the_kind_of_a_day(day: str, kind: str) -> None:
    assert COMPANY.day_kind(date.fromisoformat(day)) == kind


def test_the_year_2022_has_sixteen_national_holidays() -> None:
    assert len([day for day in COMPANY.holidays if day.year == 2022]) == 16


def test_working_days_are_weekdays_that_are_no_holidays() -> None:
    year = [date(2022, 1, 1) + timedelta(days=number) for number in range(365)]
    working = [day for day in year if COMPANY.is_working_day(day)]
    assert all(day.weekday() < 5 and day not in COMPANY.holidays for day in working)
    # Of 260 weekdays 15 are holidays, and 3 Jan, 29 Dec and 30 Dec are the company's own days off.
    assert len(working) == 260 - 15 - 3


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        ("2022-11-23", ["TR-118", "CHG-2198"]),
        ("2022-11-24", ["TR-118", "CHG-2231"]),
        ("2022-12-06", ["TR-121", "CHG-2240"]),  # Monday 16:00Z is Tuesday in Japan
        ("2022-12-14", ["CHG-2231", "CHG-2198"]),
        ("2023-01-06", ["CHG-2255"]),
        ("2022-01-01", []),
        ("2022-01-04", ["CHG-2240"]),
        ("2022-11-27", []),
    ],
)
def test_what_the_calendar_has_for_a_day(day: str, ids: list[str]) -> None:
    found = COMPANY.changes(date.fromisoformat(day))
    assert sorted(change.id for change in found) == sorted(ids)
    assert [change.start for change in found] == sorted(change.start for change in found)
    assert not any(change.weekly for change in found)


def test_a_standing_change_keeps_its_hour_the_year_round() -> None:
    days = [date(2022, 1, 5) + timedelta(weeks=number) for number in range(56)]
    runs = [next(one for one in COMPANY.changes(day) if one.id == "CHG-2198") for day in days]
    assert {(run.start.hour, run.start.minute, run.start.weekday()) for run in runs} == {(5, 0, 2)}


@given(DAYS)
def test_every_entry_of_a_day_touches_it(day: date) -> None:
    start, end = day_bounds(day)
    assert all(change.start < end and start < change.end for change in COMPANY.changes(day))


@given(
    st.datetimes(datetime(2022, 1, 1), datetime(2022, 2, 1)).map(lambda d: d.replace(tzinfo=UTC)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=6)),
    DAYS,
)
def test_a_weekly_entry_comes_every_seven_days_and_never_before_its_first(
    start: datetime, length: timedelta, day: date
) -> None:
    entry = Change(
        "X", "change", "", "", start, start + length, "", "", "", weekly=True,
        until=start + timedelta(weeks=30),
    )  # fmt: skip
    bounds = day_bounds(day)
    found = entry.occurrences(*bounds)
    every = [start + timedelta(weeks=number) for number in range(30)]
    expected = [one for one in every if one < bounds[1] and bounds[0] < one + length]
    assert [one.start for one in found] == expected
    assert all(one.end - one.start == length and not one.weekly for one in found)


def test_the_announced_changes_are_those_of_the_hosts() -> None:
    added = next(change for change in COMPANY.calendar if change.id == "CHG-2121")
    removed = next(change for change in COMPANY.calendar if change.id == "CHG-2182")
    assert added.start <= COMPANY.hosts["sz-prod-search-02"].since < added.end
    until = COMPANY.hosts["sz-dev-mock-01"].until
    assert until is not None
    assert removed.start <= until < removed.end


@pytest.mark.parametrize("name", sorted(COMPANY.rota))
def test_a_rota_has_a_figure_for_each_hour(name: str) -> None:
    rota = COMPANY.rota[name]
    for hours in (rota.weekday, rota.weekend, rota.holiday):
        assert len(hours) == 24
        assert all(0 <= figure <= 1000 for figure in hours)
    assert max(*rota.weekday, *rota.weekend, *rota.holiday) == 1000


def test_offices_are_busy_by_day_and_customers_in_the_evening() -> None:
    office = COMPANY.intensity("office", date(2022, 11, 24))
    assert sum(office[9:18]) > 0.9 * sum(office)
    assert sum(COMPANY.intensity("office", date(2022, 11, 23))) < 0.1 * sum(office)
    customers = COMPANY.intensity("customers", date(2022, 11, 24))
    assert max(range(24), key=customers.__getitem__) in range(20, 23)
    assert sum(COMPANY.intensity("customers", date(2022, 11, 26))) > sum(customers)
    assert sum(COMPANY.intensity("ci", date(2022, 11, 26))) == 0


def test_trips_are_made_by_people_of_the_company() -> None:
    for change in COMPANY.calendar:
        known = {*COMPANY.people, *COMPANY.hosts, *COMPANY.accounts}
        assert change.who in known, change.id
        assert change.start < change.end
