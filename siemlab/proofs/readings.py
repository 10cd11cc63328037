"""Other ways to read a question, as changes of the queries that answer it.

Each is a mistake that learners make. What they then find becomes a *foil*: a wrong answer that is
met with the sentence that says which step to look at again.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from siemlab.proofs.bench import Reading
from siemlab.query.filters import Filter
from siemlab.query.timerange import TimeRange, zone
from siemlab.query.value import Query

__all__ = ["Misreading", "misreadings"]

TRAIL = "cloudtrail"
CALLER = "userIdentity.type"
CALLED_BY = "userIdentity.invokedBy"
OUTCOME = "event.outcome"
# Signs that mean something in a query text.
_SPECIAL = frozenset('+-=&|><!(){}[]^"~*?:\\/ ')


@dataclass(frozen=True)
class Misreading:
    """One other way to read a question.

    Parameters
    ----------
    foil
        The id of the foil that it leads to; see `siemlab.missions.READINGS`.
    reading
        What becomes of a query.
    state
        The word under ``states`` by which a question's prompt rules it out. Empty where nobody
        would read the question so: then it only teaches.
    """

    foil: str
    reading: Reading
    state: str = ""


def misreadings(queries: Iterable[Query]) -> list[Misreading]:
    """Return the ways to misread a question that is answered by these queries.

    Parameters
    ----------
    queries
        What its solution asks.

    Returns
    -------
    list of Misreading
        Those that change at least one of the queries, the likely ones first.

    Examples
    --------
    >>> query = Query("log-aws-waf-*").time("2022-11-12", "2022-11-13", "Asia/Tokyo")
    >>> [each.foil for each in misreadings([query.exclude("source.ip", "10.0.0.0/8")])]
    ['utc', 'end', 'month-before', 'month-after', 'all-time', 'kept:source.ip']
    """
    asked = list(dict.fromkeys(queries))
    return [each for each in _all(asked) if any(_changes(each.reading, query) for query in asked)]


def _changes(reading: Reading, query: Query) -> bool:
    return reading(query) != query


def _all(asked: list[Query]) -> Iterator[Misreading]:
    """Yield every misreading, those that change nothing included."""
    yield Misreading("utc", _of_time(_in_utc), "utc")
    yield Misreading("end", _of_time(_with_last_day), "end")
    yield Misreading("only-success", _outcome("success"), "failed")
    yield Misreading("only-failure", _outcome("failure"))
    yield Misreading("services", _services, "services")
    pills = list(dict.fromkeys(pill for query in asked for pill in query.active))
    for pill in pills:
        if _is_word(pill):
            yield Misreading("substring", _loosened(pill), "substring")
    yield Misreading("month-before", _of_time(lambda span: _moved(span, -1)))
    yield Misreading("month-after", _of_time(lambda span: _moved(span, 1)))
    yield Misreading("all-time", lambda query: replace(query, time_range=None))
    for pill in pills:
        kind = "kept" if pill.negate else "missed"
        state = "failed" if pill.field == OUTCOME else ""
        yield Misreading(f"{kind}:{pill.field}", _dropped(pill), state)


def _of_time(change: Callable[[TimeRange], TimeRange]) -> Reading:
    """Return the reading that changes a query's time range."""

    def reading(query: Query) -> Query:
        span = query.time_range
        return query if span is None else replace(query, time_range=change(span))

    return reading


def _in_utc(span: TimeRange) -> TimeRange:
    """Read the clock of the range in UTC."""

    def moved(moment: datetime | None) -> datetime | None:
        return moment and moment.astimezone(zone(span.tz)).replace(tzinfo=UTC)

    return TimeRange(moved(span.start), moved(span.end), "UTC")


def _with_last_day(span: TimeRange) -> TimeRange:
    """Count the day that ends the range."""
    if span.end is None or span.end.astimezone(zone(span.tz)).time() != datetime.min.time():
        return span
    return TimeRange(span.start, span.end + timedelta(days=1), span.tz)


def _moved(span: TimeRange, months: int) -> TimeRange:
    """Move a range by months; a day that a month has not becomes its last."""

    def moved(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        there = moment.astimezone(zone(span.tz))
        first = there.replace(day=1) + timedelta(days=31 * months if months > 0 else -1)
        for day in range(there.day, 27, -1):
            try:
                return there.replace(year=first.year, month=first.month, day=day)
            except ValueError:
                continue
        return there.replace(year=first.year, month=first.month, day=min(there.day, 28))

    return TimeRange(moved(span.start), moved(span.end), span.tz)


def _outcome(value: str) -> Reading:
    """Return the reading that counts only calls of one outcome, where any was meant."""

    def reading(query: Query) -> Query:
        told = any(pill.field in (OUTCOME, "errorCode", "error.code") for pill in query.active)
        return query if told or TRAIL not in query.pattern else query.include(OUTCOME, value)

    return reading


def _without(field: str) -> Reading:
    """Return the reading that forgets every filter on a field."""

    def reading(query: Query) -> Query:
        kept = tuple(pill for pill in query.filters if pill.field != field)
        return query if len(kept) == len(query.filters) else replace(query, filters=kept)

    return reading


def _services(query: Query) -> Query:
    """Leave calls out that AWS services made; or count them, where they were left out."""
    if TRAIL not in query.pattern:
        return query
    told = [pill for pill in query.active if pill.field in (CALLER, CALLED_BY)]
    if told:
        return _without(CALLER)(_without(CALLED_BY)(query))
    return query.exclude(CALLER, "AWSService").missing(CALLED_BY)


def _is_word(pill: Filter) -> bool:
    """Tell whether a filter includes one word that others may contain."""
    if pill.negate or pill.op != "is" or not isinstance(pill.values[0], str):
        return False
    try:
        ipaddress.ip_network(pill.values[0], strict=False)
    except ValueError:
        return True
    return False


def _loosened(pill: Filter) -> Reading:
    """Return the reading that takes every value which contains the word."""
    word = "".join(f"\\{char}" if char in _SPECIAL else char for char in str(pill.values[0]))
    loose = f"{pill.field}:*{word}*"

    def reading(query: Query) -> Query:
        if pill not in query.filters:
            return query
        kept = tuple(each for each in query.filters if each != pill)
        text = f"({query.text}) AND {loose}" if query.text else loose
        return replace(query, filters=kept, text=text)

    return reading


def _dropped(pill: Filter) -> Reading:
    """Return the reading that forgets a filter."""

    def reading(query: Query) -> Query:
        kept = tuple(each for each in query.filters if each != pill)
        return query if len(kept) == len(query.filters) else replace(query, filters=kept)

    return reading
