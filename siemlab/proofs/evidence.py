"""What a mission is proven from: a team's store, its raw files, and what its stories know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from siemlab.baseline import Baseline
from siemlab.datasets import Plan
from siemlab.store.base import Store

__all__ = ["JAPAN", "Evidence"]

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Evidence:
    """A team's logs, twice: loaded, and as they lie in the bucket.

    Parameters
    ----------
    team
        The team; empty for the base data.
    store
        The loaded logs.
    bucket
        The folder with the raw files; it holds ``AWSLogs``.
    whole
        Whether all days are there, or only those that a mission needs.

    Examples
    --------
    >>> from siemlab import Lab
    >>> evidence = Evidence("", Lab(store="sample", quiet=True).store, Path("data/sample"))
    >>> evidence.facts("L1-A")["instances"], evidence.facts("")
    (18, {})
    """

    team: str
    store: Store
    bucket: Path
    whole: bool = True

    @cached_property
    def plan(self) -> Plan:
        """The plan of the team's small data set."""
        return Plan.of("small", team=self.team)

    @property
    def sheet(self) -> Baseline:
        """What is known to be legitimate."""
        return self.plan.world.baseline

    def facts(self, scenario: str) -> Mapping[str, str | int]:
        """Return what a story knows; nothing where no scenario is named."""
        return self.plan.story(scenario)[1].facts if scenario else {}

    def rows(self, scenario: str) -> dict[str, list[list[datetime]]]:
        """Return when the rows of a story left records in the logs: by row, act by act.

        Parameters
        ----------
        scenario
            The story; nothing where none is named.

        Returns
        -------
        dict
            Times in Japan's zone, of the records that were written. Two rows of one name, say the
            documents of two findings, stand one after the other.
        """
        found: dict[str, list[list[datetime]]] = {}
        for row in self.plan.story(scenario)[1].rows if scenario else ():
            for acts in row.acts:
                written = (at for at, logged in zip(acts.at, acts.logged, strict=True) if logged)
                times = [datetime.fromtimestamp(int(at) / 1000, JAPAN) for at in written]
                found.setdefault(row.name, []).append(times)
        return found

    def instance(self, host: str) -> str:
        """Return the team's instance id of a host."""
        return self.plan.world.ids.instance(host)
