"""Build a data set: one day at a time, in some processes, to be gone on with after a Ctrl-C."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from siemlab.baseline import known_good_markdown, known_good_yaml, write_geoip
from siemlab.datasets.plan import Plan
from siemlab.datasets.record import DayRecord, Manifest, write_json
from siemlab.errors import StoreError
from siemlab.published import content_of
from siemlab.simulate.calendar import Day
from siemlab.simulate.run import store_records
from siemlab.simulate.world import World

__all__ = ["BUCKET", "build", "build_day", "sheet_identifiers"]

BUCKET = "bucket"
DAYS = "days"
PLAN = "plan.json"
MANIFEST = "manifest.json"
MEGABYTE = 1_000_000

Progress = Callable[[int], None]
"""Is told how many days are done, each time that one is."""


def build(plan: Plan, into: Path, *, jobs: int = 1, progress: Progress | None = None) -> Manifest:
    """Build a data set, or the rest of one that was begun.

    Parameters
    ----------
    plan
        What is to be built.
    into
        The folder. It gets ``bucket`` (the files as AWS delivers them), ``geo`` (GeoIP files),
        the known-good sheet, and ``manifest.json``.
    jobs
        How many processes work.
    progress
        Is told how many days are done.

    Returns
    -------
    Manifest
        What was built.

    Raises
    ------
    StoreError
        The folder holds another data set, or the disk has no room.

    Examples
    --------
    >>> import tempfile
    >>> plan = Plan.of("small", month="2022-05")
    >>> manifest = build(plan, Path(tempfile.mkdtemp()))
    >>> manifest.counts["cloudtrail"] > 1000
    True
    """
    days = plan.days()
    done = _begin(plan, into, days)
    for record in _built(plan, into, days, done, jobs):
        done[record.date] = record
        if progress is not None:
            progress(len(done))
    _write_sheet(plan.world, into)
    records = [done[day.date.isoformat()] for day in days]
    dense = [day.date.isoformat() for day in days if day.dense]
    manifest = Manifest.of(_identity(plan), dense, records)
    manifest.write(into / MANIFEST)
    return manifest


def build_day(plan: Plan, into: Path, day: Day) -> DayRecord:
    """Build one day, and keep its record beside the bucket.

    Parameters
    ----------
    plan, into
        As in `build`.
    day
        One of the plan's days.
    """
    stored = store_records(plan.world, day, plan.records(day), into / BUCKET, plan.data_set.packing)
    record = DayRecord.of(day.date.isoformat(), stored)
    write_json(into / DAYS / f"{record.date}.json", asdict(record))
    return record


def _identity(plan: Plan) -> dict[str, Any]:
    """Return what tells this plan from another."""
    return {
        "name": plan.data_set.name,
        "seed": plan.seed,
        "team": plan.team,
        "month": plan.month,
        "incidents_only": plan.incidents_only,
        "switches": [asdict(switch) for switch in plan.switches],
    }


def _begin(plan: Plan, into: Path, days: list[Day]) -> dict[str, DayRecord]:
    """Make the folder, or return what a run before has done in it."""
    identity, path, content = _identity(plan), into / PLAN, content_of(plan.data_set.name)
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        made_of = found.pop("content", "")
        if found != identity:
            raise StoreError(
                f"{into} holds another data set: remove it, or build into another folder (--into)",
                f"{into} には別のデータセットがあります。"
                "削除するか --into で別の場所を指定してください",
            )
        if made_of != content:  # days of another version do not go with those of this one
            for part in (BUCKET, DAYS):
                shutil.rmtree(into / part, ignore_errors=True)
    elif into.exists() and any(into.iterdir()):
        raise StoreError(
            f"{into} is not empty and holds no data set: build into another folder (--into)",
            f"{into} は空でなく、データセットでもありません。--into で別の場所を指定してください",
        )
    (into / DAYS).mkdir(parents=True, exist_ok=True)
    wanted = {day.date.isoformat() for day in days}
    done = {
        record.date: record
        for file in sorted((into / DAYS).glob("*.json"))
        if (record := DayRecord(**json.loads(file.read_text(encoding="utf-8")))).date in wanted
    }
    _check_room(plan, into, [day for day in days if day.date.isoformat() not in done])
    write_json(path, identity | {"content": content})
    return done


def _check_room(plan: Plan, into: Path, days: list[Day]) -> None:
    needed = sum(plan.data_set.bytes_per_day for day in days if day.dense)
    free = shutil.disk_usage(into).free
    if free < needed:
        need, have = needed // MEGABYTE, free // MEGABYTE
        raise StoreError(
            f"{into} has room for {have} MB, and about {need} MB are needed: make room, "
            "or build into another folder (--into)",
            f"{into} の空きは {have} MB ですが、約 {need} MB 必要です。空きを作るか "
            "--into で別の場所を指定してください",
        )


def _built(
    plan: Plan, into: Path, days: list[Day], done: dict[str, DayRecord], jobs: int
) -> Iterator[DayRecord]:
    """Yield the record of each day that is still to be built, as it is done."""
    rest = [day for day in days if day.date.isoformat() not in done]
    if jobs <= 1:
        for day in rest:
            yield build_day(plan, into, day)
        return
    context = multiprocessing.get_context("spawn")
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each process has a processor of its own
    fresh = (replace(plan),)  # without the world that it may have made: each process has its own
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_remember, initargs=fresh)
    try:
        # Dense days first: the short ones fill what is left at the end.
        futures = [
            pool.submit(_build_remembered, into, day)
            for day in sorted(rest, key=lambda day: not day.dense)
        ]
        for future in as_completed(futures):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_plans: list[Plan] = []  # of a worker process: the plan with its stories, told once


def _remember(plan: Plan) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the one who gave the work
    _plans[:] = [plan]


def _build_remembered(into: Path, day: Day) -> DayRecord:
    return build_day(_plans[0], into, day)


def sheet_identifiers(world: World) -> dict[str, str]:
    """Return what a team's known-good sheet has of its own: instances by host, keys by user.

    Parameters
    ----------
    world
        The team's world: ``plan.world``.

    Examples
    --------
    >>> sheet_identifiers(Plan.of("small").world)["ci-image-builder"][:4]
    'AKIA'
    """
    company = world.baseline
    identifiers = {name: world.ids.instance(name) for name in company.hosts}
    for user in company.users.values():
        if user.key:
            identifiers[user.name] = world.user_key(user.name, world.account(user.account))
    return identifiers


def _write_sheet(world: World, into: Path) -> None:
    """Write what the company knows to be legitimate, and where its addresses are."""
    identifiers = sheet_identifiers(world)
    write_geoip(into / "geo")
    (into / "known-good.yaml").write_text(known_good_yaml(identifiers), encoding="utf-8")
    for lang in ("en", "ja"):
        page = known_good_markdown(lang, identifiers)
        (into / f"known-good.{lang}.md").write_text(page, encoding="utf-8")
