"""What a query text says, before any field's type is known: the tree that the parser makes.

The shape is that of Lucene's classic parser: no and/or tree, but lists of clauses, each required,
wished for, or prohibited. A parenthesis is a list of its own.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from enum import Enum

__all__ = [
    "Bound",
    "Clause",
    "Everything",
    "Exists",
    "Group",
    "Node",
    "Occur",
    "Quoted",
    "Range",
    "Regexp",
    "Wild",
    "Wildcard",
    "Words",
]


class Occur(Enum):
    """Whether a clause must, may, or must not match."""

    MUST = "+"
    SHOULD = ""
    MUST_NOT = "-"


class Wildcard(Enum):
    """A wildcard of a pattern: any run of characters, or exactly one code point."""

    ANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words that stand side by side: one text, blanks and escapes already resolved.

    ``field`` is None where the text names none, which asks all fields (the index's default
    field); a ``*`` in it is a pattern of field names. The same holds for all nodes below.
    """

    field: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text in quotes: a whole value, or a phrase of a text field."""

    field: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Wild:
    """A word with unescaped wildcards, as runs of literal text and wildcards."""

    field: str | None
    pattern: tuple[str | Wildcard, ...]


@dataclass(frozen=True, slots=True)
class Regexp:
    """A regular expression between slashes, anchored to the whole value, in Lucene's dialect."""

    field: str | None
    pattern: str


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range, quotes and escapes already taken off."""

    text: str
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Range:
    """``[a TO b}``, ``>=a``; None is an open end (``*``)."""

    field: str | None
    low: Bound | None
    high: Bound | None


@dataclass(frozen=True, slots=True)
class Exists:
    """``_exists_:field``, ``field:*``: the document has a searchable value there."""

    field: str


@dataclass(frozen=True, slots=True)
class Everything:
    """``*:*`` or a lone ``*``: every document."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a group.

    ``after_and`` tells that AND stands before it, which only matters to `Group.without`.
    """

    occur: Occur
    node: Node
    after_and: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A list of clauses.

    With required clauses the wished ones decide nothing; without, at least one of them must
    match. Prohibited clauses alone match all other documents. An empty group (of clauses that
    held no word) matches nothing.
    """

    clauses: tuple[Clause, ...]

    def without(self, dropped: Container[int]) -> Group:
        """Return the group without some clauses, those in which the analyzer finds no word.

        OpenSearch drops them while it reads the text, and an AND before a dropped clause, or
        after it, then makes the last clause that was kept a required one.

        Parameters
        ----------
        dropped
            The places in ``clauses``, from 0.

        Returns
        -------
        Group
            What is left, possibly without any clause.

        Examples
        --------
        >>> a, dots, b = (Words(None, word) for word in ("a", "...", "b"))
        >>> text = Group(  # a OR "..." AND b
        ...     (Clause(Occur.SHOULD, a), Clause(Occur.MUST, dots), Clause(Occur.MUST, b, True))
        ... )
        >>> [clause.occur.name for clause in text.without({1}).clauses]
        ['MUST', 'MUST']
        """
        kept: list[Clause] = []
        for at, clause in enumerate(self.clauses):
            if clause.after_and and kept and kept[-1].occur is Occur.SHOULD:
                kept[-1] = replace(kept[-1], occur=Occur.MUST)
            if at not in dropped:
                kept.append(clause)
        return Group(tuple(kept))


Node = Words | Quoted | Wild | Regexp | Range | Exists | Everything | Group
