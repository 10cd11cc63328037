"""What the server's refusals mean to a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from siemlab.errors import QuerySyntaxError, SiemlabError, StoreError, UnknownFieldError

__all__ = ["house_errors", "reason_of", "timed_out"]

_COLUMN = re.compile(r"line \d+, column (\d+)")
_QUERY: Final = frozenset(
    {
        "query_shard_exception",
        "parse_exception",
        "parsing_exception",
        "token_mgr_error",
        "number_format_exception",
        "x_content_parse_exception",
    }
)
_TOO_WIDE = re.compile(r"too many fields|maxClauseCount|too_many_clauses|too many nested clauses")
_NO_VALUES = re.compile(
    r"(?i)fielddata is (un|not )supported|not optimised for operations|"
    r"not supported for aggregation|does not support doc_value"
)
_LONGEST: Final = 500


@contextmanager
def house_errors(server: str, *, text: str = "", field: str = "") -> Iterator[None]:
    """Turn what the client raises inside the block into errors of siemlab.

    Parameters
    ----------
    server
        The server's address, without a password.
    text
        The query text that was sent, to point into.
    field
        The field that was aggregated.

    Raises
    ------
    QuerySyntaxError
        The server cannot read the query; with Lucene's column where it gives one.
    UnknownFieldError
        The field cannot be aggregated.
    StoreError
        Everything else: unreachable, not allowed, too slow, or the server's own reason.
    """
    from opensearchpy.exceptions import OpenSearchException

    try:
        yield
    except OpenSearchException as error:
        raise _translate(error, server, text, field) from error


def reason_of(error: Any) -> str:
    """Return the innermost reason of an error as the server reports it: type and sentence.

    Parameters
    ----------
    error
        The value of ``error`` in an answer, in a bulk item, or in a failed shard.

    Returns
    -------
    str
        One line; empty where the server says nothing.

    Examples
    --------
    >>> reason_of({"type": "a", "reason": "outer", "caused_by": {"type": "b", "reason": "inner"}})
    'a: outer (b: inner)'
    """
    chain = _chain(error)
    if not chain:
        return str(error).split("\n")[0][:_LONGEST] if isinstance(error, str) else ""
    outer, inner = (": ".join(part for part in link if part) for link in (chain[0], chain[-1]))
    line = outer if chain[-1][1] in chain[0][1] else f"{outer} ({inner})"
    return line.replace("\n", " ")[:_LONGEST]


def timed_out(server: str) -> StoreError:
    """Return the error for an answer that the server gave up on."""
    return StoreError(
        f"{server} took too long; ask for a shorter time or fewer indexes",
        f"{server} の応答が時間内に終わりませんでした。時間範囲やインデックスを絞ってください",
    )


def _chain(error: Any) -> list[tuple[str, str]]:
    """Return (type, reason) from the outside in, starting at the first shard that failed."""
    if not isinstance(error, dict):
        return []
    shards = error.get("failed_shards") or []
    if shards and isinstance(shards[0], dict):
        error = shards[0].get("reason", error)
    elif not error.get("reason") and isinstance(error.get("caused_by"), dict):
        error = error["caused_by"]
    links: list[tuple[str, str]] = []
    while isinstance(error, dict):
        links.append((str(error.get("type") or ""), str(error.get("reason") or "")))
        error = error.get("caused_by")
    return links


def _translate(error: Any, server: str, text: str, field: str) -> SiemlabError:
    from opensearchpy import exceptions

    if isinstance(error, exceptions.ConnectionTimeout):
        return timed_out(server)
    if isinstance(error, exceptions.SSLError):
        return StoreError(
            f"cannot trust the certificate of {server}; give its authority with ca_certs",
            f"{server} の証明書を信頼できません。ca_certs で認証局を指定してください",
        )
    if isinstance(error, exceptions.ConnectionError):
        return StoreError(
            f"cannot reach {server}; is it running? `siemlab opensearch up` starts one here",
            f"{server} に接続できません。起動していますか。"
            "`siemlab opensearch up` でこのマシンに起動できます",
        )
    status = getattr(error, "status_code", None)
    known = _BY_STATUS.get(status) if isinstance(status, int) else None
    body = error.info if isinstance(getattr(error, "info", None), dict) else {}
    chain = _chain(body.get("error"))
    if known and not chain:
        en, ja = known
        return StoreError(en.format(server=server), ja.format(server=server))
    return _refusal(status, body, chain, server, text, field)


def _refusal(
    status: object,
    body: dict[str, Any],
    chain: list[tuple[str, str]],
    server: str,
    text: str,
    field: str,
) -> SiemlabError:
    reasons = " ".join(": ".join(link) for link in chain)
    if _TOO_WIDE.search(reasons):
        return StoreError(
            "the query grows too large on this server: a word without a field is looked up in "
            "every field. Name the field, as in user.name:alice",
            "このサーバーには検索が大きすぎます。フィールド名のない語は全フィールドで検索されます。"
            "user.name:alice のようにフィールド名を付けてください",
        )
    if field and _NO_VALUES.search(reasons):
        return UnknownFieldError(
            f"{field} cannot be aggregated: its type keeps no single values",
            f"{field} は集計できません。値ごとに集計できない型です",
        )
    if status == 400 and any(kind in _QUERY for kind, _ in chain):
        return _unreadable(chain, reasons, text)
    said = reason_of(body.get("error")) or f"status {status}"
    return StoreError(f"{server} refuses: {said}", f"{server} に拒否されました: {said}")


def _unreadable(chain: list[tuple[str, str]], reasons: str, text: str) -> QuerySyntaxError:
    said = chain[-1][1].split("\n")[0].removeprefix("failed to create query: ")[:_LONGEST]
    column = _COLUMN.search(reasons)
    # Lucene counts from 0.
    place = min(int(column[1]) + 1, len(text) + 1) if column and text else 0
    return QuerySyntaxError(
        f"the server cannot read the query: {said}",
        f"サーバーが検索文または値を解釈できません: {said}",
        text=text,
        column=place,
    )


_BY_STATUS: Final[dict[int, tuple[str, str]]] = {
    401: (
        "{server} wants another user name or password",
        "{server} のユーザー名またはパスワードが違います",
    ),
    403: (
        "{server} does not allow this with the given account",
        "{server} では、このアカウントにこの操作が許可されていません",
    ),
    404: (
        "{server} has nothing there; is this the address of an OpenSearch?",
        "{server} に対象がありません。OpenSearch のアドレスか確認してください",
    ),
    413: (
        "{server} does not take a request of this size",
        "{server} はこの大きさの要求を受け付けません",
    ),
    429: (
        "{server} is busy: too many requests; try again in a moment",
        "{server} が混み合っています。少し待ってからやり直してください",
    ),
    502: ("{server} does not answer (502)", "{server} が応答しません（502）"),
    503: ("{server} does not answer yet (503)", "{server} がまだ応答できません（503）"),
    504: ("{server} does not answer in time (504)", "{server} が時間内に応答しません（504）"),
}
