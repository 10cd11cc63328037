"""siemlab opensearch: a real OpenSearch on this machine."""

from __future__ import annotations

import click
from click.exceptions import Exit

from siemlab.cli.command import Section, command, in_language, option
from siemlab.cli.guard import NO_STORE
from siemlab.cli.language import Say
from siemlab.cli.program import program

__all__ = ["server"]


@program.group(
    "opensearch",
    cls=Section,
    help="""Start, stop and look at a real OpenSearch on this machine.

It needs no Docker, no Maven and no Java of the system; it listens on 127.0.0.1 only and keeps
its data between runs.""",
    ja="""このマシンで本物の OpenSearch を起動・停止・確認します。

Docker、Maven、システムの Java は不要です。127.0.0.1 だけで待ち受け、データは残ります。""",
    examples=("siemlab opensearch up", "siemlab load data/sample --engine opensearch"),
)
@in_language
def server() -> None:
    """Find the command."""


@command(
    server,
    "up",
    en="Start it, and wait until it answers. The first start fetches it (about 70 MB).",
    ja="起動して応答を待ちます。初回はプログラムを取得します（約 70 MB）。",
    examples=("siemlab opensearch up", "siemlab opensearch up --port 9205"),
)
@option("--port", type=int, en="9201 to 9299; default: 9201.", ja="9201 から 9299。既定は 9201。")
@click.pass_obj
def up(say: Say, /, port: int | None) -> None:
    """Start it."""
    from siemlab.server import OpenSearchServer

    status = OpenSearchServer(port=port).up(say.note)
    click.echo(status.message(say.lang))


@command(
    server,
    "down",
    en="Stop it. Its data stay.",
    ja="停止します。データは残ります。",
    examples=("siemlab opensearch down",),
)
@click.pass_obj
def down(say: Say, /) -> None:
    """Stop it."""
    from siemlab.server import OpenSearchServer

    if OpenSearchServer().down():
        click.echo(say("stopped", "停止しました"))
    else:
        click.echo(say("it was not running", "動作していませんでした"))


@command(
    server,
    "status",
    en="Tell whether it runs. The exit code is 0 when it does, 4 when not.",
    ja="動作中かどうかを表示します。終了コードは、動作中なら 0、そうでなければ 4 です。",
    examples=("siemlab opensearch status",),
)
@click.pass_obj
def status(say: Say, /) -> None:
    """Look at it."""
    from siemlab.server import OpenSearchServer

    found = OpenSearchServer().status()
    click.echo(found.message(say.lang))
    if not found.running:
        raise Exit(NO_STORE)
