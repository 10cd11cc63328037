"""siemlab load: raw logs into a store, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click.exceptions import Exit

from siemlab.charts.table import Table
from siemlab.cli.command import command
from siemlab.cli.guard import INTERRUPTED, REFUSED
from siemlab.cli.intake import Intake, intake_options
from siemlab.cli.language import Say
from siemlab.cli.program import program
from siemlab.cli.refusals import Refusals
from siemlab.cli.target import Target, store_options
from siemlab.errors import LogFormatError
from siemlab.lab.opening import is_url
from siemlab.normalize.document import Document
from siemlab.store.base import LoadReport

__all__ = ["load"]


@command(
    program,
    "load",
    en="""Load raw AWS logs into a store, all of them or, when interrupted, none.

SOURCE is a file, a folder as AWS delivers it (AWSLogs/...), a zip or tar of one, or
s3://bucket/prefix. Loading the same logs again changes nothing. What cannot be read is refused
with the reason, and kept: in the folder refused of the store; for a server in a file in the
current folder, or where --refused says.""",
    ja="""AWS の生ログをストアに取り込みます。すべて取り込むか、中断時は何も取り込みません。

SOURCE はファイル、AWS が配信した形のフォルダー（AWSLogs/...）、その zip や tar、または
s3://bucket/prefix です。同じログを再び取り込んでも何も変わりません。読めないものは理由を付けて
残します。場所はストアの refused フォルダー、サーバーの場合は現在のフォルダーのファイル、
または --refused の指定先です。""",
    examples=(
        "siemlab load data/sample",
        "siemlab load data/sample --into my-store",
        "siemlab load data/sample --engine opensearch",
        "siemlab load s3://my-log-bucket/AWSLogs/",
        "siemlab load data/sample --into https://siem.example.com:9200 --user analyst",
    ),
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@store_options("--into", en="Where to load", ja="取り込み先")
@intake_options
@click.pass_obj
def load(say: Say, /, target: Target, refused: Path | None, **options: Any) -> None:
    """Load them."""
    with closing(Refusals(say)) as refusals:
        intake = Intake(say, refusals, **options)
        sent: Counter[str] = Counter()
        with _whole_when_stopped(say, target), closing(target.open(say, read_only=False)) as store:
            try:
                with _sending(say, target, sent) as progress:
                    report = store.add(_counted(intake.documents(), sent), progress=progress)
            except LogFormatError as error:  # strict
                say.error(error)
                say.note(
                    "Nothing was loaded, as --strict asks.", "--strict のため取り込みませんでした。"
                )
                report = None
        if report is not None:
            refusals.take_stored(report.refusals)
            _tell(say, target, sent, report)
        if refusals.count:
            refusals.keep(refused or _shelf(target))
        intake.report(refused_later=report.refused if report else 0)
        if refusals.count:
            raise Exit(REFUSED)


@contextmanager
def _whole_when_stopped(say: Say, /, target: Target) -> Iterator[None]:
    """Say what a Ctrl-C leaves."""
    try:
        yield
    except KeyboardInterrupt as error:
        if is_url(target.where):
            say.note(
                "Stopped by Ctrl-C. Some of the documents may be there; load again for the rest.",
                "Ctrl-C で中断しました。一部は取り込み済みです。もう一度取り込むと残りが入ります。",
            )
        else:
            say.note(
                "Stopped by Ctrl-C. The store is whole: all of these logs are in it, or none.",
                "Ctrl-C で中断しました。ストアは壊れていません。"
                "全部入っているか、何も入っていません。",
            )
        raise Exit(INTERRUPTED) from error


@contextmanager
def _sending(
    say: Say, target: Target, sent: Counter[str], /
) -> Iterator[Callable[[int], None] | None]:
    """Give a bar for what goes to a server once all is read; a folder is written while reading."""
    if not is_url(target.where):
        yield None
        return
    from tqdm import tqdm

    words = say("documents", "ドキュメント")
    bar: Any = None

    def progress(done: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=sent.total(), unit="", desc=words, disable=None, leave=False)
        bar.update(done)

    try:
        yield progress
    finally:
        if bar is not None:
            bar.close()


def _counted(documents: Iterator[Document], sent: Counter[str]) -> Iterator[Document]:
    for document in documents:
        sent[document.index] += 1
        yield document


def _shelf(target: Target) -> Path:
    """Return where refused records are kept: with the store, else in the current folder."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%fZ}"
    if is_url(target.where):
        return Path(f"siemlab-refused-{now}.ndjson")
    return Path(target.where).expanduser() / "refused" / f"{now}.ndjson"


def _tell(say: Say, /, target: Target, sent: Counter[str], report: LoadReport) -> None:
    """Write the report on standard output."""
    heads = (say("index", "インデックス"), say("documents", "ドキュメント数"))
    if sent:
        click.echo(repr(Table(heads, tuple(sorted(sent.items())))))
    click.echo(
        say(
            f"{target.where}: {report.created} created, {report.updated} updated, "
            f"{report.unchanged} unchanged",
            f"{target.where}: 新規 {report.created}、更新 {report.updated}、"
            f"変更なし {report.unchanged}",
        )
    )
    for family, paths in sorted(report.pins.items()):
        for path, kinds in sorted(paths.items()):
            seen = ", ".join(kinds)
            click.echo(
                say(
                    f"pinned to keyword: {path} in {family} (seen: {seen})",
                    f"keyword に固定: {family} の {path}（見つかった型: {seen}）",
                )
            )
    if report.spilled:
        click.echo(
            say(
                f"{len(report.spilled)} documents went to a spill index: their values fit no field",
                f"{len(report.spilled)} 件は型が合わず、予備のインデックスに入れました",
            )
        )
