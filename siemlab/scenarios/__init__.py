"""The incident stories, one module each; `SCENARIOS` lists them in the order of their names."""

from __future__ import annotations

from siemlab.scenarios.l1a import MIDNIGHT_BILL
from siemlab.scenarios.l1b import OPEN_DOOR
from siemlab.scenarios.l1c import CONSOLE_AT_NIGHT
from siemlab.scenarios.l2a import PASSPORT_PREVIEW
from siemlab.scenarios.l2b import TRUSTED_PIPELINE
from siemlab.scenarios.l2c import RANSOM_NOTE
from siemlab.scenarios.scenario import Decoy, Knobs, Row, Scenario, Truth

__all__ = ["SCENARIOS", "Decoy", "Knobs", "Row", "Scenario", "Truth"]

SCENARIOS: tuple[Scenario, ...] = (
    MIDNIGHT_BILL,
    OPEN_DOOR,
    CONSOLE_AT_NIGHT,
    PASSPORT_PREVIEW,
    TRUSTED_PIPELINE,
    RANSOM_NOTE,
)
