"""Who visits the booking site: customers, the partner's program, Mihari, and mere scanners."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
import polars as pl

from siemlab.simulate.behavior import Behavior
from siemlab.simulate.behaviors.scanners import bots
from siemlab.simulate.calendar import MINUTE, SECOND, Day
from siemlab.simulate.hits import Hits, bursts, together
from siemlab.simulate.hours import crowd, moments
from siemlab.simulate.legs import words
from siemlab.simulate.rng import Ints, Rng
from siemlab.simulate.stage import Stage
from siemlab.simulate.web import visit

__all__ = ["VISITORS", "preview_since"]

CUSTOMERS = "198.18.0.0/16"
SESSIONS_A_DAY = 185
AFTER_A_NEWSLETTER = 60  # more of them come on such a day
FAILURES = 6  # parts of a thousand


class Page(NamedTuple):
    """A page of the site: what is asked for, how often (weight), and what comes back.

    Parameters
    ----------
    path, query
        With the holes ``{hotel}``, ``{dest}``, ``{date}``, ``{number}``, ``{word}``.
    weight
        How often.
    sent, wait
        Typical bytes of the answer, and milliseconds until it is there.
    method, status, received
        What differs from a GET that is answered with 200.
    counted
        A rule of the web ACL that counts such requests.
    """

    path: str
    query: str
    weight: int
    sent: int
    wait: int
    method: str = "GET"
    status: int = 200
    received: int = 0
    counted: str = ""


SCRIPT, TOO_BIG = "CrossSiteScripting_BODY", "SizeRestrictions_BODY"
PAGES = (
    Page("/", "", 190, 14_800, 60),
    Page("/search", "dest={dest}&checkin={date}&nights={number}&guests=2", 210, 22_400, 190),
    Page("/hotels/{hotel}", "", 170, 18_300, 90),
    Page("/hotels/{hotel}/rooms", "checkin={date}&nights={number}", 80, 11_200, 120),
    Page("/hotels/{hotel}/photos", "page={number}", 40, 6_100, 45),
    Page("/api/availability", "hotel={hotel}&checkin={date}", 150, 1_900, 70),
    Page("/api/suggest", "q={dest}", 90, 620, 18),
    Page("/api/reviews", "hotel={hotel}&page={number}", 60, 3_300, 35),
    Page(
        "/api/reviews", "hotel={hotel}", 12, 410, 60, "POST", 201, 1_400, "CrossSiteScripting_BODY"
    ),
    Page("/booking/new", "hotel={hotel}&plan={number}", 36, 9_800, 110),
    Page("/booking", "", 22, 480, 640, "POST", 302, 1_900),
    Page("/login", "", 34, 520, 210, "POST", 302, 480),
    Page("/login", "", 6, 1_340, 190, "POST", 401, 480),
    Page("/mypage", "", 46, 7_600, 85),
    Page("/mypage/bookings/{word}", "", 24, 8_400, 90),
    Page("/mypage/documents", "", 92, 640, 1_300, "POST", 201, 2_600_000, TOO_BIG),
    Page("/special/autumn-leaves", "", 20, 19_600, 50),
    Page("/favicon-32.png", "", 8, 690, 6, "GET", 404),
)
PREVIEW = Page("/preview", "url=https://photos.example/{word}/{number}.jpg", 26, 84_000, 320)
PREVIEW_CHANGE = "CHG-2247"
HOLE = re.compile(r"\{(\w+)\}")
DESTINATIONS = tuple(
    quote(name) for name in ("京都", "沖縄", "箱根", "札幌", "金沢", "広島", "別府", "高山", "日光")
)

# Failures: what the balancer says, and what the target said (0: nothing).
FAILED = ((502, 0), (504, 0), (500, 500), (503, 503), (500, 500))

MOBILE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS {ios} like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/{safari} Mobile/15E148 Safari/604.1"
)
IOS = (
    (date(2021, 12, 1), "15_2"),
    (date(2022, 3, 20), "15_4"),
    (date(2022, 5, 22), "15_5"),
    (date(2022, 7, 25), "15_6"),
    (date(2022, 9, 18), "16_0"),
    (date(2022, 10, 30), "16_1"),
    (date(2022, 12, 18), "16_2"),
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 12; {model}) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{version} Mobile Safari/537.36"
)
MODELS = ("SO-51B", "SC-51B", "SH-53C", "Pixel 6a")


def preview_since(stage: Stage) -> int:
    """Return when the preview of photos went live, epoch milliseconds."""
    [change] = [entry for entry in stage.world.baseline.calendar if entry.id == PREVIEW_CHANGE]
    return int(change.end.timestamp()) * SECOND


def customers(stage: Stage, day: Day) -> Hits:
    """Return what customers ask for on a day: sessions of some pages, more of them at night."""
    rng, world = stage.rng, stage.world
    sessions = SESSIONS_A_DAY + (AFTER_A_NEWSLETTER if day.busy else 0)
    starts = moments(world, rng, day, "customers", world.scaled(sessions))
    count = len(starts)
    lengths = rng.rare_long(count, 5, 60)
    total = int(lengths.sum())
    at, session, connection = bursts(
        starts, lengths, rng.rare_long(total, 7 * SECOND, 900 * SECOND)
    )
    pages = (*PAGES, PREVIEW)
    chosen = rng.indices(total, [page.weight for page in pages])
    early = at < preview_since(stage)
    chosen = np.where(early & (chosen == len(PAGES)), 2, chosen)
    addresses = crowd(rng, CUSTOMERS, count, count)
    agents, weights = _agents(stage, day)
    agent = pl.Series(agents)[rng.indices(count, weights)]
    version = pl.Series(["HTTP/1.1", "HTTP/2.0"])[rng.chance(count, 930).astype(np.int64)]
    rows = _Rows(at, connection, addresses[session], version[session], agent[session])
    return _pages(rng, day, rows, pages, chosen)


class _Rows(NamedTuple):
    at: Ints
    connection: Ints
    client: pl.Series
    version: pl.Series
    agent: pl.Series


def _pages(rng: Rng, day: Day, rows: _Rows, pages: tuple[Page, ...], chosen: Ints) -> Hits:
    """Return requests for pages, some of which fail."""
    count = len(rows.at)
    paths, queries = _filled(rng, day, pages, chosen)
    failed = rng.chance(count, FAILURES)
    kinds = rng.below(count, len(FAILED))
    told = np.array(FAILED, dtype=np.int64)[kinds]
    numbers = [(page.status, page.sent, page.wait, page.received) for page in pages]
    status, size, delay, body = np.array(numbers, dtype=np.int64)[chosen].T
    sent = size * rng.between(count, 80, 120) // 100
    wait = delay * rng.rare_long(count, 100, 3000) // 100
    received = body * rng.between(count, 70, 130) // 100
    lengths = paths.str.len_chars().to_numpy() + queries.str.len_chars().to_numpy()
    referrers = ["https://www.sazanami-tabi.example/" if page.query else "" for page in pages]
    return Hits(
        **rows._asdict(),
        path=paths,
        query=queries,
        method=pl.Series([page.method for page in pages])[chosen],
        referrer=pl.Series(referrers)[chosen],
        status=np.where(failed, told[:, 0], status),
        target_status=np.where(failed, told[:, 1], status),
        sent=np.where(failed, 680, sent),
        received=380 + lengths + received,
        wait=np.where(failed & (told[:, 0] == 504), 60 * SECOND, wait),
        blocked=words("", count),
        counted=pl.Series([page.counted for page in pages])[chosen],
    )


def _filled(
    rng: Rng, day: Day, pages: tuple[Page, ...], chosen: Ints
) -> tuple[pl.Series, pl.Series]:
    """Return paths and queries, their holes filled, a page after the other and then in order."""
    count = len(chosen)
    ahead = rng.between(count, 3, 90)
    dates = [date.fromordinal(day.date.toordinal() + days).isoformat() for days in range(91)]
    values = pl.DataFrame(
        {
            "hotel": rng.between(count, 1001, 4980),
            "dest": pl.Series(DESTINATIONS)[rng.below(count, len(DESTINATIONS))],
            "date": pl.Series(dates)[ahead],
            "number": rng.between(count, 1, 5),
            "word": rng.hexes(count, 10),
        },
        schema_overrides={"word": pl.String},
    )
    order = np.argsort(chosen, kind="stable")
    ends = np.cumsum(np.bincount(chosen, minlength=len(pages))).tolist()
    values = values[order]
    parts = [
        values[start:end].with_columns(path=_text(page.path), query=_text(page.query))
        for page, start, end in zip(pages, [0, *ends], ends, strict=False)
    ]
    back = np.empty_like(order)
    back[order] = np.arange(count)
    found = pl.concat(parts, rechunk=True)
    return found["path"][back], found["query"][back]


def _text(template: str) -> pl.Expr:
    """Return a text whose holes are columns."""
    pieces = HOLE.split(template)
    return pl.concat_str(
        [pl.col(piece) if number % 2 else pl.lit(piece) for number, piece in enumerate(pieces)]
    )


def _agents(stage: Stage, day: Day) -> tuple[list[str], list[int]]:
    """Return the user agents of a day, and how many customers have each."""
    browsers = stage.world.baseline.browsers
    desktop = {name: browser.agent(day.date) for name, browser in browsers.items()}
    version = desktop["chrome-windows"].partition("Chrome/")[2].partition(" ")[0]
    ios = [name for since, name in IOS if since <= day.date][-1]
    phones = [MOBILE.format(ios=ios, safari=ios.replace("_", "."))] + [
        ANDROID.format(model=model, version=version) for model in MODELS
    ]
    return [*desktop.values(), *phones], [*([7] * len(desktop)), 36, *([5] * len(MODELS))]


# --- programs ------------------------------------------------------------------------------------


PARTNER = ("192.0.2.84", "AonagiSync/3.1 (Java/11.0.16)")
PARTNER_CALLS = 38
MIHARI = ("192.0.2.10", "192.0.2.11")
MIHARI_AGENT = "MihariMonitor/2.4 (+https://mihari.example/probe)"
HEALTH_EVERY = 5 * MINUTE


def partner(stage: Stage, day: Day) -> Hits:
    """Return what the partner agency's program asks for in office hours: rooms and prices."""
    rng = stage.rng
    at = moments(stage.world, rng, day, "office", stage.world.scaled(PARTNER_CALLS))
    count = len(at)
    client, version, agent = (words(each, count) for each in (PARTNER[0], "HTTP/1.1", PARTNER[1]))
    rows = _Rows(at, np.arange(count), client, version, agent)
    pages = (
        Page("/api/partner/v1/inventory", "since={date}", 3, 46_000, 420),
        Page("/api/partner/v1/rates/{hotel}", "", 4, 5_200, 90),
        Page("/api/partner/v1/bookings", "", 1, 820, 380, "POST", 201, 2_100),
    )
    return _pages(rng, day, rows, pages, rng.indices(count, [page.weight for page in pages]))


def health(stage: Stage, day: Day) -> Hits:
    """Return Mihari's probes of the site: its two addresses take turns."""
    rng = stage.rng
    step = HEALTH_EVERY * 1000 // min(max(stage.world.volume, 1), 1000)
    at = np.arange(day.start + 42 * SECOND, day.end, step, dtype=np.int64)
    count = len(at)
    rows = _Rows(
        at=at + rng.below(count, 700),
        connection=np.arange(count),
        client=pl.Series(MIHARI)[np.arange(count) % 2],
        version=words("HTTP/1.1", count),
        agent=words(MIHARI_AGENT, count),
    )
    return _pages(
        rng, day, rows, (Page("/health", "", 1, 214, 3),), np.zeros(count, dtype=np.int64)
    )


def come(stage: Stage, day: Day) -> None:
    """Let everybody come who comes to the site on a day."""
    crowds = [
        make(stage.part(name), day)
        for name, make in (
            ("customers", customers),
            ("partner", partner),
            ("health", health),
            ("bots", bots),
        )
    ]
    at, what = together(crowds)
    visit(stage, at, what, named=False)


VISITORS = Behavior("visitors", come)
