"""All missions of the package, for a team: its texts filled in, its key at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from siemlab.errors import MissionFileError
from siemlab.missions.filling import with_key
from siemlab.missions.keys import TeamKey, file_of_team, read_team_key
from siemlab.missions.mission import Mission
from siemlab.missions.reading import read_mission

__all__ = ["CONTENT", "KEYS", "load_mission", "load_missions", "team_key"]

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
        slots unfilled. A mission that a team's key does not fit is left out: an instructor may
        make keys for one mission alone, and one that is too old must not block the others.
        `load_mission` says why.
    folder
        Where the YAML files are; those of the package where None.

    Raises
    ------
    MissionFileError
        When a file is wrong, or there is no key for the team.

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
    found = []
    for mission in [_mission(path, _stamp(path)) for path in paths]:
        with suppress(MissionFileError):
            found.append(with_key(mission, key))
    return _in_order(found)


def load_mission(mission_id: str, team: str) -> Mission:
    """Return one mission for a team.

    Parameters
    ----------
    mission_id
        ``"L1-A"``.
    team
        The team, ``""`` for the base data.

    Raises
    ------
    MissionFileError
        There is no such mission, or no key for the team, or one that does not fit the mission; the
        error names the command that makes one.

    Examples
    --------
    >>> load_mission("L9-Z", "")
    Traceback (most recent call last):
    ...
    siemlab.errors.MissionFileError: there is no mission "L9-Z"; there are L0, ...
    """
    missions = {mission.id: mission for mission in load_missions(folder=CONTENT)}
    if mission_id not in missions:
        listed = ", ".join(missions) or "-"
        raise MissionFileError(
            f'there is no mission "{mission_id}"; there are {listed}',
            f"「{mission_id}」というミッションはありません。使えるもの: {listed}",
        )
    return with_key(missions[mission_id], team_key(team))


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
