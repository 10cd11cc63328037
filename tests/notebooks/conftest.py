"""What notebooks need: the company's small data set, loaded, for each team that plays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

SIEMLAB = Path(sys.executable).with_name("siemlab")

Stores = Callable[[str], Path]
"""Takes a team; returns the folder that holds its store, to be named as SIEMLAB_STORES."""


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """The stores of teams, each prepared when it is first asked for.

    To load one takes some minutes; SIEMLAB_STORES names a folder that has them already.
    """
    kept = os.environ.get("SIEMLAB_STORES")
    folder = Path(kept).resolve() if kept else tmp_path_factory.mktemp("stores")

    @cache
    def prepared(team: str) -> Path:
        if not (
            folder / ("-".join(filter(None, ("store-small", team)))) / "manifest.json"
        ).exists():
            named = ["--team", team] if team else []
            subprocess.run([SIEMLAB, "prepare", *named, "--into", folder], check=True)
        return folder

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
