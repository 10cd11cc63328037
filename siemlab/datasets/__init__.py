"""Which worlds are built: how large, which days, and what was built, by its hashes."""

from __future__ import annotations

from siemlab.datasets.build import build, sheet_identifiers
from siemlab.datasets.plan import DATA_SETS, DataSet, Plan
from siemlab.datasets.record import Manifest, read_manifest

__all__ = [
    "DATA_SETS",
    "DataSet",
    "Manifest",
    "Plan",
    "build",
    "read_manifest",
    "sheet_identifiers",
]
