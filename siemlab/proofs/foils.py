"""Wrong answers that teach: the author's own, and those that a misreading leads to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from siemlab.errors import SiemlabError
from siemlab.missions import Question
from siemlab.proofs.comparing import by_part, calculable, same, spelled
from siemlab.proofs.readings import misreadings
from siemlab.proofs.running import Proof, Walk

__all__ = ["Foil", "foils_of"]


@dataclass(frozen=True)
class Foil:
    """One wrong answer to a question.

    Parameters
    ----------
    name
        The id of its sentence: one of the question's own foils, or of `siemlab.missions.READINGS`.
    values
        A value for each part; None where the part is right, or the foil says nothing of it.
    state
        The word under ``states`` that rules its reading out; empty where no prompt needs to.

    Examples
    --------
    >>> Foil("utc", (41, None)).state
    ''
    """

    name: str
    values: tuple[Any, ...]
    state: str = ""


def foils_of(question: Question, walk: Walk, proof: Proof) -> tuple[Foil, ...]:
    """Return the wrong answers to a question that are explained, each once.

    Parameters
    ----------
    question
        The question.
    walk
        The walk on the first engine; its cell is run again under every misreading.
    proof
        What the proof cells say: the author's foils, and what is accepted.

    Returns
    -------
    tuple of Foil
        The author's own first: where two lead to one answer, the author knows better.
    """
    right = by_part(question, walk.answers[question.id])
    accepted = [by_part(question, value) for value in proof.accepted]
    found: dict[tuple[str, ...], Foil] = {}
    for foil in _all(question, walk, proof):
        wrong = tuple(
            None
            if value is None or not calculable(part) or _is_right(part, value, one, others)
            else value
            for part, value, one, *others in zip(
                question.parts, foil.values, right, *accepted, strict=True
            )
        )
        # What cannot be spelled (no value, one that does not fit) nobody can type either.
        with contextlib.suppress(SiemlabError, ValueError, TypeError):
            spelling = tuple(
                spelled(part, value) for part, value in zip(question.parts, wrong, strict=True)
            )
            if any(spelling):
                kept = found.setdefault(spelling, Foil(foil.name, wrong, foil.state))
                if foil.state and not kept.state:
                    found[spelling] = Foil(kept.name, wrong, foil.state)
    return tuple(found.values())


def _is_right(part: Any, value: Any, right: Any, others: list[Any]) -> bool:
    try:
        return any(same(part, value, one) for one in (right, *others) if one is not None)
    except (SiemlabError, ValueError, TypeError):
        return False


def _all(question: Question, walk: Walk, proof: Proof) -> Iterator[Foil]:
    """Yield the author's foils, then what each misreading leads to."""
    for name, value in proof.foils.items():
        yield Foil(name, tuple(by_part(question, value)))
    if not any(map(calculable, question.parts)):
        return
    for misreading in misreadings(walk.asked[question.id].queries):
        value = walk.again(question.id, misreading.reading)
        with contextlib.suppress(ValueError):
            if not _is_empty(value):
                yield Foil(misreading.foil, tuple(by_part(question, value)), misreading.state)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, set, frozenset)) and not value)
