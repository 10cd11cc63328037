"""The one door for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from siemlab.lab.answers import Buckets, FieldList, IndexList, NewestHits
    from siemlab.lab.events import Events
    from siemlab.lab.lab import Lab
    from siemlab.lab.page import Page
    from siemlab.lab.report import Report

__all__ = ["Buckets", "Events", "FieldList", "IndexList", "Lab", "NewestHits", "Page", "Report"]

# The command line takes some modules of this room, and would wait a second for the widgets.
_HOMES = {
    "Buckets": "answers",
    "Events": "events",
    "FieldList": "answers",
    "IndexList": "answers",
    "Lab": "lab",
    "NewestHits": "answers",
    "Page": "page",
    "Report": "report",
}


def __getattr__(name: str) -> Any:
    """Load a public name."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'siemlab.lab' has no attribute {name!r}")
    return getattr(import_module(f"siemlab.lab.{_HOMES[name]}"), name)
