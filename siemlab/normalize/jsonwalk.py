"""A reader that goes through the objects and lists of JSON text, and takes many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siemlab.normalize.document import Refused
from siemlab.normalize.jsonreader import CUT, ValueReader
from siemlab.normalize.jsonvalue import twice
from siemlab.normalize.reading import AT_ONCE, NO_TEXT, Reading, is_text

__all__ = ["JsonReader"]


class JsonReader(ValueReader):
    """Goes through the text of a `Reading`, through objects and lists too long to be held whole.

    Parameters
    ----------
    reading, wrapper
        As for `ValueReader`.
    """

    def __init__(self, reading: Reading, wrapper: str = "") -> None:
        super().__init__(reading, wrapper)
        self._slow_until = 0

    # ------------------------------------------------------------ objects and lists

    def begins_list(self) -> bool:
        """Tell whether the wrapper's list begins here, with or without a brace before its key."""
        return self._list is not None and bool(self._list.match(self.reading.text, self.reading.at))

    def entries(self, outer: dict[str, Any]) -> Iterator[Refused | None]:
        """Go through an object, one entry after another.

        Parameters
        ----------
        outer
            Takes all entries but the wrapper's list.

        Yields
        ------
        Refused | None
            ``None``: the wrapper's list begins, to be read to its end with `members`.
        """
        reading = self.reading
        reading.at += reading.text[reading.at] == "{"
        names: set[str] = set()
        char = self.skip()
        while char != "}":
            self._lost = self._in_detail = False
            name = self._name()
            self._in_detail = name == "detail"  # of an EventBridge event: its list is not ours
            if isinstance(name, Refused):
                yield name
            elif name == self._wrapper and name not in names and self.skip() == "[":
                reading.at += 1
                yield None
            elif refused := self._entry(name, name in names, outer):
                yield refused
            names.add(str(name))
            char = self.skip()
            if char == ",":
                reading.at += 1
                self.skip()
            elif char != "}" and not (self._lost and char == '"'):
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

    def _entry(self, name: str, again: bool, outer: dict[str, Any]) -> Refused | None:
        found = self.value()
        if isinstance(found, Refused):
            return found
        if again:
            fault = twice(name)
            return self.reading.refuse(fault.en, fault.ja, found[1], name)
        if name == self._wrapper:
            return self.no_list(found[1])
        if not is_text(found[1]):
            return self.reading.refuse(*NO_TEXT, found[1], name)
        outer[name] = found[0]
        return None

    def no_list(self, raw: str) -> Refused:
        """Refuse the wrapper's value, which should be the list of the records.

        Parameters
        ----------
        raw
            Its text.
        """
        return self.reading.refuse(
            "the value is not a list of records",
            "値がレコードのリストではありません",
            raw,
            self._wrapper,
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
        self._in_list = True
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
                break
            elif due and not self._lost:
                yield self.broken("a comma is missing here", "ここにカンマがありません")
            else:
                self._lost = False
                yield None
                due = True
        self._in_list = False
        if not char and not reading.over:
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
        if not self._remember_key():
            return ""
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
