"""The lab: the one door for notebooks."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from siemlab.errors import SiemlabError, StoreError
from siemlab.lab.answers import IndexList
from siemlab.lab.choosing import SAMPLE, choose, is_small
from siemlab.lab.events import Events
from siemlab.lab.game import Game
from siemlab.lab.opening import in_memory
from siemlab.lab.places import opensearch_url
from siemlab.query.value import Query

if TYPE_CHECKING:
    from siemlab.baseline import Baseline, Exclusion
    from siemlab.store.base import Store
    from siemlab.widgets import Dashboard, Discover

__all__ = ["Lab"]


class Lab(Game):
    """A place to ask questions of logs: it knows the store, and the language of its user.

    It is also the place of the missions: `question`, `answer`, `known`, `briefing`, `sheet`,
    `happened`, `log_next`, `progress`, `timeline`, `report`.

    Parameters
    ----------
    lang
        ``"en"`` or ``"ja"``: the language of headings and messages.
    team
        The team whose small data set is opened, and whose missions are played: ``"t07"``, or
        ``""`` for the base data. Where it is not there yet it is prepared first, which takes
        about 5 minutes. None: no team's; missions are those of the base data.
    store
        A folder, the URL of an OpenSearch, ``"sample"`` for the sample logs alone, or an open
        store. None is the data of the team; without a team the default store, into which
        ``siemlab load`` loads, and where that does not exist yet, the sample logs.
    engine
        ``"duckdb"``, ``"opensearch"`` or ``"pandas"``; found from ``store`` where None. With
        ``"opensearch"``, or where ``SIEMLAB_STORE`` is a URL, that server is asked.
    quiet
        Whether to keep silent about what is opened.

    Raises
    ------
    StoreError
        When there is no such store, or it cannot be opened or prepared.
    MissionFileError
        When this can be no team's name.

    Examples
    --------
    >>> lab = Lab(store="sample")
    Sample logs: 226 documents in 10 indexes.
    >>> lab.events("log-aws-cloudtrail-*").count()
    48
    """

    def __init__(
        self,
        lang: str = "en",
        team: str | None = None,
        *,
        store: str | Path | Store | None = None,
        engine: str | None = None,
        quiet: bool = False,
    ) -> None:
        if lang not in ("en", "ja"):
            raise StoreError(
                f"there is no language {lang!r}; say 'en' or 'ja'",
                f"言語 {lang!r} はありません。'en' か 'ja' を指定してください",
            )
        self.lang = lang
        self.team = team
        self._target, self.store = choose(store, engine, team, lang, self._tell)
        if not quiet:
            self._tell(f"{self}.", f"{self}。")

    def events(self, pattern: str | Query = "log-*") -> Events:
        """Return all events of some indexes, to be narrowed step by step.

        Parameters
        ----------
        pattern
            An index pattern, ``log-aws-cloudtrail-*``; or a whole query.

        Returns
        -------
        Events
            Bound to this lab's store.

        Examples
        --------
        >>> Lab(store="sample", quiet=True).events("log-aws-waf-*").count()
        4
        """
        query = pattern if isinstance(pattern, Query) else Query(pattern)
        return Events(self.store, query, self.lang)

    def discover(self, pattern: str | Query | Events = "log-*", **options: Any) -> Discover:
        """Return Discover: histogram, fields and documents, to be narrowed by clicks.

        Parameters
        ----------
        pattern
            Where to begin: an index pattern, a query, or events.
        **options
            What `siemlab.widgets.Discover` takes besides: ``tz="Asia/Tokyo"``,
            ``columns=["event.action"]``, ``page={"size": "large"}``.

        Returns
        -------
        Discover
            Put it last in a cell. Where the logs are those of the company of the data sets, the
            groups of its known-good sheet are offered as exclusions.

        Examples
        --------
        >>> d = Lab(store="sample", quiet=True).discover("log-aws-waf-*")
        >>> d.do("include", field="event.action", value="BLOCK")
        >>> d
        Discover log-aws-waf-*: 2 hits, filters: event.action: BLOCK
        """
        from siemlab.widgets import Discover

        events = pattern if isinstance(pattern, Events) else self.events(pattern)
        given: dict[str, Any] = {"lang": self.lang, "exclusions": self._known_good(events.store)}
        return self._noted(Discover(events.store, events.query, **(given | options)))

    def dashboard(self, board: str | Path = "overview", **options: Any) -> Dashboard:
        """Return a dashboard: linked panels, where a click on a bar includes it in all of them.

        Parameters
        ----------
        board
            ``overview``, ``cloudtrail``, ``guardduty``, ``vpcflow``, ``web`` or ``s3access``; or
            a YAML file with panels of your own.
        **options
            What `siemlab.widgets.Dashboard` takes besides: ``tz="Asia/Tokyo"``.

        Raises
        ------
        QuerySyntaxError
            When there is no such board.

        Examples
        --------
        >>> lab = Lab(store="sample", quiet=True)
        >>> lab.dashboard("web").query
        Query('log-aws-waf-*,log-aws-elb-*')
        """
        from siemlab.widgets import Dashboard

        return Dashboard(self.store, board, **({"lang": self.lang} | options))

    @cached_property
    def baseline(self) -> Baseline:
        """What is known to be legitimate at the company of the data sets.

        Examples
        --------
        >>> Lab(store="sample", quiet=True).baseline.exclusions[0].en
        'Offices and staff VPN'
        """
        from siemlab.baseline import load_baseline

        return load_baseline()

    def _known_good(self, store: Store) -> tuple[Exclusion, ...]:
        """Return the company's exclusions; none for other logs, where they would hide attackers."""
        if store is self.store and self._target == SAMPLE:
            return ()
        try:
            accounts = store.top(Query("log-*"), "cloud.account.id", 50)
        except SiemlabError:
            return ()  # an empty store, or a server that is slow: Discover says what is wrong
        ours = {account.id for account in self.baseline.accounts.values()}
        return self.baseline.exclusions if ours & {row.key for row in accounts} else ()

    def indexes(self) -> IndexList:
        """Return the indexes of the store, with the number of documents and their span of time."""
        return IndexList(tuple(self.store.indexes()), self.lang)

    def on(self, target: str | Path | Store) -> Lab:
        """Return a lab for the same questions on another engine or server.

        Parameters
        ----------
        target
            ``"pandas"``: these documents on the plain reference engine, in memory.
            ``"opensearch"``: the server on this machine. Else a folder or a URL.

        Returns
        -------
        Lab
            Ask it with ``events.on(lab)``.

        Raises
        ------
        StoreError
            When there is no such store, or the server does not answer.

        Examples
        --------
        >>> lab = Lab(store="sample", quiet=True)
        >>> failures = lab.events().include("event.outcome", "failure")
        >>> failures.on(lab.on("pandas")).count() == failures.count()
        True
        """
        if target == "pandas":
            return Lab(self.lang, team=self.team, store=in_memory(self.store), quiet=True)
        if target == "opensearch":
            target = opensearch_url()
        return Lab(self.lang, team=self.team, store=target, quiet=True)

    def opensearch(self) -> Lab | None:
        """Return a lab for the OpenSearch on this machine, or None where none answers.

        Says in one line what it found. The address is ``SIEMLAB_OPENSEARCH`` where that is set,
        else that of ``siemlab opensearch up``.

        Returns
        -------
        Lab or None
            None where no server answers, or it holds no documents yet.
        """
        url = opensearch_url()
        try:
            found = self.on(url)
            documents = sum(index.documents for index in found.indexes())
        except StoreError:
            self._tell(
                f"No OpenSearch answers at {url}. Start one: siemlab opensearch up",
                f"{url} で応答する OpenSearch がありません。起動: siemlab opensearch up",
            )
            return None
        if not documents:
            found.close()
            self._tell(
                f"The OpenSearch at {url} is empty. Load logs into it: "
                "siemlab load data/sample --engine opensearch",
                f"{url} の OpenSearch は空です。取り込み: "
                "siemlab load data/sample --engine opensearch",
            )
            return None
        self._tell(
            f"OpenSearch at {url}: {documents:,} documents.",
            f"OpenSearch（{url}）: {documents:,} 件。",
        )
        return found

    def close(self) -> None:
        """Let go of files and connections."""
        self.store.close()

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        """Return what is looked at, and how much it is."""
        indexes = self.store.indexes()
        documents = sum(index.documents for index in indexes)
        if self.lang == "ja":
            name = self._name("サンプルログ", "チーム {} のログ", "会社のログ")
            return f"{name}: {len(indexes)} インデックス、{documents:,} ドキュメント"
        name = self._name("Sample logs", "Logs of team {}", "Logs of the company")
        return f"{name}: {_many(documents, 'document')} in {_many(len(indexes), 'index', 'es')}"

    def _name(self, sample: str, team: str, company: str) -> str:
        if is_small(self._target):
            return team.format(self.team) if self.team else company
        return sample if self._target == SAMPLE else self._target

    def _tell(self, en: str, ja: str) -> None:
        sys.stdout.write(f"{ja if self.lang == 'ja' else en}\n")
        sys.stdout.flush()  # a notebook shows it before the minutes that it speaks of


def _many(number: int, thing: str, plural: str = "s") -> str:
    return f"{number:,} {thing}{'' if number == 1 else plural}"
