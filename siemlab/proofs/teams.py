"""Prove missions for teams, one after the other; what is proven already need not be again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from siemlab.editions.master import Master, read_master
from siemlab.errors import MissionFileError
from siemlab.lab.places import opensearch_url
from siemlab.missions import Mission, Question, read_mission
from siemlab.missions.loading import CONTENT
from siemlab.proofs.data import (
    Step,
    Tell,
    evidence_of_days,
    lies_here,
    on_server,
    sample_evidence,
    whole_evidence,
)
from siemlab.proofs.evidence import Evidence
from siemlab.proofs.proving import Proven, prove_mission
from siemlab.published import content_of

__all__ = ["Chosen", "Places", "choose", "prove"]


@dataclass(frozen=True)
class Places:
    """Where missions lie.

    Parameters
    ----------
    master
        The folder of the masters.
    content
        The folder of the missions' YAML.

    Examples
    --------
    >>> Places().master.as_posix()
    'notebooks/master'
    """

    master: Path = Path("notebooks/master")
    content: Path = CONTENT


@dataclass(frozen=True)
class Chosen:
    """A mission that is to be proven.

    Parameters
    ----------
    path
        Its master's file.
    master
        Its master.
    mission
        Its questions.
    """

    path: Path
    master: Master
    mission: Mission

    @property
    def on_sample(self) -> bool:
        """Whether it is played on the sample logs, which have no team."""
        return any('store="sample"' in code for code in self.master.answering)

    @cached_property
    def stamp(self) -> str:
        """What a proof is good for: its cells, what its questions ask for, and the logs.

        Prose is no part of it: a hint may be said better without proving all teams again.
        """
        asked = [_asked(question) for question in self.mission.questions]
        whole = "\n".join((content_of("small"), *map(repr, asked), *self.master.answering))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _asked(question: Question) -> tuple[object, ...]:
    """Return what a key depends on: the answer's shape, and which wrong answers have a sentence."""
    parts = tuple(
        (part.type, part.many, part.field, part.zone, part.tolerance, len(part.options))
        for part in question.parts
    )
    return question.id, parts, sorted(question.foils), sorted(question.states), question.guessable


def choose(names: Sequence[str] = (), places: Places | None = None) -> list[Chosen]:
    """Return the missions of these ids.

    Parameters
    ----------
    names
        Their ids; all that have both files where none is named.
    places
        Where things lie; the usual places where None.

    Raises
    ------
    MissionFileError
        When there is no such mission.

    Examples
    --------
    >>> choose(["L9-Z"])
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: l9-z.md: there is no such master; missions here: ...
    """
    places = places or Places()
    master, content = places.master, places.content
    known = {path.stem: path for path in sorted(content.glob("*.yaml"))}
    found = []
    stems = [name.lower() for name in names]
    for stem in stems or [stem for stem in known if (master / f"{stem}.md").is_file()]:
        for path, kind in ((master / f"{stem}.md", "master"), (content / f"{stem}.yaml", "YAML")):
            if not path.is_file():
                raise MissionFileError(
                    f"there is no such {kind}; missions here: {', '.join(known)}",
                    f"ファイルがありません（{kind}）。ミッション: {', '.join(known)}",
                    file=path.name,
                )
        path = master / f"{stem}.md"
        found.append(Chosen(path, read_master(path), read_mission(known[stem])))
    return found


def prove(
    missions: Sequence[Chosen],
    team: str = "",
    *,
    engines: Sequence[str] = ("duckdb",),
    work: Path | None = None,
    whole: bool | None = None,
    tell: Tell = lambda en, ja: None,
    step: Step = lambda done, total: None,
) -> Iterator[tuple[Chosen, Proven]]:
    """Prove missions for a team. Its logs are built and loaded once for all of them.

    Parameters
    ----------
    missions
        What `choose` returned.
    team
        The team; empty text is the base data.
    engines
        ``duckdb``, ``opensearch``. The server must hold the team's logs, or nothing: then it is
        filled for the proof.
    work
        Where data sets are looked for, built and kept. Where None they are looked for in the usual
        place, and what is not there is built in a temporary one.
    whole
        Whether the whole data set is used, which is built where it is missing, or only what the
        missions look at. Where None: whole if it lies here.
    tell, step
        Are told what takes time, and how many days of how many are built.

    Yields
    ------
    Chosen, Proven
        Each mission, and its proof.

    Raises
    ------
    MissionFileError
        When a cell fails.
    StoreError
        When logs cannot be had.

    Examples
    --------
    >>> list(prove([]))
    []
    """
    sample = [one for one in missions if one.on_sample]
    small = [one for one in missions if not one.on_sample]
    if sample:
        with sample_evidence() as evidence:
            yield from _proven(sample, evidence, engines, tell)
    if not small:
        return
    if lies_here(team, work) if whole is None else whole:
        opened = whole_evidence(team, work, tell)
    else:
        looked_at = [(one.mission, one.master) for one in small]
        opened = evidence_of_days(team, looked_at, work, step)
    with opened as evidence:
        yield from _proven(small, evidence, engines, tell)


def _proven(
    missions: Sequence[Chosen], evidence: Evidence, engines: Sequence[str], tell: Tell
) -> Iterator[tuple[Chosen, Proven]]:
    with ExitStack() as stack:
        stores = {}
        for engine in engines:
            stores[engine] = evidence.store
            if engine == "opensearch":
                server = on_server(opensearch_url(), evidence, tell)
                stores[engine] = stack.enter_context(server)
        for one in missions:
            yield one, prove_mission(one.path, one.mission, evidence, stores)
