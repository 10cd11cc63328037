"""The last step of a document: values that say nothing go, texts that are too long are cut."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["LONG_TEXT", "SAYS_NOTHING", "prune", "truncate"]

SAYS_NOTHING = frozenset({"", "-", "null", "[]"})
LONGEST_NOTHING = max(map(len, SAYS_NOTHING))

# Lucene takes 32,766 bytes of a term. The SIEM cuts by characters and bytes, and only in documents
# that are long as a whole; so do we.
LONG_DOCUMENT = 65_536  # characters of JSON, with every character that is not ASCII escaped
LONG_TEXT = 16_383  # characters
LONGEST_TERM = 32_766  # bytes of UTF-8
CUT_AT = 32_753
CUT_MARK = "<<TRUNCATED>>"


def prune(fields: dict[str, Any]) -> bool:
    """Take out null, empty and dash values, through objects and the objects in lists.

    An object that has become empty goes too, but stays where it stands in a list.

    Parameters
    ----------
    fields
        A document or a part of it, changed in place.

    Returns
    -------
    bool
        Whether a text is left, outside of lists, that may have to be cut.

    Examples
    --------
    >>> document = {"a": None, "b": {"c": "-"}, "d": [{"e": ""}, "-"], "f": 0, "g": [""]}
    >>> prune(document)
    False
    >>> document
    {'d': [{}, '-'], 'f': 0}
    """
    is_long = False
    gone = []
    for name, value in fields.items():
        kind = type(value)
        if kind is str:
            size = len(value)
            if size <= LONGEST_NOTHING:
                if value in SAYS_NOTHING:
                    gone.append(name)
            elif size >= LONG_TEXT:
                is_long = True
        elif kind is dict:
            is_long |= prune(value)
            if not value:
                gone.append(name)
        elif value is None or (kind is list and _is_bare(value)):
            gone.append(name)
    for name in gone:
        del fields[name]
    return is_long


def _is_bare(values: list[Any]) -> bool:
    """Prune the objects in a list, and tell whether the list says nothing."""
    for item in values:
        if type(item) is dict:
            prune(item)
    return not values or values == [""]


def truncate(document: dict[str, Any]) -> None:
    """Cut the texts that are too long, if the document as a whole is long.

    Parameters
    ----------
    document
        Changed in place. Texts in lists and ``@message`` stay whole.

    Examples
    --------
    >>> document = {"@message": "", "note": "a" * 70_000}
    >>> truncate(document)
    >>> len(document["note"]), document["note"][-14:]
    (32766, 'a<<TRUNCATED>>')
    """
    if len(json.dumps(document)) >= LONG_DOCUMENT:
        _cut(document)


def _cut(fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, dict):
            _cut(value)
        elif isinstance(value, str) and len(value) >= LONG_TEXT and name != "@message":
            utf8 = value.encode()
            if len(utf8) >= LONGEST_TERM:
                fields[name] = utf8[:CUT_AT].decode(errors="ignore") + CUT_MARK
