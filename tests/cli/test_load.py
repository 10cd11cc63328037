import json
import re
import signal
import subprocess
import time

import pytest

from .conftest import SAMPLE, SIEMLAB

BAD = '{"query_timestamp": "never"}'
DOCUMENTS = re.compile(r"read (\d+): (\d+) documents, (\d+) refused, (\d+) skipped")


def closing(text):
    read, *parts = map(int, DOCUMENTS.fullmatch(text.rstrip("\n").rsplit("\n", 1)[-1]).groups())
    assert read == sum(parts)
    return tuple(parts)


def test_loading_reports_what_became_of_the_documents(siemlab, tmp_path):
    result = siemlab("load", SAMPLE, "--into", tmp_path / "s")
    assert result.exit_code == 0
    assert re.search(r"^log-aws-cloudtrail-2022-11 +48$", result.stdout, re.M)
    assert "226 created, 0 updated, 0 unchanged" in result.stdout
    assert closing(result.stderr) == (226, 0, 0)
    assert not (tmp_path / "s/refused").exists()


def test_loading_the_same_logs_again_changes_nothing(siemlab, tmp_path):
    siemlab("load", SAMPLE, "--into", tmp_path / "s")
    before = siemlab("info", "--store", tmp_path / "s").stdout
    again = siemlab("load", SAMPLE, "--into", tmp_path / "s", "--lang", "ja")
    assert "新規 0、更新 0、変更なし 226" in again.stdout
    assert closing(again.stderr) == (226, 0, 0)
    assert siemlab("info", "--store", tmp_path / "s").stdout == before


def test_it_loads_into_the_default_store(siemlab, tmp_path):
    assert siemlab("load", SAMPLE).exit_code == 0
    assert (tmp_path / "default-store").is_dir()
    assert siemlab("query", "--count").stdout == "226\n"


def test_what_is_refused_is_kept_in_the_store(siemlab, logs, tmp_path):
    result = siemlab("load", logs(None, BAD, None), "--into", tmp_path / "s")
    assert result.exit_code == 3
    assert closing(result.stderr) == (2, 1, 0)
    (kept,) = (tmp_path / "s/refused").glob("*.ndjson")
    assert str(kept) in result.stderr
    assert json.loads(kept.read_text())["record"] == 2
    again = siemlab("load", logs(None, BAD, None), "--into", tmp_path / "s")
    assert again.exit_code == 3
    assert len([*(tmp_path / "s/refused").glob("*.ndjson")]) == 2
    assert siemlab("query", "--count", "--store", tmp_path / "s").stdout == "2\n"


def test_what_is_refused_is_kept_where_one_says(siemlab, logs, tmp_path):
    kept = tmp_path / "mine.ndjson"
    result = siemlab("load", logs(BAD), "--into", tmp_path / "s", "--refused", kept)
    assert result.exit_code == 3
    assert len(kept.read_text().splitlines()) == 1
    assert not (tmp_path / "s/refused").exists()


def test_strict_loads_nothing_when_a_record_is_refused(siemlab, logs, tmp_path):
    siemlab("load", SAMPLE, "--into", tmp_path / "s")
    result = siemlab("load", logs(None, BAD, None), "--into", tmp_path / "s", "--strict")
    assert result.exit_code == 3
    assert "Nothing was loaded" in result.stderr
    assert siemlab("query", "--count", "--store", tmp_path / "s").stdout == "226\n"


def test_strict_loads_all_when_none_is_refused(siemlab, logs, tmp_path):
    assert siemlab("load", logs(None), "--into", tmp_path / "s", "--strict").exit_code == 0
    assert siemlab("query", "--count", "--store", tmp_path / "s").stdout == "1\n"


def test_ctrl_c_leaves_the_store_as_it_was_or_complete(logs, tmp_path):
    source = logs(*[None] * 100_000)
    store = tmp_path / "s"
    command = [SIEMLAB, "load", SAMPLE, "--into", store]
    first = subprocess.run(command, capture_output=True, check=True)
    assert b"226 created" in first.stdout
    before = {*store.rglob("*")}
    with subprocess.Popen(
        [SIEMLAB, "load", source, "--into", store], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None and before >= {*store.rglob("*")}:
            time.sleep(0.05)  # until the load has begun
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Ctrl-C" in err
    assert b"Traceback" not in err
    count = subprocess.run(
        [SIEMLAB, "query", "--count", "--store", store], capture_output=True, check=True
    )
    assert count.stdout in (b"226\n", b"100226\n")


def test_a_password_is_never_part_of_a_url(siemlab):
    result = siemlab("load", SAMPLE, "--into", "https://analyst:geheim@siem.example.com")
    assert result.exit_code == 2
    assert "geheim" not in result.output
    assert "SIEMLAB_PASSWORD" in result.stderr


def test_a_folder_is_no_server(siemlab, tmp_path):
    result = siemlab("load", SAMPLE, "--into", tmp_path / "s", "--engine", "opensearch")
    assert result.exit_code == 2
    assert "URL" in result.stderr


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_server_that_does_not_answer_is_one_sentence(siemlab, lang, monkeypatch):
    monkeypatch.setenv("SIEMLAB_PASSWORD", "geheim")
    result = siemlab(
        "load", SAMPLE, "--into", "http://127.0.0.1:9", "--user", "analyst", "--lang", lang
    )
    assert result.exit_code == 4
    assert result.stderr.startswith("Error: " if lang == "en" else "エラー: ")
    assert "127.0.0.1:9" in result.stderr
    assert "geheim" not in result.output


def test_the_password_is_asked_for_and_not_shown(siemlab):
    result = siemlab(
        "load", SAMPLE, "--into", "http://127.0.0.1:9", "--user", "analyst", input="geheim\n"
    )
    assert result.exit_code == 4
    assert "Password of analyst" in result.stderr
    assert "geheim" not in result.output


@pytest.mark.opensearch
def test_the_same_logs_give_the_same_counts_on_a_real_opensearch(
    siemlab, empty_opensearch, tmp_path, monkeypatch
):
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", empty_opensearch)
    monkeypatch.chdir(tmp_path)
    result = siemlab("load", SAMPLE, "--engine", "opensearch")
    assert result.exit_code == 0, result.output
    assert closing(result.stderr) == (226, 0, 0)
    siemlab("load", SAMPLE, "--into", tmp_path / "s")
    theirs = siemlab("info", "--store", empty_opensearch)
    ours = siemlab("info", "--store", tmp_path / "s")
    assert theirs.exit_code == 0
    assert theirs.stdout == ours.stdout
    again = siemlab("load", SAMPLE, "--into", empty_opensearch)
    assert "0 created" in again.stdout
    assert siemlab("query", "--store", empty_opensearch, "--count").stdout == "226\n"


@pytest.mark.opensearch
def test_what_is_refused_on_the_way_to_a_server_is_kept_in_the_current_folder(
    siemlab, empty_opensearch, logs, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    result = siemlab("load", logs(None, BAD), "--into", empty_opensearch)
    assert result.exit_code == 3
    (kept,) = tmp_path.glob("siemlab-refused-*.ndjson")
    assert kept.name in result.stderr
