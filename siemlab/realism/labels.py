"""Which records belong to an incident: said by the caller, who knows the truth of the stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from siemlab.realism.reading import Seen

__all__ = ["Labels"]

# Where an actor's address stands in the records of a type.
PLACES = {
    "alb": ("client_ip",),
    "cloudtrail": ("sourceIPAddress",),
    "s3accesslog": ("RemoteIP",),
    "vpcflowlogs": ("srcaddr", "dstaddr"),
}


@dataclass(frozen=True)
class Labels:
    """The records of each story, by event id and by the actor's addresses.

    Parameters
    ----------
    event_ids
        Story to its CloudTrail events, decoys not among them.
    addresses
        Story to the addresses that only its actors have.
    days
        The days (JST) on which a story has its incident; those of its events count, too.
    loud
        Source and day of which the story itself says that there is more than usual.

    Examples
    --------
    >>> labels = Labels({"L1-A": frozenset({"8feee4c2"})})
    >>> labels.story_of_event["8feee4c2"]
    'L1-A'
    """

    event_ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    addresses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    days: frozenset[date] = frozenset()
    loud: frozenset[tuple[str, date]] = frozenset()

    @cached_property
    def story_of_event(self) -> dict[str, str]:
        """Event id to story."""
        return {event: story for story, events in self.event_ids.items() for event in events}

    @cached_property
    def story_of_address(self) -> dict[str, str]:
        """Address to story."""
        return {found: story for story, those in self.addresses.items() for found in those}

    def of(self, seen: Seen) -> str:
        """Return the story that a record belongs to, empty for the background.

        Parameters
        ----------
        seen
            The record.
        """
        raw = seen.record.raw
        if seen.log_type.name == "cloudtrail" and self.event_ids:
            return self.story_of_event.get(str(raw.get("eventID")), "")
        for place in PLACES.get(seen.log_type.name, ()):
            story = self.story_of_address.get(str(raw.get(place)))
            if story:
                return story
        return ""
