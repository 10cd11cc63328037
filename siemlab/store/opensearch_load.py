"""Load documents into a server so that none is lost, and none is only believed to be there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeVar

import orjson

from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.store.base import LoadReport
from siemlab.store.opensearch_bulk import Bulk
from siemlab.store.opensearch_client import Connection
from siemlab.store.opensearch_errors import house_errors
from siemlab.store.opensearch_templates import Templates
from siemlab.store.pins import Scan
from siemlab.store.template import default_template
from siemlab.store.values import same

__all__ = ["load"]

# Measured: 100 documents a request cost half the speed; more than 1,000, or more threads, gain
# nothing.
_CHUNK: Final = 1_000

T = TypeVar("T")

Line = tuple[str, str, str]  # index, id, document as JSON
Place = tuple[str, str]  # index, id


def load(
    connection: Connection,
    documents: Iterable[Document],
    *,
    template: dict[str, Any] | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Load documents; the same ones again change nothing.

    All documents are looked at first and wait in a file meanwhile, so memory stays small. A
    server has no transactions: whoever interrupts this loads again.

    Parameters
    ----------
    connection
        The server.
    documents
        What to load.
    template
        A body of settings and mappings that every new index gets, exactly: then nothing is pinned.
        Where None: siemlab's index templates, with pins.
    progress
        Called with the number of documents done since its last call.

    Returns
    -------
    LoadReport
        What became of them.

    Raises
    ------
    StoreError
        The server cannot be reached, refuses a template, or does not have a document that it said
        it took.
    """
    scan = Scan()
    indexes: set[str] = set()
    with TemporaryFile() as spool, TemporaryFile() as taken:
        for document in documents:
            _write(spool, document)
            indexes.add(document.index)
            if template is None:
                scan.see(document.index, document.source)
        pins = {family: scan.pins(family) for family in scan.families()}
        templates = Templates(connection, default_template())
        body = templates.body if template is None else lambda _index, _texts: template
        run = _Load(Bulk(connection, body, exact=template is not None), taken)
        with house_errors(connection.server):
            if template is None:
                templates.install(indexes, pins)
            for chunk in _chunks(_read(spool)):
                run.send(chunk)
                if progress:
                    progress(len(chunk))
            missing = run.missing()
    if missing:
        raise _lost(connection.server, missing)
    return run.report({family: scan.kinds(family) for family, found in pins.items() if found})


class _Load:
    """One load: what became of the documents so far."""

    def __init__(self, bulk: Bulk, taken: IO[bytes]) -> None:
        self._bulk = bulk
        self._taken = taken
        self._counts: Counter[str] = Counter()
        self._spilled: list[Place] = []
        self._refusals: list[tuple[str, str, str]] = []
        self._touched: set[str] = set()

    def send(self, chunk: list[Line]) -> None:
        """Send documents to their index, and those that it refuses to its spill index."""
        by_index: dict[str, dict[str, str]] = {}
        for index, id_, text in chunk:
            texts = by_index.setdefault(index, {})
            if id_ in texts:  # the later one replaces it
                self._counts["unchanged" if texts[id_] == text else "updated"] += 1
            texts[id_] = text
        for index, texts in by_index.items():
            self._send_to(index, texts)

    def missing(self) -> int:
        """Return how many documents the server took and does not find."""
        self._bulk.settle(self._touched)
        self._taken.seek(0)
        count = 0
        for places in _chunks(map(orjson.loads, self._taken)):
            by_index: dict[str, set[str]] = {}
            for index, id_ in places:
                by_index.setdefault(index, set()).add(id_)
            count += sum(self._bulk.missing(index, ids) for index, ids in by_index.items())
        return count

    def report(self, kinds: dict[str, dict[str, tuple[str, ...]]]) -> LoadReport:
        """Return what became of the documents."""
        return LoadReport(
            documents=self._counts.total() + len(self._refusals),
            created=self._counts["created"],
            updated=self._counts["updated"],
            unchanged=self._counts["unchanged"],
            spilled=tuple(self._spilled),
            refusals=tuple(self._refusals),
            pins=kinds,
        )

    def _send_to(self, index: str, texts: dict[str, str]) -> None:
        refused, replaced = self._put(index, texts)
        spill = f"{index}-spill"
        self._forget(spill, self._bulk.sources(spill, texts.keys() - refused))
        if not refused:
            return
        lost, _ = self._put(spill, {id_: texts[id_] for id_ in refused})
        self._spilled += [(spill, id_) for id_ in refused if id_ not in lost]
        self._refusals += [(index, id_, reason) for id_, reason in lost.items()]
        # An older form of the document that its index did take must not be found beside it.
        self._forget(index, replaced & (refused.keys() - lost))

    def _forget(self, index: str, ids: Collection[str]) -> None:
        if ids:
            self._bulk.delete(index, ids)
            self._touched.add(index)

    def _put(self, index: str, texts: dict[str, str]) -> tuple[dict[str, str], set[str]]:
        """Put documents; return the refused ones, and the ids that the index had before."""
        old = self._bulk.sources(index, texts)
        kept = {id_ for id_, source in old.items() if same(json.loads(texts[id_]), source)}
        new = {id_: text for id_, text in texts.items() if id_ not in kept}
        refused = self._bulk.put(index, new) if new else {}
        for id_ in texts.keys() - refused:
            kind = "unchanged" if id_ in kept else "updated" if id_ in old else "created"
            self._counts[kind] += 1
            self._taken.write(orjson.dumps((index, id_)) + b"\n")
            self._touched.add(index)
        return refused, set(old)


def _write(spool: IO[bytes], document: Document) -> None:
    try:
        text = orjson.dumps(document.source)
    except TypeError:  # a number beyond 64 bits, half of a surrogate pair
        text = json.dumps(document.source).encode()
    spool.write(orjson.dumps((document.index, document.id)) + b"\n" + text + b"\n")


def _read(spool: IO[bytes]) -> Iterator[Line]:
    spool.seek(0)
    for place in spool:
        index, id_ = orjson.loads(place)
        yield index, id_, spool.readline().decode().rstrip("\n")


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _lost(server: str, missing: int) -> StoreError:
    return StoreError(
        f"{server} took {missing} documents and does not find them; load again",
        f"{server} が受け付けた {missing} 件が見つかりません。もう一度読み込んでください",
    )
