"""How a story is told: row by row, each with what it left in the logs."""

from __future__ import annotations

from collections.abc import Mapping

from siemlab.scenarios.scenario import Decoy, Row, RowKind, Truth
from siemlab.simulate.calendar import millis
from siemlab.simulate.stage import Acts

__all__ = ["Telling", "clock"]


def clock(start: int, written: str, at: str) -> int:
    """Return a time of the written story, moved to where this team's story begins.

    Parameters
    ----------
    start
        This team's T0, epoch milliseconds.
    written, at
        T0 and the time as the story has them, ISO 8601 with zone.

    Examples
    --------
    >>> begin = millis("2022-11-24T10:49:31Z")
    >>> clock(begin, "2022-11-24T10:42:31Z", "2022-11-24T12:10:00Z") == begin + 5_249_000
    True
    """
    return start + millis(at) - millis(written)


class Telling:
    """Collects the rows of a story.

    Parameters
    ----------
    scenario
        The scenario's name.

    Examples
    --------
    >>> telling = Telling("L1-A")
    >>> telling.row("1", "attack")
    ()
    >>> [row.name for row in telling.truth().rows]
    ['1']
    """

    def __init__(self, scenario: str) -> None:
        self.scenario = scenario
        self._rows: list[Row] = []

    def row(self, name: str, kind: RowKind, *acts: Acts) -> tuple[Acts, ...]:
        """Add a row, and return what it recorded.

        Parameters
        ----------
        name, kind, acts
            As of a `Row`.
        """
        self._rows.append(Row(name, kind, acts))
        return acts

    def truth(
        self, decoys: tuple[Decoy, ...] = (), facts: Mapping[str, str | int] | None = None
    ) -> Truth:
        """Return the truth of all that was told.

        Parameters
        ----------
        decoys, facts
            As of a `Truth`.
        """
        return Truth(self.scenario, tuple(self._rows), decoys, dict(facts or {}))
