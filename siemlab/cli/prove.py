"""siemlab prove: every answer twice, and the keys that teams answer against."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from siemlab.cli.command import command, option
from siemlab.cli.guard import FAILED
from siemlab.cli.language import Say
from siemlab.cli.program import program

if TYPE_CHECKING:
    from siemlab.proofs import Proven

__all__ = ["prove"]

ENGINES = ("duckdb", "opensearch")


def _engines(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
    for name in names:
        if name not in ENGINES:
            raise click.BadParameter(f"{name!r}: {', '.join(ENGINES)}")
    return names


@command(
    program,
    "prove",
    en="""Prove the answers of missions: by queries, by a plain pass over raw files, by the story.

MISSION is an id (L1-A); all missions where none is named. The answers of the solution are compared
with what the proof computes from the raw files and with what really happened; then the questions
are read in other ways, which gives the explained wrong answers. Exit code 1 when anything differs,
or a question is unfair.""",
    ja="""ミッションの答えを証明します。クエリ、生ログの単純な走査、物語の真実の 3 つを比べます。

MISSION は ID（L1-A）です。省略するとすべてのミッションが対象です。解答の値を、証明セルが生ログから
計算した値と、実際に起きたことの両方と比べます。さらに問いを別の意味に読み、説明付きの誤答を作ります。
一致しないものや公平でない問いがあれば終了コードは 1 です。""",
    examples=("siemlab prove L1-A", "siemlab prove --keys --teams 20"),
)
@click.argument("missions", nargs=-1, metavar="[MISSION]...")
@option(
    "--team",
    "named",
    multiple=True,
    en="A team; again for more.",
    ja="チーム。複数回指定できます。",
)
@option(
    "--teams",
    type=click.IntRange(0, 99),
    default=0,
    metavar="N",
    en="The base data and the teams t01 to tN.",
    ja="基本データとチーム t01 ～ tN。",
)
@option(
    "--engine",
    "engines",
    default="duckdb",
    show_default=True,
    callback=_engines,
    en="duckdb, opensearch, or both with a comma; the server must hold the team's logs.",
    ja="duckdb、opensearch、またはカンマで両方。サーバーにはそのチームのログが必要です。",
)
@option(
    "--keys",
    is_flag=True,
    en="Write what is proven as keys.",
    ja="証明した答えをキーとして書き出します。",
)
@option("--show", is_flag=True, en="Show the answers.", ja="答えを表示します。")
@option(
    "--master",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("notebooks/master"),
    show_default=True,
    en="The folder of the masters.",
    ja="マスターのフォルダー。",
)
@option(
    "--content",
    type=click.Path(file_okay=False, path_type=Path),
    en="The folder of the missions' YAML; default: that of the package.",
    ja="ミッションの YAML のフォルダー。既定はパッケージのもの。",
)
@option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    en="Where teams' data sets are looked for, built and kept; default: a temporary folder.",
    ja="チームのデータセットを探し、作り、残す場所。既定は一時フォルダー。",
)
@option(
    "--days-only",
    is_flag=True,
    en="Build the days that a mission needs, even where the whole data set lies here.",
    ja="データセット全体があっても、ミッションに必要な日だけを作って使います。",
)
@click.pass_obj
def prove(
    say: Say,
    /,
    missions: tuple[str, ...],
    named: tuple[str, ...],
    teams: int,
    keys: bool,
    show: bool,
    engines: tuple[str, ...],
    days_only: bool,
    **places: Any,
) -> None:
    """Prove them."""
    from siemlab.proofs import Places, differing, key_of, write_keys
    from siemlab.proofs import prove as run

    if keys and days_only:
        raise click.UsageError("--keys and --days-only")

    chosen = ["", *(f"t{number:02}" for number in range(1, teams + 1))] if teams else []
    chosen += [team for team in named if team not in chosen]
    failed, folder, bar = 0, _key_folder(), _Bar(say)
    for proven in run(
        missions,
        chosen or [""],
        engines=engines,
        places=Places(**{name: path for name, path in places.items() if path is not None}),
        days_only=False if keys else days_only or None,
        tell=say.note,
        step=bar,
    ):
        _tell(say, proven, show)
        failed += sum(finding.grave for finding in proven.findings)
        if any(finding.grave for finding in proven.findings):
            continue
        if keys:
            write_keys(folder, key_of(proven), proven.mission.id)
        elif differing(folder, key_of(proven), proven.mission.id, whole=proven.whole):
            failed += 1
            say.note(
                f"{proven.mission.id}: this team's key is missing or old: siemlab prove --keys",
                f"{proven.mission.id}: キーがないか、古くなっています: siemlab prove --keys",
            )
    if failed:
        raise Exit(FAILED)


def _key_folder() -> Path:
    """Return where keys lie: SIEMLAB_KEYS where that is set, else in the package."""
    from siemlab.missions import KEYS

    return Path(os.environ.get("SIEMLAB_KEYS") or KEYS)


class _Bar:
    """Shows how many days are built."""

    def __init__(self, say: Say) -> None:
        self._words = say("days", "日")
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        from tqdm import tqdm

        if self._bar is None:
            # Without a terminal there is no bar (None lets tqdm look).
            self._bar = tqdm(total=total, unit="", desc=self._words, disable=None, leave=False)
        self._bar.update(done - self._bar.n)
        if done == total:
            self._bar.close()
            self._bar = None


def _tell(say: Say, proven: Proven, show: bool) -> None:
    from siemlab.proofs import proof_table

    click.echo(repr(proof_table(proven, say.lang, show=show)))
    for finding in proven.findings:
        say.note(f"  {finding.message('en')}", f"  {finding.message('ja')}")
