"""siemlab editions: notebooks from their one source."""

from __future__ import annotations

from pathlib import Path

import click
from click.exceptions import Exit

from siemlab.cli.command import command, option
from siemlab.cli.guard import FAILED
from siemlab.cli.language import Say
from siemlab.cli.program import program

__all__ = ["editions"]


@command(
    program,
    "editions",
    en="""Build the notebooks of all missions, in both languages.

The sources lie in the folder master; the notebooks go into en, ja, solutions and
instructor beside it.""",
    ja="""すべてのミッションのノートブックを両言語で作ります。

元の文書は master フォルダーにあり、その隣の en、ja、solutions、instructor に書き出します。""",
    examples=("siemlab editions --check",),
)
@option(
    "--notebooks",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("notebooks"),
    show_default=True,
    en="The folder that holds master.",
    ja="master があるフォルダー。",
)
@option(
    "--check",
    is_flag=True,
    en="Write nothing; exit with 1 when a notebook is not up to date.",
    ja="書き込まず、古いノートブックがあれば終了コード 1 で終わります。",
)
@click.pass_obj
def editions(say: Say, /, notebooks: Path, check: bool) -> None:
    """Build them."""
    from siemlab.editions import build_editions

    changed = build_editions(notebooks / "master", notebooks, check=check)
    for path in changed:
        click.echo(str(path))
    if check and changed:
        say.note("out of date; build them: siemlab editions", "古くなっています: siemlab editions")
        raise Exit(FAILED)
