import csv
import io
import json

import pytest

CLOUDTRAIL = "log-aws-cloudtrail-*"


@pytest.fixture
def ask(siemlab, sample_store):
    def run(*args):
        return siemlab("query", "--store", sample_store, *args)

    return run


def test_a_url_in_the_variable_is_asked_as_it_stands(siemlab, monkeypatch):
    monkeypatch.setenv("SIEMLAB_STORE", "http://127.0.0.1:9")
    result = siemlab("query", "--count")
    assert result.exit_code == 4
    assert "http://127.0.0.1:9" in result.stderr
    assert "no store at" not in result.stderr


def test_a_count_is_a_number(ask):
    assert ask("--count").stdout == "226\n"
    assert ask("--count", "--format", "ndjson").stdout == '{"count":226}\n'


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(["--index", CLOUDTRAIL], 48, id="index pattern"),
        pytest.param(["event.module:guardduty OR event.module:waf"], 16 + 5, id="text"),
        pytest.param(["--include", "event.module=secure"], 90, id="include"),
        pytest.param(["--exclude", "event.module=secure"], 136, id="exclude"),
        pytest.param(
            ["--include", "event.module=secure", "--include", "event.module=waf"],
            0,
            id="two values of one field must both hold",
        ),
        pytest.param(["--include", "source.ip=198.51.100.0/24"], 45, id="network"),
        pytest.param(["--missing", "user.name"], 129, id="missing"),
        pytest.param(["--exists", "user.name"], 97, id="exists"),
        pytest.param(["--include", "nothing=a=b,c"], 0, id="a value may hold = and commas"),
    ],
)
def test_options_ask_what_they_say(ask, args, expected):
    result = ask("--count", *args)
    assert result.exit_code == 0
    assert int(result.stdout) == expected


def test_the_time_is_half_open_and_local_to_the_zone(ask):
    whole = int(ask("--count", "--from", "2022-11-14", "--to", "2022-11-15").stdout)
    halves = [
        int(ask("--count", "--from", start, "--to", end, "--tz", "Asia/Tokyo").stdout)
        for start, end in (
            ("2022-11-14T09:00", "2022-11-14T20:00"),
            ("2022-11-14T20:00", "2022-11-15T09:00"),
        )
    ]
    assert whole == sum(halves)
    assert all(halves)


def test_the_newest_events_are_a_table_for_people(ask):
    result = ask("--index", CLOUDTRAIL, "--size", "2")
    assert result.stdout.splitlines()[0] == "newest 2 of 48"
    assert result.stdout.splitlines()[1].startswith("@timestamp")
    assert len(result.stdout.splitlines()) == 4


def test_they_are_whole_documents_for_programs(ask):
    result = ask("--index", CLOUDTRAIL, "--size", "3", "--format", "ndjson")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(found) == 3
    assert all({*hit} == {"_index", "_id", "_source"} for hit in found)
    times = [hit["_source"]["@timestamp"] for hit in found]
    assert times == sorted(times, reverse=True)


def test_they_are_columns_for_a_spreadsheet(ask):
    fields = "@timestamp, user.name,event.action"
    result = ask("--index", CLOUDTRAIL, "--fields", fields, "--format", "csv", "--size", "5")
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == ["@timestamp", "user.name", "event.action"]
    assert len(rows) == 6


def test_the_most_frequent_values(ask):
    result = ask("--index", "log-linux-secure-*", "--top", "event.module", "--format", "csv")
    assert result.stdout == "event.module,count\nsecure,90\n"
    table = ask("--index", "log-linux-secure-*", "--top", "event.module", "--lang", "ja")
    assert table.stdout.splitlines()[0].split() == ["event.module", "件数"]
    assert "█" in table.stdout


def test_a_histogram_has_bars_and_local_times(ask):
    result = ask("--histogram", "1d", "--tz", "Asia/Tokyo")
    lines = result.stdout.splitlines()
    assert lines[1].startswith("2022-11-14 00:00:00+09:00")
    assert "█" in result.stdout
    rows = ask("--histogram", "1d", "--format", "ndjson").stdout.splitlines()
    assert sum(json.loads(row)["count"] for row in rows) == 226


def test_explain_shows_every_language_and_needs_no_store(siemlab, tmp_path):
    result = siemlab("query", "--explain", "user.name:alice", "--store", tmp_path / "nowhere")
    assert result.exit_code == 0
    for heading in ("Lucene", "OpenSearch DSL", "SQL", "pandas"):
        assert heading in result.stdout


@pytest.mark.parametrize(
    ("args", "word"),
    [
        pytest.param(["(a OR"], "Error", id="text that cannot be read"),
        pytest.param(["name~2"], "Error", id="text that is not supported"),
        pytest.param(["--from", "yesterday"], "yesterday", id="no time"),
        pytest.param(["--tz", "Mars/Base"], "Mars/Base", id="no zone"),
        pytest.param(["--index", "a b"], "a b", id="no index pattern"),
        pytest.param(["--include", "user.name"], "user.name", id="no equals sign"),
        pytest.param(["--include", "=x"], "=x", id="no field"),
        pytest.param(["--count", "--top", "user.name"], "--top", id="two answers at once"),
        pytest.param(["--histogram", "1 fortnight"], "fortnight", id="no interval"),
        pytest.param(["--format", "xml"], "xml", id="no format"),
        pytest.param(["--size", "0"], "--size", id="no size"),
        pytest.param(["--size", "9" * 20], "--size", id="more than any engine counts"),
        pytest.param(["one", "two"], "two", id="two texts"),
        pytest.param(["--top", "@message"], "@message", id="a text field is not counted"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_mistake_of_usage_ends_with_2_and_one_sentence(ask, args, word, lang):
    result = ask(*args, "--lang", lang)
    assert result.exit_code == 2
    assert word in result.stderr or (word == "Error" and lang == "ja")
    assert result.stderr.startswith("Error: " if lang == "en" else "エラー: ")
    assert result.stdout == ""


def test_a_place_in_the_text_is_pointed_at(ask):
    error = ask("user.name:alice AND (").stderr.splitlines()
    assert error[-1].endswith("^")


@pytest.mark.parametrize("command", ["info", "query"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_such_store_ends_with_4(siemlab, tmp_path, command, lang):
    result = siemlab(command, "--store", tmp_path / "nowhere", "--lang", lang)
    assert result.exit_code == 4
    assert "siemlab load" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_no_store_ends_with_4(siemlab, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other/file.txt").write_text("mine")
    assert siemlab("info", "--store", tmp_path / "other").exit_code == 4


@pytest.mark.parametrize(
    ("args", "note"),
    [
        pytest.param(["--index", "log-azure-*"], "log-azure-* fits no index", id="no index"),
        pytest.param(["--include", "user.nmae=a"], "field user.nmae", id="misspelled filter"),
        pytest.param(["NOT user.nmae:a"], "field user.nmae", id="misspelled in the text"),
        pytest.param(["--top", "user.nmae"], "field user.nmae", id="misspelled top"),
        pytest.param(["a:1 and b:2"], "AND", id="and in small letters"),
        pytest.param(["--from", "2022-12-01", "--to", "2022-11-01"], "no time", id="end first"),
        pytest.param(["--from", "2022-11-14", "--to", "2022-11-14"], "no time", id="same day"),
    ],
)
def test_what_is_probably_not_meant_is_said_on_standard_error(ask, args, note):
    result = ask(*args)
    assert result.exit_code in (0, 2)
    assert note in result.stderr
    assert "note: " not in result.stdout


def test_nothing_is_said_where_nothing_is_odd(ask):
    result = ask("event.outcome:failure AND user.name:*", "--fields", "user.name,_id")
    assert result.stderr == ""


HOSTILE = "=cmd|calc\x1b[31m\u202e"


@pytest.fixture
def hostile(siemlab, logs, tmp_path):
    line = {
        "query_timestamp": "2022-11-18T07:00:00Z",
        "query_name": HOSTILE,
        "srcids": {HOSTILE: HOSTILE},
    }
    siemlab("load", logs(json.dumps(line)), "--into", tmp_path / "s")
    return lambda *args: siemlab("query", "--store", tmp_path / "s", *args)


@pytest.mark.parametrize("kind", ["table", "csv", "ndjson"])
@pytest.mark.parametrize("args", [["--fields", "query_name"], ["--top", "query_name"]])
def test_a_hostile_value_is_only_text(hostile, args, kind):
    shown = hostile(*args, "--format", kind)
    assert shown.exit_code == 0
    assert not {"\x1b", "\u202e"} & {*shown.stdout, *shown.stderr}
    assert "=cmd|calc" in shown.stdout
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(shown.stdout)))
        assert rows[1][0].startswith("'=cmd")


def test_a_hostile_value_comes_back_exactly_as_ndjson(hostile):
    document = json.loads(hostile("--format", "ndjson").stdout)
    assert document["_source"]["query_name"] == HOSTILE


def test_info_lists_indexes_and_fields(siemlab, sample_store):
    result = siemlab("info", "--store", sample_store)
    assert "log-aws-waf-2022-11" in result.stdout
    assert "226 documents in 10 indexes" in result.stderr
    fields = siemlab("info", "--store", sample_store, "--fields", "--format", "ndjson")
    found = {row["field"]: row for row in map(json.loads, fields.stdout.splitlines())}
    assert found["source.ip"]["type"] == ["ip"]
    assert found["@timestamp"]["documents"] == 226
    few = siemlab("info", "--store", sample_store, "--fields", "--index", "log-aws-waf-*")
    assert "eventName" not in few.stdout


def test_info_speaks_japanese(siemlab, sample_store):
    result = siemlab("info", "--store", sample_store, "--lang", "ja")
    assert result.stdout.startswith("インデックス")
    assert "10 インデックス、226 ドキュメント" in result.stderr
