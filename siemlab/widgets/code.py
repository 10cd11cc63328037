"""Queries as code that a notebook runs, and steps as the verb that makes the same change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siemlab.query import Query

__all__ = ["move", "to_code"]

_BARE = Query()
_HEAD = len(repr(_BARE))


def to_code(query: Query) -> str:
    """Return code that builds a query, one verb a line.

    Parameters
    ----------
    query
        The query.

    Examples
    --------
    >>> print(to_code(Query("log-aws-*").include("user.name", "alice").exists("error.code")))
    from siemlab import Query
    <BLANKLINE>
    query = (
        Query('log-aws-*')
        .include('user.name', 'alice')
        .exists('error.code')
    )
    """
    lines = "\n".join(f"    {part}" for part in _verbs(query))
    return f"from siemlab import Query\n\nquery = (\n{lines}\n)"


def move(before: Query | None, after: Query, name: str = "query") -> str:
    """Return the expression for a query, as a change of the one before where one verb does it.

    Parameters
    ----------
    before
        The query that stands under ``name``; None where there is none yet.
    after
        The query that is wanted.
    name
        The variable.

    Examples
    --------
    >>> move(Query("log-*"), Query("log-*").exclude("user.name", "alice"))
    "query.exclude('user.name', 'alice')"
    >>> move(Query("log-*").exists("error.code"), Query("log-aws-*"))
    "Query('log-aws-*')"
    """
    if before is not None:
        for changed, verb in _changes(before, after):
            if changed == after:
                return f"{name}{verb}"
    return repr(after)


def _changes(before: Query, after: Query) -> Iterator[tuple[Query, str]]:
    """Yield what one verb can make of a query, with the verb."""
    yield before.lucene(after.text), f".lucene({after.text!r})"
    span = after.time_range
    timed = replace(before, time_range=span)
    yield timed, repr(replace(_BARE, time_range=span))[_HEAD:] if span else ".time()"
    if after.filters:
        last = after.filters[-1]
        longer = replace(before, filters=(*before.filters, last))
        yield longer, repr(replace(_BARE, filters=(last,)))[_HEAD:]
    for at in range(len(before.filters)):
        for verb in ("disable", "enable", "invert", "without"):
            yield getattr(before, verb)(at), f".{verb}({at})"


def _verbs(query: Query) -> Iterator[str]:
    yield repr(Query(query.pattern))
    parts = [replace(_BARE, time_range=query.time_range)]
    parts += [replace(_BARE, filters=(replace(pill, enabled=True),)) for pill in query.filters]
    yield from (repr(part)[_HEAD:] for part in parts if part != _BARE)
    for at, pill in enumerate(query.filters):
        if not pill.enabled:
            yield f".disable({at})"
    if query.text:
        yield f".lucene({query.text!r})"
