"""Events: a query bound to the store that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from siemlab.charts.plain import clean
from siemlab.lab.answers import Buckets, FieldList, NewestHits
from siemlab.lab.unanswered import asked
from siemlab.query.value import Query
from siemlab.store.base import Hit, Store

if TYPE_CHECKING:
    import pandas as pd

    from siemlab.lab.lab import Lab
    from siemlab.query.explain import Explanation
    from siemlab.query.timerange import Moment

__all__ = ["Events"]


@dataclass(frozen=True, repr=False)
class Events:
    """The events that a query finds. Each verb returns new events and leaves these as they were.

    Nothing is asked before an answer is wanted: `count`, `top`, `histogram`, `newest`, `scan`,
    `fields`, `to_pandas`.

    Parameters
    ----------
    store
        The store that answers.
    query
        What is asked.
    lang
        The language of headings.

    Examples
    --------
    >>> from siemlab import Lab
    >>> lab = Lab(store="sample", quiet=True)
    >>> failures = lab.events("log-aws-cloudtrail-*").include("event.outcome", "failure")
    >>> failures.exclude("user.name", "alice")
    Events(log-aws-cloudtrail-*, event.outcome: failure, NOT user.name: alice)
    """

    store: Store
    query: Query
    lang: str = "en"

    def time(
        self, start: Moment | None = None, end: Moment | None = None, tz: str = "UTC"
    ) -> Events:
        """Return the events from ``start`` up to, and without, ``end`` (see `Query.time`).

        Parameters
        ----------
        start, end
            Text such as ``"2022-11-14"`` or ``"2022-11-14T09:30"``, a date, a time; None is open.
        tz
            The zone of moments that name none, and the one that times are shown in.

        Raises
        ------
        QuerySyntaxError
            When one of them is no time, or there is no such zone.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().time("2022-11-16", "2022-11-17", tz="Asia/Tokyo").count()
        44
        """
        return self._ask(self.query.time(start, end, tz))

    def include(self, field: str, value: object) -> Events:
        """Return the events whose field is the value, or one of them (see `Query.include`).

        Parameters
        ----------
        field
            The field's name.
        value
            A text, number, boolean, address, network; or several in a list, tuple or set.

        Raises
        ------
        QuerySyntaxError
            When a value is None or NaN, or there is none.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().include("source.ip", "203.0.113.0/24").count()
        55
        """
        return self._ask(self.query.include(*asked(field, value)))

    def exclude(self, field: str, value: object) -> Events:
        """Return the events whose field is not the value, or none (see `Query.exclude`).

        Parameters
        ----------
        field
            The field's name.
        value
            A text, number, boolean, address, network; or several in a list, tuple or set.

        Raises
        ------
        QuerySyntaxError
            When a value is None or NaN, or there is none.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().exclude("source.ip", "203.0.113.0/24").count()
        171
        """
        return self._ask(self.query.exclude(*asked(field, value)))

    def exists(self, field: str) -> Events:
        """Return the events that have a value in the field.

        Parameters
        ----------
        field
            The field's name.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().exists("user.name").count()
        97
        """
        return self._ask(self.query.exists(field))

    def missing(self, field: str) -> Events:
        """Return the events that have no value in the field.

        Parameters
        ----------
        field
            The field's name.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().missing("user.name").count()
        129
        """
        return self._ask(self.query.missing(field))

    def between(self, field: str, low: object, high: object) -> Events:
        """Return the events with a value from ``low`` up to, and without, ``high``.

        Parameters
        ----------
        field
            The field's name.
        low, high
            The ends; None is open.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events("log-aws-elb-*").between("http.response.status_code", 400, 500).count()
        4
        """
        return self._ask(self.query.between(field, low, high))

    def not_between(self, field: str, low: object, high: object) -> Events:
        """Return the events without a value from ``low`` up to, and without, ``high``.

        Parameters
        ----------
        field
            The field's name.
        low, high
            The ends; None is open.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events("log-aws-elb-*").not_between("http.response.status_code", 400, 500).count()
        11
        """
        return self._ask(self.query.not_between(field, low, high))

    def lucene(self, text: str) -> Events:
        """Return the events that a text in the search box finds (see `Query.lucene`).

        Parameters
        ----------
        text
            Lucene's ``query_string`` syntax. It is read when an answer is wanted.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().lucene("event.action:Create* AND NOT event.outcome:failure").count()
        5
        """
        return self._ask(self.query.lucene(text))

    def on(self, lab: Lab) -> Events:
        """Return the same query, answered by another lab's store.

        Parameters
        ----------
        lab
            For example ``lab.on("pandas")`` or ``lab.opensearch()``.
        """
        return replace(self, store=lab.store)

    def count(self) -> int:
        """Return how many events there are.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events("log-aws-waf-*").count()
        4
        """
        return self.store.count(self.query)

    def top(self, field: str, size: int = 10) -> Buckets:
        """Return the most frequent values of a field.

        Parameters
        ----------
        field
            The field's name.
        size
            How many values at most.

        Returns
        -------
        Buckets
            By count, descending; ties by value.

        Raises
        ------
        UnknownFieldError
            When the field cannot be counted: a text field, or a misspelled one.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events("log-linux-secure-*").top("event.outcome")
        event.outcome  count
        success           21  ██████████████████████████████
        failure           18  ██████████████████████████
        unknown            1  ██
        """
        return Buckets(tuple(self.store.top(self.query, field, size)), field, "UTC", self.lang)

    def histogram(self, interval: str = "1h", tz: str | None = None) -> Buckets:
        """Return the events over time.

        Parameters
        ----------
        interval
            ``30s 5m 1h 3h 12h`` fixed, ``1d 1w 1M 1q 1y`` of the calendar.
        tz
            The zone that days begin in, and that times are shown in; the query's own where None.

        Returns
        -------
        Buckets
            By time, empty ones between the first and the last included. Keys are UTC.

        Raises
        ------
        QuerySyntaxError
            When this is no interval, or there is no such zone.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events("log-linux-secure-*").histogram("1d", tz="Asia/Tokyo")
        @timestamp                 count
        2022-11-14 00:00:00+09:00      9  ████████
        2022-11-15 00:00:00+09:00     18  ████████████████
        2022-11-16 00:00:00+09:00     35  ██████████████████████████████
        2022-11-17 00:00:00+09:00     28  ████████████████████████
        """
        shown = tz or self.query.tz
        buckets = self.store.histogram(self.query, interval, shown)
        return Buckets(tuple(buckets), "@timestamp", shown, self.lang)

    def newest(self, size: int = 10, fields: Iterable[str] = ()) -> NewestHits:
        """Return the newest events.

        Parameters
        ----------
        size
            How many at most.
        fields
            The columns to show; the usual ones where empty. The hits are whole in any case.

        Returns
        -------
        NewestHits
            By ``@timestamp``, descending; ``total`` says how many there are in all.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events("log-aws-cloudtrail-*").newest(2, ["@timestamp", "event.action"])
        newest 2 of 48
        @timestamp                 event.action
        2022-11-16 10:00:08+00:00  Decrypt
        2022-11-16 10:00:07+00:00  GetSigninToken
        """
        found = self.store.newest(self.query, size)
        return NewestHits(found.total, found.hits, tuple(fields), self.query.tz, self.lang)

    def scan(self) -> Iterator[Hit]:
        """Go through all events, newest first, in bounded memory.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> next(lab.events("log-aws-waf-*").scan()).source["event"]["module"]
        'waf'
        """
        return self.store.scan(self.query)

    def fields(self) -> FieldList:
        """Return the fields that the events have, with types and in how many events.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> [field for field in lab.events("log-aws-waf-*").fields() if field.name == "source.ip"]
        [FieldInfo(name='source.ip', types=('ip',), documents=4)]
        """
        return FieldList(tuple(self.store.fields(self.query)), self.lang)

    def to_pandas(self, size: int = 10_000, fields: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the newest events as a data frame.

        Parameters
        ----------
        size
            How many at most.
        fields
            The columns; all fields that occur where None.

        Returns
        -------
        pandas.DataFrame
            One row per event; columns are dotted field names.
        """
        return self.store.newest(self.query, size).to_pandas(fields)

    def explain(self) -> Explanation:
        """Return the query as Lucene text, OpenSearch DSL, SQL and pandas code.

        Examples
        --------
        >>> from siemlab import Lab
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.events().include("user.name", "alice").explain().lucene
        'user.name:"alice"'
        """
        return self.query.explain()

    def _ask(self, query: Query) -> Events:
        return replace(self, query=query)

    def __repr__(self) -> str:
        """Return the query in short; no count, which would cost an answer."""
        span = [str(self.query.time_range)] if self.query.time_range else []
        text = [f"lucene {self.query.text!r}"] if self.query.text else []
        parts = (self.query.pattern, *span, *self.query.pills(), *text)
        return f"Events({', '.join(clean(part) for part in parts)})"
