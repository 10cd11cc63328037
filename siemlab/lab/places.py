"""Where things lie: the store one works with, the sample logs, the server on this machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import siemlab

__all__ = ["default_store", "opensearch_url", "sample_logs", "sample_store"]

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


def default_store() -> Path:
    """Return the folder of the store that the command line and the notebooks work with.

    It is ``SIEMLAB_STORE`` where that is set; else ``data/store`` of the siemlab checkout around
    the current folder, or of the one that the package comes from; else ``siemlab/store`` in the
    user's data folder. It need not exist yet.

    Examples
    --------
    >>> default_store().name
    'store'
    """
    chosen = os.environ.get("SIEMLAB_STORE")
    return Path(chosen).expanduser() if chosen else _data() / "store"


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


def opensearch_url() -> str:
    """Return the address of the OpenSearch to ask.

    It is ``SIEMLAB_OPENSEARCH`` where that is set, else that of ``siemlab opensearch up``.
    """
    from siemlab.server import OpenSearchServer

    return os.environ.get("SIEMLAB_OPENSEARCH") or OpenSearchServer().url
