"""Which version of a browser was in use on a day: user agents grow older with the calendar."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Browser", "Release"]


@dataclass(frozen=True)
class Release:
    """A version as it stands in the user agent, and the day it came out."""

    day: date
    version: str
    product: str = ""


@dataclass(frozen=True)
class Browser:
    """A browser on an operating system.

    Parameters
    ----------
    name
        ``chrome-windows``.
    template
        The user agent; ``{version}`` and ``{product}`` are the release's.
    releases
        Its versions by day.
    """

    name: str
    template: str
    releases: tuple[Release, ...]

    def agent(self, day: date, who: str = "") -> str:
        """Return the user agent of a day.

        Parameters
        ----------
        day
            The day.
        who
            Whose browser: each one updates some days after the release, always the same number.

        Examples
        --------
        >>> old, new = Release(date(2022, 1, 4), "97.0"), Release(date(2022, 2, 1), "98.0")
        >>> Browser("b", "B/{version}", (old, new)).agent(date(2022, 1, 20))
        'B/97.0'
        """
        lag = timedelta(days=zlib.crc32(who.encode()) % 9 if who else 0)
        found = self.releases[0]
        for release in self.releases:
            if release.day + lag <= day:
                found = release
        return self.template.format(version=found.version, product=found.product)
