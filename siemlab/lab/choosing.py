"""Chooses the store that a lab opens: one that is named, a team's, the default one, the sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from siemlab.charts.plain import clean
from siemlab.errors import StoreError
from siemlab.lab.opening import is_url, open_target, written_by
from siemlab.lab.places import default_store, opensearch_url, small_logs, small_store
from siemlab.lab.sample import no_sample, sample
from siemlab.missions.keys import file_of_team

if TYPE_CHECKING:
    from siemlab.store.base import Store

__all__ = ["SAMPLE", "choose", "is_small"]

SAMPLE = "sample"
"""The name that stands for the store of the sample logs."""

SMALL = "the small data set of a team"
"""The name that stands for the store of a team's small data set."""


def is_small(target: str) -> bool:
    """Tell whether a store is a team's small data set, opened as such."""
    return target == SMALL


def choose(
    store: str | Path | Store | None,
    engine: str | None,
    team: str | None,
    lang: str,
    tell: Callable[[str, str], None],
) -> tuple[str, Store]:
    """Return how a store is called, and the store.

    Parameters
    ----------
    store, engine, team, lang
        As `Lab` has them.
    tell
        Says that something is made first, in English and Japanese.

    Raises
    ------
    StoreError
        There is no such store, or it cannot be made.
    MissionFileError
        This can be no team's name.
    """
    if team is not None:
        file_of_team(team)  # a wrong name is said before anything is opened
    if store is not None and not isinstance(store, (str, Path)):
        return type(store).__name__, store
    if store is None:
        store = opensearch_url() if engine == "opensearch" else default_store()
        if team is not None:
            return _of_team(team, store, engine, lang, tell)
        folder = None if is_url(store) or written_by(Path(store)) else sample()
        store = store if folder is None else SAMPLE
    if store == SAMPLE:
        folder = sample()
        if folder is None:
            raise no_sample()
        return SAMPLE, open_target(folder, engine=engine)
    return clean(str(store)), open_target(store, engine=engine)


def _of_team(
    team: str, store: str, engine: str | None, lang: str, tell: Callable[[str, str], None]
) -> tuple[str, Store]:
    """Return the server where that is asked for, else the team's own store."""
    if is_url(store) and engine in (None, "opensearch"):
        return clean(store), _filled(store, team)
    from siemlab.lab.data import prepare

    return SMALL, open_target(prepare(team, tell, lang=lang), engine=engine)


def _filled(url: str, team: str) -> Store:
    """Return a server that has documents; an empty one would answer every question with nothing."""
    store = open_target(url, engine="opensearch")
    if any(index.documents for index in store.indexes()):
        return store
    store.close()
    name = small_logs(small_store(team)).name
    build = f"siemlab build small{f' --team {team}' if team else ''}"
    load = (
        f"siemlab load data/{name}/bucket --geoip-city data/{name}/geo/GeoLite2-City.mmdb "
        f"--geoip-asn data/{name}/geo/GeoLite2-ASN.mmdb --into {url}"
    )
    raise StoreError(
        f"the OpenSearch at {url} is empty; build and load the logs first: {build}; {load}",
        f"{url} の OpenSearch は空です。先にログを作って取り込んでください: {build}; {load}",
    )
