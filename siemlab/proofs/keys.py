"""Proven answers become a team's key."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from siemlab.check import as_text
from siemlab.locks import alone
from siemlab.missions import (
    Part,
    PartKey,
    Question,
    TeamKey,
    digest,
    read_team_key,
    seal,
    write_team_key,
)
from siemlab.missions.keys import file_of_team
from siemlab.proofs.comparing import by_part, calculable, spelled
from siemlab.proofs.proving import Proven
from siemlab.proofs.teams import Chosen

__all__ = ["differing", "is_current", "key_of", "write_keys"]


def key_of(proven: Proven) -> TeamKey:
    """Return the key of a team for one mission.

    Parameters
    ----------
    proven
        The mission, proven for the team.

    Examples
    --------
    >>> from siemlab.missions import Mission, Text
    >>> from siemlab.proofs.running import Plain
    >>> text = Text("A tour", "見学")
    >>> mission = Mission("L0", "", 0, 30, text, text, (), (), text)
    >>> key_of(Proven(mission, "t07", {}, Plain(given={"nights": 3}))).given
    {'L0': {'nights': 3}}
    """
    mission, team = proven.mission, proven.team
    given = {name: _plain(value) for name, value in sorted(proven.plain.given.items())}
    questions = {
        question.id: tuple(_part(proven, question, at) for at in range(len(question.parts)))
        for question in mission.questions
    }
    return TeamKey(team, {mission.id: given} if given else {}, questions)


def _part(proven: Proven, question: Question, at: int) -> PartKey:
    """Return what the key says about one part."""
    part, team = question.parts[at], proven.team

    def kept(value: Any) -> str:
        return digest(spelled(part, value), team, question.id, at)

    right = by_part(question, proven.answer(question.id))[at]
    accepted = [by_part(question, each)[at] for each in proven.plain.of(question.id).accepted]
    rights = {kept(value) for value in (right, *accepted) if value is not None}
    wrong: dict[str, str] = {}
    if calculable(part):
        for foil in proven.foils.get(question.id, ()):
            if foil.values[at] is not None:
                wrong.setdefault(kept(foil.values[at]), foil.name)
    wrong = {name: foil for name, foil in wrong.items() if name not in rights}
    sealed = seal(_typed(part, right), team, question.id, at)
    return PartKey(tuple(sorted(rights)), wrong, sealed, proven.domains[question.id][at])


def _typed(part: Part, value: Any) -> str:
    """Return an answer as a learner would type it: a time as the clock of its zone shows it."""
    if isinstance(value, datetime) and part.zone:
        return f"{value.astimezone(ZoneInfo(part.zone)):%Y-%m-%d %H:%M:%S}"
    return as_text(value)


def _plain(value: Any) -> str | int:
    """Return a given fact as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return int(value) if isinstance(value, int) else str(value)


def is_current(folder: Path, chosen: Chosen, team: str) -> bool:
    """Tell whether a team has a key of a mission that was proven as it is now.

    Parameters
    ----------
    folder
        Where keys lie.
    chosen
        The mission.
    team
        The team.

    Raises
    ------
    MissionFileError
        When what lies there is no key.

    Examples
    --------
    >>> from siemlab.proofs import choose
    >>> is_current(Path("nowhere"), choose(["L1-A"])[0], "t07")
    False
    """
    return _kept(folder, team).stamps.get(chosen.mission.id) == chosen.stamp


def write_keys(folder: Path, fresh: TeamKey, mission: str, stamp: str = "") -> None:
    """Write what is proven of one mission into its team's key; other missions stay.

    Parameters
    ----------
    folder
        Where keys lie.
    fresh
        The key of the mission.
    mission
        The mission's id.
    stamp
        What the proof is good for, see `Chosen`.

    Raises
    ------
    MissionFileError
        When what lies there is no key.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> key = TeamKey("t07", {"L1-A": {"nights": 3}}, {})
    >>> with TemporaryDirectory() as folder:
    ...     write_keys(Path(folder), key, "L1-A")
    ...     differing(Path(folder), key, "L1-A")
    False
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_of_team(fresh.team)
    with _alone(folder):
        kept = _kept(folder, fresh.team)
        write_team_key(
            path.with_suffix(".part"),
            TeamKey(
                fresh.team,
                {**_but(kept.given, mission), **fresh.given},
                {**_but(kept.questions, mission), **fresh.questions},
                _but(kept.stamps, mission) | ({mission: stamp} if stamp else {}),
            ),
        )
        path.with_suffix(".part").replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let others that prove another mission wait: each adds to what the one before has written."""
    if os.name == "nt":  # where a folder cannot be opened
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with alone(handle):
            yield
    finally:
        os.close(handle)


def differing(folder: Path, fresh: TeamKey, mission: str, *, whole: bool = True) -> bool:
    """Tell whether a team's key says something else of a mission than what is proven.

    Parameters
    ----------
    folder, fresh, mission
        As in `write_keys`.
    whole
        Whether wrong answers and domains are compared, too: they need all days.

    Examples
    --------
    >>> differing(Path("nowhere"), TeamKey("t07", {"L1-A": {"nights": 3}}, {}), "L1-A")
    True
    """
    kept = _kept(folder, fresh.team)
    given, questions = (
        {name: one for name, one in known.items() if name not in _but(known, mission)}
        for known in (dict[str, Any](kept.given), dict[str, Any](kept.questions))
    )
    new: dict[str, Any] = dict(fresh.questions)
    if not whole:
        questions, new = (
            {name: _rights(one) for name, one in each.items()} for each in (questions, new)
        )
    return given != dict(fresh.given) or questions != new


def _rights(parts: Sequence[PartKey]) -> list[tuple[str, ...]]:
    return [part.right for part in parts]


def _kept(folder: Path, team: str) -> TeamKey:
    """Return a team's key as it lies there; an empty one where there is none."""
    path = folder / file_of_team(team)
    return read_team_key(path) if path.exists() else TeamKey(team, {}, {})


def _but(known: Mapping[str, Any], mission: str) -> dict[str, Any]:
    """Return what is known of other missions."""
    return {name: one for name, one in known.items() if name.split(".")[0] != mission}
