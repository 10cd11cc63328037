"""What the caller may choose when raw logs are normalized."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from siemlab.normalize.decompress import Limits

__all__ = ["NormalizeOptions"]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NormalizeOptions:
    """What the caller may choose when raw logs are normalized.

    Parameters
    ----------
    limits
        How far an object may expand, and how long a record may be.
    geoip_city, geoip_asn
        The user's own ``.mmdb`` files (GeoLite2 City and ASN, or others of their form), if any.
    user_agents
        Whether user agents are taken apart.
    strict
        Whether the first refused record ends it all, with its error.
    clock
        What time it is, for ``event.ingested``.

    Examples
    --------
    >>> NormalizeOptions().user_agents
    True
    """

    limits: Limits = field(default_factory=Limits)
    geoip_city: str | Path | None = None
    geoip_asn: str | Path | None = None
    user_agents: bool = True
    strict: bool = False
    clock: Callable[[], datetime] = _now
