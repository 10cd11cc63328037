"""Which index takes a document, and what becomes searchable: the loading policy, for all engines.

1. Scan: the documents of one load are looked at first; paths whose values clash are pinned.
2. Load: an index that exists keeps its mapping; a path that is new to it may still be pinned.
3. Spill: a document that its index refuses goes, once and unchanged, to ``<index>-spill``. What is
   refused there too is reported with its id and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from siemlab.store.mapping import Mapping, MappingClash
from siemlab.store.pins import Scan, family_of, merge_pins
from siemlab.store.template import composed, default_template
from siemlab.store.tree import Values

if TYPE_CHECKING:
    from siemlab.normalize.document import Document

__all__ = ["Indexed", "Indexer"]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document where it goes: its index or spill index, id, searchable values, and source."""

    index: str
    id: str
    values: Values
    source: dict[str, Any]


class Indexer:
    """Places the documents of loads: `see` all of them, `pin`, then `place` each in turn.

    ``mappings`` (by index) and ``pins`` (by family, then path) are its state, which a store keeps
    from load to load; ``spilled``, ``refusals`` and ``kinds`` tell of the present load, in the
    form of `siemlab.store.base.LoadReport`.

    Parameters
    ----------
    state
        What `state` gave, to go on from there.
    template
        A body of ``settings`` and ``mappings`` that every index gets, exactly: nothing is scanned
        and nothing pinned. None: siemlab's own templates, with scan and spill.

    Examples
    --------
    >>> from siemlab.normalize.document import Document
    >>> indexer = Indexer()
    >>> documents = [
    ...     Document("log-aws-waf-2022-11", "1", {"labels": {"a": 1}}),
    ...     Document("log-aws-waf-2022-11", "2", {"labels": "b"}),
    ... ]
    >>> for document in documents:
    ...     indexer.see(document)
    >>> indexer.pin()
    >>> [placed.values for placed in map(indexer.place, documents)]
    [{}, {'labels': ['b']}]
    >>> indexer.kinds
    {'log-aws-waf': {'labels': ('object', 'str')}}
    """

    def __init__(
        self, state: dict[str, Any] | None = None, *, template: dict[str, Any] | None = None
    ) -> None:
        known = state or {}
        self._exact = template is not None
        self._template = default_template() if template is None else _for_every_index(template)
        self.mappings = {
            index: Mapping.from_body(body) for index, body in known.get("mappings", {}).items()
        }
        self.pins: dict[str, dict[str, dict[str, Any]]] = dict(known.get("pins", {}))
        self.begin()

    def begin(self) -> None:
        """Forget the last load; `see` and `place` what belongs to the next."""
        self._scan = Scan(self._template)
        self.spilled: list[tuple[str, str]] = []
        self.refusals: list[tuple[str, str, str]] = []
        self.kinds: dict[str, dict[str, tuple[str, ...]]] = {}

    def see(self, document: Document) -> None:
        """Look at a document of this load, before any of them is placed."""
        if not self._exact:
            self._scan.see(document.index, document.source)

    def pin(self) -> None:
        """Pin the clashing paths of the documents seen, in new indexes and in those there are."""
        for family in self._scan.families():
            found = self._scan.pins(family)
            if not found:
                continue
            self.kinds[family] = self._scan.kinds(family)
            self.pins[family] = merge_pins(self.pins.get(family, {}), found)
            for index, mapping in self.mappings.items():
                if family_of(index) == family:
                    for path, body in found.items():
                        mapping.pin(path, body)

    def place(self, document: Document, row: dict[str, Any] | None = None) -> Indexed | None:
        """Return where a document goes and what is searchable; None where no index takes it.

        A refused document is noted in ``refusals`` with its id and reason. For ``row`` see
        `siemlab.store.mapping.Mapping.index`; that of a document for the spill index is of no use.
        """
        index = document.index
        try:
            values = self.mapping(index).index(document.source, row)
        except MappingClash:
            index = f"{document.index}-spill"
            try:
                values = self.mapping(index).index(document.source)
            except MappingClash as clash:
                self.refusals.append((document.index, document.id, clash.reason))
                return None
            self.spilled.append((index, document.id))
        return Indexed(index, document.id, values, document.source)

    def mapping(self, index: str) -> Mapping:
        """Return the mapping of an index, made from the templates where it is new."""
        mapping = self.mappings.get(index)
        if mapping is None:
            mapping = self.mappings[index] = self.draft(index)
        return mapping

    def draft(self, index: str) -> Mapping:
        """Return the mapping that an index would get if it were made now."""
        pins = self.pins.get(family_of(index))
        return Mapping.from_body(composed(self._template, index, pins))

    def state(self) -> dict[str, Any]:
        """Return mappings and pins as JSON can hold them."""
        bodies = {index: mapping.to_body() for index, mapping in self.mappings.items()}
        return {"mappings": bodies, "pins": self.pins}


def _for_every_index(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "component_template": {},
        "index_template": {"given": {"index_patterns": ["*"], "template": body}},
    }
