"""Prove missions: each answer computed by a query, by a plain pass, and known to the story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from siemlab.editions.master import Master, read_master
from siemlab.errors import MissionFileError
from siemlab.lab.opening import open_target
from siemlab.lab.places import opensearch_url
from siemlab.missions import Mission, Question, read_mission
from siemlab.missions.loading import CONTENT
from siemlab.proofs.comparing import by_part, calculable, same, spelled
from siemlab.proofs.data import (
    Step,
    Tell,
    evidence_of_days,
    lies_here,
    sample_evidence,
    whole_evidence,
)
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
from siemlab.proofs.running import Plain, Walk, prove_plainly, walk
from siemlab.store.base import Store

__all__ = ["Places", "Proven", "prove", "prove_mission"]


MANY = 4
"""As many missions take as long by their days alone as the whole year does at once."""


@dataclass(frozen=True)
class Places:
    """Where things lie that a proof needs.

    Parameters
    ----------
    master
        The folder of the masters.
    content
        The folder of the missions' YAML.
    work
        Where data sets are looked for, built and kept. Where None they are looked for in the usual
        place, and what is not there is built in a temporary one.

    Examples
    --------
    >>> Places().master.as_posix()
    'notebooks/master'
    """

    master: Path = Path("notebooks/master")
    content: Path = CONTENT
    work: Path | None = None


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
    findings: tuple[Finding, ...] = ()
    whole: bool = True

    def answer(self, question_id: str) -> Any:
        """Return an answer: that of the first engine."""
        return next(iter(self.walks.values())).answers.get(question_id)


def prove(
    missions: Sequence[str],
    teams: Sequence[str],
    *,
    engines: Sequence[str] = ("duckdb",),
    places: Places | None = None,
    days_only: bool | None = None,
    tell: Tell = lambda en, ja: None,
    step: Step = lambda done, total: None,
) -> Iterator[Proven]:
    """Prove missions for teams, one after the other.

    Parameters
    ----------
    missions
        Their ids; all that have both files where none is named.
    teams
        The teams; empty text is the base data.
    engines
        ``duckdb``, ``opensearch``. The server must hold the team's logs.
    places
        Where things lie; the usual places where None.
    days_only
        Whether only the days that a mission needs are used. Where None: if the team's data set is
        not here and few missions are wanted, as that is quicker.
    tell, step
        Are told what takes time, and how many days of how many are built.

    Yields
    ------
    Proven
        Each mission for each team.

    Raises
    ------
    MissionFileError
        When there is no such mission, or a cell fails.
    StoreError
        When logs cannot be had.

    Examples
    --------
    >>> next(prove(["L9-Z"], [""]))
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: l9-z.md: there is no such master; missions here: ...
    """
    places = places or Places()
    work, chosen = places.work, list(_chosen(missions, places))
    for team in teams:
        few = days_only
        if few is None:
            few = not lies_here(team, work) and len(chosen) < MANY
        with ExitStack() as stack:
            server = (
                [stack.enter_context(closing(open_target(opensearch_url())))]
                if "opensearch" in engines
                else []
            )
            whole: Evidence | None = None
            for path, mission in chosen:
                with ExitStack() as once:
                    if 'store="sample"' in path.read_text(encoding="utf-8"):
                        evidence = once.enter_context(sample_evidence())
                    elif few:
                        evidence = once.enter_context(evidence_of_days(team, mission, work, step))
                    else:
                        whole = whole or stack.enter_context(whole_evidence(team, work, tell))
                        evidence = whole
                    stores = dict(zip(("opensearch",), server, strict=False))
                    if "duckdb" in engines or not server:
                        stores = {"duckdb": evidence.store, **stores}
                    yield prove_mission(path, mission, evidence, stores)


def _chosen(names: Sequence[str], places: Places) -> Iterator[tuple[Path, Mission]]:
    """Yield the masters and missions of these ids, in order."""
    master, content = places.master, places.content
    known = {path.stem: path for path in sorted(content.glob("*.yaml"))}
    stems = [name.lower() for name in names]
    for stem in stems or [stem for stem in known if (master / f"{stem}.md").is_file()]:
        for path, kind in ((master / f"{stem}.md", "master"), (content / f"{stem}.yaml", "YAML")):
            if not path.is_file():
                raise MissionFileError(
                    f"there is no such {kind}; missions here: {', '.join(known)}",
                    f"ファイルがありません（{kind}）。ミッション: {', '.join(known)}",
                    file=path.name,
                )
        yield master / f"{stem}.md", read_mission(known[stem])


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
    foils, domains = {}, {}
    found: list[Finding] = []
    for question in mission.questions:
        queries = walk_on.asked[question.id].queries
        right = by_part(question, proven.answer(question.id))
        foils[question.id] = foils_of(question, walk_on, proven.plain.of(question.id))
        domains[question.id] = tuple(
            domain_of(part, value, queries, evidence.store)
            for part, value in zip(question.parts, right, strict=True)
        )
        found += ambiguities(question, foils[question.id])
        found += guesses(question, domains[question.id])
        found += too_few_foils(question, foils[question.id])
    found += text_findings(mission, walk_on, proven.plain, _read_by_learners(master))
    return replace(
        proven, foils=foils, domains=domains, findings=tuple(found), whole=evidence.whole
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
