"""The fields of an index as a tree: objects, and leaves that turn JSON values into typed ones."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Final

from siemlab.errors import StoreError
from siemlab.store.dates import DEFAULT_FORMATS
from siemlab.store.plan import Scalar
from siemlab.store.values import (
    KEYWORDS,
    LEAF_TYPES,
    STRINGS,
    TEXTS,
    converter,
    json_text,
)

__all__ = ["NO_ROW", "FieldType", "Leaf", "MappingClash", "Node", "Values", "only_shorter"]

Values = dict[str, list[Scalar]]

_IMMENSE: Final = 32_766  # bytes: Lucene's longest term
_SAFE: Final = _IMMENSE // 4  # so many characters cannot be longer than that
_REMEMBERED: Final = 20_000


class _NoRow(dict[str, Any]):
    def __contains__(self, _: object) -> bool:
        return True


NO_ROW: Final = _NoRow()
"""The row of who wants none: all its columns are taken."""


class MappingClash(StoreError):  # noqa: N818 -- an event of loading, not a fault
    """A document that its index refuses; the server would answer 400.

    Parameters
    ----------
    reason
        Why, in one sentence.

    Examples
    --------
    >>> print(MappingClash("user.name is an object here"))
    user.name is an object here
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, f"インデックスがこのドキュメントを受け付けません: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FieldType:
    """The type of a leaf field, with all that decides how it is searched.

    ``ignore_above`` is the longest value of a keyword, in UTF-16 units; longer ones are not
    searchable. ``doc_values`` False: it can be searched but not aggregated. ``formats`` are those
    of a date.
    """

    type: str
    ignore_above: int | None = None
    doc_values: bool = True
    formats: tuple[str, ...] = ()


class Leaf:
    """A field that holds values, and its multi-fields.

    Parameters
    ----------
    path, body
        Where it lies, and its mapping.
    lenient
        Whether a value that it cannot hold is dropped (``ignore_malformed``), not refused.
    immense
        A list that takes the paths of keywords with a value too long for the index.
    fresh
        Whether the document at hand brought it; a second value must then be of the same kind.

    Attributes
    ----------
    column
        Where in a row its first text goes, see `siemlab.store.mapping.Mapping.give_columns`.
    """

    __slots__ = (
        "_convert",
        "_immense",
        "_known",
        "_lenient",
        "_null",
        "_repeats",
        "body",
        "column",
        "field",
        "fresh",
        "limit",
        "path",
        "subs",
    )

    def __init__(
        self,
        path: str,
        body: dict[str, Any],
        *,
        lenient: bool,
        immense: list[str],
        fresh: bool = False,
    ) -> None:
        self.path = path
        self.body = body
        self.field = _field_type(path, body)
        self.column: str | None = None
        self.fresh = fresh
        self.subs = tuple(
            Leaf(f"{path}.{name}", sub, lenient=lenient, immense=immense)
            for name, sub in body.get("fields", {}).items()
        )
        self._immense = immense
        self._lenient = bool(body.get("ignore_malformed", lenient))
        self._convert = converter(self.field.type, self.field.formats)
        # Texts stay what they are, and a time hardly comes again; other values do.
        self._repeats = self.field.type not in (*STRINGS, "date")
        self._known: dict[str, Scalar | None] = {}
        self._null = body.get("null_value")
        # The length up to which a text is a value as it is, here and in the multi-fields;
        # -1 where every value needs a closer look.
        self.limit = -1 if fresh else self._plain_length()

    def settle(self) -> None:
        """End the time in which the field is fresh."""
        self.fresh = False
        self.limit = self._plain_length()

    def put(self, value: Any, out: Values) -> None:
        """Add a value that is no list.

        Raises
        ------
        MappingClash
            When the server would refuse it.
        """
        if value is None:
            if self._null is None:
                return
            value = self._null
        if value.__class__ is str and self._repeats:
            typed = self._remembered(value)
        else:
            typed = self._typed(value)
        if typed is not None:
            out.setdefault(self.path, []).append(typed)
        for sub in self.subs:
            sub.put(value, out)

    def _plain_length(self) -> int:
        own = -1
        if self.field.type in TEXTS:
            own = sys.maxsize
        elif self.field.type in KEYWORDS:
            above = self.field.ignore_above
            own = _SAFE if above is None else min(_SAFE, above // 2)
        return min(own, *(sub.limit for sub in self.subs)) if self.subs else own

    def _remembered(self, text: str) -> Scalar | None:
        known = self._known
        if text in known:
            return known[text]
        if len(known) >= _REMEMBERED:
            known.clear()
        known[text] = typed = self._typed(text)
        return typed

    def _typed(self, value: Any) -> Scalar | None:
        kind = self.field.type
        try:
            if value.__class__ is dict and kind != "geo_point":
                raise ValueError(value)
            typed = self._convert(value)
        except ValueError:
            if self._lenient:
                return None
            shown = "an object" if isinstance(value, dict) else repr(json_text(value))[:60]
            raise MappingClash(
                f"failed to parse field [{self.path}] of type [{kind}]: {shown}"
            ) from None
        return self._short_enough(typed) if kind in KEYWORDS else typed

    def _short_enough(self, typed: Scalar) -> Scalar | None:
        """Return a keyword's value unless it is longer than the field takes; count in UTF-16."""
        text, above = str(typed), self.field.ignore_above
        if above is not None and len(text) * 2 > above and _units(text) > above:
            return None
        if len(text) > _SAFE and len(text.encode("utf-8", "surrogatepass")) > _IMMENSE:
            self._immense.append(self.path)
        return typed


class Node:
    """An object: the fields in it by name; ``lookup`` also knows leaves by dotted spellings."""

    __slots__ = ("body", "children", "dynamic", "enabled", "lookup", "nested", "path")

    def __init__(self, path: str, body: dict[str, Any], dynamic: str = "true") -> None:
        self.path = path
        self.body = {key: value for key, value in body.items() if key != "properties"}
        self.children: dict[str, Node | Leaf] = {}
        self.lookup: dict[str, Node | Leaf] = {}
        self.nested = body.get("type") == "nested"
        self.enabled = body.get("enabled", True) not in (False, "false")
        self.dynamic = str(body.get("dynamic", dynamic)).lower()

    def child_path(self, name: str) -> str:
        """Return the whole path of a field in this object."""
        return f"{self.path}.{name}" if self.path else name

    def properties(self) -> dict[str, Any]:
        """Return the mappings of the fields in this object, by name."""
        return {
            name: child.body if isinstance(child, Leaf) else child._whole()
            for name, child in self.children.items()
        }

    def _whole(self) -> dict[str, Any]:
        inner = self.properties()
        return {**self.body, "properties": inner} if inner else {"type": "object", **self.body}


def only_shorter(taken: Node | Leaf, body: dict[str, Any]) -> bool:
    """Tell whether a mapping differs from a keyword's only in the length that it takes."""
    return (
        isinstance(taken, Leaf)
        and taken.field.type == body.get("type") == "keyword"
        and body.get("ignore_above") not in (None, taken.field.ignore_above)
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _field_type(path: str, body: dict[str, Any]) -> FieldType:
    kind = body["type"]
    if kind not in LEAF_TYPES:
        raise StoreError(
            f"field {path}: siemlab does not know the type {kind!r}; "
            f"it knows {', '.join(sorted(LEAF_TYPES))}",
            f"フィールド {path} の型 {kind!r} は扱えません。"
            f"使える型は {', '.join(sorted(LEAF_TYPES))} です",
        )
    formats: tuple[str, ...] = ()
    if kind == "date":
        formats = tuple(body["format"].split("||")) if "format" in body else DEFAULT_FORMATS
    above = body.get("ignore_above") if kind in KEYWORDS else None
    return FieldType(kind, above, body.get("doc_values", True) is not False, formats)
