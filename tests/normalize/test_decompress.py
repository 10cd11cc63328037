"""Packed bytes: recognized by what they are, unpacked in pieces, never beyond the limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.errors import LogFormatError
from siemlab.normalize.decompress import Limits, decompress, packing

TEXT = b"".join(b'{"eventID":"%d"}\n' % number for number in range(5000))
SMALL = Limits(ratio=50, free=1 << 16)


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def unpacked(data: bytes, limits: Limits | None = None) -> bytes:
    return b"".join(decompress(io.BytesIO(data), limits))


def until_error(data: bytes, limits: Limits | None = None) -> tuple[bytes, LogFormatError]:
    """What comes before the error, and the error."""
    pieces = decompress(io.BytesIO(data), limits)
    before = []
    with pytest.raises(LogFormatError) as caught:
        before.extend(iter(lambda: next(pieces), None))
    return b"".join(before), caught.value


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT, id="plain"),
        pytest.param(gzip.compress(TEXT), id="gzip"),
        pytest.param(bz2.compress(TEXT), id="bzip2"),
        pytest.param(lzma.compress(TEXT), id="xz"),
        pytest.param(zipped(("a.json", TEXT), ("b.json", b"other")), id="zip, first member"),
        pytest.param(zipped(("folder/", b""), ("folder/a", TEXT)), id="zip, folder before"),
        pytest.param(gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), id="gzip members"),
        pytest.param(bz2.compress(TEXT[:9]) + bz2.compress(TEXT[9:]), id="bzip2 members"),
        pytest.param(gzip.compress(TEXT) + bytes(512), id="gzip, zeros behind"),
        pytest.param(
            b"".join(gzip.compress(line + b"\n") for line in TEXT.splitlines()),
            id="gzip, a member each record",
        ),
        pytest.param(gzip.compress(b"") + gzip.compress(TEXT), id="gzip, an empty member"),
    ],
)
def test_bytes_are_unpacked_by_what_they_are(data: bytes) -> None:
    assert unpacked(data) == TEXT


class Dripping(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a slow connection does."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__()
        self._data = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, self._size) if size >= 0 else self._size)


@given(
    parts=st.lists(st.binary(max_size=200), max_size=6),
    size=st.integers(7, 90),
    pack=st.sampled_from([gzip.compress, bz2.compress]),
)
def test_members_are_joined_however_the_bytes_arrive(parts, size, pack) -> None:
    stream = Dripping(b"".join(map(pack, parts)), size)
    assert b"".join(decompress(stream, nested=True)) == b"".join(parts)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_truncated_file_gives_what_came_before(pack) -> None:
    noise = random.Random(7).randbytes(2_000_000)
    packed = pack(noise)
    before, error = until_error(packed[: len(packed) * 3 // 4])
    assert len(before) > len(noise) // 4
    assert noise.startswith(before)
    assert error.en == "the file is cut off"


def test_a_gzip_file_with_broken_bytes_gives_all_that_can_be_unpacked() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-8:-4] = b"\0\0\0\0"  # its checksum
    before, error = until_error(bytes(packed))
    assert before == TEXT
    assert "incorrect data check" in error.en


@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_broken_bytes_in_the_middle_end_the_file_with_an_error(at: float) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[int(len(packed) * at)] ^= 0xFF
    before, error = until_error(bytes(packed))
    assert before[:100] == TEXT[:100]
    assert error.message("ja") != error.message("en")


@pytest.mark.parametrize(
    ("pack", "plain"),
    [
        pytest.param(gzip.compress, bytes(20_000_000), id="gzip"),
        pytest.param(bz2.compress, bytes(50_000_000), id="bzip2"),
        pytest.param(lambda data: zipped(("a", data)), bytes(20_000_000), id="zip"),
        pytest.param(
            lambda data: b"".join(gzip.compress(data[:1_000_000]) for _ in range(20)),
            bytes(1_000_000),
            id="gzip, many members",
        ),
    ],
)
def test_a_bomb_is_stopped_early_and_its_memory_never_taken(pack, plain: bytes) -> None:
    bomb = pack(plain)
    sizes = (len(piece) for piece in decompress(io.BytesIO(bomb), SMALL))
    seen: list[int] = []
    tracemalloc.start()
    with pytest.raises(LogFormatError, match="expands more than 50 times"):
        seen.extend(iter(lambda: next(sizes), None))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(seen) < 50 * len(bomb) + SMALL.free + (1 << 18)
    assert peak < 4_000_000


def test_the_default_limits_stop_a_bomb_and_pass_short_files_of_equal_lines() -> None:
    with pytest.raises(LogFormatError, match="expands more than 200 times"):
        unpacked(gzip.compress(bytes(64_000_000)))
    equal_lines = b"2 111122223333 eni-1 - - - - - - - 1674183600 1674183660 - NODATA\n" * 200_000
    assert len(gzip.compress(equal_lines)) * 200 < len(equal_lines)
    assert unpacked(gzip.compress(equal_lines)) == equal_lines


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(TEXT) + b"garbage", "something else follows"),
        (bz2.compress(TEXT) + b"garbage", "something else follows"),
        (gzip.compress(gzip.compress(TEXT)), "packed twice"),
        (gzip.compress(zipped(("a", TEXT))), "packed twice"),
        (b"PAR1" + TEXT, "Parquet"),
        (zipped(("a", TEXT))[:-30], "cannot be read to its end"),
        (b"\x1f\x8b\x08", "cut off"),
        (b"\x1f\x8b\xff" + TEXT, "cannot be read to its end"),
    ],
)
def test_what_cannot_be_unpacked_says_why(data: bytes, reason: str) -> None:
    _, error = until_error(data)
    assert reason in error.en


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(zipped(("a", TEXT)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "cannot be read to its end" in until_error(bytes(data))[1].en


def test_an_empty_zip_and_an_empty_file_hold_nothing() -> None:
    assert unpacked(zipped()) == b""
    assert unpacked(b"") == b""


class Failing(io.RawIOBase):
    """A stream whose connection breaks."""

    def __init__(self) -> None:
        super().__init__()
        self._left = [TEXT[:1000]]

    def read(self, size: int = -1) -> bytes:
        if self._left:
            return self._left.pop()
        raise OSError("connection lost")


def test_a_broken_connection_ends_like_a_cut_file() -> None:
    pieces = decompress(Failing())
    assert next(pieces) == TEXT[:1000]
    with pytest.raises(LogFormatError, match="connection lost"):
        next(pieces)


def test_pieces_are_small_and_not_empty() -> None:
    sizes = [len(piece) for piece in decompress(io.BytesIO(gzip.compress(bytes(10_000_000))))]
    assert max(sizes) <= 1 << 18
    assert min(sizes) > 0
    assert sum(sizes) == 10_000_000


def test_zlib_bytes_without_a_magic_word_are_plain() -> None:
    assert packing(zlib.compress(TEXT)) == ""
