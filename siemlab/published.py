"""What was published with this version of siemlab: the manifests of its data sets."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["MANIFESTS", "content_of"]

MANIFESTS = Path(__file__).parents[1] / "data"
"""The folder of the manifests that are committed."""


def content_of(name: str) -> str:
    """Return what tells a data set of this version from that of another: its manifest's digest.

    Parameters
    ----------
    name
        The data set by its size, whichever team's it is.

    Returns
    -------
    str
        Empty where no manifest of it was published, or siemlab lies here without them.

    Examples
    --------
    >>> len(content_of("small")), content_of("scale")
    (16, '')
    """
    path = MANIFESTS / f"{name}.json"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""
