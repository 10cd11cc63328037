from pathlib import Path

import pytest

from siemlab.lab.places import default_store, opensearch_url, sample_logs, sample_store


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "data/sample/AWSLogs").mkdir(parents=True)
    (tmp_path / "notebooks/en").mkdir(parents=True)
    return tmp_path


def test_the_variable_names_the_default_store(monkeypatch, tmp_path):
    monkeypatch.setenv("SIEMLAB_STORE", str(tmp_path / "mine"))
    assert default_store() == str(tmp_path / "mine")


def test_a_url_in_the_variable_stays_a_url(monkeypatch):
    monkeypatch.setenv("SIEMLAB_STORE", "https://siem.example.com:9200")
    assert default_store() == "https://siem.example.com:9200"


def test_the_default_store_lies_in_the_checkout_around_the_current_folder(monkeypatch, checkout):
    monkeypatch.delenv("SIEMLAB_STORE", raising=False)
    monkeypatch.chdir(checkout / "notebooks/en")
    assert default_store() == str(checkout / "data/store")
    assert sample_logs() == checkout / "data/sample"


def test_elsewhere_it_is_that_of_the_checkout_that_the_package_comes_from(monkeypatch, tmp_path):
    monkeypatch.delenv("SIEMLAB_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert default_store() == str(Path(__file__).resolve().parents[2] / "data/store")


def test_without_a_checkout_it_lies_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("SIEMLAB_STORE", raising=False)
    monkeypatch.setattr("siemlab.__file__", str(tmp_path / "site-packages/siemlab/__init__.py"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.chdir(tmp_path)
    assert default_store() == str(tmp_path / "share/siemlab/store")
    assert sample_logs() is None


def test_other_logs_get_another_sample_store(monkeypatch, checkout):
    monkeypatch.chdir(checkout)
    logs = checkout / "data/sample"
    (logs / "AWSLogs/a.gz").write_bytes(b"one")
    first = sample_store(logs)
    assert sample_store(logs) == first
    (logs / "AWSLogs/a.gz").write_bytes(b"two")
    second = sample_store(logs)
    (logs / "AWSLogs/a.gz").rename(logs / "AWSLogs/b.gz")
    assert len({first, second, sample_store(logs)}) == 3
    assert first.parent == checkout / "data"


def test_the_server_to_ask_is_that_of_the_variable_or_our_own(monkeypatch, tmp_path):
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", "https://siem.example.com")
    assert opensearch_url() == "https://siem.example.com"
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", "")
    monkeypatch.setenv("SIEMLAB_HOME", str(tmp_path))
    assert opensearch_url() == "http://127.0.0.1:9201"
