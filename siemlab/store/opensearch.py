"""The engine of a real OpenSearch: any server by its address, or Amazon OpenSearch Service."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.store import opensearch_aggregate as aggregate
from siemlab.store.base import Bucket, FieldInfo, Hit, Hits, IndexInfo, LoadReport
from siemlab.store.opensearch_client import Connection, connect
from siemlab.store.opensearch_dsl import FEW, NEWEST_FIRST, explain, query_clause
from siemlab.store.opensearch_errors import house_errors
from siemlab.store.opensearch_load import load

__all__ = ["OpenSearchStore", "explain"]

Row = dict[str, Any]  # a hit as the server gives it

_PAGE: Final = 1_000
_KEEP: Final = "2m"
# Pages need a key that no two documents share, or a page that ends among equals loses the others.
# A place in a shard is such a key only within that shard (OpenSearch 3.8.0; seen: 14 of 20 hits).
_EVERY_ONE: Final = [*NEWEST_FIRST, {"_index": {"order": "asc"}}, {"_shard_doc": {"order": "asc"}}]
# A search without a field looks into every leaf field; by default 1,024 are too many.
_MANY_FIELDS: Final = 900


class OpenSearchStore:
    """Documents on an OpenSearch server.

    Parameters
    ----------
    target
        Its address (``http://127.0.0.1:9201``), or a client of opensearch-py of your own.
    user, password
        An account, where the server wants one.
    ca_certs
        A file with the certificates of the authority that signed the server's, where it is not
        one that every machine knows.
    aws_region
        The region of Amazon OpenSearch Service; the credentials are those that boto3 finds.
    template
        A body of ``settings`` and ``mappings`` for every new index, in place of siemlab's index
        templates.

    Raises
    ------
    StoreError
        The address is none. Whether the server answers is seen with the first question.

    Examples
    --------
    >>> OpenSearchStore("http://127.0.0.1:9201")
    OpenSearchStore('http://127.0.0.1:9201')
    """

    def __init__(
        self,
        target: Any,
        *,
        user: str | None = None,
        password: str | None = None,
        ca_certs: str | None = None,
        aws_region: str | None = None,
        template: dict[str, Any] | None = None,
    ) -> None:
        if isinstance(target, str):
            self._connection = connect(
                target, user=user, password=password, ca_certs=ca_certs, aws_region=aws_region
            )
        else:
            self._connection = Connection(target, "the server")
        self._template = template
        self._notes: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"OpenSearchStore({self._connection.server!r})"

    def __enter__(self) -> OpenSearchStore:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def add(
        self, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None
    ) -> LoadReport:
        """Add documents; the same ones again change nothing.

        A server has no transactions: after an interruption some are there. Add them again.

        Parameters
        ----------
        documents
            What to add. Where fields clash within it, they are pinned to ``keyword``; a document
            that its index still refuses goes to a spill index, which every ``log-...-*`` pattern
            finds, too.
        progress
            Called with the number of documents done since its last call.

        Returns
        -------
        LoadReport
            Counted after the server was asked for every document.

        Raises
        ------
        StoreError
            The server cannot be reached, or does not let this account write.
        """
        return load(self._connection, documents, template=self._template, progress=progress)

    def count(self, query: Query) -> int:
        """How many documents match: always exact.

        Raises
        ------
        QuerySyntaxError
            The query text cannot be read, or a value is none that its field can have.
        StoreError
            The server gives no answer.
        """
        return self._total(query, self._clause(query))

    def top(self, query: Query, field: str, size: int = 10) -> list[Bucket]:
        """The most frequent values of a field, counted exactly; ties by key, ascending.

        Raises
        ------
        UnknownFieldError
            The field is of a type that cannot be aggregated.
        QuerySyntaxError, StoreError
            See `count`.
        """
        return aggregate.top(self._connection, query, self._clause(query), field, size)

    def histogram(self, query: Query, interval: str = "1h", tz: str | None = None) -> list[Bucket]:
        """Documents over ``@timestamp``; empty buckets between the first and the last are there.

        Parameters
        ----------
        query
            Which documents.
        interval
            ``30s 5m 1h 3h 12h`` fixed, ``1d 1w 1M 1q 1y`` of the calendar.
        tz
            The zone in which days begin; the query's own where None.

        Raises
        ------
        QuerySyntaxError, StoreError
            No such interval or zone, too many buckets, or see `count`.
        """
        zone = query.tz if tz is None else tz
        return aggregate.histogram(self._connection, query, self._clause(query), interval, zone)

    def newest(self, query: Query, size: int = 500) -> Hits:
        """The newest matching documents, and how many match in all.

        Raises
        ------
        QuerySyntaxError, StoreError
            See `count`.
        """
        clause = self._clause(query)
        body = {
            "query": clause,
            "sort": NEWEST_FIRST,
            "size": max(0, min(size, _PAGE)) + 1,  # one more tells whether the cut parts equals
            "track_total_hits": True,
        }
        found = self._connection.search(query.pattern, body, query=query)["hits"]
        rows: list[Row] = found["hits"]
        total = found["total"]["value"]
        if size > _PAGE or (0 < size < len(rows) and _rank(rows[size - 1]) == _rank(rows[size])):
            return Hits(total, tuple(islice(self.scan(query), size)))
        return Hits(total, tuple(islice(_in_order(rows), max(size, 0))))

    def scan(self, query: Query) -> Iterator[Hit]:
        """Every matching document, newest first, a thousand at a time, all of one moment.

        Raises
        ------
        QuerySyntaxError, StoreError
            See `count`.
        """
        clause = self._clause(query)
        if self._total(query, clause):
            with closing(self._pages(query, clause)) as pages:
                yield from _in_order(pages)

    def fields(self, query: Query) -> list[FieldInfo]:
        """The fields that matching documents have, sorted by name.

        Raises
        ------
        QuerySyntaxError, StoreError
            See `count`.
        """
        return aggregate.fields(self._connection, query, self._clause(query))

    def indexes(self) -> list[IndexInfo]:
        """The indexes, sorted by name, spill indexes included; none whose name starts with a dot.

        Raises
        ------
        StoreError
            The server gives no answer.
        """
        return aggregate.spans(self._connection, self._names())

    def explain(self, query: Query) -> str:
        """The body of the search that finds the newest documents, as JSON to read.

        Raises
        ------
        QuerySyntaxError
            The query text cannot be read.
        """
        return explain(query)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is unusual about this server, in English; asked once.

        Raises
        ------
        StoreError
            The server gives no answer.
        """
        if self._notes is None:
            self._notes = tuple(self._peculiarities())
        return self._notes

    def remove(self, indexes: Iterable[str]) -> None:
        """Remove whole indexes, with what they hold.

        Parameters
        ----------
        indexes
            Their names, no patterns.

        Raises
        ------
        StoreError
            The server gives no answer, or does not let this account remove them.
        """
        with house_errors(self._connection.server):
            for name in indexes:
                self._connection.client.indices.delete(index=name)

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.client.close()

    def _clause(self, query: Query) -> dict[str, Any]:
        """Return the query as the server takes it."""
        long_lists = {pill.field for pill in query.active if len(pill.values) > FEW}
        listed = {name for name in long_lists if not self._has_text(query.pattern, name)}
        return query_clause(query, listed)

    def _has_text(self, pattern: str, field: str) -> bool:
        types = self._connection.field_types(pattern, field).get(field, {})
        return any(kind in ("text", "match_only_text") for kind in types)

    def _total(self, query: Query, clause: dict[str, Any]) -> int:
        body = {"query": clause, "size": 0, "track_total_hits": True}
        answer = self._connection.search(query.pattern, body, query=query)
        return int(answer["hits"]["total"]["value"])

    def _pages(self, query: Query, clause: dict[str, Any]) -> Generator[Row, None, None]:
        """Yield hits page by page from one point in time, so that no load moves them."""
        client, server = self._connection.client, self._connection.server
        with house_errors(server):
            params = {"keep_alive": _KEEP, "ignore_unavailable": "true"}
            point = client.create_pit(index=query.pattern, params=params)["pit_id"]
        body: dict[str, Any] = {"query": clause, "sort": _EVERY_ONE, "size": _PAGE}
        try:
            while True:
                body["pit"] = {"id": point, "keep_alive": _KEEP}
                rows: list[Row] = self._connection.search(None, body, query=query)["hits"]["hits"]
                if len(rows) < body["size"]:
                    yield from rows
                    return
                # What equals the last row may go on beyond this page: it is read again, whole.
                whole = [row for row in rows if row["sort"] != rows[-1]["sort"]]
                yield from whole
                if whole:
                    body["search_after"] = whole[-1]["sort"]
                else:
                    body["size"] *= 2
        finally:
            self._let_go(point)

    def _let_go(self, point: str) -> None:
        from opensearchpy.exceptions import OpenSearchException

        # It ends by itself, too; a shared server may forbid this on purpose.
        with suppress(OpenSearchException):
            self._connection.client.delete_pit(body={"pit_id": [point]})

    def _names(self) -> list[str]:
        """Return the names of the indexes; where not all may be seen, of those of logs."""
        from opensearchpy.exceptions import AuthorizationException

        cat = self._connection.client.cat
        params = {"format": "json", "h": "index", "expand_wildcards": "open"}
        with house_errors(self._connection.server):
            try:
                rows = cat.indices(index="*", params=params)
            except AuthorizationException:
                rows = cat.indices(index="log-*", params=params)
        return sorted(row["index"] for row in rows if not row["index"].startswith("."))

    def _peculiarities(self) -> Iterator[str]:
        with house_errors(self._connection.server):
            version = self._connection.client.info()["version"]
        if version.get("distribution") != "opensearch":
            yield f"this is no OpenSearch: {version.get('distribution') or 'unknown'}"
        names = self._names()
        if not any(name.startswith("log-") for name in names):
            yield "no index is named log-...; give the pattern of your own to Query"
        caps = self._connection.field_types("log-*")
        if len(caps) > _MANY_FIELDS:
            yield (
                f"{len(caps)} fields: a search without a field may be refused; name the field, or "
                "raise indices.query.bool.max_clause_count in the server's opensearch.yml"
            )
        flat = sorted(name for name, types in caps.items() if "flat_object" in types)
        if flat:
            yield f"flat_object fields cannot be aggregated: {', '.join(flat)}"


def _rank(row: Row) -> list[Any]:
    return list(row["sort"][: len(NEWEST_FIRST)])


def _in_order(rows: Iterable[Row]) -> Iterator[Hit]:
    """Order what the server leaves open: hits of one moment that have no ``@id``, by their id.

    The server could do that, too, but would load the ids of all documents into its memory.
    """
    for _, equals in groupby(rows, _rank):
        for row in sorted(equals, key=itemgetter("_id", "_index")):
            yield Hit(row["_index"], row["_id"], row["_source"])
