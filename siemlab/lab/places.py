"""Where things lie: the store one works with, the sample logs, the server on this machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import siemlab
from siemlab.lab.opening import is_url
from siemlab.missions.keys import file_of_team

__all__ = [
    "default_store",
    "opensearch_url",
    "progress_file",
    "sample_logs",
    "sample_store",
    "small_logs",
    "small_store",
]

_SAMPLE = Path("data", "sample")


def _checkout() -> Path | None:
    """Return the siemlab folder that one is in, else the one that the package comes from."""
    here = Path.cwd()
    package = Path(siemlab.__file__).parent.parent
    candidates = (here, *here.parents, package)
    return next((folder for folder in candidates if (folder / _SAMPLE / "AWSLogs").is_dir()), None)


def _data() -> Path:
    """Return the folder for what is built: that of the checkout, else the user's own."""
    checkout = _checkout()
    if checkout is not None and os.access(checkout / "data", os.W_OK):
        return checkout / "data"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "siemlab"


def default_store() -> str:
    """Return the folder, or the URL, of the store that commands and notebooks work with.

    It is ``SIEMLAB_STORE`` where that is set; else ``data/store`` of the siemlab checkout around
    the current folder, or of the one that the package comes from; else ``siemlab/store`` in the
    user's data folder. It need not exist yet.

    Examples
    --------
    >>> Path(default_store()).name
    'store'
    """
    chosen = os.environ.get("SIEMLAB_STORE", "")
    if is_url(chosen):  # as a path it would lose a slash
        return chosen
    return str(Path(chosen).expanduser() if chosen else _data() / "store")


def sample_logs() -> Path | None:
    """Return the folder with the sample logs, or None where there is no checkout."""
    checkout = _checkout()
    return None if checkout is None else checkout / _SAMPLE


def sample_store(logs: Path) -> Path:
    """Return the folder of the store that holds the sample and nothing else.

    Parameters
    ----------
    logs
        The folder with the sample logs.

    Returns
    -------
    Path
        Its name holds a digest of the logs, so new logs get a new store.
    """
    digest = hashlib.sha256()
    for file in sorted(path for path in logs.rglob("*") if path.is_file()):
        digest.update(file.relative_to(logs).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return _data() / f"sample-store-{digest.hexdigest()[:8]}"


def small_store(team: str, folder: Path | None = None) -> Path:
    """Return the folder of the store with a team's small data set. It need not exist yet.

    It lies in ``SIEMLAB_STORES`` where that is set: a folder that many share, with
    ``store-small``, ``store-small-t07`` and so on. What that lacks and may not be written there,
    like all else, lies with what is built: ``data`` of the checkout, else the user's data folder.

    Parameters
    ----------
    team
        The team; empty for the base data.
    folder
        The folder that it lies in, where that is chosen.

    Raises
    ------
    MissionFileError
        This can be no team's name.

    Examples
    --------
    >>> small_store("").name, small_store("t07").name
    ('store-small', 'store-small-t07')
    """
    name = f"store-{_small(team)}"
    shared = os.environ.get("SIEMLAB_STORES")
    if folder is not None or not shared:
        return (folder or _data()) / name
    there = Path(shared).expanduser() / name
    mine = there.exists() or not there.parent.exists() or os.access(there.parent, os.W_OK)
    return there if mine else _data() / name


def small_logs(store: Path) -> Path:
    """Return the folder of the raw logs that a small store is loaded from: beside it.

    Parameters
    ----------
    store
        What `small_store` returned.

    Examples
    --------
    >>> small_logs(Path("data/store-small-t07")).as_posix()
    'data/small-t07'
    """
    return store.with_name(store.name.removeprefix("store-"))


def progress_file(team: str) -> Path:
    """Return the file that keeps what a learner did.

    It lies in ``SIEMLAB_PROGRESS`` where that is set, else in ``progress`` with what is built.

    Parameters
    ----------
    team
        The team; empty for the base data.

    Raises
    ------
    MissionFileError
        This can be no team's name.

    Examples
    --------
    >>> progress_file("").name, progress_file("t07").name
    ('base.jsonl', 't07.jsonl')
    """
    own = os.environ.get("SIEMLAB_PROGRESS")
    folder = Path(own).expanduser() if own else _data() / "progress"
    return folder / f"{Path(file_of_team(team)).stem}.jsonl"


def _small(team: str) -> str:
    file_of_team(team)  # refuses what can be no team: the name becomes that of a folder
    return f"small-{team}" if team else "small"


def opensearch_url() -> str:
    """Return the address of the OpenSearch to ask.

    It is ``SIEMLAB_OPENSEARCH`` where that is set, else that of ``siemlab opensearch up``.
    """
    from siemlab.server import OpenSearchServer

    return os.environ.get("SIEMLAB_OPENSEARCH") or OpenSearchServer().url
