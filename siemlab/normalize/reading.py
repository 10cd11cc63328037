"""The text of a log object as far as it has been read, and what was refused of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from siemlab.errors import LogFormatError
from siemlab.normalize.decompress import Limits
from siemlab.normalize.document import Refused

__all__ = ["AT_ONCE", "NO_TEXT", "RAW", "Reading", "is_text", "shown"]

BOM = "\ufeff"
AT_ONCE = 1 << 18  # characters read ahead: some hundred records
SURROGATE = re.compile("[\ud800-\udfff]")
NO_TEXT = (
    "the record holds bytes that are no UTF-8, or half of a surrogate pair",
    "レコードに UTF-8 でないバイト、または片方だけのサロゲートがあります",
)
RAW = 4096  # characters of a refused record that are kept


def is_text(text: str) -> bool:
    r"""Tell whether a text was UTF-8 on disk and can be written as such again.

    Parameters
    ----------
    text
        Text of a `Reading`, in which invalid bytes became lone surrogates.

    Examples
    --------
    >>> is_text("日本"), is_text(b"\xff".decode("utf-8", "surrogateescape"))
    (True, False)
    """
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(text: str) -> str:
    r"""Return the beginning of a text in a form that can be written.

    Parameters
    ----------
    text
        Any text, of a `Reading` or of a JSON string that held half a surrogate pair.

    Returns
    -------
    str
        At most 4,096 characters; what is no UTF-8 is ``\ufffd``.

    Examples
    --------
    >>> shown("a\udcffb")
    'a�b'
    """
    return SURROGATE.sub("\ufffd", text[:RAW])


class Reading:
    r"""The text of one object: a window that moves on, and the number of the next record.

    ``text[at:]`` is what has been read and not used; ``passed`` characters are gone. Invalid
    bytes are lone surrogates in it, so that they spoil the record they stand in and no other.

    Parameters
    ----------
    key
        The object's key, for errors.
    pieces
        Its plain bytes. An error that they end with is kept in ``failure``.
    limits
        How long a record may be.

    Examples
    --------
    >>> reading = Reading("a.json", iter([b"\xef\xbb\xbf{}", b" []"]), Limits())
    >>> reading.more(), reading.text, reading.more(), reading.ended
    (True, '{} []', False, True)
    """

    def __init__(self, key: str, pieces: Iterator[bytes], limits: Limits) -> None:
        self.key = key
        self.limits = limits
        self.text = ""
        self.at = 0
        self.passed = 0
        self.number = 0
        self.ended = False
        self.over = False
        self.failure: LogFormatError | None = None
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._begun = False

    def more(self, wanted: int = AT_ONCE) -> bool:
        """Read on, and let go of what was used.

        Parameters
        ----------
        wanted
            How many unused characters to have afterwards, at least.

        Returns
        -------
        bool
            Whether there is anything new; if not, places in the text stay what they are.
        """
        if self.ended:
            return False
        parts = [self.text[self.at :]]
        before = have = len(parts[0])
        while have < wanted or have == before:
            part = self._next()
            parts.append(part)
            have += len(part)
            if self.ended:
                break
        if have == before:
            return False
        self.passed += self.at
        self.text, self.at = "".join(parts), 0
        return True

    def _next(self) -> str:
        try:
            piece = next(self._pieces, b"")
        except LogFormatError as error:
            piece = b""
            self.failure = error
        part = self._decoder.decode(piece, final=not piece)
        self.ended = not piece
        if not self._begun and part:
            self._begun = True
            part = part.removeprefix(BOM)
        return part

    def refuse(self, en: str, ja: str, raw: str, field: str = "") -> Refused:
        """Refuse the next record.

        Parameters
        ----------
        en, ja
            What is wrong with it, and what to do about it.
        raw
            Its text.
        field
            The field that is to blame, if one is.

        Returns
        -------
        Refused
            With file and record number.
        """
        self.number += 1
        error = LogFormatError(en, ja, file=self.key, record=self.number, field=shown(field))
        return Refused(error, shown(raw))

    def refuse_rest(self, en: str, ja: str, raw: str | None = None) -> Refused:
        """Refuse all that is left, for the failure that ended it, or else for the reason given.

        Parameters
        ----------
        en, ja
            The reason where the bytes themselves were whole.
        raw
            The text of the rest, where it has begun earlier.

        Returns
        -------
        Refused
            One for all. Afterwards nothing is left, and the reading is ``over``.
        """
        if raw is None:
            raw = self.text[self.at : self.at + RAW]
        self.at = len(self.text)
        while self.more():
            self.at = len(self.text)
        self.over = True
        if self.failure:
            en, ja = self.failure.en, self.failure.ja
        return self.refuse(en, ja, raw)
