"""The pages of the AWS console: which calls each makes when somebody opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from siemlab.simulate.call import Call
from siemlab.simulate.callers import Caller
from siemlab.simulate.calls.catalog import NAMED
from siemlab.simulate.hands import Habits, Hands
from siemlab.simulate.naming import HOME

__all__ = ["Page", "open_page", "pages", "read_calls"]

SKIPPED = 160
"""How many calls of a page (of a thousand) the browser still has from the last time."""


@dataclass(frozen=True)
class Page:
    """A page.

    Parameters
    ----------
    name
        What it shows.
    opens
        What it calls when it is opened.
    details
        What it calls for each thing that somebody clicks on.
    region
        Where.
    """

    name: str
    opens: tuple[Call, ...]
    details: tuple[Call, ...] = ()
    region: str = HOME


def read_calls(name: str) -> dict[str, dict[str, Any]]:
    """Return a table of calls that lies beside this module.

    Parameters
    ----------
    name
        The file's name. Lists in it name accounts, or calls as the catalog does
        (``iam.LIST_USERS``).

    Raises
    ------
    KeyError
        The catalog has no such call.
    """
    import yaml

    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return {
        key: {
            part: tuple(NAMED[each] if "." in each else each for each in value)
            if isinstance(value, list)
            else value
            for part, value in (found or {}).items()
        }
        for key, found in yaml.safe_load(text).items()
    }


@lru_cache(maxsize=1)
def pages() -> Mapping[str, Page]:
    """Return the pages by name.

    Examples
    --------
    >>> pages()["buckets"].opens[0].name
    'ListBuckets'
    """
    return {name: Page(name, **parts) for name, parts in read_calls("pages.yaml").items()}


def open_page(hands: Hands, page: Page, caller: Caller, at: int, habits: Habits) -> int:
    """Let somebody open a page and click on some things; return when it is done.

    Parameters
    ----------
    hands
        Who makes the calls.
    page, caller, at
        Which page, who, and when (epoch milliseconds).
    habits
        How often a call fails.
    """
    dice, moment = hands.dice, at
    for call in page.opens:
        if not dice.happens(SKIPPED):
            # Health is asked by its own back end, in the name of whoever opens the page.
            own = f"{call.service}.amazonaws.com" if call.service == "health" else ""
            who = caller.via_service(own) if own else caller
            hands.does(call, who, moment, page.region, habits)
            moment += dice.gap() // 3
    if not page.details or dice.happens(250):
        return moment
    for _ in range(dice.between(1, 3)):
        moment += dice.between(2_000, 25_000)
        chosen = {"bucket": dice.pick(hands.stock.choices("bucket"))} if _buckets(hands) else {}
        for call in page.details:
            if not dice.happens(2 * SKIPPED):
                hands.does(call, caller, moment, page.region, habits, **chosen)
                moment += dice.gap() // 3
    return moment


def _buckets(hands: Hands) -> bool:
    return bool(hands.stock.choices("bucket"))
