"""The verdict on an answer: pure, from the text and the question's key alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from siemlab.check.answers import read
from siemlab.errors import AnswerFormatError, MissionFileError
from siemlab.missions import Part, Question, Text, digest, reading_text

__all__ = ["Kind", "Verdict", "check"]

Kind = Literal["right", "wrong", "foil", "unreadable"]

_RIGHT = Text("Right.", "正解です。")
_WRONG = Text(
    "Not yet. Look at the logs once more; a hint may help.",
    "まだ違うようです。もう一度ログを見てみましょう。ヒントも使えます。",
)
_FREE = Text("This cost nothing.", "減点はありません。")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of an answer.

    Parameters
    ----------
    kind
        ``right``; ``wrong``; ``foil``: wrong in a way that is known, and explained;
        ``unreadable``: no answer of the wanted type, which costs nothing.
    parts
        The same for each part of the question.
    text
        What the learner is told.
    shown
        What the answer was understood as, parts with a semicolon between them; empty where it is
        unreadable.
    canonical
        The one spelling of each part, by which a repeat is known; empty where it is unreadable.

    Examples
    --------
    >>> Verdict("right", ("right",), Text("Right.", "正解です。"), "6").right
    True
    """

    kind: Kind
    parts: tuple[Kind, ...]
    text: Text
    shown: str
    canonical: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the question is solved."""
        return self.kind == "right"


@dataclass(frozen=True, slots=True)
class _Said:
    kind: Kind
    text: Text
    shown: str = ""
    canonical: str = ""


def check(question: Question, answer: str | Sequence[str]) -> Verdict:
    """Return the verdict on an answer. Pure: no network, no clock, no file.

    Parameters
    ----------
    question
        The question, with its team's key.
    answer
        One text for each part; or one for all, with semicolons between them.

    Raises
    ------
    MissionFileError
        The question has no key, so that nobody can say.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from siemlab.missions import PartKey
    >>> text = Text("How many?", "何件ですか。")
    >>> key = PartKey((digest("6", "", "L1-A.5"),), {}, "")
    >>> part = replace(Part("count", example="12"), key=key)
    >>> five = Question("L1-A", 5, 40, "analysis", (), text, (part,), (text,) * 3)
    >>> check(five, "６").kind, check(five, "7").kind, check(five, "many").text.en
    ('right', 'wrong', 'this wants a whole number, such as 12. This cost nothing.')
    """
    try:
        texts = _texts(question, answer)
    except AnswerFormatError as error:
        return _whole(question, (_unreadable(error),) * len(question.parts))
    said = tuple(
        _part(question, part, at, text)
        for at, (part, text) in enumerate(zip(question.parts, texts, strict=True))
    )
    return _whole(question, said)


def _texts(question: Question, answer: str | Sequence[str]) -> Sequence[str]:
    """Return one text for each part."""
    wanted = len(question.parts)
    if not isinstance(answer, str):
        texts: Sequence[str] = answer
    elif wanted == 1:
        texts = (answer,)
    else:
        texts = [text for text in re.split(r"[;；\n]", answer) if text.strip()]
        if len(texts) != wanted and not any(part.many for part in question.parts):
            texts = [text for text in re.split(r"[,、，]", answer) if text.strip()]
    if len(texts) != wanted:
        raise AnswerFormatError(
            f"this wants {wanted} values with a semicolon between them",
            f"{wanted} つの値を「;」で区切って入力してください",
        )
    return texts


def _part(question: Question, part: Part, at: int, text: str) -> _Said:
    if part.key is None:
        raise MissionFileError(
            f"{question.id} has no key to check with: make it with `siemlab prove --keys`",
            f"{question.id} のキーがありません。`siemlab prove --keys` で作ってください",
        )
    try:
        reading = read(text, part)
    except AnswerFormatError as error:
        return _unreadable(error)
    found = [digest(each, question.team, question.id, at) for each in reading.candidates]
    first = reading.candidates[0]
    if any(each in part.key.right for each in found):
        return _Said("right", _RIGHT, reading.shown, first)
    for each in found:
        if each in part.key.foils:
            sentence = _sentence(question, part.key.foils[each])
            return _Said("foil", sentence, reading.shown, first)
    return _Said("wrong", _note(part, first) or _WRONG, reading.shown, first)


def _sentence(question: Question, foil: str) -> Text:
    """Return what is said of a foil: the author's own sentence, else the stock one."""
    return question.foils.get(foil) or reading_text(foil) or _WRONG


def _note(part: Part, chosen: str) -> Text | None:
    """Return the fact about an option that was chosen; of several, nothing is said."""
    return next((option.note for option in part.options if option.id == chosen), None)


def _unreadable(error: AnswerFormatError) -> _Said:
    en, ja = f"{error.message('en')}. {_FREE.en}", f"{error.message('ja')}。{_FREE.ja}"
    return _Said("unreadable", Text(en, ja))


def _whole(question: Question, said: tuple[_Said, ...]) -> Verdict:
    """Return the verdict on all parts: the worst of them, and which ones it is about."""
    kinds = tuple(each.kind for each in said)
    order: tuple[Kind, ...] = ("unreadable", "foil", "wrong", "right")
    kind = next(each for each in order if each in kinds)
    text = next(each.text for each in said if each.kind == kind)
    right, unread = _labels(question, kinds, "right"), _labels(question, kinds, "unreadable")
    if kind == "unreadable":
        if unread and len(set(kinds)) > 1:
            text = Text(f"{unread.en}: {text.en}", f"「{unread.ja}」: {text.ja}")
        return Verdict(kind, kinds, text, "")
    if right and kind != "right":
        text = Text(f"{text.en} Right already: {right.en}.", f"{text.ja}「{right.ja}」は正解です。")
    shown = "; ".join(each.shown for each in said)
    return Verdict(kind, kinds, text, shown, tuple(each.canonical for each in said))


def _labels(question: Question, kinds: Sequence[Kind], wanted: Kind) -> Text | None:
    """Return what the parts of a kind are called; None where there is none with a name."""
    found = [
        part.label
        for part, kind in zip(question.parts, kinds, strict=True)
        if part.label and kind == wanted
    ]
    if not found:
        return None
    return Text(", ".join(each.en for each in found), "、".join(each.ja for each in found))
