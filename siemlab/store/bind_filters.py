"""Filters (pills) and the time range, bound to one index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from siemlab.errors import QuerySyntaxError
from siemlab.query.filters import Filter, Value
from siemlab.query.timerange import TimeRange
from siemlab.store import plan as p
from siemlab.store.catalog import Catalog
from siemlab.store.terms import Clock, Ends, between, either, term
from siemlab.store.tree import FieldType

__all__ = ["bind_filter", "bind_time"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_HINTS = {
    "ip": ("an address or a network, such as 10.0.0.5 or 10.0.0.0/8", "IP アドレスまたは CIDR"),
    "date": ("a date, such as 2023-02-14 or 2023-02-14T12:00:00Z", "日付"),
    "boolean": ("true or false", "true または false"),
    "geo_point": ("nothing but existence", "存在のみ"),
}


def bind_filter(pill: Filter, catalog: Catalog, clock: Clock) -> p.Plan:
    """Return the plan of a filter, its negation included.

    Parameters
    ----------
    pill
        The filter; whether it is enabled is not looked at.
    catalog
        The fields of the index.
    clock
        The present. Dates of filters are UTC where they name no zone.

    Raises
    ------
    QuerySyntaxError
        When the field cannot hold a value (the server answers 400).
    QueryNotSupportedError
        For a field of the server, such as ``_id``.

    Examples
    --------
    >>> from siemlab.store.mapping import Mapping
    >>> catalog = Catalog(Mapping({"mappings": {"properties": {"n": {"type": "long"}}}}))
    >>> bind_filter(Filter("n", "is", (7,), negate=True), catalog, Clock(0))
    Not(part=OneOf(field='n', values=(7,)))
    """
    plan = _positive(pill, catalog, Clock(clock.now))
    return p.Not(plan) if pill.negate else plan


def bind_time(span: TimeRange, catalog: Catalog, clock: Clock) -> p.Plan:
    """Return the plan of a time range: ``@timestamp`` from its start up to, and without, its end.

    Raises
    ------
    QuerySyntaxError
        When ``@timestamp`` of the index is no date and cannot be compared with one.
    """
    name = "@timestamp"
    field = catalog.named(name)
    if field is None:
        return p.Nothing()
    if field.type == "date":
        low, high = (_millis(end) for end in (span.start, span.end))
        return p.Between(name, low, high, include_high=False)
    low_text, high_text = (
        None if end is None else end.isoformat() for end in (span.start, span.end)
    )
    return _between(name, field, Ends(low_text, high_text, include_high=False), clock)


def _positive(pill: Filter, catalog: Catalog, clock: Clock) -> p.Plan:
    if pill.op == "exists":
        return catalog.exists(pill.field)
    field = catalog.named(pill.field)
    if field is None:
        return p.Nothing()
    if pill.op == "is between":
        low, high = pill.values
        if low is None and high is None:
            return p.Exists(pill.field)
        return _between(pill.field, field, Ends(low, high, include_high=False), clock)
    parts = [_is(pill.field, field, value, clock) for value in pill.values if value is not None]
    single = [value for part in parts if isinstance(part, p.OneOf) for value in part.values]
    plans: list[p.Plan] = [part for part in parts if not isinstance(part, p.OneOf)]
    if single:
        plans.append(p.OneOf(pill.field, tuple(dict.fromkeys(single))))
    return either(plans)


def _is(name: str, field: FieldType, value: Value, clock: Clock) -> p.Plan:
    try:
        return term(name, field, value, clock, phrase=True) or p.Nothing()
    except ValueError:
        raise _unusable(name, field, value) from None


def _between(name: str, field: FieldType, ends: Ends, clock: Clock) -> p.Plan:
    try:
        return between(name, field, ends, clock)
    except ValueError:
        given = " ... ".join(str(end) for end in (ends.low, ends.high) if end is not None)
        raise _unusable(name, field, given) from None


def _unusable(name: str, field: FieldType, value: Value) -> QuerySyntaxError:
    en, ja = _HINTS.get(field.type, ("a number within its range", "範囲内の数値"))
    return QuerySyntaxError(
        f"{name} is of type {field.type} and cannot be {value!r}; it takes {en}",
        f"{name} は {field.type} 型のため {value!r} は指定できません。指定できるのは{ja}です",
    )


def _millis(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MILLISECOND
