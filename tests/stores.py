"""The company's logs that notebooks, browsers and servers are tested on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from siemlab.datasets import Plan
from siemlab.editions.master import read_master
from siemlab.lab.data import MADE_FROM
from siemlab.lab.places import small_store
from siemlab.missions.loading import CONTENT, read_mission
from siemlab.proofs.days import build_days, load_days, needs_of
from siemlab.published import content_of

__all__ = ["SIEMLAB", "prepared", "stored"]

ROOT = Path(__file__).resolve().parents[1]
SIEMLAB = Path(sys.executable).with_name("siemlab")


def prepared() -> Path:
    """Return the folder with the base data, logs and store; they are made where they are missing.

    That takes some minutes. ``make test`` names a folder, so that each part of the tests finds
    what an earlier one has made; else it is the one that notebooks look in by themselves.
    """
    folder = Path(os.environ.get("SIEMLAB_DATA") or ROOT / "data").resolve()
    subprocess.run([SIEMLAB, "prepare", "--into", folder], check=True, capture_output=True)
    return folder


def stored(team: str, folder: Path) -> Path:
    """Fill a folder with what the missions look at of a team's logs, and with a store of it.

    It gives the answers of the whole data set, and is half of it; notebooks find it as the team's.
    """
    masters = ROOT / "notebooks" / "master"
    missions = [
        (read_mission(path), read_master(masters / f"{path.stem}.md"))
        for path in sorted(CONTENT.glob("*.yaml"))
    ]
    plan = Plan.of("small", team=team)
    build_days(plan, needs_of(plan, missions), folder, lambda done, total: None)
    load_days(folder).close()
    store = (folder / "store").rename(small_store(team, folder))
    (store / MADE_FROM).write_text(content_of("small"), encoding="utf-8")
    return folder
