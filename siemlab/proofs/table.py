"""The proof table: question by engine, raw pass and story; no answers, unless they are wanted."""

from __future__ import annotations

from siemlab.charts.table import Table
from siemlab.errors import SiemlabError
from siemlab.missions import Question
from siemlab.proofs.comparing import by_part, calculable, same, spelled
from siemlab.proofs.lints import chance
from siemlab.proofs.proving import Proven

__all__ = ["proof_table"]

HEADINGS = {
    "en": ("team", "question", "raw", "truth", "foils", "readings", "domain", "chance"),
    "ja": ("チーム", "問い", "生ログ", "真実", "誤答", "読み違い", "候補数", "当たる確率"),
}
EQUAL, UNLIKE, NONE = "=", "≠", "-"


def proof_table(proven: Proven, lang: str = "en", *, show: bool = False) -> Table:
    """Return how a mission was proven, one row per question.

    Parameters
    ----------
    proven
        The mission, proven for one team.
    lang
        The language of headings.
    show
        Whether answers are shown.

    Examples
    --------
    >>> from siemlab.missions import Mission, Text
    >>> from siemlab.proofs.running import Plain
    >>> text = Text("A tour", "見学")
    >>> mission = Mission("L0", "", 0, 30, text, text, (), (), text)
    >>> proof_table(Proven(mission, "", {}, Plain())).headings[:3]
    ('team', 'question', 'raw')
    """
    team, question, *rest = HEADINGS[lang]
    headings = (team, question, *proven.walks, *rest, *(["answer"] if show else []))
    title = f"{proven.mission.id} {proven.mission.title[lang]}"
    return Table(
        headings, tuple(_row(proven, each, show) for each in proven.mission.questions), title=title
    )


def _row(proven: Proven, question: Question, show: bool) -> tuple[str | int, ...]:
    answers = [walk.answers.get(question.id) for walk in proven.walks.values()]
    proof = proven.plain.of(question.id)
    values = (*answers, proof.value, proof.truth)
    foils = proven.foils.get(question.id, ())
    own = sum(foil.name in question.foils for foil in foils)
    domains = proven.domains.get(question.id, ())
    return (
        proven.team or "base",
        question.id,
        *(_mark(question, answers[0], value) for value in values),
        own,
        len(foils) - own,
        " x ".join(str(domain) if domain else "?" for domain in domains) or NONE,
        f"{chance(domains):.0%}" if domains else NONE,
        *([_answer(question, answers[0])] if show else []),
    )


def _mark(question: Question, first: object, value: object) -> str:
    """Return whether a value is the answer; nothing is said of what is chosen."""
    if value is None or first is None:
        return NONE
    try:
        pairs = zip(question.parts, by_part(question, first), by_part(question, value), strict=True)
        told = [same(part, one, other) for part, one, other in pairs if other is not None]
    except (SiemlabError, ValueError):
        return UNLIKE
    return EQUAL if all(told) else UNLIKE


def _answer(question: Question, value: object) -> str:
    pairs = zip(question.parts, by_part(question, value), strict=True)
    return "; ".join(spelled(part, one) if calculable(part) else str(one) for part, one in pairs)
