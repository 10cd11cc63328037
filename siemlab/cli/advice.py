"""What a person should know about an answer: a pattern without index, a field that nothing has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from siemlab.charts.plain import clean

if TYPE_CHECKING:
    from siemlab.query import Query
    from siemlab.store.base import Store

__all__ = ["advise"]


def advise(
    store: Store, query: Query, also: Iterable[str | None] = ()
) -> Iterator[tuple[str, str]]:
    """Return what may be wrong with a question that was answered.

    Parameters
    ----------
    store
        The store that answered.
    query
        The question.
    also
        Fields beside those of the question.

    Returns
    -------
    Iterator[tuple[str, str]]
        Sentences in English and Japanese.
    """
    yield from _notes(query)
    names = [index.name for index in store.indexes()]
    if not any(_fits(query.pattern, name) for name in names):
        known = ", ".join(sorted(names)[:5]) + (", ..." if len(names) > 5 else "")
        pattern = clean(query.pattern)
        yield (
            f"note: {pattern} fits no index; there are: {clean(known) or 'none'}",
            f"注意: {pattern} に合うインデックスがありません。あるもの: {clean(known) or 'なし'}",
        )
        return
    for field in _fields(query, also):
        if store.count(_all(query).exists(field)) == 0:
            shown = clean(field)
            yield (
                f"note: no document has the field {shown}; "
                "check the spelling: siemlab info --fields",
                f"注意: フィールド {shown} を持つドキュメントがありません。"
                "綴りを確認してください: siemlab info --fields",
            )


def _notes(query: Query) -> Iterator[tuple[str, str]]:
    """Return what the time range and the text probably do not mean."""
    from siemlab.query import notes

    time = query.time_range
    if time and time.start and time.end and time.end <= time.start:
        yield (
            "note: there is no time between --from and --to; --to is the moment after the last",
            "注意: --from と --to の間に時間がありません。--to はその時刻を含みません",
        )

    for note in notes(query.text) if query.text else ():
        yield (
            f"note: column {note.column}: {note.en}",
            f"注意: {note.column} 文字目: {note.ja}",
        )


def _all(query: Query) -> Query:
    """Return the question for everything in the same indexes."""
    return type(query)(query.pattern)


def _fits(pattern: str, name: str) -> bool:
    parts = (re.escape(part).replace(r"\*", ".*") for part in pattern.split(","))
    return any(re.fullmatch(part, name) for part in parts)


def _fields(query: Query, also: Iterable[str | None]) -> list[str]:
    """Return the fields that a question names, each once; patterns of names are left out."""
    from siemlab.query import parse_query_string

    named = [pill.field for pill in query.active]
    named += _named(parse_query_string(query.text)) if query.text else []
    named += [field for field in also if field]
    return [field for field in dict.fromkeys(named) if "*" not in field and field[0] not in "_@"]


def _named(node: object) -> list[str]:
    """Return the fields that a part of a query text names."""
    from siemlab.query.syntax import Group

    if isinstance(node, Group):
        return [field for clause in node.clauses for field in _named(clause.node)]
    field = getattr(node, "field", None)
    return [field] if isinstance(field, str) and field else []
