"""siemlab info: what a store holds."""

from __future__ import annotations

from contextlib import closing

import click

from siemlab.cli.command import command, option
from siemlab.cli.language import Say
from siemlab.cli.output import FORMATS, write_table
from siemlab.cli.program import program
from siemlab.cli.target import Target, store_options
from siemlab.lab.answers import FieldList, IndexList

__all__ = ["info"]


@command(
    program,
    "info",
    en="Show what a store holds: indexes, numbers of documents, spans of time, fields.",
    ja="ストアの中身を表示します: インデックス、ドキュメント数、期間、フィールド。",
    examples=(
        "siemlab info",
        "siemlab info --fields --index 'log-aws-cloudtrail-*'",
        "siemlab info --store http://127.0.0.1:9201",
    ),
)
@store_options("--store", en="The store to ask", ja="対象のストア")
@option(
    "--index",
    default="log-*",
    show_default=True,
    en="Index pattern of fields.",
    ja="フィールドを調べるインデックスパターン。",
)
@option(
    "--fields",
    is_flag=True,
    en="List the fields, with types and how many documents have them.",
    ja="フィールドの一覧（型と件数）。",
)
@option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    en="How to print.",
    ja="出力形式。",
)
@click.pass_obj
def info(say: Say, /, target: Target, index: str, fields: bool, kind: str) -> None:
    """Show it."""
    from siemlab.query import Query

    lang = say.lang if kind == "table" else "en"
    with closing(target.open(say, read_only=True)) as store:
        found = store.fields(Query(index))
        if fields:
            write_table(FieldList(tuple(found), lang).table(), kind)
            return
        indexes = store.indexes()
        write_table(IndexList(tuple(indexes), lang).table(), kind)
        for remark in getattr(store, "notes", ()):
            say.note(f"note: {remark}", f"注意: {remark}")
    documents = sum(entry.documents for entry in indexes)
    say.note(
        f"{documents:,} documents in {len(indexes)} indexes, {len(found):,} fields",
        f"{len(indexes)} インデックス、{documents:,} ドキュメント、{len(found):,} フィールド",
    )
