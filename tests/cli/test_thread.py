"""The thread through the whole house: raw logs, store, questions, notebook."""

import json

from siemlab.lab import Lab

from .conftest import SAMPLE


def test_from_raw_logs_to_the_answer_in_a_notebook(siemlab, tmp_path, monkeypatch):
    store = tmp_path / "store"
    monkeypatch.setenv("SIEMLAB_STORE", str(store))
    loaded = siemlab("load", SAMPLE)
    assert loaded.stderr.endswith("read 226: 226 documents, 0 refused, 0 skipped\n")
    shown = siemlab("info", "--format", "ndjson").stdout.splitlines()
    assert sum(json.loads(row)["documents"] for row in shown) == 226
    asked = ("--index", "log-aws-cloudtrail-*", "--include", "event.outcome=failure")
    rows = siemlab("query", *asked, "--top", "source.ip", "--format", "ndjson").stdout
    with Lab(quiet=True) as lab:
        events = lab.events("log-aws-cloudtrail-*").include("event.outcome", "failure")
        top = events.top("source.ip")
    assert [json.loads(row) for row in rows.splitlines()] == [
        {"source.ip": bucket.key, "count": bucket.count} for bucket in top
    ]
    assert top[0].key == "203.0.113.99"


def test_a_whole_archive_loads_as_the_folder_does(siemlab, tmp_path, sample_store):
    import shutil

    archive = shutil.make_archive(str(tmp_path / "logs"), "zip", SAMPLE)
    assert siemlab("load", archive, "--into", tmp_path / "s").exit_code == 0
    ours = siemlab("info", "--store", tmp_path / "s").stdout
    assert ours == siemlab("info", "--store", sample_store).stdout
