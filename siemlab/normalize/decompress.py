"""Packed bytes in, plain bytes out: by what the bytes are, not by their name, within limits.

AWS packs most log objects with gzip, some as several gzip members one after another, and gives
some of them names without ``.gz``. So the first bytes decide.
"""

from __future__ import annotations

import bz2
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from siemlab.errors import LogFormatError

__all__ = ["Limits", "decompress", "packing"]

READ = 1 << 16
WRITE = 1 << 18
IN_MEMORY = 16 << 20  # a zip is read from its end: kept in memory up to here, then on disk

MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PAR1", "parquet"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a log object may expand, and how long a record may be.

    Parameters
    ----------
    ratio
        Plain bytes for each packed byte. Genuine logs stay far below 200: CloudTrail packs 10 to
        25 times, the flow records of one port scan, which differ in a port alone, 15 to 40 times.
        A gzip bomb reaches 1,030 times, one of bzip2 a million.
    free
        Plain bytes before the ratio counts at all, so that a short file of equal lines passes.
    record
        The longest record, in bytes. CloudTrail cuts its records at 256 kB, AWS Config's
        largest items have some MB.

    Examples
    --------
    >>> Limits().record
    33554432
    """

    ratio: int = 200
    free: int = 16 << 20
    record: int = 32 << 20


class _Unpacker(Protocol):
    """What the decompressors of zlib, bz2 and lzma have in common, once wrapped."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def pieces(self, data: bytes) -> Iterator[bytes]: ...


def packing(head: bytes) -> str:
    r"""Tell how bytes are packed by how they begin.

    Parameters
    ----------
    head
        The first bytes, six are enough.

    Returns
    -------
    str
        ``gzip``, ``bzip2``, ``zip``, ``xz``, ``parquet``, or empty for plain bytes.

    Examples
    --------
    >>> packing(b"\x1f\x8b\x08\x00"), packing(b'{"Records":[')
    ('gzip', '')
    """
    for magic, name in MAGIC:
        if head.startswith(magic):
            return name
    return ""


def decompress(
    stream: BinaryIO, limits: Limits | None = None, *, nested: bool = False
) -> Iterator[bytes]:
    """Read a stream to its end as plain bytes, piece by piece.

    Parameters
    ----------
    stream
        The packed or plain bytes; needs nothing but ``read``.
    limits
        How far it may expand; the default limits when left out.
    nested
        Let plain bytes be packed again: an archive holds packed files, a log object does not.

    Yields
    ------
    bytes
        At most 256 kB each, and never an empty piece.

    Raises
    ------
    LogFormatError
        After the pieces that could be read: the bytes are cut or broken, expand beyond the
        limit, are packed twice, are followed by something else, or cannot be read.

    Examples
    --------
    >>> import gzip, io
    >>> b"".join(decompress(io.BytesIO(gzip.compress(b"one ") + gzip.compress(b"two"))))
    b'one two'
    """
    limits = limits or Limits()
    try:
        head = stream.read(READ)
        pieces = _opened(stream, head, limits)
        for number, piece in enumerate(pieces):
            if number == 0 and not nested and packing(head) and packing(piece):
                raise _bad(
                    "the file is packed twice; unpack it once",
                    "二重に圧縮されています。一度展開してください",
                )
            yield piece
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _bad(
            f"the file cannot be read to its end ({error})",
            f"ファイルを最後まで読めません（{error}）",
        ) from error


def _opened(stream: BinaryIO, head: bytes, limits: Limits) -> Iterator[bytes]:
    kind = packing(head)
    if kind == "gzip":
        return _members(stream, head, limits, b"\x1f\x8b", _Zlib)
    if kind == "bzip2":
        return _members(stream, head, limits, b"BZh", _Bz2)
    if kind == "xz":
        return _members(stream, head, limits, b"\xfd7zXZ", _Xz)
    if kind == "zip":
        return _zipped(stream, head, limits)
    if kind == "parquet":
        raise _bad("Parquet files are not read", "Parquet ファイルは読めません")
    return _plain(stream, head)


def _plain(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    while head:
        yield head
        head = stream.read(READ)


class _Zlib:
    """Gzip. What zlib has already unpacked when it meets broken bytes is not lost."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data and not self._unpacker.eof:
            before = self._unpacker.copy()
            try:
                piece = self._unpacker.decompress(data, WRITE)
            except zlib.error as error:
                yield from self._until_broken(before, data)
                raise OSError(str(error)) from error
            data = self._unpacker.unconsumed_tail
            if piece:
                yield piece

    @staticmethod
    def _until_broken(unpacker: zlib._Decompress, data: bytes) -> Iterator[bytes]:
        found = bytearray()
        try:
            for at in range(len(data)):
                found += unpacker.decompress(data[at : at + 1])
        except zlib.error:
            pass
        if found:
            yield bytes(found)


class _Bz2:
    """Bzip2, and by `make` anything with the same methods."""

    make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor] = bz2.BZ2Decompressor

    def __init__(self) -> None:
        self._unpacker = type(self).make()

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._unpacker.needs_input or self._unpacker.eof):
            try:
                piece = self._unpacker.decompress(data, WRITE)
            except lzma.LZMAError as error:
                raise OSError(str(error)) from error
            data = b""
            if piece:
                yield piece


class _Xz(_Bz2):
    """Xz, for archives: AWS packs no log with it."""

    make = lzma.LZMADecompressor


def _members(
    stream: BinaryIO,
    head: bytes,
    limits: Limits,
    magic: bytes,
    make: Callable[[], _Unpacker],
) -> Iterator[bytes]:
    """Unpack members one after another, until the stream ends or goes on with something else."""
    packed, plain = len(head), 0
    unpacker = make()
    data = head
    while data:
        for piece in unpacker.pieces(data):
            plain += len(piece)
            if plain > limits.free and plain > limits.ratio * packed:
                raise _too_far(limits)
            yield piece
        data = unpacker.unused_data if unpacker.eof else b""
        if unpacker.eof:
            unpacker = make()
            data, more = _next_member(stream, data, magic)
        else:
            data = stream.read(READ)
            more = len(data)
            if not data:
                raise _bad("the file is cut off", "ファイルが途中で切れています")
        packed += more


def _next_member(stream: BinaryIO, rest: bytes, magic: bytes) -> tuple[bytes, int]:
    """Return what follows a member, and how much was read for it; zero bytes are padding."""
    more = 0
    rest = rest.lstrip(b"\0")
    while len(rest) < len(magic):
        data = stream.read(READ)
        if not data:
            break
        more += len(data)
        rest = (rest + data).lstrip(b"\0") if not rest else rest + data
    if rest and not rest.startswith(magic):
        raise _bad(
            f"something else follows the packed data: {rest[:16]!r}",
            f"圧縮データの後に別のデータが続いています: {rest[:16]!r}",
        )
    return rest, more


def _zipped(stream: BinaryIO, head: bytes, limits: Limits) -> Iterator[bytes]:
    """Unpack the first member of a zip, which is what the SIEM's loader does."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        copy.write(head)
        shutil.copyfileobj(stream, copy)
        with zipfile.ZipFile(copy) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if not members:
                return
            with archive.open(members[0]) as member:
                plain = 0
                while piece := member.read(WRITE):
                    plain += len(piece)
                    if plain > limits.free and plain > limits.ratio * members[0].compress_size:
                        raise _too_far(limits)
                    yield piece


def _bad(en: str, ja: str) -> LogFormatError:
    return LogFormatError(en, ja)


def _too_far(limits: Limits) -> LogFormatError:
    return _bad(
        f"the file expands more than {limits.ratio} times, as decompression bombs do;"
        " raise the ratio if you trust it",
        f"展開すると {limits.ratio} 倍を超えます（圧縮爆弾の疑い）。"
        "信頼できるファイルなら上限（ratio）を上げてください",
    )
