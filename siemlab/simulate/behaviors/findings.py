"""What GuardDuty has to say of everyday life: little, and most of it harmless.

On days on which everything is logged, what was seen is in the other logs too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.alarms_api import (
    bucket_opened,
    identities_listed,
    kali_used,
    objects_listed,
    objects_read,
    root_used,
)
from siemlab.simulate.behaviors.alarms_net import (
    bad_domain,
    listed_peer,
    odd_domain,
    odd_port,
    port_probed,
    volume_odd,
)
from siemlab.simulate.calendar import HOUR, MINUTE, Day
from siemlab.simulate.stage import Stage

__all__ = ["FINDINGS"]

Alarm = Callable[[Stage, Day, int], None]
"""Writes what was seen at a time, if the day is dense, and the finding about it."""

ALARMS: Mapping[str, Alarm] = MappingProxyType(
    {
        "bucket opened": bucket_opened,
        "identities listed": identities_listed,
        "listed peer": listed_peer,
        "objects listed": objects_listed,
        "objects read": objects_read,
        "odd domain": odd_domain,
        "odd port": odd_port,
        "port probed": port_probed,
        "volume odd": volume_odd,
    }
)

DATED_ALARMS: Mapping[str, Callable[[Stage, Day, int, int], None]] = MappingProxyType(
    {
        "bad domain": bad_domain,
        "bucket opened": bucket_opened,
        "odd domain": odd_domain,
        "odd port": odd_port,
        "port probed": port_probed,
    }
)
"""Those that can be told to make one finding of one document at a given time."""

# How often on a day, parts in a thousand: assumptions about a company of this size. Probes of the
# one open host lead by far, as everywhere.
ANY_DAY = MappingProxyType(
    {
        "port probed": 560,
        "odd domain": 45,
        "odd port": 25,
        "volume odd": 25,
        "listed peer": 12,
        "objects read": 16,
    }
)
WORKING_DAY = MappingProxyType({"identities listed": 45, "objects listed": 22, "bucket opened": 12})
OPEN_SINCE = date(2022, 2, 16)
"""Since then the trial host has stood open; before, there was nothing to probe."""

# What has a date: what, and when the finding was made (a clock time of Japan).
DATED: Mapping[date, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        date(2022, 1, 1): (("odd port", "01:10"), ("odd domain", "01:10")),
        date(2022, 8, 24): (("bad domain", "14:32"),),
        date(2022, 10, 20): (("bad domain", "11:05"),),
        date(2022, 11, 8): (("port probed", "16:20"),),
        date(2022, 11, 11): (("bucket opened", "15:41"),),
        date(2023, 1, 1): (("port probed", "00:30"),),
    }
)
RESTFUL = frozenset(
    {date(2022, 1, 1), date(2023, 1, 1)} | {date(2022, 11, n) for n in range(7, 14)}
)
"""Days with nothing but what has a date."""

ROOT_DAYS = frozenset(
    {date(2022, 1, 12), date(2022, 3, 10), date(2022, 5, 11), date(2022, 7, 11)}
    | {date(2022, 9, 12), date(2022, 11, 10), date(2023, 1, 11)}
)
"""Every second month accounting needs the root user of the management account."""
KALI_DAYS = frozenset({date(2022, 3, 17), date(2022, 7, 14), date(2022, 12, 14)})
"""Penetration tests of the change calendar that look at the account from inside, from 13:00 on."""


def _act(stage: Stage, day: Day) -> None:
    for name, clock in DATED.get(day.date, ()):
        created = day.at(clock)
        DATED_ALARMS[name](stage.part(name, "dated"), day, created - 13 * MINUTE, created)
    if day.date in ROOT_DAYS:
        root_used(stage.part("root"), day, day.at("10:12"))
    if day.date in KALI_DAYS:
        kali_used(stage.part("pen-test"), day, day.at("13:00"))
    if day.date not in RESTFUL:
        _by_chance(stage, day)


def _by_chance(stage: Stage, day: Day) -> None:
    chances = dict(ANY_DAY)
    if stage.world.baseline.is_working_day(day.date):
        chances |= WORKING_DAY
    if day.date < OPEN_SINCE:
        del chances["port probed"]
    for name, per_mille in chances.items():
        part = stage.part(name)
        if part.rng.happens(per_mille):
            first, last = (10, 18) if name in WORKING_DAY else (0, 22)
            at = day.start + part.rng.one(first * HOUR // 1000, last * HOUR // 1000) * 1000
            ALARMS[name](part, day, at)


FINDINGS = Behavior("findings", _act, thin=True)
