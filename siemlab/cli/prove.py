"""siemlab prove: every answer twice, and the keys that teams answer against."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from siemlab.cli.command import command, option
from siemlab.cli.guard import FAILED, INTERRUPTED
from siemlab.cli.language import Say
from siemlab.cli.program import program

if TYPE_CHECKING:
    from siemlab.proofs import Chosen, Proven

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
    examples=(
        "siemlab prove L1-A",
        "siemlab prove --keys --teams 20",
        "siemlab prove --teams 20 --report data/proofs.json",
    ),
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
    en="duckdb, opensearch, or both with a comma. The server must hold the team's logs; "
    "an empty one is filled for the proof.",
    ja="duckdb、opensearch、またはカンマで両方。サーバーにはそのチームのログが必要です。"
    "空のサーバーには、証明の間だけ取り込みます。",
)
@option(
    "--keys",
    is_flag=True,
    en="Write what is proven as keys; a team whose key is current is not proven again.",
    ja="証明した答えをキーとして書き出します。最新のキーがあるチームは省きます。",
)
@option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    en="Write down what was proven, without answers; what it holds already is not proven again.",
    ja="証明の記録を書き出します（答えは含みません）。記録済みのものは省きます。",
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
    en="Build only what the missions look at, even where the whole data set lies here.",
    ja="データセット全体があっても、ミッションで見るログだけを作って使います。",
)
@click.pass_obj
def prove(
    say: Say,
    /,
    missions: tuple[str, ...],
    named: tuple[str, ...],
    teams: int,
    engines: tuple[str, ...],
    days_only: bool,
    work: Path | None,
    **given: Any,
) -> None:
    """Prove them."""
    from siemlab.missions.loading import CONTENT
    from siemlab.proofs import Places, choose
    from siemlab.proofs import prove as run

    keys = given["keys"]
    if keys and days_only:
        raise click.UsageError("--keys and --days-only")
    chosen = choose(missions, Places(given["master"], given["content"] or CONTENT))
    record = _Record(say, engines, keys, given["show"], given["report_file"])
    try:
        for number, team in enumerate(names := _teams(teams, named), 1):
            left = [one for one in chosen if not record.has(one, team)]
            bar = _Bar(f"{team or 'base'} ({number}/{len(names)})")
            whole = True if keys else False if days_only else None
            proofs = run(
                left, team, engines=engines, work=work, whole=whole, tell=say.note, step=bar
            )
            for one, proven in proofs:
                record.take(one, proven)
    except KeyboardInterrupt as error:
        say.note(
            "Stopped by Ctrl-C. Keys and the report keep what is proven; the same command goes on.",
            "Ctrl-C で中断しました。証明できた分はキーとレポートに残り、同じコマンドで続きから再開"
            "します。",
        )
        raise Exit(INTERRUPTED) from error
    if record.failed:
        raise Exit(FAILED)


def _teams(count: int, named: tuple[str, ...]) -> list[str]:
    """Return the teams: the base data and so many more, and those that are named."""
    numbered = ["", *(f"t{number:02}" for number in range(1, count + 1))] if count else []
    return [*dict.fromkeys((*numbered, *named))] or [""]


class _Record:
    """What becomes of proofs: a table, keys or a comparison with them, a line in the report."""

    def __init__(
        self, say: Say, engines: tuple[str, ...], keys: bool, show: bool, file: Path | None
    ) -> None:
        from siemlab.missions import KEYS
        from siemlab.proofs import ProofReport

        self.failed = 0
        self._say, self._engines = say, engines
        self._keys, self._show, self._file = keys, show, file
        self._report = ProofReport.read(file) if file else None
        self._folder = Path(os.environ.get("SIEMLAB_KEYS") or KEYS)

    def has(self, chosen: Chosen, team: str) -> bool:
        """Tell whether a mission need not be proven again for a team."""
        from siemlab.proofs import is_current

        team = "" if chosen.on_sample else team
        known = [is_current(self._folder, chosen, team)] if self._keys else []
        known += [self._report.holds(chosen, team, self._engines)] if self._report else []
        return bool(known) and all(known)

    def take(self, chosen: Chosen, proven: Proven) -> None:
        """Tell of a proof, and keep what it gives."""
        from siemlab.missions.keys import file_of_team
        from siemlab.proofs import ProofReport, key_of, proof_table, write_keys

        say = self._say
        click.echo(repr(proof_table(proven, say.lang, show=self._show)))
        for finding in proven.findings:
            say.note(f"  {finding.message('en')}", f"  {finding.message('ja')}")
        self.failed += len(proven.findings)
        if proven.findings:
            return
        if self._keys:
            write_keys(self._folder, key_of(proven), proven.mission.id, chosen.stamp)
        elif self._file is None or (self._folder / file_of_team(proven.team)).exists():
            self._compare(proven)
        if self._file is not None:  # read again: another process may prove another mission
            ProofReport.read(self._file).adding(chosen, proven).write(self._file)

    def _compare(self, proven: Proven) -> None:
        """Tell where the key that lies here says something else."""
        from siemlab.proofs import differing, key_of

        mission = proven.mission.id
        if not differing(self._folder, key_of(proven), mission, whole=proven.whole):
            return
        self.failed += 1
        self._say.note(
            f"{mission}: this team's key is missing or old: siemlab prove --keys",
            f"{mission}: キーがないか、古くなっています: siemlab prove --keys",
        )


class _Bar:
    """Shows how many days are built for a team."""

    def __init__(self, words: str) -> None:
        self._words = words
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
