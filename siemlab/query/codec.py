"""A query as a JSON text and back, strictly: what is not exactly a query is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from siemlab.errors import QuerySyntaxError
from siemlab.query.filters import Filter
from siemlab.query.timerange import TimeRange

if TYPE_CHECKING:
    from siemlab.query.value import Query

__all__ = ["decode", "encode"]

_QUERY = {"pattern": str, "time": dict | None, "filters": list, "text": str}
_TIME = {"start": str | None, "end": str | None, "tz": str}
_FILTER = {"field": str, "op": str, "values": list, "negate": bool, "enabled": bool}


def encode(query: Query) -> str:
    """Return the JSON text of a query, without line breaks.

    Examples
    --------
    >>> from siemlab.query.value import Query
    >>> encode(Query("log-*").lucene("a"))
    '{"pattern": "log-*", "time": null, "filters": [], "text": "a"}'
    """
    span = query.time_range
    time = span and {
        "start": span.start and span.start.isoformat(timespec="milliseconds"),
        "end": span.end and span.end.isoformat(timespec="milliseconds"),
        "tz": span.tz,
    }
    filters = [{name: getattr(pill, name) for name in _FILTER} for pill in query.filters]
    whole = {"pattern": query.pattern, "time": time, "filters": filters, "text": query.text}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def decode(text: str | bytes) -> Query:
    """Return the query of a JSON text.

    Raises
    ------
    QuerySyntaxError
        When it is no JSON, a part is missing, unknown or of the wrong kind, or makes no query.

    Examples
    --------
    >>> decode('{"pattern": "log-*", "time": null, "filters": [], "text": "a"}')
    Query('log-*').lucene('a')
    """
    from siemlab.query.value import Query

    try:
        whole = json.loads(text, parse_constant=_no_number)
    except (ValueError, TypeError, RecursionError) as error:
        raise _refused(f"no JSON: {error}", f"JSON として読めません: {error}") from None
    _check("query", whole, _QUERY)
    span = whole["time"]
    if span is not None:
        _check("time", span, _TIME)
        span = TimeRange.of(span["start"], span["end"], span["tz"])
    filters = []
    for position, pill in enumerate(whole["filters"]):
        _check(f"filters[{position}]", pill, _FILTER)
        if any(isinstance(value, list | dict) for value in pill["values"]):
            raise _wrong_kind(f"filters[{position}].values")
        filters.append(Filter(**{**pill, "values": tuple(pill["values"])}))
    return Query(whole["pattern"], span, tuple(filters), whole["text"])


def _check(name: str, part: Any, shape: dict[str, Any]) -> None:
    if not isinstance(part, dict):
        raise _refused(f"{name} must be an object", f"{name} はオブジェクトでなければなりません")
    if part.keys() != shape.keys():
        expected = ", ".join(shape)
        raise _refused(
            f"{name} must have exactly: {expected}", f"{name} に必要なキーは {expected} だけです"
        )
    for key, kind in shape.items():
        if not isinstance(part[key], kind):
            raise _wrong_kind(f"{name}.{key}")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _wrong_kind(name: str) -> QuerySyntaxError:
    return _refused(f"{name} is of the wrong kind", f"{name} の型が違います")


def _refused(en: str, ja: str) -> QuerySyntaxError:
    return QuerySyntaxError(
        f"this is not the JSON of a query ({en}); it is what Query.to_json() writes",
        f"クエリーの JSON ではありません（{ja}）。Query.to_json() の出力を渡してください",
    )
