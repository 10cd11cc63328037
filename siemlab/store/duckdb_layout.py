"""Where an index keeps the values of each field: in a column of its own, or row by row.

==========  ==================================================================================
``docs``    a row per document: ``rid`` (row number), ``id``, ``stamp`` (the newest ``@timestamp``,
            milliseconds), and ``c1 c2 ...``: the fields that many documents have
``words``   a row per long text: ``rid``, and its words in one of ``w1 w2 ...`` (in ``docs``, the
            same column says whether a document has it)
``fields``  a row per value of every other field: ``field``, its ``text`` or ``whole`` or ``real``
            value, ``rid``; sorted, so that a field's value is found without reading the rest
``source``  a row per document: ``rid``, ``source`` (its JSON text)
==========  ==================================================================================

No field name ever becomes a part of a statement: columns have numbers, and in ``fields`` the
name is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["KINDS", "Layout", "Place", "kind_of", "rare"]

#: The engine's type for each kind of value. In Parquet files and in ``fields`` an address is 32
#: hexadecimal digits (``hex``), which sort as the numbers do. A column in which no address has
#: more than 64 bits, as those of IPv4 do not, is of ``address64``, which answers in half the time.
KINDS: Final[dict[str, str]] = {
    "text": "VARCHAR",
    "words": "VARCHAR",
    "hex": "VARCHAR",
    "whole": "BIGINT",
    "real": "DOUBLE",
    "address": "UHUGEINT",
    "address64": "UBIGINT",
}

_KIND_OF_TYPE: Final[dict[str, str]] = {
    "boolean": "whole",
    "byte": "whole",
    "date": "whole",
    "integer": "whole",
    "long": "whole",
    "short": "whole",
    "double": "real",
    "float": "real",
    "half_float": "real",
    "scaled_float": "real",
    "ip": "address",
    "geo_point": "whole",
    "match_only_text": "words",
    "text": "words",
}


def kind_of(field_type: str) -> str:
    """Return how the values of a field type are kept; text where nothing else is said.

    Examples
    --------
    >>> kind_of("keyword"), kind_of("date"), kind_of("ip")
    ('text', 'whole', 'address')
    """
    return _KIND_OF_TYPE.get(field_type, "text")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the values of one field lie, and as what.

    ``table`` is ``docs`` or ``words``, with a ``column`` (of lists of values where ``many``), or
    ``fields``, where ``column`` is the one that holds values of this kind.
    """

    kind: str
    table: str
    column: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of each field of one index, and the tables by the names that statements use."""

    places: Mapping[str, Place]
    docs: str = "docs"
    words: str = "words"
    fields: str = "fields"
    source: str = "source"


def rare(field_type: str) -> Place:
    """Return the place of a field that has no column of its own.

    Examples
    --------
    >>> rare("ip")
    Place(kind='hex', table='fields', column='text', many=False)
    """
    kind = kind_of(field_type)
    if kind in ("whole", "real"):
        return Place(kind, "fields", kind)
    return Place("hex" if kind == "address" else kind, "fields", "text")
