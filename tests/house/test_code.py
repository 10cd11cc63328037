"""Sizes, exported names, forbidden calls, and reasons beside suppressions."""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import siemlab

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "siemlab").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
ROOMS = (
    "errors",
    "lab",
    "query",
    "store",
    "normalize",
    "logs",
    "baseline",
    "server",
    "editions",
    "realism",
    "datasets",
    "scenarios",
    "simulate",
    "widgets",
    "charts",
    "ecs",
    "missions",
    "check",
    "score",
    "proofs",
)
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(siemlab.__path__, "siemlab.")
    if not info.name.endswith(".__main__")
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its lines: all of them, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = ast.get_docstring(node, clean=False) is not None
            docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_a_module_has_at_most_400_lines_and_its_functions_50(path: Path) -> None:
    assert lines_of(path) <= 400
    assert [found for found in functions(path) if found[1] > 50] == []


def test_a_test_module_has_at_most_800_lines_and_its_functions_60() -> None:
    assert [name_of(path) for path in TESTS if lines_of(path) > 800] == []
    long = [(name_of(path), *found) for path in TESTS for found in functions(path)]
    assert [found for found in long if found[-1] > 60] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_exports_and_has_it(name: str) -> None:
    module = importlib.import_module(name)
    exported = list(module.__all__)
    assert exported == list(dict.fromkeys(exported))
    assert [item for item in exported if not hasattr(module, item)] == []
    assert [item for item in exported if item.startswith("_")] == []
    assert module.__doc__


def public_classes_and_functions() -> Iterator[tuple[str, object]]:
    for name in MODULES:
        module = importlib.import_module(name)
        for item in module.__all__:
            value = getattr(module, item)
            if callable(value) and getattr(value, "__module__", "") == name:
                yield f"{name}.{item}", value


def test_what_is_exported_is_documented() -> None:
    bare = [name for name, value in public_classes_and_functions() if not value.__doc__]
    assert bare == []


@pytest.mark.parametrize("room", ["", *ROOMS])
def test_every_function_that_a_room_offers_has_an_example(room: str) -> None:
    module = importlib.import_module(f"siemlab.{room}".rstrip("."))
    offered = [(name, getattr(module, name)) for name in module.__all__]
    bare = [
        name
        for name, value in offered
        if inspect.isfunction(value) and "Examples\n" not in (inspect.getdoc(value) or "")
    ]
    assert bare == []


def test_siemlab_offers_at_most_eight_names_and_loads_each_when_it_is_used() -> None:
    assert 1 <= len(siemlab.__all__) <= 8
    assert set(siemlab.__all__) <= set(dir(siemlab))
    for name in siemlab.__all__:
        assert getattr(siemlab, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = siemlab.nothing_of_this_name


HEAVY = {
    "IPython",
    "altair",
    "anywidget",
    "boto3",
    "duckdb",
    "ipywidgets",
    "jsonschema",
    "maxminddb",
    "nbformat",
    "numpy",
    "opensearchpy",
    "orjson",
    "pandas",
    "pyarrow",
    "regex",
    "tqdm",
    "ua_parser",
    "yaml",
}

IMPORT = """
import sys, time
before = time.perf_counter()
import siemlab
print(time.perf_counter() - before)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_import_siemlab_loads_nothing_heavy_and_takes_a_moment() -> None:
    times = []
    for _ in range(5):
        run = subprocess.run(
            [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True
        )
        seconds, modules = run.stdout.splitlines()
        times.append(float(seconds))
        assert HEAVY & set(modules.split()) == set()
    assert sorted(times)[2] < 0.3


def test_imports_go_down_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
# The cells of a mission's master are code of this repository, and are run to prove its answers.
RUNS_MASTERS = "siemlab/proofs/running.py"


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_log_text_is_never_run_as_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    imported, called = set(), set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    assert imported & UNSAFE_MODULES == set()
    allowed = {"compile", "exec"} if name_of(path) == RUNS_MASTERS else set()
    assert called & UNSAFE_CALLS == allowed


def test_no_page_is_made_of_log_text() -> None:
    page_files = [path for path in (ROOT / "siemlab").rglob("*") if path.suffix in {".py", ".js"}]
    guilty = [name_of(p) for p in page_files if "innerHTML" in p.read_text(encoding="utf-8")]
    assert guilty == []


SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|nosec).*")
RULE = r"(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[a-z, -]+\])"
WITH_RULE = re.compile(rf"#\s*{RULE}")
WITH_REASON = re.compile(rf"#\s*{RULE}\s+(#|--|-)?\s*[A-Za-z].{{5,}}")


def bare_suppressions(lines: list[str]) -> list[str]:
    """Those without a rule, or without a reason behind it or in a comment right above."""
    found = []
    for above, line in itertools.pairwise(["", *lines]):
        comment = SUPPRESSION.search(line)
        if comment and not WITH_REASON.match(comment[0]):
            reason_above = above.strip().startswith("# ") and WITH_RULE.match(comment[0])
            found += [] if reason_above else [line.strip()]
    return found


def test_a_suppression_names_its_rule_and_its_reason() -> None:
    bare = {
        name_of(path): found
        for path in PACKAGE
        if (found := bare_suppressions(path.read_text(encoding="utf-8").splitlines()))
    }
    assert bare == {}


def test_a_suppression_in_a_test_names_its_rule() -> None:
    bare = [
        f"{name_of(path)}: {line.strip()}"
        for path in TESTS
        if path != Path(__file__)
        for line in path.read_text(encoding="utf-8").splitlines()
        if (found := SUPPRESSION.search(line)) and not WITH_RULE.match(found[0])
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("comment", "fine"),
    [
        ("# noqa: S608 -- names are checked against the mapping", True),
        ("# noqa: S603, S607  # the command is ours", True),
        ("# type: ignore[arg-type]  # the library has no types here", True),
        ("# noqa", False),
        ("# noqa: S608", False),
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# pragma: no cover", False),
    ],
)
def test_the_rule_for_suppressions_tells_good_from_bad(comment: str, fine: bool) -> None:
    assert (bare_suppressions(["x = 1", f"y = x  {comment}"]) == []) is fine


def test_the_reason_for_a_suppression_may_stand_above_it() -> None:
    assert bare_suppressions(["# the command is ours", "run(command)  # noqa: S603"]) == []
    assert bare_suppressions(["# the command is ours", "run(command)  # noqa"]) != []


def test_nothing_is_left_to_be_done_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")
    left = [name_of(p) for p in PACKAGE + TESTS if later.search(p.read_text(encoding="utf-8"))]
    assert left == []
