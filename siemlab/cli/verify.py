"""siemlab verify: how true are these logs?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from siemlab.charts.table import Table
from siemlab.cli.command import command, option
from siemlab.cli.guard import REFUSED
from siemlab.cli.language import Say
from siemlab.cli.program import program

if TYPE_CHECKING:
    from siemlab.realism import Report

__all__ = ["verify"]


@command(
    program,
    "verify",
    en="""Test how true the logs of a folder are, with tests that genuine AWS logs pass.

FOLDER is what siemlab build has written, or any folder of AWS logs (AWSLogs/...). Calls and
findings are held against AWS's own service models, records against each other, and everything
against the rule that nobody is named. Each figure stands beside its threshold. The exit code is 3
where a test fails or cannot be run.""",
    ja="""フォルダーのログがどれだけ本物らしいかを、本物の AWS ログが合格するテストで調べます。

FOLDER は siemlab build が書き出したフォルダー、または AWS のログのフォルダー（AWSLogs/...）です。
API 呼び出しと検出結果を AWS のサービスモデルと照らし合わせ、レコードどうしの整合性と、実在の
誰のものでもないことを確かめます。値はしきい値と並べて表示します。不合格や未実行のテストがあると
終了コードは 3 です。""",
    examples=(
        "siemlab verify data/sample",
        "siemlab verify data/small --report report.md",
    ),
)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    en="Write the report there: as Markdown, or as JSON where the name ends in .json.",
    ja="レポートを書き出すファイル。Markdown 形式、名前が .json で終われば JSON 形式です。",
)
@click.pass_obj
def verify(say: Say, /, folder: Path, report: Path | None) -> None:
    """Test them."""
    found = _with_bar(say, folder)
    click.echo(repr(_table(say, found)))
    if report is not None and report.suffix == ".json":
        found.write(report)
    elif report is not None:
        report.write_text(found.markdown(say.lang), encoding="utf-8")
    for violation in found.violations[:20]:
        say.note(f"  {violation}", f"  {violation}")
    failed = len(found.failed)
    if failed:
        say.note(
            f"{failed} of {len(found.figures)} figures failed or could not be had.",
            f"{len(found.figures)} 項目のうち {failed} 項目が不合格または未実行です。",
        )
        raise Exit(REFUSED)


def _with_bar(say: Say, folder: Path) -> Report:
    from tqdm import tqdm

    from siemlab.normalize.sources import count_objects
    from siemlab.realism import open_folder
    from siemlab.realism import verify as run

    known = open_folder(folder)
    words = say("files", "ファイル")
    total = count_objects(known.sources)
    with tqdm(total=total, unit="", desc=words, disable=None, leave=False) as bar:
        return run(
            known.sources,
            inventory=known.inventory,
            labels=known.labels,
            step=lambda key: bar.update(),
        )


def _table(say: Say, found: Report) -> Table:
    from siemlab.realism.report import VERDICTS

    at = 1 if say.lang == "ja" else 0
    rows = tuple(
        (
            figure.test,
            figure.name[at],
            figure.value,
            figure.threshold,
            VERDICTS[figure.verdict][at],
        )
        for figure in found.figures
    )
    headings = (
        say("test", "テスト"),
        say("figure", "項目"),
        say("value", "値"),
        say("threshold", "しきい値"),
        say("verdict", "判定"),
    )
    return Table(headings, rows, title=say("How true are these logs", "ログのリアリズム"))
