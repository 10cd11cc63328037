"""The documents are those of AWS's own SIEM loader, field for field."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from siemlab.logs import LOG_TYPES, recognize

from .conftest import CASES, GOLDEN, ROOT, Case, documents_of, read_expected

# Genuine logs may not be copied into the project: they lie beside the checkout, or nowhere.
REAL = ROOT.parent / "shared" / "real"


def differing(expected: object, found: object, path: str = "") -> list[str]:
    """The paths at which two documents differ; true is not 1."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for name in sorted(expected.keys() | found.keys())
            for line in differing(expected.get(name), found.get(name), f"{path}.{name}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for at, pair in pairs for line in differing(*pair, f"{path}[{at}]")]
    is_truth = isinstance(expected, bool) or isinstance(found, bool)
    if expected == found and (not is_truth or expected is found):
        return []
    return [f"{path}: expected {expected!r}, found {found!r}"]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.name)
def test_the_documents_of_a_golden_file_are_those_of_the_siem(case: Case) -> None:
    expected, found = case.expected, documents_of(case.key, case.raw)
    assert found.keys() == expected.keys()
    assert [line for key in expected for line in differing(expected[key], found[key])] == []


def test_every_log_type_has_golden_files() -> None:
    assert {case.folder.parent.name for case in GOLDEN} == {kind.name for kind in LOG_TYPES}
    assert {path.name for path in CASES.iterdir()} == {kind.name for kind in LOG_TYPES}


def key_of(file: Path) -> str:
    """The key under which CloudTrail had written a file of this name."""
    account, _, region, time, _ = file.name.split("_")
    day = f"{time[:4]}/{time[4:6]}/{time[6:8]}"
    return f"AWSLogs/{account}/CloudTrail/{region}/{day}/{file.name}"


@pytest.fixture(scope="module")
def real_files() -> list[Path]:
    files = sorted((REAL / "cloudtrail").glob("*.json"))
    if not files or not (REAL / "expected.ndjson.gz").exists():
        reason = (
            "the genuine CloudTrail files are missing: ../shared/real/cloudtrail/*.json and"
            " ../shared/real/expected.ndjson.gz, beside the checkout"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return files


def test_the_documents_of_all_genuine_files_are_those_of_the_siem(real_files: list[Path]) -> None:
    text = gzip.decompress((REAL / "expected.ndjson.gz").read_bytes()).decode()
    expected = read_expected(text)
    found = {}
    for file in real_files:
        found.update(documents_of(key_of(file), file.read_bytes()))
    assert len(expected) == 1769
    assert found.keys() == expected.keys()
    assert [line for key in expected for line in differing(expected[key], found[key])] == []


def test_genuine_files_are_known_by_their_names_when_they_lie_outside_their_folders(
    real_files: list[Path],
) -> None:
    kinds = {recognize(f"cloudtrail/{file.name}") for file in real_files}
    assert [kind.name for kind in kinds if kind] == ["cloudtrail"]
