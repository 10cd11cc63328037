"""A real OpenSearch, started, watched, killed and stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from siemlab.errors import StoreError
from siemlab.server import OpenSearchServer

pytestmark = pytest.mark.opensearch


def free_port() -> int:
    for port in range(9299, 9200, -1):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port from 9201 to 9299 is free")


def ask(method: str, url: str, body: object = None) -> dict[str, object]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def processes_of(home: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter() if is_of(p, home)]


def is_of(process: psutil.Process, home: Path) -> bool:
    try:
        return "-basePath" in process.cmdline() and str(home) in process.cmdline()
    except psutil.Error:
        return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSearchServer]:
    server = OpenSearchServer(tmp_path_factory.mktemp("home"), port=free_port())
    server.up()
    yield server
    server.down()


def test_it_answers_and_says_where_with_how_much(server: OpenSearchServer) -> None:
    status = server.status()

    assert status.running
    assert ask("GET", status.url)["version"]["number"] == status.version == "3.8.0"  # type: ignore[index]
    assert status.url in status.message("en")
    assert status.url in status.message("ja")
    assert psutil.Process(status.pid).is_running()
    assert status.memory > 100_000_000
    assert status.log.read_text()


def test_up_again_changes_nothing(server: OpenSearchServer) -> None:
    before = server.status()

    again = OpenSearchServer(server.home, port=server.port).up()

    assert (again.pid, again.started) == (before.pid, before.started)


def test_the_port_of_a_running_server_need_not_be_known(server: OpenSearchServer) -> None:
    assert OpenSearchServer(server.home).url == server.url


def test_it_listens_on_loopback_only(server: OpenSearchServer) -> None:
    process = psutil.Process(server.status().pid)

    heard = {c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN}

    assert {ip.removeprefix("::ffff:") for ip in heard} <= {"127.0.0.1", "::1"}


def test_a_search_without_a_field_may_spread_over_4_000_fields(server: OpenSearchServer) -> None:
    settings = ask("GET", f"{server.url}/_nodes/settings?flat_settings=true")
    (node,) = settings["nodes"].values()  # type: ignore[attr-defined]

    assert node["settings"]["indices.query.bool.max_clause_count"] == "4096"


def test_an_index_can_be_made_with_the_java_of_the_wheel(server: OpenSearchServer) -> None:
    assert ask("PUT", f"{server.url}/log-made", {})["acknowledged"]
    assert ask("DELETE", f"{server.url}/log-made")["acknowledged"]


def test_killed_it_loses_no_document_and_starts_again(tmp_path: Path) -> None:
    server = OpenSearchServer(tmp_path, port=free_port())
    pid = server.up().pid
    try:
        for number in range(20):
            ask("PUT", f"{server.url}/log-kept/_doc/{number}", {"n": number})
        os.kill(pid, signal.SIGKILL)
        psutil.Process(pid).wait(20)
        gone = server.status()
        ended = server.up()
        found = ask("GET", f"{server.url}/log-kept/_count")["count"]
    finally:
        server.down()

    assert (gone.state, gone.pid) == ("gone", pid)
    assert str(pid) in gone.message()
    assert ended.running
    assert found == 20
    assert server.status().state == "stopped"
    assert not processes_of(tmp_path)


def test_data_in_use_by_another_server_is_said_to_be(server: OpenSearchServer) -> None:
    record = server.home / "server.json"
    kept = record.read_bytes()
    record.unlink()  # as if it had been started by other means
    try:
        with pytest.raises(StoreError, match="Lock held by another program"):
            OpenSearchServer(server.home, port=free_port()).up()
    finally:
        record.write_bytes(kept)
    assert server.status().running


def test_a_wrong_setting_is_named_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "extra.yml").write_text("no.such.setting: 1\n")
    server = OpenSearchServer(tmp_path, port=free_port())

    with pytest.raises(StoreError, match=r"unknown setting \[no.such.setting\]") as caught:
        server.up()

    assert str(server.log) in caught.value.message("ja")
    assert server.status().state == "stopped"
    assert not processes_of(tmp_path)


def test_too_little_memory_is_said_to_be(tmp_path: Path) -> None:
    server = OpenSearchServer(tmp_path, port=free_port(), heap="1m")

    with pytest.raises(StoreError, match="heap"):
        server.up()


def test_settings_of_one_s_own_are_added(tmp_path: Path) -> None:
    (tmp_path / "extra.yml").write_text("search.max_buckets: 20000\n")
    server = OpenSearchServer(tmp_path, port=free_port())
    server.up()
    try:
        url = f"{server.url}/_nodes/settings?flat_settings=true"
        (node,) = ask("GET", url)["nodes"].values()  # type: ignore[attr-defined]
    finally:
        server.down()

    assert node["settings"]["search.max_buckets"] == "20000"
    assert node["settings"]["indices.query.bool.max_clause_count"] == "4096"


def test_ctrl_c_while_it_starts_leaves_nothing_running(tmp_path: Path) -> None:
    code = (
        "import sys; from siemlab.server import OpenSearchServer\n"
        "OpenSearchServer(sys.argv[1], port=int(sys.argv[2])).up()"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(free_port())]
    starter = subprocess.Popen(command, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not processes_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    starter.send_signal(signal.SIGINT)
    _, said = starter.communicate(timeout=60)

    assert b"KeyboardInterrupt" in said
    assert not processes_of(tmp_path)
    assert OpenSearchServer(tmp_path).status().state == "stopped"


def test_a_port_that_another_program_has_is_refused_with_a_free_one(tmp_path: Path) -> None:
    port = free_port()
    refusal = pytest.raises(StoreError, match=f"port {port} is in use by another program")
    with socket.create_server(("127.0.0.1", port)), refusal as caught:
        OpenSearchServer(tmp_path, port=port).up()

    assert "--port" in str(caught.value)
    assert not processes_of(tmp_path)


def test_the_port_of_another_opensearch_is_refused(
    server: OpenSearchServer, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=f"in use by the OpenSearch cluster {server.cluster}"):
        OpenSearchServer(tmp_path, port=server.port).up()


@pytest.mark.parametrize("port", [0, 80, 9200, 9300, 70_000])
def test_a_port_the_runner_cannot_have_is_refused(tmp_path: Path, port: int) -> None:
    with pytest.raises(StoreError, match="9201 to 9299"):
        OpenSearchServer(tmp_path, port=port)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")

    with pytest.raises(StoreError, match="SIEMLAB_HOME"):
        OpenSearchServer(home).up()


def test_down_ends_no_process_that_only_has_the_number(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        record = {
            "pid": stranger.pid,
            "port": 9201,
            "java": "",
            "version": "3.8.0",
            "started": "2026-01-01T00:00:00+00:00",
        }
        (tmp_path / "server.json").write_text(json.dumps(record))

        stopped = OpenSearchServer(tmp_path).down()

        assert not stopped
        assert stranger.poll() is None
        stranger.terminate()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"started": 5}', "null"])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.json").write_text(text)

    assert OpenSearchServer(tmp_path).status().state == "stopped"


def test_siemlab_home_holds_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIEMLAB_HOME", str(tmp_path))

    assert OpenSearchServer().home == tmp_path / "opensearch"
