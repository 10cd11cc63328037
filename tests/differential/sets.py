"""Sets of drawn documents, each one index, loaded once into every engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from siemlab.normalize.document import Document
from siemlab.store import open_store, opensearch_load
from siemlab.store.base import Store
from tests.differential.documents import documents
from tests.differential.engines import MAPPING, fill

__all__ = ["Engines", "filled"]

COUNT = 200


@dataclass(frozen=True)
class Engines:
    """Engines that hold the same documents, and the index patterns that find these."""

    stores: dict[str, Store]
    patterns: list[str]
    documents: dict[tuple[str, str], Document]


@contextmanager
def filled(
    folder: Path, numbers: list[int], *, url: str | None = None, house: bool = False
) -> Iterator[Engines]:
    """Draw sets of documents and give the engines that hold them.

    Parameters
    ----------
    folder
        For the embedded engine.
    numbers
        One for each set: the same number draws the same documents.
    url
        A server to fill, too.
    house
        Use siemlab's own index templates, scan and spill, in place of one plain mapping.
    """
    # No index template of the house fits the plain ones, nor their spill indexes.
    family = "log-aws-cloudtrail" if house else "plain"
    sets = [
        documents(f"{family}-2023-{at:02}", COUNT, number)
        for at, number in enumerate(numbers, start=1)
    ]
    template = None if house else MAPPING
    stores: dict[str, Store] = {
        "pandas": open_store(template=template),
        "duckdb": open_store(folder, engine="duckdb", template=template),
    }
    if url is not None:
        stores["opensearch"] = open_store(url, engine="opensearch", template=template)
    every = [document for some in sets for document in some]
    # A server judges all documents of one request by the mapping as it was before the request, so
    # what a plain mapping refuses depends on how they were sent. One by one there is one answer.
    with patch.object(opensearch_load, "_CHUNK", opensearch_load._CHUNK if house else 1):
        refused = {name: fill(store, every) for name, store in stores.items()}
    assert len({tuple(ids) for ids in refused.values()}) == 1, refused
    names = [some[0].index for some in sets]
    try:
        yield Engines(
            stores,
            [*names, f"{family}-*", f"{family}-*,-{names[0]}", f"{names[0]},-{names[0]}"],
            {(document.index, document.id): document for document in every},
        )
    finally:
        for store in stores.values():
            store.close()
