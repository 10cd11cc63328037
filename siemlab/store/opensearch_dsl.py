"""A query in OpenSearch's own language, as OpenSearch Dashboards would send it."""

from __future__ import annotations

import json
from collections.abc import Container
from datetime import UTC, datetime
from typing import Any, Final

from siemlab.query.filters import Filter
from siemlab.query.parser import parse_query_string
from siemlab.query.value import Query

__all__ = ["FEW", "NEWEST_FIRST", "explain", "query_clause"]

Clause = dict[str, Any]

# More values than this need one `terms` clause: a server takes 1,024 clauses in a query.
FEW: Final = 256

NEWEST_FIRST: Final[list[Clause]] = [
    {"@timestamp": {"order": "desc", "missing": "_last", "unmapped_type": "date"}},
    {"@id": {"order": "asc", "missing": "_last", "unmapped_type": "keyword"}},
]


def query_clause(query: Query, as_terms: Container[str] = ()) -> Clause:
    """Return the ``query`` part of a search.

    Parameters
    ----------
    query
        Its index pattern plays no part here.
    as_terms
        Fields of which "is one of" may be asked as ``terms``, which takes many values: a value of
        theirs means the same there as in ``match_phrase``. That holds for all types but text.

    Returns
    -------
    dict
        A ``bool`` clause; ``match_all`` where nothing is asked.

    Raises
    ------
    QuerySyntaxError
        The query text cannot be read. The server never sees such a text.

    Examples
    --------
    >>> query_clause(Query().include("user.name", "alice"))
    {'bool': {'filter': [{'match_phrase': {'user.name': 'alice'}}]}}
    """
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    span = query.time_range
    if span is not None and (span.start or span.end):
        wanted.append(_time(span.start, span.end))
    if query.text:
        parse_query_string(query.text)
        wanted.append(_text(query.text, query.tz))
    for pill in query.active:
        (unwanted if pill.negate else wanted).append(_filter(pill, as_terms))
    parts = {"filter": wanted, "must_not": unwanted}
    asked = {name: clauses for name, clauses in parts.items() if clauses}
    return {"bool": asked} if asked else {"match_all": {}}


def explain(query: Query) -> str:
    """Return the body of the search that finds the newest documents, as JSON to read.

    Parameters
    ----------
    query
        The query; no server is needed.

    Returns
    -------
    str
        What ``GET PATTERN/_search`` takes.

    Raises
    ------
    QuerySyntaxError
        The query text cannot be read.

    Examples
    --------
    >>> print(explain(Query().missing("error.code")).partition('"sort"')[0])
    {
      "query": {
        "bool": {
          "must_not": [
            {
              "exists": {
                "field": "error.code"
              }
            }
          ]
        }
      },
    """
    body = {"query": query_clause(query), "sort": NEWEST_FIRST, "track_total_hits": True}
    return json.dumps(body, indent=2, ensure_ascii=False)


def _time(start: datetime | None, end: datetime | None) -> Clause:
    ends = {"gte": start, "lt": end}
    given = {name: _iso(moment) for name, moment in ends.items() if moment is not None}
    return {"range": {"@timestamp": {**given, "format": "strict_date_optional_time"}}}


def _iso(moment: datetime) -> str:
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def _text(text: str, tz: str) -> Clause:
    # What Dashboards sends; all else is at the server's defaults.
    return {"query_string": {"query": text, "analyze_wildcard": True, "time_zone": tz}}


def _filter(pill: Filter, as_terms: Container[str]) -> Clause:
    field, values = pill.field, pill.values
    if pill.op == "exists":
        return {"exists": {"field": field}}
    if pill.op == "is between":
        ends = zip(("gte", "lt"), values, strict=True)
        return {"range": {field: {name: value for name, value in ends if value is not None}}}
    if pill.op == "is":
        return {"match_phrase": {field: values[0]}}
    if len(values) > FEW and field in as_terms:
        return {"terms": {field: list(values)}}
    each = [{"match_phrase": {field: value}} for value in values]
    return {"bool": {"should": each, "minimum_should_match": 1}}
