"""What goes on in the buckets every day: papers, nightly jobs, the partner, the CDN, a scanner."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.names import PLACES, REGION
from siemlab.simulate.behaviors.partner import upload
from siemlab.simulate.calendar import HOUR, MINUTE, SECOND, Day
from siemlab.simulate.callers import Caller, aws_account
from siemlab.simulate.flows import Flows, flows
from siemlab.simulate.hits import bursts
from siemlab.simulate.holdings import assets, exchanged, passports, rosters
from siemlab.simulate.hours import amounts, moments
from siemlab.simulate.objects import access, anonymous, delete_batches
from siemlab.simulate.resolver import ask
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage
from siemlab.simulate.world import Session, World

__all__ = [
    "BATCH",
    "BATCH_AGENT",
    "SCANNER",
    "SCAN_AGENT",
    "STORAGE",
    "Turn",
    "host_in_s3",
    "s3_endpoint",
    "traffic",
    "turns_of",
    "uses_endpoint_since",
]

DOCS, BACKUP = "sz-prod-customer-docs", "sz-prod-db-backup"
EXCHANGE, ASSETS = "sz-prod-partner-exchange", "sz-prod-web-assets"
EXPORTS = "sz-prod-analytics-export"
S3_NAME = f"s3.{REGION}.amazonaws.com"
WEB = ("sz-prod-web-01", "sz-prod-web-02")
BATCH = "sz-prod-batch-01"

WEB_AGENT = (
    "aws-sdk-java/1.11.848 Linux/4.14.256-197.484.amzn2.x86_64 "
    "OpenJDK_64-Bit_Server_VM/25.312-b07 java/1.8.0_312"
)
BATCH_AGENT = "Boto3/1.20.24 Python/3.7.10 Linux/4.14.252-195.483.amzn2.x86_64 Botocore/1.23.24"
SCAN_AGENT = "Mozilla/5.0 (compatible; ExampleScan/1.2; +https://scan.example/)"
ENDPOINT_CHANGE = "CHG-2250"
PAGE = 5_000_000  # bytes of a photo of a passport, at most
PACKET, HEADERS = 1400, 52


def s3_endpoint(world: World) -> str:
    """Return the id of the gateway endpoint by which sz-prod reaches S3."""
    return world.ids.resource("vpce", "sz-prod-s3")


def uses_endpoint_since(world: World) -> int:
    """Return since when the web servers go through the endpoint, epoch milliseconds."""
    [change] = [entry for entry in world.baseline.calendar if entry.id == ENDPOINT_CHANGE]
    return int(change.end.timestamp()) * SECOND


def host_in_s3(world: World, host: str, session: Session, agent: str, at: int) -> Caller:
    """Return a host of sz-prod as S3 sees it: through the endpoint, or the NAT gateway.

    Parameters
    ----------
    world
        The world.
    host, session, agent
        The host, its session, and the program that calls.
    at
        When, epoch milliseconds: the web servers go by the NAT gateway until `uses_endpoint_since`.
    """
    caller = world.host_caller(host, session, agent)
    if host in WEB and at < uses_endpoint_since(world):
        return caller
    return caller.at(world.baseline.hosts[host].private_ip, s3_endpoint(world))


class Turn(NamedTuple):
    """A part of the day in which a host is the same caller, and whether S3 refuses it."""

    caller: Caller
    rows: Ints
    error: str


def turns_of(stage: Stage, host: str, agent: str, at: Ints) -> list[Turn]:
    """Part times by the host's session, its way to S3, and whether its role has been revoked."""
    world = stage.world
    found = world.baseline.hosts[host]
    account = world.account(found.account)
    sessions = world.sessions(host, account, int(at.min()), int(at.max()) + 1)
    begins = np.array([session.since for session in sessions], dtype=np.int64)
    number = np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)
    direct = at >= uses_endpoint_since(world)
    refused = np.zeros(len(at), dtype=np.bool_)
    for effect in world.effects:
        if effect.kind == "revoked" and effect.subject == found.role:
            refused |= effect.covers(at) & (begins[number] < effect.since)
    keys = number * 4 + direct * 2 + refused
    turns = []
    for key in np.unique(keys).tolist():
        rows = np.flatnonzero(keys == key)
        caller = host_in_s3(world, host, sessions[key // 4], agent, int(at[rows[0]]))
        turns.append(Turn(caller, rows, "AccessDenied" if key % 2 else ""))
    return turns


# --- the website's papers ------------------------------------------------------------------------


BURSTS_A_DAY, BURST = 26, 9
UPLOADED = 160  # of a thousand requests


def serve(stage: Stage, day: Day) -> None:
    """Let the web servers read and keep the identity papers of customers."""
    for host in WEB:
        _serve(stage.part("papers", host), day, host)


def _serve(stage: Stage, day: Day, host: str) -> None:
    rng, world = stage.rng, stage.world
    starts = moments(world, rng, day, "customers", world.scaled(BURSTS_A_DAY))
    lengths = rng.rare_long(len(starts), BURST, 40)
    total = int(lengths.sum())
    at, burst, _ = bursts(starts, lengths, rng.rare_long(total, SECOND, 9 * SECOND))
    fresh = passports(world, day.date)
    papers = fresh + passports(world, day.date.replace(day=1) - timedelta(1))
    sizes = amounts(rng, total, 2_100_000, PAGE)
    written = rng.chance(total, UPLOADED)
    keys = [
        new if is_new else old
        for new, old, is_new in zip(
            rng.picks(total, fresh), rng.picks(total, papers), written.tolist(), strict=True
        )
    ]
    for turn in turns_of(stage, host, WEB_AGENT, at):
        for operation, chosen in (("GetObject", ~written), ("PutObject", written)):
            rows = turn.rows[chosen[turn.rows]]
            if len(rows):
                access(
                    stage,
                    at[rows],
                    turn.caller,
                    bucket=DOCS,
                    operation=operation,
                    keys=[keys[row] for row in rows.tolist()],
                    sizes=sizes[rows],
                    error=turn.error,
                )
    sent = np.bincount(burst, np.where(written, sizes, 500), len(starts)).astype(np.int64)
    got = np.bincount(burst, np.where(written, 400, sizes), len(starts)).astype(np.int64)
    ends = np.maximum.reduceat(at, np.cumsum(lengths) - lengths)
    via = starts >= uses_endpoint_since(world)
    for endpoint in (False, True):
        rows = np.flatnonzero(via == endpoint)
        traffic(stage, host, starts[rows], ends[rows], sent[rows], got[rows], endpoint=endpoint)


def traffic(
    stage: Stage, host: str, at: Ints, ends: Ints, sent: Ints, got: Ints, *, endpoint: bool
) -> None:
    """Record that a host looks up S3, and its connections with it."""
    rng, count = stage.rng, len(at)
    if not count:
        return
    answers = rng.picks(count, PLACES[S3_NAME].addresses)
    ask(stage, at - rng.between(count, 300, 700), host, S3_NAME, answers=answers)
    packets = 6 + sent // PACKET + got // (2 * PACKET)
    back = 6 + got // PACKET + sent // (2 * PACKET)
    flows(
        stage,
        at - 200,
        Flows(
            source=stage.world.baseline.hosts[host].private_ip,
            target=answers,
            target_port=443,
            lasts=ends - at + SECOND,
            packets=packets,
            size=packets * HEADERS + sent,
            packets_back=back,
            size_back=back * HEADERS + got,
            accepted=True,
            service="S3",
            endpoint=endpoint,
        ),
        named=False,
    )


# --- nightly jobs --------------------------------------------------------------------------------


SEGMENTS_A_DAY, SPOOLED = 150, 10


def run_jobs(stage: Stage, day: Day) -> None:
    """Let the batch host do its nightly jobs, and keep what it needs for them below tmp/.

    At 2:00 in Japan it deletes yesterday's temporary files (to 2:04), and writes the rosters.
    """
    _spool(stage.part("spool"), day)
    rng, night = stage.rng, day.at("02:00")
    yesterday = _segments(stage, Day(day.date - timedelta(1), day.density))
    parts = [yesterday[start : start + 40] for start in range(0, len(yesterday), 40)]
    begins = night + np.linspace(4, 235, len(parts)).astype(np.int64) * SECOND
    for turn in turns_of(stage, BATCH, BATCH_AGENT, begins):
        batches = [parts[row] for row in turn.rows.tolist()]
        delete_batches(stage, begins[turn.rows], turn.caller, bucket=BACKUP, batches=batches)
    lists = rosters(day.date)
    at = night + 6 * MINUTE + np.arange(len(lists)) * 11 * SECOND
    sizes = rng.between(len(lists), 180_000, 900_000)
    _put(stage, at, DOCS, list(lists), sizes)
    vouchers = [f"outbound/{day.date:%Y-%m}/vouchers-{day.date:%m%d}.csv"]
    _put(stage, np.array([night + 9 * MINUTE]), EXCHANGE, vouchers, sizes[:1])
    exports = [f"daily/{day.date:%Y/%m/%d}/part-{number:04}.parquet" for number in range(8)]
    at = night + 20 * MINUTE + np.arange(8) * 40 * SECOND
    _put(stage, at, EXPORTS, exports, rng.between(8, 9_000_000, 60_000_000))
    total = np.array([int(sizes.sum())])
    begin = np.array([night])
    traffic(stage, BATCH, begin, begin + 12 * MINUTE, total, np.array([60_000]), endpoint=True)


def _spool(stage: Stage, day: Day) -> None:
    """Let the batch host write temporary files, a few at a time."""
    rng, keys = stage.rng, _segments(stage, day)
    lengths = np.full(len(keys) // SPOOLED, SPOOLED, dtype=np.int64)
    starts = np.sort(day.start + 3 * HOUR + rng.below(len(lengths), 20 * HOUR))
    at, burst, _ = bursts(starts, lengths, rng.between(len(keys), SECOND, 4 * SECOND))
    sizes = amounts(rng, len(at), 500_000, 9_000_000)
    _put(stage, at, BACKUP, keys[: len(at)], sizes)
    sent = np.bincount(burst, sizes, len(starts)).astype(np.int64)
    ends = at[np.cumsum(lengths) - 1]
    traffic(stage, BATCH, starts, ends, sent, np.full(len(starts), 4_000), endpoint=True)


def _segments(stage: Stage, day: Day) -> list[str]:
    count = stage.world.scaled(SEGMENTS_A_DAY // SPOOLED) * SPOOLED
    return [f"tmp/{day.date:%Y%m%d}/segment-{number:05}.tmp" for number in range(count)]


def _put(stage: Stage, at: Ints, bucket: str, keys: list[str], sizes: Ints) -> None:
    for turn in turns_of(stage, BATCH, BATCH_AGENT, at):
        access(
            stage,
            at[turn.rows],
            turn.caller,
            bucket=bucket,
            operation="PutObject",
            keys=[keys[row] for row in turn.rows.tolist()],
            sizes=sizes[turn.rows],
            error=turn.error,
        )


# --- everybody else ------------------------------------------------------------------------------


FETCHES_A_DAY = 330
PROBES_A_DAY = 6
SCANNER = "192.0.2.131"
GUESSES = ("", "index.html", "backup.zip", ".env", "config.json", "users.csv")


def fetch(stage: Stage, day: Day) -> None:
    """Let the CDN fetch public files that it does not have (any more)."""
    rng, world = stage.rng, stage.world
    account = world.account("sz-prod")
    at = moments(world, rng, day, "customers", world.scaled(FETCHES_A_DAY))
    edges = rng.picks(len(at), [f"192.0.2.{number}" for number in range(210, 221)])
    keys, sizes = assets(), amounts(world.rng("asset sizes"), len(assets()), 80_000, 900_000)
    chosen = rng.below(len(at), len(keys))
    identity = world.ids.hexes(64, "canonical", "origin access identity")
    for edge in sorted({*edges}):
        rows = np.array([row for row, found in enumerate(edges) if found == edge])
        caller = aws_account(account, "", identity, address=edge, agent="Amazon CloudFront")
        access(
            stage,
            at[rows],
            caller,
            bucket=ASSETS,
            operation="GetObject",
            keys=[keys[place] for place in chosen[rows].tolist()],
            sizes=sizes[chosen[rows]],
        )


def probe(stage: Stage, day: Day) -> None:
    """Let a research scanner look whether the exchange is open to all: it is not, as a rule."""
    rng, world = stage.rng, stage.world
    account = world.account("sz-prod")
    at = moments(world, rng, day, "noise", world.scaled(PROBES_A_DAY))
    stranger = anonymous(account, SCANNER, SCAN_AGENT)
    open_ = world.affected("public", EXCHANGE, at)
    for rows, error in ((np.flatnonzero(~open_), "AccessDenied"), (np.flatnonzero(open_), "")):
        if not len(rows):
            continue
        found = GUESSES[1:] if error else exchanged(day.date)[:6]
        asked = {"bucket": EXCHANGE, "error": error}
        keys, sizes = rng.picks(len(rows), found), amounts(rng, len(rows), 110_000, 900_000)
        access(stage, at[rows], stranger, operation="GetObject", keys=keys, sizes=sizes, **asked)
        lists = rows[:1] if error else rows[:0]
        if len(lists):
            access(stage, at[lists] - SECOND, stranger, operation="ListObjects", **asked)


def keep(stage: Stage, day: Day) -> None:
    """Do all that is done with objects on a day."""
    serve(stage, day)
    run_jobs(stage.part("jobs"), day)
    upload(stage.part("partner"), day)
    fetch(stage.part("cdn"), day)
    probe(stage.part("scanner"), day)


STORAGE = Behavior("storage", keep)
