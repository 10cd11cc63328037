import os
import re
import shlex
import subprocess
import sys

import click
import pytest

from siemlab.cli import main
from siemlab.cli.program import program

from .conftest import ROOT, SIEMLAB

# What needs a server, a bucket or a file of the reader's own cannot run here; what takes minutes
# has tests of its own (tests/datasets).
ELSEWHERE = re.compile(
    r"https?://|s3://|GeoLite2|opensearch up|--engine opensearch|verify data/small|"
    r"siemlab (?:build|prepare|prove)"
)
# The sample was written for what a SIEM makes of it, oddities included: not all of it is true.
CODES = {"siemlab opensearch status": 4, "siemlab verify data/sample": 3}


def commands(group, path=()):
    for name, found in sorted(group.commands.items()):
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


COMMANDS = [((), program), *commands(program)]
EXAMPLES = [line for _, found in COMMANDS for line in found.examples]


def words(path):
    return " ".join(path) or "siemlab"


@pytest.mark.parametrize(("path", "found"), COMMANDS, ids=[words(path) for path, _ in COMMANDS])
def test_help_stands_in_both_languages_with_examples(siemlab, path, found):
    english = siemlab(*path, "--help")
    japanese = siemlab("--lang", "ja", *path, "--help")
    assert english.exit_code == japanese.exit_code == 0
    assert english.stdout.startswith("Usage: siemlab")
    assert japanese.stdout.startswith("使い方: siemlab")
    assert found.examples
    for line in found.examples:
        assert line in english.stdout
        assert line in japanese.stdout
    for option in found.params:
        if isinstance(option, click.Option):
            assert option.help in " ".join(english.stdout.split())
            # Japanese has no blanks, so a line may end anywhere in it.
            assert "".join(option.ja.split()) in "".join(japanese.stdout.split())
            assert option.ja != option.help


@pytest.mark.parametrize(
    "args",
    [
        ("query", "--help", "--lang", "ja"),
        ("--lang", "ja", "query", "--help"),
        ("opensearch", "--lang", "ja", "--help"),
        ("opensearch", "--lang", "ja", "status", "--help"),
    ],
    ids=" ".join,
)
def test_help_is_read_wherever_the_language_stands(siemlab, args):
    result = siemlab(*args)
    assert result.exit_code == 0
    assert result.stdout.startswith("使い方")


def test_the_program_without_a_command_shows_its_help(siemlab):
    result = siemlab()
    assert result.exit_code == 2
    assert "Usage: siemlab" in result.output


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_option_of_an_example_exists(line):
    _, *args = shlex.split(line.split("|")[0].split(" > ")[0])
    found = program
    while args and isinstance(found, click.Group):
        found = found.commands[args.pop(0)]
    known = {spelling for option in found.params for spelling in option.opts}
    assert {arg for arg in args if arg.startswith("--")} <= known


@pytest.fixture
def place(tmp_path, monkeypatch, sample_store):
    """A folder that looks like a checkout, with the sample loaded."""
    for name in ("data", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setenv("SIEMLAB_STORE", str(sample_store))
    monkeypatch.setenv("PATH", f"{SIEMLAB.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize("line", [line for line in EXAMPLES if not ELSEWHERE.search(line)])
def test_an_example_runs_as_it_stands(place, line):
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == CODES.get(line, 0), run.stderr
    assert run.stdout or " > " in line or "--check" in line
    assert "note: " not in run.stderr


def test_a_command_does_not_wait_for_what_only_notebooks_need():
    code = "import sys, siemlab.cli; print({'IPython', 'ipywidgets', 'pandas'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_version_is_that_of_the_package(siemlab):
    import siemlab as package

    assert package.__version__ in siemlab("--version").stdout


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["load"], "'SOURCE...' を指定してください。"),
        (["info", "--nothing"], "オプション --nothing はありません。"),
        (["nothing"], "コマンドがありません: 'nothing'."),
        (["query", "--size", "many"], "'--size' の値が正しくありません: 'many' ではなく、1 以上"),
        (["query", "--size", "0"], "'--size' の値が正しくありません: 0 ではなく、1 以上"),
        (
            ["build", "small", "--jobs", "99"],
            "'--jobs' の値が正しくありません: 99 ではなく、1 以上 64 以下の整数を",
        ),
        (
            ["opensearch", "up", "--port", "x"],
            "'--port' の値が正しくありません: 'x' ではなく、整数を",
        ),
        (
            ["info", "--format", "xml"],
            "'--format' の値が正しくありません: 'xml' ではなく、table、ndjson、csv の",
        ),
        (["load", "x", "--ca-certs", "no"], "'--ca-certs' の値が正しくありません: "),
        (["query", "--size"], "オプション --size の使い方が正しくありません。"),
    ],
)
def test_mistakes_of_usage_are_said_in_japanese(siemlab, args, sentence):
    result = (
        siemlab(*args, "--lang", "ja") if args[-1] != "--size" else siemlab("--lang", "ja", *args)
    )
    assert result.exit_code == 2
    assert result.stderr.startswith(f"エラー: {sentence}")
    assert "ヘルプ: siemlab" in result.stderr


def test_a_terminal_that_is_not_unicode_still_gets_an_answer(process, sample_store):
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "LANG": "C"}
    run = process("query", "--store", sample_store, "--top", "event.module", env=environ)
    assert run.returncode == 0
    assert b"secure" in run.stdout


def test_main_ends_the_process_with_the_exit_code(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["siemlab", "info"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 4
    assert "siemlab load" in capsys.readouterr().err
