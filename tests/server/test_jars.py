"""The jars that make up the server: fetched once and remembered, or a sentence why not."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from siemlab.errors import StoreError
from siemlab.server import jars


def silent(_en: str, _ja: str) -> None:
    """Say nothing."""


def test_they_are_fetched_by_their_coordinate_and_told_of_in_both_languages(
    tmp_path: Path,
) -> None:
    said: list[tuple[str, str]] = []

    found = jars.class_path(tmp_path / "jars.json", lambda en, ja: said.append((en, ja)))

    assert len(found) > 100
    assert all(Path(jar).is_file() for jar in found)
    assert not [jar for jar in found if "native-quic" in jar]
    ((english, japanese),) = said
    assert "only the first time" in english
    assert "初回" in japanese


def test_a_later_start_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "jars.json"
    found = jars.class_path(record, silent)
    monkeypatch.setattr(jars, "_fetch", lambda: pytest.fail("it asked"))

    assert jars.class_path(record, silent) == found


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"[]",
        b'{"jars": ["/nowhere.jar"]}',
        orjson.dumps({"artifact": jars.ARTIFACT, "jars": ["/nowhere.jar"]}),
        orjson.dumps({"artifact": "another:one:1", "jars": [__file__]}),
    ],
    ids=["empty", "a list", "no artifact", "a jar is gone", "another version"],
)
def test_a_record_that_no_longer_holds_is_made_anew(tmp_path: Path, record: bytes) -> None:
    (tmp_path / "jars.json").write_bytes(record)

    assert len(jars.class_path(tmp_path / "jars.json", silent)) > 100


def test_without_a_network_one_is_told_what_could_not_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody answers there
    monkeypatch.setattr(jars, "ARTIFACT", "com.example.siemlab:never-published:1.0")

    with pytest.raises(StoreError, match="never-published") as caught:
        jars.class_path(tmp_path / "jars.json", silent)

    assert "プロキシ" in caught.value.message("ja")
    assert not (tmp_path / "jars.json").exists()
