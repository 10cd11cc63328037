"""What is done to the objects: stolen, encrypted, deleted, and a note left; then strangers come."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import numpy as np

from siemlab.scenarios.l2c.setting import ACCOUNT, BACKUP, DOCS, EXCHANGE, at
from siemlab.scenarios.scenario import Knobs
from siemlab.scenarios.traffic import shares
from siemlab.simulate.behaviors.storage import SCAN_AGENT, SCANNER
from siemlab.simulate.calendar import SECOND
from siemlab.simulate.callers import Caller
from siemlab.simulate.fillers import BASE62
from siemlab.simulate.holdings import backups, exchanged, passports
from siemlab.simulate.objects import Access, access, anonymous, delete_batches
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Acts, Stage

__all__ = [
    "COPIED",
    "DELETED",
    "DOWNLOADED",
    "DOWNLOADERS",
    "STOLEN",
    "deletes",
    "encrypts",
    "is_scanned",
    "is_visited",
    "leaves_notes",
    "lists_versions",
    "steals",
]

TONIGHT = date(2023, 1, 20)
MONTHS = (date(2022, 11, 1), date(2022, 12, 1), date(2023, 1, 1))
STOLEN, COPIED, DELETED, DOWNLOADED = 214, 1286, 9420, 31
DELETIONS, LISTINGS, SCANS = 38, 12, 4
MARKED = ("pg/", "config/")
"""Below these no version was named: a marker hides what is still there."""
DOWNLOADERS = ("downloader 1", "downloader 2", "downloader 3", "downloader 4")
AGENTS = (
    "curl/7.85.0",
    "Wget/1.21.3",
    "python-requests/2.28.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
)


def _spread(stage: Stage, first: int, last: int, count: int) -> Ints:
    """Return the times of requests that a program makes as fast as it can, several at once."""
    inner = np.sort(stage.rng.below(count - 2, last - first)) + first
    return np.concatenate([[first], inner, [last]])


def _papers(stage: Stage) -> list[str]:
    return [key for month in MONTHS for key in passports(stage.world, month)]


def steals(stage: Stage, knobs: Knobs, intruder: Caller) -> Access:
    """Take a sample of the papers."""
    count = knobs.times(STOLEN)
    return access(
        stage,
        _spread(stage, at(knobs, "17:40:04"), at(knobs, "17:57:51"), count),
        intruder,
        bucket=DOCS,
        operation="GetObject",
        keys=stage.rng.sample(_papers(stage), count),
        sizes=stage.rng.between(count, 900_000, 4_250_000),
    )


def encrypts(stage: Stage, knobs: Knobs, intruder: Caller) -> Access:
    """Write papers anew over themselves, with a key that only the intruder has."""
    count = knobs.times(COPIED)
    keys = sorted(stage.rng.sample(_papers(stage), count))
    return access(
        stage,
        _spread(stage, at(knobs, "18:00:02"), at(knobs, "18:23:47"), count),
        intruder,
        bucket=DOCS,
        operation="CopyObject",
        keys=keys,
        source=[f"{DOCS}/{key}" for key in keys],
        sizes=stage.rng.between(count, 900_000, 4_250_000),
        customer_key=True,
    )


def lists_versions(stage: Stage, knobs: Knobs, intruder: Caller) -> Access:
    """List which versions of the backups there are."""
    when = at(knobs, "18:05:03") + np.cumsum(stage.rng.between(LISTINGS, 700, 9 * SECOND))
    return access(
        stage,
        when,
        intruder,
        bucket=BACKUP,
        operation="ListObjectVersions",
        sizes=stage.rng.between(LISTINGS, 380_000, 460_000),
    )


def deletes(stage: Stage, knobs: Knobs, intruder: Caller) -> Access:
    """Delete the backups, some hundred with each call; of three prefixes their versions too."""
    count = knobs.times(DELETED)
    every = (key for back in range(900) for key in backups(TONIGHT - timedelta(days=back)))
    keys = sorted(islice(every, count))
    versions = [
        "" if key.startswith(MARKED) else version
        for key, version in zip(keys, stage.rng.letters(count, 32, BASE62), strict=True)
    ]
    edges = [0, *np.cumsum(shares(stage, count, DELETIONS)).tolist()]
    parts = [slice(start, stop) for start, stop in pairwise(edges)]
    return delete_batches(
        stage,
        _spread(stage, at(knobs, "18:10:06"), at(knobs, "18:25:52"), DELETIONS),
        intruder,
        bucket=BACKUP,
        batches=[keys[part] for part in parts],
        versions=[versions[part] for part in parts],
    )


def leaves_notes(stage: Stage, knobs: Knobs, intruder: Caller) -> tuple[Access, ...]:
    """Leave a note in three buckets: no log shows all of them."""
    steps = ((DOCS, "18:30:11"), (BACKUP, "18:30:26"), (EXCHANGE, "18:30:40"))
    return tuple(
        access(
            stage,
            at(knobs, time),
            intruder,
            bucket=bucket,
            operation="PutObject",
            keys=knobs["note"],
            sizes=1_147,
        )
        for bucket, time in steps
    )


def is_visited(stage: Stage, knobs: Knobs, closed: int) -> tuple[Access, ...]:
    """Let strangers fetch what is open to all, each file once, until it is closed."""
    rng, count = stage.rng, knobs.times(DOWNLOADED)
    first, last = at(knobs, "19:00:40"), closed - 8 * 60 * SECOND
    when = _spread(stage, first, last, count)
    keys = rng.sample(exchanged(TONIGHT), count)
    sizes = rng.rare_long(count, 90_000, 18_000_000)
    # Everybody comes at least once: the first four, and then whoever comes.
    whose = np.concatenate([np.arange(4), rng.below(count - 4, 4)])
    account = stage.world.account(ACCOUNT)
    found = []
    for place, (who, agent) in enumerate(zip(DOWNLOADERS, AGENTS, strict=True)):
        rows = np.flatnonzero(whose == place)
        found.append(
            access(
                stage,
                when[rows],
                anonymous(account, knobs[who], agent),
                bucket=EXCHANGE,
                operation="GetObject",
                keys=[keys[row] for row in rows.tolist()],
                sizes=sizes[rows],
            )
        )
    return tuple(found)


def is_scanned(stage: Stage, knobs: Knobs) -> Acts:
    """Let the research scanner see that the exchange is open now."""
    begin = at(knobs, "18:52:10")
    when = begin + np.cumsum(stage.rng.between(SCANS, 2 * SECOND, 50 * SECOND))
    return access(
        stage,
        when,
        anonymous(stage.world.account(ACCOUNT), SCANNER, SCAN_AGENT),
        bucket=EXCHANGE,
        operation="GetObject",
        keys=stage.rng.sample(exchanged(TONIGHT)[:10], SCANS),
        sizes=stage.rng.rare_long(SCANS, 90_000, 900_000),
    ).line
