"""Look at documents before they are loaded, and pin the fields that would clash.

A field's type is that of the first value seen, and a later document whose value does not fit is
refused: which documents are lost would hang on the order of loading. The scan looks at all of
them first, and where documents truly disagree it pins the field, to ``keyword``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from siemlab.store.dynamic import Dynamic
from siemlab.store.template import composed, default_template, template_fields

__all__ = ["LONGEST_TERM", "SAFE_LENGTH", "Scan", "family_of", "merge_pins"]

# Lucene's longest term is 32,766 bytes; 8,191 characters of four bytes each stay below it.
LONGEST_TERM: Final = 32_766
SAFE_LENGTH: Final = 8_191

_LONG_MIN: Final = -(2**63)
_LONG_MAX: Final = 2**63 - 1
_KINDS: Final[dict[type, str]] = {
    str: "str",
    int: "num",
    float: "num",
    bool: "bool",
    dict: "object",
}
_SHAPES: Final = frozenset(_KINDS.values())
_BEYOND_LONG: Final = "integer beyond long"
_LONG_STRING: Final = "long string"
_MONTH = re.compile(r"-[0-9]{4}-[0-9]{2}\Z")


def family_of(index: str) -> str:
    """Return the index family: the name of an index without its month.

    Parameters
    ----------
    index
        The name of an index.

    Returns
    -------
    str
        The same name without ``-YYYY-MM`` at its end.

    Examples
    --------
    >>> family_of("log-aws-cloudtrail-2022-11"), family_of("log-mine")
    ('log-aws-cloudtrail', 'log-mine')
    """
    return _MONTH.sub("", index)


def merge_pins(
    old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the pins of an earlier load together with those of this one.

    Parameters
    ----------
    old, new
        Path to mapping, as `Scan.pins` returns them; ``new`` wins.

    Returns
    -------
    dict
        Path to mapping, sorted by path, without those below another one: nothing is indexed there.

    Examples
    --------
    >>> merge_pins({"a.b": {"type": "keyword"}}, {"a": {"type": "keyword"}})
    {'a': {'type': 'keyword'}}
    """
    both = {**old, **new}
    return {
        path: both[path]
        for path in sorted(both)
        if not any(path.startswith(f"{other}.") for other in both)
    }


class Scan:
    """What kinds of value each field has, over all documents of a load.

    Parameters
    ----------
    template
        Index templates as ``{"component_template": ..., "index_template": ...}``; siemlab's own
        where None. A field that they map keeps its type.

    Examples
    --------
    Documents that disagree about ``detail``:

    >>> scan = Scan()
    >>> scan.see("log-aws-cloudtrail-2022-11", {"requestParameters": {"detail": "a.txt"}})
    >>> scan.see("log-aws-cloudtrail-2022-12", {"requestParameters.detail": {"id": 2**64}})
    >>> scan.pins("log-aws-cloudtrail")
    {'requestParameters.detail': {'type': 'keyword'}}
    >>> scan.kinds("log-aws-cloudtrail")
    {'requestParameters.detail': ('object', 'str')}
    """

    def __init__(self, template: Mapping[str, Any] | None = None) -> None:
        self._template = default_template() if template is None else template
        self._roots: dict[str, tuple[_Node, Dynamic]] = {}
        self._families: dict[str, str] = {}

    def see(self, index: str, source: dict[str, Any]) -> None:
        """Look at one document.

        Parameters
        ----------
        index
            The index that it will go to.
        source
            Its fields. A dot in a key means the same as an object in an object.
        """
        found = self._roots.get(index)
        if found is None:
            first = self._families.setdefault(family_of(index), index)
            found = self._roots.get(first)
            if found is None:
                rules = Dynamic(composed(self._template, index)["mappings"])
                found = self._roots[first] = (_Node(""), rules)
            self._roots[index] = found
        _see_object(*found, source)

    def families(self) -> list[str]:
        """Return the index families seen so far, sorted by name."""
        return sorted(self._families)

    def pins(self, family: str) -> dict[str, dict[str, Any]]:
        """Return the mappings under which all documents of a family fit, in any order.

        Parameters
        ----------
        family
            The name of the family, see `family_of`.

        Returns
        -------
        dict
            Path to mapping, sorted by path. Empty where nothing clashes, and for a family that
            was not seen.
        """
        return {path: mapping for path, _, mapping in self._clashes(family)}

    def kinds(self, family: str) -> dict[str, tuple[str, ...]]:
        """Return the kinds of value that were seen at each path of `pins`.

        Parameters
        ----------
        family
            The name of the family.

        Returns
        -------
        dict
            Path to kinds, sorted: ``object``, ``num``, ``bool``, ``str``, ``integer beyond
            long``, ``long string``; where one list mixes them, ``date`` and ``fraction``.
        """
        return {path: tuple(sorted(node.kinds)) for path, node, _ in self._clashes(family)}

    def _clashes(self, family: str) -> list[tuple[str, _Node, dict[str, Any]]]:
        if family not in self._families:
            return []
        index = self._families[family]
        root, _ = self._roots[index]
        mapped = template_fields(self._template, index)
        return sorted(_topmost(root, mapped), key=lambda clash: clash[0])


class _Node:
    """An object or a leaf: the kinds of value seen there, and the fields below."""

    __slots__ = ("below", "keys", "kinds", "path", "types")

    def __init__(self, path: str) -> None:
        self.path = path
        self.kinds: set[str] = set()
        self.below: dict[str, _Node] = {}
        # Only for speed: keys as they are spelled, dots and all, the node that each leads to,
        # and the type that it had first, so that a value like the others costs two lookups.
        self.keys: dict[str, _Node] = {}
        self.types: dict[str, type] = {}

    def reach(self, key: str) -> _Node:
        """Return the node of a key, making the objects that dots in the key stand for."""
        known = self.keys.get(key)
        if known is not None:
            return known
        node = self
        *objects, last = key.split(".")
        for part in objects:
            node = node._child(part)
            node.kinds.add("object")
        node = self.keys[key] = node._child(last)
        return node

    def _child(self, name: str) -> _Node:
        child = self.below.get(name)
        if child is None:
            path = f"{self.path}.{name}" if self.path else name
            child = self.below[name] = _Node(path)
        return child


def _see_object(node: _Node, rules: Dynamic, source: dict[str, Any]) -> None:
    types = node.types
    for key, value in source.items():
        kind = type(value)
        if types.get(key) is kind:
            if kind is str:
                if len(value) <= SAFE_LENGTH:
                    continue
            elif kind is dict:
                _see_object(node.keys[key], rules, value)
                continue
            elif kind is not int or _LONG_MIN <= value <= _LONG_MAX:
                continue
        elif value is None:
            continue
        elif kind in _KINDS:
            types.setdefault(key, kind)
        _see_other(node.reach(key), rules, value)


def _see_other(node: _Node, rules: Dynamic, value: Any) -> None:
    """Look at a value that is not like the others at its place, or is a list."""
    while type(value) is list and len(value) == 1:
        value = value[0]
    if type(value) is list:
        _see_list(node, rules, value)
    elif _note(node, value):
        _see_object(node, rules, value)


def _see_list(node: _Node, rules: Dynamic, items: list[Any]) -> None:
    """Look at a list: a server maps new fields by each of its values, and they must agree."""
    mappings: dict[tuple[_Node, str], set[str]] = {}
    _see_items(node, rules, items, mappings)
    for (mixed, kind), types in mappings.items():
        if len(types) > 1:
            mixed.kinds.add("date" if kind == "str" else "fraction")


def _see_items(
    node: _Node, rules: Dynamic, value: Any, mappings: dict[tuple[_Node, str], set[str]]
) -> None:
    if isinstance(value, list):
        for item in value:
            _see_items(node, rules, item, mappings)
    elif _note(node, value):
        for key, item in value.items():
            _see_items(node.reach(key), rules, item, mappings)
    elif value is not None:
        body = rules.leaf(node.path, value)
        types = mappings.setdefault((node, _KINDS[type(value)]), set())
        types.add(body["type"] + body.get("format", ""))


def _note(node: _Node, value: Any) -> bool:
    """Note the kind of a value; return whether it is an object."""
    kind = _KINDS.get(type(value))
    if kind is None:
        return False
    node.kinds.add(kind)
    if kind == "str" and len(value) > SAFE_LENGTH:
        if len(value.encode("utf-8", "surrogatepass")) > LONGEST_TERM:
            node.kinds.add(_LONG_STRING)
    elif type(value) is int and not _LONG_MIN <= value <= _LONG_MAX:
        node.kinds.add(_BEYOND_LONG)
    return kind == "object"


def _topmost(
    node: _Node, mapped: Mapping[str, dict[str, Any]]
) -> Iterator[tuple[str, _Node, dict[str, Any]]]:
    """Yield path, node and mapping of each clash, none of them below another one."""
    for child in node.below.values():
        own = mapped.get(child.path)
        if own is None:
            mapping = _pin(child.kinds)
        elif own["type"] in ("object", "nested"):
            mapping = None  # a pin above fields of the template would make the template invalid
        else:
            mapping = _shorten(child.kinds, own)
            if mapping is None:
                continue  # a leaf: whatever lies below it is not indexed
        if mapping is not None:
            yield child.path, child, mapping
        elif own is None or own.get("enabled", True):
            yield from _topmost(child, mapped)


def _pin(kinds: set[str]) -> dict[str, Any] | None:
    if _LONG_STRING in kinds:
        return {"type": "keyword", "ignore_above": SAFE_LENGTH}
    if _BEYOND_LONG in kinds or "date" in kinds or len(kinds & _SHAPES) > 1:
        return {"type": "keyword"}
    if "fraction" in kinds:
        return {"type": "double"}
    return None


def _shorten(kinds: set[str], own: dict[str, Any]) -> dict[str, Any] | None:
    """Return a keyword of the template with a limit, where a value is too long for a term."""
    if _LONG_STRING in kinds and own["type"] == "keyword" and "ignore_above" not in own:
        return {**own, "ignore_above": SAFE_LENGTH}
    return None
