"""The program itself: what all its commands hang on."""

from __future__ import annotations

import click

from siemlab.cli.command import Option, Program, option
from siemlab.cli.language import LANGUAGES

__all__ = ["program"]


@click.group(
    cls=Program,
    help="""Learn incident investigation in AWS logs.

Exit codes: 0 fine, 1 the machine said no, 2 usage, 3 something was refused,
4 no such store or server, 130 Ctrl-C.""",
    ja="""AWS のログでインシデント調査を学びます。

終了コード: 0 正常、1 マシンのエラー、2 使い方の誤り、3 取り込めないものがあった、
4 ストアやサーバーがない、130 Ctrl-C。""",
    examples=("siemlab load data/sample", "siemlab info", "siemlab query 'event.outcome:failure'"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    en="Language of messages; default: SIEMLAB_LANG, else the locale.",
    ja="メッセージの言語。既定は SIEMLAB_LANG、なければロケール。",
)
@click.version_option(
    package_name="siemlab", cls=Option, help="Show the version.", ja="バージョンを表示します。"
)
def program() -> None:
    """Find the command."""
