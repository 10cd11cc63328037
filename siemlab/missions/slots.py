"""Slots: the places in a text, such as ``{alarm:%H:%M}``, that are filled from a team's data.

They look like those of `str.format` and are read more strictly: a slot is a name and a form, and
nothing else of Python can be reached through one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from zoneinfo import ZoneInfo

__all__ = ["Slot", "SlotError", "fill", "slots_of", "tell"]

_TOKYO = ZoneInfo("Asia/Tokyo")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ANSWER = re.compile(r"answer\[([1-9][0-9]?[a-e]?)\]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)")
_TIME_CODE = re.compile(r"%(-?)([a-zA-Z%])")
_NUMBER_FORM = re.compile(r",|[0-9]{0,2}d")
_WEEKDAYS = "月火水木金土日"


class SlotError(ValueError):
    """A text whose slots cannot be read or filled.

    Parameters
    ----------
    en, ja
        What is wrong.

    Examples
    --------
    >>> SlotError("no such slot", "スロットがありません").ja
    'スロットがありません'
    """

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of a text.

    Parameters
    ----------
    name
        The fact that fills it, ``"alarm"``; for an answer the question, ``"3"`` or ``"6a"``.
    form
        How it is written, after the colon.
    answer
        Whether it is a learner's answer and not a fact.

    Examples
    --------
    >>> next(slots_of("At {alarm:%H:%M}"))
    Slot(name='alarm', form='%H:%M', answer=False)
    """

    name: str
    form: str
    answer: bool = False


def slots_of(text: str) -> Iterator[Slot]:
    """Yield the slots of a text in order.

    Parameters
    ----------
    text
        A text as its author writes it; a literal brace is doubled.

    Raises
    ------
    SlotError
        A brace stands alone, or a slot is neither a fact nor an answer.

    Examples
    --------
    >>> [slot.name for slot in slots_of("From {start:%H:%M} on: {answer[3]}, {{x}}")]
    ['start', '3']
    """
    for _, slot in _pieces(text):
        if slot is not None:
            yield slot


def fill(text: str, given: Mapping[str, str | int], lang: str, *, later: bool = False) -> str:
    """Fill a text's slots with a team's facts.

    Parameters
    ----------
    text
        A text with slots.
    given
        The facts by name. A time is ISO text with an offset, and is written in Japan time.
    lang
        The language in which days and months are named.
    later
        Leave the slots of answers, and doubled braces, for `tell`.

    Raises
    ------
    SlotError
        A fact is missing, or cannot be written that way.

    Examples
    --------
    >>> fill("{start:%-d %b %H:%M}", {"start": "2022-11-02T00:05:00+09:00"}, "en")
    '2 Nov 00:05'
    >>> fill("{start:%A}", {"start": "2022-11-02T00:05:00+09:00"}, "ja")
    '水曜日'
    """

    def filled(slot: Slot | None) -> str:
        if slot is None:
            return ""
        if slot.answer and later:
            return f"{{answer[{slot.name}]}}"
        if slot.answer or slot.name not in given:
            raise SlotError(
                f'nothing is given for the slot "{slot.name}"',
                f"スロット「{slot.name}」に入れる値がありません",
            )
        return _again(_written(given[slot.name], slot, lang), later)

    return "".join(_again(before, later) + filled(slot) for before, slot in _pieces(text))


def tell(text: str, answers: Mapping[str, str]) -> str:
    """Fill the slots of answers, ``…`` for those that are not known.

    Parameters
    ----------
    text
        A text that `fill` has left for later.
    answers
        The answers by question, ``"3"``, or by a question's part, ``"6a"``.

    Examples
    --------
    >>> tell("From {answer[3]} to {answer[9]}", {"3": "192.0.2.7"})
    'From 192.0.2.7 to …'
    """
    return "".join(
        before + (answers.get(slot.name, "…") if slot is not None else "")
        for before, slot in _pieces(text)
    )


def _pieces(text: str) -> Iterator[tuple[str, Slot | None]]:
    """Cut a text into what stands before a slot, and the slot."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise SlotError(
            "a brace stands alone: write {{ or }} for a literal one",
            "波かっこの対応が正しくありません。文字として使うときは {{ や }} と書いてください",
        ) from None
    for before, name, form, conversion in pieces:
        yield before, None if name is None else _slot(name, form or "", conversion)


def _slot(name: str, form: str, conversion: str | None) -> Slot:
    answer = _ANSWER.fullmatch(name)
    if answer and not conversion and not form:
        return Slot(answer[1], "", answer=True)
    if conversion or name == "answer" or not _NAME.fullmatch(name) or "{" in form:
        raise SlotError(
            f'"{{{name}}}" is no slot: write the name of a fact, {{alarm:%H:%M}}, or an answer, '
            "{answer[3]}",
            f"「{{{name}}}」はスロットとして読めません。事実の名前 {{alarm:%H:%M}} か、"
            "答え {answer[3]} を書いてください",
        )
    return Slot(name, form)


def _again(text: str, later: bool) -> str:
    """Double the braces again in a text that is to be read once more."""
    return text.replace("{", "{{").replace("}", "}}") if later else text


def _written(value: str | int, slot: Slot, lang: str) -> str:
    """Write a fact the way its slot says; a time must say how."""
    if isinstance(value, int):
        if not slot.form or _NUMBER_FORM.fullmatch(slot.form):
            return format(value, slot.form)
    elif not _MOMENT.fullmatch(value):
        if not slot.form:
            return value
    elif "%" in slot.form:
        moment = datetime.fromisoformat(value).astimezone(_TOKYO)
        return _TIME_CODE.sub(lambda found: _time_part(moment, found, lang), slot.form)
    raise SlotError(
        f'the slot "{slot.name}" cannot be written as "{slot.form}": a time needs a form such as '
        "%H:%M, a number takes none or a comma, a word takes none",
        f"スロット「{slot.name}」は「{slot.form}」の形で書けません。時刻には %H:%M のような書式が"
        "必要です。数には書式なしか「,」、文字列には書式なしを使います",
    )


def _time_part(moment: datetime, found: re.Match[str], lang: str) -> str:
    """Write one part of a time: the same on every system, days and months in the language."""
    short, code = found[1], found[2]
    if lang == "ja" and code in "aA":
        return _WEEKDAYS[moment.weekday()] + ("曜日" if code == "A" else "")
    if lang == "ja" and code in "bB":
        return f"{moment.month}月"
    text = moment.strftime(f"%{code}")
    # "%-d" is an addition of some systems' C library, so it is made here.
    return (text.lstrip("0") or "0") if short else text
