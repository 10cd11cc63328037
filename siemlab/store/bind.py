"""Binds a query to one index: the query and the mapping in, a plan out.

All that OpenSearch does to a query before it looks at documents is done here, once, for the
engines that are no OpenSearch.
"""

from __future__ import annotations

import time

from siemlab.query.parser import parse_query_string
from siemlab.query.timerange import zone
from siemlab.query.value import Query
from siemlab.store import plan as p
from siemlab.store.bind_filters import bind_filter, bind_time
from siemlab.store.bind_text import bind_text
from siemlab.store.catalog import Catalog
from siemlab.store.mapping import Mapping
from siemlab.store.terms import Clock

__all__ = ["bind", "bind_with", "present"]


def present() -> int:
    """Return the present in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def bind(query: Query, mapping: Mapping, *, now: int | None = None) -> p.Plan:
    """Return the plan of a query for one index.

    The index pattern is not looked at: the caller chooses the indexes.

    Parameters
    ----------
    query
        The query.
    mapping
        The mapping of the index.
    now
        The present in milliseconds since 1970, for ``now`` in dates; the clock's where None. A
        query over several indexes should bind them all with the same.

    Returns
    -------
    Plan
        Predicates over the fields of the index.

    Raises
    ------
    QuerySyntaxError
        When the text cannot be read, or a filter has a value that its field cannot hold.
    QueryNotSupportedError
        When siemlab does not answer it, although OpenSearch would.

    Examples
    --------
    >>> mapping = Mapping({"mappings": {"properties": {"source.ip": {"type": "ip"}}}})
    >>> bind(Query().include("source.ip", "10.0.0.0/31").lucene("nosuch:x"), mapping)
    All(parts=(Between(field='source.ip', low=281470849515520, high=281470849515521,
        include_low=True, include_high=True), Nothing()))
    """
    return bind_with(query, Catalog(mapping), now=present() if now is None else now)


def bind_with(query: Query, catalog: Catalog, *, now: int) -> p.Plan:
    """Return the plan of a query over the fields of a catalog, see `bind`."""
    clock = Clock(now, zone(query.tz))
    parts: list[p.Plan] = []
    if query.time_range is not None and (query.time_range.start or query.time_range.end):
        parts.append(bind_time(query.time_range, catalog, clock))
    parts += [bind_filter(pill, catalog, clock) for pill in query.active]
    if query.text:
        parts.append(bind_text(parse_query_string(query.text), catalog, clock))
    if not parts:
        return p.Everything()
    return parts[0] if len(parts) == 1 else p.All(tuple(parts))
