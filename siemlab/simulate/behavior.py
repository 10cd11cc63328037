"""What goes on every day: a behavior acts once a day, for all who behave so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from siemlab.simulate.calendar import Day
from siemlab.simulate.stage import Stage

__all__ = ["Behavior"]


@dataclass(frozen=True)
class Behavior:
    """One kind of background: the nightly image build, the monitoring, the visitors of the site.

    Parameters
    ----------
    name
        Its name, whose draws are its own.
    act
        Does what is done on a day.
    thin
        Whether it acts on thin days too.
    eve
        Whether it acts on the day before a dense one too: it begins sessions that reach into it.
    """

    name: str
    act: Callable[[Stage, Day], None]
    thin: bool = False
    eve: bool = False

    def acts_on(self, day: Day) -> bool:
        """Tell whether it acts on a day."""
        return day.dense or self.thin or (self.eve and day.eve)
