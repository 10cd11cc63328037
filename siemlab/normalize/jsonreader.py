"""A reader that walks through JSON text piece by piece, and finds its way again after an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from siemlab.normalize.document import Refused
from siemlab.normalize.jsonvalue import MOST_LEVELS, FaultError, balanced_end, end_of, strict, twice
from siemlab.normalize.reading import AT_ONCE, RAW, Reading

__all__ = ["CUT", "JsonReader"]

SPACE = re.compile(r"[ \t\r\n]*")
FIRST_KEY = re.compile(r'\{[ \t\r\n]*"(?:[^"\\\x00-\x1f]|\\.)*"[ \t\r\n]*:')
UNFINISHED = 16  # an error this near to the end of what is read may be gone with more of it
SEARCHED = 1 << 20  # how far ahead the end of a broken record is looked for before giving it up
CUT = ("the JSON text ends too early", "JSON が途中で終わっています")


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a value is no record, and where it ends; ``end`` 0: nobody can tell."""

    en: str
    ja: str
    field: str = ""
    end: int = 0


class JsonReader:
    """Walks through the text of a `Reading`, value by value.

    Wherever a method leaves ``reading.at``, the next call goes on from there; after an error that
    is the place where the next record seems to begin.

    Parameters
    ----------
    reading
        The text.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._first_key = ""
        self._slow_until = 0
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
            reading.at = SPACE.match(reading.text, reading.at).end()  # type: ignore[union-attr]
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
                if end < len(text) or text[at] in "{[" or not reading.more():
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
        if reading.at >= len(reading.text):
            return reading.refuse_rest(en, ja)
        raw = reading.text[reading.at : reading.at + RAW]
        if key := FIRST_KEY.match(reading.text, reading.at):
            self._first_key = key.group()
        begun = True
        while (place := self._next_record(begun=begun)) < 0:
            unused = len(reading.text) - reading.at
            if unused > reading.limits.record:
                begun = False
                reading.at = len(reading.text) - len(self._first_key) - 1
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
        line, or at the next object that begins like this one.
        """
        reading = self.reading
        text, at = reading.text, reading.at
        bracket = begun and text[at] in "{["
        if bracket and (end := balanced_end(text, at)) >= 0:
            if end:
                return end
            if len(text) - at < SEARCHED and not reading.ended:
                return -1
        places = [text.find("\n{", at) + 1]
        if self._first_key:
            places.append(text.find(self._first_key, at + begun))
        if begun and not bracket:
            places.append(text.find("{", at + 1))
        return min((place for place in places if place > 0), default=-1)

    # ------------------------------------------------------------ objects and lists

    def entries(self, wrapper: str, outer: dict[str, Any]) -> Iterator[Refused | None]:
        """Go through an object, one entry after another.

        Parameters
        ----------
        wrapper
            The key of the list that is not read here but by the caller.
        outer
            Takes all other entries.

        Yields
        ------
        Refused | None
            ``None``: the wrapper's list begins, to be read to its end with `members`.
        """
        reading = self.reading
        reading.at += 1
        names: set[str] = set()
        char = self.skip()
        while char != "}":
            self._lost = False
            name = self._name()
            if isinstance(name, Refused):
                yield name
                return
            if name == wrapper and name not in names and self.skip() == "[":
                reading.at += 1
                yield None
            elif refused := self._entry(name, name in names, wrapper, outer):
                yield refused
            names.add(name)
            char = self.skip()
            if char == ",":
                reading.at += 1
                self.skip()
            elif char != "}":
                if not self._lost and not reading.over:
                    yield self.broken(*CUT)
                return
        reading.at += 1

    def _name(self) -> str | Refused:
        """Read a key and its colon."""
        found = self.value() if self.skip() == '"' else self.broken(*CUT)
        if isinstance(found, Refused):
            return found
        if self.skip() != ":":
            return self.broken("a colon is missing here", "ここにコロンがありません")
        self.reading.at += 1
        self.skip()
        return str(found[0])

    def _entry(self, name: str, again: bool, wrapper: str, outer: dict[str, Any]) -> Refused | None:
        found = self.value()
        if isinstance(found, Refused):
            return found
        if again:
            fault = twice(name)
            return self.reading.refuse(fault.en, fault.ja, found[1], name)
        if name == wrapper:
            return self.no_list(name, found[1])
        outer[name] = found[0]
        return None

    def no_list(self, name: str, raw: str) -> Refused:
        """Refuse a value that should be the list of the records.

        Parameters
        ----------
        name
            Its key.
        raw
            Its text.
        """
        return self.reading.refuse(
            "the value is not a list of records", "値がレコードのリストではありません", raw, name
        )

    def members(self) -> Iterator[Refused | None]:
        """Go through a list from behind its opening bracket to behind its closing one.

        Yields
        ------
        Refused | None
            ``None``: a member begins here, to be read by the caller.
        """
        reading = self.reading
        due = self._lost = False
        while char := self.skip():
            if char == "," and (due or self._lost):
                reading.at += 1
                due = self._lost = False
                if self.skip() == "]":
                    yield reading.refuse(
                        "a comma ends the list", "リストがカンマで終わっています", ","
                    )
            elif char == "]":
                reading.at += 1
                return
            elif due and not self._lost:
                yield self.broken("a comma is missing here", "ここにカンマがありません")
            else:
                self._lost = False
                yield None
                due = True
        if not reading.over:
            yield reading.refuse_rest(*CUT)

    # ------------------------------------------------------------ many at once

    def line(self) -> str:
        """Return the rest of the line, empty where it is not read whole or known to be difficult.

        Returns
        -------
        str
            The text from here to the line's end.
        """
        reading = self.reading
        if reading.passed + reading.at < self._slow_until:
            return ""
        end = reading.text.find("\n", reading.at)
        if end < 0 and not reading.ended:
            self.slow_down(len(reading.text) - reading.at)
            return ""
        line = reading.text[reading.at : end if end >= 0 else None]
        return line if len(line) <= reading.limits.record else ""

    def batch(self) -> str:
        """Return as many members of a list as seem to be read whole.

        Members begin alike, so the last one that is seen to begin marks the end of those before.

        Returns
        -------
        str
            The text from here to a comma; empty where there is none, or all is difficult here.
        """
        reading = self.reading
        if reading.passed + reading.at < self._slow_until:
            return ""
        if len(reading.text) - reading.at < AT_ONCE // 2:
            reading.more()
        text, at = reading.text, reading.at
        key = FIRST_KEY.match(text, at)
        if not key:
            return ""
        self._first_key = key.group()
        comma = text.rfind(self._first_key, at + 1) - 1
        while comma > at and text[comma] in " \t\r\n":
            comma -= 1
        if comma <= at or text[comma] != "," or comma - at > reading.limits.record:
            return ""
        return text[at:comma]

    def slow_down(self, length: int) -> None:
        """Remember that the next so many characters must be read value by value.

        Parameters
        ----------
        length
            How many.
        """
        here = self.reading.passed + self.reading.at
        self._slow_until = max(self._slow_until, here + length)
