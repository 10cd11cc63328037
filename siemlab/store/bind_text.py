"""A query text, bound to one index: lenient, over one field, a pattern of them, or all.

A value that a field cannot hold matches nothing in that field, without an error: so does the
server when the default field is ``*``. A clause in which the analyzer finds no word is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from siemlab.query.syntax import (
    Bound,
    Everything,
    Exists,
    Group,
    Node,
    Occur,
    Quoted,
    Range,
    Regexp,
    Wild,
    Words,
)
from siemlab.store import plan as p
from siemlab.store.analysis import lower
from siemlab.store.catalog import Catalog
from siemlab.store.lucene_regexp import translate
from siemlab.store.terms import Clock, Ends, between, either, term, wild
from siemlab.store.tree import FieldType
from siemlab.store.values import KEYWORDS, TEXTS

__all__ = ["bind_text"]

_OneField = Callable[[str, FieldType], p.Plan | None]


def bind_text(group: Group, catalog: Catalog, clock: Clock) -> p.Plan:
    """Return the plan of a query text.

    Parameters
    ----------
    group
        What `parse_query_string` made of it.
    catalog
        The fields of the index.
    clock
        The present, and the zone of dates that name none.

    Raises
    ------
    QueryNotSupportedError
        For regular expressions beyond the common ones, and fields of the server.

    Examples
    --------
    >>> from siemlab.query.parser import parse_query_string
    >>> from siemlab.store.mapping import Mapping
    >>> catalog = Catalog(Mapping({"mappings": {"properties": {"n": {"type": "long"}}}}))
    >>> bind_text(parse_query_string("n:>=7 AND NOT n:abc"), catalog, Clock(0))
    All(parts=(Between(field='n', low=7, high=None, include_low=True, include_high=True),
        Not(part=Nothing())))
    """
    return _Binder(catalog, clock).group(group) or p.Nothing()


class _Binder:
    """Walks the tree; None stands for a clause without a word."""

    def __init__(self, catalog: Catalog, clock: Clock) -> None:
        self.catalog = catalog
        self.clock = clock

    def group(self, group: Group) -> p.Plan | None:
        plans = [self.node(clause.node) for clause in group.clauses]
        kept = [plan for plan in plans if plan is not None]
        dropped = {at for at, plan in enumerate(plans) if plan is None}
        clauses = group.without(dropped).clauses if dropped else group.clauses
        by_occur: dict[Occur, list[p.Plan]] = {occur: [] for occur in Occur}
        for clause, plan in zip(clauses, kept, strict=True):
            by_occur[clause.occur].append(plan)
        if not kept:
            return None
        parts = by_occur[Occur.MUST]
        if not parts and by_occur[Occur.SHOULD]:
            parts = [either(by_occur[Occur.SHOULD])]
        parts = [*parts, *map(p.Not, by_occur[Occur.MUST_NOT])]
        return parts[0] if len(parts) == 1 else p.All(tuple(parts))

    def node(self, node: Node) -> p.Plan | None:
        plan: p.Plan | None
        match node:
            case Group():
                plan = self.group(node)
            case Everything():
                plan = p.Everything()
            case Exists(field):
                plan = self.catalog.exists(field)
            case Words(field, text):
                plan = self.words(field, text)
            case Quoted(field, text):
                plan = self.terms(field, text, phrase=True)
            case Range(field, low, high):
                plan = self.range(field, low, high)
            case Wild(field, pattern):
                plan = self.each(field, partial(wild, pattern=pattern))
            case Regexp(field, regexp):
                plan = self.each(field, partial(_regexp, pattern=regexp))
        return plan

    def words(self, field: str | None, text: str) -> p.Plan | None:
        kind = None if field is None else self.catalog.named(field)
        if kind is not None and kind.type == "date" and len(text) > 1:
            # Only a date field that is named reads the text in the zone of the query; the server
            # does not look at texts of one character.
            end = Bound(text, inclusive=True)
            return self.range(field, end, end)
        return self.terms(field, text, phrase=False)

    def terms(self, field: str | None, text: str, *, phrase: bool) -> p.Plan | None:
        return self.each(field, partial(term, value=text, clock=self.clock, phrase=phrase))

    def range(self, field: str | None, low: Bound | None, high: Bound | None) -> p.Plan | None:
        def one(name: str, kind: FieldType) -> p.Plan:
            plain = lower if kind.type in TEXTS else str
            ends = Ends(
                None if low is None else plain(low.text),
                None if high is None else plain(high.text),
                include_low=low is None or low.inclusive,
                include_high=high is None or high.inclusive,
            )
            return between(name, kind, ends, self.clock)

        return self.each(field, one)

    def each(self, field: str | None, one: _OneField) -> p.Plan | None:
        """Return the plan that any of the fields meant satisfies."""
        fields = self.catalog.select(field)
        found = [_lenient(one, name, kind) for name, kind in fields.items()]
        worded = [plan for plan in found if plan is not None]
        return either(worded) if worded or not found else None


def _lenient(one: _OneField, name: str, kind: FieldType) -> p.Plan | None:
    try:
        return one(name, kind)
    except ValueError as error:
        if isinstance(error, NotImplementedError):
            raise
        return p.Nothing()


def _regexp(name: str, kind: FieldType, pattern: str) -> p.Plan:
    if kind.type in KEYWORDS:
        return p.Matches(name, translate(pattern))
    if kind.type in TEXTS:
        return p.Matches(name, translate(lower(pattern)))
    return p.Nothing()
