"""What was proven, for how many teams: a file that CI compares, and a page. No answers in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from siemlab.errors import MissionFileError
from siemlab.missions import Question
from siemlab.proofs.comparing import by_part, calculable
from siemlab.proofs.lints import chance
from siemlab.proofs.proving import Proven
from siemlab.proofs.teams import Chosen

__all__ = ["MissionRow", "ProofReport", "QuestionRow"]

BASE = "base"
HEADINGS = (
    "question",
    "type",
    "engines",
    "raw",
    "truth",
    "teams",
    "foils",
    "readings",
    "explained",
    "guessed",
)


@dataclass(frozen=True)
class QuestionRow:
    """How a question was proven; of several teams the worst.

    Parameters
    ----------
    type
        The types of its parts.
    raw, truth
        Of how many of its computed parts the plain pass and the story say the same, ``2/2``.
    foils
        The author's wrong answers.
    readings
        In how many other ways it was read.
    explained
        How many of those lead to a wrong answer of their own, which is then explained.
    chance
        Per cent that guess it in three tries.
    guessable
        Whether it says that it can be guessed.

    Examples
    --------
    >>> one = QuestionRow("count", "1/1", "1/1", 3, 12, 2, 25)
    >>> both = one.worse(QuestionRow("count", "1/1", "1/1", 2, 12, 3, 20))
    >>> both.foils, both.explained, both.chance
    (2, 2, 25)
    """

    type: str
    raw: str
    truth: str
    foils: int
    readings: int
    explained: int
    chance: int
    guessable: bool = False

    def worse(self, other: QuestionRow) -> QuestionRow:
        """Return what can be said of two teams."""
        return replace(
            self,
            foils=min(self.foils, other.foils),
            readings=min(self.readings, other.readings),
            explained=min(self.explained, other.explained),
            chance=max(self.chance, other.chance),
        )


@dataclass(frozen=True)
class MissionRow:
    """How a mission was proven.

    Parameters
    ----------
    stamp
        What the proof is good for, see `Chosen`.
    teams
        The teams by engine; ``base`` is the base data.
    questions
        By their ids.
    """

    stamp: str
    teams: Mapping[str, Sequence[str]]
    questions: Mapping[str, QuestionRow]


@dataclass(frozen=True)
class ProofReport:
    """What was proven.

    Parameters
    ----------
    missions
        By their ids.

    Examples
    --------
    >>> ProofReport.read(Path("nowhere.json")).missions
    {}
    """

    missions: Mapping[str, MissionRow] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> ProofReport:
        """Return the report in a file; an empty one where there is none.

        Raises
        ------
        MissionFileError
            What lies there is no report.
        """
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except FileNotFoundError:
            return cls()
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MissionFileError(
                f"this is no report of proofs ({error}): remove it, and prove again",
                f"証明のレポートとして読めません（{error}）。削除して、もう一度証明してください",
                file=path.name,
            ) from None

    def write(self, path: Path) -> None:
        """Write it as JSON, whole or not at all, the same bytes for the same report."""
        text = msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=1)
        partial = path.with_name(f"{path.name}.part")
        partial.write_bytes(text + b"\n")
        partial.replace(path)

    def holds(self, chosen: Chosen, team: str, engines: Sequence[str]) -> bool:
        """Tell whether a mission was proven as it is now, for a team and on these engines."""
        row = self.missions.get(chosen.mission.id)
        if row is None or row.stamp != chosen.stamp:
            return False
        return all((team or BASE) in row.teams.get(engine, ()) for engine in engines)

    def adding(self, chosen: Chosen, proven: Proven) -> ProofReport:
        """Return the report with one more proof; what an older state of a mission said is gone."""
        name, team = chosen.mission.id, proven.team or BASE
        rows = {one.id: _row(proven, one) for one in proven.mission.questions}
        teams: dict[str, Sequence[str]] = {}
        known = self.missions.get(name)
        if known is not None and known.stamp == chosen.stamp:
            teams = dict(known.teams)
            rows = {each: known.questions[each].worse(row) for each, row in rows.items()}
        for engine in proven.walks:
            teams[engine] = sorted({*teams.get(engine, ()), team})
        row = MissionRow(chosen.stamp, teams, rows)
        return ProofReport({**self.missions, name: row})

    def markdown(self) -> str:
        """Return a table per mission."""
        return "\n".join(line for name in sorted(self.missions) for line in self._lines(name))

    def _lines(self, name: str) -> Iterator[str]:
        row = self.missions[name]
        teams = "; ".join(f"{engine}: {', '.join(each)}" for engine, each in row.teams.items())
        yield from (f"## {name}", "", f"Teams on {teams}.", "")
        yield f"| {' | '.join(HEADINGS)} |"
        yield "|---" * len(HEADINGS) + "|"
        many = len({team for each in row.teams.values() for team in each})
        for question in sorted(row.questions, key=lambda each: int(each.rpartition(".")[2])):
            one = row.questions[question]
            guessed = f"{one.chance} %{' (says so)' if one.guessable else ''}"
            cells = (
                *(question, one.type, ", ".join(row.teams), one.raw, one.truth, many),
                *(one.foils, one.readings, one.explained, guessed),
            )
            yield f"| {' | '.join(map(str, cells))} |"
        yield ""


def _row(proven: Proven, question: Question) -> QuestionRow:
    proof = proven.plain.of(question.id)
    foils = proven.foils[question.id]
    own = sum(foil.name in question.foils for foil in foils)
    return QuestionRow(
        type=" + ".join(f"{part.type}{' (many)' if part.many else ''}" for part in question.parts),
        raw=_told(question, proof.value),
        truth=_told(question, proof.truth),
        foils=own,
        readings=proven.readings[question.id],
        explained=len(foils) - own,
        chance=round(100 * chance(proven.domains[question.id])),
        guessable=question.guessable,
    )


def _told(question: Question, value: object) -> str:
    """Return of how many of the computed parts a value speaks; nothing where none is computed."""
    pairs = zip(question.parts, by_part(question, value), strict=True)
    told = [one is not None for part, one in pairs if calculable(part)]
    return f"{sum(told)}/{len(told)}" if told else "-"
