"""What compose.yaml starts: on this machine only, in fixed versions, the same as our own server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from siemlab.server.jars import ARTIFACT
from siemlab.server.opensearch import DEFAULT_PORT

FILE = Path(__file__).parents[2] / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
VERSION = ARTIFACT.rpartition(":")[2].removesuffix(".0")


def test_there_are_opensearch_and_its_dashboards() -> None:
    assert sorted(SERVICES) == ["dashboards", "opensearch"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_port_is_bound_to_this_machine(name: str) -> None:
    assert SERVICES[name]["ports"]
    for port in SERVICES[name]["ports"]:
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)
    assert "network_mode" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_the_version_of_the_server_that_siemlab_starts(name: str) -> None:
    assert SERVICES[name]["image"].rpartition(":")[2] == VERSION


def test_it_answers_where_siemlab_looks() -> None:
    assert f"127.0.0.1:{DEFAULT_PORT}:9200" in SERVICES["opensearch"]["ports"]


def test_it_is_one_node_with_the_settings_that_wide_documents_need() -> None:
    environment = SERVICES["opensearch"]["environment"]

    assert environment["discovery.type"] == "single-node"
    assert environment["indices.query.bool.max_clause_count"] == "4096"


def test_both_are_without_passwords_or_neither() -> None:
    assert SERVICES["opensearch"]["environment"]["DISABLE_SECURITY_PLUGIN"] == "true"
    assert SERVICES["dashboards"]["environment"]["DISABLE_SECURITY_DASHBOARDS_PLUGIN"] == "true"
    assert "http://opensearch:9200" in SERVICES["dashboards"]["environment"]["OPENSEARCH_HOSTS"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_tells_when_it_is_ready(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD-SHELL"
    assert "curl -fsS" in SERVICES[name]["healthcheck"]["test"][1]


def test_dashboards_wait_for_the_server() -> None:
    assert SERVICES["dashboards"]["depends_on"]["opensearch"]["condition"] == "service_healthy"


def test_documents_outlive_the_containers() -> None:
    (volume,) = SERVICES["opensearch"]["volumes"]

    assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert volume.endswith(":/usr/share/opensearch/data")
