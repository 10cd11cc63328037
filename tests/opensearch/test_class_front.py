"""The read-only front for a class, with the very files of docs/class-server."""

from __future__ import annotations

import base64
import http.client
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, which
from typing import Any

import orjson
import pytest

from siemlab.errors import StoreError
from siemlab.normalize.document import Document
from siemlab.query.value import Query
from siemlab.server import OpenSearchServer
from siemlab.store.opensearch import OpenSearchStore

pytestmark = pytest.mark.opensearch

RECIPE = Path(__file__).parents[2] / "docs" / "class-server"
INDEX = "log-aws-cloudtrail-2022-11"
MATCH_ALL = b'{"query": {"match_all": {}}}'
TEAM = ("team-1", "a-password")


@dataclass(frozen=True)
class Front:
    """A running front: where it listens, the certificate, and the server behind it."""

    port: int
    certificate: Path
    behind: str

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, account: tuple[str, str] = TEAM
    ) -> tuple[int, bytes]:
        """Send a path exactly as it is written here."""
        context = ssl.create_default_context(cafile=self.certificate)
        connection = http.client.HTTPSConnection(
            "localhost", self.port, context=context, timeout=30
        )
        login = base64.b64encode(":".join(account).encode()).decode()
        connection.putrequest(method, path, skip_accept_encoding=True)
        connection.putheader("Authorization", f"Basic {login}")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        try:
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def store(self, **options: Any) -> OpenSearchStore:
        login = {"user": TEAM[0], "password": TEAM[1], "ca_certs": str(self.certificate)}
        return OpenSearchStore(self.url, **{**login, **options})


def free_port(candidates: range) -> int:
    for port in candidates:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


def documents() -> list[Document]:
    return [
        Document(
            INDEX,
            f"d{number}",
            {
                "@id": f"d{number}",
                "@timestamp": f"2022-11-12T00:{number // 60:02}:{number % 60:02}Z",
                "user": {"name": f"u{number % 3}"},
            },
        )
        for number in range(1_200)
    ]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home, folder = tmp_path_factory.mktemp("class-home"), tmp_path_factory.mktemp("class")
    copy(RECIPE / "extra.yml", home)
    server = OpenSearchServer(home, port=free_port(range(9298, 9200, -1)))
    server.up()
    try:
        with OpenSearchStore(server.url) as teacher:
            teacher.add(documents())
        port = free_port(range(19443, 19543))
        with running_nginx(folder, port, server.port):
            yield Front(port, folder / "cert.pem", server.url)
    finally:
        server.down()


class running_nginx:  # noqa: N801 - read as `with running_nginx(...)`
    """Prepare the folder as the recipe says, and run nginx in it."""

    def __init__(self, folder: Path, port: int, behind: int) -> None:
        for tool in ("nginx", "htpasswd", "openssl"):
            assert which(tool), (
                f"the recipe needs {tool}: apt-get install nginx-light apache2-utils"
            )
        text = (RECIPE / "nginx.conf").read_text("utf-8")
        for written, here in (
            ("listen 9443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("http://127.0.0.1:9201$uri", f"http://127.0.0.1:{behind}$uri"),
        ):
            assert text.count(written) == 1
            text = text.replace(written, here)
        (folder / "nginx.conf").write_text(text, "utf-8")
        (folder / "temp").mkdir()
        certificate = "req -x509 -newkey rsa:2048 -nodes -days 30 -keyout key.pem -out cert.pem"
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        for command in (
            ["openssl", *certificate.split(), *names],
            ["htpasswd", "-Bbc", "htpasswd", *TEAM],
        ):
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        self._folder, self._port = folder, port

    def __enter__(self) -> None:
        # Root's nginx would hand its work to a user who may not enter this folder.
        settings = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        command = ["nginx", "-p", str(self._folder), "-c", "nginx.conf", "-g", settings]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        self._process.kill()
        raise AssertionError(f"nginx did not start: {self._process.communicate()[1].decode()}")

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)


ALLOWED = [
    ("GET", "/", None),
    ("HEAD", "/", None),
    ("HEAD", f"/{INDEX}", None),
    ("POST", "/log-*/_search", MATCH_ALL),
    ("GET", "/log-aws-*,log-linux-*/_search", MATCH_ALL),
    ("POST", "/log-%2A/_search", MATCH_ALL),
    ("POST", "/log-*/_count", MATCH_ALL),
    ("GET", "/log-*/_field_caps?fields=%2A", None),
    ("GET", "/log-*/_mapping", None),
    ("GET", "/_cat/indices/log-*?format=json", None),
    ("POST", "/log-*/_search/point_in_time?keep_alive=1m", None),
]
FORBIDDEN = [
    ("PUT", f"/{INDEX}/_doc/x", b"{}"),
    ("POST", f"/{INDEX}/_doc", b"{}"),
    ("POST", f"/{INDEX}/_update/d1", b'{"doc": {}}'),
    ("POST", f"/{INDEX}/_create/x", b"{}"),
    ("DELETE", f"/{INDEX}/_doc/d1", None),
    ("DELETE", f"/{INDEX}", None),
    ("DELETE", "/log-*", None),
    ("PUT", "/log-new", None),
    ("POST", "/_bulk", b'{"delete": {"_index": "log-x", "_id": "1"}}\n'),
    ("POST", f"/{INDEX}/_bulk", b"{}"),
    ("POST", "/log-*/_delete_by_query", MATCH_ALL),
    ("POST", "/log-*/_update_by_query", MATCH_ALL),
    ("POST", "/_reindex", b"{}"),
    ("POST", f"/{INDEX}/_close", None),
    ("POST", f"/{INDEX}/_forcemerge", None),
    ("PUT", f"/{INDEX}/_mapping", b"{}"),
    ("PUT", "/log-*/_settings", b'{"index.blocks.write": false}'),
    ("GET", "/_cluster/settings", None),
    ("PUT", "/_cluster/settings", b"{}"),
    ("GET", "/_nodes", None),
    ("GET", "/_cat/indices", None),
    ("POST", "/log-*/_search?scroll=1m", MATCH_ALL),
    ("POST", "/log-*/_search?size=1&s%63roll=1m", MATCH_ALL),
    ("POST", "/_search/scroll", b"{}"),
    ("GET", "/_search/template", b"{}"),
    ("PUT", "/_scripts/x", b"{}"),
    ("POST", "/_msearch", b"{}\n{}\n"),
    ("POST", "/_all/_search", MATCH_ALL),
    ("POST", "/*/_search", MATCH_ALL),
    ("POST", "/.tasks/_search", MATCH_ALL),
    ("POST", "/log-*,.tasks/_search", MATCH_ALL),
    ("OPTIONS", "/", None),
    ("DELETE", "/_search/point_in_time", b'{"pit_id": ["_all"]}'),
    ("DELETE", "/_search/point_in_time/_all", None),
    ("POST", "/log-x/_doc/%0d%0a/_search", MATCH_ALL),
    ("POST", "/LOG-X/_search", MATCH_ALL),
]


def name(call: tuple[str, str, bytes | None]) -> str:
    return f"{call[0]} {call[1]}"


@pytest.mark.parametrize("call", ALLOWED, ids=name)
def test_reading_is_allowed(front: Front, call: tuple[str, str, bytes | None]) -> None:
    assert front.ask(*call)[0] == 200


@pytest.mark.parametrize("call", FORBIDDEN, ids=name)
def test_all_else_is_forbidden(front: Front, call: tuple[str, str, bytes | None]) -> None:
    assert front.ask(*call)[0] == 403


@pytest.mark.parametrize("account", [("team-1", "wrong"), ("nobody", "a-password"), ("", "")])
def test_without_the_password_nothing_is_read(front: Front, account: tuple[str, str]) -> None:
    assert front.ask("POST", "/log-*/_count", MATCH_ALL, account=account)[0] == 401


@pytest.mark.parametrize(
    "path",
    [
        f"/{INDEX}/_doc/..%2f..%2f_search",
        f"/{INDEX}/_doc/..%2f..%2f{INDEX}%2f_search",
        f"/{INDEX}/_doc/x%2f..%2f..%2f_count",
        f"/{INDEX}/_create/..%252f..%252f_search",
        f"/{INDEX}/_doc/../../_search",
        f"/{INDEX}%2f_doc%2fx/../../_search",
    ],
)
def test_no_disguised_path_writes_a_document(front: Front, path: str) -> None:
    before = counted(front)

    for method in ("POST", "GET", "PUT"):
        status, _ = front.ask(method, path, b'{"query": {"match_all": {}}, "written": true}')
        assert status in (200, 400, 403, 404, 405)

    assert counted(front) == before == 1_200


def counted(front: Front) -> int:
    with OpenSearchStore(front.behind) as teacher:
        teacher._connection.client.indices.refresh(index="_all")
        return sum(index.documents for index in teacher.indexes())


def test_a_learner_cannot_end_the_points_in_time_of_others(front: Front) -> None:
    path = "/log-*/_search/point_in_time?keep_alive=2m"
    point = orjson.loads(front.ask("POST", path)[1])["pit_id"]

    assert front.ask("DELETE", "/_search/point_in_time", b'{"pit_id": ["_all"]}')[0] == 403

    body = orjson.dumps({"pit": {"id": point}, "size": 1})
    assert front.ask("POST", "/_search", body)[0] == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/log-*/_search/point_in_time?keep_alive=1h", b""),
        ("/log-*/_search", b'{"script_fields": {"x": {"script": "while (true) {}"}}}'),
    ],
    ids=["a point in time for an hour", "a script"],
)
def test_the_server_behind_refuses_what_would_hold_it_up(
    front: Front, path: str, body: bytes
) -> None:
    assert front.ask("POST", path, body)[0] == 400


def test_a_store_reads_through_the_front(front: Front) -> None:
    query = Query("log-aws-*").include("user.name", "u1")
    with front.store() as store:
        assert store.count(query) == 400
        assert [bucket.key for bucket in store.top(query, "user.name")] == ["u1"]
        assert sum(bucket.count for bucket in store.histogram(query, "1h")) == 400
        assert store.newest(query, 3).total == 400
        assert len(list(store.scan(Query()))) == 1_200
        assert "user.name" in [info.name for info in store.fields(query)]
        assert [(info.name, info.documents) for info in store.indexes()] == [(INDEX, 1_200)]
        assert store.notes == ()


def test_a_store_cannot_write_through_the_front(front: Front) -> None:
    with front.store() as store, pytest.raises(StoreError, match="does not allow this"):
        store.add([Document(INDEX, "new", {"@id": "new"})])

    assert counted(front) == 1_200


def test_a_store_with_a_wrong_password_is_told_so(front: Front) -> None:
    with front.store(password="wrong") as store, pytest.raises(StoreError, match="password"):
        store.count(Query())


def test_a_certificate_that_nobody_knows_is_not_trusted(front: Front) -> None:
    with front.store(ca_certs=None) as store, pytest.raises(StoreError, match="ca_certs"):
        store.count(Query())


def test_the_access_log_tells_which_team_asked_what(front: Front) -> None:
    front.ask("POST", "/log-*/_count", MATCH_ALL)

    log = (front.certificate.parent / "access.log").read_text("utf-8")

    assert " - team-1 [" in log
    assert "/log-*/_count" in log
