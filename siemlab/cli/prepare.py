"""siemlab prepare: what a notebook would do when it is opened first, done beforehand."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
from click.exceptions import Exit

from siemlab.cli.command import command, option
from siemlab.cli.guard import INTERRUPTED
from siemlab.cli.language import Say
from siemlab.cli.program import program

__all__ = ["prepare_command"]


@command(
    program,
    "prepare",
    en="""Prepare the logs that the missions are played with: build them and load them, once.

A notebook does this itself when it is opened first. Done beforehand, for a class, a hub or an
image, it opens at once. What is prepared already stays as it is. Without --team it is the base
data. Set SIEMLAB_STORES to the folder where notebooks shall look, if it is not the usual one.""",
    ja="""ミッションで使うログを準備します。ログを作ってストアに取り込みます（初回のみ）。

ノートブックも最初に開いたときに同じことをしますが、授業、JupyterHub、イメージのために先に済ませて
おくと、すぐに開けます。準備済みのものはそのまま使います。--team を付けなければ基本データです。
既定以外の場所に準備した場合は、そのフォルダーを SIEMLAB_STORES に指定してください。""",
    examples=(
        "siemlab prepare",
        "siemlab prepare --team t01 --team t02 --into data",
        "siemlab prepare --team t03 --drop-logs",
    ),
)
@option(
    "--team",
    "teams",
    multiple=True,
    metavar="NAME",
    en="A team's own data; may be given several times.",
    ja="チームのデータ。複数指定できます。",
)
@option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    en="The folder for logs and stores; default: SIEMLAB_STORES, else data.",
    ja="ログとストアのフォルダー。既定は SIEMLAB_STORES、なければ data。",
)
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    show_default="one per core, at most 8",
    en="How many processes build.",
    ja="並行して働くプロセスの数。",
)
@option(
    "--drop-logs",
    is_flag=True,
    en="Remove the raw logs afterwards; the store is all that notebooks need.",
    ja="終わったら生ログを削除します。ノートブックにはストアだけで足ります。",
)
@click.pass_obj
def prepare_command(
    say: Say,
    /,
    teams: tuple[str, ...],
    into: Path | None,
    jobs: int | None,
    drop_logs: bool,
) -> None:
    """Prepare them."""
    from siemlab.lab.data import prepare
    from siemlab.lab.places import small_logs

    try:
        for team in dict.fromkeys(teams or ("",)):
            store = prepare(team, say.note, lang=say.lang, folder=into, jobs=jobs)
            logs = small_logs(store)
            if drop_logs and logs.is_dir():
                shutil.rmtree(logs)
            click.echo(say(f"{store} is ready.", f"{store} の準備ができました。"))
    except KeyboardInterrupt as error:
        say.note(
            "Stopped by Ctrl-C. What is built is kept; the same command goes on with it.",
            "Ctrl-C で中断しました。できた分は残り、同じコマンドで続きから再開します。",
        )
        raise Exit(INTERRUPTED) from error
