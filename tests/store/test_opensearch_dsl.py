"""A query in OpenSearch's own language."""

from __future__ import annotations

import json
from typing import Any

import pytest

from siemlab.errors import QueryNotSupportedError, QuerySyntaxError
from siemlab.query.value import Query
from siemlab.store.opensearch_dsl import FEW, explain, query_clause

QUERY = Query()
MANY = [str(number) for number in range(FEW + 1)]


def either(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


CASES = {
    "nothing": (QUERY, {"match_all": {}}),
    "is": (
        QUERY.include("user.name", "alice"),
        {"bool": {"filter": [{"match_phrase": {"user.name": "alice"}}]}},
    ),
    "is not": (
        QUERY.exclude("source.ip", "10.0.0.0/8"),
        {"bool": {"must_not": [{"match_phrase": {"source.ip": "10.0.0.0/8"}}]}},
    ),
    "is one of": (
        QUERY.include("n", [1, True]),
        {"bool": {"filter": [either({"match_phrase": {"n": 1}}, {"match_phrase": {"n": True}})]}},
    ),
    "exists and missing": (
        QUERY.exists("a").missing("b"),
        {
            "bool": {
                "filter": [{"exists": {"field": "a"}}],
                "must_not": [{"exists": {"field": "b"}}],
            }
        },
    ),
    "between": (
        QUERY.between("n", 1, 5).not_between("n", None, 3),
        {
            "bool": {
                "filter": [{"range": {"n": {"gte": 1, "lt": 5}}}],
                "must_not": [{"range": {"n": {"lt": 3}}}],
            }
        },
    ),
    "a disabled filter": (QUERY.include("a", 1).disable(0), {"match_all": {}}),
    "time in a zone": (
        QUERY.time("2022-11-12", None, tz="Asia/Tokyo"),
        {
            "bool": {
                "filter": [
                    {
                        "range": {
                            "@timestamp": {
                                "gte": "2022-11-11T15:00:00.000Z",
                                "format": "strict_date_optional_time",
                            }
                        }
                    }
                ]
            }
        },
    ),
    "text, in a zone, at any time": (
        QUERY.time(tz="Asia/Tokyo").lucene("user.name:a*"),
        {
            "bool": {
                "filter": [
                    {
                        "query_string": {
                            "query": "user.name:a*",
                            "analyze_wildcard": True,
                            "time_zone": "Asia/Tokyo",
                        }
                    }
                ]
            }
        },
    ),
}


@pytest.mark.parametrize(("query", "clause"), CASES.values(), ids=CASES.keys())
def test_a_query_is_asked_as_dashboards_would(query: Query, clause: dict[str, Any]) -> None:
    assert query_clause(query) == clause


def test_many_values_become_one_clause_where_the_type_allows() -> None:
    query = QUERY.include("user.name", MANY)

    (as_terms,) = query_clause(query, {"user.name"})["bool"]["filter"]
    (as_phrases,) = query_clause(query)["bool"]["filter"]

    assert as_terms == {"terms": {"user.name": MANY}}
    assert len(as_phrases["bool"]["should"]) == len(MANY)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a AND", QuerySyntaxError),
        ("source.ip:10.0.0.0/8", QuerySyntaxError),
        ("name:alise~", QueryNotSupportedError),
    ],
)
def test_a_text_that_our_parser_refuses_is_never_sent(
    text: str, error: type[QuerySyntaxError]
) -> None:
    with pytest.raises(error):
        explain(QUERY.lucene(text))


def test_the_explanation_is_the_body_of_a_search() -> None:
    query = QUERY.include("user.name", "山田")

    body = json.loads(explain(query))

    assert body["query"] == query_clause(query)
    assert body["track_total_hits"] is True
    assert [list(part) for part in body["sort"]] == [["@timestamp"], ["@id"]]
    assert "山田" in explain(query)
