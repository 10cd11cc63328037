"""How CloudTrail writes the members of a service's shapes: names, lists and types.

CloudTrail does not log what went over the wire. It logs what the service's own front made of it:
member names with a small first letter, EC2's lists as ``{"items": [...]}``, S3's headers and flags.
Each style below says which names a structure may have, and what a value of a kind looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from siemlab.realism.botocore_models import ServiceModel, Shape

__all__ = ["HIDDEN", "NUMBER", "Wire", "lower_first"]

HIDDEN = frozenset(
    {"HIDDEN_DUE_TO_SECURITY_REASONS", "<sensitiveDataRemoved>", "***", "<sensitiveDataRemoved/>"}
)
"""What stands for a secret, whatever its kind."""

# These keep the capitals of their models; the second row has been seen both ways.
CAPITALS = frozenset({"account", "ce", "devops-guru", "resource-explorer-2"})
EITHER = frozenset({"detective", "iot", "securityhub"})

INTEGER = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
"""A number as a text may write it."""

NAMESPACE = ("xmlns", "xmlns:xsi", "xsi:type")
ELEMENT = re.compile(r"^(.*?)(?:Ids?|Names?)$")

Problems = Iterator[str]


def lower_first(name: str) -> str:
    """Return a name with a small first letter, and no more than that.

    Examples
    --------
    >>> lower_first("DBInstanceIdentifier"), lower_first("KMSKeyId")
    ('dBInstanceIdentifier', 'kMSKeyId')
    """
    return name[:1].lower() + name[1:]


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _list_names(names: set[str]) -> set[str]:
    """Return how EC2 may call a list: ``InstanceId`` is ``instancesSet``."""
    stems = set(names)
    for name in names:
        found = ELEMENT.match(name)
        if found and found[1]:
            stems |= {found[1], _singular(found[1])}
    stems |= {_singular(stem) for stem in stems}
    stems |= {f"{stem}s" for stem in stems} | {f"{stem}es" for stem in stems}
    return stems | {f"{stem}Set" for stem in stems}


class Wire:
    """Walks a value along a shape of one service, and says where it leaves it.

    Parameters
    ----------
    model
        The service.
    style
        ``json`` (all but the others), ``ec2``, ``ec2-xml`` (what its newer operations have below
        ``...Request`` and ``...Response``), ``s3`` (names as in the XML or the header), ``exact``
        (the document itself, as the service gives it: names as they are, all that is required).

    Examples
    --------
    >>> shapes = {"Asked": {"type": "structure", "members": {"MaxItems": {"shape": "Number"}}},
    ...           "Number": {"type": "integer"}}
    >>> wire = Wire(ServiceModel("iam", "query", {}, shapes), "json")
    >>> list(wire.problems({"maxItems": 5}, "Asked"))
    []
    >>> list(wire.problems({"maxItems": "five", "marker": "x"}, "Asked"))
    ['maxItems: a str is no integer', 'marker: no such member']
    """

    def __init__(self, model: ServiceModel, style: str) -> None:
        self._model = model
        self._style = style
        self._members: dict[str, dict[str, Shape]] = {}

    def problems(self, value: Any, shape: str, path: str = "", located: bool = False) -> Problems:
        """Yield what does not fit.

        Parameters
        ----------
        value
            What the event holds.
        shape
            The name of the shape that it should have.
        path
            Where the value stands, for the message.
        located
            Whether it went in the address or a header, where everything is text.

        Yields
        ------
        str
            ``path: what is wrong``.
        """
        found = self._model.shape(shape)
        if isinstance(value, str) and value in HIDDEN:
            return
        kind = found["type"]
        if kind == "structure":
            yield from self._structure(value, shape, path)
        elif kind == "list":
            yield from self._list(value, found, path)
        elif kind == "map":
            yield from self._map(value, found, path)
        elif not self._is_scalar(value, kind, located):
            yield f"{path}: a {type(value).__name__} is no {kind}"

    def names(self, shape: str) -> dict[str, Shape]:
        """Return the names that members of a structure may have, each with its member.

        Parameters
        ----------
        shape
            The name of the structure.
        """
        if shape not in self._members:
            self._members[shape] = self._find_names(shape)
        return self._members[shape]

    def _find_names(self, shape: str) -> dict[str, Shape]:
        names: dict[str, Shape] = {}
        for member, ref in self._model.shape(shape).get("members", {}).items():
            for name in sorted(self._names_of(member, ref)):
                names.setdefault(name, ref)
        return names

    def _names_of(self, member: str, ref: Shape) -> set[str]:
        wire = {member, ref.get("locationName", member), ref.get("queryName", member)}
        if self._style in ("exact", "s3"):
            return {ref.get("locationName", member)}
        if self._style == "ec2-xml":
            return wire | {name[:1].upper() + name[1:] for name in wire}
        if self._style == "ec2":
            lowered = {lower_first(name) for name in wire}
            is_list = self._model.shape(ref["shape"])["type"] == "list"
            return _list_names(lowered) if is_list else lowered
        wire.discard(ref.get("queryName", ""))
        if self._model.name in CAPITALS:
            return wire
        lowered = {lower_first(name) for name in wire}
        return lowered | wire if self._model.name in EITHER else lowered

    def _structure(self, value: Any, shape: str, path: str) -> Problems:
        if self._is_empty_xml(value):
            return
        if not isinstance(value, dict):
            yield f"{path}: a {type(value).__name__} is no structure"
            return
        names = self.names(shape)
        free = self._model.shape(shape).get("document") or self._model.shape(shape).get("union")
        for name, inner in value.items():
            below = f"{path}.{name}" if path else name
            ref = names.get(name)
            if ref is not None:
                yield from self.problems(inner, ref["shape"], below, bool(ref.get("location")))
            elif not (free and name == "SDK_UNKNOWN_MEMBER") and not self._is_markup(name):
                yield f"{below}: no such member"
        if self._style == "exact":
            yield from self._missing(value, shape, path)

    def _missing(self, value: dict[str, Any], shape: str, path: str) -> Problems:
        found = self._model.shape(shape)
        for member in found.get("required", ()):
            name = found["members"][member].get("locationName", member)
            if name not in value:
                yield f"{path}.{name}: is missing".lstrip(".")

    def _list(self, value: Any, shape: Shape, path: str) -> Problems:
        if self._is_empty_xml(value):
            return
        element = shape["member"]
        if self._style == "ec2":
            yield from self._items(value, element, path)
            return
        if self._style in ("ec2-xml", "s3"):
            value = self._elements(value, element)
        if not isinstance(value, list):
            yield f"{path}: a {type(value).__name__} is no list"
            return
        for inner in value:
            yield from self.problems(self._content(inner), element["shape"], f"{path}[]")

    def _items(self, value: Any, element: Shape, path: str) -> Problems:
        """EC2's older lists: ``{"items": [{"instanceId": "i-1"}]}``, empty ones ``{}``."""
        if isinstance(value, list):  # tags of a tag specification are a plain list
            for inner in value:
                yield from self.problems(inner, element["shape"], f"{path}[]")
            return
        if not isinstance(value, dict) or not value.keys() <= {"items", "item"}:
            yield f"{path}: is no list as EC2 writes it"
            return
        rows = value.get("items", value.get("item", []))
        if not isinstance(rows, list):
            yield f"{path}.items: a {type(rows).__name__} is no list"
            return
        kind = self._model.shape(element["shape"])["type"]
        for row in rows:
            if kind == "structure":
                yield from self.problems(row, element["shape"], f"{path}.items[]")
            elif not self._is_row(row, element, path):
                yield f"{path}.items[]: {sorted(row) if isinstance(row, dict) else row}"

    def _is_row(self, row: Any, element: Shape, path: str) -> bool:
        """Tell whether a row holds one value under the list's own name, in the singular."""
        if not isinstance(row, dict):
            return False
        wire = element.get("locationName", "")
        list_name = path.rpartition(".")[2].removesuffix("Set")
        stems = {lower_first(wire), _singular(list_name)} - {"", "item"}
        stems |= {f"{stem}{end}" for stem in set(stems) for end in ("Id", "Name")}
        kind = self._model.shape(element["shape"])["type"]
        return len(row) == 1 and all(
            name in stems and self._is_scalar(value, kind, located=False)
            for name, value in row.items()
        )

    def _elements(self, value: Any, element: Shape) -> Any:
        """Return the elements of a list in XML: one alone stands without a list around it."""
        names = {"item", "member", element.get("locationName", "member")}
        if isinstance(value, dict) and len(value) == 1 and names & value.keys():
            value = next(iter(value.values()))
        return value if isinstance(value, list) else [value]

    def _content(self, value: Any) -> Any:
        """Return the text of an element that has a number: ``{"tag": 1, "content": "x"}``."""
        if self._style == "ec2-xml" and isinstance(value, dict) and "content" in value:
            return value["content"] if value.keys() <= {"tag", "content"} else value
        return value

    def _map(self, value: Any, shape: Shape, path: str) -> Problems:
        if not isinstance(value, dict):
            yield f"{path}: a {type(value).__name__} is no map"
            return
        for name, inner in value.items():
            yield from self.problems(inner, shape["value"]["shape"], f"{path}.{name}")

    def _is_empty_xml(self, value: Any) -> bool:
        return bool(value == "" and self._style in ("ec2-xml", "s3"))

    def _is_markup(self, name: str) -> bool:
        if self._style == "ec2-xml":
            return name in ("tag", *NAMESPACE)
        return self._style == "s3" and name in NAMESPACE

    def _is_scalar(self, value: Any, kind: str, located: bool) -> bool:
        """Tell whether a value can be of a kind; XML and addresses make text of all, or numbers."""
        loose = located or self._style in ("s3", "ec2-xml")
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if kind == "boolean":
            return isinstance(value, bool) or (loose and value in ("true", "false"))
        if kind in ("integer", "long", "float", "double"):
            pattern = INTEGER if kind in ("integer", "long") else NUMBER
            is_text = loose and isinstance(value, str) and pattern.fullmatch(value) is not None
            return is_text or (is_number and (kind in ("float", "double") or value == int(value)))
        if kind == "timestamp":
            return isinstance(value, str) or is_number
        if kind == "blob":
            return isinstance(value, str) or (isinstance(value, dict) and "hb" in value)
        return isinstance(value, str) or (
            self._style in ("s3", "ec2-xml") and isinstance(value, bool | int | float)
        )
