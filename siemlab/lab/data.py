"""Prepares the small data set of a team: builds the logs, and loads them into a store, once.

Whatever ends it, nothing is left half done: the days that are built are kept and gone on with, and
the store is written beside its place and moved there when it is whole. Kernels that want the same
data take turns; the second one finds them ready. A store says which content it was made from: with
another version of siemlab it is made anew, since answers are checked against the logs of this one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from siemlab.errors import StoreError
from siemlab.lab.opening import written_by
from siemlab.lab.places import small_logs, small_store
from siemlab.locks import alone
from siemlab.logs import LogType, recognize
from siemlab.normalize import Document, NormalizeOptions, Refused, normalize_object
from siemlab.normalize.document import documents_of
from siemlab.normalize.sources import LogObject, count_objects, open_sources
from siemlab.published import content_of

__all__ = ["is_ready", "prepare"]

Tell = Callable[[str, str], None]
"""Says one sentence, given in English and Japanese."""

ROOM = 3_500_000_000
"""Bytes that logs (0.35 GB), store (0.5 GB) and the work between them took at most, and a bit."""

MOST_JOBS = 8
BUCKET, GEO = "bucket", "geo"

MADE_FROM = "made-from.txt"
"""The file in a store that says which content it was made from."""


def prepare(
    team: str,
    tell: Tell,
    *,
    lang: str = "en",
    folder: Path | None = None,
    jobs: int | None = None,
) -> Path:
    """Return the store with a team's small data set; it is made where it is missing.

    Parameters
    ----------
    team
        The team; empty for the base data.
    tell
        Says what is done, before it takes minutes.
    lang
        The language of the progress bars, ``"en"`` or ``"ja"``.
    folder
        The folder for logs and store; the usual one where None.
    jobs
        How many processes build; where None one per core, and one in a plain script.

    Returns
    -------
    Path
        The folder of the store.

    Raises
    ------
    StoreError
        The disk has no room, or the folder cannot be written.
    MissionFileError
        This can be no team's name.
    """
    store = small_store(team, folder)
    if is_ready(store):
        return store
    if written_by(store) and not os.access(store.parent, os.W_OK):
        _tell_old(store, tell)
        return store
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        lock = store.with_name(f".{store.name}.lock")
        with lock.open("w") as file, alone(file, partial(tell, *_WAITS)):
            if not is_ready(store):  # else another kernel has made it meanwhile
                _make(team, store, tell, jobs or _jobs(), lang)
    except OSError as error:
        raise StoreError(
            f"cannot prepare the logs in {store.parent} ({error.strerror or error}); set "
            "SIEMLAB_STORES to a folder that you may write to",
            f"{store.parent} にログを準備できません（{error.strerror or error}）。書き込める"
            "フォルダーを SIEMLAB_STORES に指定してください",
        ) from error
    return store


def is_ready(store: Path) -> bool:
    """Tell whether a team's store is there, and holds the logs of this version of siemlab.

    Parameters
    ----------
    store
        What `small_store` returned.

    Examples
    --------
    >>> is_ready(Path("nowhere"))
    False
    """
    if written_by(store) is None:
        return False
    made_from, wanted = store / MADE_FROM, content_of("small")
    return not wanted or (made_from.is_file() and made_from.read_text(encoding="utf-8") == wanted)


_WAITS = (
    "Another notebook is preparing these logs; this one waits for it.",
    "別のノートブックが同じログを準備しています。終わるまで待ちます。",
)


def _tell_old(store: Path, tell: Tell) -> None:
    tell(
        f"The logs in {store} are of another version of siemlab, and you may not write there: some "
        "answers may be others. Whoever prepared them can renew them: siemlab prepare",
        f"{store} のログは、別のバージョンの siemlab で作られたものです（書き込み権限がないため更新"
        "できません）。答えが合わないことがあります。準備した人に siemlab prepare の再実行を頼んで"
        "ください。",
    )


def _jobs() -> int:
    """Return how many processes may build.

    A script without a guard would be run again by each process; a notebook and ``siemlab`` are
    safe.
    """
    safe = "ipykernel" in sys.modules or "siemlab.cli" in sys.modules
    return min(os.cpu_count() or 1, MOST_JOBS) if safe else 1


def _make(team: str, store: Path, tell: Tell, jobs: int, lang: str) -> None:
    from siemlab.datasets import build

    logs = small_logs(store)
    _check_room(store.parent)
    whose, whose_ja = (f" of team {team}", f"チーム {team} の") if team else ("", "")
    if written_by(store):
        tell(
            f"The logs{whose} are of another version of siemlab and are made anew.",
            f"{whose_ja}ログは別のバージョンの siemlab で作られたものなので、作り直します。",
        )
    tell(
        f"Preparing the logs{whose}, once: 13 months of the company are made ({logs.name}), then "
        f"loaded ({store.name}). This takes about 5 minutes. Stopped, it goes on where it was.",
        f"{whose_ja}ログを準備しています（初回のみ）。会社の 13 か月分のログを作り"
        f"（{logs.name}）、ストアに取り込みます（{store.name}）。5 分ほどかかります。"
        "中断しても、次は続きから始まります。",
    )
    plan = _plan(team)
    with _bar("日" if lang == "ja" else "days", len(plan.days())) as bar:
        build(plan, logs, jobs=jobs, progress=lambda done: bar.update(done - bar.n))
    _load(logs, store, "ファイル" if lang == "ja" else "files")


def _plan(team: str) -> Any:
    from siemlab.datasets import Plan

    return Plan.of("small", team=team)


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        need, have = ROOM / 1e9, free / 1e9
        raise StoreError(
            f"{folder} has room for {have:.1f} GB, and about {need:.1f} GB are needed: make room, "
            "or set SIEMLAB_STORES to a folder on another disk",
            f"{folder} の空きは {have:.1f} GB ですが、約 {need:.1f} GB 必要です。空きを作るか、"
            "別のディスクのフォルダーを SIEMLAB_STORES に指定してください",
        )


def _load(logs: Path, store: Path, words: str) -> None:
    """Load the logs into a store beside its place, then move it there."""
    from siemlab.store import open_store

    part = f".{store.name}.part-"
    for left in store.parent.glob(f"{part}*"):  # by a kernel that was killed: we are alone here
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=part, dir=store.parent))
    try:
        made = open_store(scratch / "store", engine="duckdb")
        try:
            with _bar(words, count_objects([str(logs / BUCKET)])) as bar:
                # One kind of log after another: a load writes all its documents down first.
                for objects in _by_index(logs):
                    made.add(_documents(objects, logs, bar))
        finally:
            made.close()
        (scratch / "store" / MADE_FROM).write_text(content_of("small"), encoding="utf-8")
        if store.exists():
            os.rename(store, scratch / "old")
        os.rename(scratch / "store", store)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _by_index(logs: Path) -> list[list[LogObject]]:
    """Return the objects of the logs, those together that go into the same indexes."""
    groups: dict[str, list[LogObject]] = {}
    for found in open_sources([str(logs / BUCKET)]):
        if isinstance(found, Refused):
            raise found.error
        kind = recognize(found.key)
        if isinstance(kind, LogType):
            groups.setdefault(kind.index, []).append(found)
    return [*groups.values()]


def _documents(objects: list[LogObject], logs: Path, bar: Any) -> Iterator[Document]:
    options = NormalizeOptions(geoip_city=_geoip(logs, "city"), geoip_asn=_geoip(logs, "asn"))
    for found in objects:
        yield from documents_of(normalize_object(found, options))
        bar.update()


def _geoip(logs: Path, kind: str) -> Path | None:
    """Return the GeoIP file that comes with the logs: it knows where the company's world lies."""
    files = sorted((logs / GEO).glob("*.mmdb"))
    return next((file for file in files if kind in file.name.lower()), None)


@contextmanager
def _bar(words: str, total: int | None) -> Iterator[Any]:
    from tqdm.auto import tqdm

    seen = "ipykernel" in sys.modules or sys.stderr.isatty()
    with tqdm(total=total, unit="", desc=words, disable=not seen, leave=False) as bar:
        yield bar
