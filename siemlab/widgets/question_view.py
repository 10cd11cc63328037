"""What a question shows: a pure function of the question, how it stands, and what was said last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from siemlab.charts.plain import clean
from siemlab.missions import Part, Question
from siemlab.score import Standing, Try
from siemlab.widgets.question_text import blocks_of
from siemlab.widgets.question_words import PHASES, Say, speaker

__all__ = ["Told", "as_read", "question_view"]

_LONGEST: Final = 300
_SIGNS: Final = {"right": "✓", "wrong": "✗", "foil": "✗", "shown": "–"}
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DRAWN: Final = {"choice": "choice", "choices": "choices", "order": "order"}


@dataclass(frozen=True)
class Told:
    """What is said of the last act.

    Parameters
    ----------
    kind
        ``"right"``, ``"wrong"``, ``"foil"``, ``"unreadable"``, ``"wait"``, ``"shown"`` or
        ``"warn"``.
    head
        A few words.
    text
        The sentence below them.

    Examples
    --------
    >>> Told("wait", "Please wait a moment").text
    ''
    """

    kind: str
    head: str
    text: str = ""


def question_view(
    question: Question,
    standing: Standing,
    *,
    lang: str = "en",
    told: Told | None = None,
    answer: str = "",
    warning: str = "",
) -> dict[str, Any]:
    """Return everything that a question's box shows, as plain JSON values.

    Parameters
    ----------
    question
        The question.
    standing
        How the learner stands with it.
    lang
        ``"en"`` or ``"ja"``.
    told
        What is said of the last act; what the standing says where None, or where all is done.
    answer
        The answer, once it was found or shown.
    warning
        Why progress is not kept.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from siemlab.missions import Part, Text
    >>> text = Text("How many?", "何件ですか。")
    >>> five = Question("L1-A", 5, 40, "analysis", (), text, (Part("count"),), (text,) * 3)
    >>> view = question_view(five, Standing(five, datetime(2022, 11, 24, tzinfo=UTC)), lang="ja")
    >>> view["title"], view["worth"], view["buttons"]["hint"]["label"]
    ('問題 L1-A.5', '40 点', 'ヒント 1 / 3 を開く')
    """
    say = speaker(lang)
    done = standing.done
    keyed = all(part.key for part in question.parts)
    # Another box may have solved it: then what was said here before is old.
    told = _told(standing, say, keyed) if done or not told else told
    return {
        "id": question.id,
        "dom": re.sub(r"\W", "-", f"siem-{question.id}"),
        "lang": lang,
        "title": say("title", id=question.id),
        "worth": _worth(standing, say),
        "tags": _tags(question, lang),
        "prompt": blocks_of(question.prompt[lang]),
        "parts": [_part(part, lang, say) for part in question.parts],
        "state": standing.state,
        "done": done,
        "buttons": {
            "submit": None if done else {"label": say("submit"), "enabled": keyed},
            "hint": None if done else _hint_button(question, standing, say),
            "show": None if done else _show_button(standing, say),
        },
        "hints": [
            {"title": say("hint", n=at), "text": blocks_of(hint[lang])}
            for at, hint in enumerate(question.hints[: standing.hints], 1)
        ],
        "status": told
        and {
            "kind": told.kind,
            "sign": _SIGNS.get(told.kind, "!"),
            "head": told.head,
            "text": told.text,
        },
        "tries": [_tried(question, one, lang, say) for one in standing.tries],
        "answer": answer if done else "",
        "key_point": blocks_of(question.key_point[lang]) if done and question.key_point else None,
        "warning": warning,
        "words": {
            word: say(word)
            for word in ("answer", "key_point", "hints", "tries", "slow", "silent", "gone")
        },
    }


def as_read(question: Question, texts: Sequence[str], lang: str = "en") -> str:
    """Return an answer as its learner reads it: options by their text, parts in a row.

    Parameters
    ----------
    question
        The question.
    texts
        One text per part, as it was sent: an option by its id.
    lang
        ``"en"`` or ``"ja"``.

    Examples
    --------
    >>> from siemlab.missions import Option, Text
    >>> text = Text("Where?", "どこですか。")
    >>> part = Part("choice", options=(Option("trail", Text("In CloudTrail", "CloudTrail")),))
    >>> five = Question("L1-A", 5, 40, "analysis", (), text, (part,), (text,) * 3)
    >>> as_read(five, ["trail"])
    'In CloudTrail'
    """
    if len(texts) != len(question.parts):
        return "; ".join(texts)
    pairs = zip(question.parts, texts, strict=True)
    return "; ".join(_read(part, text, lang) for part, text in pairs)


def _read(part: Part, text: str, lang: str) -> str:
    names = {one.id: one.text[lang] for one in part.options}
    ids = [one.strip() for one in text.split(",")]
    if not names or not set(ids) <= set(names):
        return ", ".join(line.strip() for line in text.splitlines() if line.strip())
    return (" → " if part.type == "order" else " / ").join(names[one] for one in ids)


def _told(standing: Standing, say: Say, keyed: bool) -> Told | None:
    """Return what is said where nothing was done yet since the cell ran."""
    if not keyed:
        return Told("warn", say("no_key"), say("no_key_text"))
    if standing.state == "solved":
        text = say("solved_text", points=standing.points, value=standing.value)
        return Told("right", say("solved"), text)
    if standing.state == "shown":
        return Told("shown", say("shown"), say("shown_text"))
    return None


def _worth(standing: Standing, say: Say) -> str:
    if standing.done:
        return say("worth_done", points=standing.points, value=standing.value)
    word = "worth_open" if standing.remaining == standing.value else "worth_less"
    return say(word, remaining=standing.remaining, value=standing.value)


def _tags(question: Question, lang: str) -> str:
    phase = PHASES.get(question.phase, (question.phase,) * 2)[lang == "ja"]
    return " · ".join((phase, *question.techniques))


def _part(part: Part, lang: str, say: Say) -> dict[str, Any]:
    drawn = _DRAWN.get(part.type, "text")
    view: dict[str, Any] = {
        "kind": drawn,
        "label": part.label[lang] if part.label else say("your_answer"),
    }
    if drawn == "text":
        help_ = [say("zone", zone=part.zone)] if part.zone else []
        help_ += [say("many_help")] if part.many else []
        return view | {
            "many": part.many,
            "placeholder": say("example", example=part.example) if part.example else "",
            "help": " ".join(help_),
        }
    view["options"] = [{"id": one.id, "text": one.text[lang]} for one in part.options]
    view["letters"] = list(_LETTERS[: len(part.options)])
    if drawn == "order":
        view["places"] = [say("place", n=at) for at in range(1, len(part.options) + 1)]
        view["choose"] = say("choose")
    return view


def _hint_button(question: Question, standing: Standing, say: Say) -> dict[str, Any] | None:
    number = standing.hints + 1
    if number > len(question.hints):
        return None
    price = standing.next_hint_price or 0
    note = say("hint_price", price=price, left=standing.remaining - price)
    return {
        "number": number,
        "label": say("open_hint", n=number),
        "note": note if price else say("hint_free"),
        "enabled": True,
    }


def _show_button(standing: Standing, say: Say) -> dict[str, Any]:
    return {
        "label": say("show"),
        "note": say("show_price" if standing.may_show else "show_later"),
        "enabled": standing.may_show,
    }


def _tried(question: Question, one: Try, lang: str, say: Say) -> dict[str, Any]:
    repeat = one.verdict.kind in ("wrong", "foil") and not one.counted
    kind = "again" if repeat else one.verdict.kind
    return {
        "text": _short(as_read(question, one.texts, lang)),
        "kind": kind,
        "word": say(f"try_{kind}"),
    }


def _short(text: str) -> str:
    line = clean(text[:_LONGEST])
    return line if len(text) <= _LONGEST else f"{line}…"
