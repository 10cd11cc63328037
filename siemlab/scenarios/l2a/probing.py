"""How the way in was found: a slow crawl, probes that the web ACL stops, and one that it misses."""

from __future__ import annotations

import numpy as np

from siemlab.scenarios.l2a.setting import HOST, at
from siemlab.scenarios.scenario import Knobs
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND
from siemlab.simulate.stage import Stage
from siemlab.simulate.web import Requests, Visit, visit

__all__ = ["KEYS_PATH", "KEYS_SIZE", "NUMBER", "crawls", "probes", "reads_metadata"]

AGENT = "python-requests/2.28.1"
CRAWLED = 300
NUMBER = "2852039166"
"""169.254.169.254 as one number, which the managed rule does not know (as the story has it)."""
METADATA = "/latest/meta-data/"
KEYS_PATH = f"{METADATA}iam/security-credentials/"
KEYS_SIZE = 1682

# Path, query, status, bytes of the answer, weight: there is no more to this site for a guesser.
PAGES = (
    ("/", "", 200, 18_200, 20),
    ("/api/", "", 404, 610, 24),
    ("/api/v1/status", "", 404, 610, 16),
    ("/api/v1/users", "", 404, 610, 18),
    ("/api/internal/config", "", 404, 610, 14),
    ("/api/admin", "", 404, 610, 18),
    ("/api/health", "", 404, 610, 12),
    ("/api/swagger.json", "", 404, 610, 16),
    ("/api/suggest", "q=test", 200, 620, 8),
    ("/preview", "", 400, 190, 22),
)
# What the web ACL stops: the address asked for, the rule that stops it, how often.
PROBES = (
    ("file:///etc/passwd", "GenericLFI_QUERYARGUMENTS", 2),
    ("http://127.0.0.1/", "GenericRFI_QUERYARGUMENTS", 3),
    ("http://169.254.169.254/latest/meta-data/", "EC2MetaDataSSRF_QUERYARGUMENTS", 2),
    ("file:///etc/passwd", "GenericLFI_QUERYARGUMENTS", 2),
    ("http://10.20.10.41/", "GenericRFI_QUERYARGUMENTS", 3),
    ("http://169.254.169.254/latest/meta-data/", "EC2MetaDataSSRF_QUERYARGUMENTS", 2),
)
PROBED_FOR = 107 * SECOND


def crawls(stage: Stage, knobs: Knobs) -> Visit:
    """Let the prober look at the site, for a day and a half, slowly."""
    rng = stage.rng
    last = knobs.start - 25 * MINUTE
    when = last - np.sort(rng.below(CRAWLED, 33 * HOUR // SECOND))[::-1] * SECOND
    when = when + rng.below(CRAWLED, SECOND)
    pages = rng.picks(CRAWLED, PAGES, [weight for *_, weight in PAGES])
    return visit(
        stage,
        when,
        Requests(
            client=knobs["prober"],
            path=[path for path, *_ in pages],
            query=[query for _, query, *_ in pages],
            status=[status for _, _, status, *_ in pages],
            sent=[size for _, _, _, size, _ in pages],
            agent=AGENT,
        ),
    )


def probes(stage: Stage, knobs: Knobs) -> Visit:
    """Let the prober try what the preview fetches: fourteen times the web ACL says no."""
    asked = [(url, rule) for url, rule, times in PROBES for _ in range(times)]
    count = len(asked)
    steps = np.arange(count) * PROBED_FOR // (count - 1)
    wobble = stage.rng.between(count, -2 * SECOND, 2 * SECOND)
    wobble[[0, -1]] = 0
    return visit(
        stage,
        knobs.start + steps + wobble,
        Requests(
            client=knobs["prober"],
            path="/preview",
            query=[f"url={url}" for url, _ in asked],
            agent=AGENT,
            blocked=[rule for _, rule in asked],
        ),
    )


def reads_metadata(stage: Stage, knobs: Knobs) -> tuple[Visit, ...]:
    """Let the prober read the metadata of the web server: a list, a role's name, its keys.

    The server asks a link-local address, which no flow log shows.
    """
    steps = (
        ("04:11:02", METADATA, 301),
        ("04:11:40", KEYS_PATH, 215),
        ("04:12:37", f"{KEYS_PATH}sz-web-ec2-role", KEYS_SIZE),
    )
    found = []
    for time, path, size in steps:
        asked = Requests(
            client=knobs["prober"],
            path="/preview",
            query=f"url=http://{NUMBER}{path}",
            agent=AGENT,
            sent=size,
            wait=stage.rng.one(28, 61),
            target=HOST,
        )
        found.append(visit(stage.part("metadata", time), at(knobs, time), asked))
    return tuple(found)
