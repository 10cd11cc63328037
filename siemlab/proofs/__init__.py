"""Answers computed twice, and the ways to get them wrong: what `siemlab prove` runs."""

from __future__ import annotations

from siemlab.proofs.evidence import Evidence
from siemlab.proofs.findings import Finding
from siemlab.proofs.foils import Foil
from siemlab.proofs.keys import differing, key_of, write_keys
from siemlab.proofs.proving import Places, Proven, prove, prove_mission
from siemlab.proofs.table import proof_table

__all__ = [
    "Evidence",
    "Finding",
    "Foil",
    "Places",
    "Proven",
    "differing",
    "key_of",
    "proof_table",
    "prove",
    "prove_mission",
    "write_keys",
]
