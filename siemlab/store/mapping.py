"""The mapping of an index: what each field is, and what a document's values become under it.

It does to a document what a server does that has this mapping: explicit and dynamic fields,
values that are dropped, documents that are refused.
"""

from __future__ import annotations

from typing import Any, Final

from siemlab.store.dynamic import Dynamic
from siemlab.store.template import composed, default_template, flat_settings
from siemlab.store.tree import NO_ROW, FieldType, Leaf, MappingClash, Node, Values, only_shorter

__all__ = ["FieldType", "Mapping", "MappingClash"]

_DEEPEST: Final = 20


class Mapping:
    """The fields of one index; it learns new ones from documents.

    Parameters
    ----------
    body
        ``{"settings": ..., "mappings": ...}``, as an index is created with.

    Examples
    --------
    >>> mapping = Mapping({"mappings": {"properties": {"source.ip": {"type": "ip"}}}})
    >>> mapping.index({"source": {"ip": "::1"}, "n": [1, "2"], "tags": []})
    Traceback (most recent call last):
    siemlab.store.tree.MappingClash: mapper [n] cannot be changed from type [long] to [text]
    >>> mapping.index({"source": {"ip": "::1"}, "n": [1, 2], "tags": []})
    {'source.ip': [1], 'n': [1, 2]}
    >>> mapping.fields["n"].type
    'long'
    """

    def __init__(self, body: dict[str, Any]) -> None:
        settings = flat_settings(body.get("settings", {}))
        mappings = body.get("mappings", {})
        self._settings = body.get("settings", {})
        self._mappings = {key: value for key, value in mappings.items() if key != "properties"}
        self._lenient = _true(settings.get("index.mapping.ignore_malformed", False))
        self._most = int(settings.get("index.mapping.total_fields.limit", 1000))
        self._dynamic = Dynamic(mappings)
        self._immense: list[str] = []
        self._row: dict[str, Any] = NO_ROW
        self._count = 0
        self._fields: dict[str, FieldType] = {}
        self._undo: list[tuple[Node, str]] = []
        self._root = Node("", {"dynamic": mappings.get("dynamic", "true")})
        self._grow(self._root, mappings.get("properties", {}))

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Mapping:
        """Return the mapping of an index body, such as `to_body` gives."""
        return cls(body)

    @classmethod
    def for_index(cls, index: str, pins: dict[str, dict[str, Any]] | None = None) -> Mapping:
        """Return the mapping that siemlab's index templates give a new index.

        Parameters
        ----------
        index
            The name of the index; ``...-spill`` has a template of its own.
        pins
            Path to mapping, set last: the fields whose values clash (see `siemlab.store.pins`).

        Examples
        --------
        >>> Mapping.for_index("log-aws-waf-2022-11").fields["httpRequest.clientIp"].type
        'ip'
        """
        return cls(composed(default_template(), index, pins))

    @property
    def fields(self) -> dict[str, FieldType]:
        """The leaf fields, multi-fields and those inside ``nested`` objects included."""
        return self._fields

    def pin(self, path: str, body: dict[str, Any]) -> bool:
        """Map a field that is not known yet, or shorten a keyword that is.

        Parameters
        ----------
        path
            The field's whole path.
        body
            Its mapping.

        Returns
        -------
        bool
            False where the path is taken by something else, which stays as it is.

        Examples
        --------
        >>> mapping = Mapping({"mappings": {"properties": {"a.b": {"type": "long"}}}})
        >>> mapping.pin("a", {"type": "keyword"}), mapping.pin("c.d", {"type": "keyword"})
        (False, True)
        """
        node = self._root
        *parents, name = path.split(".")
        for part in parents:
            child = node.children.get(part)
            if child is None:
                child = Node(node.child_path(part), {}, node.dynamic)
                self._add(node, part, child)
            if isinstance(child, Leaf):
                return False
            node = child
        taken = node.children.get(name)
        if taken is not None and not only_shorter(taken, body):
            return False
        self._grow(node, {name: {**taken.body, **body} if taken is not None else body})
        self._undo.clear()
        return True

    def is_object(self, path: str) -> bool:
        """Tell whether there is an object, nested or not, at a path."""
        node: Node | Leaf | None = self._root
        for part in path.split("."):
            if not isinstance(node, Node):
                return False
            node = node.children.get(part)
        return isinstance(node, Node)

    def give_columns(self, names: dict[str, str]) -> None:
        """Let `index` put single texts of some fields into rows, by field the name there."""
        for path, name in names.items():
            found: Any = self._root
            for part in path.split("."):
                found = found.children.get(part) if isinstance(found, Node) else None
            if isinstance(found, Leaf):
                found.column = name

    def index(self, source: dict[str, Any], row: dict[str, Any] | None = None) -> Values:
        """Return the searchable values of a document, and learn its new fields.

        Parameters
        ----------
        source
            The document's fields; a dot in a key means an object.
        row
            Takes the first text of each field that has a column (`give_columns`); what comes
            after it in the field is among the values returned.

        Returns
        -------
        dict
            Leaf field to its typed values (`siemlab.store.values`), in the document's order. A
            field without a searchable value is not in it, nor is one inside a ``nested`` object.

        Raises
        ------
        MappingClash
            When the server would refuse the document. The mapping then stays as it was; only
            after a keyword that is too long does it keep the new fields, as on the server.
        """
        out: Values = {}
        self._row = NO_ROW if row is None else row
        self._immense.clear()
        try:
            self._walk(self._root, source, out, 1)
            if self._count > self._most and self._undo:
                raise MappingClash(f"Limit of total fields [{self._most}] has been exceeded")
        except BaseException:
            self._roll_back()
            raise
        if self._undo:
            self._settle()
        if self._immense:
            raise MappingClash(
                f"Document contains at least one immense term in field={self._immense[0]!r}: "
                "longer than 32766 bytes in UTF-8"
            )
        return out

    def to_body(self) -> dict[str, Any]:
        """Return the body that makes this mapping again, learned fields included."""
        mappings = {**self._mappings, "properties": self._root.properties()}
        return {"settings": self._settings, "mappings": mappings}

    def _walk(self, node: Node, source: dict[str, Any], out: Values, depth: int) -> None:
        if depth > _DEEPEST:
            raise MappingClash(f"The depth of the field has exceeded the limit of [{_DEEPEST}]")
        lookup, row = node.lookup, self._row
        for key, value in source.items():
            child = lookup.get(key)
            kind = value.__class__
            if child.__class__ is Leaf:
                # The usual case, a text in a keyword field, without a call.
                if kind is str and len(value) <= child.limit:
                    column = child.column
                    if column is not None and column not in row:
                        row[column] = value
                    elif (path := child.path) in out:
                        out[path].append(value)
                    else:
                        out[path] = [value]
                    for sub in child.subs:
                        sub.put(value, out)
                elif kind is list or child.fresh:
                    self._unusual(node, key, value, out, depth)
                else:
                    child.put(value, out)
            elif kind is dict and child.__class__ is Node:
                self._enter(child, value, out, depth)
            else:
                self._unusual(node, key, value, out, depth)

    def _enter(self, node: Node, source: dict[str, Any], out: Values, depth: int) -> None:
        if node.enabled:
            self._walk(node, source, {} if node.nested else out, depth + 1)

    def _unusual(self, node: Node, key: str, value: Any, out: Values, depth: int) -> None:
        if "." not in key:
            if not key:
                raise MappingClash("field name cannot be an empty string")
            self._value(node, key, value, out, depth)
            return
        parts = _parts(key)
        parent = self._descend(node, key, parts[:-1], missing=value is None)
        if parent is None:
            return
        self._value(parent, parts[-1], value, out, depth)
        leaf = parent.children.get(parts[-1])
        if isinstance(leaf, Leaf) and not leaf.fresh:
            node.lookup[key] = leaf

    def _descend(self, node: Node, key: str, parts: list[str], *, missing: bool) -> Node | None:
        """Return the object that a key with dots leads to; None where nothing is indexed there."""
        for part in parts:
            child = node.children.get(part)
            if child is None:
                if missing or not self._may_learn(node, part):
                    return None
                child = self._new_object(node, part)
            if isinstance(child, Leaf):
                if missing:
                    return None
                raise MappingClash(
                    f"Could not dynamically add mapping for field [{key}]. Existing mapping for "
                    f"[{child.path}] must be of type object but found [{child.field.type}]."
                )
            if child.nested:
                raise MappingClash(
                    f"Cannot add a value for field [{key}] since one of the intermediate objects "
                    f"is mapped as a nested object: [{child.path}]"
                )
            if not child.enabled:
                return None
            node = child
        return node

    def _value(self, node: Node, name: str, value: Any, out: Values, depth: int) -> None:
        child = node.children.get(name)
        if isinstance(value, list) and not _is_one_point(child, value):
            for item in value:
                self._value(node, name, item, out, depth)
            return
        if child is None:
            if value is None or not self._may_learn(node, name):
                return
            child = self._learn(node, name, value)
        elif isinstance(child, Leaf) and child.fresh and value is not None:
            self._agree(child, value)
        if isinstance(child, Leaf):
            child.put(value, out)
        elif isinstance(value, dict):
            self._enter(child, value, out, depth)
        elif value is not None and child.enabled:
            raise MappingClash(
                f"object mapping for [{child.path}] tried to parse field [{name}] as object, "
                "but found a concrete value"
            )

    def _may_learn(self, node: Node, name: str) -> bool:
        if node.dynamic in ("strict", "strict_allow_templates"):
            raise MappingClash(
                f"mapping set to strict, dynamic introduction of [{name}] within "
                f"[{node.path or '_doc'}] is not allowed"
            )
        return node.dynamic == "true"

    def _learn(self, node: Node, name: str, value: Any) -> Node | Leaf:
        if isinstance(value, dict):
            return self._new_object(node, name)
        path = node.child_path(name)
        body = self._dynamic.leaf(path, value)
        leaf = Leaf(path, body, lenient=self._lenient, immense=self._immense, fresh=True)
        self._add(node, name, leaf)
        return leaf

    def _new_object(self, node: Node, name: str) -> Node:
        path = node.child_path(name)
        child = Node(path, self._dynamic.object(path), node.dynamic)
        self._add(node, name, child)
        return child

    def _agree(self, leaf: Leaf, value: Any) -> None:
        """Refuse a second value that would have given a new field another type."""
        if isinstance(value, dict):
            raise MappingClash(
                f"can't merge a non object mapping [{leaf.path}] with an object mapping"
            )
        body = self._dynamic.leaf(leaf.path, value)
        if body != leaf.body:
            raise MappingClash(
                f"mapper [{leaf.path}] cannot be changed from type [{leaf.field.type}] "
                f"to [{body['type']}]"
            )

    def _grow(self, node: Node, properties: dict[str, Any]) -> None:
        for key, body in properties.items():
            *parents, name = key.split(".")
            parent = node
            for part in parents:
                parent = self._object(parent, part, {})
            if "properties" in body or body.get("type", "object") in ("object", "nested"):
                self._grow(self._object(parent, name, body), body.get("properties", {}))
            else:
                path = parent.child_path(name)
                leaf = Leaf(path, body, lenient=self._lenient, immense=self._immense)
                self._add(parent, name, leaf)
        if node is self._root:
            self._undo.clear()

    def _object(self, parent: Node, name: str, body: dict[str, Any]) -> Node:
        child = parent.children.get(name)
        if not isinstance(child, Node):
            child = Node(parent.child_path(name), body, parent.dynamic)
            self._add(parent, name, child)
        return child

    def _add(self, parent: Node, name: str, child: Node | Leaf) -> None:
        self._count += (name not in parent.children) * _size(child)
        parent.children[name] = parent.lookup[name] = child
        self._undo.append((parent, name))
        if isinstance(child, Leaf):
            for leaf in (child, *child.subs):
                self._fields[leaf.path] = leaf.field

    def _settle(self) -> None:
        for parent, name in self._undo:
            child = parent.children[name]
            if isinstance(child, Leaf):
                child.settle()
        self._undo.clear()

    def _roll_back(self) -> None:
        for parent, name in reversed(self._undo):
            child = parent.children.pop(name)
            del parent.lookup[name]
            self._count -= _size(child)
            if isinstance(child, Leaf):
                for leaf in (child, *child.subs):
                    del self._fields[leaf.path]
        self._undo.clear()


def _size(child: Node | Leaf) -> int:
    """Return how much a field counts towards the limit: multi-fields count as well."""
    return 1 + len(child.subs) if isinstance(child, Leaf) else 1


def _parts(key: str) -> list[str]:
    if not key.strip("."):
        raise MappingClash("field name cannot contain only the character [.]")
    parts = key.rstrip(".").split(".")
    for part in parts:
        if not part.strip():
            raise MappingClash(
                "object field starting or ending with a [.] makes object resolution "
                f"ambiguous: [{key}]"
            )
    return parts


def _is_one_point(child: Node | Leaf | None, value: list[Any]) -> bool:
    """Tell whether a list is one point, longitude and latitude, and not a list of points."""
    if not isinstance(child, Leaf) or child.field.type != "geo_point" or not value:
        return False
    return isinstance(value[0], int | float) and not isinstance(value[0], bool)


def _true(value: object) -> bool:
    return str(value).lower() == "true"
