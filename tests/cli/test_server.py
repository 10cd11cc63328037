import random
import shutil
import socket

import pytest

from .conftest import ROOT


@pytest.mark.parametrize(("lang", "word"), [("en", "not running"), ("ja", "停止")])
def test_a_server_that_does_not_run_is_said_with_exit_code_4(siemlab, lang, word):
    result = siemlab("opensearch", "status", "--lang", lang)
    assert result.exit_code == 4
    assert word in result.stdout


def test_stopping_what_does_not_run_is_no_error(siemlab):
    result = siemlab("opensearch", "down")
    assert result.exit_code == 0
    assert result.stdout == "it was not running\n"


def test_a_port_that_cannot_be_used_ends_with_4(siemlab):
    result = siemlab("opensearch", "up", "--port", "80")
    assert result.exit_code == 4
    assert "9201" in result.stderr


def free_port():
    for port in random.sample(range(9210, 9300), 90):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("every port from 9210 to 9299 is in use")


@pytest.mark.opensearch
def test_a_server_is_started_found_by_the_other_commands_and_stopped(siemlab, logs):
    port = free_port()
    up = siemlab("opensearch", "up", "--port", port)
    try:
        assert up.exit_code == 0, up.output
        assert f"http://127.0.0.1:{port}" in up.stdout
        assert siemlab("opensearch", "status").exit_code == 0
        assert siemlab("load", logs(None, None), "--engine", "opensearch").exit_code == 0
        assert siemlab("query", "--engine", "opensearch", "--count").stdout == "2\n"
    finally:
        down = siemlab("opensearch", "down")
    assert down.stdout == "stopped\n"
    assert siemlab("query", "--engine", "opensearch", "--count").exit_code == 4


def test_notebooks_that_are_out_of_date_are_named_with_exit_code_1(siemlab, tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    ask = ("editions", "--notebooks", tmp_path / "notebooks")
    assert siemlab(*ask, "--check").exit_code == 0
    stale = tmp_path / "notebooks/ja/first-look.ipynb"
    stale.write_text("{}")
    result = siemlab(*ask, "--check")
    assert result.exit_code == 1
    assert result.stdout == f"{stale}\n"
    assert stale.read_text() == "{}"
    assert siemlab(*ask).exit_code == 0
    assert siemlab(*ask, "--check").exit_code == 0


def test_a_folder_without_missions_is_said(siemlab, tmp_path):
    result = siemlab("editions", "--notebooks", tmp_path, "--lang", "ja")
    assert result.exit_code == 1
    assert result.stderr.startswith("エラー: ")
