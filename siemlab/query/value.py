"""The value a learner builds: what to ask, of which indexes, in which time.

Each step returns a new `Query` and leaves the old one as it was, so a query that worked can be
kept under a name and be narrowed in two directions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from siemlab.errors import QuerySyntaxError
from siemlab.query.filters import Filter, Op, Value, is_unicode, scalar, scalars
from siemlab.query.timerange import Moment, TimeRange

if TYPE_CHECKING:
    from siemlab.query.explain import Explanation

__all__ = ["Filter", "Query", "TimeRange"]

# Names with commas between them; a name has none of the characters that OpenSearch forbids, but for
# the wildcard.
_NAMES = re.compile(r'[^\\/?"<>| #,]+(,[^\\/?"<>| #,]+)*,*')


@dataclass(frozen=True, slots=True)
class Query:
    """An immutable question: index pattern, time range, filters, and a query text.

    All of them must hold. The order of the filters changes nothing but the order of the pills.

    Parameters
    ----------
    pattern
        The index pattern: a name in which ``*`` is any run of characters; several with commas.
    time_range
        The span of ``@timestamp``; None is all time. Documents without a time are only found
        without one.
    filters
        The pills, see `Filter`.
    text
        The search box: a text in Lucene's ``query_string`` syntax. An empty one asks nothing; one
        of blanks alone finds nothing, as on the server.

    Raises
    ------
    QuerySyntaxError
        When the pattern cannot be the name of an index. The text is read by the engine, or by
        `parse_query_string`.

    Examples
    --------
    >>> creations = (
    ...     Query("log-aws-cloudtrail-*")
    ...     .time("2022-11-12", "2022-11-14", tz="Asia/Tokyo")
    ...     .include("event.module", "iam.amazonaws.com")
    ...     .exclude("source.ip", "203.0.113.0/24")
    ...     .lucene("event.action:(Create* OR Attach*)")
    ... )
    >>> creations.pills()
    ['event.module: iam.amazonaws.com', 'NOT source.ip: 203.0.113.0/24']
    >>> Query.from_json(creations.to_json()) == creations
    True
    """

    pattern: str = "log-*"
    time_range: TimeRange | None = None
    filters: tuple[Filter, ...] = ()
    text: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.pattern, str) or not _NAMES.fullmatch(self.pattern):
            raise QuerySyntaxError(
                f"{self.pattern!r} is no index pattern; write for example 'log-aws-cloudtrail-*'",
                f"{self.pattern!r} はインデックスパターンではありません。"
                "'log-aws-cloudtrail-*' のように書いてください",
            )
        if not isinstance(self.text, str) or not is_unicode(self.text):
            raise QuerySyntaxError(
                "the query text must be Unicode text", "検索文は Unicode の文字列で渡してください"
            )
        if self.time_range == TimeRange(None, None):
            object.__setattr__(self, "time_range", None)
        object.__setattr__(self, "filters", tuple(self.filters))

    @property
    def tz(self) -> str:
        """The zone of dates without one: that of the time range, else UTC."""
        return "UTC" if self.time_range is None else self.time_range.tz

    @property
    def active(self) -> tuple[Filter, ...]:
        """The filters that are enabled: those an engine must ask."""
        return tuple(pill for pill in self.filters if pill.enabled)

    def time(
        self, start: Moment | None = None, end: Moment | None = None, tz: str = "UTC"
    ) -> Query:
        """Return the query for the time from ``start`` up to, and without, ``end``.

        Replaces an earlier time range.

        Parameters
        ----------
        start, end
            Text such as ``"2022-11-12"``, ``"2022-11-12T09:30"`` or ``"2022-11-12T00:30Z"``, a
            date, or a time; None is open. The range is half-open: a bare date as ``end`` is the
            *start* of that day, so November 12 and 13 are ``time("2022-11-12", "2022-11-14")``.
        tz
            The zone of moments that name none, of dates in the query text, and of the days of a
            histogram.

        Raises
        ------
        QuerySyntaxError
            When one of them is no time, or there is no such zone.

        Examples
        --------
        >>> print(Query().time("2022-11-12", "2022-11-14", tz="Asia/Tokyo").time_range.start)
        2022-11-11 15:00:00+00:00
        """
        return replace(self, time_range=TimeRange.of(start, end, tz))

    def include(self, field: str, value: object) -> Query:
        """Return the query with the filter "is", or "is one of" for a collection.

        Parameters
        ----------
        field
            The field's name.
        value
            A text, number, boolean, address, network; or a list, tuple, set of them. An address
            field also takes a network: ``"203.0.113.0/24"``.

        Raises
        ------
        QuerySyntaxError
            When a value is None or NaN, or the collection is empty.

        Examples
        --------
        >>> Query().include("user.name", ["alice", "bob"]).pills()
        ['user.name: is one of alice, bob']
        """
        return self._with_values(field, value, negate=False)

    def exclude(self, field: str, value: object) -> Query:
        """Return the query with the filter "is not", or "is not one of" for a collection.

        Documents without the field stay. Takes what `include` takes.

        Raises
        ------
        QuerySyntaxError
            When a value is None or NaN, or the collection is empty.

        Examples
        --------
        >>> Query().exclude("event.outcome", "success").pills()
        ['NOT event.outcome: success']
        """
        return self._with_values(field, value, negate=True)

    def exists(self, field: str) -> Query:
        """Return the query for documents that have a searchable value in a field.

        Examples
        --------
        >>> Query().exists("error.code").pills()
        ['error.code: exists']
        """
        return self._with(Filter(field, "exists"))

    def missing(self, field: str) -> Query:
        """Return the query for documents that have no searchable value in a field.

        Examples
        --------
        >>> Query().missing("user.name").pills()
        ['NOT user.name: exists']
        """
        return self._with(Filter(field, "exists", negate=True))

    def between(self, field: str, low: object, high: object) -> Query:
        """Return the query for values from ``low`` up to, and without, ``high``; None is open.

        Examples
        --------
        >>> Query().between("http.response.status_code", 400, 500).pills()
        ['http.response.status_code: 400 to 500']
        """
        return self._with_ends(field, low, high, negate=False)

    def not_between(self, field: str, low: object, high: object) -> Query:
        """Return the query without documents that have a value in ``[low, high)``.

        Examples
        --------
        >>> Query().not_between("destination.port", 0, 1024).pills()
        ['NOT destination.port: 0 to 1024']
        """
        return self._with_ends(field, low, high, negate=True)

    def lucene(self, text: str) -> Query:
        """Return the query with another text in its one search box (the old one is replaced).

        Parameters
        ----------
        text
            Lucene's ``query_string`` syntax: ``event.action:(Create* OR Attach*)``. It is read when
            the query is asked.

        Examples
        --------
        >>> Query().lucene("user.name:alice").lucene("user.name:bob").text
        'user.name:bob'
        """
        return replace(self, text=text)

    def disable(self, position: int) -> Query:
        """Return the query with a filter switched off; its pill stays.

        Parameters
        ----------
        position
            The place in ``filters``, from 0; negative ones count from the end.

        Raises
        ------
        QuerySyntaxError
            When there is no such filter.

        Examples
        --------
        >>> Query().include("user.name", "alice").disable(0).active
        ()
        """
        return self._change(position, lambda pill: (replace(pill, enabled=False),))

    def enable(self, position: int) -> Query:
        """Return the query with a filter switched on again (see `disable`)."""
        return self._change(position, lambda pill: (replace(pill, enabled=True),))

    def invert(self, position: int) -> Query:
        """Return the query with a filter turned into its opposite (see `disable`).

        Examples
        --------
        >>> Query().include("user.name", "alice").invert(0).pills()
        ['NOT user.name: alice']
        """
        return self._change(position, lambda pill: (replace(pill, negate=not pill.negate),))

    def without(self, position: int) -> Query:
        """Return the query without a filter (see `disable`)."""
        return self._change(position, lambda pill: ())

    def pills(self) -> list[str]:
        """Return the filters as Discover shows them, one text each."""
        return [str(pill) for pill in self.filters]

    def to_json(self) -> str:
        """Return the query as a JSON text, which `from_json` reads back."""
        from siemlab.query.codec import encode

        return encode(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Query:
        """Return the query of a JSON text.

        Raises
        ------
        QuerySyntaxError
            When it is no JSON, or no query.
        """
        from siemlab.query.codec import decode

        return decode(text)

    def to_lucene(self) -> str:
        """Return time, filters and text as one Lucene text, which finds the same documents.

        Raises
        ------
        QuerySyntaxError
            When the query text cannot be read.

        Examples
        --------
        >>> Query().include("user.name", "alice smith").missing("error.code").to_lucene()
        'user.name:"alice smith" AND NOT _exists_:error.code'
        """
        from siemlab.query.printer import whole

        return whole(self)

    def explain(self) -> Explanation:
        """Return the same query as Lucene text, OpenSearch DSL, SQL and pandas code.

        Raises
        ------
        QuerySyntaxError
            When the query text cannot be read.
        """
        from siemlab.query.explain import explain

        return explain(self)

    def _with_values(self, field: str, value: object, *, negate: bool) -> Query:
        several = scalars(field, value)
        if several is None:
            return self._with(Filter(field, "is", (scalar(field, value),), negate))
        return self._with(Filter(field, "is one of", several, negate))

    def _with_ends(self, field: str, low: object, high: object, *, negate: bool) -> Query:
        ends: tuple[Value | None, ...] = tuple(
            None if end is None else scalar(field, end) for end in (low, high)
        )
        return self._with(Filter(field, "is between", ends, negate))

    def _with(self, pill: Filter) -> Query:
        return replace(self, filters=(*self.filters, pill))

    def _change(self, position: int, change: Callable[[Filter], tuple[Filter, ...]]) -> Query:
        count = len(self.filters)
        if not -count <= position < count:
            raise QuerySyntaxError(
                f"there is no filter {position}; the query has {count}, counted from 0",
                f"フィルター {position} はありません。0 から数えて {count} 個あります",
            )
        at = position % count
        pills = self.filters
        return replace(self, filters=(*pills[:at], *change(pills[at]), *pills[at + 1 :]))

    def __repr__(self) -> str:
        """Return code that builds this query."""
        steps = [f"Query({self.pattern!r})", *self._time_step()]
        steps += [_step(pill) for pill in self.filters]
        steps += [f".disable({at})" for at, pill in enumerate(self.filters) if not pill.enabled]
        steps += [f".lucene({self.text!r})"] if self.text else []
        return "".join(steps)

    def _time_step(self) -> list[str]:
        span = self.time_range
        if span is None:
            return []
        ends = ["None" if end is None else repr(span.local(end)) for end in (span.start, span.end)]
        zone = "" if span.tz == "UTC" else f", tz={span.tz!r}"
        return [f".time({ends[0]}, {ends[1]}{zone})"]


_VERBS: dict[tuple[Op, bool], str] = {
    ("is", False): "include",
    ("is", True): "exclude",
    ("is one of", False): "include",
    ("is one of", True): "exclude",
    ("is between", False): "between",
    ("is between", True): "not_between",
    ("exists", False): "exists",
    ("exists", True): "missing",
}


def _step(pill: Filter) -> str:
    shown = [repr(pill.field), *map(repr, pill.values)]
    if pill.op == "is one of":
        shown = [repr(pill.field), repr([*pill.values])]
    return f".{_VERBS[pill.op, pill.negate]}({', '.join(shown)})"
