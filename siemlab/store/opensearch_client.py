"""A connection to a server: address, account, certificate, and one way to ask."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from siemlab.errors import StoreError
from siemlab.query.value import Query
from siemlab.store.opensearch_errors import house_errors, timed_out

__all__ = ["Connection", "connect"]

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SECONDS: Final = 30
# A pattern without an index is no error, and an answer without some shards is no answer.
_READING: Final = {
    "ignore_unavailable": "true",
    "allow_no_indices": "true",
    "allow_partial_search_results": "false",
}


@dataclass(frozen=True, slots=True)
class Connection:
    """A client of opensearch-py, and the name of its server for messages (no password in it)."""

    client: Any = field(repr=False)
    server: str

    def search(
        self, pattern: str | None, body: dict[str, Any], *, query: Query | None = None, of: str = ""
    ) -> dict[str, Any]:
        """Ask for hits or aggregations; ``pattern`` is None where the body has a point in time.

        ``query`` and ``of`` (the field that is aggregated) are for the messages.
        """
        params = _READING if pattern else {"allow_partial_search_results": "false"}
        text = query.text if query else ""
        with house_errors(self.server, text=text, field=of):
            answer: dict[str, Any] = self.client.search(index=pattern, body=body, params=params)
        if answer["timed_out"]:
            raise timed_out(self.server)
        return answer

    def field_types(self, pattern: str, name: str = "*") -> dict[str, dict[str, dict[str, Any]]]:
        """Return field to type to what the server tells of it; leaf fields only."""
        params = {key: _READING[key] for key in ("ignore_unavailable", "allow_no_indices")}
        with house_errors(self.server):
            answer = self.client.field_caps(index=pattern, fields=name, params=params)
        fields = {
            name: {kind: facts for kind, facts in types.items() if _is_leaf(kind)}
            for name, types in answer["fields"].items()
        }
        return {name: types for name, types in fields.items() if types}


def _is_leaf(kind: str) -> bool:
    return kind not in ("object", "nested") and not kind.startswith("_")


def connect(
    target: str,
    *,
    user: str | None = None,
    password: str | None = None,
    ca_certs: str | None = None,
    aws_region: str | None = None,
) -> Connection:
    """Return a connection to a server; nothing is asked of it yet.

    Parameters
    ----------
    target
        Its URL. A name and password in it are used, and shown nowhere.
    user, password
        An account (basic authentication).
    ca_certs
        A file with the certificates of the authority that signed the server's.
    aws_region
        Sign requests for Amazon OpenSearch Service in this region, with the credentials that
        boto3 finds; a host below ``es.amazonaws.com`` names its region itself.

    Raises
    ------
    StoreError
        The target is no such URL, ``opensearch-py`` is not installed, or AWS has no credentials.

    Examples
    --------
    >>> connect("https://alice:secret@siem.example.com:9443")
    Connection(server='https://siem.example.com:9443')
    """
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise StoreError(
            "a server needs one more package: pip install 'siemlab[opensearch]'",
            "サーバーを使うには追加パッケージが必要です: pip install 'siemlab[opensearch]'",
        ) from error
    # The errors say it all; without a handler of its own the client's log would go to the screen.
    logging.getLogger("opensearch").addHandler(logging.NullHandler())
    url = _Url.read(target)
    region = aws_region or ("" if user or url.user else url.region)
    login = (user or url.user, password or url.password or "")
    auth = _signer(region, url.host) if region else login if login[0] else None
    # Compression costs more than it saves where the server is on the same machine.
    far = url.host not in _LOOPBACK
    extra: dict[str, Any] = {"ca_certs": ca_certs} if ca_certs else {}
    client = OpenSearch(
        hosts=[url.parts()], http_auth=auth, http_compress=far, timeout=_SECONDS, **extra
    )
    return Connection(client, url.shown())


@dataclass(frozen=True, slots=True)
class _Url:
    scheme: str
    host: str
    port: int
    path: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def read(cls, target: str) -> _Url:
        try:
            url = urlsplit(target)
            port = url.port or (443 if url.scheme == "https" else 9200)
        except ValueError:
            url, port = urlsplit(""), 0
        if url.scheme not in ("http", "https") or not url.hostname:
            raise StoreError(
                "this is no address of a server; write for example http://127.0.0.1:9201",
                "サーバーのアドレスではありません。http://127.0.0.1:9201 のように書いてください",
            )
        account = (unquote(url.username or ""), unquote(url.password or ""))
        return cls(url.scheme, url.hostname, port, url.path.strip("/"), *account)

    @property
    def region(self) -> str:
        """The AWS region that the host's name tells, empty for all other hosts."""
        labels = self.host.split(".")
        amazon = labels[-3:] in (["es", "amazonaws", "com"], ["aoss", "amazonaws", "com"])
        return labels[-4] if amazon and len(labels) > 4 else ""

    def parts(self) -> dict[str, Any]:
        """Return it as opensearch-py takes it."""
        parts = {"host": self.host, "port": self.port, "use_ssl": self.scheme == "https"}
        return {**parts, "url_prefix": self.path} if self.path else parts

    def shown(self) -> str:
        """Return it without the account."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{'/' + self.path if self.path else ''}"


def _signer(region: str, host: str) -> Any:
    try:
        import boto3
    except ImportError as error:
        raise StoreError(
            "Amazon OpenSearch Service needs one more package: pip install 'siemlab[s3]'",
            "Amazon OpenSearch Service には追加パッケージが必要です: pip install 'siemlab[s3]'",
        ) from error
    from opensearchpy import Urllib3AWSV4SignerAuth

    credentials = boto3.Session().get_credentials()
    if credentials is None:
        raise StoreError(
            "no AWS credentials were found; sign in first, for example with `aws configure`",
            "AWS の認証情報が見つかりません。`aws configure` などで設定してください",
        )
    service = "aoss" if host.endswith(".aoss.amazonaws.com") else "es"
    return Urllib3AWSV4SignerAuth(credentials, region, service)
