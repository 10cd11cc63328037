"""A reader that walks through JSON text piece by piece, and finds its way again after an error."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from siemlab.normalize.document import Refused
from siemlab.normalize.jsonvalue import MOST_LEVELS, FaultError, balanced_end, end_of, strict
from siemlab.normalize.reading import RAW, Reading

__all__ = ["CUT", "ValueReader"]

SPACE = re.compile(r"[ \t\r\n]*")
FIRST_KEY = re.compile(r'\{[ \t\r\n]*"(?:[^"\\\x00-\x1f]|\\.)*"[ \t\r\n]*:')
AFTER_SCALAR = re.compile(r"[ \t]*(?:[,:{}\]\r\n]|\Z)")  # else the line is text of another kind
LIST = r'(?:\{[ \t\r\n]*)?"%s"[ \t\r\n]*:[ \t\r\n]*\['
LONGEST_KEY = 256
UNFINISHED = 16  # an error this near to the end of what is read may be gone with more of it
SEARCHED = 1 << 20  # how far ahead the end of a broken record is looked for before giving it up
PATIENCE = 1 << 25  # how much is searched in vain, beyond what is read, before giving up the file
CUT = ("the JSON text ends too early", "JSON が途中で終わっています")


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a value is no record, and where it ends; ``end`` 0: nobody can tell."""

    en: str
    ja: str
    field: str = ""
    end: int = 0


class ValueReader:
    """Walks through the text of a `Reading`, value by value.

    Wherever a method leaves ``reading.at``, the next call goes on from there; after an error that
    is the place where the next record seems to begin.

    Parameters
    ----------
    reading
        The text.
    wrapper
        The key of the list whose members are the records, if they stand in one.
    """

    def __init__(self, reading: Reading, wrapper: str = "") -> None:
        self.reading = reading
        self._wrapper = wrapper
        self._list = re.compile(LIST % re.escape(wrapper)) if wrapper else None
        self._in_list = False
        self._in_detail = False
        self._first_key = ""
        self._searched = 0
        self._lost = False

    # ------------------------------------------------------------ steps

    def skip(self) -> str:
        """Go over white space.

        Returns
        -------
        str
            The character that follows, empty at the end.
        """
        reading = self.reading
        while True:
            reading.at = SPACE.match(reading.text, reading.at).end()  # type: ignore[union-attr]  # blanks, or none, always match
            if reading.at < len(reading.text):
                return reading.text[reading.at]
            if not reading.more():
                return ""

    def value(self) -> tuple[Any, str] | Refused:
        """Read the value that begins here.

        Returns
        -------
        tuple[Any, str] | Refused
            The value and its text.
        """
        reading = self.reading
        found = self._read()
        at = reading.at
        if isinstance(found, _Problem):
            if not found.end:
                return self.broken(found.en, found.ja)
            reading.at = found.end
            return reading.refuse(found.en, found.ja, reading.text[at : found.end], found.field)
        value, end = found
        if type(value) not in (dict, list) and not AFTER_SCALAR.match(reading.text, end):
            return self.broken("this is no JSON", "JSON ではありません")
        if value and type(value) is dict:
            self._remember_key()
        reading.at = end
        return value, reading.text[at:end]

    def whole(self) -> dict[str, Any] | None:
        """Read the object that begins here, if nothing is wrong with it; else stay here.

        Returns
        -------
        dict[str, Any] | None
            The object.
        """
        found = self._read()
        if isinstance(found, _Problem):
            return None
        value, self.reading.at = found
        return value if type(value) is dict else None

    def _read(self) -> tuple[Any, int] | _Problem:
        """Read a value without going on: the value and its end, or what is wrong with it."""
        reading = self.reading
        while True:
            text, at = reading.text, reading.at
            try:
                found = self._attempt(text, at)
            except json.JSONDecodeError as error:
                far = error.pos < len(text) - UNFINISHED and not error.msg.startswith("Untermin")
                if far or not self._read_on():
                    if len(text) - at > reading.limits.record:
                        return _Problem(*self._length())
                    return _Problem(
                        f"this is no JSON ({error.msg})", f"JSON ではありません（{error.msg}）"
                    )
            except RecursionError:
                return self._too_deep()
            else:
                end = found.end if isinstance(found, _Problem) else found[1]
                if end - at > reading.limits.record:
                    return _Problem(*self._length(), end=end)
                if text[at] in "{[" or end < len(text) - UNFINISHED or not reading.more():
                    return found

    @staticmethod
    def _attempt(text: str, at: int) -> tuple[Any, int] | _Problem:
        try:
            return strict(text, at)
        except FaultError as fault:
            return _Problem(fault.en, fault.ja, fault.field, end_of(text, at))

    def _read_on(self) -> bool:
        """Read twice as much as there is, as long as a record may be that long."""
        unused = len(self.reading.text) - self.reading.at
        return unused <= self.reading.limits.record and self.reading.more(2 * unused)

    def _length(self) -> tuple[str, str]:
        limit = self.reading.limits.record
        return (
            f"the record is longer than {limit:,} bytes; raise the limit if you trust it",
            f"レコードが {limit:,} バイトを超えています。信頼できるなら上限を上げてください",
        )

    def _too_deep(self) -> _Problem:
        return _Problem(
            f"the record has more than {MOST_LEVELS} levels",
            f"入れ子が {MOST_LEVELS} 段を超えています",
        )

    # ------------------------------------------------------------ after an error

    def broken(self, en: str, ja: str) -> Refused:
        """Refuse what stands here, and go to where the next record seems to begin.

        Parameters
        ----------
        en, ja
            What is wrong.

        Returns
        -------
        Refused
            One for all that is passed over; for the whole rest where no record follows.
        """
        reading = self.reading
        self._lost = True
        if reading.at >= len(reading.text) or self._searched > PATIENCE + reading.passed:
            return reading.refuse_rest(en, ja)
        raw = reading.text[reading.at : reading.at + RAW]
        self._remember_key()
        begun = True
        while (place := self._next_record(begun=begun)) < 0:
            unused = len(reading.text) - reading.at
            if unused > reading.limits.record:
                begun = False
                reading.at = max(reading.at + 1, len(reading.text) - LONGEST_KEY)
                unused = 1
            if not reading.more(2 * unused):
                return reading.refuse_rest(en, ja, raw)
        if begun:
            raw = reading.text[reading.at : place]
        reading.at = place
        return reading.refuse(en, ja, raw)

    def _next_record(self, *, begun: bool) -> int:
        """Return where to go on, -1 when that is not in sight.

        The brackets say it best, if they pair off. If not, the next record begins at the next
        line, or at the next object that begins like this one; outside of the list, the list.
        """
        reading = self.reading
        text, at = reading.text, reading.at
        line = text.find("\n{", at) + 1
        bracket = begun and text[at] in "{["
        if bracket:
            stop = line or len(text)
            end = balanced_end(text, at, stop)
            if end > 0:
                return end
            self._searched += stop - at
            if not end and not line and len(text) - at < SEARCHED and not reading.ended:
                return -1
        places = [line]
        if self._in_list or not self._list:
            if self._first_key:
                places.append(text.find(self._first_key, at + begun))
            if begun and not bracket:
                places.append(text.find("{", at + 1))
        elif not self._in_detail and (found := self._list.search(text, at + begun)):
            places.append(found.start())
        return min((place for place in places if place > 0), default=-1)

    def _remember_key(self) -> bool:
        """Remember how the record here begins, if it is an object: others begin alike."""
        at = self.reading.at
        key = FIRST_KEY.match(self.reading.text, at, at + LONGEST_KEY)
        if key:
            self._first_key = key.group()
        return key is not None
