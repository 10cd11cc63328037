import subprocess
import sys
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from siemlab.errors import StoreError
from siemlab.lab import Lab
from siemlab.query import Query
from siemlab.store import open_store


def stores(checkout):
    return sorted(path.name.split("-")[0] for path in (checkout / "data").iterdir())


def test_the_first_lab_makes_the_store_of_the_sample_and_the_next_one_opens_it(checkout, capsys):
    with Lab(store="sample") as first:
        assert first.events().count() == 226
    assert capsys.readouterr().out == "Sample logs: 226 documents in 10 indexes.\n"
    assert stores(checkout) == ["sample", "sample"]
    (folder,) = (checkout / "data").glob("sample-store-*")
    before = (folder / "manifest.json").stat().st_mtime_ns
    with Lab("ja", store="sample") as second:
        assert second.events().count() == 226
    assert capsys.readouterr().out == "サンプルログ: 10 インデックス、226 ドキュメント。\n"
    assert (folder / "manifest.json").stat().st_mtime_ns == before


def test_without_a_default_store_the_lab_opens_the_sample(checkout, capsys):
    with Lab() as lab:
        assert lab.events().count() == 226
    assert capsys.readouterr().out.startswith("Sample logs")
    assert not (checkout / "data/store").exists()


def test_with_a_default_store_the_lab_opens_that(checkout, capsys):
    from siemlab.normalize.document import Document

    store = open_store(checkout / "data/store", engine="duckdb")
    store.add([Document("log-x-2022-11", "1", {"@timestamp": "2022-11-14T00:00:00Z"})])
    store.close()
    with Lab() as lab:
        assert lab.events().count() == 1
    assert capsys.readouterr().out == f"{checkout}/data/store: 1 document in 1 index.\n"
    with Lab(store="sample", quiet=True) as lab:
        assert lab.events().count() == 226
    assert capsys.readouterr().out == ""


def test_a_store_that_is_not_there_is_said_in_both_languages(checkout):
    with pytest.raises(StoreError, match="siemlab load FOLDER") as raised:
        Lab(store=checkout / "nowhere")
    assert "取り込んで" in raised.value.message("ja")
    assert not (checkout / "nowhere").exists()


def test_without_a_checkout_there_are_no_sample_logs(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("siemlab.__file__", str(tmp_path / "site/siemlab/__init__.py"))
    with pytest.raises(StoreError, match="sample logs"):
        Lab(store="sample")
    with pytest.raises(StoreError, match="siemlab load FOLDER"):
        Lab()


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(StoreError, match="'fr'"):
        Lab("fr")


def test_several_kernels_may_make_the_sample_at_once(checkout):
    code = "from siemlab import Lab; print(Lab(store='sample', quiet=True).events().count())"
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [run.communicate(timeout=120)[0] for run in runs] == ["226\n"] * 3
    assert stores(checkout) == ["sample", "sample"]


def test_a_sample_that_cannot_be_read_makes_no_store(checkout):
    (broken,) = checkout.glob("data/sample/AWSLogs/*/GuardDuty/*/2022/11/14/24256094*")
    broken.write_bytes(broken.read_bytes()[:500])
    with pytest.raises(ValueError, match="GuardDuty"):
        Lab(store="sample", quiet=True)
    assert stores(checkout) == ["sample"]


def test_the_same_questions_go_to_the_reference_engine(lab):
    reference = lab.on("pandas")
    failures = lab.events("log-aws-*").include("event.outcome", "failure").time(tz="Asia/Tokyo")
    same = failures.on(reference)
    assert same.query == failures.query
    assert same.count() == failures.count() > 0
    assert same.top("user.name") == failures.top("user.name")
    assert same.histogram("1d") == failures.histogram("1d")
    assert same.newest(5) == failures.newest(5)
    assert same.fields() == failures.fields()


def test_the_reference_engine_reads_a_store_of_the_embedded_one(checkout):
    Lab(store="sample", quiet=True).close()
    (folder,) = (checkout / "data").glob("sample-store-*")
    with Lab(store=folder, engine="pandas", quiet=True) as lab:
        assert lab.events().count() == 226


def test_a_store_keeps_the_engine_that_wrote_it(checkout):
    from siemlab.normalize.document import Document

    open_store(checkout / "mine", engine="pandas").add([Document("log-x", "1", {"a": 1})])
    with Lab(store=checkout / "mine", quiet=True) as lab:
        assert lab.events().count() == 1
    with pytest.raises(StoreError, match="is a store of pandas, not of duckdb"):
        Lab(store=checkout / "mine", engine="duckdb")


def test_where_no_server_answers_the_lab_says_how_to_start_one(lab, capsys, monkeypatch):
    monkeypatch.setenv("SIEMLAB_OPENSEARCH", "http://127.0.0.1:9")
    assert lab.opensearch() is None
    assert "siemlab opensearch up" in capsys.readouterr().out
    with pytest.raises(StoreError):
        lab.on("opensearch").events().count()


@pytest.fixture
def asked():
    """A server that says no to everything, and the accounts that asked it."""
    accounts = []

    class Closed(BaseHTTPRequestHandler):
        def do_GET(self):
            accounts.append(self.headers.get("Authorization"))
            self.send_response(401)
            self.end_headers()

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Closed) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", accounts
        server.shutdown()


def test_a_server_with_accounts_gets_that_of_the_environment(asked, monkeypatch):
    url, accounts = asked
    monkeypatch.setenv("SIEMLAB_USER", "analyst")
    with pytest.raises(StoreError):
        Lab(store=url)
    monkeypatch.setenv("SIEMLAB_PASSWORD", "geheim")
    with pytest.raises(StoreError) as raised:
        Lab(store=url)
    assert accounts[0] is None
    assert accounts[-1] == "Basic " + b64encode(b"analyst:geheim").decode()
    assert "geheim" not in str(raised.value)


def test_a_url_is_a_server_and_nothing_else():
    with pytest.raises(StoreError, match="leave the engine out"):
        Lab(store="http://127.0.0.1:9", engine="duckdb")


@pytest.mark.opensearch
def test_a_real_opensearch_gives_the_same_answers(lab, empty_opensearch, monkeypatch, capsys):
    from siemlab.normalize.document import Document

    monkeypatch.setenv("SIEMLAB_OPENSEARCH", empty_opensearch)
    assert lab.opensearch() is None
    assert "siemlab load data/sample --engine opensearch" in capsys.readouterr().out
    hits = lab.events(Query("*")).scan()
    open_store(empty_opensearch).add(Document(hit.index, hit.id, hit.source) for hit in hits)
    server = lab.opensearch()
    assert f"OpenSearch at {empty_opensearch}: 226 documents." in capsys.readouterr().out
    events = lab.events("log-aws-*").exists("source.ip").time("2022-11-14", tz="Asia/Tokyo")
    assert events.on(server).count() == events.count() > 0
    assert events.on(server).top("source.ip", 20) == events.top("source.ip", 20)
    assert events.on(server).histogram("1h") == events.histogram("1h")
    assert events.on(lab.on("opensearch")).newest(20) == events.newest(20)
    server.close()
