"""What makes a question unfair: two readings, too few values, an answer that stands in a text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from string import Formatter
from typing import Any

from siemlab.errors import SiemlabError
from siemlab.missions import Mission, Part, Question, Text
from siemlab.proofs.comparing import by_part, calculable, same, spelled
from siemlab.proofs.findings import Finding
from siemlab.proofs.foils import Foil
from siemlab.proofs.running import Plain, Walk
from siemlab.query.value import Query
from siemlab.store.base import Store

__all__ = [
    "ambiguities",
    "chance",
    "domain_of",
    "guesses",
    "text_findings",
    "too_few_foils",
]

TRIES = 3
"""How many tries cost nothing or little: for so many the chance of a guess is told."""

EASY = 1 / 3
"""A chance in so many tries that is too good."""

ENDLESS = 1_000_000
"""More values than anybody tries."""

_MOST = 10_000
_NUMBER = re.compile(r"\d[\d,]*\d")
_SHORT = 4
# English spells them out where Japanese has digits.
_WORDS = {
    **{"ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14"},
    **{"fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19"},
    **{"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60"},
    **{"half an hour": "30", "hundred": "100", "thousand": "1000"},
}


def ambiguities(question: Question, foils: Sequence[Foil]) -> Iterator[Finding]:
    """Yield the readings that change the answer and that the prompt does not rule out.

    Examples
    --------
    >>> text = Text("How many calls?", "何件ですか。")
    >>> question = Question("L1-A", 1, 30, "analysis", (), text, (Part("count"),), (text,) * 3)
    >>> [finding.what for finding in ambiguities(question, [Foil("utc", (41,), "utc")])]
    ['ambiguous']
    """
    for state in dict.fromkeys(foil.state for foil in foils if foil.state):
        if state not in question.states:
            yield Finding(
                question.id,
                "ambiguous",
                f'read another way ("{state}") the answer is another: say in the prompt which is '
                f"meant, and put those words under states: {state}",
                f"別の読み方（{state}）では答えが変わります。どちらの意味かを prompt に書き、"
                f"その言葉を states: {state} に書いてください",
            )


def too_few_foils(question: Question, foils: Sequence[Foil]) -> Iterator[Finding]:
    """Yield a finding where a computed answer has fewer than two explained wrong answers."""
    if len(foils) < 2 and any(map(calculable, question.parts)):
        yield Finding(
            question.id,
            "foils",
            f"{len(foils)} wrong answers are explained, and two are wanted: add foil(...)",
            f"説明のある誤答が {len(foils)} 個しかありません。foil(...) を 2 個以上にしてください",
        )


def domain_of(part: Part, value: Any, queries: Sequence[Query], store: Store) -> int | None:
    """Return how many values a guesser would choose from; None where nobody can count them.

    Parameters
    ----------
    part
        The part.
    value
        Its right answer.
    queries
        What its solution asks: where and when a guesser would look.
    store
        The store that answers.

    Examples
    --------
    >>> from siemlab import Lab
    >>> store = Lab(store="sample", quiet=True).store
    >>> domain_of(Part("text", field="event.action"), "BLOCK", [Query("log-aws-waf-*")], store)
    2
    >>> domain_of(Part("count"), 40, [], store), domain_of(Part("time"), None, [], store)
    (80, None)
    """
    if not calculable(part):
        count = len(part.options)
        return math.factorial(count) if part.type == "order" else _ways(part, count)
    if part.field:
        seen = [_distinct(query, part.field, store) for query in dict.fromkeys(queries)]
        most = max(seen, default=0)
        return _ways(part, most) if seen else None
    if part.type == "count" and isinstance(value, (int, float)):
        return max(10, 2 * int(value))  # who guesses a small number tries all of one digit
    return None


def _ways(part: Part, count: int) -> int:
    """Return how many answers can be made of so many values."""
    several = part.type == "choices" or part.many
    return min(2**count - 1, ENDLESS) if several else count


def _distinct(query: Query, field: str, store: Store) -> int:
    """Return how many values a field has where and when a query looks."""
    try:
        return len(store.top(Query(query.pattern, query.time_range), field, _MOST))
    except SiemlabError:
        return 0


def chance(domains: Sequence[int | None]) -> float:
    """Return the chance to guess all parts in three tries.

    A verdict says which parts are right already, so each part is guessed by itself.

    Examples
    --------
    >>> chance([6]), chance([None]), chance([2, 2]), chance([6, 6])
    (0.5, 0.0, 1.0, 0.25)
    """
    if None in domains:
        return 0.0
    return math.prod(min(1.0, TRIES / max(1, domain or 1)) for domain in domains)


def guesses(question: Question, domains: Sequence[int | None]) -> Iterator[Finding]:
    """Yield a finding where an answer is guessed too easily, and its author does not say so."""
    for part, domain in zip(question.parts, domains, strict=True):
        if domain == 0:
            yield Finding(
                question.id,
                "field",
                f"the searched logs have no values of {part.field}",
                f"調べるログに {part.field} の値がありません",
            )
    # A choice pays little from the second try on.
    chosen = all(part.type == "choice" for part in question.parts)
    if not (chosen or question.guessable or 0 in domains) and chance(domains) > EASY:
        odds = f"{chance(domains):.0%}"
        yield Finding(
            question.id,
            "guessable",
            f"{odds} guess it in {TRIES} tries: ask for more, or for another value; or say "
            "guessable: true, and a first wrong answer is not free",
            f"{TRIES} 回で当たる確率が {odds} あります。問う内容を増やすか、別の値を問うか、"
            "guessable: true と書いてください（最初の誤答から減点されます）",
        )


def text_findings(
    mission: Mission, walk: Walk, plain: Plain, learner_texts: Sequence[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the texts of a mission, now that the answers are known.

    Parameters
    ----------
    mission
        The mission, its slots not filled.
    walk, plain
        The answers, and the facts that fill the slots.
    learner_texts
        What else learners read: the cells of their notebook.
    """
    yield from _unlike_numbers(mission)
    texts = [(place, text[lang]) for place, text in _texts(mission) for lang in ("en", "ja")]
    texts += [("notebook", text) for text in learner_texts]
    for question in mission.questions:
        for part, value in zip(
            question.parts, by_part(question, walk.answers.get(question.id)), strict=True
        ):
            if value is None or not calculable(part):
                continue
            for word in _words(part, value):
                for place in dict.fromkeys(where for where, text in texts if _holds(text, word)):
                    yield Finding(
                        question.id,
                        "told",
                        f"its answer stands in {place} in plain text",
                        f"答えが {place} にそのまま書かれています",
                    )
            yield from _told_by_slot(mission, question, part, value, plain)


def _texts(mission: Mission) -> Iterator[tuple[str, Text]]:
    """Yield every text of a mission with its place."""
    yield from (("title", mission.title), ("briefing", mission.briefing))
    for question in mission.questions:
        yield from _texts_of(question)
    yield from (("happened", moment.text) for moment in mission.happened)
    yield "log_next", mission.log_next


def _texts_of(question: Question) -> Iterator[tuple[str, Text]]:
    name = question.id
    yield f"{name} prompt", question.prompt
    yield from ((f"{name} label", part.label) for part in question.parts if part.label)
    for part in question.parts:
        for option in part.options:
            yield from (
                (f"{name} option {option.id}", text) for text in (option.text, option.note) if text
            )
    yield from ((f"{name} hint {at}", hint) for at, hint in enumerate(question.hints, 1))
    yield from ((f"{name} foil {foil}", text) for foil, text in question.foils.items())
    if question.key_point:
        yield f"{name} key_point", question.key_point


def _unlike_numbers(mission: Mission) -> Iterator[Finding]:
    """Yield the texts whose languages tell other numbers."""
    for place, text in _texts(mission):
        english, japanese = (
            Counter(number.replace(",", "") for number in _NUMBER.findall(text[lang]))
            for lang in ("en", "ja")
        )
        told = f"{_listed(english)} | {_listed(japanese)}"
        spoken = {number for word, number in _WORDS.items() if word in text.en.lower()}
        if english - japanese or {*(japanese - english)} - spoken:
            yield Finding(
                place.split()[0] if " " in place else mission.id,
                "numbers",
                f"{place}: the languages tell other numbers: {told}",
                f"{place}: 英語と日本語で数が違います: {told}",
            )


def _listed(numbers: Counter[str]) -> str:
    return ", ".join(sorted(numbers.elements())) or "-"


def _words(part: Part, value: Any) -> set[str]:
    """Return the words that would give an answer away; short ones stand anywhere by chance."""
    several = value if isinstance(value, (list, set, frozenset)) else [value]
    words = set()
    for one in several:
        if isinstance(one, datetime):
            continue
        word = spelled(part, {one} if part.many else one)
        words |= {word, f"{one:,}"} if isinstance(one, int) else {word, str(one)}
    return {word for word in words if len(word) >= _SHORT}


def _holds(text: str, word: str) -> bool:
    """Tell whether a word stands in a text by itself, not in the middle of a longer one."""
    pattern = rf"(?<![\w.]){re.escape(word)}(?![\w]|\.\d)"
    return re.search(pattern, text, re.IGNORECASE | re.ASCII) is not None


def _told_by_slot(
    mission: Mission, question: Question, part: Part, value: Any, plain: Plain
) -> Iterator[Finding]:
    """Yield the slots of what is read before it is solved that are the answer."""
    before = [mission.title, mission.briefing]
    before += [text for each in mission.questions for _, text in _texts_of(each)]
    names = {
        name
        for text in before
        for _, name, _, _ in Formatter().parse(text.en)
        if name and name in plain.given
    }
    for name in sorted(names):
        given = plain.given[name]
        try:
            if type(given) is type(value) and same(part, given, value):
                yield Finding(
                    question.id,
                    "told",
                    f"the slot {{{name}}} is its answer",
                    f"スロット {{{name}}} が答えと同じです",
                )
        except (SiemlabError, ValueError, TypeError):
            continue
