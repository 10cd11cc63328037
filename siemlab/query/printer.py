"""Writes a syntax tree back as a query text, and a whole query as one such text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from siemlab.query.filters import Filter, plain_text
from siemlab.query.parser import parse_query_string
from siemlab.query.syntax import (
    Bound,
    Clause,
    Everything,
    Exists,
    Group,
    Node,
    Occur,
    Quoted,
    Range,
    Regexp,
    Wild,
    Wildcard,
    Words,
)

if TYPE_CHECKING:
    from siemlab.query.value import Query

__all__ = ["to_text", "whole"]

_SPECIAL = re.compile(r'[ \t\n\r\u3000!():^\[\]"{}~*?\\/]|^[-+]|^(?:AND|OR|NOT|&&|\|\|)$')
_SIMPLE_END = re.compile(r'(?!TO$|\*$)[^\s\]}"\\\x00-\x1f]+')
_COMPARABLE = re.compile(r"[\w.,]+")


def to_text(node: Node) -> str:
    """Return a query text that reads as this tree.

    Parameters
    ----------
    node
        A tree as `parse_query_string` makes it.

    Returns
    -------
    str
        One text of the several that mean the same; `parse_query_string` reads it as ``node``
        (as its only clause, where it is no group).

    Examples
    --------
    >>> to_text(parse_query_string('a:(x && "y z" !w) n:[7 TO *}'))
    '(a:x AND a:"y z" NOT a:w) OR n:>=7'
    """
    return _group(node) if isinstance(node, Group) else _leaf(node)


def _group(group: Group) -> str:
    clauses = group.clauses
    parts: list[str] = []
    bare_before = False
    for at, clause in enumerate(clauses):
        and_follows = at + 1 < len(clauses) and clauses[at + 1].after_and
        sign = _sign(clause, implied=clause.after_and or and_follows)
        if clause.after_and:
            parts.append(" AND ")
        elif at:
            # Two bare words side by side would be read as one text.
            parts.append(" OR " if bare_before and not sign else " ")
        node = clause.node
        parts.append(sign + (f"({_group(node)})" if isinstance(node, Group) else _leaf(node)))
        bare_before = not sign
    return "".join(parts)


def _sign(clause: Clause, *, implied: bool) -> str:
    if clause.occur is Occur.MUST_NOT:
        return "NOT "
    return "+" if clause.occur is Occur.MUST and not implied else ""


def _leaf(node: Node) -> str:
    match node:
        case Everything():
            text = "*:*"
        case Exists(field):
            text = f"_exists_:{_word(field) if field else _quoted(field)}"
        case Words(field, words):
            text = _named(field) + _word(words)
        case Quoted(field, quoted):
            text = _named(field) + _quoted(quoted)
        case Wild(field, pattern):
            text = _named(field) + "".join(_piece(part) for part in pattern)
        case Regexp(field, regexp):
            text = f"{_named(field)}/{regexp}/"
        case Range():
            text = _range(node)
        case Group():
            text = f"({_group(node)})"
    return text


def _named(field: str | None) -> str:
    if field is None:
        return ""
    return "*:" if field == "*" else f"{_word(field)}:"


def _word(text: str) -> str:
    return _SPECIAL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return f"\\u{ord(char):04x}" if char in "\t\n\r" else f"\\{char}"


def _piece(part: str | Wildcard) -> str:
    # No \u here: in a word with wildcards Lucene takes it for a u.
    if isinstance(part, Wildcard):
        return part.value
    return re.sub(r"[ \t\n\r\u3000!():^\[\]\"{}~*?\\/+-]", lambda match: f"\\{match[0]}", part)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _range(node: Range) -> str:
    low, high = node.low, node.high
    if node.field is not None and (low is None) != (high is None):
        end = low or high
        if end and _COMPARABLE.fullmatch(end.text):
            return f"{_named(node.field)}{'>' if low else '<'}{'=' * end.inclusive}{end.text}"
    opening = "{" if low and not low.inclusive else "["
    closing = "}" if high and not high.inclusive else "]"
    return f"{_named(node.field)}{opening}{_end(low)} TO {_end(high)}{closing}"


def _end(bound: Bound | None) -> str:
    if bound is None:
        return "*"
    if _SIMPLE_END.fullmatch(bound.text):
        return bound.text
    # A backslash before the closing mark would keep it open, even an escaped one.
    escaped = bound.text.replace("\\", "\\u005c").replace('"', '\\"')
    return f'"{escaped}"'


def whole(query: Query) -> str:
    """Return time, filters and text of a query as one text.

    Parameters
    ----------
    query
        The query; disabled filters are left out. Its index pattern and time zone are no part of
        a text.

    Returns
    -------
    str
        ``*:*`` where nothing is asked.

    Raises
    ------
    QuerySyntaxError
        When the query text cannot be read.

    Examples
    --------
    >>> from siemlab.query.value import Query
    >>> whole(Query().exclude("source.ip", "10.0.0.0/8").between("n", 7, 9).lucene("a b"))
    '(a b) AND NOT source.ip:"10.0.0.0/8" AND n:[7 TO 9}'
    """
    parts = [*_text_part(query), *_time_part(query)]
    parts += [f"{'NOT ' if pill.negate else ''}{_pill(pill)}" for pill in query.active]
    return " AND ".join(parts) or "*:*"


def _text_part(query: Query) -> Iterator[str]:
    if not query.text:
        return
    clauses = parse_query_string(query.text).clauses
    if not clauses:
        yield "NOT *:*"  # a text of blanks finds nothing
        return
    alone = not query.active and query.time_range is None
    # Side by side, words are one text only as long as no AND follows.
    simple = len(clauses) == 1 and clauses[0].occur is Occur.SHOULD
    simple = simple and not (isinstance(clauses[0].node, Words) and " " in clauses[0].node.text)
    yield query.text if alone or simple else f"({query.text})"


def _time_part(query: Query) -> Iterator[str]:
    span = query.time_range
    if span and (span.start or span.end):
        yield f"@timestamp:[{_utc(span.start)} TO {_utc(span.end)}}}"


def _utc(moment: datetime | None) -> str:
    if moment is None:
        return "*"
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _pill(pill: Filter) -> str:
    field = _word(pill.field)
    if pill.op == "exists":
        return f"_exists_:{field}"
    texts = [None if value is None else plain_text(value) for value in pill.values]
    if pill.op == "is between":
        low, high = (None if text is None else Bound(text, True) for text in texts)
        return f"{field}:[{_end(low)} TO {_end(high)}}}"
    quoted = [_quoted(text or "") for text in texts]
    return f"{field}:{quoted[0]}" if len(quoted) == 1 else f"{field}:({' OR '.join(quoted)})"
