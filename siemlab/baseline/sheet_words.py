"""What the parts of the known-good sheet share: its language, and the choice of rows."""

from __future__ import annotations

from dataclasses import dataclass

from siemlab.baseline.calendar import Change
from siemlab.baseline.company import Baseline
from siemlab.baseline.places import Range

__all__ = ["Section", "Words", "code"]

# Title, note, header, rows.
Section = tuple[str, str, tuple[str, ...], list[tuple[str, ...]]]


@dataclass(frozen=True)
class Words:
    """The language of a sheet, and the identifiers of its team."""

    lang: str
    identifiers: dict[str, str]

    def say(self, en: str, ja: str) -> str:
        """Return the sentence of the sheet's language."""
        return ja if self.lang == "ja" else en

    def yes(self, value: bool) -> str:
        """Return yes or no."""
        return self.say("yes", "あり") if value else self.say("**no**", "**なし**")

    def field(self, value: object, name: str) -> str:
        """Return ``name_en`` or ``name_ja`` of a value."""
        return str(getattr(value, f"{name}_{'ja' if self.lang == 'ja' else 'en'}"))

    def ranges(self, company: Baseline) -> list[Range]:
        """Return the ranges on the sheet, without those that are parts of others on it."""
        listed = [entry for entry in company.ranges if entry.on_sheet]
        return [
            entry
            for entry in listed
            if not any(entry is not other and _within(entry, other) for other in listed)
        ]

    def spread(self, company: Baseline, entry: Range) -> tuple[list[int], list[str]]:
        """Return the autonomous systems and the countries of a range and its parts."""
        parts = [part for part in company.ranges if part is not entry and _within(part, entry)]
        every = parts or [entry]
        asns = sorted({part.asn for part in every})
        return asns, list(dict.fromkeys(part.country for part in every))

    def calendar(self, company: Baseline) -> list[Change]:
        """Return the calendar, standing changes first, then by time."""
        return sorted(company.calendar, key=lambda change: (not change.weekly, change.start))


def _within(inner: Range, outer: Range) -> bool:
    one, other = inner.network, outer.network
    return (
        one.version == other.version
        and one.prefixlen >= other.prefixlen
        and one.network_address in other
    )


def code(*values: str | None) -> str:
    """Return the values that there are, set as code."""
    return ", ".join(f"`{value}`" for value in values if value)
