"""siemlab normalize: raw logs in, documents on standard output."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from click.exceptions import Exit

from siemlab.cli.command import command
from siemlab.cli.guard import INTERRUPTED, REFUSED
from siemlab.cli.intake import Intake, intake_options
from siemlab.cli.language import Say
from siemlab.cli.output import json_line
from siemlab.cli.program import program
from siemlab.cli.refusals import Refusals
from siemlab.errors import LogFormatError

__all__ = ["normalize"]


@command(
    program,
    "normalize",
    en="""Turn raw AWS logs into SIEM documents, one JSON object a line.

SOURCE is a file, a folder as AWS delivers it (AWSLogs/...), a zip or tar of one, or
s3://bucket/prefix. Each line of standard output is {"_index", "_id", "_source"}. The last line on
standard error says: read R: D documents, F refused, S skipped.""",
    ja="""AWS の生ログを SIEM のドキュメントに変え、1 行に 1 つの JSON で出力します。

SOURCE はファイル、AWS が配信した形のフォルダー（AWSLogs/...）、その zip や tar、または
s3://bucket/prefix です。標準出力の各行は {"_index", "_id", "_source"} です。標準エラーの最後の
行は read R: D documents, F refused, S skipped の形です。""",
    examples=(
        "siemlab normalize data/sample > documents.ndjson",
        "siemlab normalize data/sample --refused refused.ndjson | head -3",
        "siemlab normalize data/sample --strict --no-user-agents > documents.ndjson",
        "siemlab normalize s3://my-log-bucket/AWSLogs/ --geoip-city GeoLite2-City.mmdb",
    ),
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@intake_options
@click.pass_obj
def normalize(say: Say, /, refused: Path | None, **options: Any) -> None:
    """Turn them."""
    out = sys.stdout.buffer
    with closing(Refusals(say)) as refusals, _stop_between_records() as stopped:
        intake = Intake(say, refusals, **options)
        try:
            for document in intake.documents(stopped.is_set):
                parts = {"_index": document.index, "_id": document.id, "_source": document.source}
                out.write(json_line(parts))
            out.flush()
        except LogFormatError as error:  # strict
            out.flush()
            say.error(error)
        if refused is not None:
            refusals.keep(refused)
        if stopped.is_set():
            say.note(
                "Stopped by Ctrl-C; the lines written so far are whole.",
                "Ctrl-C で中断しました。ここまでに出力した行は完全です。",
            )
        intake.report()
        if stopped.is_set():
            raise Exit(INTERRUPTED)
        if refusals.count:
            raise Exit(REFUSED)


@contextmanager
def _stop_between_records() -> Iterator[threading.Event]:
    """Let the first Ctrl-C stop after the record at hand; a second one stops at once."""
    stopped = threading.Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
