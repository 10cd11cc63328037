"""Run a mission's own cells: those of the notebooks on a store, those of the proof on raw files."""

from __future__ import annotations

import collections
import contextlib
import datetime
import io
import ipaddress
import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from siemlab.editions.build import EDITIONS
from siemlab.editions.master import Cell, Master
from siemlab.errors import MissionFileError
from siemlab.missions import Mission
from siemlab.proofs.bench import Bench, Reading, ReadingStore
from siemlab.proofs.evidence import JAPAN, Evidence
from siemlab.proofs.raw import RawFiles
from siemlab.query.value import Query
from siemlab.store.base import Store

__all__ = ["Plain", "Proof", "Walk", "jst", "prove_plainly", "walk"]


def jst(moment: int | str) -> datetime.datetime:
    """Return a moment in Japan's time.

    Parameters
    ----------
    moment
        Epoch milliseconds, or ISO text (UTC where it names no zone).

    Examples
    --------
    >>> print(jst("2022-11-12T14:47:09Z"))
    2022-11-12 23:47:09+09:00
    >>> jst(1668264429000) == jst("2022-11-12T14:47:09Z")
    True
    """
    if isinstance(moment, int):
        return datetime.datetime.fromtimestamp(moment / 1000, JAPAN)
    read = datetime.datetime.fromisoformat(moment)
    return (read if read.tzinfo else read.replace(tzinfo=datetime.UTC)).astimezone(JAPAN)


@dataclass(frozen=True)
class Asked:
    """Where a question was answered: the cell, its names before it ran, the queries it asked."""

    cell: Cell
    names: dict[str, Any]
    queries: tuple[Query, ...]


@dataclass
class Walk:
    """A mission walked through on one engine.

    Parameters
    ----------
    master, path
        The source, and its file.
    bench
        What was noted.
    asked
        Where each question was answered, by its id.
    """

    master: Master
    path: Path
    bench: Bench
    asked: dict[str, Asked] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by question id."""
        return self.bench.answers

    def again(self, question_id: str, reading: Reading) -> Any:
        """Return a question's answer under another reading; None where it gives none.

        Only the cell that answers it is run again, with the names as they were before it.
        """
        asked, bench = self.asked[question_id], self.bench
        kept, kept_reading = dict(bench.answers), bench.store.reading
        bench.answers.pop(question_id, None)
        bench.store.reading = reading
        try:
            # What breaks under a misreading (no bucket to take, too many to unpack) is no answer.
            with contextlib.suppress(Exception):
                _run(asked.cell, self.path, dict(asked.names))
            return bench.answers.get(question_id)
        finally:
            bench.store.reading = kept_reading
            bench.answers.clear()
            bench.answers.update(kept)


def walk(master: Master, path: Path, mission: Mission, store: Store, team: str) -> Walk:
    """Run the cells of a solution, from top to bottom.

    Parameters
    ----------
    master, path
        The source, and its file.
    mission
        Its questions.
    store
        The store that answers.
    team
        The team whose logs the store holds.

    Returns
    -------
    Walk
        The answers, and what is needed to answer again.

    Raises
    ------
    MissionFileError
        When a cell fails. The error names file and line.
    """
    bench = Bench(ReadingStore(store), {question.id: question for question in mission.questions})
    done = Walk(master, path, bench)
    names: dict[str, Any] = {"__name__": "__main__"}
    with _standing_in(bench):
        for cell in master.cells:
            if cell.kind != "code" or EDITIONS["solutions"] & {*cell.tags}:
                continue
            before, known = dict(names), {*bench.answers}
            bench.store.asked.clear()
            _run(cell, path, names)
            if "parameters" in cell.tags:
                names |= {"lang": "en", "team": team}
            for question_id in bench.answers.keys() - known:
                done.asked[question_id] = Asked(cell, before, tuple(bench.store.asked))
    return done


@contextlib.contextmanager
def _standing_in(bench: Bench) -> Iterator[None]:
    """Let the bench's lab stand where notebooks find theirs."""
    import siemlab
    import siemlab.lab as room

    real, known = room.Lab, "Lab" in vars(siemlab)
    room.Lab = bench.lab  # type: ignore[misc,assignment]  # and put back below
    vars(siemlab)["Lab"] = bench.lab
    try:
        yield
    finally:
        room.Lab = real  # type: ignore[misc]  # as it was
        if known:
            vars(siemlab)["Lab"] = real
        else:
            del vars(siemlab)["Lab"]


def _run(cell: Cell, path: Path, names: dict[str, Any]) -> None:
    """Run a cell; a traceback shows the lines of the master."""
    # The master is part of siemlab, as much as this module is: its code is trusted.
    above = "\n" * (cell.line + bool(cell.tags))
    source = cell.source["en"].replace('"{lang}"', '"en"')
    code = compile(above + source, str(path), "exec")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, names)  # noqa: S102 - see above
    except MissionFileError as error:
        if error.file:
            raise
        raise _failed(error, path, cell) from error
    except Exception as error:
        raise _failed(error, path, cell) from error


def _failed(error: Exception, path: Path, cell: Cell) -> MissionFileError:
    """Return an error that names the line of the master."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return MissionFileError(
        f"this cell fails: {said}",
        f"このセルはエラーになります: {said}",
        file=path.name,
        line=(lines[-1] if lines else None) or cell.line,
    )


@dataclass
class Proof:
    """What proof cells say about one question.

    Parameters
    ----------
    value
        The answer, computed from raw files.
    truth
        What the story knows of it; None where it knows nothing.
    foils
        The author's wrong answers by their ids.
    accepted
        What is right as well.
    """

    value: Any = None
    truth: Any = None
    foils: dict[str, Any] = field(default_factory=dict)
    accepted: list[Any] = field(default_factory=list)


@dataclass
class Plain:
    """What all proof cells of a mission say.

    Parameters
    ----------
    proofs
        By question id.
    given
        The facts that texts are filled with.
    """

    proofs: dict[str, Proof] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def of(self, question_id: str) -> Proof:
        """Return what is said about a question."""
        return self.proofs.setdefault(question_id, Proof())


def prove_plainly(master: Master, path: Path, mission: Mission, evidence: Evidence) -> Plain:
    """Run the proof cells of a mission.

    Parameters
    ----------
    master, path
        The source, and its file.
    mission
        Its questions.
    evidence
        The raw files, and what the story knows.

    Returns
    -------
    Plain
        Answers, foils, and given facts.

    Raises
    ------
    MissionFileError
        When a cell fails or speaks of a question that there is not. The error names file and line.
    """
    plain = Plain()
    names = _names(plain, {question.id for question in mission.questions}, evidence, mission)
    for cell in master.cells:
        if cell.kind == "code" and "proof" in cell.tags:
            _run(cell, path, names)
    return plain


def _names(plain: Plain, ids: set[str], evidence: Evidence, mission: Mission) -> dict[str, Any]:
    """Return the names that a proof cell sees."""

    def of(question_id: str) -> Proof:
        if question_id not in ids:
            raise LookupError(f"there is no question {question_id!r} in the YAML")
        return plain.of(question_id)

    def prove(question_id: str, value: Any, truth: Any = None) -> None:
        of(question_id).value, of(question_id).truth = value, truth

    def proven(question_id: str) -> Any:
        if of(question_id).value is None:
            raise LookupError(f"{question_id} is not proven yet: prove it further up")
        return of(question_id).value

    def foil(question_id: str, name: str, value: Any) -> None:
        if name not in mission.question(question_id).foils:
            raise LookupError(f"the YAML has no foil {name!r} of {question_id}")
        of(question_id).foils[name] = value

    def accept(question_id: str, value: Any) -> None:
        of(question_id).accepted.append(value)

    return {
        "__name__": "__main__",
        "raw": RawFiles(evidence.bucket),
        **{each.__name__: each for each in (prove, proven, foil, accept)},
        "given": plain.given.update,
        "facts": evidence.facts(mission.scenario),
        "facts_of": evidence.facts,
        "rows": evidence.rows(mission.scenario),
        "jst": jst,
        "sheet": evidence.sheet,
        "instance": evidence.instance,
        "re": re,
        "json": json,
        "ipaddress": ipaddress,
        "datetime": datetime,
        "collections": collections,
    }
