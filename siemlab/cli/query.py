"""siemlab query: ask a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from siemlab.cli.advice import advise
from siemlab.cli.command import command, option
from siemlab.cli.language import Say
from siemlab.cli.output import FORMATS, write_json, write_table
from siemlab.cli.program import program
from siemlab.cli.target import Target, store_options

if TYPE_CHECKING:
    from siemlab.lab.events import Events
    from siemlab.query import Query

__all__ = ["query"]

_PAIR = "FIELD=VALUE"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options ask: which events, and what of them."""

    text: str
    index: str
    start: str | None
    end: str | None
    tz: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    exists: tuple[str, ...]
    missing: tuple[str, ...]
    top: str | None
    histogram: str | None
    count: bool
    explain: bool
    size: int | None
    fields: str | None
    kind: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields to print."""
        names = (name.strip() for name in (self.fields or "").split(","))
        return tuple(name for name in names if name)

    def query(self) -> Query:
        """Return the question as a value."""
        from siemlab.query import Query

        asked = Query(self.index).time(self.start, self.end, tz=self.tz).lucene(self.text)
        for field, value in _pairs("--include", self.include):
            asked = asked.include(field, value)
        for field, value in _pairs("--exclude", self.exclude):
            asked = asked.exclude(field, value)
        for field in self.exists:
            asked = asked.exists(field)
        for field in self.missing:
            asked = asked.missing(field)
        return asked


@command(
    program,
    "query",
    en="""Ask a store: the newest events that match, or a count of them.

TEXT is what one types into the search box of Discover (Lucene syntax); without it, all events
match. Each --include and --exclude is a filter of its own, as a pill in Discover: an event must
pass them all, so two values of one field are only found where an event holds both. For "one of"
write it in TEXT: 'user.name:(alice OR bob)'. The time from --from up to, and without, --to
counts.""",
    ja="""ストアに問い合わせ、一致する新しいイベント、または集計を表示します。

TEXT は Discover の検索欄に書くもの（Lucene 構文）です。省略するとすべて一致します。
--include と --exclude は 1 つずつが Discover のフィルター（ピル）で、すべてを満たすイベントだけが
残ります。同じフィールドの「いずれか」は TEXT に 'user.name:(alice OR bob)' のように書きます。
時間は --from 以後、--to より前です。""",
    examples=(
        "siemlab query 'event.outcome:failure'",
        "siemlab query --index 'log-aws-cloudtrail-*' --include event.action=ConsoleLogin"
        " --top source.ip",
        "siemlab query 'source.ip:\"203.0.113.0/24\"' --exclude event.outcome=success --count",
        "siemlab query --from 2022-11-14 --to 2022-11-15 --tz Asia/Tokyo --histogram 1h",
        "siemlab query --exists error.code --fields @timestamp,user.name,error.code --format csv",
        "siemlab query 'event.action:Create*' --format ndjson --size 3",
        "siemlab query 'event.outcome:failure' --missing user.name --explain",
    ),
)
@click.argument("text", default="")
@store_options("--store", en="The store to ask", ja="対象のストア")
@option(
    "--index", default="log-*", show_default=True, en="Index pattern.", ja="インデックスパターン。"
)
@option("--from", "start", metavar="TIME", en="From this time on.", ja="この時刻以後。")
@option("--to", "end", metavar="TIME", en="Up to, and without, this time.", ja="この時刻より前。")
@option(
    "--tz",
    default="UTC",
    show_default=True,
    en="Time zone of times and days.",
    ja="時刻と日付のタイムゾーン。",
)
@option(
    "--include",
    multiple=True,
    metavar=_PAIR,
    en="The field is the value (or in this network).",
    ja="フィールドがこの値（ネットワークも可）。",
)
@option(
    "--exclude",
    multiple=True,
    metavar=_PAIR,
    en="The field is not the value.",
    ja="フィールドがこの値でない。",
)
@option(
    "--exists",
    multiple=True,
    metavar="FIELD",
    en="The field has a value.",
    ja="フィールドに値がある。",
)
@option(
    "--missing",
    multiple=True,
    metavar="FIELD",
    en="The field has no value.",
    ja="フィールドに値がない。",
)
@option(
    "--top",
    metavar="FIELD",
    en="Count by the most frequent values of a field.",
    ja="フィールドの多い値を集計。",
)
@option(
    "--histogram",
    metavar="INTERVAL",
    en="Count over time: 5m, 1h, 1d, 1M.",
    ja="時間ごとに集計: 5m、1h、1d、1M。",
)
@option("--count", is_flag=True, en="Only how many.", ja="件数だけ。")
@option(
    "--explain",
    is_flag=True,
    en="Show the query in the language of each engine, ask nothing.",
    ja="問い合わせずに、各エンジンの言語で表示。",
)
@option(
    "--size",
    type=click.IntRange(1, 2**31 - 1),
    en="How many at most; default: 20 events, 10 values.",
    ja="最大件数。既定: イベント 20 件、値 10 個。",
)
@option("--fields", metavar="A,B", en="Columns of a table or CSV.", ja="表や CSV の列。")
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
def query(say: Say, /, target: Target, **options: Any) -> None:
    """Ask."""
    from siemlab.lab.events import Events

    asked = Asked(**options)
    _one_answer(asked)
    question = asked.query()
    if asked.explain:
        click.echo(str(question.explain()))
        return
    with closing(target.open(say, read_only=True)) as store:
        events = Events(store, question, say.lang if asked.kind == "table" else "en")
        _answer(events, asked)
        for en, ja in advise(store, question, also=(asked.top, *asked.columns)):
            say.note(en, ja)


def _answer(events: Events, asked: Asked) -> None:
    """Print what is asked of the events."""
    if asked.count:
        count = events.count()
        write_json([{"count": count}]) if asked.kind == "ndjson" else click.echo(count)
    elif asked.top:
        write_table(events.top(asked.top, asked.size or 10).table(), asked.kind)
    elif asked.histogram:
        write_table(events.histogram(asked.histogram).table(), asked.kind)
    elif asked.kind == "ndjson":
        found = events.newest(asked.size or 20)
        write_json({"_index": h.index, "_id": h.id, "_source": h.source} for h in found)
    else:
        write_table(events.newest(asked.size or 20, asked.columns).table(), asked.kind)


def _one_answer(asked: Asked) -> None:
    wanted = {
        "--top": asked.top,
        "--histogram": asked.histogram,
        "--count": asked.count,
        "--explain": asked.explain,
    }
    given = [name for name, value in wanted.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' / '.join(given)}: one at a time (一度に 1 つだけ)")


def _pairs(name: str, given: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pair in given:
        field, equals, value = pair.partition("=")
        if not (field and equals):
            raise click.UsageError(f"{name} {pair!r}: {_PAIR}, {name} user.name=alice")
        yield field, value
