"""siemlab build: the logs of the company, with its incidents, as AWS would deliver them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from siemlab.charts.table import Table
from siemlab.cli.command import command, option
from siemlab.cli.guard import INTERRUPTED
from siemlab.cli.language import Say
from siemlab.cli.program import program

if TYPE_CHECKING:
    from siemlab.datasets import Manifest, Plan
    from siemlab.simulate.world import Switch

__all__ = ["build_command"]

PARTS = ("log_type", "account", "region", "name")


def _switches(
    ctx: click.Context, param: click.Parameter, sources: tuple[str, ...]
) -> tuple[Switch, ...]:
    """Return the switches that an option asks for; what a source leaves out is any."""
    return tuple(_switch(ctx, source, on=param.name == "with_") for source in sources)


def _switch(ctx: click.Context, source: str, *, on: bool) -> Switch:
    from siemlab.logs import LOG_TYPES
    from siemlab.simulate.world import Switch

    names = [log_type.name for log_type in LOG_TYPES]
    log_type, *rest = source.split(":")
    if log_type in names and len(rest) < len(PARTS):
        return Switch(log_type, **dict(zip(PARTS[1:], rest, strict=False)), on=on)
    say = ctx.find_object(Say) or Say()
    raise click.BadParameter(
        say(
            f"{source}: give TYPE[:ACCOUNT[:REGION[:NAME]]]; types: {', '.join(names)}",
            f"{source}: TYPE[:ACCOUNT[:REGION[:NAME]]] の形で指定してください。"
            f"TYPE は {', '.join(names)} のいずれかです",
        )
    )


@command(
    program,
    "build",
    en="""Build the logs of the company and its incidents, as AWS would deliver them.

The small data set fits a notebook server; medium has every day of 13 months; of scale, build a
month at a time with --month. A build that was stopped goes on where it was. The same seed and team
give the same content on every machine. What is built: files in INTO/bucket, to be loaded with
siemlab load; GeoIP files in INTO/geo; and the sheet of what is known to be good.""",
    ja="""架空の会社とそのインシデントのログを、AWS が配信する形で作ります。

small はノートブック環境に収まる大きさ、medium は 13 か月の毎日分です。scale は --month で
1 か月ずつ作ってください。中断しても続きから再開します。シードとチームが同じなら、どのマシンでも
同じ内容になります。INTO/bucket にログファイル（siemlab load で取り込みます）、INTO/geo に GeoIP
ファイル、そのほかに正当なものの一覧表を書き出します。""",
    examples=(
        "siemlab build small",
        "siemlab build small --team t07 --into data/t07",
        "siemlab build scale --month 2022-11 --jobs 2",
        "siemlab build small --with s3accesslog:*:*:sz-prod-analytics-export --into data/what-if",
    ),
)
@click.argument("name", metavar="small|medium|scale")
@option("--team", default="", metavar="NAME", en="The team's own variant.", ja="チーム独自の変種。")
@option("--seed", default=2022, show_default=True, en="What happens.", ja="出来事を決めるシード。")
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=min(os.cpu_count() or 1, 8),
    show_default="one per core, at most 8",
    en="How many processes work.",
    ja="並行して働くプロセスの数。",
)
@option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    en="The folder; default: data/NAME, with the team's name behind.",
    ja="書き出すフォルダー。既定は data/NAME（チームがあれば名前の後ろに付きます）。",
)
@option(
    "--month",
    default="",
    metavar="YYYY-MM",
    en="Only one month.",
    ja="1 か月分だけ作ります。",
)
@option(
    "--incidents-only",
    is_flag=True,
    en="Only the days of the incidents.",
    ja="インシデントのある日だけ作ります。",
)
@option(
    "--with",
    "with_",
    multiple=True,
    metavar="SOURCE",
    callback=_switches,
    en="What if this had been logged: TYPE[:ACCOUNT[:REGION[:NAME]]].",
    ja="「もし記録していたら」: TYPE[:ACCOUNT[:REGION[:NAME]]]。",
)
@option(
    "--without",
    multiple=True,
    metavar="SOURCE",
    callback=_switches,
    en="What if this had not been logged.",
    ja="「もし記録していなかったら」。",
)
@click.pass_obj
def build_command(
    say: Say,
    /,
    name: str,
    team: str,
    seed: int,
    jobs: int,
    into: Path | None,
    **options: Any,
) -> None:
    """Build it."""
    from siemlab.datasets import Plan

    plan = replace(
        Plan.of(name, seed=seed, team=team, month=options["month"]),
        switches=(*options["with_"], *options["without"]),
        incidents_only=options["incidents_only"],
    )
    into = into or Path("data", f"{name}-{team}" if team else name)
    try:
        manifest = _with_bar(say, plan, into, jobs)
    except KeyboardInterrupt as error:
        say.note(
            f"Stopped by Ctrl-C. What is done is kept in {into}; the same command goes on with it.",
            f"Ctrl-C で中断しました。できた分は {into} にあり、同じコマンドで続きから再開します。",
        )
        raise Exit(INTERRUPTED) from error
    _tell(say, manifest, into)


def _with_bar(say: Say, plan: Plan, into: Path, jobs: int, /) -> Manifest:
    from tqdm import tqdm

    from siemlab.datasets import build

    words = say("days", "日")
    with tqdm(total=len(plan.days()), unit="", desc=words, disable=None, leave=False) as bar:

        def progress(done: int) -> None:
            bar.update(done - bar.n)

        return build(plan, into, jobs=jobs, progress=progress)


def _tell(say: Say, /, manifest: Manifest, into: Path) -> None:
    heads = (say("log type", "ログの種類"), say("records", "レコード数"))
    click.echo(repr(Table(heads, tuple(manifest.counts.items()))))
    click.echo(
        say(
            f"{into}: {manifest.records} records in {manifest.files} files; "
            f"load them: siemlab load {into / 'bucket'}",
            f"{into}: {manifest.files} ファイルに {manifest.records} レコード。"
            f"取り込み: siemlab load {into / 'bucket'}",
        )
    )
