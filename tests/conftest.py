"""Fixtures for every test: a real OpenSearch and the small data set, when a test asks for them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from siemlab.errors import StoreError
from siemlab.server import OpenSearchServer

# A busy machine is no bug: what is slow is measured by `make bench`.
settings.register_profile("siemlab", deadline=None)
settings.load_profile("siemlab")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the server."""
    for item in items:
        if "opensearch_url" in getattr(item, "fixturenames", ()):
            item.add_marker("opensearch")


@pytest.fixture(scope="session")
def opensearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real, empty OpenSearch. Where it cannot start, the test fails."""
    server = _started(tmp_path_factory)
    yield server.url
    server.down()


@pytest.fixture
def empty_opensearch(opensearch_url: str) -> str:
    """The same server with nothing in it: no index, no template."""
    from opensearchpy import OpenSearch

    with OpenSearch(opensearch_url, timeout=60) as client:
        client.indices.delete(index="*", params={"expand_wildcards": "all"})
        client.indices.delete_index_template(name="*")
        client.cluster.delete_component_template(name="*")
    return opensearch_url


@pytest.fixture(scope="session")
def base() -> Path:
    """The folder with the company's base data, logs and store."""
    from tests.stores import prepared

    return prepared()


@pytest.fixture(scope="session")
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small data set, made by the code as it is now: in ``make test`` once for all parts."""
    from siemlab.datasets import Plan, build
    from siemlab.lab.places import small_logs, small_store

    if os.environ.get("SIEMLAB_DATA"):
        return small_logs(small_store("", request.getfixturevalue("base")))
    folder = tmp_path_factory.mktemp("data") / "small"
    build(Plan.of("small"), folder, jobs=2)
    return folder


def _started(folders: pytest.TempPathFactory) -> OpenSearchServer:
    """Start a server on a free port; other test runs on this machine look for one, too."""
    ports = random.sample(range(9210, 9300), 5)
    for port in ports:
        server = OpenSearchServer(folders.mktemp("opensearch"), port=port)
        try:
            server.up()
        except StoreError as error:
            if port == ports[-1] or not ("in use" in str(error) or "taken" in str(error)):
                raise
        else:
            return server
    raise AssertionError("unreachable")
