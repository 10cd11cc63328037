"""What notebooks need: the company's small data set, in a store for each team, and on a server."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.stores import SIEMLAB, Stores, prepared


@pytest.fixture(scope="session")
def stores() -> Stores:
    """The stores of teams, each prepared when it is first asked for."""
    return prepared


@pytest.fixture(scope="session")
def small_opensearch(opensearch_url: str, small: Path) -> str:
    """A real OpenSearch that holds the base data, and nothing else."""
    from opensearchpy import OpenSearch

    with OpenSearch(opensearch_url, timeout=60) as client:
        client.indices.delete(index="*", params={"expand_wildcards": "all"})
    city, system = sorted((small / "geo").glob("*.mmdb"), key=lambda path: "asn" in path.name)
    options = ["--geoip-city", city, "--geoip-asn", system, "--into", opensearch_url]
    subprocess.run([SIEMLAB, "load", small / "bucket", *options], check=True, capture_output=True)
    return opensearch_url
