"""The same query in every language a learner may meet.

This is the one place that looks up from `query` to the engines, and only when it is asked: each
engine's module offers ``explain(query: Query) -> str``, which writes the query in that engine's
own language without any data. Nothing else in `query` knows an engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siemlab.query.value import Query

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One query as texts: Lucene, OpenSearch DSL (JSON), SQL (DuckDB), pandas code.

    ``str()`` shows them all, each below its heading.
    """

    lucene: str
    dsl: str
    sql: str
    pandas: str

    def __str__(self) -> str:
        headings = {
            "Lucene query_string": self.lucene,
            "OpenSearch DSL": self.dsl,
            "SQL (DuckDB)": self.sql,
            "pandas": self.pandas,
        }
        return "\n\n".join(
            f"{heading}\n{'-' * len(heading)}\n{text}" for heading, text in headings.items()
        )

    def __repr__(self) -> str:
        return str(self)


def explain(query: Query) -> Explanation:
    """Return a query in every engine's language.

    Parameters
    ----------
    query
        The query; no store is needed.

    Raises
    ------
    QuerySyntaxError
        When the query text cannot be read.

    Examples
    --------
    >>> from siemlab.query.value import Query
    >>> explain(Query("log-aws-*").include("user.name", "alice")).lucene
    'user.name:"alice"'
    """
    from siemlab.store import duckdb, opensearch, pandas

    return Explanation(
        lucene=query.to_lucene(),
        dsl=opensearch.explain(query),
        sql=duckdb.explain(query),
        pandas=pandas.explain(query),
    )
