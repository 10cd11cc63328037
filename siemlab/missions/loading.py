"""All missions of the package, for a team: its texts filled in, its key at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from siemlab.missions.filling import with_key
from siemlab.missions.keys import TeamKey, file_of_team, read_team_key
from siemlab.missions.mission import Mission
from siemlab.missions.reading import read_mission

__all__ = ["CONTENT", "KEYS", "load_missions", "team_key"]

CONTENT = Path(__file__).parent / "content"
"""The folder of the missions' YAML files."""

KEYS = Path(__file__).parent / "keys"
"""The folder of the keys that come with the package."""

_Stamp = tuple[int, int]


def load_missions(team: str | None = None, *, folder: Path | None = None) -> tuple[Mission, ...]:
    """Return the missions, by level and id. They are read once, and again after a change.

    Parameters
    ----------
    team
        The team, ``""`` for the base data. None: as the files have them, without keys, their
        slots unfilled. A mission that a team's key says nothing of is left out: an instructor
        may make keys for one mission alone.
    folder
        Where the YAML files are; those of the package where None.

    Raises
    ------
    MissionFileError
        When a file is wrong, or there is no key for the team, or one that is too old.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as nothing_here:
    ...     load_missions(folder=Path(nothing_here))
    ()
    """
    paths = sorted((folder or CONTENT).glob("*.yaml"))
    if team is None:
        return _in_order(_mission(path, _stamp(path)) for path in paths)
    key = team_key(team)
    proven = {question_id.rpartition(".")[0].lower() for question_id in key.questions}
    return _in_order(
        with_key(_mission(path, _stamp(path)), key) for path in paths if path.stem in proven
    )


def team_key(team: str) -> TeamKey:
    """Return a team's key: from the folder ``SIEMLAB_KEYS`` where it has one, else the package's.

    Parameters
    ----------
    team
        The team, ``""`` for the base data.

    Raises
    ------
    MissionFileError
        When there is none; the error names the command that makes one.
    """
    path = _key_path(team)
    return _team_key(path, _stamp(path))


def _in_order(missions: Iterable[Mission]) -> tuple[Mission, ...]:
    return tuple(sorted(missions, key=lambda mission: (mission.level, mission.id)))


def _key_path(team: str) -> Path:
    name = file_of_team(team)
    own = os.environ.get("SIEMLAB_KEYS")
    if own and (Path(own) / name).is_file():
        return Path(own) / name
    return KEYS / name


def _stamp(path: Path) -> _Stamp:
    """Return what changes with a file; an author need not restart a kernel."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _mission(path: Path, stamp: _Stamp) -> Mission:  # the stamp is a part of the cache's key
    return read_mission(path)


@lru_cache(maxsize=64)
def _team_key(path: Path, stamp: _Stamp) -> TeamKey:
    return read_team_key(path)
