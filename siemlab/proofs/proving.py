"""Prove a mission: each answer computed by a query, by a plain pass, and known to the story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from siemlab.editions.master import Master, read_master
from siemlab.missions import Mission, Question
from siemlab.proofs.comparing import by_part, calculable, same, spelled
from siemlab.proofs.evidence import Evidence
from siemlab.proofs.findings import Finding
from siemlab.proofs.foils import Foil, foils_of
from siemlab.proofs.lints import (
    ambiguities,
    domain_of,
    guesses,
    text_findings,
    too_few_foils,
)
from siemlab.proofs.readings import misreadings
from siemlab.proofs.running import Plain, Walk, prove_plainly, walk
from siemlab.store.base import Store

__all__ = ["Proven", "prove_mission"]


@dataclass(frozen=True)
class Proven:
    """A mission, proven for one team.

    Parameters
    ----------
    mission
        The mission.
    team
        The team.
    walks
        The walk on each engine, by its name.
    plain
        What the proof cells say.
    foils
        The explained wrong answers, by question id.
    domains
        For each part of a question how many values a guesser would choose from.
    readings
        In how many other ways a question was read.
    findings
        What differs, and what is unfair; none when all is well.
    whole
        Whether all days were there; otherwise wrong answers may be others.
    """

    mission: Mission
    team: str
    walks: Mapping[str, Walk]
    plain: Plain
    foils: Mapping[str, tuple[Foil, ...]] = field(default_factory=dict)
    domains: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    readings: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    whole: bool = True

    def answer(self, question_id: str) -> Any:
        """Return an answer: that of the first engine."""
        return next(iter(self.walks.values())).answers.get(question_id)


def prove_mission(
    path: Path, mission: Mission, evidence: Evidence, engines: Mapping[str, Store]
) -> Proven:
    """Prove one mission for one team.

    Parameters
    ----------
    path
        Its master.
    mission
        Its questions.
    evidence
        The team's logs.
    engines
        The stores that answer, by the name of their engine.

    Returns
    -------
    Proven
        The answers, and what is wrong.

    Raises
    ------
    MissionFileError
        When a cell fails.

    Examples
    --------
    >>> from siemlab import Lab
    >>> from siemlab.missions import Text
    >>> evidence = Evidence("", Lab(store="sample", quiet=True).store, Path("data/sample"))
    >>> text = Text("A tour", "見学")
    >>> mission = Mission("L0", "", 0, 30, text, text, (), (), text)
    >>> prove_mission(Path("nowhere.md"), mission, evidence, {"duckdb": evidence.store})
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: nowhere.md: there is no such file
    """
    master = read_master(path)
    walks = {
        name: walk(master, path, mission, store, evidence.team) for name, store in engines.items()
    }
    plain = prove_plainly(master, path, mission, evidence)
    findings = [
        finding
        for question in mission.questions
        for finding in _differences(question, walks, plain)
    ]
    proven = Proven(mission, evidence.team, walks, plain, findings=tuple(findings))
    # An answer that is not one cannot be misread either.
    return proven if findings else _judged(proven, master, evidence)


def _judged(proven: Proven, master: Master, evidence: Evidence) -> Proven:
    """Return it with foils and domains, and what is unfair."""
    mission, walk_on = proven.mission, next(iter(proven.walks.values()))
    foils, domains, readings = {}, {}, {}
    found: list[Finding] = []
    for question in mission.questions:
        queries = walk_on.asked[question.id].queries
        right = by_part(question, proven.answer(question.id))
        foils[question.id] = foils_of(question, walk_on, proven.plain.of(question.id))
        domains[question.id] = tuple(
            domain_of(part, value, queries, evidence.store)
            for part, value in zip(question.parts, right, strict=True)
        )
        computed = any(map(calculable, question.parts))
        readings[question.id] = len(misreadings(queries)) if computed else 0
        found += ambiguities(question, foils[question.id])
        found += guesses(question, domains[question.id])
        found += too_few_foils(question, foils[question.id])
    found += text_findings(mission, walk_on, proven.plain, _read_by_learners(master))
    return replace(
        proven,
        foils=foils,
        domains=domains,
        readings=readings,
        findings=tuple(found),
        whole=evidence.whole,
    )


def _read_by_learners(master: Master) -> list[str]:
    """Return what learners read in the notebook."""
    hidden = {"solution", "instructor", "proof"}
    return [
        text
        for cell in master.cells
        if not hidden & {*cell.tags}
        for text in dict.fromkeys(cell.source.values())
    ]


def _differences(question: Question, walks: Mapping[str, Walk], plain: Plain) -> list[Finding]:
    """Return what the engines, the plain pass and the story do not agree on."""
    first = next(iter(walks.values())).answers.get(question.id)
    if first is None:
        return [
            _finding(question, "missing", "no solution cell answers it", "解答セルがありません")
        ]
    proof = plain.of(question.id)
    others = {
        **{name: each.answers.get(question.id) for name, each in walks.items()},
        "raw": proof.value,
        "truth": proof.truth,
    }
    found = []
    if proof.value is None and any(map(calculable, question.parts)):
        found += [_finding(question, "raw", "no proof cell proves it", "証明セルがありません")]
    try:
        mine = by_part(question, first)
        for name, value in others.items():
            for part, one, other in zip(
                question.parts, mine, by_part(question, value), strict=True
            ):
                if other is not None and not same(part, one, other):
                    text = f"{spelled(part, one)} | {name}: {spelled(part, other)}"
                    found += [_finding(question, name, text, text)]
    except ValueError as error:
        found += [_finding(question, "parts", str(error), str(error))]
    return found


def _finding(question: Question, what: str, en: str, ja: str) -> Finding:
    return Finding(question.id, what, en, ja)
