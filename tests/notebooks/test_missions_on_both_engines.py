"""Every mission on another team's logs, on both engines: its solution is right on each."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from opensearchpy import OpenSearch

from tests.notebooks.running import MISSIONS, solution_is_right
from tests.stores import SIEMLAB, stored

pytestmark = [pytest.mark.mission, pytest.mark.parametrize("mission", MISSIONS)]


@pytest.fixture(scope="module")
def t13(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what missions look at of the team's logs, and with its store."""
    return stored("t13", tmp_path_factory.mktemp("t13"))


@pytest.fixture(scope="module")
def t13_on_opensearch(opensearch_url: str, t13: Path) -> str:
    """A server that holds the same logs, and nothing else."""
    with OpenSearch(opensearch_url, timeout=60) as client:
        client.indices.delete(index="*", params={"expand_wildcards": "all"})
    city, system = sorted((t13 / "geo").glob("*.mmdb"), key=lambda path: "asn" in path.name.lower())
    options = ["--geoip-city", city, "--geoip-asn", system, "--into", opensearch_url]
    subprocess.run([SIEMLAB, "load", t13 / "bucket", *options], check=True, capture_output=True)
    return opensearch_url


def test_the_solution_is_right_in_the_embedded_engine(
    mission: str, t13: Path, tmp_path: Path
) -> None:
    solution_is_right(mission, tmp_path, "en", "t13", SIEMLAB_STORES=str(t13))


def test_the_solution_is_right_on_a_real_opensearch(
    mission: str, t13_on_opensearch: str, tmp_path: Path
) -> None:
    places = {"SIEMLAB_STORE": t13_on_opensearch, "SIEMLAB_OPENSEARCH": t13_on_opensearch}
    solution_is_right(mission, tmp_path, "en", "t13", **places)
