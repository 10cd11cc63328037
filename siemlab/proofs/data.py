"""A team's logs for a proof: those that lie here, or just the days that a mission needs."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from siemlab.datasets import Plan
from siemlab.datasets.build import BUCKET
from siemlab.editions.master import Master
from siemlab.lab.data import is_ready, prepare
from siemlab.lab.opening import open_target
from siemlab.lab.places import sample_logs, sample_store, small_logs, small_store
from siemlab.lab.sample import no_sample, sample
from siemlab.missions import Mission
from siemlab.normalize import Document
from siemlab.proofs.days import build_days, load_days, needs_of
from siemlab.proofs.evidence import Evidence
from siemlab.query.value import Query
from siemlab.store.base import Store

if TYPE_CHECKING:
    from siemlab.store.opensearch import OpenSearchStore

__all__ = ["evidence_of_days", "lies_here", "on_server", "sample_evidence", "whole_evidence"]

Step = Callable[[int, int], None]
"""Is told how many days of how many are built."""

Tell = Callable[[str, str], None]
"""Says one sentence, given in English and Japanese."""


@contextlib.contextmanager
def sample_evidence() -> Iterator[Evidence]:
    """Open the sample logs, which have no team.

    Yields
    ------
    Evidence
        The sample.

    Raises
    ------
    StoreError
        When there is no sample here.
    """
    logs = sample_logs()
    if logs is None or sample() is None:
        raise no_sample()
    with contextlib.closing(open_target(sample_store(logs))) as store:
        yield Evidence("", store, logs)


def lies_here(team: str, work: Path | None = None) -> bool:
    """Tell whether a team's small data set lies here, raw and loaded.

    Parameters
    ----------
    team
        The team; empty for the base data.
    work
        The folder to look in; the usual one where None.

    Examples
    --------
    >>> lies_here("nobody")
    False
    """
    store = small_store(team, work)
    return (small_logs(store) / BUCKET).is_dir() and is_ready(store)


@contextlib.contextmanager
def whole_evidence(team: str, work: Path | None, tell: Tell) -> Iterator[Evidence]:
    """Open a team's whole small data set; where it is not there, it is made.

    Parameters
    ----------
    team
        The team; empty for the base data.
    work
        The folder in which it is looked for, and kept. Where None it is the usual one, or, if it
        is not there, a temporary one.
    tell
        Says what takes time.

    Yields
    ------
    Evidence
        The team's logs.

    Raises
    ------
    StoreError
        When it cannot be made.
    """
    with contextlib.ExitStack() as stack:
        folder = work
        if work is None and not lies_here(team):
            folder = stack.enter_context(_scratch(None))
        prepare(team, tell, folder=folder)
        found = small_store(team, folder)
        store = stack.enter_context(contextlib.closing(open_target(found)))
        yield Evidence(team, store, small_logs(found) / BUCKET)


@contextlib.contextmanager
def evidence_of_days(
    team: str,
    missions: Sequence[tuple[Mission, Master]],
    work: Path | None = None,
    step: Step = lambda done, total: None,
) -> Iterator[Evidence]:
    """Build and load only what missions look at, once for all of them, and drop it afterwards.

    The answers are those of the whole data set. Wrong answers are not, where they come from other
    days.

    Parameters
    ----------
    team
        The team; empty for the base data.
    missions
        What is to be proven.
    work
        Where the days are built; a temporary folder where None.
    step
        Is told how many days of how many are built.

    Yields
    ------
    Evidence
        What the missions are proven from.
    """
    with _scratch(work) as folder:
        plan = Plan.of("small", team=team)
        build_days(plan, needs_of(plan, missions), folder, step)
        with contextlib.closing(load_days(folder)) as store:
            yield Evidence(team, store, folder / BUCKET, whole=False)


@contextlib.contextmanager
def on_server(url: str, evidence: Evidence, tell: Tell) -> Iterator[Store]:
    """Open a server that holds what is proven: an empty one is filled, and emptied again.

    Parameters
    ----------
    url
        Its address.
    evidence
        The logs.
    tell
        Says what takes time.

    Yields
    ------
    Store
        The server. What it held before must be the team's logs, and stays.
    """
    with contextlib.closing(cast("OpenSearchStore", open_target(url))) as server:
        if any(index.documents for index in server.indexes()):
            yield server
            return
        tell(
            f"The OpenSearch at {url} is empty: it is filled with these logs, for the proof alone.",
            f"{url} の OpenSearch は空なので、証明の間だけこのログを取り込みます。",
        )
        try:
            server.add(
                Document(hit.index, hit.id, hit.source) for hit in evidence.store.scan(Query("*"))
            )
            yield server
        finally:
            server.remove(index.name for index in server.indexes())


@contextlib.contextmanager
def _scratch(work: Path | None) -> Iterator[Path]:
    """Make a folder that is gone afterwards, Ctrl-C or not."""
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="siemlab-proof-", dir=work))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
