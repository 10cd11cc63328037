"""How true are these logs: tests that genuine AWS logs pass, to be run on any folder of logs."""

from __future__ import annotations

from siemlab.realism.company import company_inventory, labels_of, open_folder
from siemlab.realism.determinism import content_hash
from siemlab.realism.figures import Figure, Violation
from siemlab.realism.inventory import Inventory
from siemlab.realism.labels import Labels
from siemlab.realism.report import Report, verify

__all__ = [
    "Figure",
    "Inventory",
    "Labels",
    "Report",
    "Violation",
    "company_inventory",
    "content_hash",
    "labels_of",
    "open_folder",
    "verify",
]
