"""The stores of the company's logs that notebooks and browsers are tested on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["SIEMLAB", "Stores", "prepared"]

ROOT = Path(__file__).resolve().parents[1]
SIEMLAB = Path(sys.executable).with_name("siemlab")

Stores = Callable[[str], Path]
"""Takes a team; returns the folder that holds its store, to be named as SIEMLAB_STORES."""


def prepared(team: str) -> Path:
    """Return the folder with a team's store, which is prepared where it is missing.

    That takes some minutes. It is the folder that notebooks look in by themselves, so that
    every part of the tests finds what an earlier one has made; SIEMLAB_STORES names another.
    """
    folder = Path(os.environ.get("SIEMLAB_STORES") or ROOT / "data").resolve()
    named = ["--team", team] if team else []
    subprocess.run([SIEMLAB, "prepare", *named, "--into", folder], check=True, capture_output=True)
    return folder
