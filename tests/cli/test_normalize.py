import json
import os
import pty
import re
import signal
import subprocess
import termios
import time

import pytest

from .conftest import SAMPLE, SIEMLAB

BAD = '{"query_timestamp": "never"}'
CLOSING = re.compile(r"read (\d+): (\d+) documents, (\d+) refused, (\d+) skipped")


def closing(text):
    read, *parts = map(int, CLOSING.fullmatch(text.rstrip("\n").rsplit("\n", 1)[-1]).groups())
    assert read == sum(parts)
    return tuple(parts)


def test_the_sample_is_normalized_whole(siemlab):
    result = siemlab("normalize", SAMPLE)
    assert result.exit_code == 0
    assert closing(result.stderr) == (226, 0, 0)
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(documents) == 226
    assert all({*document} == {"_index", "_id", "_source"} for document in documents)


def test_refused_records_are_kept_with_the_reason_in_both_languages(siemlab, logs, tmp_path):
    kept = tmp_path / "new/refused.ndjson"
    result = siemlab("normalize", logs(None, BAD, None), "--refused", kept)
    assert result.exit_code == 3
    assert closing(result.stderr) == (2, 1, 0)
    (line,) = kept.read_text().splitlines()
    refused = json.loads(line)
    assert {*refused} == {"file", "record", "field", "reason", "reason_ja", "raw"}
    assert refused["file"].endswith("2022/11/18/a.log")
    assert refused["record"] == 2
    assert refused["field"] == "query_timestamp"
    assert refused["reason"] != refused["reason_ja"]
    assert "never" in refused["raw"]


def test_the_first_refusals_are_told_and_the_rest_is_only_kept(siemlab, logs):
    result = siemlab("normalize", logs(*[BAD] * 9))
    assert result.exit_code == 3
    assert result.stderr.count("refused: AWSLogs/") == 5
    assert closing(result.stderr) == (0, 9, 0)


def test_strict_stops_at_the_first_refused_record(siemlab, logs, tmp_path):
    kept = tmp_path / "refused.ndjson"
    result = siemlab("normalize", logs(None, BAD, None, BAD), "--strict", "--refused", kept)
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 1
    assert closing(result.stderr) == (1, 1, 0)
    assert len(kept.read_text().splitlines()) == 1
    assert "query_timestamp" in result.stderr


def test_the_refused_file_is_empty_where_nothing_was_refused(siemlab, logs, tmp_path):
    kept = tmp_path / "refused.ndjson"
    assert siemlab("normalize", logs(None), "--refused", kept).exit_code == 0
    assert kept.read_bytes() == b""


def test_a_file_that_cannot_be_written_is_one_sentence(siemlab, logs):
    result = siemlab("normalize", logs(None), "--refused", "/dev/full/x")
    assert result.exit_code == 1
    assert "Error:" in result.stderr


def test_a_source_that_does_not_exist_is_a_mistake_of_usage(siemlab, tmp_path):
    for source in (tmp_path / "nowhere", ""):
        result = siemlab("normalize", source, "--lang", "ja")
        assert result.exit_code == 2
        assert result.stderr.startswith("エラー: ")


def test_user_agents_are_left_whole_on_request(siemlab):
    result = siemlab("normalize", SAMPLE, "--no-user-agents")
    agents = [
        document["_source"]["user_agent"]
        for document in map(json.loads, result.stdout.splitlines())
        if "user_agent" in document["_source"]
    ]
    assert agents
    assert not any("device.name" in agent for agent in agents)


def test_places_of_addresses_come_from_the_users_own_file(siemlab, tmp_path):
    from mmdb_writer import MMDBWriter
    from netaddr import IPSet

    city = MMDBWriter(6, "GeoLite2-City", languages=["en"], ipv4_compatible=True)
    city.insert_network(IPSet(["203.0.113.0/24"]), {"country": {"iso_code": "JP"}})
    city.to_db_file(str(tmp_path / "city.mmdb"))
    result = siemlab("normalize", SAMPLE, "--geoip-city", tmp_path / "city.mmdb")
    sources = [json.loads(line)["_source"].get("source") for line in result.stdout.splitlines()]
    found = [s["geo"] for s in sources if s and str(s.get("ip", "")).startswith("203.0.113.")]
    assert found
    assert {geo["country_iso_code"] for geo in found} == {"JP"}


def test_a_geoip_file_that_is_none_is_said(siemlab, tmp_path):
    (tmp_path / "city.mmdb").write_text("no such thing")
    result = siemlab("normalize", SAMPLE, "--geoip-city", tmp_path / "city.mmdb")
    assert result.exit_code == 2
    assert "mmdb" in result.stderr


def test_a_record_longer_than_the_limit_is_refused(siemlab, logs):
    long = '{"query_timestamp": "2022-11-18T07:00:00Z", "query_name": "%s"}' % ("a" * 5000)
    source = logs(None, long, None)
    assert siemlab("normalize", source).exit_code == 0
    result = siemlab("normalize", source, "--max-record-size", "4000")
    assert result.exit_code == 3
    assert closing(result.stderr)[1] == 1


def test_hostile_text_in_a_refusal_reaches_no_terminal(siemlab, logs):
    result = siemlab("normalize", logs('{"query_timestamp": "\\u001b[2J\x9b\u202e"}'))
    assert result.exit_code == 3
    assert not {"\x1b", "\x9b", "\u202e"} & {*result.stderr}


def test_documents_hold_no_character_that_a_terminal_obeys_and_stay_equal(siemlab, logs):
    line = '{"query_timestamp": "2022-11-18T07:00:00Z", "query_name": "\x9b\u202e東京"}'
    result = siemlab("normalize", logs(line))
    assert not {"\x9b", "\u202e"} & {*result.stdout}
    assert json.loads(result.stdout)["_source"]["query_name"] == "\x9b\u202e東京"


@pytest.mark.parametrize("command", ["normalize", "load"])
def test_files_that_are_left_out_are_told_with_the_reason_and_the_first(siemlab, logs, command):
    bucket = logs(None)
    for name in ("notes.txt", "AWSLogs/111122223333/CloudTrail-Digest/x.json.gz"):
        (bucket / name).parent.mkdir(parents=True, exist_ok=True)
        (bucket / name).write_bytes(b"{}" * 20)
    english = siemlab(command, bucket)
    assert english.exit_code == 0
    assert closing(english.stderr) == (1, 0, 0)
    assert (
        "left out: 2 files (the key is of no log type that the SIEM knows);"
        " the first: AWSLogs/111122223333/CloudTrail-Digest/x.json.gz\n"
    ) in english.stderr
    assert "読まなかったファイル: 2 個（" in siemlab(command, bucket, "--lang", "ja").stderr


def test_a_single_file_that_is_left_out_is_told(siemlab, logs):
    result = siemlab("normalize", logs("", name="empty.log"))
    assert "left out: 1 file (the object is too short to hold a record)" in result.stderr
    assert "Name the folder that AWSLogs lies in" in result.stderr
    assert closing(result.stderr) == (0, 0, 0)


def test_a_whole_number_of_any_size_comes_out_as_it_came(siemlab, logs):
    record = '{"query_timestamp": "2022-11-18T07:00:01Z", "much": %d, "name": "東京\u202e"}'
    result = siemlab("normalize", logs(record % 2**70))
    assert result.exit_code == 0
    assert closing(result.stderr) == (1, 0, 0)
    assert "\u202e" not in result.stdout
    source = json.loads(result.stdout)["_source"]
    assert (source["much"], source["name"]) == (2**70, "東京\u202e")


@pytest.mark.parametrize(("reader", "lines"), [("head -n 1", 1), ("true", 0)])
def test_a_reader_that_leaves_early_causes_no_complaint(logs, reader, lines):
    source = logs(*[None] * 5000)
    line = f"'{SIEMLAB}' normalize '{source}' | {reader}; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, check=False)
    assert run.returncode == 0
    assert len(run.stdout.splitlines()) == lines
    assert run.stderr == b""


@pytest.mark.parametrize(("where", "code"), [(">/dev/full", 1), (">&-", 0)], ids=["full", "closed"])
def test_a_standard_output_that_takes_nothing_causes_no_traceback(where, code):
    line = f"'{SIEMLAB}' normalize '{SAMPLE}' {where}"
    run = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, check=False)
    assert run.returncode == code
    assert b"Traceback" not in run.stderr


def test_ctrl_c_leaves_whole_lines_and_says_so(logs):
    source = logs(*[None] * 200_000)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen([SIEMLAB, "normalize", source], **pipes) as process:
        first = process.stdout.readline()  # so it is in the middle of it
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    lines = [first, *out.splitlines(keepends=True)]
    assert 0 < len(lines) < 200_000
    assert all(json.loads(line) for line in lines)
    assert lines[-1].endswith(b"\n")
    assert b"Ctrl-C" in err
    assert closing(err.decode())[0] == len(lines)


def test_a_progress_bar_is_shown_in_a_terminal_only(siemlab):
    quiet = siemlab("normalize", SAMPLE)
    assert "files" not in quiet.stderr
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen([SIEMLAB, "normalize", SAMPLE], stdout=subprocess.DEVNULL, stderr=theirs):
        os.close(theirs)
        shown = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert b"files" in shown
    assert b"read 226: 226 documents, 0 refused, 0 skipped" in shown


@pytest.mark.parametrize("option", ["--max-ratio", "--max-record-size"])
def test_a_limit_is_a_positive_number(siemlab, option):
    assert siemlab("normalize", SAMPLE, option, "0").exit_code == 2
