"""A query bound to one index: plain predicates over the typed values of single fields.

All that OpenSearch does to a text (which type has the field, is this an address, where does this
day end in Tokyo) is decided when a plan is made. What remains is the same for every embedded
engine and has no traps: a document matches when **any** value of the field does, and ``Not`` is
true for all documents for which its part is not, those without the field included.

Values are those of ``siemlab.store.values``: text for ``keyword`` and ``text``, 128-bit integers
for ``ip`` (IPv4 mapped into IPv6), milliseconds since 1970 for ``date``, integers, floats,
booleans.
"""

from __future__ import annotations

from dataclasses import dataclass

from siemlab.query.syntax import Wildcard

__all__ = [
    "All",
    "Any",
    "Between",
    "Everything",
    "Exists",
    "Like",
    "Matches",
    "Not",
    "Nothing",
    "OneOf",
    "Phrase",
    "Plan",
    "Scalar",
    "WordBetween",
    "WordIn",
    "WordLike",
]

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Exists:
    """The field has a searchable value (an empty text is one)."""

    field: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of the field equals one of these, all of the field's own type. Not for text."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A value lies between two ends; None is open. Texts compare by code point (UTF-8 order)."""

    field: str
    low: Scalar | None
    high: Scalar | None
    include_low: bool = True
    include_high: bool = True


@dataclass(frozen=True, slots=True)
class Like:
    """A keyword value fits a wildcard pattern as a whole, case-sensitively."""

    field: str
    pattern: tuple[str | Wildcard, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A keyword value (or, of a text field, a word) fits a regular expression as a whole.

    ``regex`` is in the common subset of Python's ``re`` and RE2, translated from Lucene's dialect.
    """

    field: str
    regex: str


@dataclass(frozen=True, slots=True)
class WordIn:
    """A text field holds at least one of these words (lower case, as the analyzer cuts them)."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordBetween:
    """A text field holds a word between two ends; None is open. Words compare by code point."""

    field: str
    low: str | None
    high: str | None
    include_low: bool = True
    include_high: bool = True


@dataclass(frozen=True, slots=True)
class WordLike:
    """A text field holds a word that fits a wildcard pattern (lower case)."""

    field: str
    pattern: tuple[str | Wildcard, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text field holds these words side by side in this order within one value."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part matches; without parts, every document."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part matches; without parts, no document."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not match."""

    part: Plan


Plan = (
    Everything
    | Nothing
    | Exists
    | OneOf
    | Between
    | Like
    | Matches
    | WordIn
    | WordBetween
    | WordLike
    | Phrase
    | All
    | Any
    | Not
)
