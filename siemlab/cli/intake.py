"""Raw logs in, documents out: what ``normalize`` and ``load`` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from siemlab.cli.command import option
from siemlab.cli.language import Say
from siemlab.cli.refusals import Refusals
from siemlab.normalize import NormalizeOptions, Tally, normalize_object
from siemlab.normalize.decompress import Limits
from siemlab.normalize.document import Document, Refused, Skipped
from siemlab.normalize.sources import LogObject, count_objects, open_sources

__all__ = ["Intake", "intake_options"]


class Intake:
    """Turns sources into documents, keeps what is refused, and counts.

    Parameters
    ----------
    say
        The voice of the run.
    refusals
        Takes what is refused.
    sources
        Files, folders, archives, S3 prefixes.
    strict
        Whether the first refused record stops all.
    max_ratio, max_record_size
        The limits of an object, where they are not the usual ones.
    settings
        What `NormalizeOptions` takes.

    Raises
    ------
    SiemlabError
        When a source does not exist.
    """

    def __init__(
        self,
        say: Say,
        refusals: Refusals,
        *,
        sources: tuple[str, ...],
        strict: bool,
        max_ratio: int | None,
        max_record_size: int | None,
        **settings: Any,
    ) -> None:
        limits = Limits()
        if max_ratio is not None:
            limits = replace(limits, ratio=max_ratio)
        if max_record_size is not None:
            limits = replace(limits, record=max_record_size)
        self._say = say
        self._refusals = refusals
        self._strict = strict
        self._options = NormalizeOptions(limits=limits, **settings)
        self._objects = open_sources(sources, limits=limits)
        self._how_many = count_objects(sources)
        self.tally = Tally()
        self._left_out: dict[tuple[str, str], tuple[int, str]] = {}  # how many, the first

    def documents(self, stopped: Callable[[], bool] = lambda: False) -> Iterator[Document]:
        """Go through the documents.

        Parameters
        ----------
        stopped
            Asked after each record whether this shall be the last.

        Returns
        -------
        Iterator[Document]
            The documents, in the order of the objects' keys.

        Raises
        ------
        LogFormatError
            When strict, for the first record that is refused.
        """
        see = self.tally.see
        for item in self._items():
            see(item)
            if isinstance(item, Document):
                yield item
            elif isinstance(item, Refused):
                self._refusals.take(item, quiet=self._strict)
                if self._strict:
                    raise item.error
            elif item.records == 0:
                self._leave_out(item)
            if stopped():
                return

    def _leave_out(self, item: Skipped) -> None:
        reason = item.reason, item.reason_ja
        count, first = self._left_out.get(reason, (0, item.file))
        self._left_out[reason] = count + 1, first

    def _items(self) -> Iterator[Document | Refused | Skipped]:
        from tqdm import tqdm

        words = self._say("files", "ファイル")
        # Without a terminal there is no bar (None lets tqdm look).
        with tqdm(total=self._how_many, unit="", desc=words, disable=None, leave=False) as bar:
            for found in self._objects:
                if isinstance(found, LogObject):
                    yield from self._watched(found, bar)
                else:
                    yield found
                bar.update()

    def _watched(self, found: LogObject, bar: Any) -> Iterator[Document | Refused | Skipped]:
        items = normalize_object(found, self._options)
        if bar.disable:
            return items
        return _counted(items, bar)

    def report(self, refused_later: int = 0) -> None:
        """Write the files that were left out, and the closing line: what became of the records.

        Parameters
        ----------
        refused_later
            How many documents the store refused afterwards.
        """
        for (en, ja), (count, first) in self._left_out.items():
            self._say.note(
                f"left out: {count:,} file{'s' * (count > 1)} ({en}); the first: {first}",
                f"読まなかったファイル: {count:,} 個（{ja}）。最初: {first}",
            )
        total = self.tally.total
        if self._left_out and not total.read:
            self._say.note(
                "Nothing was read. Name the folder that AWSLogs lies in: what a file holds is told"
                " by its path below it.",
                "何も読めませんでした。AWSLogs の親フォルダーを指定してください。"
                "ログの種類は、そこからのパスでわかります。",
            )
        made, refused = total.documents - refused_later, total.refused + refused_later
        click.echo(str(replace(total, documents=made, refused=refused)), err=True)


def _counted(
    items: Iterator[Document | Refused | Skipped], bar: Any
) -> Iterator[Document | Refused | Skipped]:
    """Show how many records were read, beside the bar of files."""
    for number, item in enumerate(items, 1):
        if number % 1000 == 0:
            bar.set_postfix_str(f"{number:,}")
        yield item


def intake_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options for reading raw logs."""
    for decorator in reversed(_OPTIONS):
        function = decorator(function)
    return function


_OPTIONS = (
    option(
        "--refused",
        type=click.Path(dir_okay=False, path_type=Path),
        en="File for what is refused, with the reasons (NDJSON).",
        ja="取り込めないものと理由を書くファイル (NDJSON)。",
    ),
    option(
        "--strict",
        is_flag=True,
        en="Stop at the first record that is refused.",
        ja="取り込めないレコードがあれば、そこで止めます。",
    ),
    option(
        "--geoip-city",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="MMDB",
        en="GeoIP file for places (.mmdb).",
        ja="位置の GeoIP ファイル (.mmdb)。",
    ),
    option(
        "--geoip-asn",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="MMDB",
        en="GeoIP file for networks (.mmdb).",
        ja="AS の GeoIP ファイル (.mmdb)。",
    ),
    option(
        "--no-user-agents",
        "user_agents",
        is_flag=True,
        flag_value=False,
        default=True,
        en="Do not take user agents apart.",
        ja="ユーザーエージェントを分解しません。",
    ),
    option(
        "--max-ratio",
        type=click.IntRange(1),
        metavar="N",
        en="How many times a file may expand when unpacked; default: 200.",
        ja="展開後の大きさの上限（倍率）。既定は 200。",
    ),
    option(
        "--max-record-size",
        type=click.IntRange(1),
        metavar="BYTES",
        en="How long a record may be; default: 32 MiB.",
        ja="1 レコードの大きさの上限。既定は 32 MiB。",
    ),
)
