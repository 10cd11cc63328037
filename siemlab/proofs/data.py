"""A team's logs for a proof: those that lie here, or just the days that a mission needs."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from siemlab.baseline import write_geoip
from siemlab.datasets import Plan
from siemlab.datasets.build import BUCKET, DAYS, build_day
from siemlab.datasets.plan import QUIET_WEEK
from siemlab.lab.data import prepare
from siemlab.lab.opening import open_target, written_by
from siemlab.lab.places import sample_logs, sample_store, small_logs, small_store
from siemlab.lab.sample import no_sample, sample
from siemlab.missions import Mission
from siemlab.normalize import NormalizeOptions, normalize
from siemlab.normalize.document import documents_of
from siemlab.proofs.evidence import Evidence
from siemlab.scenarios import SCENARIOS, Scenario, Truth
from siemlab.simulate.calendar import Day
from siemlab.simulate.run import simulate, store_records
from siemlab.simulate.stage import Records
from siemlab.store import open_store

__all__ = [
    "ALWAYS",
    "days_of",
    "evidence_of_days",
    "lies_here",
    "sample_evidence",
    "whole_evidence",
]

ALWAYS = ("guardduty", "securityhub")
"""The logs of the whole year that Level 0 asks of; of the others, the quiet week is enough."""

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
    return (small_logs(store) / BUCKET).is_dir() and written_by(store) is not None


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
    team: str, mission: Mission, work: Path | None = None, step: Step = lambda done, total: None
) -> Iterator[Evidence]:
    """Build and load only the days that a mission needs, and drop them afterwards.

    The answers are those of the whole data set. Wrong answers are not, where they come from other
    days.

    Parameters
    ----------
    team
        The team; empty for the base data.
    mission
        What is to be proven.
    work
        Where the days are built; a temporary folder where None.
    step
        Is told how many days of how many are built.

    Yields
    ------
    Evidence
        What the mission is proven from.
    """
    with _scratch(work) as folder:
        plan = Plan.of("small", team=team)
        _build(plan, mission, folder, step)
        city, system = write_geoip(folder / "geo")
        _load(folder, NormalizeOptions(geoip_city=city, geoip_asn=system))
        with contextlib.closing(open_target(folder / "store")) as store:
            yield Evidence(team, store, folder / BUCKET, whole=False)


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


def days_of(plan: Plan, mission: Mission) -> list[Day]:
    """Return the days that a mission needs.

    Parameters
    ----------
    plan
        The plan of the team's small data set.
    mission
        The mission: the days of its story and of those it names besides, and of their decoys. All
        days where it has no story.

    Examples
    --------
    >>> from siemlab.missions import Text
    >>> text = Text("The open door", "開け放たれた扉")
    >>> mission = Mission("L1-B", "L1-B", 1, 45, text, text, (), (), text)
    >>> [str(day.date) for day in days_of(Plan.of("small"), mission)][:2]
    ['2022-11-23', '2022-11-24']
    """
    named = {mission.scenario, *mission.also} - {""}
    if not named:
        return plan.days()
    stories = [each for each in SCENARIOS if each.name in named]
    truths = [plan.story(each.name)[1] for each in stories]
    return [day for day in plan.days() if _needs(day, stories, truths)]


def _needs(day: Day, stories: list[Scenario], truths: list[Truth]) -> bool:
    if any(story.touches(day) for story in stories):
        return True
    decoys = (decoy for truth in truths for decoy in truth.decoys)
    return any(decoy.since < day.end and day.start < decoy.until for decoy in decoys)


def _build(plan: Plan, mission: Mission, folder: Path, step: Step) -> None:
    """Build the days; of a year without a story only what Level 0 asks of."""
    (folder / DAYS).mkdir()
    days = days_of(plan, mission)
    for done, day in enumerate(days, 1):
        if mission.scenario or _is_quiet(day.date):
            build_day(plan, folder, day)
        else:
            _build_findings(plan, folder, day)
        step(done, len(days))


def _is_quiet(day: date) -> bool:
    # The logs of a day of Japan come with the day after, too.
    return QUIET_WEEK[0] <= day <= QUIET_WEEK[1]


def _build_findings(plan: Plan, folder: Path, day: Day) -> None:
    """Build of a day only the logs whose whole year is asked of."""
    records = simulate(plan.world, day)
    records.update(plan.story_records(day))
    kept = Records()
    for stream, batches in records.batches.items():
        if stream.log_type in ALWAYS:
            kept.batches[stream] = batches
    for _ in store_records(plan.world, day, kept, folder / BUCKET, plan.data_set.packing):
        pass


def _load(folder: Path, options: NormalizeOptions) -> None:
    """Load the bucket into a store beside it."""
    store = open_store(folder / "store", engine="duckdb")
    try:
        store.add(documents_of(normalize([folder / BUCKET], options)))
    finally:
        store.close()
