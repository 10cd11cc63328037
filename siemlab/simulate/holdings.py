"""What lies in the buckets: the keys that jobs, staff and thieves alike find there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from siemlab.simulate.rng import Rng
from siemlab.simulate.world import World

__all__ = ["assets", "backups", "exchanged", "passports", "rosters"]

BOOKING = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PASSPORTS_A_MONTH = 1400
ROUTES = (
    *("hokkaido", "tohoku", "kanto", "hokuriku", "chubu", "kansai", "chugoku", "shikoku"),
    *("kyushu", "okinawa", "seoul", "taipei"),
)
AGENCIES = ("agency-members", "allotments", "commissions", "vouchers", "cancellations")
IMAGES = ("hero", "ryokan", "onsen", "beach", "castle", "autumn", "snow", "market", "ferry", "logo")


def passports(world: World, month: date) -> tuple[str, ...]:
    """Return the identity papers that customers sent in a month (``sz-prod-customer-docs``).

    Parameters
    ----------
    world
        The world.
    month
        Any day of the month.

    Examples
    --------
    >>> from siemlab.baseline import load_baseline
    >>> keys = passports(World(load_baseline(), seed=2022), date(2022, 12, 19))
    >>> len(keys), len({*keys}), keys[0][:16]
    (1400, 1400, 'passport/2022/12')
    """
    return _passports(world.seed, month.year, month.month)


@lru_cache(maxsize=64)
def _passports(seed: int, year: int, month: int) -> tuple[str, ...]:
    rng = Rng(seed, "passports", year, month)
    codes = dict.fromkeys(rng.letters(PASSPORTS_A_MONTH + 20, 8, BOOKING))
    return tuple(f"passport/{year}/{month:02}/{code}.jpg" for code in codes)[:PASSPORTS_A_MONTH]


def rosters(day: date) -> tuple[str, ...]:
    """Return the passenger rosters of a day: one for each route (``sz-prod-customer-docs``).

    Examples
    --------
    >>> rosters(date(2022, 12, 19))[0], len(rosters(date(2022, 12, 19)))
    ('rosters/2022-12-19_hokkaido.csv', 12)
    """
    return tuple(f"rosters/{day.isoformat()}_{route}.csv" for route in ROUTES)


def exchanged(day: date) -> tuple[str, ...]:
    """Return the files of a month that agencies and the company passed on to each other by a day.

    They lie in ``sz-prod-partner-exchange``.

    Examples
    --------
    >>> exchanged(date(2022, 12, 19))[:2]
    ('inbound/2022-12/agency-members.csv', 'outbound/2022-12/agency-members.csv')
    """
    month = day.strftime("%Y-%m")
    whole = [f"{way}/{month}/{name}.csv" for name in AGENCIES for way in ("inbound", "outbound")]
    days = [date(day.year, day.month, 1) + timedelta(days=number) for number in range(day.day)]
    daily = [
        f"{way}/{month}/{name}-{one.strftime('%m%d')}.csv"
        for one in days
        for name, way in (("allotments", "inbound"), ("vouchers", "outbound"))
    ]
    return (*whole, *daily)


def assets() -> tuple[str, ...]:
    """Return the public files of the website (``sz-prod-web-assets``).

    Examples
    --------
    >>> "docs/restore_instructions_2022.pdf" in assets()
    True
    """
    images = [f"img/{name}-{size}.webp" for name in IMAGES for size in (320, 640, 1280, 1920)]
    code = [
        "js/app.7c1f2a.js",
        "js/vendor.0be931.js",
        "css/site.41d0c8.css",
        "css/print.9e2a11.css",
    ]
    papers = ["docs/terms_2022.pdf", "docs/restore_instructions_2022.pdf", "docs/access_map.pdf"]
    return (*images, *code, *papers)


def backups(day: date) -> Iterator[str]:
    """Yield the objects that a night leaves in ``sz-prod-db-backup``, prefix by prefix.

    Parameters
    ----------
    day
        The date in Japan.

    Examples
    --------
    >>> sorted({key.partition("/")[0] for key in backups(date(2022, 12, 19))})
    ['audit', 'config', 'ddl', 'pg', 'wal']
    """
    stamp = day.strftime("%Y%m%d")
    for table in ("bookings", "customers", "payments", "hotels"):
        yield f"pg/{stamp}/{table}.dump"
    yield f"ddl/{stamp}/schema.sql"
    yield f"config/{stamp}/postgresql.conf"
    yield f"audit/{stamp}/pgaudit.log.gz"
    for hour in range(0, 24, 2):
        yield f"wal/{stamp}/{hour:02}.tar.zst"
