"""Bad input is refused with its place and its reason, and the rest goes on: for every log type."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.errors import LogFormatError
from siemlab.logs import LOG_TYPES
from siemlab.normalize import (
    Document,
    NormalizeOptions,
    Refused,
    Tally,
    normalize,
    normalize_object,
)

from .bad_input_table import CASES, GOOD, KINDS, LIMITS, Case, Kind, good, lines
from .conftest import log_object

TABLE = Path(__file__).with_name("bad_input_table.py")
# Where records stand in a list instead, a lost quote may take a neighbor along.
ONE_A_LINE = [kind for kind in KINDS if kind.file is lines]
HARMLESS = {"byte order mark", "CRLF", "the loader's own call"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_bad_input_gives_the_documents_and_refusals_of_the_table(case: Case) -> None:
    tally, refused = case.run()
    total = tally.total
    assert (total.documents, total.refused, total.skipped) == case.expected
    assert total.read == total.documents + total.refused + total.skipped
    for one in refused:
        error = one.error
        assert isinstance(error, LogFormatError)
        assert error.en
        assert error.ja != error.en
        assert error.file in (case.key or case.kind.key, case.kind.key)
        assert error.record > 0 or case.name == "key climbs out"
        assert len(one.raw) <= 4096
        one.raw.encode()


def test_every_log_type_stands_in_the_table_with_every_kind_of_bad_input() -> None:
    assert {kind.name for kind in KINDS} == {kind.name for kind in LOG_TYPES}
    names = {kind.name: {case.name for case in CASES if case.kind is kind} for kind in KINDS}
    assert len({frozenset(cases - HARMLESS) for cases in names.values()}) == 1


def test_the_table_prints_a_line_a_case() -> None:
    done = subprocess.run([sys.executable, str(TABLE)], capture_output=True, text=True, check=True)
    *_, last = printed = done.stdout.splitlines()
    assert len(printed) == len(CASES) + 2
    assert last == f"{len(CASES)} cases of 12 log types, 0 not as expected"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_refused_record_has_its_number_and_the_records_around_it_stay(kind: Kind) -> None:
    outcomes = list(normalize_object(log_object(kind.key, good(kind, b"null"))))
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "Document",
        "Document",
        "Refused",
        "Document",
    ]
    assert outcomes[2].error.record == GOOD  # type: ignore[union-attr]
    assert outcomes[2].raw == "null"  # type: ignore[union-attr]


FIELDS = {
    "duplicate keys": "twice",
    "time missing": {
        "alb": "timestamp",
        "cloudtrail": "eventTime",
        "guardduty": "updatedAt",
        "linux-secure": "timestamp",
        "s3accesslog": "RequestDateTime",
        "vpcflowlogs": "end",
        "waf": "timestamp",
    },
}


@pytest.mark.parametrize(
    ("case", "field"),
    [
        pytest.param(case, field, id=case.id)
        for case in CASES
        if (named := FIELDS.get(case.name))
        and (case.kind.is_json or case.name == "time missing")
        and (field := named if isinstance(named, str) else named.get(case.kind.name))
    ],
)
def test_the_field_to_blame_is_named(case: Case, field: str) -> None:
    assert [one.error.field for one in case.run()[1]] == [field]


def test_strict_ends_with_the_first_refusal(tmp_path: Path) -> None:
    kind = KINDS[1]
    file = tmp_path / kind.key
    file.parent.mkdir(parents=True)
    file.write_bytes(good(kind, b"null"))
    outcomes = normalize([tmp_path], NormalizeOptions(strict=True))
    assert isinstance(next(outcomes), Document)
    assert isinstance(next(outcomes), Document)
    with pytest.raises(LogFormatError, match="record 3: the record is null"):
        next(outcomes)


# ---------------------------------------------------------------- whatever the bytes are


def damaged(data: bytes, seed: int, hits: int) -> bytes:
    """The same bytes with some places changed, cut out, or doubled."""
    random_ = random.Random(seed)
    made = bytearray(data)
    for _ in range(hits):
        at = random_.randrange(len(made))
        kind = random_.randrange(4)
        if kind == 0:
            made[at] = random_.choice(b'{}[]",:\\\n\0\xff 0N')
        elif kind == 1:
            del made[at : at + random_.randrange(1, 40)]
        elif kind == 2:
            made[at:at] = made[at : at + random_.randrange(1, 40)]
        else:
            made[at:at] = bytes(random_.choices(b'{}[]",:\\\n\0\xff 0N', k=3))
        if not made:
            return b"x" * 20
    return bytes(made)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 1 << 32),
    hits=st.integers(1, 12),
    packed=st.booleans(),
)
def test_damaged_files_raise_nothing_and_every_record_is_counted(
    kind: Kind, seed: int, hits: int, packed: bool
) -> None:
    data = kind.file([kind.good(number).encode() for number in range(30)], b"\n")
    data = damaged(gzip.compress(data) if packed else data, seed, hits)
    tally = Tally()
    for outcome in normalize_object(log_object(kind.key, data), NormalizeOptions(limits=LIMITS)):
        tally.see(outcome)
        if isinstance(outcome, Document):
            json.dumps(outcome.source, ensure_ascii=False, allow_nan=False).encode()
        elif isinstance(outcome, Refused):
            outcome.raw.encode()
            str(outcome.error).encode()
    assert tally.total.read == sum(count.read for count in tally.files.values())


@settings(max_examples=100, deadline=None)
@given(
    kind=st.sampled_from(ONE_A_LINE),
    seed=st.integers(0, 1 << 32),
)
def test_one_damaged_record_costs_no_other_line(kind: Kind, seed: int) -> None:
    records = [kind.good(number).encode() for number in range(20)]
    whole = ids(kind, records)
    broken = damaged(records[10], seed, 1).replace(b"\n", b"").replace(b"\r", b"")
    left = ids(kind, [*records[:10], broken, *records[11:]])
    assert whole[:10] == left[:10]
    assert whole[11:] == left[-9:]


def ids(kind: Kind, records: list[bytes]) -> list[str]:
    found = normalize_object(log_object(kind.key, kind.file(records, b"\n")))
    return [outcome.id for outcome in found if isinstance(outcome, Document)]
