"""How a server is reached, what it is told, and that no secret is shown."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from siemlab.errors import StoreError
from siemlab.query.value import Query
from siemlab.store.opensearch import OpenSearchStore
from siemlab.store.opensearch_client import connect

SECRET = "hunter2-not-to-be-seen"
COUNT = b'{"timed_out": false, "hits": {"total": {"value": 7}, "hits": []}}'
PAGE = b"<html><h1>nginx says no</h1></html>"
Seen = list[tuple[str, str, dict[str, str], bytes]]


@contextmanager
def answering(status: int, body: bytes, delay: float = 0) -> Iterator[tuple[str, Seen]]:
    """Answer every request in the same way, and keep what was asked."""
    seen: Seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.append((self.command, self.path, headers, content))
            time.sleep(delay)
            with suppress(ConnectionError):  # whoever asked may have given up
                self.send_response(status)
                kind = "application/json" if body[:1] == b"{" else "text/html"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def opened(*args: object, **options: object) -> Iterator[OpenSearchStore]:
    store = OpenSearchStore(*args, **options)  # type: ignore[arg-type]
    try:
        yield store
    finally:
        store.close()


def refused(url: str, **options: object) -> StoreError:
    with opened(url, **options) as store, pytest.raises(StoreError) as caught:
        store.count(Query())
    return caught.value


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> Credentials:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-of-the-session")
    return Credentials("AKIAIOSFODNN7EXAMPLE", SECRET, "token-of-the-session")


def test_a_name_and_password_are_sent_and_not_shown() -> None:
    with answering(200, COUNT) as (url, seen), opened(url, user="alice", password=SECRET) as store:
        assert store.count(Query()) == 7
        assert SECRET not in repr(store)
        assert SECRET not in repr(store._connection)
    assert seen[0][2]["authorization"].startswith("Basic ")


def test_a_name_and_password_in_the_address_are_taken_out_of_it() -> None:
    connection = connect(f"https://alice:{SECRET}@siem.example.com/path")

    assert connection.server == "https://siem.example.com:443/path"
    assert connection.client.transport.hosts[0]["host"] == "siem.example.com"
    assert "alice" not in repr(connection)


def test_a_request_to_amazon_is_signed_so_that_amazon_would_accept_it(
    credentials: Credentials,
) -> None:
    region = "ap-northeast-1"
    with answering(200, COUNT) as (url, seen), opened(url, aws_region=region) as store:
        assert store.count(Query().include("user.name", "alice")) == 7

    method, path, headers, body = seen[0]
    scope = rf"AKIAIOSFODNN7EXAMPLE/\d{{8}}/{region}/es/aws4_request"
    assert re.search(rf"^AWS4-HMAC-SHA256 Credential={scope}", headers["authorization"])
    assert headers["x-amz-security-token"] == "token-of-the-session"
    assert headers["authorization"] == _signature(
        credentials, region, method, url + path, headers, body
    )
    assert SECRET not in str(headers)


def _signature(
    credentials: Credentials,
    region: str,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes,
) -> str:
    """Sign what arrived anew, with Amazon's own code, for the time that it names."""
    signed = re.search("SignedHeaders=([^,]+)", headers["authorization"])
    assert signed is not None
    names = set(signed[1].split(";")) - {"x-amz-date", "x-amz-security-token"}
    kept = {name: value for name, value in headers.items() if name.lower() in names}
    request = AWSRequest(method, url, kept, body)
    signer = SigV4Auth(credentials, "es", region)
    request.context["timestamp"] = headers["x-amz-date"]
    signer._modify_request_before_signing(request)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signer._inject_signature_to_request(request, signature)
    return str(request.headers["Authorization"])


@pytest.mark.parametrize(
    ("host", "region", "service"),
    [
        ("search-siem-abc.ap-northeast-1.es.amazonaws.com", "ap-northeast-1", "es"),
        ("abc.us-east-1.aoss.amazonaws.com", "us-east-1", "aoss"),
    ],
)
def test_a_host_of_amazon_names_region_and_service_itself(
    credentials: Credentials, host: str, region: str, service: str
) -> None:
    transport = connect(f"https://{host}").client.transport
    signer = transport.kwargs["http_auth"].signer

    assert (signer.region, signer.service) == (region, service)


def test_without_credentials_one_is_told_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")

    with pytest.raises(StoreError, match="sign in first"):
        connect("https://x.us-east-1.es.amazonaws.com")


def test_a_far_server_is_spoken_to_compressed_and_a_near_one_plain() -> None:
    far, near = connect("https://siem.example.com"), connect("http://127.0.0.1:9201")

    assert [c.client.transport.kwargs["http_compress"] for c in (far, near)] == [True, False]


@pytest.mark.parametrize(
    "target", ["", "9201", "localhost:9201", "ftp://x", "http://", "http://x:99999", "http://[::1"]
)
def test_what_is_no_address_is_said_to_be_none(target: str) -> None:
    with pytest.raises(StoreError, match="no address of a server"):
        connect(target)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "another user name or password"),
        (403, "does not allow this"),
        (404, "has nothing there"),
        (413, "of this size"),
        (429, "busy"),
        (500, "status 500"),
        (503, "does not answer yet"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_web_page_as_an_answer_becomes_a_sentence_of_our_own(
    status: int, sentence: str, lang: str
) -> None:
    with answering(status, PAGE) as (url, _):
        caught = refused(url, user="alice", password=SECRET)

    said = caught.message(lang)
    assert "nginx" not in said
    assert "<" not in said
    assert SECRET not in said
    assert url in said
    assert lang == "ja" or sentence in said


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with answering(200, COUNT) as (url, _):
        pass
    said = str(refused(url.replace("//", f"//alice:{SECRET}@")))

    assert f"cannot reach {url}" in said
    assert SECRET not in said


def test_an_answer_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siemlab.store.opensearch_client._SECONDS", 0.2)
    with answering(200, COUNT, delay=0.5) as (url, _):
        assert "took too long" in str(refused(url))


def test_an_answer_that_the_server_gave_up_on_is_an_error() -> None:
    partial = COUNT.replace(b"false", b"true")
    with answering(200, partial) as (url, _):
        assert "took too long" in str(refused(url))


def test_errors_do_not_appear_in_a_log_on_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    with answering(403, PAGE) as (url, _):
        refused(url)

    assert capfd.readouterr() == ("", "")
