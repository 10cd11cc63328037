"""What a mission tells, as pages: how it begins, what happened, what to log next, how one stands.

An answer stands in them once it was solved or shown, and then as code: it came from a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from siemlab.check import read
from siemlab.errors import AnswerFormatError
from siemlab.lab.page import Page, in_cell
from siemlab.missions import Mission, Part, Question, fill_answers, unseal
from siemlab.score import Progress, Standing
from siemlab.widgets.markdown import code, table
from siemlab.widgets.question_words import PHASES

__all__ = [
    "answer_of",
    "answers_of",
    "briefing_page",
    "happened_page",
    "happened_table",
    "link",
    "log_next_page",
    "phase_name",
    "progress_page",
]

_SLOT = re.compile(r"\{answer\[(\w+)\]\}")
_CODED_SLOT = re.compile(r"`(\{answer\[\w+\]\})`")
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")


def answer_of(
    question: Question, standing: Standing
) -> str | list[str] | tuple[object, ...] | None:
    """Return the answer of a question that is solved or was shown; None while it is open.

    Parameters
    ----------
    question
        The question, with its team's key.
    standing
        How the learner stands with it.

    Returns
    -------
    str, list of str, tuple, or None
        As the logs spell it, to be searched for; a list of several values, a tuple of parts.
    """
    texts = _unsealed(question, standing)
    if texts is None:
        return None
    values = [_value(part, text) for part, text in zip(question.parts, texts, strict=True)]
    return values[0] if len(values) == 1 else tuple(values)


def answers_of(mission: Mission, progress: Progress, lang: str) -> dict[str, str]:
    """Return the answers that may be told, as Markdown: by number, and by number and part.

    Parameters
    ----------
    mission
        The mission.
    progress
        How the learner stands.
    lang
        ``"en"`` or ``"ja"``.
    """
    found: dict[str, str] = {}
    for question in mission.questions:
        texts = _unsealed(question, progress.question(question.id))
        if texts is None:
            continue
        shown = [_shown(p, text, lang) for p, text in zip(question.parts, texts, strict=True)]
        found[str(question.number)] = "; ".join(shown)
        for at, text in enumerate(shown):
            found[f"{question.number}{chr(ord('a') + at)}"] = text
    return found


def briefing_page(mission: Mission, lang: str) -> Page:
    """Return how a mission begins: its text, and how long it is."""
    count = len(mission.questions)
    points = sum(question.value for question in mission.questions)
    size = (
        f"レベル {mission.level} ・ 約 {mission.minutes} 分 ・ {count} 問 ・ {points} 点"
        if lang == "ja"
        else f"Level {mission.level} · about {mission.minutes} minutes · {count} questions · "
        f"{points} points"
    )
    return Page(f"### {mission.title[lang]}\n\n{mission.briefing[lang].strip()}\n\n*{size}*\n")


def happened_page(mission: Mission, progress: Progress, lang: str) -> Page:
    """Return the story, and how many answers of it are still hidden."""
    return Page(happened_table(mission, progress, lang) + "\n")


def happened_table(mission: Mission, progress: Progress, lang: str) -> str:
    """Return the story as a table, oldest step first, and below it what is still hidden."""
    answers = answers_of(mission, progress, lang)
    heads = ("時刻", "出来事", "フェーズ", "手口") if lang == "ja" else _HEADS
    rows = [
        (
            in_cell(_filled(moment.at, answers)),
            _filled(in_cell(moment.text[lang]), answers),
            phase_name(moment.phase, lang),
            ", ".join(link(each) for each in moment.techniques),
        )
        for moment in mission.happened
    ]
    slots = {
        name
        for moment in mission.happened
        for name in _SLOT.findall(f"{moment.at} {moment.text[lang]}")
    }
    left = _left(len(slots - answers.keys()), lang)
    return "\n\n".join(part for part in (table(heads, rows), left) if part)


_HEADS = ("time", "what happened", "phase", "technique")


def _left(hidden: int, lang: str) -> str:
    if not hidden:
        return ""
    if lang == "ja":
        return f"「…」の {hidden} か所は、まだ解いていない問題の答えです。"
    if hidden == 1:
        return "1 value is still hidden (…): it is an answer that you have not found yet."
    return f"{hidden} values are still hidden (…): they are answers that you have not found yet."


def log_next_page(mission: Mission, progress: Progress, lang: str) -> Page:
    """Return what to log next."""
    return Page(
        _filled(mission.log_next[lang], answers_of(mission, progress, lang)).rstrip() + "\n"
    )


def progress_page(missions: Iterable[Mission], progress: Progress, lang: str) -> Page:
    """Return how a learner stands with each mission, and with all of them."""
    heads = ("mission", "title", "solved", "shown", "points")
    if lang == "ja":
        heads = ("ミッション", "タイトル", "正解", "答えを表示", "得点")
    rows, whole = [], 0
    for mission in missions:
        standings = progress.of(mission.id)
        states = [each.state for each in standings]
        value = sum(each.value for each in standings)
        whole += value
        points = sum(each.points for each in standings)
        rows.append(
            (
                mission.id,
                in_cell(mission.title[lang]),
                f"{states.count('solved')} / {len(states)}",
                str(states.count("shown")),
                f"{points} / {value}",
            )
        )
    total = f"{'合計' if lang == 'ja' else 'All'}: **{progress.points} / {whole}**"
    return Page(f"{table(heads, rows)}\n\n{total}\n")


def phase_name(phase: str, lang: str) -> str:
    """Return the name of a phase; empty where there is none.

    Examples
    --------
    >>> phase_name("analysis", "ja"), phase_name("", "en")
    ('分析', '')
    """
    return PHASES[phase][lang == "ja"] if phase in PHASES else ""


def link(technique: str) -> str:
    """Return a technique as a link to its page at MITRE ATT&CK.

    Examples
    --------
    >>> link("T1078.004")
    '[T1078.004](https://attack.mitre.org/techniques/T1078/004/)'
    """
    if not _TECHNIQUE.fullmatch(technique):
        return code(technique)
    return f"[{technique}](https://attack.mitre.org/techniques/{technique.replace('.', '/')}/)"


def _unsealed(question: Question, standing: Standing) -> list[str] | None:
    if not standing.done or not all(part.key for part in question.parts):
        return None
    return [
        unseal(part.key.sealed, question.team, question.id, at) if part.key else ""
        for at, part in enumerate(question.parts)
    ]


def _value(part: Part, text: str) -> str | list[str]:
    return text.split(", ") if part.several else text


def _shown(part: Part, text: str, lang: str) -> str:
    """Return one part of an answer as Markdown: options in words, times on the part's clock."""
    if part.options:
        names = {option.id: in_cell(option.text[lang]) for option in part.options}
        chosen = [names.get(each, code(each)) for each in text.split(", ")]
        return (" → " if part.type == "order" else " / ").join(chosen)
    if part.type == "time":
        return code(_clock(part, text))
    return ", ".join(code(each) for each in (text.split(", ") if part.many else [text]))


def _clock(part: Part, text: str) -> str:
    try:
        return read(text, part).shown
    except AnswerFormatError:
        return text


def _filled(text: str, answers: Mapping[str, str]) -> str:
    """Fill in answers. They are code already: what an author has set as code is it once only."""
    return fill_answers(_CODED_SLOT.sub(r"\1", text), answers)
