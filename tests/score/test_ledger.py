"""The ledger survives what happens to files: a crash, two kernels, a full disk, a wrong file."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.errors import StoreError
from siemlab.score import KINDS, Event, Ledger

NOON = datetime(2022, 11, 24, 12, tzinfo=UTC)
TRY = Event(NOON, "try", "L1-A.3", ("192.0.2.7",))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "progress" / "t07.jsonl")


def test_a_ledger_that_is_not_there_yet_is_empty(ledger: Ledger) -> None:
    assert ledger.events() == []
    assert not ledger.path.exists()


def test_events_come_back_in_the_order_of_writing(ledger: Ledger) -> None:
    written = [Event(NOON, kind, "L0.1", ("a",)) for kind in KINDS]  # type: ignore[arg-type]
    for event in written:
        ledger.append(event)
    assert ledger.events() == written


def test_an_event_is_one_line_of_json(ledger: Ledger) -> None:
    ledger.append(Event(NOON, "try", "L0.1", ("a\nb", "値")))
    (line,) = ledger.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["texts"] == ["a\nb", "値"]


def test_a_hint_is_kept_with_its_number(ledger: Ledger) -> None:
    ledger.append(Event(NOON, "hint", "L0.1", number=2))
    assert [event.number for event in ledger.events()] == [2]


def test_a_hint_of_an_earlier_version_has_no_number_and_still_counts(ledger: Ledger) -> None:
    ledger.path.parent.mkdir()
    line = '{"at":"2022-11-24T12:00:00Z","kind":"hint","question":"L0.1","texts":[]}'
    ledger.path.write_text(f"{line}\n", encoding="utf-8")
    assert ledger.events() == [Event(NOON, "hint", "L0.1")]


def test_times_are_kept_in_utc(ledger: Ledger) -> None:
    tokyo = timezone(timedelta(hours=9))
    ledger.append(Event(NOON.astimezone(tokyo), "open", "L0.1"))
    (event,) = ledger.events()
    assert event.at == NOON
    assert event.at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="zone"):
        Event(NOON.replace(tzinfo=None), "open", "L0.1")


@pytest.mark.parametrize("kept", range(1, 20, 3))
def test_a_line_that_a_crash_cut_short_is_left_out_and_the_next_is_whole(
    ledger: Ledger, kept: int
) -> None:
    ledger.append(TRY)
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + whole[:kept])
    assert ledger.events() == [TRY]
    ledger.append(Event(NOON, "hint", "L0.1"))
    assert [event.kind for event in ledger.events()] == ["try", "hint"]
    assert whole[:kept] in ledger.path.read_bytes()


@pytest.mark.parametrize("kept", [0, 1, 5, 12])
def test_a_crash_in_the_very_first_line_is_survived(ledger: Ledger, kept: int) -> None:
    ledger.append(TRY)
    ledger.path.write_bytes(ledger.path.read_bytes()[:kept])
    assert ledger.events() == []
    ledger.append(TRY)
    assert ledger.events() == [TRY]


def test_a_whole_line_that_lacks_only_its_end_counts(ledger: Ledger) -> None:
    ledger.append(TRY)
    ledger.path.write_bytes(ledger.path.read_bytes().rstrip())
    assert ledger.events() == [TRY]
    ledger.append(TRY)
    assert ledger.events() == [TRY, TRY]


def test_kinds_of_a_later_version_are_left_out(ledger: Ledger) -> None:
    ledger.append(TRY)
    later = '{"at":"2022-11-24T12:00:00Z","kind":"bonus","question":"L0.1","texts":[]}\n'
    ledger.path.write_text(later + ledger.path.read_text())
    assert ledger.events() == [TRY]


@pytest.mark.parametrize("content", ["# Notes\n\nfirst\n", '["a", "b"]\n', "\x00\x01\n"])
def test_a_file_that_is_no_ledger_is_named_with_its_line(ledger: Ledger, content: str) -> None:
    ledger.path.parent.mkdir()
    ledger.path.write_text(content)
    with pytest.raises(StoreError) as caught:
        ledger.events()
    assert "t07.jsonl, line 1" in str(caught.value)
    assert "1 行目" in caught.value.message("ja")


def test_a_folder_that_takes_no_file_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "progress").write_text("in the way")
    with pytest.raises(StoreError, match="SIEMLAB_PROGRESS") as caught:
        Ledger(tmp_path / "progress" / "base.jsonl").append(TRY)
    assert "SIEMLAB_PROGRESS" in caught.value.message("ja")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    full = tmp_path / "base.jsonl"
    full.symlink_to("/dev/full")
    with pytest.raises(StoreError, match="cannot be written"):
        Ledger(full).append(TRY)


def test_a_very_long_text_is_kept_too_long_and_no_longer(ledger: Ledger) -> None:
    ledger.append(Event(NOON, "try", "L0.1", ("x" * 1_000_000,)))
    (event,) = ledger.events()
    assert len(event.texts[0]) == 2001


@given(st.lists(st.text(st.characters()), max_size=3))
@settings(max_examples=50, deadline=None)
def test_any_text_that_a_page_sends_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("any") / "base.jsonl")
    ledger.append(Event(NOON, "try", "L0.1", tuple(texts)))
    (event,) = ledger.events()
    assert event.texts == tuple(text.encode(errors="replace").decode() for text in texts)


def test_two_kernels_at_once_lose_nothing(ledger: Ledger) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from siemlab.score import Event, Ledger; ledger = Ledger(Path(sys.argv[1]));"
        "[ledger.append(Event(datetime.now(UTC), 'try', 'L0.1', (sys.argv[2] * 500, str(n))))"
        " for n in range(40)]"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", code, str(ledger.path), name]) for name in "ab"
    ]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0]
    for name in "ab":
        own = [event.texts[1] for event in ledger.events() if event.texts[0][0] == name]
        assert own == [str(number) for number in range(40)]
