"""Answers computed twice, and the ways to get them wrong: what `siemlab prove` runs."""

from __future__ import annotations

from siemlab.proofs.evidence import Evidence
from siemlab.proofs.findings import Finding
from siemlab.proofs.foils import Foil
from siemlab.proofs.keys import differing, is_current, key_of, write_keys
from siemlab.proofs.proving import Proven, prove_mission
from siemlab.proofs.report import ProofReport
from siemlab.proofs.table import proof_table
from siemlab.proofs.teams import Chosen, Places, choose, prove

__all__ = [
    "Chosen",
    "Evidence",
    "Finding",
    "Foil",
    "Places",
    "ProofReport",
    "Proven",
    "choose",
    "differing",
    "is_current",
    "key_of",
    "proof_table",
    "prove",
    "prove_mission",
    "write_keys",
]
