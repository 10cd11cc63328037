"""Run the conformance suite on one engine; close with ``N passed, M failed``.

    python tests/conformance/run.py CASES DOCUMENTS MAPPING --engine duckdb|pandas|opensearch

The files have the format of ``tests/cases/query/README.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conformance_suite import INDEX, documents, failure, read_lines

from siemlab.store import ENGINES, open_store
from siemlab.store.base import Store


def main() -> int:
    options = _options()
    mapping = json.loads(options.mapping.read_text(encoding="utf-8"))
    cases = read_lines(options.cases)
    failed = 0
    with _store(options, mapping) as (store, index):
        report = store.add(documents(options.documents, index))
        for _, name, reason in report.refusals:
            print(f"document {name} was refused: {reason}")
        for case in cases:
            wrong = failure(case, store, index)
            if wrong:
                failed += 1
                print(f"{case['id']}: {case.get('what', '')}\n  {case['text']!r}\n  {wrong}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    for name in ("cases", "documents", "mapping"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--engine", choices=ENGINES, required=True)
    parser.add_argument("--url", help="an OpenSearch that runs already (a new index is made there)")
    return parser.parse_args()


@contextmanager
def _store(options: argparse.Namespace, mapping: dict[str, object]) -> Iterator[tuple[Store, str]]:
    """Open a store for one run; where a server runs already, leave it as it was."""
    with tempfile.TemporaryDirectory(prefix="siemlab-conformance-") as folder:
        if options.engine != "opensearch":
            target = None if options.engine == "pandas" else str(Path(folder) / "store")
            store = open_store(target, engine=options.engine, template=mapping)
            yield store, INDEX
            store.close()
            return
        with _server(options.url, Path(folder)) as url:
            from opensearchpy import OpenSearch

            with OpenSearch(url, timeout=60) as client:
                client.indices.delete(index=INDEX, params={"ignore_unavailable": "true"})
                store = open_store(url, engine="opensearch", template=mapping)
                yield store, INDEX
                store.close()
                client.indices.delete(index=INDEX, params={"ignore_unavailable": "true"})


@contextmanager
def _server(url: str | None, folder: Path) -> Iterator[str]:
    if url:
        yield url
        return
    from siemlab.server import OpenSearchServer

    server = OpenSearchServer(folder / "server", port=9230)
    server.up()
    try:
        yield server.url
    finally:
        server.down()


if __name__ == "__main__":
    sys.exit(main())
